// SPDX-License-Identifier: Apache-2.0
//
// What SWP forwards becomes evidence in open cases, and nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bounds.h"
#include "event/event_json.h"
#include "executor/ledger_history.h"
#include "intake/operator.h"
#include "intake/received.h"
#include "intake/world_for_test.h"
#include "workflow/case_results.h"
#include "workflow/swp_events_settings.h"

namespace sallyport {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kSwpTopic = "arn:aws:sns:us-east-1:111122223333:swp";
// The world's time, at which the case is opened, is 2025-11-24T16:00:00Z.
constexpr const char* kAfterwards = "2025-11-24T16:02:00.000Z";
constexpr const char* kQuarantined = R"(,"MalwareName":"Eicar","ScanResultString":"Quarantined")";
constexpr const char* kPassedOn = R"(,"MalwareName":"Eicar","ScanResultString":"Passed")";

struct EventParts {
  std::string id = "u1";
  std::string type = "AntiMalwareEvent";
  std::string more = kQuarantined;
  std::string at = kAfterwards;
  int computer = 34;
  std::string instance = kInstance;
  int tenant = 4235;
};

std::string Text(const EventParts& parts) {
  return R"({"UniqueID":")" + parts.id + R"(","EventType":")" + parts.type + R"(","LogDate":")" + parts.at +
         R"(","HostID":)" + std::to_string(parts.computer) + R"(,"HostInstanceID":")" + parts.instance +
         R"(","TenantID":)" + std::to_string(parts.tenant) + parts.more + "}";
}

std::string SwpMessage(const std::vector<EventParts>& events, const std::string& topic = kSwpTopic) {
  std::string array;
  for (const EventParts& event : events) array += (array.empty() ? "" : ",") + Text(event);
  return R"({"Records":[{"EventSource":"aws:sns","Sns":{"TopicArn":")" + topic + R"(","Message":)" +
         JsonString("[" + array + "]") + "}}]}";
}

struct EventsWorld : World {
  EventsWorld() {
    reads.everywhere = ProtectedComputer(kInstance);
    reads.by_id.emplace(34, ProtectedComputer(kInstance));
    workflow_settings.rows.Edit<SwpEventsSettings>().topics = {kSwpTopic};
    options.gates.mode = Mode::kEnforce;
    EXPECT_EQ(World::Handle(Finding("Backdoor:EC2/DenialOfService.Tcp")).case_number, CaseNumber{1});
    clock.Advance(std::chrono::minutes(5));
    before = ledger->GetCase(CaseNumber{1}).value();
  }
  CaseRecord Case() { return ledger->GetCase(CaseNumber{1}).value(); }
  SwpEvidence Evidence() { return LedgerHistory(*ledger).EvidenceOf(1).value(); }
  std::size_t Events() { return ledger->List({1000, std::nullopt, "", false}).value().size(); }
  // All scans end; malware and integrity scans when SWP was asked next.
  void EndScans() {
    swp::ScanProgress ended;
    ended.finished = true;
    ended.finished_at = clock.Now() + std::chrono::minutes(1);
    ended.computer = ProtectedComputer(kInstance);
    for (const swp::ScanKind kind :
         {swp::ScanKind::kMalware, swp::ScanKind::kIntegrity, swp::ScanKind::kRecommendation}) {
      ended.scan_status = "valid";
      if (kind == swp::ScanKind::kRecommendation) ended.assignments = swp::Assignments();
      reads.progress.emplace(kind, ended);
    }
    for (const swp::RuleModule module : swp::kRuleModules) reads.assignments.emplace(module, swp::Assignments());
  }
  std::string Counted(std::string_view document) {
    const auto found = ReadDocument(*ledger, document).value();
    return found ? found->pieces.at(0) : "";
  }
  CaseRecord before;
};

void ExpectUnchanged(EventsWorld& world) {
  const CaseRecord now = world.Case();
  EXPECT_EQ(now.state, world.before.state);
  EXPECT_EQ(now.changed_at, world.before.changed_at);
  EXPECT_EQ(world.Evidence(), SwpEvidence());
  EXPECT_EQ(world.Events(), 1U);
}

TEST(Attach, DetectionsBecomeEvidenceInTheOpenCase) {
  EventsWorld world;
  const EventReport report = world.Handle(SwpMessage({{}, {.id = "u2", .more = kPassedOn}}));
  EXPECT_EQ(report.state, EventState::kDone) << report.reason;
  EXPECT_EQ(report.case_number, CaseNumber{1});
  EXPECT_THAT(report.reason, HasSubstr("SWP reports 2 detections, 1 quarantined, 1 passed (nothing done)"));
  EXPECT_EQ(world.Evidence().Count(SwpEventKind::kMalware), 2);
  EXPECT_THAT(world.Evidence().hosts, ElementsAre("111122223333/us-east-1/i-0123456789abcdef0"));
  EXPECT_EQ(world.Counted(kReceivedDocument), R"({"messages":1,"events":2,"attached":2})");
  const auto verified = world.ledger->Verify();
  EXPECT_THAT(verified.value().broken, IsEmpty());
}

TEST(Attach, TheRecordIsReadOncePerHostAndCase) {
  EventsWorld world;
  world.reads.asked.clear();
  world.Handle(SwpMessage({{}, {.id = "u2"}}));
  world.Handle(SwpMessage({{.id = "u3"}}));
  EXPECT_THAT(world.reads.asked, ElementsAre("computer 34"));
}

TEST(Attach, WhatIsForgedOrForeignChangesNothing) {
  struct Row {
    std::string message;
    const char* why;
  };
  EventsWorld world;
  world.reads.by_id.emplace(35, ProtectedComputer("i-0fedcba9876543210", 35));
  world.reads.by_id.emplace(36, ProtectedComputer(kInstance, 36, "444455556666"));
  world.workflow_settings.rows.Edit<SwpEventsSettings>().tenant = "4235";
  for (const Row& row : {
           Row{SwpMessage({{}}, "arn:aws:sns:us-east-1:444455556666:swp"), "is not in swp_events.topics"},
           Row{"[" + Text({}) + "]", "did not come from an SNS topic"},
           Row{SwpMessage({{.computer = 35}}), "is of i-0fedcba9876543210, the event names i-0123456789abcdef0"},
           Row{SwpMessage({{.computer = 36}}), "is of account 444455556666"},
           Row{SwpMessage({{.computer = 99}}), "names no EC2 instance"},
           Row{SwpMessage({{.computer = 0}}), "names no computer"},
           Row{SwpMessage({{.tenant = 7}}), "another SWP tenant"},
           Row{SwpMessage({{.at = "2025-11-24T15:44:59.000Z"}}), "before the case was opened"},
           Row{SwpMessage({{.at = "2025-11-25T16:00:00.000Z"}}), "from the future"},
           Row{SwpMessage({{.at = "soon"}}), "without a readable LogDate"},
           Row{SwpMessage({{.instance = "i-00000000000000000"}}), "no open case"},
           Row{SwpMessage({{.instance = "nothing"}}), "no open case"},
       }) {
    const EventReport report = world.Handle(row.message);
    EXPECT_EQ(report.state, EventState::kOutOfScope) << row.why;
    EXPECT_THAT(report.reason, HasSubstr(row.why));
    EXPECT_EQ(report.number, std::nullopt) << row.why;
    ExpectUnchanged(world);
  }
  EXPECT_EQ(world.Counted(kRefusedDocument), R"({"messages":2,"events":2,"attached":0})");
  EXPECT_EQ(world.Counted(kReceivedDocument), R"({"messages":10,"events":10,"attached":0})");
}

TEST(Attach, NothingIsTakenUnlessATopicIsSet) {
  EventsWorld world;
  world.workflow_settings.rows.Edit<SwpEventsSettings>() = {};
  EXPECT_THAT(world.Handle(SwpMessage({{}})).reason, HasSubstr("set swp_events.topics"));
  ExpectUnchanged(world);
}

TEST(Attach, ATestMessageIsHeardAndNothingElse) {
  EventsWorld world;
  const EventReport report = world.Handle(R"({"Records":[{"EventSource":"aws:sns","Sns":{"TopicArn":")" +
                                          std::string(kSwpTopic) + R"(","Message":"[\"test\"]"}}]})");
  EXPECT_THAT(report.reason, HasSubstr("a test message"));
  EXPECT_EQ(world.Counted(kReceivedDocument), R"({"messages":1,"events":0,"attached":0})");
  ExpectUnchanged(world);
}

TEST(Attach, RepeatedEventsChangeNothing) {
  EventsWorld world;
  world.Handle(SwpMessage({{}}));
  const CaseRecord after = world.Case();
  const std::size_t events = world.Events();
  // SNS delivers again; and SWP publishes the same event with others that are known.
  EXPECT_THAT(world.Handle(SwpMessage({{}})).reason, HasSubstr("1 event repeated"));
  EXPECT_THAT(world.Handle(SwpMessage({{}, {}})).reason, HasSubstr("2 events repeated"));
  EXPECT_EQ(world.Case().changed_at, after.changed_at);
  EXPECT_EQ(world.Events(), events);
  EXPECT_EQ(world.Handle(SwpMessage({{}, {.id = "u2"}})).state, EventState::kDone);
  EXPECT_EQ(world.Evidence().Count(SwpEventKind::kMalware), 2);
}

TEST(Attach, ALateEventDoesNotOpenAClosedCaseAgain) {
  EventsWorld world;
  world.EndScans();
  world.RunFollowUps();
  ASSERT_TRUE(CloseCase(*world.ledger, CaseNumber{1}, "ana", "rebuilt").ok());
  world.before = world.Case();
  ASSERT_EQ(world.before.state, CaseState::kClosed);
  const std::size_t events = world.Events();
  EXPECT_THAT(world.Handle(SwpMessage({{.more = kPassedOn}})).reason, HasSubstr("no open case"));
  EXPECT_EQ(world.Case().state, CaseState::kClosed);
  EXPECT_EQ(world.Events(), events);
}

TEST(Attach, WhenSwpCannotBeAskedItIsDeliveredAgain) {
  EventsWorld world;
  world.reads.by_id.erase(34);
  world.reads.by_id.emplace(34, Error{ErrorCode::kUnavailable, "503", ""});
  const EventReport report = world.Handle(SwpMessage({{}}));
  EXPECT_EQ(report.state, EventState::kUndetermined);
  EXPECT_THAT(report.reason, HasSubstr("whose host it is is undetermined"));
  ExpectUnchanged(world);
  EXPECT_EQ(world.Counted(kReceivedDocument), "");
}

TEST(Attach, ADryRunAttachesNothing) {
  EventsWorld world;
  world.options.dry_run = true;
  const EventReport report = world.Handle(SwpMessage({{}}));
  EXPECT_THAT(report.reason, HasSubstr("would attach to 1 case"));
  EXPECT_THAT(report.plans, SizeIs(1));
  ExpectUnchanged(world);
  EXPECT_EQ(world.Counted(kReceivedDocument), "");
}

TEST(Attach, ABlockedAddressOfTheFindingIsNamed) {
  EventsWorld world;
  std::string finding = Finding("UnauthorizedAccess:EC2/SSHBruteForce");
  const std::string service = R"("service":{)";
  finding.replace(
      finding.find(service), service.size(),
      service + R"("action":{"networkConnectionAction":{"remoteIpDetails":{"ipAddressV4":"198.51.100.7"}}},)");
  finding.replace(finding.find("1ab0f7b2"), 8, "2ab0f7b2");
  ASSERT_EQ(world.Handle(finding).case_number->value, 2);
  world.Handle(SwpMessage({{.type = "PayloadLog",
                            .more = R"(,"Action":2,"SourceIP":"198.51.100.7","DestinationIP":"10.0.0.1")",
                            .at = "2025-11-24T16:05:00.000Z"}}));
  EXPECT_THAT(LedgerHistory(*world.ledger).EvidenceOf(2).value().blocked, ElementsAre("198.51.100.7"));
  // The other finding of the host does not name it.
  EXPECT_THAT(world.Evidence().blocked, IsEmpty());
  EXPECT_EQ(world.Evidence().Count(SwpEventKind::kIntrusion), 1);
}

TEST(Attach, MalwareThatIsLeftNeedsAPerson) {
  EventsWorld world;
  std::string finding = Finding("Recon:EC2/PortProbeUnprotectedPort");
  finding.replace(finding.find("1ab0f7b2"), 8, "3ab0f7b2");
  world.Handle(finding);
  const CaseNumber number{2};
  world.Handle(SwpMessage({{.at = "2025-11-24T16:05:00.000Z"}}));
  // Handled: the state is what it would be without it.
  EXPECT_EQ(world.ledger->GetCase(number).value().state, CaseState::kInProgress);
  world.Handle(SwpMessage({{.id = "u2", .more = kPassedOn, .at = "2025-11-24T16:05:01.000Z"}}));
  world.EndScans();
  world.RunFollowUps();
  EXPECT_EQ(world.ledger->GetCase(number).value().state, CaseState::kNeedsPerson);
  // A finding that says nothing of it does not take it back, and what is installed on the host stays.
  EXPECT_NE(LedgerHistory(*world.ledger).WhyEvidence(InstanceId{kInstance}).value(), "");
  finding.replace(finding.find("2025-11-24T16:00:00.000Z"), 24, "2025-11-24T16:09:00.000Z");
  world.Handle(finding);
  world.RunFollowUps();
  EXPECT_EQ(world.ledger->GetCase(number).value().state, CaseState::kNeedsPerson);
}

// The end of the case was told; then SWP reports what it did not remove.
TEST(Attach, MalwareIsToldWhenItIsReportedAndOnce) {
  EventsWorld world;
  world.notices.anyone_hears = true;
  world.EndScans();
  world.workflow_settings.rows.Edit<SwpEventsSettings>().wait = Duration{0};
  world.RunFollowUps(8);
  world.messages.clear();
  world.Handle(SwpMessage({{.more = kPassedOn}}));
  ASSERT_THAT(world.messages, SizeIs(1));
  EXPECT_THAT(world.messages[0].headline, HasSubstr("malware found"));
  EXPECT_THAT(world.messages[0].why_now, Contains(HasSubstr("malware scan finished: 1 detection, 1 passed")));
  world.Handle(SwpMessage({{.more = kPassedOn}}));
  world.Handle(SwpMessage({{.id = "u2"}}));
  EXPECT_THAT(world.messages, SizeIs(1));
}

TEST(Attach, ARetryDecidesAboutTheFindingAndNotAboutTheReport) {
  EventsWorld world;
  world.Handle(SwpMessage({{}}));
  const auto report = world.With([](Handler& handler) { return handler.Retry(CaseNumber{1}); });
  EXPECT_EQ(report.value().event->source, "aws.guardduty");
}

// It was recorded, and the process ended before its plan was.
TEST(Attach, WhatACrashLeftIsAttached) {
  EventsWorld world;
  const Arrival arrival = ParseDocument(SwpMessage({{}}), "test.json", world.tables.Forms()).at(0);
  NewEvent left;
  left.source = kEvidenceSource;
  left.sha256 = ContentSha256(*arrival.event);
  left.body = EventToJson(*arrival.event);
  left.matters = {{world.before.service, world.before.account, world.before.region, world.before.subject,
                   world.before.title, world.before.severity}};
  ASSERT_EQ(world.ledger->AddEvent(left).value().case_number, CaseNumber{1});
  EXPECT_EQ(world.Case().state, world.before.state);
  const auto reports = world.With([](Handler& handler) { return handler.Recover(); });
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_EQ(reports[0].state, EventState::kDone) << reports[0].reason;
  EXPECT_EQ(world.Evidence().Count(SwpEventKind::kMalware), 1);
}

TEST(Attach, TenThousandLeaveFewRecords) {
  EventsWorld world;
  std::vector<EventParts> all;
  all.reserve(10'000);
  for (int i = 0; i < 10'000; ++i) {
    all.push_back({.id = "n" + std::to_string(i), .type = "PacketLog", .more = R"(,"Action":1)"});
  }
  int taken = 0;
  const auto arrivals = ParseDocument(SwpMessage(all), "test.json", world.tables.Forms());
  for (const Arrival& arrival : arrivals) {
    taken += world.With([&](Handler& handler) { return handler.Handle(arrival).state == EventState::kDone ? 1 : 0; });
  }
  EXPECT_EQ(taken, static_cast<int>(arrivals.size()));
  EXPECT_LE(world.Events(), 1 + 10'000 / bounds::kObjectsTogether);
  EXPECT_EQ(world.Evidence().CountAll(), 10'000);
}

// Behind fifty plans one has all that is known, and nothing is lost or counted twice.
TEST(Attach, CountsStayRightOverManyMessages) {
  EventsWorld world;
  for (int i = 0; i < 130; ++i) {
    world.Handle(SwpMessage({{.id = "a" + std::to_string(i), .type = "PacketLog", .more = R"(,"Action":1)"},
                             {.id = "b" + std::to_string(i / 2), .type = "IntegrityEvent", .more = ""}}));
  }
  EXPECT_EQ(world.Evidence().Count(SwpEventKind::kFirewall), 130);
  EXPECT_EQ(world.Evidence().Count(SwpEventKind::kIntegrity), 65);
}

TEST(Attach, MalwareOpensACaseOnlyWhereTheSettingsSaySo) {
  EventsWorld world;
  const std::string other = "i-0fedcba9876543210";
  swp::Computer computer = ProtectedComputer(other, 35);
  computer.region = "us-east-1";
  world.reads.by_id.emplace(35, computer);
  const EventParts left{.id = "x1", .more = kPassedOn, .computer = 35, .instance = other};
  EXPECT_THAT(world.Handle(SwpMessage({left})).reason, HasSubstr("no open case"));
  world.workflow_settings.rows.Edit<SwpEventsSettings>().open_cases = true;
  EXPECT_EQ(world.Handle(SwpMessage({{.id = "x0", .computer = 35, .instance = other}})).number, std::nullopt);
  const EventReport report = world.Handle(SwpMessage({left}));
  ASSERT_TRUE(report.case_number.has_value()) << report.reason;
  const CaseRecord opened = world.ledger->GetCase(*report.case_number).value();
  EXPECT_EQ(opened.state, CaseState::kNeedsPerson);
  EXPECT_EQ(opened.subject, "malware on " + other);
  EXPECT_THAT(opened.hosts, ElementsAre("111122223333/us-east-1/" + other));
  EXPECT_THAT(world.messages, IsEmpty()) << "nobody hears";
  // The same again is no news.
  EXPECT_THAT(world.Handle(SwpMessage({left})).reason, HasSubstr("repeated"));
}

TEST(Attach, ACaseThatMalwareOpensIsTold) {
  EventsWorld world;
  const std::string other = "i-0fedcba9876543210";
  swp::Computer computer = ProtectedComputer(other, 35);
  computer.region = "us-east-1";
  world.reads.by_id.emplace(35, computer);
  world.workflow_settings.rows.Edit<SwpEventsSettings>().open_cases = true;
  world.notices.anyone_hears = true;
  world.notices.opened_from = 7;
  world.messages.clear();
  const EventParts left{.id = "x1", .more = kPassedOn, .computer = 35, .instance = other};
  ASSERT_TRUE(world.Handle(SwpMessage({left})).case_number.has_value());
  ASSERT_THAT(world.messages, SizeIs(1));
  EXPECT_THAT(world.messages[0].headline,
              testing::StartsWith(other + " malware found, Server & Workload Protection High"));
  EXPECT_EQ(world.messages[0].where.account, "111122223333");
  EXPECT_EQ(world.messages[0].case_state, "needs-person");
  EXPECT_THAT(world.messages[0].why_now, Contains(HasSubstr("1 detection")));
  world.Handle(SwpMessage({left}));
  EXPECT_THAT(world.messages, SizeIs(1)) << "a repetition tells nothing new";
}

// A finding is minutes old when it comes.
TEST(Attach, WhatHappenedShortlyBeforeTheCaseWasOpenedBelongsToIt) {
  EventsWorld world;
  EXPECT_EQ(world.Handle(SwpMessage({{.at = "2025-11-24T15:45:00.000Z"}})).state, EventState::kDone);
  EXPECT_EQ(world.Evidence().Count(SwpEventKind::kMalware), 1);
  world.workflow_settings.rows.Edit<SwpEventsSettings>().before = Duration{0};
  EXPECT_THAT(world.Handle(SwpMessage({{.id = "u2", .at = "2025-11-24T15:59:59.000Z"}})).reason,
              HasSubstr("before the case was opened"));
}

class FakeProof final : public NotificationProof {
 public:
  Result<std::string> WhyForged(const SnsNotification& notification) override {
    asked.push_back(notification);
    return answer;
  }
  Result<std::string> answer = std::string();
  std::vector<SnsNotification> asked;
};

TEST(Attach, ASignatureThatDoesNotHoldChangesNothingAndOneThatCannotBeCheckedComesAgain) {
  EventsWorld world;
  FakeProof proof;
  world.proof = &proof;
  proof.answer = std::string("its signature does not hold");
  const EventReport forged = world.Handle(SwpMessage({{}}));
  EXPECT_EQ(forged.state, EventState::kOutOfScope);
  EXPECT_THAT(forged.reason, HasSubstr("not believed: its signature does not hold"));
  ExpectUnchanged(world);
  EXPECT_EQ(world.Counted(kRefusedDocument), R"({"messages":1,"events":1,"attached":0})");
  proof.answer = Error{ErrorCode::kUnavailable, "no connection", ""};
  const EventReport unknown = world.Handle(SwpMessage({{}}));
  EXPECT_EQ(unknown.state, EventState::kUndetermined);
  EXPECT_THAT(unknown.reason, HasSubstr("undetermined whether SNS sent it: no connection"));
  ExpectUnchanged(world);
  proof.answer = std::string();
  EXPECT_EQ(world.Handle(SwpMessage({{}})).state, EventState::kDone);
  EXPECT_EQ(proof.asked.back().topic, kSwpTopic);
}

// Of several notifications in one input each is believed or not by itself.
TEST(Attach, AForgedNotificationBesideAGenuineOneIsNotBelieved) {
  EventsWorld world;
  class OnlyOne final : public NotificationProof {
   public:
    Result<std::string> WhyForged(const SnsNotification& notification) override {
      return std::string(notification.text.find("u1") == std::string::npos ? "forged" : "");
    }
  } proof;
  world.proof = &proof;
  std::string records = SwpMessage({{}});
  const std::string other = SwpMessage({{.id = "u2"}});
  const std::string front = R"({"Records":[)";
  records.insert(records.size() - 2, "," + other.substr(front.size(), other.size() - front.size() - 2));
  for (const Arrival& arrival : ParseDocument(records, "input", world.tables.Forms())) {
    world.With([&](Handler& handler) { return handler.Handle(arrival); });
  }
  EXPECT_EQ(world.Evidence().Count(SwpEventKind::kMalware), 1);
}

TEST(Attach, TheEndOfTheCaseWaitsForWhatSwpReports) {
  EventsWorld world;
  world.EndScans();
  world.RunFollowUps(3);
  world.messages.clear();
  world.Handle(SwpMessage({{.more = kPassedOn}}));
  world.RunFollowUps();
  ASSERT_FALSE(world.messages.empty());
  EXPECT_THAT(world.messages.back().headline, HasSubstr("Malware found: "));
  EXPECT_THAT(world.messages.back().why_now, Contains(HasSubstr("malware scan finished: 1 detection, 1 passed")));
}

}  // namespace
}  // namespace sallyport
