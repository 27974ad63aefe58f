// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "app/commands.h"
#include "base/time.h"
#include "ledger/ledger.h"

namespace sallyport {

// Opens the ledger of the settings, or complains and says in `code` how it ended. A ledger that is not there yet is
// made.
std::unique_ptr<Ledger> OpenLedger(const CommonArguments& common, const Clock& clock, ExitCode& code);
// The same, and one that is not there is an error: nothing is made.
std::unique_ptr<Ledger> OpenLedgerThatExists(const CommonArguments& common, const Clock& clock, ExitCode& code);

// Whether its file is there, which a command that decides about what is in it does not make. Complains when it is not.
bool LedgerIsThere(const CommonArguments& common, ExitCode& code);

// The same for commands that only look: nothing is made and nothing is changed.
std::unique_ptr<Ledger> OpenLedgerToLook(const CommonArguments& common, const Clock& clock, ExitCode& code);

}  // namespace sallyport
