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
std::vector<std::string> ReadCves(const FieldReader& fields) {
  const Json place = fields.object()["CVE"];
  if (place.IsString()) return {place.StringOr("")};
  return fields.Texts("CVE");
}

// What was read, when all of it could be.
template <class T>
Result<T> Whole(T read, std::string_view what, std::int64_t id, const std::vector<std::string>& damaged) {
  if (damaged.empty()) return read;
  return Error{ErrorCode::kBadAnswer, std::string(what) + " " + std::to_string(id) + ": " + damaged.front(), ""};
}

std::optional<std::int32_t> ReadNumber(const FieldReader& fields, std::string_view name) {
  const auto id = fields.IdOf<RuleId>(name);
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
  std::vector<std::string> damaged;
  const FieldReader fields(json, "", damaged);
  Rule rule;
  rule.id = *id;
  rule.identifier = json["identifier"].StringOr("");
  rule.name = json["name"].StringOr("");
  rule.type = fields.Text("type");
  rule.recommendations_mode = fields.Text("recommendationsMode");
  rule.severity = json["severity"].StringOr("");
  rule.detect_only = fields.Flag("detectOnly", false);
  rule.cves = ReadCves(fields);
  rule.application_type = ReadNumber(fields, "applicationTypeID");
  rule.depends_on = fields.Ids<RuleId>("dependsOnRuleIDs");
  return Whole(std::move(rule), "rule", id->value, damaged);
}

Result<std::vector<Rule>> ReadRules(const Json& json, RuleModule module) {
  return ReadList<Rule>(json, RuleListKey(module), ReadRule);
}

Result<std::vector<ApplicationType>> ReadApplicationTypes(const Json& json) {
  return ReadList<ApplicationType>(json, "applicationTypes", ReadApplicationType);
}

Result<Assignments> ReadAssignments(const Json& json) {
  // It is there even when nothing is assigned (contract 0.2.7), and without it the answer is something else.
  if (!json["assignedRuleIDs"].IsArray()) {
    return Error{ErrorCode::kBadAnswer,
                 "expected rule assignments with the list `assignedRuleIDs`, found " +
                     (json.IsObject() ? "an object without it" : std::string(json.TypeName())),
                 ""};
  }
  std::vector<std::string> damaged;
  const FieldReader fields(json, "", damaged);
  Assignments assignments;
  assignments.assigned = fields.Ids<RuleId>("assignedRuleIDs");
  assignments.scan_status = fields.Text("recommendationScanStatus");
  assignments.last_scan = fields.Time("lastRecommendationScanDate");
  assignments.recommended_to_assign = fields.Ids<RuleId>("recommendedToAssignRuleIDs");
  assignments.recommended_to_unassign = fields.Ids<RuleId>("recommendedToUnassignRuleIDs");
  if (!damaged.empty()) return Error{ErrorCode::kBadAnswer, "rule assignments: " + damaged.front(), ""};
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
  std::vector<std::string> damaged;
  const FieldReader fields(json, "", damaged);
  Policy policy;
  policy.id = *id;
  policy.parent = fields.IdOf<PolicyId>("parentID");
  policy.name = json["name"].StringOr("");
  policy.recommendation_scan_mode = fields.Text("recommendationScanMode");
  policy.sends_updates_itself = fields.Text("autoRequiresUpdate") == "on";
  for (const Module module : kAllModules) {
    const FieldReader state = fields.Object(ApiName(module));
    if (!state.HasValue()) continue;
    policy.module_states[module] = state.Text("state");
    policy.rules[module] = state.Ids<RuleId>("ruleIDs");
  }
  const FieldReader settings = fields.Object("policySettings");
  for (const Json::Member& setting : settings.object().Members()) {
    if (setting.value["value"].IsString()) policy.settings[setting.key] = setting.value["value"].StringOr("");
  }
  // Of some 220 settings these decide.
  for (const RuleModuleNames& names : kNames) (void)settings.Object(names.auto_apply_setting).Text("value");
  return Whole(std::move(policy), "policy", id->value, damaged);
}

Result<std::vector<Policy>> ReadPolicies(const Json& json) {
  return ReadList<Policy>(json, "policies", ReadPolicy);
}

Result<ApiKey> ReadApiKey(const Json& json) {
  if (!json.IsObject()) {
    return Error{ErrorCode::kBadAnswer, "expected an API key, found " + std::string(json.TypeName()), ""};
  }
  std::vector<std::string> damaged;
  const FieldReader fields(json, "", damaged);
  ApiKey key;
  key.name = json["keyName"].StringOr("");
  key.role = ReadNumber(fields, "roleID");
  key.active = fields.Flag("active", true);
  key.expires = fields.Time("expiryDate");
  if (!damaged.empty()) return Error{ErrorCode::kBadAnswer, "the API key: " + damaged.front(), ""};
  return key;
}

}  // namespace sallyport::swp
