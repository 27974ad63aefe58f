// SPDX-License-Identifier: Apache-2.0
#include "lambda/delivery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

namespace sallyport::lambda {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr const char* kEvent = R"({"source":"aws.guardduty","detail-type":"GuardDuty Finding","detail":{"id":"1"}})";

std::string Record(const std::string& id, const std::string& group, const std::string& queue) {
  return R"({"messageId":")" + id +
         R"(","eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:us-east-1:111122223333:)" + queue +
         R"(","attributes":{"MessageGroupId":")" + group + R"("},"body":)" + JsonString(kEvent) + "}";
}

std::string Batch(const std::string& records) {
  return R"({"Records":[)" + records + "]}";
}

TEST(Delivery, KnowsAnEventThatCameDirectly) {
  const Delivery delivery = ReadDelivery(kEvent, {});
  EXPECT_EQ(delivery.kind, DeliveryKind::kDirect);
  ASSERT_EQ(delivery.arrivals.size(), 1U);
  EXPECT_EQ(delivery.arrivals[0].origin, "lambda");
}

TEST(Delivery, TakesAnEventThatIsNoneForADirectOne) {
  const Delivery delivery = ReadDelivery("not JSON", {});
  EXPECT_EQ(delivery.kind, DeliveryKind::kDirect);
  ASSERT_EQ(delivery.arrivals.size(), 1U);
  EXPECT_FALSE(delivery.arrivals[0].event.ok());
}

TEST(Delivery, KnowsASqsBatch) {
  const Delivery delivery = ReadDelivery(Batch(Record("a", "g", "queue") + "," + Record("b", "g", "queue")), {});
  EXPECT_EQ(delivery.kind, DeliveryKind::kSqs);
  EXPECT_EQ(delivery.arrivals.size(), 2U);
  EXPECT_TRUE(delivery.groups.empty()) << "a standard queue with groups has no order";
}

TEST(Delivery, KnowsTheGroupsOfAFifoQueue) {
  const Delivery delivery = ReadDelivery(Batch(Record("a", "g", "q.fifo") + "," + Record("b", "h", "q.fifo")), {});
  EXPECT_THAT(delivery.groups, UnorderedElementsAre(Pair("a", "g"), Pair("b", "h")));
}

TEST(Delivery, TakesOnlyAScheduleOfEventBridgeForATimer) {
  const std::string timer = R"({"source":"aws.events","detail-type":"Scheduled Event","detail":{}})";
  EXPECT_EQ(ReadDelivery(timer, {}).kind, DeliveryKind::kTimer);
  EXPECT_TRUE(ReadDelivery(timer, {}).arrivals.empty());
  const Intake taken{{}, [](const Event& event) { return event.source == "aws.events"; }};
  EXPECT_EQ(ReadDelivery(timer, taken).kind, DeliveryKind::kDirect) << "a schedule that a workflow takes is its event";
  EXPECT_EQ(ReadDelivery(R"({"source":"aws.other","detail-type":"Scheduled Event","detail":{}})", {}).kind,
            DeliveryKind::kDirect);
  EXPECT_EQ(ReadDelivery(R"({"source":"aws.events","detail-type":"Other","detail":{}})", {}).kind,
            DeliveryKind::kDirect);
  EXPECT_EQ(ReadDelivery("[" + timer + "," + kEvent + "]", {}).kind, DeliveryKind::kDirect)
      << "an event must not get lost";
}

TEST(BatchFailures, AreAListInTheFormOfLambda) {
  BatchFailures failures({});
  EXPECT_EQ(failures.ToJson(), R"({"batchItemFailures":[]})");
  failures.Add("a");
  failures.Add("b\"");
  failures.Add("a");
  EXPECT_EQ(failures.ToJson(), R"({"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"b\""}]})");
}

TEST(BatchFailures, HoldBackOnlyTheGroupOfTheFailure) {
  BatchFailures failures({{"a", "g"}, {"b", "h"}, {"c", "g"}});
  EXPECT_FALSE(failures.MustWait("c"));
  failures.Add("a");
  EXPECT_TRUE(failures.MustWait("c"));
  EXPECT_FALSE(failures.MustWait("b"));
  EXPECT_FALSE(failures.MustWait("of another queue"));
  EXPECT_THAT(failures.messages(), ElementsAre("a"));
}

}  // namespace
}  // namespace sallyport::lambda
