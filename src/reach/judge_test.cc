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
  EXPECT_EQ(answer.outsiders[1].who, "everyone with an AWS account");
  EXPECT_EQ(answer.outsiders[1].what, "s3:GetObject allowed if aws:SourceVpce is vpce-1a2b");
  ASSERT_EQ(answer.everyone.size(), 2U);
  EXPECT_EQ(answer.everyone[1].Best(), Decision::kConditional);
}

TEST(Judge, WhatEveryoneMayDoIsTheWholePolicysAnswer) {
  Facts facts = WithRoles({});
  const auto said = [&facts] {
    std::string all;
    for (const Outsider& outsider : Decide(facts).outsiders) all += outsider.who + ": " + outsider.what + "\n";
    return all;
  };
  const std::string open = R"({"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"},)"
                           R"({"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":)";
  facts.bucket.policy = std::optional(PolicyOf(open + R"({"StringNotEquals":{"aws:SourceVpc":"vpc-1"}}})"));
  EXPECT_THAT(said(), HasSubstr("without signing in: s3:GetObject allowed if aws:SourceVpc is vpc-1"));
  facts.bucket.policy = std::optional(PolicyOf(open + R"({"StringNotLike":{"aws:PrincipalArn":"arn:aws:iam::1*"}}})"));
  EXPECT_THAT(said(), Not(HasSubstr("without signing in")));
  EXPECT_THAT(said(), HasSubstr("everyone with an AWS account"));
}

TEST(Judge, WhoDoesNotSignHasNoKeysOfASignature) {
  Facts facts = WithRoles({});
  const std::pair<const char*, bool> cases[] = {
      {R"("StringLike":{"aws:userid":"AROAEXAMPLE:*"})", false},
      {R"("StringEquals":{"aws:username":"alice"})", false},
      {R"("Bool":{"aws:PrincipalIsAWSService":"true"})", false},
      {R"("ArnLike":{"aws:SourceArn":"arn:aws:s3:::x"})", false},
      {R"("StringEquals":{"aws:PrincipalTag/team":"x"})", false},
      {R"("ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-1/*"})", false},
      {R"("StringEquals":{"s3:authType":"REST-HEADER"})", false},
      {R"("Bool":{"aws:ViaAWSService":"true"})", false},
      {R"("DateGreaterThan":{"aws:TokenIssueTime":"2026-01-01T00:00:00Z"})", false},
      {R"("StringEquals":{"aws:SourceVpce":"vpce-1"})", true},
      {R"("IpAddress":{"aws:SourceIp":"198.51.100.0/24"})", true},
      {R"("Bool":{"aws:SecureTransport":"true"})", true}};
  for (const auto& [condition, may] : cases) {
    facts.bucket.policy = std::optional(
        PolicyOf(R"({"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{)" +
                 std::string(condition) + "}}"));
    const Answer answer = Decide(facts);
    const bool said = !answer.everyone.empty() && answer.everyone[0].who.ends_with("without signing in");
    EXPECT_EQ(said, may) << condition;
  }
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
  EXPECT_THAT(answer.gaps,
              ElementsAre("account 444455556666 may have access and was not read, so its roles may be missing "
                          "here: no role is configured for it"));
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
  EXPECT_THAT(answer.gaps, ElementsAre(HasSubstr("the control policies of account 111122223333 could not be read")));
  // Whoever stakes a decision on it is told that it is open.
  Ask strict = About();
  strict.controls_decide = true;
  const Answer open = Decide(facts, strict);
  EXPECT_EQ(Said(open, "free"), "undetermined");
  EXPECT_EQ(Said(open, "bounded"), "denied");
  EXPECT_EQ(Find(open, "free")->actions[0].as_read, Decision::kAllowed);
  EXPECT_THAT(Find(open, "free")->actions[0].reason, HasSubstr("service control policies"));
}

TEST(Judge, AnUnreadBlockOrAclLeavesOpenWhatHangsOnIt) {
  Facts facts = WithRoles({Role("web", kReads), Role("db", "")});
  facts.bucket.acls_disabled = false;
  facts.bucket.acl = AclFacts{"me", {{"", "http://acs.amazonaws.com/groups/global/AllUsers", "READ"}}};
  EXPECT_EQ(Said(Decide(facts, About({"s3:ListBucket"})), "db"), "allowed");
  facts.bucket.block = kRefused;
  const Answer blocked = Decide(facts, About({"s3:ListBucket"}));
  EXPECT_EQ(Said(blocked, "db"), "undetermined");
  EXPECT_EQ(Said(blocked, "web"), "allowed");  // by its own policy
  EXPECT_EQ(blocked.everyone[0].Best(), Decision::kUndecided);
  // The ACL itself: those whom only it could let in are counted, not listed.
  facts.bucket.block = PublicAccessBlock{};
  facts.bucket.acl = kRefused;
  const Answer unread = Decide(facts, About({"s3:ListBucket"}));
  EXPECT_EQ(Said(unread, "web"), "allowed");
  EXPECT_EQ(unread.unlisted_undecided, 1U);
  EXPECT_EQ(unread.denied(), 0U);
  EXPECT_THAT(unread.unlisted_reason, HasSubstr("ACL could not be read"));
  Ask one = About({"s3:ListBucket"});
  one.principal = RoleArn("db");
  EXPECT_EQ(Said(Decide(facts, one), "db"), "undetermined");
}

TEST(Judge, AnOrganizationThatCouldNotBeReadLeavesOpenWhatHangsOnIt) {
  Facts facts = WithRoles({Role("web", "")});
  facts.bucket.policy =
      std::optional(PolicyOf(R"({"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*",)"
                             R"("Condition":{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-1/*/ou-1/*"}}})"));
  facts.accounts[0].place = kRefused;
  const Answer open = Decide(facts);
  EXPECT_EQ(Said(open, "web"), "undetermined");
  EXPECT_THAT(Find(open, "web")->actions[0].reason, HasSubstr("aws:PrincipalOrgPaths, which could not be read"));
  facts.accounts[0].place = OrganizationPlace{"o-1", "o-1/r-1/ou-1/"};
  EXPECT_EQ(Said(Decide(facts), "web"), "allowed");
  facts.accounts[0].place = OrganizationPlace{"o-1", "o-1/r-1/"};
  EXPECT_EQ(Said(Decide(facts), "web"), "denied");
  facts.accounts[0].place = OrganizationPlace{};
  EXPECT_EQ(Said(Decide(facts), "web"), "denied");
}

TEST(Judge, SessionTagsAndProvidersAreNotKnownToBeAbsent) {
  const auto by_tag = [](const char* tag) {
    return R"({"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/)" +
           std::string(tag) + R"(":"x"}}})";
  };
  RoleFacts pod = Role("pod", by_tag("kubernetes-namespace"));
  pod.trust = PolicyOf(
      R"({"Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]})");
  RoleFacts other = Role("other", by_tag("team"));
  other.trust = pod.trust;
  RoleFacts tagged = Role("tagged", by_tag("team"));
  tagged.trust =
      PolicyOf(R"({"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":["sts:AssumeRole","sts:TagSession"]})");
  RoleFacts oidc = Role("oidc", R"({"Effect":"Allow","Action":"s3:GetObject","Resource":"*",)"
                                R"("Condition":{"StringLike":{"aws:FederatedProvider":"*oidc.example.com"}}})");
  oidc.trust = PolicyOf(
      R"({"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/oidc.example.com"},)"
      R"("Action":"sts:AssumeRoleWithWebIdentity"})");
  RoleFacts plain = Role("plain", by_tag("team"));
  const Answer answer = Decide(WithRoles({pod, other, tagged, oidc, plain}));
  EXPECT_EQ(Said(answer, "pod"), "allowed if");
  EXPECT_EQ(Said(answer, "other"), "denied");
  EXPECT_EQ(Said(answer, "tagged"), "allowed if");
  EXPECT_EQ(Said(answer, "oidc"), "allowed if");
  EXPECT_EQ(Said(answer, "plain"), "denied");
}

TEST(Judge, KnowsTheRolesPartOfAUserId) {
  Facts facts = WithRoles({Role("web", kReads), Role("db", kReads)});
  facts.bucket.policy = std::optional(PolicyOf(R"({"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*",)"
                                               R"("Condition":{"StringNotLike":{"aws:userid":"AROAEXAMPLEweb:*"}}})"));
  const Answer answer = Decide(facts);
  EXPECT_EQ(Said(answer, "web"), "allowed");
  EXPECT_EQ(Said(answer, "db"), "denied");
}

TEST(Judge, ListsUsersWithActiveKeysBesideTheRoles) {
  Facts facts = WithRoles({Role("web", "")});
  for (const char* name : {"deploy", "console", "nobody"}) {
    UserFacts user;
    user.name = name;
    user.arn = "arn:aws:iam::111122223333:user/" + user.name;
    user.id = "AIDAEXAMPLE" + user.name;
    if (user.name != "nobody") user.inline_policies = {{"own", PolicyOf(kReads)}};
    facts.accounts[0].roles->users.push_back(user);
  }
  const Ask ask = About();
  Judge judge(facts, ask);
  EXPECT_EQ(judge.UsersOf(kAccount), (std::vector<std::string>{"deploy", "console"}));
  judge.AddKeys(kAccount, {{"deploy", true}, {"console", false}});
  const Answer answer = judge.Take();
  EXPECT_TRUE(answer.principals.empty());
  ASSERT_EQ(answer.users.size(), 1U);
  EXPECT_EQ(answer.users[0].role, "deploy");
  EXPECT_EQ(answer.users[0].keys, "has active access keys");
  EXPECT_EQ(answer.examined, 1U);
  EXPECT_EQ(answer.users_examined, 3U);
  EXPECT_THAT(answer.not_considered, ElementsAre(HasSubstr("1 IAM user without active access keys")));
  // Keys that could not be read leave it open, and the answer in part.
  Judge unread(facts, ask);
  unread.AddKeys(kAccount, {{"deploy", kRefused}, {"console", true}});
  const Answer open = unread.Take();
  EXPECT_EQ(open.users.size(), 2U);
  EXPECT_THAT(open.gaps, ElementsAre(HasSubstr("the access keys of user `deploy` of account 111122223333 could not")));
}

TEST(Judge, NamesWhatTheRequesterPaysAndMfaDeleteAskFor) {
  Facts facts = WithRoles({Role("web", R"({"Effect":"Allow","Action":"s3:*","Resource":"*"})")});
  facts.bucket.policy =
      std::optional(PolicyOf(R"({"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"})"));
  facts.bucket.requester_pays = true;
  facts.bucket.mfa_delete = true;
  const Answer answer = Decide(facts, About({"s3:GetObject", "s3:DeleteObjectVersion"}));
  EXPECT_EQ(Find(answer, "web")->actions[0].decision, Decision::kAllowed);
  EXPECT_THAT(Find(answer, "web")->actions[1].condition, HasSubstr("MFA delete"));
  ASSERT_EQ(answer.everyone.size(), 1U);  // nobody without signing in
  EXPECT_THAT(answer.everyone[0].actions[0].condition, HasSubstr("x-amz-request-payer"));
}

// What could not be read is "undetermined", with the reason: never "denied".

TEST(Judge, CannotDecideForARoleWhosePolicyDoesNotParse) {
  RoleFacts broken = Role("broken", "");
  broken.inline_policies = {{"bad", R"({"Version":"2012-10-17","Statement":[{"Effect":"Maybe"}]})"}};
  const Answer answer = Decide(WithRoles({broken, Role("db", "")}));
  EXPECT_EQ(Said(answer, "broken"), "undetermined");
  EXPECT_EQ(answer.undecided, 1U);
  EXPECT_THAT(answer.principals[0].actions[0].reason, HasSubstr("`bad`"));
  EXPECT_EQ(Said(answer, "db"), "denied");
}

TEST(Judge, CannotDecideForARoleWithAPolicyThatTheSweepDoesNotHold) {
  RoleFacts role = Role("web", "");
  role.attached = {"arn:aws:iam::111122223333:policy/gone"};
  const Answer answer = Decide(WithRoles({role}));
  EXPECT_EQ(Said(answer, "web"), "undetermined");
  EXPECT_THAT(answer.principals[0].actions[0].reason, HasSubstr("policy/gone"));
}

TEST(Judge, CannotDecideForAnybodyWithoutTheBucketPolicy) {
  Facts facts = WithRoles({Role("web", kReads), Role("db", "")});
  facts.bucket.policy = kRefused;
  const Answer answer = Decide(facts);
  EXPECT_EQ(Said(answer, "web"), "undetermined");  // the policy may deny it
  EXPECT_EQ(Said(answer, "db"), "undetermined");
  EXPECT_EQ(answer.undecided, 2U);
  EXPECT_THAT(answer.gaps, ElementsAre(HasSubstr("the bucket policy could not be read: access denied")));
}

TEST(Judge, SaysThatTheRolesOfAnAccountCouldNotBeRead) {
  Facts facts = WithRoles({});
  facts.accounts[0].roles = kRefused;
  facts.bucket.policy = std::optional(PolicyOf(
      R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/batch"},"Action":"s3:GetObject","Resource":"*"})"));
  const Answer answer = Decide(facts);
  EXPECT_EQ(Said(answer, "batch"), "undetermined");
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
              ElementsAre(HasSubstr("Block Public Access"), HasSubstr("Block Public Access"),
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
  EXPECT_EQ(Said(Decide(facts), "foreign"), "undetermined");
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
  key.grants = std::vector<KeyGrantFacts>{{"g-1", RoleArn("web"), {"Decrypt"}, {}}};
  facts.bucket.key = std::optional(key);
  const Answer answer = Decide(facts);
  EXPECT_EQ(Said(answer, "web"), "allowed");
  EXPECT_THAT(answer.principals[0].actions[0].statements,
              ElementsAre("inline policy `own`: Reads", "grant `g-1` of the key"));
  // Pairs that whoever wrote the object may have added.
  key.grants->front().constraints = {{false, {{"project", "blue"}}}};
  facts.bucket.key = std::optional(key);
  EXPECT_EQ(Decide(facts).principals[0].actions[0].condition, "the constraints of the key's grant fit");
  // S3 names the object, or with a bucket key the bucket.
  key.grants->front().constraints = {{false, {{"aws:s3:arn", "arn:aws:s3:::other"}}}};
  facts.bucket.key = std::optional(key);
  EXPECT_EQ(Said(Decide(facts), "web"), "denied");
  key.with_bucket_key = true;
  key.grants->front().constraints = {{false, {{"aws:s3:arn", "arn:aws:s3:::example-customers"}}}};
  facts.bucket.key = std::optional(key);
  EXPECT_EQ(Said(Decide(facts), "web"), "allowed");
  key.grants->front().constraints.clear();
  key.grants->front().operations = {"Encrypt"};
  facts.bucket.key = std::optional(key);
  EXPECT_EQ(Said(Decide(facts), "web"), "denied");
}

TEST(JudgeKey, WhatCouldNotBeReadLeavesItOpen) {
  Facts facts = WithRoles({Role("web", kReads)});
  facts.bucket.key = kRefused;
  EXPECT_EQ(Said(Decide(facts), "web"), "undetermined");
  EXPECT_THAT(Decide(facts).principals[0].actions[0].reason, HasSubstr("the KMS key of the bucket could not be read"));
  KeyFacts key = Key(kKeyDelegates);
  key.grants = kRefused;
  facts.bucket.key = std::optional(key);
  EXPECT_EQ(Said(Decide(facts), "web"), "undetermined");
  EXPECT_THAT(Decide(facts).principals[0].actions[0].reason, HasSubstr("the grants of the KMS key could not be read"));
  key.policy = kRefused;
  facts.bucket.key = std::optional(key);
  EXPECT_EQ(Said(Decide(facts), "web"), "undetermined");
}

TEST(JudgeKey, IsNotNeededForListingAndDeleting) {
  Facts facts = WithRoles({Role("web", R"({"Effect":"Allow","Action":"s3:*","Resource":"*"})")});
  facts.bucket.key = std::optional(Key(kKeyDelegates));
  const Answer answer = Decide(facts, About({"s3:ListBucket", "s3:DeleteObject", "s3:PutObject"}));
  EXPECT_EQ(answer.principals[0].actions[0].decision, Decision::kAllowed);
  EXPECT_EQ(answer.principals[0].actions[1].decision, Decision::kAllowed);
  EXPECT_EQ(answer.principals[0].actions[2].decision, Decision::kConditional);
  EXPECT_THAT(answer.principals[0].actions[2].condition, HasSubstr("another encryption"));
  // Not where the bucket's policy wants its own.
  facts.bucket.policy =
      std::optional(PolicyOf(R"({"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"*","Condition":)"
                             R"({"StringNotEqualsIfExists":{"s3:x-amz-server-side-encryption":"aws:kms",)"
                             R"("s3:x-amz-server-side-encryption-aws-kms-key-id":"k"}}},)"
                             R"({"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"*","Condition":)"
                             R"({"Null":{"s3:x-amz-server-side-encryption":"false"}}})"));
  const Answer bound = Decide(facts, About({"s3:PutObject"}));
  EXPECT_EQ(Word(bound.principals[0].actions[0].decision), "denied");
  EXPECT_EQ(bound.principals[0].actions[0].reason, "no kms:GenerateDataKey on the bucket's key");
}

TEST(JudgeKey, IsAskedForEachPartOfTheBucket) {
  Facts facts = WithRoles({Role("web", kReads)});
  KeyFacts key = Key(R"({"Effect":"Allow","Principal":{"AWS":")" + RoleArn("web") +
                     R"("},"Action":"kms:Decrypt","Resource":"*","Condition":{"StringLike":)"
                     R"({"kms:EncryptionContext:aws:s3:arn":"arn:aws:s3:::example-customers/reports/*"}}})");
  facts.bucket.key = std::optional(key);
  const Answer answer = Decide(facts);
  EXPECT_EQ(Said(answer, "web"), "allowed");
  EXPECT_THAT(answer.principals[0].actions[0].objects, ElementsAre("arn:aws:s3:::example-customers/reports/*"));
  Ask elsewhere = About();
  elsewhere.prefix = "invoices/";
  EXPECT_EQ(Said(Decide(facts, elsewhere), "web"), "denied");
  key.with_bucket_key = true;
  facts.bucket.key = std::optional(key);
  EXPECT_EQ(Said(Decide(facts), "web"), "denied");
}

TEST(JudgeKey, AGrantDoesNotLiftWhatTheOrganizationDoesNotAllow) {
  Facts facts = WithRoles({Role("web", kReads)});
  KeyFacts key = Key(kKeyDelegates);
  key.grants = std::vector<KeyGrantFacts>{{"g-1", RoleArn("web"), {"Decrypt"}, {}}};
  facts.bucket.key = std::optional(key);
  facts.accounts[0].controls = std::vector<ControlLevel>{
      {"r-1", {{"s3-only", PolicyOf(R"({"Effect":"Allow","Action":"s3:*","Resource":"*"})")}}, {}}};
  EXPECT_EQ(Said(Decide(facts), "web"), "denied");
  facts.accounts[0].controls =
      std::vector<ControlLevel>{{"r-1", {{"full", PolicyOf(R"({"Effect":"Allow","Action":"*","Resource":"*"})")}}, {}}};
  EXPECT_EQ(Said(Decide(facts), "web"), "allowed");
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
  EXPECT_THAT(Decide(facts, ask).unknown_principal, HasSubstr("is no role or user of the accounts that were read"));
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
  EXPECT_EQ(answer.outsiders[1].who, "everyone with an AWS account");
  EXPECT_EQ(answer.outsiders[2].who, "canonical user `somebody`");
  EXPECT_THAT(Find(answer, "db")->actions[0].statements, ElementsAre("ACL: READ of the bucket to everyone (AllUsers)"));
}

}  // namespace
}  // namespace sallyport::reach
