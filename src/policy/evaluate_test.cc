// SPDX-License-Identifier: Apache-2.0
//
// What the vectors do not reach: policies that cannot be used, three-valued answers, ACL corners, sets of objects.
#include "policy/evaluate.h"

#include <gtest/gtest.h>

#include <string>

#include "policy/explain.h"
#include "policy/limits.h"
#include "policy/object_set.h"
#include "policy/public_access.h"
#include "policy/regions.h"

namespace sallyport::policy {
namespace {

constexpr const char* kRole = "arn:aws:iam::111122223333:role/Web";
constexpr const char* kAllowAll =
    R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})";

struct Asked {
  explicit Asked(KeyState unlisted = KeyState::kAbsent) : context(unlisted) {
    request.caller = ParseCaller(kRole, "").value();
    request.action = ActionName("s3:GetObject");
    request.resource = Arn("arn:aws:s3:::b/reports/x");
    request.resource_account = "111122223333";
    request.context = &context;
    request.three_valued = unlisted == KeyState::kUnknown;
  }
  Asked(const Asked&) = delete;
  Asked& Identity(const std::string& text) {
    policies.identity.push_back(Policy::FromText("own", PolicyType::kIdentity, text));
    return *this;
  }
  Asked& Bucket(const std::string& text) {
    policies.resource = Policy::FromText("bucket policy", PolicyType::kResource, text);
    return *this;
  }
  Explanation Explained() const { return Explain(request, policies); }

  Context context;
  Request request;
  PolicySet policies;
};

std::string OneStatement(const std::string& inside) {
  return R"({"Version": "2012-10-17", "Statement": [{)" + inside + "}]}";
}

TEST(Evaluate, APolicyThatCannotBeUsedIsNeverReadAsADenial) {
  const std::string hostile = OneStatement(R"("Effect": "Allow", "Action": "*", "Resource": "*", "Resource": "*")");
  for (const std::string& text : {std::string("{"), hostile, std::string("[]")}) {
    Asked asked;
    asked.Identity(kAllowAll).Identity(text);
    const Explanation explanation = asked.Explained();
    EXPECT_EQ(explanation.decision, Decision::kUndecided);
    EXPECT_EQ(explanation.reason.rfind("own (identity policy) could not be used: ", 0), 0U) << explanation.reason;
  }
}

TEST(Evaluate, EveryKindOfUnreadablePolicyLeavesTheAnswerOpen) {
  const Error error{ErrorCode::kForbidden, "no right to read it", ""};
  const auto broken = [&error](PolicyType type) { return Policy::Unreadable("p", type, error); };
  Asked asked;
  asked.Identity(kAllowAll);
  const PolicySet good = asked.policies;
  asked.policies.boundary = {broken(PolicyType::kBoundary)};
  EXPECT_EQ(asked.Explained().reason, "p (permissions boundary) could not be used: no right to read it");
  asked.policies = good;
  asked.policies.scps = {{"root", {broken(PolicyType::kScp)}}};
  EXPECT_EQ(Decide(asked.request, asked.policies), Decision::kUndecided);
  asked.policies = good;
  asked.policies.rcps = {{"root", {broken(PolicyType::kRcp)}}};
  EXPECT_EQ(Decide(asked.request, asked.policies), Decision::kUndecided);
  asked.policies = good;
  asked.policies.resource = broken(PolicyType::kResource);
  EXPECT_EQ(Decide(asked.request, asked.policies), Decision::kUndecided);
  asked.policies = good;
  asked.policies.endpoint = {broken(PolicyType::kEndpoint)};
  EXPECT_EQ(Decide(asked.request, asked.policies), Decision::kUndecided);
}

TEST(Evaluate, AnUnknownOperatorLeavesTheAnswerOpenWhereItMatters) {
  const std::string odd = R"("Action": "s3:*", "Resource": "*", "Condition": {"StringMatches": {"aws:userid": "x"}})";
  Asked allow;
  allow.Identity(OneStatement(R"("Effect": "Allow", )" + odd));
  EXPECT_EQ(allow.Explained().decision, Decision::kUndecided);
  EXPECT_EQ(allow.Explained().reason,
            "statement #1 of `own` has the condition operator `StringMatches`, which this version does not know");
  Asked deny;
  deny.Identity(kAllowAll).Identity(OneStatement(R"("Effect": "Deny", )" + odd));
  EXPECT_EQ(deny.Explained().decision, Decision::kUndecided);
  // A statement for other actions does not matter.
  Asked other;
  other.Identity(kAllowAll).Identity(OneStatement(R"("Effect": "Deny", )" + odd));
  other.request.action = ActionName("ec2:RunInstances");
  EXPECT_EQ(Decide(other.request, other.policies), Decision::kAllowed);
}

// How long they take: bench/hostile_bench.cc.
TEST(Evaluate, TwentyKilobytesOfStarsAreDecided) {
  std::string pattern;
  while (pattern.size() < 20'000) pattern += "*?";
  Asked asked;
  asked.request.resource = Arn("arn:aws:s3:::b/" + std::string(1'024, 'a'));
  asked.Identity(OneStatement(R"("Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::)" + pattern + "\""));
  EXPECT_EQ(Decide(asked.request, asked.policies), Decision::kImplicitlyDenied);
}

TEST(Evaluate, AnUnknownDenyKeepsAnAllowConditional) {
  Asked asked(KeyState::kUnknown);
  asked.Identity(kAllowAll).Bucket(
      OneStatement(R"("Sid": "Tls", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
                      "Condition": {"Bool": {"aws:SecureTransport": "false"}})"));
  const Explanation explanation = asked.Explained();
  EXPECT_EQ(explanation.settled, Decision::kConditional);
  EXPECT_TRUE(explanation.settled_is_certain);
  EXPECT_EQ(explanation.condition.ToText(), "not (aws:SecureTransport is false)");
  EXPECT_EQ(explanation.condition.Leaves().front().statement, "bucket policy/Tls");
}

TEST(Evaluate, ConditionsThatNoRequestMeetsAreSettledAsDenied) {
  Asked asked(KeyState::kUnknown);
  asked.Identity(OneStatement(R"("Effect": "Allow", "Action": "*", "Resource": "*", "Condition":
      {"StringEquals": {"aws:SourceVpce": "vpce-a"}, "StringLike": {"aws:SourceVpce": "vpce-b*"}})"));
  const Explanation explanation = asked.Explained();
  EXPECT_EQ(explanation.decision, Decision::kConditional);
  EXPECT_EQ(explanation.settled, Decision::kImplicitlyDenied);
}

TEST(Evaluate, ConditionsThatEveryRequestMeetsAreSettledAsAllowed) {
  Asked asked(KeyState::kUnknown);
  asked.Identity(OneStatement(R"("Effect": "Allow", "Action": "*", "Resource": "*", "Condition":
      {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})"));
  asked.Identity(OneStatement(R"("Effect": "Allow", "Action": "*", "Resource": "*", "Condition":
      {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}})"));
  EXPECT_EQ(asked.Explained().settled, Decision::kAllowed);
}

TEST(Evaluate, WhatTakesTooManyTriesStaysConditionalAndSaysSo) {
  const auto with_keys = [](int keys) {
    std::string conditions = R"("aws:SourceVpce": "a")";
    for (int key = 0; key < keys; ++key) {
      std::string values;
      for (int i = 0; i < 14; ++i) values += (i == 0 ? "\"v" : ", \"v") + std::to_string(i) + "\"";
      conditions += ", \"aws:PrincipalTag/k" + std::to_string(key) + "\": [" + values + "]";
    }
    return OneStatement(R"("Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {)" +
                        conditions + R"(}, "StringNotEquals": {"aws:SourceVpce": "a"}})");
  };
  // 4 choices for each tag (one of those that are named, two that are not, and absent) and 4 for the endpoint: 16,384
  // and 65,536 tries.
  Asked few(KeyState::kUnknown);
  few.Identity(with_keys(6));
  EXPECT_EQ(few.Explained().settled, Decision::kImplicitlyDenied);
  Asked many(KeyState::kUnknown);
  many.Identity(with_keys(7));
  const Explanation explanation = many.Explained();
  EXPECT_EQ(explanation.settled, Decision::kConditional);
  EXPECT_FALSE(explanation.settled_is_certain);
  EXPECT_NE(ExplanationText(many.request, explanation).find("not every combination"), std::string::npos);
}

TEST(Expression, IsNotShownWhenNobodyCouldReadIt) {
  const auto any_of = [](std::size_t leaves) {
    Expression any = Expression::False();
    for (std::size_t i = 0; i < leaves; ++i) {
      any = Expression::Or(any, Expression::Of(Leaf{"StringEquals", "k", {std::to_string(i)}, false, "s", {}}));
    }
    return any;
  };
  EXPECT_EQ(any_of(limits::kExpressionNodes).ToText(), "more conditions than can be shown");
  EXPECT_NE(any_of(limits::kExpressionNodes - 1).ToText(), "more conditions than can be shown");
}

TEST(Expression, SaysThatAnAbsentKeyWillDoOnlyWhereItDoes) {
  const auto text = [](const char* op) { return ToText(Leaf{op, "k", {"a"}, false, "s", {}}); };
  EXPECT_NE(text("StringEqualsIfExists").find("or is absent"), std::string::npos);
  EXPECT_EQ(text("ForAnyValue:StringEqualsIfExists").find("absent"), std::string::npos);
}

TEST(Expression, LeavesOutWhatDoesNotMatter) {
  const auto leaf = [](const char* value) {
    return Expression::Of(Leaf{"StringEquals", "k", {value}, false, "s", {}});
  };
  const Expression a = leaf("a");
  const Expression b = leaf("b");
  EXPECT_EQ(Expression::And(a, a), a);
  EXPECT_EQ(Expression::And(a, Expression::Or(a, b)), a);
  EXPECT_EQ(Expression::And(Expression::Or(a, b), a), a);
  EXPECT_EQ(Expression::Or(a, Expression::And(b, a)), a);
  EXPECT_TRUE(Expression::And(a, a.Not()).IsFalse());
  EXPECT_TRUE(Expression::Or(a.Not(), a).IsTrue());
  EXPECT_EQ(Expression::And(a, b).Not(), Expression::Or(a.Not(), b.Not()));
  EXPECT_EQ(Expression::And(a, b.Not()).ToJson(),
            R"({"all":[{"operator":"StringEquals","key":"k","values":["a"],"negated":false,"statement":"s"},)"
            R"({"operator":"StringEquals","key":"k","values":["b"],"negated":true,"statement":"s"}]})");
}

TEST(Evaluate, GetCallerIdentityCannotBeTakenAway) {
  Asked asked;
  asked.Identity(OneStatement(R"("Effect": "Deny", "Action": "*", "Resource": "*")"));
  asked.request.action = ActionName("sts:GetCallerIdentity");
  EXPECT_EQ(Decide(asked.request, asked.policies), Decision::kAllowed);
}

TEST(Evaluate, BlockPublicAccessDeniesAlsoWhereTheRestIsNotKnown) {
  Asked asked(KeyState::kUnknown);
  asked.request.caller = ParseCaller("arn:aws:iam::444455556666:role/Partner", "").value();
  asked.Identity(OneStatement(
      R"("Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceVpce": "a"}})"));
  asked.Bucket(OneStatement(R"("Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*")"));
  EXPECT_EQ(Decide(asked.request, asked.policies), Decision::kConditional);
  auto s3 = std::make_shared<S3Settings>();
  s3->restrict_public_buckets = true;
  asked.policies.s3 = s3;
  const Explanation explanation = asked.Explained();
  EXPECT_EQ(explanation.decision, Decision::kImplicitlyDenied);
  EXPECT_EQ(explanation.blocked_by, std::vector<std::string>{"s3-bpa"});
  EXPECT_TRUE(explanation.condition.IsFalse());
}

TEST(Evaluate, WhetherStarsInOrganizationPathsArePublicIsNotDecided) {
  Asked asked;
  asked.request.caller = ParseCaller("arn:aws:iam::444455556666:role/Partner", "").value();
  asked.Identity(kAllowAll).Bucket(OneStatement(
      R"("Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*",
         "Condition": {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}})"));
  asked.context.SetList("aws:PrincipalOrgPaths", {"o-1/r-1/"});
  EXPECT_EQ(Decide(asked.request, asked.policies), Decision::kAllowed);
  auto s3 = std::make_shared<S3Settings>();
  s3->restrict_public_buckets = true;
  asked.policies.s3 = s3;
  EXPECT_EQ(asked.Explained().decision, Decision::kUndecided);
  EXPECT_NE(asked.Explained().reason.find("aws:PrincipalOrgPaths"), std::string::npos);
  // Who is not let in anyhow is not cut off either.
  asked.context.SetList("aws:PrincipalOrgPaths", {"o-2/r-1/"});
  EXPECT_EQ(Decide(asked.request, asked.policies), Decision::kImplicitlyDenied);
}

TEST(Evaluate, ANotPrincipalThatListsTheCallerWithoutItsAccountIsNotDecided) {
  Asked asked;
  asked.Identity(kAllowAll).Bucket(OneStatement(R"("Effect": "Deny", "NotPrincipal": {"AWS": ")" +
                                                asked.request.caller.text +
                                                R"("}, "Action": "s3:*", "Resource": "*")"));
  EXPECT_EQ(asked.Explained().decision, Decision::kUndecided);
  EXPECT_NE(asked.Explained().reason.find("NotPrincipal"), std::string::npos);
  // Without anything that allows it is denied in either case.
  asked.policies.identity.clear();
  EXPECT_EQ(asked.Explained().decision, Decision::kImplicitlyDenied);
}

TEST(Evaluate, SaysWhatNoStatementShows) {
  Asked root;
  root.request.caller = ParseCaller("arn:aws:iam::111122223333:root", "").value();
  EXPECT_EQ(root.Explained().decision, Decision::kAllowed);
  EXPECT_EQ(root.Explained().warnings.at(0).rfind("the root user needs no policy", 0), 0U);
  Asked reserved;
  reserved.Identity(kAllowAll);
  reserved.request.action = ActionName("kms:DeleteAlias");
  reserved.request.resource = Arn("arn:aws:kms:us-east-1:111122223333:alias/aws/s3");
  EXPECT_EQ(reserved.Explained().decision, Decision::kImplicitlyDenied);
  EXPECT_EQ(reserved.Explained().warnings.at(0).rfind("AWS keeps this", 0), 0U);
}

TEST(Evaluate, AnObjectOfAnotherAccountIsOpenedByItsOwnAclOnly) {
  Asked asked;
  asked.Identity(kAllowAll).Bucket(
      OneStatement(R"("Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*")"));
  auto s3 = std::make_shared<S3Settings>();
  s3->object_owner = "444455556666";
  asked.policies.s3 = s3;
  EXPECT_EQ(Decide(asked.request, asked.policies), Decision::kImplicitlyDenied);
  asked.request.action = ActionName("s3:DeleteObject");
  EXPECT_EQ(Decide(asked.request, asked.policies), Decision::kAllowed);
  asked.request.action = ActionName("s3:GetObject");
  s3->object_acl.push_back({AclGrant::Grantee::kAccount, "111122223333", AclPermission::kRead});
  EXPECT_EQ(Decide(asked.request, asked.policies), Decision::kAllowed);
  s3->object_acl.clear();
  s3->acls_disabled = true;
  EXPECT_EQ(Decide(asked.request, asked.policies), Decision::kAllowed);
}

TEST(PublicAccess, OnlyAFixedWhoOrWhereMakesAPolicyNotPublic) {
  const std::pair<const char*, std::optional<bool>> cases[] = {
      {R"("ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/*/ou-1/*"})", std::nullopt},
      {R"("ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-*"})", true},
      {R"("ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"})", true},
      {R"("Bool": {"aws:SecureTransport": "true"})", true},
      {R"("StringEquals": {"aws:PrincipalOrgID": "o-1"})", false},
      {R"("StringLike": {"aws:PrincipalOrgID": "o-*"})", true},
      {R"("StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"})", true},
      {R"("StringNotEquals": {"aws:PrincipalOrgID": "o-1"})", true},
      {R"("ForAnyValue:StringEquals": {"aws:PrincipalOrgPaths": "o-1/r-1/"})", false},
      {R"("StringEquals": {"aws:SourceVpce": ["vpce-1", "vpce-*"]})", true},
      {R"("StringLike": {"aws:userid": "AROAX:*"})", false},
      {R"("StringLike": {"aws:userid": "AROA*:x"})", true},
      {R"("ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"})", false},
      {R"("ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"})", true},
      {R"("IpAddress": {"aws:SourceIp": "203.0.113.0/7"})", true},
      {R"("IpAddress": {"aws:SourceIp": "203.0.113.0/8"})", false},
      {R"("IpAddress": {"aws:SourceIp": "2001:db8::/31"})", true},
      {R"("StringEquals": {"aws:SourceAccount": "${aws:PrincipalAccount}"})", true},
  };
  for (const auto& [condition, is_public] : cases) {
    const auto document = ParseDocument(OneStatement(
        R"("Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:*", "Resource": "*", "Condition": {)" +
        std::string(condition) + "}"));
    ASSERT_TRUE(document.ok());
    EXPECT_EQ(IsPublic(*document), is_public ? ToTri(*is_public) : Tri::kUnknown) << condition;
  }
}

TEST(ObjectSet, NamesWhatIsGrantedAndWhatIsCutOut) {
  Asked asked;
  asked.Identity(
      OneStatement(R"("Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/reports/*")"));
  asked.Bucket(OneStatement(R"("Effect": "Deny", "Principal": "*", "Action": "s3:*",
                               "Resource": "arn:aws:s3:::b/reports/secret/*")"));
  const SetAnswer answer = DecideForSet(asked.request, "arn:aws:s3:::b/*", asked.policies);
  EXPECT_EQ(answer.decision, Decision::kAllowed);
  EXPECT_TRUE(answer.complete);
  EXPECT_EQ(answer.granted, std::vector<std::string>{"arn:aws:s3:::b/reports/*"});
  EXPECT_EQ(answer.except, std::vector<std::string>{"arn:aws:s3:::b/reports/secret/*"});
  EXPECT_EQ(DecideForSet(asked.request, "arn:aws:s3:::b/reports/secret/*", asked.policies).decision,
            Decision::kExplicitlyDenied);
  EXPECT_EQ(DecideForSet(asked.request, "arn:aws:s3:::b/web/*", asked.policies).decision, Decision::kImplicitlyDenied);
}

TEST(ObjectSet, AGrantThatIsWhollyDeniedIsNone) {
  Asked asked;
  asked.Identity(
      OneStatement(R"("Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/reports/a*")"));
  asked.Identity(OneStatement(R"("Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*/?*")"));
  EXPECT_NE(DecideForSet(asked.request, "arn:aws:s3:::b/*", asked.policies).decision, Decision::kAllowed);
}

PatternGroup GroupOf(const std::vector<std::string>& patterns) {
  PatternGroup group;
  for (const std::string& pattern : patterns) {
    auto& parts = group.emplace_back();
    for (const GlobToken& token : ParseGlob(pattern)) parts.push_back({token, false});
  }
  return group;
}

Regions Cut(const std::vector<PatternGroup>& groups, const CutOptions& options = {}) {
  CutWork work;
  return CutIntoRegions(groups, options, work);
}

TEST(Regions, AreExactlyThoseThatAreNotEmpty) {
  const Regions regions = Cut({GroupOf({"a*"}), GroupOf({"*b"}), GroupOf({"ab"})});
  EXPECT_TRUE(regions.complete);
  // Neither, `a` only, `b` only, both without the third, all three; never the third without the others.
  EXPECT_EQ(regions.list.size(), 5U);
  for (const Region& region : regions.list) {
    EXPECT_EQ(Glob("a*").Matches(region.text), region.matches[0]) << region.text;
    EXPECT_EQ(Glob("*b").Matches(region.text), region.matches[1]) << region.text;
    EXPECT_EQ(region.text == "ab", region.matches[2]) << region.text;
  }
}

TEST(Regions, SayWhenTheyAreNotAll) {
  std::vector<PatternGroup> groups;
  std::vector<std::string> together;
  for (char c = 'a'; c <= 'z'; ++c) {
    together.push_back("*" + std::string(1, c) + "*");
    groups.push_back(GroupOf({together.back()}));
  }
  EXPECT_FALSE(Cut(groups).complete);
  // The same patterns as alternatives part the texts in two.
  const Regions regions = Cut({GroupOf(together)});
  EXPECT_TRUE(regions.complete);
  EXPECT_EQ(regions.list.size(), 2U);
}

TEST(Regions, OfOneStatementStayFewHoweverManyStarsItHas) {
  std::vector<std::string> allowed;
  std::vector<std::string> denied;
  for (int i = 0; i < 100; ++i) {
    allowed.push_back("bulk/*/" + std::to_string(i) + "/*");
    denied.push_back("*/secret" + std::to_string(i) + "/*");
  }
  CutWork work;
  const Regions regions = CutIntoRegions({GroupOf({"?*"}), GroupOf(allowed), GroupOf(denied)}, {}, work);
  EXPECT_TRUE(regions.complete);
  EXPECT_EQ(regions.list.size(), 5U);  // no key at all is the fifth
}

TEST(Regions, HoldNoTextThatIsTooLong) {
  const std::vector<PatternGroup> groups = {GroupOf({std::string(20, 'a')}), GroupOf({std::string(21, 'a')})};
  EXPECT_EQ(Cut(groups, {.longest = 20}).list.size(), 2U);
  EXPECT_EQ(Cut(groups, {.longest = 21}).list.size(), 3U);
  // In bytes.
  EXPECT_EQ(Cut({GroupOf({"\xC3\xA4"})}, {.longest = 1}).list.size(), 1U);
  EXPECT_EQ(Cut({GroupOf({"\xC3\xA4"})}, {.longest = 2}).list.size(), 2U);
}

TEST(Regions, SpendWhatTheyMayAndNoMore) {
  CutWork none{0};
  EXPECT_FALSE(CutIntoRegions({GroupOf({"a*"})}, {}, none).complete);
  CutWork some;
  CutIntoRegions({GroupOf({"a*"})}, {}, some);
  EXPECT_LT(some.left, CutWork().left);
}

TEST(ObjectSet, AKeyHasAtLeastOneByteAndAtMost1024) {
  const auto decided = [](const std::string& pattern, const std::string& set = "arn:aws:s3:::b/*") {
    Asked asked;
    asked.Identity(
        OneStatement(R"("Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/)" + pattern + "\""));
    return DecideForSet(asked.request, set, asked.policies).decision;
  };
  EXPECT_EQ(decided(""), Decision::kImplicitlyDenied);
  EXPECT_EQ(decided("?"), Decision::kAllowed);
  EXPECT_EQ(decided(std::string(1024, 'k')), Decision::kAllowed);
  EXPECT_EQ(decided(std::string(1025, 'k')), Decision::kImplicitlyDenied);
  EXPECT_EQ(decided(std::string(1024, 'k'), "arn:aws:s3:::b/kk*"), Decision::kAllowed);
  EXPECT_EQ(decided(std::string(1025, 'k'), "arn:aws:s3:::b/kk*"), Decision::kImplicitlyDenied);
  // What begins with a prefix may be the prefix itself.
  EXPECT_EQ(decided("reports/", "arn:aws:s3:::b/reports/*"), Decision::kAllowed);
  Asked denied;
  denied.Identity(kAllowAll).Bucket(
      OneStatement(R"("Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::b/?*")"));
  EXPECT_EQ(DecideForSet(denied.request, "arn:aws:s3:::b/*", denied.policies).decision, Decision::kExplicitlyDenied);
}

TEST(ObjectSet, NamesEveryPatternOfAStatementInWhichAccessIsGranted) {
  Asked asked;
  asked.Identity(OneStatement(
      R"("Effect": "Allow", "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::b/1/*/a/*", "arn:aws:s3:::b/1/*/b/*"])"));
  asked.Identity(OneStatement(
      R"("Effect": "Deny", "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::b/*/tmp/*", "arn:aws:s3:::b/2/*"])"));
  const SetAnswer answer = DecideForSet(asked.request, "arn:aws:s3:::b/*", asked.policies);
  EXPECT_EQ(answer.granted, (std::vector<std::string>{"arn:aws:s3:::b/1/*/a/*", "arn:aws:s3:::b/1/*/b/*"}));
  EXPECT_EQ(answer.except, std::vector<std::string>{"arn:aws:s3:::b/*/tmp/*"});
}

TEST(ObjectSet, LooksForExceptionsOnlyWhereSomethingIsDenied) {
  Asked asked;
  std::string others;
  for (char c = 'a'; c <= 'j'; ++c) others += std::string(others.empty() ? "" : ",") + "\"arn:aws:s3:::b/" + c + "*\"";
  asked.Identity(kAllowAll).Bucket(
      OneStatement(R"("Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::111122223333:role/somebody-else"},)"
                   R"("Action": "s3:*", "Resource": [)" +
                   others + "]"));
  const SetAnswer answer = DecideForSet(asked.request, "arn:aws:s3:::b/*", asked.policies);
  EXPECT_EQ(answer.decision, Decision::kAllowed);
  EXPECT_TRUE(answer.except.empty());
  EXPECT_TRUE(answer.all_named);
}

TEST(ExplanationText, FitsATerminalAndQuotesWhatDecided) {
  Asked asked(KeyState::kUnknown);
  asked.Identity(kAllowAll).Bucket(OneStatement(
      R"("Sid": "OnlyFromEndpoint", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
         "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b"}})"));
  const std::string text = ExplanationText(asked.request, asked.Explained());
  EXPECT_NE(text.find("ALLOWED IF"), std::string::npos) << text;
  EXPECT_NE(text.find("vpce-1a2b"), std::string::npos) << text;
  EXPECT_NE(text.find("Deny  OnlyFromEndpoint may apply"), std::string::npos) << text;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    EXPECT_LE(end - at, 100U);
    at = end + 1;
  }
}

TEST(ExplanationText, SaysWhatBlocked) {
  Asked asked;
  asked.Identity(kAllowAll);
  asked.policies.boundary.push_back(Policy::FromText(
      "limits", PolicyType::kBoundary, OneStatement(R"("Effect": "Allow", "Action": "ec2:*", "Resource": "*")")));
  const Explanation explanation = asked.Explained();
  EXPECT_EQ(explanation.blocked_by, std::vector<std::string>{"pb"});
  EXPECT_NE(ExplanationText(asked.request, explanation).find("blocked by pb"), std::string::npos);
}

TEST(Principal, WhatIsNotEvaluatedIsRefusedWithTheReason) {
  const std::pair<const char*, const char*> cases[] = {
      {"arn:aws:iam::111122223333:group/Admins",
       "only roles, role sessions, users, federated users, root users, services and `anonymous`"},
      {"arn:aws:iam::12:role/x", "its account is not 12 digits"},
      {"somebody", "not an ARN, not a service"},
      {"", "not an ARN, not a service"}};
  for (const auto& [text, problem] : cases) {
    const Result<Caller> caller = ParseCaller(text, "");
    ASSERT_FALSE(caller.ok()) << text;
    EXPECT_NE(caller.error().message.find(problem), std::string::npos) << caller.error().message;
  }
}

TEST(Principal, ASessionsRoleIsOnlyTakenFromAnArnThatFits) {
  const char* session = "arn:aws:sts::111122223333:assumed-role/Web/i-1";
  EXPECT_EQ(ParseCaller(session, "arn:aws:iam::111122223333:role/app/Web")->role_arn,
            "arn:aws:iam::111122223333:role/app/Web");
  for (const char* other : {"arn:aws:iam::111122223333:role/app/Db", "arn:aws:iam::444455556666:role/app/Web", ""}) {
    EXPECT_EQ(ParseCaller(session, other)->role_arn, "arn:aws:iam::111122223333:role/Web");
  }
}

}  // namespace
}  // namespace sallyport::policy
