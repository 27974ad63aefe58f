// SPDX-License-Identifier: Apache-2.0
#include "ledger/sqlite_ledger.h"

#include "base/bounds.h"
#include "base/text.h"
#include "ledger/file.h"
#include "ledger/query.h"
#include "ledger/record.h"
#include "ledger/schema.h"

namespace sallyport {
namespace {

using Kind = sqlite::Transaction::Kind;

constexpr std::string_view kMemory = ":memory:";
// Each try lets at least one other process finish.
constexpr int kModeTries = 100;

Status CheckFilter(const ListFilter& filter) {
  if (filter.limit > bounds::kListedEvents) {
    return Error{
        ErrorCode::kTooLarge,
        "a list of " + std::to_string(filter.limit) + " events is longer than " + std::to_string(bounds::kListedEvents),
        "ask for fewer, or narrow the list by state or text"};
  }
  if (filter.text.size() > bounds::kFilterTextBytes) {
    return Error{ErrorCode::kTooLarge,
                 "a text of " + std::to_string(filter.text.size()) + " bytes to search for is longer than " +
                     std::to_string(bounds::kFilterTextBytes),
                 "search for a part of it"};
  }
  return Ok();
}

Status CheckPath(const std::string& path) {
  if (path.empty()) return Error{ErrorCode::kInvalidInput, "the path of the ledger is empty", "give it a path"};
  if (path.find('\0') != std::string::npos) {
    return Error{ErrorCode::kInvalidInput,
                 "the path of the ledger, `" + Printable(path, 400) + "`, has a zero byte in it", ""};
  }
  return Ok();
}

Status CheckFile(sqlite::Database& database) {
  sqlite::Transaction transaction(database);
  if (Status begun = transaction.Begin(Kind::kRead); !begun) return begun;
  return CheckIsLedger(database);
}

// SQLite does not wait for a lock when two connections change the mode of a new file at once: one of them is told
// "busy". BEGIN IMMEDIATE does wait, and after it the other one is done.
Result<std::string> SetWriteAheadLog(sqlite::Database& database) {
  for (int tries_left = kModeTries;; --tries_left) {
    Result<std::string> mode = database.QueryText("PRAGMA journal_mode = WAL");
    if (mode.ok() || !database.WasBusy() || tries_left <= 1) return mode;
    sqlite::Transaction turn(database);
    if (Status begun = turn.Begin(Kind::kWrite); !begun) return begun.error();
  }
}

// WAL: readers and one writer do not wait for each other. FULL: synced at every commit, not only at checkpoints.
Status Configure(sqlite::Database& database, bool in_memory) {
  if (!in_memory) {
    const Result<std::string> mode = SetWriteAheadLog(database);
    if (!mode) return mode.error();
    if (*mode != "wal") {
      return database.Problem("its file system cannot hold a write-ahead log", "put the ledger on a local disk");
    }
  }
  return database.Execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF");
}

}  // namespace

Result<std::unique_ptr<SqliteLedger>> SqliteLedger::Open(const std::string& path, const Clock& clock,
                                                         Duration busy_timeout) {
  if (Status good = CheckPath(path); !good) return good.error();
  const bool in_memory = path == kMemory;
  if (!in_memory) {
    if (Status made = MakeLedgerFile(path); !made) return made.error();
  }
  auto database = sqlite::Database::Open(path, busy_timeout);
  if (!database) return database.error();
  // First: a file that is not ours must not be changed, not even to WAL.
  if (Status ours = CheckFile(**database); !ours) return ours.error();
  if (Status configured = Configure(**database, in_memory); !configured) return configured.error();
  if (Status migrated = Migrate(**database); !migrated) return migrated.error();
  return std::unique_ptr<SqliteLedger>(new SqliteLedger(std::move(*database), clock));
}

template <class Work>
auto SqliteLedger::Transact(Kind kind, std::string_view doing, Work work) -> decltype(work()) {
  const std::lock_guard lock(mutex_);
  sqlite::Transaction transaction(*database_);
  if (Status begun = transaction.Begin(kind); !begun) return begun.error().In(doing);
  auto result = work();
  if (!result) return result.error().In(doing);
  if (Status committed = transaction.Commit(); !committed) return committed.error().In(doing);
  return result;
}

Result<EventNumber> SqliteLedger::AddEvent(const NewEvent& event) {
  return Transact(Kind::kWrite, "cannot record an event", [&] { return InsertEvent(*database_, clock_.Now(), event); });
}

Status SqliteLedger::SetEventState(EventNumber event, EventState state, std::string_view reason) {
  return Transact(Kind::kWrite, "cannot record the state of an event",
                  [&] { return ChangeEvent(*database_, clock_.Now(), event, state, reason); });
}

Result<std::vector<ActionNumber>> SqliteLedger::AddPlan(EventNumber event, const NewPlan& plan) {
  return Transact(Kind::kWrite, "cannot record a plan",
                  [&] { return InsertPlan(*database_, clock_.Now(), event, plan); });
}

Status SqliteLedger::SetActionState(ActionNumber action, ActionState state, std::string_view reason) {
  return Transact(Kind::kWrite, "cannot record the state of an action",
                  [&] { return ChangeAction(*database_, clock_.Now(), action, state, reason); });
}

Result<std::optional<ActionRecord>> SqliteLedger::FindCarriedOut(std::string_view key, ActionNumber except) {
  return Transact(Kind::kRead, "cannot look for an earlier action",
                  [&] { return SelectCarriedOut(*database_, key, except); });
}

Result<std::optional<ActionRecord>> SqliteLedger::FindRecent(std::string_view kind, std::string_view what,
                                                             std::string_view subject, TimePoint since,
                                                             ActionNumber except) {
  return Transact(Kind::kRead, "cannot look for an earlier action",
                  [&] { return SelectRecent(*database_, kind, what, subject, since, except); });
}

Result<std::vector<EventRecord>> SqliteLedger::List(const ListFilter& filter) {
  if (Status good = CheckFilter(filter); !good) return good.error();
  return Transact(Kind::kRead, "cannot list events", [&] { return SelectEvents(*database_, filter); });
}

Result<Case> SqliteLedger::Show(EventNumber event) {
  return Transact(Kind::kRead, "cannot show an event", [&] { return SelectCase(*database_, event); });
}

}  // namespace sallyport
