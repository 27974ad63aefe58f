// SPDX-License-Identifier: Apache-2.0
#include "event/recognize.h"

#include <gtest/gtest.h>

#include "base/bounds.h"
#include "base/digest.h"
#include "event/event_json.h"

namespace sallyport {
namespace {

Json Parsed(std::string_view text) {
  const Result<Json> json = Json::Parse(text, text.size());
  EXPECT_TRUE(json.ok()) << text.substr(0, 200);
  return json.value_or(Json());
}

// A form as a workflow's row has it: a report of a service that does not exist.
constexpr std::string_view kReport = R"({"reportId":"r1","owner":"111122223333","where":"eu-west-1"})";

const BareForms& Forms() {
  static const BareForms forms = {{"`reportId` (a report)",
                                   [](const Json& object) { return object["reportId"].HasValue(); },
                                   [](const Json& object, JsonFields& fields) {
                                     Event event;
                                     event.source = "aws.reports";
                                     event.detail_type = "Report";
                                     event.account = fields.Text(object["owner"]);
                                     event.region = fields.Text(object["where"]);
                                     event.time = FromEpochMilliseconds(1'764'000'000'000);
                                     event.detail = object;
                                     return event;
                                   }}};
  return forms;
}

Result<Event> Read(const Json& document) {
  return ReadEvent(document, Forms());
}

TEST(Recognize, GoesByTheMembersThatAreThere) {
  struct Case {
    std::string_view text;
    DocumentKind want;
  };
  const Case cases[] = {
      {R"({"detail-type":"Scheduled Event","source":"aws.events","detail":{}})", DocumentKind::kEventBridge},
      {R"({"detail":{}})", DocumentKind::kEventBridge},
      {R"({"detail-type":"x"})", DocumentKind::kEventBridge},
      {kReport, DocumentKind::kBare},
      {R"({"Records":[]})", DocumentKind::kRecords},
      {R"({"Type":"Notification","Message":"{}"})", DocumentKind::kSnsMessage},
      {R"({"Type":"Notification","TopicArn":"arn"})", DocumentKind::kSnsMessage},
      {R"({"Type":"Notification"})", DocumentKind::kUnknown},
      {R"({"reportId":null})", DocumentKind::kUnknown},
      {R"({"detail":null,"Records":null})", DocumentKind::kUnknown},
      {R"({})", DocumentKind::kEmpty},
      {R"("detail")", DocumentKind::kUnknown},
  };
  for (const Case& c : cases) EXPECT_EQ(Recognize(Parsed(c.text), Forms()), c.want) << c.text;
  EXPECT_EQ(Recognize(Parsed(kReport), {}), DocumentKind::kUnknown) << "forms are what is handed in";
}

TEST(ReadEvent, ReadsTheEnvelopeAsWritten) {
  const Json document =
      Parsed(R"({"version":"0","id":"e1","detail-type":"Macie Finding","source":"aws.macie","account":"111122223333",)"
             R"("time":"2026-11-24T03:09:13Z","region":"us-east-1","resources":["arn:a","arn:b"],"detail":{"a":1}})");
  const Result<Event> event = Read(document);
  ASSERT_TRUE(event.ok());
  EXPECT_EQ(event->id, "e1");
  EXPECT_EQ(event->source, "aws.macie");
  EXPECT_EQ(event->detail_type, "Macie Finding");
  EXPECT_EQ(event->account, "111122223333");
  EXPECT_EQ(event->region, "us-east-1");
  EXPECT_EQ(FormatTime(event->time.value()), "2026-11-24T03:09:13Z");
  EXPECT_EQ(event->detail.ToText(), R"({"a":1})");
  EXPECT_EQ(event->version, "0");
  EXPECT_EQ(event->resources, (std::vector<std::string>{"arn:a", "arn:b"}));
  EXPECT_EQ(Read(Parsed(EventToJson(*event)))->resources, event->resources) << "as the ledger keeps it";
}

TEST(ReadEvent, AScheduledEventHasAnEmptyDetail) {
  const Result<Event> event =
      Read(Parsed(R"({"detail-type":"Scheduled Event","source":"aws.events","detail":{},"account":"111122223333"})"));
  ASSERT_TRUE(event.ok());
  EXPECT_EQ(event->detail_type, "Scheduled Event");
  EXPECT_TRUE(event->detail.Members().empty());
}

// Two schedules, and two times that one of them fires, are four events; a second delivery of one is none.
TEST(ContentSha256, TellsSchedulesApartByTheirRuleAndTheirTime) {
  const auto fired = [](const std::string& rule, const std::string& time, const std::string& id) {
    const Result<Event> event = Read(Parsed(R"({"version":"0","id":")" + id +
                                            R"(","detail-type":"Scheduled Event","source":"aws.events",)"
                                            R"("account":"111122223333","region":"us-east-1","time":")" +
                                            time +
                                            R"(","resources":[)"
                                            R"("arn:aws:events:us-east-1:111122223333:rule/)" +
                                            rule + R"("],"detail":{}})"));
    return ContentSha256(event.value());
  };
  const std::string first = fired("daily", "2026-11-24T03:00:00Z", "e1");
  EXPECT_NE(fired("weekly", "2026-11-24T03:00:00Z", "e1"), first);
  EXPECT_NE(fired("daily", "2026-11-25T03:00:00Z", "e1"), first);
  EXPECT_EQ(fired("daily", "2026-11-24T03:00:00Z", "e2"), first);
}

// The digests of records from before resources were read.
TEST(ContentSha256, OfAFindingIsThatOfEarlierReleases) {
  const auto digest = [](const std::string& more) {
    return ContentSha256(Read(Parsed(R"({"detail-type":"GuardDuty Finding","source":"aws.guardduty",)"
                                     R"("account":"111122223333","region":"us-east-1","detail":{"id":"f1"})" +
                                     more + "}"))
                             .value());
  };
  const std::string earlier =
      Sha256Hex(R"(["aws.guardduty","111122223333","us-east-1","GuardDuty Finding",{"id":"f1"}])");
  EXPECT_EQ(digest(""), earlier);
  EXPECT_EQ(digest(R"(,"time":"2026-11-24T03:00:00Z","resources":[])"), earlier);
}

TEST(ReadEvent, ABareDocumentGetsTheEnvelopeThatItsServiceWouldHaveGivenIt) {
  const Result<Event> event = Read(Parsed(kReport));
  ASSERT_TRUE(event.ok());
  EXPECT_EQ(event->source, "aws.reports");
  EXPECT_EQ(event->detail_type, "Report");
  EXPECT_EQ(event->account, "111122223333");
  EXPECT_EQ(event->detail.ToText(), kReport);
}

TEST(ReadEvent, AnEnvelopeWithOnlyRegionAndDetailIsFilledFromTheDetail) {
  const Result<Event> event = Read(Parsed(R"({"region":"us-west-2","detail":)" + std::string(kReport) + "}"));
  ASSERT_TRUE(event.ok());
  EXPECT_EQ(event->source, "aws.reports");
  EXPECT_EQ(event->detail_type, "Report");
  EXPECT_EQ(event->account, "111122223333");
  EXPECT_EQ(event->time, FromEpochMilliseconds(1'764'000'000'000));
  EXPECT_EQ(event->region, "us-west-2") << "what the envelope says counts";
}

TEST(ReadEvent, BoundsTheResourcesAtTheBoundAndOnePast) {
  const auto with = [](std::size_t count) {
    std::string resources;
    for (std::size_t i = 0; i < count; ++i) resources += i == 0 ? R"("arn")" : R"(,"arn")";
    return Read(Parsed(R"({"source":"s","detail-type":"t","detail":{},"resources":[)" + resources + "]}"));
  };
  ASSERT_TRUE(with(bounds::kEventResources).ok());
  EXPECT_EQ(with(bounds::kEventResources)->resources.size(), bounds::kEventResources);
  const auto over = with(bounds::kEventResources + 1);
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().message, "resources: expected at most 1000 resources, found 1001");
}

TEST(ReadEvent, ErrorsNameThePathAndWhatWasExpected) {
  struct Case {
    std::string_view text;
    std::string_view want;
  };
  const Case cases[] = {
      {R"({"source":"s","detail-type":"t"})", "detail: expected an object, found nothing"},
      {R"({"source":"s","detail-type":"t","detail":"{}"})",
       "detail: expected an object, found a text that holds JSON, as an input transformer makes it"},
      {R"({"source":"s","detail-type":"t","detail":"x"})", "detail: expected an object, found a string"},
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
      {R"({"reportId":"r","owner":5})", "owner: expected a string, found a number"},
      {R"({"detail":{"reportId":"r","owner":5}})", "detail.owner: expected a string, found a number"},
      {R"({"resources":{},"source":"s","detail-type":"t","detail":{}})",
       "resources: expected an array, found an object"},
      {R"({"resources":[5],"source":"s","detail-type":"t","detail":{}})",
       "resources[0]: expected a string, found a number"},
      {R"({"scheduledTime":"2026-11-24T03:00:00Z"})",
       "the document: not an event: found none of `detail` (EventBridge), `reportId` (a report), "
       "`Records` (SQS or SNS to Lambda), `Type` with `Message` (SNS)"},
      {R"(7)", "the document: expected an event, found a number"},
      {R"(null)", "the document: expected an event, found null"},
  };
  for (const Case& c : cases) {
    const Result<Event> event = Read(Parsed(c.text));
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
  EXPECT_TRUE(Read(Parsed(of_size(bounds::kEventBytes))).ok());
  const Result<Event> larger = Read(Parsed(of_size(bounds::kEventBytes + 1)));
  ASSERT_FALSE(larger.ok());
  EXPECT_EQ(larger.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(larger.error().message, "the event has 6291457 bytes, over the bound of 6291456");
}

}  // namespace
}  // namespace sallyport
