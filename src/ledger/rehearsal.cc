// SPDX-License-Identifier: Apache-2.0
#include "ledger/rehearsal.h"

#include <utility>

#include "ledger/sqlite_ledger.h"

namespace sallyport {
namespace {

template <class Number>
bool IsOwn(Number number) {
  return number.value > kRehearsedFrom;
}

class Rehearsal final : public Ledger {
 public:
  Rehearsal(std::unique_ptr<Ledger> own, std::unique_ptr<Ledger> real) : own_(std::move(own)), real_(std::move(real)) {}

  Result<AddedEvent> AddEvent(const NewEvent& event) override {
    NewEvent alone = event;
    if (alone.case_number && !IsOwn(*alone.case_number)) alone.case_number.reset();
    return own_->AddEvent(alone);
  }
  Result<Committed> Commit(const Batch& batch) override { return own_->Commit({{}, batch.items}); }
  Status MakeDurable() override { return Ok(); }
  Result<std::vector<EventRecord>> ClaimUnfinished(const std::string&, const StillRuns&, std::size_t) override {
    return std::vector<EventRecord>();
  }
  Result<std::vector<FollowUpRecord>> ClaimDue(TimePoint, const Lease&, std::size_t) override {
    return std::vector<FollowUpRecord>();
  }

  Result<EventRecord> GetEvent(EventNumber event) override { return Of(event).GetEvent(event); }
  Result<std::optional<EventRecord>> NewestDecided(CaseNumber case_number, std::string_view source,
                                                   EventNumber before) override {
    return Of(case_number).NewestDecided(case_number, source, before);
  }
  Result<std::vector<PlanRecord>> PlansOf(EventNumber event) override { return Of(event).PlansOf(event); }
  Result<std::vector<PlanRecord>> NewestPlans(CaseNumber case_number, std::string_view workflow,
                                              std::size_t limit) override {
    return Real().NewestPlans(case_number, workflow, limit);
  }
  Result<PlanRecord> GetPlan(PlanNumber plan) override { return Of(plan).GetPlan(plan); }
  Result<PlanRecord> FindPlan(std::string_view digest_prefix) override { return Real().FindPlan(digest_prefix); }
  Result<std::vector<ActionRecord>> ActionsOf(PlanNumber plan) override { return Of(plan).ActionsOf(plan); }
  Result<std::vector<ActionRecord>> ActionsOf(EventNumber event) override { return Of(event).ActionsOf(event); }
  Result<ActionRecord> GetAction(ActionNumber action) override { return Of(action).GetAction(action); }
  Result<std::vector<ActionRecord>> ActionsOfCase(CaseNumber case_number) override {
    return Of(case_number).ActionsOfCase(case_number);
  }
  Result<std::optional<ActionRecord>> FindCarriedOut(std::string_view key, ActionNumber except) override {
    return Real().FindCarriedOut(key, except);
  }
  Result<std::optional<ActionRecord>> FindRecent(std::string_view kind, std::string_view what, std::string_view subject,
                                                 TimePoint since, ActionNumber except) override {
    return Real().FindRecent(kind, what, subject, since, except);
  }
  Result<std::optional<CaseNumber>> FindCompromised(std::string_view instance) override {
    return Real().FindCompromised(instance);
  }
  Result<std::optional<TimePoint>> NextDue() override { return std::optional<TimePoint>(); }
  Result<FollowUpRecord> GetFollowUp(FollowUpNumber follow_up) override { return Of(follow_up).GetFollowUp(follow_up); }
  Result<std::optional<FollowUpRecord>> FindOpenFollowUp(std::string_view key) override {
    return Real().FindOpenFollowUp(key);
  }
  Result<std::vector<MemberRecord>> MembersOf(FollowUpNumber follow_up, int after, std::size_t limit) override {
    return Of(follow_up).MembersOf(follow_up, after, limit);
  }
  Result<std::optional<DeliveryRecord>> FindDelivery(CaseNumber case_number, std::string_view message,
                                                     std::string_view channel) override {
    return Of(case_number).FindDelivery(case_number, message, channel);
  }
  Result<std::vector<DeliveryRecord>> PendingDeliveries(std::size_t) override { return std::vector<DeliveryRecord>(); }

  Result<std::vector<CaseRecord>> ListCases(const CaseFilter& filter) override { return Real().ListCases(filter); }
  Result<std::vector<CaseNumber>> CasesChangedSince(TimePoint since, std::size_t limit) override {
    return Real().CasesChangedSince(since, limit);
  }
  Result<CaseRecord> GetCase(CaseNumber number) override { return Of(number).GetCase(number); }
  Result<Case> Show(EventNumber number) override { return Of(number).Show(number); }
  Result<Case> ShowWithoutHistory(EventNumber number) override { return Of(number).ShowWithoutHistory(number); }
  Result<std::vector<EventRecord>> List(const ListFilter& filter) override { return Real().List(filter); }
  Result<std::vector<PlanRecord>> ListPlans(std::optional<PlanState> state, std::size_t limit) override {
    return Real().ListPlans(state, limit);
  }
  Result<std::vector<FollowUpRecord>> ListFollowUps(std::optional<FollowUpState> state, std::size_t limit) override {
    return Real().ListFollowUps(state, limit);
  }
  Result<std::vector<HistoryLine>> History(std::int64_t after, std::size_t limit) override {
    return Real().History(after, limit);
  }
  Result<std::optional<ChainHead>> NewestHead() override {
    if (!real_) return std::optional<ChainHead>();
    return real_->NewestHead();
  }
  Result<Verification> VerifyWithin(Duration within) override { return Real().VerifyWithin(within); }
  Result<int> RemoveContent(TimePoint) override { return 0; }

  Result<std::optional<DocumentInfo>> PutDocument(std::string_view, const std::vector<std::string>&,
                                                  std::optional<std::int64_t>) override {
    return std::optional<DocumentInfo>();
  }
  Result<std::optional<DocumentInfo>> FindDocument(std::string_view name) override { return Real().FindDocument(name); }
  Result<std::vector<std::string>> ReadPieces(std::string_view name, std::int64_t version, std::size_t first,
                                              std::size_t count) override {
    return Real().ReadPieces(name, version, first, count);
  }
  Result<std::vector<DocumentInfo>> ListDocuments(std::string_view prefix, std::size_t limit) override {
    return Real().ListDocuments(prefix, limit);
  }
  Status DropDocument(std::string_view) override { return Ok(); }

 private:
  // What was there before. A ledger that is not there yet is as empty as that of the dry run in what is asked of it.
  Ledger& Real() { return real_ ? *real_ : *own_; }
  template <class Number>
  Ledger& Of(Number number) {
    return IsOwn(number) ? *own_ : Real();
  }

  std::unique_ptr<Ledger> own_;
  std::unique_ptr<Ledger> real_;
};

}  // namespace

Result<std::unique_ptr<Ledger>> OpenRehearsal(std::unique_ptr<Ledger> real, const Clock& clock) {
  auto own = SqliteLedger::OpenScratch(clock, kRehearsedFrom);
  if (!own.ok()) return own.error();
  return std::unique_ptr<Ledger>(std::make_unique<Rehearsal>(*std::move(own), std::move(real)));
}

}  // namespace sallyport
