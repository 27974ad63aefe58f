// SPDX-License-Identifier: Apache-2.0
//
// The Ledger in one SQLite file. Every call is one transaction, synced before it returns (the arrival of an event: with
// the call that follows it); calls of several threads share one (group_commit.h). Reads do not wait for commits.
// Several processes may have the same file open; it must be on a local disk (the write-ahead log shares memory between
// them).
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "ledger/group_commit.h"
#include "ledger/ledger.h"
#include "ledger/readers.h"
#include "ledger/sqlite.h"

namespace sallyport {

// Bytes of a page of a file that is made anew; one that is there keeps its own.
inline constexpr unsigned kLedgerPageSize = 2'048;

class SqliteLedger final : public Ledger {
 public:
  // How long a call waits for another process that writes.
  static constexpr Duration kBusyTimeout = std::chrono::seconds(5);

  // Opens the ledger at `path` and makes what is missing: folders (0700), the file (0600), tables; a file of an older
  // version is brought to kLedgerVersion. ":memory:" is a ledger of its own that ends with the object. Errors:
  // kInvalidInput when `path` is not a path, else kStorage. `clock` must outlive the ledger.
  static Result<std::unique_ptr<SqliteLedger>> Open(const std::string& path, const Clock& clock,
                                                    Duration busy_timeout = kBusyTimeout);

  // For commands that only look: makes neither file nor folder, changes nothing, and leaves nothing beside the file
  // unless another process has it open. A file that is not there, or of an older version, is an error. Every call that
  // would write fails with kStorage.
  static Result<std::unique_ptr<SqliteLedger>> OpenToLook(const std::string& path, const Clock& clock,
                                                          Duration busy_timeout = kBusyTimeout);

  // An empty one that ends with the object, in a nameless file beside the system's other temporary ones; its events,
  // cases, plans, actions and follow-ups have numbers behind `numbers_after`.
  static Result<std::unique_ptr<SqliteLedger>> OpenScratch(const Clock& clock, std::int64_t numbers_after);

  Result<AddedEvent> AddEvent(const NewEvent& event) override;
  Result<Committed> Commit(const Batch& batch) override;
  Status MakeDurable() override;
  Result<std::vector<EventRecord>> ClaimUnfinished(const std::string& owner, const StillRuns& still_runs,
                                                   std::size_t limit) override;
  Result<std::vector<FollowUpRecord>> ClaimDue(TimePoint now, const Lease& lease, std::size_t limit) override;
  Result<EventRecord> GetEvent(EventNumber event) override;
  Result<std::optional<EventRecord>> NewestDecided(CaseNumber case_number, std::string_view source,
                                                   EventNumber before) override;
  Result<std::vector<PlanRecord>> PlansOf(EventNumber event) override;
  Result<std::vector<PlanRecord>> NewestPlans(CaseNumber case_number, std::string_view workflow,
                                              std::size_t limit) override;
  Result<PlanRecord> GetPlan(PlanNumber plan) override;
  Result<PlanRecord> FindPlan(std::string_view digest_prefix) override;
  Result<std::vector<ActionRecord>> ActionsOf(PlanNumber plan) override;
  Result<std::vector<ActionRecord>> ActionsOf(EventNumber event) override;
  Result<ActionRecord> GetAction(ActionNumber action) override;
  Result<std::vector<ActionRecord>> ActionsOfCase(CaseNumber case_number) override;
  Result<std::optional<ActionRecord>> FindCarriedOut(std::string_view key, ActionNumber except) override;
  Result<std::optional<ActionRecord>> FindRecent(std::string_view kind, std::string_view what, std::string_view subject,
                                                 TimePoint since, ActionNumber except) override;
  Result<std::optional<CaseNumber>> FindCompromised(std::string_view instance) override;
  Result<std::optional<TimePoint>> NextDue() override;
  Result<FollowUpRecord> GetFollowUp(FollowUpNumber follow_up) override;
  Result<std::optional<FollowUpRecord>> FindOpenFollowUp(std::string_view key) override;
  Result<std::vector<MemberRecord>> MembersOf(FollowUpNumber follow_up, int after, std::size_t limit) override;
  Result<std::optional<DeliveryRecord>> FindDelivery(CaseNumber case_number, std::string_view message,
                                                     std::string_view channel) override;
  Result<std::vector<DeliveryRecord>> PendingDeliveries(std::size_t limit) override;

  Result<std::vector<CaseRecord>> ListCases(const CaseFilter& filter) override;
  Result<std::vector<CaseNumber>> CasesChangedSince(TimePoint since, std::size_t limit) override;
  Result<CaseRecord> GetCase(CaseNumber number) override;
  Result<Case> Show(EventNumber number) override;
  Result<Case> ShowWithoutHistory(EventNumber number) override;
  Result<std::vector<EventRecord>> List(const ListFilter& filter) override;
  Result<std::vector<PlanRecord>> ListPlans(std::optional<PlanState> state, std::size_t limit) override;
  Result<std::vector<FollowUpRecord>> ListFollowUps(std::optional<FollowUpState> state, std::size_t limit) override;

  Result<std::vector<HistoryLine>> History(std::int64_t after, std::size_t limit) override;
  Result<std::optional<ChainHead>> NewestHead() override;
  Result<Verification> VerifyWithin(Duration within) override;
  Result<int> RemoveContent(TimePoint before) override;

  Result<std::optional<DocumentInfo>> PutDocument(std::string_view name, const std::vector<std::string>& pieces,
                                                  std::optional<std::int64_t> replaces) override;
  Result<std::optional<DocumentInfo>> FindDocument(std::string_view name) override;
  Result<std::vector<std::string>> ReadPieces(std::string_view name, std::int64_t version, std::size_t first,
                                              std::size_t count) override;
  Result<std::vector<DocumentInfo>> ListDocuments(std::string_view prefix, std::size_t limit) override;
  Status DropDocument(std::string_view name) override;

 private:
  SqliteLedger(std::string path, const Clock& clock, std::unique_ptr<sqlite::Database> writes,
               std::unique_ptr<Readers> readers);

  // `work` takes a Writing. An error says what was being done.
  template <class Work>
  auto Write(std::string_view doing, Work work, GroupCommit::Sync sync = GroupCommit::Sync::kNow);
  // `work` takes a database. What handling reads: on the connection that writes, when nobody writes at this moment,
  // because its pages are in memory there.
  template <class Work>
  auto Read(std::string_view doing, Work work);
  // The same for one statement, which is a transaction by itself.
  template <class Work>
  auto ReadOnce(std::string_view doing, Work work);
  // What may take long: beside the connection that writes, if there is another one.
  template <class Work>
  auto Look(std::string_view doing, Work work);

  const std::string path_;
  const Clock& clock_;
  std::unique_ptr<sqlite::Database> writes_;  // nothing: opened to look
  std::unique_ptr<GroupCommit> group_;        // over writes_
  std::unique_ptr<Readers> readers_;          // nothing: in memory
};

}  // namespace sallyport
