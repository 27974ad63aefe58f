// SPDX-License-Identifier: Apache-2.0
#include "tests/example/example_action.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "action/kinds_for_test.h"
#include "base/fake_clock.h"
#include "config/load.h"
#include "gates/gates.h"
#include "intake/world_for_test.h"
#include "tests/example/example_actor.h"
#include "workflow/fake_swp.h"

namespace sallyport {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace fs = std::filesystem;

const Host kWatched = {"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "web-01", std::vector<swp::Tag>{}};

class ExampleAction : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/watch-list-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    table_ = ProductActions();
    table_.push_back(WatchHostRow(folder_));
    actors_.emplace(table_, ActorSeams{reads_, writes_, notifier_, clock_, log_, directory_});
    planned_.action = WatchHost{ComputerId{34}, kWatched, "beacons every minute"};
    planned_.key = IdempotencyKey({"watch-host", "finding/1"});
  }
  void TearDown() override { fs::remove_all(folder_); }

  Actor& actor() { return actors_->For(planned_.action); }
  ActorTask Task(bool after_a_crash = false, bool goes_on = false) {
    return {planned_, plan_, {}, after_a_crash ? std::optional(clock_.Now()) : std::nullopt, goes_on};
  }
  std::vector<std::string> List() {
    std::vector<std::string> lines;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      std::stringstream text;
      text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      lines.push_back(entry.path().filename().string() + ": " + text.str());
    }
    return lines;
  }

  std::string folder_;
  ActionTable table_;
  FakeSwpReads reads_;
  FakeSwpWrites writes_;
  CallbackNotifier notifier_{[](const Message&) {}};
  FakeClock clock_;
  Logger log_{clock_, LogLevel::kOff, [](std::string_view) {}};
  OwnerDirectory directory_;
  std::optional<Actors> actors_;
  PlannedAction planned_;
  Plan plan_;
};

TEST_F(ExampleAction, IsOneOfTheKindsOfItsProgram) {
  const ActionKinds kinds = KindsOf(table_);
  std::vector<std::string> wanted;
  const ActionKinds product = KindsOf(ProductActions());
  for (const auto& name : product.names()) wanted.emplace_back(name);
  wanted.emplace_back("watch-host");
  std::sort(wanted.begin(), wanted.end());
  EXPECT_THAT(kinds.names(), ::testing::ElementsAreArray(wanted));
  EXPECT_TRUE(DefaultGates(kinds).allowed_actions.contains("watch-host"));
  const auto again = kinds.Read(Json::Parse(ActionToJson(planned_.action)).value());
  ASSERT_TRUE(again.ok()) << again.error().ToText();
  EXPECT_EQ(*again, planned_.action);
  EXPECT_EQ(Describe(*again), "web-01 (i-0123456789abcdef0) on the watch list: beacons every minute");
  EXPECT_FALSE(KindsForTest().Read(Json::Parse(ActionToJson(planned_.action)).value()).ok());
}

TEST_F(ExampleAction, CanBeNamedInTheSettingsOfItsProgramAndOfNoOther) {
  const std::string yaml = "gates: {allow: [watch-host], approval: {actions: [watch-host]}}";
  const auto settings = LoadSettings(yaml, "s.yaml", {}, {KindsOf(table_), {}});
  ASSERT_TRUE(settings.ok()) << settings.error().ToText();
  EXPECT_THAT(settings->gates.allowed_actions, ElementsAre("watch-host"));
  const auto of_product = LoadSettings(yaml, "s.yaml", {}, {KindsForTest(), {}});
  ASSERT_FALSE(of_product.ok());
  EXPECT_THAT(of_product.error().message, HasSubstr("`watch-host` is not one of them"));
}

TEST_F(ExampleAction, PassesTheGatesLikeAnyOther) {
  GateSettings settings = DefaultGates(KindsOf(table_));
  GateFacts facts;
  facts.kind = KindOf(planned_.action);
  facts.writes = Writes(planned_.action);
  facts.targets = TargetsOf(planned_.action);
  facts.event_time = facts.now = clock_.Now();
  EXPECT_EQ(AskGates(settings, facts).back().gate, "mode");
  settings.mode = Mode::kEnforce;
  EXPECT_TRUE(AllPassed(AskGates(settings, facts)));
  facts.targets.hosts.front().host.tags->push_back({"sallyport:exclude", ""});
  EXPECT_EQ(AskGates(settings, facts).back().gate, "exclusion-tag");
}

TEST_F(ExampleAction, IsRehearsedCarriedOutAndFoundOut) {
  EXPECT_EQ(actor().WouldDo(Task()),
            "write " + folder_ + "/i-0123456789abcdef0: " + TokenOf(planned_.key) + " beacons every minute\n");
  EXPECT_THAT(List(), IsEmpty());
  EXPECT_FALSE(actor().FindOut(Task(true)).has_value());
  EXPECT_EQ(actor().Act(Task()).state, ActionState::kVerified);
  EXPECT_THAT(List(), ElementsAre("i-0123456789abcdef0: " + TokenOf(planned_.key) + " beacons every minute\n"));
  const auto found = actor().FindOut(Task(true));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->state, ActionState::kVerified);
  planned_.key = IdempotencyKey({"watch-host", "finding/2"});  // another decision is not this one
  EXPECT_FALSE(actor().FindOut(Task(true)).has_value());
}

TEST_F(ExampleAction, SaysWhenItFails) {
  fs::remove_all(folder_);
  const Done done = actor().Act(Task());
  EXPECT_EQ(done.state, ActionState::kFailed);
  EXPECT_THAT(done.reason, HasSubstr("cannot be written"));
}

TEST_F(ExampleAction, ReadsTheTagsOfItsHostAgainWhenItWasHeld) {
  EXPECT_EQ(actor().WithHostsOfNow(Task()).value(), planned_.action);
  EXPECT_FALSE(actor().WithHostsOfNow(Task(false, true)).ok());  // SWP does not know the computer any more
  reads_.by_id.emplace(34, ProtectedComputer("i-0123456789abcdef0"));
  const auto now = actor().WithHostsOfNow(Task(false, true));
  EXPECT_EQ(HostOf(*now)->tags, ProtectedComputer("i-0123456789abcdef0").tags);
}

// --- The whole way: a workflow plans it, gates are asked, it is carried out, and found out after a crash.

// Every event of `example.alarms` puts one host on the watch list.
Workflow AlarmRow() {
  Workflow row;
  row.name = "alarms";
  row.takes_what = "`example.alarms`";
  row.takes = [](const Event& event) { return event.source == "example.alarms"; };
  row.about = [](const Event& event, const WorkflowSettings&) -> Result<std::vector<Matter>> {
    Matter matter;
    matter.service = "Alarms";
    matter.subject = event.id;
    matter.title = event.detail_type;
    matter.account = event.account;
    matter.time = event.time;
    return std::vector{matter};
  };
  row.make_plan = [](const Event& event, const Matter& matter, Sources&, const WorkflowSettings&) -> Result<Plan> {
    Plan plan;
    plan.workflow = "alarms";
    plan.matter = matter;
    plan.decision = Decision::kAct;
    PlannedAction planned;
    planned.action = WatchHost{ComputerId{34}, kWatched, "beacons every minute"};
    planned.key = IdempotencyKey({"watch-host", event.id, kWatched.Subject()});
    plan.actions.push_back(planned);
    return plan;
  };
  return row;
}

std::string Alarm(const std::string& id = "alarm-1") {
  return R"({"version":"0","id":")" + id +
         R"(","detail-type":"Alarm","source":"example.alarms","account":"111122223333","time":"2025-11-24T16:00:00Z",)"
         R"("region":"us-east-1","detail":{"alarm":")" +
         id + R"("}})";
}

class StoppedHere : public std::exception {};

// Does what the other does, and does not live to tell: as a process that is killed between the act and its outcome.
class StopsAfterTheAct final : public Actor {
 public:
  explicit StopsAfterTheAct(std::unique_ptr<Actor> actor) : actor_(std::move(actor)) {}
  Done Act(const ActorTask& task) override {
    actor_->Act(task);
    throw StoppedHere();
  }
  std::string WouldDo(const ActorTask& task) const override { return actor_->WouldDo(task); }
  std::optional<Done> FindOut(const ActorTask& task) override { return actor_->FindOut(task); }
  Result<Action> WithHostsOfNow(const ActorTask& task) override { return actor_->WithHostsOfNow(task); }
  std::optional<Question> AsksForEnd(const ActorTask& task) const override { return actor_->AsksForEnd(task); }

 private:
  std::unique_ptr<Actor> actor_;
};

class ExampleActionInAProgram : public ExampleAction {
 protected:
  void SetUp() override {
    ExampleAction::SetUp();
    world_.tables.workflows.push_back(AlarmRow());
    world_.options.actions = table_;
    world_.options.gates = DefaultGates(KindsOf(table_));
    world_.options.gates.mode = Mode::kEnforce;
    world_.reads.by_id.emplace(34, ProtectedComputer("i-0123456789abcdef0"));
  }

  World world_;
};

TEST_F(ExampleActionInAProgram, IsPlannedAndCarriedOut) {
  const EventReport report = world_.Handle(Alarm());
  EXPECT_EQ(report.state, EventState::kDone) << report.reason;
  EXPECT_THAT(List(), ElementsAre(HasSubstr("beacons every minute")));
  EXPECT_THAT(world_.StatesOf(1), ElementsAre("watch-host verified"));
}

TEST_F(ExampleActionInAProgram, IsOnlyRehearsedInADryRun) {
  world_.options.dry_run = true;
  world_.Handle(Alarm());
  EXPECT_THAT(List(), IsEmpty());
  EXPECT_THAT(world_.StatesOf(1), ElementsAre("watch-host would"));
}

TEST_F(ExampleActionInAProgram, IsNotCarriedOutWhereAGateSaysNo) {
  world_.options.gates.mode = Mode::kObserve;
  world_.Handle(Alarm());
  world_.options.gates.mode = Mode::kEnforce;
  world_.options.gates.approve_actions = {"watch-host"};
  world_.Handle(Alarm("alarm-2"));
  EXPECT_THAT(List(), IsEmpty());
  EXPECT_THAT(world_.StatesOf(1), ElementsAre("watch-host would"));
  const auto plans = world_.ledger->ListPlans(PlanState::kAwaitingApproval, 10).value();
  ASSERT_EQ(plans.size(), 1U);
  const auto approved = world_.With([&](Handler& handler) { return handler.Approve(plans[0].digest, "ana"); });
  ASSERT_TRUE(approved.ok()) << approved.error().ToText();
  EXPECT_THAT(List(), ElementsAre(HasSubstr("beacons every minute")));
}

TEST_F(ExampleActionInAProgram, IsFoundOutAfterACrash) {
  const auto make_actor = world_.options.actions.back().make_actor;
  world_.options.actions.back().make_actor = [&](const ActorSeams& seams) {
    return std::make_unique<StopsAfterTheAct>(make_actor(seams));
  };
  EXPECT_THROW(world_.Handle(Alarm()), StoppedHere);
  EXPECT_THAT(world_.StatesOf(1), ElementsAre("watch-host intended"));
  world_.options.actions = table_;
  const auto recovered = world_.With([](Handler& handler) { return handler.Recover(); });
  ASSERT_EQ(recovered.size(), 1U);
  EXPECT_EQ(recovered[0].state, EventState::kDone) << recovered[0].reason;
  EXPECT_THAT(world_.StatesOf(1), ElementsAre("watch-host verified"));
  const auto shown = world_.ledger->Show(EventNumber{1}).value();
  EXPECT_EQ(shown.actions.at(0).reason, "it was on the watch list already");
}

}  // namespace
}  // namespace sallyport
