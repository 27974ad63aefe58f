// SPDX-License-Identifier: Apache-2.0
#include "action/assign_rules.h"

#include <algorithm>

#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kShownRule = 60;
constexpr std::size_t kRulesNamed = 3;

std::string RuleNames(const std::vector<RuleToAssign>& rules) {
  std::vector<std::string> names;
  names.reserve(rules.size());
  for (const RuleToAssign& rule : rules) {
    names.push_back(rule.identifier.empty() ? std::to_string(rule.id.value) : Printable(rule.identifier, kShownRule));
  }
  return Listed(names, kRulesNamed);
}

std::vector<RuleId> SortedIds(const std::vector<RuleToAssign>& rules) {
  std::vector<RuleId> ids;
  ids.reserve(rules.size());
  for (const RuleToAssign& rule : rules) ids.push_back(rule.id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

void DescribeRule(Members& json, RuleToAssign& rule) {
  json("id", rule.id)("identifier", rule.identifier)("name", rule.name);
}

void DescribeTarget(Members& json, Target& target) {
  json("computer", target.computer)("account", target.host.account)("region", target.host.region);
  json("instance", target.host.instance.value)("name", target.host.name);
}

}  // namespace

std::string AssignRules::What() const {
  return std::string(swp::PathName(module));
}

std::string AssignRules::Subject() const {
  return swp::ToString(scope);
}

std::string AssignRules::Describe() const {
  const std::string what =
      CountText(rules.size(), std::string(swp::DisplayName(module)) + " rule") + " (" + RuleNames(rules) + ") for ";
  if (scope.kind == swp::Scope::Kind::kComputer) return what + NameOf(host) + ", " + NameOf(computer);
  const std::string hosts = policy_targets.Known()
                                ? CountText(policy_targets.hosts.size(), "host") + ", among them " + NameOf(host)
                                : NameOf(host) + " and other hosts";
  return what + "SWP " + swp::ToString(scope) + " (" + hosts + ")";
}

std::string AssignRules::Undo() const {
  return "remove each of these rules from " + swp::ToString(scope) + " again";
}

Targets AssignRules::Touches() const {
  return scope.kind == swp::Scope::Kind::kComputer ? Targets::One(computer, host) : policy_targets;
}

// Which scan recommended them does not count.
std::vector<Effect> AssignRules::Effects() const {
  std::vector<Effect> effects;
  for (const RuleToAssign& rule : rules) {
    effects.push_back({std::string(swp::DisplayName(module)) + " rule " + std::to_string(rule.id.value) + " at " +
                           swp::ToString(scope),
                       "assigned"});
  }
  return effects;
}

bool AssignRules::SameDecision(const AssignRules& now) const {
  return module == now.module && scope == now.scope && SortedIds(rules) == SortedIds(now.rules);
}

void AssignRules::DescribeJson(Members& json) {
  json("host", host).Word("module", module, swp::PathName, swp::RuleModuleFromPathName, "module with rules");
  json(scope)("computer", computer).List("rules", rules, DescribeRule);
  if (scope.kind != swp::Scope::Kind::kPolicy) return;
  const bool known = json.Has("targets", policy_targets.Known());
  if (known) json.List("targets", policy_targets.hosts, DescribeTarget);
  // Plans of before there were targets hold neither.
  if (json.Has("targets_unknown", !known)) {
    json("targets_unknown", policy_targets.unknown);
  } else if (json.reads()) {
    policy_targets.unknown = known ? "" : NotRead().unknown;
  }
}

}  // namespace sallyport
