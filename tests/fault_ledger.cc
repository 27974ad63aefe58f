// SPDX-License-Identifier: Apache-2.0
//
// The half of fault_seams.h that stands before the ledger.
#include <set>
#include <utility>

#include "ledger/forwarding_ledger_for_test.h"
#include "tests/fault_seams.h"

namespace sallyport {
namespace {

constexpr Duration kSlowDisk = std::chrono::seconds(30);

// What sort of records a batch has.
struct SortOf {
  std::string operator()(const NewPlan&) const { return "plan"; }
  std::string operator()(const MoreActions&) const { return "more actions"; }
  std::string operator()(const PlanChange&) const { return "plan change"; }
  std::string operator()(const ActionChange& change) const { return "action " + std::string(ToString(change.state)); }
  std::string operator()(const EventChange& change) const { return "event " + std::string(ToString(change.state)); }
  std::string operator()(const NewFollowUp&) const { return "follow-up"; }
  std::string operator()(const FollowUpChange&) const { return "follow-up change"; }
  std::string operator()(const NewMember&) const { return "member"; }
  std::string operator()(const EndMembers&) const { return "end of members"; }
  std::string operator()(const DeliveryRecord&) const { return "delivery"; }
};

std::string NameOf(const Batch& batch) {
  std::set<std::string> sorts;
  for (const Item& item : batch.items) sorts.insert(std::visit(SortOf{}, item));
  std::string name;
  for (const std::string& sort : sorts) name += (name.empty() ? "" : ", ") + sort;
  return name;
}

class FaultyLedger final : public ForwardingLedger {
 public:
  FaultyLedger(std::unique_ptr<Ledger> inner, FaultPlan& plan, Clock& clock)
      : ForwardingLedger(std::move(inner)), plan_(plan), clock_(clock) {}

  Result<AddedEvent> AddEvent(const NewEvent& event) override {
    return Write("AddEvent", [&] { return inner_->AddEvent(event); });
  }
  Result<Committed> Commit(const Batch& batch) override {
    return Write("Commit of " + NameOf(batch), [&] { return inner_->Commit(batch); });
  }
  Result<std::vector<EventRecord>> ClaimUnfinished(const std::string& owner, const StillRuns& still_runs,
                                                   std::size_t limit) override {
    return Write("ClaimUnfinished", [&] { return inner_->ClaimUnfinished(owner, still_runs, limit); });
  }
  Result<std::vector<FollowUpRecord>> ClaimDue(TimePoint now, const Lease& lease, std::size_t limit) override {
    return Write("ClaimDue", [&] { return inner_->ClaimDue(now, lease, limit); });
  }
  Result<EventRecord> GetEvent(EventNumber event) override {
    return Read("GetEvent", [&] { return inner_->GetEvent(event); });
  }
  Result<std::vector<PlanRecord>> PlansOf(EventNumber event) override {
    return Read("PlansOf", [&] { return inner_->PlansOf(event); });
  }
  Result<std::vector<PlanRecord>> NewestPlans(CaseNumber case_number, std::string_view workflow,
                                              std::size_t limit) override {
    return Read("NewestPlans", [&] { return inner_->NewestPlans(case_number, workflow, limit); });
  }
  Result<PlanRecord> GetPlan(PlanNumber plan) override {
    return Read("GetPlan", [&] { return inner_->GetPlan(plan); });
  }
  Result<PlanRecord> FindPlan(std::string_view digest_prefix) override {
    return Read("FindPlan", [&] { return inner_->FindPlan(digest_prefix); });
  }
  Result<std::vector<ActionRecord>> ActionsOf(PlanNumber plan) override {
    return Read("ActionsOf a plan", [&] { return inner_->ActionsOf(plan); });
  }
  Result<std::vector<ActionRecord>> ActionsOf(EventNumber event) override {
    return Read("ActionsOf an event", [&] { return inner_->ActionsOf(event); });
  }
  Result<ActionRecord> GetAction(ActionNumber action) override {
    return Read("GetAction", [&] { return inner_->GetAction(action); });
  }
  Result<std::vector<ActionRecord>> ActionsOfCase(CaseNumber case_number) override {
    return Read("ActionsOfCase", [&] { return inner_->ActionsOfCase(case_number); });
  }
  Result<std::optional<CaseNumber>> FindCompromised(std::string_view instance) override {
    return Read("FindCompromised", [&] { return inner_->FindCompromised(instance); });
  }
  Result<std::optional<ActionRecord>> FindCarriedOut(std::string_view key, ActionNumber except) override {
    return Read("FindCarriedOut", [&] { return inner_->FindCarriedOut(key, except); });
  }
  Result<std::optional<ActionRecord>> FindRecent(std::string_view kind, std::string_view what, std::string_view subject,
                                                 TimePoint since, ActionNumber except) override {
    return Read("FindRecent", [&] { return inner_->FindRecent(kind, what, subject, since, except); });
  }
  Result<std::optional<TimePoint>> NextDue() override {
    return Read("NextDue", [&] { return inner_->NextDue(); });
  }
  Result<FollowUpRecord> GetFollowUp(FollowUpNumber follow_up) override {
    return Read("GetFollowUp", [&] { return inner_->GetFollowUp(follow_up); });
  }
  Result<std::optional<FollowUpRecord>> FindOpenFollowUp(std::string_view key) override {
    return Read("FindOpenFollowUp", [&] { return inner_->FindOpenFollowUp(key); });
  }
  Result<std::vector<MemberRecord>> MembersOf(FollowUpNumber follow_up, int after, std::size_t limit) override {
    return Read("MembersOf", [&] { return inner_->MembersOf(follow_up, after, limit); });
  }
  Result<std::optional<DeliveryRecord>> FindDelivery(CaseNumber case_number, std::string_view message,
                                                     std::string_view channel) override {
    return Read("FindDelivery", [&] { return inner_->FindDelivery(case_number, message, channel); });
  }
  Result<std::vector<DeliveryRecord>> PendingDeliveries(std::size_t limit) override {
    return Read("PendingDeliveries", [&] { return inner_->PendingDeliveries(limit); });
  }
  Result<std::vector<CaseRecord>> ListCases(const CaseFilter& filter) override {
    return Read("ListCases", [&] { return inner_->ListCases(filter); });
  }
  Result<std::vector<CaseNumber>> CasesChangedSince(TimePoint since, std::size_t limit) override {
    return Read("CasesChangedSince", [&] { return inner_->CasesChangedSince(since, limit); });
  }
  Result<CaseRecord> GetCase(CaseNumber number) override {
    return Read("GetCase", [&] { return inner_->GetCase(number); });
  }
  Result<Case> Show(EventNumber number) override {
    return Read("Show", [&] { return inner_->Show(number); });
  }
  Result<Case> ShowWithoutHistory(EventNumber number) override {
    return Read("ShowWithoutHistory", [&] { return inner_->ShowWithoutHistory(number); });
  }
  Result<std::vector<EventRecord>> List(const ListFilter& filter) override {
    return Read("List", [&] { return inner_->List(filter); });
  }
  Result<std::vector<PlanRecord>> ListPlans(std::optional<PlanState> state, std::size_t limit) override {
    return Read("ListPlans", [&] { return inner_->ListPlans(state, limit); });
  }
  Result<std::vector<FollowUpRecord>> ListFollowUps(std::optional<FollowUpState> state, std::size_t limit) override {
    return Read("ListFollowUps", [&] { return inner_->ListFollowUps(state, limit); });
  }
  Result<std::vector<HistoryLine>> History(std::int64_t after, std::size_t limit) override {
    return Read("History", [&] { return inner_->History(after, limit); });
  }
  Result<std::optional<ChainHead>> NewestHead() override {
    return Read("NewestHead", [&] { return inner_->NewestHead(); });
  }
  Result<Verification> VerifyWithin(Duration within) override {
    return Read("VerifyWithin", [&] { return inner_->VerifyWithin(within); });
  }
  Result<int> RemoveContent(TimePoint before) override {
    return Write("RemoveContent", [&] { return inner_->RemoveContent(before); });
  }
  Result<std::optional<DocumentInfo>> PutDocument(std::string_view name, const std::vector<std::string>& pieces,
                                                  std::optional<std::int64_t> replaces) override {
    return Write("PutDocument", [&] { return inner_->PutDocument(name, pieces, replaces); });
  }
  Result<std::optional<DocumentInfo>> FindDocument(std::string_view name) override {
    return Read("FindDocument", [&] { return inner_->FindDocument(name); });
  }
  Result<std::vector<std::string>> ReadPieces(std::string_view name, std::int64_t version, std::size_t first,
                                              std::size_t count) override {
    return Read("ReadPieces", [&] { return inner_->ReadPieces(name, version, first, count); });
  }
  Result<std::vector<DocumentInfo>> ListDocuments(std::string_view prefix, std::size_t limit) override {
    return Read("ListDocuments", [&] { return inner_->ListDocuments(prefix, limit); });
  }
  Status DropDocument(std::string_view name) override {
    return Write("DropDocument", [&] { return inner_->DropDocument(name); });
  }

 private:
  template <class Call>
  auto Read(std::string name, const Call& call) -> decltype(call()) {
    return Met({FaultSeam::kLedger, false, std::move(name)}, call);
  }
  template <class Call>
  auto Write(std::string name, const Call& call) -> decltype(call()) {
    return Met({FaultSeam::kLedger, true, std::move(name)}, call);
  }
  template <class Call>
  auto Met(const Operation& operation, const Call& call) -> decltype(call()) {
    const auto way = plan_.Meet(operation, "");
    if (!way) return call();
    if (*way == FaultWay::kSlow) clock_.SleepFor(kSlowDisk);
    if (*way == FaultWay::kSlow) return call();
    if (*way == FaultWay::kCutAfter) (void)call();
    return Error{ErrorCode::kStorage, "the disk of the fault matrix failed", ""};
  }

  FaultPlan& plan_;
  Clock& clock_;
};

}  // namespace

std::unique_ptr<Ledger> WithFaults(std::unique_ptr<Ledger> inner, FaultPlan& plan, Clock& clock) {
  return std::make_unique<FaultyLedger>(std::move(inner), plan, clock);
}

}  // namespace sallyport
