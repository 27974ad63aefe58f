// SPDX-License-Identifier: Apache-2.0
//
// What an operator asks for passes the gates and is in the ledger like anything else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "base/test_files.h"
#include "intake/world_for_test.h"
#include "workflow/channels_work.h"
#include "workflow/tasks_left.h"

namespace sallyport {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

swp::ScheduledTask TaskLeftOn(std::int32_t id, std::int32_t computer, TimePoint last_run) {
  const swp::ScanRequest request{swp::ScanKind::kMalware, {computer}, "1f2e3d4c5b6a7988"};
  return {{id}, swp::TaskName(request), std::string(swp::ApiName(request.kind)), true, last_run, request.computer};
}

struct LeftWorld : World {
  LeftWorld() {
    options.gates.mode = Mode::kEnforce;
    reads.tasks_left = std::vector{TaskLeftOn(301, 34, clock.Now() - std::chrono::hours(7))};
    reads.by_id.emplace(34, ProtectedComputer(kInstance));
  }
  EventReport CleanUp() {
    return With([&](Handler& handler) { return handler.AskOnce(AskForTasksLeft(clock.Now())); });
  }
  EventReport TestChannels(std::vector<std::string> channels = {"soc"}) {
    return With(
        [&](Handler& handler) { return handler.AskOnce(AskWhetherChannelsWork(std::move(channels), clock.Now())); });
  }
  const std::string& ReasonOf(const EventReport& report) { return report.plans.at(0).outcomes.at(0).reason; }
};

TEST(CleanUp, DeletesWithAPlanInTheLedger) {
  LeftWorld world;
  const EventReport report = world.CleanUp();
  EXPECT_EQ(report.state, EventState::kDone);
  EXPECT_THAT(world.writes.deleted, ElementsAre(ScheduledTaskId{301}));
  ASSERT_TRUE(report.case_number);
  EXPECT_THAT(world.StatesOf(report.case_number->value), ElementsAre("delete-task verified"));
  const auto cases = world.ledger->ListCases({.limit = 10});
  ASSERT_THAT(*cases, SizeIs(1));
  EXPECT_EQ(cases->front().title, "Clean-up of SWP tasks");
  EXPECT_EQ(cases->front().state, CaseState::kClosed);
  EXPECT_THAT(world.ledger->Verify()->broken, IsEmpty());
}

TEST(CleanUp, WhatIsNotThereIsNotRecorded) {
  LeftWorld world;
  world.reads.tasks_left = std::vector<swp::ScheduledTask>{};
  const EventReport report = world.CleanUp();
  EXPECT_EQ(report.state, EventState::kDone);
  EXPECT_FALSE(report.number);
  EXPECT_THAT(*world.ledger->ListCases({.limit = 10}), IsEmpty());
  world.reads.tasks_left = Error{ErrorCode::kUnavailable, "SWP is away", ""};
  const EventReport unread = world.CleanUp();
  EXPECT_EQ(unread.state, EventState::kUndetermined);
  EXPECT_THAT(unread.reason, HasSubstr("SWP is away"));
}

// Every gate that can keep a deletion from happening does, and its word is in the ledger.
TEST(CleanUp, PassesTheGates) {
  const TempFolder folder;
  const std::string stop = folder / "STOP";
  WriteFile(stop, "");
  struct Closed {
    const char* gate;
    ActionState state;
    std::function<void(LeftWorld&)> close;
  };
  const std::vector<Closed> all = {
      {"kill-switch", ActionState::kRefused, [&](LeftWorld& w) { w.options.gates.kill_switch_file = stop; }},
      {"mode", ActionState::kWould, [](LeftWorld& w) { w.options.gates.mode = Mode::kObserve; }},
      {"mode", ActionState::kWould,
       [](LeftWorld& w) {
         w.options.gates.account_modes = {{"111122223333", Mode::kObserve}};
       }},
      {"allow-list", ActionState::kRefused, [](LeftWorld& w) { w.options.gates.allowed_actions.clear(); }},
      {"exclusion-tag", ActionState::kRefused,
       [](LeftWorld& w) {
         w.reads.by_id.at(34).value().tags = std::vector<swp::Tag>{{"sallyport:exclude", "true"}};
       }},
      {"exclusion-tag", ActionState::kRefused, [](LeftWorld& w) { w.reads.by_id.at(34).value().tags = std::nullopt; }},
      {"approval", ActionState::kHeld, [](LeftWorld& w) { w.options.gates.approve_actions = {"delete-task"}; }},
  };
  for (const Closed& closed : all) {
    LeftWorld world;
    closed.close(world);
    const EventReport report = world.CleanUp();
    ASSERT_THAT(report.plans, SizeIs(1)) << closed.gate;
    EXPECT_EQ(report.plans[0].outcomes[0].state, closed.state) << closed.gate;
    EXPECT_THAT(world.ReasonOf(report), HasSubstr(std::string(closed.gate) + ":"));
    EXPECT_THAT(world.writes.deleted, IsEmpty()) << closed.gate;
    EXPECT_THAT(world.StatesOf(report.case_number->value),
                ElementsAre("delete-task " + std::string(ToString(closed.state))));
  }
}

TEST(CleanUp, WhatAnOperatorApprovedIsMadeAnewAndCarriedOut) {
  LeftWorld world;
  world.options.gates.approve_actions = {"delete-task"};
  world.CleanUp();
  const auto plans = world.ledger->ListPlans(PlanState::kAwaitingApproval, 10);
  ASSERT_THAT(*plans, SizeIs(1));
  const auto report = world.With([&](Handler& handler) { return handler.Approve(plans->front().digest, "ana"); });
  ASSERT_TRUE(report.ok()) << report.error().ToText();
  EXPECT_THAT(world.writes.deleted, ElementsAre(ScheduledTaskId{301}));
}

TEST(CleanUp, WhatIsGoneWhenItIsApprovedIsOutdated) {
  LeftWorld world;
  world.options.gates.approve_actions = {"delete-task"};
  world.CleanUp();
  const auto plans = world.ledger->ListPlans(PlanState::kAwaitingApproval, 10);
  world.reads.tasks_left = std::vector<swp::ScheduledTask>{};
  const auto report = world.With([&](Handler& handler) { return handler.Approve(plans->front().digest, "ana"); });
  ASSERT_FALSE(report.ok());
  EXPECT_THAT(world.writes.deleted, IsEmpty());
}

TEST(ChannelsTest, IsAMessageInTheLedger) {
  LeftWorld world;
  const EventReport report = world.TestChannels({"soc", "siem"});
  EXPECT_EQ(report.state, EventState::kDone);
  ASSERT_THAT(world.messages, SizeIs(2));
  EXPECT_TRUE(world.messages[0].sample);
  EXPECT_EQ(world.messages[0].only_channel, "soc");
  EXPECT_EQ(world.messages[1].only_channel, "siem");
  EXPECT_EQ(world.messages[0].where.instance, "i-0123456789abcdef0");
  EXPECT_THAT(world.StatesOf(report.case_number->value), ElementsAre("notify-owner sent", "notify-owner sent"));
  EXPECT_THAT(*world.ledger->ListCases({}), IsEmpty()) << "a test is no case";
  CaseFilter all;
  all.samples = true;
  const auto cases = world.ledger->ListCases(all);
  ASSERT_THAT(*cases, SizeIs(1));
  EXPECT_THAT(cases->front().hosts, IsEmpty());  // none of ours is concerned
  world.clock.Advance(std::chrono::seconds(1));
  EXPECT_NE(world.TestChannels().case_number, report.case_number);
  EXPECT_THAT(world.messages, SizeIs(3));
}

TEST(ChannelsTest, PassesTheGatesOfAMessage) {
  const TempFolder folder;
  const std::string stop = folder / "STOP";
  WriteFile(stop, "");
  LeftWorld stopped;
  stopped.options.gates.kill_switch_file = stop;
  const EventReport by_switch = stopped.TestChannels();
  EXPECT_THAT(stopped.ReasonOf(by_switch), HasSubstr("kill-switch:"));
  EXPECT_THAT(stopped.StatesOf(by_switch.case_number->value), ElementsAre("notify-owner refused"));
  EXPECT_THAT(stopped.messages, IsEmpty());
  LeftWorld unlisted;
  unlisted.options.gates.allowed_actions = {"request-scan"};
  EXPECT_THAT(unlisted.ReasonOf(unlisted.TestChannels()), HasSubstr("allow-list:"));
  EXPECT_THAT(unlisted.messages, IsEmpty());
  // Like every message, one of a test is sent in observe mode.
  LeftWorld observing;
  observing.options.gates.mode = Mode::kObserve;
  EXPECT_EQ(observing.TestChannels().plans.at(0).outcomes.at(0).state, ActionState::kSent);
}

}  // namespace
}  // namespace sallyport
