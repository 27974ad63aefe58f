// SPDX-License-Identifier: Apache-2.0
//
// What is left behind when a process is killed, or the disk is full, between two of the three commits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "action/assign_rules.h"
#include "intake/crash_for_test.h"
#include "intake/operator.h"

namespace sallyport {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;
using How = FailingLedger::How;

// A scan of one host, and another host about which SWP could not be asked.
Plan WithAnUnreadableHost() {
  Plan plan;
  plan.decision = Decision::kAct;
  plan.reasons = {"made up"};
  HostDecision readable;
  readable.host = MadeUpHost(kInstance);
  readable.summary = "1 scan requested on web-01 (i-0123456789abcdef0), not finished yet";
  readable.protection.state = ProtectionState::kProtected;
  readable.scans = {{swp::ScanKind::kIntegrity, ScanVerdict::kPlanned, "because"}};
  HostDecision unreadable;
  unreadable.host = MadeUpHost("i-0fedcba9876543210");
  unreadable.protection.decisive = {{ProtectionReason::kReadFailed, std::nullopt, "SWP could not be asked", "wait"}};
  plan.hosts = {readable, unreadable};
  plan.actions = {ScanOf(34)};
  return plan;
}

Plan WithAnUnreadableBucket() {
  Plan plan;
  plan.decision = Decision::kAct;
  plan.others = {{"bucket", "example-site", "", "111122223333", "us-east-1", "detail", "looked at", "access denied"}};
  plan.actions = {ScanOf(34)};
  return plan;
}

Plan OneScan() {
  Plan plan;
  plan.decision = Decision::kAct;
  plan.reasons = {"one scan"};
  plan.actions = {ScanOf(34)};
  return plan;
}

void EndsUndeterminedHoweverItIsStopped(const Plan& content, const std::string& reason) {
  FileWorld undisturbed;
  undisturbed.tables.workflows.push_back(MadeUpRow("made-up", content));
  ASSERT_EQ(undisturbed.Handle(MadeUpEvent()).state, EventState::kUndetermined);

  FileWorld killed;
  killed.tables.workflows.push_back(MadeUpRow("made-up", content));
  killed.HandleAndDie(MadeUpEvent());
  ASSERT_EQ(killed.Event(1).state, EventState::kPlanned);
  killed.writes.held = swp::AcceptedScan{ScheduledTaskId{501}, killed.clock.Now(), true};
  killed.With([](Handler& handler) { return handler.Recover(); });
  EXPECT_EQ(killed.Event(1).state, EventState::kUndetermined);
  EXPECT_EQ(killed.Event(1).reason, undisturbed.Event(1).reason);
  EXPECT_THAT(killed.Event(1).reason, HasSubstr(reason));
  EXPECT_EQ(killed.Standing(1), undisturbed.Standing(1));
  EXPECT_EQ(killed.StatesOf(1), undisturbed.StatesOf(1));
  EXPECT_THAT(killed.writes.requested, SizeIs(1));
  // It is to be tried again.
  EXPECT_NE(killed.Handle(MadeUpEvent()).state, EventState::kDuplicate);
}

TEST(AfterACrash, AnEventWithAHostThatCouldNotBeReadIsStillUndetermined) {
  EndsUndeterminedHoweverItIsStopped(WithAnUnreadableHost(), "i-0fedcba9876543210: SWP could not be asked");
}

TEST(AfterACrash, AnEventWithABucketThatCouldNotBeReadIsStillUndetermined) {
  EndsUndeterminedHoweverItIsStopped(WithAnUnreadableBucket(), "bucket example-site: access denied");
}

TEST(AfterACrash, WhatIsToldOfAnEventIsTheSame) {
  Plan content = WithAnUnreadableHost();
  content.hosts.pop_back();
  FileWorld undisturbed;
  undisturbed.tables.workflows.push_back(MadeUpRow("made-up", content));
  ASSERT_EQ(undisturbed.Handle(MadeUpEvent()).reason,
            "1 scan requested on web-01 (i-0123456789abcdef0), not finished yet");
  FileWorld killed;
  killed.tables.workflows.push_back(MadeUpRow("made-up", content));
  killed.HandleAndDie(MadeUpEvent());
  killed.writes.held = swp::AcceptedScan{ScheduledTaskId{501}, killed.clock.Now(), true};
  const auto reports = killed.With([](Handler& handler) { return handler.Recover(); });
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_EQ(reports[0].state, EventState::kWaiting);
  EXPECT_EQ(reports[0].reason, "1 scan requested on web-01 (i-0123456789abcdef0), not finished yet");
}

// A second row that came with an update between crash and restart wants the same.
TEST(AfterACrash, WhatAPlanThatIsMadeNowWantsTooIsDoneOnce) {
  FileWorld world;
  world.tables.workflows.push_back(MadeUpRow("first", OneScan()));
  world.HandleAndDie(MadeUpEvent());
  const std::string digest = world.ledger->PlansOf(EventNumber{1}).value().at(0).digest;
  world.tables.workflows.push_back(MadeUpRow("second", OneScan()));
  world.writes.held = swp::AcceptedScan{ScheduledTaskId{501}, world.clock.Now(), true};
  const auto reports = world.With([](Handler& handler) { return handler.Recover(); });
  ASSERT_THAT(reports, SizeIs(1));
  const auto plans = world.ledger->PlansOf(EventNumber{1}).value();
  ASSERT_THAT(plans, SizeIs(2));
  EXPECT_EQ(plans[0].digest, digest) << "what is recorded stays as it is";
  EXPECT_THAT(world.ledger->ActionsOf(plans[1].number).value(), IsEmpty());
  EXPECT_THAT(plans[1].json, HasSubstr("planned by workflow first already"));
  EXPECT_THAT(world.StatesOf(1), ElementsAre("request-scan requested"));
  EXPECT_THAT(world.writes.requested, SizeIs(1));
}

TEST(WhenTheDiskIsFull, AtThePlanNothingIsDone) {
  FileWorld world;
  world.tables.workflows.push_back(MadeUpRow("made-up", OneScan()));
  const EventReport report = world.HandleFailing(MadeUpEvent(), 2, How::kFromThenOn);
  EXPECT_TRUE(report.ledger_failed);
  EXPECT_EQ(report.state, EventState::kFailed);
  EXPECT_THAT(report.reason, HasSubstr("the ledger could not record the plan, so nothing was done: the disk is full"));
  EXPECT_THAT(world.writes.requested, IsEmpty());
  EXPECT_EQ(world.Event(1).state, EventState::kReceived);
  // With room again it is planned and done.
  world.With([](Handler& handler) { return handler.Recover(); });
  EXPECT_THAT(world.writes.requested, SizeIs(1));
  EXPECT_THAT(world.StatesOf(1), ElementsAre("request-scan requested"));
}

void IsDoneSaidAndFoundLater(How how) {
  FileWorld world;
  world.tables.workflows.push_back(MadeUpRow("made-up", OneScan()));
  const EventReport report = world.HandleFailing(MadeUpEvent(), 3, how);
  EXPECT_THAT(world.writes.requested, SizeIs(1));
  EXPECT_TRUE(report.ledger_failed);
  EXPECT_EQ(report.state, EventState::kFailed);
  EXPECT_THAT(report.reason, HasSubstr("the ledger could not record what came of it: the disk is full"));
  ASSERT_THAT(report.plans, SizeIs(1));
  EXPECT_EQ(report.plans[0].outcomes.at(0).state, ActionState::kRequested);
  EXPECT_FALSE(report.plans[0].outcomes.at(0).recorded);
  EXPECT_THAT(report.plans[0].outcomes.at(0).reason, HasSubstr("the ledger could not record it"));
  EXPECT_EQ(world.Event(1).state, EventState::kPlanned) << "nothing claims that it ended";
  EXPECT_THAT(world.StatesOf(1), ElementsAre("request-scan intended"));

  world.writes.held = swp::AcceptedScan{ScheduledTaskId{501}, world.clock.Now(), true};
  world.With([](Handler& handler) { return handler.Recover(); });
  EXPECT_THAT(world.writes.requested, SizeIs(1)) << "no second scan";
  EXPECT_EQ(world.Event(1).state, EventState::kWaiting);
  EXPECT_THAT(world.StatesOf(1), ElementsAre("request-scan requested"));
  EXPECT_TRUE(world.ledger->FindOpenFollowUp("scan-finished/scan-for-integrity-changes/computer 34").value());
}

TEST(WhenTheDiskIsFull, ForOneOutcomeWhatWasDoneIsSaidAndFoundLater) {
  IsDoneSaidAndFoundLater(How::kOnce);
}

TEST(WhenTheDiskIsFull, FromAnOutcomeOnWhatWasDoneIsSaidAndFoundLater) {
  IsDoneSaidAndFoundLater(How::kFromThenOn);
}

// A process that goes on running is never taken for gone: it remembers what it could not bring to its end.
TEST(WhenTheDiskIsFull, TheSameProcessBringsItToItsEndWhenItIsDeliveredAgain) {
  FileWorld world;
  world.tables.workflows.push_back(MadeUpRow("made-up", OneScan()));
  world.ledger.reset();
  FailingLedger failing(SqliteLedger::Open(world.Path(), world.clock).value(), 3, How::kOnce);
  const Handler handler = world.MakeHandler(failing);
  const auto deliver = [&] {
    return handler.Handle(ParseDocument(MadeUpEvent(), "test.json", world.tables.Forms()).at(0));
  };
  ASSERT_TRUE(deliver().ledger_failed);
  world.writes.held = swp::AcceptedScan{ScheduledTaskId{501}, world.clock.Now(), true};
  const EventReport again = deliver();
  EXPECT_EQ(again.number->value, 1);
  EXPECT_EQ(again.state, EventState::kWaiting);
  EXPECT_EQ(failing.GetEvent(EventNumber{2})->state, EventState::kDuplicate);
  EXPECT_THAT(world.writes.requested, SizeIs(1));
  EXPECT_EQ(deliver().state, EventState::kDuplicate);
  world.OpenAgain();
}

// Six computers share a policy; one of them is to be left alone.
struct NeighborsWorld : FileWorld {
  NeighborsWorld() {
    workflow_settings.apply.placement = Placement::kPolicy;
    options.gates.approve_above_hosts = 3;
    workflow_settings.gates = options.gates;
    std::vector<swp::Computer> sharing;
    for (int i = 0; i < 6; ++i) {
      swp::Computer computer = ProtectedComputer("i-0123456789abcdef" + std::to_string(i), 34 + i);
      computer.last_send_policy_success = writes.now + std::chrono::hours(1);
      if (i == 5) computer.tags = std::vector<swp::Tag>{{"sallyport:exclude", "true"}};
      sharing.push_back(computer);
      reads.by_id.emplace(34 + i, computer);
    }
    reads.computers.emplace(kInstance, std::vector{sharing[0]});
    reads.computers_of.emplace(12, sharing);
    swp::Policy policy;
    policy.id = PolicyId{12};
    policy.parent = PolicyId{1};
    reads.policies.emplace(12, policy);
    swp::Rule rule;
    rule.id = RuleId{6745};
    rule.recommendations_mode = "enabled";
    reads.rules.emplace(6745, rule);
    for (const swp::RuleModule module : swp::kRuleModules) reads.assignments.emplace(module, swp::Assignments{});
    for (const swp::ScanKind kind : {swp::ScanKind::kRecommendation, swp::ScanKind::kIntegrity}) {
      swp::ScanProgress ended;
      ended.finished = true;
      ended.finished_at = clock.Now() + std::chrono::minutes(1);
      ended.scan_status = "valid";
      if (kind == swp::ScanKind::kRecommendation) {
        ended.assignments.emplace();
        ended.assignments->recommended_to_assign = {RuleId{6745}};
      }
      reads.progress.insert_or_assign(kind, ended);
    }
  }
};

// Going around a neighbor makes an action for each of five hosts: they are one decision, and count together.
TEST(Approval, CountsTheHostsOfOneDecisionTogether) {
  NeighborsWorld world;
  ASSERT_EQ(world.Handle(Finding("UnauthorizedAccess:EC2/SSHBruteForce")).state, EventState::kWaiting);
  world.clock.Advance(std::chrono::minutes(2));
  world.With([](Handler& handler) { return handler.RunDue(10).value(); });
  EXPECT_THAT(world.writes.assigned, IsEmpty());
  const auto waiting = world.ledger->ListPlans(PlanState::kAwaitingApproval, 10).value();
  ASSERT_THAT(waiting, SizeIs(1));
  std::size_t held = 0;
  for (const ActionRecord& action : world.ledger->ActionsOf(waiting[0].number).value()) {
    if (action.action.kind != AssignRules::kKind) continue;
    EXPECT_EQ(action.state, ActionState::kHeld);
    EXPECT_THAT(action.reason, HasSubstr("affects 5 hosts"));
    ++held;
  }
  EXPECT_EQ(held, 5U);
  const auto approved =
      world.With([&](Handler& handler) { return handler.Approve(waiting[0].digest.substr(0, 12), "ana"); });
  ASSERT_TRUE(approved.ok()) << approved.error().ToText();
  EXPECT_THAT(world.writes.assigned, SizeIs(5));
}

// The fifth of them is called probably compromised by a finding of its own: its rules stay as they are.
struct EvidenceWorld : NeighborsWorld {
  EvidenceWorld() {
    options.gates.approve_above_hosts = 10;
    workflow_settings.gates = options.gates;
    reads.computers.emplace("i-0123456789abcdef4", std::vector{reads.by_id.at(38).value()});
  }

  EventReport FindCompromised() {
    std::string finding = Finding("CryptoCurrency:EC2/BitcoinTool.B!DNS");
    finding.replace(finding.find("1ab0f7b2"), 8, "2ab0f7b2");
    finding.replace(finding.find(kInstance), std::string(kInstance).size(), "i-0123456789abcdef4");
    return Handle(finding);
  }

  std::vector<std::int32_t> AssignedTo() {
    std::vector<std::int32_t> computers;
    for (const auto& [scope, rules] : writes.assigned) computers.push_back(scope.id);
    return computers;
  }
};

TEST(Evidence, ANeighborThatIsProbablyCompromisedGetsNoRules) {
  EvidenceWorld world;
  ASSERT_EQ(world.FindCompromised().state, EventState::kWaiting);
  ASSERT_EQ(world.Handle(Finding("UnauthorizedAccess:EC2/SSHBruteForce")).state, EventState::kWaiting);
  world.clock.Advance(std::chrono::minutes(2));
  world.With([](Handler& handler) { return handler.RunDue(20).value(); });
  EXPECT_THAT(world.AssignedTo(), UnorderedElementsAre(34, 35, 36, 37));
}

// A finding of another sort, days after the host was found to be compromised.
void FindAttackedDaysLater(EvidenceWorld& world) {
  world.clock.Advance(std::chrono::hours(24 * 30));
  world.options.gates.max_event_age = std::chrono::hours(10'000);
  world.workflow_settings.gates = world.options.gates;
  world.Handle(Finding("UnauthorizedAccess:EC2/SSHBruteForce"));
  for (const swp::ScanKind kind : {swp::ScanKind::kRecommendation, swp::ScanKind::kIntegrity}) {
    world.reads.progress.at(kind).value().finished_at = world.clock.Now() + std::chrono::minutes(1);
  }
  world.clock.Advance(std::chrono::minutes(2));
  world.With([](Handler& handler) { return handler.RunDue(20).value(); });
}

// The order of the findings does not matter, and no time passes that would make a host clean.
TEST(Evidence, ForAsLongAsTheCaseIsNotSettled) {
  EvidenceWorld world;
  world.FindCompromised();
  world.RunFollowUps();
  ASSERT_THAT(world.AssignedTo(), IsEmpty());
  FindAttackedDaysLater(world);
  EXPECT_THAT(world.AssignedTo(), UnorderedElementsAre(34, 35, 36, 37));
}

// The person who closes the case says that nothing is to be kept. Then it is a host like its neighbors.
TEST(Evidence, NoMoreWhenAPersonHasClosedTheCase) {
  EvidenceWorld world;
  world.FindCompromised();
  world.RunFollowUps();
  ASSERT_TRUE(CloseCase(*world.ledger, CaseNumber{1}, "ana", "built anew").ok());
  FindAttackedDaysLater(world);
  EXPECT_THAT(world.AssignedTo(), UnorderedElementsAre(34, 35, 36, 37, 38));
}

// Found while the rules waited for a yes: what was approved is looked at again.
TEST(Evidence, AlsoWhenItIsFoundWhileTheRulesAreHeld) {
  EvidenceWorld world;
  world.options.gates.approve_above_hosts = 3;
  world.workflow_settings.gates = world.options.gates;
  world.Handle(Finding("UnauthorizedAccess:EC2/SSHBruteForce"));
  world.clock.Advance(std::chrono::minutes(2));
  world.With([](Handler& handler) { return handler.RunDue(10).value(); });
  const auto waiting = world.ledger->ListPlans(PlanState::kAwaitingApproval, 10).value();
  ASSERT_THAT(waiting, SizeIs(1));
  ASSERT_EQ(world.FindCompromised().state, EventState::kWaiting);
  const auto approved =
      world.With([&](Handler& handler) { return handler.Approve(waiting[0].digest.substr(0, 12), "ana"); });
  ASSERT_TRUE(approved.ok()) << approved.error().ToText();
  EXPECT_THAT(world.AssignedTo(), UnorderedElementsAre(34, 35, 36, 37));
}

// A later finding of another sort about the host itself does not make it less of a piece of evidence.
TEST(Evidence, OfTheScannedHostItself) {
  EvidenceWorld world;
  world.workflow_settings.apply.placement = Placement::kComputer;
  world.FindCompromised();
  std::string other = Finding("UnauthorizedAccess:EC2/SSHBruteForce");
  other.replace(other.find(kInstance), std::string(kInstance).size(), "i-0123456789abcdef4");
  world.Handle(other);
  world.RunFollowUps();
  EXPECT_THAT(world.AssignedTo(), IsEmpty());
}

}  // namespace
}  // namespace sallyport
