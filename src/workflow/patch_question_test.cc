// SPDX-License-Identifier: Apache-2.0
//
// The answer to the question about all findings of a window, with an SWP from memory.
#include "workflow/patch_question.h"

#include "workflow/patch_window_for_test.h"

namespace sallyport {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

TEST_F(WindowTest, WhatCouldNotBeReadOnceIsAskedAgain) {
  AddHost(1);
  AddHost(2);
  swp_.failing_instance = InstanceNumber(2);
  const Plan first = Answer(1);
  EXPECT_EQ(first.answer->kind, Answer::Kind::kNotYet);
  EXPECT_THAT(first.answer->reason, HasSubstr("SWP is away"));
  EXPECT_THAT(first.actions, IsEmpty());
  EXPECT_FALSE(first.new_run);
  swp_.failing_instance.clear();
  const Plan second = Answer(2);
  EXPECT_EQ(second.answer->kind, Answer::Kind::kVerified);
  EXPECT_FALSE(second.HasUndetermined());
  EXPECT_THAT(Written(second), ElementsAre("policy 12"));
}

TEST_F(WindowTest, WhatStaysUnreadHoldsUpNobodyForLongAndIsTold) {
  AddHost(1);
  AddHost(2);
  swp_.failing_instance = InstanceNumber(2);
  const Plan plan = Answer(3);
  EXPECT_EQ(plan.answer->kind, Answer::Kind::kVerified);
  EXPECT_THAT(plan.FirstUndetermined(), HasSubstr(InstanceNumber(2)));
  EXPECT_THAT(Written(plan), ElementsAre("policy 12"));
  EXPECT_THAT(Told(plan), HasSubstr("undetermined, so no rule is planned: CVE-2024-10001"));
  // The next window looks at it again, though nothing about it joined; that it is not known is told once.
  members_.clear();
  Join(1);
  members_.back().event = 200;
  const Plan again = Answer(3);
  EXPECT_THAT(again.FirstUndetermined(), HasSubstr(InstanceNumber(2)));
  EXPECT_THAT(Told(again), testing::Not(HasSubstr("undetermined, so no rule is planned")));
  swp_.failing_instance.clear();
  members_.back().event = 300;
  const Plan found = Answer(1);
  EXPECT_FALSE(found.HasUndetermined());
}

// SWP does not have every tag, and a change of the policy reaches whoever has it.
TEST_F(WindowTest, WhoIsExcludedByItsFindingAloneGetsNothingThroughItsPolicy) {
  AddHost(1);
  AddHost(2);
  members_.clear();
  Join(1, FindingStatus::kActive, {{"sallyport:exclude", "true"}});
  Join(2);
  EXPECT_THAT(Written(Answer()), ElementsAre("computer 2"));
  // The next window is about the neighbor alone, and what the first one brought is remembered.
  members_.clear();
  Join(2);
  members_.back().event = 200;
  EXPECT_THAT(Written(Answer()), ElementsAre("computer 2"));
}

TEST_F(WindowTest, AFindingWithoutAnAccountIsUndetermined) {
  AddHost(1);
  members_.clear();
  Join(1, FindingStatus::kActive, {}, "");
  const Plan plan = Answer(3);
  EXPECT_THAT(Written(plan), IsEmpty());
  EXPECT_THAT(plan.FirstUndetermined(), HasSubstr("no AWS account is named"));
}

TEST(PatchMember, KeepsTheTagThatExcludesHoweverLongTheOthersAre) {
  PatchFinding finding;
  finding.arn = "arn:aws:inspector2:us-east-1:111122223333:finding/1";
  finding.cves = {kCve};
  finding.host = Host{"111122223333", "us-east-1", {InstanceNumber(1)}, "", std::vector<swp::Tag>{}};
  for (int i = 0; i < 90; ++i) finding.host.tags->push_back({"aws:k" + std::to_string(i), std::string(250, 'v')});
  const auto host_in = [](const MemberContent& member) {
    EXPECT_TRUE(CheckMember(member).ok());
    return PatchFindingFromJson((*Json::Parse(member.json))["findings"].Elements().front())->host;
  };
  EXPECT_EQ(host_in(PatchMember(kCve, {finding}, "sallyport:exclude")).tags, std::nullopt);
  finding.host.tags->push_back({"sallyport:exclude", "true"});
  const Host kept = host_in(PatchMember(kCve, {finding}, "sallyport:exclude"));
  EXPECT_THAT(kept.tags.value(), ElementsAre(swp::Tag{"sallyport:exclude", "true"}));
  EXPECT_FALSE(kept.tags_unreadable);
  finding.host.tags->back().value = std::string(20'000, 'v');
  EXPECT_TRUE(host_in(PatchMember(kCve, {finding}, "sallyport:exclude")).tags_unreadable);
}

TEST_F(WindowTest, WithNothingReadItIsAskedUntilItsTimeIsOverAndThenRecordedAndTold) {
  AddHost(1);
  swp_.failing_instance = InstanceNumber(1);
  EXPECT_EQ(Answer(9).answer->kind, Answer::Kind::kNotYet);
  const Plan late = Answer(10, std::chrono::hours(2));
  EXPECT_EQ(late.answer->kind, Answer::Kind::kNotVerifiable);
  EXPECT_TRUE(late.answer->gave_up);
  EXPECT_THAT(Told(late), HasSubstr("undetermined, so no rule is planned"));
  const auto ledger = ReadPatchLedger(&documents_);
  ASSERT_TRUE(ledger.ok());
  ASSERT_THAT(ledger->entries, SizeIs(1));
  const PatchEntry& entry = ledger->entries.begin()->second;
  EXPECT_EQ(entry.covers.at(kCve).state, CoverageState::kUndetermined);
  EXPECT_TRUE(entry.unread);
}

TEST_F(WindowTest, WithoutRulesNothingIsSaidToHaveNone) {
  AddHost(1);
  swp_.lists.failure = Error{ErrorCode::kUnavailable, "SWP is away", ""};
  EXPECT_EQ(Answer(5).answer->kind, Answer::Kind::kNotYet);
  const Plan late = Answer(6, std::chrono::hours(2));
  EXPECT_TRUE(late.answer->gave_up);
  EXPECT_THAT(Told(late), HasSubstr("undetermined, so no rule is planned"));
  EXPECT_THAT(Told(late), testing::Not(HasSubstr("only the patch helps")));
}

TEST_F(WindowTest, SeveralRecordsAreAnAnswerAndAreNotWaitedFor) {
  AddHost(1);
  AddHost(2);
  swp_.lists.computers.push_back(swp_.lists.computers.back());
  swp_.lists.computers.back().computer.id = ComputerId{99};
  const Plan plan = Answer(1);
  EXPECT_EQ(plan.answer->kind, Answer::Kind::kVerified);
  EXPECT_THAT(plan.FirstUndetermined(), HasSubstr("several computers with an agent"));
  EXPECT_THAT(Written(plan), ElementsAre("policy 12"));
}

TEST_F(WindowTest, WhoSharesThePolicyMustBeKnownForItToBeThePlace) {
  AddHost(1);
  swp_.failing_policy = PolicyId{12};
  EXPECT_EQ(Answer(1).answer->kind, Answer::Kind::kNotYet);
  EXPECT_THAT(Written(Answer(3)), ElementsAre("computer 1"));
}

TEST_F(WindowTest, OverridesThatCouldNotBeReadLeaveItOpen) {
  ModuleOf(AddHost(1), swp::Module::kIntrusionPrevention).rules = {RuleId{7}};
  swp_.failing_rules_there = true;
  EXPECT_EQ(Answer(1).answer->kind, Answer::Kind::kNotYet);
  swp_.failing_rules_there = false;
  EXPECT_FALSE(Answer(2).HasUndetermined());
}

// Decision 0038: rules go around a host that a finding calls compromised.
TEST_F(WindowTest, ACompromisedHostKeepsItsRulesAsEvidence) {
  AddHost(1);
  AddHost(2);
  AddHost(3);
  history_ = std::make_unique<OneCompromised>(InstanceNumber(2));
  const Plan plan = Answer();
  EXPECT_THAT(Written(plan), UnorderedElementsAre("computer 1", "computer 3"));
  EXPECT_THAT(Told(plan), HasSubstr("none is assigned because a finding calls the host probably compromised: "
                                    "CVE-2024-10001 on host-2"));
}

TEST_F(WindowTest, ACompromisedNeighborKeepsThePolicyAsItIs) {
  AddHost(1);
  AddHost(2);
  members_.pop_back();
  history_ = std::make_unique<OneCompromised>(InstanceNumber(2));
  EXPECT_THAT(Written(Answer()), ElementsAre("computer 1"));
}

// inspector.placement: child-policy.

TEST_F(WindowTest, AChildPolicyTakesThoseThatNeedIt) {
  Own().placement = PatchPlacement::kChildPolicy;
  AddHost(1);
  AddHost(2).tags = std::vector<swp::Tag>{{"sallyport:exclude", "true"}};
  AddHost(3);
  const Plan plan = Answer();
  const PatchInChildPolicy* child = ChildIn(plan);
  ASSERT_NE(child, nullptr);
  EXPECT_EQ(child->parent, PolicyId{12});
  EXPECT_EQ(child->child, "Sallyport virtual patches of policy 12, Linux");
  EXPECT_THAT(child->moved, SizeIs(2)) << "the excluded one stays where it is";
  EXPECT_THAT(child->members.hosts, IsEmpty());
  const auto ledger = ReadPatchLedger(&documents_);
  ASSERT_THAT(ledger->placed, SizeIs(1));
  EXPECT_EQ(ledger->placed.front().child, child->child);
}

TEST_F(WindowTest, WhereThePolicyItselfMayBeChangedThereIsNoChild) {
  Own().placement = PatchPlacement::kChildPolicy;
  AddHost(1);
  EXPECT_THAT(Written(Answer()), ElementsAre("policy 12"));
}

TEST_F(WindowTest, BelowThePolicyAtTheTopAChildIsMade) {
  Own().placement = PatchPlacement::kChildPolicy;
  AddHost(1, 1);
  const Plan plan = Answer();
  ASSERT_NE(ChildIn(plan), nullptr);
  EXPECT_EQ(ChildIn(plan)->parent, PolicyId{1});
}

TEST_F(WindowTest, WhoIsInTheChildAlreadyCountsAmongTheTouched) {
  Own().placement = PatchPlacement::kChildPolicy;
  AddPolicy(13, 1, ChildPolicyName(PolicyId{1}, "Linux"));
  AddHost(1, 1);
  AddHost(2, 13);
  members_.pop_back();
  const Plan plan = Answer();
  ASSERT_NE(ChildIn(plan), nullptr);
  EXPECT_THAT(ChildIn(plan)->members.hosts, SizeIs(1));
  EXPECT_THAT(ChildIn(plan)->Touches().hosts, SizeIs(2));
  // One of these is evidence: the rules must not reach it.
  history_ = std::make_unique<OneCompromised>(InstanceNumber(2));
  EXPECT_THAT(Written(Answer()), ElementsAre("computer 1"));
}

TEST_F(WindowTest, NoChildBelowAPolicyOfOurs) {
  Own().placement = PatchPlacement::kChildPolicy;
  AddPolicy(13, 1, ChildPolicyName(PolicyId{1}, "Linux"));
  AddHost(1, 13);
  AddHost(2, 13).tags = std::vector<swp::Tag>{{"sallyport:exclude", "true"}};
  EXPECT_THAT(Written(Answer()), ElementsAre("computer 1"));
}

TEST_F(WindowTest, RulesThatAreOnTheirWayAreLookedAtAgain) {
  ModuleOf(AddHost(1), swp::Module::kIntrusionPrevention).rules = {RuleId{7}};
  swp::EstateComputer& host = swp_.lists.computers.back();
  host.last_send_policy_request = kWindowNow + std::chrono::seconds(1);
  const Plan first = Answer(1);
  EXPECT_EQ(first.answer->kind, Answer::Kind::kNotYet);
  EXPECT_THAT(first.answer->reason, HasSubstr("rules are there and have not arrived yet: i-00000001"));
  host.computer.last_send_policy_success = kWindowNow + std::chrono::seconds(5);
  EXPECT_EQ(Answer(2).answer->kind, Answer::Kind::kVerified);
  const auto ledger = ReadPatchLedger(&documents_);
  EXPECT_TRUE(Prevents(ledger->entries.begin()->second.covers.at(kCve).state));
}

TEST_F(WindowTest, RulesThatAreOnTheirWayHoldUpNobodyWhoLacksSome) {
  ModuleOf(AddHost(1), swp::Module::kIntrusionPrevention).rules = {RuleId{7}};
  swp_.lists.computers.back().last_send_policy_request = kWindowNow + std::chrono::seconds(1);
  AddHost(2);
  EXPECT_EQ(Answer(1).answer->kind, Answer::Kind::kVerified);
  const auto ledger = ReadPatchLedger(&documents_);
  EXPECT_TRUE(ledger->entries.begin()->second.unread) << "the next answer looks again";
  EXPECT_EQ(ledger->said.at(1), "active") << "nobody has to act for that";
  // An agent that does not fetch its policy for long is told and not waited for.
  members_.pop_back();
  members_.front().event = 200;
  EXPECT_EQ(Answer(1, std::chrono::hours(1)).answer->kind, Answer::Kind::kVerified);
}

// Edge case I19.
TEST_F(WindowTest, AModuleThatIsOffAtTheComputerItselfIsPointedOut) {
  AddHost(1);
  AddHost(2);
  swp_.lists.own[2].computer = ComputerId{2};
  swp_.lists.own[2].state = "off";
  const Plan plan = Answer();
  EXPECT_THAT(Written(plan), ElementsAre("policy 12"));
  EXPECT_THAT(plan.reasons,
              testing::Contains(HasSubstr("a policy change does not reach it: host-2 (i-00000002) (off)")));
}

// What a case is told: whether SWP blocks its CVE on its hosts.
TEST_F(WindowTest, ACaseIsLeftToAPersonAsLongAsNothingBlocksItsCve) {
  ModuleOf(AddHost(1), swp::Module::kIntrusionPrevention).rules = {RuleId{7}};
  AddHost(2);
  swp_.lists.computers.pop_back();
  AddHost(3);
  AddHost(4);
  members_.pop_back();
  Join(4, FindingStatus::kClosed);
  AddHost(5).tags = std::vector<swp::Tag>{{"sallyport:exclude", "true"}};
  const Plan plan = Answer();
  EXPECT_THAT(plan.of_cases,
              ElementsAre(Pair(1, Plan::Says::kCovered), Pair(2, Plan::Says::kNotBlocked), Pair(3, Plan::Says::kActive),
                          Pair(4, Plan::Says::kSettled), Pair(5, Plan::Says::kActive)));
}

// A host that was looked at earlier counts for the case of its CVE, too.
TEST_F(WindowTest, OneHostOfACaseThatNothingProtectsKeepsItWithAPerson) {
  AddHost(2);
  swp_.lists.computers.pop_back();
  EXPECT_THAT(Answer().of_cases, ElementsAre(Pair(2, Plan::Says::kNotBlocked)));
  members_.clear();
  ModuleOf(AddHost(1), swp::Module::kIntrusionPrevention).rules = {RuleId{7}};
  members_.front().case_number = 2;
  members_.front().event = 200;
  EXPECT_THAT(Answer().of_cases, ElementsAre(Pair(2, Plan::Says::kNotBlocked)));
  // It is back, with the rule.
  ModuleOf(AddHost(2), swp::Module::kIntrusionPrevention).rules = {RuleId{7}};
  members_.back().event = members_.front().event = 300;
  members_.back().case_number = 2;
  EXPECT_THAT(Answer().of_cases, ElementsAre(Pair(2, Plan::Says::kCovered)));
}

TEST_F(WindowTest, WithoutAnAnswerThatIsKnownTheCaseIsLeft) {
  AddHost(1);
  swp_.failing_instance = InstanceNumber(1);
  EXPECT_THAT(Answer(10, std::chrono::hours(2)).of_cases, ElementsAre(Pair(1, Plan::Says::kNotBlocked)));
}

// Edge case I7.
TEST_F(WindowTest, ThatNoRuleExistsIsToldOnceAndLookedAtAgainAfterARuleUpdate) {
  const swp::CatalogRule to_come = swp_.lists.rules.front();
  swp_.lists.rules.front().rule.cves = {"CVE-2024-100015"};
  AddHost(1);
  const Plan first = Answer();
  EXPECT_THAT(Told(first), HasSubstr("no intrusion prevention rule, only the patch helps: CVE-2024-10001"));
  EXPECT_THAT(first.of_cases, ElementsAre(Pair(1, Plan::Says::kNotBlocked)));
  members_ = {{1, 200, 1, SweepMember("sweep", {})}};
  const Plan second = Answer(1, std::chrono::hours(1));
  EXPECT_EQ(Told(second), "");
  EXPECT_THAT(Written(second), IsEmpty());
  EXPECT_THAT(second.of_cases, IsEmpty()) << "it stands as it stood";
  swp_.lists.rules.push_back(to_come);
  swp_.lists.rules.back().rule.id = RuleId{8};
  swp_.lists.rules.back().last_updated = kWindowNow + std::chrono::hours(2);
  members_.front().event = 300;
  const Plan third = Answer(1, Own().catalog_age + std::chrono::hours(1));
  EXPECT_THAT(Written(third), ElementsAre("policy 12"));
  EXPECT_THAT(Told(third), HasSubstr("intrusion prevention rules planned: CVE-2024-10001"));
  // The case of the finding hears of it, though nothing of it joined.
  EXPECT_THAT(third.of_cases, ElementsAre(Pair(1, Plan::Says::kActive)));
  EXPECT_THAT(third.actions.front().cases, ElementsAre(1));
  // Its rule is there by then; after that the finding is gone.
  ModuleOf(swp_.lists.computers.front().computer, swp::Module::kIntrusionPrevention).rules = {RuleId{8}};
  members_.front().event = 400;
  EXPECT_THAT(Answer(1, Own().catalog_age + std::chrono::hours(2)).of_cases,
              ElementsAre(Pair(1, Plan::Says::kCovered)));
  const std::string key = ReadPatchLedger(&documents_)->entries.begin()->first;
  members_ = {{1, 500, 1, SweepMember("sweep", {{key}})}};
  EXPECT_THAT(Answer(1, Own().catalog_age + std::chrono::hours(3)).of_cases,
              ElementsAre(Pair(1, Plan::Says::kSettled)));
}

}  // namespace
}  // namespace sallyport
