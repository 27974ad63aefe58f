// SPDX-License-Identifier: Apache-2.0
#include "executor/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "base/fake_clock.h"
#include "ledger/sqlite_ledger.h"
#include "workflow/fake_swp.h"

namespace sallyport {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class RecordingNotifier final : public Notifier {
 public:
  std::vector<OwnerMessageToSend> sent;
  Status next = Ok();
  Status Send(const OwnerMessageToSend& message) override {
    sent.push_back(message);
    return next;
  }
};

// A real ledger in memory whose writes can be made to fail.
class BreakableLedger final : public Ledger {
 public:
  explicit BreakableLedger(const Clock& clock) : inner_(SqliteLedger::Open(":memory:", clock).value()) {}
  bool broken = false;
  // Actions may be set to these states, and no other, while this is not empty.
  std::vector<ActionState> only;

  Result<EventNumber> AddEvent(const NewEvent& event) override { return inner_->AddEvent(event); }
  Status SetEventState(EventNumber event, EventState state, std::string_view reason) override {
    return inner_->SetEventState(event, state, reason);
  }
  Result<std::vector<ActionNumber>> AddPlan(EventNumber event, const NewPlan& plan) override {
    return inner_->AddPlan(event, plan);
  }
  Status SetActionState(ActionNumber action, ActionState state, std::string_view reason) override {
    if (broken || (!only.empty() && std::find(only.begin(), only.end(), state) == only.end())) return Full();
    return inner_->SetActionState(action, state, reason);
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
  Result<std::vector<EventRecord>> List(const ListFilter& filter) override { return inner_->List(filter); }
  Result<Case> Show(EventNumber event) override { return inner_->Show(event); }

 private:
  static Error Full() { return Error{ErrorCode::kStorage, "the disk is full", ""}; }
  std::unique_ptr<SqliteLedger> inner_;
};

class ExecutorTest : public testing::Test {
 protected:
  static PlannedAction Scan(swp::ScanKind kind, const std::string& content = "finding/1") {
    PlannedAction planned;
    planned.action = RequestScan{kind, ComputerId{34}, Web(), true};
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
    event_ = ledger_.AddEvent({}).value();
    NewPlan record{"guardduty", PlanDigest(plan), PlanToJson(plan), {}};
    for (const PlannedAction& planned : plan.actions) {
      record.actions.push_back({planned.key, std::string(KindOf(planned.action)), WhatOf(planned.action),
                                SubjectOf(planned.action), plan.severity, ActionToJson(planned.action)});
    }
    const auto numbers = ledger_.AddPlan(event_, record).value();
    Executor executor(ledger_, swp_, notifier_, clock_, log_, options_);
    return executor.Execute(event_, plan, numbers);
  }

  std::vector<std::string> HistoryOf(const ActionOutcome& outcome) {
    std::vector<std::string> states;
    for (const HistoryLine& line : ledger_.Show(event_).value().history) {
      if (line.action == outcome.number) states.push_back(line.state);
    }
    return states;
  }

  void SetUp() override { options_.gates.mode = Mode::kEnforce; }

  FakeClock clock_;
  Logger log_{clock_, LogLevel::kOff, [](std::string_view) {}};
  BreakableLedger ledger_{clock_};
  FakeSwpWrites swp_;
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
  EXPECT_EQ(outcomes[0].accepted->task.value, 501);
  EXPECT_THAT(HistoryOf(outcomes[0]), ElementsAre("planned", "intended", "requested"));
}

TEST_F(ExecutorTest, ObserveModeIsTheDefaultAndRequestsNothing) {
  options_.gates = GateSettings{};
  const auto outcomes = Run(PlanOf({Scan(swp::ScanKind::kIntegrity)}));
  EXPECT_THAT(swp_.requested, IsEmpty());
  EXPECT_EQ(outcomes[0].state, ActionState::kRefused);
  EXPECT_THAT(outcomes[0].reason, HasSubstr("observe mode"));
}

TEST_F(ExecutorTest, ObserveModeStillTellsTheOwner) {
  options_.gates = GateSettings{};
  const auto outcomes = Run(PlanOf({Message()}));
  ASSERT_THAT(notifier_.sent, SizeIs(1));
  EXPECT_EQ(notifier_.sent[0].case_id, "case " + std::to_string(event_.value));
  EXPECT_EQ(outcomes[0].state, ActionState::kSent);
}

TEST_F(ExecutorTest, ADryRunAsksEveryGateAndCallsNothing) {
  options_.dry_run = true;
  const auto outcomes = Run(PlanOf({Scan(swp::ScanKind::kIntegrity), Message()}));
  EXPECT_THAT(swp_.requested, IsEmpty());
  EXPECT_THAT(notifier_.sent, IsEmpty());
  EXPECT_EQ(outcomes[0].state, ActionState::kDryRun);
  EXPECT_THAT(outcomes[0].gates, SizeIs(8));
  EXPECT_THAT(outcomes[0].would_do, HasSubstr("POST https://swp.example.com/api/scheduledtasks {"));
  EXPECT_THAT(outcomes[1].would_do, HasSubstr("Subject: not protected"));
}

TEST_F(ExecutorTest, ADryRunShowsTheCallEvenWhenAGateRefuses) {
  options_.dry_run = true;
  options_.gates.mode = Mode::kObserve;
  const auto outcomes = Run(PlanOf({Scan(swp::ScanKind::kIntegrity)}));
  EXPECT_EQ(outcomes[0].state, ActionState::kRefused);
  EXPECT_THAT(outcomes[0].would_do, HasSubstr("scheduledtasks"));
}

// G3.
TEST_F(ExecutorTest, ASampleIsNeverActedOnAndItsMessageSaysSo) {
  Plan plan = PlanOf({Scan(swp::ScanKind::kIntegrity), Message()});
  plan.sample = true;
  const auto outcomes = Run(plan);
  EXPECT_THAT(swp_.requested, IsEmpty());
  EXPECT_EQ(outcomes[0].state, ActionState::kDryRun);
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
  EXPECT_EQ(again[0].state, ActionState::kRefused);
  EXPECT_THAT(again[0].reason, HasSubstr("once: the same decision was carried out"));
}

// G1: an update within the cool-down is no reason for a second scan, unless it is worse.
TEST_F(ExecutorTest, AnotherDecisionAboutTheSameComputerWaitsForTheCoolDown) {
  Run(PlanOf({Scan(swp::ScanKind::kIntegrity, "finding/1")}));
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

TEST_F(ExecutorTest, AChannelThatFailsIsSaid) {
  notifier_.next = Error{ErrorCode::kUnavailable, "the channel is down", ""};
  EXPECT_EQ(Run(PlanOf({Message()}))[0].state, ActionState::kFailed);
}

}  // namespace
}  // namespace sallyport
