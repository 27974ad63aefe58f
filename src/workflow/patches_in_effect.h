// SPDX-License-Identifier: Apache-2.0
//
// Have virtual patches arrived on each host that needs them, and do they prevent there?
#pragma once

#include <map>
#include <string>
#include <vector>

#include "action/host.h"
#include "swp/estate.h"
#include "workflow/patch_coverage.h"
#include "workflow/question_kind.h"

namespace sallyport {

struct PatchesInEffect {
  static constexpr std::string_view kName = "patches-in-effect";
  swp::Scope scope;
  std::vector<RuleId> rules;
  TimePoint since;  // by the manager's clock: a policy sent to an agent later holds them
  std::vector<Target> hosts;
  // Computers whose engine mode was set at the computer itself when this was planned: where there are many hosts, those
  // alone are asked about it.
  std::vector<ComputerId> own_engine{};
  std::vector<RuleId> detect_first{};  // of `rules`: they only detect for now, which is as it should be
  bool operator==(const PatchesInEffect&) const = default;

  std::string Subject(const Matter&) const { return swp::ToString(scope); }
  std::string Key(const Matter& matter, std::int64_t case_number) const;
  static const Schedule& ScheduleIn(const FollowUpSettings& settings) { return settings.rules; }
  void DescribeJson(Members& json);
};

struct PatchesInEffectFacts {
  std::string unread;                                     // why SWP could not be asked; empty: it was
  std::map<std::int32_t, swp::EstateComputer> computers;  // by id, those of `hosts` that SWP has
  std::map<std::int32_t, std::string> missing;            // why one is not there
  // At the scope: rule -> detect-only; nothing: could not be read.
  std::optional<std::map<std::int32_t, bool>> detect_only;
  // What can keep a rule that has arrived from blocking; read when nothing else is awaited. By policy: the mode of its
  // network engine. By computer: what is set there itself, and rule -> detect-only there.
  std::map<std::int32_t, Result<std::string>> engine_of_policy;
  std::map<std::int32_t, Result<swp::OwnValues>> own;
  std::map<std::int32_t, Result<std::map<std::int32_t, bool>>> detect_only_there;
};

QuestionOf<PatchesInEffect, PatchesInEffectFacts> PatchesInEffectQuestion();

}  // namespace sallyport
