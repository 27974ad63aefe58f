// SPDX-License-Identifier: Apache-2.0
#include "executor/messenger.h"

#include <gtest/gtest.h>

#include <chrono>

#include "action/notify_owner.h"
#include "base/digest.h"
#include "base/fake_clock.h"
#include "executor/action_table.h"
#include "ledger/forwarding_ledger_for_test.h"
#include "ledger/sqlite_ledger.h"
#include "notify/message_for.h"

namespace sallyport {
namespace {

class MailBox final : public Channel {
 public:
  explicit MailBox(std::vector<Message>& taken) : taken_(taken) {}
  Attempt Deliver(const Message& message, const std::optional<std::string>&, std::optional<TimePoint>) override {
    taken_.push_back(message);
    return {Delivered{}};
  }
  ContentScope scope() const override { return ContentScope::kAll; }

 private:
  std::vector<Message>& taken_;
};

class MessengerTest : public ::testing::Test {
 protected:
  MessengerTest() {
    std::vector<Dispatcher::Entry> entries;
    entries.push_back({"hook", {}, std::make_unique<MailBox>(taken_)});
    dispatcher_.emplace(std::move(entries), clock_);
    messenger_.emplace(MessengerParts{*ledger_, *dispatcher_, directory_, kinds_, clock_, log_, {}});
  }

  // A message of a case, as the process left it that was sending it; or after that.
  void Leave(ActionState state, DeliveryState delivery_state) {
    NotifyOwner content;
    content.host = {"111122223333", "us-east-1", InstanceId{"i-0123456789abcdef0"}, "", {}};
    content.reason = "outcome";
    content.headline = "web-01: scanned and verified";
    NewEvent event;
    event.source = "aws.guardduty";
    event.sha256 = Sha256Hex("event");
    const AddedEvent added = ledger_->AddEvent(event).value();
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
    const ActionNumber number = ledger_->AddPlan(added.number, plan).value().at(0);
    if (state != ActionState::kIntended) {
      ASSERT_TRUE(ledger_->SetActionState(number, state, "").ok());
    }
    delivery_.case_number = added.case_number;
    delivery_.message = content.MessageName();
    delivery_.channel = "hook";
    delivery_.state = delivery_state;
    // Of this very content.
    delivery_.sha256 =
        ContentSha256(MessageFor(content, {added.case_number.value, 0, false, {}, {}}, directory_), ContentScope::kAll);
    ASSERT_TRUE(ledger_->RecordDelivery(delivery_).ok());
    clock_.Advance(std::chrono::minutes(2));
  }

  DeliveryState StateNow() {
    return ledger_->FindDelivery(delivery_.case_number, delivery_.message, "hook").value().value().state;
  }

  FakeClock clock_;
  Logger log_{clock_, LogLevel::kOff, [](std::string_view) {}};
  std::unique_ptr<SqliteLedger> ledger_ = SqliteLedger::Open(":memory:", clock_).value();
  OwnerDirectory directory_;
  ActionKinds kinds_ = KindsOf(ProductActions());
  std::vector<Message> taken_;
  std::optional<Dispatcher> dispatcher_;
  std::optional<Messenger> messenger_;
  DeliveryRecord delivery_;
};

TEST_F(MessengerTest, SendsAgainWhatAChannelDidNotTake) {
  Leave(ActionState::kSent, DeliveryState::kPending);
  EXPECT_EQ(messenger_->RetryPending(), 1);
  ASSERT_EQ(taken_.size(), 1U);
  EXPECT_FALSE(taken_[0].may_repeat);
  EXPECT_EQ(StateNow(), DeliveryState::kDelivered);
  EXPECT_EQ(messenger_->NextRetry(), std::nullopt);
}

TEST_F(MessengerTest, WhatMayHaveArrivedSaysSo) {
  Leave(ActionState::kSent, DeliveryState::kUnknown);
  EXPECT_TRUE(messenger_->NextRetry().has_value());
  EXPECT_EQ(messenger_->RetryPending(), 1);
  ASSERT_EQ(taken_.size(), 1U);
  EXPECT_TRUE(taken_[0].may_repeat);
}

// What no record would bring back is not called sent: the question about its outcome sends it.
TEST_F(MessengerTest, AMessageWhoseDeliveryCannotBeRecordedIsNotSent) {
  Leave(ActionState::kSent, DeliveryState::kPending);
  class NoDeliveries final : public ForwardingLedger {
   public:
    using ForwardingLedger::ForwardingLedger;
    Result<std::optional<DeliveryRecord>> FindDelivery(CaseNumber, std::string_view, std::string_view) override {
      return Error{ErrorCode::kStorage, "the disk is full", ""};
    }
  };
  NoDeliveries broken(std::move(ledger_));
  Messenger messenger({broken, *dispatcher_, directory_, kinds_, clock_, log_, {}});
  const auto sent = messenger.Send(Message());
  ASSERT_FALSE(sent.ok());
  EXPECT_EQ(sent.error().code, ErrorCode::kOutcomeUnknown);
  EXPECT_NE(sent.error().message.find("the disk is full"), std::string::npos) << sent.error().message;
  EXPECT_TRUE(taken_.empty());
}

// Two processes found it due at the same time.
TEST_F(MessengerTest, WhatAnotherProcessHasBegunIsLeftToIt) {
  Leave(ActionState::kSent, DeliveryState::kPending);
  class Overtaken final : public ForwardingLedger {
   public:
    using ForwardingLedger::ForwardingLedger;
    Result<std::vector<DeliveryRecord>> PendingDeliveries(std::size_t limit) override {
      auto pending = inner_->PendingDeliveries(limit);
      DeliveryRecord begun = pending.value().at(0);
      begun.state = DeliveryState::kUnknown;
      EXPECT_TRUE(inner_->RecordDelivery(begun).ok());
      return pending;
    }
  };
  Overtaken ledger(std::move(ledger_));
  Messenger messenger({ledger, *dispatcher_, directory_, kinds_, clock_, log_, {}});
  EXPECT_EQ(messenger.RetryPending(), 1);
  EXPECT_TRUE(taken_.empty());
}

// Its process is gone, and another one comes to it before anybody has brought its event to its end.
TEST_F(MessengerTest, WhatWasBeingSentIsSentByWhoeverComesFirst) {
  Leave(ActionState::kIntended, DeliveryState::kUnknown);
  EXPECT_EQ(messenger_->RetryPending(), 1);
  ASSERT_EQ(taken_.size(), 1U);
  EXPECT_TRUE(taken_[0].may_repeat);
  EXPECT_EQ(StateNow(), DeliveryState::kDelivered);
}

TEST_F(MessengerTest, GivesUpWhatTheCaseDoesNotHold) {
  Leave(ActionState::kFailed, DeliveryState::kPending);
  EXPECT_EQ(messenger_->RetryPending(), 1);
  EXPECT_TRUE(taken_.empty());
  EXPECT_EQ(StateNow(), DeliveryState::kFailed);
}

}  // namespace
}  // namespace sallyport
