// SPDX-License-Identifier: Apache-2.0
#include "config/channels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/known_for_test.h"
#include "config/load.h"

namespace sallyport {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string ChannelsError(const std::string& channels, const Environment& environment = {}) {
  const auto settings = LoadSettings("notify:\n  channels:\n" + channels, "s.yaml", environment, KnownForTest());
  return settings.ok() ? "no error" : settings.error().ToText();
}

std::vector<ChannelSettings> LoadedChannels(const std::string& channels) {
  const auto settings = LoadSettings("notify:\n  channels:\n" + channels, "s.yaml", {}, KnownForTest());
  EXPECT_TRUE(settings.ok()) << settings.error().ToText();
  return settings.ok() ? settings->notify.channels : std::vector<ChannelSettings>{};
}

TEST(ReadChannels, ReadsEachType) {
  const auto channels = LoadedChannels(
      "  - {name: terminal, type: console}\n"
      "  - {name: archive, type: json-lines, path: /var/log/m.jsonl}\n"
      "  - {name: on-call, type: slack-webhook, url_env: ON_CALL, min_severity: 7.5}\n"
      "  - {name: soc, type: slack-bot, channel: C012AB3CD, token_file: token, url_env: SLACK_API}\n"
      "  - {name: owners, type: teams, url_file: /run/url, accounts: ['111122223333'], owners: [Team-Web]}\n"
      "  - {name: siem, type: webhook, url_env: SIEM_URL, secret_env: SIEM_SECRET}\n");
  ASSERT_EQ(channels.size(), 6U);
  EXPECT_EQ(channels[0].type, ChannelType::kConsole);
  EXPECT_EQ(channels[1].path, "/var/log/m.jsonl");
  EXPECT_EQ(channels[2].url, (SecretSource{"ON_CALL", ""}));
  EXPECT_EQ(channels[2].min_severity, 7.5);
  EXPECT_EQ(channels[3].channel, "C012AB3CD");
  EXPECT_EQ(channels[3].token, (SecretSource{"", "token"}));
  EXPECT_EQ(channels[3].url, (SecretSource{"SLACK_API", ""}));
  EXPECT_EQ(channels[4].url, (SecretSource{"", "/run/url"}));
  EXPECT_EQ(channels[4].accounts, std::set<std::string>{"111122223333"});
  EXPECT_EQ(channels[4].owners, std::set<std::string>{"team-web"});
  EXPECT_EQ(channels[5].secret, (SecretSource{"SIEM_SECRET", ""}));
  for (const auto& channel : channels) {
    EXPECT_FALSE(channel.name.empty());
    EXPECT_FALSE(ToString(channel.type).empty());
  }
}

TEST(ReadChannels, SaysWhatIsWrongAndWhere) {
  const std::pair<const char*, const char*> cases[] = {
      {"  - text\n", "s.yaml:3: notify.channels: text is not a map; allowed: a list of at most 20 maps"},
      {"  - {type: console}\n", "s.yaml:3: notify.channels: a channel needs a `name`"},
      {"  - {name: a}\n", "s.yaml:3: notify.channels: channel `a`: it needs a `type`"},
      {"  - name: a\n    type: slack\n", "s.yaml:4: notify.channels: channel `a`: type `slack` is not one of them"},
      {"  - {name: a, type: team}\n", "type `team` is not one of them (did you mean `teams`?); allowed: console, "},
      {"  - {name: a b, type: console}\n", "`name` may hold a-z, A-Z, 0-9 and -_.: only"},
      {"  - {name: a, type: console, typo: 1}\n", "channel `a`: unknown key `typo`"},
      {"  - {name: a, type: teams, ur_env: A}\n", "unknown key `ur_env` (did you mean `url_env`?); allowed: name, "},
      {"  - {name: a, type: console, name: b}\n", "`name` is given twice"},
      {"  - {name: a, type: console}\n  - {name: a, type: console}\n",
       "s.yaml:4: notify.channels: there are two channels `a`"},
      {"  - {name: a, type: console, min_severity: 11}\n", "`min_severity` `11` is not a number from 0 to 10"},
      {"  - {name: a, type: console, min_severity: nan}\n", "`min_severity` `nan` is not a number from 0 to 10"},
      {"  - {name: a, type: console, accounts: 1}\n", "`accounts`: text is not a list"},
      {"  - {name: a, type: console, accounts: [1]}\n", "`accounts`: `1` is not an account id"},
      {"  - {name: a, type: slack-webhook}\n", "channel `a`: slack-webhook needs `url_env` or `url_file`"},
      {"  - {name: a, type: teams}\n", "channel `a`: teams needs `url_env` or `url_file`"},
      {"  - {name: a, type: webhook, url_env: U}\n", "channel `a`: webhook needs `secret_env` or `secret_file`"},
      {"  - {name: a, type: slack-bot, channel: C012AB3CD}\n", "slack-bot needs `token_env` or `token_file`"},
      {"  - {name: a, type: slack-bot, token_env: T}\n", "slack-bot needs `channel`"},
      {"  - {name: a, type: slack-bot, token_env: T, channel: '#general'}\n",
       "`channel` `#general` is not the id of a Slack channel, like `C012AB3CD`"},
      {"  - {name: a, type: console, url_env: U}\n", "console has no use for `url_env` and `url_file`"},
      {"  - {name: a, type: console, path: /x}\n", "console has no use for `path`"},
      {"  - {name: a, type: teams, url_env: U, token_env: T}\n", "teams has no use for `token_env` and `token_file`"},
      {"  - {name: a, type: teams, url_env: U, secret_env: T}\n",
       "teams has no use for `secret_env` and `secret_file`"},
      {"  - {name: a, type: teams, url_env: U, channel: C012AB3CD}\n", "teams has no use for `channel`"},
      {"  - {name: a, type: teams, url_env: U, url_file: F}\n", "`url_env` and `url_file` exclude each other"},
      {"  - {name: a, type: json-lines, path: ~/x}\n", "`~/x`: `~` is not replaced here"},
      {"  - {name: a, type: [console]}\n", "notify.channels: a list is not a value for this"},
  };
  for (const auto& [channels, error] : cases) EXPECT_THAT(ChannelsError(channels), HasSubstr(error));
  EXPECT_EQ(LoadSettings("notify: {channels: x}", "s.yaml", {}, KnownForTest()).error().message,
            "s.yaml:1: notify.channels: text is not a list; allowed: a list of at most 20 maps, which "
            "docs/notifications.md describes");
}

TEST(ReadChannels, RefusesSecretsAndDoesNotShowThem) {
  for (const char* key : {"url", "token", "secret"}) {
    const std::string error =
        ChannelsError(std::string("  - {name: a, type: webhook, ") + key + ": 'https://x/SECRET'}\n");
    EXPECT_THAT(error, HasSubstr("`" + std::string(key) +
                                 "` itself does not belong in this file: name an environment "
                                 "variable in `" +
                                 key + "_env`, or a file in `" + key + "_file`"));
    EXPECT_THAT(error, Not(HasSubstr("SECRET")));
  }
  for (const char* value : {"https://hooks.example.com/SECRET", "xoxb-SECRET", "1SECRET"}) {
    const std::string error = ChannelsError(std::string("  - {name: a, type: teams, url_env: '") + value + "'}\n");
    EXPECT_THAT(error, HasSubstr("channel `a`: `url_env` is not the name of an environment variable"));
    EXPECT_THAT(error, Not(HasSubstr("SECRET")));
  }
}

TEST(ReadChannels, HasBounds) {
  std::string list;
  for (int i = 0; i < 20; ++i) list += "  - {name: c" + std::to_string(i) + ", type: console}\n";
  EXPECT_EQ(LoadedChannels(list).size(), 20U);
  EXPECT_THAT(ChannelsError(list + "  - {name: x, type: console}\n"), HasSubstr("more than 20 in the list"));
  EXPECT_EQ(LoadedChannels("  - {name: " + std::string(64, 'n') + ", type: console}\n").size(), 1U);
  EXPECT_THAT(ChannelsError("  - {name: " + std::string(65, 'n') + ", type: console}\n"),
              HasSubstr("longer than 64 bytes"));
  std::string owners = "o";
  for (int i = 1; i < 1'000; ++i) owners += ",o" + std::to_string(i);
  EXPECT_EQ(LoadedChannels("  - {name: a, type: console, owners: [" + owners + "]}\n").size(), 1U);
  EXPECT_THAT(ChannelsError("  - {name: a, type: console, owners: [" + owners + ",x]}\n"),
              HasSubstr("`owners`: more than 1000 in the list"));
}

TEST(ReadChannels, ItsVariablesMayHaveOurPrefix) {
  const std::string channel = "  - {name: a, type: teams, url_env: SALLYPORT_TEAMS_URL}\n";
  EXPECT_EQ(ChannelsError(channel, {{"SALLYPORT_TEAMS_URL", "x"}}), "no error");
  EXPECT_THAT(ChannelsError(channel, {{"SALLYPORT_TEAMS_URI", "x"}}), HasSubstr("unknown environment variable"));
}

}  // namespace
}  // namespace sallyport
