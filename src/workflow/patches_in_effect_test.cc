// SPDX-License-Identifier: Apache-2.0
//
// Whether virtual patches have arrived and prevent, with an SWP from memory.
#include "workflow/patches_in_effect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workflow/fake_estate.h"

namespace sallyport {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

const TimePoint kEffectNow = FromEpochMilliseconds(1'764'000'000'000);

// Policy 12 with rule 7, and its hosts.
class EffectTenant final : public swp::Reads {
 public:
  FakeEstate lists;
  std::optional<Error> policy_failure;
  swp::Policy policy;
  swp::EstateReads* estate() override { return &lists; }
  Result<std::vector<swp::Computer>> FindComputers(const InstanceId&) override { return NotAsked(); }
  Result<std::vector<swp::Computer>> FindNamesakes(ComputerId) override { return NotAsked(); }
  Result<std::vector<swp::ScheduledTask>> FindOurTasks(ComputerId) override { return NotAsked(); }
  Result<std::vector<swp::ScheduledTask>> FindTasksLeft(Duration) override { return NotAsked(); }
  Result<swp::Computer> GetComputer(ComputerId) override { return NotAsked(); }
  Result<swp::ScanProgress> CheckScan(swp::ScanKind, ComputerId, TimePoint) override { return NotAsked(); }
  Result<swp::Assignments> GetAssignments(swp::Scope, swp::RuleModule) override { return NotAsked(); }
  Result<swp::Rule> GetRule(swp::RuleModule, RuleId) override { return NotAsked(); }
  Result<swp::Policy> GetPolicy(PolicyId) override {
    lists.asked.emplace_back("policy");
    if (policy_failure) return *policy_failure;
    return policy;
  }
  Result<std::vector<swp::Computer>> ComputersOf(PolicyId, std::size_t) override { return NotAsked(); }
  Result<std::vector<PolicyId>> PoliciesBelow(PolicyId, std::size_t) override { return NotAsked(); }

 private:
  static Error NotAsked() { return {ErrorCode::kInternal, "not asked", ""}; }
};

class EffectTest : public testing::Test {
 protected:
  void SetUp() override {
    tenant_.policy.id = PolicyId{12};
    AddHost(1);
    AddHost(2);
    RulesAt("policy 12", false);
    RulesAt("computer 1", false);
    RulesAt("computer 2", false);
  }

  swp::Computer& AddHost(int number) {
    swp::EstateComputer one;
    one.computer = ProtectedComputer("i-0000000" + std::to_string(number), number);
    one.computer.policy = PolicyId{12};
    one.computer.last_send_policy_success = kEffectNow;
    ModuleOf(one.computer, swp::Module::kIntrusionPrevention).rules = {RuleId{7}};
    tenant_.lists.computers.push_back(one);
    ask_.hosts.push_back(
        {one.computer.id, Host{"111122223333", "us-east-1", {one.computer.instance_id}, "", std::nullopt}});
    return tenant_.lists.computers.back().computer;
  }

  void RulesAt(const std::string& scope, bool detect_only) {
    swp::Rule rule;
    rule.id = RuleId{7};
    rule.detect_only = detect_only;
    tenant_.lists.rules_at[scope] = {rule};
  }

  void SetEngine(int computer, const std::string& mode) {
    tenant_.lists.own[computer].computer = ComputerId{computer};
    tenant_.lists.own[computer].settings[std::string(swp::kEngineModeSetting)] = mode;
  }

  Answer Look() {
    FollowUpContext context;
    context.question = {ask_, Matter{}};
    context.attempts = 1;
    context.give_up_at = kEffectNow + std::chrono::hours(2);
    Sources sources{tenant_, kEffectNow};
    return *PatchesInEffectQuestion().Row().answer(context, sources, WorkflowSettings{}).answer;
  }

  EffectTenant tenant_;
  PatchesInEffect ask_{swp::Scope::Of(PolicyId{12}), {RuleId{7}}, kEffectNow - std::chrono::minutes(1), {}, {}};
};

TEST_F(EffectTest, ArrivedAndPreventing) {
  const Answer answer = Look();
  EXPECT_EQ(answer.kind, Answer::Kind::kVerified);
  EXPECT_THAT(answer.reason, HasSubstr("in effect on 2 of 2 hosts"));
}

TEST_F(EffectTest, WhileItIsAwaitedNothingElseIsAsked) {
  tenant_.lists.computers.back().computer.last_send_policy_success = kEffectNow - std::chrono::hours(1);
  EXPECT_EQ(Look().kind, Answer::Kind::kNotYet);
  EXPECT_THAT(tenant_.lists.asked, Not(Contains("policy")));
}

TEST_F(EffectTest, AnEngineInTapModeAtThePolicyBlocksNothing) {
  tenant_.policy.settings[std::string(swp::kEngineModeSetting)] = "Tap";
  const Answer answer = Look();
  EXPECT_EQ(answer.kind, Answer::Kind::kNotVerifiable);
  EXPECT_THAT(answer.reason, HasSubstr("in effect on 0 of 2 hosts; not on"));
  EXPECT_THAT(answer.reason, HasSubstr("tap mode at its SWP policy"));
}

TEST_F(EffectTest, TheComputersOwnModeCountsBeforeThatOfItsPolicy) {
  tenant_.policy.settings[std::string(swp::kEngineModeSetting)] = "Tap";
  SetEngine(1, "Inline");
  SetEngine(2, "Tap");
  const Answer answer = Look();
  EXPECT_EQ(answer.kind, Answer::Kind::kNotVerifiable);
  EXPECT_THAT(answer.reason, HasSubstr("in effect on 1 of 2 hosts; not on"));
  EXPECT_THAT(answer.reason, HasSubstr("set at the computer"));
}

TEST_F(EffectTest, ARuleThatTheComputerOverridesToDetectOnlyBlocksNothing) {
  RulesAt("computer 2", true);
  const Answer answer = Look();
  EXPECT_EQ(answer.kind, Answer::Kind::kNotVerifiable);
  EXPECT_THAT(answer.reason, HasSubstr("rule 7 is overridden to detect-only at the computer"));
}

TEST_F(EffectTest, WhatCouldNotBeReadIsAskedAgain) {
  tenant_.policy_failure = Error{ErrorCode::kUnavailable, "SWP is away", ""};
  const Answer answer = Look();
  EXPECT_EQ(answer.kind, Answer::Kind::kNotYet);
  EXPECT_THAT(answer.reason, HasSubstr("its SWP policy could not be read: SWP is away"));
}

// Of many hosts one call for the policy, and those alone that were known to have a mode of their own.
TEST_F(EffectTest, OfManyHostsThoseAreAskedThatHadAModeOfTheirOwn) {
  for (int number = 3; number <= 9; ++number) AddHost(number);
  for (int number = 10; number <= 30; ++number) AddHost(number);
  SetEngine(4, "Tap");
  const Answer unasked = Look();
  EXPECT_EQ(unasked.kind, Answer::Kind::kVerified);
  EXPECT_THAT(unasked.reason, HasSubstr("whether computers override single rules was not read"));
  ask_.own_engine = {ComputerId{4}};
  EXPECT_EQ(Look().kind, Answer::Kind::kNotVerifiable);
}

}  // namespace
}  // namespace sallyport
