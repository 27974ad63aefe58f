// SPDX-License-Identifier: Apache-2.0
#include "intake/operator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "intake/world_for_test.h"

namespace sallyport {
namespace {

using swp::RuleModule;
using swp::ScanKind;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr const char* kMining = "CryptoCurrency:EC2/BitcoinTool.B!DNS";

std::string Archived() {
  std::string text = Finding(kMining);
  const std::string active = R"("archived":false)";
  text.replace(text.find(active), active.size(), R"("archived":true)");
  const std::string time = "16:00:00.000Z";
  return text.replace(text.find(time), time.size(), "16:30:00.000Z");
}

// A protected host.
struct CaseWorld : World {
  CaseWorld() {
    options.gates.mode = Mode::kEnforce;
    reads.computers.emplace(kInstance, std::vector{ProtectedComputer(kInstance)});
    reads.by_id.emplace(34, ProtectedComputer(kInstance));
    for (const RuleModule module : swp::kRuleModules) reads.assignments.emplace(module, swp::Assignments{});
  }

  void EndScans() {
    for (const ScanKind kind : {ScanKind::kRecommendation, ScanKind::kIntegrity, ScanKind::kMalware}) {
      swp::ScanProgress ended;
      ended.finished = true;
      ended.finished_at = clock.Now();
      ended.scan_status = "valid";
      if (kind == ScanKind::kRecommendation) ended.assignments.emplace();
      reads.progress.insert_or_assign(kind, ended);
    }
    RunFollowUps();
  }
};

CaseRecord CaseOf(World& world, std::int64_t number = 1) {
  return world.ledger->GetCase(CaseNumber{number}).value();
}

// A host that mines coins, whose scans have ended well.
void Scanned(CaseWorld& world) {
  world.Handle(Finding(kMining));
  world.EndScans();
}

TEST(Cases, AHostThatIsProbablyCompromisedNeedsAPersonWhenItsScansHaveEnded) {
  CaseWorld world;
  Scanned(world);
  EXPECT_EQ(CaseOf(world).state, CaseState::kNeedsPerson);
  ASSERT_THAT(world.messages, SizeIs(1));
  EXPECT_THAT(world.messages[0].headline, HasSubstr("Scans finished"));
}

TEST(Cases, TheArchivedFindingClosesIt) {
  CaseWorld world;
  Scanned(world);
  EXPECT_EQ(world.Handle(Archived()).state, EventState::kDone);
  EXPECT_EQ(CaseOf(world).state, CaseState::kClosed);
  EXPECT_EQ(CaseOf(world).outcome, "settled");
}

TEST(Cases, CloudTrailsRecordOfTheArchivingClosesItToo) {
  CaseWorld world;
  Scanned(world);
  const std::string record =
      R"({"source":"aws.guardduty","detail-type":"AWS API Call via CloudTrail","account":"111122223333",)"
      R"("region":"us-east-1","time":"2025-11-24T17:00:00Z","detail":{"eventSource":"guardduty.amazonaws.com",)"
      R"("eventName":"ArchiveFindings","userIdentity":{"arn":"arn:aws:iam::111122223333:user/ana"},)"
      R"("requestParameters":{"detectorId":"d","findingIds":["1ab0f7b2c1d34e5f60718293a4b5c6d7"]})";
  EXPECT_EQ(world.Handle(record + R"(,"errorCode":"AccessDenied"}})").state, EventState::kDone);
  EXPECT_EQ(CaseOf(world).state, CaseState::kNeedsPerson) << "it was refused";
  const EventReport report = world.Handle(record + "}}");
  EXPECT_EQ(report.state, EventState::kDone);
  EXPECT_THAT(report.reason, HasSubstr("archived in GuardDuty by arn:aws:iam::111122223333:user/ana"));
  EXPECT_EQ(CaseOf(world).state, CaseState::kClosed);
}

TEST(Cases, AnOperatorClosesItWithAReasonAndOnce) {
  CaseWorld world;
  Scanned(world);
  EXPECT_EQ(CloseCase(*world.ledger, CaseNumber{1}, "ana", " ").error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(CloseCase(*world.ledger, CaseNumber{9}, "ana", "why").error().code, ErrorCode::kNotFound);
  const auto closed = CloseCase(*world.ledger, CaseNumber{1}, "ana", "a test host");
  ASSERT_TRUE(closed.ok()) << closed.error().message;
  EXPECT_EQ(closed->state, CaseState::kClosed);
  EXPECT_EQ(closed->outcome, "settled");
  EXPECT_THAT(closed->reason, HasSubstr("closed by ana: a test host"));
  EXPECT_EQ(CloseCase(*world.ledger, CaseNumber{1}, "ana", "again").error().code, ErrorCode::kRefused);
  EXPECT_THAT(world.ledger->Verify().value().broken, SizeIs(0));
}

TEST(Cases, OfTwoWhoCloseItAtOnceOneDoes) {
  CaseWorld world;
  Scanned(world);
  std::vector<Result<CaseRecord>> closed(2, Error{ErrorCode::kInternal, "", ""});
  {
    std::vector<std::thread> operators;
    for (std::size_t i = 0; i < 2; ++i) {
      operators.emplace_back(
          [&, i] { closed[i] = CloseCase(*world.ledger, CaseNumber{1}, i == 0 ? "ana" : "ben", "a test host"); });
    }
    for (std::thread& one : operators) one.join();
  }
  ASSERT_NE(closed[0].ok(), closed[1].ok()) << "exactly one";
  EXPECT_EQ((closed[0].ok() ? closed[1] : closed[0]).error().code, ErrorCode::kRefused);
  EXPECT_EQ(CaseOf(world).outcome, "settled");
  std::size_t plans = 0;
  for (const PlanRecord& plan : world.ledger->Show(EventNumber{1}).value().plans) plans += plan.workflow == "operator";
  EXPECT_EQ(plans, 1U);
  EXPECT_THAT(world.ledger->Verify().value().broken, SizeIs(0));
}

TEST(Cases, WhoClosesAndWhoRetriesAtOnceBothGetTheRightWord) {
  CaseWorld world;
  Scanned(world);
  Result<CaseRecord> closed = Error{ErrorCode::kInternal, "", ""};
  Result<EventReport> retried = Error{ErrorCode::kInternal, "", ""};
  const Handler handler = world.MakeHandler();
  std::thread closes([&] { closed = CloseCase(*world.ledger, CaseNumber{1}, "ana", "a test host"); });
  std::thread retries([&] { retried = handler.Retry(CaseNumber{1}); });
  closes.join();
  retries.join();
  EXPECT_TRUE(closed.ok());
  // The retry was first, or it was told that the case is closed.
  if (!retried.ok()) {
    EXPECT_EQ(retried.error().code, ErrorCode::kRefused);
  }
  world.EndScans();
  EXPECT_THAT(world.ledger->Verify().value().broken, SizeIs(0));
  ListFilter all;
  all.limit = 100;
  all.cases_only = false;
  for (const auto& event : world.ledger->List(all).value()) {
    EXPECT_TRUE(HasEnded(event.state)) << event.number.value;
  }
}

TEST(Cases, AnAcknowledgementIsShownAndEndsWithTheNextDecision) {
  CaseWorld world;
  Scanned(world);
  const TimePoint until = world.clock.Now() + std::chrono::hours(48);
  const auto acknowledged =
      AcknowledgeCase(*world.ledger, CaseNumber{1}, "ana@admin", until, world.clock.Now(), "isolated");
  ASSERT_TRUE(acknowledged.ok()) << acknowledged.error().message;
  EXPECT_EQ(acknowledged->state, CaseState::kNeedsPerson) << "it needs a person as before";
  EXPECT_THAT(acknowledged->acknowledged, HasSubstr("ana@admin until 2025-11-26T16:"));
  EXPECT_EQ(AcknowledgedUntil(*world.ledger, CaseNumber{1}).value(), until);
  EXPECT_EQ(AcknowledgeCase(*world.ledger, CaseNumber{1}, "ana", world.clock.Now(), world.clock.Now(), "").error().code,
            ErrorCode::kInvalidInput);
  ASSERT_TRUE(CloseCase(*world.ledger, CaseNumber{1}, "ana", "done").ok());
  EXPECT_EQ(CaseOf(world).acknowledged, "");
  EXPECT_FALSE(AcknowledgedUntil(*world.ledger, CaseNumber{1}).value().has_value());
  EXPECT_EQ(AcknowledgeCase(*world.ledger, CaseNumber{1}, "ana", until, world.clock.Now(), "").error().code,
            ErrorCode::kRefused);
}

TEST(Cases, ARetryTakesUpWhatAGateHadStopped) {
  CaseWorld world;
  world.options.gates.mode = Mode::kObserve;
  world.Handle(Finding(kMining));
  EXPECT_EQ(CaseOf(world).state, CaseState::kNeedsPerson) << "probably compromised";
  CaseFilter by_gate;
  by_gate.stopped_by = "mode";
  EXPECT_THAT(world.ledger->ListCases(by_gate).value(), SizeIs(1));
  by_gate.stopped_by = "kill-switch";
  EXPECT_THAT(world.ledger->ListCases(by_gate).value(), SizeIs(0));
  world.options.gates.mode = Mode::kEnforce;
  const auto report = world.With([](Handler& handler) { return handler.Retry(CaseNumber{1}); });
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->case_number->value, 1);
  EXPECT_THAT(world.writes.requested, SizeIs(3));
  EXPECT_EQ(CaseOf(world).state, CaseState::kInProgress);
  EXPECT_EQ(world.With([](Handler& handler) { return handler.Retry(CaseNumber{77}); }).error().code,
            ErrorCode::kNotFound);
}

TEST(Cases, ASampleIsNoCase) {
  CaseWorld world;
  world.Handle(Finding(kMining));
  std::string sample = Finding(kMining);
  const std::string count = R"("count":1)";
  sample.replace(sample.find(count), count.size(), R"("count":1,"additionalInfo":{"sample":true})");
  const std::string id = "1ab0f7b2c1d34e5f60718293a4b5c6d7";
  sample.replace(sample.find(id), id.size(), "9ab0f7b2c1d34e5f60718293a4b5c6d9");
  world.Handle(sample);
  const auto listed = world.ledger->ListCases({}).value();
  ASSERT_THAT(listed, SizeIs(1));
  EXPECT_EQ(listed[0].number.value, 1);
  CaseFilter all;
  all.samples = true;
  EXPECT_THAT(world.ledger->ListCases(all).value(), SizeIs(2));
}

TEST(Cases, AnUpdateThatCallsItselfASampleHidesNothing) {
  CaseWorld world;
  world.Handle(Finding(kMining));
  std::string sample = Finding(kMining);
  const std::string count = R"("count":1)";
  sample.replace(sample.find(count), count.size(), R"("count":2,"additionalInfo":{"sample":true})");
  const std::string time = "16:00:00.000Z";
  world.Handle(sample.replace(sample.find(time), time.size(), "16:20:00.000Z"));
  EXPECT_THAT(world.ledger->ListCases({}).value(), SizeIs(1));
}

TEST(Cases, AClosedCaseOpensAgainWithANewUpdate) {
  CaseWorld world;
  Scanned(world);
  ASSERT_TRUE(CloseCase(*world.ledger, CaseNumber{1}, "ana", "a test host").ok());
  std::string again = Finding(kMining);
  const std::string time = "16:00:00.000Z";
  world.Handle(again.replace(again.find(time), time.size(), "16:20:00.000Z"));
  EXPECT_NE(CaseOf(world).state, CaseState::kClosed);
}

TEST(Cases, WhatIsOnItsWayGoesOnAfterItsCaseWasClosed) {
  CaseWorld world;
  world.Handle(Finding(kMining));
  const auto closed = CloseCase(*world.ledger, CaseNumber{1}, "ana", "a test host");
  ASSERT_TRUE(closed.ok()) << closed.error().message;
  EXPECT_EQ(closed->state, CaseState::kInProgress);
  world.EndScans();
  EXPECT_EQ(CaseOf(world).state, CaseState::kClosed);
}

TEST(Cases, AnEventFromOutsideCannotCloseOne) {
  CaseWorld world;
  Scanned(world);
  world.Handle(R"({"source":"sallyport.operator","detail-type":"Case Closed","account":"111122223333",)"
               R"("region":"us-east-1","detail":{"closed_by":"mallory"}})");
  EXPECT_EQ(CaseOf(world).state, CaseState::kNeedsPerson);
}

}  // namespace
}  // namespace sallyport
