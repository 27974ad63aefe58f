// SPDX-License-Identifier: Apache-2.0
#include "tests/policy/world.h"

#include <array>
#include <utility>

#include "base/check.h"

namespace sallyport::policy {
namespace {

using Texts = std::vector<std::string>;

const Texts kPrincipals = {"arn:aws:sts::111122223333:assumed-role/WebRole/i-0abc",
                           "arn:aws:sts::111122223333:assumed-role/WebRole/i-0abc",
                           "arn:aws:iam::111122223333:role/app/WebRole",
                           "arn:aws:iam::111122223333:user/bob",
                           "arn:aws:sts::444455556666:assumed-role/WebRole/i-0abc",
                           "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/Linked",
                           "arn:aws:iam::111122223333:root",
                           "arn:aws:sts::111122223333:federated-user/bob",
                           "arn:aws:iam::444455556666:role/WebRole",
                           "ec2.amazonaws.com",
                           "anonymous"};
const Texts kActions = {"s3:GetObject", "s3:ListBucket",  "s3:PutObject",
                        "kms:Decrypt",  "sts:AssumeRole", "s3:GetObject"};
// Those that have a rule of their own.
const Texts kRareActions = {"s3:GetBucketPolicy",   "s3:PutBucketPolicy",  "s3:DeleteBucketPolicy",
                            "s3:RestoreObject",     "s3:ListAllMyBuckets", "kms:ScheduleKeyDeletion",
                            "kms:PutKeyPolicy",     "kms:RetireGrant",     "sts:GetSessionToken",
                            "sts:GetCallerIdentity"};
const Texts kActionPatterns = {"*",     "S3:*",         "s3:GetObject", "s3:get*",    "S3:*",
                               "*",     "s3:?etObject", "s3:List*",     "s3:*Object", "ec2:*",
                               "kms:*", "kms:Decrypt",  "sts:*",        "s3:**Bucket"};
const Texts kResources = {"arn:aws:s3:::data/reports/q1.csv",
                          "arn:aws:s3:::data/web/a:b",
                          "arn:aws:s3:::data",
                          "arn:aws:kms:us-east-1:111122223333:key/1234",
                          "arn:aws:iam::111122223333:role/app/Db",
                          "arn:aws:s3:::data/\xC3\xBCml",
                          "*"};
const Texts kResourcePatterns = {"*",
                                 "*",
                                 "*",
                                 "arn:aws:s3:::data",
                                 "arn:aws:s3:::data/*",
                                 "arn:aws:s3:::data*",
                                 "arn:aws:s3:::data/reports/*",
                                 "arn:aws:s3:::*/*.csv",
                                 "arn:aws:s3:::data/${aws:PrincipalTag/team}/*",
                                 "arn:aws:s3:::data/${aws:PrincipalTag/team, 'web'}/*",
                                 "arn:aws:s3:::data/web/?:${*}",
                                 "arn:*:s3:*:*:data/??????s/*",
                                 "arn:aws:s3",
                                 "arn:aws:s3:*",
                                 "arn:aws:*:::data/*",
                                 "arn:aws:kms:*:111122223333:key/*",
                                 "arn:aws:iam::*:role/*",
                                 "arn:aws:s3:::data/?ml",
                                 "arn:aws-cn:s3:::data/*",
                                 "arn:aws:s3:::*"};
const Texts kPrincipalValues = {"*",
                                "arn:aws:iam::111122223333:role/app/WebRole",
                                "arn:aws:iam::111122223333:role/WebRole",
                                "arn:aws:sts::111122223333:assumed-role/WebRole/i-0abc",
                                "arn:aws:iam::111122223333:root",
                                "111122223333",
                                "444455556666",
                                "arn:aws:iam::444455556666:role/WebRole",
                                "arn:aws:iam::111122223333:user/bob",
                                "arn:aws:sts::111122223333:federated-user/bob",
                                "AROAEXAMPLE"};
const Texts kOperators = {"StringEquals",
                          "StringNotEquals",
                          "StringEqualsIgnoreCase",
                          "StringNotEqualsIgnoreCase",
                          "StringLike",
                          "StringNotLike",
                          "NumericEquals",
                          "NumericNotEquals",
                          "NumericLessThan",
                          "NumericLessThanEquals",
                          "NumericGreaterThan",
                          "NumericGreaterThanEquals",
                          "DateEquals",
                          "DateNotEquals",
                          "DateLessThan",
                          "DateGreaterThanEquals",
                          "Bool",
                          "BinaryEquals",
                          "IpAddress",
                          "NotIpAddress",
                          "ArnEquals",
                          "ArnLike",
                          "ArnNotEquals",
                          "ArnNotLike",
                          "Null"};
const Texts kValues = {"web",
                       "data",
                       "WEB",
                       "w*",
                       "*",
                       "true",
                       "false",
                       "1.2",
                       "10",
                       "10.0.0.0/8",
                       "10.1.2.3",
                       "2001:db8::/32",
                       "2025-01-01",
                       "2025-01-01T00:00:00Z",
                       "1735689600",
                       "arn:aws:iam::111122223333:role/*",
                       "arn:aws:iam::*:role/app/Web*",
                       "${aws:PrincipalTag/team}",
                       "${aws:PrincipalTag/none}",
                       "${aws:PrincipalTag/none,'web'}",
                       "d?ta",
                       "YWJj",
                       "a${*}b",
                       "",
                       "\xC3\x84RZTE",
                       "\xCE\xA3",
                       "9007199254740993",
                       "-9007199254740993.5",
                       "1e2",
                       "arn:aws:iam:111122223333",
                       "o-1/*",
                       "o-1/r-1/ou-1/",
                       "o-*/r-1/",
                       "${aws:PrincipalOrgID}/*"};

std::vector<ConditionElement> MakeConditions(Choices& choices) {
  std::vector<ConditionElement> conditions;
  const std::size_t count = choices.OneIn(2) ? 1 + choices.Below(2) : 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::string op = choices.Of(kOperators);
    if (op != "Null") {
      if (choices.OneIn(4)) op += "IfExists";
      if (choices.OneIn(5)) op.insert(0, choices.OneIn(2) ? "ForAllValues:" : "ForAnyValue:");
    }
    ConditionElement element{op, choices.Of(WorldKeys()), {}};
    bool again = false;
    for (const ConditionElement& other : conditions) again = again || (other.op == op && other.key == element.key);
    if (again) continue;
    const std::size_t values = 1 + (choices.OneIn(3) ? 1 : 0);
    for (std::size_t k = 0; k < values; ++k) element.values.push_back(choices.Of(kValues));
    conditions.push_back(std::move(element));
  }
  return conditions;
}

Texts Some(Choices& choices, const Texts& from) {
  Texts some = {choices.Of(from)};
  if (choices.OneIn(3)) some.push_back(choices.Of(from));
  return some;
}

PrincipalElement MakePrincipal(Choices& choices) {
  PrincipalElement element;
  element.negated = choices.OneIn(6);
  if (!element.negated && choices.OneIn(4)) {
    element.everyone = true;
    return element;
  }
  element.aws = Some(choices, kPrincipalValues);
  // Of a NotPrincipal it matters whether it lists the caller, its account, or both.
  if (element.negated && choices.OneIn(2)) {
    const Texts callers = {"arn:aws:iam::111122223333:role/app/WebRole", "arn:aws:iam::111122223333:user/bob",
                           "arn:aws:sts::111122223333:assumed-role/WebRole/i-0abc"};
    element.aws = {choices.Of(callers)};
    if (choices.OneIn(2)) element.aws.push_back(choices.OneIn(2) ? "111122223333" : "arn:aws:iam::111122223333:root");
  }
  if (choices.OneIn(5)) element.service = {"ec2.amazonaws.com"};
  return element;
}

Statement MakeStatement(Choices& choices, PolicyType type) {
  Statement statement;
  statement.effect = choices.OneIn(5) ? Effect::kDeny : Effect::kAllow;
  statement.action = {choices.OneIn(6), Some(choices, kActionPatterns)};
  statement.resource = PatternElement{choices.OneIn(6), Some(choices, kResourcePatterns)};
  statement.conditions = MakeConditions(choices);
  const bool resource_based =
      type == PolicyType::kResource || type == PolicyType::kEndpoint || type == PolicyType::kRcp;
  if (type == PolicyType::kRcp) statement.effect = Effect::kDeny;
  if (resource_based) statement.principal = MakePrincipal(choices);
  return statement;
}

std::vector<Document> MakeDocuments(Choices& choices, PolicyType type, std::size_t most) {
  std::vector<Document> documents;
  const std::size_t count = choices.Below(most + 1);
  for (std::size_t i = 0; i < count; ++i) documents.push_back(MakeDocument(choices, type, 3));
  return documents;
}

Document AllowEverything() {
  Document document;
  document.version = Version::k2012;
  document.statements.push_back({"", Effect::kAllow, std::nullopt, {false, {"*"}}, PatternElement{false, {"*"}}, {}});
  return document;
}

std::vector<PolicyPtr> Compile(const std::vector<Document>& documents, PolicyType type) {
  std::vector<PolicyPtr> policies;
  policies.reserve(documents.size());
  for (const Document& document : documents) policies.push_back(Policy::FromDocument("p", type, document));
  return policies;
}

std::vector<PolicyLevel> Compile(const std::vector<std::vector<Document>>& levels, PolicyType type) {
  std::vector<PolicyLevel> compiled;
  compiled.reserve(levels.size());
  for (const auto& level : levels) compiled.push_back({"level", Compile(level, type)});
  return compiled;
}

}  // namespace

const std::vector<std::string>& WorldKeys() {
  static const Texts keys = {"aws:principaltag/team", "aws:sourcevpce",       "aws:securetransport", "aws:sourceip",
                             "aws:currenttime",       "s3:tlsversion",        "aws:principalarn",    "aws:tagkeys",
                             "aws:principalorgid",    "aws:principalorgpaths"};
  return keys;
}

bool IsWorldList(const std::string& key) {
  return key == "aws:tagkeys" || key == "aws:principalorgpaths";
}

WorldValue MakeValue(Choices& choices, const std::string& key) {
  static const std::map<std::string, Texts> typical_of_key = {
      {"aws:principaltag/team", {"web", "data", "WEB", "a*b", "", "\xC3\xA4rzte", "\xCF\x82"}},
      {"aws:sourcevpce", {"web", "data", "vpce-1"}},
      {"aws:securetransport", {"true", "false"}},
      {"aws:sourceip", {"10.1.2.3", "203.0.113.9", "2001:db8::1"}},
      {"aws:currenttime", {"2024-12-31T23:59:59Z", "2025-01-01T00:00:00Z", "2025-06-01", "1735689600"}},
      {"s3:tlsversion", {"1.1", "1.2", "10", "x", "9007199254740992", "100.0", "-9007199254740994"}},
      {"aws:principalarn", {"arn:aws:iam::111122223333:role/app/WebRole", "arn:aws:iam::444455556666:role/WebRole"}},
      {"aws:tagkeys", {"web", "data", "other", ""}},
      {"aws:principalorgpaths", {"o-1/r-1/", "o-1/r-1/ou-1/", "o-2/r-1/"}},
      {"aws:principalorgid", {"o-1", "web"}}};
  const Texts& typical = typical_of_key.at(key);
  if (!IsWorldList(key) && !choices.OneIn(12)) return {false, {choices.Of(typical)}};
  WorldValue value{true, {choices.Of(typical)}};
  if (choices.OneIn(2)) value.values.push_back(choices.Of(typical));
  return value;
}

Document MakeDocument(Choices& choices, PolicyType type, std::size_t most_statements) {
  Document document;
  if (!choices.OneIn(8)) document.version = Version::k2012;
  const std::size_t count = 1 + choices.Below(most_statements);
  for (std::size_t i = 0; i < count; ++i) document.statements.push_back(MakeStatement(choices, type));
  return document;
}

World MakeWorld(Choices& choices) {
  World world;
  world.principal = choices.Of(kPrincipals);
  if (world.principal.find("assumed-role") != std::string::npos) {
    const std::string account = world.principal.substr(13, 12);
    world.role_arn = "arn:aws:iam::" + account + ":role/" + (account == "111122223333" ? "app/WebRole" : "WebRole");
  }
  world.action = choices.OneIn(6) ? choices.Of(kRareActions) : choices.Of(kActions);
  world.resource = choices.Of(kResources);
  world.resource_account = choices.OneIn(4) ? "444455556666" : "111122223333";
  for (const std::string& key : WorldKeys()) {
    if (!choices.OneIn(3)) world.context[key] = MakeValue(choices, key);
  }
  world.identity = MakeDocuments(choices, PolicyType::kIdentity, 3);
  if (choices.OneIn(3)) world.boundary = MakeDocuments(choices, PolicyType::kBoundary, 1);
  if (choices.OneIn(5)) world.session = MakeDocuments(choices, PolicyType::kSession, 2);
  if (choices.OneIn(6)) world.endpoint = MakeDocuments(choices, PolicyType::kEndpoint, 1);
  world.resource_policy = MakeDocuments(choices, PolicyType::kResource, 1);
  if (choices.OneIn(3)) {
    for (std::size_t level = 0; level < 2; ++level) {
      world.scps.push_back(MakeDocuments(choices, PolicyType::kScp, 1));
      if (!choices.OneIn(5)) world.scps.back().push_back(AllowEverything());
    }
  }
  if (choices.OneIn(4)) world.rcps.push_back(MakeDocuments(choices, PolicyType::kRcp, 2));
  world.restrict_public_buckets = choices.OneIn(5);
  if (choices.OneIn(12)) world.object_owner = choices.OneIn(2) ? "444455556666" : "111122223333";
  return world;
}

PolicySet CompileWorld(const World& world) {
  PolicySet policies;
  policies.identity = Compile(world.identity, PolicyType::kIdentity);
  policies.boundary = Compile(world.boundary, PolicyType::kBoundary);
  policies.session = Compile(world.session, PolicyType::kSession);
  policies.endpoint = Compile(world.endpoint, PolicyType::kEndpoint);
  policies.scps = Compile(world.scps, PolicyType::kScp);
  policies.rcps = Compile(world.rcps, PolicyType::kRcp);
  if (!world.resource_policy.empty()) {
    policies.resource = Policy::FromDocument("bucket policy", PolicyType::kResource, world.resource_policy.front());
  }
  if (world.restrict_public_buckets || !world.object_owner.empty()) {
    auto s3 = std::make_shared<S3Settings>();
    s3->restrict_public_buckets = world.restrict_public_buckets;
    s3->object_owner = world.object_owner;
    policies.s3 = s3;
  }
  return policies;
}

Context ContextOf(const World& world) {
  Context context;
  for (const auto& [key, value] : world.context) {
    if (value.several) {
      context.SetList(key, value.values);
    } else {
      context.Set(key, value.values.front());
    }
  }
  return context;
}

Request RequestOf(const World& world, const Context& context) {
  const Result<Caller> caller = ParseCaller(world.principal, world.role_arn);
  Check(caller.ok(), "worlds have principals that are evaluated");
  Request request;
  request.caller = *caller;
  request.action = ActionName(world.action);
  request.resource = Arn(world.resource);
  request.resource_account = world.resource_account;
  request.context = &context;
  return request;
}

CrowdedAccount MakeCrowdedAccount(Choices& choices, std::size_t principals) {
  CrowdedAccount crowd;
  std::vector<PolicyPtr> shared;
  for (std::size_t i = 0; i < 8; ++i) {
    shared.push_back(Policy::FromDocument("p", PolicyType::kIdentity, MakeDocument(choices, PolicyType::kIdentity, 3)));
  }
  if (choices.OneIn(3)) shared.push_back(Policy::FromText("broken", PolicyType::kIdentity, "{"));
  for (std::size_t i = 0; i < principals; ++i) {
    Principal principal;
    const std::string account = choices.OneIn(3) ? "444455556666" : "111122223333";
    const std::string name = choices.OneIn(2) ? "WebRole" : "Role" + std::to_string(i);
    std::string arn = "arn:aws:iam::";
    arn.append(account).append(":role/").append(name);
    principal.caller = ParseCaller(arn, "").value();
    principal.context.Set("aws:PrincipalArn", arn);
    principal.context.SetAbsentWithPrefix("aws:PrincipalTag/");
    if (choices.OneIn(2)) principal.context.Set("aws:PrincipalTag/team", "web");
    for (std::size_t k = choices.Below(3); k > 0; --k) principal.identity.push_back(choices.Of(shared));
    if (choices.OneIn(4)) {
      principal.boundary.push_back(
          Policy::FromDocument("b", PolicyType::kBoundary, MakeDocument(choices, PolicyType::kBoundary, 2)));
    }
    crowd.principals.push_back(std::move(principal));
  }
  if (choices.OneIn(2)) {
    crowd.scps["444455556666"] = Compile(std::vector<std::vector<Document>>{{AllowEverything()}}, PolicyType::kScp);
  }
  for (const std::string& action : kActions) {
    crowd.question.asks.push_back({ActionName(action), Arn(choices.Of(kResources)), false});
  }
  for (const char* action : {"s3:GetObject", "s3:PutObject"}) {
    crowd.question.asks.push_back({ActionName(action), Arn("arn:aws:s3:::data/*"), true});
  }
  crowd.question.resource_account = "111122223333";
  if (!choices.OneIn(4)) {
    crowd.question.resource_policy =
        Policy::FromDocument("r", PolicyType::kResource, MakeDocument(choices, PolicyType::kResource, 3));
  }
  return crowd;
}

}  // namespace sallyport::policy
