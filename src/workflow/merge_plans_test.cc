// SPDX-License-Identifier: Apache-2.0
#include "workflow/merge_plans.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "action/assign_rules.h"
#include "action/request_scan.h"

namespace sallyport {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Host kMergedHost = {"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "web-01", std::nullopt};

PlannedAction Planned(Action action, const std::string& key, const std::string& why) {
  PlannedAction planned;
  planned.action = std::move(action);
  planned.key = key;
  planned.why = {why};
  return planned;
}

RequestScan ScanOf(int computer, bool apply = false) {
  RequestScan scan;
  scan.computer = ComputerId{computer};
  scan.host = kMergedHost;
  scan.apply_results = apply;
  return scan;
}

Plan PlanOf(const std::string& workflow, std::vector<PlannedAction> actions) {
  Plan plan;
  plan.workflow = workflow;
  plan.actions = std::move(actions);
  return plan;
}

TEST(MergePlans, ActionsWithOneKeyBecomeOneWithTheReasonsOfBoth) {
  std::vector<Plan> plans = {PlanOf("one", {Planned(ScanOf(34), "k", "because of one")}),
                             PlanOf("two", {Planned(ScanOf(34), "k", "because of two")})};
  MergePlans(plans);
  ASSERT_THAT(plans[0].actions, SizeIs(1));
  EXPECT_THAT(plans[0].actions[0].why, ElementsAre("because of one", "because of two"));
  EXPECT_THAT(plans[1].actions, IsEmpty());
  EXPECT_THAT(plans[1].reasons, ElementsAre(HasSubstr("planned by workflow one already: recommendation scan")));
}

TEST(MergePlans, ActionsThatAreTheSameInAllTheyHoldBecomeOneWhateverTheirKeys) {
  std::vector<Plan> plans = {PlanOf("one", {Planned(ScanOf(34), "a", "")}),
                             PlanOf("two", {Planned(ScanOf(34), "b", "")}),
                             PlanOf("three", {Planned(ScanOf(35), "c", "")})};
  plans[0].actions[0].after = std::chrono::minutes(30);
  MergePlans(plans);
  EXPECT_THAT(plans[0].actions, SizeIs(1));
  EXPECT_EQ(plans[0].actions[0].after, Duration{0}) << "it begins when the first of them would";
  EXPECT_THAT(plans[1].actions, IsEmpty());
  EXPECT_THAT(plans[2].actions, SizeIs(1)) << "another computer";
}

// Where one wants the results applied and the other keeps them as evidence, both have to wait for the scan.
TEST(MergePlans, ScansThatDifferInWhatBecomesOfTheirResultsStayTwo) {
  std::vector<Plan> plans = {PlanOf("one", {Planned(ScanOf(34, true), "a", "")}),
                             PlanOf("two", {Planned(ScanOf(34, false), "b", "")})};
  MergePlans(plans);
  EXPECT_THAT(plans[0].actions, SizeIs(1));
  EXPECT_THAT(plans[1].actions, SizeIs(1));
  EXPECT_EQ(plans[1].actions[0].needs_person, "");
}

TEST(MergePlans, OnePlanMayMeanToDoTheSameTwice) {
  std::vector<Plan> plans = {PlanOf("one", {Planned(ScanOf(34), "a", ""), Planned(ScanOf(34), "b", "")})};
  MergePlans(plans);
  EXPECT_THAT(plans[0].actions, SizeIs(2));
}

// The opposite of assigning; no workflow of the product wishes it by itself.
struct UnassignRule {
  static constexpr std::string_view kKind = "unassign-rule";
  swp::Scope scope;
  RuleId rule;
  bool operator==(const UnassignRule&) const = default;

  std::string What() const { return std::to_string(rule.value); }
  std::string Subject() const { return swp::ToString(scope); }
  std::string Describe() const { return "unassign rule " + What() + " from " + Subject(); }
  WritesTo Writes() const { return WritesTo::Swp(); }
  std::string Undo() const { return "assign it again"; }
  const Host* About() const { return nullptr; }
  Targets Touches() const { return {}; }
  bool IsExclusive() const { return false; }
  bool OwnerHears() const { return false; }
  bool SameDecision(const UnassignRule& now) const { return *this == now; }
  std::vector<Effect> Effects() const {
    return {{"Intrusion Prevention rule " + What() + " at " + Subject(), "not assigned"}};
  }
  void DescribeJson(Members& json) { json(scope)("rule", rule); }
};

AssignRules Assign(PolicyId policy, const std::vector<int>& rules) {
  AssignRules assign;
  assign.scope = swp::Scope::Of(policy);
  for (const int rule : rules) assign.rules.push_back({RuleId{rule}, "", ""});
  return assign;
}

TEST(MergePlans, OppositeWishesAreBothHeldForAPerson) {
  std::vector<Plan> plans = {
      PlanOf("one", {Planned(Assign(PolicyId{12}, {5, 6}), "a", ""), Planned(Assign(PolicyId{13}, {6}), "b", "")}),
      PlanOf("two", {Planned(UnassignRule{swp::Scope::Of(PolicyId{12}), RuleId{6}}, "c", ""),
                     Planned(UnassignRule{swp::Scope::Of(PolicyId{12}), RuleId{7}}, "d", "")}),
      PlanOf("three", {Planned(Assign(PolicyId{12}, {6, 8}), "e", "")})};
  MergePlans(plans);
  EXPECT_EQ(
      plans[0].actions[0].needs_person,
      "workflow two wants the opposite for the same event: Intrusion Prevention rule 6 at policy 12 not assigned");
  EXPECT_EQ(plans[1].actions[0].needs_person,
            "workflow one wants the opposite for the same event: Intrusion Prevention rule 6 at policy 12 assigned");
  EXPECT_THAT(plans[2].actions[0].needs_person, HasSubstr("workflow two wants the opposite"));
  EXPECT_EQ(plans[0].actions[1].needs_person, "") << "another policy";
  EXPECT_EQ(plans[1].actions[1].needs_person, "") << "another rule";
}

TEST(MergePlans, WhatNeedsAPersonSurvivesTheLedger) {
  PlannedAction planned = Planned(ScanOf(34), "k", "");
  planned.needs_person = "opposite";
  const Plan plan = PlanOf("one", {planned});
  const std::string text = PlanToJson(plan);
  EXPECT_THAT(text, HasSubstr(R"("needs_person":"opposite")"));
  EXPECT_THAT(text, HasSubstr(R"("format":2)")) << "an older release would overlook it";
}

// After a crash some plans are in the ledger, and others are made now.
TEST(MergePlans, LeavesRecordedPlansAsTheyAre) {
  std::vector<Plan> plans = {
      PlanOf("one", {Planned(ScanOf(34), "k", "because of one"), Planned(Assign(PolicyId{12}, {6}), "a", "")}),
      PlanOf("two", {Planned(ScanOf(34), "k", "because of two"),
                     Planned(UnassignRule{swp::Scope::Of(PolicyId{12}), RuleId{6}}, "c", "")})};
  const Plan recorded = plans[0];
  MergePlans(plans, 1);
  EXPECT_EQ(plans[0], recorded);
  ASSERT_THAT(plans[1].actions, SizeIs(1));
  EXPECT_THAT(plans[1].reasons, ElementsAre(HasSubstr("planned by workflow one already: recommendation scan")));
  EXPECT_THAT(plans[1].actions[0].needs_person, HasSubstr("workflow one wants the opposite"));
}

}  // namespace
}  // namespace sallyport
