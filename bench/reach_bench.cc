// SPDX-License-Identifier: Apache-2.0
//
// The whole question who can reach a bucket, after gathering: from the texts of 10,000 roles and their policies, as AWS
// gives them, to the answer that is printed. CPU time.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

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
AccountFacts ManyRoles(int roles = kRoles, const std::string& id = kAccount) {
  AccountFacts facts;
  facts.account = id;
  Roles& account = *facts.roles;
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
  for (int i = 0; i < roles; ++i) {
    const std::string number = std::to_string(i);
    std::string own;
    if (i % 10 == 0) own = Allow(R"("s3:GetObject")", "arn:aws:s3:::bucket-" + number + "/*");
    if (i % 100 == 1) own = Allow(R"(["s3:GetObject","s3:ListBucket"])", "arn:aws:s3:::example-customers*");
    RoleFacts role = Role("Role" + number, own, id);
    role.attached = {ManagedArn("logs"), ManagedArn("ssm"), ManagedArn("team-" + std::to_string(i % kTeams))};
    if (i % 3 == 2) role.attached.push_back(ManagedArn("tagged"));
    if (i % 3 == 0) role.tags = {{"team", "data"}};
    role.boundary = ManagedArn("boundary");
    account.roles.push_back(std::move(role));
  }
  ControlLevel root{"root", {{"FullAWSAccess", PolicyOf(Allow(R"("*")", "*"))}}, {}};
  facts.controls = std::vector<ControlLevel>{root, root, root};
  facts.place = OrganizationPlace{"o-exampleorg1", "o-exampleorg1/r-exam/"};
  return facts;
}

Facts OneBucket(std::vector<AccountFacts> accounts) {
  Facts facts = WithRoles({});
  facts.accounts = std::move(accounts);
  facts.bucket.policy = std::optional(PolicyOf(
      R"({"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::example-customers","arn:aws:s3:::example-customers/*"],)"
      R"("Condition":{"Bool":{"aws:SecureTransport":"false"}}})"));
  return facts;
}

constexpr const char* kEveryMember =
    R"({"Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:PutObject","s3:ListBucket"],)"
    R"("Resource":["arn:aws:s3:::example-customers","arn:aws:s3:::example-customers/*"],)"
    R"("Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-exampleorg1"},"Bool":{"aws:SecureTransport":"true"}}})";

Ask TwelveActions() {
  Ask ask;
  ask.bucket = "example-customers";
  ask.actions = {"s3:GetObject",           "s3:GetObjectVersion",   "s3:PutObject",       "s3:DeleteObject",
                 "s3:DeleteObjectVersion", "s3:RestoreObject",      "s3:GetObjectAcl",    "s3:PutObjectAcl",
                 "s3:ListBucket",          "s3:ListBucketVersions", "s3:PutBucketPolicy", "s3:DeleteBucket"};
  return ask;
}

void Whole(benchmark::State& state, bool wide) {
  Facts facts = OneBucket({ManyRoles()});
  if (wide) facts.bucket.policy = std::optional(PolicyOf(kEveryMember));
  const Ask ask = TwelveActions();
  std::size_t found = 0;
  for ([[maybe_unused]] auto _ : state) {  // NOLINT(clang-analyzer-deadcode.DeadStores): the loop is the clock
    Judge judge(facts, ask);
    found = judge.answer().principals.size();
    benchmark::DoNotOptimize(found);
  }
  state.counters["principals"] = static_cast<double>(found);
}

// Policies that would part the bucket's objects into very many sets, each role's its own.
std::string Many(int count, const std::function<std::string(int)>& pattern) {
  std::string list;
  for (int i = 0; i < count; ++i) {
    list += (i == 0 ? "\"arn:aws:s3:::example-customers/" : ",\"arn:aws:s3:::example-customers/") + pattern(i) + "\"";
  }
  return list;
}

// `bulk/ROLE/*/N/*`, and what is cut out of it.
std::string BulkRole(int role) {
  const std::string number = std::to_string(role);
  return R"({"Effect":"Allow","Action":"s3:*","Resource":[)" +
         Many(20, [&](int i) { return "bulk/" + number + "/*/" + std::to_string(i) + "/*"; }) +
         R"(]},{"Effect":"Deny","Action":"s3:*","Resource":[)" +
         Many(5, [&](int i) { return "*/secret" + number + "-" + std::to_string(i) + "/*"; }) + "]}";
}

// Forty patterns of six stars, allowed under a condition.
std::string StarRole(int role) {
  const auto star = [role](int i) {
    std::string text = "*";
    for (int k = 0; k < 5; ++k)
      text += static_cast<char>('a' + (role / 7 + i * (k + 3)) % 26) + std::to_string(k) + "*";
    return text;
  };
  return R"({"Effect":"Allow","Action":"s3:GetObject","Resource":[)" + Many(40, star) +
         R"(],"Condition":{"StringEquals":{"s3:ExistingObjectTag/k)" + std::to_string(role) + R"(":"v"}}})";
}

// What it may read is wholly denied, by other patterns than it is allowed by.
std::string DeniedRole(int role) {
  const std::string number = std::to_string(role);
  return R"({"Effect":"Allow","Action":"s3:GetObject","Resource":[)" +
         Many(20, [&](int i) { return "a" + number + "/*/" + std::to_string(i) + "/x"; }) +
         R"(]},{"Effect":"Deny","Action":"s3:GetObject","Resource":[)" +
         Many(20, [&](int i) { return "*/" + std::to_string(i) + "/?"; }) + "]}";
}

void Shape(benchmark::State& state, std::string (*role_of)(int)) {
  AccountFacts account;
  account.account = kAccount;
  for (int i = 0; i < kRoles; ++i) account.roles->roles.push_back(Role("Role" + std::to_string(i), role_of(i)));
  const Facts facts = OneBucket({std::move(account)});
  Ask ask;
  ask.bucket = "example-customers";
  std::size_t undecided = 0;
  std::size_t found = 0;
  for ([[maybe_unused]] auto _ : state) {  // NOLINT(clang-analyzer-deadcode.DeadStores): the loop is the clock
    Judge judge(facts, ask);
    undecided = judge.answer().undecided;
    found = judge.answer().principals.size();
  }
  state.counters["principals"] = static_cast<double>(found);
  state.counters["undetermined"] = static_cast<double>(undecided);
}

// A million roles in a thousand accounts of the organization that the bucket lets in.
void Million(benchmark::State& state) {
  std::vector<AccountFacts> accounts;
  accounts.reserve(1'000);
  for (int i = 0; i < 1'000; ++i)
    accounts.push_back(ManyRoles(1'000, i == 0 ? kAccount : std::to_string(200'000'000'000 + i)));
  Facts facts = OneBucket(std::move(accounts));
  facts.bucket.policy = std::optional(PolicyOf(
      R"({"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::example-customers/*",)"
      R"("Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-exampleorg1"}}})"));
  Ask ask;
  ask.bucket = "example-customers";
  std::size_t found = 0;
  for ([[maybe_unused]] auto _ : state) {  // NOLINT(clang-analyzer-deadcode.DeadStores): the loop is the clock
    Judge judge(facts, ask);
    found = judge.answer().principals.size();
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.counters["principals"] = static_cast<double>(found);
  state.counters["resident_mb"] = static_cast<double>(usage.ru_maxrss) / 1024;
}

BENCHMARK_CAPTURE(Shape, bulk, BulkRole)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK_CAPTURE(Shape, stars, StarRole)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK_CAPTURE(Shape, denied, DeniedRole)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK(Million)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK_CAPTURE(Whole, ten_thousand_roles, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Whole, every_role_may, true)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sallyport::reach
