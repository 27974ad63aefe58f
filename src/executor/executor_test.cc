// SPDX-License-Identifier: Apache-2.0
#include "executor/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <utility>

#include "action/kinds_for_test.h"
#include "action/policy_targets.h"
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
  // Called once, before a batch that intends something.
  std::function<void()> before_intention;

  Result<Committed> Commit(const Batch& batch) override {
    bool intends = false;
    const auto may = [&](ActionState state) {
      intends = intends || state == ActionState::kIntended;
      return !broken && (only.empty() || std::find(only.begin(), only.end(), state) != only.end());
    };
    for (const Item& item : batch.items) {
      if (const auto* change = std::get_if<ActionChange>(&item); change != nullptr && !may(change->state))
        return Full();
      const auto* plan = std::get_if<NewPlan>(&item);
      if (plan == nullptr) continue;
      for (const NewAction& action : plan->actions) {
        if (!may(action.state)) return Full();
      }
    }
    if (const auto once = intends ? std::exchange(before_intention, nullptr) : nullptr) once();
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
    plan.matter.severity = severity;
    plan.matter.time = clock_.Now();
    plan.actions = std::move(actions);
    return plan;
  }

  std::vector<ActionOutcome> Run(const Plan& plan) {
    event_ = ledger_.AddEvent({}).value().number;
    plan_ = {};
    return Carry(plan, false);
  }

  // What intake does with a plan: how its actions go on is recorded, those that begin are carried out, and what came of
  // them is recorded. When somebody was faster the gates are asked again.
  std::vector<ActionOutcome> Carry(const Plan& plan, bool approved) {
    const PlanInHand hand{event_, CaseNumber{event_.value}, plan, approved};
    Executor executor = MakeExecutor();
    std::vector<Step> steps;
    for (bool recorded = false; !recorded;) {
      const auto records = plan_.value == 0 ? std::vector<ActionRecord>() : ledger_.ActionsOf(plan_).value();
      steps.clear();
      Batch batch;
      NewPlan made{"guardduty", PlanDigest(plan), PlanToJson(plan), {}, event_};
      for (std::size_t i = 0; i < plan.actions.size(); ++i) {
        const bool is_new = records.empty();
        steps.push_back(executor.Prepare(hand, i, is_new ? nullptr : &records[i], recovers_));
        const Step& step = steps.back();
        batch.claims.insert(batch.claims.end(), step.claims.begin(), step.claims.end());
        if (is_new) made.actions.push_back(NewActionOf(step, plan.matter.severity));
        if (!is_new && step.is_new_state) batch.items.emplace_back(ChangeOf(step));
      }
      if (records.empty()) batch.items.emplace_back(std::move(made));
      if (batch.items.empty()) break;
      const auto committed = ledger_.Commit(batch);
      if (!committed.ok()) {
        executor.NotIntended(committed.error(), steps);
        return OutcomesOf(steps);
      }
      recorded = committed->recorded();
      if (!recorded || plan_.value != 0) continue;
      plan_ = committed->plans.front();
      for (std::size_t i = 0; i < steps.size(); ++i) steps[i].outcome.number = committed->actions[i];
    }
    executor.CarryOut(hand, steps);
    RecordWhatCameOfIt(steps);
    return OutcomesOf(steps);
  }

  void RecordWhatCameOfIt(std::vector<Step>& steps) {
    Batch batch;
    for (const Step& step : steps) {
      if (step.acted) batch.items.emplace_back(ChangeOf(step));
    }
    const auto standing = StandingOf(steps, clock_.Now() + options_.gates.approval_expires);
    if (standing && ledger_.GetPlan(plan_).value().state != standing->state) {
      batch.items.emplace_back(PlanChange{plan_, standing->state, "", standing->expires_at});
    }
    if (batch.items.empty() || ledger_.Commit(batch).ok()) return;
    for (Step& step : steps) step.outcome.recorded = step.outcome.recorded && !step.acted;
  }

  static std::vector<ActionOutcome> OutcomesOf(const std::vector<Step>& steps) {
    std::vector<ActionOutcome> outcomes;
    outcomes.reserve(steps.size());
    for (const Step& step : steps) outcomes.push_back(step.outcome);
    return outcomes;
  }

  ActionNumber OfAnotherProcess(const PlannedAction& planned) {
    const EventNumber event = ledger_.AddEvent({}).value().number;
    NewAction action;
    action.key = planned.key;
    action.kind = KindOf(planned.action);
    action.what = WhatOf(planned.action);
    action.subject = SubjectOf(planned.action);
    action.severity = 5;
    action.json = ActionToJson(planned.action);
    return ledger_.AddPlan(event, {"guardduty", "digest", "{}", {action}}).value().front();
  }

  Executor MakeExecutor() { return Executor({ledger_, reads_, swp_, notifier_, clock_, random_, log_}, options_); }

  std::vector<FollowUpRecord> Asks(std::string_view question) {
    std::vector<FollowUpRecord> open = ledger_.ListFollowUps(FollowUpState::kOpen, 100).value();
    std::erase_if(open, [&](const FollowUpRecord& record) { return record.follow_up.question != question; });
    return open;
  }

  void EndAllFollowUps() {
    for (const FollowUpRecord& record : ledger_.ListFollowUps(FollowUpState::kOpen, 100).value()) {
      ASSERT_TRUE(ledger_.EndFollowUp(record.number, FollowUpState::kDone, "", {}).ok());
    }
  }

  // Policy 12 is shared by that many computers, this one among them; none has the exclusion tag.
  void Share(int hosts) {
    std::vector<swp::Computer> computers;
    computers.reserve(static_cast<std::size_t>(hosts));
    for (int i = 0; i < hosts; ++i) {
      computers.push_back(ProtectedComputer("i-0123456789abcdef0", 34 + i));
    }
    reads_.computers_of.insert_or_assign(12, computers);
  }

  PlannedAction Rules(swp::Scope scope) {
    AssignRules assign{swp::RuleModule::kIntrusionPrevention,
                       scope,
                       ComputerId{34},
                       Web(),
                       {{RuleId{6745}, "1099006", "a rule"}, {RuleId{6746}, "1099009", "another"}}};
    if (scope.kind == swp::Scope::Kind::kPolicy) {
      assign.policy_targets = {ReadPolicyTargets(reads_, PolicyId{scope.id}, kMostPolicyTargets).value(), ""};
    }
    PlannedAction planned;
    planned.action = assign;
    planned.key = IdempotencyKey({"assign", swp::ToString(scope)});
    return planned;
  }

  // The plan of the last Run goes on, as after a restart.
  std::vector<ActionOutcome> ResumeLast(const Plan& plan, bool approved = false) { return Carry(plan, approved); }

  TimePoint DueOf(const std::string& question, const PlannedAction& planned) {
    const std::string key = question + std::to_string(event_.value) + "/" + planned.key;
    return ledger_.FindOpenFollowUp(key).value()->follow_up.due;
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

  void SetUp() override {
    options_.actions = ProductActions();
    options_.gates = DefaultGates(KindsOf(options_.actions));
    options_.gates.mode = Mode::kEnforce;
    reads_.by_id.emplace(34, ProtectedComputer("i-0123456789abcdef0"));
  }

  FakeClock clock_;
  Logger log_{clock_, LogLevel::kOff, [](std::string_view) {}};
  BreakableLedger ledger_{clock_};
  FakeSwpReads reads_;
  FakeSwpWrites swp_;
  NoChance random_;
  RecordingNotifier notifier_;
  ExecutorOptions options_;
  EventNumber event_;
  PlanNumber plan_;
  bool recovers_ = true;  // whoever began it is gone
};

TEST(ProductActions, AreTheKindsThatTestsOfOtherFoldersKnow) {
  const ActionKinds kinds = KindsOf(ProductActions());
  EXPECT_EQ(kinds.names(), KindsForTest().names());
  EXPECT_EQ(DefaultGates(kinds).allowed_actions, DefaultGates(KindsForTest()).allowed_actions);
  EXPECT_EQ(DefaultGates(kinds).windowed_actions, DefaultGates(KindsForTest()).windowed_actions);
}

TEST_F(ExecutorTest, RequestsTheScansInTheirOrder) {
  const auto outcomes = Run(PlanOf({Scan(swp::ScanKind::kMalware), Scan(swp::ScanKind::kIntegrity)}));
  ASSERT_THAT(swp_.requested, SizeIs(2));
  EXPECT_EQ(swp_.requested[0].kind, swp::ScanKind::kMalware);
  EXPECT_EQ(swp_.requested[1].kind, swp::ScanKind::kIntegrity);
  EXPECT_EQ(outcomes[0].state, ActionState::kRequested);
  EXPECT_THAT(outcomes[0].reason, HasSubstr("task 501"));
  EXPECT_THAT(HistoryOf(outcomes[0]), ElementsAre("intended", "requested"));
}

TEST_F(ExecutorTest, ObserveModeIsTheDefaultAndRequestsNothing) {
  options_.gates.mode = Mode::kObserve;
  const auto outcomes = Run(PlanOf({Scan(swp::ScanKind::kIntegrity)}));
  EXPECT_THAT(swp_.requested, IsEmpty());
  EXPECT_EQ(outcomes[0].state, ActionState::kWould);
  EXPECT_THAT(outcomes[0].reason, HasSubstr("observe mode"));
}

TEST_F(ExecutorTest, ObserveModeStillTellsTheOwner) {
  options_.gates.mode = Mode::kObserve;
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
  EXPECT_THAT(outcomes[0].gates, SizeIs(14));
  EXPECT_THAT(outcomes[0].would_do, HasSubstr("POST https://swp.example.com/api/scheduledtasks {"));
  EXPECT_THAT(outcomes[1].would_do, HasSubstr("Message: not protected"));
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
  plan.matter.sample = true;
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
  EXPECT_THAT(again[0].reason, HasSubstr("once: the same action already exists"));
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
  EXPECT_THAT(outcomes[0].reason, HasSubstr("the answer was lost"));
  EXPECT_THAT(HistoryOf(outcomes[0]), ElementsAre("intended", "intended"));
  ASSERT_THAT(Asks(kOutcomeKnown), SizeIs(1));
  EXPECT_THAT(Asks(kOutcomeKnown)[0].follow_up.waiting, ElementsAre(outcomes[0].number));
}

// The kill switch is looked at once more right before the call.
TEST_F(ExecutorTest, WhatAGateStopsInTheLastMomentIsRefused) {
  swp_.failures = {Error{ErrorCode::kRefused, "kill-switch: kill switch is on (file `stop` exists)", ""}};
  const auto outcomes = Run(PlanOf({Scan(swp::ScanKind::kMalware)}));
  EXPECT_EQ(outcomes[0].state, ActionState::kRefused);
  EXPECT_EQ(outcomes[0].reason, "kill-switch: kill switch is on (file `stop` exists)");
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

TEST_F(ExecutorTest, WhatAnotherProcessIsAboutToCarryOutIsLookedAtAgain) {
  const ActionNumber theirs = OfAnotherProcess(Scan(swp::ScanKind::kMalware, "finding/2"));
  ASSERT_TRUE(ledger_.SetActionState(theirs, ActionState::kIntended, "").ok());
  const Plan plan = PlanOf({Scan(swp::ScanKind::kMalware)});
  const auto outcomes = Run(plan);
  EXPECT_THAT(swp_.requested, IsEmpty());
  EXPECT_EQ(outcomes[0].state, ActionState::kHeld);
  EXPECT_EQ(outcomes[0].held_by, kInFlight);
  EXPECT_THAT(outcomes[0].reason, HasSubstr("event 1 is carrying out the same action now"));
  EXPECT_THAT(Questions(), ElementsAre("others-end"));
  EXPECT_THAT(clock_.slept(), IsEmpty());  // nobody waits: the question brings it back
  ASSERT_TRUE(ledger_.SetActionState(theirs, ActionState::kRequested, "").ok());
  EXPECT_EQ(ResumeLast(plan)[0].state, ActionState::kSkipped);  // done already: within the cool-down
}

TEST_F(ExecutorTest, AMessageThatAnotherProcessIsAboutToSendIsNotSentTwice) {
  const ActionNumber theirs = OfAnotherProcess(Message());
  ASSERT_TRUE(ledger_.SetActionState(theirs, ActionState::kIntended, "").ok());
  const Plan plan = PlanOf({Message()});
  EXPECT_EQ(Run(plan)[0].held_by, kInFlight);
  EXPECT_THAT(notifier_.sent, IsEmpty());
  ASSERT_TRUE(ledger_.SetActionState(theirs, ActionState::kSent, "").ok());
  EXPECT_EQ(ResumeLast(plan)[0].state, ActionState::kSkipped);
  EXPECT_THAT(notifier_.sent, IsEmpty());
}

TEST_F(ExecutorTest, WhatSomebodyIsAboutToCarryOutIsLeftToHim) {
  ledger_.only = {ActionState::kIntended};
  const Plan plan = PlanOf({Scan(swp::ScanKind::kMalware)});
  Run(plan);
  ledger_.only.clear();
  swp_.requested.clear();
  reads_.progress.emplace(swp::ScanKind::kMalware, swp::ScanProgress{});
  recovers_ = false;  // nobody said that he is gone
  EXPECT_EQ(ResumeLast(plan)[0].state, ActionState::kIntended);
  EXPECT_THAT(swp_.requested, IsEmpty());
  clock_.Advance(std::chrono::minutes(6));  // nobody can be at it any more
  EXPECT_EQ(ResumeLast(plan)[0].state, ActionState::kRequested);
}

TEST_F(ExecutorTest, AnIntentionThatIsOldOrWhoseEventHasEndedIsNotWaitedFor) {
  for (const bool old : {true, false}) {
    const ActionNumber theirs = OfAnotherProcess(Scan(swp::ScanKind::kMalware, "finding/2"));
    ASSERT_TRUE(ledger_.SetActionState(theirs, ActionState::kIntended, "").ok());
    const EventNumber event = ledger_.GetAction(theirs).value().event;
    if (old) {
      ASSERT_TRUE(ledger_.SetEventState(event, EventState::kWaiting, "").ok());
      clock_.Advance(std::chrono::minutes(16));
    } else {
      ASSERT_TRUE(ledger_.SetEventState(event, EventState::kFailed, "").ok());
    }
    const auto outcomes = Run(PlanOf({Scan(swp::ScanKind::kMalware, old ? "finding/3" : "finding/4")}));
    EXPECT_EQ(outcomes[0].state, ActionState::kRequested) << outcomes[0].reason;
    options_.gates.cool_down = std::chrono::minutes(0);
  }
}

// What waits has done nothing yet: it is no reason not to scan.
TEST_F(ExecutorTest, AHeldScanIsNoReasonForACoolDown) {
  PlannedAction later = Scan(swp::ScanKind::kMalware, "finding/2");
  later.after = std::chrono::minutes(30);
  EXPECT_EQ(Run(PlanOf({later}))[0].held_by, "stagger");
  EXPECT_EQ(Run(PlanOf({Scan(swp::ScanKind::kMalware)}))[0].state, ActionState::kRequested);
}

// Whoever finds its event brings it to its end; until then nobody begins the same.
TEST_F(ExecutorTest, AnIntentionOfAnEventThatNobodyBroughtToItsEndIsWaitedForHoweverOld) {
  const ActionNumber theirs = OfAnotherProcess(Scan(swp::ScanKind::kMalware, "finding/2"));
  ASSERT_TRUE(ledger_.SetActionState(theirs, ActionState::kIntended, "").ok());
  clock_.Advance(std::chrono::hours(2));
  EXPECT_EQ(Run(PlanOf({Scan(swp::ScanKind::kMalware)}))[0].held_by, kInFlight);
  EXPECT_THAT(swp_.requested, IsEmpty());
}

// Whoever went on with it by a timer and stopped: the timer finds out, and nobody may have been there to ask it.
TEST_F(ExecutorTest, AnIntentionWhoseTimerIsOpenIsWaitedForHoweverOld) {
  const PlannedAction scan = Scan(swp::ScanKind::kMalware, "finding/2");
  const ActionNumber theirs = OfAnotherProcess(scan);
  const EventNumber event = ledger_.GetAction(theirs).value().event;
  NewFollowUp timer;
  timer.question = kOthersEnd;
  timer.key = std::string(kOthersEnd) + "/" + std::to_string(event.value) + "/" + scan.key;
  timer.subject = "computer 34";
  timer.case_number = event;
  timer.due = clock_.Now();
  const auto open = ledger_.AddFollowUp(timer);
  ASSERT_TRUE(open.ok());
  ASSERT_TRUE(ledger_.SetActionState(theirs, ActionState::kIntended, "").ok());
  ASSERT_TRUE(ledger_.SetEventState(event, EventState::kWaiting, "").ok());
  clock_.Advance(std::chrono::hours(2));
  EXPECT_EQ(Run(PlanOf({Scan(swp::ScanKind::kMalware)}))[0].held_by, kInFlight);
  EXPECT_THAT(swp_.requested, IsEmpty());
  ASSERT_TRUE(ledger_.EndFollowUp(*open, FollowUpState::kDone, "", {}).ok());
  EXPECT_EQ(Run(PlanOf({Scan(swp::ScanKind::kMalware, "finding/3")}))[0].state, ActionState::kRequested);
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
  EXPECT_EQ(outcomes[0].state, ActionState::kFailed) << "skipped means that the same exists, and nobody knows";
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
  EXPECT_THAT(outcomes[0].reason, HasSubstr("waiting for the scan that case 1 requested"));
  EXPECT_THAT(swp_.requested, SizeIs(1));
  const auto open = ledger_.ListFollowUps(FollowUpState::kOpen, 100).value();
  const auto scan = std::find_if(open.begin(), open.end(),
                                 [](const auto& record) { return record.follow_up.question == "scan-finished"; });
  ASSERT_NE(scan, open.end());
  EXPECT_THAT(scan->follow_up.waiting, SizeIs(2));
}

TEST_F(ExecutorTest, ATaskThatAsksAlreadyIsJoinedWithoutACall) {
  PlannedAction joined = Scan(swp::ScanKind::kIntegrity);
  RequestScan scan = *joined.action.As<RequestScan>();
  scan.joins = RequestScan::Running{ScheduledTaskId{77}, clock_.Now()};
  joined.action = scan;
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
  EXPECT_THAT(outcomes[0].reason, HasSubstr("1 of 2 rules added"));
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
  EXPECT_THAT(outcomes[0].reason, HasSubstr("already assigned"));
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
  Share(11);
  const Plan plan = PlanOf({Rules(swp::Scope::Of(PolicyId{12})), Scan(swp::ScanKind::kIntegrity)});
  const auto outcomes = Run(plan);
  EXPECT_EQ(outcomes[0].state, ActionState::kHeld);
  EXPECT_THAT(outcomes[0].reason, HasSubstr("approval: affects 11 hosts"));
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

// A plan of an earlier release has the digest that it was recorded with, whatever it would be written as now.
TEST_F(ExecutorTest, TheApprovalOfARecordedPlanHasTheTimerOfItsRecordedDigest) {
  options_.gates.approve_actions = {"request-scan"};
  const Plan plan = PlanOf({Scan(swp::ScanKind::kIntegrity)});
  Executor executor = MakeExecutor();
  PlanInHand hand{EventNumber{7}, CaseNumber{7}, plan};
  hand.digest = "0123456789abcdef0123456789abcdef";
  const Step recorded = executor.Prepare(hand, 0, nullptr, false);
  ASSERT_THAT(recorded.follow_ups, SizeIs(1));
  EXPECT_EQ(recorded.follow_ups[0].key, ApprovalKey(EventNumber{7}, hand.digest));
  hand.digest = {};
  EXPECT_EQ(executor.Prepare(hand, 0, nullptr, false).follow_ups.at(0).key,
            ApprovalKey(EventNumber{7}, PlanDigest(plan)));
}

TEST_F(ExecutorTest, TheReachDecidesAboutRefusalAndApproval) {
  reads_.assignments.emplace(swp::RuleModule::kIntrusionPrevention, swp::Assignments{});
  const std::pair<int, ActionState> cases[] = {
      {10, ActionState::kApplied}, {11, ActionState::kHeld}, {100, ActionState::kHeld}, {101, ActionState::kRefused}};
  for (const auto& [hosts, want] : cases) {
    Share(hosts);
    auto planned = Rules(swp::Scope::Of(PolicyId{12}));
    planned.key = IdempotencyKey({"reach", std::to_string(hosts)});
    EXPECT_EQ(Run(PlanOf({planned}))[0].state, want) << hosts;
  }
  // What is counted is what would be touched now, and not what the plan counted.
  Share(10);
  auto planned = Rules(swp::Scope::Of(PolicyId{12}));
  Share(101);
  EXPECT_THAT(Run(PlanOf({planned}))[0].reason, HasSubstr("blast-radius: affects 101 hosts"));
  Share(static_cast<int>(kMostPolicyTargets) + 1);
  EXPECT_THAT(Run(PlanOf({planned}))[0].reason, HasSubstr("is undetermined: more than 2000 computers"));
  reads_.computers_of.insert_or_assign(12, Error{ErrorCode::kUnavailable, "away", ""});
  const auto unread = Run(PlanOf({planned}))[0];
  EXPECT_EQ(unread.state, ActionState::kFailed);
  EXPECT_THAT(unread.reason, HasSubstr("not carried out: which computers have the policy could not be read: away"));
  EXPECT_THAT(swp_.assigned, SizeIs(1));
}

// X12: by way of a policy no host gets what it must not get; a person has to move these hosts apart.
TEST_F(ExecutorTest, WhatTouchesHostsThatMustBeLeftAloneWaitsForAPerson) {
  reads_.assignments.emplace(swp::RuleModule::kIntrusionPrevention, swp::Assignments{});
  Share(3);
  const Plan plan = PlanOf({Rules(swp::Scope::Of(PolicyId{12}))});
  // The tag came after the plan was made: which hosts it touches is read anew.
  reads_.computers_of.at(12)->at(1).tags->push_back({"sallyport:exclude", "true"});
  const auto held = Run(plan);
  EXPECT_EQ(held[0].state, ActionState::kHeld);
  EXPECT_THAT(held[0].reason, HasSubstr("targets: 1 of 3 hosts must be left alone: web-01 (i-0123456789abcdef0)"));
  EXPECT_THAT(Questions(), ElementsAre("approval-expires"));
  EXPECT_EQ(ledger_.FindPlanOf(event_).value()->state, PlanState::kAwaitingApproval);

  // A yes alone does not move them apart.
  ASSERT_TRUE(ledger_.SetPlanState(event_, PlanState::kApproved, "by a test", std::nullopt).ok());
  const auto approved = ResumeLast(plan, true);
  EXPECT_EQ(approved[0].state, ActionState::kRefused);
  EXPECT_THAT(approved[0].reason, HasSubstr("targets: 1 of 3"));
  EXPECT_THAT(swp_.assigned, IsEmpty());
}

TEST_F(ExecutorTest, OnceTheHostsAreApartAYesLetsItPass) {
  reads_.assignments.emplace(swp::RuleModule::kIntrusionPrevention, swp::Assignments{});
  Share(3);
  reads_.computers_of.at(12)->at(1).tags = std::nullopt;
  const Plan plan = PlanOf({Rules(swp::Scope::Of(PolicyId{12}))});
  EXPECT_EQ(Run(plan)[0].state, ActionState::kHeld);
  Share(2);
  ASSERT_TRUE(ledger_.SetPlanState(event_, PlanState::kApproved, "by a test", std::nullopt).ok());
  EXPECT_EQ(ResumeLast(plan, true)[0].state, ActionState::kApplied);
  EXPECT_THAT(swp_.assigned, SizeIs(1));
}

TEST_F(ExecutorTest, AYesHoldsForHostsThatAreNoMoreThanATenthMore) {
  reads_.assignments.emplace(swp::RuleModule::kIntrusionPrevention, swp::Assignments{});
  options_.gates.windows = {ParseMaintenanceWindow("sat 00:00-06:00").value()};
  options_.force = true;
  Share(20);
  const Plan plan = PlanOf({Rules(swp::Scope::Of(PolicyId{12}))});
  EXPECT_THAT(Run(plan)[0].reason, HasSubstr("approval: affects 20 hosts"));
  ASSERT_TRUE(ledger_.SetPlanState(event_, PlanState::kApproved, "by a test", std::nullopt).ok());
  Share(22);
  EXPECT_THAT(ResumeLast(plan, true)[0].reason, HasSubstr("maintenance-window"));
  clock_.Advance(NextOpening(options_.gates.windows, clock_.Now()).value() - clock_.Now());
  Share(23);  // until the window opened it grew further
  const auto grown = ResumeLast(plan, true)[0];
  EXPECT_EQ(grown.state, ActionState::kRefused);
  EXPECT_THAT(grown.reason, HasSubstr("approval: affects 23 hosts"));
  EXPECT_THAT(swp_.assigned, IsEmpty());
}

TEST_F(ExecutorTest, TheTagsOfAHostAreReadAgainWhenItsTurnComes) {
  PlannedAction later = Scan(swp::ScanKind::kIntegrity);
  later.after = std::chrono::minutes(30);
  const Plan plan = PlanOf({later});
  EXPECT_THAT(Run(plan)[0].reason, HasSubstr("stagger"));
  clock_.Advance(std::chrono::minutes(30));
  reads_.by_id.at(34)->tags = std::vector<swp::Tag>{{"sallyport:exclude", "true"}};
  EXPECT_THAT(ResumeLast(plan)[0].reason, HasSubstr("exclusion-tag"));
  EXPECT_THAT(swp_.requested, IsEmpty());
}

// Point by point what a decision was about: what became of its computer meanwhile is another one.
TEST_F(ExecutorTest, WhatWasHeldIsNotDoneToAnotherHost) {
  const std::pair<const char*, std::function<void(swp::Computer&)>> changes[] = {
      {"the record of instance i-0fedcba9876543210 now", [](auto& c) { c.instance_id = "i-0fedcba9876543210"; }},
      {"the record of no instance now", [](auto& c) { c.instance_id = ""; }},
      {"in AWS account 444455556666 now", [](auto& c) { c.account_id = "444455556666"; }},
      {"has been activated again", [](auto& c) { c.agent_fingerprint = "AA:BB"; }},
      {"no longer activated", [](auto& c) { c.agent_fingerprint = ""; }},
  };
  const swp::Computer as_it_was = *reads_.by_id.at(34);
  for (const auto& [why, change] : changes) {
    PlannedAction later = Scan(swp::ScanKind::kIntegrity);
    later.key = IdempotencyKey({why});
    RequestScan scan = *later.action.As<RequestScan>();
    scan.host.activation = as_it_was.agent_fingerprint;
    later.action = scan;
    later.after = std::chrono::minutes(30);
    const Plan plan = PlanOf({later});
    reads_.by_id.at(34) = as_it_was;
    Run(plan);
    clock_.Advance(std::chrono::minutes(30));
    change(*reads_.by_id.at(34));
    const auto outcome = ResumeLast(plan)[0];
    EXPECT_EQ(outcome.state, ActionState::kFailed) << why;
    EXPECT_THAT(outcome.reason, HasSubstr(why));
    EXPECT_THAT(swp_.requested, IsEmpty());
  }
}

TEST_F(ExecutorTest, WhatWasHeldIsNotDoneToAHostThatCannotBeReadAgain) {
  PlannedAction later = Scan(swp::ScanKind::kIntegrity);
  later.after = std::chrono::minutes(30);
  const Plan plan = PlanOf({later});
  Run(plan);
  clock_.Advance(std::chrono::minutes(30));
  reads_.by_id.clear();
  const auto outcome = ResumeLast(plan)[0];
  EXPECT_EQ(outcome.state, ActionState::kFailed);
  EXPECT_THAT(outcome.reason, HasSubstr("the host could not be read again"));
  EXPECT_THAT(swp_.requested, IsEmpty());
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
  EXPECT_EQ(DueOf("window-opens/", plan.actions[0]), opens);
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
  EXPECT_EQ(DueOf("turn-comes/", plan.actions[1]), began + std::chrono::minutes(60));
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
  later.together = 2;
  later.after = std::chrono::minutes(30);
  const Plan plan = PlanOf({later});
  EXPECT_THAT(Run(plan)[0].reason, HasSubstr("approval"));
  clock_.Advance(std::chrono::hours(2));
  ASSERT_TRUE(ledger_.SetPlanState(event_, PlanState::kApproved, "by a test", std::nullopt).ok());
  EXPECT_THAT(ResumeLast(plan, true)[0].reason, HasSubstr("stagger: "));
  clock_.Advance(std::chrono::minutes(30));
  EXPECT_EQ(ResumeLast(plan, true)[0].state, ActionState::kRequested);
}

// Its age is held against when it was received where our own clock says less: another process began after it was set
// back.
TEST_F(ExecutorTest, WhatWasReceivedIsNotOfTheFutureWhenTheClockWasSetBackSince) {
  options_.gates.approve_above_hosts = 1;
  PlannedAction scan = Scan(swp::ScanKind::kIntegrity);
  scan.together = 2;
  const Plan plan = PlanOf({scan});
  ASSERT_THAT(Run(plan)[0].reason, HasSubstr("approval"));
  ASSERT_TRUE(ledger_.SetPlanState(event_, PlanState::kApproved, "by a test", std::nullopt).ok());
  clock_.Advance(-Duration(std::chrono::hours(2)));
  const auto approved = ResumeLast(plan, true)[0];
  EXPECT_EQ(approved.state, ActionState::kRequested) << approved.reason;
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

TEST_F(ExecutorAfterACrash, WhatWasAtItsTurnDoesNotWaitForItAgain) {
  PlannedAction later = Scan(swp::ScanKind::kIntegrity);
  later.after = std::chrono::minutes(30);
  const Plan plan = PlanOf({later});
  ASSERT_EQ(Run(plan)[0].held_by, "stagger");
  clock_.Advance(std::chrono::minutes(30));
  ledger_.only = {ActionState::kIntended};
  ResumeLast(plan);
  ledger_.only.clear();
  swp_.requested.clear();
  reads_.progress.emplace(swp::ScanKind::kIntegrity, swp::ScanProgress{});
  ASSERT_EQ(ResumeLast(plan)[0].state, ActionState::kIntended);
  clock_.Advance(options_.may_arrive);
  EXPECT_EQ(ResumeLast(plan)[0].state, ActionState::kRequested);
  EXPECT_THAT(swp_.requested, SizeIs(1));
}

TEST_F(ExecutorAfterACrash, AMessageIsNotSentBehindItsUpdate) {
  PlannedAction newer = Message();
  newer.key = IdempotencyKey({"guardduty", "notify", "risen"});
  const Plan plan = CrashIn(Message());
  const EventNumber event = event_;
  const PlanNumber number = plan_;
  // Another event of the same case, which tells the news of the same host.
  NewAction sent;
  sent.key = newer.key;
  sent.kind = KindOf(newer.action);
  sent.what = WhatOf(newer.action);
  sent.subject = SubjectOf(newer.action);
  sent.json = ActionToJson(newer.action);
  sent.state = ActionState::kIntended;
  NewEvent update;
  update.case_number = CaseNumber{event.value};
  NewPlan told{"guardduty", PlanDigest(plan), PlanToJson(plan), {sent}, ledger_.AddEvent(update).value().number};
  ASSERT_TRUE(ledger_.Commit({{}, {told}}).ok());
  event_ = event;
  plan_ = number;
  notifier_.sent.clear();
  const auto outcome = ResumeLast(plan)[0];
  EXPECT_EQ(outcome.state, ActionState::kSkipped);
  EXPECT_THAT(outcome.reason, HasSubstr("a newer message of this case"));
  EXPECT_THAT(notifier_.sent, IsEmpty());
}

TEST_F(ExecutorAfterACrash, AScanThatEndedSinceIsTheOne) {
  const Plan plan = CrashIn(Scan(swp::ScanKind::kIntegrity));
  swp::ScanProgress ended;
  ended.finished = true;
  reads_.progress.emplace(swp::ScanKind::kIntegrity, ended);
  EXPECT_THAT(ResumeLast(plan)[0].reason, HasSubstr("before Sallyport was interrupted"));
  EXPECT_THAT(swp_.requested, IsEmpty());
}

// It may have been sent in the last moment, and SWP may still be at it.
TEST_F(ExecutorAfterACrash, ARequestIsMadeAnewOnlyWhenItCannotArriveAnyMore) {
  const Plan plan = CrashIn(Scan(swp::ScanKind::kIntegrity));
  reads_.progress.emplace(swp::ScanKind::kIntegrity, swp::ScanProgress{});
  clock_.Advance(std::chrono::hours(3));
  // Since when it is not known counts from the first look: he may have stopped right before.
  auto outcome = ResumeLast(plan)[0];
  EXPECT_EQ(outcome.state, ActionState::kIntended);
  EXPECT_THAT(outcome.reason, HasSubstr("outcome unknown: "));
  EXPECT_THAT(Asks(kOutcomeKnown), SizeIs(1));
  EXPECT_EQ(Asks(kOutcomeKnown)[0].follow_up.due, clock_.Now() + std::chrono::seconds(5));
  clock_.Advance(options_.may_arrive - Duration{1});
  EXPECT_EQ(ResumeLast(plan)[0].state, ActionState::kIntended);
  EXPECT_THAT(swp_.requested, IsEmpty());
  clock_.Advance(Duration{1});
  EXPECT_EQ(ResumeLast(plan)[0].state, ActionState::kRequested);
  EXPECT_THAT(swp_.requested, SizeIs(1));
}

// What arrives in between is found.
TEST_F(ExecutorAfterACrash, ARequestThatArrivesLateIsFound) {
  const Plan plan = CrashIn(Scan(swp::ScanKind::kIntegrity));
  reads_.progress.emplace(swp::ScanKind::kIntegrity, swp::ScanProgress{});
  EXPECT_EQ(ResumeLast(plan)[0].state, ActionState::kIntended);
  swp_.held = swp::AcceptedScan{ScheduledTaskId{501}, clock_.Now(), true};
  clock_.Advance(std::chrono::seconds(5));
  EXPECT_EQ(ResumeLast(plan)[0].state, ActionState::kRequested);
  EXPECT_THAT(swp_.requested, IsEmpty());
}

// Nobody else begins the same meanwhile, however long it takes, and only its question goes on with it.
TEST_F(ExecutorAfterACrash, AnOutcomeThatIsNotKnownIsLeftToItsQuestion) {
  const Plan plan = CrashIn(Scan(swp::ScanKind::kIntegrity));
  EXPECT_EQ(ResumeLast(plan)[0].state, ActionState::kIntended);  // the progress cannot be read
  ASSERT_TRUE(ledger_.SetEventState(event_, EventState::kWaiting, "").ok());
  clock_.Advance(std::chrono::hours(3));
  recovers_ = false;
  EXPECT_EQ(Carry(plan, false)[0].state, ActionState::kIntended);
  EXPECT_EQ(Run(PlanOf({Scan(swp::ScanKind::kIntegrity)}))[0].held_by, kInFlight);
  EXPECT_EQ(Run(PlanOf({Scan(swp::ScanKind::kIntegrity, "finding/2")}))[0].held_by, kInFlight);
  EXPECT_THAT(swp_.requested, IsEmpty());
}

// Whose event ended without knowing it: the same decision is looked for before it is carried out.
TEST_F(ExecutorAfterACrash, WhatAnotherEventMayHaveDoneIsLookedForFirst) {
  CrashIn(Scan(swp::ScanKind::kIntegrity));
  ASSERT_TRUE(ledger_.SetEventState(event_, EventState::kFailed, "").ok());
  swp_.held = swp::AcceptedScan{ScheduledTaskId{501}, clock_.Now(), true};
  const auto outcome = Run(PlanOf({Scan(swp::ScanKind::kIntegrity)}))[0];
  EXPECT_EQ(outcome.state, ActionState::kRequested);
  EXPECT_THAT(outcome.reason, HasSubstr("task 501"));
  EXPECT_THAT(swp_.requested, IsEmpty());
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
    ResumeLast(plan);
    clock_.Advance(options_.may_arrive);
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

// What never arrived is begun anew, and every gate is asked again.
TEST_F(ExecutorAfterACrash, WhatNeverArrivedIsNotDoneWhenAGateHasClosed) {
  const Plan plan = CrashIn(Scan(swp::ScanKind::kIntegrity));
  reads_.progress.emplace(swp::ScanKind::kIntegrity, swp::ScanProgress{});
  options_.gates.mode = Mode::kObserve;
  EXPECT_EQ(ResumeLast(plan)[0].state, ActionState::kIntended);
  clock_.Advance(options_.may_arrive);
  const auto outcome = ResumeLast(plan)[0];
  EXPECT_EQ(outcome.state, ActionState::kWould);
  EXPECT_THAT(outcome.reason, HasSubstr("mode"));
  EXPECT_THAT(swp_.requested, IsEmpty());
}

TEST_F(ExecutorTest, AMessageThatCannotBeRecordedIsSaid) {
  notifier_.next = Error{ErrorCode::kStorage, "the delivery could not be recorded", ""};
  EXPECT_EQ(Run(PlanOf({Message()}))[0].state, ActionState::kFailed);
}

}  // namespace
}  // namespace sallyport
