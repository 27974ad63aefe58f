// SPDX-License-Identifier: Apache-2.0
//
// What answers propose of rules that we assigned.
#include "workflow/patch_proposals.h"

#include "action/assign_patches.h"
#include "action/prevent_patches.h"
#include "workflow/patch_window_for_test.h"

namespace sallyport {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<RuleId> RemovedBy(const Plan& plan) {
  std::vector<RuleId> removed;
  for (const PlannedAction& planned : plan.actions) {
    const auto* patches = planned.action.As<UnassignPatches>();
    if (patches == nullptr) continue;
    EXPECT_THAT(planned.needs_person, HasSubstr("by a decision of an operator alone"));
    for (const RuleToAssign& rule : patches->assigned.rules) removed.push_back(rule.id);
  }
  return removed;
}

class RemovalTest : public WindowTest {
 protected:
  void SetUp() override {
    WindowTest::SetUp();
    history_ = std::make_unique<AllDone>();
    AddHost(1);
    EXPECT_THAT(Written(Answer()), ElementsAre("policy 12"));
    members_.clear();
    event_ = 200;
  }

  // The next window, in which that finding is closed or open again.
  Plan Next(int number, FindingStatus status, Duration later = Duration{0}) {
    Join(number, status);
    members_.back().event = ++event_;
    members_.erase(members_.begin(), members_.end() - 1);
    return Answer(1, later);
  }

  std::int64_t event_ = 0;
};

TEST_F(RemovalTest, AfterTheGracePeriodAndOnce) {
  EXPECT_THAT(RemovedBy(Next(1, FindingStatus::kClosed)), IsEmpty());
  members_ = {{1, ++event_, 1, SweepMember("sweep", {})}};
  EXPECT_THAT(RemovedBy(Answer(1, Own().grace - Duration{1})), IsEmpty());
  EXPECT_THAT(RemovedBy(Answer(1, Own().grace)), ElementsAre(RuleId{7}));
  EXPECT_THAT(RemovedBy(Answer(1, Own().grace)), ElementsAre(RuleId{7})) << "the same answer, made again";
  members_.front().event = ++event_;
  EXPECT_THAT(RemovedBy(Answer(1, Own().grace)), IsEmpty()) << "proposed once";
}

TEST_F(RemovalTest, WhatWasNeverCarriedOutIsNotOursToTakeAway) {
  Own().grace = Duration{0};
  history_ = nullptr;
  EXPECT_THAT(RemovedBy(Next(1, FindingStatus::kClosed)), IsEmpty());
}

TEST_F(RemovalTest, OnlyTheRulesThatNothingNeeds) {
  swp::CatalogRule other = swp_.lists.rules.front();
  other.rule.id = RuleId{8};
  other.rule.cves = {"CVE-2024-10002"};
  other.rule.depends_on = {RuleId{9}};
  swp::CatalogRule base = swp_.lists.rules.front();
  base.rule.id = RuleId{9};
  base.rule.cves = {};
  PatchLedger ledger;
  ledger.catalog.Replace({swp_.lists.rules.front(), other, base}, {}, kWindowNow);
  PatchPlaced placed;
  placed.scope = swp::Scope::Of(PolicyId{12});
  placed.host = {"111122223333", "us-east-1", {InstanceNumber(1)}, "", std::nullopt};
  placed.rules = {RuleId{7}, RuleId{8}, RuleId{9}};
  placed.cves = {kCve, "CVE-2024-10002"};
  placed.key = "key";
  ledger.placed = {placed};
  documents_.Put(std::string(kPatchDocument), ledger.Pieces(), kWindowNow);
  Own().grace = Duration{0};
  // A finding about CVE-2024-10001 is open.
  AddHost(2);
  EXPECT_THAT(RemovedBy(Next(2, FindingStatus::kActive)), ElementsAre(RuleId{8}, RuleId{9}))
      << "what depends on another goes first";
  EXPECT_THAT(RemovedBy(Next(2, FindingStatus::kClosed)), ElementsAre(RuleId{7}));
}

TEST_F(RemovalTest, AHostWithTooManyRulesDoesNotWaitForTheGracePeriod) {
  swp::CatalogRule other = swp_.lists.rules.front();
  other.rule.id = RuleId{8};
  other.rule.cves = {"CVE-2024-10002"};
  swp_.lists.rules.push_back(other);
  EXPECT_THAT(RemovedBy(Next(1, FindingStatus::kClosed)), IsEmpty());
  Own().max_rules_per_host = 1;
  Own().catalog_whole = Own().catalog_age = Duration{0};
  ModuleOf(swp_.lists.computers.front().computer, swp::Module::kIntrusionPrevention).rules = {RuleId{7}};
  PatchFinding finding;
  finding.arn = "arn:aws:inspector2:us-east-1:111122223333:finding/2";
  finding.cves = {"CVE-2024-10002"};
  finding.host = Host{"111122223333", "us-east-1", {InstanceNumber(1)}, "", std::vector<swp::Tag>{}};
  finding.updated = kWindowNow;
  finding.severity = 8;
  members_ = {{1, 400, 1, PatchMember("CVE-2024-10002", {finding}, "sallyport:exclude")}};
  const Plan plan = Answer();
  EXPECT_THAT(RemovedBy(plan), ElementsAre(RuleId{7}));
  EXPECT_THAT(Written(plan), SizeIs(2)) << "the rule that is needed is assigned all the same";
}

TEST_F(WindowTest, APatchInAChildPolicyIsProposedForRemovalThere) {
  Own().placement = PatchPlacement::kChildPolicy;
  Own().grace = Duration{0};
  history_ = std::make_unique<AllDone>();
  AddHost(1, 1);
  ASSERT_NE(ChildIn(Answer()), nullptr);
  AddPolicy(13, 1, ChildPolicyName(PolicyId{1}, "Linux"));
  swp_.lists.computers.front().computer.policy = PolicyId{13};
  Join(1, FindingStatus::kClosed);
  members_.back().event = 300;
  members_.erase(members_.begin());
  EXPECT_THAT(Written(Answer()), ElementsAre("policy 13"));
}

// Rules that only detect at first (edge case I18).

const PreventPatches* PromotionIn(const Plan& plan) {
  for (const PlannedAction& planned : plan.actions) {
    const auto* prevent = planned.action.As<PreventPatches>();
    if (prevent == nullptr) continue;
    EXPECT_THAT(planned.needs_person, HasSubstr("from detecting to blocking"));
    return prevent;
  }
  return nullptr;
}

TEST_F(WindowTest, NewRulesDetectAtFirstAndAreProposedToBlockWhenTheTimeIsOverAndTheyAreNeeded) {
  Own().detect_first = std::chrono::hours(48);
  history_ = std::make_unique<AllDone>();
  AddHost(1);
  const Plan first = Answer();
  const auto* assigned = first.actions.front().action.As<AssignPatches>();
  ASSERT_NE(assigned, nullptr);
  EXPECT_THAT(assigned->detect_first, ElementsAre(RuleId{7}));
  EXPECT_EQ(PromotionIn(first), nullptr);
  ModuleOf(swp_.lists.computers.front().computer, swp::Module::kIntrusionPrevention).rules = {RuleId{7}};
  members_ = {{1, 200, 1, SweepMember("sweep", {})}};
  EXPECT_EQ(PromotionIn(Answer(1, Own().detect_first - Duration{1})), nullptr);
  const Plan due = Answer(1, Own().detect_first);
  const PreventPatches* prevent = PromotionIn(due);
  ASSERT_NE(prevent, nullptr);
  EXPECT_THAT(prevent->assigned.rules, SizeIs(1));
  EXPECT_THAT(prevent->patched, SizeIs(1));
  EXPECT_NE(PromotionIn(Answer(1, Own().detect_first)), nullptr) << "the same answer, made again";
  members_.front().event = 300;
  EXPECT_EQ(PromotionIn(Answer(1, Own().detect_first)), nullptr) << "proposed once";
}

TEST_F(WindowTest, WhatIsNotNeededAnyMoreIsNotProposedToBlock) {
  Own().detect_first = std::chrono::hours(1);
  history_ = std::make_unique<AllDone>();
  AddHost(1);
  (void)Answer();
  Join(1, FindingStatus::kClosed);
  members_.back().event = 200;
  members_.erase(members_.begin());
  Own().grace = Duration{0};
  const Plan plan = Answer(1, std::chrono::hours(2));
  EXPECT_EQ(PromotionIn(plan), nullptr);
  EXPECT_THAT(RemovedBy(plan), ElementsAre(RuleId{7}));
}

TEST_F(WindowTest, WhatBlocksAlreadyIsNotSetToDetect) {
  Own().detect_first = std::chrono::hours(1);
  swp::CatalogRule other = swp_.lists.rules.front();
  other.rule.id = RuleId{8};
  swp_.lists.rules.push_back(other);
  ModuleOf(AddHost(1), swp::Module::kIntrusionPrevention).rules = {RuleId{7}};
  const Plan plan = Answer();
  const auto* assigned = plan.actions.front().action.As<AssignPatches>();
  ASSERT_NE(assigned, nullptr);
  EXPECT_THAT(assigned->detect_first, ElementsAre(RuleId{8}));
}

}  // namespace
}  // namespace sallyport
