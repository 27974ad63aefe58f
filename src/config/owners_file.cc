// SPDX-License-Identifier: Apache-2.0
#include "config/owners_file.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/ids.h"
#include "base/text.h"
#include "config/reading.h"
#include "config/yaml.h"
#include "notify/render_slack.h"
#include "notify/render_teams.h"

namespace sallyport {
namespace {

constexpr std::array<std::string_view, 3> kSections = {"owners", "accounts", "groups"};
constexpr std::array<std::string_view, 5> kOwnerKeys = {"display", "email", "slack_user", "slack_channel", "teams"};
constexpr std::size_t kOwnerNameBytes = 100;
constexpr std::size_t kTagBytes = 256;  // a tag's value

std::string JoinedKeys(std::span<const std::string_view> words) {
  std::string joined;
  for (const std::string_view word : words) joined += (joined.empty() ? "" : ", ") + std::string(word);
  return joined;
}

bool IsEmail(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != 0 && at != std::string_view::npos && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos && text.find_first_of(" ,;<>\"") == std::string_view::npos;
}

class OwnersReader {
 public:
  explicit OwnersReader(std::string_view file) : file_(Printable(file, 200)) {}

  OwnersFile Read(const YamlNode& root) {
    if (root.kind == YamlNode::Kind::kNull) return {};
    // Owners first, wherever they stand: the other sections name them.
    ForEachMember(root, "", [this](const YamlMember& m) {
      if (std::find(kSections.begin(), kSections.end(), m.key) == kSections.end()) {
        Add(m.line,
            "unknown key " + ShownText(m.key) + DidYouMean(m.key, kSections) + "; allowed: " + JoinedKeys(kSections));
      }
      if (m.key == "owners") ForEachMember(m.value, m.key, [this](const YamlMember& owner) { ReadOwner(owner); });
    });
    for (const YamlMember& member : root.members) {
      const bool accounts = member.key == "accounts";
      if (!accounts && member.key != "groups") continue;
      ForEachMember(member.value, member.key, [&](const YamlMember& m) { ReadMapping(m, accounts); });
    }
    return std::move(result_);
  }

 private:
  void Add(int line, const std::string& what) {
    result_.problems.push_back(file_ + ":" + std::to_string(line) + ": " + what);
  }

  template <class Take>
  void ForEachMember(const YamlNode& node, const std::string& name, const Take& take) {
    if (node.kind == YamlNode::Kind::kNull) return;
    const std::string where = name.empty() ? "" : name + ": ";
    if (node.kind != YamlNode::Kind::kMap) return Add(node.line, where + std::string(TypeName(node)) + " is not a map");
    std::map<std::string_view, int> first_lines;
    for (const YamlMember& member : node.members) {
      const auto [first, is_new] = first_lines.emplace(member.key, member.line);
      if (is_new) {
        take(member);
      } else {
        Add(member.line,
            where + ShownText(member.key) + " is given twice, first in line " + std::to_string(first->second));
      }
    }
  }

  bool IsText(const YamlNode& node, const std::string& where, std::size_t most) {
    if (node.kind != YamlNode::Kind::kText) {
      Add(node.line, where + ": " + std::string(TypeName(node)) + " is not a value for this");
    } else if (Trim(node.text).empty() || node.text.size() > most) {
      Add(node.line, where + ": a text of 1 to " + std::to_string(most) + " bytes is needed");
    } else if (Printable(node.text, most) != node.text) {
      Add(node.line, where + ": " + ShownText(node.text) + " holds a character that cannot be shown");
    } else {
      return true;
    }
    return false;
  }

  void ReadOwner(const YamlMember& member) {
    YamlNode name;
    name.kind = YamlNode::Kind::kText;
    name.line = member.line;
    name.text = member.key;
    if (!IsText(name, "owners", kOwnerNameBytes)) return;
    if (member.key.find(',') != std::string::npos || Trim(member.key) != member.key) {
      return Add(member.line, "owners: " + ShownText(member.key) + " holds a comma, or a space at an end");
    }
    if (!names_.insert(ToLowerAscii(member.key)).second) {
      return Add(member.line, "owners: " + ShownText(member.key) + " is there already, in other letters");
    }
    OwnerAddress owner;
    owner.name = member.key;
    const std::string where = "owners." + Printable(member.key, kOwnerNameBytes);
    ForEachMember(member.value, where, [&](const YamlMember& m) { ReadAddress(m, where, owner); });
    result_.directory.owners.push_back(std::move(owner));
  }

  void ReadAddress(const YamlMember& member, const std::string& where, OwnerAddress& owner) {
    if (std::find(kOwnerKeys.begin(), kOwnerKeys.end(), member.key) == kOwnerKeys.end()) {
      return Add(member.line, where + ": unknown key " + ShownText(member.key) + DidYouMean(member.key, kOwnerKeys) +
                                  "; allowed: " + JoinedKeys(kOwnerKeys));
    }
    const std::string place = where + "." + member.key;
    if (!IsText(member.value, place, kTagBytes)) return;
    const std::string& text = member.value.text;
    const auto take = [&](bool right, std::string& into, const char* form) {
      if (!right) return Add(member.value.line, place + ": " + ShownText(text) + " is not " + form);
      into = text;
    };
    if (member.key == "display") return take(true, owner.display, "");
    if (member.key == "email") return take(IsEmail(text), owner.email, "an e-mail address");
    if (member.key == "slack_user") {
      return take(IsSlackUser(text), owner.slack_user, "the id of a Slack user or user group, like `U012AB3CD`");
    }
    if (member.key == "slack_channel") {
      return take(IsSlackChannel(text), owner.slack_channel, "the id of a Slack channel, like `C012AB3CD`");
    }
    take(IsTeamsUser(text), owner.teams, "a user principal name or an object id");
  }

  void ReadMapping(const YamlMember& member, bool accounts) {
    const std::string where = accounts ? "accounts" : "groups";
    if (accounts && !ParseAccountId(member.key).ok()) {
      return Add(member.line, where + ": " + ShownText(member.key) + " is not an account id");
    }
    if (Trim(member.key).empty()) return Add(member.line, where + ": a name is empty");
    if (!IsText(member.value, where, kOwnerNameBytes)) return;
    const OwnerAddress* owner = OwnerNamed(member.value.text);
    if (owner == nullptr) {
      std::vector<std::string_view> known;
      for (const OwnerAddress& o : result_.directory.owners) known.push_back(o.name);
      return Add(member.value.line, where + ": there is no owner " + ShownText(member.value.text) +
                                        DidYouMean(member.value.text, known) + " under `owners`");
    }
    auto& map = accounts ? result_.directory.accounts : result_.directory.groups;
    if (!map.emplace(ToLowerAscii(Trim(member.key)), owner->name).second) {
      Add(member.line, where + ": " + ShownText(member.key) + " is there already, in other letters");
    }
  }

  const OwnerAddress* OwnerNamed(std::string_view name) const {
    for (const OwnerAddress& owner : result_.directory.owners) {
      if (EqualsIgnoreCase(owner.name, name)) return &owner;
    }
    return nullptr;
  }

  std::string file_;
  OwnersFile result_;
  std::set<std::string> names_;
};

}  // namespace

OwnersFile ParseOwners(std::string_view yaml_text, std::string_view file_name) {
  const auto root = ParseYaml(yaml_text, file_name);
  if (!root.ok()) return {{}, {root.error().message}};
  return OwnersReader(file_name).Read(*root);
}

}  // namespace sallyport
