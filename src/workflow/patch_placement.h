// SPDX-License-Identifier: Apache-2.0
//
// Where virtual patches are assigned: at the policy, so that one write covers all of its hosts, where its guards let
// it; else at the computers, or in a child policy of its own. Pure. Edge cases I9, I12-I14, I17; the settings
// inspector.placement and inspector.max_computers.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "action/assign_patches.h"
#include "gates/gates.h"
#include "workflow/patch_estate.h"
#include "workflow/patch_ledger.h"
#include "workflow/plan.h"
#include "workflow/rule_needs.h"

namespace sallyport {

// One host that lacks rules.
struct PatchNeed {
  Target target;
  std::optional<PolicyId> policy;
  HostSystem system = HostSystem::kUndetermined;
  std::vector<const PatchRule*> rules;  // missing, each once
  std::vector<std::string> cves;        // that they are for
  std::vector<std::string> because_of;  // findings with their updates: what makes the decision the same decision
  std::vector<std::int64_t> cases;
  double severity = 0;
  std::vector<RuleId> rules_there;        // intrusion prevention rules that are assigned
  std::vector<std::int32_t> types_there;  // their application types
  std::string own_state;                  // of the module, set at the computer itself: "off"; empty: inherited
  bool own_engine = false;                // the mode of the network engine is set at the computer itself
};

// Whether its host has more rules than inspector.max_rules_per_host with those that it needs.
bool IsOverFull(const PatchNeed& need, const InspectorSettings& settings);

struct PlacementFacts {
  const PatchEstate& estate;
  // By policy: every host that a change of it touches, or why that is not known.
  const std::map<std::int32_t, Result<std::vector<Target>>>& targets;
  // Policies at the top of the tree that have others below them; a policy that is not named: not known, if it has no
  // parent.
  const std::map<std::int32_t, bool>& has_children;
  const RuleCatalog& catalog;
  const RuleNeeds& rule_needs;  // of all findings
  // By instance: who may be excluded by what findings say of it, which no later look at SWP would show; nullptr:
  // nobody.
  const std::map<std::string, Host>* may_be_excluded = nullptr;
};

struct Placements {
  std::vector<PlannedAction> actions;
  std::vector<PatchPlaced> placed;     // for the patch ledger, one for each action
  std::vector<OtherSubject> subjects;  // what was decided about each policy or computer
  std::vector<std::string> lines;      // what is pointed out
};

Placements PlacePatches(std::vector<PatchNeed> needs, const PlacementFacts& facts, const InspectorSettings& settings,
                        const GateSettings& gates, TimePoint now);

}  // namespace sallyport
