// SPDX-License-Identifier: Apache-2.0
#include "config/channels.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>
#include <string>

#include "base/ids.h"
#include "base/text.h"
#include "config/api_key.h"
#include "config/reading.h"
#include "notify/render_slack.h"

namespace sallyport {
namespace {

constexpr std::array<std::string_view, 6> kTypes = {"console",   "json-lines", "slack-webhook",
                                                    "slack-bot", "teams",      "webhook"};
constexpr std::array<ChannelType, 6> kTypeValues = {ChannelType::kConsole,      ChannelType::kJsonLines,
                                                    ChannelType::kSlackWebhook, ChannelType::kSlackBot,
                                                    ChannelType::kTeams,        ChannelType::kWebhook};
constexpr std::array<std::string_view, 16> kChannelKeys = {
    "name",    "type",     "min_severity", "audience",   "opened_from", "hears",       "accounts", "owners",
    "url_env", "url_file", "token_env",    "token_file", "secret_env",  "secret_file", "channel",  "path"};
constexpr std::array<std::string_view, 3> kSecrets = {"url", "token", "secret"};
constexpr std::size_t kChannelNameBytes = 64;
constexpr std::size_t kChannelTextBytes = 256;
constexpr std::size_t kChannelPathBytes = 4'095;
constexpr std::size_t kChannelListEntries = 1'000;

bool NameOnlyHas(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [others](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  });
}

bool IsVariable(std::string_view text) {
  return !text.empty() && text.size() <= kChannelTextBytes && NameOnlyHas(text, "_") &&
         !(text[0] >= '0' && text[0] <= '9');
}

// One channel of the list.
class ChannelReader {
 public:
  ChannelReader(Reading& reading, const YamlNode& node) : reading_(reading), node_(node) {}

  std::optional<ChannelSettings> Read() {
    if (node_.kind != YamlNode::Kind::kMap) {
      reading_.Refuse(node_, std::string(TypeName(node_)) + " is not a map");
      return std::nullopt;
    }
    for (const YamlMember& member : node_.members) ReadMember(member);
    if (good_) CheckWhole();
    return good_ ? std::optional(channel_) : std::nullopt;
  }

 private:
  void Refuse(const YamlNode& node, const std::string& what) {
    good_ = false;
    const std::string name = channel_.name.empty() ? "" : "channel `" + channel_.name + "`: ";
    reading_.RefusePlainly(node, name + what);
  }

  bool IsText(const YamlNode& node, std::size_t most) {
    const bool text = reading_.IsText(node, most);
    good_ = good_ && text;
    return text;
  }

  void ReadMember(const YamlMember& member) {
    YamlNode place = member.value;
    place.line = member.line;
    if (std::find(kChannelKeys.begin(), kChannelKeys.end(), member.key) == kChannelKeys.end())
      return RefuseUnknown(member.key, place);
    if (!seen_.insert(member.key).second) return Refuse(place, "`" + member.key + "` is given twice");
    if (member.key == "name") return ReadName(member.value);
    if (member.key == "type") return ReadType(member.value);
    if (member.key == "min_severity") return ReadSeverity(member.key, member.value, channel_.min_severity);
    if (member.key == "opened_from") return ReadSeverity(member.key, member.value, channel_.opened_from);
    if (member.key == "audience") return ReadAudience(member.value);
    if (member.key == "hears") return ReadHears(member.value);
    if (member.key == "accounts" || member.key == "owners") return ReadList(member.key, member.value);
    if (member.key == "channel") return ReadSlackChannel(member.value);
    if (member.key == "path") return ReadPath(member.value, channel_.path);
    ReadSecret(member.key, member.value);
  }

  void RefuseUnknown(const std::string& key, const YamlNode& place) {
    if (std::find(kSecrets.begin(), kSecrets.end(), key) != kSecrets.end()) {
      return Refuse(place, "`" + key + "` itself does not belong in this file: name an environment variable in `" +
                               key + "_env`, or a file in `" + key + "_file`");
    }
    std::string allowed;
    for (const std::string_view known : kChannelKeys) allowed += (allowed.empty() ? "" : ", ") + std::string(known);
    Refuse(place, "unknown key " + ShownText(key) + DidYouMean(key, kChannelKeys) + "; allowed: " + allowed);
  }

  void ReadName(const YamlNode& value) {
    if (!IsText(value, kChannelNameBytes)) return;
    if (!NameOnlyHas(value.text, "-_.:")) return Refuse(value, "`name` may hold a-z, A-Z, 0-9 and -_.: only");
    channel_.name = value.text;
  }

  void ReadType(const YamlNode& value) {
    if (!IsText(value, kChannelNameBytes)) return;
    const auto found = std::find(kTypes.begin(), kTypes.end(), value.text);
    if (found != kTypes.end()) {
      channel_.type = kTypeValues[static_cast<std::size_t>(found - kTypes.begin())];
      return;
    }
    std::string allowed;
    for (const std::string_view type : kTypes) allowed += (allowed.empty() ? "" : ", ") + std::string(type);
    Refuse(value, "type " + ShownText(value.text) + " is not one of them" + DidYouMean(value.text, kTypes) +
                      "; allowed: " + allowed);
  }

  void ReadSeverity(const std::string& key, const YamlNode& value, double& into) {
    if (!IsText(value, kChannelNameBytes)) return;
    const std::string& text = value.text;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    const bool number = error == std::errc{} && end == text.data() + text.size();
    // A NaN is in no range.
    if (number && into >= 0 && into <= 10) return;
    Refuse(value, "`" + key + "` " + ShownText(text) + " is not a number from 0 to 10");
  }

  void ReadAudience(const YamlNode& value) {
    if (!IsText(value, kChannelNameBytes)) return;
    channel_.for_owners = value.text == "owners";
    if (channel_.for_owners || value.text == "on-call") return;
    Refuse(value, "`audience` " + ShownText(value.text) + " is not one of them; allowed: on-call, owners");
  }

  void ReadHears(const YamlNode& value) {
    if (value.kind != YamlNode::Kind::kList)
      return Refuse(value, "`hears`: " + std::string(TypeName(value)) + " is not a list");
    if (value.items.empty()) return Refuse(value, "`hears` is empty: leave it out, or name what the channel hears of");
    if (value.items.size() > kChannelListEntries) return Refuse(value, "`hears`: more than 1000 in the list");
    for (const YamlNode& item : value.items) {
      if (!IsText(item, kChannelTextBytes)) continue;
      if (const auto kind = MessageKindFromString(item.text)) {
        channel_.hears.insert(*kind);
        continue;
      }
      Refuse(item, "`hears`: " + ShownText(item.text) +
                       " is not one of them; allowed: update, opened, needs-approval, needs-person, failed, reminder, "
                       "closed");
    }
  }

  void ReadList(const std::string& key, const YamlNode& value) {
    if (value.kind != YamlNode::Kind::kList)
      return Refuse(value, "`" + key + "`: " + std::string(TypeName(value)) + " is not a list");
    if (value.items.size() > kChannelListEntries) return Refuse(value, "`" + key + "`: more than 1000 in the list");
    for (const YamlNode& item : value.items) {
      if (!IsText(item, kChannelTextBytes)) continue;
      if (key == "owners") {
        channel_.owners.insert(ToLowerAscii(item.text));
      } else if (ParseAccountId(item.text).ok()) {
        channel_.accounts.insert(item.text);
      } else {
        Refuse(item, "`accounts`: " + ShownText(item.text) + " is not an account id");
      }
    }
  }

  void ReadSlackChannel(const YamlNode& value) {
    if (!IsText(value, kChannelTextBytes)) return;
    channel_.channel = value.text;
    if (IsSlackChannel(value.text)) return;
    Refuse(value, "`channel` " + ShownText(value.text) + " is not the id of a Slack channel, like `C012AB3CD`");
  }

  void ReadPath(const YamlNode& value, std::string& into) {
    if (!IsText(value, kChannelPathBytes)) return;
    if (value.text.starts_with('~')) return Refuse(value, ShownText(value.text) + ": `~` is not replaced here");
    if (LooksLikeSecret(value.text)) {
      return Refuse(value,
                    "this looks like the secret itself (not shown; a file of such a name can be given with its "
                    "folder)");
    }
    into = value.text;
  }

  SecretSource& SourceOf(std::string_view key) {
    if (key.starts_with("url")) return channel_.url;
    return key.starts_with("token") ? channel_.token : channel_.secret;
  }

  void ReadSecret(const std::string& key, const YamlNode& value) {
    SecretSource& source = SourceOf(key);
    if (key.ends_with("_file")) return ReadPath(value, source.file);
    if (!IsText(value, kChannelPathBytes)) return;
    // Not shown: it may be the secret itself.
    if (!IsVariable(value.text)) return Refuse(value, "`" + key + "` is not the name of an environment variable");
    source.variable = value.text;
  }

  void Needs(bool there, const char* what) {
    if (!there) Refuse(node_, std::string(ToString(channel_.type)) + " needs " + what);
  }

  void NotUsed(bool there, const char* what) {
    if (there) Refuse(node_, std::string(ToString(channel_.type)) + " has no use for " + what);
  }

  void CheckSource(const SecretSource& source, std::string_view key) {
    if (source.variable.empty() || source.file.empty()) return;
    Refuse(node_, "`" + std::string(key) + "_env` and `" + std::string(key) + "_file` exclude each other");
  }

  void CheckWhole() {
    if (channel_.name.empty()) return Refuse(node_, "a channel needs a `name`");
    if (!seen_.contains("type")) return Refuse(node_, "it needs a `type`");
    CheckSource(channel_.url, "url");
    CheckSource(channel_.token, "token");
    CheckSource(channel_.secret, "secret");
    const ChannelType type = channel_.type;
    const bool local = type == ChannelType::kConsole || type == ChannelType::kJsonLines;
    const bool bot = type == ChannelType::kSlackBot;
    if (local) NotUsed(channel_.url.given(), "`url_env` and `url_file`");
    if (!local && !bot) Needs(channel_.url.given(), "`url_env` or `url_file`");
    if (bot) Needs(channel_.token.given(), "`token_env` or `token_file`");
    if (bot) Needs(!channel_.channel.empty(), "`channel`");
    if (!bot) NotUsed(channel_.token.given(), "`token_env` and `token_file`");
    if (!bot) NotUsed(!channel_.channel.empty(), "`channel`");
    if (type == ChannelType::kWebhook) Needs(channel_.secret.given(), "`secret_env` or `secret_file`");
    if (type != ChannelType::kWebhook) NotUsed(channel_.secret.given(), "`secret_env` and `secret_file`");
    if (type != ChannelType::kJsonLines) NotUsed(!channel_.path.empty(), "`path`");
  }

  Reading& reading_;
  const YamlNode& node_;
  ChannelSettings channel_;
  std::set<std::string> seen_;
  bool good_ = true;
};

}  // namespace

void ReadChannels(Reading& reading) {
  const YamlNode& node = reading.node();
  auto& channels = reading.settings().notify.channels;
  channels.clear();
  if (node.kind != YamlNode::Kind::kList) return reading.Refuse(node, std::string(TypeName(node)) + " is not a list");
  if (node.items.size() > kMostChannels) return reading.Refuse(node, "more than 20 in the list");
  std::set<std::string> names;
  for (const YamlNode& item : node.items) {
    auto channel = ChannelReader(reading, item).Read();
    if (!channel) continue;
    if (!names.insert(channel->name).second) {
      reading.RefusePlainly(item, "there are two channels `" + channel->name + "`");
    } else {
      channels.push_back(*std::move(channel));
    }
  }
}

std::string_view ToString(ChannelType type) {
  const auto found = std::find(kTypeValues.begin(), kTypeValues.end(), type);
  return kTypes[static_cast<std::size_t>(found - kTypeValues.begin())];
}

}  // namespace sallyport
