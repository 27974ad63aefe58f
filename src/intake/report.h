// SPDX-License-Identifier: Apache-2.0
//
// One report as text for people and as one JSON object for machines. Pure.
#pragma once

#include <string>

#include "base/terminal.h"
#include "intake/handle.h"

namespace sallyport {

// Several lines. Says what was read, decided, done and refused, each with its reason. `dry_run` shows the calls.
std::string ReportText(const EventReport& report, const Paint& paint);

// One line without its line end.
std::string ReportJson(const EventReport& report);

}  // namespace sallyport
