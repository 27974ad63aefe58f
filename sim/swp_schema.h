// SPDX-License-Identifier: Apache-2.0
//
// Which fields the SWP resources have, of which type, and how each may be searched: tables after the Workload Security
// API description 50.0.827. One table serves the search, the check of request bodies and the reading of estates.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sallyport::sim {

enum class FieldKind { kString, kInt, kNumber, kBool, kDate, kStrings, kInts, kObject, kObjects, kSettings };
enum class Searchable { kNo, kString, kNumeric, kChoice, kBoolean, kDate, kId, kStringOrNumeric };

struct Field {
  std::string_view name;
  FieldKind kind = FieldKind::kString;
  Searchable searchable = Searchable::kNo;
  std::string_view choices = {};       // "on|off"; empty = any text
  std::span<const Field> fields = {};  // of kObject and kObjects
};
using Fields = std::span<const Field>;

const Field* FindField(Fields fields, std::string_view name);
// `ec2VirtualMachineSummary/instanceID`; null when there is no such field.
const Field* FindFieldByPath(Fields fields, std::string_view path);
bool IsChoice(const Field& field, std::string_view value);

Fields ComputerFields();
Fields PolicyFields();
Fields ScheduledTaskFields();
Fields IntrusionPreventionRuleFields();
Fields IntegrityMonitoringRuleFields();
Fields LogInspectionRuleFields();
Fields FirewallRuleFields();
Fields ApplicationTypeFields();
Fields ComputerGroupFields();
Fields AwsConnectorFields();
Fields IpListFields();
Fields ApiKeyFields();
Fields SearchFilterFields();

// Only in estates, never in answers: what the simulator has to know beside the record, under `sim`.
Fields ComputerSimFields();
Fields RuleSimFields();
Fields ApiKeySimFields();
Fields RoleFields();

// The modules of a computer and a policy, in the order of answers.
inline constexpr std::string_view kModules[] = {"antiMalware",   "webReputation",       "activityMonitoring",
                                                "firewall",      "intrusionPrevention", "integrityMonitoring",
                                                "logInspection", "applicationControl"};

}  // namespace sallyport::sim
