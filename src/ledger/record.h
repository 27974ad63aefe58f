// SPDX-License-Identifier: Apache-2.0
//
// What the SQLite ledger writes. Each function needs an open write transaction, and writes the new state both into the
// row and as a line of history.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ledger/ledger.h"
#include "ledger/sqlite.h"

namespace sallyport {

Result<EventNumber> InsertEvent(sqlite::Database& database, TimePoint now, const NewEvent& event);
Status ChangeEvent(sqlite::Database& database, TimePoint now, EventNumber event, EventState state,
                   std::string_view reason);
Result<std::vector<ActionNumber>> InsertPlan(sqlite::Database& database, TimePoint now, EventNumber event,
                                             const NewPlan& plan);
Status ChangeAction(sqlite::Database& database, TimePoint now, ActionNumber action, ActionState state,
                    std::string_view reason);

}  // namespace sallyport
