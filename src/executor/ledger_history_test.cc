// SPDX-License-Identifier: Apache-2.0
#include "executor/ledger_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "action/request_scan.h"
#include "base/digest.h"
#include "base/fake_clock.h"
#include "ledger/forwarding_ledger_for_test.h"
#include "ledger/sqlite_ledger.h"
#include "ledger/states.h"

namespace sallyport {
namespace {

using testing::HasSubstr;

const InstanceId kAsked{"i-0123456789abcdef0"};

class LedgerHistoryTest : public ::testing::Test {
 protected:
  // A case with a recommendation scan of the host in that state.
  std::int64_t Add(const InstanceId& instance, bool apply, ActionState state) {
    NewEvent event;
    event.source = "aws.guardduty";
    event.sha256 = Sha256Hex("event " + std::to_string(++events_));
    const AddedEvent added = ledger_->AddEvent(event).value();
    RequestScan scan;
    scan.kind = swp::ScanKind::kRecommendation;
    scan.computer = ComputerId{42};
    scan.host = {"111122223333", "us-east-1", instance, "", {}};
    scan.apply_results = apply;
    NewAction action;
    action.key = Sha256Hex("key " + std::to_string(events_));
    action.kind = RequestScan::kKind;
    action.what = scan.What();
    action.subject = scan.Subject();
    action.host = scan.host.Subject();
    action.json = ActionToJson(Action(scan));
    const bool begins_so = MayMove(ActionState::kPlanned, state);
    action.state = begins_so ? state : ActionState::kIntended;
    if (state == ActionState::kHeld) action.held_by = "approval";
    NewPlan plan;
    plan.workflow = "guardduty";
    plan.json = "{}";
    plan.digest = Sha256Hex("plan " + std::to_string(events_));
    plan.actions = {action};
    const auto planned = ledger_->AddPlan(added.number, plan);
    if (!planned.ok()) {
      ADD_FAILURE() << planned.error().ToText();
      return 0;
    }
    const ActionNumber number = planned->front();
    if (begins_so) return added.case_number.value;
    EXPECT_TRUE(ledger_->SetActionState(number, ActionState::kRequested, "").ok());
    if (state != ActionState::kRequested) {
      EXPECT_TRUE(ledger_->SetActionState(number, state, "").ok());
    }
    return added.case_number.value;
  }

  std::string Why(const InstanceId& instance = kAsked) {
    return LedgerHistory(*ledger_).WhyEvidence(instance, clock_.Now() - std::chrono::hours(24)).value();
  }

  FakeClock clock_;
  std::unique_ptr<Ledger> ledger_ = SqliteLedger::Open(":memory:", clock_).value();
  int events_ = 0;
};

// The finding says it, whatever the gates made of its scan.
TEST_F(LedgerHistoryTest, AFindingThatKeepsResultsFromBeingAppliedMakesEvidence) {
  for (const ActionState state :
       {ActionState::kRequested, ActionState::kWaiting, ActionState::kVerified, ActionState::kSkipped,
        ActionState::kRefused, ActionState::kWould, ActionState::kHeld, ActionState::kFailed}) {
    const InstanceId host{"i-" + std::string(ToString(state))};
    const std::int64_t number = Add(host, false, state);
    EXPECT_EQ(Why(host),
              "probably compromised by a finding of case " + std::to_string(number) + ", its rules stay as evidence");
  }
  EXPECT_EQ(Why(), "");
}

TEST_F(LedgerHistoryTest, AnotherFindingBesideItChangesNothing) {
  Add(kAsked, true, ActionState::kVerified);
  EXPECT_EQ(Why(), "");
  Add(kAsked, false, ActionState::kVerified);
  Add(kAsked, true, ActionState::kRequested);
  EXPECT_THAT(Why(), HasSubstr("probably compromised by a finding of case 2"));
}

TEST_F(LedgerHistoryTest, AnOldFindingCountsNoMore) {
  Add(kAsked, false, ActionState::kVerified);
  clock_.Advance(std::chrono::hours(24));
  EXPECT_THAT(Why(), HasSubstr("probably compromised"));
  clock_.Advance(std::chrono::milliseconds(1));
  EXPECT_EQ(Why(), "");
}

// Fail closed: what cannot be read, or not to its end, is not "no".
TEST_F(LedgerHistoryTest, WhatCannotBeReadIsLeftAlone) {
  for (int i = 0; i < 199; ++i) Add(kAsked, true, ActionState::kVerified);
  EXPECT_EQ(Why(), "");
  Add(kAsked, true, ActionState::kVerified);
  EXPECT_THAT(Why(), HasSubstr("too many findings"));
  class Unreadable final : public ForwardingLedger {
   public:
    using ForwardingLedger::ForwardingLedger;
    Result<std::vector<ActionRecord>> ActionsAbout(std::string_view, std::string_view, std::string_view, TimePoint,
                                                   std::size_t) override {
      return Error{ErrorCode::kStorage, "the disk is gone", ""};
    }
  };
  Unreadable unreadable(SqliteLedger::Open(":memory:", clock_).value());
  LedgerHistory history(unreadable);
  const auto unread = history.WhyEvidence(kAsked, clock_.Now());
  ASSERT_FALSE(unread.ok());
  EXPECT_EQ(unread.error().code, ErrorCode::kStorage);
  EXPECT_THAT(unread.error().message, HasSubstr("could not be read: the disk is gone"));
  // Until it can be read each of them is evidence.
  std::vector<Target> targets = {{ComputerId{34}, {}}, {ComputerId{35}, {}}};
  targets.front().host.instance = kAsked;
  EXPECT_FALSE(MarkEvidence(targets, &history, clock_.Now()).ok());
  EXPECT_THAT(targets.front().host.evidence, HasSubstr("could not be read"));
  EXPECT_EQ(targets.back().host.evidence, "") << "no EC2 instance";
}

}  // namespace
}  // namespace sallyport
