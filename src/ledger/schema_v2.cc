// SPDX-License-Identifier: Apache-2.0
#include "ledger/schema_v2.h"

#include <optional>
#include <vector>

#include "ledger/records.h"

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

Result<std::vector<std::int64_t>> Numbers(const Database& database, std::string_view sql) {
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  std::vector<std::int64_t> numbers;
  while (true) {
    const Result<bool> row = statement->Step();
    if (!row) return row.error();
    if (!*row) return numbers;
    numbers.push_back(statement->Int(0));
  }
}

// Puts the digest of a record's row into its newest line. What the older lines recorded is no longer known.
Status FillRecord(Database& database, RecordKind kind, std::int64_t number) {
  const Result<RecordRow> row = ReadRecordRow(database, kind, number);
  if (!row) return row.error();
  auto newest = database.Prepare(NewestLineSql(kind));
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

Result<std::optional<StoredLine>> LineAfter(const Database& database, std::int64_t number) {
  const std::string sql =
      "SELECT " + std::string(kChainColumns) + " FROM history WHERE number > ? ORDER BY number LIMIT 1";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(number);
  const Result<bool> row = statement->Step();
  if (!row) return row.error();
  if (!*row) return std::optional<StoredLine>();
  return std::optional<StoredLine>(ReadChainLine(*statement));
}

Status FillHashes(Database& database) {
  std::string previous(kNoLineBefore);
  std::int64_t number = 0;
  while (true) {
    const Result<std::optional<StoredLine>> next = LineAfter(database, number);
    if (!next) return next.error();
    if (!*next) return Ok();
    const ChainLine& line = (*next)->line;
    previous = LineHash(previous, line);
    number = line.number;
    auto update = database.Prepare("UPDATE history SET hash = ? WHERE number = ?");
    if (!update) return update.error();
    update->Bind(previous).Bind(number);
    if (Status done = update->Run(); !done) return done;
  }
}

Status TellPlan(Database& database, std::int64_t event) {
  auto changed = database.Prepare("SELECT changed_at FROM plan_state WHERE event = ?");
  if (!changed) return changed.error();
  changed->Bind(event);
  const Result<bool> row = changed->Step();
  if (!row) return row.error();
  return Tell(database, FromEpochMilliseconds(changed->Int(0)), RecordKind::kPlan, event,
              "brought over from version 1 of the ledger");
}

}  // namespace

Status FillVersion2(Database& database) {
  for (const RecordKind kind : {RecordKind::kEvent, RecordKind::kAction}) {
    const auto numbers = Numbers(database, AllRecordsSql(kind));
    if (!numbers) return numbers.error();
    for (const std::int64_t number : *numbers) {
      if (Status filled = FillRecord(database, kind, number); !filled) return filled;
    }
  }
  if (Status filled = FillHashes(database); !filled) return filled;
  const auto plans = Numbers(database, AllRecordsSql(RecordKind::kPlan));
  if (!plans) return plans.error();
  for (const std::int64_t plan : *plans) {
    if (Status told = TellPlan(database, plan); !told) return told;
  }
  return database.Execute(kVersion2Triggers);
}

}  // namespace sallyport
