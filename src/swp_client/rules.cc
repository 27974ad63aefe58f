// SPDX-License-Identifier: Apache-2.0
//
// Rules: what is assigned, assigning and removing, overrides, and the rules for a CVE.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "swp/reading.h"
#include "swp_client/client_parts.h"

namespace sallyport::swp {
namespace {

// What one page asks for, and how many of them a whole list may have: more is no answer that could be judged.
constexpr int kRulesPerSearch = 1000;
constexpr int kTypesPage = 250;
constexpr std::size_t kMostRules = 20'000;

constexpr Operation kReadAssignments = {"read rule assignments", ""};
constexpr Operation kChangeComputerRules = {"assign rules to a computer", "computerRights.canEditComputerProperties"};
constexpr Operation kChangePolicyRules = {"assign rules to a policy", "policyRights.canEditPolicyProperties"};
constexpr Operation kSearchRules = {"search rules", ""};
constexpr Operation kGetRule = {"read a rule", ""};
constexpr Operation kSearchApplicationTypes = {"search application types", ""};

std::string ScopePath(Scope scope, RuleModule module) {
  return std::string(scope.kind == Scope::Kind::kComputer ? "/computers/" : "/policies/") + std::to_string(scope.id) +
         "/" + std::string(PathName(module)) + "/assignments";
}

// One rule with what is overridden there (contract swp-api 8.1).
std::string RulePath(Scope scope, RuleId rule) {
  return (scope.kind == Scope::Kind::kComputer ? "/computers/" : "/policies/") + std::to_string(scope.id) + "/" +
         std::string(PathName(RuleModule::kIntrusionPrevention)) + "/rules/" + std::to_string(rule.value);
}

std::string DetectOnlyBody(bool detect_only) {
  JsonWriter out;
  return out.BeginObject().Member("detectOnly", detect_only).EndObject().Take();
}

const Operation& ChangeRules(Scope scope) {
  return scope.kind == Scope::Kind::kComputer ? kChangeComputerRules : kChangePolicyRules;
}

}  // namespace

Result<Assignments> Client::ReadAssignmentsOfNow(const Json& json) const {
  auto read = ReadAssignments(json);
  if (read.ok() && read->last_scan && *read->last_scan > ManagerNow() + kAheadOfClock) {
    return InTheFuture("the last recommendation scan", *read->last_scan);
  }
  return read;
}

Result<Assignments> Client::GetAssignments(Scope scope, RuleModule module) {
  const auto json = Get(ScopePath(scope, module), kReadAssignments);
  if (!json.ok()) return json.error();
  return ReadAssignmentsOfNow(*json);
}

Result<Assignments> Client::GetOwnAssignments(Scope scope, RuleModule module) {
  const auto json = Get(ScopePath(scope, module) + "?overrides=true", kReadAssignments);
  if (!json.ok()) return json.error();
  return ReadAssignmentsOfNow(*json);
}

Result<AcceptedRules> Client::AssignRules(Scope scope, RuleModule module, const std::vector<RuleId>& rules) {
  const TimePoint sent_at = ManagerNow();
  const auto answer = Send(MakeWrite("POST", ScopePath(scope, module), AssignmentsBody(rules)));
  if (!answer.ok()) {
    const bool is_lost = IsLost(answer.error());
    return is_lost ? MayBeDone(answer.error(), "assign rules") : answer.error().In("could not assign rules");
  }
  const auto json = ReadAnswer(*answer, ChangeRules(scope));
  if (!json.ok()) return IsRefusal(answer->status) ? json.error() : MayBeDone(json.error(), "assign rules");
  const auto assignments = ReadAssignments(*json);
  if (!assignments.ok()) return MayBeDone(assignments.error(), "assign rules");
  return AcceptedRules{*assignments, AcceptedAt(*answer, sent_at)};
}

std::string Client::DescribeAssignRules(Scope scope, RuleModule module, const std::vector<RuleId>& rules) const {
  return "POST " + options_.base_url + ScopePath(scope, module) + " " + AssignmentsBody(rules);
}

Result<Assignments> Client::RemoveAssignment(Scope scope, RuleModule module, RuleId rule) {
  const auto answer = Send(MakeWrite("DELETE", ScopePath(scope, module) + "/" + std::to_string(rule.value), ""));
  if (!answer.ok()) {
    const bool is_lost = IsLost(answer.error());
    return is_lost ? MayBeDone(answer.error(), "remove a rule") : answer.error().In("could not remove a rule");
  }
  const auto json = ReadAnswer(*answer, ChangeRules(scope));
  if (!json.ok()) return IsRefusal(answer->status) ? json.error() : MayBeDone(json.error(), "remove a rule");
  return ReadAssignments(*json);
}

Status Client::SetDetectOnly(Scope scope, RuleId rule, bool detect_only) {
  const auto answer = Send(MakeWrite("POST", RulePath(scope, rule), DetectOnlyBody(detect_only)));
  if (!answer.ok()) {
    const bool is_lost = IsLost(answer.error());
    return is_lost ? MayBeDone(answer.error(), "override a rule") : answer.error().In("could not override a rule");
  }
  const auto json = ReadAnswer(*answer, ChangeRules(scope));
  if (!json.ok()) return IsRefusal(answer->status) ? json.error() : MayBeDone(json.error(), "override a rule");
  return Ok();
}

std::string Client::DescribeSetDetectOnly(Scope scope, RuleId rule, bool detect_only) const {
  return "POST " + options_.base_url + RulePath(scope, rule) + " " + DetectOnlyBody(detect_only);
}

Result<std::vector<Rule>> Client::FindRulesByCve(std::string_view cve) {
  auto rules = SearchAll<Rule>({"rules", "/intrusionpreventionrules/search", &kSearchRules,
                                SearchBody(kRulesPerSearch).StringLike("CVE", "%" + std::string(cve) + "%"), kMostRules,
                                [](const Json& json) { return ReadRules(json, RuleModule::kIntrusionPrevention); }});
  if (!rules.ok()) return rules;
  std::erase_if(*rules, [&](const Rule& rule) {
    return std::none_of(rule.cves.begin(), rule.cves.end(),
                        [&](const std::string& listed) { return EqualsIgnoreCase(listed, cve); });
  });
  return rules;
}

Result<Rule> Client::GetRule(RuleModule module, RuleId rule) {
  const TimePoint now = clock_.Now();
  if (const auto kept = memory_->FindRule(module, rule, now)) return *kept;
  const auto json = Get("/" + ToLowerAscii(RuleListKey(module)) + "/" + std::to_string(rule.value), kGetRule);
  if (!json.ok()) return json.error();
  auto read = Insist(ReadRule(*json), rule, "rule");
  if (read.ok()) memory_->KeepRule(module, rule, now, *read);
  return read;
}

Result<std::vector<ApplicationType>> Client::FindApplicationTypes(std::string_view name_pattern) {
  return SearchAll<ApplicationType>({"application types", "/applicationtypes/search", &kSearchApplicationTypes,
                                     SearchBody(kTypesPage).StringLike("name", name_pattern), kMostRules,
                                     ReadApplicationTypes});
}

}  // namespace sallyport::swp
