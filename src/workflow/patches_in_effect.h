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
  std::string engine_tap;  // where the engine is in tap mode; empty: not at the policy
};

QuestionOf<PatchesInEffect, PatchesInEffectFacts> PatchesInEffectQuestion();

}  // namespace sallyport
