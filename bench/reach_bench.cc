// SPDX-License-Identifier: Apache-2.0
//
// The whole question who can reach a bucket, after gathering: from the texts of 10,000 roles and their policies, as AWS
// gives them, to the answer that is printed. CPU time.
#include <benchmark/benchmark.h>

#include <string>

#include "reach/facts_for_test.h"
#include "reach/judge.h"

namespace sallyport::reach {
namespace {

constexpr int kRoles = 10'000;
constexpr int kTeams = 200;

std::string ManagedArn(const std::string& name) {
  return std::string("arn:aws:iam::") + kAccount + ":policy/" + name;
}

std::string Allow(const std::string& actions, const std::string& resource) {
  return R"({"Effect":"Allow","Action":)" + actions + R"(,"Resource":")" + resource + R"("})";
}

// Every role has two managed policies that all have and one of its team's; every tenth may read some bucket by a policy
// of its own, every hundredth this one; every third has a managed policy for all buckets of its own tag.
Facts ManyRoles() {
  Facts facts = WithRoles({});
  Roles& account = *facts.accounts[0].roles;
  account.managed[ManagedArn("logs")] =
      PolicyOf(Allow(R"(["logs:CreateLogStream","logs:PutLogEvents"])", "arn:aws:logs:*:111122223333:*"));
  account.managed[ManagedArn("ssm")] = PolicyOf(Allow(R"(["ssm:*","ssmmessages:*","ec2messages:*"])", "*"));
  account.managed[ManagedArn("tagged")] =
      PolicyOf(Allow(R"("s3:GetObject")", "arn:aws:s3:::example-${aws:PrincipalTag/team}/*"));
  account.managed[ManagedArn("boundary")] = PolicyOf(Allow(R"(["s3:*","logs:*","ssm:*","kms:*"])", "*"));
  for (int i = 0; i < kTeams; ++i) {
    const std::string number = std::to_string(i);
    account.managed[ManagedArn("team-" + number)] = PolicyOf(
        Allow(R"(["s3:Get*","s3:List*"])", "arn:aws:s3:::team-" + number + "*") + "," + Allow(R"("dynamodb:*")", "*"));
  }
  for (int i = 0; i < kRoles; ++i) {
    const std::string number = std::to_string(i);
    std::string own;
    if (i % 10 == 0) own = Allow(R"("s3:GetObject")", "arn:aws:s3:::bucket-" + number + "/*");
    if (i % 100 == 1) own = Allow(R"(["s3:GetObject","s3:ListBucket"])", "arn:aws:s3:::example-customers*");
    RoleFacts role = Role("Role" + number, own);
    role.attached = {ManagedArn("logs"), ManagedArn("ssm"), ManagedArn("team-" + std::to_string(i % kTeams))};
    if (i % 3 == 2) role.attached.push_back(ManagedArn("tagged"));
    if (i % 3 == 0) role.tags = {{"team", "data"}};
    role.boundary = ManagedArn("boundary");
    account.roles.push_back(std::move(role));
  }
  ControlLevel root{"root", {{"FullAWSAccess", PolicyOf(Allow(R"("*")", "*"))}}, {}};
  facts.accounts[0].controls = std::vector<ControlLevel>{root, root, root};
  facts.organization = "o-exampleorg1";
  facts.bucket.policy = std::optional(PolicyOf(
      R"({"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::example-customers","arn:aws:s3:::example-customers/*"],)"
      R"("Condition":{"Bool":{"aws:SecureTransport":"false"}}})"));
  return facts;
}

Ask TwelveActions() {
  Ask ask;
  ask.bucket = "example-customers";
  ask.actions = {"s3:GetObject",           "s3:GetObjectVersion",   "s3:PutObject",       "s3:DeleteObject",
                 "s3:DeleteObjectVersion", "s3:RestoreObject",      "s3:GetObjectAcl",    "s3:PutObjectAcl",
                 "s3:ListBucket",          "s3:ListBucketVersions", "s3:PutBucketPolicy", "s3:DeleteBucket"};
  return ask;
}

void Whole(benchmark::State& state, bool wide) {
  Facts facts = ManyRoles();
  if (wide) {
    facts.bucket.policy = std::optional(PolicyOf(
        R"({"Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:PutObject","s3:ListBucket"],)"
        R"("Resource":["arn:aws:s3:::example-customers","arn:aws:s3:::example-customers/*"],)"
        R"("Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-exampleorg1"},"Bool":{"aws:SecureTransport":"true"}}})"));
  }
  const Ask ask = TwelveActions();
  std::size_t found = 0;
  for ([[maybe_unused]] auto _ : state) {  // NOLINT(clang-analyzer-deadcode.DeadStores): the loop is the clock
    Judge judge(facts, ask);
    found = judge.answer().principals.size();
    benchmark::DoNotOptimize(found);
  }
  state.counters["principals"] = static_cast<double>(found);
}

BENCHMARK_CAPTURE(Whole, ten_thousand_roles, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Whole, every_role_may, true)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sallyport::reach
