// SPDX-License-Identifier: Apache-2.0
//
// The tables of the ledger's file and their version. The version is in `PRAGMA user_version`; that the file is a ledger
// at all is in `PRAGMA application_id`.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "ledger/schema_v3.h"
#include "ledger/sqlite.h"

namespace sallyport {

// The version that this program writes.
inline constexpr std::int64_t kLedgerVersion = 3;

// The version of the file; 0: there is nothing in it yet.
Result<std::int64_t> VersionOf(const sqlite::Database& database);

// Fails on a file of another program and on one of a newer version of this program. Reads only, so such a file stays
// as it was. Needs an open transaction: another process may be making the tables.
Status CheckIsLedger(const sqlite::Database& database);

// Brings an empty or older file to kLedgerVersion, in one transaction. Safe when several processes do it at once.
Status Migrate(sqlite::Database& database);
// The same up to an older version, and stopped in between: for tests.
Status MigrateTo(sqlite::Database& database, std::int64_t wanted, const BetweenSteps& between = {});

}  // namespace sallyport
