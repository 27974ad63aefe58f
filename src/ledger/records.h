// SPDX-License-Identifier: Apache-2.0
//
// What the ledger keeps records of, and the one way to write history: each change of a record is a line that carries
// the digest of the record's whole row as it is after the change.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "ledger/chain.h"
#include "ledger/sqlite.h"

namespace sallyport {

enum class RecordKind { kEvent, kPlan, kAction, kFollowUp, kDelivery, kCase, kDocument };
inline constexpr std::array kRecordKinds = {RecordKind::kEvent,    RecordKind::kPlan,     RecordKind::kAction,
                                            RecordKind::kFollowUp, RecordKind::kDelivery, RecordKind::kCase,
                                            RecordKind::kDocument};
// "event", "plan", "action", "follow-up", "delivery", "case", "document".
std::string_view ToString(RecordKind kind);
// The table that holds them.
std::string_view TableOf(RecordKind kind);

// The kind of the line that ends the removal of a case's content, and its state.
inline constexpr std::string_view kRetentionKind = "retention";
inline constexpr std::string_view kRemovedWord = "removed";

struct Writing;  // write.h

// A record's row as history sees it.
struct RecordRow {
  std::optional<std::int64_t> event;  // what its lines belong to: see HistoryLine
  std::optional<std::int64_t> case_number;
  std::string state;
  std::string digest;
};
// kNotFound: "there is no action 7".
Result<RecordRow> ReadRecordRow(const sqlite::Database& database, RecordKind kind, std::int64_t number);
// The digest of `word` and the columns of the current row from `first` on.
std::string DigestOfRow(std::string_view word, const sqlite::Statement& row, int first);

// All need an open write transaction.
//
// Appends the line that records `number` as it is now.
Status Tell(Writing& writing, RecordKind kind, std::int64_t number, std::string_view reason);
// Appends a line that records no row.
Status TellRetention(Writing& writing, std::int64_t case_number, std::string_view reason);
// The number that the next row of `table` gets: one that no row ever had.
Result<std::int64_t> NextNumber(const sqlite::Database& database, std::string_view table);
// The same for the one sequence of events and cases.
Result<std::int64_t> NextEventOrCase(const sqlite::Database& database);

// Selects the newest line about a record: its number, state and record. ?1: the kind, ?2: the number.
inline constexpr std::string_view kSelectNewestLine =
    "SELECT number, state, record FROM history WHERE kind = ?1 AND subject = ?2 ORDER BY number DESC LIMIT 1";

// kNotFound: "there is no event 7".
Error NoSuch(const sqlite::Database& database, std::string_view what, std::int64_t number);

// Rows that belong to a record in an order (hosts of a case, members of a question, actions that wait) are in its
// digest through a chain of their own: the record has the number of rows and the digest of the last link. So adding one
// costs the same however many there are.
inline constexpr std::string_view kNoLink = "";
std::string NextLink(std::string_view previous, std::int64_t position, std::string_view content);

// The columns of history that ReadChainLine reads, in its order.
inline constexpr std::string_view kChainColumns =
    "number, at, format, kind, subject, event, case_number, state, reason_sha256, record, reason, hash";
struct StoredLine {
  ChainLine line;
  bool removed = false;  // its reason was removed
  std::string reason;
  std::string hash;
};
StoredLine ReadChainLine(const sqlite::Statement& row);

}  // namespace sallyport
