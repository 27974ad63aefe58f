// SPDX-License-Identifier: Apache-2.0
//
// The rules of AWS Config that read what other workflows stored, through the whole program: a run of the map of web
// ACLs, verdicts from it, and none when it is older than a day.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/check.h"
#include "event/parse.h"
#include "sim/aws/estate.h"
#include "sim/aws/simulator.h"
#include "tests/crash_scenario.h"
#include "tests/scenario.h"
#include "tests/shared_clock.h"

namespace sallyport {
namespace {

using std::chrono::hours;
using testing::HasSubstr;

constexpr const char* kWeb = "i-0123456789abcdef0";

class ConfigRuns : public testing::Test {
 protected:
  ConfigRuns() {
    sim::SwpManagerOptions options = ScenarioManager(simulated_);
    options.calls_per_minute_and_key = 0;
    options.calls_per_minute_and_tenant = 0;
    manager_ = sim::SwpManager::Start(ScenarioEstate(), options).value();
    aws_sim::SimulatorOptions aws;
    aws.clock = &simulated_;
    aws_ = aws_sim::Simulator::Start(aws_sim::DemoAwsEstate(), aws).value();
    Settings settings = ScenarioSettings(manager_->url(), folder_ / "ledger.db");
    settings.aws.accounts = {{"444455556666", "arn:aws:iam::444455556666:role/sallyport-reader"}};
    settings.aws.external_id = "sallyport-demo";
    ProgramOptions seams;
    seams.clock = &clock_;
    seams.random = &random_;
    seams.aws_environment = [url = aws_->url()] { return CrashEnvironment({"", url, "", ""}); };
    program_ = Program::Make(settings, ProductProgram(), std::move(seams)).value();
  }

  EventReport Handle(const std::string& event) {
    const auto arrivals = ParseDocument(event, "the test", program_->tables().workflows.Forms());
    Check(arrivals.size() == 1, "one event");
    return program_->handler().Handle(arrivals.front());
  }

  EventReport Change(std::string_view rule) {
    std::string event = ScenarioEvent("config-change", clock_.Now());
    for (const auto& [what, with] : std::initializer_list<std::pair<std::string_view, std::string>>{
             {"@INSTANCE@", kWeb}, {"@RULE@", R"({\"rule\":\")" + std::string(rule) + R"(\"})"}}) {
      for (std::size_t at = event.find(what); at != std::string::npos; at = event.find(what)) {
        event.replace(at, what.size(), with);
      }
    }
    return Handle(event);
  }

  EventReport RunTheMap() { return Handle(ScheduledEvent("nightly-waf", R"("{}")", clock_.Now())); }

  TempFolder folder_;
  SharedClock clock_{folder_ / "clock"};
  sim::SimClock simulated_{clock_.Now(), 1.0, clock_};
  EvenRandom random_;
  std::unique_ptr<sim::SwpManager> manager_;
  std::unique_ptr<aws_sim::Simulator> aws_;
  std::unique_ptr<Program> program_;
};

TEST_F(ConfigRuns, TheMapOfWebAclsIsBelievedForADay) {
  const EventReport none = Change("behind-web-acl");
  EXPECT_EQ(none.state, EventState::kUndetermined);
  EXPECT_THAT(none.reason, HasSubstr("there is no run of the workflow waf yet"));

  ASSERT_NE(RunTheMap().state, EventState::kFailed);
  clock_.Advance(hours(1));
  const EventReport told = Change("behind-web-acl");
  EXPECT_EQ(told.state, EventState::kDone) << told.reason;
  EXPECT_THAT(told.reason, HasSubstr("COMPLIANT: "));
  EXPECT_THAT(told.reason, HasSubstr("(run of "));
  clock_.Advance(hours(22));
  EXPECT_EQ(Change("behind-web-acl").state, EventState::kDone);

  clock_.Advance(hours(2));
  const EventReport old = Change("behind-web-acl");
  EXPECT_EQ(old.state, EventState::kUndetermined);
  EXPECT_THAT(old.reason, HasSubstr("older than 24h"));

  ASSERT_NE(RunTheMap().state, EventState::kFailed);
  EXPECT_EQ(Change("behind-web-acl").state, EventState::kDone) << "the newest run counts";
}

}  // namespace
}  // namespace sallyport
