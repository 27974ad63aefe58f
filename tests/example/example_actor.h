// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "executor/action_table.h"

namespace sallyport {

// The watch list is a folder with a file for each host. `folder` exists.
ActionRow WatchHostRow(const std::string& folder);

}  // namespace sallyport
