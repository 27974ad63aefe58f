// SPDX-License-Identifier: Apache-2.0
//
// What the SQLite ledger reads. Functions that read more than once need an open transaction to see one state of things.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ledger/ledger.h"
#include "ledger/sqlite.h"

namespace sallyport {

// See Ledger::FindCarriedOut and Ledger::FindRecent.
Result<std::optional<ActionRecord>> SelectCarriedOut(const sqlite::Database& database, std::string_view key,
                                                     ActionNumber except);
Result<std::optional<ActionRecord>> SelectRecent(const sqlite::Database& database, std::string_view kind,
                                                 std::string_view what, std::string_view subject, TimePoint since,
                                                 ActionNumber except);

Result<std::vector<EventRecord>> SelectEvents(const sqlite::Database& database, const ListFilter& filter);
Result<Case> SelectCase(const sqlite::Database& database, EventNumber event);

// kNotFound: "there is no event 7".
Error NoSuch(const sqlite::Database& database, std::string_view what, std::int64_t number);

}  // namespace sallyport
