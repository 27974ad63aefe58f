// SPDX-License-Identifier: Apache-2.0
#include "intake/handle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "intake/world_for_test.h"
#include "ledger/forwarding_ledger_for_test.h"
#include "workflow/guardduty.h"

namespace sallyport {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

TEST(Handler, TakesAFindingToScanRequestsAndRecordsEachStep) {
  World world;
  world.options.gates.mode = Mode::kEnforce;
  world.reads.computers.emplace(kInstance, std::vector{ProtectedComputer(kInstance)});
  const EventReport report = world.Handle(Finding("UnauthorizedAccess:EC2/SSHBruteForce"));
  EXPECT_EQ(report.state, EventState::kWaiting);
  EXPECT_EQ(report.swp_calls, 4);
  ASSERT_THAT(world.writes.requested, SizeIs(2));
  const Case recorded = world.ledger->Show(*report.number).value();
  EXPECT_EQ(recorded.event.state, EventState::kWaiting);
  EXPECT_EQ(recorded.event.event.subject, "1ab0f7b2c1d34e5f60718293a4b5c6d7");
  EXPECT_EQ(recorded.event.event.title, "UnauthorizedAccess:EC2/SSHBruteForce");
  EXPECT_EQ(recorded.plans.at(0).digest, PlanDigest(report.plans.at(0).plan));
  EXPECT_THAT(recorded.actions, SizeIs(2));
  EXPECT_EQ(recorded.actions[0].state, ActionState::kRequested);
}

// How each batch of a finding was recorded: whether a loss of power may take it.
class WatchedLedger final : public ForwardingLedger {
 public:
  using ForwardingLedger::ForwardingLedger;
  Result<Committed> Commit(const Batch& batch) override {
    may_be_lost.push_back(batch.may_be_lost);
    return ForwardingLedger::Commit(batch);
  }
  std::vector<bool> may_be_lost;
};

std::vector<bool> LostOf(World& world, const std::string& finding) {
  WatchedLedger watched(std::move(world.ledger));
  world.in_front = &watched;
  world.Handle(finding);
  return watched.may_be_lost;
}

// What a question looks for anyway may be lost with the power; a message that was sent cannot be found again, nor why
// something failed.
TEST(Handler, OnlyWhatCanBeFoundAgainWaitsForItsSync) {
  const std::string finding = Finding("UnauthorizedAccess:EC2/SSHBruteForce");
  World scans;
  scans.options.gates.mode = Mode::kEnforce;
  scans.reads.computers.emplace(kInstance, std::vector{ProtectedComputer(kInstance)});
  EXPECT_THAT(LostOf(scans, finding), ElementsAre(false, true)) << "the plan, before the act; what came of it";
  World message;
  message.options.gates.mode = Mode::kEnforce;
  EXPECT_THAT(LostOf(message, finding), ElementsAre(false, false));
  World fails;
  fails.options.gates.mode = Mode::kEnforce;
  fails.reads.computers.emplace(kInstance, std::vector{ProtectedComputer(kInstance)});
  fails.writes.failures = {Error{ErrorCode::kInvalidInput, "SWP says no", ""}};
  EXPECT_THAT(LostOf(fails, finding), ElementsAre(false, false));
}

// Whoever looks for the cases of an owner finds those where nobody had to be told anything, too.
TEST(Handler, ACaseHasTheOwnersOfItsHosts) {
  World world;
  world.options.gates.mode = Mode::kEnforce;
  world.workflow_settings.owner.owner_tags = {"Team"};
  swp::Computer computer = ProtectedComputer(kInstance);
  computer.tags = std::vector<swp::Tag>{{"Team", "team-web, team-db"}};
  world.reads.computers.emplace(kInstance, std::vector{computer});
  const EventReport report = world.Handle(Finding("UnauthorizedAccess:EC2/SSHBruteForce"));
  const Plan& plan = report.plans.at(0).plan;
  EXPECT_EQ(plan.hosts.at(0).owner, "team-web, team-db");
  for (const PlannedAction& planned : plan.actions) EXPECT_FALSE(planned.action.Is<NotifyOwner>());
  const auto theirs = world.ledger->ListCases({.owner = "team-web"}).value();
  ASSERT_THAT(theirs, SizeIs(1));
  EXPECT_EQ(theirs[0].number, *report.case_number);
  EXPECT_EQ(theirs[0].owners, (std::vector<std::string>{"team-web", "team-db"}));
  EXPECT_THAT(world.ledger->ListCases({.owner = "team"}).value(), SizeIs(0));
}

TEST(Handler, AnUnreadableEventIsRecordedWithItsReason) {
  World world;
  const EventReport report = world.Handle("{\"detail\":");
  EXPECT_EQ(report.state, EventState::kUnreadable);
  EXPECT_THAT(report.reason, HasSubstr("test.json"));
  const Case recorded = world.ledger->Show(*report.number).value();
  EXPECT_EQ(recorded.event.state, EventState::kUnreadable);
  EXPECT_THAT(recorded.event.reason, HasSubstr("not valid JSON"));
}

TEST(Handler, AMalformedFindingIsUnreadableAndNamesThePath) {
  World world;
  std::string text = Finding("Trojan:EC2/DropPoint");
  text.replace(text.find(kInstance), 5, "i-XYZ");
  const EventReport report = world.Handle(text);
  EXPECT_EQ(report.state, EventState::kUnreadable);
  EXPECT_THAT(report.reason, HasSubstr("instanceId"));
  EXPECT_TRUE(world.reads.asked.empty());
}

TEST(Handler, AnEventWithoutAWorkflowIsOutOfScopeAndSaysWhichExist) {
  World world;
  const EventReport report = world.Handle(
      R"({"version":"0","id":"e1","detail-type":"AWS Health Event","source":"aws.health","account":"111122223333",)"
      R"("region":"us-east-1","detail":{"id":"x"}})");
  EXPECT_EQ(report.state, EventState::kOutOfScope);
  EXPECT_THAT(report.reason, HasSubstr("`aws.health`"));
  EXPECT_THAT(report.reason, HasSubstr("`aws.guardduty`"));
}

TEST(Handler, AnEventOfAServiceThatAwsSwitchedOffGetsOneSentence) {
  World world;
  const EventReport report = world.Handle(
      R"({"version":"0","id":"e1","detail-type":"Inspector Finding","source":"aws.inspector","account":"111122223333",)"
      R"("region":"us-east-1","detail":{"id":"x"}})");
  EXPECT_EQ(report.state, EventState::kOutOfScope);
  EXPECT_THAT(report.reason, HasSubstr("an event of Inspector Classic, which AWS switched off on 20 May 2026"));
}

// The host of an attack sequence, by its ARN and by the account beside it: nothing is done where they differ.
TEST(Handler, AHostWhoseArnNamesAnotherAccountIsLeftAlone) {
  const auto sequence = [](const std::string& of_arn) {
    return R"({"detail-type":"GuardDuty Finding","source":"aws.guardduty","account":"111122223333","region":"us-east-1",)"
           R"("detail":{"accountId":"111122223333","region":"us-east-1","id":"1ab0f7b2c1d34e5f60718293a4b5c6d8",)"
           R"("severity":9,"type":"AttackSequence:EC2/CompromisedInstanceGroup","resource":{"resourceType":)"
           R"("AttackSequence"},"service":{"detection":{"sequence":{"resources":[{"resourceType":"EC2_INSTANCE",)"
           R"("accountId":"111122223333","uid":"arn:aws:ec2:us-east-1:)" +
           of_arn + R"(:instance/i-0123456789abcdef0"}]}}}}})";
  };
  World world;
  const EventReport report = world.Handle(sequence("444455556666"));
  EXPECT_EQ(report.state, EventState::kUndetermined) << report.reason;
  EXPECT_THAT(report.reason, testing::HasSubstr("the host's ARN is of AWS account `444455556666`"));
  EXPECT_TRUE(world.writes.requested.empty());
  World same;
  EXPECT_NE(same.Handle(sequence("111122223333")).state, EventState::kUndetermined);
}

TEST(Handler, AFailedReadEndsUndeterminedAndTellsNobodyThatTheHostIsUnprotected) {
  World world;
  world.options.gates.mode = Mode::kEnforce;
  world.reads.computers.emplace(kInstance, Error{ErrorCode::kUnauthenticated, "the API key is wrong", "check it"});
  const EventReport report = world.Handle(Finding("Trojan:EC2/DropPoint"));
  EXPECT_EQ(report.state, EventState::kUndetermined);
  EXPECT_THAT(report.reason, HasSubstr("the API key is wrong"));
  EXPECT_TRUE(world.messages.empty());
}

TEST(Handler, AFailedActionFailsTheEvent) {
  World world;
  world.options.gates.mode = Mode::kEnforce;
  world.reads.computers.emplace(kInstance, std::vector{ProtectedComputer(kInstance)});
  world.writes.failures = {Error{ErrorCode::kForbidden, "no right to create tasks", "add it"}};
  const EventReport report = world.Handle(Finding("UnauthorizedAccess:EC2/SSHBruteForce"));
  EXPECT_EQ(report.state, EventState::kFailed);
  EXPECT_THAT(report.reason, HasSubstr("no right to create tasks"));
}

TEST(Handler, ADuplicateDeliveryRequestsNothingAgain) {
  World world;
  world.options.gates.mode = Mode::kEnforce;
  world.reads.computers.emplace(kInstance, std::vector{ProtectedComputer(kInstance)});
  world.Handle(Finding("UnauthorizedAccess:EC2/SSHBruteForce"));
  const EventReport again = world.Handle(Finding("UnauthorizedAccess:EC2/SSHBruteForce"));
  EXPECT_EQ(again.state, EventState::kDuplicate);
  EXPECT_EQ(again.swp_calls, 0);
  EXPECT_EQ(again.case_number->value, 1);
  EXPECT_THAT(world.writes.requested, SizeIs(2));
}

std::string FindingOf(const std::string& updated_at, bool archived) {
  std::string text = Finding("UnauthorizedAccess:EC2/SSHBruteForce");
  const auto put = [&](const std::string& what, const std::string& by) {
    text.replace(text.find(what), what.size(), by);
  };
  put("2025-11-24T16:00:00.000Z", updated_at);
  if (archived) put(R"("archived":false)", R"("archived":true)");
  return text;
}

TEST(Handler, TheNewerUpdateCountsWhateverArrivesLast) {
  World world;
  world.options.gates.mode = Mode::kEnforce;
  world.reads.computers.emplace(kInstance, std::vector{ProtectedComputer(kInstance)});
  EXPECT_EQ(world.Handle(FindingOf("2025-11-24T15:40:00.000Z", true)).state, EventState::kDone);
  const EventReport older = world.Handle(FindingOf("2025-11-24T15:10:00.000Z", false));
  EXPECT_EQ(older.state, EventState::kDuplicate);
  EXPECT_THAT(older.reason, HasSubstr("older than what is known: this update is of 2025-11-24 15:10:00 UTC"));
  EXPECT_THAT(world.writes.requested, SizeIs(0));
  const EventReport newer = world.Handle(FindingOf("2025-11-24T15:50:00.000Z", false));
  EXPECT_EQ(newer.state, EventState::kWaiting);
  EXPECT_THAT(world.writes.requested, SizeIs(2));
  EXPECT_EQ(world.Handle(FindingOf("2025-11-24T15:45:00.000Z", true)).state, EventState::kDuplicate)
      << "the newest that was decided counts, not the last that arrived";
}

// An update of the year 2036 would otherwise make all later ones old.
TEST(Handler, AnUpdateFromTheFutureIsNotTheNewest) {
  World world;
  world.options.gates.mode = Mode::kEnforce;
  world.reads.computers.emplace(kInstance, std::vector{ProtectedComputer(kInstance)});
  const EventReport ahead = world.Handle(FindingOf("2036-11-24T15:40:00.000Z", false));
  EXPECT_THAT(ahead.reason, HasSubstr("in the future, so its age is undetermined"));
  EXPECT_THAT(world.writes.requested, SizeIs(0));
  EXPECT_EQ(world.Handle(FindingOf("2025-11-24T15:50:00.000Z", false)).state, EventState::kWaiting);
  EXPECT_THAT(world.writes.requested, SizeIs(2));
}

TEST(Handler, AClockThatIsSetBackMakesNoUpdateOneOfTheFuture) {
  World world;
  world.options.gates.mode = Mode::kEnforce;
  world.reads.computers.emplace(kInstance, std::vector{ProtectedComputer(kInstance)});
  EXPECT_EQ(world.Handle(FindingOf("2025-11-24T15:40:00.000Z", true)).state, EventState::kDone);
  world.clock.Advance(-Duration(std::chrono::hours(24)));
  EXPECT_EQ(world.Handle(FindingOf("2025-11-24T15:10:00.000Z", false)).state, EventState::kDuplicate)
      << "it is older than what was heard before the clock was set back";
}

TEST(Handler, NothingIsRecordedOfAClockAndOfAnEmptyList) {
  World world;
  for (const char* text :
       {"{}", R"({"findings":[]})", R"({"source":"aws.scheduler","detail-type":"Scheduled Event","detail":"{}"})"}) {
    const EventReport report = world.Handle(text);
    EXPECT_EQ(report.state, EventState::kOutOfScope) << text;
    EXPECT_FALSE(report.number) << text;
    EXPECT_NE(report.reason, "") << text;
  }
  EXPECT_THAT(world.ledger->List({}).value(), SizeIs(0));
}

TEST(Handler, AScanOfAnObjectNamesItsBucketAndResult) {
  World world;
  const EventReport report = world.Handle(
      R"({"source":"aws.guardduty","detail-type":"GuardDuty Malware Protection Object Scan Result",)"
      R"("account":"111122223333","region":"us-east-1","detail":{"s3ObjectDetails":{"bucketName":"example-inbox"},)"
      R"("scanResultDetails":{"scanResultStatus":"THREATS_FOUND"}}})");
  EXPECT_EQ(report.state, EventState::kOutOfScope);
  EXPECT_THAT(report.reason, HasSubstr("bucket `example-inbox` for malware: THREATS_FOUND"));
}

TEST(Handler, TheOwnerOfAnUnprotectedHostIsToldOnce) {
  World world;
  world.reads.computers.emplace(kInstance, std::vector{InventoryOnly(kInstance)});
  world.Handle(Finding("Trojan:EC2/DropPoint"));
  world.Handle(Finding("Trojan:EC2/DropPoint"));
  ASSERT_THAT(world.messages, SizeIs(1));
  EXPECT_EQ(world.messages[0].owner.name, "team-shop@example.com");
  EXPECT_EQ(world.messages[0].case_id, 1);
}

// A second row that takes the same findings.
Workflow SecondRow() {
  auto row = GuardDutyWorkflow();
  row.name = "second";
  return row.Row();
}

TEST(Handler, EachRowThatTakesAnEventMakesAPlanAndWhatBothWantIsDoneOnce) {
  World world;
  world.options.gates.mode = Mode::kEnforce;
  world.reads.computers.emplace(kInstance, std::vector{ProtectedComputer(kInstance)});
  world.tables.workflows.push_back(SecondRow());
  const EventReport report = world.Handle(Finding("UnauthorizedAccess:EC2/SSHBruteForce"));
  ASSERT_THAT(report.plans, SizeIs(2));
  EXPECT_EQ(report.plans[0].plan.workflow, "guardduty");
  EXPECT_EQ(report.plans[1].plan.workflow, "second");
  EXPECT_EQ(report.state, EventState::kWaiting) << report.reason;
  EXPECT_THAT(world.writes.requested, SizeIs(2));  // a recommendation and an integrity scan, once each
  EXPECT_THAT(world.ledger->PlansOf(*report.number).value(), SizeIs(2));
}

}  // namespace
}  // namespace sallyport
