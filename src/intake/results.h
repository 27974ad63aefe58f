// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ledger/ledger.h"
#include "workflow/case_results.h"

namespace sallyport {

// What SWP reported about a case, and which scans it has, as the ledger holds it. `forwarded`: the settings say that
// SWP's events are taken. What cannot be read is told in `unread`.
ResultFacts ResultsOf(const Case& shown, Ledger& ledger, bool forwarded, TimePoint now);

}  // namespace sallyport
