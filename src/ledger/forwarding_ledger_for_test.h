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
  Status SetEventState(EventNumber event, EventState state, std::string_view reason) override {
    return inner_->SetEventState(event, state, reason);
  }
  Result<std::vector<EventRecord>> ClaimUnfinished(const std::string& owner, const StillRuns& still_runs,
                                                   std::size_t limit) override {
    return inner_->ClaimUnfinished(owner, still_runs, limit);
  }
  Result<EventRecord> GetEvent(EventNumber event) override { return inner_->GetEvent(event); }
  Result<std::vector<ActionNumber>> AddPlan(EventNumber event, const NewPlan& plan) override {
    return inner_->AddPlan(event, plan);
  }
  Status SetPlanState(EventNumber event, PlanState state, std::string_view reason,
                      std::optional<TimePoint> expires_at) override {
    return inner_->SetPlanState(event, state, reason, expires_at);
  }
  Result<std::optional<PlanRecord>> FindPlanOf(EventNumber event) override { return inner_->FindPlanOf(event); }
  Result<PlanRecord> FindPlan(std::string_view digest_prefix) override { return inner_->FindPlan(digest_prefix); }
  Result<std::vector<PlanRecord>> ListPlans(std::optional<PlanState> state, std::size_t limit) override {
    return inner_->ListPlans(state, limit);
  }
  using Ledger::SetActionState;
  Status SetActionState(ActionNumber action, ActionState state, std::string_view reason,
                        const std::vector<NewFollowUp>& follow_ups) override {
    return inner_->SetActionState(action, state, reason, follow_ups);
  }
  Result<bool> IntendUnlessOvertaken(ActionNumber action, std::string_view reason, TimePoint since,
                                     const std::optional<ActionRecord>& seen) override {
    return inner_->IntendUnlessOvertaken(action, reason, since, seen);
  }
  Result<std::vector<ActionRecord>> ActionsOf(EventNumber event) override { return inner_->ActionsOf(event); }
  Result<ActionRecord> GetAction(ActionNumber action) override { return inner_->GetAction(action); }
  Result<std::optional<ActionRecord>> FindCarriedOut(std::string_view key, ActionNumber except) override {
    return inner_->FindCarriedOut(key, except);
  }
  Result<std::optional<ActionRecord>> FindRecent(std::string_view kind, std::string_view what, std::string_view subject,
                                                 TimePoint since, ActionNumber except) override {
    return inner_->FindRecent(kind, what, subject, since, except);
  }
  Result<FollowUpNumber> AddFollowUp(const NewFollowUp& follow_up) override { return inner_->AddFollowUp(follow_up); }
  Result<std::vector<FollowUpRecord>> ClaimDue(TimePoint now, Duration lease, std::size_t limit) override {
    return inner_->ClaimDue(now, lease, limit);
  }
  Status SnoozeFollowUp(FollowUpNumber follow_up, TimePoint due, std::string_view reason,
                        const std::vector<ActionChange>& changes) override {
    return inner_->SnoozeFollowUp(follow_up, due, reason, changes);
  }
  Status EndFollowUp(FollowUpNumber follow_up, FollowUpState state, std::string_view reason,
                     const std::vector<ActionChange>& changes) override {
    return inner_->EndFollowUp(follow_up, state, reason, changes);
  }
  Result<std::optional<TimePoint>> NextDue() override { return inner_->NextDue(); }
  Result<std::optional<FollowUpRecord>> FindOpenFollowUp(std::string_view key) override {
    return inner_->FindOpenFollowUp(key);
  }
  Result<std::vector<FollowUpRecord>> ListFollowUps(std::optional<FollowUpState> state, std::size_t limit) override {
    return inner_->ListFollowUps(state, limit);
  }
  Status RecordDelivery(const DeliveryRecord& delivery) override { return inner_->RecordDelivery(delivery); }
  Result<std::optional<DeliveryRecord>> FindDelivery(EventNumber case_number, std::string_view message,
                                                     std::string_view channel) override {
    return inner_->FindDelivery(case_number, message, channel);
  }
  Result<std::vector<DeliveryRecord>> PendingDeliveries(std::size_t limit) override {
    return inner_->PendingDeliveries(limit);
  }
  Result<std::vector<EventRecord>> List(const ListFilter& filter) override { return inner_->List(filter); }
  Result<Case> Show(EventNumber event) override { return inner_->Show(event); }
  Result<std::vector<HistoryLine>> History(std::int64_t after, std::size_t limit) override {
    return inner_->History(after, limit);
  }
  Result<Verification> Verify() override { return inner_->Verify(); }
  Result<int> RemoveContent(TimePoint before) override { return inner_->RemoveContent(before); }

 protected:
  std::unique_ptr<Ledger> inner_;
};

}  // namespace sallyport
