// SPDX-License-Identifier: Apache-2.0
//
// A message for Slack, as Block Kit (docs.slack.dev/reference/block-kit). Pure.
//
// Nothing from outside is ever mrkdwn: it stands in plain_text objects, where Slack looks for no formatting, link or
// mention, with `&`, `<` and `>` escaped as Slack asks for in every text object. The two exceptions are the top-level
// `text` (escaped the same way; Slack wants it as the fallback) and commands, in a code block of their own.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "notify/message.h"

namespace sallyport {

// Slack refuses long payloads at an undocumented size between 9.6 and 11.3 thousand characters
// (github.com/slackapi/bolt-js/issues/2867).
inline constexpr std::size_t kSlackBytes = 8'000;

// Where a bot's message goes. All empty: a webhook, whose address says it all.
struct SlackTarget {
  std::string channel{};
  std::string timestamp{};  // of the message to change
};

// A JSON object of under kSlackBytes: `text`, `blocks` with the header, and one attachment with the other blocks, for
// its color. Owners with a Slack user in the mapping file are mentioned; nobody else can be.
std::string SlackBody(const Message& message, const SlackTarget& target);

// "U012AB3CD", "W..." of a user, "S..." of a user group; "C...", "G...", "D..." of a channel.
bool IsSlackUser(std::string_view id);
bool IsSlackChannel(std::string_view id);

}  // namespace sallyport
