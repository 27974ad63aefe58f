// SPDX-License-Identifier: Apache-2.0
#include "event/parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bounds.h"

namespace sallyport {
namespace {

const std::string kEvent = R"({"id":"e1","detail-type":"Scheduled Event","source":"aws.events","detail":{}})";

std::string EventWithId(const std::string& id) {
  return R"({"id":)" + JsonString(id) + R"(,"detail-type":"Scheduled Event","source":"aws.events","detail":{}})";
}
std::string SqsRecord(const std::string& id, const std::string& body) {
  return R"({"messageId":)" + JsonString(id) + R"(,"eventSource":"aws:sqs","body":)" + JsonString(body) + "}";
}
std::string SnsRecord(const std::string& message) {
  return R"({"EventSource":"aws:sns","Sns":{"Type":"Notification","Message":)" + JsonString(message) + "}}";
}
std::string Notification(const std::string& message) {
  return R"({"Type":"Notification","TopicArn":"arn:aws:sns:us-east-1:111122223333:t","Message":)" +
         JsonString(message) + "}";
}
std::string Records(const std::string& records) {
  return R"({"Records":[)" + records + "]}";
}

// What came, one line each: "origin | message id | event id", or "error: message".
std::vector<std::string> Shown(const std::vector<Arrival>& arrivals) {
  std::vector<std::string> lines;
  for (const Arrival& arrival : arrivals) {
    if (!arrival.event.ok()) {
      lines.push_back("error: " + arrival.event.error().message);
      EXPECT_TRUE(arrival.event.error().message.starts_with(arrival.origin));
      continue;
    }
    EXPECT_EQ(arrival.event->origin, arrival.origin);
    EXPECT_EQ(arrival.event->sqs_message_id, arrival.sqs_message_id);
    lines.push_back(arrival.origin + " | " + arrival.sqs_message_id + " | " + arrival.event->id);
  }
  return lines;
}
std::vector<std::string> Document(const std::string& text) {
  return Shown(ParseDocument(text, "stdin", {}));
}
std::vector<std::string> Input(const std::string& text) {
  return Shown(ParseInput(text, "f.json", {}));
}
using Lines = std::vector<std::string>;

TEST(ParseDocument, ReadsAnEvent) {
  EXPECT_EQ(Document(kEvent), Lines{"stdin |  | e1"});
}

TEST(ParseDocument, EverySqsRecordGivesOneArrivalWithItsMessageId) {
  EXPECT_EQ(Document(Records(SqsRecord("m-1", EventWithId("a")) + "," + SqsRecord("m-2", "poison") + "," +
                             SqsRecord("m-3", EventWithId("c")))),
            (Lines{"stdin, SQS record 1 (message m-1) | m-1 | a",
                   "error: stdin, SQS record 2 (message m-2): body: not valid JSON at line 1, column 1: syntax error",
                   "stdin, SQS record 3 (message m-3) | m-3 | c"}));
}

TEST(ParseDocument, AFailedSqsRecordKeepsItsMessageIdForTheBatchResponse) {
  const std::vector<Arrival> arrivals = ParseDocument(Records(SqsRecord("m-1", "poison")), "stdin", {});
  ASSERT_EQ(arrivals.size(), 1U);
  EXPECT_EQ(arrivals[0].sqs_message_id, "m-1");
}

TEST(ParseDocument, ReadsSnsRecordsWhichSpellEventSourceWithACapital) {
  EXPECT_EQ(Document(Records(SnsRecord(EventWithId("a")) + "," + SnsRecord(EventWithId("b")))),
            (Lines{"stdin, SNS record 1 |  | a", "stdin, SNS record 2 |  | b"}));
}

TEST(ParseDocument, ReadsASnsNotificationBareAndInsideAnSqsBody) {
  EXPECT_EQ(Document(Notification(kEvent)), Lines{"stdin, SNS message |  | e1"});
  EXPECT_EQ(Document(Records(SqsRecord("m-1", Notification(kEvent)))),
            Lines{"stdin, SQS record 1 (message m-1), SNS message | m-1 | e1"});
}

TEST(ParseDocument, OfRecordsInRecordsTheOutermostMessageCountsForRedelivery) {
  EXPECT_EQ(Document(Records(SqsRecord("outer", Records(SqsRecord("inner", kEvent))))),
            Lines{"stdin, SQS record 1 (message outer), SQS record 1 (message inner) | outer | e1"});
}

TEST(ParseDocument, ReadsAnArrayOfDocuments) {
  EXPECT_EQ(
      Document("[" + kEvent + ",7," + Notification(EventWithId("n")) + "]"),
      (Lines{"stdin, element 1 |  | e1", "error: stdin, element 2: the document: expected an event, found a number",
             "stdin, element 3, SNS message |  | n"}));
}

TEST(ParseDocument, SkipsAByteOrderMark) {
  EXPECT_EQ(Document("\xEF\xBB\xBF" + kEvent), Lines{"stdin |  | e1"});
  EXPECT_EQ(Input("\xEF\xBB\xBF" + kEvent), Lines{"f.json |  | e1"});
}

TEST(ParseDocument, WithoutAnOriginTheErrorStartsWithThePath) {
  EXPECT_EQ(ParseDocument("7", "", {}).at(0).event.error().message, "the document: expected an event, found a number");
}

TEST(ParseDocument, NamesASubscriptionConfirmationAndDoesNotConfirmIt) {
  const std::vector<Arrival> arrivals = ParseDocument(
      R"({"Type":"SubscriptionConfirmation","TopicArn":"arn:aws:sns:us-east-1:111122223333:t","Message":"You have","Token":"s3cret"})",
      "POST /sns", {});
  ASSERT_EQ(arrivals.size(), 1U);
  ASSERT_FALSE(arrivals[0].event.ok());
  EXPECT_EQ(
      arrivals[0].event.error().message,
      "POST /sns: an SNS SubscriptionConfirmation for topic `arn:aws:sns:us-east-1:111122223333:t`, not an event");
  EXPECT_EQ(arrivals[0].event.error().advice, "confirm the subscription in SNS; it is never confirmed from here");
  EXPECT_EQ(Document(R"({"Type":"UnsubscribeConfirmation","TopicArn":"arn:x","Message":"m"})"),
            Lines{"error: stdin: an SNS UnsubscribeConfirmation for topic `arn:x`, not an event"});
}

TEST(ParseDocument, ErrorsNameOriginPathAndWhatWasExpected) {
  struct Case {
    std::string text;
    std::string want;
  };
  const Case cases[] = {
      {"", "stdin: expected an event, found an empty text"},
      {" \r\n", "stdin: expected an event, found an empty text"},
      {"\xEF\xBB\xBF", "stdin: expected an event, found an empty text"},
      {std::string("\xFF\xFE{\0}\0", 6), "stdin: the text is UTF-16, expected UTF-8"},
      {std::string("\xFE\xFF\0{\0}", 6), "stdin: the text is UTF-16, expected UTF-8"},
      {"{\"detail\":", "stdin: not valid JSON at line 1, column 11: the text ends in the middle of a value"},
      {"[]", "stdin: the document: expected at least one of documents, found none"},
      {R"({"Records":[]})", "stdin: Records: expected at least one of records, found none"},
      {R"({"Records":{}})", "stdin: Records: expected an array, found an object"},
      {Records("7"), "stdin, record 1: eventSource: expected `aws:sqs` or `aws:sns`, found nothing"},
      {Records(R"({"eventSource":"aws:s3\u001b"})"),
       "stdin, record 1: eventSource: expected `aws:sqs` or `aws:sns`, found `aws:s3\\x1b`"},
      {Records(R"({"EventSource":["aws:sns"]})"),
       "stdin, record 1: EventSource: expected `aws:sqs` or `aws:sns`, found an array"},
      {Records(R"({"eventSource":"aws:sqs"})"), "stdin, SQS record 1: body: expected a string, found nothing"},
      {Records(R"({"eventSource":"aws:sqs","body":{},"messageId":"m"})"),
       "stdin, SQS record 1 (message m): body: expected a string, found an object"},
      {Records(R"({"EventSource":"aws:sns","Sns":{}})"),
       "stdin, SNS record 1: Sns.Message: expected a string, found nothing"},
      {R"({"Type":"Notification","TopicArn":"a"})", "stdin, SNS message: Message: expected a string, found nothing"},
      {R"({"Type":"Notification","Message":"hello"})",
       "stdin, SNS message: Message: not valid JSON at line 1, column 1: syntax error"},
      {R"({"Type":"Letter","Message":"{}"})", "stdin: Type: expected `Notification`, found `Letter`"},
      {R"({"Type":1,"Message":"{}"})", "stdin: Type: expected `Notification`, found a number"},
      {Notification(R"({"detail":7})"), "stdin, SNS message: detail: expected an object, found a number"},
  };
  for (const Case& c : cases) EXPECT_EQ(Document(c.text), Lines{"error: " + c.want});
}

TEST(ParseDocument, BoundsTheBytesAtTheBoundAndOnePast) {
  const std::string at_bound = kEvent + std::string(bounds::kEventBytes - kEvent.size(), ' ');
  EXPECT_EQ(Document(at_bound), Lines{"stdin |  | e1"});
  EXPECT_EQ(Document(at_bound + " "), Lines{"error: stdin: 6291457 bytes, over the bound of 6291456"});
}

TEST(ParseDocument, BoundsTheWrappersAtTheBoundAndOnePast) {
  std::string wrapped = kEvent;
  for (int i = 0; i < bounds::kEnvelopeDepth; ++i) wrapped = Notification(wrapped);
  EXPECT_EQ(Document(wrapped), Lines{"stdin, SNS message, SNS message, SNS message, SNS message |  | e1"});
  EXPECT_EQ(
      Document(Notification(wrapped)).at(0),
      "error: stdin, SNS message, SNS message, SNS message, SNS message, SNS message: wrapped more than 4 times in "
      "records, notifications and arrays");
  EXPECT_EQ(Document("[[[[" + kEvent + "]]]]"), Lines{"stdin, element 1, element 1, element 1, element 1 |  | e1"});
  EXPECT_NE(Document("[[[[[" + kEvent + "]]]]]").at(0).find("wrapped more than 4 times"), std::string::npos);
}

std::string Repeated(const std::string& text, std::size_t times) {
  std::string all = text;
  for (std::size_t i = 1; i < times; ++i) all += "," + text;
  return all;
}

TEST(ParseDocument, BoundsTheRecordsAtTheBoundAndOnePast) {
  const std::string record = SqsRecord("m", kEvent);
  EXPECT_EQ(ParseDocument(Records(Repeated(record, bounds::kBatchRecords)), "stdin", {}).size(), bounds::kBatchRecords);
  const std::vector<Arrival> over = ParseDocument(Records(Repeated("{}", bounds::kBatchRecords + 1)), "stdin", {});
  ASSERT_EQ(over.size(), 1U);
  EXPECT_EQ(over[0].event.error().message, "stdin: Records: 10001 records, over the bound of 10000");
  EXPECT_EQ(over[0].event.error().code, ErrorCode::kTooLarge);
}

TEST(ParseDocument, BoundsAnArrayAtTheBoundAndOnePast) {
  EXPECT_EQ(ParseDocument("[" + Repeated(kEvent, bounds::kBatchRecords) + "]", "stdin", {}).size(),
            bounds::kBatchRecords);
  EXPECT_EQ(Document("[" + Repeated("{}", bounds::kBatchRecords + 1) + "]"),
            Lines{"error: stdin: the document: 10001 documents, over the bound of 10000"});
}

TEST(ParseInput, ReadsOneDocumentOverManyLines) {
  EXPECT_EQ(Input("{\n \"id\": \"e1\", \"detail-type\": \"x\",\n \"source\": \"y\", \"detail\": {}\n}\n"),
            Lines{"f.json |  | e1"});
}

TEST(ParseInput, ReadsOneDocumentPerLineAndABadLineDoesNotHideTheNext) {
  EXPECT_EQ(Input("\n" + EventWithId("a") + "\r\n\r\n{\"detail\":\n" + EventWithId("c") + "\n"),
            (Lines{"f.json, line 2 |  | a",
                   "error: f.json, line 4: not valid JSON at line 1, column 11: the text ends in the middle of a value",
                   "f.json, line 5 |  | c"}));
}

TEST(ParseInput, ALineMayBeAnArrayOrABatch) {
  EXPECT_EQ(Input("[" + EventWithId("a") + "]\n" + Records(SqsRecord("m", EventWithId("b")))),
            (Lines{"f.json, line 1, element 1 |  | a", "f.json, line 2, SQS record 1 (message m) | m | b"}));
}

TEST(ParseInput, ReadsDocumentsThatFollowEachOther) {
  EXPECT_EQ(Input("{\"id\":\"a\",\"source\":\"s\",\n\"detail-type\":\"t\",\"detail\":{}} " + EventWithId("b") +
                  EventWithId("c")),
            (Lines{"f.json, document 1 |  | a", "f.json, document 2 |  | b", "f.json, document 3 |  | c"}));
}

TEST(ParseInput, TheFirstBadDocumentEndsItSayingWhere) {
  EXPECT_EQ(Input(EventWithId("a") + EventWithId("b") + "\n{\n  nope"),
            (Lines{"f.json, document 1 |  | a", "f.json, document 2 |  | b",
                   "error: f.json, document 3: not valid JSON at line 3, column 3: syntax error"}));
  EXPECT_EQ(Input("{\"x\":\n1} {} 7 {}").size(), 3U) << "a number is no document; nothing is read behind it";
}

TEST(ParseInput, EmptyInputGivesOneError) {
  EXPECT_EQ(Input(""), Lines{"error: f.json: expected an event, found an empty text"});
  EXPECT_EQ(Input("\n\n"), Lines{"error: f.json: expected an event, found an empty text"});
}

TEST(ParseInput, MuchGarbageGivesOneShortErrorQuickly) {
  constexpr std::size_t kMuch = std::size_t{10} * 1024 * 1024;
  for (const char* unit : {"\xFF", "{", "[", "\"", "garbage ", "\x1b[31m", "7\n", "[[]"}) {
    std::string garbage;
    while (garbage.size() < kMuch) garbage += unit;
    const Lines lines = Input(garbage);
    ASSERT_EQ(lines.size(), 1U) << unit;
    EXPECT_LT(lines[0].size(), 200U) << unit;
  }
}

TEST(ParseInput, OnlyAnArrayMayHaveMoreBytesThanOneEvent) {
  const std::string padding(bounds::kEventBytes, ' ');
  EXPECT_EQ(Input("[" + kEvent + padding + "]"), Lines{"f.json, element 1 |  | e1"});
  EXPECT_EQ(Input("{" + padding + kEvent.substr(1)),
            Lines{"error: f.json: " + std::to_string(bounds::kEventBytes + kEvent.size()) +
                  " bytes, over the bound of 6291456"});
}

TEST(ParseInput, BoundsTheBytesAtTheBoundAndOnePastUnlessOnePerLine) {
  std::string text = "[\n" + kEvent + "]";
  text.append(bounds::kInputFileBytes - text.size(), ' ');
  EXPECT_EQ(Input(text), Lines{"f.json, element 1 |  | e1"});
  text += ' ';
  EXPECT_EQ(Input(text), Lines{"error: f.json: 67108865 bytes, over the bound of 67108864"});
  EXPECT_EQ(ParseInput(text, "f.json", {})[0].event.error().advice, "give the events one per line, or split the input");
  std::string lines = EventWithId("a") + "\n" + EventWithId("b") + "\n";
  lines.append(bounds::kInputFileBytes, ' ');
  EXPECT_EQ(Input(lines), (Lines{"f.json, line 1 |  | a", "f.json, line 2 |  | b"}));
}

TEST(ParseInput, BoundsTheDocumentsAtTheBoundAndOnePast) {
  const std::string bound = std::to_string(bounds::kInputDocuments);
  std::string lines;
  for (std::size_t i = 0; i < bounds::kInputDocuments; ++i) lines += kEvent + "\n";
  EXPECT_EQ(ParseInput(lines, "f.json", {}).size(), bounds::kInputDocuments);
  const std::vector<Arrival> over = ParseInput(lines + kEvent + "\n" + kEvent + "\n", "f.json", {});
  ASSERT_EQ(over.size(), bounds::kInputDocuments + 1);
  EXPECT_EQ(over.back().event.error().message, "f.json, line " + std::to_string(bounds::kInputDocuments + 1) +
                                                   ": more than " + bound +
                                                   " documents in one input; not read from here on");
  EXPECT_EQ(over.back().event.error().code, ErrorCode::kTooLarge);
}

// The ends of what is unreadable are told behind it.
std::vector<std::string> MessagesOf(const std::vector<Arrival>& arrivals) {
  std::vector<std::string> messages;
  for (const Arrival& arrival : arrivals) {
    if (!arrival.event.ok()) messages.push_back(arrival.event.error().message);
  }
  return messages;
}

TEST(ParseInput, BoundsTheDocumentsInArraysAndBehindEachOther) {
  const std::string bound = std::to_string(bounds::kInputDocuments);
  const std::string array = "[" + Repeated("{}", bounds::kBatchRecords) + "]";
  const std::string nested = "[" + Repeated(array, bounds::kInputDocuments / bounds::kBatchRecords + 1) + "]";
  EXPECT_THAT(
      MessagesOf(ParseInput(nested, "f.json", {})),
      testing::Contains("f.json, element 3: more than " + bound + " documents in one input; not read from here on"));
  std::string behind = "{\n}";
  for (std::size_t i = 0; i <= bounds::kInputDocuments; ++i) behind += "{}";
  EXPECT_THAT(MessagesOf(ParseInput(behind, "f.json", {})),
              testing::Contains("f.json, document " + std::to_string(bounds::kInputDocuments + 1) + ": more than " +
                                bound + " documents in one input; not read from here on"));
}

TEST(ParseDocument, OverTheBoundEveryRecordStillGivesItsError) {
  const std::string array = "[" + Repeated("7", bounds::kBatchRecords) + "]";
  std::string records = SqsRecord("m", array);
  for (int i = 1; i < 12; ++i) records += "," + SqsRecord("m" + std::to_string(i), array);
  const std::vector<Arrival> arrivals = ParseDocument(Records(records), "stdin", {});
  std::vector<std::string> over;
  for (const Arrival& arrival : arrivals) {
    if (arrival.event.error().code == ErrorCode::kTooLarge) over.push_back(arrival.sqs_message_id);
  }
  EXPECT_THAT(over, testing::ElementsAre("m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10", "m11"));
}

}  // namespace
}  // namespace sallyport
