// SPDX-License-Identifier: Apache-2.0
//
// Are rules that were assigned in effect on the host?
#pragma once

#include <string>
#include <vector>

#include "action/host.h"
#include "swp/rules.h"
#include "workflow/question_kind.h"

namespace sallyport {

struct RulesEffective {
  static constexpr std::string_view kName = "rules-effective";
  swp::RuleModule module = swp::RuleModule::kIntrusionPrevention;
  swp::Scope scope;
  ComputerId computer;
  std::vector<RuleId> rules;
  TimePoint since;  // by the manager's clock: a policy sent to the agent later holds them
  Host host;
  bool operator==(const RulesEffective&) const = default;

  std::string Subject(const Matter&) const { return NameOf(computer); }
  std::string Key(const Matter& matter, std::int64_t case_number) const;
  static const Schedule& ScheduleIn(const FollowUpSettings& settings) { return settings.rules; }
  void DescribeJson(Members& json);
};

struct RulesEffectiveFacts {
  Result<swp::Computer> computer = Error{};
  Result<swp::Assignments> assignments = Error{};  // of the computer: what is in force there
  std::optional<std::string> gone{};               // what became of a computer that does not exist any more
};

QuestionOf<RulesEffective, RulesEffectiveFacts> RulesEffectiveQuestion();

}  // namespace sallyport
