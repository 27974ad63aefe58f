// SPDX-License-Identifier: Apache-2.0
//
// One entry of `notify.channels`, as plain data (docs/settings.md, docs/notifications.md).
#pragma once

#include <set>
#include <string>

#include "action/notify_owner.h"

namespace sallyport {

enum class ChannelType { kConsole, kJsonLines, kSlackWebhook, kSlackBot, kTeams, kWebhook };

// Where a secret is: the settings file itself never holds one.
struct SecretSource {
  std::string variable;  // of the environment
  std::string file;      // one of the two, or neither
  bool given() const { return !variable.empty() || !file.empty(); }
  bool operator==(const SecretSource&) const = default;
};

struct ChannelSettings {
  std::string name;  // "security": unique; the ledger knows the channel by it
  ChannelType type = ChannelType::kConsole;
  double min_severity = 0;
  bool for_owners = false;  // `audience: owners`; else on-call
  // From which severity it hears of openings.
  double opened_from = 7;
  // What it hears of; empty: what its audience does.
  std::set<MessageKind> hears;
  SecretSource url;                // slack-webhook, teams, webhook; of slack-bot: instead of https://slack.com/api
  SecretSource token;              // slack-bot
  SecretSource secret;             // webhook: the key of the signature
  std::string channel;             // slack-bot: "C012AB3CD"
  std::string path;                // json-lines; empty: standard output
  std::set<std::string> accounts;  // empty: all
  std::set<std::string> owners;    // empty: all; lower case
  bool operator==(const ChannelSettings&) const = default;
};

}  // namespace sallyport
