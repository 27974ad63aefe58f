// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/commands.h"
#include "base/result.h"
#include "ledger/ledger.h"
#include "ledger/view.h"

namespace sallyport {

// A case as it is shown: as the ledger has it, and what SWP reported about its hosts in words ("results"; absent where
// nothing was scanned and nothing reported). `unread`: why those reports could not be read; empty: they were.
struct ShownCase {
  View view;
  std::string unread;
};
// `forwarded`: the settings say that SWP's events are taken. Also why it needs a person ("needs_person"; absent where
// it needs none).
ShownCase ViewWithResults(const Case& shown, Ledger& ledger, const ProgramTables& tables, bool forwarded,
                          TimePoint now);

}  // namespace sallyport
