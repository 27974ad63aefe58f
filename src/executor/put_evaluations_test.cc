// SPDX-License-Identifier: Apache-2.0
#include "action/put_evaluations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "base/fake_clock.h"
#include "compliance/seams.h"
#include "executor/executor.h"
#include "ledger/sqlite_ledger.h"
#include "workflow/fake_swp.h"

namespace sallyport {
namespace {

using testing::Each;
using testing::HasSubstr;

class EvenChance final : public Random {
 public:
  double Uniform() override { return 0.5; }
};

// AWS Config, where the first call ends when a second one is on its way.
class MeetingPlace final : public Notifier, public compliance::Writes {
 public:
  Result<std::string> Send(const Message&) override { return std::string("sent"); }
  Result<std::vector<compliance::Evaluation>> PutEvaluations(const compliance::Place&,
                                                             const std::vector<compliance::Evaluation>& evaluations,
                                                             TimePoint, const Secret& token, bool) override {
    std::unique_lock lock(mutex_);
    tokens.push_back(token.RevealForRequest());
    most = std::max(most, ++inside_);
    met_ = met_ || inside_ > 1;
    meet_.notify_all();
    // A bound for the case that they come one after the other.
    meet_.wait_for(lock, std::chrono::seconds(20), [this] { return met_; });
    --inside_;
    if (evaluations.front().resource_id == refused) return Error{ErrorCode::kForbidden, "access denied", ""};
    return std::vector<compliance::Evaluation>{};
  }

  std::string refused;
  std::vector<std::string> tokens;
  int most = 0;

 private:
  std::mutex mutex_;
  std::condition_variable meet_;
  int inside_ = 0;
  bool met_ = false;
};

Step Begins(const std::string& instance) {
  PutEvaluations put;
  put.place = {"111122223333", "us-east-1", ""};
  put.rule = "protected";
  put.evaluations = {{"AWS::EC2::Instance", instance, compliance::Compliance::kCompliant, "protected"}};
  Step step;
  step.planned.action = put;
  step.planned.key = instance;
  step.begins = true;
  return step;
}

TEST(PutEvaluations, OfOnePlanGoOutTwoAtATimeAndEachKeepsItsOutcome) {
  FakeClock clock;
  auto ledger = SqliteLedger::Open(":memory:", clock).value();
  FakeSwpReads reads;
  FakeSwpWrites writes;
  MeetingPlace config;
  config.refused = "i-00000000000000002";
  EvenChance random;
  Logger log(clock, LogLevel::kOff, [](std::string_view) {});
  ExecutorOptions options;
  options.actions = ProductActions();
  Executor executor({*ledger, reads, writes, config, clock, random, log}, options);
  const Plan plan;
  const Secret token("sim-result-token-1");
  const PlanInHand hand{EventNumber{1}, CaseNumber{1}, plan, false, "", &token};
  std::vector<Step> steps = {Begins("i-00000000000000001"), Begins("i-00000000000000002"),
                             Begins("i-00000000000000003")};
  executor.CarryOut(hand, steps);
  EXPECT_EQ(config.most, 2);
  EXPECT_THAT(config.tokens, Each("sim-result-token-1"));
  EXPECT_EQ(steps[0].outcome.state, ActionState::kSent);
  EXPECT_EQ(steps[1].outcome.state, ActionState::kFailed);
  EXPECT_THAT(steps[1].outcome.reason, HasSubstr("access denied"));
  EXPECT_EQ(steps[2].outcome.state, ActionState::kSent);
}

}  // namespace
}  // namespace sallyport
