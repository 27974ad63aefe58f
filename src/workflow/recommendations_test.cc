// SPDX-License-Identifier: Apache-2.0
#include "workflow/recommendations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "action/kinds_for_test.h"
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

// `count` computers of one policy, the one that was scanned among them; none has a tag.
std::vector<Target> Sharing(std::int32_t count) {
  std::vector<Target> targets;
  for (std::int32_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    targets.push_back(
        {ComputerId{34 + i},
         {"111122223333", "us-east-1", {"i-0123456789abcdef" + number}, "web-" + number, std::vector<swp::Tag>{}}});
  }
  return targets;
}

// A scan that recommends one Intrusion Prevention rule, on a host with a policy below another.
struct RecommendationWorld {
  RecommendationFacts facts;
  ApplySettings settings;
  bool apply = true;
  GateSettings gates;

  RecommendationWorld() {
    gates.mode = Mode::kEnforce;
    facts.computer = ProtectedComputer("i-0123456789abcdef0");
    swp::Policy policy;
    policy.id = PolicyId{12};
    policy.parent = PolicyId{1};
    policy.name = "Linux Web Server";
    facts.policy = policy;
    facts.targets_of_policy = Sharing(7);
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
    return DecideRecommendations(facts, {kRecommendedHost, ComputerId{34}, apply, kEnded, settings, gates});
  }
};

const AssignRules& AssignOf(const RecommendationDecision& decision) {
  return *decision.actions.at(0).action.As<AssignRules>();
}

TEST(Recommendations, AreAssignedAtTheComputerByDefault) {
  const auto decision = RecommendationWorld().Decide();
  ASSERT_THAT(decision.actions, SizeIs(1));
  EXPECT_EQ(AssignOf(decision).scope, swp::Scope::Of(ComputerId{34}));
  EXPECT_EQ(AssignOf(decision).rules, (std::vector<RuleToAssign>{{RuleId{6745}, "106745", ""}}));
  EXPECT_EQ(HostsTouched(decision.actions[0]), 1);
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
  EXPECT_THAT(decision.lines, testing::ElementsAre("no further rules recommended"));
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
      {"it could not be read: away",
       [](RecommendationWorld& w) {
         w.facts.policy = Error{ErrorCode::kUnavailable, "away", ""};
       }},
      {"applies recommendations itself",
       [](RecommendationWorld& w) {
         (**w.facts.policy).settings["intrusionPreventionSettingAutoApplyRecommendationsEnabled"] = "Yes";
       }},
      {"their details could not be read", [](RecommendationWorld& w) { w.facts.rules.clear(); }},
      {"needs a decision",
       [](RecommendationWorld& w) { w.Recommend(RuleModule::kIntrusionPrevention, {6745}, "disabled"); }},
      {"needs a decision",
       [](RecommendationWorld& w) { w.Recommend(RuleModule::kIntrusionPrevention, {6745}, "ignored"); }},
      {"needs a decision",
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
  EXPECT_THAT(decision.lines,
              Contains(HasSubstr("recommends removing 1 Intrusion Prevention rule; Sallyport reports this")));
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
      {"exactly as many as allowed", [](RecommendationWorld& w) { w.gates.max_hosts = 7; }, true},
      {"one too many", [](RecommendationWorld& w) { w.gates.max_hosts = 6; }, false},
      {"not counted", [](RecommendationWorld& w) { w.facts.targets_of_policy = std::nullopt; }, false},
      {"count failed",
       [](RecommendationWorld& w) {
         w.facts.targets_of_policy = Error{ErrorCode::kUnavailable, "away", ""};
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
    EXPECT_EQ(HostsTouched(decision.actions[0]), c.at_policy ? 7 : 1);
    EXPECT_THAT(decision.actions[0].why, Contains(AnyOf(HasSubstr("at policy level"), HasSubstr("at computer level"))));
  }
}

swp::Tag ExclusionTag() {
  return {"sallyport:exclude", "true"};
}

struct PolicyWorld : RecommendationWorld {
  explicit PolicyWorld(std::int32_t sharing) {
    settings.placement = Placement::kPolicy;
    facts.targets_of_policy = Sharing(sharing);
    gates.account_modes = {{"444455556666", Mode::kObserve}};
  }
  Host& HostAt(std::size_t i) { return facts.targets_of_policy->value()[i].host; }
};

std::vector<swp::Scope> ScopesOf(const RecommendationDecision& decision) {
  std::vector<swp::Scope> scopes;
  for (const PlannedAction& planned : decision.actions) scopes.push_back(planned.action.As<AssignRules>()->scope);
  return scopes;
}

// X12: a neighbor that must be left alone never gets rules by way of the policy; the others get them one by one.
TEST(Recommendations, GoAroundNeighboursThatMustBeLeftAlone) {
  const std::pair<const char*, std::function<void(Host&)>> cases[] = {
      {"exclusion tag", [](Host& host) { host.tags = {ExclusionTag()}; }},
      {"its tags are undetermined", [](Host& host) { host.tags = std::nullopt; }},
      {"observe mode for account 444455556666", [](Host& host) { host.account = "444455556666"; }},
  };
  for (const auto& [why, change] : cases) {
    SCOPED_TRACE(why);
    PolicyWorld world(3);
    change(world.HostAt(1));
    const auto decision = world.Decide();
    EXPECT_THAT(ScopesOf(decision),
                testing::ElementsAre(swp::Scope::Of(ComputerId{34}), swp::Scope::Of(ComputerId{36})));
    EXPECT_NE(decision.actions[0].key, decision.actions[1].key);
    EXPECT_THAT(decision.actions[0].why, Contains(HasSubstr("1 of 3 hosts must be left alone: web-1")));
    EXPECT_THAT(decision.actions[0].why, Contains(HasSubstr(why)));
    EXPECT_EQ(HostOf(decision.actions[1].action)->name, "web-2");
    EXPECT_THAT(decision.actions[1].why, Contains(HasSubstr("the scan was of computer 34")));
  }
}

// They are one decision: gates count its hosts together, and one approval is asked for.
TEST(Recommendations, ThatGoAroundNeighboursCountTheirHostsTogether) {
  PolicyWorld world(6);
  world.HostAt(1).tags = {ExclusionTag()};
  const auto decision = world.Decide();
  ASSERT_THAT(decision.actions, SizeIs(5));
  for (const PlannedAction& planned : decision.actions) EXPECT_EQ(HostsTouched(planned), 5);
  PolicyWorld alone(2);
  alone.HostAt(1).tags = {ExclusionTag()};
  ASSERT_THAT(alone.Decide().actions, SizeIs(1));
  EXPECT_EQ(HostsTouched(alone.Decide().actions[0]), 1);
}

// Whoever has to move hosts apart gets the whole list, each with its reason.
TEST(Recommendations, NameEveryHostThatHasToBeLeftAlone) {
  PolicyWorld world(40);
  for (std::size_t i = 10; i < 40; ++i) world.HostAt(i).tags = {ExclusionTag()};
  const auto planned = world.Decide().actions.at(0);
  EXPECT_THAT(planned.why, Contains(HasSubstr("30 of 40 hosts must be left alone: web-10")));
  for (int i = 10; i < 40; ++i) {
    EXPECT_THAT(planned.why, Contains(testing::AllOf(HasSubstr("left alone: web-" + std::to_string(i) + " (i-"),
                                                     HasSubstr("exclusion tag `sallyport:exclude`"))));
  }
  PolicyWorld few(12);
  few.HostAt(5).tags = {ExclusionTag()};
  const auto of_few = few.Decide().actions.at(0);
  for (const std::string& why : of_few.why) EXPECT_FALSE(why.starts_with("left alone: ")) << why;
}

// Up to ten computers one by one; of more, a person has to move the hosts apart: the gates hold that action.
TEST(Recommendations, GoAroundNeighboursOnlyWhereTheOthersAreFew) {
  PolicyWorld ten(11);
  ten.HostAt(5).tags = {ExclusionTag()};
  EXPECT_THAT(ten.Decide().actions, SizeIs(10));
  PolicyWorld eleven(12);
  eleven.HostAt(5).tags = {ExclusionTag()};
  const auto decision = eleven.Decide();
  EXPECT_THAT(ScopesOf(decision), testing::ElementsAre(swp::Scope::Of(PolicyId{12})));
  EXPECT_EQ(HostsTouched(decision.actions[0]), 12);
  EXPECT_THAT(decision.actions[0].why, Contains(HasSubstr("1 of 12 hosts must be left alone: web-5")));
}

// The host that was scanned is the gates' to refuse; its neighbors are not changed instead of it.
TEST(Recommendations, OfAHostThatMustBeLeftAloneGoNowhereElse) {
  PolicyWorld world(3);
  world.HostAt(0).tags = {ExclusionTag()};
  EXPECT_THAT(ScopesOf(world.Decide()), testing::ElementsAre(swp::Scope::Of(ComputerId{34})));
}

// What is planned where nothing is enforced is what would be done.
TEST(Recommendations, ArePlannedAtThePolicyWhereTheHostItselfIsOnlyObserved) {
  PolicyWorld world(3);
  world.gates.mode = Mode::kObserve;
  EXPECT_THAT(ScopesOf(world.Decide()), testing::ElementsAre(swp::Scope::Of(PolicyId{12})));
  world.HostAt(1).tags = {ExclusionTag()};
  EXPECT_THAT(world.Decide().actions, SizeIs(2));
}

TEST(Recommendations, StayAtTheComputerWhenItIsNotAmongThoseOfItsPolicy) {
  PolicyWorld world(3);
  world.facts.targets_of_policy->value().erase(world.facts.targets_of_policy->value().begin());
  EXPECT_THAT(ScopesOf(world.Decide()), testing::ElementsAre(swp::Scope::Of(ComputerId{34})));
}

TEST(Recommendations, OfALaterScanAreAnotherDecision) {
  RecommendationWorld world;
  const auto key = [&](TimePoint ended) {
    return DecideRecommendations(world.facts,
                                 {kRecommendedHost, ComputerId{34}, true, ended, world.settings, world.gates})
        .actions.at(0)
        .key;
  };
  EXPECT_EQ(key(kEnded), key(kEnded));
  EXPECT_NE(key(kEnded), key(kEnded + std::chrono::hours(1)));
}

}  // namespace
}  // namespace sallyport
