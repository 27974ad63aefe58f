// SPDX-License-Identifier: Apache-2.0
//
// Estate files: YAML in, one JSON text per record out. The tables of swp_schema.h say which keys there are and which
// type each scalar has, so that `"12"` and `12` cannot be mixed up.
#include <yaml-cpp/yaml.h>

#include <boost/json.hpp>
#include <charconv>

#include "base/text.h"
#include "sim/serve.h"
#include "sim/swp_estate.h"
#include "sim/swp_schema.h"

namespace sallyport::sim {
namespace {

namespace json = boost::json;

// A problem in the file, with its line. Thrown inside this file only.
struct Problem {
  int line;  // from 1; 0 = unknown
  std::string text;
};

[[noreturn]] void Complain(const YAML::Node& node, const std::string& text) {
  throw Problem{node.Mark().line + 1, text};
}

std::string Scalar(const YAML::Node& node, std::string_view key) {
  if (!node.IsScalar()) Complain(node, "`" + std::string(key) + "`: expected a single value");
  return node.Scalar();
}

json::value Number(const YAML::Node& node, std::string_view key) {
  const auto text = Scalar(node, key);
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) {
    Complain(node, "`" + std::string(key) + "`: `" + Printable(text, 40) + "` is not a whole number");
  }
  return number;
}

json::value Boolean(const YAML::Node& node, std::string_view key) {
  const auto text = Scalar(node, key);
  if (text != "true" && text != "false") Complain(node, "`" + std::string(key) + "`: expected true or false");
  return text == "true";
}

// A date is a duration before the start ("2d") or milliseconds.
json::value Date(const YAML::Node& node, std::string_view key) {
  const auto text = Scalar(node, key);
  const bool digits = text.find_first_not_of("0123456789") == std::string::npos;
  return digits && !text.empty() ? Number(node, key) : json::value(text);
}

json::object Record(const YAML::Node& node, std::string_view what, Fields fields, Fields sim_fields);

template <class Read>
json::array List(const YAML::Node& node, std::string_view key, Read read) {
  if (!node.IsSequence()) Complain(node, "`" + std::string(key) + "`: expected a list");
  json::array all;
  for (const auto& element : node) all.emplace_back(read(element));
  return all;
}

json::object SettingsIn(const YAML::Node& node, std::string_view key, bool wrapped) {
  if (!node.IsMap()) Complain(node, "`" + std::string(key) + "`: expected names and values");
  json::object settings;
  for (const auto& member : node) {
    const auto name = Scalar(member.first, key);
    const auto value = Scalar(member.second, name);
    settings[name] = wrapped ? json::value(json::object{{"value", value}}) : json::value(value);
  }
  return settings;
}

json::value Value(const YAML::Node& node, const Field& field) {
  const auto read_text = [&](const YAML::Node& element) { return json::value(Scalar(element, field.name)); };
  const auto read_number = [&](const YAML::Node& element) { return Number(element, field.name); };
  const auto read_record = [&](const YAML::Node& element) {
    return json::value(Record(element, field.name, field.fields, {}));
  };
  switch (field.kind) {
    case FieldKind::kString:
      return read_text(node);
    case FieldKind::kInt:
    case FieldKind::kNumber:
      return read_number(node);
    case FieldKind::kBool:
      return Boolean(node, field.name);
    case FieldKind::kDate:
      return Date(node, field.name);
    case FieldKind::kStrings:
      return List(node, field.name, read_text);
    case FieldKind::kInts:
      return List(node, field.name, read_number);
    case FieldKind::kObject:
      return read_record(node);
    case FieldKind::kObjects:
      return List(node, field.name, read_record);
    case FieldKind::kSettings:
      return SettingsIn(node, field.name, true);
  }
  return nullptr;
}

json::object Record(const YAML::Node& node, std::string_view what, Fields fields, Fields sim_fields) {
  if (!node.IsMap()) Complain(node, "`" + std::string(what) + "`: expected names and values");
  json::object record;
  for (const auto& member : node) {
    const auto key = Scalar(member.first, what);
    if (record.contains(key)) Complain(member.first, "`" + Printable(key, 60) + "` is there twice");
    if (key == "sim" && !sim_fields.empty()) {
      record["sim"] = Record(member.second, "sim", sim_fields, {});
      continue;
    }
    const Field* field = FindField(fields, key);
    if (field == nullptr)
      Complain(member.first, "unknown key `" + Printable(key, 60) + "` in `" + std::string(what) + "`");
    record[key] = Value(member.second, *field);
  }
  return record;
}

struct Section {
  std::string_view key;
  Fields fields;
  Fields sim_fields;
  std::vector<std::string> SwpEstate::*records;
};

std::vector<Section> Sections() {
  return {{"roles", RoleFields(), {}, &SwpEstate::roles},
          {"apiKeys", ApiKeyFields(), ApiKeySimFields(), &SwpEstate::api_keys},
          {"applicationTypes", ApplicationTypeFields(), {}, &SwpEstate::application_types},
          {"intrusionPreventionRules", IntrusionPreventionRuleFields(), RuleSimFields(),
           &SwpEstate::intrusion_prevention_rules},
          {"integrityMonitoringRules", IntegrityMonitoringRuleFields(), RuleSimFields(),
           &SwpEstate::integrity_monitoring_rules},
          {"logInspectionRules", LogInspectionRuleFields(), RuleSimFields(), &SwpEstate::log_inspection_rules},
          {"firewallRules", FirewallRuleFields(), {}, &SwpEstate::firewall_rules},
          {"policies", PolicyFields(), {}, &SwpEstate::policies},
          {"computerGroups", ComputerGroupFields(), {}, &SwpEstate::groups},
          {"awsConnectors", AwsConnectorFields(), {}, &SwpEstate::aws_connectors},
          {"ipLists", IpListFields(), {}, &SwpEstate::ip_lists},
          {"computers", ComputerFields(), ComputerSimFields(), &SwpEstate::computers}};
}

void ReadSection(const YAML::Node& key_node, const YAML::Node& node, const std::string& key, SwpEstate& estate) {
  if (key == "shared") return;  // a place for YAML anchors
  if (key == "defaultSettings") {
    estate.default_settings = json::serialize(SettingsIn(node, key, false));
    return;
  }
  if (key == "systemSettings") {
    estate.system_settings = json::serialize(SettingsIn(node, key, false));
    return;
  }
  for (const Section& section : Sections()) {
    if (section.key != key) continue;
    if (!node.IsSequence()) Complain(node, "`" + key + "`: expected a list");
    for (const auto& element : node) {
      (estate.*section.records).push_back(json::serialize(Record(element, key, section.fields, section.sim_fields)));
    }
    return;
  }
  Complain(key_node, "unknown key `" + Printable(key, 60) + "`");
}

Error EstateError(std::string_view file, int line, const std::string& text) {
  return {ErrorCode::kInvalidInput, std::string(file) + " line " + std::to_string(line) + ": " + text, ""};
}

}  // namespace

Result<SwpEstate> ReadSwpEstate(std::string_view yaml, std::string_view file_name) {
  try {
    const YAML::Node root = YAML::Load(std::string(yaml));
    if (!root.IsMap()) Complain(root, "expected names and values");
    SwpEstate estate;
    for (const auto& member : root) ReadSection(member.first, member.second, Scalar(member.first, "estate"), estate);
    return estate;
  } catch (const Problem& problem) {
    return EstateError(file_name, problem.line, problem.text);
  } catch (const YAML::Exception& failed) {
    return EstateError(file_name, failed.mark.line + 1, failed.msg);
  }
}

Result<SwpEstate> ReadSwpEstateFile(const std::string& path) {
  const auto text = ReadEstateFile(path);
  if (!text) return text.error();
  return ReadSwpEstate(*text, path);
}

}  // namespace sallyport::sim
