// SPDX-License-Identifier: Apache-2.0
#include "event/foreign.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event/parse.h"
#include "event/recognize.h"

namespace sallyport {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A service whose findings have `mine`; what it says about itself is in them.
bool IsMine(const Json& json) {
  return json["mine"].HasValue();
}
Event ReadMine(const Json& json, JsonFields& fields) {
  Event event;
  event.source = "aws.mine";
  event.detail_type = "Mine";
  event.account = "111122223333";
  event.id = fields.Text(json["mine"]);
  event.detail = json;
  return event;
}
Json CarriedMine(const Json& event) {
  return event["source"].StringOr("") == "aws.securityhub" ? event["detail"]["findings"] : Json();
}
const BareForms kForms = {{.members = "`mine` (a finding)", .is = IsMine, .read = ReadMine, .carried = CarriedMine}};

std::string ErrorOf(const std::string& text) {
  const auto arrivals = ParseInput(text, "in", kForms);
  EXPECT_THAT(arrivals, SizeIs(1)) << text;
  if (arrivals.size() != 1 || arrivals[0].event.ok()) return "";
  return arrivals[0].event.error().ToText();
}

std::vector<std::string> Ids(const std::string& text) {
  std::vector<std::string> ids;
  for (const Arrival& arrival : ParseInput(text, "in", kForms)) {
    ids.push_back(arrival.event.ok() ? arrival.event->id : arrival.nothing + "!");
  }
  return ids;
}

struct ForeignCase {
  const char* text;
  const char* what;  // it is
};

TEST(Foreign, EachGetsOneSentenceThatNamesItAndSaysWhatToDo) {
  constexpr const char* kEventOfMine =
      R"({"version":"0","source":"aws.mine","detail-type":"Mine","account":"111122223333","detail":{"mine":"1"}})";
  const ForeignCase cases[] = {
      {R"({"Records":[{"eventSource":"aws:s3","s3":{"bucket":{"name":"b"}}}]})", "a notification of S3, not an event"},
      {R"({"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"})", "the test message of an S3 notification"},
      {R"({"Records":[{"eventSource":"aws:kinesis","kinesis":{"data":"e30="}}]})", "a record of a Kinesis stream"},
      {R"({"Records":[{"eventSource":"aws:dynamodb","dynamodb":{}}]})", "a record of a DynamoDB stream"},
      {R"({"invocationId":"x","deliveryStreamArn":"arn","records":[{"data":"e30="}]})", "records of a Firehose stream"},
      {R"({"awslogs":{"data":"H4sIAAAA"}})", "a CloudWatch Logs subscription"},
      {R"({"messageType":"DATA_MESSAGE","logGroup":"g","logEvents":[]})",
       "log lines of a CloudWatch Logs subscription"},
      {R"({"AlarmName":"a","NewStateValue":"ALARM"})", "a CloudWatch alarm"},
      {R"({"messageType":"OversizedConfigurationItemChangeNotification","notificationCreationTime":"2016-10-06T16:46:16.261Z"})",
       "a notification that AWS Config sends to its SNS topic"},
      {R"({"resource":"/","httpMethod":"POST","body":"{}"})", "an HTTP request of API Gateway"},
      {R"({"version":"2.0","requestContext":{"http":{}},"body":"{}"})",
       "an HTTP request of API Gateway or a function URL"},
      {R"([{"messageId":"m","receiptHandle":"r","body":"{}","eventSource":"aws:sqs"}])",
       "an SQS message as EventBridge Pipes"},
      {R"("{\"source\":\"aws.mine\"}")", "a text that holds JSON, as an input transformer makes it"},
      {"\x1F\x8B\x08", "data packed with gzip, not an event"},
      {"H4sIAAAAAAAAA", "data packed with gzip, in base64"},
  };
  for (const ForeignCase& one : cases) {
    const std::string error = ErrorOf(one.text);
    EXPECT_THAT(error, HasSubstr(one.what)) << one.text;
    EXPECT_THAT(error, HasSubstr("not an event")) << one.text;
    EXPECT_THAT(error, HasSubstr("event (")) << "what to do: " << one.text;
  }
  EXPECT_THAT(ErrorOf(std::string(R"({"instance":"i-1","whole":)") + kEventOfMine + "}"),
              HasSubstr("a whole event under `whole`"));
  EXPECT_THAT(ErrorOf(R"({"source":"aws.mine","detail-type":"Mine","detail":"{\"mine\":\"1\"}"})"),
              HasSubstr("detail: expected an object, found a text that holds JSON"));
}

TEST(Foreign, InsideSnsAndSqsTheyAreNamedToo) {
  const std::string s3 = R"({"Records":[{"eventSource":"aws:s3"}]})";
  const std::string sns = R"({"Type":"Notification","TopicArn":"t","Message":)" + JsonString(s3) + "}";
  const std::string sqs = R"({"Records":[{"eventSource":"aws:sqs","messageId":"m-1","body":)" + JsonString(sns) + "}]}";
  const auto arrivals = ParseInput(sqs, "in", kForms);
  ASSERT_THAT(arrivals, SizeIs(1));
  EXPECT_EQ(arrivals[0].sqs_message_id, "m-1");
  EXPECT_THAT(arrivals[0].event.error().message, HasSubstr("a notification of S3"));
  EXPECT_THAT(ErrorOf(R"({"Records":[{"eventSource":"aws:sqs","messageId":"m","body":"H4sIAAAA"}]})"),
              HasSubstr("in base64"));
}

TEST(FindingsLists, AreReadFindingByFinding) {
  EXPECT_THAT(Ids(R"({"findings":[{"mine":"a"},{"mine":"b"}],"nextToken":"t"})"), ElementsAre("a", "b"));
  EXPECT_THAT(Ids(R"({"Findings":[{"mine":"c"}]})"), ElementsAre("c"));
  EXPECT_THAT(Ids("{\"mine\":\"a\"}\n{\"findings\":[]}\n{\"mine\":\"b\"}\n"),
              ElementsAre("a", "an empty list of findings!", "b"));
  const auto bad = ParseInput(R"({"findings":[{"mine":"a"},{"other":1}]})", "in", kForms);
  ASSERT_THAT(bad, SizeIs(2));
  EXPECT_THAT(bad[1].event.error().message, HasSubstr("in, finding 2: the document: not an event"));
}

TEST(FindingsLists, OfMoreBytesThanOneEventMayHaveAreRead) {
  std::string list = R"({"findings":[)";
  for (int i = 0; i < 8; ++i)
    list += (i == 0 ? "" : ",") + (R"({"mine":"x","text":")" + std::string(1'000'000, 'x') + "\"}");
  list += "]}";
  EXPECT_THAT(ParseInput(list, "in", kForms), SizeIs(8));
}

std::string HubEvent(const std::string& findings) {
  return R"({"id":"h1","source":"aws.securityhub","detail-type":"Security Hub Findings - Imported",)"
         R"("account":"444455556666","region":"us-east-1","time":"2026-11-28T00:00:00Z","detail":{"findings":[)" +
         findings + "]}}";
}

TEST(HubEvents, GiveTheFindingsThatAreKnownAndTheWholeForWhatIsNot) {
  const auto known = ParseInput(HubEvent(R"({"mine":"a"},{"mine":"b"})"), "in", kForms);
  ASSERT_THAT(known, SizeIs(2));
  EXPECT_EQ(known[0].event->source, "aws.mine");
  EXPECT_EQ(known[0].event->account, "444455556666") << "who delivered it";
  const auto mixed = ParseInput(HubEvent(R"({"mine":"a"},{"other":1})"), "in", kForms);
  ASSERT_THAT(mixed, SizeIs(2));
  EXPECT_EQ(mixed[1].event->source, "aws.securityhub");
  const auto unknown = ParseInput(HubEvent(R"({"other":1})"), "in", kForms);
  ASSERT_THAT(unknown, SizeIs(1));
  EXPECT_EQ(unknown[0].event->source, "aws.securityhub");
}

TEST(Clock, IsEveryFormOfASchedule) {
  for (const char* text : {
           "{}",
           R"({"source":"aws.events","detail-type":"Scheduled Event","detail":{}})",
           R"({"source":"aws.scheduler","detail-type":"Scheduled Event","detail":"{}"})",
       }) {
    const auto arrivals = ParseInput(text, "in", kForms);
    ASSERT_THAT(arrivals, SizeIs(1));
    ASSERT_TRUE(arrivals[0].event.ok()) << arrivals[0].event.error().message;
    EXPECT_TRUE(IsClock(*arrivals[0].event)) << text;
  }
  const auto other = ParseInput(R"({"source":"aws.events","detail-type":"Other","detail":{}})", "in", kForms);
  EXPECT_FALSE(IsClock(*other[0].event));
}

}  // namespace
}  // namespace sallyport
