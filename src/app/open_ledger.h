// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "app/commands.h"
#include "base/time.h"
#include "ledger/sqlite_ledger.h"

namespace sallyport {

// Opens the ledger of the settings, or complains and says in `code` how it ended. A ledger that is not there yet is
// made: it is then empty, truthfully.
std::unique_ptr<SqliteLedger> OpenLedger(const CommonArguments& common, const Clock& clock, ExitCode& code);

}  // namespace sallyport
