// SPDX-License-Identifier: Apache-2.0
#include "swp/computer.h"

#include <algorithm>

#include "base/text.h"
#include "swp/reading.h"

namespace sallyport::swp {
namespace {

struct ModuleNames {
  Module module;
  std::string_view api;
  std::string_view display;
};

constexpr std::array<ModuleNames, kAllModules.size()> kModuleNames = {{
    {Module::kAntiMalware, "antiMalware", "Anti-Malware"},
    {Module::kWebReputation, "webReputation", "Web Reputation"},
    {Module::kActivityMonitoring, "activityMonitoring", "Activity Monitoring"},
    {Module::kFirewall, "firewall", "Firewall"},
    {Module::kIntrusionPrevention, "intrusionPrevention", "Intrusion Prevention"},
    {Module::kIntegrityMonitoring, "integrityMonitoring", "Integrity Monitoring"},
    {Module::kLogInspection, "logInspection", "Log Inspection"},
    {Module::kApplicationControl, "applicationControl", "Application Control"},
}};

AgentStatusValue AgentStatusOf(std::string text) {
  AgentStatus status = AgentStatus::kUnknown;
  if (text == "active") status = AgentStatus::kActive;
  if (text == "warning") status = AgentStatus::kWarning;
  if (text == "error") status = AgentStatus::kError;
  if (text == "inactive") status = AgentStatus::kInactive;
  if (text == "not-supported") status = AgentStatus::kNotSupported;
  return {status, std::move(text)};
}

std::optional<TimePoint> Newer(std::optional<TimePoint> a, std::optional<TimePoint> b) {
  if (!a || !b) return a ? a : b;
  return std::max(*a, *b);
}

ModuleState ReadModule(Module module, const Json& json) {
  ModuleState state;
  state.module = module;
  const FieldReader fields(json, "", state.damaged);
  const FieldReader status = fields.Object("moduleStatus");
  state.state = fields.Text("state");
  state.status = AgentStatusOf(status.Text("agentStatus"));
  state.message = json["moduleStatus"]["agentStatusMessage"].StringOr("");
  state.rules = fields.Ids<RuleId>("ruleIDs");
  if (module == Module::kAntiMalware) {
    state.real_time_scan_configuration = fields.IdOf<RuleId>("realTimeScanConfigurationID").value_or(RuleId{0}).value;
    state.scheduled_scan_configuration = fields.IdOf<RuleId>("scheduledScanConfigurationID").value_or(RuleId{0}).value;
    state.last_scan = Newer(fields.Time("lastManualScan"), fields.Time("lastScheduledScan"));
  }
  if (module == Module::kIntegrityMonitoring) {
    state.last_scan = fields.Time("lastIntegrityScan");
    state.last_baseline = fields.Time("lastBaselineCreated");
  }
  return state;
}

// Null and absent: the tenant does not have the module (contract 3.2). What else is no object is a module of which
// nothing is known.
std::vector<ModuleState> ReadModules(const Json& computer) {
  std::vector<ModuleState> modules;
  for (const ModuleNames& names : kModuleNames) {
    const Json json = computer[names.api];
    if (!json.HasValue()) continue;
    if (json.IsObject()) {
      modules.push_back(ReadModule(names.module, json));
      continue;
    }
    ModuleState unknown;
    unknown.module = names.module;
    unknown.damaged = {"expected an object, found " + std::string(json.TypeName())};
    modules.push_back(std::move(unknown));
  }
  return modules;
}

std::vector<std::string> ReadStrings(const Json& json) {
  std::vector<std::string> strings;
  for (const Json& element : json.Elements()) {
    if (element.IsString()) strings.push_back(element.StringOr(""));
  }
  return strings;
}

// All of them or nothing: a tag that is left out could be the one that says to leave the host alone.
std::optional<std::vector<Tag>> ReadTags(const Json& metadata) {
  if (!metadata.IsArray()) return std::nullopt;
  std::vector<Tag> tags;
  for (const Json& tag : metadata.Elements()) {
    // Without a bound a manager could make us hold any number of tags; EC2 allows 50.
    if (tags.size() == bounds::kTagsPerHost) return std::nullopt;
    if (!tag["name"].IsString()) return std::nullopt;
    if (tag["value"].HasValue() && !tag["value"].IsString()) return std::nullopt;
    tags.push_back({tag["name"].StringOr(""), tag["value"].StringOr("")});
  }
  return tags;
}

// "us-east-1a" -> "us-east-1". SWP has no region field here (contract 3.5); local zones ("us-east-1-bos-1a") are left
// out, because their region cannot be told from the name alone.
std::string RegionOfZone(const std::string& zone) {
  if (zone.size() < 2 || std::count(zone.begin(), zone.end(), '-') > 3) return "";
  const char digit = zone[zone.size() - 2];
  const bool digit_and_letter = digit >= '0' && digit <= '9' && zone.back() >= 'a' && zone.back() <= 'z';
  return digit_and_letter ? zone.substr(0, zone.size() - 1) : "";
}

// Whose record it is: a summary that cannot be read may name any instance.
void ReadInstance(const FieldReader& fields, Computer& computer) {
  const FieldReader ec2 = fields.Object("ec2VirtualMachineSummary");
  const FieldReader agent_reported = fields.Object("noConnectorVirtualMachineSummary");
  const std::string by_connector = ec2.Text("instanceID");
  const std::string by_agent = agent_reported.Text("instanceID");
  // An empty id is no id: the other summary may hold one.
  if (!by_connector.empty()) {
    computer.instance_source = InstanceSource::kEc2VirtualMachineSummary;
    computer.instance_id = by_connector;
    computer.account_id = ec2.Text("accountID");
    const Json& summary = ec2.object();
    computer.region = RegionOfZone(summary["availabilityZone"].StringOr(""));
    computer.power_state = summary["state"].StringOr("");
    computer.tags = ReadTags(summary["metadata"]);
    computer.tags_unreadable = summary["metadata"].HasValue() && !computer.tags;
  } else if (!by_agent.empty()) {
    computer.instance_source = InstanceSource::kNoConnectorVirtualMachineSummary;
    computer.instance_id = by_agent;
    computer.account_id = agent_reported.Text("accountID");
    computer.region = agent_reported.object()["region"].StringOr("");
  }
}

}  // namespace

std::string_view ApiName(Module module) {
  return kModuleNames[static_cast<std::size_t>(module)].api;
}
std::string_view DisplayName(Module module) {
  return kModuleNames[static_cast<std::size_t>(module)].display;
}

std::optional<Module> ModuleFromApiName(std::string_view name) {
  for (const ModuleNames& names : kModuleNames) {
    if (names.api == name) return names.module;
  }
  return std::nullopt;
}

const ModuleState* Computer::Find(Module module) const {
  const auto found = std::find_if(modules.begin(), modules.end(), [&](const auto& m) { return m.module == module; });
  return found == modules.end() ? nullptr : &*found;
}

std::string ModuleState::DamageOfState() const {
  const auto is_date = [](const std::string& one) { return one.starts_with("last"); };
  const auto found = std::find_if_not(damaged.begin(), damaged.end(), is_date);
  return found == damaged.end() ? "" : *found;
}

const std::string* Computer::Damage(std::string_view member) const {
  return DamageOf(damaged, member);
}

Result<Computer> ReadComputer(const Json& json) {
  const auto id = InsistOnId<ComputerId>(json["ID"]);
  if (!id.ok()) return id.error();
  Computer computer;
  computer.id = *id;
  // For people only.
  computer.host_name = json["hostName"].StringOr("");
  computer.display_name = json["displayName"].StringOr("");
  computer.platform = json["platform"].StringOr("");
  computer.agent_version = json["agentVersion"].StringOr("");
  computer.status_messages = ReadStrings(json["computerStatus"]["agentStatusMessages"]);

  const FieldReader fields(json, "", computer.damaged);
  computer.agent_fingerprint = fields.Text("agentFingerPrint");
  computer.appliance_fingerprint = fields.Text("applianceFingerPrint");
  ReadInstance(fields, computer);
  // None of them may pass for absent: there would be no agent, or another host.
  if (!computer.damaged.empty()) {
    return Error{ErrorCode::kBadAnswer, "computer " + std::to_string(id->value) + ": " + computer.damaged.front(), ""};
  }
  computer.policy = fields.IdOf<PolicyId>("policyID");
  computer.last_agent_communication = fields.Time("lastAgentCommunication");
  computer.last_send_policy_success = fields.Time("lastSendPolicySuccess");
  computer.agent_status = AgentStatusOf(fields.Object("computerStatus").Text("agentStatus"));
  computer.has_status = !computer.agent_status.text.empty();
  computer.agent_tasks = fields.Object("tasks").Texts("agentTasks");
  computer.modules = ReadModules(json);
  return computer;
}

Result<std::vector<Computer>> ReadComputers(const Json& json) {
  return ReadList<Computer>(json, "computers", ReadComputer);
}

}  // namespace sallyport::swp
