// SPDX-License-Identifier: Apache-2.0
#include "tests/cut_points.h"

#include <utility>

#include "ledger/forwarding_ledger_for_test.h"

namespace sallyport {
namespace {

constexpr Duration kCallTakes{100};

std::string Numbered(std::string_view what, std::int64_t number, std::string_view state) {
  return std::string(what) + " " + std::to_string(number) + " " + std::string(state);
}

// What an item is called in the name of a point.
struct NameOfItem {
  std::string operator()(const NewPlan& plan) const { return "add plan of event " + std::to_string(plan.event.value); }
  std::string operator()(const MoreActions& more) const {
    return "add actions of plan " + std::to_string(more.plan.value);
  }
  std::string operator()(const PlanChange& change) const {
    return Numbered("plan", change.plan.value, ToString(change.state));
  }
  std::string operator()(const ActionChange& change) const {
    return Numbered("action", change.action.value, ToString(change.state));
  }
  std::string operator()(const EventChange& change) const {
    return Numbered("event", change.event.value, ToString(change.state));
  }
  std::string operator()(const NewFollowUp& follow_up) const { return "add follow-up " + follow_up.question; }
  std::string operator()(const FollowUpChange& change) const {
    return Numbered("follow-up", change.follow_up.value, ToString(change.state));
  }
  std::string operator()(const NewMember& member) const { return "add member " + std::to_string(member.event.value); }
  std::string operator()(const EndMembers& end) const {
    return Numbered("question", end.follow_up.value, ToString(end.state));
  }
  std::string operator()(const DeliveryRecord& delivery) const { return "record delivery " + delivery.message; }
};

class CutLedger final : public ForwardingLedger {
 public:
  CutLedger(std::unique_ptr<Ledger> inner, ReachPoint reach)
      : ForwardingLedger(std::move(inner)), reach_(std::move(reach)) {}

  Result<AddedEvent> AddEvent(const NewEvent& event) override {
    return Write("add event " + event.title, [&] { return inner_->AddEvent(event); });
  }
  Result<Committed> Commit(const Batch& batch) override {
    std::string what;
    for (const Item& item : batch.items) {
      const std::string name = std::visit(NameOfItem{}, item);
      if (!name.empty()) what += (what.empty() ? "" : ", ") + name;
    }
    return Write(what, [&] { return inner_->Commit(batch); });
  }
  Result<std::vector<EventRecord>> ClaimUnfinished(const std::string& owner, const StillRuns& still_runs,
                                                   std::size_t limit) override {
    auto claimed = inner_->ClaimUnfinished(owner, still_runs, limit);
    if (claimed.ok() && !claimed->empty()) reach_("after claim unfinished");
    return claimed;
  }
  Result<std::vector<FollowUpRecord>> ClaimDue(TimePoint now, const Lease& lease, std::size_t limit) override {
    auto claimed = inner_->ClaimDue(now, lease, limit);
    if (claimed.ok() && !claimed->empty()) reach_("after claim due " + claimed->front().follow_up.question);
    return claimed;
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

std::unique_ptr<HttpClient> WithTimedCutPoints(HttpClient& inner, SharedClock& clock, const ReachPoint& reach,
                                               std::string_view to) {
  return WithCutPoints(inner, [&clock, &reach, to](const std::string& point) {
    clock.Advance(kCallTakes / 2);
    reach(point + std::string(to));
  });
}

ProgramOptions OptionsWithCutPoints(SharedClock& clock, Random& random, const ReachPoint& reach) {
  ProgramOptions options;
  options.clock = &clock;
  options.random = &random;
  options.show_messages = true;
  options.wrap_ledger = [&](std::unique_ptr<Ledger> ledger) { return WithCutPoints(std::move(ledger), reach); };
  options.wrap_http = [&](HttpClient& http) { return WithTimedCutPoints(http, clock, reach); };
  return options;
}

}  // namespace sallyport
