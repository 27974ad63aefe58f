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

AgentStatusValue ReadAgentStatus(const Json& json) {
  const std::string text = json.StringOr("");
  if (text == "active") return {AgentStatus::kActive, text};
  if (text == "warning") return {AgentStatus::kWarning, text};
  if (text == "error") return {AgentStatus::kError, text};
  if (text == "inactive") return {AgentStatus::kInactive, text};
  if (text == "not-supported") return {AgentStatus::kNotSupported, text};
  return {AgentStatus::kUnknown, text};
}

std::optional<TimePoint> Newer(std::optional<TimePoint> a, std::optional<TimePoint> b) {
  if (!a || !b) return a ? a : b;
  return std::max(*a, *b);
}

ModuleState ReadModule(Module module, const Json& json) {
  ModuleState state;
  state.module = module;
  state.state = json["state"].StringOr("");
  state.status = ReadAgentStatus(json["moduleStatus"]["agentStatus"]);
  state.message = json["moduleStatus"]["agentStatusMessage"].StringOr("");
  state.rules = ReadIds<RuleId>(json["ruleIDs"]);
  state.real_time_scan_configuration = ReadId<RuleId>(json["realTimeScanConfigurationID"]).value_or(RuleId{0}).value;
  state.scheduled_scan_configuration = ReadId<RuleId>(json["scheduledScanConfigurationID"]).value_or(RuleId{0}).value;
  state.last_scan = module == Module::kIntegrityMonitoring
                        ? ReadTime(json["lastIntegrityScan"])
                        : Newer(ReadTime(json["lastManualScan"]), ReadTime(json["lastScheduledScan"]));
  state.last_baseline = ReadTime(json["lastBaselineCreated"]);
  return state;
}

std::vector<ModuleState> ReadModules(const Json& computer) {
  std::vector<ModuleState> modules;
  for (const ModuleNames& names : kModuleNames) {
    const Json json = computer[names.api];
    if (json.IsObject()) modules.push_back(ReadModule(names.module, json));
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

// Its absence decides that there is no agent, so a value that is no text must not pass for absence.
Result<std::string> ReadFingerprint(const Json& json) {
  if (!json.HasValue()) return std::string();
  auto text = json.AsString();
  if (!text.ok()) return Error{ErrorCode::kBadAnswer, text.error().message, ""};
  return text;
}

void ReadInstance(const Json& json, Computer& computer) {
  const Json ec2 = json["ec2VirtualMachineSummary"];
  const Json agent_reported = json["noConnectorVirtualMachineSummary"];
  // An empty id is no id: the other summary may hold one.
  if (!ec2["instanceID"].StringOr("").empty()) {
    computer.instance_source = InstanceSource::kEc2VirtualMachineSummary;
    computer.instance_id = ec2["instanceID"].StringOr("");
    computer.account_id = ec2["accountID"].StringOr("");
    computer.region = RegionOfZone(ec2["availabilityZone"].StringOr(""));
    computer.power_state = ec2["state"].StringOr("");
    computer.tags = ReadTags(ec2["metadata"]);
    computer.tags_unreadable = ec2["metadata"].HasValue() && !computer.tags;
  } else if (!agent_reported["instanceID"].StringOr("").empty()) {
    computer.instance_source = InstanceSource::kNoConnectorVirtualMachineSummary;
    computer.instance_id = agent_reported["instanceID"].StringOr("");
    computer.account_id = agent_reported["accountID"].StringOr("");
    computer.region = agent_reported["region"].StringOr("");
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

Result<Computer> ReadComputer(const Json& json) {
  const auto id = InsistOnId<ComputerId>(json["ID"]);
  if (!id.ok()) return id.error();
  Computer computer;
  computer.id = *id;
  computer.host_name = json["hostName"].StringOr("");
  computer.display_name = json["displayName"].StringOr("");
  computer.platform = json["platform"].StringOr("");
  computer.policy = ReadId<PolicyId>(json["policyID"]);
  const auto fingerprint = ReadFingerprint(json["agentFingerPrint"]);
  if (!fingerprint.ok()) return fingerprint.error();
  computer.agent_fingerprint = *fingerprint;
  computer.appliance_fingerprint = json["applianceFingerPrint"].StringOr("");
  computer.agent_version = json["agentVersion"].StringOr("");
  computer.last_agent_communication = ReadTime(json["lastAgentCommunication"]);
  computer.last_send_policy_success = ReadTime(json["lastSendPolicySuccess"]);
  computer.agent_status = ReadAgentStatus(json["computerStatus"]["agentStatus"]);
  computer.has_status = !computer.agent_status.text.empty();
  computer.status_messages = ReadStrings(json["computerStatus"]["agentStatusMessages"]);
  computer.agent_tasks = ReadStrings(json["tasks"]["agentTasks"]);
  computer.modules = ReadModules(json);
  ReadInstance(json, computer);
  return computer;
}

Result<std::vector<Computer>> ReadComputers(const Json& json) {
  return ReadList<Computer>(json, "computers", ReadComputer);
}

}  // namespace sallyport::swp
