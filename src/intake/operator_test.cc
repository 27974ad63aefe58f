// SPDX-License-Identifier: Apache-2.0
#include "intake/operator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
