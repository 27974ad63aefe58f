// SPDX-License-Identifier: Apache-2.0
//
// Views as text for people and as JSON for programs. Pure. Nothing from outside reaches a terminal as it came: text
// goes through Printable, and JSON escapes what could steer a terminal (which JSON readers undo).
#pragma once

#include <string>

#include "ledger/view.h"

namespace sallyport {

// One line per record, long cells cut. `color`: with ANSI colors for the states. Columns are aligned by characters;
// characters of double width shift what is right of them.
std::string RenderTable(const ViewTable& table, bool color);

// One section below the other. Nothing that matters is cut.
std::string RenderText(const View& view, bool color);
// One record of a list, as it stands in its section.
std::string RenderText(const ViewRecord& record, bool color);
std::string RenderCheck(const ViewRecord& record, const ViewCheck& widths, bool color);

// One JSON object on one line, without the line feed.
std::string RenderJson(const View& view);
std::string RenderJson(const ViewRecord& record);

}  // namespace sallyport
