// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/tables.h"

namespace sallyport {

struct ProgramOptions;

// The whole program with these tables: what `main` does. Returns the exit code. Never throws. `seams`: what a test puts
// between its commands and the world (wire.h).
int RunSallyport(int argc, char** argv, const ProgramTables& tables, const ProgramOptions* seams = nullptr);

}  // namespace sallyport
