// SPDX-License-Identifier: Apache-2.0
#include "base/bounds.h"
#include "ledger/move.h"
#include "ledger/query.h"
#include "ledger/records.h"
#include "ledger/rows.h"

namespace sallyport {
namespace {

using sqlite::Database;
using sqlite::Statement;

constexpr std::string_view kSelectEvent =
    "SELECT number, case_number, received_at, source, detail_type, account, region, subject, title, origin, sha256,"
    " state, reason FROM event";
constexpr int kFirstExtraColumn = 13;

// As in lists of cases.
constexpr std::string_view kContainsText =
    " AND (contains_text(:text, subject) OR contains_text(:text, title) OR contains_text(:text, account) OR EXISTS"
    " (SELECT 1 FROM plan JOIN action ON action.plan = plan.number WHERE plan.event = event.number"
    " AND contains_text(:text, action.subject)))";

Result<EventRecord> ReadEvent(const Database& database, const Statement& row) {
  EventRecord record;
  record.number = EventNumber{row.Int(0)};
  record.case_number = EventNumber{row.Int(1)};
  record.received_at = FromEpochMilliseconds(row.Int(2));
  NewEvent& event = record.event;
  event.source = row.Text(3);
  event.detail_type = row.Text(4);
  event.account = row.Text(5);
  event.region = row.Text(6);
  event.subject = row.Text(7);
  event.title = row.Text(8);
  event.origin = row.Text(9);
  event.sha256 = row.Text(10);
  const std::string word = row.Text(11);
  const auto state = EventStateFromString(word);
  if (!state) return UnknownState(database, "event", record.number.value, word);
  record.state = *state;
  record.reason = row.Text(12);
  return record;
}

Result<EventRecord> ReadOne(const Database& database, Statement& statement, EventNumber event) {
  auto record = ReadRow<EventRecord>(statement, [&](const Statement& row) { return ReadEvent(database, row); });
  if (!record) return record.error();
  if (!*record) return NoSuch(database, "event", event.value);
  return std::move(**record);
}

}  // namespace

Result<EventRecord> SelectEvent(const Database& database, EventNumber event) {
  const std::string sql = std::string(kSelectEvent) + " WHERE number = ?";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(event.value);
  return ReadOne(database, *statement, event);
}

Result<std::optional<EventNumber>> SelectNewestNumber(const Database& database, CaseNumber case_number,
                                                      std::string_view source, EventNumber before) {
  auto statement = database.Prepare(
      "SELECT event.number FROM event_case CROSS JOIN event ON event.number = event_case.event"
      " WHERE event_case.case_number = ?1 AND event_case.event < ?2 AND event.source = ?3"
      " AND event.state NOT IN ('received', 'duplicate', 'unreadable') ORDER BY event_case.event DESC LIMIT 1");
  if (!statement) return statement.error();
  statement->Bind(case_number.value).Bind(before.value).Bind(source);
  return ReadRow<EventNumber>(*statement, [](const Statement& row) { return Result(EventNumber{row.Int(0)}); });
}

Result<std::optional<EventRecord>> SelectNewestDecided(const Database& database, CaseNumber case_number,
                                                       std::string_view source, EventNumber before) {
  const auto newest = SelectNewestNumber(database, case_number, source, before);
  if (!newest) return newest.error();
  if (!*newest) return std::optional<EventRecord>();
  auto record = SelectEventWithBody(database, **newest);
  if (!record) return record.error();
  return std::optional(*std::move(record));
}

Result<EventRecord> SelectEventWithBody(const Database& database, EventNumber event) {
  auto statement = database.Prepare(
      "SELECT number, case_number, received_at, source, detail_type, account, region, subject, title, origin, sha256,"
      " state, reason, owner, coalesce(json, '') FROM event LEFT JOIN body ON body.event = event.number"
      " WHERE number = ?");
  if (!statement) return statement.error();
  statement->Bind(event.value);
  Result<EventRecord> record = ReadOne(database, *statement, event);
  if (!record) return record.error();
  record->event.owner = statement->Text(kFirstExtraColumn);
  record->event.body = statement->Text(kFirstExtraColumn + 1);
  auto cases = SelectCasesOf(database, event);
  if (!cases) return cases.error();
  record->cases = std::move(*cases);
  return record;
}

Result<std::vector<CaseNumber>> SelectCasesOf(const Database& database, EventNumber event) {
  auto statement = database.Prepare("SELECT case_number FROM event_case WHERE event = ? ORDER BY position");
  if (!statement) return statement.error();
  statement->Bind(event.value);
  return ReadRows<CaseNumber>(*statement, [](const Statement& row) { return Result(CaseNumber{row.Int(0)}); });
}

Result<std::vector<EventRecord>> SelectEvents(const Database& database, const ListFilter& filter) {
  std::string sql = std::string(kSelectEvent) + " WHERE true";
  if (filter.cases_only) sql += " AND EXISTS (SELECT 1 FROM cases WHERE cases.number = event.number)";
  if (filter.state) sql += " AND state IN (?, ?)";
  if (!filter.text.empty()) sql += kContainsText;
  sql += " ORDER BY number DESC LIMIT ?";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  if (filter.state) statement->Bind(ToString(*filter.state)).Bind(EarlierWord(*filter.state));
  if (!filter.text.empty()) statement->Bind(filter.text);
  statement->Bind(static_cast<std::int64_t>(filter.limit));
  return ReadRows<EventRecord>(*statement, [&](const Statement& row) { return ReadEvent(database, row); });
}

Result<std::vector<EventRecord>> SelectEventsOfCase(const Database& database, CaseNumber whole) {
  const std::string sql = std::string(kSelectEvent) +
                          " WHERE number IN (SELECT event FROM event_case WHERE case_number = ?1"
                          " ORDER BY event DESC LIMIT ?2) ORDER BY number";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(whole.value).Bind(static_cast<std::int64_t>(bounds::kListedEvents));
  return ReadRows<EventRecord>(*statement, [&](const Statement& row) { return ReadEvent(database, row); });
}

}  // namespace sallyport
