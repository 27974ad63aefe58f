// SPDX-License-Identifier: Apache-2.0
//
// A question that collects, from the plan of one event to one plan about all members: with a kind of question as a
// workflow would declare it.
#include "workflow/collect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "action/kinds_for_test.h"
#include "base/bounds.h"
#include "workflow/answers.h"
#include "workflow/fake_swp.h"
#include "workflow/follow_up.h"
#include "workflow/tables.h"

namespace sallyport {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

const TimePoint kNow = FromEpochMilliseconds(1'764'000'000'000);

// What became of many findings at once, for one tenant.
struct ManyFindings {
  static constexpr std::string_view kName = "many-findings";
  std::string tenant;
  bool operator==(const ManyFindings&) const = default;

  std::string Subject(const Matter&) const { return "tenant " + tenant; }
  std::string Key(const Matter&, std::int64_t) const { return tenant; }
  static const Schedule& ScheduleIn(const FollowUpSettings& settings) { return settings.outcome; }
  void DescribeJson(Members& json) { json("tenant", tenant); }
};

struct ManyFacts {
  int hosts = 0;
};

ManyFacts GatherMany(const FollowUpContext& context, const ManyFindings&, Sources& sources, const WorkflowSettings&) {
  ManyFacts facts;
  for (const Member& member : context.members) {
    const Json content = Json::Parse(member.content.json).value();
    if (sources.swp.FindComputers(InstanceId{content["instance"].StringOr("")}).ok()) ++facts.hosts;
  }
  return facts;
}

void DecideMany(const FollowUpContext& context, const ManyFindings& ask, const ManyFacts& facts,
                const WorkflowSettings&, TimePoint now, Plan& plan) {
  if (facts.hosts == 0) return NotYet(context, now, "SWP knows none of the hosts", plan);
  Answered(Answer::Kind::kVerified, std::to_string(facts.hosts) + " hosts of tenant " + ask.tenant, plan);
}

QuestionKinds Kinds() {
  QuestionKinds kinds = ProductTables().questions;
  kinds.Add(QuestionOf<ManyFindings, ManyFacts>{GatherMany, DecideMany}.Row());
  return kinds;
}

Matter MatterOfMany() {
  Matter matter;
  matter.service = "Example";
  matter.subject = "findings of one window";
  return matter;
}

Collect CollectOf(const std::string& instance) {
  Collect collect;
  collect.question = {ManyFindings{"t1"}, MatterOfMany()};
  collect.member = {instance, R"({"instance":")" + instance + R"("})"};
  collect.times = {seconds(90), minutes(10), 500};
  return collect;
}

Member MemberOf(int number, const std::string& instance) {
  return {number, 100 + number, 200 + number, CollectOf(instance).member};
}

FollowUpContext ContextOf(std::vector<Member> members, std::size_t trimmed = 0) {
  FollowUpContext context;
  context.question = CollectOf("").question;
  context.give_up_at = kNow + minutes(60);
  context.members = std::move(members);
  context.trimmed = trimmed;
  return context;
}

Plan AnswerFor(const FollowUpContext& context, FakeSwpReads& swp) {
  Event event;
  event.source = kFollowUpSource;
  event.detail = Json::Parse(FollowUpDetail(context)).value();
  Sources sources{swp, kNow};
  return MakeFollowUpPlan(event, KindsForTest(), Kinds(), sources, {}).value();
}

TEST(Collect, IsAskedAfterAPauseOfItsMembersAndSoLongAfterTheFirstAtTheLatest) {
  const CollectTimes collect = CollectOf("i-1").times;
  EXPECT_EQ(CollectedUntil(collect, 1, kNow, kNow), kNow + seconds(90));
  EXPECT_EQ(CollectedUntil(collect, 2, kNow, kNow + seconds(60)), kNow + seconds(150));
  EXPECT_EQ(CollectedUntil(collect, 3, kNow, kNow + minutes(9)), kNow + minutes(10));
  EXPECT_EQ(CollectedUntil(collect, 499, kNow, kNow), kNow + seconds(90));
  EXPECT_EQ(CollectedUntil(collect, 500, kNow, kNow), kNow) << "it is full";
}

TEST(Collect, FindingsOfOneTenantJoinOneQuestionWhateverTheirCases) {
  const Question one = CollectOf("i-1").question;
  EXPECT_EQ(KeyOf(one, 1), "many-findings/t1");
  EXPECT_EQ(KeyOf(one, 1), KeyOf(CollectOf("i-2").question, 2));
  EXPECT_NE(KeyOf(one, 1), KeyOf({ManyFindings{"t2"}, {}}, 1));
}

TEST(Collect, OneAnswerIsAboutAllMembersAndNamesTheLast) {
  FakeSwpReads swp;
  for (const char* instance : {"i-1", "i-2"}) {
    swp.computers.emplace(instance, std::vector{ProtectedComputer(instance)});
  }
  const Plan plan = AnswerFor(ContextOf({MemberOf(1, "i-1"), MemberOf(4, "i-2")}), swp);
  EXPECT_EQ(plan.answer->kind, Answer::Kind::kVerified);
  EXPECT_EQ(plan.answer->last_member, 4);
  EXPECT_EQ(plan.matter.subject, "findings of one window");
  EXPECT_THAT(plan.reasons, ElementsAre("2 hosts of tenant t1"));
}

TEST(Collect, MembersThatWereTrimmedAreSaid) {
  FakeSwpReads swp;
  swp.computers.emplace("i-1", std::vector{ProtectedComputer("i-1")});
  const Plan plan = AnswerFor(ContextOf({MemberOf(3, "i-1")}, 2), swp);
  EXPECT_THAT(plan.reasons, Contains(HasSubstr("2 of the 3 events that were collected are not decided about")));
}

TEST(Collect, WhatIsAskedAgainEndsNoMember) {
  FakeSwpReads swp;
  swp.computers.emplace("i-1", Error{ErrorCode::kUnavailable, "SWP is away", ""});
  const Plan plan = AnswerFor(ContextOf({MemberOf(1, "i-1")}), swp);
  EXPECT_EQ(plan.answer->kind, Answer::Kind::kNotYet);
  EXPECT_FALSE(plan.answer->last_member.has_value());
}

TEST(Collect, APlanThatJoinsSurvivesTheLedger) {
  Plan plan;
  plan.workflow = "example";
  plan.matter = MatterOfMany();
  plan.collect = CollectOf("i-1");
  const Json json = Json::Parse(PlanToJson(plan)).value();
  EXPECT_EQ(json["format"].Int64Or(0), 3) << "an older release would overlook it";
  const auto again = PlanFromJson(json, KindsForTest(), Kinds());
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again->collect, plan.collect);
  EXPECT_FALSE(PlanFromJson(json, KindsForTest(), ProductTables().questions).ok()) << "a kind that is not known";
}

TEST(Collect, AMemberIsABoundedObject) {
  const auto of_size = [](std::size_t bytes) {
    const std::size_t around = MemberToJson({"s", R"({"a":""})"}).size();
    return MemberContent{"s", R"({"a":")" + std::string(bytes - around, 'x') + R"("})"};
  };
  EXPECT_TRUE(CheckMember(of_size(bounds::kMemberBytes)).ok());
  EXPECT_EQ(CheckMember(of_size(bounds::kMemberBytes + 1)).error().code, ErrorCode::kTooLarge);
  EXPECT_FALSE(CheckMember({"s", "7"}).ok());
  EXPECT_FALSE(CheckMember({"s", "{"}).ok());
}

}  // namespace
}  // namespace sallyport
