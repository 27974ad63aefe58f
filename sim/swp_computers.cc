// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/swp_call.h"
#include "sim/swp_check.h"
#include "sim/swp_modules.h"

namespace sallyport::sim {
namespace {

constexpr std::size_t kMostAtOnce = 1000;

constexpr std::string_view kWritable[] = {"hostName", "displayName",       "description", "groupID",
                                          "policyID", "assetImportanceID", "relayListID"};
constexpr Field kIds[] = {{"ids", FieldKind::kInts}};

bool IsModule(std::string_view name) {
  return std::find(std::begin(kModules), std::end(kModules), name) != std::end(kModules);
}

bool Wants(const Call& call, std::string_view object) {
  const auto has = [&](std::string_view value) { return call.expand.find(value) != call.expand.end(); };
  if (has("all") || has(object)) return true;
  if (IsModule(object)) return has("allSecurityModules");
  return object.ends_with("VirtualMachineSummary") && has("allVirtualMachineSummaries");
}

void ShowModules(const World& world, const SimComputer& computer, const Call& call, json::object& out) {
  for (const auto module : kModules) {
    if (!Wants(call, module)) continue;
    // Captured inventory records have no activityMonitoring.
    if (module == "activityMonitoring" && !computer.HasAgent()) continue;
    auto values = call.overrides ? LocalModule(computer.modules, module) : EffectiveModule(world, computer, module);
    if (!values.empty()) out[module] = std::move(values);
  }
}

json::object EffectiveSettings(const World& world, const SimComputer& computer) {
  json::object settings;
  for (const auto& member : world.default_settings) {
    settings[member.key()] = json::object{{"value", world.EffectiveSetting(computer, member.key())}};
  }
  return settings;
}

json::object ShownComputer(const World& world, const SimComputer& computer, const Call& call) {
  json::object out;
  for (const auto& member : computer.record) {
    if (member.value().is_null()) continue;
    if (!member.value().is_object() || Wants(call, member.key())) out[member.key()] = member.value();
  }
  if (Wants(call, "computerSettings")) {
    auto settings = call.overrides ? computer.settings : EffectiveSettings(world, computer);
    if (!settings.empty()) out["computerSettings"] = std::move(settings);
  }
  ShowModules(world, computer, call, out);
  return out;
}

Reply NoSuchComputer() {
  return Fail(404, "The computer does not exist.");
}

std::string CheckReferences(const World& world, const json::object& body) {
  const int policy = IntOr(body, "policyID", 0);
  if (policy != 0 && !world.policies.contains(policy)) return "The policy does not exist.";
  const int group = IntOr(body, "groupID", 0);
  if (group != 0 && !world.collections.at("computergroups").items.contains(group)) return "The group does not exist.";
  return "";
}

// Lays the writable fields of a body over a computer; others (read-only ones) are ignored, as the manager does.
void Apply(const json::object& body, SimComputer& computer) {
  for (const auto key : kWritable) {
    const json::value* value = body.if_contains(key);
    if (value == nullptr) continue;
    const bool clears = value->is_null() || (key == "policyID" && *value == 0);
    if (clears) {
      computer.record.erase(key);
    } else {
      computer.record[key] = *value;
    }
  }
  for (const auto module : kModules) {
    const json::value* values = body.if_contains(module);
    if (values == nullptr || !values->is_object()) continue;
    json::value& local = computer.modules[module];
    if (!local.is_object()) local = json::object();
    for (const auto& member : values->get_object()) {
      const bool inherited = member.value().is_string() && member.value().get_string() == "inherited";
      if (inherited) {
        local.get_object().erase(member.key());
      } else if (member.key() != "moduleStatus" && member.key() != "applicationTypeIDs") {
        local.get_object()[member.key()] = member.value();
      }
    }
  }
  if (const json::value* settings = body.if_contains("computerSettings");
      settings != nullptr && settings->is_object()) {
    for (const auto& member : settings->get_object()) computer.settings[member.key()] = member.value();
  }
}

}  // namespace

Reply ListComputers(World& world, const Call& call) {
  json::array all;
  for (const int id : UnsortedIds(world.computers))
    all.emplace_back(ShownComputer(world, world.computers.at(id), call));
  return {200, json::object{{"computers", std::move(all)}}};
}

Reply SearchComputers(World& world, const Call& call) {
  return SearchReply(
      call.body, ComputerFields(), "computers", UnsortedIds(world.computers),
      [&](int id) -> const json::object& { return world.computers.at(id).record; },
      [&](int id) { return ShownComputer(world, world.computers.at(id), call); });
}

Reply GetComputer(World& world, const Call& call) {
  const auto found = world.computers.find(call.ids.at(0));
  return found == world.computers.end() ? NoSuchComputer() : Reply{200, ShownComputer(world, found->second, call)};
}

Reply CreateComputer(World& world, const Call& call) {
  auto problem = CheckFields(call.body, ComputerFields());
  if (problem.empty()) problem = CheckReferences(world, call.body);
  if (!problem.empty()) return Fail(400, problem);
  if (TextOr(call.body, "hostName", "").empty()) return Fail(400, "A computer needs a host name.");
  const int id = world.computers.empty() ? 1 : world.computers.rbegin()->first + 1;
  SimComputer computer;
  computer.record = {
      {"hostName", ""},
      {"displayName", ""},
      {"description", ""},
      {"lastIPUsed", ""},
      {"platform", ""},
      {"groupID", 0},
      {"relayListID", 0},
      {"agentVersion", "0.0.0.0"},
      {"computerStatus", {{"agentStatus", "inactive"}, {"agentStatusMessages", {"Unmanaged (Unknown)"}}}},
      {"tasks", json::object()},
      {"ID", id}};
  Apply(call.body, computer);
  const auto& created = world.computers[id] = std::move(computer);
  return {200, ShownComputer(world, created, call)};
}

Reply ModifyComputer(World& world, const Call& call) {
  const auto found = world.computers.find(call.ids.at(0));
  if (found == world.computers.end()) return NoSuchComputer();
  auto problem = CheckFields(call.body, ComputerFields());
  if (problem.empty()) problem = CheckReferences(world, call.body);
  if (!problem.empty()) return Fail(400, problem);
  Apply(call.body, found->second);
  world.ConfigurationChanged(found->first, call.now);
  return {200, ShownComputer(world, found->second, call)};
}

Reply DeleteComputer(World& world, const Call& call) {
  return world.computers.erase(call.ids.at(0)) == 0 ? NoSuchComputer() : Reply{};
}

Reply DeleteComputers(World& world, const Call& call) {
  auto problem = CheckFields(call.body, kIds);
  if (!problem.empty()) return Fail(400, problem);
  const auto ids = IntsOf(call.body, "ids");
  if (ids.empty() || ids.size() > kMostAtOnce) return Fail(400, "Between 1 and 1000 computers can be deleted at once.");
  for (const int id : ids) world.computers.erase(id);
  return {};
}

}  // namespace sallyport::sim
