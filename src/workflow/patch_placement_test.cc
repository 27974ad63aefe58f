// SPDX-License-Identifier: Apache-2.0
#include "workflow/patch_placement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workflow/fake_estate.h"

namespace sallyport {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const TimePoint kPlaceNow = FromEpochMilliseconds(1'764'000'000'000);

// A tenant with policy 12 below policy 1 and some Linux hosts on it; one rule that depends on another.
class PlacementTest : public testing::Test {
 protected:
  void SetUp() override {
    settings_.max_computers = 3;
    gates_.mode = Mode::kEnforce;
    AddPolicy(1, std::nullopt);
    AddPolicy(12, 1);
    swp::CatalogRule rule;
    rule.rule.id = RuleId{7};
    rule.rule.name = "Example rule for Linux";
    rule.rule.application_type = 81;
    rule.rule.depends_on = {RuleId{8}};
    swp::CatalogRule base;
    base.rule.id = RuleId{8};
    base.rule.name = "Base";
    swp::CatalogRule any;
    any.rule.id = RuleId{9};
    any.rule.name = "Example rule";
    any.rule.severity = "low";
    catalog_.Replace({rule, base, any}, {{81, "Web Server Common", "incoming", "tcp"}}, kPlaceNow);
  }

  void AddPolicy(int id, std::optional<int> parent) {
    swp::Policy policy;
    policy.id = PolicyId{id};
    policy.name = "Policy " + std::to_string(id);
    if (parent) policy.parent = PolicyId{*parent};
    tenant_.lists.policies.push_back(policy);
  }

  swp::Computer& AddHost(int number, int policy = 12, const std::string& platform = "Ubuntu Linux 22") {
    swp::EstateComputer one;
    one.computer = ProtectedComputer("i-0000000" + std::to_string(number), number);
    one.computer.display_name = "host-" + std::to_string(number);
    one.computer.platform = platform;
    one.computer.policy = PolicyId{policy};
    tenant_.lists.computers.push_back(one);
    return tenant_.lists.computers.back().computer;
  }

  PatchNeed NeedOf(const swp::Computer& computer, int rule = 7) const {
    PatchNeed need;
    need.target = TargetOf(computer);
    need.policy = computer.policy;
    need.system = SystemOfPlatform(computer.platform);
    need.rules = {catalog_.Find(RuleId{rule})};
    need.cves = {"CVE-2024-10001"};
    need.because_of = {"finding of " + std::to_string(computer.id.value)};
    need.cases = {computer.id.value};
    need.rules_there = rules_there_;
    return need;
  }

  Placements Place(const std::vector<int>& numbers, int rule = 7) {
    const PatchEstate estate = PatchEstate::Read(tenant_, {}, true);
    std::map<std::int32_t, Result<std::vector<Target>>> targets;
    std::map<std::int32_t, bool> has_children;
    std::vector<PatchNeed> needs;
    for (const swp::EstateComputer& one : tenant_.lists.computers) {
      if (std::find(numbers.begin(), numbers.end(), one.computer.id.value) == numbers.end()) continue;
      needs.push_back(NeedOf(one.computer, rule));
      if (!one.computer.policy) continue;
      targets.emplace(one.computer.policy->value, *estate.TargetsOf(*one.computer.policy));
      has_children[one.computer.policy->value] = *estate.HasChildren(*one.computer.policy);
    }
    PatchLedger ledger;
    ledger.catalog = catalog_;
    const RuleNeeds rule_needs(ledger, kPlaceNow, Duration{0});
    return PlacePatches(needs, {estate, targets, has_children, catalog_, rule_needs}, settings_, gates_, kPlaceNow);
  }

  static const AssignPatches& PatchesOf(const Placements& placements, std::size_t at = 0) {
    return *placements.actions.at(at).action.As<AssignPatches>();
  }

  ListedTenant tenant_;
  RuleCatalog catalog_;
  std::vector<RuleId> rules_there_;
  InspectorSettings settings_;
  GateSettings gates_;
};

TEST_F(PlacementTest, AtThePolicyOnceForAllOfItsHosts) {
  for (int i = 1; i <= 6; ++i) AddHost(i);
  const Placements placements = Place({1, 2, 3, 4, 5});
  ASSERT_EQ(placements.actions.size(), 1U);
  const AssignPatches& patches = PatchesOf(placements);
  EXPECT_EQ(patches.assign.scope, swp::Scope::Of(PolicyId{12}));
  EXPECT_EQ(patches.assign.policy_targets.hosts.size(), 6U) << "the neighbor is touched too";
  EXPECT_EQ(patches.patched.size(), 5U);
  ASSERT_EQ(patches.assign.rules.size(), 2U) << "with the rule that it depends on";
  EXPECT_EQ(patches.assign.rules[0].id, RuleId{7});
  EXPECT_EQ(patches.assign.rules[1].id, RuleId{8});
  EXPECT_THAT(placements.actions[0].cases, ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(placements.actions[0].why.at(0), HasSubstr("6 hosts share policy `Policy 12` (12) (Linux), 5 of them"));
  EXPECT_THAT(placements.actions[0].why.at(1), HasSubstr("Web Server Common"));
}

TEST_F(PlacementTest, AnExcludedNeighbourKeepsThePolicyAsItIs) {
  for (int i = 1; i <= 3; ++i) AddHost(i);
  AddHost(4).tags = std::vector<swp::Tag>{{"sallyport:exclude", "true"}};
  const Placements placements = Place({1, 2});
  ASSERT_EQ(placements.actions.size(), 2U);
  EXPECT_EQ(PatchesOf(placements).assign.scope, swp::Scope::Of(ComputerId{1}));
  EXPECT_EQ(placements.actions[0].together, 2);
  EXPECT_EQ(placements.actions[0].needs_person, "");
}

TEST_F(PlacementTest, AnExcludedHostGetsNothing) {
  AddHost(1).tags = std::vector<swp::Tag>{{"sallyport:exclude", "true"}};
  AddHost(2);
  const Placements placements = Place({1});
  EXPECT_TRUE(placements.actions.empty());
  EXPECT_THAT(placements.lines.at(0), HasSubstr("must be left alone"));
}

// Edge case I14.
TEST_F(PlacementTest, NeverAtThePolicyAtTheTopThatHasOthersBelowIt) {
  AddHost(1, 1);
  const Placements placements = Place({1});
  ASSERT_EQ(placements.actions.size(), 1U);
  EXPECT_EQ(PatchesOf(placements).assign.scope, swp::Scope::Of(ComputerId{1}));
  EXPECT_THAT(placements.actions[0].why.at(0), HasSubstr("at the top of the tree and has others below it"));
}

TEST_F(PlacementTest, AtATopPolicyWithoutOthersItMayBe) {
  AddPolicy(20, std::nullopt);
  AddHost(1, 20);
  EXPECT_EQ(PatchesOf(Place({1})).assign.scope, swp::Scope::Of(PolicyId{20}));
}

// A Windows rule never goes to Linux hosts' policy, and a Linux rule never to one with Windows hosts.
TEST_F(PlacementTest, ARuleForOneSystemStaysAwayFromTheOther) {
  AddHost(1);
  AddHost(2, 12, "Microsoft Windows Server 2019");
  const Placements placements = Place({1});
  ASSERT_EQ(placements.actions.size(), 1U);
  EXPECT_EQ(PatchesOf(placements).assign.scope, swp::Scope::Of(ComputerId{1}));
  EXPECT_THAT(placements.actions[0].why.at(0), HasSubstr("has hosts of other systems: Windows, Linux"));
}

TEST_F(PlacementTest, ARuleOfAnUnknownSystemGoesWhereAllHostsAreAlike) {
  AddHost(1);
  AddHost(2);
  EXPECT_EQ(PatchesOf(Place({1}, 9)).assign.scope, swp::Scope::Of(PolicyId{12}));
  AddHost(3, 12, "Solaris 11");
  EXPECT_EQ(PatchesOf(Place({1}, 9)).assign.scope, swp::Scope::Of(ComputerId{1}));
}

TEST_F(PlacementTest, MoreComputersThanTheSettingNeedAnApproval) {
  for (int i = 1; i <= 5; ++i) AddHost(i, 1);
  const Placements placements = Place({1, 2, 3, 4, 5});
  ASSERT_EQ(placements.actions.size(), 5U);
  for (const PlannedAction& planned : placements.actions) {
    EXPECT_THAT(planned.needs_person, HasSubstr("more than inspector.max_computers"));
    EXPECT_EQ(planned.together, 5);
  }
}

TEST_F(PlacementTest, MoreHostsThanTheGateLetsGoToTheirComputers) {
  gates_.max_hosts = 2;
  for (int i = 1; i <= 3; ++i) AddHost(i);
  const Placements placements = Place({1});
  EXPECT_EQ(PatchesOf(placements).assign.scope, swp::Scope::Of(ComputerId{1}));
  EXPECT_THAT(placements.actions[0].why.at(0), HasSubstr("more than gates.max_hosts"));
}

TEST_F(PlacementTest, SettingsDecide) {
  AddHost(1);
  settings_.placement = PatchPlacement::kComputer;
  EXPECT_EQ(PatchesOf(Place({1})).assign.scope, swp::Scope::Of(ComputerId{1}));
  settings_.placement = PatchPlacement::kReport;
  EXPECT_TRUE(Place({1}).actions.empty());
}

// Edge case I17.
TEST_F(PlacementTest, AHostWithTooManyRulesIsNamedWithWhatCouldGo) {
  AddHost(1);
  rules_there_ = {RuleId{9}, RuleId{10}, RuleId{11}};
  settings_.max_rules_per_host = 4;
  EXPECT_THAT(Place({1}).lines, testing::IsEmpty()) << "with the one that it needs it has four";
  settings_.max_rules_per_host = 3;
  const Placements placements = Place({1});
  EXPECT_THAT(placements.lines.at(0), HasSubstr("more than inspector.max_rules_per_host (3) intrusion prevention rules "
                                                "on host-1 (i-00000001) (3; of the lowest value, needed by no finding: "
                                                "9 Example rule (low)"));
  EXPECT_EQ(placements.actions.size(), 1U) << "the rule is assigned all the same";
}

TEST_F(PlacementTest, ObserveModePlansAsIfItWereEnforced) {
  gates_.mode = Mode::kObserve;
  AddHost(1);
  AddHost(2);
  EXPECT_EQ(PatchesOf(Place({1})).assign.scope, swp::Scope::Of(PolicyId{12}));
}

TEST_F(PlacementTest, TheSameDecisionHasTheSameKey) {
  AddHost(1);
  AddHost(2);
  EXPECT_EQ(Place({1, 2}).actions[0].key, Place({2, 1}).actions[0].key);
  EXPECT_NE(Place({1, 2}).actions[0].key, Place({1}).actions[0].key);
}

}  // namespace
}  // namespace sallyport
