// SPDX-License-Identifier: Apache-2.0
#include "lambda/loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <stdexcept>

#include "base/fake_clock.h"

namespace sallyport::lambda {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kLoopEvent =
    R"({"source":"aws.guardduty","detail-type":"GuardDuty Finding","detail":{"id":"f"}})";

// Hands over what it was given, then says that it is gone.
class FakeRuntimeApi final : public RuntimeApi {
 public:
  Result<Invocation> Next() override {
    ++polls;
    if (next.empty()) return Error{ErrorCode::kUnavailable, "the test is over", ""};
    auto first = std::move(next.front());
    next.pop_front();
    return first;
  }
  Status Respond(const std::string& request_id, std::string_view body) override {
    answers.push_back("response " + request_id + " " + std::string(body));
    return respond;
  }
  Status Fail(const std::string& request_id, const FunctionError& error) override {
    answers.push_back("error " + request_id + " " + error.type + ": " + error.message);
    return fail;
  }
  Status InitError(const FunctionError&) override { return Ok(); }

  std::deque<Result<Invocation>> next;
  std::vector<std::string> answers;
  Status respond;
  Status fail;
  int polls = 0;
};

class LoopTest : public ::testing::Test {
 protected:
  void Push(const std::string& id, Result<std::string> event = std::string(kLoopEvent)) {
    api_.next.push_back(Invocation{id, clock_.Now() + std::chrono::seconds(10), "arn", "Root=" + id, std::move(event)});
  }

  Error Run() {
    const Work work{[this](std::optional<TimePoint> stop_at) {
                      stops_.push_back(stop_at);
                      if (prepare_throws_) throw std::runtime_error("a bug");
                      return Ok();
                    },
                    [this](const Arrival&) {
                      log_.Info("handling");
                      return Handled{false, "closed", "", 1};
                    },
                    {}};
    return RunLoop({api_, clock_, log_, context_, work, std::chrono::seconds(2),
                    [this](std::string_view trace) { traces_.emplace_back(trace); }});
  }

  FakeClock clock_;
  FakeRuntimeApi api_;
  LogContext context_;
  std::string logged_;
  Logger log_{clock_, LogLevel::kInfo, context_.Around([this](std::string_view line) { logged_ += line; })};
  bool prepare_throws_ = false;
  std::vector<std::optional<TimePoint>> stops_;
  std::vector<std::string> traces_;
};

TEST_F(LoopTest, AnswersEveryInvocationOnceUntilTheApiIsGone) {
  Push("a");
  Push("b");
  EXPECT_EQ(Run().message, "the test is over");
  EXPECT_THAT(api_.answers, ElementsAre(HasSubstr("response a {\"count\":1"), HasSubstr("response b {\"count\":1")));
  EXPECT_EQ(api_.polls, 3);
}

TEST_F(LoopTest, MakesTheIdsKnownWhileAnInvocationIsHandled) {
  Push("a");
  (void)Run();
  EXPECT_THAT(traces_, ElementsAre("Root=a"));
  EXPECT_THAT(logged_, HasSubstr(R"("request_id":"a","trace_id":"Root=a")"));
  EXPECT_THAT(logged_, HasSubstr("\"milliseconds\":"));
}

TEST_F(LoopTest, StopsAMarginBeforeTheDeadline) {
  Push("a");
  (void)Run();
  EXPECT_THAT(stops_, ElementsAre(clock_.Now() + std::chrono::seconds(8)));
}

TEST_F(LoopTest, WorksWithoutADeadlineAndSaysSo) {
  Push("a");
  api_.next.front()->deadline.reset();
  (void)Run();
  EXPECT_THAT(stops_, ElementsAre(std::nullopt));
  EXPECT_THAT(logged_, HasSubstr("invocation without a deadline that can be read"));
}

TEST_F(LoopTest, TurnsAnExceptionIntoAnInvocationErrorAndGoesOn) {
  prepare_throws_ = true;
  Push("a");
  Push("b");
  (void)Run();
  EXPECT_THAT(api_.answers, ElementsAre("error a Sallyport.Internal: internal error: a bug",
                                        "error b Sallyport.Internal: internal error: a bug"));
}

TEST_F(LoopTest, RefusesAnEventThatIsTooLarge) {
  Push("a", Error{ErrorCode::kTooLarge, "the event is over the bound of 6291456 bytes", ""});
  (void)Run();
  EXPECT_THAT(api_.answers,
              ElementsAre("error a Sallyport.EventTooLarge: the event is over the bound of 6291456 bytes"));
  EXPECT_TRUE(stops_.empty());
}

TEST_F(LoopTest, ReportsAnErrorInPlaceOfAResponseThatIsTooLarge) {
  api_.respond = Error{ErrorCode::kTooLarge, "the response is too large", ""};
  Push("a");
  Push("b");
  (void)Run();
  EXPECT_THAT(api_.answers,
              ElementsAre(HasSubstr("response a"), "error a Sallyport.ResponseTooLarge: the response is too large",
                          HasSubstr("response b"), HasSubstr("error b")));
}

// Lambda itself refused the response: by its 413 it has taken the invocation for answered.
TEST_F(LoopTest, SaysOnceThatAResponseWasTooLargeWhenTheErrorIsRefusedToo) {
  api_.respond = Error{ErrorCode::kTooLarge, "the response is too large", ""};
  api_.fail = Error{ErrorCode::kForbidden, "already answered", ""};
  Push("a");
  (void)Run();
  EXPECT_THAT(logged_, HasSubstr("the response is too large"));
  EXPECT_THAT(logged_, testing::Not(HasSubstr("already answered")));
}

TEST_F(LoopTest, GoesOnWhenAnAnswerIsRefused) {
  for (const ErrorCode code : {ErrorCode::kInvalidInput, ErrorCode::kForbidden}) {
    api_.answers.clear();
    api_.respond = Error{code, "the API does not want it", ""};
    Push("a");
    Push("b");
    (void)Run();
    EXPECT_EQ(api_.answers.size(), 2U);
    EXPECT_THAT(logged_, HasSubstr("the API does not want it"));
    const std::string line = logged_.substr(logged_.rfind("refused by the Lambda runtime API"));
    EXPECT_THAT(line, HasSubstr(R"("request_id":"b")"));
  }
}

TEST_F(LoopTest, EndsWhenTheApiIsBeyondRepair) {
  for (const ErrorCode code : {ErrorCode::kUnavailable, ErrorCode::kOutcomeUnknown, ErrorCode::kBadAnswer}) {
    api_.answers.clear();
    api_.next.clear();
    api_.respond = Error{code, "beyond repair", ""};
    Push("a");
    Push("b");
    EXPECT_EQ(Run().message, "beyond repair");
    EXPECT_EQ(api_.answers.size(), 1U);
  }
}

TEST_F(LoopTest, EndsAfterTooManyRefusedPollsInARow) {
  const Error refused{ErrorCode::kForbidden, "not now", ""};
  for (int i = 0; i < kRefusedPolls - 1; ++i) api_.next.emplace_back(refused);
  Push("a");
  for (int i = 0; i < kRefusedPolls; ++i) api_.next.emplace_back(refused);
  Push("never");
  EXPECT_EQ(Run().message, "not now");
  EXPECT_EQ(api_.answers.size(), 1U);
}

}  // namespace
}  // namespace sallyport::lambda
