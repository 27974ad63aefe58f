// SPDX-License-Identifier: Apache-2.0
#include "config/load.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "base/text.h"
#include "config/api_key.h"
#include "config/file.h"
#include "config/keys.h"
#include "config/owners_file.h"
#include "config/reading.h"
#include "config/yaml.h"

namespace sallyport {
namespace {

constexpr std::string_view kPrefix = "SALLYPORT_";
constexpr const char* kDefaultFile = "sallyport.yaml";

using Keys = std::vector<SettingsKey>;

const SettingsKey* FindPath(std::string_view path, const Keys& keys) {
  for (const SettingsKey& key : keys) {
    if (key.path == path && !path.empty()) return &key;
  }
  return nullptr;
}

const SettingsKey* FindVariable(std::string_view variable, const Keys& keys) {
  for (const SettingsKey& key : keys) {
    if (key.variable == variable) return &key;
  }
  return nullptr;
}

// The keys that may stand in a section ("" is the whole file), in the table's order.
std::vector<std::string_view> KeysIn(std::string_view section, const Keys& keys) {
  const std::string start = section.empty() ? "" : std::string(section) + ".";
  std::vector<std::string_view> names;
  for (const SettingsKey& key : keys) {
    if (key.path.empty() || !key.path.starts_with(start)) continue;
    const std::string_view rest = key.path.substr(start.size());
    const std::string_view name = rest.substr(0, rest.find('.'));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

std::string Joined(const std::vector<std::string_view>& words) {
  std::string joined;
  for (const std::string_view word : words) joined += (joined.empty() ? "" : ", ") + std::string(word);
  return joined;
}

// A key that stands in the wrong section: " (did you mean `swp.deadline`?)".
std::string SamePlaceElsewhere(std::string_view name, const Keys& keys) {
  for (const SettingsKey& key : keys) {
    const std::size_t dot = key.path.rfind('.');
    if (dot == std::string_view::npos || key.path.substr(dot + 1) != name) continue;
    return " (did you mean `" + std::string(key.path) + "`?)";
  }
  return "";
}

class FileReader {
 public:
  FileReader(std::string_view file, Draft& draft) : file_(Printable(file, 200)), draft_(draft) {}

  // The depth is that of the table: only sections in it are entered.
  void ReadSection(const YamlNode& node, const std::string& section) {
    if (node.kind == YamlNode::Kind::kNull) return;  // "swp:" with everything under it commented out
    if (node.kind != YamlNode::Kind::kMap) {
      const std::string name = section.empty() ? "" : section + ": ";
      return AddProblem(node.line, name + std::string(TypeName(node)) + " is not a map; allowed: a map of " +
                                       Joined(KeysIn(section, draft_.keys)));
    }
    std::map<std::string_view, int> first_lines;
    for (const YamlMember& member : node.members) {
      const auto [first, is_new] = first_lines.emplace(member.key, member.line);
      if (is_new) {
        ReadMember(member, section);
      } else {
        RefuseRepeated(member, section, first->second);
      }
    }
  }

 private:
  void ReadMember(const YamlMember& member, const std::string& section) {
    const std::string path = section.empty() ? member.key : section + "." + member.key;
    const bool dotted = member.key.find('.') != std::string::npos;  // keys nest: `swp.url` is no key
    if (const SettingsKey* key = FindPath(path, draft_.keys); key != nullptr && !dotted) return ReadValue(member, *key);
    const bool section_name = !dotted && !member.key.empty() && !KeysIn(path, draft_.keys).empty();
    if (section_name) return ReadSection(member.value, path);
    RefuseUnknown(member, section, path);
  }

  void ReadValue(const YamlMember& member, const SettingsKey& key) {
    Reading reading(member.value, {SettingsSource::kFile, file_, key.path}, Filled(key.allowed, draft_.known.kinds),
                    draft_);
    sallyport::ReadValue(key, reading);
  }

  void RefuseRepeated(const YamlMember& member, const std::string& section, int first_line) {
    const std::string path = section.empty() ? member.key : section + "." + member.key;
    AddProblem(member.line, ShownText(path) + " is given twice, first in line " + std::to_string(first_line));
  }

  void RefuseUnknown(const YamlMember& member, const std::string& section, const std::string& path) {
    if (path == "swp.api_key") {
      return AddProblem(member.line,
                        "swp.api_key: the key itself does not belong in this file: put it into a file of its own and "
                        "name that in `swp.api_key_file`, or set SALLYPORT_SWP_API_KEY");
    }
    const std::vector<std::string_view> known = KeysIn(section, draft_.keys);
    std::string hint = DidYouMean(member.key, known);
    if (hint.empty()) hint = SamePlaceElsewhere(member.key, draft_.keys);
    if (FindPath(member.key, draft_.keys) != nullptr) hint = " (keys are nested, not written with a dot)";
    const std::string where = section.empty() ? "here" : "in `" + section + "`";
    AddProblem(member.line,
               "unknown key " + ShownText(member.key) + hint + "; allowed " + where + ": " + Joined(known));
  }

  void AddProblem(int line, const std::string& what) {
    draft_.AddProblem(file_ + ":" + std::to_string(line) + ": " + what);
  }

  std::string file_;
  Draft& draft_;
};

void ReadText(std::string_view yaml_text, std::string_view file_name, Draft& draft) {
  const auto root = ParseYaml(yaml_text, file_name);
  if (!root.ok()) return draft.AddProblem(root.error().message);
  FileReader(file_name, draft).ReadSection(*root, "");
}

void RefuseVariable(const std::string& name, Draft& draft) {
  std::vector<std::string_view> known;
  for (const SettingsKey& key : draft.keys) {
    if (!key.variable.empty()) known.push_back(key.variable);
  }
  known.push_back(OtherVariables().front());
  draft.AddProblem(ShownText(name) + ": unknown environment variable" + DidYouMean(name, known) +
                   "; allowed: " + Joined(known));
}

// Channels may take their secrets from variables with our prefix.
bool IsChannelVariable(std::string_view name, const Settings& settings) {
  const auto& channels = settings.notify.channels;
  return std::any_of(channels.begin(), channels.end(), [name](const ChannelSettings& channel) {
    return channel.url.variable == name || channel.token.variable == name || channel.secret.variable == name;
  });
}

void ReadVariables(const Environment& environment, Draft& draft) {
  for (auto it = environment.lower_bound(kPrefix); it != environment.end(); ++it) {
    const auto& [name, value] = *it;
    if (!name.starts_with(kPrefix)) return;
    if (value.empty()) continue;
    const auto others = OtherVariables();
    if (std::find(others.begin(), others.end(), name) != others.end()) continue;
    const SettingsKey* key = FindVariable(name, draft.keys);
    if (key == nullptr) {
      if (IsChannelVariable(name, draft.settings)) continue;
      RefuseVariable(name, draft);
      continue;
    }
    YamlNode node;
    node.kind = YamlNode::Kind::kText;
    node.text = value;
    Reading reading(node, {SettingsSource::kEnvironment, "", key->variable}, Filled(key->allowed, draft.known.kinds),
                    draft);
    ReadValue(*key, reading);
  }
}

Draft ReadAll(std::optional<std::string_view> yaml_text, std::string_view file_name, const Environment& environment,
              const Vocabulary& known) {
  Draft draft(known);
  if (yaml_text) ReadText(*yaml_text, file_name, draft);
  ReadVariables(environment, draft);
  return draft;
}

void ReadKeyFile(Draft& draft) {
  SwpSettings& swp = draft.settings.swp;
  if (swp.api_key_file.empty() || !swp.api_key.empty()) return;
  auto key = ReadApiKeyFile(swp.api_key_file);
  if (!key.ok()) return draft.AddProblem("swp.api_key_file: " + key.error().ToText());
  swp.api_key = *std::move(key);
  swp.api_key_source = "file `" + Printable(swp.api_key_file, 200) + "`";
}

void ReadOwnersFile(Draft& draft) {
  const std::string& path = draft.settings.notify.owners_file;
  if (path.empty()) return;
  const auto bytes = ReadSmallFile(path, kYamlBytes, FileHolds::kSettings);
  if (!bytes.ok()) return draft.AddProblem("notify.owners_file: " + bytes.error().ToText());
  OwnersFile owners = ParseOwners(*bytes, path);
  for (std::string& problem : owners.problems) draft.AddProblem(std::move(problem));
  draft.settings.notify.owners.directory = std::move(owners.directory);
}

Result<Settings> Finish(Draft draft) {
  if (draft.problem_count == 0) return std::move(draft.settings);
  std::string message;
  for (const std::string& problem : draft.problems) message += (message.empty() ? "" : "\n") + problem;
  const std::size_t more = draft.problem_count - draft.problems.size();
  if (more != 0) message += "\nand " + std::to_string(more) + " more";
  return Error{ErrorCode::kInvalidInput, std::move(message), ""};
}

std::string ValueOf(const Environment& environment, std::string_view name) {
  const auto it = environment.find(name);
  return it == environment.end() ? "" : it->second;
}

// Which file, and who named it; an empty name is "no file".
struct ChosenFile {
  std::string path;
  std::string_view named_by;
};

ChosenFile ChooseFile(const std::string& path, const Environment& environment) {
  if (!path.empty()) return {path, "--config"};
  if (std::string named = ValueOf(environment, OtherVariables().front()); !named.empty()) {
    return {std::move(named), OtherVariables().front()};
  }
  std::error_code ignored;  // what cannot be looked at is not taken for absent: reading it gives the real error
  const bool absent = std::filesystem::status(kDefaultFile, ignored).type() == std::filesystem::file_type::not_found;
  return absent ? ChosenFile{} : ChosenFile{kDefaultFile, "found in the working directory"};
}

}  // namespace

Environment ReadEnvironment(const char* const* variables) {
  Environment environment;
  for (; variables != nullptr && *variables != nullptr; ++variables) {
    const std::string_view line = *variables;
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    environment.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  return environment;
}

Result<Settings> LoadSettings(std::optional<std::string_view> yaml_text, std::string_view file_name,
                              const Environment& environment, const Vocabulary& known) {
  return Finish(ReadAll(yaml_text, file_name, environment, known));
}

Result<Settings> LoadSettingsFrom(const std::string& path, const Environment& environment, const Vocabulary& known) {
  const ChosenFile file = ChooseFile(path, environment);
  std::optional<std::string> text;
  if (!file.path.empty()) {
    auto bytes = ReadSmallFile(file.path, kYamlBytes, FileHolds::kSettings);
    if (!bytes.ok()) return bytes.error().In("settings (" + std::string(file.named_by) + ")");
    text = *std::move(bytes);
  }
  Draft draft = ReadAll(text, file.path, environment, known);
  ReadKeyFile(draft);
  ReadOwnersFile(draft);
  return Finish(std::move(draft));
}

Status CheckCanAskSwp(const SwpSettings& settings) {
  if (settings.url.empty()) {
    return Error{ErrorCode::kInvalidInput, "SWP is not configured: no address",
                 "set `swp.region` or `swp.url` in the settings, or SALLYPORT_SWP_REGION or SALLYPORT_SWP_URL"};
  }
  if (settings.api_key.empty()) {
    return Error{ErrorCode::kInvalidInput, "SWP is not configured: no API key",
                 "set `swp.api_key_file` in the settings, or SALLYPORT_SWP_API_KEY"};
  }
  return Ok();
}

}  // namespace sallyport
