// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/tables.h"

namespace sallyport {

// The whole program with these tables: what `main` does. Returns the exit code. Never throws.
int RunSallyport(int argc, char** argv, const ProgramTables& tables);

}  // namespace sallyport
