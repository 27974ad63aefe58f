// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/swp_call.h"
#include "sim/swp_check.h"
#include "sim/swp_modules.h"

namespace sallyport::sim {
namespace {

json::object EffectiveSettings(const World& world, const std::vector<const json::object*>& chain) {
  json::object settings = world.default_settings;
  for (auto policy = chain.rbegin(); policy != chain.rend(); ++policy) {
    const json::value* own = (*policy)->if_contains("policySettings");
    if (own == nullptr) continue;
    for (const auto& member : own->get_object()) settings[member.key()] = member.value();
  }
  return settings;
}

std::string EffectiveWord(const std::vector<const json::object*>& chain, std::string_view name,
                          std::string_view fallback) {
  for (const json::object* policy : chain) {
    auto value = TextOr(*policy, name, "");
    if (!value.empty()) return value;
  }
  return std::string(fallback);
}

json::object ShownLocal(const json::object& policy) {
  json::object out;
  for (const auto& member : policy) {
    const bool is_module = member.value().is_object() && member.key() != "policySettings";
    if (!is_module) out[member.key()] = member.value();
  }
  for (const auto module : kModules) {
    auto values = LocalModule(policy, module);
    if (!values.empty()) out[module] = std::move(values);
  }
  return out;
}

json::object ShownPolicy(const World& world, const json::object& policy, bool overrides) {
  if (overrides) return ShownLocal(policy);
  const auto chain = world.PolicyChain(IntOr(policy, "ID", 0));
  json::object out;
  if (IntOr(policy, "parentID", 0) != 0) out["parentID"] = policy.at("parentID");
  out["name"] = TextOr(policy, "name", "");
  out["description"] = TextOr(policy, "description", "");
  out["policySettings"] = EffectiveSettings(world, chain);
  out["recommendationScanMode"] = EffectiveWord(chain, "recommendationScanMode", "off");
  out["autoRequiresUpdate"] = EffectiveWord(chain, "autoRequiresUpdate", "on");
  out["ID"] = policy.at("ID");
  for (const auto module : kModules) out[module] = EffectiveModule(world, policy, module);
  return out;
}

Reply NoSuchPolicy() {
  return Fail(404, "The policy does not exist.");
}

void ApplyModule(const json::value& values, json::value& local) {
  if (!local.is_object()) local = json::object();
  for (const auto& member : values.get_object()) {
    const bool inherited = member.value().is_string() && member.value().get_string() == "inherited";
    if (inherited) {
      local.get_object().erase(member.key());
    } else if (member.key() != "moduleStatus" && member.key() != "applicationTypeIDs") {
      local.get_object()[member.key()] = member.value();
    }
  }
}

void ApplyMember(std::string_view key, const json::value& value, json::object& policy) {
  if (key == "ID" || value.is_null()) return;
  if (key == "policySettings") {
    json::value& settings = policy[key];
    if (!settings.is_object()) settings = json::object();
    for (const auto& member : value.get_object()) settings.get_object()[member.key()] = member.value();
  } else if (value.is_object()) {
    ApplyModule(value, policy[key]);
  } else {
    policy[key] = value;
  }
}

}  // namespace

Reply ListPolicies(World& world, const Call& call) {
  json::array all;
  for (const int id : UnsortedIds(world.policies))
    all.emplace_back(ShownPolicy(world, world.policies.at(id), call.overrides));
  return {200, json::object{{"policies", std::move(all)}}};
}

Reply SearchPolicies(World& world, const Call& call) {
  return SearchReply(
      call.body, PolicyFields(), "policies", UnsortedIds(world.policies),
      [&](int id) -> const json::object& { return world.policies.at(id); },
      [&](int id) { return ShownPolicy(world, world.policies.at(id), call.overrides); });
}

Reply GetPolicy(World& world, const Call& call) {
  const auto found = world.policies.find(call.ids.at(0));
  return found == world.policies.end() ? NoSuchPolicy() : Reply{200, ShownPolicy(world, found->second, call.overrides)};
}

Reply ModifyPolicy(World& world, const Call& call) {
  const auto found = world.policies.find(call.ids.at(0));
  if (found == world.policies.end()) return NoSuchPolicy();
  auto problem = CheckFields(call.body, PolicyFields());
  if (!problem.empty()) return Fail(400, problem);
  for (const auto& member : call.body) ApplyMember(member.key(), member.value(), found->second);
  world.PolicyChanged(found->first, call.now);
  return {200, ShownPolicy(world, found->second, call.overrides)};
}

Reply CreatePolicy(World& world, const Call& call) {
  auto problem = CheckFields(call.body, PolicyFields());
  if (!problem.empty()) return Fail(400, problem);
  const auto name = TextOr(call.body, "name", "");
  if (name.empty()) return Fail(400, "A policy needs a name.");
  const int parent = IntOr(call.body, "parentID", 0);
  if (parent != 0 && !world.policies.contains(parent)) return Fail(400, "The parent policy does not exist.");
  const bool is_taken = std::any_of(world.policies.begin(), world.policies.end(),
                                    [&](const auto& policy) { return TextOr(policy.second, "name", "") == name; });
  if (is_taken) return Fail(400, "A policy with this name exists.");
  const int id = world.policies.empty() ? 1 : world.policies.rbegin()->first + 1;
  json::object policy = {{"ID", id}, {"name", ""}, {"description", ""}};
  if (parent != 0) policy["parentID"] = parent;
  for (const auto& member : call.body) {
    if (member.key() != "parentID") ApplyMember(member.key(), member.value(), policy);
  }
  const auto& created = world.policies[id] = std::move(policy);
  return {200, ShownPolicy(world, created, call.overrides)};
}

Reply DeletePolicy(World& world, const Call& call) {
  const int id = call.ids.at(0);
  if (!world.policies.contains(id)) return NoSuchPolicy();
  const auto family = world.PolicyAndDescendants(id);
  if (family.size() > 1) return Fail(400, "The policy has policies below it.");
  if (!world.ComputersOfPolicies(family).empty()) return Fail(400, "The policy is assigned to computers.");
  world.policies.erase(id);
  return {};
}

Reply GetDefaultPolicy(World& world, const Call&) {
  return {200, world.default_settings};
}

}  // namespace sallyport::sim
