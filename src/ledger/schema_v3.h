// SPDX-License-Identifier: Apache-2.0
//
// From version 2 to version 3 of the ledger's file: cases as things of their own, any number of plans for an event,
// columns for what programs decide on, members of questions, documents.
#pragma once

#include <functional>

#include "base/result.h"
#include "ledger/sqlite.h"

namespace sallyport {

// Called between the steps of a migration: for tests that stop it anywhere.
using BetweenSteps = std::function<Status()>;

// The tables of version 3 in an empty file: what a migration ends with too. Needs an open write transaction.
Status MakeVersion3(sqlite::Database& database);

// Needs an open write transaction and `PRAGMA foreign_keys = OFF`. The old lines keep their hashes; every record gets a
// line of its new row behind them.
Status MigrateToVersion3(sqlite::Database& database, const BetweenSteps& between);

}  // namespace sallyport
