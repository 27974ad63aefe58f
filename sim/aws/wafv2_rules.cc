// SPDX-License-Identifier: Apache-2.0
#include "sim/aws/wafv2_rules.h"

#include <set>

#include "base/text.h"

namespace sallyport::aws_sim {
namespace {

constexpr std::int64_t kMostCapacity = 5000;

Failure InvalidRule(const std::string& reason, const json::object& rule) {
  return Fail(400, "WAFInvalidParameterException",
              "Error reason: " + reason + ", field: RULE, parameter: " + Printable(TextOf(rule, "Name"), 128));
}

bool NamesGroup(const json::object& statement) {
  return Has(statement, "ManagedRuleGroupStatement") || Has(statement, "RuleGroupReferenceStatement");
}

std::optional<Failure> CheckAction(const json::object& rule) {
  const bool group = NamesGroup(ObjectOf(rule, "Statement"));
  if (group && (Has(rule, "Action") || ObjectOf(rule, "OverrideAction").empty())) {
    return InvalidRule("A rule group takes OverrideAction and no Action.", rule);
  }
  if (!group && (Has(rule, "OverrideAction") || ObjectOf(rule, "Action").empty())) {
    return InvalidRule("A rule that names no group takes Action and no OverrideAction.", rule);
  }
  return std::nullopt;
}

std::optional<Failure> AddGroup(const Call& call, const json::object& statement, std::int64_t& capacity) {
  const auto* group = FindGroup(call, TextOf(statement, "VendorName"), TextOf(statement, "Name"));
  if (group == nullptr) {
    return Fail(400, "WAFNonexistentItemException",
                "AWS WAF couldn't perform the operation because your resource doesn't exist.");
  }
  if (!FlagOf(*group, "subscribed", true)) {
    return Fail(
        400, "WAFSubscriptionNotFoundException",
        "You tried to use a managed rule group that's available by subscription, but you aren't subscribed to it "
        "yet.");
  }
  if (auto problem = CheckNotExpired(*group, TextOf(statement, "Version"))) return problem;
  capacity += NumberOf(*group, "Capacity", 0);
  return std::nullopt;
}

std::optional<Failure> CheckRule(const Call& call, const json::object& rule, std::int64_t& capacity) {
  if (ObjectOf(rule, "Statement").empty()) return InvalidRule("A rule has no statement.", rule);
  if (ObjectOf(rule, "VisibilityConfig").empty()) return InvalidRule("A rule has no VisibilityConfig.", rule);
  if (auto problem = CheckAction(rule)) return problem;
  const json::object& managed = ObjectOf(ObjectOf(rule, "Statement"), "ManagedRuleGroupStatement");
  if (!managed.empty()) return AddGroup(call, managed, capacity);
  capacity += Has(ObjectOf(rule, "Statement"), "RateBasedStatement") ? 2 : 1;
  return std::nullopt;
}

}  // namespace

const json::object* FindGroup(const Call& call, const std::string& vendor, const std::string& name) {
  for (const json::object& group : call.regional->Set("managedRuleGroups")) {
    if (TextOf(group, "VendorName") == vendor && TextOf(group, "Name") == name) return &group;
  }
  return nullptr;
}

std::optional<Failure> CheckNotExpired(const json::object& group, const std::string& version) {
  if (version.empty() || !Contains(TextsOf(group, "expiredVersions"), version)) return std::nullopt;
  return Fail(400, "WAFExpiredManagedRuleGroupVersionException",
              "The operation failed because the specified version for the managed rule group has expired.");
}

std::optional<Failure> CheckRules(const Call& call, const json::array& rules, std::int64_t& capacity) {
  capacity = 0;
  std::set<std::string> names;
  std::set<std::int64_t> priorities;
  for (const json::value& value : rules) {
    const json::object empty;
    const json::object& rule = value.is_object() ? value.get_object() : empty;
    if (TextOf(rule, "Name").empty()) return InvalidRule("A rule has no name.", rule);
    if (!names.insert(TextOf(rule, "Name")).second) return InvalidRule("A rule name is there twice.", rule);
    if (!priorities.insert(NumberOf(rule, "Priority", -1)).second) {
      return InvalidRule("You have used the same priority twice.", rule);
    }
    if (auto problem = CheckRule(call, rule, capacity)) return problem;
  }
  if (capacity <= kMostCapacity) return std::nullopt;
  return Fail(400, "WAFLimitsExceededException",
              "AWS WAF couldn't perform the operation because you exceeded your resource limit. capacity: " +
                  std::to_string(capacity) + ", limit: " + std::to_string(kMostCapacity));
}

}  // namespace sallyport::aws_sim
