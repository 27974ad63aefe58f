// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "notify/message.h"

namespace sallyport {

// A message as one JSON object on one line: what the webhook and the JSON lines file carry (docs/notifications.md has
// the members). Texts are made printable, so that looking at the file is safe in a terminal; lists have at most 100
// entries and texts 2,000 bytes, and `cut` says when something was left out. No address of an owner is in it.
std::string MessageJson(const Message& message);

// The same with every byte of every text, the addresses, and without the bounds: to compare two messages, not to send.
std::string MessageJsonInFull(const Message& message);

}  // namespace sallyport
