// SPDX-License-Identifier: Apache-2.0
//
// What is sent when a delivery is tried again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "action/notify_owner.h"
#include "base/fake_clock.h"
#include "executor/action_table.h"
#include "executor/messenger.h"
#include "ledger/sqlite_ledger.h"

namespace sallyport {
namespace {

using testing::SizeIs;

class KeepingChannel final : public Channel {
 public:
  explicit KeepingChannel(std::vector<Message>& sent) : sent_(sent) {}
  Attempt Deliver(const Message& message, const std::optional<std::string>&, std::optional<TimePoint>) override {
    sent_.push_back(message);
    return {Delivered{}};
  }
  ContentScope scope() const override { return ContentScope::kAll; }

 private:
  std::vector<Message>& sent_;
};

Plan PlanWith(const std::string& workflow, bool sample, const std::vector<PlannedAction>& actions) {
  Plan plan;
  plan.workflow = workflow;
  plan.matter.sample = sample;
  plan.actions = actions;
  return plan;
}

NewPlan RecordOf(const Plan& plan, EventNumber event) {
  NewPlan record{plan.workflow, PlanDigest(plan), PlanToJson(plan), {}, event};
  for (const PlannedAction& planned : plan.actions) {
    NewAction action;
    action.key = planned.key;
    action.kind = KindOf(planned.action);
    action.subject = SubjectOf(planned.action);
    action.json = ActionToJson(planned.action);
    record.actions.push_back(action);
  }
  return record;
}

// An event may lead to several plans: a message is a sample if that of its own plan is.
TEST(MessengerRetry, AMessageIsASampleWhenItsOwnPlanIs) {
  for (const bool sample : {true, false}) {
    FakeClock clock;
    Logger log{clock, LogLevel::kOff, [](std::string_view) {}};
    const auto ledger = SqliteLedger::Open(":memory:", clock).value();
    NotifyOwner content;
    content.host = {"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "web-01", std::nullopt};
    content.headline = "not protected";
    PlannedAction told;
    told.action = content;
    told.key = IdempotencyKey({"told"});
    const EventNumber event = ledger->AddEvent({}).value().number;
    Batch batch;
    batch.items.emplace_back(RecordOf(PlanWith("first", sample, {told}), event));
    batch.items.emplace_back(RecordOf(PlanWith("newest", !sample, {}), event));
    const Committed committed = ledger->Commit(batch).value();
    ASSERT_TRUE(ledger->SetActionState(committed.actions.at(0), ActionState::kIntended, "").ok());
    ASSERT_TRUE(ledger->SetActionState(committed.actions.at(0), ActionState::kSent, "").ok());
    DeliveryRecord pending;
    pending.case_number = event;
    pending.message = content.MessageName();
    pending.channel = "slack";
    ASSERT_TRUE(ledger->RecordDelivery(pending).ok());

    std::vector<Message> sent;
    std::vector<Dispatcher::Entry> entries;
    entries.push_back({"slack", {}, std::make_unique<KeepingChannel>(sent)});
    Dispatcher dispatcher(std::move(entries), clock);
    const OwnerDirectory directory;
    const ActionKinds kinds = KindsOf(ProductActions());
    Messenger messenger({*ledger, dispatcher, directory, kinds, clock, log, {}});
    clock.Advance(std::chrono::hours(1));
    EXPECT_EQ(messenger.RetryPending(), 1);
    ASSERT_THAT(sent, SizeIs(1));
    EXPECT_EQ(sent[0].sample, sample);
  }
}

}  // namespace
}  // namespace sallyport
