// SPDX-License-Identifier: Apache-2.0
//
// A message for Microsoft Teams: an Adaptive Card in the envelope that a Workflows webhook takes
// (learn.microsoft.com/adaptive-cards/schema-explorer; "Post to a channel when a webhook request is received"). Pure.
//
// Texts from outside stand in TextRuns alone: these take no Markdown, while TextBlocks and Facts do. Nobody is
// mentioned because of a text: a mention needs an entity of the card, and only the mapping file makes one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "notify/message.h"

namespace sallyport {

// Teams takes messages of about 28 KB (learn.microsoft.com/microsoftteams/limits-specifications-teams).
inline constexpr std::size_t kTeamsBytes = 27'000;

// A JSON object of under kTeamsBytes.
std::string TeamsBody(const Message& message);

// A user principal name (`anna@example.com`) or an object id (a UUID).
bool IsTeamsUser(std::string_view id);

}  // namespace sallyport
