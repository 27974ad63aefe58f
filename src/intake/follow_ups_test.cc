// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "intake/world_for_test.h"

namespace sallyport {
namespace {

using swp::RuleModule;
using swp::ScanKind;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// A protected host, in enforce mode, whose recommendation scan recommends one rule.
struct ProtectedWorld : World {
  ProtectedWorld() {
    options.gates.mode = Mode::kEnforce;
    reads.computers.emplace(kInstance, std::vector{ProtectedComputer(kInstance)});
    swp::Computer computer = ProtectedComputer(kInstance);
    computer.last_send_policy_success = writes.now + std::chrono::hours(1);
    reads.by_id.emplace(34, computer);
    swp::Policy policy;
    policy.id = PolicyId{12};
    policy.parent = PolicyId{1};
    reads.policies.emplace(12, policy);
    swp::Rule rule;
    rule.id = RuleId{6745};
    rule.recommendations_mode = "enabled";
    reads.rules.emplace(6745, rule);
    for (const RuleModule module : swp::kRuleModules) reads.assignments.emplace(module, swp::Assignments{});
  }

  void EndScans() {
    for (const ScanKind kind : {ScanKind::kRecommendation, ScanKind::kIntegrity}) {
      swp::ScanProgress ended;
      ended.finished = true;
      ended.finished_at = clock.Now();
      ended.scan_status = "valid";
      if (kind == ScanKind::kRecommendation) {
        ended.assignments.emplace();
        ended.assignments->recommended_to_assign = {RuleId{6745}};
      }
      reads.progress.insert_or_assign(kind, ended);
    }
  }

  void ShowAssigned() {
    swp::Assignments assigned;
    assigned.assigned = {RuleId{6745}};
    reads.assignments.insert_or_assign(RuleModule::kIntrusionPrevention, assigned);
  }
};

constexpr const char* kBruteForce = "UnauthorizedAccess:EC2/SSHBruteForce";

TEST(FollowUps, TakeACaseFromTheRequestToTheProof) {
  ProtectedWorld world;
  ASSERT_EQ(world.Handle(Finding(kBruteForce)).state, EventState::kWaiting);
  world.EndScans();
  world.clock.Advance(std::chrono::minutes(2));
  world.With([](Handler& handler) { return handler.RunDue(10).value(); });
  ASSERT_THAT(world.writes.assigned, SizeIs(1));
  EXPECT_THAT(world.writes.deleted, SizeIs(2));
  world.ShowAssigned();
  world.RunFollowUps();
  EXPECT_THAT(world.StatesOf(1), ElementsAre("request-scan verified", "request-scan verified", "assign-rules verified",
                                             "delete-task verified", "delete-task verified", "notify-owner sent"));
  ASSERT_THAT(world.messages, SizeIs(1));
  EXPECT_EQ(world.messages[0].status, MessageStatus::kFinished);
  EXPECT_THAT(world.messages[0].done, SizeIs(3));
  const Case shown = world.ledger->Show(EventNumber{1}).value();
  EXPECT_EQ(shown.event.state, EventState::kDone);
  for (const EventRecord& update : shown.updates) EXPECT_EQ(update.state, EventState::kDone) << update.number.value;
  EXPECT_THAT(world.ledger->ListFollowUps(FollowUpState::kOpen, 10).value(), IsEmpty());
  EXPECT_THAT(world.ledger->Verify()->broken, IsEmpty());
}

TEST(FollowUps, AScanWithoutAnEndIsNotVerifiableAndTheOwnerHearsIt) {
  ProtectedWorld world;
  swp::ScanProgress running;
  running.computer = ProtectedComputer(kInstance);
  world.reads.progress.insert_or_assign(ScanKind::kRecommendation, running);
  world.reads.progress.insert_or_assign(ScanKind::kIntegrity, running);
  world.Handle(Finding(kBruteForce));
  world.RunFollowUps(200);
  EXPECT_THAT(world.StatesOf(1),
              ElementsAre("request-scan not-verifiable", "request-scan not-verifiable", "notify-owner sent"));
  ASSERT_THAT(world.messages, SizeIs(1));
  EXPECT_EQ(world.messages[0].status, MessageStatus::kNotVerified);
  EXPECT_THAT(world.messages[0].done[0].reason, HasSubstr("gave up after"));
}

// G16: two findings, one scan, and both cases hear of its end.
TEST(FollowUps, ASharedScanEndsEveryCaseThatWaits) {
  ProtectedWorld world;
  world.Handle(Finding(kBruteForce));
  std::string other = Finding("UnauthorizedAccess:EC2/RDPBruteForce");
  other.replace(other.find("1ab0f7b2"), 8, "2ab0f7b2");
  const EventReport joined = world.Handle(other);
  EXPECT_EQ(joined.state, EventState::kWaiting);
  EXPECT_THAT(world.writes.requested, SizeIs(2));
  world.EndScans();
  world.ShowAssigned();
  world.RunFollowUps();
  EXPECT_EQ(world.ledger->Show(EventNumber{1})->event.state, EventState::kDone);
  EXPECT_EQ(world.ledger->Show(*joined.case_number)->event.state, EventState::kDone);
  EXPECT_THAT(world.messages, SizeIs(2));
}

// An update of the finding belongs to its case.
TEST(FollowUps, AnUpdateOfTheSameFindingIsTheSameCase) {
  ProtectedWorld world;
  world.Handle(Finding(kBruteForce));
  std::string update = Finding(kBruteForce);
  update.replace(update.find("\"count\":1"), 9, "\"count\":9");
  const EventReport report = world.Handle(update);
  EXPECT_EQ(report.case_number->value, 1);
  EXPECT_THAT(world.writes.requested, SizeIs(2));  // within the cool-down: it joins
}

TEST(FollowUps, WhatFailsAfterAScanIsTriedAgainWithTheQuestion) {
  ProtectedWorld world;
  world.Handle(Finding(kBruteForce));
  world.EndScans();
  world.writes.assign_failures = {Error{ErrorCode::kUnavailable, "SWP is away", ""}};
  world.RunFollowUps(3);
  world.ShowAssigned();
  world.RunFollowUps();
  EXPECT_THAT(world.StatesOf(1), Contains("assign-rules failed"));
  EXPECT_THAT(world.StatesOf(1), Contains("assign-rules verified"));
  EXPECT_THAT(world.StatesOf(1), Contains("request-scan verified"));
}

TEST(FollowUps, OneFromOutsideIsNotBelieved) {
  ProtectedWorld world;
  const EventReport report = world.Handle(
      R"({"version":"0","id":"e1","detail-type":"Sallyport Follow-up","source":"sallyport","account":"111122223333",)"
      R"("region":"us-east-1","detail":{"asked":{"question":"case-ended","matter":{}},"giveUpAt":1}})");
  EXPECT_EQ(report.state, EventState::kOutOfScope);
  EXPECT_THAT(report.plans, IsEmpty());
}

TEST(FollowUps, ADryRunAsksNothingLaterAndIsNoRepetition) {
  ProtectedWorld world;
  world.options.dry_run = true;
  EXPECT_EQ(world.Handle(Finding(kBruteForce)).state, EventState::kDone);
  EXPECT_EQ(world.Handle(Finding(kBruteForce)).state, EventState::kDone);
  EXPECT_EQ(world.ledger->NextDue().value(), std::nullopt);
  world.options.dry_run = false;
  EXPECT_EQ(world.Handle(Finding(kBruteForce)).state, EventState::kWaiting);
}

// G13: the scans of a host that was offline are asked for when it is back.
TEST(FollowUps, AHostThatIsBackGetsItsScans) {
  World world;
  world.options.gates.mode = Mode::kEnforce;
  world.reads.computers.insert_or_assign(kInstance, std::vector{InventoryOnly(kInstance)});
  world.Handle(Finding(kBruteForce));
  ASSERT_THAT(world.messages, SizeIs(1));
  EXPECT_EQ(world.messages[0].status, MessageStatus::kOpen);
  world.RunFollowUps(2);
  EXPECT_THAT(world.writes.requested, IsEmpty());
  world.reads.computers.insert_or_assign(kInstance, std::vector{ProtectedComputer(kInstance)});
  world.RunFollowUps(2);
  EXPECT_THAT(world.writes.requested, SizeIs(2));
  ASSERT_THAT(world.messages, SizeIs(2));
  EXPECT_EQ(world.messages[1].status, MessageStatus::kUpdated);
  EXPECT_EQ(world.messages[1].key, world.messages[0].key);  // an update of the same message
}

// --- Approval

struct ApprovalWorld : ProtectedWorld {
  ApprovalWorld() {
    options.gates.approve_actions = {"assign-rules"};
    Handle(Finding(kBruteForce));
    EndScans();
    RunFollowUps(2);
  }
  std::string Digest() {
    const auto plans = ledger->ListPlans(PlanState::kAwaitingApproval, 10).value();
    return plans.empty() ? "" : plans.front().digest.substr(0, 12);
  }
  Result<EventReport> Approve() {
    return With([this](Handler& handler) { return handler.Approve(Digest(), "alice"); });
  }
};

TEST(Approval, OfAPlanThatStillHoldsCarriesItOut) {
  ApprovalWorld world;
  ASSERT_NE(world.Digest(), "");
  EXPECT_THAT(world.writes.assigned, IsEmpty());
  const auto report = world.Approve();
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_THAT(world.writes.assigned, SizeIs(1));
  EXPECT_EQ(world.Digest(), "");
  world.ShowAssigned();
  world.RunFollowUps();
  EXPECT_THAT(world.StatesOf(1), Contains("assign-rules verified"));
}

TEST(Approval, IsRefusedWhenTheWorldHasMoved) {
  ApprovalWorld world;
  // Meanwhile the scan recommends nothing any more.
  world.reads.progress.at(ScanKind::kRecommendation)->assignments->recommended_to_assign.clear();
  const std::string digest = world.Digest();
  const auto report = world.Approve();
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::kRefused);
  EXPECT_THAT(report.error().message, HasSubstr("facts changed"));
  EXPECT_THAT(world.writes.assigned, IsEmpty());
  EXPECT_EQ(world.ledger->FindPlan(digest)->state, PlanState::kOutdated);
  EXPECT_THAT(world.StatesOf(1), Contains("assign-rules refused"));
}

// --- Approval of each action by itself

// A policy shared by 12 computers gets the recommended rules of two modules; more than ten hosts need a yes.
struct PolicyApprovalWorld : ProtectedWorld {
  PolicyApprovalWorld() {
    workflow_settings.apply.placement = Placement::kPolicy;
    workflow_settings.gates = options.gates;
    reads.policies.at(12)->parent = PolicyId{1};
    reads.assignments.at(swp::RuleModule::kIntegrityMonitoring)->recommended_to_assign = {RuleId{31}};
    swp::Rule rule;
    rule.id = RuleId{31};
    rule.recommendations_mode = "enabled";
    reads.rules.insert_or_assign(31, rule);
    Share(12);
  }
  void Share(std::int32_t hosts) {
    std::vector<swp::Computer> computers;
    computers.reserve(static_cast<std::size_t>(hosts));
    for (std::int32_t i = 0; i < hosts; ++i) computers.push_back(ProtectedComputer(kInstance, 34 + i));
    reads.computers_of.insert_or_assign(12, computers);
  }
  void Exclude(std::size_t computer) {
    reads.computers_of.at(12)->at(computer).tags->push_back({"sallyport:exclude", "true"});
  }
  void Begin() {
    Handle(Finding(kBruteForce));
    EndScans();
    RunFollowUps(2);
  }
  std::string Digest() {
    const auto plans = ledger->ListPlans(PlanState::kAwaitingApproval, 10).value();
    return plans.empty() ? "" : plans.front().digest.substr(0, 12);
  }
  Result<EventReport> Approve() {
    return With([this](Handler& handler) { return handler.Approve(Digest(), "alice"); });
  }
  std::vector<std::string> ReasonsOf(ActionState state) {
    std::vector<std::string> reasons;
    for (const ActionRecord& action : ledger->Show(EventNumber{1}).value().actions) {
      if (action.state == state) reasons.push_back(action.reason);
    }
    return reasons;
  }
};

// An Auto Scaling group that grows between plan and yes does not outdate it.
TEST(ApprovalOfActions, HoldsForATenthMoreHosts) {
  PolicyApprovalWorld world;
  world.Begin();
  EXPECT_THAT(world.ReasonsOf(ActionState::kHeld), Contains(HasSubstr("approval: affects 12 hosts")));
  world.Share(13);
  const auto report = world.Approve();
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_THAT(world.writes.assigned, SizeIs(2));
}

TEST(ApprovalOfActions, OneThatIsOutdatedDoesNotOutdateTheOthers) {
  PolicyApprovalWorld world;
  world.Begin();
  // Meanwhile Integrity Monitoring recommends nothing any more.
  world.reads.assignments.at(swp::RuleModule::kIntegrityMonitoring)->recommended_to_assign.clear();
  const std::string digest = world.Digest();
  const auto report = world.Approve();
  ASSERT_TRUE(report.ok()) << report.error().message;
  ASSERT_THAT(world.writes.assigned, SizeIs(1));
  EXPECT_THAT(world.writes.assigned[0].second, testing::ElementsAre(RuleId{6745}));
  EXPECT_THAT(world.ReasonsOf(ActionState::kRefused), Contains(HasSubstr("outdated: facts changed")));
  EXPECT_EQ(world.ledger->FindPlan(digest)->state, PlanState::kExecuted);
}

// X12: a yes to the action is no yes to hosts that must be left alone. The plan goes on waiting, and says for what.
TEST(ApprovalOfActions, WaitsUntilHostsThatMustBeLeftAloneAreElsewhere) {
  PolicyApprovalWorld world;
  world.Exclude(3);
  world.Begin();
  EXPECT_THAT(world.ReasonsOf(ActionState::kHeld), Contains(HasSubstr("targets: 1 of 12 hosts must be left alone")));
  const auto early = world.Approve();
  ASSERT_FALSE(early.ok());
  EXPECT_EQ(early.error().code, ErrorCode::kRefused);
  EXPECT_THAT(early.error().message, HasSubstr("1 of 12 hosts must be left alone"));
  EXPECT_NE(world.Digest(), "");
  EXPECT_THAT(world.writes.assigned, IsEmpty());
  world.Share(11);  // the excluded one has another policy now
  ASSERT_TRUE(world.Approve().ok());
  EXPECT_THAT(world.writes.assigned, SizeIs(2));
}

TEST(ApprovalOfActions, ThatWaitForAPersonExpireToo) {
  PolicyApprovalWorld world;
  world.Exclude(3);
  world.Begin();
  const std::string digest = world.Digest();
  world.RunFollowUps(200);
  EXPECT_EQ(world.ledger->FindPlan(digest)->state, PlanState::kExpired);
  EXPECT_THAT(world.ReasonsOf(ActionState::kRefused), Contains(HasSubstr("expired: not approved in time")));
  EXPECT_THAT(world.writes.assigned, IsEmpty());
}

TEST(Approval, IsRefusedWhenTheFactsCannotBeRead) {
  ApprovalWorld world;
  world.reads.progress.insert_or_assign(ScanKind::kRecommendation,
                                        Result<swp::ScanProgress>(Error{ErrorCode::kUnavailable, "SWP is away", ""}));
  ASSERT_FALSE(world.Approve().ok());
  EXPECT_THAT(world.writes.assigned, IsEmpty());
}

TEST(Approval, ThatNobodyGivesExpires) {
  ApprovalWorld world;
  const std::string digest = world.Digest();
  world.RunFollowUps(200);
  EXPECT_EQ(world.ledger->FindPlan(digest)->state, PlanState::kExpired);
  EXPECT_THAT(world.StatesOf(1), Contains("assign-rules refused"));
  const auto late = world.With([&](Handler& handler) { return handler.Approve(digest, "alice"); });
  ASSERT_FALSE(late.ok());
  EXPECT_THAT(late.error().message, HasSubstr("it is expired"));
}

TEST(Approval, CanBeRejectedOnce) {
  ApprovalWorld world;
  const std::string digest = world.Digest();
  const auto reject = [&](Handler& handler) { return handler.Reject(digest, "alice", "not today"); };
  EXPECT_TRUE(world.With(reject).ok());
  EXPECT_THAT(world.ledger->FindPlan(digest)->reason, HasSubstr("rejected by alice: not today"));
  EXPECT_FALSE(world.With(reject).ok());
  EXPECT_FALSE(world.With([&](Handler& handler) { return handler.Approve(digest, "bob"); }).ok());
  EXPECT_THAT(world.writes.assigned, IsEmpty());
}

// As a crash leaves it between the two halves of an approval.
TEST(Approval, ThatStoppedHalfwayGoesOnByItself) {
  ApprovalWorld world;
  const PlanRecord plan = world.ledger->FindPlan(world.Digest()).value();
  ASSERT_TRUE(world.ledger->SetPlanState(plan.event, PlanState::kApproved, "approved by alice", std::nullopt).ok());
  world.RunFollowUps(200);
  EXPECT_THAT(world.writes.assigned, SizeIs(1));
  EXPECT_EQ(world.ledger->FindPlanOf(plan.event).value()->state, PlanState::kExecuted);
}

TEST(Approval, IsTakenUpByATimerThatRingsSoon) {
  ApprovalWorld world;
  const PlanRecord plan = world.ledger->FindPlan(world.Digest()).value();
  ASSERT_TRUE(world.Approve().ok());
  const auto timer = world.ledger->FindOpenFollowUp(ApprovalKey(plan.event, plan.digest)).value();
  ASSERT_TRUE(timer.has_value());
  EXPECT_EQ(timer->follow_up.due - world.clock.Now(), std::chrono::minutes(10));
}

TEST(Approval, TimerThatRingsTooSoonEndsNothing) {
  ApprovalWorld world;
  const PlanRecord plan = world.ledger->FindPlan(world.Digest()).value();
  const auto timer = world.ledger->FindOpenFollowUp(ApprovalKey(plan.event, plan.digest)).value();
  ASSERT_TRUE(world.ledger->SnoozeFollowUp(timer->number, world.clock.Now(), "early", {}).ok());
  world.With([](Handler& handler) { return handler.RunDue(10).value(); });
  EXPECT_EQ(world.ledger->FindPlanOf(plan.event).value()->state, PlanState::kAwaitingApproval);
  EXPECT_EQ(world.ledger->ListFollowUps(FollowUpState::kOpen, 10).value().size(), 2U);
  EXPECT_TRUE(world.Approve().ok());
  EXPECT_THAT(world.writes.assigned, SizeIs(1));
}

// As a crash leaves it between the actions and their plan.
TEST(Approval, RejectionThatStoppedHalfwayCanBeRepeated) {
  ApprovalWorld world;
  int held = 0;
  const PlanRecord plan = world.ledger->FindPlan(world.Digest()).value();
  for (const ActionRecord& action : world.ledger->ActionsOf(plan.event).value()) {
    if (action.state != ActionState::kHeld) continue;
    ++held;
    ASSERT_TRUE(world.ledger->SetActionState(action.number, ActionState::kRefused, "rejected by alice").ok());
  }
  EXPECT_EQ(held, 1);
  const auto reject = [&](Handler& handler) { return handler.Reject(plan.digest, "alice", ""); };
  EXPECT_TRUE(world.With(reject).ok());
  EXPECT_EQ(world.ledger->FindPlanOf(plan.event).value()->state, PlanState::kRejected);
  EXPECT_THAT(world.writes.assigned, IsEmpty());
}

// As a crash leaves it between the plan and its event.
TEST(Approval, RejectionThatStoppedAtItsEndEndsTheEventToo) {
  ApprovalWorld world;
  const PlanRecord plan = world.ledger->FindPlan(world.Digest()).value();
  for (const ActionRecord& action : world.ledger->ActionsOf(plan.event).value()) {
    if (action.state != ActionState::kHeld) continue;
    ASSERT_TRUE(world.ledger->SetActionState(action.number, ActionState::kRefused, "rejected by alice").ok());
  }
  ASSERT_TRUE(world.ledger->SetPlanState(plan.number, PlanState::kRejected, "rejected by alice", std::nullopt).ok());
  ASSERT_EQ(world.ledger->GetEvent(plan.event)->state, EventState::kWaiting);
  world.RunFollowUps(200);
  EXPECT_EQ(world.ledger->GetEvent(plan.event)->state, EventState::kDone);
}

// As two crashes leave it: the timer had taken it up a moment before the second one.
TEST(Approval, ThatStoppedTwiceGoesOnByItself) {
  ApprovalWorld world;
  const PlanRecord plan = world.ledger->FindPlan(world.Digest()).value();
  ASSERT_TRUE(world.ledger->SetPlanState(plan.number, PlanState::kApproved, "approved by alice", std::nullopt).ok());
  for (const ActionRecord& action : world.ledger->ActionsOf(plan.number).value()) {
    if (action.state != ActionState::kHeld) continue;
    ASSERT_TRUE(world.ledger->SetActionState(action.number, ActionState::kIntended, "taken up again").ok());
  }
  const auto timer = world.ledger->FindOpenFollowUp(ApprovalKey(plan.event, plan.digest)).value();
  const TimePoint soon = world.clock.Now() + std::chrono::minutes(4);
  ASSERT_TRUE(world.ledger->SnoozeFollowUp(timer->number, soon, "it was approved", {}).ok());
  world.RunFollowUps(200);
  EXPECT_THAT(world.writes.assigned, SizeIs(1));
  EXPECT_EQ(world.ledger->GetPlan(plan.number)->state, PlanState::kExecuted);
  EXPECT_THAT(world.StatesOf(1), testing::Not(Contains("assign-rules intended")));
}

TEST(Approval, OfAnUnknownPlanSaysSo) {
  ApprovalWorld world;
  const auto report = world.With([](Handler& handler) { return handler.Approve("0123456789ab", "alice"); });
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::kNotFound);
}

// --- Replay and recovery

TEST(Replay, DecidesAnewInTheSameCase) {
  ProtectedWorld world;
  world.options.gates.mode = Mode::kObserve;
  world.Handle(Finding(kBruteForce));
  EXPECT_THAT(world.writes.requested, IsEmpty());
  world.options.gates.mode = Mode::kEnforce;
  const auto report = world.With([](Handler& handler) { return handler.Replay(EventNumber{1}); });
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->case_number->value, 1);
  EXPECT_THAT(world.writes.requested, SizeIs(2));
}

TEST(Replay, OfWhatIsNotThereSaysSo) {
  ProtectedWorld world;
  world.Handle("{");
  const auto unreadable = world.With([](Handler& handler) { return handler.Replay(EventNumber{1}); });
  ASSERT_FALSE(unreadable.ok());
  EXPECT_THAT(unreadable.error().message, HasSubstr("does not hold the text"));
  EXPECT_FALSE(world.With([](Handler& handler) { return handler.Replay(EventNumber{99}); }).ok());
}

// What a crash leaves behind: an event without a plan.
TEST(Recovery, PlansAnEventThatWasOnlyReceived) {
  ProtectedWorld world;
  NewEvent left;
  left.source = "aws.guardduty";
  left.owner = "a process that is gone";
  left.body = Finding(kBruteForce);
  ASSERT_TRUE(world.ledger->AddEvent(left).ok());
  const auto reports = world.With([](Handler& handler) { return handler.Recover(); });
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_EQ(reports[0].state, EventState::kWaiting);
  EXPECT_THAT(world.writes.requested, SizeIs(2));
  EXPECT_THAT(world.With([](Handler& handler) { return handler.Recover(); }), IsEmpty());
}

TEST(Recovery, ADryRunLeavesItAlone) {
  ProtectedWorld world;
  NewEvent left;
  left.body = Finding(kBruteForce);
  ASSERT_TRUE(world.ledger->AddEvent(left).ok());
  world.options.dry_run = true;
  EXPECT_THAT(world.With([](Handler& handler) { return handler.Recover(); }), IsEmpty());
}

TEST(Recovery, AnEventWithoutItsTextFailsWithTheReason) {
  ProtectedWorld world;
  ASSERT_TRUE(world.ledger->AddEvent({}).ok());
  const auto reports = world.With([](Handler& handler) { return handler.Recover(); });
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_EQ(reports[0].state, EventState::kFailed);
  EXPECT_THAT(reports[0].reason, HasSubstr("deliver the event again"));
}

}  // namespace
}  // namespace sallyport
