// SPDX-License-Identifier: Apache-2.0
#include "ledger/sqlite_ledger.h"

#include "base/bounds.h"
#include "base/text.h"
#include "ledger/file.h"
#include "ledger/query.h"
#include "ledger/schema.h"
#include "ledger/verify.h"
#include "ledger/write.h"

namespace sallyport {
namespace {

using sqlite::Database;
using Kind = sqlite::Transaction::Kind;

constexpr std::string_view kMemory = ":memory:";
// Each try lets at least one other process finish.
constexpr int kModeTries = 100;
// Cases in one transaction of retention: others do not wait for it for long.
constexpr int kCasesAtOnce = 100;

Status CheckLimit(std::size_t limit, std::string_view what) {
  if (limit <= bounds::kListedEvents) return Ok();
  return Error{ErrorCode::kTooLarge,
               "a list of " + std::to_string(limit) + " " + std::string(what) + " is longer than " +
                   std::to_string(bounds::kListedEvents),
               "ask for fewer, or narrow the list by state or text"};
}

Status CheckFilter(const ListFilter& filter) {
  if (Status good = CheckLimit(filter.limit, "events"); !good) return good;
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
  // secure_delete: what retention removes is overwritten, not only unlinked.
  return database.Execute(
      "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON");
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
  if (kind == Kind::kRead) return result;  // nothing to keep, and in a damaged file COMMIT may fail even then
  if (Status committed = transaction.Commit(); !committed) return committed.error().In(doing);
  return result;
}

template <class Work>
auto SqliteLedger::Write(std::string_view doing, Work work) -> decltype(work(*database_, TimePoint())) {
  return Transact(Kind::kWrite, doing, [&] { return work(*database_, clock_.Now()); });
}

template <class Work>
auto SqliteLedger::Read(std::string_view doing, Work work) -> decltype(work(*database_)) {
  return Transact(Kind::kRead, doing, [&] { return work(*database_); });
}

Result<AddedEvent> SqliteLedger::AddEvent(const NewEvent& event) {
  return Write("cannot record an event",
               [&](Database& database, TimePoint now) { return InsertEvent(database, now, event); });
}

Status SqliteLedger::SetEventState(EventNumber event, EventState state, std::string_view reason) {
  return Write("cannot record the state of an event",
               [&](Database& database, TimePoint now) { return ChangeEvent(database, now, event, state, reason); });
}

Result<std::vector<EventRecord>> SqliteLedger::ClaimUnfinished(const std::string& owner, const StillRuns& still_runs,
                                                               std::size_t limit) {
  if (Status good = CheckLimit(limit, "events"); !good) return good.error();
  return Write("cannot take over unfinished events",
               [&](Database& database, TimePoint now) { return ClaimEvents(database, now, owner, still_runs, limit); });
}

Result<EventRecord> SqliteLedger::GetEvent(EventNumber event) {
  return Read("cannot read an event", [&](Database& database) { return SelectEventWithBody(database, event); });
}

Result<std::vector<ActionNumber>> SqliteLedger::AddPlan(EventNumber event, const NewPlan& plan) {
  return Write("cannot record a plan",
               [&](Database& database, TimePoint now) { return InsertPlan(database, now, event, plan); });
}

Status SqliteLedger::SetPlanState(EventNumber event, PlanState state, std::string_view reason,
                                  std::optional<TimePoint> expires_at) {
  return Write("cannot record the state of a plan", [&](Database& database, TimePoint now) {
    return ChangePlan(database, now, event, state, reason, expires_at);
  });
}

Result<std::optional<PlanRecord>> SqliteLedger::FindPlanOf(EventNumber event) {
  return Read("cannot look for a plan", [&](Database& database) { return SelectPlanOf(database, event); });
}

Result<PlanRecord> SqliteLedger::FindPlan(std::string_view digest_prefix) {
  return Read("cannot look for a plan", [&](Database& database) { return SelectPlan(database, digest_prefix); });
}

Result<std::vector<PlanRecord>> SqliteLedger::ListPlans(std::optional<PlanState> state, std::size_t limit) {
  if (Status good = CheckLimit(limit, "plans"); !good) return good.error();
  return Read("cannot list plans", [&](Database& database) { return SelectPlans(database, state, limit); });
}

Status SqliteLedger::SetActionState(ActionNumber action, ActionState state, std::string_view reason,
                                    const std::vector<NewFollowUp>& follow_ups) {
  return Write("cannot record the state of an action", [&](Database& database, TimePoint now) {
    return ChangeAction(database, now, {action, state, std::string(reason)}, follow_ups);
  });
}

Result<bool> SqliteLedger::IntendUnlessOvertaken(ActionNumber action, std::string_view reason, TimePoint since,
                                                 const std::optional<ActionRecord>& seen) {
  return Write("cannot record the state of an action", [&](Database& database, TimePoint now) {
    return IntendAction(database, now, action, reason, since, seen);
  });
}

Result<std::vector<ActionRecord>> SqliteLedger::ActionsOf(EventNumber event) {
  return Read("cannot read the actions of an event",
              [&](Database& database) { return SelectActionsOf(database, event); });
}

Result<ActionRecord> SqliteLedger::GetAction(ActionNumber action) {
  return Read("cannot read an action", [&](Database& database) { return SelectAction(database, action); });
}

Result<std::optional<ActionRecord>> SqliteLedger::FindCarriedOut(std::string_view key, ActionNumber except) {
  return Read("cannot look for an earlier action",
              [&](Database& database) { return SelectCarriedOut(database, key, except); });
}

Result<std::optional<ActionRecord>> SqliteLedger::FindRecent(std::string_view kind, std::string_view what,
                                                             std::string_view subject, TimePoint since,
                                                             ActionNumber except) {
  return Read("cannot look for an earlier action",
              [&](Database& database) { return SelectRecent(database, kind, what, subject, since, except); });
}

Result<FollowUpNumber> SqliteLedger::AddFollowUp(const NewFollowUp& follow_up) {
  return Write("cannot record a follow-up",
               [&](Database& database, TimePoint now) { return InsertFollowUp(database, now, follow_up); });
}

Result<std::vector<FollowUpRecord>> SqliteLedger::ClaimDue(TimePoint now, Duration lease, std::size_t limit) {
  if (Status good = CheckLimit(limit, "follow-ups"); !good) return good.error();
  return Write("cannot claim what is due", [&](Database& database, TimePoint recorded_at) {
    return ClaimFollowUps(database, recorded_at, now, lease, limit);
  });
}

Status SqliteLedger::SnoozeFollowUp(FollowUpNumber follow_up, TimePoint due, std::string_view reason,
                                    const std::vector<ActionChange>& changes) {
  return Write("cannot record that a follow-up is asked again", [&](Database& database, TimePoint now) {
    return Snooze(database, now, follow_up, due, reason, changes);
  });
}

Status SqliteLedger::EndFollowUp(FollowUpNumber follow_up, FollowUpState state, std::string_view reason,
                                 const std::vector<ActionChange>& changes) {
  return Write("cannot record the end of a follow-up", [&](Database& database, TimePoint now) {
    return sallyport::EndFollowUp(database, now, follow_up, state, reason, changes);
  });
}

Result<std::optional<TimePoint>> SqliteLedger::NextDue() {
  return Read("cannot look for what is due", [&](Database& database) { return SelectNextDue(database, clock_.Now()); });
}

Result<std::optional<FollowUpRecord>> SqliteLedger::FindOpenFollowUp(std::string_view key) {
  return Read("cannot look for a follow-up", [&](Database& database) { return SelectOpenFollowUp(database, key); });
}

Result<std::vector<FollowUpRecord>> SqliteLedger::ListFollowUps(std::optional<FollowUpState> state, std::size_t limit) {
  if (Status good = CheckLimit(limit, "follow-ups"); !good) return good.error();
  return Read("cannot list follow-ups", [&](Database& database) { return SelectFollowUps(database, state, limit); });
}

Status SqliteLedger::RecordDelivery(const DeliveryRecord& delivery) {
  return Write("cannot record a delivery",
               [&](Database& database, TimePoint now) { return UpsertDelivery(database, now, delivery); });
}

Result<std::optional<DeliveryRecord>> SqliteLedger::FindDelivery(EventNumber case_number, std::string_view message,
                                                                 std::string_view channel) {
  using Found = Result<std::optional<DeliveryRecord>>;
  return Read("cannot look for a delivery", [&](Database& database) -> Found {
    const Result<EventNumber> whole = SelectCaseOf(database, case_number);
    if (!whole) return whole.error();
    return SelectDelivery(database, *whole, message, channel);
  });
}

Result<std::vector<DeliveryRecord>> SqliteLedger::PendingDeliveries(std::size_t limit) {
  if (Status good = CheckLimit(limit, "deliveries"); !good) return good.error();
  return Read("cannot list deliveries", [&](Database& database) { return SelectPending(database, limit); });
}

Result<std::vector<EventRecord>> SqliteLedger::List(const ListFilter& filter) {
  if (Status good = CheckFilter(filter); !good) return good.error();
  return Read("cannot list events", [&](Database& database) { return SelectEvents(database, filter); });
}

Result<Case> SqliteLedger::Show(EventNumber event) {
  return Read("cannot show an event", [&](Database& database) { return SelectCase(database, event); });
}

Result<std::vector<HistoryLine>> SqliteLedger::History(std::int64_t after, std::size_t limit) {
  if (Status good = CheckLimit(limit, "lines"); !good) return good.error();
  return Read("cannot read history", [&](Database& database) { return SelectHistory(database, after, limit); });
}

Result<Verification> SqliteLedger::Verify() {
  return Read("cannot verify the ledger", [&](Database& database) { return VerifyLedger(database); });
}

Result<int> SqliteLedger::RemoveContent(TimePoint before) {
  RemovedCases all;
  while (true) {
    const auto some = Write("cannot remove old content", [&](Database& database, TimePoint now) {
      return RemoveSomeContent(database, now, before, all.last, kCasesAtOnce);
    });
    if (!some) return some.error();
    all = {all.count + some->count, some->last};
    if (some->count < kCasesAtOnce) break;
  }
  // The write-ahead log may still hold what is gone from the file. When another process reads at this moment, the log
  // is emptied at a later time.
  const std::lock_guard lock(mutex_);
  if (all.count > 0) static_cast<void>(database_->QueryInt("PRAGMA wal_checkpoint(TRUNCATE)"));
  return all.count;
}

}  // namespace sallyport
