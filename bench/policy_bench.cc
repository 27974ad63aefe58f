// SPDX-License-Identifier: Apache-2.0
//
// Decisions per second on small, typical and large sets of policies, and the whole question who can reach a bucket over
// 10,000 roles. bench/policy.md says what is measured. `policy_bench --write-worlds FILE` writes the same requests for
// bench/iam_simulate.mjs.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/json.h"
#include "policy/evaluate.h"
#include "policy/explain.h"
#include "policy/who_can.h"

namespace sallyport::policy {
namespace {

std::string Statement(const std::string& inside) {
  return R"({"Version":"2012-10-17","Statement":[)" + inside + "]}";
}

std::string Text(const char* effect, const std::string& action, const std::string& resource,
                 const std::string& more = "") {
  return std::string(R"({"Effect":")") + effect + R"(","Action":)" + action + R"(,"Resource":)" + resource + more + "}";
}

const std::string kFullAccess = Statement(Text("Allow", R"("*")", R"("*")"));
const std::string kReadReports =
    Statement(Text("Allow", R"(["s3:GetObject","s3:GetObjectVersion"])", R"("arn:aws:s3:::data-bucket/reports/*")",
                   R"(,"Condition":{"Bool":{"aws:SecureTransport":"true"}})") +
              "," + Text("Allow", R"(["s3:ListBucket","s3:GetBucketLocation"])", R"("arn:aws:s3:::data-bucket")"));
const std::string kLogs = Statement(Text("Allow", R"(["logs:CreateLogStream","logs:PutLogEvents"])",
                                         R"("arn:aws:logs:*:111122223333:log-group:/app/*")") +
                                    "," + Text("Allow", R"("cloudwatch:PutMetricData")", R"("*")"));
const std::string kSsm = Statement(
    Text("Allow", R"(["ssm:GetParameter","ssm:GetParameters","ssm:UpdateInstanceInformation","ssmmessages:*"])",
         R"("*")") +
    "," + Text("Allow", R"(["ec2messages:*"])", R"("*")"));
const std::string kTeam = Statement(
    Text("Allow", R"(["s3:GetObject","s3:PutObject"])", R"("arn:aws:s3:::data-bucket/${aws:PrincipalTag/team}/*")") +
    "," +
    Text("Deny", R"("s3:*")", R"("arn:aws:s3:::data-bucket/secret/*")",
         R"(,"Condition":{"StringNotEquals":{"aws:PrincipalTag/team":["security"]}})"));
const std::string kBoundary = Statement(Text("Allow", R"(["s3:*","logs:*","ssm:*","ec2:Describe*"])", R"("*")") + "," +
                                        Text("Deny", R"(["iam:*","organizations:*"])", R"("*")"));
const std::string kBucketPolicy = Statement(
    R"({"Sid":"Tls","Effect":"Deny","Principal":"*","Action":"s3:*",)"
    R"("Resource":["arn:aws:s3:::data-bucket","arn:aws:s3:::data-bucket/*"],)"
    R"("Condition":{"Bool":{"aws:SecureTransport":"false"}}},)"
    R"({"Sid":"Endpoint","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::data-bucket/*",)"
    R"("Condition":{"StringNotEqualsIfExists":{"aws:SourceVpce":["vpce-1a2b3c4d","vpce-9"]},)"
    R"("NotIpAddressIfExists":{"aws:SourceIp":["203.0.113.0/24","10.0.0.0/8"]}}},)"
    R"({"Sid":"Partner","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::444455556666:role/Partner",)"
    R"("arn:aws:iam::111122223333:role/Reporting"]},"Action":["s3:GetObject","s3:ListBucket"],)"
    R"("Resource":["arn:aws:s3:::data-bucket","arn:aws:s3:::data-bucket/*"]})");
const std::string kScp =
    Statement(R"({"Effect":"Deny","NotAction":["s3:*","iam:*","ec2:*","kms:*","sts:*"],"Resource":"*",)"
              R"("Condition":{"StringNotEquals":{"aws:RequestedRegion":["us-east-1","eu-central-1"]}}},)" +
              Text("Deny", R"(["s3:DeleteBucket","s3:PutBucketPolicy"])", R"("*")",
                   R"(,"Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/Admin*"}})"));
const std::string kRcp = Statement(R"({"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*",)"
                                   R"("Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-exampleorg1"},)"
                                   R"("BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}})");

// The texts of one set of policies.
struct Texts {
  std::vector<std::string> identity;
  std::vector<std::string> boundary;
  std::string resource;
  std::vector<std::vector<std::string>> scps;
  std::vector<std::vector<std::string>> rcps;
};

Texts SmallSet() {
  return {{kReadReports}, {}, "", {}, {}};
}

Texts TypicalSet() {
  return {{kLogs, kReadReports, kSsm, kTeam},
          {kBoundary},
          kBucketPolicy,
          {{kFullAccess}, {kFullAccess, kScp}, {kFullAccess}},
          {{kRcp}}};
}

// Ten policies of 25 statements for other services or buckets, beside the typical ones.
Texts LargeSet() {
  Texts texts = TypicalSet();
  for (int i = 0; i < 10; ++i) {
    std::string inside;
    for (int k = 0; k < 25; ++k) {
      const std::string number = std::to_string(i * 25 + k);
      inside += inside.empty() ? "" : ",";
      const std::string bucket = R"("arn:aws:s3:::bucket-)" + number;
      const std::string service = R"("service)" + number;
      std::string resources = "[" + bucket;
      resources.append(R"(",)").append(bucket).append(R"(/*"])");
      std::string actions = "[" + service;
      actions.append(R"(:Get*",)").append(service).append(R"(:List*"])");
      inside += k % 2 == 0 ? Text("Allow", R"(["s3:Get*","s3:List*","s3:PutObject"])", resources)
                           : Text("Allow", actions, R"("*")");
    }
    texts.identity.push_back(Statement(inside));
  }
  return texts;
}

PolicySet Compile(const Texts& texts) {
  const auto compile = [](PolicyType type, const std::string& text) {
    PolicyPtr policy = Policy::FromText("p", type, text);
    Check(!policy->error(), "the benchmark's policies are policies");
    return policy;
  };
  const auto levels = [&compile](PolicyType type, const std::vector<std::vector<std::string>>& from) {
    std::vector<PolicyLevel> to;
    for (const auto& level : from) {
      to.push_back({"level", {}});
      for (const std::string& text : level) to.back().policies.push_back(compile(type, text));
    }
    return to;
  };
  PolicySet policies;
  for (const std::string& text : texts.identity) policies.identity.push_back(compile(PolicyType::kIdentity, text));
  for (const std::string& text : texts.boundary) policies.boundary.push_back(compile(PolicyType::kBoundary, text));
  if (!texts.resource.empty()) policies.resource = compile(PolicyType::kResource, texts.resource);
  policies.scps = levels(PolicyType::kScp, texts.scps);
  policies.rcps = levels(PolicyType::kRcp, texts.rcps);
  return policies;
}

// One request as text; the requests that are asked in turn differ in action, key and context, and in their answers.
struct Ask {
  const char* action;
  const char* resource;
  std::vector<std::pair<const char*, const char*>> context;
};

std::vector<Ask> Asks() {
  const std::vector<std::pair<const char*, const char*>> usual = {
      {"aws:PrincipalArn", "arn:aws:iam::111122223333:role/WebRole"},
      {"aws:PrincipalAccount", "111122223333"},
      {"aws:PrincipalOrgID", "o-exampleorg1"},
      {"aws:PrincipalTag/team", "data"},
      {"aws:SecureTransport", "true"},
      {"aws:SourceVpce", "vpce-1a2b3c4d"},
      {"aws:RequestedRegion", "us-east-1"},
      {"aws:CurrentTime", "2025-06-01T00:00:00Z"}};
  std::vector<std::pair<const char*, const char*>> plain = usual;
  plain[4].second = "false";
  std::vector<std::pair<const char*, const char*>> outside = usual;
  outside[5] = {"aws:SourceIp", "198.51.100.7"};
  return {{"s3:GetObject", "arn:aws:s3:::data-bucket/reports/2024/q1.csv", usual},
          {"s3:PutObject", "arn:aws:s3:::data-bucket/data/x.parquet", usual},
          {"s3:ListBucket", "arn:aws:s3:::data-bucket", usual},
          {"s3:GetObject", "arn:aws:s3:::data-bucket/secret/key", usual},
          {"s3:GetObject", "arn:aws:s3:::data-bucket/reports/2024/q1.csv", plain},
          {"s3:DeleteObject", "arn:aws:s3:::data-bucket/data/x.parquet", usual},
          {"s3:GetObject", "arn:aws:s3:::data-bucket/reports/a", outside},
          {"s3:PutBucketPolicy", "arn:aws:s3:::data-bucket", usual}};
}

constexpr const char* kSession = "arn:aws:sts::111122223333:assumed-role/WebRole/i-0abc1234def567890";

struct Prepared {
  std::vector<std::unique_ptr<Context>> contexts;
  std::vector<Request> requests;
};

Request MakeRequest(const Ask& ask, Context& context) {
  for (const auto& [key, value] : ask.context) context.Set(key, value);
  Request request;
  request.caller = ParseCaller(kSession, "arn:aws:iam::111122223333:role/WebRole").value();
  request.action = ActionName(ask.action);
  request.resource = Arn(ask.resource);
  request.resource_account = "111122223333";
  request.context = &context;
  return request;
}

Prepared Prepare() {
  Prepared prepared;
  for (const Ask& ask : Asks()) {
    prepared.contexts.push_back(std::make_unique<Context>());
    prepared.requests.push_back(MakeRequest(ask, *prepared.contexts.back()));
  }
  return prepared;
}

void Decisions(benchmark::State& state, const Texts& texts) {
  const PolicySet policies = Compile(texts);
  const Prepared prepared = Prepare();
  std::size_t next = 0;
  for ([[maybe_unused]] auto _ : state) {  // NOLINT(clang-analyzer-deadcode.DeadStores): the loop is the clock
    benchmark::DoNotOptimize(Decide(prepared.requests[next], policies));
    next = next + 1 == prepared.requests.size() ? 0 : next + 1;
  }
  state.SetItemsProcessed(state.iterations());
}

// With making the request out of texts, as the simulator measured beside this does.
void DecisionsFromText(benchmark::State& state, const Texts& texts) {
  const PolicySet policies = Compile(texts);
  const std::vector<Ask> asks = Asks();
  std::size_t next = 0;
  for ([[maybe_unused]] auto _ : state) {  // NOLINT(clang-analyzer-deadcode.DeadStores): the loop is the clock
    Context context;
    const Request request = MakeRequest(asks[next], context);
    benchmark::DoNotOptimize(Decide(request, policies));
    next = next + 1 == asks.size() ? 0 : next + 1;
  }
  state.SetItemsProcessed(state.iterations());
}

void Explanations(benchmark::State& state) {
  const PolicySet policies = Compile(TypicalSet());
  const Prepared prepared = Prepare();
  for ([[maybe_unused]] auto _ : state)  // NOLINT(clang-analyzer-deadcode.DeadStores): the loop is the clock
    benchmark::DoNotOptimize(ExplanationText(prepared.requests[0], Explain(prepared.requests[0], policies)));
  state.SetItemsProcessed(state.iterations());
}

void Compiling(benchmark::State& state) {
  const Texts texts = TypicalSet();
  for ([[maybe_unused]] auto _ : state) {  // NOLINT(clang-analyzer-deadcode.DeadStores): the loop is the clock
    benchmark::DoNotOptimize(Compile(texts));
  }
}

// 10,000 roles in one account: every role has the logs and ssm policies and one of 200 policies of its team; every
// tenth may read some bucket by a policy of its own, every hundredth this one.
std::vector<Principal> ManyRoles() {
  const PolicyPtr logs = Policy::FromText("logs", PolicyType::kIdentity, kLogs);
  const PolicyPtr ssm = Policy::FromText("ssm", PolicyType::kIdentity, kSsm);
  const PolicyPtr team = Policy::FromText("team", PolicyType::kIdentity, kTeam);
  const PolicyPtr reports = Policy::FromText("reports", PolicyType::kIdentity, kReadReports);
  const PolicyPtr boundary = Policy::FromText("boundary", PolicyType::kBoundary, kBoundary);
  constexpr int kTeams = 200;
  std::vector<PolicyPtr> teams;
  teams.reserve(kTeams);
  for (int i = 0; i < kTeams; ++i) {
    teams.push_back(Policy::FromText(
        "team", PolicyType::kIdentity,
        Statement(Text("Allow", R"(["s3:Get*","s3:List*"])", R"("arn:aws:s3:::team-)" + std::to_string(i) + R"(*")") +
                  "," + Text("Allow", R"("dynamodb:*")", R"("*")"))));
  }
  std::vector<Principal> roles;
  for (int i = 0; i < 10'000; ++i) {
    const std::string number = std::to_string(i);
    Principal role;
    const std::string arn = "arn:aws:iam::111122223333:role/app/Role" + number;
    role.caller = ParseCaller(arn, "").value();
    role.context.Set("aws:PrincipalArn", arn);
    role.context.Set("aws:PrincipalAccount", "111122223333");
    role.context.Set("aws:PrincipalOrgID", "o-exampleorg1");
    role.context.SetAbsentWithPrefix("aws:PrincipalTag/");
    if (i % 3 == 0) role.context.Set("aws:PrincipalTag/team", "data");
    role.identity = {logs, ssm, teams[static_cast<std::size_t>(i) % teams.size()]};
    if (i % 10 == 0) {
      role.identity.push_back(Policy::FromText(
          "own", PolicyType::kIdentity,
          Statement(Text("Allow", R"("s3:GetObject")", R"("arn:aws:s3:::bucket-)" + number + R"(/*")"))));
    }
    if (i % 100 == 1) role.identity.push_back(reports);
    if (i % 3 == 2) role.identity.push_back(team);
    role.boundary = {boundary};
    roles.push_back(std::move(role));
  }
  return roles;
}

Question BucketQuestion() {
  Question question;
  for (const char* action : {"s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:DeleteObject",
                             "s3:DeleteObjectVersion", "s3:RestoreObject", "s3:GetObjectAcl", "s3:PutObjectAcl"}) {
    question.asks.push_back({ActionName(action), Arn("arn:aws:s3:::data-bucket/*"), true});
  }
  for (const char* action : {"s3:ListBucket", "s3:ListBucketVersions", "s3:PutBucketPolicy", "s3:DeleteBucket"}) {
    question.asks.push_back({ActionName(action), Arn("arn:aws:s3:::data-bucket"), false});
  }
  question.resource_account = "111122223333";
  question.resource_policy = Policy::FromText("bucket", PolicyType::kResource, kBucketPolicy);
  question.rcps = {{"root", {Policy::FromText("rcp", PolicyType::kRcp, kRcp)}}};
  question.context.Set("aws:RequestedRegion", "us-east-1");
  question.context.Set("aws:PrincipalIsAWSService", "false");
  return question;
}

std::map<std::string, std::vector<PolicyLevel>> Scps() {
  const PolicyPtr full = Policy::FromText("FullAWSAccess", PolicyType::kScp, kFullAccess);
  const PolicyPtr limits = Policy::FromText("limits", PolicyType::kScp, kScp);
  return {{"111122223333", {{"root", {full}}, {"unit", {full, limits}}, {"account", {full}}}}};
}

// The question after gathering: making the index and asking twelve actions. `wide`: the bucket policy also has a
// statement for everyone in the organization, so that every role is a candidate for three actions.
void WhoCan(benchmark::State& state, bool wide) {
  const std::vector<Principal> roles = ManyRoles();
  Question question = BucketQuestion();
  if (wide) {
    question.resource_policy = Policy::FromText(
        "bucket", PolicyType::kResource,
        Statement(R"({"Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:PutObject","s3:ListBucket"],)"
                  R"("Resource":["arn:aws:s3:::data-bucket","arn:aws:s3:::data-bucket/*"],)"
                  R"("Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-exampleorg1"},)"
                  R"("Bool":{"aws:SecureTransport":"true"}}})"));
  }
  std::size_t rows = 0;
  for ([[maybe_unused]] auto _ : state) {  // NOLINT(clang-analyzer-deadcode.DeadStores): the loop is the clock
    const WhoCanIndex index(roles, Scps());
    rows = index.Ask(question).size();
    benchmark::DoNotOptimize(rows);
    state.PauseTiming();
    state.counters["candidates"] = static_cast<double>(index.CountCandidates(question));
    state.ResumeTiming();
  }
  state.counters["rows"] = static_cast<double>(rows);
}

void WriteSet(JsonWriter& json, const Texts& texts) {
  const auto list = [&json](const std::vector<std::string>& policies) {
    json.BeginArray();
    for (const std::string& text : policies) json.BeginObject().Member("name", "p").Key("policy").Raw(text).EndObject();
    json.EndArray();
  };
  const auto levels = [&](const char* name, const std::vector<std::vector<std::string>>& from) {
    json.Key(name).BeginArray();
    for (const auto& level : from) {
      json.BeginObject().Member("orgIdentifier", "o").Key("policies");
      list(level);
      json.EndObject();
    }
    json.EndArray();
  };
  json.BeginObject().Key("identityPolicies");
  list(texts.identity);
  if (!texts.boundary.empty()) {
    json.Key("permissionBoundaryPolicies");
    list(texts.boundary);
  }
  if (!texts.resource.empty()) json.Key("resourcePolicy").Raw(texts.resource);
  levels("serviceControlPolicies", texts.scps);
  levels("resourceControlPolicies", texts.rcps);
  json.EndObject();
}

// The sets, the requests, and what this engine decides, so that both contenders can be held to the same answers.
std::string WorldsText() {
  const Prepared prepared = Prepare();
  JsonWriter json;
  json.BeginObject().Member("principal", kSession).Key("requests").BeginArray();
  for (const Ask& ask : Asks()) {
    json.BeginObject().Member("action", ask.action).Member("resource", ask.resource).Key("context").BeginObject();
    for (const auto& [key, value] : ask.context) json.Member(key, value);
    json.EndObject().EndObject();
  }
  json.EndArray().Key("sets").BeginObject();
  const std::pair<const char*, Texts> sets[] = {
      {"small", SmallSet()}, {"typical", TypicalSet()}, {"large", LargeSet()}};
  for (const auto& [name, texts] : sets) {
    json.Key(name).BeginObject().Key("policies");
    WriteSet(json, texts);
    const PolicySet policies = Compile(texts);
    json.Key("decisions").BeginArray();
    for (const Request& request : prepared.requests) json.String(ToString(Decide(request, policies)));
    json.EndArray().EndObject();
  }
  json.EndObject().EndObject();
  return json.Take();
}

BENCHMARK_CAPTURE(Decisions, small, SmallSet());
BENCHMARK_CAPTURE(Decisions, typical, TypicalSet());
BENCHMARK_CAPTURE(Decisions, large, LargeSet());
BENCHMARK_CAPTURE(DecisionsFromText, typical, TypicalSet());
BENCHMARK(Explanations);
BENCHMARK(Compiling);
BENCHMARK_CAPTURE(WhoCan, ten_thousand_roles, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(WhoCan, every_role_a_candidate, true)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sallyport::policy

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]) == "--write-worlds") {
    std::ofstream file(argv[2], std::ios::binary);
    file << sallyport::policy::WorldsText();
    return file.flush().good() ? 0 : 1;
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
