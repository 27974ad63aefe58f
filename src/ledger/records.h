// SPDX-License-Identifier: Apache-2.0
//
// What the ledger keeps records of, and the one way to write history: each change of a record is a line that carries
// the digest of the record's whole row as it is after the change.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "ledger/chain.h"
#include "ledger/sqlite.h"

namespace sallyport {

// A plan has the number of its event.
enum class RecordKind { kEvent, kPlan, kAction, kFollowUp, kDelivery };
inline constexpr std::array kRecordKinds = {RecordKind::kEvent, RecordKind::kPlan, RecordKind::kAction,
                                            RecordKind::kFollowUp, RecordKind::kDelivery};
// "event", "plan", "action", "follow-up", "delivery".
std::string_view ToString(RecordKind kind);

// The kind of the line that ends the removal of a case's content, and its state.
inline constexpr std::string_view kRetentionKind = "retention";
inline constexpr std::string_view kRemovedWord = "removed";

// A record's row as history sees it.
struct RecordRow {
  std::int64_t event = 0;  // which event its lines are about; for a follow-up and a delivery: the case
  std::string state;
  std::string digest;
};
// kNotFound: "there is no action 7".
Result<RecordRow> ReadRecordRow(const sqlite::Database& database, RecordKind kind, std::int64_t number);

// All need an open write transaction.
//
// Appends the line that records `number` as it is now.
Status Tell(sqlite::Database& database, TimePoint now, RecordKind kind, std::int64_t number, std::string_view reason);
// Appends a line that records no row.
Status TellRetention(sqlite::Database& database, TimePoint now, std::int64_t event, std::string_view reason);
// The number that the next row of `table` gets: one that no row ever had.
Result<std::int64_t> NextNumber(const sqlite::Database& database, std::string_view table);

// The SQL that selects the newest line about a record: its number, state and record. Binds are BindRecord's.
std::string_view NewestLineSql(RecordKind kind);
// The SQL that selects the numbers of all records of that kind.
std::string_view AllRecordsSql(RecordKind kind);

// kNotFound: "there is no event 7".
Error NoSuch(const sqlite::Database& database, std::string_view what, std::int64_t number);

// The columns of history that ReadChainLine reads, in its order.
inline constexpr std::string_view kChainColumns =
    "number, at, kind, event, action, follow_up, delivery, state, reason_sha256, record, reason, hash";
struct StoredLine {
  ChainLine line;
  bool removed = false;  // its reason was removed
  std::string reason;
  std::string hash;
};
StoredLine ReadChainLine(const sqlite::Statement& row);

}  // namespace sallyport
