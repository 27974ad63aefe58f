// SPDX-License-Identifier: Apache-2.0
#include "ledger/sqlite_ledger.h"

#include <optional>
#include <utility>

#include "base/bounds.h"
#include "base/text.h"
#include "ledger/file.h"
#include "ledger/look.h"
#include "ledger/query.h"
#include "ledger/records.h"
#include "ledger/schema.h"
#include "ledger/schema_check.h"
#include "ledger/verify.h"
#include "ledger/write.h"

namespace sallyport {
namespace {

using sqlite::Database;
using TransactionKind = sqlite::Transaction::Kind;

constexpr std::string_view kMemory = ":memory:";
// Each try lets at least one other process finish.
constexpr int kModeTries = 100;
// Pages in the write-ahead log (8 MiB) before they are brought into the file, which takes three syncs: after some fifty
// findings, and a page that many of them touch is written once. From then on the log is written anew from its
// beginning, and a sync of bytes that are there already takes half as long as one that makes the file longer.
constexpr int kPagesInLog = 4'096;
// Cases in one transaction of retention: others do not wait for it for long.
constexpr int kCasesAtOnce = 100;

Status CheckLimit(std::size_t limit, std::string_view what) {
  if (limit <= bounds::kListedEvents) return Ok();
  return Error{ErrorCode::kTooLarge,
               "a list of " + std::to_string(limit) + " " + std::string(what) + " is longer than " +
                   std::to_string(bounds::kListedEvents),
               "ask for fewer, or narrow the list by state or text"};
}

Status CheckText(const std::string& text) {
  if (text.size() <= bounds::kFilterTextBytes) return Ok();
  return Error{ErrorCode::kTooLarge,
               "a text of " + std::to_string(text.size()) + " bytes to search for is longer than " +
                   std::to_string(bounds::kFilterTextBytes),
               "search for a part of it"};
}

Status CheckFilter(const ListFilter& filter) {
  if (Status good = CheckLimit(filter.limit, "events"); !good) return good;
  return CheckText(filter.text);
}

Status CheckFilter(const CaseFilter& filter) {
  if (Status good = CheckLimit(filter.limit, "cases"); !good) return good;
  for (const std::string* text : {&filter.text, &filter.account, &filter.host, &filter.owner, &filter.stopped_by}) {
    if (Status good = CheckText(*text); !good) return good;
  }
  return Ok();
}

Status CheckLedgerFile(sqlite::Database& database) {
  sqlite::Transaction transaction(database);
  if (Status begun = transaction.Begin(TransactionKind::kRead); !begun) return begun;
  return CheckIsLedger(database);
}

// SQLite does not wait for a lock when two connections change the mode of a new file at once: one of them is told
// "busy". BEGIN IMMEDIATE does wait, and after it the other one is done.
Result<std::string> SetWriteAheadLog(sqlite::Database& database) {
  for (int tries_left = kModeTries;; --tries_left) {
    Result<std::string> mode = database.QueryText("PRAGMA journal_mode = WAL");
    if (mode.ok() || !database.WasBusy() || tries_left <= 1) return mode;
    sqlite::Transaction turn(database);
    if (Status begun = turn.Begin(TransactionKind::kWrite); !begun) return begun.error();
  }
}

// WAL: readers and one writer do not wait for each other. FULL: SQLite asks for a sync at every commit, not only at
// checkpoints; log_file.h answers.
Status Configure(sqlite::Database& database, bool in_memory) {
  // A finding changes a little of many pages, and each changed page is written whole.
  if (Status sized = database.Execute(("PRAGMA page_size = " + std::to_string(kLedgerPageSize)).c_str()); !sized)
    return sized;
  if (!in_memory) {
    const Result<std::string> mode = SetWriteAheadLog(database);
    if (!mode) return mode.error();
    if (*mode != "wal") {
      return database.Problem("its file system cannot hold a write-ahead log", "put the ledger on a local disk");
    }
  }
  // secure_delete: what retention removes is overwritten, not only unlinked.
  const std::string pragmas =
      "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON; "
      "PRAGMA wal_autocheckpoint = " +
      std::to_string(kPagesInLog);
  return database.Execute(pragmas.c_str());
}

// What a batch is about, for the error: its first item says it.
struct DoingOfItem {
  std::string_view operator()(const NewPlan&) const { return "cannot record a plan"; }
  std::string_view operator()(const MoreActions&) const { return "cannot record the actions of a plan"; }
  std::string_view operator()(const PlanChange&) const { return "cannot record the state of a plan"; }
  std::string_view operator()(const ActionChange&) const { return "cannot record the state of an action"; }
  std::string_view operator()(const EventChange&) const { return "cannot record the state of an event"; }
  std::string_view operator()(const NewFollowUp&) const { return "cannot record a follow-up"; }
  std::string_view operator()(const FollowUpChange& change) const {
    return change.state == FollowUpState::kOpen ? "cannot record the next check of a follow-up"
                                                : "cannot record the end of a follow-up";
  }
  std::string_view operator()(const NewMember&) const { return "cannot record a member of a question"; }
  std::string_view operator()(const EndMembers&) const { return "cannot record the end of a question"; }
  std::string_view operator()(const DeliveryRecord&) const { return "cannot record a delivery"; }
};

std::string_view DoingOf(const Batch& batch) {
  return batch.items.empty() ? "cannot look at the ledger" : std::visit(DoingOfItem{}, batch.items.front());
}

}  // namespace

SqliteLedger::SqliteLedger(std::string path, const Clock& clock, std::unique_ptr<sqlite::Database> writes,
                           std::unique_ptr<Readers> readers)
    : path_(std::move(path)),
      clock_(clock),
      writes_(std::move(writes)),
      group_(writes_ ? std::make_unique<GroupCommit>(*writes_) : nullptr),
      readers_(std::move(readers)) {}

Result<std::unique_ptr<SqliteLedger>> SqliteLedger::Open(const std::string& path, const Clock& clock,
                                                         Duration busy_timeout) {
  if (Status good = CheckLedgerPath(path); !good) return good.error();
  const bool in_memory = path == kMemory;
  if (!in_memory) {
    if (Status made = MakeLedgerFile(path); !made) return made.error();
  }
  auto database = sqlite::Database::Open(path, busy_timeout);
  if (!database) return database.error();
  // First: a file that is not ours must not be changed, not even to WAL.
  if (Status ours = CheckLedgerFile(**database); !ours) return ours.error();
  if (Status configured = Configure(**database, in_memory); !configured) return configured.error();
  if (Status migrated = Migrate(**database); !migrated) return migrated.error();
  if (Status made_by_us = CheckSchema(**database); !made_by_us) return made_by_us.error();
  auto readers = in_memory ? nullptr : std::make_unique<Readers>(path, busy_timeout, false);
  return std::unique_ptr<SqliteLedger>(new SqliteLedger(path, clock, std::move(*database), std::move(readers)));
}

Result<std::unique_ptr<SqliteLedger>> SqliteLedger::OpenScratch(const Clock& clock, std::int64_t numbers_after) {
  // SQLite's name for a file that is gone as soon as it is there.
  const std::string nameless;
  auto database = sqlite::Database::Open(nameless, kBusyTimeout);
  if (!database) return database.error();
  if (Status configured = Configure(**database, true); !configured) return configured.error();
  if (Status migrated = Migrate(**database); !migrated) return migrated.error();
  std::string numbers;
  for (const RecordKind kind :
       {RecordKind::kEvent, RecordKind::kCase, RecordKind::kPlan, RecordKind::kAction, RecordKind::kFollowUp}) {
    numbers += "INSERT INTO sqlite_sequence (name, seq) VALUES ('" + std::string(TableOf(kind)) + "', " +
               std::to_string(numbers_after) + ");";
  }
  if (Status numbered = (*database)->Execute(numbers.c_str()); !numbered) return numbered.error();
  return std::unique_ptr<SqliteLedger>(new SqliteLedger("of a dry run", clock, std::move(*database), nullptr));
}

Result<std::unique_ptr<SqliteLedger>> SqliteLedger::OpenToLook(const std::string& path, const Clock& clock,
                                                               Duration busy_timeout) {
  if (Status good = CheckLedgerPath(path); !good) return good.error();
  auto readers = std::make_unique<Readers>(path, busy_timeout, true);
  if (Status good = CheckCanBeRead(*readers, path); !good) return good.error();
  return std::unique_ptr<SqliteLedger>(new SqliteLedger(path, clock, nullptr, std::move(readers)));
}

template <class Work>
auto SqliteLedger::Write(std::string_view doing, Work work, GroupCommit::Sync sync) {
  using Value = decltype(work(std::declval<Writing&>()));
  if (!group_) {
    return Value(
        Error{ErrorCode::kStorage, "ledger `" + Printable(path_, 400) + "` was opened for reading only", ""}.In(doing));
  }
  std::optional<Value> result;
  const Status done = group_->Run(
      [&]() -> Status {
        Writing writing{*writes_, clock_.Now()};
        result = work(writing);
        return result->ok() ? Ok() : Status(result->error());
      },
      sync);
  return done.ok() ? *std::move(result) : Value(done.error().In(doing));
}

template <class Work>
auto SqliteLedger::Look(std::string_view doing, Work work) {
  using Value = decltype(work(std::declval<sqlite::Database&>()));
  std::optional<Value> result;
  const auto keep = [&](sqlite::Database& database) -> Status {
    result = work(database);
    return result->ok() ? Ok() : Status(result->error());
  };
  const auto read_here = [&]() -> Status {
    const auto borrowed = group_->Borrow();
    sqlite::Transaction transaction(*writes_);
    if (Status begun = transaction.Begin(TransactionKind::kRead); !begun) return begun;
    return keep(*writes_);
  };
  const Status done = readers_ ? readers_->Read(keep) : read_here();
  return done.ok() ? *std::move(result) : Value(done.error().In(doing));
}

template <class Work>
auto SqliteLedger::Read(std::string_view doing, Work work) {
  using Value = decltype(work(std::declval<sqlite::Database&>()));
  if (group_) {
    if (const auto borrowed = group_->TryBorrow()) {
      sqlite::Transaction transaction(*writes_);
      if (Status begun = transaction.Begin(TransactionKind::kRead); !begun) return Value(begun.error().In(doing));
      Value result = work(*writes_);
      return result.ok() ? result : Value(result.error().In(doing));
    }
  }
  return Look(doing, std::move(work));
}

template <class Work>
auto SqliteLedger::ReadOnce(std::string_view doing, Work work) {
  using Value = decltype(work(std::declval<sqlite::Database&>()));
  if (group_) {
    if (const auto borrowed = group_->TryBorrow()) {
      Value result = work(*writes_);
      return result.ok() ? result : Value(result.error().In(doing));
    }
  }
  return Look(doing, std::move(work));
}

Result<AddedEvent> SqliteLedger::AddEvent(const NewEvent& event) {
  const auto insert = [&](Writing& writing) -> Result<AddedEvent> {
    auto added = InsertEvent(writing, event);
    if (!added) return added;
    if (Status settled = SettleCases(writing); !settled) return settled.error();
    return added;
  };
  // Journal::AddEvent says why this may be durable a little later.
  return Write("cannot record an event", insert, GroupCommit::Sync::kWithTheNext);
}

Result<Committed> SqliteLedger::Commit(const Batch& batch) {
  const auto sync = batch.may_be_lost ? GroupCommit::Sync::kWithTheNext : GroupCommit::Sync::kNow;
  return Write(
      DoingOf(batch), [&](Writing& writing) { return WriteBatch(writing, batch); }, sync);
}

Status SqliteLedger::MakeDurable() {
  return group_ ? group_->MakeDurable() : Ok();
}

Result<std::vector<EventRecord>> SqliteLedger::ClaimUnfinished(const std::string& owner, const StillRuns& still_runs,
                                                               std::size_t limit) {
  if (Status good = CheckLimit(limit, "events"); !good) return good.error();
  return Write("cannot take over unfinished events",
               [&](Writing& writing) { return ClaimEvents(writing, owner, still_runs, limit); });
}

Result<std::vector<FollowUpRecord>> SqliteLedger::ClaimDue(TimePoint now, const Lease& lease, std::size_t limit) {
  if (Status good = CheckLimit(limit, "follow-ups"); !good) return good.error();
  return Write("cannot claim what is due",
               [&](Writing& writing) { return ClaimFollowUps(writing, now, lease, limit); });
}

Result<EventRecord> SqliteLedger::GetEvent(EventNumber event) {
  return Read("cannot read an event", [&](Database& database) { return SelectEventWithBody(database, event); });
}

Result<std::optional<EventRecord>> SqliteLedger::NewestDecided(CaseNumber case_number, std::string_view source,
                                                               EventNumber before) {
  using Found = Result<std::optional<EventRecord>>;
  return Read("cannot look for an earlier event",
              [&](Database& database) -> Found { return SelectNewestDecided(database, case_number, source, before); });
}

Result<std::vector<PlanRecord>> SqliteLedger::PlansOf(EventNumber event) {
  return Read("cannot look for a plan", [&](Database& database) { return SelectPlansOf(database, event); });
}

Result<std::vector<PlanRecord>> SqliteLedger::NewestPlans(CaseNumber case_number, std::string_view workflow,
                                                          std::size_t limit) {
  return Read("cannot look for plans of a case",
              [&](Database& database) { return SelectNewestPlans(database, case_number, workflow, limit); });
}

Result<PlanRecord> SqliteLedger::GetPlan(PlanNumber plan) {
  return Read("cannot read a plan", [&](Database& database) { return SelectPlan(database, plan); });
}

Result<PlanRecord> SqliteLedger::FindPlan(std::string_view digest_prefix) {
  return Read("cannot look for a plan",
              [&](Database& database) { return SelectPlanByDigest(database, digest_prefix); });
}

Result<std::vector<ActionRecord>> SqliteLedger::ActionsOf(PlanNumber plan) {
  return Read("cannot read the actions of a plan", [&](Database& database) { return SelectActionsOf(database, plan); });
}

Result<std::vector<ActionRecord>> SqliteLedger::ActionsOf(EventNumber event) {
  return Read("cannot read the actions of an event",
              [&](Database& database) { return SelectActionsOf(database, event); });
}

Result<ActionRecord> SqliteLedger::GetAction(ActionNumber action) {
  return Read("cannot read an action", [&](Database& database) { return SelectAction(database, action); });
}

Result<std::vector<ActionRecord>> SqliteLedger::ActionsOfCase(CaseNumber case_number) {
  using Found = Result<std::vector<ActionRecord>>;
  return Read("cannot read the actions of a case", [&](Database& database) -> Found {
    const Result<CaseNumber> whole = SelectCaseOf(database, case_number);
    if (!whole) return whole.error();
    return SelectActionsOfCase(database, *whole);
  });
}

Result<std::optional<ActionRecord>> SqliteLedger::FindCarriedOut(std::string_view key, ActionNumber except) {
  return ReadOnce("cannot look for an earlier action",
                  [&](Database& database) { return SelectCarriedOut(database, key, except); });
}

Result<std::optional<ActionRecord>> SqliteLedger::FindRecent(std::string_view kind, std::string_view what,
                                                             std::string_view subject, TimePoint since,
                                                             ActionNumber except) {
  return ReadOnce("cannot look for an earlier action",
                  [&](Database& database) { return SelectRecent(database, kind, what, subject, since, except); });
}

Result<std::optional<CaseNumber>> SqliteLedger::FindCompromised(std::string_view instance) {
  return Read("cannot look for cases of a host",
              [&](Database& database) { return SelectCompromised(database, instance); });
}

Result<std::optional<TimePoint>> SqliteLedger::NextDue() {
  return Read("cannot look for what is due", [&](Database& database) { return SelectNextDue(database, clock_.Now()); });
}

Result<FollowUpRecord> SqliteLedger::GetFollowUp(FollowUpNumber follow_up) {
  return Read("cannot read a follow-up", [&](Database& database) { return SelectFollowUp(database, follow_up); });
}

Result<std::optional<FollowUpRecord>> SqliteLedger::FindOpenFollowUp(std::string_view key) {
  return Read("cannot look for a follow-up", [&](Database& database) { return SelectOpenFollowUp(database, key); });
}

Result<std::vector<MemberRecord>> SqliteLedger::MembersOf(FollowUpNumber follow_up, int after, std::size_t limit) {
  if (Status good = CheckLimit(limit, "members"); !good) return good.error();
  return Read("cannot read the members of a question",
              [&](Database& database) { return SelectMembers(database, follow_up, after, limit); });
}

Result<std::optional<DeliveryRecord>> SqliteLedger::FindDelivery(CaseNumber case_number, std::string_view message,
                                                                 std::string_view channel) {
  using Found = Result<std::optional<DeliveryRecord>>;
  return Read("cannot look for a delivery", [&](Database& database) -> Found {
    const Result<CaseNumber> whole = SelectCaseOf(database, case_number);
    if (!whole) return whole.error();
    return SelectDelivery(database, *whole, message, channel);
  });
}

Result<std::vector<DeliveryRecord>> SqliteLedger::PendingDeliveries(std::size_t limit) {
  if (Status good = CheckLimit(limit, "deliveries"); !good) return good.error();
  return Read("cannot list deliveries", [&](Database& database) { return SelectPending(database, limit); });
}

Result<std::vector<CaseRecord>> SqliteLedger::ListCases(const CaseFilter& filter) {
  if (Status good = CheckFilter(filter); !good) return good.error();
  return Look("cannot list cases", [&](Database& database) { return SelectCases(database, filter); });
}

Result<std::vector<CaseNumber>> SqliteLedger::CasesChangedSince(TimePoint since, std::size_t limit) {
  if (Status good = CheckLimit(limit, "cases"); !good) return good.error();
  return Read("cannot list cases", [&](Database& database) { return SelectChangedSince(database, since, limit); });
}

Result<CaseRecord> SqliteLedger::GetCase(CaseNumber number) {
  return Look("cannot read a case", [&](Database& database) -> Result<CaseRecord> {
    const Result<CaseNumber> whole = SelectCaseOf(database, number);
    if (!whole) return whole.error();
    return SelectCaseRecord(database, *whole);
  });
}

Result<Case> SqliteLedger::Show(EventNumber number) {
  return Look("cannot show an event", [&](Database& database) { return SelectCaseWithHistory(database, number); });
}

Result<Case> SqliteLedger::ShowWithoutHistory(EventNumber number) {
  return Look("cannot show an event", [&](Database& database) { return SelectCase(database, number); });
}

Result<std::vector<EventRecord>> SqliteLedger::List(const ListFilter& filter) {
  if (Status good = CheckFilter(filter); !good) return good.error();
  return Look("cannot list events", [&](Database& database) { return SelectEvents(database, filter); });
}

Result<std::vector<PlanRecord>> SqliteLedger::ListPlans(std::optional<PlanState> state, std::size_t limit) {
  if (Status good = CheckLimit(limit, "plans"); !good) return good.error();
  return Look("cannot list plans", [&](Database& database) { return SelectPlans(database, state, limit); });
}

Result<std::vector<FollowUpRecord>> SqliteLedger::ListFollowUps(std::optional<FollowUpState> state, std::size_t limit) {
  if (Status good = CheckLimit(limit, "follow-ups"); !good) return good.error();
  return Look("cannot list follow-ups", [&](Database& database) { return SelectFollowUps(database, state, limit); });
}

Result<std::vector<HistoryLine>> SqliteLedger::History(std::int64_t after, std::size_t limit) {
  if (Status good = CheckLimit(limit, "lines"); !good) return good.error();
  return Look("cannot read history", [&](Database& database) { return SelectHistory(database, after, limit); });
}

Result<std::optional<ChainHead>> SqliteLedger::NewestHead() {
  // Who is told of it may hold the ledger to it, also after a loss of power.
  if (Status durable = MakeDurable(); !durable) return durable.error();
  return Read("cannot read the newest line", [](Database& database) { return SelectNewestHead(database); });
}

Result<Verification> SqliteLedger::VerifyWithin(Duration within) {
  return Look("cannot verify the ledger", [&](Database& database) { return VerifyLedger(database, within); });
}

Result<int> SqliteLedger::RemoveContent(TimePoint before) {
  RemovedCases all;
  while (true) {
    const auto some = Write("cannot remove old content", [&](Writing& writing) {
      return RemoveSomeContent(writing, before, all.last, kCasesAtOnce);
    });
    if (!some) return some.error();
    all = {all.count + some->count, some->last};
    if (some->count < kCasesAtOnce) break;
  }
  // The write-ahead log may still hold what is gone from the file. When another process reads at this moment, the log
  // is emptied at a later time.
  const auto borrowed = group_->Borrow();
  if (all.count > 0) static_cast<void>(writes_->QueryInt("PRAGMA wal_checkpoint(TRUNCATE)"));
  return all.count;
}

Result<std::optional<DocumentInfo>> SqliteLedger::PutDocument(std::string_view name,
                                                              const std::vector<std::string>& pieces,
                                                              std::optional<std::int64_t> replaces) {
  return Write("cannot store a document",
               [&](Writing& writing) { return StoreDocument(writing, name, pieces, replaces); });
}

Result<std::optional<DocumentInfo>> SqliteLedger::FindDocument(std::string_view name) {
  using Found = Result<std::optional<DocumentInfo>>;
  return Read("cannot look for a document", [&](Database& database) -> Found {
    const auto stored = SelectStoredDocument(database, name);
    if (!stored) return stored.error();
    if (!*stored || (*stored)->dropped) return std::optional<DocumentInfo>();
    return std::optional((*stored)->info);
  });
}

Result<std::vector<std::string>> SqliteLedger::ReadPieces(std::string_view name, std::int64_t version,
                                                          std::size_t first, std::size_t count) {
  return Read("cannot read a document",
              [&](Database& database) { return SelectPieces(database, name, version, first, count); });
}

Result<std::vector<DocumentInfo>> SqliteLedger::ListDocuments(std::string_view prefix, std::size_t limit) {
  if (Status good = CheckLimit(limit, "documents"); !good) return good.error();
  return Look("cannot list documents", [&](Database& database) { return SelectDocuments(database, prefix, limit); });
}

Status SqliteLedger::DropDocument(std::string_view name) {
  return Write("cannot drop a document", [&](Writing& writing) { return sallyport::DropDocument(writing, name); });
}

}  // namespace sallyport
