// SPDX-License-Identifier: Apache-2.0
//
// The Ledger in one SQLite file. Every call is one transaction, synced before it returns. Several processes may have
// the same file open; it must be on a local disk (the write-ahead log shares memory between them).
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "ledger/ledger.h"
#include "ledger/sqlite.h"

namespace sallyport {

class SqliteLedger final : public Ledger {
 public:
  // How long a call waits for another process that writes.
  static constexpr Duration kBusyTimeout = std::chrono::seconds(5);

  // Opens the ledger at `path` and makes what is missing: folders (0700), the file (0600), tables. ":memory:" is a
  // ledger of its own that ends with the object. Errors: kInvalidInput when `path` is not a path, else kStorage.
  // `clock` must outlive the ledger.
  static Result<std::unique_ptr<SqliteLedger>> Open(const std::string& path, const Clock& clock,
                                                    Duration busy_timeout = kBusyTimeout);

  using Ledger::SetActionState;
  Result<AddedEvent> AddEvent(const NewEvent& event) override;
  Status SetEventState(EventNumber event, EventState state, std::string_view reason) override;
  Result<std::vector<EventRecord>> ClaimUnfinished(const std::string& owner, const StillRuns& still_runs,
                                                   std::size_t limit) override;
  Result<EventRecord> GetEvent(EventNumber event) override;
  Result<std::vector<ActionNumber>> AddPlan(EventNumber event, const NewPlan& plan) override;
  Status SetPlanState(EventNumber event, PlanState state, std::string_view reason,
                      std::optional<TimePoint> expires_at) override;
  Result<std::optional<PlanRecord>> FindPlanOf(EventNumber event) override;
  Result<PlanRecord> FindPlan(std::string_view digest_prefix) override;
  Result<std::vector<PlanRecord>> ListPlans(std::optional<PlanState> state, std::size_t limit) override;
  Status SetActionState(ActionNumber action, ActionState state, std::string_view reason,
                        const std::vector<NewFollowUp>& follow_ups) override;
  Result<bool> IntendUnlessOvertaken(ActionNumber action, std::string_view reason, TimePoint since,
                                     const std::optional<ActionRecord>& seen) override;
  Result<std::vector<ActionRecord>> ActionsOf(EventNumber event) override;
  Result<ActionRecord> GetAction(ActionNumber action) override;
  Result<std::optional<ActionRecord>> FindCarriedOut(std::string_view key, ActionNumber except) override;
  Result<std::optional<ActionRecord>> FindRecent(std::string_view kind, std::string_view what, std::string_view subject,
                                                 TimePoint since, ActionNumber except) override;
  Result<FollowUpNumber> AddFollowUp(const NewFollowUp& follow_up) override;
  Result<std::vector<FollowUpRecord>> ClaimDue(TimePoint now, Duration lease, std::size_t limit) override;
  Status SnoozeFollowUp(FollowUpNumber follow_up, TimePoint due, std::string_view reason,
                        const std::vector<ActionChange>& changes) override;
  Status EndFollowUp(FollowUpNumber follow_up, FollowUpState state, std::string_view reason,
                     const std::vector<ActionChange>& changes) override;
  Result<std::optional<TimePoint>> NextDue() override;
  Result<std::optional<FollowUpRecord>> FindOpenFollowUp(std::string_view key) override;
  Result<std::vector<FollowUpRecord>> ListFollowUps(std::optional<FollowUpState> state, std::size_t limit) override;
  Status RecordDelivery(const DeliveryRecord& delivery) override;
  Result<std::optional<DeliveryRecord>> FindDelivery(EventNumber case_number, std::string_view message,
                                                     std::string_view channel) override;
  Result<std::vector<DeliveryRecord>> PendingDeliveries(std::size_t limit) override;
  Result<std::vector<EventRecord>> List(const ListFilter& filter) override;
  Result<Case> Show(EventNumber event) override;
  Result<std::vector<HistoryLine>> History(std::int64_t after, std::size_t limit) override;
  Result<Verification> Verify() override;
  Result<int> RemoveContent(TimePoint before) override;

 private:
  SqliteLedger(std::unique_ptr<sqlite::Database> database, const Clock& clock)
      : database_(std::move(database)), clock_(clock) {}

  // Runs `work` as one transaction; an error says what was being done.
  template <class Work>
  auto Transact(sqlite::Transaction::Kind kind, std::string_view doing, Work work) -> decltype(work());

  std::mutex mutex_;  // one connection, one transaction at a time
  std::unique_ptr<sqlite::Database> database_;
  const Clock& clock_;

  // `work` takes the database, and for Write the time.
  template <class Work>
  auto Write(std::string_view doing, Work work) -> decltype(work(*database_, TimePoint()));
  template <class Work>
  auto Read(std::string_view doing, Work work) -> decltype(work(*database_));
};

}  // namespace sallyport
