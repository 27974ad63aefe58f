// SPDX-License-Identifier: Apache-2.0
#include "ledger/schema_v3.h"

#include <string>
#include <vector>

#include "ledger/records.h"
#include "ledger/rows.h"
#include "ledger/write.h"

namespace sallyport {
namespace {

using sqlite::Database;
using sqlite::Statement;

// The old tables make room. Their triggers are dropped before, whatever their names are; with a renamed table its
// references go along.
constexpr const char* kMakeRoom[] = {"DROP INDEX event_by_state",
                                     "DROP INDEX event_by_thing",
                                     "DROP INDEX event_by_content",
                                     "DROP INDEX event_by_case",
                                     "DROP INDEX action_by_event",
                                     "DROP INDEX action_by_key",
                                     "DROP INDEX action_by_deed",
                                     "DROP INDEX history_by_event",
                                     "DROP INDEX plan_by_digest",
                                     "DROP INDEX plan_state_by_state",
                                     "DROP INDEX follow_up_by_case",
                                     "DROP INDEX follow_up_open",
                                     "DROP INDEX follow_up_open_key",
                                     "DROP INDEX delivery_pending",
                                     "ALTER TABLE event RENAME TO old_event",
                                     "ALTER TABLE body RENAME TO old_body",
                                     "ALTER TABLE plan RENAME TO old_plan",
                                     "ALTER TABLE plan_state RENAME TO old_plan_state",
                                     "ALTER TABLE action RENAME TO old_action",
                                     "ALTER TABLE follow_up RENAME TO old_follow_up",
                                     "ALTER TABLE waiting RENAME TO old_waiting",
                                     "ALTER TABLE delivery RENAME TO old_delivery",
                                     "ALTER TABLE history RENAME TO old_history"};

// Times are milliseconds since 1970 (UTC). States are the words of states.h and case_state.h. AUTOINCREMENT: a number
// is never given twice; events and cases draw from one sequence. Texts that may be long have tables of their own where
// a change of a state would write them again. `..._sha256` beside a count is the last link of the rows' own chain
// (records.h).
constexpr const char* kTablesOfVersion3[] = {
    R"sql(CREATE TABLE event (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    received_at INTEGER NOT NULL,
    source      TEXT NOT NULL,
    detail_type TEXT NOT NULL,
    account     TEXT NOT NULL,
    region      TEXT NOT NULL,
    subject     TEXT NOT NULL,
    title       TEXT NOT NULL,
    origin      TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    state       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    case_number INTEGER NOT NULL,
    body_sha256 TEXT NOT NULL,
    owner       TEXT NOT NULL,
    owner_since INTEGER NOT NULL,
    removed     INTEGER NOT NULL DEFAULT 0
  ) STRICT)sql",
    R"sql(CREATE TABLE body (
    event INTEGER PRIMARY KEY REFERENCES event (number),
    json  TEXT NOT NULL
  ) STRICT)sql",
    R"sql(CREATE TABLE cases (
    number        INTEGER PRIMARY KEY AUTOINCREMENT,
    event         INTEGER NOT NULL REFERENCES event (number),
    service       TEXT NOT NULL,
    account       TEXT NOT NULL,
    region        TEXT NOT NULL,
    subject       TEXT NOT NULL,
    title         TEXT NOT NULL,
    severity      REAL NOT NULL,
    state         TEXT NOT NULL,
    outcome       TEXT NOT NULL,
    latest        INTEGER,
    hosts         INTEGER NOT NULL DEFAULT 0,
    hosts_sha256  TEXT NOT NULL DEFAULT '',
    owners        INTEGER NOT NULL DEFAULT 0,
    owners_sha256 TEXT NOT NULL DEFAULT '',
    opened_at     INTEGER NOT NULL,
    changed_at    INTEGER NOT NULL,
    closed_at     INTEGER,
    removed       INTEGER NOT NULL DEFAULT 0
  ) STRICT)sql",
    R"sql(CREATE TABLE event_case (
    event       INTEGER NOT NULL REFERENCES event (number),
    position    INTEGER NOT NULL,
    case_number INTEGER NOT NULL REFERENCES cases (number),
    PRIMARY KEY (event, position)
  ) STRICT, WITHOUT ROWID)sql",
    R"sql(CREATE TABLE case_host (
    case_number INTEGER NOT NULL REFERENCES cases (number),
    position    INTEGER NOT NULL,
    host        TEXT NOT NULL,
    instance    TEXT NOT NULL,
    PRIMARY KEY (case_number, position)
  ) STRICT, WITHOUT ROWID)sql",
    R"sql(CREATE TABLE case_owner (
    case_number INTEGER NOT NULL REFERENCES cases (number),
    position    INTEGER NOT NULL,
    owner       TEXT NOT NULL,
    PRIMARY KEY (case_number, position)
  ) STRICT, WITHOUT ROWID)sql",
    // Filled by write_text.cc, for those who search for a text (text_filter.h).
    R"sql(CREATE TABLE case_filter (
    case_number INTEGER PRIMARY KEY REFERENCES cases (number),
    filter      BLOB NOT NULL
  ) STRICT)sql",
    R"sql(CREATE TABLE plan (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    event       INTEGER NOT NULL REFERENCES event (number),
    case_number INTEGER NOT NULL REFERENCES cases (number),
    workflow    TEXT NOT NULL,
    format      INTEGER NOT NULL,
    digest      TEXT NOT NULL,
    actions     INTEGER NOT NULL,
    state       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    changed_at  INTEGER NOT NULL,
    expires_at  INTEGER,
    question    INTEGER REFERENCES follow_up (number),
    last_member INTEGER NOT NULL DEFAULT 0,
    says        TEXT NOT NULL DEFAULT '',
    removed     INTEGER NOT NULL DEFAULT 0
  ) STRICT)sql",
    R"sql(CREATE TABLE plan_text (
    plan INTEGER PRIMARY KEY REFERENCES plan (number),
    json TEXT NOT NULL
  ) STRICT)sql",
    R"sql(CREATE TABLE plan_says (
    plan        INTEGER NOT NULL REFERENCES plan (number),
    position    INTEGER NOT NULL,
    case_number INTEGER NOT NULL REFERENCES cases (number),
    says        TEXT NOT NULL,
    PRIMARY KEY (plan, position)
  ) STRICT, WITHOUT ROWID)sql",
    R"sql(CREATE TABLE action (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    plan        INTEGER NOT NULL REFERENCES plan (number),
    event       INTEGER NOT NULL REFERENCES event (number),
    case_number INTEGER NOT NULL REFERENCES cases (number),
    key         TEXT NOT NULL,
    kind        TEXT NOT NULL,
    what        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    host        TEXT NOT NULL,
    severity    REAL NOT NULL,
    json        TEXT NOT NULL,
    state       TEXT NOT NULL,
    held_by     TEXT NOT NULL,
    reason      TEXT NOT NULL,
    changed_at  INTEGER NOT NULL
  ) STRICT)sql",
    R"sql(CREATE TABLE action_case (
    action      INTEGER NOT NULL REFERENCES action (number),
    position    INTEGER NOT NULL,
    case_number INTEGER NOT NULL REFERENCES cases (number),
    PRIMARY KEY (action, position)
  ) STRICT, WITHOUT ROWID)sql",
    R"sql(CREATE TABLE follow_up (
    number         INTEGER PRIMARY KEY AUTOINCREMENT,
    case_number    INTEGER NOT NULL REFERENCES cases (number),
    key            TEXT NOT NULL,
    question       TEXT NOT NULL,
    subject        TEXT NOT NULL,
    format         INTEGER NOT NULL,
    json           TEXT NOT NULL,
    due            INTEGER NOT NULL,
    give_up_at     INTEGER NOT NULL,
    state          TEXT NOT NULL,
    attempts       INTEGER NOT NULL,
    claimed_until  INTEGER,
    claimed_by     TEXT,
    reason         TEXT NOT NULL,
    asked_at       INTEGER NOT NULL,
    changed_at     INTEGER NOT NULL,
    waiting        INTEGER NOT NULL DEFAULT 0,
    waiting_sha256 TEXT NOT NULL DEFAULT '',
    members        INTEGER NOT NULL DEFAULT 0,
    members_sha256 TEXT NOT NULL DEFAULT '',
    trimmed        INTEGER NOT NULL DEFAULT 0,
    answered       INTEGER NOT NULL DEFAULT 0,
    successor      INTEGER REFERENCES follow_up (number) DEFERRABLE INITIALLY DEFERRED,
    rings_at       INTEGER GENERATED ALWAYS AS (coalesce(max(due, claimed_until), due)) VIRTUAL
  ) STRICT)sql",
    R"sql(CREATE TABLE waiting (
    follow_up INTEGER NOT NULL REFERENCES follow_up (number),
    position  INTEGER NOT NULL,
    action    INTEGER NOT NULL REFERENCES action (number),
    PRIMARY KEY (follow_up, position)
  ) STRICT, WITHOUT ROWID)sql",
    R"sql(CREATE TABLE member (
    follow_up   INTEGER NOT NULL REFERENCES follow_up (number),
    number      INTEGER NOT NULL,
    event       INTEGER NOT NULL REFERENCES event (number),
    case_number INTEGER NOT NULL REFERENCES cases (number),
    json        TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    joined_at   INTEGER NOT NULL,
    PRIMARY KEY (follow_up, number)
  ) STRICT)sql",
    R"sql(CREATE TABLE delivery (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    case_number INTEGER NOT NULL REFERENCES cases (number),
    message     TEXT NOT NULL,
    channel     TEXT NOT NULL,
    state       TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    handle      TEXT NOT NULL,
    attempts    INTEGER NOT NULL,
    reason      TEXT NOT NULL,
    changed_at  INTEGER NOT NULL,
    UNIQUE (case_number, message, channel)
  ) STRICT)sql",
    R"sql(CREATE TABLE document (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    name    TEXT NOT NULL UNIQUE,
    state   TEXT NOT NULL,
    version INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    pieces  INTEGER NOT NULL,
    bytes   INTEGER NOT NULL,
    sha256  TEXT NOT NULL
  ) STRICT)sql",
    R"sql(CREATE TABLE document_piece (
    document INTEGER NOT NULL REFERENCES document (number),
    position INTEGER NOT NULL,
    text     TEXT NOT NULL,
    PRIMARY KEY (document, position)
  ) STRICT)sql",
    R"sql(CREATE TABLE history (
    number        INTEGER PRIMARY KEY AUTOINCREMENT,
    at            INTEGER NOT NULL,
    format        INTEGER NOT NULL,
    kind          TEXT NOT NULL,
    subject       INTEGER NOT NULL,
    event         INTEGER,
    case_number   INTEGER,
    state         TEXT NOT NULL,
    reason        TEXT NOT NULL,
    reason_sha256 TEXT,
    record        TEXT NOT NULL,
    hash          TEXT NOT NULL
  ) STRICT)sql"};

// What version 2 had, in the words of version 3. A gate that held an action up was in its reason: "approval: ...".
constexpr const char* kCopies[] = {
    "INSERT INTO event (number, received_at, source, detail_type, account, region, subject, title, origin, sha256, "
    "state,"
    " reason, case_number, body_sha256, owner, owner_since, removed) SELECT number, received_at, source, detail_type,"
    " account, region, subject, title, origin, sha256, state, reason, case_number, body_sha256, owner, owner_since,"
    " removed FROM old_event ORDER BY number",
    "INSERT INTO body SELECT event, json FROM old_body ORDER BY event",
    "INSERT INTO cases (number, event, service, account, region, subject, title, severity, state, outcome, latest,"
    " opened_at, changed_at, removed) SELECT number, number, source, account, region, subject, title, 0.0, 'open', '',"
    " NULL, received_at, received_at, removed FROM old_event WHERE number = case_number ORDER BY number",
    "INSERT INTO event_case SELECT number, 1, case_number FROM old_event ORDER BY number",
    "INSERT INTO plan (number, event, case_number, workflow, format, digest, actions, state, reason, changed_at,"
    " expires_at, removed) SELECT old_plan.event, old_plan.event, case_number, workflow, 1, digest,"
    " (SELECT count(*) FROM old_action WHERE old_action.event = old_plan.event), old_plan_state.state,"
    " old_plan_state.reason, changed_at, expires_at, old_plan_state.removed FROM old_plan"
    " JOIN old_plan_state ON old_plan_state.event = old_plan.event JOIN old_event ON old_event.number = old_plan.event"
    " ORDER BY old_plan.event",
    "INSERT INTO plan_text SELECT old_plan.event, json FROM old_plan JOIN old_plan_state"
    " ON old_plan_state.event = old_plan.event WHERE removed = 0 ORDER BY old_plan.event",
    "INSERT INTO action (number, plan, event, case_number, key, kind, what, subject, host, severity, json, state,"
    " held_by, reason, changed_at) SELECT old_action.number, event, event, case_number, key, kind, what,"
    " old_action.subject, CASE WHEN json_valid(json) THEN coalesce(json_extract(json, '$.host.account') || '/' ||"
    " json_extract(json, '$.host.region') || '/' || json_extract(json, '$.host.instance'), '') ELSE '' END, severity,"
    " json, CASE WHEN old_action.state = 'waiting' AND (old_action.reason GLOB 'approval: *' OR old_action.reason"
    " GLOB 'maintenance-window: *' OR old_action.reason GLOB 'stagger: *') THEN 'held'"
    " WHEN old_action.state = 'refused' AND (old_action.reason GLOB 'once: *' OR old_action.reason GLOB 'cool-down: *')"
    " THEN 'skipped' WHEN old_action.state = 'refused' AND old_action.reason GLOB 'mode: *' THEN 'would'"
    " WHEN old_action.state = 'dry-run' THEN 'would' ELSE old_action.state END, '', old_action.reason, changed_at"
    " FROM old_action JOIN old_event ON old_event.number = old_action.event ORDER BY old_action.number",
    "UPDATE action SET held_by = substr(reason, 1, instr(reason, ':') - 1) WHERE state = 'held'",
    "INSERT INTO follow_up (number, case_number, key, question, subject, format, json, due, give_up_at, state, "
    "attempts,"
    " claimed_until, reason, asked_at, changed_at) SELECT number, case_number, key, question, subject, 1, json, due,"
    " give_up_at, state, attempts, claimed_until, reason, asked_at, changed_at FROM old_follow_up ORDER BY number",
    "INSERT INTO waiting SELECT follow_up, row_number() OVER (PARTITION BY follow_up ORDER BY action), action"
    " FROM old_waiting",
    "INSERT INTO delivery SELECT number, case_number, message, channel, state, sha256, handle, attempts, reason,"
    " changed_at FROM old_delivery ORDER BY number",
    "INSERT INTO history (number, at, format, kind, subject, event, case_number, state, reason, reason_sha256, record,"
    " hash) SELECT old_history.number, at, 2, kind, coalesce(action, follow_up, delivery, event), event, case_number,"
    " old_history.state, old_history.reason, reason_sha256, record, hash FROM old_history"
    " JOIN old_event ON old_event.number = old_history.event ORDER BY old_history.number",
    "DROP TABLE old_history",
    "DROP TABLE old_waiting",
    "DROP TABLE old_follow_up",
    "DROP TABLE old_delivery",
    "DROP TABLE old_action",
    "DROP TABLE old_plan_state",
    "DROP TABLE old_plan",
    "DROP TABLE old_body",
    "DROP TABLE old_event"};

constexpr const char* kIndexesOfVersion3[] = {
    // The states are written one by one, here and in the look-ups: for a list, SQLite fills a table anew with every
    // change of a row.
    "CREATE INDEX event_unfinished ON event (state) WHERE state = 'received' OR state = 'planned'",
    // Not the repetitions: there may be any number of them (query.h, kSelectSame).
    ("CREATE INDEX event_by_content ON event (sha256, source, account) WHERE state = 'closed' OR state = 'done'"
     " OR state = 'waiting' OR state = 'joined' OR state = 'out-of-scope' OR state = 'planned'"),
    "CREATE UNIQUE INDEX event_case_by_case ON event_case (case_number, event)",
    "CREATE INDEX case_by_thing ON cases (service, account, subject) WHERE subject <> ''",
    "CREATE INDEX case_by_state ON cases (state)",
    "CREATE UNIQUE INDEX case_host_once ON case_host (case_number, host)",
    "CREATE INDEX case_by_host ON case_host (instance)",
    "CREATE UNIQUE INDEX case_owner_once ON case_owner (case_number, owner)",
    "CREATE INDEX case_by_owner ON case_owner (owner)",
    "CREATE UNIQUE INDEX plan_once ON plan (event, case_number, workflow)",
    "CREATE INDEX plan_by_case ON plan (case_number)", "CREATE INDEX plan_by_digest ON plan (digest)",
    "CREATE INDEX plan_by_question ON plan (question) WHERE question IS NOT NULL",
    "CREATE UNIQUE INDEX plan_says_by_case ON plan_says (case_number, plan)",
    "CREATE INDEX action_by_plan ON action (plan)",
    "CREATE INDEX action_by_case ON action (case_number, state, subject)",
    // Only what may have happened: a host can have any number of findings that led to nothing more (query_action.cc).
    ("CREATE INDEX action_by_key ON action (key) WHERE state = 'held' OR state = 'intended' OR state = 'requested'"
     " OR state = 'waiting' OR state = 'applied' OR state = 'verified' OR state = 'not-verifiable' OR state = 'sent'"),
    ("CREATE INDEX action_by_deed ON action (kind, what, subject) WHERE state = 'intended' OR state = 'requested'"
     " OR state = 'waiting' OR state = 'applied' OR state = 'verified' OR state = 'not-verifiable' OR state = 'sent'"),
    "CREATE UNIQUE INDEX action_case_by_case ON action_case (case_number, action)",
    "CREATE INDEX follow_up_by_case ON follow_up (case_number, state)",
    "CREATE INDEX follow_up_open ON follow_up (rings_at) WHERE state = 'open'",
    "CREATE INDEX follow_up_claimed ON follow_up (claimed_until) WHERE state = 'open' AND claimed_until IS NOT NULL",
    "CREATE UNIQUE INDEX follow_up_open_key ON follow_up (key) WHERE state = 'open'",
    "CREATE INDEX member_by_case ON member (case_number)",
    "CREATE INDEX delivery_pending ON delivery (number) WHERE state IN ('pending', 'outcome-unknown')",
    "CREATE INDEX history_by_record ON history (kind, subject)",
    "CREATE INDEX history_by_case ON history (case_number)"};

// They hold also against other programs. Retention is the only thing that may take content away; it marks the event and
// the case first (`removed`), and the event only once it has ended.
constexpr const char* kTriggersOfVersion3[] = {
    R"sql(CREATE TRIGGER history_is_not_rewritten BEFORE UPDATE OF
      number, at, format, kind, subject, event, case_number, state, record, hash ON history
    BEGIN SELECT RAISE(ABORT, 'history is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER history_reason_is_only_removed BEFORE UPDATE OF reason, reason_sha256 ON history
    WHEN NOT (NEW.reason = '' AND OLD.reason_sha256 IS NULL AND length(NEW.reason_sha256) IS 64
              AND ((OLD.kind = 'event' AND (SELECT removed FROM event WHERE number = OLD.event) IS 1)
                   OR (OLD.kind <> 'event' AND (SELECT removed FROM cases WHERE number = OLD.case_number) IS 1)))
    BEGIN SELECT RAISE(ABORT, 'history is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER history_is_not_deleted BEFORE DELETE ON history
    BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END)sql",

    R"sql(CREATE TRIGGER event_is_not_rewritten BEFORE UPDATE OF
      number, received_at, source, detail_type, account, region, subject, title, origin, sha256, case_number,
      body_sha256 ON event
    BEGIN SELECT RAISE(ABORT, 'an event is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER event_is_removed_once_and_ended BEFORE UPDATE OF removed ON event
    WHEN NOT (OLD.removed = 0 AND NEW.removed = 1 AND OLD.state NOT IN ('received', 'planned', 'waiting'))
    BEGIN SELECT RAISE(ABORT, 'the content of an event is removed once, when it has ended'); END)sql",
    R"sql(CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END)sql",
    R"sql(CREATE TRIGGER event_case_is_not_rewritten BEFORE UPDATE ON event_case
    BEGIN SELECT RAISE(ABORT, 'an event is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER event_case_is_not_deleted BEFORE DELETE ON event_case
    BEGIN SELECT RAISE(ABORT, 'an event is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER body_is_not_rewritten BEFORE UPDATE ON body
    BEGIN SELECT RAISE(ABORT, 'an event is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER body_is_only_removed BEFORE DELETE ON body
    WHEN (SELECT removed FROM event WHERE number = OLD.event) IS NOT 1
    BEGIN SELECT RAISE(ABORT, 'an event is never rewritten'); END)sql",

    R"sql(CREATE TRIGGER case_is_not_rewritten BEFORE UPDATE OF
      number, event, service, account, region, subject, title, opened_at ON cases
    BEGIN SELECT RAISE(ABORT, 'a case is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER case_is_removed_when_its_event_is BEFORE UPDATE OF removed ON cases
    WHEN NOT (NEW.removed = 1 AND OLD.state NOT IN ('in-progress', 'open'))
    BEGIN SELECT RAISE(ABORT, 'the content of a case is removed when nothing of it is open'); END)sql",
    R"sql(CREATE TRIGGER case_is_not_deleted BEFORE DELETE ON cases
    BEGIN SELECT RAISE(ABORT, 'a case is never deleted'); END)sql",
    R"sql(CREATE TRIGGER case_host_is_not_rewritten BEFORE UPDATE ON case_host
    BEGIN SELECT RAISE(ABORT, 'a case is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER case_host_is_not_deleted BEFORE DELETE ON case_host
    BEGIN SELECT RAISE(ABORT, 'a case is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER case_owner_is_not_rewritten BEFORE UPDATE ON case_owner
    BEGIN SELECT RAISE(ABORT, 'a case is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER case_owner_is_not_deleted BEFORE DELETE ON case_owner
    BEGIN SELECT RAISE(ABORT, 'a case is never rewritten'); END)sql",

    R"sql(CREATE TRIGGER case_filter_is_not_deleted BEFORE DELETE ON case_filter
    BEGIN SELECT RAISE(ABORT, 'a case is never rewritten'); END)sql",

    R"sql(CREATE TRIGGER plan_is_not_rewritten BEFORE UPDATE OF
      number, event, case_number, workflow, format, digest, actions, question, last_member, says ON plan
    BEGIN SELECT RAISE(ABORT, 'a plan is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER plan_is_removed_with_its_case BEFORE UPDATE OF removed ON plan
    WHEN NOT (OLD.removed = 0 AND NEW.removed = 1 AND (SELECT removed FROM cases WHERE number = OLD.case_number) IS 1)
    BEGIN SELECT RAISE(ABORT, 'a plan is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER plan_is_not_deleted BEFORE DELETE ON plan
    BEGIN SELECT RAISE(ABORT, 'a plan is never deleted'); END)sql",
    R"sql(CREATE TRIGGER plan_says_is_not_rewritten BEFORE UPDATE ON plan_says
    BEGIN SELECT RAISE(ABORT, 'a plan is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER plan_says_is_not_deleted BEFORE DELETE ON plan_says
    BEGIN SELECT RAISE(ABORT, 'a plan is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER plan_text_is_not_rewritten BEFORE UPDATE ON plan_text
    BEGIN SELECT RAISE(ABORT, 'a plan is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER plan_text_is_only_removed BEFORE DELETE ON plan_text
    WHEN (SELECT removed FROM plan WHERE number = OLD.plan) IS NOT 1
    BEGIN SELECT RAISE(ABORT, 'a plan is never rewritten'); END)sql",

    R"sql(CREATE TRIGGER action_is_not_rewritten BEFORE UPDATE OF
      number, plan, event, case_number, key, kind, what, subject, host, severity ON action
    BEGIN SELECT RAISE(ABORT, 'an action is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER action_is_only_removed BEFORE UPDATE OF json ON action
    WHEN NOT (NEW.json = '' AND (SELECT removed FROM plan WHERE number = OLD.plan) IS 1)
    BEGIN SELECT RAISE(ABORT, 'an action is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER action_is_not_deleted BEFORE DELETE ON action
    BEGIN SELECT RAISE(ABORT, 'an action is never deleted'); END)sql",
    R"sql(CREATE TRIGGER action_case_is_not_rewritten BEFORE UPDATE ON action_case
    BEGIN SELECT RAISE(ABORT, 'an action is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER action_case_is_not_deleted BEFORE DELETE ON action_case
    BEGIN SELECT RAISE(ABORT, 'an action is never rewritten'); END)sql",

    R"sql(CREATE TRIGGER follow_up_is_not_rewritten BEFORE UPDATE OF
      number, case_number, key, question, subject, format, give_up_at, asked_at ON follow_up
    BEGIN SELECT RAISE(ABORT, 'a follow-up is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER follow_up_ends_once BEFORE UPDATE OF
      due, state, attempts, claimed_until, claimed_by, waiting, members, trimmed, answered, successor ON follow_up
    WHEN OLD.state <> 'open'
    BEGIN SELECT RAISE(ABORT, 'a follow-up that has ended is never changed'); END)sql",
    R"sql(CREATE TRIGGER follow_up_is_only_removed BEFORE UPDATE OF json ON follow_up
    WHEN NOT (NEW.json = '' AND OLD.state <> 'open'
              AND (SELECT removed FROM cases WHERE number = OLD.case_number) IS 1)
    BEGIN SELECT RAISE(ABORT, 'a follow-up is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER follow_up_is_not_deleted BEFORE DELETE ON follow_up
    BEGIN SELECT RAISE(ABORT, 'a follow-up is never deleted'); END)sql",
    R"sql(CREATE TRIGGER waiting_is_not_rewritten BEFORE UPDATE ON waiting
    BEGIN SELECT RAISE(ABORT, 'a follow-up is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER waiting_is_not_deleted BEFORE DELETE ON waiting
    BEGIN SELECT RAISE(ABORT, 'a follow-up is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER member_is_not_rewritten BEFORE UPDATE OF
      follow_up, number, event, case_number, sha256, joined_at ON member
    BEGIN SELECT RAISE(ABORT, 'a member is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER member_is_only_removed BEFORE UPDATE OF json ON member
    WHEN NOT (NEW.json = '' AND (SELECT removed FROM follow_up JOIN cases ON cases.number = follow_up.case_number
                                 WHERE follow_up.number = OLD.follow_up AND follow_up.state <> 'open') IS 1)
    BEGIN SELECT RAISE(ABORT, 'a member is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER member_is_not_deleted BEFORE DELETE ON member
    BEGIN SELECT RAISE(ABORT, 'a member is never deleted'); END)sql",

    R"sql(CREATE TRIGGER delivery_is_not_rewritten BEFORE UPDATE OF number, case_number, message, channel ON delivery
    BEGIN SELECT RAISE(ABORT, 'a delivery is never rewritten'); END)sql",
    R"sql(CREATE TRIGGER delivery_is_not_deleted BEFORE DELETE ON delivery
    BEGIN SELECT RAISE(ABORT, 'a delivery is never deleted'); END)sql",

    R"sql(CREATE TRIGGER document_keeps_its_name BEFORE UPDATE OF number, name ON document
    BEGIN SELECT RAISE(ABORT, 'a document keeps its name'); END)sql",
    R"sql(CREATE TRIGGER document_does_not_go_back BEFORE UPDATE OF version ON document
    WHEN NEW.version < OLD.version
    BEGIN SELECT RAISE(ABORT, 'a version of a document is never given twice'); END)sql",
    R"sql(CREATE TRIGGER document_is_not_deleted BEFORE DELETE ON document
    BEGIN SELECT RAISE(ABORT, 'a document is never deleted'); END)sql"};

constexpr std::string_view kBroughtOver = "brought over from version 2 of the ledger";

// A name out of the file: it may be anything.
std::string QuotedName(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

class Migration3 {
 public:
  Migration3(Database& database, const BetweenSteps& between) : database_(database), between_(between) {}

  Status Run() {
    using Step = Status (Migration3::*)();
    constexpr Step kSteps[] = {&Migration3::DropTriggers, &Migration3::MakeRoom,    &Migration3::MakeTables,
                               &Migration3::Copy,         &Migration3::MakeIndexes, &Migration3::FillChains,
                               &Migration3::FillCases,    &Migration3::TellAll,     &Migration3::MakeTriggers};
    for (const Step step : kSteps) {
      if (Status done = (this->*step)(); !done) return done;
    }
    return Ok();
  }

 private:
  Status Execute(const char* sql) {
    if (between_) {
      if (Status go_on = between_(); !go_on) return go_on;
    }
    return database_.Execute(sql);
  }
  template <class List>
  Status ExecuteAll(const List& list) {
    for (const char* sql : list) {
      if (Status done = Execute(sql); !done) return done;
    }
    return Ok();
  }
  Result<std::vector<std::int64_t>> Numbers(std::string_view sql) {
    auto statement = database_.Prepare(sql);
    if (!statement) return statement.error();
    return ReadRows<std::int64_t>(*statement, FirstColumn);
  }

  Status DropTriggers() {
    std::vector<std::string> names;
    {
      auto statement = database_.Prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'");
      if (!statement) return statement.error();
      auto read = ReadRows<std::string>(*statement, [](const Statement& row) { return Result(row.Text(0)); });
      if (!read) return read.error();
      names = *std::move(read);
    }
    for (const std::string& name : names) {
      if (Status done = Execute(("DROP TRIGGER " + QuotedName(name)).c_str()); !done) return done;
    }
    return Ok();
  }
  Status MakeRoom() { return ExecuteAll(kMakeRoom); }
  Status MakeTables() { return ExecuteAll(kTablesOfVersion3); }
  Status Copy() { return ExecuteAll(kCopies); }
  Status MakeIndexes() { return ExecuteAll(kIndexesOfVersion3); }
  Status MakeTriggers() { return ExecuteAll(kTriggersOfVersion3); }

  // The actions that wait for each follow-up, as links.
  Status FillChains() {
    const auto follow_ups = Numbers("SELECT DISTINCT follow_up FROM waiting");
    if (!follow_ups) return follow_ups.error();
    for (const std::int64_t follow_up : *follow_ups) {
      if (Status filled = FillWaiting(follow_up); !filled) return filled;
    }
    return Ok();
  }

  Status FillWaiting(std::int64_t follow_up) {
    auto statement = database_.Prepare("SELECT action FROM waiting WHERE follow_up = ? ORDER BY position");
    if (!statement) return statement.error();
    statement->Bind(follow_up);
    const auto actions = ReadRows<std::int64_t>(*statement, FirstColumn);
    if (!actions) return actions.error();
    std::string link(kNoLink);
    std::int64_t position = 0;
    for (const std::int64_t action : *actions) link = NextLink(link, ++position, std::to_string(action));
    auto update = database_.Prepare("UPDATE follow_up SET waiting = ?, waiting_sha256 = ? WHERE number = ?");
    if (!update) return update.error();
    update->Bind(position).Bind(link).Bind(follow_up);
    return update->Run();
  }

  // What a case knows of itself, out of its events and actions.
  Status FillCases() {
    constexpr const char* kFill =
        "UPDATE cases SET severity = coalesce((SELECT max(severity) FROM action WHERE case_number = cases.number), "
        "0.0),"
        " changed_at = coalesce((SELECT max(at) FROM history WHERE case_number = cases.number), opened_at),"
        " latest = (SELECT max(event.number) FROM event_case JOIN event ON event.number = event_case.event"
        "   WHERE event_case.case_number = cases.number AND event.state NOT IN ('received', 'duplicate'))";
    if (Status filled = Execute(kFill); !filled) return filled;
    const auto cases = Numbers("SELECT number FROM cases ORDER BY number");
    if (!cases) return cases.error();
    for (const std::int64_t whole : *cases) {
      if (Status filled = FillCase(whole); !filled) return filled;
    }
    return Ok();
  }

  Status FillCase(std::int64_t whole) {
    struct Named {
      std::string host;
      std::string owner;
    };
    auto statement = database_.Prepare(
        "SELECT host, CASE WHEN kind = 'notify-owner' AND json_valid(json) THEN"
        " coalesce(json_extract(json, '$.owner'), '') ELSE '' END FROM action WHERE case_number = ? ORDER BY number");
    if (!statement) return statement.error();
    statement->Bind(whole);
    const auto all = ReadRows<Named>(*statement, [](const Statement& row) {
      return Result(Named{row.Text(0), row.Text(1)});
    });
    if (!all) return all.error();
    const CaseNumber number{whole};
    for (const Named& one : *all) {
      if (const auto added = AddHost(database_, number, one.host); !added) return added.error();
      if (const auto added = AddOwner(database_, number, one.owner); !added) return added.error();
    }
    if (Status made = MakeFilterAnew(database_, number); !made) return made;
    return Settle(number);
  }

  Status Settle(CaseNumber number) {
    const Result<CaseStanding> standing = ReadStanding(database_, number);
    if (!standing) return standing.error();
    auto update = database_.Prepare(
        "UPDATE cases SET state = ?1, outcome = ?2, closed_at = iif(?1 = 'closed', changed_at, NULL) WHERE number = "
        "?3");
    if (!update) return update.error();
    update->Bind(ToString(standing->state)).Bind(standing->outcome).Bind(number.value);
    return update->Run();
  }

  // At the time of the newest line: a migration has no clock, and nothing happened.
  Status TellAll() {
    const auto at = database_.QueryInt("SELECT coalesce(max(at), 0) FROM history");
    if (!at) return at.error();
    Writing writing{database_, FromEpochMilliseconds(*at)};
    for (const RecordKind kind : kRecordKinds) {
      if (between_) {
        if (Status go_on = between_(); !go_on) return go_on;
      }
      const auto numbers = Numbers("SELECT number FROM " + std::string(TableOf(kind)) + " ORDER BY number");
      if (!numbers) return numbers.error();
      for (const std::int64_t number : *numbers) {
        if (Status told = Tell(writing, kind, number, kBroughtOver); !told) return told;
      }
    }
    return Ok();
  }

  Database& database_;
  const BetweenSteps& between_;
};

}  // namespace

Status MakeVersion3(Database& database) {
  const auto execute_all = [&](const auto& list) -> Status {
    for (const char* sql : list) {
      if (Status done = database.Execute(sql); !done) return done;
    }
    return Ok();
  };
  if (Status made = execute_all(kTablesOfVersion3); !made) return made;
  if (Status made = execute_all(kIndexesOfVersion3); !made) return made;
  return execute_all(kTriggersOfVersion3);
}

Status MigrateToVersion3(Database& database, const BetweenSteps& between) {
  return Migration3(database, between).Run();
}

}  // namespace sallyport
