// SPDX-License-Identifier: Apache-2.0
//
// Holds docs/settings.md, docs/examples/sallyport.yaml, the table of keys and the structs' defaults together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/test_files.h"
#include "config/keys.h"
#include "config/known_for_test.h"
#include "config/load.h"
#include "config/yaml.h"

namespace sallyport {
namespace {

using ::testing::HasSubstr;

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string AsCode(std::string_view text) {
  return text.empty() ? "-" : "`" + std::string(text) + "`";
}

const std::vector<SettingsKey>& AllKeys() {
  static const std::vector<SettingsKey> keys = SettingsKeysWith(KnownForTest().keys);
  return keys;
}

// The row that a key has in docs/settings.md.
std::string RowOf(const SettingsKey& key) {
  return "| " + AsCode(key.path) + " | " + AsCode(key.variable) + " | " + AsCode(Filled(key.fallback, KindsForTest())) +
         " | " + Filled(key.allowed, KindsForTest()) + " | " + std::string(key.meaning) + " |";
}

// Every value of the settings, so that two can be compared and a difference is seen.
std::string AllOf(const Settings& s) {
  std::ostringstream out;
  out << "mode " << static_cast<int>(s.gates.mode) << "\naccounts";
  for (const auto& [account, mode] : s.gates.account_modes) out << ' ' << account << static_cast<int>(mode);
  out << "\nallow";
  for (const auto& action : s.gates.allowed_actions) out << ' ' << action;
  out << "\ntag " << s.gates.exclusion_tag << '=' << s.gates.exclusion_tag_value << ' '
      << s.gates.refuse_when_tags_unknown << "\ntimes " << s.gates.cool_down.count() << ' '
      << s.gates.max_event_age.count() << "\nkill " << s.gates.kill_switch_file << "\nswp " << s.swp.url << ' '
      << static_cast<int>(s.swp.authentication) << " key " << s.swp.api_key_file << s.swp.api_key.empty()
      << s.swp.api_key_source << " ca " << s.swp.ca_file << " proxy " << s.swp.proxy << ' ' << s.swp.deadline.count()
      << ' ' << s.swp.requests_per_minute << "\nmodules";
  for (const auto module : s.protection.required_modules) out << ' ' << static_cast<int>(module);
  out << "\noffline " << s.protection.offline_after.count() << "\nledger " << s.ledger.path << "\nowners";
  for (const auto& tag : s.notify.owners.owner_tags) out << ' ' << tag;
  out << "\ndefault owner " << s.notify.owners.default_owner << "\nowners file " << s.notify.owners_file
      << "\nchannels";
  for (const auto& channel : s.notify.channels) out << ' ' << channel.name;
  out << "\nreach " << s.gates.max_hosts << ' ' << s.gates.approve_above_hosts << ' '
      << s.gates.approval_expires.count() << "\napprove";
  for (const auto& action : s.gates.approve_actions) out << ' ' << action;
  out << "\nwindowed";
  for (const auto& action : s.gates.windowed_actions) out << ' ' << action;
  for (const auto& window : s.gates.windows) out << ' ' << window.text;
  out << "\napply " << ToString(s.apply.placement) << ' ' << s.apply.max_rules;
  for (const auto module : s.apply.modules) out << ' ' << swp::PathName(module);
  out << "\nfollow-up";
  for (const Schedule& schedule : {s.follow_up.scan, s.follow_up.rules, s.follow_up.host, s.follow_up.outcome}) {
    out << ' ' << schedule.first.count() << '/' << schedule.longest.count() << '/' << schedule.give_up.count();
  }
  out << "\naws " << s.aws.region << ' ' << s.aws.role_name << ' ' << s.aws.external_id;
  for (const auto& region : s.aws.regions) out << ' ' << region;
  for (const auto& [account, role] : s.aws.accounts) out << ' ' << account << '=' << role;
  for (const OwnKey& own : KnownForTest().keys) out << "\n" << own.path << ' ' << own.text(s.rows);
  out << "\nlambda " << s.lambda.deadline_margin.count() << "\nlog " << static_cast<int>(s.log.level);
  return out.str();
}

// The example with the settings put in that it only mentions: a `#` right before a key is taken away.
std::string ExampleInFull() {
  std::string text;
  for (std::string line : LinesOf(ReadFile(SALLYPORT_SOURCE_DIR "/docs/examples/sallyport.yaml"))) {
    const std::size_t hash = line.find_first_not_of(' ');
    const bool prose = hash == std::string::npos || line.compare(hash, 2, "# ") == 0;
    const bool in_accounts = hash != std::string::npos && line.compare(hash, 4, "#  \"") == 0;
    if ((!prose || in_accounts) && line[hash] == '#') line.erase(hash, 1);
    text += line + "\n";
  }
  return text;
}

void CollectPaths(const YamlNode& node, const std::string& path, std::set<std::string>& paths) {
  paths.insert(path);
  for (const YamlMember& member : node.members) {
    CollectPaths(member.value, path.empty() ? member.key : path + "." + member.key, paths);
  }
}

// `swp.deadline` and `30s` as `swp: {deadline: 30s}`.
std::string AsYaml(std::string_view path, std::string_view value) {
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) return std::string(path) + ": " + std::string(value);
  return std::string(path.substr(0, dot)) + ": {" + AsYaml(path.substr(dot + 1), value) + "}";
}

TEST(SettingsKeys, HaveTheDefaultsOfTheStructs) {
  Settings defaults;
  defaults.gates = DefaultGates(KindsForTest());
  for (const SettingsKey& key : AllKeys()) {
    if (key.fallback.empty()) continue;
    const auto settings =
        LoadSettings(AsYaml(key.path, Filled(key.fallback, KindsForTest())), "default", {}, KnownForTest());
    ASSERT_TRUE(settings.ok()) << settings.error().ToText();
    EXPECT_EQ(AllOf(*settings), AllOf(defaults)) << key.path;
  }
}

TEST(SettingsKeys, AreUnique) {
  std::set<std::string_view> names;
  for (const SettingsKey& key : AllKeys()) {
    for (const std::string_view name : {key.path, key.variable}) {
      EXPECT_TRUE(name.empty() || names.insert(name).second) << name;
    }
    EXPECT_FALSE(key.path.empty() && key.variable.empty());
  }
}

TEST(SettingsKeys, NameEveryModule) {
  for (const SettingsKey& key : AllKeys()) {
    if (key.path != "protection.required_modules") continue;
    for (const auto module : swp::kAllModules) {
      EXPECT_THAT(std::string(key.allowed), HasSubstr("`" + std::string(swp::ApiName(module)) + "`"));
    }
  }
}

TEST(SettingsDocument, HasARowForEveryKeyAndNoOther) {
  std::set<std::string> wanted;
  for (const SettingsKey& key : AllKeys()) wanted.insert(RowOf(key));
  std::set<std::string> found;
  for (const std::string& line : LinesOf(ReadFile(SALLYPORT_SOURCE_DIR "/docs/settings.md"))) {
    if (line.starts_with("| `") || line.starts_with("| - |")) found.insert(line);
  }
  for (const std::string& row : wanted) EXPECT_TRUE(found.contains(row)) << "docs/settings.md lacks this row:\n" << row;
  for (const std::string& row : found) EXPECT_TRUE(wanted.contains(row)) << "docs/settings.md has no key for:\n" << row;
}

TEST(SettingsExample, IsTheDefaultsAndARegion) {
  const auto settings = LoadSettings(ReadFile(SALLYPORT_SOURCE_DIR "/docs/examples/sallyport.yaml"), "sallyport.yaml",
                                     {}, KnownForTest());
  ASSERT_TRUE(settings.ok()) << settings.error().ToText();
  Settings defaults;
  defaults.gates = DefaultGates(KindsForTest());
  defaults.swp.url = "https://workload.us-1.cloudone.trendmicro.com/api";
  EXPECT_EQ(AllOf(*settings), AllOf(defaults));
}

TEST(SettingsExample, HoldsEveryKey) {
  const std::string text = ExampleInFull();
  const auto root = ParseYaml(text, "sallyport.yaml");
  ASSERT_TRUE(root.ok()) << root.error().message;
  std::set<std::string> paths;
  CollectPaths(*root, "", paths);
  for (const SettingsKey& key : AllKeys()) EXPECT_TRUE(paths.contains(std::string(key.path))) << key.path;
}

TEST(SettingsExample, IsInOrderWhenEverythingInItIsUsed) {
  std::string text = ExampleInFull();
  const std::string region = "  region: us-1\n";  // excludes `url`
  ASSERT_NE(text.find(region), std::string::npos);
  text.erase(text.find(region), region.size());
  const auto settings = LoadSettings(text, "sallyport.yaml", {}, KnownForTest());
  ASSERT_TRUE(settings.ok()) << settings.error().ToText();
  EXPECT_EQ(settings->swp.url, "https://manager.example.com:4119/api");
  EXPECT_EQ(settings->gates.account_modes.size(), 1U);
}

}  // namespace
}  // namespace sallyport
