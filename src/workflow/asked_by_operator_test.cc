// SPDX-License-Identifier: Apache-2.0
//
// The questions that an operator asks: which tasks were left behind, do the channels work.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "action/delete_task.h"
#include "action/kinds_for_test.h"
#include "action/notify_owner.h"
#include "base/bounds.h"
#include "workflow/channels_work.h"
#include "workflow/fake_swp.h"
#include "workflow/follow_up.h"
#include "workflow/tables.h"
#include "workflow/tasks_left.h"

namespace sallyport {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const TimePoint kAskedNow = FromEpochMilliseconds(1'764'000'000'000);

// As intake asks: by an event whose detail is the question.
Plan PlanFor(const Question& question, FakeSwpReads& swp) {
  const Tables tables = ProductTables();
  FollowUpContext context;
  context.question = question;
  context.attempts = 1;
  context.give_up_at = kAskedNow;
  Event event;
  event.source = kFollowUpSource;
  event.detail = Json::Parse(FollowUpDetail(context)).value();
  Sources sources{swp, kAskedNow};
  return MakeFollowUpPlan(event, KindsForTest(), tables.questions, sources, {}).value();
}

Plan PlanForTasks(FakeSwpReads& swp) {
  return PlanFor(AskForTasksLeft(kAskedNow), swp);
}

swp::ScheduledTask LeftTask(std::int32_t id, std::int32_t computer) {
  const swp::ScanRequest request{swp::ScanKind::kMalware, {computer}, "1f2e3d4c5b6a7988"};
  return {{id},
          swp::TaskName(request),
          std::string(swp::ApiName(request.kind)),
          true,
          kAskedNow - std::chrono::hours(7),
          request.computer};
}

DeleteTask DeletionIn(const Plan& plan, std::size_t at) {
  return *plan.actions.at(at).action.As<DeleteTask>();
}

TEST(TasksLeft, EachIsDeletedForItsHostAsSwpKnowsIt) {
  FakeSwpReads swp;
  swp.tasks_left = std::vector{LeftTask(301, 34), LeftTask(302, 34)};
  swp.by_id.emplace(34, ProtectedComputer("i-0123456789abcdef0"));
  const Plan plan = PlanForTasks(swp);
  ASSERT_THAT(plan.actions, SizeIs(2));
  EXPECT_EQ(DeletionIn(plan, 0).task, ScheduledTaskId{301});
  EXPECT_EQ(DeletionIn(plan, 0).computer, ComputerId{34});
  EXPECT_EQ(DeletionIn(plan, 0).host.account, "111122223333");
  ASSERT_TRUE(DeletionIn(plan, 0).host.tags);
  EXPECT_THAT(*DeletionIn(plan, 0).host.tags, SizeIs(2));
  EXPECT_NE(plan.actions[0].key, plan.actions[1].key);
  // One read of the computer, however many tasks it has.
  EXPECT_EQ(swp.asked, (std::vector<std::string>{"tasks left", "computer 34"}));
  EXPECT_EQ(plan.answer->reason, "2 leftover SWP tasks");
}

TEST(TasksLeft, OfAComputerThatIsGoneOrNoInstanceNobodysTagsCount) {
  FakeSwpReads swp;
  swp.tasks_left = std::vector{LeftTask(301, 34), LeftTask(302, 35)};
  swp::Computer on_premises = ProtectedComputer("", 35, "");
  on_premises.instance_source = swp::InstanceSource::kNone;
  on_premises.tags = std::nullopt;
  swp.by_id.emplace(35, on_premises);
  const Plan plan = PlanForTasks(swp);
  ASSERT_THAT(plan.actions, SizeIs(2));
  for (const std::size_t at : {0U, 1U}) {
    const DeleteTask deletion = DeletionIn(plan, at);
    EXPECT_EQ(deletion.host.instance.value, "");
    ASSERT_TRUE(deletion.host.tags);
    EXPECT_THAT(*deletion.host.tags, IsEmpty());
    EXPECT_EQ(plan.actions[at].action.content().About(), nullptr);
    // The ledger gives back what it was given.
    const Action read = KindsForTest().Read(Json::Parse(ActionToJson(plan.actions[at].action)).value()).value();
    EXPECT_EQ(read, plan.actions[at].action);
  }
}

TEST(TasksLeft, WhoseComputerCannotBeReadIsLeftAloneAndSaid) {
  FakeSwpReads swp;
  swp.tasks_left = std::vector{LeftTask(301, 34), LeftTask(302, 35)};
  swp.by_id.emplace(34, Error{ErrorCode::kUnavailable, "SWP is away", ""});
  const Plan plan = PlanForTasks(swp);
  ASSERT_THAT(plan.actions, SizeIs(1));
  EXPECT_EQ(DeletionIn(plan, 0).task, ScheduledTaskId{302});
  ASSERT_TRUE(plan.HasUndetermined());
  EXPECT_THAT(plan.FirstUndetermined(), HasSubstr("not deleted: computer 34 could not be read: SWP is away"));
}

TEST(TasksLeft, AListThatCannotBeReadIsNotAnEmptyOne) {
  FakeSwpReads swp;
  swp.tasks_left = Error{ErrorCode::kForbidden, "SWP refused", ""};
  const Plan unread = PlanForTasks(swp);
  EXPECT_EQ(unread.decision, Decision::kUndetermined);
  EXPECT_THAT(unread.answer->reason, HasSubstr("could not be read: SWP refused"));
  swp.tasks_left = std::vector<swp::ScheduledTask>{};
  const Plan none = PlanForTasks(swp);
  EXPECT_EQ(none.decision, Decision::kNothing);
  EXPECT_EQ(none.answer->reason, "no leftover SWP task");
}

TEST(TasksLeft, OneCleanUpIsBounded) {
  FakeSwpReads swp;
  std::vector<swp::ScheduledTask> tasks;
  tasks.reserve(bounds::kTasksPerCleanUp + 1);
  for (int i = 0; i < static_cast<int>(bounds::kTasksPerCleanUp); ++i) tasks.push_back(LeftTask(1 + i, 1 + i));
  swp.tasks_left = tasks;
  EXPECT_EQ(PlanForTasks(swp).actions.size(), bounds::kTasksPerCleanUp);
  tasks.push_back(LeftTask(9'000, 9'000));
  swp.tasks_left = tasks;
  swp.asked.clear();
  const Plan plan = PlanForTasks(swp);
  EXPECT_EQ(plan.actions.size(), bounds::kTasksPerCleanUp);
  EXPECT_EQ(swp.asked.size(), 1 + bounds::kTasksPerCleanUp);
  EXPECT_THAT(plan.answer->reason, HasSubstr("201 leftover SWP tasks; the first 200 are handled now"));
}

TEST(ChannelsWork, EachChannelGetsOneMessageThatIsASample) {
  FakeSwpReads swp;
  const Plan plan = PlanFor(AskWhetherChannelsWork({"soc", "siem"}, kAskedNow), swp);
  EXPECT_TRUE(plan.matter.sample);
  EXPECT_EQ(plan.decision, Decision::kNotify);
  ASSERT_THAT(plan.actions, SizeIs(2));
  EXPECT_EQ(plan.actions[0].action.As<NotifyOwner>()->channel, "soc");
  EXPECT_EQ(plan.actions[1].action.As<NotifyOwner>()->channel, "siem");
  EXPECT_NE(SubjectOf(plan.actions[0].action), SubjectOf(plan.actions[1].action));
  EXPECT_NE(plan.actions[0].key, plan.actions[1].key);
  EXPECT_EQ(HostOf(plan.actions[0].action), nullptr);  // it is made up
  EXPECT_EQ(Describe(plan.actions[0].action), "sample message to channel soc");
  EXPECT_THAT(swp.asked, IsEmpty());
  const Action read = KindsForTest().Read(Json::Parse(ActionToJson(plan.actions[0].action)).value()).value();
  EXPECT_EQ(read, plan.actions[0].action);
}

// Two tests are two cases: the second message is no repetition of the first.
TEST(ChannelsWork, EachTestIsACaseOfItsOwn) {
  const Question first = AskWhetherChannelsWork({"soc"}, kAskedNow);
  const Question second = AskWhetherChannelsWork({"soc"}, kAskedNow + std::chrono::seconds(1));
  EXPECT_NE(first.matter.subject, second.matter.subject);
}

}  // namespace
}  // namespace sallyport
