// SPDX-License-Identifier: Apache-2.0
//
// Policies, rules, application types and rule assignments, as far as Sallyport uses them. Pure data and readers.
// Source: Workload Security API 50.0.827, schemas `policy`, `intrusionPreventionRule`, `integrityMonitoringRule`,
// `logInspectionRule`, `applicationType`, `intrusionPreventionAssignments`.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "swp/computer.h"

namespace sallyport::swp {

// The modules whose rules recommendation scans choose.
enum class RuleModule { kIntrusionPrevention, kIntegrityMonitoring, kLogInspection };
inline constexpr std::array kRuleModules = {RuleModule::kIntrusionPrevention, RuleModule::kIntegrityMonitoring,
                                            RuleModule::kLogInspection};
std::string_view PathName(RuleModule module);     // "intrusionprevention", as in the paths
std::string_view RuleListKey(RuleModule module);  // "intrusionPreventionRules": path in lower case, key of the list
std::string_view DisplayName(RuleModule module);
std::optional<RuleModule> RuleModuleFromPathName(std::string_view name);
Module ModuleOf(RuleModule module);

// A computer or a policy: what rules can be assigned to.
struct Scope {
  enum class Kind { kComputer, kPolicy } kind = Kind::kComputer;
  std::int32_t id = 0;
  static Scope Of(ComputerId computer) { return {Kind::kComputer, computer.value}; }
  static Scope Of(PolicyId policy) { return {Kind::kPolicy, policy.value}; }
  bool operator==(const Scope&) const = default;
};
// "computer 34", "policy 12"
std::string ToString(Scope scope);

struct Rule {
  RuleId id;
  std::string identifier;  // the vendor's public number, the same in every tenant
  std::string name;
  std::string type;                  // "smart", "vulnerability", ...
  std::string recommendations_mode;  // "enabled", "ignored", "unknown", "disabled"
  std::string severity;
  bool detect_only = false;
  std::vector<std::string> cves;
  std::optional<std::int32_t> application_type;
  std::vector<RuleId> depends_on;  // SWP assigns them along
  bool operator==(const Rule&) const = default;
};
Result<Rule> ReadRule(const Json& json);
Result<std::vector<Rule>> ReadRules(const Json& json, RuleModule module);

struct ApplicationType {
  std::int32_t id = 0;
  std::string name;
  std::string direction;  // "incoming", "outgoing"
  std::string protocol;
  bool operator==(const ApplicationType&) const = default;
};
Result<std::vector<ApplicationType>> ReadApplicationTypes(const Json& json);

struct Assignments {
  std::vector<RuleId> assigned;
  std::string scan_status;  // "none", "valid", "out-of-date", "unknown", or newer
  std::optional<TimePoint> last_scan;
  std::vector<RuleId> recommended_to_assign;
  std::vector<RuleId> recommended_to_unassign;
  bool operator==(const Assignments&) const = default;
};
Result<Assignments> ReadAssignments(const Json& json);
// {"ruleIDs":[...]}
std::string AssignmentsBody(const std::vector<RuleId>& rules);

struct Policy {
  PolicyId id;
  std::optional<PolicyId> parent;  // nothing: top level
  std::string name;
  std::string recommendation_scan_mode;  // "off", "ongoing"
  bool sends_updates_itself = false;     // autoRequiresUpdate is on
  // The module states, as on a computer; `status` has SWP's policy form.
  std::map<Module, std::string> module_states;
  std::map<Module, std::vector<RuleId>> rules;
  // A setting by its API name; nothing when the answer does not hold it.
  std::map<std::string, std::string> settings;
  bool AppliesRecommendationsItself(RuleModule module) const;
  bool operator==(const Policy&) const = default;
};
Result<Policy> ReadPolicy(const Json& json);
Result<std::vector<Policy>> ReadPolicies(const Json& json);

// GET /apikeys/current.
struct ApiKey {
  std::string name;
  std::optional<std::int32_t> role;
  bool active = true;
  std::optional<TimePoint> expires;
  bool operator==(const ApiKey&) const = default;
};
Result<ApiKey> ReadApiKey(const Json& json);

}  // namespace sallyport::swp
