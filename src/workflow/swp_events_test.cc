// SPDX-License-Identifier: Apache-2.0
#include "workflow/swp_events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event/parse.h"

namespace sallyport {
namespace {

using Kind = SwpEventKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kTopic = "arn:aws:sns:us-east-1:111122223333:swp";

std::vector<Arrival> Parsed(const std::string& text) {
  return ParseInput(text, "test.json", {SwpEventsBareForm()});
}

std::string Notified(const std::string& message, const std::string& topic = kTopic) {
  return R"({"Records":[{"EventSource":"aws:sns","Sns":{"Type":"Notification","TopicArn":")" + topic +
         R"(","Message":)" + JsonString(message) + "}}]}";
}

std::string Made(const std::string& type, const std::string& more) {
  return R"({"EventType":")" + type +
         R"(","UniqueID":"u1","LogDate":"2025-11-24T16:00:00.000Z","HostID":34,"HostInstanceID":"i-0123456789abcdef0",)"
         R"("TenantID":4235)" +
         more + "}";
}

SwpEvent Only(const std::string& object) {
  const auto arrivals = Parsed("[" + object + "]");
  EXPECT_THAT(arrivals, SizeIs(1));
  const auto read = ReadSwpEvents(arrivals.at(0).event.value());
  EXPECT_THAT(read.value().events, SizeIs(1));
  return read.value().events.at(0);
}

TEST(SwpEvents, ComeTogetherWithTheirTopic) {
  const std::string two = "[" + Made("PacketLog", R"(,"Action":1)") + "," + Made("SystemEvent", "") + R"(,"a text"])";
  const auto arrivals = Parsed(Notified(two));
  ASSERT_THAT(arrivals, SizeIs(1));
  const Event& event = arrivals[0].event.value();
  EXPECT_EQ(event.source, kSwpEventsSource);
  EXPECT_EQ(event.topic, kTopic);
  const SwpEvents read = ReadSwpEvents(event).value();
  EXPECT_THAT(read.events, SizeIs(2));
  EXPECT_EQ(read.others, 1);
}

// Whoever may publish to some topic must not be able to claim another.
TEST(SwpEvents, TheOutermostTopicCounts) {
  const std::string inner = R"({"Type":"Notification","TopicArn":")" + std::string(kTopic) + R"(","Message":)" +
                            JsonString("[" + Made("PacketLog", "") + "]") + "}";
  const auto arrivals = Parsed(Notified(inner, "arn:aws:sns:us-east-1:444455556666:other"));
  ASSERT_THAT(arrivals, SizeIs(1));
  EXPECT_EQ(arrivals[0].event.value().topic, "arn:aws:sns:us-east-1:444455556666:other");
}

TEST(SwpEvents, AreReadFromSqsAndFromLines) {
  const std::string message = R"({"Type":"Notification","TopicArn":")" + std::string(kTopic) + R"(","Message":)" +
                              JsonString("[" + Made("PacketLog", "") + "]") + "}";
  const auto sqs = Parsed(R"({"Records":[{"eventSource":"aws:sqs","messageId":"m1","body":)" + JsonString(message) +
                          R"(},{"eventSource":"aws:sqs","messageId":"m2","body":)" + JsonString(message) + "}]}");
  ASSERT_THAT(sqs, SizeIs(2));
  EXPECT_EQ(sqs[1].sqs_message_id, "m2");
  EXPECT_EQ(sqs[1].event.value().topic, kTopic);
  const auto lines = Parsed(Made("PacketLog", "") + "\n" + Made("PacketLog", "") + "\n");
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_EQ(lines[0].event.value().topic, "");
  EXPECT_THAT(ReadSwpEvents(lines[0].event.value()).value().events, SizeIs(2));
}

TEST(SwpEvents, ATestMessageHoldsTextsAlone) {
  const auto arrivals = Parsed(Notified(R"(["test message"])"));
  ASSERT_THAT(arrivals, SizeIs(1));
  const SwpEvents read = ReadSwpEvents(arrivals[0].event.value()).value();
  EXPECT_THAT(read.events, IsEmpty());
  EXPECT_EQ(read.others, 1);
}

TEST(SwpEvents, ManyAreTakenInBoundedEvents) {
  for (const std::size_t count : {bounds::kObjectsTogether, bounds::kObjectsTogether + 1, std::size_t{10'000}}) {
    std::string text = "[";
    for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ",") + Made("PacketLog", "");
    const auto arrivals = Parsed(text + "]");
    EXPECT_THAT(arrivals, SizeIs((count + bounds::kObjectsTogether - 1) / bounds::kObjectsTogether));
    std::size_t all = 0;
    for (const Arrival& arrival : arrivals) all += ReadSwpEvents(arrival.event.value()).value().events.size();
    EXPECT_EQ(all, count);
  }
}

TEST(SwpEvents, KeepsWhatIsUsedAndNoUsers) {
  const std::string text = "[" + Made("AppControlEvent", R"(,"FileName":"a","UserName":"mary","SHA256":"00")") + "]";
  const std::string kept = Parsed(text).at(0).event.value().detail.ToText();
  EXPECT_THAT(kept, HasSubstr("FileName"));
  EXPECT_THAT(kept, testing::Not(HasSubstr("mary")));
}

TEST(SwpEvents, LongTextsAreCutAndStillToldApart) {
  const std::string path(100'000, 'a');
  const SwpEvent one = Only(R"({"EventType":"AntiMalwareEvent","EventID":1,"InfectedFilePath":")" + path + "1\"}");
  const SwpEvent two = Only(R"({"EventType":"AntiMalwareEvent","EventID":1,"InfectedFilePath":")" + path + "2\"}");
  EXPECT_LT(one.where.size(), 400U);
  EXPECT_NE(one.id, two.id);
}

TEST(SwpEvents, SaysWhatBecameOfThem) {
  struct Row {
    const char* type;
    const char* more;
    Kind kind;
    SwpOutcome outcome;
  };
  for (const Row& row : {
           Row{"AntiMalwareEvent", R"(,"ScanResultString":"Quarantined")", Kind::kMalware, SwpOutcome::kQuarantined},
           Row{"AntiMalwareEvent", R"(,"ScanResultString":"Cleaned")", Kind::kMalware, SwpOutcome::kCleaned},
           Row{"AntiMalwareEvent", R"(,"ScanResultString":"Deleted")", Kind::kMalware, SwpOutcome::kDeleted},
           Row{"AntiMalwareEvent", R"(,"ScanResultString":"Passed")", Kind::kMalware, SwpOutcome::kPassed},
           Row{"AntiMalwareEvent", R"(,"ScanResultString":"Access Denied")", Kind::kMalware, SwpOutcome::kDenied},
           Row{"AntiMalwareEvent", R"(,"ScanResultString":"Quarantine Failed")", Kind::kMalware, SwpOutcome::kFailed},
           Row{"AntiMalwareEvent", R"(,"ScanResultString":"Clean failed, Quarantined")", Kind::kMalware,
               SwpOutcome::kQuarantined},
           Row{"AntiMalwareEvent", R"(,"ScanResultString":"Not deleted")", Kind::kMalware, SwpOutcome::kFailed},
           Row{"AntiMalwareEvent", R"(,"ScanResultString":"Sandboxed")", Kind::kMalware, SwpOutcome::kUnknown},
           Row{"AntiMalwareEvent", "", Kind::kMalware, SwpOutcome::kUnknown},
           Row{"IntegrityEvent", "", Kind::kIntegrity, SwpOutcome::kReported},
           Row{"PayloadLog", R"(,"Action":1)", Kind::kIntrusion, SwpOutcome::kBlocked},
           Row{"PayloadLog", R"(,"Action":"2")", Kind::kIntrusion, SwpOutcome::kBlocked},
           Row{"PayloadLog", R"(,"Action":5)", Kind::kIntrusion, SwpOutcome::kChanged},
           Row{"PayloadLog", R"(,"Action":6)", Kind::kIntrusion, SwpOutcome::kDetected},
           Row{"PayloadLog", R"(,"Action":130)", Kind::kIntrusion, SwpOutcome::kDetected},
           Row{"PayloadLog", R"(,"Action":77)", Kind::kIntrusion, SwpOutcome::kUnknown},
           Row{"PayloadLog", R"(,"Action":{})", Kind::kIntrusion, SwpOutcome::kUnknown},
           Row{"PacketLog", R"(,"Action":1)", Kind::kFirewall, SwpOutcome::kBlocked},
           Row{"PacketLog", R"(,"Action":129)", Kind::kFirewall, SwpOutcome::kDetected},
           Row{"WebReputationEvent", R"(,"Risk":3)", Kind::kWebReputation, SwpOutcome::kReported},
           Row{"LogInspectionEvent", "", Kind::kLogInspection, SwpOutcome::kReported},
           Row{"AppControlEvent", R"(,"Action":"Execution Blocked")", Kind::kApplicationControl, SwpOutcome::kBlocked},
           Row{"AppControlEvent", R"(,"Action":"allowed")", Kind::kApplicationControl, SwpOutcome::kAllowed},
           Row{"SystemEvent", R"(,"Title":"Malware Scan Completed")", Kind::kSystem, SwpOutcome::kScanCompleted},
           Row{"SystemEvent", R"(,"Title":"Scan not completed")", Kind::kSystem, SwpOutcome::kReported},
           Row{"SomethingNew", "", Kind::kUnknown, SwpOutcome::kReported},
       }) {
    const SwpEvent event = Only(Made(row.type, row.more));
    EXPECT_EQ(event.kind, row.kind) << row.type << row.more;
    EXPECT_EQ(event.outcome, row.outcome) << row.type << row.more << ": " << ToString(event.outcome);
  }
}

TEST(SwpEvents, WhatCannotBeReadIsAbsent) {
  const SwpEvent event = Only(R"({"EventType":"PayloadLog","EventID":"7","HostID":99999999999,"HostInstanceID":"../x",)"
                              R"("LogDate":"yesterday","TenantID":"12","SourceIP":["a"]})");
  EXPECT_EQ(event.computer.value, 0);
  EXPECT_EQ(event.instance, "");
  EXPECT_EQ(event.at, std::nullopt);
  EXPECT_EQ(event.tenant, "12");
  EXPECT_THAT(event.addresses, IsEmpty());
}

TEST(SwpEvents, LinesCannotSteerATerminal) {
  const SwpEvent event =
      Only(Made("AntiMalwareEvent", R"(,"MalwareName":"a\u001b[31m","InfectedFilePath":"/tmp/\u202ex")"));
  const std::string line = LineOf(event);
  EXPECT_THAT(line, HasSubstr("2025-11-24T16:00:00Z malware a"));
  EXPECT_EQ(line.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace sallyport
