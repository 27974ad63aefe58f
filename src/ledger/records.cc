// SPDX-License-Identifier: Apache-2.0
#include "ledger/records.h"

#include <algorithm>

#include "base/digest.h"
#include "ledger/write.h"

namespace sallyport {
namespace {

using sqlite::Database;
using sqlite::Statement;

struct RecordTable {
  std::string_view word;
  std::string_view table;
  // First the event, the case and the state, then every column that the digest covers. New columns need new lines for
  // every record: a migration that adds one must tell all records anew.
  std::string_view row;
};

// In the order of RecordKind.
constexpr std::array<RecordTable, kRecordKinds.size()> kRecordTables = {{
    {"event", "event",
     "SELECT number, case_number, state, number, received_at, source, detail_type, account, region, subject, title,"
     " origin, sha256, state, reason, case_number, body_sha256, owner, owner_since, removed,"
     " (SELECT group_concat(case_number) FROM (SELECT case_number FROM event_case WHERE event = ?1 ORDER BY position))"
     " FROM event WHERE number = ?1"},
    // The JSON is in it through its digest.
    {"plan", "plan",
     "SELECT event, case_number, state, number, event, case_number, workflow, format, digest, actions, state, reason,"
     " changed_at, expires_at, question, last_member, says, removed,"
     " (SELECT group_concat(position || '/' || case_number || '/' || says) FROM (SELECT position, case_number, says"
     "  FROM plan_says WHERE plan = ?1 ORDER BY position)) FROM plan WHERE number = ?1"},
    {"action", "action",
     "SELECT event, case_number, state, number, plan, event, case_number, key, kind, what, subject, host, severity,"
     " json, state, held_by, reason, changed_at,"
     " (SELECT group_concat(position || '/' || case_number) FROM (SELECT position, case_number FROM action_case"
     "  WHERE action = ?1 ORDER BY position)) FROM action WHERE number = ?1"},
    {"follow-up", "follow_up",
     "SELECT cases.event, case_number, follow_up.state, follow_up.number, case_number, key, question,"
     " follow_up.subject, format, json, due, give_up_at, follow_up.state, attempts, claimed_until, claimed_by, reason,"
     " asked_at, follow_up.changed_at, waiting, waiting_sha256, members, members_sha256, trimmed, answered, successor"
     " FROM follow_up JOIN cases ON cases.number = case_number WHERE follow_up.number = ?1"},
    {"delivery", "delivery",
     "SELECT cases.event, case_number, delivery.state, delivery.number, case_number, message, channel, delivery.state,"
     " sha256, handle, attempts, reason, delivery.changed_at FROM delivery JOIN cases ON cases.number = case_number"
     " WHERE delivery.number = ?1"},
    {"case", "cases",
     "SELECT event, number, state, number, event, service, account, region, subject, title, severity, state, outcome,"
     " latest, hosts, hosts_sha256, owners, owners_sha256, opened_at, changed_at, closed_at, removed FROM cases"
     " WHERE number = ?1"},
    {"document", "document",
     "SELECT NULL, NULL, state, number, name, state, version, at, pieces, bytes, sha256 FROM document"
     " WHERE number = ?1"},
}};

// Most lines have no reason.
constexpr std::string_view kSha256OfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const RecordTable& Of(RecordKind kind) {
  return kRecordTables.at(static_cast<std::size_t>(kind));
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

Result<LastLine> ReadLastLine(const Database& database) {
  auto statement = database.Prepare(
      "SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'history'), hash FROM history ORDER BY number DESC LIMIT "
      "1");
  if (!statement) return statement.error();
  const Result<bool> row = statement->Step();
  if (!row) return row.error();
  // A line that was deleted never gives its number away.
  if (*row) return LastLine{statement->Int(0), statement->Text(1)};
  const Result<std::int64_t> next = NextNumber(database, "history");
  if (!next) return next.error();
  LastLine none;
  none.number = *next - 1;
  return none;
}

Status Append(Writing& writing, ChainLine line, std::string_view reason) {
  if (!writing.last_line) {
    Result<LastLine> last = ReadLastLine(writing.database);
    if (!last) return last.error();
    writing.last_line = *std::move(last);
  }
  line.number = writing.last_line->number + 1;
  line.reason_sha256 = reason.empty() ? std::string(kSha256OfNothing) : Sha256Hex(reason);
  std::string hash = LineHash(writing.last_line->hash, line);
  auto statement = writing.database.Prepare(
      "INSERT INTO history (number, at, format, kind, subject, event, case_number, state, reason, record, hash)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!statement) return statement.error();
  statement->Bind(line.number)
      .Bind(line.at)
      .Bind(line.format)
      .Bind(line.kind)
      .Bind(line.subject)
      .BindOrNull(line.event)
      .BindOrNull(line.case_number)
      .Bind(line.state)
      .Bind(reason)
      .Bind(line.record)
      .Bind(hash);
  if (Status appended = statement->Run(); !appended) return appended;
  writing.last_line = LastLine{line.number, std::move(hash)};
  return Ok();
}

}  // namespace

std::string_view ToString(RecordKind kind) {
  return Of(kind).word;
}
std::string_view TableOf(RecordKind kind) {
  return Of(kind).table;
}

std::string DigestOfRow(std::string_view word, const Statement& row, int first) {
  Fields fields;
  fields.Text(word);
  for (int column = first; column < row.Columns(); ++column) AddColumn(fields, row, column);
  return fields.Digest();
}

Result<RecordRow> ReadRecordRow(const Database& database, RecordKind kind, std::int64_t number) {
  auto statement = database.Prepare(Of(kind).row);
  if (!statement) return statement.error();
  statement->Bind(number);
  const Result<bool> found = statement->Step();
  if (!found) return found.error();
  if (!*found) return NoSuch(database, ToString(kind), number);
  return RecordRow{statement->IntOrNull(0), statement->IntOrNull(1), statement->Text(2),
                   DigestOfRow(ToString(kind), *statement, 3)};
}

Status Tell(Writing& writing, RecordKind kind, std::int64_t number, std::string_view reason) {
  const Result<RecordRow> row = ReadRecordRow(writing.database, kind, number);
  if (!row) return row.error();
  ChainLine line;
  line.at = ToEpochMilliseconds(writing.now);
  line.kind = ToString(kind);
  line.subject = number;
  line.event = row->event;
  line.case_number = row->case_number;
  line.state = row->state;
  line.record = row->digest;
  return Append(writing, std::move(line), reason);
}

Status TellRetention(Writing& writing, std::int64_t case_number, std::string_view reason) {
  const Result<RecordRow> row = ReadRecordRow(writing.database, RecordKind::kCase, case_number);
  if (!row) return row.error();
  ChainLine line;
  line.at = ToEpochMilliseconds(writing.now);
  line.kind = kRetentionKind;
  line.subject = case_number;
  line.event = row->event;
  line.case_number = case_number;
  line.state = kRemovedWord;
  return Append(writing, std::move(line), reason);
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

Result<std::int64_t> NextEventOrCase(const Database& database) {
  return database.QueryInt(
      "SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'event' OR name = 'cases'");
}

Error NoSuch(const Database& database, std::string_view what, std::int64_t number) {
  Error error = database.Problem("there is no " + std::string(what) + " " + std::to_string(number), "");
  error.code = ErrorCode::kNotFound;
  return error;
}

std::string NextLink(std::string_view previous, std::int64_t position, std::string_view content) {
  return Fields().Text(previous).Int(position).Text(content).Digest();
}

StoredLine ReadChainLine(const Statement& row) {
  StoredLine stored;
  ChainLine& line = stored.line;
  line.number = row.Int(0);
  line.at = row.Int(1);
  line.format = row.Int(2);
  line.kind = row.Text(3);
  line.subject = row.Int(4);
  line.event = row.IntOrNull(5);
  line.case_number = row.IntOrNull(6);
  line.state = row.Text(7);
  stored.removed = !row.IsNull(8);
  line.record = row.Text(9);
  stored.reason = row.Text(10);
  line.reason_sha256 = stored.removed ? row.Text(8) : Sha256Hex(stored.reason);
  stored.hash = row.Text(11);
  return stored;
}

}  // namespace sallyport
