// SPDX-License-Identifier: Apache-2.0
//
// The tables of the ledger's file and their version. The version is in `PRAGMA user_version`; that the file is a ledger
// at all is in `PRAGMA application_id`.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "ledger/sqlite.h"

namespace sallyport {

// The version that this program writes.
inline constexpr std::int64_t kLedgerVersion = 2;

// Fails on a file of another program and on one of a newer version of this program. Reads only, so such a file stays
// as it was. Needs an open transaction: another process may be making the tables.
Status CheckIsLedger(const sqlite::Database& database);

// Brings an empty or older file to kLedgerVersion, in one transaction. Safe when several processes do it at once.
Status Migrate(sqlite::Database& database);
// The same up to an older version: for tests of what comes after it.
Status MigrateTo(sqlite::Database& database, std::int64_t wanted);

}  // namespace sallyport
