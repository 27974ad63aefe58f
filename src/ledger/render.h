// SPDX-License-Identifier: Apache-2.0
//
// What the ledger holds, as text for people and as JSON for programs. Pure. Nothing from outside reaches a terminal as
// it came: text goes through Printable, and JSON escapes what could steer a terminal (which JSON readers undo).
#pragma once

#include <string>
#include <vector>

#include "ledger/ledger.h"

namespace sallyport {

// A table, one line per event, long cells cut. `color`: with ANSI colours for the states. Columns are aligned by
// characters; characters of double width shift what is right of them.
std::string RenderList(const std::vector<EventRecord>& events, bool color);

// The case: its first event, updates, plans with their actions, follow-ups, messages, and the history of all of it as a
// timeline. Nothing that matters is cut.
std::string RenderCase(const Case& shown, bool color);

// One JSON object per line; nothing for no events.
std::string RenderListJson(const std::vector<EventRecord>& events);

// One JSON object on one line. The newest plan is in it under "plan", as JSON, or as a string when it is not JSON;
// those before it are under "earlier_plans".
std::string RenderCaseJson(const Case& shown);

}  // namespace sallyport
