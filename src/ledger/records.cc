// SPDX-License-Identifier: Apache-2.0
#include "ledger/records.h"

#include <algorithm>

#include "base/digest.h"

namespace sallyport {
namespace {

using sqlite::Database;
using sqlite::Statement;

struct RecordTable {
  std::string_view word;
  // First the event and the state, then every column that the digest covers. New columns need new lines for every
  // record: a migration that adds one must tell all records anew.
  std::string_view row;
  std::string_view newest_line;  // ?1: event, ?2: number
  std::string_view all;
};

// In the order of RecordKind.
constexpr std::array<RecordTable, kRecordKinds.size()> kTables = {{
    {"event",
     "SELECT number, state, number, received_at, source, detail_type, account, region, subject, title, origin, sha256,"
     " state, reason, case_number, body_sha256, owner, owner_since, removed FROM event WHERE number = ?",
     "SELECT number, state, record FROM history WHERE event = ?1 AND kind = 'event' AND ?2 = ?1"
     " ORDER BY number DESC LIMIT 1",
     "SELECT number FROM event"},
    // The JSON is in it through its digest.
    {"plan",
     "SELECT plan.event, state, plan.event, workflow, digest, state, reason, changed_at, expires_at,"
     " removed FROM plan JOIN plan_state ON plan_state.event = plan.event WHERE plan.event = ?",
     "SELECT number, state, record FROM history WHERE event = ?1 AND kind = 'plan' AND ?2 = ?1"
     " ORDER BY number DESC LIMIT 1",
     "SELECT event FROM plan"},
    {"action",
     "SELECT event, state, number, event, key, kind, what, subject, severity, json, state, reason, changed_at"
     " FROM action WHERE number = ?",
     "SELECT number, state, record FROM history WHERE event = ?1 AND kind = 'action' AND action = ?2"
     " ORDER BY number DESC LIMIT 1",
     "SELECT number FROM action"},
    {"follow-up",
     "SELECT case_number, state, number, case_number, key, question, subject, json, due, give_up_at, state, attempts,"
     " claimed_until, reason, asked_at, changed_at, waiting FROM follow_up, (SELECT group_concat(action) AS waiting "
     "FROM"
     " (SELECT action FROM waiting WHERE follow_up = ?1 ORDER BY action)) WHERE number = ?1",
     "SELECT number, state, record FROM history WHERE event = ?1 AND kind = 'follow-up' AND follow_up = ?2"
     " ORDER BY number DESC LIMIT 1",
     "SELECT number FROM follow_up"},
    {"delivery",
     "SELECT case_number, state, number, case_number, message, channel, state, sha256, handle, attempts, reason,"
     " changed_at FROM delivery WHERE number = ?",
     "SELECT number, state, record FROM history WHERE event = ?1 AND kind = 'delivery' AND delivery = ?2"
     " ORDER BY number DESC LIMIT 1",
     "SELECT number FROM delivery"},
}};

const RecordTable& TableOf(RecordKind kind) {
  return kTables.at(static_cast<std::size_t>(kind));
}

void AddColumn(Fields& fields, const Statement& row, int column) {
  switch (row.TypeOf(column)) {
    case Statement::Type::kNull:
      fields.Null();
      return;
    case Statement::Type::kInt:
      fields.Int(row.Int(column));
      return;
    case Statement::Type::kReal:
      fields.Double(row.Double(column));
      return;
    case Statement::Type::kText:
      fields.Text(row.Text(column));
      return;
  }
}

// The hash of the newest line.
Result<std::string> LastHash(const Database& database) {
  auto statement = database.Prepare("SELECT hash FROM history ORDER BY number DESC LIMIT 1");
  if (!statement) return statement.error();
  const Result<bool> row = statement->Step();
  if (!row) return row.error();
  return *row ? statement->Text(0) : std::string(kNoLineBefore);
}

Status Append(Database& database, ChainLine line, std::string_view reason) {
  const Result<std::string> previous = LastHash(database);
  if (!previous) return previous.error();
  const Result<std::int64_t> number = NextNumber(database, "history");
  if (!number) return number.error();
  line.number = *number;
  line.reason_sha256 = Sha256Hex(reason);
  const std::string hash = LineHash(*previous, line);
  auto statement = database.Prepare(
      "INSERT INTO history (number, at, kind, event, action, follow_up, delivery, state, reason, record, hash)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!statement) return statement.error();
  statement->Bind(line.number)
      .Bind(line.at)
      .Bind(line.kind)
      .Bind(line.event)
      .BindOrNull(line.action)
      .BindOrNull(line.follow_up)
      .BindOrNull(line.delivery)
      .Bind(line.state)
      .Bind(reason)
      .Bind(line.record)
      .Bind(hash);
  return statement->Run();
}

}  // namespace

std::string_view ToString(RecordKind kind) {
  return TableOf(kind).word;
}
std::string_view NewestLineSql(RecordKind kind) {
  return TableOf(kind).newest_line;
}
std::string_view AllRecordsSql(RecordKind kind) {
  return TableOf(kind).all;
}

Result<RecordRow> ReadRecordRow(const Database& database, RecordKind kind, std::int64_t number) {
  auto statement = database.Prepare(TableOf(kind).row);
  if (!statement) return statement.error();
  statement->Bind(number);
  const Result<bool> found = statement->Step();
  if (!found) return found.error();
  if (!*found) return NoSuch(database, ToString(kind), number);
  Fields fields;
  fields.Text(ToString(kind));
  for (int column = 2; column < statement->Columns(); ++column) AddColumn(fields, *statement, column);
  return RecordRow{statement->Int(0), statement->Text(1), fields.Digest()};
}

Status Tell(Database& database, TimePoint now, RecordKind kind, std::int64_t number, std::string_view reason) {
  const Result<RecordRow> row = ReadRecordRow(database, kind, number);
  if (!row) return row.error();
  ChainLine line;
  line.at = ToEpochMilliseconds(now);
  line.kind = ToString(kind);
  line.event = row->event;
  if (kind == RecordKind::kAction) line.action = number;
  if (kind == RecordKind::kFollowUp) line.follow_up = number;
  if (kind == RecordKind::kDelivery) line.delivery = number;
  line.state = row->state;
  line.record = row->digest;
  return Append(database, std::move(line), reason);
}

Status TellRetention(Database& database, TimePoint now, std::int64_t event, std::string_view reason) {
  ChainLine line;
  line.at = ToEpochMilliseconds(now);
  line.kind = kRetentionKind;
  line.event = event;
  line.state = kRemovedWord;
  return Append(database, std::move(line), reason);
}

// Tables with AUTOINCREMENT remember their highest number in sqlite_sequence, also when the row is gone.
Result<std::int64_t> NextNumber(const Database& database, std::string_view table) {
  auto statement = database.Prepare("SELECT seq FROM sqlite_sequence WHERE name = ?");
  if (!statement) return statement.error();
  statement->Bind(table);
  const Result<bool> row = statement->Step();
  if (!row) return row.error();
  return *row ? statement->Int(0) + 1 : 1;
}

Error NoSuch(const Database& database, std::string_view what, std::int64_t number) {
  Error error = database.Problem("there is no " + std::string(what) + " " + std::to_string(number), "");
  error.code = ErrorCode::kNotFound;
  return error;
}

StoredLine ReadChainLine(const Statement& row) {
  StoredLine stored;
  ChainLine& line = stored.line;
  line.number = row.Int(0);
  line.at = row.Int(1);
  line.kind = row.Text(2);
  line.event = row.Int(3);
  line.action = row.IntOrNull(4);
  line.follow_up = row.IntOrNull(5);
  line.delivery = row.IntOrNull(6);
  line.state = row.Text(7);
  stored.removed = !row.IsNull(8);
  line.record = row.Text(9);
  stored.reason = row.Text(10);
  line.reason_sha256 = stored.removed ? row.Text(8) : Sha256Hex(stored.reason);
  stored.hash = row.Text(11);
  return stored;
}

}  // namespace sallyport
