// SPDX-License-Identifier: Apache-2.0
//
// What becomes of the rules that a recommendation scan recommends: assigned (where), or left to a person and why. Pure.
//
// Sources: contract swp-api 6.3 (policies that apply recommendations themselves), 7.1 (recommendationsMode), 8.3
// (assignments are additive); edge cases G14-G20, I11, I13, I14, I17.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "gates/gates.h"
#include "protection/protection.h"
#include "workflow/apply_settings.h"
#include "workflow/plan.h"

namespace sallyport {

// Why rules are left to people that SWP's scans must not assign by themselves.
inline constexpr std::string_view kNeedsDecisionInSwp = "needs a decision or configuration in SWP";

// What was read after a recommendation scan had ended. A read that failed is its Error.
struct RecommendationFacts {
  Result<swp::Computer> computer = Error{};
  std::map<swp::RuleModule, Result<swp::Assignments>> assignments;
  std::optional<Result<swp::Policy>> policy;  // nothing: the computer has none
  // Every host that a change of the policy would touch. kTooLarge: more than gates.max_hosts. Nothing: not asked,
  // placement is not `policy`.
  std::optional<Result<std::vector<Target>>> targets_of_policy;
  Result<std::string> evidence = std::string();                                 // Host::evidence of the scanned host
  std::map<std::pair<swp::RuleModule, std::int32_t>, Result<swp::Rule>> rules;  // those recommended, up to the limit
};

struct RecommendationDecision {
  // AssignRules: at most one a module; where a policy has hosts that must be left alone, one for each of its others.
  std::vector<PlannedAction> actions;
  std::vector<std::string> lines;  // what is done and what is left to a person, each with its reason
  int recommended = 0;
  int left_to_people = 0;
  int manual = 0;  // of these: rules that need a decision or configuration in SWP
};

struct RecommendationContext {
  const Host& host;
  ComputerId computer;
  bool apply = true;     // false: a probably compromised host; everything is listed
  TimePoint scan_ended;  // part of the decision's identity: a later scan may decide the same again
  const ApplySettings& settings;
  const GateSettings& gates;
};

// Where some hosts of a policy must be left alone, rules are assigned at the computers of up to so many others.
inline constexpr std::size_t kMostComputersInstead = 10;

RecommendationDecision DecideRecommendations(const RecommendationFacts& facts, const RecommendationContext& context);

}  // namespace sallyport
