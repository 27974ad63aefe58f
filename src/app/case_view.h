// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/commands.h"
#include "base/result.h"
#include "ledger/ledger.h"
#include "ledger/view.h"

namespace sallyport {

// A case as it is shown: as the ledger has it, and what SWP reported about its hosts in words ("results"; absent where
// nothing was scanned and nothing reported). `forwarded`: the settings say that SWP's events are taken.
View ViewWithResults(const Case& shown, Ledger& ledger, bool forwarded, TimePoint now);

}  // namespace sallyport
