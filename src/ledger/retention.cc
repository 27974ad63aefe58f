// SPDX-License-Identifier: Apache-2.0
//
// Taking the content of old cases away. What stays: which events, actions, follow-ups and deliveries there were, what
// they were about, every state that they had and when, and the digests of what is gone.
#include <string>

#include "base/digest.h"
#include "ledger/records.h"
#include "ledger/rows.h"
#include "ledger/write.h"

namespace sallyport {
namespace {

using sqlite::Database;
using sqlite::Statement;

constexpr std::string_view kReason = "content removed by retention";

// ?1: before, ?2: only cases behind this one, ?3: how many.
constexpr std::string_view kSelectRemovable =
    "SELECT number FROM event AS first WHERE number > ?2 AND number = case_number AND received_at < ?1"
    " AND EXISTS (SELECT 1 FROM event WHERE case_number = first.number AND removed = 0)"
    " AND NOT EXISTS (SELECT 1 FROM event WHERE case_number = first.number"
    "   AND +state IN ('received', 'planned', 'waiting'))"
    " AND NOT EXISTS (SELECT 1 FROM event JOIN history ON history.event = event.number"
    "   WHERE case_number = first.number AND at >= ?1)"
    " AND NOT EXISTS (SELECT 1 FROM event JOIN plan_state ON plan_state.event = event.number"
    "   WHERE case_number = first.number AND +plan_state.state IN ('awaiting-approval', 'approved'))"
    " AND NOT EXISTS (SELECT 1 FROM follow_up WHERE case_number = first.number AND state = 'open')"
    " AND NOT EXISTS (SELECT 1 FROM delivery WHERE case_number = first.number AND state = 'pending')"
    " ORDER BY number LIMIT ?3";

// ?1: the case. The event's mark comes first: the triggers let the rest pass only behind it.
constexpr std::string_view kRemovals[] = {
    "UPDATE event SET removed = 1, reason = '' WHERE case_number = ?1 AND removed = 0",
    "DELETE FROM body WHERE event IN (SELECT number FROM event WHERE case_number = ?1)",
    ("UPDATE plan_state SET removed = 1, reason = '' WHERE removed = 0"
     " AND event IN (SELECT number FROM event WHERE case_number = ?1)"),
    "UPDATE plan SET json = '' WHERE event IN (SELECT number FROM event WHERE case_number = ?1)",
    "UPDATE action SET json = '', reason = '' WHERE event IN (SELECT number FROM event WHERE case_number = ?1)",
    "UPDATE follow_up SET json = '', reason = '' WHERE case_number = ?1",
    "UPDATE delivery SET reason = '' WHERE case_number = ?1"};

struct RecordsOfCase {
  RecordKind kind;
  std::string_view sql;
};
constexpr RecordsOfCase kRecordsOfCase[] = {
    {RecordKind::kEvent, "SELECT number FROM event WHERE case_number = ? ORDER BY number"},
    {RecordKind::kPlan, "SELECT plan.event FROM event JOIN plan ON plan.event = event.number WHERE case_number = ?"},
    {RecordKind::kAction,
     "SELECT action.number FROM event JOIN action ON action.event = event.number WHERE case_number = ?"},
    {RecordKind::kFollowUp, "SELECT number FROM follow_up WHERE case_number = ?"},
    {RecordKind::kDelivery, "SELECT number FROM delivery WHERE case_number = ?"}};

struct Line {
  std::int64_t number = 0;
  std::string reason;
};

Result<std::vector<Line>> LinesWithReason(const Database& database, std::int64_t whole) {
  auto statement = database.Prepare(
      "SELECT history.number, history.reason FROM event JOIN history ON history.event = event.number"
      " WHERE case_number = ? AND history.reason <> ''");
  if (!statement) return statement.error();
  statement->Bind(whole);
  return ReadRows<Line>(*statement, [](const Statement& row) { return Result(Line{row.Int(0), row.Text(1)}); });
}

Status RemoveReasons(Database& database, std::int64_t whole) {
  const auto lines = LinesWithReason(database, whole);
  if (!lines) return lines.error();
  for (const Line& line : *lines) {
    const std::string digest = Sha256Hex(line.reason);
    auto update = database.Prepare("UPDATE history SET reason = '', reason_sha256 = ? WHERE number = ?");
    if (!update) return update.error();
    update->Bind(digest).Bind(line.number);
    if (Status updated = update->Run(); !updated) return updated;
  }
  return Ok();
}

Status TellRecords(Database& database, TimePoint now, std::int64_t whole, const RecordsOfCase& records) {
  auto statement = database.Prepare(records.sql);
  if (!statement) return statement.error();
  statement->Bind(whole);
  const auto numbers = ReadRows<std::int64_t>(*statement, FirstColumn);
  if (!numbers) return numbers.error();
  for (const std::int64_t number : *numbers) {
    if (Status told = Tell(database, now, records.kind, number, kReason); !told) return told;
  }
  return Ok();
}

Status RemoveCase(Database& database, TimePoint now, TimePoint before, std::int64_t whole) {
  for (const std::string_view sql : kRemovals) {
    auto statement = database.Prepare(sql);
    if (!statement) return statement.error();
    statement->Bind(whole);
    if (Status done = statement->Run(); !done) return done;
  }
  if (Status done = RemoveReasons(database, whole); !done) return done;
  for (const RecordsOfCase& records : kRecordsOfCase) {
    if (Status told = TellRecords(database, now, whole, records); !told) return told;
  }
  return TellRetention(database, now, whole, "the newest before " + FormatTime(before));
}

}  // namespace

Result<RemovedCases> RemoveSomeContent(Database& database, TimePoint now, TimePoint before, EventNumber after,
                                       int limit) {
  auto statement = database.Prepare(kSelectRemovable);
  if (!statement) return statement.error();
  statement->Bind(ToEpochMilliseconds(before)).Bind(after.value).Bind(std::int64_t{limit});
  const auto cases = ReadRows<std::int64_t>(*statement, FirstColumn);
  if (!cases) return cases.error();
  RemovedCases removed{0, after};
  for (const std::int64_t whole : *cases) {
    if (Status done = RemoveCase(database, now, before, whole); !done) return done.error();
    removed = {removed.count + 1, EventNumber{whole}};
  }
  return removed;
}

}  // namespace sallyport
