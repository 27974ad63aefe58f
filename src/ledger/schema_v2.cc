// SPDX-License-Identifier: Apache-2.0
#include "ledger/schema_v2.h"

#include <optional>
#include <string>
#include <vector>

#include "base/digest.h"
#include "ledger/chain.h"
#include "ledger/records.h"
#include "ledger/rows.h"

namespace sallyport {

// Bodies are in a table of their own: a change of an event's state would write them again. The triggers hold also
// against other programs. Retention is the only thing that may take content away, marks the event first (`removed`),
// and only once the event has ended; the rest follows from that mark.
const char* const kVersion2 = R"sql(
  DROP TRIGGER history_is_not_rewritten;
  DROP TRIGGER event_is_not_rewritten;
  DROP TRIGGER plan_is_not_rewritten;
  DROP TRIGGER action_is_not_rewritten;

  ALTER TABLE event ADD COLUMN case_number INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE event ADD COLUMN body_sha256 TEXT NOT NULL DEFAULT '';
  ALTER TABLE event ADD COLUMN owner TEXT NOT NULL DEFAULT '';
  ALTER TABLE event ADD COLUMN owner_since INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE event ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX event_of_version_1 ON event (source, account, subject);
  UPDATE event SET owner_since = received_at, case_number = CASE subject WHEN '' THEN number ELSE
    (SELECT min(number) FROM event AS first WHERE first.source = event.source AND first.account = event.account
       AND first.subject = event.subject) END;
  DROP INDEX event_of_version_1;
  CREATE INDEX event_by_thing ON event (source, account, subject) WHERE number = case_number AND subject <> '';
  CREATE INDEX event_by_content ON event (sha256, source, account);
  CREATE INDEX event_by_case ON event (case_number);

  CREATE TABLE body (
    event INTEGER PRIMARY KEY REFERENCES event (number),
    json  TEXT NOT NULL
  ) STRICT;

  CREATE TABLE plan_state (
    event      INTEGER PRIMARY KEY REFERENCES plan (event),
    state      TEXT NOT NULL,
    reason     TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    expires_at INTEGER,
    removed    INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  INSERT INTO plan_state (event, state, reason, changed_at)
    SELECT event, CASE (SELECT state FROM event WHERE event.number = plan.event)
        WHEN 'planned' THEN 'planned' ELSE 'executed' END, '',
      (SELECT max(at) FROM history WHERE history.event = plan.event) FROM plan;
  CREATE INDEX plan_by_digest ON plan (digest);
  CREATE INDEX plan_state_by_state ON plan_state (state);

  CREATE TABLE follow_up (
    number        INTEGER PRIMARY KEY AUTOINCREMENT,
    case_number   INTEGER NOT NULL REFERENCES event (number),
    key           TEXT NOT NULL,
    question      TEXT NOT NULL,
    subject       TEXT NOT NULL,
    json          TEXT NOT NULL,
    due           INTEGER NOT NULL,
    give_up_at    INTEGER NOT NULL,
    state         TEXT NOT NULL,
    attempts      INTEGER NOT NULL,
    claimed_until INTEGER,
    reason        TEXT NOT NULL,
    asked_at      INTEGER NOT NULL,
    changed_at    INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX follow_up_by_case ON follow_up (case_number);
  CREATE INDEX follow_up_open ON follow_up (due) WHERE state = 'open';
  CREATE UNIQUE INDEX follow_up_open_key ON follow_up (key) WHERE state = 'open';
  CREATE TABLE waiting (
    follow_up INTEGER NOT NULL REFERENCES follow_up (number),
    action    INTEGER NOT NULL REFERENCES action (number),
    PRIMARY KEY (follow_up, action)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE delivery (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    case_number INTEGER NOT NULL REFERENCES event (number),
    message     TEXT NOT NULL,
    channel     TEXT NOT NULL,
    state       TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    handle      TEXT NOT NULL,
    attempts    INTEGER NOT NULL,
    reason      TEXT NOT NULL,
    changed_at  INTEGER NOT NULL,
    UNIQUE (case_number, message, channel)
  ) STRICT;
  CREATE INDEX delivery_pending ON delivery (number) WHERE state = 'pending';

  ALTER TABLE history ADD COLUMN kind TEXT NOT NULL DEFAULT '';
  ALTER TABLE history ADD COLUMN follow_up INTEGER REFERENCES follow_up (number);
  ALTER TABLE history ADD COLUMN delivery INTEGER REFERENCES delivery (number);
  ALTER TABLE history ADD COLUMN record TEXT NOT NULL DEFAULT '';
  ALTER TABLE history ADD COLUMN reason_sha256 TEXT;
  ALTER TABLE history ADD COLUMN hash TEXT NOT NULL DEFAULT '';
  UPDATE history SET kind = CASE WHEN action IS NULL THEN 'event' ELSE 'action' END;
)sql";

// Behind the filling, which they would forbid.
const char* const kVersion2Triggers = R"sql(
  CREATE TRIGGER history_is_not_rewritten BEFORE UPDATE OF
      number, at, kind, event, action, follow_up, delivery, state, record, hash ON history
    BEGIN SELECT RAISE(ABORT, 'history is never rewritten'); END;
  CREATE TRIGGER history_reason_is_only_removed BEFORE UPDATE OF reason, reason_sha256 ON history
    WHEN NOT (NEW.reason = '' AND OLD.reason_sha256 IS NULL AND length(NEW.reason_sha256) IS 64
              AND (SELECT removed FROM event WHERE number = OLD.event) IS 1)
    BEGIN SELECT RAISE(ABORT, 'history is never rewritten'); END;

  CREATE TRIGGER event_is_not_rewritten BEFORE UPDATE OF
      number, received_at, source, detail_type, account, region, subject, title, origin, sha256, case_number,
      body_sha256 ON event
    BEGIN SELECT RAISE(ABORT, 'an event is never rewritten'); END;
  CREATE TRIGGER event_is_removed_once_and_ended BEFORE UPDATE OF removed ON event
    WHEN NOT (OLD.removed = 0 AND NEW.removed = 1 AND OLD.state NOT IN ('received', 'planned', 'waiting'))
    BEGIN SELECT RAISE(ABORT, 'the content of an event is removed once, when it has ended'); END;
  CREATE TRIGGER body_is_not_rewritten BEFORE UPDATE ON body
    BEGIN SELECT RAISE(ABORT, 'an event is never rewritten'); END;
  CREATE TRIGGER body_is_only_removed BEFORE DELETE ON body
    WHEN (SELECT removed FROM event WHERE number = OLD.event) IS NOT 1
    BEGIN SELECT RAISE(ABORT, 'an event is never rewritten'); END;

  CREATE TRIGGER plan_is_not_rewritten BEFORE UPDATE OF event, workflow, digest ON plan
    BEGIN SELECT RAISE(ABORT, 'a plan is never rewritten'); END;
  CREATE TRIGGER plan_is_only_removed BEFORE UPDATE OF json ON plan
    WHEN NOT (NEW.json = '' AND (SELECT removed FROM plan_state WHERE event = OLD.event) IS 1)
    BEGIN SELECT RAISE(ABORT, 'a plan is never rewritten'); END;
  CREATE TRIGGER plan_state_is_not_rewritten BEFORE UPDATE OF event ON plan_state
    BEGIN SELECT RAISE(ABORT, 'a plan is never rewritten'); END;
  CREATE TRIGGER plan_state_is_removed_with_its_event BEFORE UPDATE OF removed ON plan_state
    WHEN NOT (OLD.removed = 0 AND NEW.removed = 1 AND (SELECT removed FROM event WHERE number = OLD.event) IS 1)
    BEGIN SELECT RAISE(ABORT, 'a plan is never rewritten'); END;
  CREATE TRIGGER plan_state_is_not_deleted BEFORE DELETE ON plan_state
    BEGIN SELECT RAISE(ABORT, 'a plan is never deleted'); END;

  CREATE TRIGGER action_is_not_rewritten BEFORE UPDATE OF
      number, event, key, kind, what, subject, severity ON action
    BEGIN SELECT RAISE(ABORT, 'an action is never rewritten'); END;
  CREATE TRIGGER action_is_only_removed BEFORE UPDATE OF json ON action
    WHEN NOT (NEW.json = '' AND (SELECT removed FROM event WHERE number = OLD.event) IS 1)
    BEGIN SELECT RAISE(ABORT, 'an action is never rewritten'); END;

  CREATE TRIGGER follow_up_is_not_rewritten BEFORE UPDATE OF
      number, case_number, key, question, subject, give_up_at, asked_at ON follow_up
    BEGIN SELECT RAISE(ABORT, 'a follow-up is never rewritten'); END;
  CREATE TRIGGER follow_up_ends_once BEFORE UPDATE OF due, state, attempts, claimed_until ON follow_up
    WHEN OLD.state <> 'open'
    BEGIN SELECT RAISE(ABORT, 'a follow-up that has ended is never changed'); END;
  CREATE TRIGGER follow_up_is_only_removed BEFORE UPDATE OF json ON follow_up
    WHEN NOT (NEW.json = '' AND OLD.state <> 'open'
              AND (SELECT removed FROM event WHERE number = OLD.case_number) IS 1)
    BEGIN SELECT RAISE(ABORT, 'a follow-up is never rewritten'); END;
  CREATE TRIGGER follow_up_is_not_deleted BEFORE DELETE ON follow_up
    BEGIN SELECT RAISE(ABORT, 'a follow-up is never deleted'); END;
  CREATE TRIGGER waiting_is_not_rewritten BEFORE UPDATE ON waiting
    BEGIN SELECT RAISE(ABORT, 'a follow-up is never rewritten'); END;
  CREATE TRIGGER waiting_is_not_deleted BEFORE DELETE ON waiting
    BEGIN SELECT RAISE(ABORT, 'a follow-up is never rewritten'); END;

  CREATE TRIGGER delivery_is_not_rewritten BEFORE UPDATE OF number, case_number, message, channel ON delivery
    BEGIN SELECT RAISE(ABORT, 'a delivery is never rewritten'); END;
  CREATE TRIGGER delivery_is_not_deleted BEFORE DELETE ON delivery
    BEGIN SELECT RAISE(ABORT, 'a delivery is never deleted'); END;
)sql";

namespace {

using sqlite::Database;
using sqlite::Statement;

// The rows of version 2 as its lines recorded them. They never change: the program of today records other columns.
struct OldRecords {
  std::string_view word;
  std::string_view row;  // its event and state, then the columns that the digest covers
  std::string_view newest_line;
  std::string_view all;
};
constexpr OldRecords kEvents = {
    "event",
    "SELECT number, state, number, received_at, source, detail_type, account, region, subject, title, origin, sha256,"
    " state, reason, case_number, body_sha256, owner, owner_since, removed FROM event WHERE number = ?",
    "SELECT number FROM history WHERE event = ?1 AND kind = 'event' AND ?2 = ?1 ORDER BY number DESC LIMIT 1",
    "SELECT number FROM event"};
constexpr OldRecords kPlans = {
    "plan",
    "SELECT plan.event, state, plan.event, workflow, digest, state, reason, changed_at, expires_at,"
    " removed FROM plan JOIN plan_state ON plan_state.event = plan.event WHERE plan.event = ?",
    "", "SELECT event FROM plan"};
constexpr OldRecords kActions = {
    "action",
    "SELECT event, state, number, event, key, kind, what, subject, severity, json, state, reason, changed_at"
    " FROM action WHERE number = ?",
    "SELECT number FROM history WHERE event = ?1 AND kind = 'action' AND action = ?2 ORDER BY number DESC LIMIT 1",
    "SELECT number FROM action"};

Result<std::vector<std::int64_t>> Numbers(const Database& database, std::string_view sql) {
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  return ReadRows<std::int64_t>(*statement, FirstColumn);
}

struct OldRow {
  std::int64_t event = 0;
  std::string state;
  std::string digest;
};

Result<OldRow> ReadOldRow(const Database& database, const OldRecords& records, std::int64_t number) {
  auto statement = database.Prepare(records.row);
  if (!statement) return statement.error();
  statement->Bind(number);
  const Result<bool> found = statement->Step();
  if (!found) return found.error();
  if (!*found) return NoSuch(database, records.word, number);
  return OldRow{statement->Int(0), statement->Text(1), DigestOfRow(records.word, *statement, 2)};
}

// Puts the digest of a record's row into its newest line. What the older lines recorded is no longer known.
Status FillRecord(Database& database, const OldRecords& records, std::int64_t number) {
  const Result<OldRow> row = ReadOldRow(database, records, number);
  if (!row) return row.error();
  auto newest = database.Prepare(records.newest_line);
  if (!newest) return newest.error();
  newest->Bind(row->event).Bind(number);
  const Result<bool> found = newest->Step();
  if (!found) return found.error();
  if (!*found) return Ok();
  auto update = database.Prepare("UPDATE history SET record = ? WHERE number = ?");
  if (!update) return update.error();
  update->Bind(row->digest).Bind(newest->Int(0));
  return update->Run();
}

// The hash of a line, in the words of version 2.
std::string OldHash(std::string_view previous, const ChainLine& line) {
  ChainLine old = line;
  old.format = 2;
  return LineHash(previous, old);
}

Result<std::optional<ChainLine>> LineAfter(const Database& database, std::int64_t number) {
  auto statement = database.Prepare(
      "SELECT number, at, kind, event, coalesce(action, event), state, reason, record FROM history WHERE number > ?"
      " ORDER BY number LIMIT 1");
  if (!statement) return statement.error();
  statement->Bind(number);
  return ReadRow<ChainLine>(*statement, [](const Statement& row) {
    ChainLine line;
    line.number = row.Int(0);
    line.at = row.Int(1);
    line.kind = row.Text(2);
    line.event = row.Int(3);
    line.subject = row.Int(4);
    line.state = row.Text(5);
    line.reason_sha256 = Sha256Hex(row.Text(6));
    line.record = row.Text(7);
    return Result(line);
  });
}

// The newest line's hash.
Result<std::string> FillHashes(Database& database) {
  std::string previous(kNoLineBefore);
  std::int64_t number = 0;
  while (true) {
    const auto next = LineAfter(database, number);
    if (!next) return next.error();
    if (!*next) return previous;
    previous = OldHash(previous, **next);
    number = (*next)->number;
    auto update = database.Prepare("UPDATE history SET hash = ? WHERE number = ?");
    if (!update) return update.error();
    update->Bind(previous).Bind(number);
    if (Status done = update->Run(); !done) return done.error();
  }
}

// Appends the line of a plan, behind the line with the hash `previous`. The new line's hash.
Result<std::string> TellPlan(Database& database, std::int64_t event, const std::string& previous) {
  constexpr std::string_view kReason = "brought over from version 1 of the ledger";
  const Result<OldRow> row = ReadOldRow(database, kPlans, event);
  if (!row) return row.error();
  auto changed_at = database.Prepare("SELECT changed_at FROM plan_state WHERE event = ?");
  if (!changed_at) return changed_at.error();
  changed_at->Bind(event);
  if (const Result<bool> found = changed_at->Step(); !found) return found.error();
  const Result<std::int64_t> number = NextNumber(database, "history");
  if (!number) return number.error();
  ChainLine line;
  line.number = *number;
  line.at = changed_at->Int(0);
  line.kind = kPlans.word;
  line.event = event;
  line.subject = event;
  line.state = row->state;
  line.reason_sha256 = Sha256Hex(kReason);
  line.record = row->digest;
  std::string hash = OldHash(previous, line);
  auto insert = database.Prepare(
      "INSERT INTO history (number, at, kind, event, state, reason, record, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert) return insert.error();
  insert->Bind(line.number).Bind(line.at).Bind(line.kind).Bind(event).Bind(line.state).Bind(kReason);
  insert->Bind(line.record).Bind(hash);
  if (Status inserted = insert->Run(); !inserted) return inserted.error();
  return hash;
}

}  // namespace

Status FillVersion2(Database& database) {
  for (const OldRecords& records : {kEvents, kActions}) {
    const auto numbers = Numbers(database, records.all);
    if (!numbers) return numbers.error();
    for (const std::int64_t number : *numbers) {
      if (Status filled = FillRecord(database, records, number); !filled) return filled;
    }
  }
  Result<std::string> last = FillHashes(database);
  if (!last) return last.error();
  const auto plans = Numbers(database, kPlans.all);
  if (!plans) return plans.error();
  for (const std::int64_t plan : *plans) {
    last = TellPlan(database, plan, *last);
    if (!last) return last.error();
  }
  return database.Execute(kVersion2Triggers);
}

}  // namespace sallyport
