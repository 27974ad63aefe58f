// SPDX-License-Identifier: Apache-2.0
#include "sim/swp_call.h"
#include "sim/swp_check.h"

namespace sallyport::sim {
namespace {

constexpr Field kSetting[] = {{"value"}};

// Where a setting's local value lives, and what it is when it has none there.
struct Place {
  json::object* local = nullptr;
  std::string inherited;
  Reply missing;
};

Place OfComputer(World& world, const Call& call) {
  const auto found = world.computers.find(call.ids.at(0));
  if (found == world.computers.end()) return {nullptr, "", Fail(404, "The computer does not exist.")};
  if (!world.default_settings.contains(call.name)) return {nullptr, "", Fail(404, "The setting does not exist.")};
  return {&found->second.settings, call.overrides ? "" : world.EffectiveSetting(found->second, call.name), {}};
}

Place OfPolicy(World& world, const Call& call) {
  const auto found = world.policies.find(call.ids.at(0));
  if (found == world.policies.end()) return {nullptr, "", Fail(404, "The policy does not exist.")};
  if (!world.default_settings.contains(call.name)) return {nullptr, "", Fail(404, "The setting does not exist.")};
  SimComputer leaf;  // what a computer of this policy would have
  leaf.record["policyID"] = found->first;
  json::value& settings = found->second["policySettings"];
  if (!settings.is_object()) settings = json::object();
  return {&settings.get_object(), call.overrides ? "" : world.EffectiveSetting(leaf, call.name), {}};
}

Place Find(World& world, const Call& call) {
  if (call.collection == "computers") return OfComputer(world, call);
  if (call.collection == "policies" && !call.ids.empty()) return OfPolicy(world, call);
  json::object& all = call.collection == "policies" ? world.default_settings : world.system_settings;
  if (!all.contains(call.name)) return {nullptr, "", Fail(404, "The setting does not exist.")};
  return {&all, "", {}};
}

Reply ShownSetting(const Place& place, std::string_view name) {
  if (const json::value* own = place.local->if_contains(name)) return {200, *own};
  return {200, json::object{{"value", place.inherited}}};
}

}  // namespace

Reply GetSetting(World& world, const Call& call) {
  const Place place = Find(world, call);
  return place.local == nullptr ? place.missing : ShownSetting(place, call.name);
}

Reply ModifySetting(World& world, const Call& call) {
  const Place place = Find(world, call);
  if (place.local == nullptr) return place.missing;
  const auto problem = CheckFields(call.body, kSetting);
  if (!problem.empty() || !call.body.contains("value"))
    return Fail(400, problem.empty() ? "A setting needs a value." : problem);
  (*place.local)[call.name] = call.body;
  return ShownSetting(place, call.name);
}

Reply ResetSetting(World& world, const Call& call) {
  {
    const Place place = Find(world, call);
    if (place.local == nullptr) return place.missing;
    const bool has_parent = call.collection == "computers" || !call.ids.empty();
    if (has_parent) place.local->erase(call.name);
  }
  return GetSetting(world, call);
}

Reply GetSystemSettings(World& world, const Call&) {
  return {200, world.system_settings};
}

}  // namespace sallyport::sim
