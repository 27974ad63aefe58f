// SPDX-License-Identifier: Apache-2.0
#include "reach/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reach/judge_for_test.h"

namespace sallyport::reach {
namespace {

using policy::Decision;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST(Judge, FindsRolesByTheirOwnPoliciesWithoutABucketPolicy) {
  const Answer answer = Decide(WithRoles({Role("web", kReads), Role("db", "")}));
  ASSERT_EQ(answer.principals.size(), 1U);
  EXPECT_EQ(answer.principals[0].arn, RoleArn("web"));
  EXPECT_EQ(answer.principals[0].Best(), Decision::kAllowed);
  EXPECT_THAT(answer.principals[0].actions[0].statements, ElementsAre("inline policy `own`: Reads"));
  EXPECT_EQ(answer.examined, 2U);
  EXPECT_EQ(answer.denied(), 1U);
  EXPECT_THAT(answer.gaps, IsEmpty());
}

TEST(Judge, SaysUnderWhichConditionItIsAllowed) {
  Facts facts = WithRoles({Role("web", "")});
  facts.bucket.policy = std::optional(PolicyOf(
      R"({"Sid":"FromHere","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::example-customers/*",)"
      R"("Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1a2b"}}})"));
  const Answer answer = Decide(facts);
  EXPECT_EQ(Said(answer, "web"), "allowed if");
  EXPECT_THAT(answer.principals[0].actions[0].condition, HasSubstr("aws:SourceVpce is vpce-1a2b"));
  ASSERT_EQ(answer.outsiders.size(), 2U);
  EXPECT_EQ(answer.outsiders[0].who, "anyone on the internet, without signing in");
  EXPECT_EQ(answer.outsiders[1].who, "everyone");
  EXPECT_THAT(answer.outsiders[1].what, HasSubstr("aws:SourceVpce vpce-1a2b"));
}

TEST(Judge, AnswersWhatIsKnownOfARole) {
  RoleFacts tagged = Role("tagged", "");
  tagged.tags = {{"team", "web"}};
  Facts facts = WithRoles({tagged, Role("plain", "")});
  facts.bucket.policy = std::optional(PolicyOf(
      R"({"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::example-customers/*",)"
      R"("Condition":{"StringEquals":{"aws:PrincipalTag/team":"web"}}})"));
  const Answer answer = Decide(facts);
  EXPECT_EQ(Said(answer, "tagged"), "allowed");
  EXPECT_EQ(Said(answer, "plain"), "denied");
}

TEST(Judge, KeepsGrantsOfAPrefix) {
  Facts facts = WithRoles({Role(
      "web", R"({"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::example-customers/invoices/*"})")});
  EXPECT_THAT(Decide(facts).principals[0].actions[0].objects, ElementsAre("arn:aws:s3:::example-customers/invoices/*"));
  Ask ask = About();
  ask.prefix = "invoices/2026";
  EXPECT_EQ(Said(Decide(facts, ask), "web"), "allowed");
  ask.prefix = "people/";
  EXPECT_EQ(Said(Decide(facts, ask), "web"), "denied");
}

TEST(Judge, ListsAnAccountThatWasNotReadAndDoesNotExpandItsRoot) {
  Facts facts = WithRoles({Role("web", "")});
  facts.bucket.policy = std::optional(PolicyOf(
      R"({"Sid":"Stage","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::444455556666:root","arn:aws:iam::111122223333:root"]},)"
      R"("Action":"s3:*","Resource":"*"})"));
  facts.unread_accounts[kOther] = "no role is configured for it";
  const Answer answer = Decide(facts);
  EXPECT_EQ(Said(answer, "web"), "denied");  // the own account's root delegates, and nothing was delegated
  ASSERT_EQ(answer.outsiders.size(), 1U);
  EXPECT_EQ(answer.outsiders[0].who, "account 444455556666");
  EXPECT_EQ(answer.outsiders[0].from, "bucket policy `Stage`");
  EXPECT_THAT(answer.not_considered, ElementsAre("account 444455556666: no role is configured for it"));
}

TEST(Judge, NeedsBothSidesAcrossAccounts) {
  Facts facts = WithRoles({});
  AccountFacts other;
  other.account = kOther;
  other.roles->roles = {Role("with", kReads, kOther), Role("without", "", kOther)};
  facts.accounts.push_back(other);
  EXPECT_EQ(Said(Decide(facts), "with"), "denied");
  facts.bucket.policy = std::optional(PolicyOf(
      R"({"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::example-customers/*"})"));
  const Answer answer = Decide(facts);
  EXPECT_EQ(Said(answer, "with"), "allowed");
  EXPECT_EQ(Said(answer, "without"), "denied");
  EXPECT_THAT(answer.outsiders, IsEmpty());
}

TEST(Judge, LimitsByBoundaryAndControlPolicies) {
  RoleFacts bounded = Role("bounded", kReads);
  bounded.boundary = "arn:aws:iam::111122223333:policy/limit";
  Facts facts = WithRoles({bounded, Role("free", kReads)});
  facts.accounts[0].roles->managed[bounded.boundary] =
      PolicyOf(R"({"Effect":"Allow","Action":"ec2:*","Resource":"*"})");
  EXPECT_EQ(Said(Decide(facts), "bounded"), "denied");
  EXPECT_EQ(Said(Decide(facts), "free"), "allowed");
  facts.accounts[0].controls = std::vector<ControlLevel>{
      {"r-root", {{"no-s3", PolicyOf(R"({"Effect":"Deny","Action":"s3:*","Resource":"*"})")}}, {}}};
  EXPECT_EQ(Said(Decide(facts), "free"), "denied");
  facts.accounts[0].controls = kRefused;
  const Answer answer = Decide(facts);
  EXPECT_EQ(Said(answer, "free"), "allowed");
  EXPECT_THAT(answer.not_considered, ElementsAre("service control policies of account 111122223333: access denied"));
}

// What could not be read is "could not decide", with the reason: never "denied".

TEST(Judge, CannotDecideForARoleWhosePolicyDoesNotParse) {
  RoleFacts broken = Role("broken", "");
  broken.inline_policies = {{"bad", R"({"Version":"2012-10-17","Statement":[{"Effect":"Maybe"}]})"}};
  const Answer answer = Decide(WithRoles({broken, Role("db", "")}));
  EXPECT_EQ(Said(answer, "broken"), "could not decide");
  EXPECT_EQ(answer.undecided, 1U);
  EXPECT_THAT(answer.principals[0].actions[0].reason, HasSubstr("`bad`"));
  EXPECT_EQ(Said(answer, "db"), "denied");
}

TEST(Judge, CannotDecideForARoleWithAPolicyThatTheSweepDoesNotHold) {
  RoleFacts role = Role("web", "");
  role.attached = {"arn:aws:iam::111122223333:policy/gone"};
  const Answer answer = Decide(WithRoles({role}));
  EXPECT_EQ(Said(answer, "web"), "could not decide");
  EXPECT_THAT(answer.principals[0].actions[0].reason, HasSubstr("policy/gone"));
}

TEST(Judge, CannotDecideForAnybodyWithoutTheBucketPolicy) {
  Facts facts = WithRoles({Role("web", kReads), Role("db", "")});
  facts.bucket.policy = kRefused;
  const Answer answer = Decide(facts);
  EXPECT_EQ(Said(answer, "web"), "could not decide");  // the policy may deny it
  EXPECT_EQ(Said(answer, "db"), "could not decide");
  EXPECT_EQ(answer.undecided, 2U);
  EXPECT_THAT(answer.gaps, ElementsAre(HasSubstr("the bucket policy could not be read: access denied")));
}

TEST(Judge, SaysThatTheRolesOfAnAccountCouldNotBeRead) {
  Facts facts = WithRoles({});
  facts.accounts[0].roles = kRefused;
  facts.bucket.policy = std::optional(PolicyOf(
      R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/batch"},"Action":"s3:GetObject","Resource":"*"})"));
  const Answer answer = Decide(facts);
  EXPECT_EQ(Said(answer, "batch"), "could not decide");
  EXPECT_THAT(answer.gaps, ElementsAre(HasSubstr("the roles of account 111122223333 could not be read")));
}

TEST(Judge, NamesStatementsUpToABoundAndSaysSo) {
  std::vector<RoleFacts> roles;
  for (std::size_t i = 0; i < Judge::kMostDetailed; ++i) roles.push_back(Role("role" + std::to_string(i), kReads));
  EXPECT_THAT(Decide(WithRoles(roles)).not_considered, IsEmpty());
  roles.push_back(Role("last", kReads));
  const Answer answer = Decide(WithRoles(roles));
  EXPECT_THAT(answer.not_considered, ElementsAre(HasSubstr("of more than 500 principals; --principal names")));
  EXPECT_EQ(Said(answer, "last"), "allowed");
  EXPECT_THAT(Find(answer, "role0")->actions[0].statements, SizeIs(1));
  EXPECT_THAT(Find(answer, "last")->actions[0].statements, IsEmpty());
}

TEST(Judge, SaysWhichPartsOfTheBucketCouldNotBeRead) {
  Facts facts = WithRoles({Role("web", kReads)});
  facts.bucket.acls_disabled = kRefused;
  facts.bucket.acl = kRefused;
  facts.bucket.block = kRefused;
  facts.bucket.account_block = kRefused;
  facts.bucket.access_points = kRefused;
  const Answer answer = Decide(facts);
  EXPECT_EQ(Said(answer, "web"), "allowed");
  EXPECT_THAT(answer.gaps,
              ElementsAre(HasSubstr("block of public access"), HasSubstr("block of public access"),
                          HasSubstr("object ownership"), HasSubstr("the bucket's ACL"), HasSubstr("access points")));
}

TEST(Judge, CannotDecideForOthersWhenThePublicAccessBlockIsNotKnown) {
  Facts facts = WithRoles({Role("own", "")});
  AccountFacts other;
  other.account = kOther;
  other.roles->roles = {Role("foreign", kReads, kOther)};
  facts.accounts.push_back(other);
  facts.bucket.policy = std::optional(PolicyOf(
      R"({"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::example-customers/*"})"));
  EXPECT_EQ(Said(Decide(facts), "foreign"), "allowed");
  facts.bucket.block = kRefused;
  EXPECT_EQ(Said(Decide(facts), "own"), "allowed");
  EXPECT_EQ(Said(Decide(facts), "foreign"), "could not decide");
  facts.bucket.block = PublicAccessBlock{false, true};
  EXPECT_EQ(Said(Decide(facts), "foreign"), "denied");
}

// The key.

const std::string kKeyDelegates =
    R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"})";

TEST(JudgeKey, WithoutTheKeyTheObjectsCannotBeRead) {
  Facts facts = WithRoles({Role("web", kReads)});
  facts.bucket.key = std::optional(Key(kKeyDelegates));
  const Answer answer = Decide(facts);
  ASSERT_EQ(answer.principals.size(), 1U);
  const ActionAnswer& action = answer.principals[0].actions[0];
  EXPECT_EQ(action.without_key, Decision::kAllowed);
  EXPECT_EQ(action.decision, Decision::kImplicitlyDenied);
  EXPECT_EQ(action.reason, "no kms:Decrypt on the bucket's key");
}

TEST(JudgeKey, TheRoleMayUseIt) {
  Facts facts = WithRoles(
      {Role("web", kReads + R"(,{"Effect":"Allow","Action":"kms:Decrypt","Resource":")" + kKeyArn + R"("})")});
  facts.bucket.key = std::optional(Key(kKeyDelegates));
  EXPECT_EQ(Said(Decide(facts), "web"), "allowed");
}

TEST(JudgeKey, AGrantLetsItIn) {
  Facts facts = WithRoles({Role("web", kReads)});
  KeyFacts key = Key(kKeyDelegates);
  key.grants = std::vector<KeyGrantFacts>{{"g-1", RoleArn("web"), {"Decrypt"}, false}};
  facts.bucket.key = std::optional(key);
  const Answer answer = Decide(facts);
  EXPECT_EQ(Said(answer, "web"), "allowed");
  EXPECT_THAT(answer.principals[0].actions[0].statements,
              ElementsAre("inline policy `own`: Reads", "grant `g-1` of the key"));
  key.grants->front().has_constraints = true;
  facts.bucket.key = std::optional(key);
  EXPECT_EQ(Decide(facts).principals[0].actions[0].condition, "the constraints of the key's grant fit");
  key.grants->front().operations = {"Encrypt"};
  facts.bucket.key = std::optional(key);
  EXPECT_EQ(Said(Decide(facts), "web"), "denied");
}

TEST(JudgeKey, WhatCouldNotBeReadLeavesItOpen) {
  Facts facts = WithRoles({Role("web", kReads)});
  facts.bucket.key = kRefused;
  EXPECT_EQ(Said(Decide(facts), "web"), "could not decide");
  EXPECT_THAT(Decide(facts).principals[0].actions[0].reason, HasSubstr("which key the bucket has"));
  KeyFacts key = Key(kKeyDelegates);
  key.grants = kRefused;
  facts.bucket.key = std::optional(key);
  EXPECT_EQ(Said(Decide(facts), "web"), "could not decide");
  EXPECT_THAT(Decide(facts).principals[0].actions[0].reason, HasSubstr("the key's grants could not be read"));
  key.policy = kRefused;
  facts.bucket.key = std::optional(key);
  EXPECT_EQ(Said(Decide(facts), "web"), "could not decide");
}

TEST(JudgeKey, IsNotNeededForListingAndDeleting) {
  Facts facts = WithRoles({Role("web", R"({"Effect":"Allow","Action":"s3:*","Resource":"*"})")});
  facts.bucket.key = std::optional(Key(kKeyDelegates));
  const Answer answer = Decide(facts, About({"s3:ListBucket", "s3:DeleteObject", "s3:PutObject"}));
  EXPECT_EQ(answer.principals[0].actions[0].decision, Decision::kAllowed);
  EXPECT_EQ(answer.principals[0].actions[1].decision, Decision::kAllowed);
  EXPECT_EQ(answer.principals[0].actions[2].reason, "no kms:GenerateDataKey on the bucket's key");
}

// Others.

TEST(Judge, ShowsRolesThatCanAssumeOneThatReachesIt) {
  RoleFacts target = Role("target", kReads);
  target.trust =
      PolicyOf(R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"})");
  const std::string assume =
      R"({"Effect":"Allow","Action":"sts:AssumeRole","Resource":")" + RoleArn("target") + R"("})";
  const Facts facts = WithRoles({target, Role("hop", assume), Role("db", "")});
  EXPECT_EQ(Find(Decide(facts), "hop"), nullptr);
  Ask ask = About();
  ask.indirect = true;
  const Answer answer = Decide(facts, ask);
  ASSERT_NE(Find(answer, "hop"), nullptr);
  EXPECT_EQ(Find(answer, "hop")->assumes, RoleArn("target"));
  EXPECT_EQ(Find(answer, "db"), nullptr);
}

TEST(Judge, ShowsOnePrincipalAlsoWhenItIsDenied) {
  Ask ask = About();
  ask.principal = RoleArn("db");
  ask.with_trace = true;
  const Facts facts = WithRoles({Role("web", kReads), Role("db", "")});
  const Answer answer = Decide(facts, ask);
  ASSERT_EQ(answer.principals.size(), 1U);
  EXPECT_EQ(Word(answer.principals[0].Best()), "denied");
  EXPECT_THAT(answer.principals[0].actions[0].trace, HasSubstr("DENIED, as no policy allows it"));
  EXPECT_EQ(answer.denied(), 1U);
  ask.principal = RoleArn("nobody");
  EXPECT_THAT(Decide(facts, ask).gaps, ElementsAre(HasSubstr("is no role of the accounts that were read")));
}

TEST(Judge, NamesWhoElseUsesARole) {
  RoleFacts role = Role("many", kReads);
  role.trust = PolicyOf(
      R"({"Effect":"Allow","Principal":{"Service":["ec2.amazonaws.com","lambda.amazonaws.com","odd.amazonaws.com"]},"Action":"sts:AssumeRole"},)"
      R"({"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/X"},"Action":"sts:AssumeRoleWithWebIdentity"})");
  EXPECT_THAT(Decide(WithRoles({role})).principals[0].consumers,
              ElementsAre("Lambda functions", "AWS service `odd.amazonaws.com`", "EKS service accounts (IRSA)"));
  role.trust = "{";
  EXPECT_THAT(Decide(WithRoles({role})).principals[0].consumers, ElementsAre("a trust policy that cannot be read"));
}

TEST(Judge, ClassifiesThoseWhoAreNoRoles) {
  Facts facts = WithRoles({});
  facts.bucket.policy = std::optional(PolicyOf(
      R"({"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:user/ann","AIDAEXAMPLE"],)"
      R"("Service":"cloudfront.amazonaws.com","CanonicalUser":"79a5"},"Action":"s3:GetObject","Resource":"*"},)"
      R"({"Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:user/bob"},"Action":"s3:GetObject","Resource":"*"},)"
      R"({"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::111122223333:user/eve"},"Action":"s3:*","Resource":"*"})"));
  std::string all;
  for (const Outsider& outsider : Decide(facts).outsiders) all += outsider.who + "\n";
  EXPECT_THAT(all, HasSubstr("user `arn:aws:iam::111122223333:user/ann`"));
  EXPECT_THAT(all, HasSubstr("`AIDAEXAMPLE`"));
  EXPECT_THAT(all, HasSubstr("AWS service `cloudfront.amazonaws.com`"));
  EXPECT_THAT(all, HasSubstr("canonical user `79a5`"));
  EXPECT_THAT(all, HasSubstr("everyone but those listed (NotPrincipal)"));
  EXPECT_THAT(all, Not(HasSubstr("user/eve")));
}

TEST(Judge, CountsAclsOnlyWhereTheyMeanSomething) {
  Facts facts = WithRoles({Role("db", "")});
  facts.bucket.acl = AclFacts{"me",
                              {{"me", "", "FULL_CONTROL"},
                               {"", "http://acs.amazonaws.com/groups/global/AllUsers", "READ"},
                               {"somebody", "", "READ"}}};
  EXPECT_THAT(Decide(facts, About({"s3:ListBucket"})).outsiders, IsEmpty());  // BucketOwnerEnforced
  facts.bucket.acls_disabled = false;
  const Answer answer = Decide(facts, About({"s3:ListBucket"}));
  EXPECT_EQ(Said(answer, "db"), "allowed");
  ASSERT_EQ(answer.outsiders.size(), 3U);
  EXPECT_EQ(answer.outsiders[1].who, "everyone");
  EXPECT_EQ(answer.outsiders[2].who, "canonical user `somebody`");
}

}  // namespace
}  // namespace sallyport::reach
