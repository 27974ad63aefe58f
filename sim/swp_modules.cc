// SPDX-License-Identifier: Apache-2.0
#include "sim/swp_modules.h"

#include <algorithm>
#include <set>

namespace sallyport::sim {
namespace {

const json::object* ModuleIn(const json::object& holder, std::string_view module) {
  const json::value* value = holder.if_contains(module);
  return value == nullptr ? nullptr : value->if_object();
}

json::object Defaults(std::string_view module) {
  json::object values = {{"state", "off"}};
  if (module == "antiMalware") {
    for (const auto key : {"realTimeScanConfigurationID", "realTimeScanScheduleID", "manualScanConfigurationID",
                           "scheduledScanConfigurationID"}) {
      values[key] = 0;
    }
  }
  if (module == "firewall") values["globalStatefulConfigurationID"] = 0;
  if (module == "applicationControl") {
    values["blockUnrecognized"] = false;
    values["rulesetID"] = 0;
  }
  return values;
}

// Lays `local` over `values`; rule lists are joined.
void Overlay(json::object& values, std::set<int>& rules, const json::object& local) {
  for (const auto& member : local) {
    if (member.key() == "ruleIDs") {
      for (const int id : IntsOf(local, "ruleIDs")) rules.insert(id);
    } else if (member.key() != "moduleStatus" && !member.value().is_null()) {
      values[member.key()] = member.value();
    }
  }
}

bool HasRules(std::string_view module) {
  return module == "firewall" || module == "intrusionPrevention" || module == "integrityMonitoring" ||
         module == "logInspection";
}

std::string RuleText(std::string_view module, std::size_t rules) {
  if (!HasRules(module)) return "";
  if (rules == 0) return ", no rules";
  return ", " + std::to_string(rules) + (rules == 1 ? " rule" : " rules");
}

// "Prevent", "Real Time", "On, Real Time", ...
std::string StateText(std::string_view module, const json::object& values) {
  const auto state = TextOr(values, "state", "off");
  if (module == "antiMalware" && IntOr(values, "realTimeScanConfigurationID", 0) != 0) return "On, Real Time";
  if (state == "prevent") return "Prevent";
  if (state == "detect") return "Detect";
  if (state == "real-time") return "Real Time";
  return "On";
}

std::string PolicyText(std::string_view module, const json::object& values, std::size_t rules) {
  const bool off = TextOr(values, "state", "off") == "off";
  return (off ? "Off" : StateText(module, values)) + RuleText(module, rules);
}

std::string ComputerText(std::string_view module, const json::object& values, std::size_t rules) {
  auto text = PolicyText(module, values, rules);
  return text.starts_with("On") || text.starts_with("Off") ? text : "On, " + text;
}

void PutRules(const World& world, json::object& values, std::string_view module, const std::set<int>& rules) {
  if (rules.empty()) return;
  const std::vector<int> ids(rules.begin(), rules.end());
  values["ruleIDs"] = ToArray(ids);
  if (module != "intrusionPrevention") return;
  const auto types = ApplicationTypesOf(world, ids);
  if (!types.empty()) values["applicationTypeIDs"] = ToArray(types);
}

// From the root of the tree down.
void OverlayChain(json::object& values, std::set<int>& rules, const std::vector<const json::object*>& chain,
                  std::string_view module) {
  for (auto policy = chain.rbegin(); policy != chain.rend(); ++policy) {
    if (const auto* local = ModuleIn(**policy, module)) Overlay(values, rules, *local);
  }
}

json::object NotInstalled(std::string_view module) {
  json::object values = Defaults(module);
  values.erase("blockUnrecognized");
  values.erase("rulesetID");
  const auto text = "Off, not installed" + RuleText(module, 0);
  values["moduleStatus"] = json::object{{"agentStatus", "inactive"}, {"agentStatusMessage", text}};
  return values;
}

// INVARIANT: `state` and `moduleStatus` come first, as in captured answers.
json::object WithStatus(const json::object& values, json::object status) {
  json::object out;
  out["state"] = values.at("state");
  out["moduleStatus"] = std::move(status);
  for (const auto& member : values) {
    if (member.key() != "state") out[member.key()] = member.value();
  }
  return out;
}

}  // namespace

json::object EffectiveModule(const World& world, const SimComputer& computer, std::string_view module) {
  if (!computer.HasAgent()) return NotInstalled(module);
  json::object values = Defaults(module);
  if (module == "applicationControl") {
    values["maintenanceModeStatus"] = "off";
    values["maintenanceModeDuration"] = 0;
  }
  std::set<int> rules;
  OverlayChain(values, rules, world.PolicyChain(IntOr(computer.record, "policyID", 0)), module);
  const json::object* local = ModuleIn(computer.modules, module);
  if (local != nullptr) Overlay(values, rules, *local);
  PutRules(world, values, module, rules);
  const bool off = TextOr(values, "state", "off") == "off";
  json::object status = {{"agentStatus", off ? "inactive" : "active"},
                         {"agentStatusMessage", ComputerText(module, values, rules.size())}};
  if (local != nullptr && local->contains("moduleStatus")) {
    for (const auto& member : local->at("moduleStatus").get_object()) status[member.key()] = member.value();
  }
  return WithStatus(values, std::move(status));
}

json::object EffectiveModule(const World& world, const json::object& policy, std::string_view module) {
  json::object values = Defaults(module);
  std::set<int> rules;
  OverlayChain(values, rules, world.PolicyChain(IntOr(policy, "ID", 0)), module);
  PutRules(world, values, module, rules);
  const bool off = TextOr(values, "state", "off") == "off";
  return WithStatus(
      values, {{"status", off ? "inactive" : "active"}, {"statusMessage", PolicyText(module, values, rules.size())}});
}

json::object LocalModule(const json::object& modules, std::string_view module) {
  const json::object* local = ModuleIn(modules, module);
  if (local == nullptr) return {};
  json::object out;
  for (const auto& member : *local) {
    const bool empty_list = member.value().is_array() && member.value().get_array().empty();
    if (!member.value().is_null() && !empty_list) out[member.key()] = member.value();
  }
  return out;
}

std::string EffectivePolicyValue(const World& world, const SimComputer& computer, std::string_view name,
                                 std::string_view fallback) {
  for (const json::object* policy : world.PolicyChain(IntOr(computer.record, "policyID", 0))) {
    auto value = TextOr(*policy, name, "");
    if (!value.empty()) return value;
  }
  return std::string(fallback);
}

void AddRules(json::object& holder, std::string_view module, const std::vector<int>& rule_ids) {
  std::vector<int> all = rule_ids;
  if (const auto* local = ModuleIn(holder, module)) {
    const auto present = IntsOf(*local, "ruleIDs");
    all.insert(all.end(), present.begin(), present.end());
  }
  SetRules(holder, module, std::move(all));
}

void SetRules(json::object& holder, std::string_view module, std::vector<int> rule_ids) {
  const std::set<int> sorted(rule_ids.begin(), rule_ids.end());
  json::value& entry = holder[module];
  if (!entry.is_object()) entry = json::object();
  entry.get_object()["ruleIDs"] = json::array(sorted.begin(), sorted.end());
}

std::vector<int> ApplicationTypesOf(const World& world, const std::vector<int>& rule_ids) {
  std::set<int> types;
  const auto& rules = world.collections.at("intrusionpreventionrules").items;
  for (const int id : rule_ids) {
    const auto rule = rules.find(id);
    const int type = rule == rules.end() ? 0 : IntOr(rule->second, "applicationTypeID", 0);
    if (type != 0) types.insert(type);
  }
  return {types.begin(), types.end()};
}

}  // namespace sallyport::sim
