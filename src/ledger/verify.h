// SPDX-License-Identifier: Apache-2.0
//
// Proves the ledger's file: that SQLite finds it whole, that its tables and triggers are the program's, every hash of
// the chain, and every record against the newest line about it.
#pragma once

#include "base/result.h"
#include "ledger/ledger.h"
#include "ledger/sqlite.h"

namespace sallyport {

// What does not hold is named up to this many times.
inline constexpr std::size_t kNamedBroken = 100;

// Needs an open transaction. Holds one line and one record in memory at a time. kTimeout: see Audit.
Result<Verification> VerifyLedger(const sqlite::Database& database, Duration within = kLongestVerify);

}  // namespace sallyport
