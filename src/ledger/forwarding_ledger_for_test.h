// SPDX-License-Identifier: Apache-2.0
//
// For tests: a ledger that hands every call to another one. Tests override what they are about.
#pragma once

#include <memory>
#include <utility>

#include "ledger/ledger.h"

namespace sallyport {

class ForwardingLedger : public Ledger {
 public:
  explicit ForwardingLedger(std::unique_ptr<Ledger> inner) : inner_(std::move(inner)) {}

  Result<AddedEvent> AddEvent(const NewEvent& event) override { return inner_->AddEvent(event); }
  Result<Committed> Commit(const Batch& batch) override { return inner_->Commit(batch); }
  Status MakeDurable() override { return inner_->MakeDurable(); }
  Result<std::vector<EventRecord>> ClaimUnfinished(const std::string& owner, const StillRuns& still_runs,
                                                   std::size_t limit) override {
    return inner_->ClaimUnfinished(owner, still_runs, limit);
  }
  Result<std::vector<FollowUpRecord>> ClaimDue(TimePoint now, const Lease& lease, std::size_t limit) override {
    return inner_->ClaimDue(now, lease, limit);
  }
  Result<std::optional<EventRecord>> NewestDecided(CaseNumber case_number, std::string_view source,
                                                   EventNumber before) override {
    return inner_->NewestDecided(case_number, source, before);
  }
  Result<EventRecord> GetEvent(EventNumber event) override { return inner_->GetEvent(event); }
  Result<std::vector<PlanRecord>> PlansOf(EventNumber event) override { return inner_->PlansOf(event); }
  Result<std::vector<PlanRecord>> NewestPlans(CaseNumber case_number, std::string_view workflow,
                                              std::size_t limit) override {
    return inner_->NewestPlans(case_number, workflow, limit);
  }
  Result<PlanRecord> GetPlan(PlanNumber plan) override { return inner_->GetPlan(plan); }
  Result<PlanRecord> FindPlan(std::string_view digest_prefix) override { return inner_->FindPlan(digest_prefix); }
  Result<std::vector<ActionRecord>> ActionsOf(PlanNumber plan) override { return inner_->ActionsOf(plan); }
  Result<std::vector<ActionRecord>> ActionsOf(EventNumber event) override { return inner_->ActionsOf(event); }
  Result<ActionRecord> GetAction(ActionNumber action) override { return inner_->GetAction(action); }
  Result<std::vector<ActionRecord>> ActionsOfCase(CaseNumber case_number) override {
    return inner_->ActionsOfCase(case_number);
  }
  Result<std::optional<ActionRecord>> FindCarriedOut(std::string_view key, ActionNumber except) override {
    return inner_->FindCarriedOut(key, except);
  }
  Result<std::optional<ActionRecord>> FindRecent(std::string_view kind, std::string_view what, std::string_view subject,
                                                 TimePoint since, ActionNumber except) override {
    return inner_->FindRecent(kind, what, subject, since, except);
  }
  Result<std::optional<CaseNumber>> FindCompromised(std::string_view instance) override {
    return inner_->FindCompromised(instance);
  }
  Result<std::optional<TimePoint>> NextDue() override { return inner_->NextDue(); }
  Result<FollowUpRecord> GetFollowUp(FollowUpNumber follow_up) override { return inner_->GetFollowUp(follow_up); }
  Result<std::optional<FollowUpRecord>> FindOpenFollowUp(std::string_view key) override {
    return inner_->FindOpenFollowUp(key);
  }
  Result<std::vector<MemberRecord>> MembersOf(FollowUpNumber follow_up, int after, std::size_t limit) override {
    return inner_->MembersOf(follow_up, after, limit);
  }
  Result<std::optional<DeliveryRecord>> FindDelivery(CaseNumber case_number, std::string_view message,
                                                     std::string_view channel) override {
    return inner_->FindDelivery(case_number, message, channel);
  }
  Result<std::vector<DeliveryRecord>> PendingDeliveries(std::size_t limit) override {
    return inner_->PendingDeliveries(limit);
  }
  Result<std::vector<CaseRecord>> ListCases(const CaseFilter& filter) override { return inner_->ListCases(filter); }
  Result<std::vector<CaseNumber>> CasesChangedSince(TimePoint since, std::size_t limit) override {
    return inner_->CasesChangedSince(since, limit);
  }
  Result<CaseRecord> GetCase(CaseNumber number) override { return inner_->GetCase(number); }
  Result<Case> Show(EventNumber number) override { return inner_->Show(number); }
  Result<Case> ShowWithoutHistory(EventNumber number) override { return inner_->ShowWithoutHistory(number); }
  Result<std::vector<EventRecord>> List(const ListFilter& filter) override { return inner_->List(filter); }
  Result<std::vector<PlanRecord>> ListPlans(std::optional<PlanState> state, std::size_t limit) override {
    return inner_->ListPlans(state, limit);
  }
  Result<std::vector<FollowUpRecord>> ListFollowUps(std::optional<FollowUpState> state, std::size_t limit) override {
    return inner_->ListFollowUps(state, limit);
  }
  Result<std::vector<HistoryLine>> History(std::int64_t after, std::size_t limit) override {
    return inner_->History(after, limit);
  }
  Result<std::optional<ChainHead>> NewestHead() override { return inner_->NewestHead(); }
  Result<Verification> VerifyWithin(Duration within) override { return inner_->VerifyWithin(within); }
  Result<int> RemoveContent(TimePoint before) override { return inner_->RemoveContent(before); }
  Result<std::optional<DocumentInfo>> PutDocument(std::string_view name, const std::vector<std::string>& pieces,
                                                  std::optional<std::int64_t> replaces) override {
    return inner_->PutDocument(name, pieces, replaces);
  }
  Result<std::optional<DocumentInfo>> FindDocument(std::string_view name) override {
    return inner_->FindDocument(name);
  }
  Result<std::vector<std::string>> ReadPieces(std::string_view name, std::int64_t version, std::size_t first,
                                              std::size_t count) override {
    return inner_->ReadPieces(name, version, first, count);
  }
  Result<std::vector<DocumentInfo>> ListDocuments(std::string_view prefix, std::size_t limit) override {
    return inner_->ListDocuments(prefix, limit);
  }
  Status DropDocument(std::string_view name) override { return inner_->DropDocument(name); }

 protected:
  std::unique_ptr<Ledger> inner_;
};

}  // namespace sallyport
