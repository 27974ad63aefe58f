// SPDX-License-Identifier: Apache-2.0
//
// Computers as the SWP API describes them, as far as Sallyport uses them. Pure data and readers.
// Source: Workload Security API 50.0.827, schemas `computer`, `computerStatus`, `computerModuleStatus`,
// `ec2VirtualMachineSummary`, `noConnectorVirtualMachineSummary`.
//
// SWP is newer than its description: unknown fields are skipped, and an enum value that is not known here keeps its
// text. A field that has no value is absent (never null, never 0).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

namespace sallyport::swp {

enum class Module {
  kAntiMalware,
  kWebReputation,
  kActivityMonitoring,
  kFirewall,
  kIntrusionPrevention,
  kIntegrityMonitoring,
  kLogInspection,
  kApplicationControl,
};
inline constexpr std::array kAllModules = {Module::kAntiMalware,         Module::kWebReputation,
                                           Module::kActivityMonitoring,  Module::kFirewall,
                                           Module::kIntrusionPrevention, Module::kIntegrityMonitoring,
                                           Module::kLogInspection,       Module::kApplicationControl};
std::string_view ApiName(Module module);      // "intrusionPrevention", the member in a computer
std::string_view DisplayName(Module module);  // "Intrusion Prevention", the word in SWP's console
std::optional<Module> ModuleFromApiName(std::string_view name);

enum class AgentStatus { kActive, kWarning, kError, kInactive, kNotSupported, kUnknown };

// An API enum: the meaning, and the text it came as.
struct AgentStatusValue {
  AgentStatus status = AgentStatus::kUnknown;
  std::string text;  // empty: the field was absent
  bool operator==(const AgentStatusValue&) const = default;
};

struct ModuleState {
  Module module = Module::kAntiMalware;
  std::string state;        // "on", "off", "prevent", "detect", "real-time", or a word newer than this program
  AgentStatusValue status;  // of the module on the agent
  std::string message;      // "On, Prevent, 4 rules": for people, never for decisions
  std::vector<RuleId> rules;
  // antiMalware only; 0 = none.
  std::int32_t real_time_scan_configuration = 0;
  std::int32_t scheduled_scan_configuration = 0;
  // The newest time this module's scan ended (antiMalware: manual or scheduled; integrityMonitoring: scan).
  std::optional<TimePoint> last_scan;
  // integrityMonitoring only.
  std::optional<TimePoint> last_baseline;
  // Members that cannot be read ("ruleIDs: expected a list of ids, found a string"): what they say is not known.
  std::vector<std::string> damaged;

  // What of it cannot be read that tells how the module protects, dates apart; empty: nothing.
  std::string DamageOfState() const;
  bool operator==(const ModuleState&) const = default;
};

struct Tag {
  std::string name;
  std::string value;
  bool operator==(const Tag&) const = default;
};

// Which of the two summaries named the EC2 instance.
enum class InstanceSource { kNone, kEc2VirtualMachineSummary, kNoConnectorVirtualMachineSummary };

struct Computer {
  ComputerId id;
  std::string host_name;
  std::string display_name;
  std::string platform;
  std::optional<PolicyId> policy;
  std::string agent_fingerprint;  // empty: no agent is installed and activated
  std::string appliance_fingerprint;
  std::string agent_version;
  std::optional<TimePoint> last_agent_communication;
  std::optional<TimePoint> last_send_policy_success;
  bool has_status = false;  // the answer held an agent status, known here or not
  AgentStatusValue agent_status;
  std::vector<std::string> status_messages;
  std::vector<std::string> agent_tasks;  // what the agent is doing; empty = nothing
  std::vector<ModuleState> modules;      // those in the answer

  InstanceSource instance_source = InstanceSource::kNone;
  std::string instance_id;
  std::string account_id;
  std::string region;  // from noConnector's field, or the availability zone without its letter; may be empty
  std::string power_state;
  // EC2 tags, when the connector brings them; nothing = not known.
  std::optional<std::vector<Tag>> tags;
  bool tags_unreadable = false;  // the connector brought something else than tags, or too many
  // Members that cannot be read, as above; those of a module are with the module. A damaged member reads as none, so
  // whoever decides by one that is none asks here first.
  std::vector<std::string> damaged;

  const ModuleState* Find(Module module) const;
  // What is damaged of a member ("policyID", "tasks") or of what it holds; null: nothing.
  const std::string* Damage(std::string_view member) const;
  bool operator==(const Computer&) const = default;
};

// Reads one computer. It insists on what tells whose record this is and whether it has an agent: `ID`, and, where they
// are there, fingerprints and the summaries' instance and account in readable form. Everything else may be absent or
// damaged.
Result<Computer> ReadComputer(const Json& json);
// Reads `{"computers": [...]}`. A list without that member is an error: an answer that is not a list is not an empty
// list.
Result<std::vector<Computer>> ReadComputers(const Json& json);

}  // namespace sallyport::swp
