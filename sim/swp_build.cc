// SPDX-License-Identifier: Apache-2.0
//
// From an estate (texts) to a world (records): parsing, checking, resolving dates.
#include <algorithm>

#include "base/text.h"
#include "sim/swp_check.h"
#include "sim/swp_world.h"

namespace sallyport::sim {
namespace {

Error Bad(std::string_view what, std::string_view text, const std::string& problem) {
  return {ErrorCode::kInvalidInput, "estate: " + std::string(what) + " `" + Printable(text, 60) + "`: " + problem, ""};
}

// One record: an object with an ID, its `sim` part checked against `sim_fields` and its dates resolved.
Result<json::object> ReadRecord(const std::string& text, std::string_view what, Fields fields, Fields sim_fields,
                                std::int64_t start) {
  json::error_code failed;
  json::value value = json::parse(text, failed);
  if (failed || !value.is_object()) return Bad(what, text, "not a JSON object");
  json::object record = value.get_object();
  json::object sim;
  if (const json::value* part = record.if_contains("sim"); part != nullptr && part->is_object())
    sim = part->get_object();
  record.erase("sim");
  auto problem = ResolveDates(record, fields, start);
  if (problem.empty()) problem = ResolveDates(sim, sim_fields, start);
  if (problem.empty()) problem = CheckFields(record, fields);
  if (problem.empty()) problem = CheckFields(sim, sim_fields);
  if (problem.empty() && IntOr(record, "ID", 0) <= 0) problem = "it needs a positive `ID`";
  if (!problem.empty()) return Bad(what, text, problem);
  if (!sim.empty()) record["sim"] = std::move(sim);
  return record;
}

// Calls `keep(record)` for every text. Stops at the first problem.
template <class Keep>
Status ReadAll(const std::vector<std::string>& texts, std::string_view what, Fields fields, Fields sim_fields,
               std::int64_t start, Keep keep) {
  for (const std::string& text : texts) {
    auto record = ReadRecord(text, what, fields, sim_fields, start);
    if (!record) return record.error();
    const int id = IntOr(*record, "ID", 0);
    if (!keep(id, std::move(record).value())) return Bad(what, text, "its `ID` is there already");
  }
  return Ok();
}

json::object TakeSim(json::object& record) {
  json::object sim;
  if (const json::value* part = record.if_contains("sim")) sim = part->get_object();
  record.erase("sim");
  return sim;
}

std::map<std::string, RuleChange, std::less<>> ReadChanges(const json::object& sim, std::string_view key) {
  std::map<std::string, RuleChange, std::less<>> changes;
  const json::value* part = sim.if_contains(key);
  if (part == nullptr || !part->is_object()) return changes;
  for (const auto& member : part->get_object()) {
    if (!member.value().is_object()) continue;
    const auto& change = member.value().get_object();
    changes[std::string(member.key())] = {IntsOf(change, "assign"), IntsOf(change, "unassign")};
  }
  return changes;
}

SimComputer MakeComputer(json::object record) {
  SimComputer computer;
  const auto sim = TakeSim(record);
  if (const json::value* online = sim.if_contains("online"); online != nullptr && online->is_bool()) {
    computer.online = online->get_bool();
  }
  if (const json::value* date = sim.if_contains("lastRecommendationScan"); date != nullptr && date->is_int64()) {
    computer.last_recommendation_scan = date->get_int64();
    computer.recommendation_status = "valid";
  }
  computer.recommendation_status = TextOr(sim, "recommendationScanStatus", computer.recommendation_status);
  computer.known = ReadChanges(sim, "known");
  computer.revealed = ReadChanges(sim, "revealed");
  for (const auto& member : record) {
    const bool is_module = std::find(std::begin(kModules), std::end(kModules), member.key()) != std::end(kModules);
    if (is_module) {
      computer.modules[member.key()] = member.value();
    } else if (member.key() == "computerSettings") {
      computer.settings = member.value().get_object();
    } else if (!member.value().is_null()) {
      computer.record[member.key()] = member.value();
    }
  }
  if (!computer.record.contains("tasks")) computer.record["tasks"] = json::object();
  return computer;
}

Result<json::object> ReadSettings(const std::string& text, std::string_view what) {
  json::object settings;
  if (text.empty()) return settings;
  json::error_code failed;
  const json::value value = json::parse(text, failed);
  if (failed || !value.is_object()) return Bad(what, text, "not a JSON object");
  for (const auto& member : value.get_object()) {
    if (!member.value().is_string()) return Bad(what, member.key(), "its value is not a text");
    settings[member.key()] = json::object{{"value", member.value()}};
  }
  return settings;
}

struct CollectionSource {
  std::string_view path;
  std::string_view list_key;
  std::string_view label;
  Fields fields;
  const std::vector<std::string>* records;
};

Status BuildCollections(World& world, const SwpEstate& estate) {
  const CollectionSource sources[] = {
      {"applicationtypes", "applicationTypes", "application type", ApplicationTypeFields(), &estate.application_types},
      {"intrusionpreventionrules", "intrusionPreventionRules", "intrusion prevention rule",
       IntrusionPreventionRuleFields(), &estate.intrusion_prevention_rules},
      {"integritymonitoringrules", "integrityMonitoringRules", "integrity monitoring rule",
       IntegrityMonitoringRuleFields(), &estate.integrity_monitoring_rules},
      {"loginspectionrules", "logInspectionRules", "log inspection rule", LogInspectionRuleFields(),
       &estate.log_inspection_rules},
      {"firewallrules", "firewallRules", "firewall rule", FirewallRuleFields(), &estate.firewall_rules},
      {"computergroups", "computerGroups", "computer group", ComputerGroupFields(), &estate.groups},
      {"awsconnectors", "awsConnectors", "AWS connector", AwsConnectorFields(), &estate.aws_connectors},
      {"iplists", "ipLists", "IP list", IpListFields(), &estate.ip_lists}};
  for (const CollectionSource& source : sources) {
    Collection& collection = world.collections[std::string(source.path)];
    collection = {source.list_key, source.label, source.fields, {}};
    auto read =
        ReadAll(*source.records, source.label, source.fields, RuleSimFields(), world.start,
                [&](int id, json::object record) { return collection.items.emplace(id, std::move(record)).second; });
    if (!read) return read;
  }
  return Ok();
}

Status BuildKeys(World& world, const SwpEstate& estate) {
  auto read = ReadAll(estate.roles, "role", RoleFields(), {}, world.start, [&](int id, const json::object& record) {
    SimRole role{TextOr(record, "name", ""), TextOr(record, "allows", "read") == "all", {}};
    if (const json::value* except = record.if_contains("except")) {
      for (const json::value& right : except->get_array()) role.except.emplace_back(right.get_string());
    }
    return world.roles.emplace(id, std::move(role)).second;
  });
  if (!read) return read;
  return ReadAll(estate.api_keys, "API key", ApiKeyFields(), ApiKeySimFields(), world.start,
                 [&](int, json::object record) {
                   const auto sim = TakeSim(record);
                   const auto role = world.roles.find(IntOr(record, "roleID", 0));
                   world.api_keys.push_back({record, TextOr(sim, "key", ""), TextOr(sim, "header", "both"),
                                             role == world.roles.end() ? nullptr : &role->second});
                   return true;
                 });
}

}  // namespace

Result<World> World::Build(const SwpEstate& estate, const WorldOptions& options, std::int64_t start) {
  World world;
  world.options = options;
  world.start = start;
  auto built = BuildCollections(world, estate);
  if (built) built = BuildKeys(world, estate);
  if (built) {
    built = ReadAll(estate.policies, "policy", PolicyFields(), {}, start,
                    [&](int id, json::object record) { return world.policies.emplace(id, std::move(record)).second; });
  }
  if (built) {
    built = ReadAll(estate.computers, "computer", ComputerFields(), ComputerSimFields(), start,
                    [&](int id, json::object record) {
                      return world.computers.emplace(id, MakeComputer(std::move(record))).second;
                    });
  }
  if (!built) return built.error();
  auto defaults = ReadSettings(estate.default_settings, "default setting");
  auto system = ReadSettings(estate.system_settings, "system setting");
  if (!defaults) return defaults.error();
  if (!system) return system.error();
  world.default_settings = std::move(defaults).value();
  world.system_settings = std::move(system).value();
  for (const SimApiKey& key : world.api_keys) {
    if (key.role == nullptr) return Bad("API key", TextOr(key.record, "keyName", ""), "its role does not exist");
  }
  return world;
}

}  // namespace sallyport::sim
