// SPDX-License-Identifier: Apache-2.0
//
// What the program writes to AWS when something happens in the middle of it: the kill switch is set between two calls
// or two tries of one, an answer is lost, a request never arrives. Through the whole program, in simulated time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <mutex>
#include <set>

#include "base/check.h"
#include "event/parse.h"
#include "net/curl_client.h"
#include "sim/aws/estate.h"
#include "sim/aws/simulator.h"
#include "tests/crash_scenario.h"
#include "tests/scenario.h"
#include "tests/shared_clock.h"
#include "workflow/waf_settings.h"

namespace sallyport {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

// What becomes of one request that changes something.
enum class Fate { kArrives, kIsThrottled, kLosesItsAnswer, kNeverArrives };

// Requests that change something meet their fates, one after the other; behind the first one something happens.
class FatefulClient final : public HttpClient {
 public:
  FatefulClient(HttpClient& inner, std::vector<Fate>& fates, std::vector<std::string>& sent,
                const std::function<void()>& behind_first)
      : inner_(inner), fates_(fates), sent_(sent), behind_first_(behind_first) {}

  Result<HttpResponse> Send(const HttpRequest& request) override {
    if (!request.changes) return inner_.Send(request);
    const std::lock_guard lock(mutex_);
    sent_.push_back(OperationOf(request));
    const Fate fate = sent_.size() <= fates_.size() ? fates_[sent_.size() - 1] : Fate::kArrives;
    Result<HttpResponse> answer = Meet(fate, request);
    if (sent_.size() == 1 && behind_first_) behind_first_();
    return answer;
  }

 private:
  static std::string OperationOf(const HttpRequest& request) {
    for (const HttpHeader& header : request.headers) {
      if (header.name == "X-Amz-Target") return header.value.substr(header.value.find('.') + 1);
    }
    return request.method;
  }

  Result<HttpResponse> Meet(Fate fate, const HttpRequest& request) {
    if (fate == Fate::kIsThrottled) {
      HttpResponse answer;
      answer.status = 400;
      answer.body = R"({"__type":"ThrottlingException","message":"Rate exceeded"})";
      return answer;
    }
    if (fate == Fate::kArrives) return inner_.Send(request);
    if (fate == Fate::kLosesItsAnswer) Check(inner_.Send(request).ok(), "the simulated AWS answers");
    return Error{ErrorCode::kOutcomeUnknown, "the connection was cut before the answer came", ""};
  }

  HttpClient& inner_;
  std::vector<Fate>& fates_;
  std::vector<std::string>& sent_;
  const std::function<void()>& behind_first_;
  std::mutex mutex_;
};

std::string Written(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what)) {
    text.replace(at, what.size(), with);
  }
  return text;
}

class AwsWrites : public testing::Test {
 protected:
  void Begin(const sim::SwpEstate& computers, aws_sim::World world) {
    sim::SwpManagerOptions options = ScenarioManager(simulated_);
    options.calls_per_minute_and_key = 0;
    options.calls_per_minute_and_tenant = 0;
    manager_ = sim::SwpManager::Start(computers, options).value();
    aws_sim::SimulatorOptions aws;
    aws.clock = &simulated_;
    aws_ = aws_sim::Simulator::Start(std::move(world), aws).value();
    Settings settings = ScenarioSettings(manager_->url(), folder_ / "ledger.db");
    settings.aws.accounts = {{"444455556666", "arn:aws:iam::444455556666:role/sallyport-reader"}};
    settings.aws.external_id = "sallyport-demo";
    settings.gates.allowed_actions.insert("update-web-acl");
    settings.gates.kill_switch_file = switch_;
    settings.rows.Edit<WafSettings>().resource_types.clear();
    settings.rows.Edit<WafSettings>().change = true;
    settings.rows.Edit<WafSettings>().tell_owners = false;
    ProgramOptions seams;
    seams.clock = &clock_;
    seams.random = &random_;
    seams.aws_environment = [url = aws_->url()] { return CrashEnvironment({"", url, "", ""}); };
    seams.wrap_aws = [this](HttpClient& http) {
      return std::make_unique<FatefulClient>(http, fates_, sent_, behind_first_);
    };
    program_ = Program::Make(settings, ProductProgram(), std::move(seams)).value();
  }

  void BeginWithAMap() { Begin(ScenarioEstate(), aws_sim::DemoAwsEstate()); }
  void BeginWithHosts(int hosts) {
    Begin(sim::GenerateSwpEstate(7, hosts), aws_sim::GenerateAwsWorld({.hosts = hosts, .in_one_place = true}));
  }

  EventReport Handle(const std::string& event) {
    const auto arrivals = ParseDocument(event, "the test", program_->tables().workflows.Forms());
    Check(arrivals.size() == 1, "one event");
    return program_->handler().Handle(arrivals.front());
  }

  std::string Schedule() const {
    return Written(ScenarioEvent("config-schedule", clock_.Now()), "@RULE@", R"({\"rule\":\"protected\"})");
  }

  EventReport RunTheMap() { return Handle(ScheduledEvent("nightly-waf", R"("{}")", clock_.Now())); }

  // Of what AWS Config was told: how much, and about how many.
  std::pair<std::size_t, std::size_t> Told() const {
    CurlClient http({.direct = true});
    HttpRequest request;
    request.method = "GET";
    request.url = aws_->url() + "/_sim/state";
    const auto state = Json::Parse(http.Send(request).value().body).value();
    std::set<std::string> hosts;
    const auto& all = state["evaluations"].Elements();
    for (const Json& one : all) hosts.insert(one["ComplianceResourceId"].StringOr("?"));
    return {all.size(), hosts.size()};
  }

  static std::vector<ActionState> StatesOf(const EventReport& report) {
    std::vector<ActionState> states;
    for (const PlanReport& plan : report.plans) {
      for (const ActionOutcome& outcome : plan.outcomes) states.push_back(outcome.state);
    }
    return states;
  }
  static std::string ReasonOf(const EventReport& report, std::size_t action) {
    return report.plans.at(0).outcomes.at(action).reason;
  }

  void SetTheSwitch() { WriteFile(switch_, "stop\n"); }
  void TakeTheSwitchAway() const { std::filesystem::remove(switch_); }

  TempFolder folder_;
  const std::string switch_ = folder_ / "stop";
  SharedClock clock_{folder_ / "clock"};
  sim::SimClock simulated_{clock_.Now(), 1.0, clock_};
  EvenRandom random_;
  std::vector<Fate> fates_;
  std::vector<std::string> sent_;
  std::function<void()> behind_first_;
  std::unique_ptr<sim::SwpManager> manager_;
  std::unique_ptr<aws_sim::Simulator> aws_;
  std::unique_ptr<Program> program_;
};

// Two go out at a time: the other one of the first two may be on its way when the switch is set.
TEST_F(AwsWrites, TheKillSwitchBetweenTwoBatchesStopsTheNext) {
  BeginWithHosts(250);
  behind_first_ = [this] { SetTheSwitch(); };
  const EventReport stopped = Handle(Schedule());
  const std::size_t sent = sent_.size();
  EXPECT_LE(sent, 2U);
  const auto states = StatesOf(stopped);
  ASSERT_THAT(states, SizeIs(3));
  EXPECT_EQ(std::count(states.begin(), states.end(), ActionState::kSent), static_cast<std::ptrdiff_t>(sent));
  EXPECT_EQ(std::count(states.begin(), states.end(), ActionState::kRefused), static_cast<std::ptrdiff_t>(3 - sent));
  EXPECT_EQ(states[2], ActionState::kRefused);
  EXPECT_THAT(ReasonOf(stopped, 2), HasSubstr("kill switch is on"));
  EXPECT_THAT(stopped.reason, HasSubstr("kill switch is on"));
  EXPECT_EQ(Told(), std::pair(100 * sent, 100 * sent));

  TakeTheSwitchAway();
  clock_.Advance(std::chrono::hours(1));
  const EventReport next = Handle(Schedule());
  EXPECT_EQ(next.state, EventState::kDone) << next.reason;
  EXPECT_EQ(sent_.size(), sent + 3);
  EXPECT_EQ(Told(), std::pair(100 * sent + 250, std::size_t{250}));
}

TEST_F(AwsWrites, TheKillSwitchStopsTheNextTryOfACallToAwsConfig) {
  BeginWithHosts(3);
  fates_ = {Fate::kIsThrottled};
  behind_first_ = [this] { SetTheSwitch(); };
  const EventReport stopped = Handle(Schedule());
  EXPECT_THAT(sent_, SizeIs(1));
  EXPECT_THAT(StatesOf(stopped), ElementsAre(ActionState::kRefused));
  EXPECT_THAT(ReasonOf(stopped, 0), HasSubstr("kill switch is on"));
  EXPECT_EQ(Told().first, 0U);
}

TEST_F(AwsWrites, TheKillSwitchStopsTheNextTryOfAChangeOfAWebAcl) {
  BeginWithAMap();
  fates_ = {Fate::kIsThrottled};
  behind_first_ = [this] { SetTheSwitch(); };
  const EventReport stopped = RunTheMap();
  EXPECT_THAT(sent_, ElementsAre("UpdateWebACL"));
  EXPECT_THAT(StatesOf(stopped), ElementsAre(ActionState::kRefused));
  EXPECT_THAT(ReasonOf(stopped, 0), HasSubstr("kill switch is on"));
}

TEST_F(AwsWrites, AWebAclWhoseAnswerIsLostIsReadBack) {
  BeginWithAMap();
  fates_ = {Fate::kLosesItsAnswer};
  const EventReport report = RunTheMap();
  EXPECT_THAT(sent_, SizeIs(1));
  EXPECT_THAT(StatesOf(report), ElementsAre(ActionState::kVerified)) << ReasonOf(report, 0);
}

// It may be on its way: only when it can no longer arrive it is sent again, and until then a question is open.
TEST_F(AwsWrites, AChangeOfAWebAclThatDidNotArriveIsUnknownUntilItCannotArrive) {
  BeginWithAMap();
  fates_ = {Fate::kNeverArrives};
  const TimePoint began = clock_.Now();
  const EventReport report = RunTheMap();
  EXPECT_THAT(StatesOf(report), ElementsAre(ActionState::kIntended)) << ReasonOf(report, 0);
  EXPECT_THAT(ReasonOf(report, 0), HasSubstr("outcome unknown"));
  EXPECT_EQ(report.state, EventState::kWaiting);
  const auto doubts = program_->ledger().ListFollowUps(FollowUpState::kOpen, 10).value();
  EXPECT_TRUE(std::any_of(doubts.begin(), doubts.end(),
                          [](const FollowUpRecord& open) { return open.follow_up.question == kOutcomeKnown; }));

  const auto until_sent_again = [this](Program&) { return sent_.size() < 2 ? Ok() : Status(Error{}); };
  EXPECT_FALSE(DriveToTheEnd(*program_, 1, until_sent_again).ok());
  EXPECT_THAT(sent_, ElementsAre("UpdateWebACL", "UpdateWebACL"));
  EXPECT_GE(clock_.Now() - began, std::chrono::seconds(60)) << "the deadline of a call and half a minute";
  const auto actions = program_->ledger().ActionsOfCase(*report.case_number).value();
  ASSERT_THAT(actions, SizeIs(1));
  EXPECT_EQ(actions.front().state, ActionState::kVerified) << actions.front().reason;
}

}  // namespace
}  // namespace sallyport
