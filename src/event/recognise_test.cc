// SPDX-License-Identifier: Apache-2.0
#include "event/recognise.h"

#include <gtest/gtest.h>

#include "base/digest.h"

namespace sallyport {
namespace {

Json Parsed(std::string_view text) {
  const Result<Json> json = Json::Parse(text, text.size());
  EXPECT_TRUE(json.ok()) << text.substr(0, 200);
  return json.value_or(Json());
}

constexpr std::string_view kFinding =
    R"({"schemaVersion":"2.0","accountId":"111122223333","region":"eu-west-1","id":"f1","type":"Recon:EC2/Portscan",)"
    R"("resource":{},"service":{},"severity":5,"updatedAt":"2026-11-24T03:00:00.000Z"})";

TEST(Recognise, GoesByTheMembersThatAreThere) {
  struct Case {
    std::string_view text;
    DocumentKind want;
  };
  const Case cases[] = {
      {R"({"detail-type":"Scheduled Event","source":"aws.events","detail":{}})", DocumentKind::kEventBridge},
      {R"({"detail":{}})", DocumentKind::kEventBridge},
      {R"({"detail-type":"x"})", DocumentKind::kEventBridge},
      {kFinding, DocumentKind::kGuardDutyFinding},
      {R"({"invokingEvent":"{}"})", DocumentKind::kConfigInvocation},
      {R"({"Records":[]})", DocumentKind::kRecords},
      {R"({"Type":"Notification","Message":"{}"})", DocumentKind::kSnsMessage},
      {R"({"Type":"Notification","TopicArn":"arn"})", DocumentKind::kSnsMessage},
      {R"({"Type":"Notification"})", DocumentKind::kUnknown},
      {R"({"type":"Recon:EC2/Portscan","resource":{}})", DocumentKind::kUnknown},
      {R"({"type":"Recon:EC2/Portscan","service":{}})", DocumentKind::kUnknown},
      {R"({"resource":{},"service":{}})", DocumentKind::kUnknown},
      {R"({"detail":null,"Records":null})", DocumentKind::kUnknown},
      {R"({})", DocumentKind::kUnknown},
      {R"("detail")", DocumentKind::kUnknown},
  };
  for (const Case& c : cases) EXPECT_EQ(Recognise(Parsed(c.text)), c.want) << c.text;
}

TEST(ReadEvent, ReadsTheEnvelopeAsWritten) {
  const Json document =
      Parsed(R"({"version":"0","id":"e1","detail-type":"Macie Finding","source":"aws.macie","account":"111122223333",)"
             R"("time":"2026-11-24T03:09:13Z","region":"us-east-1","resources":[],"detail":{"a":1}})");
  const Result<Event> event = ReadEvent(document);
  ASSERT_TRUE(event.ok());
  EXPECT_EQ(event->id, "e1");
  EXPECT_EQ(event->source, "aws.macie");
  EXPECT_EQ(event->detail_type, "Macie Finding");
  EXPECT_EQ(event->account, "111122223333");
  EXPECT_EQ(event->region, "us-east-1");
  EXPECT_EQ(FormatTime(event->time.value()), "2026-11-24T03:09:13Z");
  EXPECT_EQ(event->detail.ToText(), R"({"a":1})");
  EXPECT_EQ(event->sha256, Sha256Hex(document.ToText()));
}

TEST(ReadEvent, TheDigestIsOfTheEventsTextWithoutItsWhiteSpace) {
  const std::string_view compact = R"({"detail-type":"x","source":"y","detail":{}})";
  const std::string_view spaced = "{ \"detail-type\" : \"x\",\n \"source\":\"y\", \"detail\" : {} }";
  EXPECT_EQ(ReadEvent(Parsed(spaced))->sha256, ReadEvent(Parsed(compact))->sha256);
  EXPECT_EQ(ReadEvent(Parsed(compact))->sha256, Sha256Hex(compact));
}

TEST(ReadEvent, AScheduledEventHasAnEmptyDetail) {
  const Result<Event> event = ReadEvent(
      Parsed(R"({"detail-type":"Scheduled Event","source":"aws.events","detail":{},"account":"111122223333"})"));
  ASSERT_TRUE(event.ok());
  EXPECT_EQ(event->detail_type, "Scheduled Event");
  EXPECT_TRUE(event->detail.Members().empty());
}

TEST(ReadEvent, ABareFindingGetsTheEnvelopeThatGuardDutyWouldHaveGivenIt) {
  const Result<Event> event = ReadEvent(Parsed(kFinding));
  ASSERT_TRUE(event.ok());
  EXPECT_EQ(event->source, "aws.guardduty");
  EXPECT_EQ(event->detail_type, "GuardDuty Finding");
  EXPECT_EQ(event->account, "111122223333");
  EXPECT_EQ(event->region, "eu-west-1");
  EXPECT_EQ(FormatTime(event->time.value()), "2026-11-24T03:00:00Z");
  EXPECT_EQ(event->id, "");
  EXPECT_EQ(event->detail.ToText(), kFinding);
}

TEST(ReadEvent, AnEnvelopeWithOnlyRegionAndDetailIsFilledFromTheFinding) {
  const Result<Event> event = ReadEvent(Parsed(R"({"region":"us-west-2","detail":)" + std::string(kFinding) + "}"));
  ASSERT_TRUE(event.ok());
  EXPECT_EQ(event->source, "aws.guardduty");
  EXPECT_EQ(event->detail_type, "GuardDuty Finding");
  EXPECT_EQ(event->account, "111122223333");
  EXPECT_EQ(event->region, "us-west-2") << "what the envelope says counts";
}

TEST(ReadEvent, AConfigRuleInvocationIsAnEventWhoseDetailIsAllOfIt) {
  const std::string_view text = R"({"invokingEvent":"{}","accountId":"111122223333","resultToken":"t"})";
  const Result<Event> event = ReadEvent(Parsed(text));
  ASSERT_TRUE(event.ok());
  EXPECT_EQ(event->source, "aws.config");
  EXPECT_EQ(event->detail_type, "AWS Config Rule Invocation");
  EXPECT_EQ(event->account, "111122223333");
  EXPECT_EQ(event->detail.ToText(), text);
}

TEST(ReadEvent, ErrorsNameThePathAndWhatWasExpected) {
  struct Case {
    std::string_view text;
    std::string_view want;
  };
  const Case cases[] = {
      {R"({"source":"s","detail-type":"t"})", "detail: expected an object, found nothing"},
      {R"({"source":"s","detail-type":"t","detail":"{}"})", "detail: expected an object, found a string"},
      {R"({"detail-type":"t","detail":{}})", "source: expected a string, found nothing"},
      {R"({"source":"","detail-type":"t","detail":{}})", "source: expected text, found an empty string"},
      {R"({"source":"s","detail":{}})", "detail-type: expected a string, found nothing"},
      {R"({"source":7,"detail-type":"t","detail":{}})", "source: expected a string, found a number"},
      {R"({"source":"s","detail-type":[],"detail":{}})", "detail-type: expected a string, found an array"},
      {R"({"id":7,"source":"s","detail-type":"t","detail":{}})", "id: expected a string, found a number"},
      {R"({"account":7,"source":"s","detail-type":"t","detail":{}})", "account: expected a string, found a number"},
      {R"({"region":{},"source":"s","detail-type":"t","detail":{}})", "region: expected a string, found an object"},
      {R"({"time":7,"source":"s","detail-type":"t","detail":{}})", "time: expected a string, found a number"},
      {"{\"time\":\"no\\u001bw\",\"source\":\"s\",\"detail-type\":\"t\",\"detail\":{}}",
       "time: expected a time like `2026-11-24T03:09:13Z`, found `no\\x1bw`"},
      {R"({"type":"x","resource":{},"service":{},"accountId":5})", "accountId: expected a string, found a number"},
      {R"({"invokingEvent":{}})", "invokingEvent: expected a string, found an object"},
      {R"({"invokingEvent":"{}","accountId":5})", "accountId: expected a string, found a number"},
      {R"({"scheduledTime":"2026-11-24T03:00:00Z"})",
       "the document: not an event: found none of `detail` (EventBridge), `type` with `resource` and `service` "
       "(GuardDuty "
       "finding), `invokingEvent` (AWS Config rule), `Records` (SQS or SNS to Lambda), `Type` with `Message` (SNS)"},
      {R"(7)", "the document: expected an event, found a number"},
      {R"(null)", "the document: expected an event, found null"},
  };
  for (const Case& c : cases) {
    const Result<Event> event = ReadEvent(Parsed(c.text));
    ASSERT_FALSE(event.ok()) << c.text;
    EXPECT_EQ(event.error().message, c.want);
    EXPECT_EQ(event.error().code, ErrorCode::kInvalidInput);
  }
}

TEST(ReadEvent, BoundsTheEventAtTheBoundAndOnePast) {
  const auto of_size = [](std::size_t size) {
    std::string text = R"({"detail-type":"x","source":"y","detail":{"a":""}})";
    text.insert(text.size() - 3, size - text.size(), 'a');
    return text;
  };
  EXPECT_TRUE(ReadEvent(Parsed(of_size(bounds::kEventBytes))).ok());
  const Result<Event> larger = ReadEvent(Parsed(of_size(bounds::kEventBytes + 1)));
  ASSERT_FALSE(larger.ok());
  EXPECT_EQ(larger.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(larger.error().message, "the event has 6291457 bytes, over the bound of 6291456");
}

}  // namespace
}  // namespace sallyport
