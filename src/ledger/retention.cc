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

constexpr std::string_view kRemovedByRetention = "content removed by retention";

// That a case is old enough and nothing of it is open. {c}: the case's table; ?1: before.
constexpr std::string_view kIsQuiet =
    "{c}.opened_at < ?1 AND {c}.state IN ('closed', 'needs-person')"
    " AND NOT EXISTS (SELECT 1 FROM event_case JOIN event ON event.number = event_case.event"
    "   WHERE event_case.case_number = {c}.number AND +event.state IN ('received', 'planned', 'waiting'))"
    " AND NOT EXISTS (SELECT 1 FROM history WHERE history.case_number = {c}.number AND at >= ?1)"
    " AND NOT EXISTS (SELECT 1 FROM event_case CROSS JOIN history ON history.kind = 'event'"
    "   AND history.subject = event_case.event WHERE event_case.case_number = {c}.number AND at >= ?1)"
    " AND NOT EXISTS (SELECT 1 FROM plan WHERE plan.case_number = {c}.number"
    "   AND +plan.state IN ('awaiting-approval', 'approved'))"
    " AND NOT EXISTS (SELECT 1 FROM follow_up WHERE follow_up.case_number = {c}.number AND follow_up.state = 'open')"
    " AND NOT EXISTS (SELECT 1 FROM member JOIN follow_up ON follow_up.number = member.follow_up"
    "   WHERE member.case_number = {c}.number AND +follow_up.state = 'open')"
    " AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.case_number = {c}.number AND +delivery.state IN "
    "('pending', 'outcome-unknown'))";

std::string IsQuiet(std::string_view table) {
  constexpr std::string_view kPlace = "{c}";
  std::string sql(kIsQuiet);
  for (std::size_t at = 0; (at = sql.find(kPlace, at)) != std::string::npos;) sql.replace(at, kPlace.size(), table);
  return sql;
}

// ?1: before, ?2: only cases behind this one, ?3: how many. An event that belongs to several cases keeps its content,
// and so do its cases, as long as one of them is not quiet.
std::string RemovableSql() {
  return "SELECT number FROM cases AS own WHERE number > ?2 AND " + IsQuiet("own") +
         " AND (removed = 0 OR EXISTS (SELECT 1 FROM plan WHERE plan.case_number = own.number AND plan.removed = 0)"
         "   OR EXISTS (SELECT 1 FROM event_case JOIN event ON event.number = event_case.event"
         "     WHERE event_case.case_number = own.number AND event.removed = 0))"
         " AND NOT EXISTS (SELECT 1 FROM event_case AS mine JOIN event_case AS theirs ON theirs.event = mine.event"
         "   JOIN cases AS other ON other.number = theirs.case_number WHERE mine.case_number = own.number"
         "   AND other.number <> own.number AND NOT (" +
         IsQuiet("other") + ")) ORDER BY number LIMIT ?3";
}

// ?1: the case. The marks of event, case and plan come first: the triggers let the rest pass only behind them.
constexpr std::string_view kRemovals[] = {
    "UPDATE cases SET removed = 1 WHERE number = ?1",
    ("UPDATE event SET removed = 1, reason = '' WHERE removed = 0"
     " AND number IN (SELECT event FROM event_case WHERE case_number = ?1)"),
    "DELETE FROM body WHERE event IN (SELECT event FROM event_case WHERE case_number = ?1)",
    "UPDATE plan SET removed = 1, reason = '' WHERE removed = 0 AND case_number = ?1",
    "DELETE FROM plan_text WHERE plan IN (SELECT number FROM plan WHERE case_number = ?1)",
    "UPDATE action SET json = '', reason = '' WHERE case_number = ?1",
    "UPDATE follow_up SET json = '', reason = '' WHERE case_number = ?1",
    "UPDATE member SET json = '' WHERE follow_up IN (SELECT number FROM follow_up WHERE case_number = ?1)",
    "UPDATE delivery SET reason = '' WHERE case_number = ?1"};

struct RecordsOfCase {
  RecordKind kind;
  std::string_view sql;
};
constexpr RecordsOfCase kRecordsOfCase[] = {
    {RecordKind::kEvent, "SELECT event FROM event_case WHERE case_number = ? ORDER BY event"},
    {RecordKind::kPlan, "SELECT number FROM plan WHERE case_number = ? ORDER BY number"},
    {RecordKind::kAction, "SELECT number FROM action WHERE case_number = ? ORDER BY number"},
    {RecordKind::kFollowUp, "SELECT number FROM follow_up WHERE case_number = ? ORDER BY number"},
    {RecordKind::kDelivery, "SELECT number FROM delivery WHERE case_number = ? ORDER BY number"},
    {RecordKind::kCase, "SELECT ?"}};

struct Line {
  std::int64_t number = 0;
  std::string reason;
};

Result<std::vector<Line>> LinesWithReason(const Database& database, std::int64_t whole) {
  auto statement = database.Prepare(
      "SELECT number, reason FROM history WHERE case_number = ?1 AND reason <> '' UNION"
      " SELECT history.number, reason FROM event_case CROSS JOIN history ON history.kind = 'event'"
      " AND history.subject = event_case.event WHERE event_case.case_number = ?1 AND reason <> ''");
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

// The case, and others with the same events as long as those have their content.
Result<std::vector<std::int64_t>> CasesThatLoseTexts(const Database& database, std::int64_t whole) {
  auto statement = database.Prepare(
      "SELECT ?1 UNION SELECT theirs.case_number FROM event_case AS mine CROSS JOIN body ON body.event = mine.event"
      " CROSS JOIN event_case AS theirs ON theirs.event = mine.event WHERE mine.case_number = ?1");
  if (!statement) return statement.error();
  statement->Bind(whole);
  return ReadRows<std::int64_t>(*statement, FirstColumn);
}

Status TellRecords(Writing& writing, std::int64_t whole, const RecordsOfCase& records) {
  auto statement = writing.database.Prepare(records.sql);
  if (!statement) return statement.error();
  statement->Bind(whole);
  const auto numbers = ReadRows<std::int64_t>(*statement, FirstColumn);
  if (!numbers) return numbers.error();
  for (const std::int64_t number : *numbers) {
    if (Status told = Tell(writing, records.kind, number, kRemovedByRetention); !told) return told;
  }
  return Ok();
}

Status RemoveCase(Writing& writing, TimePoint before, std::int64_t whole) {
  const auto losing = CasesThatLoseTexts(writing.database, whole);
  if (!losing) return losing.error();
  for (const std::string_view sql : kRemovals) {
    auto statement = writing.database.Prepare(sql);
    if (!statement) return statement.error();
    statement->Bind(whole);
    if (Status done = statement->Run(); !done) return done;
  }
  // Their filters would still tell what was there.
  for (const std::int64_t number : *losing) {
    if (Status made = MakeFilterAnew(writing.database, CaseNumber{number}); !made) return made;
  }
  if (Status done = RemoveReasons(writing.database, whole); !done) return done;
  for (const RecordsOfCase& records : kRecordsOfCase) {
    if (Status told = TellRecords(writing, whole, records); !told) return told;
  }
  return TellRetention(writing, whole, "the newest before " + FormatTime(before));
}

}  // namespace

Result<RemovedCases> RemoveSomeContent(Writing& writing, TimePoint before, CaseNumber after, int limit) {
  const std::string sql = RemovableSql();
  std::vector<std::int64_t> cases;
  {
    auto statement = writing.database.Prepare(sql);
    if (!statement) return statement.error();
    statement->Bind(ToEpochMilliseconds(before)).Bind(after.value).Bind(std::int64_t{limit});
    auto found = ReadRows<std::int64_t>(*statement, FirstColumn);
    if (!found) return found.error();
    cases = *std::move(found);
  }
  RemovedCases removed{0, after};
  for (const std::int64_t whole : cases) {
    if (Status done = RemoveCase(writing, before, whole); !done) return done.error();
    removed = {removed.count + 1, CaseNumber{whole}};
  }
  return removed;
}

}  // namespace sallyport
