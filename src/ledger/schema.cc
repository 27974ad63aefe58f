// SPDX-License-Identifier: Apache-2.0
#include "ledger/schema.h"

#include "ledger/schema_v2.h"

namespace sallyport {
namespace {

// "SPLG"
constexpr std::int64_t kApplicationId = 0x53504C47;

// Times are milliseconds since 1970 (UTC). States are the words of ledger.h. AUTOINCREMENT: a number is never given
// twice. The triggers hold also against other programs that open the file; only state, reason and changed_at of an
// event or action may change, and each change has its line in history.
constexpr const char* kVersion1 = R"sql(
  CREATE TABLE event (
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
    reason      TEXT NOT NULL
  ) STRICT;
  CREATE INDEX event_by_state ON event (state);

  CREATE TABLE plan (
    event    INTEGER PRIMARY KEY REFERENCES event (number),
    workflow TEXT NOT NULL,
    digest   TEXT NOT NULL,
    json     TEXT NOT NULL
  ) STRICT;

  CREATE TABLE action (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,
    event      INTEGER NOT NULL REFERENCES plan (event),
    key        TEXT NOT NULL,
    kind       TEXT NOT NULL,
    what       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    severity   REAL NOT NULL,
    json       TEXT NOT NULL,
    state      TEXT NOT NULL,
    reason     TEXT NOT NULL,
    changed_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX action_by_event ON action (event);
  CREATE INDEX action_by_key ON action (key);
  CREATE INDEX action_by_deed ON action (kind, what, subject);

  CREATE TABLE history (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at     INTEGER NOT NULL,
    event  INTEGER NOT NULL REFERENCES event (number),
    action INTEGER REFERENCES action (number),
    state  TEXT NOT NULL,
    reason TEXT NOT NULL
  ) STRICT;
  CREATE INDEX history_by_event ON history (event);

  CREATE TRIGGER history_is_not_rewritten BEFORE UPDATE ON history
    BEGIN SELECT RAISE(ABORT, 'history is never rewritten'); END;
  CREATE TRIGGER history_is_not_deleted BEFORE DELETE ON history
    BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
  CREATE TRIGGER plan_is_not_rewritten BEFORE UPDATE ON plan
    BEGIN SELECT RAISE(ABORT, 'a plan is never rewritten'); END;
  CREATE TRIGGER plan_is_not_deleted BEFORE DELETE ON plan
    BEGIN SELECT RAISE(ABORT, 'a plan is never deleted'); END;
  CREATE TRIGGER event_is_not_rewritten BEFORE UPDATE OF
      number, received_at, source, detail_type, account, region, subject, title, origin, sha256 ON event
    BEGIN SELECT RAISE(ABORT, 'an event is never rewritten'); END;
  CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;
  CREATE TRIGGER action_is_not_rewritten BEFORE UPDATE OF
      number, event, key, kind, what, subject, severity, json ON action
    BEGIN SELECT RAISE(ABORT, 'an action is never rewritten'); END;
  CREATE TRIGGER action_is_not_deleted BEFORE DELETE ON action
    BEGIN SELECT RAISE(ABORT, 'an action is never deleted'); END;

  PRAGMA application_id = 1397771335;
  PRAGMA user_version = 1;
)sql";
static_assert(kApplicationId == 1397771335);

constexpr const char* kMarks = "PRAGMA application_id = 1397771335; PRAGMA user_version = 3";
static_assert(kLedgerVersion == 3);

Status MigrateFrom(sqlite::Database& database, std::int64_t version, const BetweenSteps& between) {
  if (version == 0) return database.Execute(kVersion1);
  if (version == 1) {
    if (Status done = database.Execute(kVersion2); !done) return done;
    return FillVersion2(database);
  }
  return MigrateToVersion3(database, between);
}

// Brings version n to version n + 1. What was released never changes.
Status Apply(sqlite::Database& database, std::int64_t version, const BetweenSteps& between) {
  if (Status done = MigrateFrom(database, version, between); !done) return done;
  // A pragma takes no bound values.
  return database.Execute(("PRAGMA user_version = " + std::to_string(version + 1)).c_str());
}

// The step is undone. A file whose version was changed by hand has the tables of another one.
Error NotBroughtOver(const Error& error, std::int64_t version) {
  Error named = error.In("the file says that it has version " + std::to_string(version) + " and cannot be brought to " +
                         std::to_string(version + 1));
  if (named.advice.empty()) named.advice = "nothing in it was changed; restore the file from a backup";
  return named;
}

Status ApplyAll(sqlite::Database& database, std::int64_t wanted, const BetweenSteps& between) {
  sqlite::Transaction transaction(database);
  if (Status begun = transaction.Begin(sqlite::Transaction::Kind::kWrite); !begun) return begun;
  // Another process may have migrated while this one waited for the lock.
  if (Status ours = CheckIsLedger(database); !ours) return ours;
  const Result<std::int64_t> version = VersionOf(database);
  if (!version) return version.error();
  // The steps of the past are for files of the past.
  if (*version == 0 && wanted == kLedgerVersion) {
    if (Status made = MakeVersion3(database); !made) return made;
    if (Status marked = database.Execute(kMarks); !marked) return marked;
    return transaction.Commit();
  }
  for (std::int64_t next = *version; next < wanted; ++next) {
    if (const Status done = Apply(database, next, between); !done) return NotBroughtOver(done.error(), next);
  }
  return transaction.Commit();
}

Error NotALedger(const sqlite::Database& database) {
  return database.Problem("this file is a database of another program",
                          "choose another path for the ledger, or move the file away");
}

}  // namespace

Result<std::int64_t> VersionOf(const sqlite::Database& database) {
  return database.QueryInt("PRAGMA user_version");
}

Status CheckIsLedger(const sqlite::Database& database) {
  const Result<std::int64_t> application = database.QueryInt("PRAGMA application_id");
  if (!application) return application.error();
  const Result<std::int64_t> version = VersionOf(database);
  if (!version) return version.error();
  if (*application == 0) {
    // Nothing in it yet, or it is not ours.
    const Result<std::int64_t> things = database.QueryInt("SELECT count(*) FROM sqlite_schema");
    if (!things) return things.error();
    if (*things != 0 || *version != 0) return NotALedger(database);
    return Ok();
  }
  if (*application != kApplicationId || *version < 1) return NotALedger(database);
  if (*version > kLedgerVersion) {
    return database.Problem("the file has version " + std::to_string(*version) +
                                ", this program knows versions up to " + std::to_string(kLedgerVersion),
                            "use the newer program that wrote it, or choose another path for the ledger");
  }
  return Ok();
}

Status Migrate(sqlite::Database& database) {
  return MigrateTo(database, kLedgerVersion);
}

Status MigrateTo(sqlite::Database& database, std::int64_t wanted, const BetweenSteps& between) {
  const Result<std::int64_t> seen = VersionOf(database);
  if (!seen) return seen.error();
  if (*seen >= wanted) return Ok();  // without waiting for the write lock
  // Tables that others refer to are made anew. The pragma does nothing inside a transaction.
  const Result<std::int64_t> enforced = database.QueryInt("PRAGMA foreign_keys");
  if (!enforced) return enforced.error();
  if (Status off = database.Execute("PRAGMA foreign_keys = OFF"); !off) return off;
  Status done = ApplyAll(database, wanted, between);
  if (*enforced == 1) {
    if (Status on = database.Execute("PRAGMA foreign_keys = ON"); !on) return on;
  }
  return done;
}

}  // namespace sallyport
