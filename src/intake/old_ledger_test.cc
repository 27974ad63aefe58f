// SPDX-License-Identifier: Apache-2.0
//
// Records of other releases: what version 2 left in its ledger goes on (tests/data/ledger-v2.db), and what a newer
// release wrote is refused with a sentence.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/digest.h"
#include "intake/crash_for_test.h"

namespace sallyport {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// Of the file: event 18 waits for an approval, 20 for a maintenance window, 25 was left with a scan intended.
struct OldWorld : FileWorld {
  OldWorld() {
    ledger.reset();
    for (const auto& file : std::filesystem::directory_iterator(folder)) std::filesystem::remove(file.path());
    std::filesystem::copy_file(std::string(SALLYPORT_SOURCE_DIR) + "/tests/data/ledger-v2.db", Path());
    using std::filesystem::perms;
    std::filesystem::permissions(Path(), perms::owner_read | perms::owner_write);
    // Some minutes after its last line.
    clock.Advance(FromEpochMilliseconds(1'795'835'000'000) - clock.Now());
    writes.now = clock.Now();
    OpenAgain();
    options.gates.windowed_actions = {"request-scan"};
    options.gates.windows = {ParseMaintenanceWindow("mon 00:00-04:00").value()};
    options.gates.approve_actions = {"request-scan"};
    const std::pair<const char*, std::int32_t> hosts[] = {
        {"i-0bbbb5555cccc6666", 45}, {"i-0aaaa7777bbbb8888", 48}, {"i-0444455556666aaaa", 47}};
    for (const auto& [instance, computer] : hosts) {
      swp::Computer found = ProtectedComputer(instance, computer, "");
      found.last_agent_communication = clock.Now();
      reads.computers.emplace(instance, std::vector{found});
      reads.by_id.emplace(computer, found);
    }
  }
  PlanRecord PlanOfEvent(std::int64_t event) { return ledger->PlansOf(EventNumber{event}).value().at(0); }
  ActionRecord ActionOfEvent(std::int64_t event) { return ledger->ActionsOf(EventNumber{event}).value().at(0); }
};

TEST(LedgerOfVersion2, ItsPlansAreReadWholeAndDigestsAreWhatTheyWere) {
  OldWorld world;
  std::size_t read = 0;
  for (std::int64_t event = 1; event <= 25; ++event) {
    for (const PlanRecord& record : world.ledger->PlansOf(EventNumber{event}).value()) {
      if (record.json.empty()) continue;
      const auto json = Json::Parse(record.json).value();
      const auto plan = PlanFromJson(json, KindsOf(world.options.actions), world.tables.questions);
      ASSERT_TRUE(plan.ok()) << event << ": " << plan.error().ToText();
      EXPECT_EQ(ToString(plan->decision), json["decision"].StringOr(""));
      EXPECT_EQ(plan->hosts.size(), json["hosts"].Elements().size());
      EXPECT_EQ(plan->answer.has_value(), json["answer"].HasValue());
      ++read;
    }
  }
  EXPECT_GT(read, 15U);
}

TEST(LedgerOfVersion2, AnApprovalLetsItsPlanGoOn) {
  OldWorld world;
  world.options.gates.windowed_actions.clear();
  const PlanRecord plan = world.PlanOfEvent(18);
  ASSERT_EQ(plan.state, PlanState::kAwaitingApproval);
  const auto report = world.With([&](Handler& handler) { return handler.Approve(plan.digest.substr(0, 12), "ana"); });
  ASSERT_TRUE(report.ok()) << report.error().ToText();
  ASSERT_THAT(world.writes.requested, SizeIs(1));
  EXPECT_EQ(world.writes.requested[0].computer.value, 45);
  EXPECT_EQ(world.ActionOfEvent(18).state, ActionState::kRequested);
  EXPECT_THAT(world.ledger->Verify()->broken, IsEmpty());
}

TEST(LedgerOfVersion2, WhatWasLeftIsBroughtToItsEnd) {
  OldWorld world;
  world.options.gates.windowed_actions.clear();
  world.options.gates.approve_actions.clear();
  world.writes.held = swp::AcceptedScan{ScheduledTaskId{501}, world.clock.Now(), true};
  const auto reports = world.With([](Handler& handler) { return handler.Recover(); });
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_EQ(reports[0].number->value, 25);
  EXPECT_EQ(world.ActionOfEvent(25).state, ActionState::kRequested) << reports[0].reason;
  EXPECT_THAT(world.writes.requested, IsEmpty()) << "it was asked for before";
}

TEST(LedgerOfVersion2, ItsTimersAndQuestionsAreAsked) {
  OldWorld world;
  const auto opens = FromEpochMilliseconds(1'795'996'800'000);
  world.clock.Advance(opens - world.clock.Now() + std::chrono::seconds(1));
  world.options.gates.approve_actions.clear();
  world.options.gates.max_event_age = std::chrono::hours(24) * 30;
  EXPECT_TRUE(world.With([](Handler& handler) { return handler.RunDue(50); }).ok());
  EXPECT_EQ(world.ActionOfEvent(20).state, ActionState::kRequested) << world.ActionOfEvent(20).reason;
  EXPECT_EQ(world.PlanOfEvent(18).state, PlanState::kExpired);
  for (const FollowUpRecord& record : world.ledger->ListFollowUps(std::nullopt, 100).value()) {
    EXPECT_THAT(record.reason, testing::Not(HasSubstr("cannot be asked"))) << record.follow_up.key;
  }
}

// A plan that a newer release wrote, with one scan in it.
PlanRecord AddNewerPlan(FileWorld& world, PlanState state, ActionState action_state, const std::string& held_by,
                        int format_of_column, const std::string& format_of_json) {
  Plan plan;
  plan.workflow = "made-up";
  plan.decision = Decision::kAct;
  plan.actions = {ScanOf(34)};
  std::string json = PlanToJson(plan);
  const std::string ours = R"("format":)" + std::to_string(kPlanFormat);
  if (!format_of_json.empty()) json.replace(json.find(ours), ours.size(), R"("format":)" + format_of_json);
  NewEvent event;
  event.source = "made.up";
  event.owner = "another process";
  event.body = MadeUpEvent();
  const AddedEvent added = world.ledger->AddEvent(event).value();
  NewAction action;
  action.key = plan.actions[0].key;
  action.kind = RequestScan::kKind;
  action.subject = "computer 34";
  action.json = ActionToJson(plan.actions[0].action);
  action.state = action_state;
  action.held_by = held_by;
  NewPlan record;
  record.workflow = plan.workflow;
  record.digest = Sha256Hex(json);
  record.json = json;
  record.actions = {action};
  record.event = added.number;
  record.format = format_of_column;
  record.state = state;
  if (state == PlanState::kAwaitingApproval) record.expires_at = world.clock.Now() + std::chrono::hours(1);
  Batch batch;
  batch.items.emplace_back(record);
  return world.ledger->GetPlan(world.ledger->Commit(batch).value().plans.at(0)).value();
}

struct NewerFormat {
  int column;
  const char* json;
  const char* said;
};
constexpr NewerFormat kNewer[] = {{9, "9", "has format 9, and this program reads formats from 1 to "},
                                  {1, "9", "a plan in format 9; this release reads 1 to "}};

TEST(NewerRelease, AnApprovalOfItsPlanIsRefusedAndNothingIsDone) {
  for (const NewerFormat& format : kNewer) {
    FileWorld world;
    world.tables.workflows.push_back(MadeUpRow("made-up", {}));
    const PlanRecord plan =
        AddNewerPlan(world, PlanState::kAwaitingApproval, ActionState::kHeld, "approval", format.column, format.json);
    const auto report = world.With([&](Handler& handler) { return handler.Approve(plan.digest.substr(0, 12), "ana"); });
    ASSERT_FALSE(report.ok());
    EXPECT_THAT(report.error().ToText(), HasSubstr(format.said));
    EXPECT_EQ(world.ledger->GetPlan(plan.number)->state, PlanState::kAwaitingApproval);
    EXPECT_THAT(world.StatesOf(1), ElementsAre("request-scan held"));
    EXPECT_THAT(world.writes.requested, IsEmpty());
  }
}

TEST(NewerRelease, WhatItLeftIsNotGuessed) {
  for (const NewerFormat& format : kNewer) {
    FileWorld world;
    world.tables.workflows.push_back(MadeUpRow("made-up", {}));
    AddNewerPlan(world, PlanState::kPlanned, ActionState::kIntended, "", format.column, format.json);
    const auto reports = world.With([](Handler& handler) { return handler.Recover(); });
    ASSERT_THAT(reports, SizeIs(1));
    EXPECT_EQ(reports[0].state, EventState::kFailed);
    EXPECT_THAT(reports[0].reason, HasSubstr(format.said));
    EXPECT_THAT(world.StatesOf(1), ElementsAre("request-scan intended"));
    EXPECT_THAT(world.writes.requested, IsEmpty());
    EXPECT_THAT(world.reads.asked, IsEmpty());
  }
}

TEST(NewerRelease, ItsQuestionIsRefusedWithASentence) {
  for (const auto& [column, json] :
       {std::pair{9, R"({"question":"host-back"})"}, std::pair{1, R"({"question":"host-back","format":9})"}}) {
    FileWorld world;
    world.Handle(MadeUpEvent());
    NewFollowUp question;
    question.case_number = CaseNumber{1};
    question.key = "host-back/x";
    question.question = "host-back";
    question.json = json;
    question.due = world.clock.Now();
    question.give_up_at = world.clock.Now() + std::chrono::hours(1);
    question.format = column;
    const FollowUpNumber number = world.ledger->AddFollowUp(question).value();
    EXPECT_TRUE(world.With([](Handler& handler) { return handler.RunDue(10); }).ok());
    EXPECT_THAT(world.ledger->GetFollowUp(number)->reason, HasSubstr("format 9"));
    EXPECT_THAT(world.reads.asked, IsEmpty());
    EXPECT_THAT(world.writes.requested, IsEmpty());
    EXPECT_THAT(world.messages, IsEmpty());
  }
}

// What this release writes says in its column what it says in its JSON.
TEST(Formats, OfAPlanStandInItsColumnToo) {
  FileWorld world;
  Plan with_bucket;
  with_bucket.others = {{"bucket", "example-site", "", "111122223333", "us-east-1", "detail", "looked at", ""}};
  world.tables.workflows = {MadeUpRow("new", with_bucket), MadeUpRow("old", {}, "other.made.up")};
  world.Handle(MadeUpEvent());
  std::string other = MadeUpEvent();
  other.replace(other.find("made.up"), 7, "other.made.up");
  world.Handle(other);
  std::set<int> formats;
  for (const std::int64_t event : {1, 2}) {
    const PlanRecord record = world.ledger->PlansOf(EventNumber{event}).value().at(0);
    EXPECT_EQ(record.format, Json::Parse(record.json).value()["format"].Int64Or(1));
    formats.insert(record.format);
  }
  EXPECT_GT(*formats.rbegin(), 1) << "the column says it of each";
}

}  // namespace
}  // namespace sallyport
