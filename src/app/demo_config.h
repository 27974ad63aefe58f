// SPDX-License-Identifier: Apache-2.0
//
// The demo's chapter about rules of AWS Config.
#pragma once

#include "app/commands.h"

namespace sallyport {

// On simulators of its own; nothing of it is an action in SWP.
ExitCode DemoConfigChapter();

}  // namespace sallyport
