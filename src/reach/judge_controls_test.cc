// SPDX-License-Identifier: Apache-2.0
//
// Control policies of organizations: those that are there, those that are not, those that could not be read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reach/judge_for_test.h"
#include "reach/text.h"

namespace sallyport::reach {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const char* const kDelegates =
    R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"})";
const std::string kUsesAll = R"({"Effect":"Allow","Action":["s3:*","kms:*"],"Resource":"*"})";

Ask Strictly(std::vector<std::string> actions = {"s3:GetObject"}) {
  Ask ask = About(std::move(actions));
  ask.controls_decide = true;
  return ask;
}

// "When you disable a policy type in an organization root, all policies of that type are detached from all entities."
TEST(JudgeControls, AnOrganizationThatUsesNoneDeniesNothing) {
  Facts facts = WithRoles({Role("web", kReads)});
  facts.accounts[0].controls = std::vector<ControlLevel>{{"r-1", {}, {}}, {"ou-1", {}, {}}, {kAccount, {}, {}}};
  EXPECT_EQ(Said(Decide(facts, Strictly()), "web"), "allowed");
  // One that uses them has some on every level.
  const NamedText full{"full", PolicyOf(R"({"Effect":"Allow","Action":"*","Resource":"*"})")};
  facts.accounts[0].controls = std::vector<ControlLevel>{{"r-1", {full}, {}}, {"ou-1", {}, {}}, {kAccount, {full}, {}}};
  EXPECT_EQ(Said(Decide(facts, Strictly()), "web"), "denied");
}

TEST(JudgeControls, WhatTheKeyStopsStaysDeniedWhateverTheyAre) {
  Facts facts = WithRoles({Role("web", kReads)});
  facts.bucket.key = std::optional(Key(kDelegates));  // and the role may not use it
  facts.accounts[0].controls = kRefused;
  const Answer answer = Decide(facts, Strictly());
  ASSERT_THAT(answer.principals, SizeIs(1));
  EXPECT_EQ(Word(answer.principals[0].Best()), "denied");
  EXPECT_EQ(answer.principals[0].actions[0].without_key, policy::Decision::kUndecided);
  EXPECT_THAT(AnswerText(answer, {}), HasSubstr("as far as it was read bucket access allowed, but: no kms:Decrypt"));
}

// "Why" names the level without an allow, of the bucket's side and of the key's.
TEST(JudgeControls, ALevelThatDoesNotAllowIsNamed) {
  Facts facts = WithRoles({Role("web", kUsesAll)});
  facts.bucket.key = std::optional(Key(kDelegates));
  const NamedText full{"full", PolicyOf(R"({"Effect":"Allow","Action":"*","Resource":"*"})")};
  const auto under = [&](const std::string& actions) {
    const NamedText some{"some", PolicyOf(R"({"Effect":"Allow","Action":")" + actions + R"(","Resource":"*"})")};
    facts.accounts[0].controls = std::vector<ControlLevel>{{"r-1", {full}, {}}, {"ou-1", {some}, {}}};
    Ask ask = Strictly();
    ask.with_trace = true;
    ask.principal = RoleArn("web");
    const Answer answer = Decide(facts, ask);
    EXPECT_EQ(Word(answer.principals.at(0).Best()), "denied");
    return answer.principals.at(0).actions.at(0).trace;
  };
  EXPECT_THAT(under("ec2:*"), HasSubstr("no policy at ou-1 allows it"));
  const std::string by_key = under("s3:*");
  EXPECT_THAT(by_key, HasSubstr("kms:Decrypt on"));
  EXPECT_THAT(by_key, HasSubstr("no policy at ou-1 allows it"));
}

TEST(JudgeControls, ServiceLinkedRolesAreNotUnderThem) {
  RoleFacts linked = Role("AWSServiceRoleForExample", kReads);
  linked.arn = "arn:aws:iam::111122223333:role/aws-service-role/example.amazonaws.com/AWSServiceRoleForExample";
  Facts facts = WithRoles({linked, Role("web", kReads)});
  facts.accounts[0].controls = kRefused;
  const Answer answer = Decide(facts, Strictly());
  EXPECT_EQ(Said(answer, "AWSServiceRoleForExample"), "allowed");
  EXPECT_EQ(Said(answer, "web"), "undetermined");
}

TEST(JudgeControls, TheKeysOwnAccountHasSomeForTheKey) {
  Facts facts = WithRoles({Role("web", kUsesAll)});
  KeyFacts key = Key(kDelegates);
  key.account = kOther;
  key.arn = "arn:aws:kms:us-east-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  facts.bucket.key = std::optional(key);
  facts.key_owner.emplace().account = kOther;
  facts.key_owner->controls = kRefused;
  const Answer unread = Decide(facts, Strictly({"s3:GetObject", "s3:ListBucket"}));
  EXPECT_EQ(Word(unread.principals[0].actions[0].decision), "undetermined");
  EXPECT_THAT(unread.principals[0].actions[0].reason, HasSubstr("account 444455556666, which owns the bucket's key"));
  EXPECT_EQ(Word(unread.principals[0].actions[1].decision), "allowed");  // listing needs no key
  EXPECT_THAT(unread.gaps, ElementsAre(HasSubstr("which owns the bucket's key, could not be read")));
  facts.key_owner->controls = std::vector<ControlLevel>{
      {"r-1",
       {},
       {{"no-decrypt", PolicyOf(R"({"Effect":"Deny","Principal":"*","Action":"kms:Decrypt","Resource":"*"})")}}}};
  const Answer denied = Decide(facts, Strictly());
  EXPECT_EQ(Said(denied, "web"), "denied");
  EXPECT_THAT(denied.gaps, IsEmpty());
}

TEST(JudgeControls, OneLineNamesTheAccountsWithTheSameReason) {
  Facts facts = WithRoles({});
  facts.accounts[0].controls = kRefused;
  facts.accounts.emplace_back().account = kOther;
  facts.accounts[1].controls = kRefused;
  EXPECT_THAT(Decide(facts).gaps,
              ElementsAre(HasSubstr("the control policies of 2 accounts (111122223333, 444455556666) could not")));
}

TEST(JudgeControls, WhoCanAssumeAnUndeterminedRoleIsUndeterminedToo) {
  RoleFacts target = Role("target", kReads);
  target.trust =
      PolicyOf(R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"})");
  const Facts allowed = WithRoles({target, Role("hop", R"({"Effect":"Allow","Action":"sts:*","Resource":"*"})")});
  Facts facts = allowed;
  facts.accounts[0].controls = kRefused;
  Ask ask = Strictly();
  ask.indirect = true;
  EXPECT_EQ(Said(Decide(allowed, ask), "hop"), "allowed");
  const Answer answer = Decide(facts, ask);
  EXPECT_EQ(Said(answer, "hop"), "undetermined");
  EXPECT_EQ(answer.undecided, 2U);
}

}  // namespace
}  // namespace sallyport::reach
