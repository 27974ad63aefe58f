// SPDX-License-Identifier: Apache-2.0
#include "swp/rules.h"

#include <array>

#include "base/text.h"
#include "swp/reading.h"

namespace sallyport::swp {
namespace {

struct RuleModuleNames {
  std::string_view path;
  std::string_view list_key;
  std::string_view display;
  std::string_view auto_apply_setting;
};

constexpr std::array<RuleModuleNames, 3> kNames = {{
    {"intrusionprevention", "intrusionPreventionRules", "Intrusion Prevention",
     "intrusionPreventionSettingAutoApplyRecommendationsEnabled"},
    {"integritymonitoring", "integrityMonitoringRules", "Integrity Monitoring",
     "integrityMonitoringSettingAutoApplyRecommendationsEnabled"},
    {"loginspection", "logInspectionRules", "Log Inspection", "logInspectionSettingAutoApplyRecommendationsEnabled"},
}};

const RuleModuleNames& NamesOf(RuleModule module) {
  return kNames[static_cast<std::size_t>(module)];
}

// The CVE member is a list of strings; being lenient about a single string costs nothing.
std::vector<std::string> ReadCves(const Json& json) {
  std::vector<std::string> cves;
  if (json.IsString()) cves.push_back(json.StringOr(""));
  for (const Json& cve : json.Elements()) {
    if (cve.IsString()) cves.push_back(cve.StringOr(""));
  }
  return cves;
}

std::optional<std::int32_t> ReadNumber(const Json& json) {
  const auto id = ReadId<RuleId>(json);
  return id ? std::optional(id->value) : std::nullopt;
}

Result<ApplicationType> ReadApplicationType(const Json& json) {
  const auto id = InsistOnId<RuleId>(json["ID"]);
  if (!id.ok()) return id.error();
  return ApplicationType{id->value, json["name"].StringOr(""), json["direction"].StringOr(""),
                         json["protocol"].StringOr("")};
}

}  // namespace

std::string_view PathName(RuleModule module) {
  return NamesOf(module).path;
}
std::string_view RuleListKey(RuleModule module) {
  return NamesOf(module).list_key;
}
std::string_view DisplayName(RuleModule module) {
  return NamesOf(module).display;
}

std::optional<RuleModule> RuleModuleFromPathName(std::string_view name) {
  for (const RuleModule module : kRuleModules) {
    if (PathName(module) == name) return module;
  }
  return std::nullopt;
}

Module ModuleOf(RuleModule module) {
  switch (module) {
    case RuleModule::kIntrusionPrevention:
      return Module::kIntrusionPrevention;
    case RuleModule::kIntegrityMonitoring:
      return Module::kIntegrityMonitoring;
    case RuleModule::kLogInspection:
      break;
  }
  return Module::kLogInspection;
}

std::string ToString(Scope scope) {
  return (scope.kind == Scope::Kind::kComputer ? "computer " : "policy ") + std::to_string(scope.id);
}

Result<Rule> ReadRule(const Json& json) {
  const auto id = InsistOnId<RuleId>(json["ID"]);
  if (!id.ok()) return id.error();
  Rule rule;
  rule.id = *id;
  rule.identifier = json["identifier"].StringOr("");
  rule.name = json["name"].StringOr("");
  rule.type = json["type"].StringOr("");
  rule.recommendations_mode = json["recommendationsMode"].StringOr("");
  rule.severity = json["severity"].StringOr("");
  rule.detect_only = json["detectOnly"].BoolOr(false);
  rule.cves = ReadCves(json["CVE"]);
  rule.application_type = ReadNumber(json["applicationTypeID"]);
  rule.depends_on = ReadIds<RuleId>(json["dependsOnRuleIDs"]);
  return rule;
}

Result<std::vector<Rule>> ReadRules(const Json& json, RuleModule module) {
  return ReadList<Rule>(json, RuleListKey(module), ReadRule);
}

Result<std::vector<ApplicationType>> ReadApplicationTypes(const Json& json) {
  return ReadList<ApplicationType>(json, "applicationTypes", ReadApplicationType);
}

Result<Assignments> ReadAssignments(const Json& json) {
  // Empty lists may be left out, so the only sign of an assignment answer is that it is an object.
  if (!json.IsObject()) {
    return Error{ErrorCode::kBadAnswer, "expected rule assignments, found " + std::string(json.TypeName()), ""};
  }
  Assignments assignments;
  assignments.assigned = ReadIds<RuleId>(json["assignedRuleIDs"]);
  assignments.scan_status = json["recommendationScanStatus"].StringOr("");
  assignments.last_scan = ReadTime(json["lastRecommendationScanDate"]);
  assignments.recommended_to_assign = ReadIds<RuleId>(json["recommendedToAssignRuleIDs"]);
  assignments.recommended_to_unassign = ReadIds<RuleId>(json["recommendedToUnassignRuleIDs"]);
  return assignments;
}

std::string AssignmentsBody(const std::vector<RuleId>& rules) {
  JsonWriter out;
  out.BeginObject().Key("ruleIDs").BeginArray();
  for (const RuleId& rule : rules) out.Int(rule.value);
  return out.EndArray().EndObject().Take();
}

bool Policy::AppliesRecommendationsItself(RuleModule module) const {
  const auto setting = settings.find(std::string(NamesOf(module).auto_apply_setting));
  // Reads give "Yes", the vendor's sample writes "yes".
  return setting != settings.end() && EqualsIgnoreCase(setting->second, "yes");
}

Result<Policy> ReadPolicy(const Json& json) {
  const auto id = InsistOnId<PolicyId>(json["ID"]);
  if (!id.ok()) return id.error();
  Policy policy;
  policy.id = *id;
  policy.parent = ReadId<PolicyId>(json["parentID"]);
  policy.name = json["name"].StringOr("");
  policy.recommendation_scan_mode = json["recommendationScanMode"].StringOr("");
  policy.sends_updates_itself = json["autoRequiresUpdate"].StringOr("") == "on";
  for (const Module module : kAllModules) {
    const Json state = json[ApiName(module)];
    if (!state.IsObject()) continue;
    policy.module_states[module] = state["state"].StringOr("");
    policy.rules[module] = ReadIds<RuleId>(state["ruleIDs"]);
  }
  for (const Json::Member& setting : json["policySettings"].Members()) {
    if (setting.value["value"].IsString()) policy.settings[setting.key] = setting.value["value"].StringOr("");
  }
  return policy;
}

Result<std::vector<Policy>> ReadPolicies(const Json& json) {
  return ReadList<Policy>(json, "policies", ReadPolicy);
}

Result<ApiKey> ReadApiKey(const Json& json) {
  if (!json.IsObject()) {
    return Error{ErrorCode::kBadAnswer, "expected an API key, found " + std::string(json.TypeName()), ""};
  }
  ApiKey key;
  key.name = json["keyName"].StringOr("");
  key.role = ReadNumber(json["roleID"]);
  key.active = json["active"].BoolOr(true);
  key.expires = ReadTime(json["expiryDate"]);
  return key;
}

}  // namespace sallyport::swp
