// SPDX-License-Identifier: Apache-2.0
#include "executor/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <utility>

#include "base/fake_clock.h"
#include "ledger/forwarding_ledger_for_test.h"
#include "ledger/sqlite_ledger.h"
#include "workflow/fake_swp.h"

namespace sallyport {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class NoChance final : public Random {
 public:
  double Uniform() override { return 0; }
};

class RecordingNotifier final : public Notifier {
 public:
  std::vector<Message> sent;
  Result<std::string> next = std::string("a channel took it");
  Result<std::string> Send(const Message& message) override {
    sent.push_back(message);
    return next;
  }
};

// A real ledger in memory whose writes can be made to fail.
class BreakableLedger final : public ForwardingLedger {
 public:
  explicit BreakableLedger(const Clock& clock) : ForwardingLedger(SqliteLedger::Open(":memory:", clock).value()) {}
  bool broken = false;
  // Actions may be set to these states, and no other, while this is not empty.
  std::vector<ActionState> only;
  std::function<void()> before_intention;

  Result<Committed> Commit(const Batch& batch) override {
    for (const Item& item : batch.items) {
      const auto* change = std::get_if<ActionChange>(&item);
      if (change == nullptr) continue;
      const bool allowed = only.empty() || std::find(only.begin(), only.end(), change->state) != only.end();
      if (broken || !allowed) return Full();
      if (change->state != ActionState::kIntended || batch.claims.empty()) continue;
      if (const auto once = std::exchange(before_intention, nullptr)) once();
    }
    return inner_->Commit(batch);
  }
  Result<std::optional<ActionRecord>> FindCarriedOut(std::string_view key, ActionNumber except) override {
    if (broken) return Full();
    return inner_->FindCarriedOut(key, except);
  }
  Result<std::optional<ActionRecord>> FindRecent(std::string_view kind, std::string_view what, std::string_view subject,
                                                 TimePoint since, ActionNumber except) override {
    if (broken) return Full();
    return inner_->FindRecent(kind, what, subject, since, except);
  }

 private:
  static Error Full() { return Error{ErrorCode::kStorage, "the disk is full", ""}; }
};

class ExecutorTest : public testing::Test {
 protected:
  static PlannedAction Scan(swp::ScanKind kind, const std::string& content = "finding/1") {
    PlannedAction planned;
    planned.action = RequestScan{kind, ComputerId{34}, Web(), true, std::nullopt};
    planned.key = IdempotencyKey({"guardduty", std::string(swp::ApiName(kind)), content});
    return planned;
  }

  static PlannedAction Message() {
    PlannedAction planned;
    NotifyOwner message;
    message.host = Web();
    message.reason = "not-activated";
    message.headline = "not protected";
    planned.action = message;
    planned.key = IdempotencyKey({"guardduty", "notify"});
    return planned;
  }

  static Host Web() {
    return {"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "web-01", std::vector<swp::Tag>{{"Name", "web-01"}}};
  }

  Plan PlanOf(std::vector<PlannedAction> actions, double severity = 5) {
    Plan plan;
    plan.workflow = "guardduty";
    plan.severity = severity;
    plan.event_time = clock_.Now();
    plan.actions = std::move(actions);
    return plan;
  }

  std::vector<ActionOutcome> Run(const Plan& plan) {
    event_ = ledger_.AddEvent({}).value().number;
    NewPlan record{"guardduty", PlanDigest(plan), PlanToJson(plan), {}};
    for (const PlannedAction& planned : plan.actions) {
      record.actions.push_back({planned.key, std::string(KindOf(planned.action)), WhatOf(planned.action),
                                SubjectOf(planned.action), plan.severity, ActionToJson(planned.action)});
    }
    const auto numbers = ledger_.AddPlan(event_, record).value();
    return MakeExecutor().Execute({event_, event_, plan}, numbers);
  }

  ActionNumber OfAnotherProcess(const PlannedAction& planned) {
    const EventNumber event = ledger_.AddEvent({}).value().number;
    const NewAction action = {
        planned.key, std::string(KindOf(planned.action)), WhatOf(planned.action), SubjectOf(planned.action),
        5,           ActionToJson(planned.action)};
    return ledger_.AddPlan(event, {"guardduty", "digest", "{}", {action}}).value().front();
  }

  Executor MakeExecutor() { return Executor({ledger_, reads_, swp_, notifier_, clock_, random_, log_}, options_); }

  void EndAllFollowUps() {
    for (const FollowUpRecord& record : ledger_.ListFollowUps(FollowUpState::kOpen, 100).value()) {
      ASSERT_TRUE(ledger_.EndFollowUp(record.number, FollowUpState::kDone, "", {}).ok());
    }
  }

  static PlannedAction Rules(swp::Scope scope, std::optional<int> hosts = 1) {
    PlannedAction planned;
    planned.action = AssignRules{swp::RuleModule::kIntrusionPrevention,
                                 scope,
                                 ComputerId{34},
                                 Web(),
                                 {{RuleId{6745}, "1099006", "a rule"}, {RuleId{6746}, "1099009", "another"}}};
    planned.key = IdempotencyKey({"assign", swp::ToString(scope)});
    planned.hosts = hosts;
    return planned;
  }

  // The plan of the last Run goes on, as after a restart.
  std::vector<ActionOutcome> ResumeLast(const Plan& plan, bool approved = false) {
    return MakeExecutor().Resume({event_, event_, plan, approved}, ledger_.ActionsOf(event_).value());
  }

  std::vector<std::string> Questions() {
    std::vector<std::string> names;
    for (const FollowUpRecord& record : ledger_.ListFollowUps(FollowUpState::kOpen, 100).value()) {
      names.push_back(record.follow_up.question);
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  std::vector<std::string> HistoryOf(const ActionOutcome& outcome) {
    std::vector<std::string> states;
    for (const HistoryLine& line : ledger_.Show(event_).value().history) {
      if (line.kind == "action" && line.subject == outcome.number.value) states.push_back(line.state);
    }
    return states;
  }

  void SetUp() override { options_.gates.mode = Mode::kEnforce; }

  FakeClock clock_;
  Logger log_{clock_, LogLevel::kOff, [](std::string_view) {}};
  BreakableLedger ledger_{clock_};
  FakeSwpReads reads_;
  FakeSwpWrites swp_;
  NoChance random_;
  RecordingNotifier notifier_;
  ExecutorOptions options_;
  EventNumber event_;
};

TEST_F(ExecutorTest, RequestsTheScansInTheirOrder) {
  const auto outcomes = Run(PlanOf({Scan(swp::ScanKind::kMalware), Scan(swp::ScanKind::kIntegrity)}));
  ASSERT_THAT(swp_.requested, SizeIs(2));
  EXPECT_EQ(swp_.requested[0].kind, swp::ScanKind::kMalware);
  EXPECT_EQ(swp_.requested[1].kind, swp::ScanKind::kIntegrity);
  EXPECT_EQ(outcomes[0].state, ActionState::kRequested);
  EXPECT_THAT(outcomes[0].reason, HasSubstr("task 501"));
  EXPECT_THAT(HistoryOf(outcomes[0]), ElementsAre("planned", "intended", "requested"));
}

TEST_F(ExecutorTest, ObserveModeIsTheDefaultAndRequestsNothing) {
  options_.gates = GateSettings{};
  const auto outcomes = Run(PlanOf({Scan(swp::ScanKind::kIntegrity)}));
  EXPECT_THAT(swp_.requested, IsEmpty());
  EXPECT_EQ(outcomes[0].state, ActionState::kWould);
  EXPECT_THAT(outcomes[0].reason, HasSubstr("observe mode"));
}

TEST_F(ExecutorTest, ObserveModeStillTellsTheOwner) {
  options_.gates = GateSettings{};
  const auto outcomes = Run(PlanOf({Message()}));
  ASSERT_THAT(notifier_.sent, SizeIs(1));
  EXPECT_EQ(notifier_.sent[0].case_id, event_.value);
  EXPECT_EQ(outcomes[0].state, ActionState::kSent);
}

TEST_F(ExecutorTest, ADryRunAsksEveryGateAndCallsNothing) {
  options_.dry_run = true;
  const auto outcomes = Run(PlanOf({Scan(swp::ScanKind::kIntegrity), Message()}));
  EXPECT_THAT(swp_.requested, IsEmpty());
  EXPECT_THAT(notifier_.sent, IsEmpty());
  EXPECT_EQ(outcomes[0].state, ActionState::kWould);
  EXPECT_THAT(outcomes[0].gates, SizeIs(12));
  EXPECT_THAT(outcomes[0].would_do, HasSubstr("POST https://swp.example.com/api/scheduledtasks {"));
  EXPECT_THAT(outcomes[1].would_do, HasSubstr("Subject: not protected"));
}

TEST_F(ExecutorTest, ADryRunShowsTheCallEvenWhenAGateRefuses) {
  options_.dry_run = true;
  options_.gates.mode = Mode::kObserve;
  const auto outcomes = Run(PlanOf({Scan(swp::ScanKind::kIntegrity)}));
  EXPECT_EQ(outcomes[0].state, ActionState::kWould);
  EXPECT_THAT(outcomes[0].would_do, HasSubstr("scheduledtasks"));
}

// G3.
TEST_F(ExecutorTest, ASampleIsNeverActedOnAndItsMessageSaysSo) {
  Plan plan = PlanOf({Scan(swp::ScanKind::kIntegrity), Message()});
  plan.sample = true;
  const auto outcomes = Run(plan);
  EXPECT_THAT(swp_.requested, IsEmpty());
  EXPECT_EQ(outcomes[0].state, ActionState::kWould);
  EXPECT_THAT(outcomes[0].would_do, HasSubstr("scheduledtasks"));
  ASSERT_THAT(notifier_.sent, SizeIs(1));
  EXPECT_TRUE(notifier_.sent[0].sample);
}

TEST_F(ExecutorTest, TheSameDecisionIsNeverCarriedOutTwice) {
  const Plan plan = PlanOf({Scan(swp::ScanKind::kIntegrity)});
  Run(plan);
  clock_.Advance(std::chrono::hours(20));  // past the cool-down
  const auto again = Run(plan);
  EXPECT_THAT(swp_.requested, SizeIs(1));
  EXPECT_EQ(again[0].state, ActionState::kSkipped);
  EXPECT_THAT(again[0].reason, HasSubstr("once: the same decision was carried out"));
}

// G1: an update within the cool-down is no reason for a second scan, unless it is worse.
TEST_F(ExecutorTest, AnotherDecisionAboutTheSameComputerWaitsForTheCoolDown) {
  Run(PlanOf({Scan(swp::ScanKind::kIntegrity, "finding/1")}));
  EndAllFollowUps();
  clock_.Advance(std::chrono::hours(5));
  EXPECT_THAT(Run(PlanOf({Scan(swp::ScanKind::kIntegrity, "finding/2")}))[0].reason, HasSubstr("cool-down"));
  EXPECT_EQ(Run(PlanOf({Scan(swp::ScanKind::kMalware, "finding/2")}))[0].state, ActionState::kRequested);
  EXPECT_EQ(Run(PlanOf({Scan(swp::ScanKind::kIntegrity, "finding/3")}, 8))[0].state, ActionState::kRequested);
  clock_.Advance(std::chrono::hours(7));
  EXPECT_EQ(Run(PlanOf({Scan(swp::ScanKind::kIntegrity, "finding/4")}))[0].state, ActionState::kRequested);
}

TEST_F(ExecutorTest, ARefusedOrFailedActionDoesNotBlockTheNext) {
  swp_.failures = {Error{ErrorCode::kForbidden, "no right", "add it"}};
  EXPECT_EQ(Run(PlanOf({Scan(swp::ScanKind::kIntegrity)}))[0].state, ActionState::kFailed);
  EXPECT_EQ(Run(PlanOf({Scan(swp::ScanKind::kIntegrity)}))[0].state, ActionState::kRequested);
}

TEST_F(ExecutorTest, AFailureSaysWhatToDoAndTheOtherActionsGoOn) {
  swp_.failures = {Error{ErrorCode::kForbidden, "no right", "add it"}};
  const auto outcomes = Run(PlanOf({Scan(swp::ScanKind::kMalware), Scan(swp::ScanKind::kIntegrity)}));
  EXPECT_EQ(outcomes[0].state, ActionState::kFailed);
  EXPECT_EQ(outcomes[0].reason, "no right (add it)");
  EXPECT_EQ(outcomes[1].state, ActionState::kRequested);
}

TEST_F(ExecutorTest, ALostAnswerStaysAnIntention) {
  swp_.failures = {Error{ErrorCode::kOutcomeUnknown, "the answer was lost", ""}};
  const auto outcomes = Run(PlanOf({Scan(swp::ScanKind::kMalware)}));
  EXPECT_EQ(outcomes[0].state, ActionState::kIntended);
  EXPECT_THAT(HistoryOf(outcomes[0]), ElementsAre("planned", "intended", "intended"));
}

// INVARIANT of the executor: durable before the act.
TEST_F(ExecutorTest, WithoutALedgerNothingIsCarriedOut) {
  ledger_.only = {ActionState::kRequested};
  const auto outcomes = Run(PlanOf({Scan(swp::ScanKind::kMalware)}));
  EXPECT_THAT(swp_.requested, IsEmpty());
  EXPECT_EQ(outcomes[0].state, ActionState::kFailed);
  EXPECT_FALSE(outcomes[0].recorded);
  EXPECT_THAT(outcomes[0].reason, HasSubstr("the disk is full"));
}

TEST_F(ExecutorTest, AScanThatAnotherProcessIsAboutToRequestIsWaitedFor) {
  const ActionNumber theirs = OfAnotherProcess(Scan(swp::ScanKind::kMalware, "finding/2"));
  ASSERT_TRUE(ledger_.SetActionState(theirs, ActionState::kIntended, "").ok());
  const auto outcomes = Run(PlanOf({Scan(swp::ScanKind::kMalware)}));
  EXPECT_THAT(swp_.requested, IsEmpty());
  EXPECT_EQ(outcomes[0].state, ActionState::kFailed);
  EXPECT_THAT(outcomes[0].reason, HasSubstr("another process is about to request the same scan"));
  EXPECT_THAT(clock_.slept(), SizeIs(119));
}

TEST_F(ExecutorTest, AnIntentionThatIsOldOrWhoseEventHasEndedIsNotWaitedFor) {
  for (const bool old : {true, false}) {
    const ActionNumber theirs = OfAnotherProcess(Scan(swp::ScanKind::kMalware, "finding/2"));
    ASSERT_TRUE(ledger_.SetActionState(theirs, ActionState::kIntended, "").ok());
    const EventNumber event = ledger_.GetAction(theirs).value().event;
    if (old) {
      clock_.Advance(std::chrono::minutes(6));
    } else {
      ASSERT_TRUE(ledger_.SetEventState(event, EventState::kFailed, "").ok());
    }
    const auto outcomes = Run(PlanOf({Scan(swp::ScanKind::kMalware, old ? "finding/3" : "finding/4")}));
    EXPECT_EQ(outcomes[0].state, ActionState::kRequested) << outcomes[0].reason;
    options_.gates.cool_down = std::chrono::minutes(0);
  }
}

TEST_F(ExecutorTest, AScanThatAnotherProcessRequestedMeanwhileIsJoinedInstead) {
  ActionNumber theirs;
  ledger_.before_intention = [&] {
    theirs = OfAnotherProcess(Scan(swp::ScanKind::kMalware, "finding/2"));
    EXPECT_TRUE(ledger_.SetActionState(theirs, ActionState::kIntended, "").ok());
    EXPECT_TRUE(ledger_.SetActionState(theirs, ActionState::kRequested, "").ok());
  };
  const auto outcomes = Run(PlanOf({Scan(swp::ScanKind::kMalware)}));
  EXPECT_THAT(swp_.requested, IsEmpty());
  EXPECT_EQ(outcomes[0].state, ActionState::kSkipped);
  EXPECT_THAT(outcomes[0].reason, HasSubstr("cool-down"));
}

TEST_F(ExecutorTest, AnOutcomeThatCouldNotBeRecordedKeepsItsTruth) {
  ledger_.only = {ActionState::kIntended};
  const auto outcomes = Run(PlanOf({Scan(swp::ScanKind::kMalware)}));
  EXPECT_EQ(outcomes[0].state, ActionState::kRequested);
  EXPECT_FALSE(outcomes[0].recorded);
}

TEST_F(ExecutorTest, ALedgerThatCannotBeAskedRefuses) {
  ledger_.broken = true;
  const auto outcomes = Run(PlanOf({Scan(swp::ScanKind::kMalware)}));
  EXPECT_THAT(swp_.requested, IsEmpty());
  EXPECT_THAT(outcomes[0].reason, HasSubstr("the ledger cannot be asked"));
}

TEST_F(ExecutorTest, TheKillSwitchStopsScansAndMessages) {
  const std::string path = testing::TempDir() + "/kill-switch";
  std::ofstream(path) << "stop";
  options_.gates.kill_switch_file = path;
  const auto outcomes = Run(PlanOf({Scan(swp::ScanKind::kMalware), Message()}));
  std::remove(path.c_str());
  EXPECT_THAT(swp_.requested, IsEmpty());
  EXPECT_THAT(notifier_.sent, IsEmpty());
  EXPECT_THAT(outcomes[1].reason, HasSubstr("kill switch"));
}

// G16: what runs already is waited for, whoever asked for it.
TEST_F(ExecutorTest, WithinTheCoolDownARunningScanIsJoined) {
  Run(PlanOf({Scan(swp::ScanKind::kIntegrity, "finding/1")}));
  const auto outcomes = Run(PlanOf({Scan(swp::ScanKind::kIntegrity, "finding/2")}));
  EXPECT_EQ(outcomes[0].state, ActionState::kWaiting);
  EXPECT_THAT(outcomes[0].reason, HasSubstr("joins the scan that case 1 asked for"));
  EXPECT_THAT(swp_.requested, SizeIs(1));
  const auto open = ledger_.ListFollowUps(FollowUpState::kOpen, 100).value();
  const auto scan = std::find_if(open.begin(), open.end(),
                                 [](const auto& record) { return record.follow_up.question == "scan-finished"; });
  ASSERT_NE(scan, open.end());
  EXPECT_THAT(scan->follow_up.waiting, SizeIs(2));
}

TEST_F(ExecutorTest, ATaskThatAsksAlreadyIsJoinedWithoutACall) {
  PlannedAction joined = Scan(swp::ScanKind::kIntegrity);
  std::get<RequestScan>(joined.action).joins = RequestScan::Running{ScheduledTaskId{77}, clock_.Now()};
  const auto outcomes = Run(PlanOf({joined}));
  EXPECT_EQ(outcomes[0].state, ActionState::kWaiting);
  EXPECT_THAT(outcomes[0].reason, HasSubstr("task 77"));
  EXPECT_THAT(swp_.requested, IsEmpty());
  EXPECT_THAT(Questions(), ElementsAre("case-ended", "scan-finished"));
}

TEST_F(ExecutorTest, ARequestedScanIsAskedAboutLater) {
  Run(PlanOf({Scan(swp::ScanKind::kIntegrity), Scan(swp::ScanKind::kMalware)}));
  // One end of the case, whatever it begins.
  EXPECT_THAT(Questions(), ElementsAre("case-ended", "scan-finished", "scan-finished"));
  EXPECT_EQ(ledger_.NextDue().value(), clock_.Now() + options_.follow_up.scan.first);
}

// Rule 6 of the design: additive, and only what is missing.
TEST_F(ExecutorTest, OnlyMissingRulesAreAdded) {
  swp::Assignments before;
  before.assigned = {RuleId{1}, RuleId{6745}};
  reads_.assignments.emplace(swp::RuleModule::kIntrusionPrevention, before);
  const auto outcomes = Run(PlanOf({Rules(swp::Scope::Of(ComputerId{34}))}));
  EXPECT_EQ(outcomes[0].state, ActionState::kApplied);
  EXPECT_THAT(outcomes[0].reason, HasSubstr("1 of 2 added"));
  ASSERT_THAT(swp_.assigned, SizeIs(1));
  EXPECT_THAT(swp_.assigned[0].second, ElementsAre(RuleId{6746}));
  EXPECT_THAT(Questions(), ElementsAre("case-ended", "rules-effective"));
}

TEST_F(ExecutorTest, RulesThatAreThereAlreadyAreNotWritten) {
  swp::Assignments before;
  before.assigned = {RuleId{6746}, RuleId{6745}};
  reads_.assignments.emplace(swp::RuleModule::kIntrusionPrevention, before);
  const auto outcomes = Run(PlanOf({Rules(swp::Scope::Of(ComputerId{34}))}));
  EXPECT_EQ(outcomes[0].state, ActionState::kApplied);
  EXPECT_THAT(outcomes[0].reason, HasSubstr("assigned already"));
  EXPECT_THAT(swp_.assigned, IsEmpty());
}

TEST_F(ExecutorTest, WithoutAReadNothingIsAssigned) {
  const auto outcomes = Run(PlanOf({Rules(swp::Scope::Of(ComputerId{34}))}));
  EXPECT_EQ(outcomes[0].state, ActionState::kFailed);
  EXPECT_THAT(outcomes[0].reason, HasSubstr("nothing was assigned"));
  EXPECT_THAT(swp_.assigned, IsEmpty());
}

TEST_F(ExecutorTest, AnEndedTaskIsDeletedAndTheAnswerIsTheProof) {
  PlannedAction planned;
  planned.action = DeleteTask{ScheduledTaskId{501}, ComputerId{34}, Web()};
  planned.key = IdempotencyKey({"delete-task", "501"});
  const auto outcomes = Run(PlanOf({planned}));
  EXPECT_EQ(outcomes[0].state, ActionState::kVerified);
  EXPECT_THAT(swp_.deleted, ElementsAre(ScheduledTaskId{501}));
}

TEST_F(ExecutorTest, WhatTouchesManyHostsWaitsForAYes) {
  reads_.assignments.emplace(swp::RuleModule::kIntrusionPrevention, swp::Assignments{});
  const Plan plan = PlanOf({Rules(swp::Scope::Of(PolicyId{12}), 11), Scan(swp::ScanKind::kIntegrity)});
  const auto outcomes = Run(plan);
  EXPECT_EQ(outcomes[0].state, ActionState::kHeld);
  EXPECT_THAT(outcomes[0].reason, HasSubstr("approval: it touches 11 hosts"));
  EXPECT_EQ(outcomes[1].state, ActionState::kRequested);  // the rest goes on
  EXPECT_THAT(swp_.assigned, IsEmpty());
  EXPECT_EQ(ledger_.FindPlanOf(event_).value()->state, PlanState::kAwaitingApproval);
  EXPECT_THAT(Questions(), ElementsAre("approval-expires", "case-ended", "scan-finished"));

  ASSERT_TRUE(ledger_.SetPlanState(event_, PlanState::kApproved, "by a test", std::nullopt).ok());
  const auto approved = ResumeLast(plan, true);
  EXPECT_EQ(approved[0].state, ActionState::kApplied);
  EXPECT_EQ(approved[1].state, ActionState::kRequested);
  EXPECT_THAT(swp_.assigned, SizeIs(1));
  EXPECT_THAT(swp_.requested, SizeIs(1));  // not once more
  EXPECT_EQ(ledger_.FindPlanOf(event_).value()->state, PlanState::kExecuted);
}

TEST_F(ExecutorTest, TheReachDecidesAboutRefusalAndApproval) {
  reads_.assignments.emplace(swp::RuleModule::kIntrusionPrevention, swp::Assignments{});
  const struct {
    std::optional<int> hosts;
    ActionState want;
  } cases[] = {{10, ActionState::kApplied},
               {11, ActionState::kHeld},
               {100, ActionState::kHeld},
               {101, ActionState::kRefused},
               {std::nullopt, ActionState::kRefused}};
  for (const auto& c : cases) {
    auto planned = Rules(swp::Scope::Of(PolicyId{12}), c.hosts);
    planned.key = IdempotencyKey({"reach", std::to_string(c.hosts.value_or(-1))});
    EXPECT_EQ(Run(PlanOf({planned}))[0].state, c.want) << c.hosts.value_or(-1);
  }
}

TEST_F(ExecutorTest, AChangeWaitsForItsMaintenanceWindow) {
  reads_.assignments.emplace(swp::RuleModule::kIntrusionPrevention, swp::Assignments{});
  options_.gates.windows = {ParseMaintenanceWindow("sat 00:00-06:00").value()};
  const auto opens = NextOpening(options_.gates.windows, clock_.Now()).value();
  const Plan plan = PlanOf({Rules(swp::Scope::Of(ComputerId{34})), Scan(swp::ScanKind::kIntegrity)});
  const auto outcomes = Run(plan);
  EXPECT_EQ(outcomes[0].state, ActionState::kHeld);
  EXPECT_THAT(outcomes[0].reason, HasSubstr("maintenance-window"));
  EXPECT_EQ(outcomes[1].state, ActionState::kRequested);
  EXPECT_EQ(ledger_.FindOpenFollowUp("window-opens/" + std::to_string(outcomes[0].number.value)).value()->follow_up.due,
            opens);
  EXPECT_EQ(ResumeLast(plan)[0].state, ActionState::kHeld);  // still closed
  clock_.Advance(opens - clock_.Now());
  options_.force = true;  // the finding has grown old meanwhile
  EXPECT_EQ(ResumeLast(plan)[0].state, ActionState::kApplied);
}

TEST_F(ExecutorTest, AStaggeredScanWaitsForItsTurnOnce) {
  PlannedAction later = Scan(swp::ScanKind::kIntegrity);
  later.after = std::chrono::minutes(30);
  PlannedAction latest = Scan(swp::ScanKind::kRecommendation);
  latest.after = std::chrono::minutes(60);
  const Plan plan = PlanOf({later, latest});
  const TimePoint began = clock_.Now();
  const auto outcomes = Run(plan);
  ASSERT_EQ(outcomes[0].state, ActionState::kHeld);
  EXPECT_THAT(outcomes[0].reason, HasSubstr("stagger: "));
  const std::string key = "turn-comes/" + std::to_string(outcomes[1].number.value);
  EXPECT_EQ(ledger_.FindOpenFollowUp(key).value()->follow_up.due, began + std::chrono::minutes(60));
  EXPECT_THAT(swp_.requested, SizeIs(0));

  clock_.Advance(std::chrono::minutes(30) - Duration{1});
  EXPECT_EQ(ResumeLast(plan)[0].state, ActionState::kHeld);
  clock_.Advance(Duration{1});
  const auto at_turn = ResumeLast(plan);
  EXPECT_EQ(at_turn[0].state, ActionState::kRequested);
  EXPECT_EQ(at_turn[1].state, ActionState::kHeld);  // looking at it does not begin its wait again
  EXPECT_THAT(swp_.requested, SizeIs(1));
  clock_.Advance(std::chrono::minutes(30));
  EXPECT_EQ(ResumeLast(plan)[1].state, ActionState::kRequested);
  EXPECT_EQ(ledger_.FindPlanOf(event_).value()->state, PlanState::kExecuted);
}

TEST_F(ExecutorTest, TheWaitForATurnBeginsWithTheApproval) {
  options_.gates.approve_above_hosts = 1;
  PlannedAction later = Scan(swp::ScanKind::kIntegrity);
  later.hosts = 2;
  later.after = std::chrono::minutes(30);
  const Plan plan = PlanOf({later});
  EXPECT_THAT(Run(plan)[0].reason, HasSubstr("approval"));
  clock_.Advance(std::chrono::hours(2));
  ASSERT_TRUE(ledger_.SetPlanState(event_, PlanState::kApproved, "by a test", std::nullopt).ok());
  EXPECT_THAT(ResumeLast(plan, true)[0].reason, HasSubstr("stagger: "));
  clock_.Advance(std::chrono::minutes(30));
  EXPECT_EQ(ResumeLast(plan, true)[0].state, ActionState::kRequested);
}

// After a crash between the intention and the outcome.
class ExecutorAfterACrash : public ExecutorTest {
 protected:
  Plan CrashIn(PlannedAction planned) {
    ledger_.only = {ActionState::kIntended};
    Plan plan = PlanOf({std::move(planned)});
    Run(plan);
    ledger_.only.clear();
    swp_.requested.clear();
    swp_.assigned.clear();
    return plan;
  }
};

TEST_F(ExecutorAfterACrash, ATaskThatIsThereIsNotMadeAgain) {
  const Plan plan = CrashIn(Scan(swp::ScanKind::kIntegrity));
  swp_.held = swp::AcceptedScan{ScheduledTaskId{501}, clock_.Now(), true};
  const auto outcomes = ResumeLast(plan);
  EXPECT_EQ(outcomes[0].state, ActionState::kRequested);
  EXPECT_THAT(swp_.requested, IsEmpty());
}

TEST_F(ExecutorAfterACrash, AScanThatEndedSinceIsTheOne) {
  const Plan plan = CrashIn(Scan(swp::ScanKind::kIntegrity));
  swp::ScanProgress ended;
  ended.finished = true;
  reads_.progress.emplace(swp::ScanKind::kIntegrity, ended);
  EXPECT_THAT(ResumeLast(plan)[0].reason, HasSubstr("before we stopped"));
  EXPECT_THAT(swp_.requested, IsEmpty());
}

TEST_F(ExecutorAfterACrash, ARequestThatNeverArrivedIsMade) {
  const Plan plan = CrashIn(Scan(swp::ScanKind::kIntegrity));
  reads_.progress.emplace(swp::ScanKind::kIntegrity, swp::ScanProgress{});
  EXPECT_EQ(ResumeLast(plan)[0].state, ActionState::kRequested);
  EXPECT_THAT(swp_.requested, SizeIs(1));
}

// The agent may be at it, or at something else that was asked for a moment before.
TEST_F(ExecutorAfterACrash, OnlyAnAgentThatMayBeAtItStandsForTheRequest) {
  const struct {
    const char* text;
    std::size_t requests;
  } cases[] = {{"Integrity Scan In Progress", 0},      {"Scan for Integrity\n", 0}, {"something new", 0},
               {"Recommendation Scan In Progress", 1}, {"Malware Scan Pending", 1}, {"Sending Policy", 1}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const Plan plan = CrashIn(Scan(swp::ScanKind::kIntegrity, c.text));
    swp::ScanProgress running;
    running.computer.emplace();
    running.computer->agent_tasks = {c.text};
    reads_.progress.insert_or_assign(swp::ScanKind::kIntegrity, running);
    EXPECT_EQ(ResumeLast(plan)[0].state, ActionState::kRequested);
    EXPECT_THAT(swp_.requested, SizeIs(c.requests));
    options_.gates.cool_down = Duration{0};
    clock_.Advance(std::chrono::minutes(10));
  }
}

TEST_F(ExecutorAfterACrash, WhatCannotBeFoundOutIsNotRepeated) {
  const Plan plan = CrashIn(Scan(swp::ScanKind::kIntegrity));
  const auto outcomes = ResumeLast(plan);  // the progress cannot be read
  EXPECT_EQ(outcomes[0].state, ActionState::kIntended);
  EXPECT_THAT(outcomes[0].reason, HasSubstr("may have been requested before"));
  EXPECT_THAT(swp_.requested, IsEmpty());
}

TEST_F(ExecutorAfterACrash, RulesThatArrivedAreNotAssignedAgain) {
  reads_.assignments.emplace(swp::RuleModule::kIntrusionPrevention, swp::Assignments{});
  const Plan plan = CrashIn(Rules(swp::Scope::Of(ComputerId{34})));
  swp::Assignments now;
  now.assigned = {RuleId{6745}, RuleId{6746}};
  reads_.assignments.insert_or_assign(swp::RuleModule::kIntrusionPrevention, now);
  EXPECT_EQ(ResumeLast(plan)[0].state, ActionState::kApplied);
  EXPECT_THAT(swp_.assigned, IsEmpty());
}

TEST_F(ExecutorAfterACrash, WhatHadBegunIsEndedAlthoughAGateClosed) {
  const Plan plan = CrashIn(Scan(swp::ScanKind::kIntegrity));
  swp_.held = swp::AcceptedScan{ScheduledTaskId{501}, clock_.Now(), true};
  options_.gates.mode = Mode::kObserve;
  EXPECT_EQ(ResumeLast(plan)[0].state, ActionState::kRequested);
}

TEST_F(ExecutorTest, AMessageThatCannotBeRecordedIsSaid) {
  notifier_.next = Error{ErrorCode::kStorage, "the delivery could not be recorded", ""};
  EXPECT_EQ(Run(PlanOf({Message()}))[0].state, ActionState::kFailed);
}

}  // namespace
}  // namespace sallyport
