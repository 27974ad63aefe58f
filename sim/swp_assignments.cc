// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "base/check.h"
#include "base/text.h"
#include "sim/swp_call.h"
#include "sim/swp_check.h"
#include "sim/swp_modules.h"

namespace sallyport::sim {
namespace {

constexpr std::size_t kMostChanges = 100'000;  // of the log that /_sim/state shows

constexpr Field kRuleIds[] = {{"ruleIDs", FieldKind::kInts}};

const Collection& RulesOf(const World& world, const Call& call) {
  return world.collections.at(ToLowerAscii(call.module) + "rules");
}

// The computer or the policy whose assignments are meant.
struct Scope {
  SimComputer* computer = nullptr;
  json::object* policy = nullptr;

  bool Exists() const { return computer != nullptr || policy != nullptr; }
  // INVARIANT: Exists().
  json::object& Holder() const {
    Check(Exists(), "the scope of an assignment");
    return computer != nullptr ? computer->modules : *policy;
  }
};

Scope FindScope(World& world, const Call& call) {
  const int id = call.ids.at(0);
  Scope scope;
  if (call.collection == "computers") {
    if (const auto found = world.computers.find(id); found != world.computers.end()) scope.computer = &found->second;
  } else if (const auto policy = world.policies.find(id); policy != world.policies.end()) {
    scope.policy = &policy->second;
  }
  return scope;
}

Reply MissingScope(const Call& call) {
  return Fail(404, call.collection == "computers" ? "The computer does not exist." : "The policy does not exist.");
}

std::vector<int> LocalRules(const Scope& scope, const Call& call) {
  return IntsOf(LocalModule(scope.Holder(), call.module), "ruleIDs");
}

std::vector<int> AssignedRules(const World& world, const Scope& scope, const Call& call) {
  if (call.overrides) return LocalRules(scope, call);
  if (scope.computer == nullptr) {
    Check(scope.policy != nullptr, "a call about nothing was refused before");
    return IntsOf(EffectiveModule(world, *scope.policy, call.module), "ruleIDs");
  }
  // Without an agent the module is shown as not installed, but what is assigned stays assigned.
  std::set<int> all;
  for (const int id : LocalRules(scope, call)) all.insert(id);
  const auto chain = world.PolicyChain(IntOr(scope.computer->record, "policyID", 0));
  for (const json::object* policy : chain) {
    for (const int id : IntsOf(LocalModule(*policy, call.module), "ruleIDs")) all.insert(id);
  }
  return {all.begin(), all.end()};
}

bool Contains(const std::vector<int>& ids, int id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

void ShowRecommendations(const SimComputer* computer, const Call& call, const std::vector<int>& assigned,
                         json::object& out) {
  json::array to_assign;
  json::array to_unassign;
  if (computer != nullptr) {
    if (const auto known = computer->known.find(call.module); known != computer->known.end()) {
      for (const int id : known->second.assign) {
        if (!Contains(assigned, id)) to_assign.emplace_back(id);
      }
      for (const int id : known->second.unassign) {
        if (Contains(assigned, id)) to_unassign.emplace_back(id);
      }
    }
  }
  out["recommendationScanStatus"] = computer == nullptr ? "none" : computer->recommendation_status;
  if (computer != nullptr && computer->last_recommendation_scan) {
    out["lastRecommendationScanDate"] = *computer->last_recommendation_scan;
  }
  out["recommendedToAssignRuleIDs"] = std::move(to_assign);
  out["recommendedToUnassignRuleIDs"] = std::move(to_unassign);
}

json::object ShownAssignments(const World& world, const Scope& scope, const Call& call) {
  const auto assigned = AssignedRules(world, scope, call);
  json::object out;
  out["assignedRuleIDs"] = ToArray(assigned);
  if (call.module == "intrusionPrevention")
    out["assignedApplicationTypeIDs"] = ToArray(ApplicationTypesOf(world, assigned));
  if (call.module != "firewall") ShowRecommendations(scope.computer, call, assigned, out);
  return out;
}

// `wanted` and all that they depend on. Bounded: each rule is visited once.
std::vector<int> WithDependencies(const Collection& rules, const std::vector<int>& wanted) {
  std::vector<int> all = wanted;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto rule = rules.items.find(all[i]);
    if (rule == rules.items.end()) continue;
    for (const int id : IntsOf(rule->second, "dependsOnRuleIDs")) {
      if (!Contains(all, id)) all.push_back(id);
    }
  }
  return all;
}

void NoteChange(World& world, const Call& call, std::string_view operation, std::vector<int> rule_ids) {
  if (world.assignment_changes.size() < kMostChanges) {
    world.assignment_changes.push_back(
        {call.now, call.collection, call.ids.at(0), call.module, std::string(operation), std::move(rule_ids)});
  }
  if (call.collection == "computers") {
    world.ConfigurationChanged(call.ids.at(0), call.now);
  } else {
    world.PolicyChanged(call.ids.at(0), call.now);
  }
}

// The checks that POST and PUT share. Nothing when all is well.
std::optional<Reply> Refuse(const World& world, const Scope& scope, const Call& call) {
  if (!scope.Exists()) return MissingScope(call);
  const auto problem = CheckFields(call.body, kRuleIds);
  if (!problem.empty()) return Fail(400, problem);
  const json::value* ids = call.body.if_contains("ruleIDs");
  if (ids == nullptr || !ids->is_array()) return Fail(400, "The field `ruleIDs` is missing.");
  const Collection& rules = RulesOf(world, call);
  for (const int id : IntsOf(call.body, "ruleIDs")) {
    if (!rules.items.contains(id)) return Fail(404, "The " + std::string(rules.label) + " does not exist.");
  }
  return std::nullopt;
}

// The vendor's rule with what is overridden at this place, or inherited from a policy above it; `overrides=true`: at
// this place alone.
json::object ShownRule(const World& world, const Call& call, const json::object& rule) {
  json::object out = rule;
  out.erase("sim");
  const int rule_id = IntOr(rule, "ID", 0);
  const auto lay_over = [&](const std::string& scope, int id) {
    const auto found = world.rule_overrides.find({scope, id, call.module, rule_id});
    if (found == world.rule_overrides.end()) return;
    for (const auto& member : found->second) out[member.key()] = member.value();
  };
  const int id = call.ids.at(0);
  const bool is_computer = call.collection == "computers";
  int policy = is_computer ? 0 : id;
  if (is_computer) {
    const auto computer = world.computers.find(id);
    if (computer != world.computers.end()) policy = IntOr(computer->second.record, "policyID", 0);
  }
  if (!call.overrides) {
    const auto chain = world.PolicyChain(policy);
    for (auto above = chain.rbegin(); above != chain.rend(); ++above) lay_over("policies", IntOr(**above, "ID", 0));
  }
  lay_over(call.collection, id);
  return out;
}

}  // namespace

Reply GetAssignments(World& world, const Call& call) {
  const Scope scope = FindScope(world, call);
  return scope.Exists() ? Reply{200, ShownAssignments(world, scope, call)} : MissingScope(call);
}

Reply AddAssignments(World& world, const Call& call) {
  const Scope scope = FindScope(world, call);
  if (auto refused = Refuse(world, scope, call)) return *refused;
  const auto present = AssignedRules(world, scope, call);
  std::vector<int> missing;
  for (const int id : WithDependencies(RulesOf(world, call), IntsOf(call.body, "ruleIDs"))) {
    if (!Contains(present, id)) missing.push_back(id);
  }
  if (!missing.empty()) {
    AddRules(scope.Holder(), call.module, missing);
    NoteChange(world, call, "add", missing);
  }
  return {200, ShownAssignments(world, scope, call)};
}

Reply SetAssignments(World& world, const Call& call) {
  const Scope scope = FindScope(world, call);
  if (auto refused = Refuse(world, scope, call)) return *refused;
  const auto wanted = WithDependencies(RulesOf(world, call), IntsOf(call.body, "ruleIDs"));
  SetRules(scope.Holder(), call.module, wanted);
  NoteChange(world, call, "set", wanted);
  return {200, ShownAssignments(world, scope, call)};
}

Reply RemoveAssignment(World& world, const Call& call) {
  const Scope scope = FindScope(world, call);
  if (!scope.Exists()) return MissingScope(call);
  const Collection& rules = RulesOf(world, call);
  const int rule_id = call.ids.at(1);
  if (!rules.items.contains(rule_id)) return Fail(404, "The " + std::string(rules.label) + " does not exist.");
  auto local = LocalRules(scope, call);
  const auto at = std::find(local.begin(), local.end(), rule_id);
  // A rule that comes from the policy stays; that is not an error.
  if (at == local.end()) return {200, ShownAssignments(world, scope, call)};
  local.erase(at);
  for (const int other : AssignedRules(world, scope, call)) {
    const auto rule = rules.items.find(other);
    if (rule != rules.items.end() && Contains(IntsOf(rule->second, "dependsOnRuleIDs"), rule_id)) {
      return Fail(403, "The rule is required by another assigned rule.");
    }
  }
  SetRules(scope.Holder(), call.module, local);
  NoteChange(world, call, "remove", {rule_id});
  return {200, ShownAssignments(world, scope, call)};
}

Reply ListAssignedRules(World& world, const Call& call) {
  const Scope scope = FindScope(world, call);
  if (!scope.Exists()) return MissingScope(call);
  const Collection& rules = RulesOf(world, call);
  json::array all;
  for (const int id : AssignedRules(world, scope, call)) {
    if (const auto rule = rules.items.find(id); rule != rules.items.end())
      all.emplace_back(ShownRule(world, call, rule->second));
  }
  return {200, json::object{{rules.list_key, std::move(all)}}};
}

Reply GetAssignedRule(World& world, const Call& call) {
  const Scope scope = FindScope(world, call);
  if (!scope.Exists()) return MissingScope(call);
  const Collection& rules = RulesOf(world, call);
  const auto rule = rules.items.find(call.ids.at(1));
  if (rule == rules.items.end()) return Fail(404, "The " + std::string(rules.label) + " does not exist.");
  return {200, ShownRule(world, call, rule->second)};
}

Reply OverrideAssignedRule(World& world, const Call& call) {
  const Scope scope = FindScope(world, call);
  if (!scope.Exists()) return MissingScope(call);
  const Collection& rules = RulesOf(world, call);
  const auto rule = rules.items.find(call.ids.at(1));
  if (rule == rules.items.end()) return Fail(404, "The " + std::string(rules.label) + " does not exist.");
  const auto problem = CheckFields(call.body, rules.fields);
  if (!problem.empty()) return Fail(400, problem);
  json::object& kept = world.rule_overrides[{call.collection, call.ids.at(0), call.module, call.ids.at(1)}];
  for (const auto& member : call.body) {
    if (member.key() != "ID") kept[member.key()] = member.value();
  }
  NoteChange(world, call, "override", {call.ids.at(1)});
  return {200, ShownRule(world, call, rule->second)};
}

Reply ResetAssignedRule(World& world, const Call& call) {
  const Scope scope = FindScope(world, call);
  if (!scope.Exists()) return MissingScope(call);
  const Collection& rules = RulesOf(world, call);
  const auto rule = rules.items.find(call.ids.at(1));
  if (rule == rules.items.end()) return Fail(404, "The " + std::string(rules.label) + " does not exist.");
  if (world.rule_overrides.erase({call.collection, call.ids.at(0), call.module, call.ids.at(1)}) > 0)
    NoteChange(world, call, "reset", {call.ids.at(1)});
  return {200, ShownRule(world, call, rule->second)};
}

}  // namespace sallyport::sim
