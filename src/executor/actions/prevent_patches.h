// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "executor/action_table.h"

namespace sallyport {

ActionRow PreventPatchesRow();

}  // namespace sallyport
