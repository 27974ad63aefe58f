// SPDX-License-Identifier: Apache-2.0
#include "lambda/invocation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <vector>

#include "base/fake_clock.h"
#include "base/json.h"

namespace sallyport::lambda {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string EventWith(const std::string& id) {
  return R"({"source":"aws.guardduty","detail-type":"GuardDuty Finding","id":")" + id + R"(","detail":{"id":"f"}})";
}

std::string SqsRecord(const std::string& id, const std::string& body, const std::string& group = "",
                      const std::string& queue = "q") {
  const std::string attributes = group.empty() ? "" : R"("attributes":{"MessageGroupId":")" + group + R"("},)";
  const std::string name = id.empty() ? "" : R"("messageId":")" + id + R"(",)";
  return "{" + name + attributes + R"("eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:us-east-1:111122223333:)" +
         queue + R"(","body":)" + JsonString(body) + "}";
}

std::string Records(const std::vector<std::string>& records) {
  std::string all;
  for (const std::string& record : records) all += (all.empty() ? "" : ",") + record;
  return R"({"Records":[)" + all + "]}";
}

class InvocationTest : public ::testing::Test {
 protected:
  InvocationResult Handle(std::string_view event) {
    const Work work{[this](std::optional<TimePoint>) { return prepared_; },
                    [this](const Arrival& arrival) { return HandleOne(arrival); },
                    [this](TimePoint until) { Idle(until); }};
    return HandleInvocation(event, work, clock_, stop_at_, log_);
  }

  // Answers by the event's id; each takes a second.
  Handled HandleOne(const Arrival& arrival) {
    clock_.Advance(std::chrono::seconds(1));
    if (!arrival.event.ok()) return {false, "unreadable", arrival.event.error().message, std::nullopt};
    handled_.push_back(arrival.event->id);
    if (arrival.event->id == "throws") throw std::runtime_error("a bug");
    if (arrival.event->id == "again") return {true, "undetermined", "SWP did not answer", 3};
    return {false, "closed", "all is well", 17};
  }

  void Idle(TimePoint until) {
    idle_until_.push_back(until);
    if (idle_throws_) throw std::runtime_error("a bug in the follow-ups");
  }

  FakeClock clock_;
  std::string logged_;
  Logger log_{clock_, LogLevel::kInfo, [this](std::string_view line) { logged_ += line; }};
  std::optional<TimePoint> stop_at_ = clock_.Now() + std::chrono::seconds(10);
  Status prepared_;
  std::vector<std::string> handled_;
  std::vector<TimePoint> idle_until_;
  bool idle_throws_ = false;
};

TEST_F(InvocationTest, AnswersADirectEventWithItsOutcome) {
  const InvocationResult result = Handle(EventWith("a"));
  EXPECT_FALSE(result.error);
  EXPECT_EQ(result.body, R"({"count":1,"events":[{"number":17,"state":"closed","reason":"all is well"}]})");
  EXPECT_EQ(result.handled, 1U);
}

TEST_F(InvocationTest, FailsADirectEventThatMustComeAgain) {
  const InvocationResult result = Handle(EventWith("again"));
  ASSERT_TRUE(result.error);
  EXPECT_EQ(result.error->type, "Sallyport.NotHandled");
  EXPECT_EQ(result.error->message, "lambda: SWP did not answer");
}

TEST_F(InvocationTest, DoesNotAskForAnUnreadableEventAgain) {
  const InvocationResult result = Handle("not JSON");
  EXPECT_FALSE(result.error);
  EXPECT_THAT(result.body, HasSubstr("unreadable"));
}

TEST_F(InvocationTest, NamesTheMessagesOfABatchThatMustComeAgain) {
  const InvocationResult result =
      Handle(Records({SqsRecord("m1", EventWith("a")), SqsRecord("m2", EventWith("again")), SqsRecord("m3", "not JSON"),
                      SqsRecord("m4", EventWith("throws")), SqsRecord("m5", EventWith("b"))}));
  EXPECT_FALSE(result.error);
  EXPECT_EQ(result.body, R"({"batchItemFailures":[{"itemIdentifier":"m2"},{"itemIdentifier":"m4"}]})");
  EXPECT_THAT(handled_, ElementsAre("a", "again", "throws", "b"));
  EXPECT_EQ(result.handled, 5U);
  EXPECT_EQ(result.again, 2U);
  EXPECT_THAT(logged_, HasSubstr("internal error: a bug"));
}

TEST_F(InvocationTest, NamesAMessageOnceWhateverNumberOfItsEventsMustComeAgain) {
  const InvocationResult result = Handle(
      Records({SqsRecord("m1", "[" + EventWith("again") + "," + EventWith("a") + "," + EventWith("again") + "]")}));
  EXPECT_EQ(result.body, R"({"batchItemFailures":[{"itemIdentifier":"m1"}]})");
  EXPECT_THAT(handled_, ElementsAre("again", "a", "again"));
}

TEST_F(InvocationTest, KeepsTheOrderOfAFifoGroupAfterAFailure) {
  const InvocationResult result = Handle(
      Records({SqsRecord("m1", EventWith("a"), "g", "q.fifo"), SqsRecord("m2", EventWith("again"), "g", "q.fifo"),
               SqsRecord("m3", EventWith("b"), "h", "q.fifo"), SqsRecord("m4", EventWith("c"), "g", "q.fifo")}));
  EXPECT_EQ(result.body, R"({"batchItemFailures":[{"itemIdentifier":"m2"},{"itemIdentifier":"m4"}]})");
  EXPECT_THAT(handled_, ElementsAre("a", "again", "b"));
}

TEST_F(InvocationTest, HandsTheRestOfABatchBackWhenTheDeadlineIsNear) {
  stop_at_ = clock_.Now() + std::chrono::seconds(2);
  const InvocationResult result = Handle(Records({SqsRecord("m1", EventWith("a")), SqsRecord("m2", EventWith("b")),
                                                  SqsRecord("m3", EventWith("c")), SqsRecord("m4", "x")}));
  EXPECT_EQ(result.body, R"({"batchItemFailures":[{"itemIdentifier":"m3"},{"itemIdentifier":"m4"}]})");
  EXPECT_THAT(handled_, ElementsAre("a", "b"));
  EXPECT_THAT(logged_, HasSubstr("the time limit of the function is too near"));
  EXPECT_TRUE(idle_until_.empty()) << "no time is left";
}

TEST_F(InvocationTest, SaysThatADirectEventWasNotBegunBecauseOfTheDeadline) {
  stop_at_ = clock_.Now();
  const InvocationResult result = Handle(EventWith("a"));
  ASSERT_TRUE(result.error);
  EXPECT_EQ(result.error->type, "Sallyport.Deadline");
  EXPECT_THAT(result.error->message, HasSubstr("lower lambda.deadline_margin"));
  EXPECT_TRUE(handled_.empty());
}

TEST_F(InvocationTest, DoesNotStopEarlyWhenTheDeadlineIsNotKnown) {
  stop_at_.reset();
  EXPECT_FALSE(Handle(EventWith("a")).error);
  EXPECT_TRUE(idle_until_.empty()) << "nobody knows how long it may work";
}

TEST_F(InvocationTest, TurnsAnExceptionIntoAnError) {
  const InvocationResult result = Handle(EventWith("throws"));
  ASSERT_TRUE(result.error);
  EXPECT_EQ(result.error->type, "Sallyport.Internal");
  EXPECT_EQ(result.error->message, "lambda: internal error: a bug");
}

TEST_F(InvocationTest, FailsTheWholeBatchForAMessageThatCannotBeNamed) {
  const InvocationResult result = Handle(
      Records({SqsRecord("m1", EventWith("a")), SqsRecord("", EventWith("again")), SqsRecord("m3", EventWith("b"))}));
  ASSERT_TRUE(result.error);
  EXPECT_THAT(result.error->message, HasSubstr("SQS record 2: SWP did not answer"));
  EXPECT_THAT(handled_, ElementsAre("a", "again", "b"));
}

TEST_F(InvocationTest, HandlesNothingWhenTheWorkCannotBegin) {
  prepared_ = Error{ErrorCode::kStorage, "the ledger is locked", "run one instance"};
  const InvocationResult result = Handle(EventWith("a"));
  ASSERT_TRUE(result.error);
  EXPECT_EQ(result.error->type, "Sallyport.NotReady");
  EXPECT_EQ(result.error->message, "nothing was handled: the ledger is locked (run one instance)");
  EXPECT_TRUE(handled_.empty());
  EXPECT_TRUE(idle_until_.empty());
}

TEST_F(InvocationTest, AsksAgainForMessagesThatFoundNoRoomBehindAHugeOne) {
  std::string huge = "[1";
  for (std::size_t i = 1; i < bounds::kBatchRecords; ++i) huge += ",1";
  huge += "]";
  std::vector<std::string> records;
  const std::size_t full = bounds::kInputDocuments / bounds::kBatchRecords;
  for (std::size_t i = 0; i < full; ++i) records.push_back(SqsRecord("m" + std::to_string(i), huge));
  records.push_back(SqsRecord("behind", EventWith("a")));
  stop_at_.reset();
  EXPECT_EQ(Handle(Records(records)).body, R"({"batchItemFailures":[{"itemIdentifier":"behind"}]})");
}

TEST_F(InvocationTest, GivesTheTimeThatIsLeftToOtherWork) {
  (void)Handle(EventWith("a"));
  EXPECT_THAT(idle_until_, ElementsAre(*stop_at_));
}

TEST_F(InvocationTest, TakesAScheduleForTimeAlone) {
  const InvocationResult result = Handle(R"({"source":"aws.events","detail-type":"Scheduled Event","detail":{}})");
  EXPECT_FALSE(result.error);
  EXPECT_EQ(result.body, R"({"timer":true})");
  EXPECT_THAT(idle_until_, ElementsAre(*stop_at_));
}

TEST_F(InvocationTest, DoesNotLoseTheAnswerToABugInTheOtherWork) {
  idle_throws_ = true;
  const InvocationResult result = Handle(EventWith("a"));
  EXPECT_FALSE(result.error);
  EXPECT_THAT(result.body, HasSubstr("all is well"));
  EXPECT_THAT(logged_, HasSubstr("a bug in the follow-ups"));
}

TEST_F(InvocationTest, ShowsAtMostAHundredEvents) {
  for (const int count : {100, 101}) {
    std::string events;
    for (int i = 0; i < count; ++i) events += (i == 0 ? "" : ",") + EventWith("a");
    stop_at_.reset();
    const auto body = Json::Parse(Handle("[" + events + "]").body);
    ASSERT_TRUE(body.ok());
    EXPECT_EQ((*body)["count"].Int64Or(0), count);
    EXPECT_EQ((*body)["events"].Elements().size(), 100U);
  }
}

}  // namespace
}  // namespace sallyport::lambda
