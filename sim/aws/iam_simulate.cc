// SPDX-License-Identifier: Apache-2.0
//
// SimulatePrincipalPolicy: identity policies, boundary, policies handed in, and a resource policy. It does not look at
// service control policies, as the real one does only in part.
#include "base/text.h"
#include "sim/aws/iam_records.h"
#include "sim/aws/policy.h"

namespace sallyport::aws_sim {
namespace {

constexpr std::size_t kMaxActions = 500;

const json::object* FindPrincipal(Account& account, const std::string& arn) {
  const auto parts = SplitArn(arn);
  if (parts.rest.starts_with("user/")) return FindRecord(account.Set("users"), "Arn", arn);
  return FindRecord(account.Set("roles"), "Arn", arn);
}

std::string DefaultDocument(World& world, Account& account, const std::string& arn) {
  const auto* policy = FindPolicy(world, account, arn);
  return policy == nullptr ? "" : TextOf(ObjectOf(*policy, "versions"), TextOf(*policy, "DefaultVersionId"));
}

// A document and the name under which MatchedStatements shows it.
struct Source {
  std::string name;
  std::string document;
};

std::vector<Source> IdentityPolicies(World& world, const Call& call, const json::object& principal) {
  std::vector<Source> sources;
  for (const auto& policy : ObjectOf(principal, "inline")) {
    if (!policy.value().is_string()) continue;
    sources.push_back({std::string(policy.key()), std::string(policy.value().get_string())});
  }
  for (const std::string& arn : TextsOf(principal, "attached")) {
    sources.push_back({arn, DefaultDocument(world, *call.account, arn)});
  }
  int number = 0;
  for (auto& text : TextsOf(call.in, "PolicyInputList")) {
    sources.push_back({"PolicyInputList." + std::to_string(++number), std::move(text)});
  }
  return sources;
}

struct Decision {
  Verdict verdict = Verdict::kNone;
  json::array matched;
  std::vector<std::string> missing;

  void Take(const std::string& name, std::string_view type, const PolicyView& view) {
    verdict = Stronger(verdict, view.verdict);
    if (view.verdict != Verdict::kNone) {
      matched.push_back(json::object{{"SourcePolicyId", name}, {"SourcePolicyType", type}});
    }
    for (const std::string& key : view.missing_context) {
      if (!Contains(missing, key)) missing.push_back(key);
    }
  }
};

json::object Show(const PolicyQuestion& question, const Decision& decision, std::optional<bool> boundary_allows) {
  std::string_view word = "implicitDeny";
  if (decision.verdict == Verdict::kDeny) word = "explicitDeny";
  if (decision.verdict == Verdict::kAllow && boundary_allows.value_or(true)) word = "allowed";
  json::array missing;
  for (const std::string& key : decision.missing) missing.emplace_back(key);
  json::object shown{{"EvalActionName", question.action},
                     {"EvalResourceName", question.resource},
                     {"EvalDecision", word},
                     {"MatchedStatements", decision.matched},
                     {"MissingContextValues", std::move(missing)}};
  if (boundary_allows) {
    shown["PermissionsBoundaryDecisionDetail"] = json::object{{"AllowedByPermissionsBoundary", *boundary_allows}};
  }
  return shown;
}

struct Simulation {
  std::vector<Source> policies;
  std::optional<std::string> boundary;
  std::string resource_policy;
  std::string caller;

  json::object One(PolicyQuestion question) const {
    Decision decision;
    for (const Source& source : policies) {
      decision.Take(source.name, "IAM Policy", Judge(source.document, question));
    }
    std::optional<bool> boundary_allows;
    if (boundary) {
      const auto view = Judge(*boundary, question);
      boundary_allows = view.verdict == Verdict::kAllow;
      if (view.verdict == Verdict::kDeny) decision.verdict = Verdict::kDeny;
    }
    if (!resource_policy.empty()) {
      question.principal = caller;
      decision.Take("ResourcePolicy", "Resource Policy", Judge(resource_policy, question));
    }
    return Show(question, decision, boundary_allows);
  }
};

std::map<std::string, std::vector<std::string>, std::less<>> ContextOf(const Call& call) {
  std::map<std::string, std::vector<std::string>, std::less<>> context;
  for (const json::value& entry : ArrayOf(call.in, "ContextEntries")) {
    if (!entry.is_object()) continue;
    const auto& object = entry.get_object();
    context[ToLowerAscii(TextOf(object, "ContextKeyName"))] = TextsOf(object, "ContextKeyValues");
  }
  return context;
}

}  // namespace

Answer SimulatePrincipalPolicy(World& world, const Call& call) {
  const auto arn = TextOf(call.in, "PolicySourceArn");
  const auto* principal = FindPrincipal(*call.account, arn);
  if (principal == nullptr) return NoSuchEntity("principal", arn);
  if (Has(call.in, "ResourcePolicy") && !Has(call.in, "CallerArn") && SplitArn(arn).rest.starts_with("role/")) {
    return Fail(400, "InvalidInput", "CallerArn is required with ResourcePolicy when the source is a role");
  }
  Simulation simulation;
  simulation.policies = IdentityPolicies(world, call, *principal);
  simulation.resource_policy = TextOf(call.in, "ResourcePolicy");
  simulation.caller = TextOf(call.in, "CallerArn", arn);
  const auto boundary = TextOf(ObjectOf(*principal, "PermissionsBoundary"), "PermissionsBoundaryArn");
  if (!boundary.empty()) simulation.boundary = DefaultDocument(world, *call.account, boundary);
  for (auto& text : TextsOf(call.in, "PermissionsBoundaryPolicyInputList")) simulation.boundary = std::move(text);
  const auto actions = TextsOf(call.in, "ActionNames");
  auto resources = TextsOf(call.in, "ResourceArns");
  if (resources.empty()) resources.emplace_back("*");
  if (actions.size() * resources.size() > kMaxActions)
    return Fail(400, "InvalidInput", "Too many questions in one call");
  Page page;
  if (auto problem = TakePage(call, actions.size() * resources.size(), kIamPages, page)) return *problem;
  json::array results;
  for (std::size_t i = page.begin; i < page.end; ++i) {
    results.push_back(
        simulation.One({actions[i / resources.size()], resources[i % resources.size()], "", ContextOf(call)}));
  }
  json::object out{{"EvaluationResults", std::move(results)}};
  PutPage(out, page, kIamPages);
  return out;
}

}  // namespace sallyport::aws_sim
