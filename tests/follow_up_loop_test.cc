// SPDX-License-Identifier: Apache-2.0
//
// The loop that waits for follow-ups and tries messages again: how often it looks while something keeps a message from
// being sent.
#include "app/follow_up_loop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "action/notify_owner.h"
#include "app/tables.h"
#include "app/wire.h"
#include "base/digest.h"
#include "base/fake_clock.h"
#include "base/test_files.h"
#include "ledger/forwarding_ledger_for_test.h"
#include "notify/message_for.h"

namespace sallyport {
namespace {

constexpr Duration kLoopRuns = std::chrono::minutes(5);

class CountingLooks final : public ForwardingLedger {
 public:
  CountingLooks(std::unique_ptr<Ledger> inner, int& looks) : ForwardingLedger(std::move(inner)), looks_(looks) {}
  Result<std::vector<DeliveryRecord>> PendingDeliveries(std::size_t limit) override {
    ++looks_;
    return ForwardingLedger::PendingDeliveries(limit);
  }

 private:
  int& looks_;
};

class FollowUpLoopTest : public ::testing::Test {
 protected:
  FollowUpLoopTest() {
    settings_.gates = DefaultGates(KindsOf(ProductActions()));
    settings_.gates.kill_switch_file = folder_ / "STOP";
    settings_.ledger.path = folder_ / "ledger.db";
    settings_.log.level = LogLevel::kOff;
    ChannelSettings lines;
    lines.name = "lines";
    lines.type = ChannelType::kJsonLines;
    lines.path = folder_ / "lines";
    settings_.notify.channels = {lines};
    ProgramOptions options;
    options.clock = &clock_;
    options.wrap_ledger = [this](std::unique_ptr<Ledger> ledger) {
      return std::make_unique<CountingLooks>(std::move(ledger), looks_);
    };
    program_ = Program::Make(settings_, ProductProgram(), std::move(options)).value();
  }

  // A message that a channel did not take, and that is due again.
  void LeavePending() {
    NotifyOwner content;
    content.host = {"111122223333", "us-east-1", InstanceId{"i-0123456789abcdef0"}, "", {}};
    content.reason = "outcome";
    content.headline = "web-01: scanned and verified";
    NewEvent event;
    event.source = "aws.guardduty";
    event.sha256 = Sha256Hex("event");
    Ledger& ledger = program_->ledger();
    const AddedEvent added = ledger.AddEvent(event).value();
    NewAction action;
    action.key = Sha256Hex("key");
    action.kind = NotifyOwner::kKind;
    action.subject = content.Subject();
    action.json = ActionToJson(Action(content));
    action.state = ActionState::kIntended;
    NewPlan plan;
    plan.workflow = "guardduty";
    plan.json = "{}";
    plan.digest = Sha256Hex(plan.json);
    plan.actions = {action};
    const ActionNumber number = ledger.AddPlan(added.number, plan).value().at(0);
    ASSERT_TRUE(ledger.SetActionState(number, ActionState::kSent, "tried again later").ok());
    DeliveryRecord delivery;
    delivery.case_number = added.case_number;
    delivery.message = content.MessageName();
    delivery.channel = "lines";
    delivery.state = DeliveryState::kPending;
    delivery.attempts = 1;
    ASSERT_TRUE(ledger.RecordDelivery(delivery).ok());
    clock_.Advance(std::chrono::minutes(2));
  }

  bool Run() {
    const auto left = RunFollowUps(*program_, kLoopRuns, 1, [](const EventReport&) {});
    EXPECT_TRUE(left.ok()) << left.error().ToText();
    return left.ok() && *left;
  }

  TempFolder folder_;
  FakeClock clock_;
  Settings settings_;
  int looks_ = 0;
  std::unique_ptr<Program> program_;
};

TEST_F(FollowUpLoopTest, WhatMayNotBeSentIsLookedAtEveryTenSeconds) {
  LeavePending();
  WriteFile(folder_ / "STOP", "");
  EXPECT_TRUE(Run());  // it is left
  EXPECT_FALSE(std::filesystem::exists(folder_ / "lines"));
  const auto rounds = static_cast<std::size_t>(kLoopRuns / std::chrono::seconds(10));
  EXPECT_LE(clock_.slept().size(), rounds + 1);
  EXPECT_GE(clock_.slept().size(), rounds - 1);
  // One look for what to send, one for when the next is due.
  EXPECT_LE(looks_, static_cast<int>(2 * (rounds + 2)));
}

TEST_F(FollowUpLoopTest, ItIsSentOnceTheSwitchIsOff) {
  LeavePending();
  WriteFile(folder_ / "STOP", "");
  Run();
  std::filesystem::remove(folder_ / "STOP");
  EXPECT_FALSE(Run());  // nothing is left
  const std::string lines = ReadFile(folder_ / "lines");
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 1);
}

TEST_F(FollowUpLoopTest, WithoutAnythingToWaitForItEndsAtOnce) {
  EXPECT_FALSE(Run());
  EXPECT_TRUE(clock_.slept().empty());
}

}  // namespace
}  // namespace sallyport
