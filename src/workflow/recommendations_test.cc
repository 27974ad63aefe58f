// SPDX-License-Identifier: Apache-2.0
#include "workflow/recommendations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "workflow/fake_swp.h"

namespace sallyport {
namespace {

using swp::RuleModule;
using testing::AnyOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const TimePoint kEnded = FromEpochMilliseconds(1'764'000'000'000);
const Host kRecommendedHost = {"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "web-01", std::vector<swp::Tag>{}};

// A scan that recommends one Intrusion Prevention rule, on a host with a policy below another.
struct RecommendationWorld {
  RecommendationFacts facts;
  ApplySettings settings;
  bool apply = true;
  int max_hosts = 100;

  RecommendationWorld() {
    facts.computer = ProtectedComputer("i-0123456789abcdef0");
    swp::Policy policy;
    policy.id = PolicyId{12};
    policy.parent = PolicyId{1};
    policy.name = "Linux Web Server";
    facts.policy = policy;
    facts.computers_of_policy = 7;
    Recommend(RuleModule::kIntrusionPrevention, {6745});
  }

  void Recommend(RuleModule module, const std::vector<std::int32_t>& rules, const std::string& mode = "enabled") {
    swp::Assignments assignments;
    for (const std::int32_t id : rules) {
      assignments.recommended_to_assign.push_back(RuleId{id});
      swp::Rule rule;
      rule.id = RuleId{id};
      rule.identifier = "10" + std::to_string(id);
      rule.recommendations_mode = mode;
      facts.rules.insert_or_assign(std::make_pair(module, id), rule);
    }
    facts.assignments.insert_or_assign(module, assignments);
  }

  RecommendationDecision Decide() const {
    return DecideRecommendations(facts, {kRecommendedHost, ComputerId{34}, apply, kEnded, settings, max_hosts});
  }
};

const AssignRules& AssignOf(const RecommendationDecision& decision) {
  return std::get<AssignRules>(decision.actions.at(0).action);
}

TEST(Recommendations, AreAssignedAtTheComputerByDefault) {
  const auto decision = RecommendationWorld().Decide();
  ASSERT_THAT(decision.actions, SizeIs(1));
  EXPECT_EQ(AssignOf(decision).scope, swp::Scope::Of(ComputerId{34}));
  EXPECT_EQ(AssignOf(decision).rules, (std::vector<RuleToAssign>{{RuleId{6745}, "106745", ""}}));
  EXPECT_EQ(decision.actions[0].hosts, 1);
  EXPECT_EQ(decision.left_to_people, 0);
}

TEST(Recommendations, OfEveryModuleAreOneActionEach) {
  RecommendationWorld world;
  world.Recommend(RuleModule::kIntegrityMonitoring, {31});
  world.Recommend(RuleModule::kLogInspection, {9, 10});
  EXPECT_THAT(world.Decide().actions, SizeIs(3));
}

// G17: nothing to add is a success of its own.
TEST(Recommendations, ThatAreNoneSaySo) {
  RecommendationWorld world;
  world.facts.assignments.clear();
  for (const RuleModule module : swp::kRuleModules) world.Recommend(module, {});
  const auto decision = world.Decide();
  EXPECT_THAT(decision.actions, IsEmpty());
  EXPECT_THAT(decision.lines, testing::ElementsAre("it recommends no further rule"));
}

// Everything that keeps rules from being assigned, and what is said then.
TEST(Recommendations, ThatAreNotAppliedAreLeftToAPersonWithTheReason) {
  struct Case {
    const char* why;
    std::function<void(RecommendationWorld&)> change;
  };
  const Case cases[] = {
      {"compromised", [](RecommendationWorld& w) { w.apply = false; }},
      {"`report`", [](RecommendationWorld& w) { w.settings.placement = Placement::kReport; }},
      {"apply.modules", [](RecommendationWorld& w) { w.settings.modules = {RuleModule::kLogInspection}; }},
      {"apply.max_rules", [](RecommendationWorld& w) { w.settings.max_rules = 0; }},
      {"computer could not be read",
       [](RecommendationWorld& w) {
         w.facts.computer = Error{ErrorCode::kUnavailable, "away", ""};
       }},
      {"holds no state", [](RecommendationWorld& w) { w.facts.computer->modules.clear(); }},
      {"module is off",
       [](RecommendationWorld& w) { ModuleOf(*w.facts.computer, swp::Module::kIntrusionPrevention).state = "off"; }},
      {"policy could not be read",
       [](RecommendationWorld& w) {
         w.facts.policy = Error{ErrorCode::kUnavailable, "away", ""};
       }},
      {"applies recommendations itself",
       [](RecommendationWorld& w) {
         (**w.facts.policy).settings["intrusionPreventionSettingAutoApplyRecommendationsEnabled"] = "Yes";
       }},
      {"what they are could not be read", [](RecommendationWorld& w) { w.facts.rules.clear(); }},
      {"need a decision",
       [](RecommendationWorld& w) { w.Recommend(RuleModule::kIntrusionPrevention, {6745}, "disabled"); }},
      {"need a decision",
       [](RecommendationWorld& w) { w.Recommend(RuleModule::kIntrusionPrevention, {6745}, "ignored"); }},
      {"need a decision",
       [](RecommendationWorld& w) { w.Recommend(RuleModule::kIntrusionPrevention, {6745}, "a new word"); }},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.why);
    RecommendationWorld world;
    c.change(world);
    const auto decision = world.Decide();
    EXPECT_THAT(decision.actions, IsEmpty());
    EXPECT_EQ(decision.recommended, 1);
    EXPECT_EQ(decision.left_to_people, 1);
    EXPECT_THAT(decision.lines, Contains(HasSubstr(c.why)));
  }
}

// X3: an assignment list that was not read recommends nothing, and does not say that there is nothing.
TEST(Recommendations, ThatCouldNotBeReadAreSaid) {
  RecommendationWorld world;
  world.facts.assignments.insert_or_assign(RuleModule::kIntrusionPrevention,
                                           Result<swp::Assignments>(Error{ErrorCode::kUnavailable, "away", ""}));
  const auto decision = world.Decide();
  EXPECT_THAT(decision.actions, IsEmpty());
  EXPECT_THAT(decision.lines, Contains(HasSubstr("could not be read: away")));
}

// G18: what can be assigned is, the rest is listed.
TEST(Recommendations, AreSortedIntoThoseThatMayBeAssignedUnattendedAndTheRest) {
  RecommendationWorld world;
  world.Recommend(RuleModule::kIntrusionPrevention, {6745, 6801});
  world.facts.rules.at({RuleModule::kIntrusionPrevention, 6801})->recommendations_mode = "disabled";
  world.facts.rules.at({RuleModule::kIntrusionPrevention, 6745})->recommendations_mode = "";  // may be absent
  const auto decision = world.Decide();
  EXPECT_EQ(AssignOf(decision).rules, (std::vector<RuleToAssign>{{RuleId{6745}, "106745", ""}}));
  EXPECT_EQ(decision.left_to_people, 1);
  EXPECT_THAT(decision.lines, Contains(HasSubstr("106801")));
}

// G19.
TEST(Recommendations, ToRemoveARuleAreReportedOnly) {
  RecommendationWorld world;
  world.facts.assignments.at(RuleModule::kIntrusionPrevention)->recommended_to_unassign = {RuleId{3317}};
  const auto decision = world.Decide();
  EXPECT_THAT(decision.lines, Contains(HasSubstr("recommends to remove 1 Intrusion Prevention rule: reported only")));
}

// I13, I14: a policy only where its reach is known and allowed, never the root.
TEST(Recommendations, GoToThePolicyOnlyWithinTheReach) {
  struct Case {
    const char* name;
    std::function<void(RecommendationWorld&)> change;
    bool at_policy;
  };
  const Case cases[] = {
      {"shared by few", [](RecommendationWorld&) {}, true},
      {"exactly as many as allowed", [](RecommendationWorld& w) { w.max_hosts = 7; }, true},
      {"one too many", [](RecommendationWorld& w) { w.max_hosts = 6; }, false},
      {"not counted", [](RecommendationWorld& w) { w.facts.computers_of_policy = std::nullopt; }, false},
      {"count failed",
       [](RecommendationWorld& w) {
         w.facts.computers_of_policy = Error{ErrorCode::kUnavailable, "away", ""};
       },
       false},
      {"at the root", [](RecommendationWorld& w) { (**w.facts.policy).parent = std::nullopt; }, false},
      {"no policy", [](RecommendationWorld& w) { w.facts.policy = std::nullopt; }, false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    RecommendationWorld world;
    world.settings.placement = Placement::kPolicy;
    c.change(world);
    const auto decision = world.Decide();
    EXPECT_EQ(AssignOf(decision).scope, c.at_policy ? swp::Scope::Of(PolicyId{12}) : swp::Scope::Of(ComputerId{34}));
    EXPECT_EQ(decision.actions[0].hosts, c.at_policy ? 7 : 1);
    EXPECT_THAT(decision.actions[0].why, Contains(AnyOf(HasSubstr("at policy level"), HasSubstr("at computer level"))));
  }
}

TEST(Recommendations, OfALaterScanAreAnotherDecision) {
  RecommendationWorld world;
  const auto key = [&](TimePoint ended) {
    return DecideRecommendations(world.facts, {kRecommendedHost, ComputerId{34}, true, ended, world.settings, 100})
        .actions.at(0)
        .key;
  };
  EXPECT_EQ(key(kEnded), key(kEnded));
  EXPECT_NE(key(kEnded), key(kEnded + std::chrono::hours(1)));
}

}  // namespace
}  // namespace sallyport
