// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "intake/exit_code.h"

namespace sallyport {

// The chapter of the demonstration about Inspector: findings that come together, one answer, the patch ledger.
ExitCode InspectorDemo();

}  // namespace sallyport
