// SPDX-License-Identifier: Apache-2.0
//
// From version 1 to version 2 of the ledger's file: cases, states of plans, follow-ups, deliveries, events' bodies, the
// hash chain, and room for retention.
#pragma once

#include "base/result.h"
#include "ledger/sqlite.h"

namespace sallyport {

extern const char* const kVersion2;
// Computes the chain over the lines that version 1 wrote, and tells the plans, which had no lines of their own.
Status FillVersion2(sqlite::Database& database);

}  // namespace sallyport
