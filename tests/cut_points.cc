// SPDX-License-Identifier: Apache-2.0
#include "tests/cut_points.h"

#include <utility>

#include "ledger/forwarding_ledger_for_test.h"

namespace sallyport {
namespace {

class CutLedger final : public ForwardingLedger {
 public:
  CutLedger(std::unique_ptr<Ledger> inner, ReachPoint reach)
      : ForwardingLedger(std::move(inner)), reach_(std::move(reach)) {}

  Result<AddedEvent> AddEvent(const NewEvent& event) override {
    return Write("add event " + event.title, [&] { return inner_->AddEvent(event); });
  }
  Status SetEventState(EventNumber event, EventState state, std::string_view reason) override {
    return Write("event " + std::to_string(event.value) + " " + std::string(ToString(state)),
                 [&] { return inner_->SetEventState(event, state, reason); });
  }
  Result<std::vector<EventRecord>> ClaimUnfinished(const std::string& owner, const StillRuns& still_runs,
                                                   std::size_t limit) override {
    auto claimed = inner_->ClaimUnfinished(owner, still_runs, limit);
    if (claimed.ok() && !claimed->empty()) reach_("after claim unfinished");
    return claimed;
  }
  Result<std::vector<ActionNumber>> AddPlan(EventNumber event, const NewPlan& plan) override {
    return Write("add plan of event " + std::to_string(event.value), [&] { return inner_->AddPlan(event, plan); });
  }
  Status SetPlanState(EventNumber event, PlanState state, std::string_view reason,
                      std::optional<TimePoint> expires_at) override {
    return Write("plan of event " + std::to_string(event.value) + " " + std::string(ToString(state)),
                 [&] { return inner_->SetPlanState(event, state, reason, expires_at); });
  }
  using Ledger::SetActionState;
  Status SetActionState(ActionNumber action, ActionState state, std::string_view reason,
                        const std::vector<NewFollowUp>& follow_ups) override {
    return Write("action " + std::to_string(action.value) + " " + std::string(ToString(state)),
                 [&] { return inner_->SetActionState(action, state, reason, follow_ups); });
  }
  Result<bool> IntendUnlessOvertaken(ActionNumber action, std::string_view reason, TimePoint since,
                                     const std::optional<ActionRecord>& seen) override {
    return Write("action " + std::to_string(action.value) + " intended",
                 [&] { return inner_->IntendUnlessOvertaken(action, reason, since, seen); });
  }
  Result<FollowUpNumber> AddFollowUp(const NewFollowUp& follow_up) override {
    return Write("add follow-up " + follow_up.question, [&] { return inner_->AddFollowUp(follow_up); });
  }
  Result<std::vector<FollowUpRecord>> ClaimDue(TimePoint now, Duration lease, std::size_t limit) override {
    auto claimed = inner_->ClaimDue(now, lease, limit);
    if (claimed.ok() && !claimed->empty()) reach_("after claim due " + claimed->front().follow_up.question);
    return claimed;
  }
  Status SnoozeFollowUp(FollowUpNumber follow_up, TimePoint due, std::string_view reason,
                        const std::vector<ActionChange>& changes) override {
    return Write("snooze follow-up " + std::to_string(follow_up.value),
                 [&] { return inner_->SnoozeFollowUp(follow_up, due, reason, changes); });
  }
  Status EndFollowUp(FollowUpNumber follow_up, FollowUpState state, std::string_view reason,
                     const std::vector<ActionChange>& changes) override {
    return Write("end follow-up " + std::to_string(follow_up.value),
                 [&] { return inner_->EndFollowUp(follow_up, state, reason, changes); });
  }
  Status RecordDelivery(const DeliveryRecord& delivery) override {
    return Write("record delivery " + delivery.message, [&] { return inner_->RecordDelivery(delivery); });
  }

 private:
  template <class Call>
  auto Write(const std::string& what, const Call& call) -> decltype(call()) {
    reach_("before " + what);
    auto done = call();
    reach_("after " + what);
    return done;
  }

  ReachPoint reach_;
};

class CutClient final : public HttpClient {
 public:
  CutClient(HttpClient& inner, ReachPoint reach) : inner_(inner), reach_(std::move(reach)) {}
  Result<HttpResponse> Send(const HttpRequest& request) override {
    const std::string what = request.method + " " + std::string(ShownPath(request));
    reach_("before " + what);
    auto answer = inner_.Send(request);
    reach_("after " + what);
    return answer;
  }

 private:
  HttpClient& inner_;
  ReachPoint reach_;
};

}  // namespace

std::unique_ptr<Ledger> WithCutPoints(std::unique_ptr<Ledger> inner, ReachPoint reach) {
  return std::make_unique<CutLedger>(std::move(inner), std::move(reach));
}

std::unique_ptr<HttpClient> WithCutPoints(HttpClient& inner, ReachPoint reach) {
  return std::make_unique<CutClient>(inner, std::move(reach));
}

}  // namespace sallyport
