// SPDX-License-Identifier: Apache-2.0
#include "reach/evaluation.h"

#include <algorithm>

#include "base/text.h"
#include "policy/explain.h"

namespace sallyport::reach {
namespace {

using policy::Decision;

// As many as the index tries for each principal (policy/who_can.cc).
constexpr std::size_t kAssignmentsEach = 2'000;
constexpr std::size_t kTraceWidth = 100;
constexpr std::size_t kShownGrant = 15;  // of its id of 64 digits

policy::S3Resource ResourceOf(std::string_view action) {
  for (const policy::S3Action& one : policy::S3Actions()) {
    if (EqualsIgnoreCase(one.name, action)) return one.resource;
  }
  return policy::S3Resource::kBucket;
}

// `arn:aws:s3:::bucket/key` -> the same through the access point; a bucket becomes the access point itself.
std::string At(const policy::AccessPoint& point, std::string_view arn) {
  const std::size_t slash = arn.find('/');
  return slash == std::string_view::npos ? point.arn : point.arn + "/object" + std::string(arn.substr(slash));
}

Decision Settled(const policy::RequestView& request, const policy::PolicySet& policies) {
  const Decision fast = policy::Decide(request, policies);
  if (fast != Decision::kConditional) return fast;
  return policy::SettleConditional(request, policies, kAssignmentsEach).decision;
}

}  // namespace

bool IsDenied(Decision decision) {
  return decision == Decision::kExplicitlyDenied || decision == Decision::kImplicitlyDenied;
}

struct Evaluation::Asking {
  const policy::Principal& principal;
  policy::PolicySet policies;
  policy::Context context;

  policy::RequestView View(const policy::ActionName& action, const policy::Arn& resource,
                           std::string_view owner) const {
    return {principal.caller, action, resource, owner, context, true};
  }
};

// The caller's side and the access point's own; the bucket's is asked besides.
Evaluation::Asking Evaluation::AtPoint(const Asking& asking, const policy::AccessPoint& point) {
  Asking at = asking;
  at.policies.resource = point.policy;
  at.policies.rcps.clear();
  at.policies.s3 = nullptr;
  policy::SetAccessPointKeys(point, at.context);
  return at;
}

Evaluation::Evaluation(const Facts& facts, const Ask& ask, World& world) : facts_(facts), ask_(ask), world_(world) {
  const std::string bucket = "arn:" + facts.bucket.partition + ":s3:::" + facts.bucket.name;
  for (const std::string& action : ask.actions) {
    const bool on_objects = ResourceOf(action) == policy::S3Resource::kObject;
    world.question.asks.push_back(
        {policy::ActionName(action), policy::Arn(on_objects ? bucket + "/" + ask.prefix + "*" : bucket), on_objects});
  }
}

policy::Question Evaluation::QuestionAt(const policy::AccessPoint& point) const {
  policy::Question question = world_.question;
  for (policy::Question::Ask& ask : question.asks) ask.resource = policy::Arn(At(point, ask.resource.text()));
  question.resource_account = point.account;
  question.resource_policy = point.policy;
  policy::SetAccessPointKeys(point, question.context);
  question.rcps.clear();
  question.s3 = nullptr;
  return question;
}

policy::PolicySet Evaluation::SetFor(const policy::Principal& principal) const {
  policy::PolicySet policies;
  policies.identity = principal.identity;
  policies.boundary = principal.boundary;
  const auto scps = world_.scps.find(principal.caller.account);
  if (scps != world_.scps.end()) policies.scps = scps->second;
  policies.resource = world_.question.resource_policy;
  policies.rcps = world_.question.rcps;
  policies.s3 = world_.question.s3;
  return policies;
}

Evaluation::Best Evaluation::Directly(const Asking& asking, const policy::Question::Ask& ask) const {
  const std::string& owner = world_.question.resource_account;
  Best best;
  if (!ask.is_set) {
    best.example = ask.resource;
    best.decision = Settled(asking.View(ask.action, ask.resource, owner), asking.policies);
    return best;
  }
  const policy::SetAnswer answer =
      policy::DecideForSet(asking.View(ask.action, ask.resource, owner), ask.resource.text(), asking.policies);
  best.example = policy::Arn(ask.resource.text().substr(0, ask.resource.text().size() - 1) + "x");
  for (const policy::SetRegion& region : answer.regions) {
    const policy::Arn example(region.example);
    const Decision decision = Settled(asking.View(ask.action, example, owner), asking.policies);
    if (policy::Better(best.decision, decision) == best.decision) continue;
    best.decision = decision;
    best.example = example;
  }
  if (answer.decision == Decision::kUndecided) best.decision = policy::Better(best.decision, answer.decision);
  best.objects = answer.granted;
  best.except = answer.except;
  return best;
}

Evaluation::Best Evaluation::Through(const Asking& asking, const policy::Question::Ask& ask, std::size_t point) const {
  const policy::AccessPoint& through = world_.points[point];
  const std::string& owner = world_.question.resource_account;
  std::vector<std::string> examples = {ask.resource.text()};
  if (ask.is_set) {
    // Regions of the access point's objects, as the bucket has them.
    const Asking at = AtPoint(asking, through);
    const policy::Arn pattern(At(through, ask.resource.text()));
    const policy::SetAnswer answer =
        policy::DecideForSet(at.View(ask.action, pattern, through.account), pattern.text(), at.policies);
    const std::string bucket = ask.resource.text().substr(0, ask.resource.text().find('/'));
    examples.clear();
    for (const policy::SetRegion& region : answer.regions) {
      const std::size_t object = through.arn.size() + std::string_view("/object").size();
      if (region.example.size() > object) examples.push_back(bucket + region.example.substr(object));
    }
  }
  Best best;
  best.point = point;
  for (const std::string& text : examples) {
    const policy::Arn example(text);
    Decision decision =
        policy::DecideThroughAccessPoint(asking.View(ask.action, example, owner), asking.policies, through);
    // Whether the caller is in that VPC is not known.
    if (through.vpc_origin) decision = policy::Both(decision, Decision::kConditional);
    if (policy::Better(best.decision, decision) == best.decision) continue;
    best.decision = decision;
    best.example = example;
  }
  return best;
}

// A key's policy delegates, a grant of the key lets somebody in beside it (KMS Developer Guide, "Grants in AWS KMS").
Decision Evaluation::ByKey(const Asking& asking, const policy::RequestView& request, ActionAnswer& answer) const {
  const auto action = policy::KmsActionFor(request.action);
  if (!action) return Decision::kAllowed;
  if (world_.key_unknown) {
    answer.reason = "which key the bucket has could not be read: " + world_.key_error;
    return Decision::kUndecided;
  }
  if (!world_.key) return Decision::kAllowed;
  const Decision decision =
      policy::DecideKey(request, asking.policies, *world_.key, facts_.bucket.region, world_.with_bucket_key);
  if (decision == Decision::kUndecided) answer.reason = "the key's side could not be decided";
  if (decision != Decision::kImplicitlyDenied) {
    if (decision == Decision::kExplicitlyDenied) answer.reason = "a policy denies " + *action + " on the bucket's key";
    return decision;
  }
  const KeyFacts& key = **facts_.bucket.key;
  if (!key.grants.ok()) {
    answer.reason = "nothing but a grant could allow " + *action +
                    ", and the key's grants could not be read: " + key.grants.error().message;
    return Decision::kUndecided;
  }
  const std::string operation = action->substr(action->find(':') + 1);
  for (const KeyGrantFacts& grant : *key.grants) {
    const bool is_theirs = grant.grantee == request.caller.text || grant.grantee == request.caller.role_arn;
    const bool fits = std::find(grant.operations.begin(), grant.operations.end(), operation) != grant.operations.end();
    if (!is_theirs || !fits) continue;
    answer.statements.push_back("grant `" + Printable(grant.id, kShownGrant) + "` of the key");
    if (!grant.has_constraints) return Decision::kAllowed;
    answer.condition = "the constraints of the key's grant fit";
    return Decision::kConditional;
  }
  answer.reason = "no " + *action + " on the bucket's key";
  return decision;
}

void Evaluation::Describe(const Asking& asking, const policy::Question::Ask& ask, const Best& best,
                          ActionAnswer& answer) const {
  const bool is_direct = best.point == Best::kDirect;
  const Asking at = is_direct ? asking : AtPoint(asking, world_.points[best.point]);
  const policy::Arn resource =
      is_direct ? best.example : policy::Arn(At(world_.points[best.point], best.example.text()));
  const std::string& owner = is_direct ? world_.question.resource_account : world_.points[best.point].account;
  const policy::RequestView request = at.View(ask.action, resource, owner);
  const policy::Explanation why = policy::Explain(request, at.policies);
  for (const policy::PolicyTrace& trace : why.policies) {
    // What limits (boundaries, SCPs, RCPs) lets nobody in.
    if (trace.type != policy::PolicyType::kIdentity && trace.type != policy::PolicyType::kResource) continue;
    for (const policy::StatementTrace& statement : trace.statements) {
      if (statement.effect != policy::Effect::kAllow || statement.applies == policy::Tri::kFalse) continue;
      answer.statements.push_back(trace.name + ": " + statement.name);
    }
  }
  if (best.decision == Decision::kConditional) {
    answer.condition = why.condition.ToText();
    if (!is_direct && world_.points[best.point].vpc_origin) {
      const bool only = why.decision == Decision::kAllowed;
      answer.condition = only ? "from the access point's VPC" : answer.condition + ", from the access point's VPC";
    }
  }
  if (best.decision == Decision::kUndecided) answer.reason = why.reason;
  if (ask_.with_trace) answer.trace = policy::ExplanationText(request, why, false, kTraceWidth);
}

// RestrictPublicBuckets cuts other accounts off from a bucket, and from an access point, with a public policy; those of
// the bucket and its account count for both.
bool Evaluation::MayBeCutOff(const policy::Principal& principal, const Best& best) const {
  if (IsDenied(best.decision) || principal.caller.account == world_.question.resource_account) return false;
  const auto is_public = [](const policy::PolicyPtr& policy) { return policy != nullptr && policy->is_public(); };
  if (world_.block_unknown && is_public(world_.question.resource_policy)) return true;
  if (best.point == Best::kDirect) return false;
  const bool unknown = world_.block_unknown || world_.point_block_unknown[best.point];
  return unknown && is_public(world_.points[best.point].policy);
}

ActionAnswer Evaluation::Decide(const policy::Principal& principal, std::size_t number, bool detailed) const {
  const policy::Question::Ask& ask = world_.question.asks[number];
  Asking asking{principal, SetFor(principal), world_.question.context};
  asking.context.SetBase(&principal.context);
  Best best = Directly(asking, ask);
  for (std::size_t i = 0; i < world_.points.size() && best.decision != Decision::kAllowed; ++i) {
    Best through = Through(asking, ask, i);
    if (policy::Better(best.decision, through.decision) != best.decision) best = std::move(through);
  }
  ActionAnswer answer;
  answer.action = ask.action.text;
  if (best.point != Best::kDirect) answer.through = world_.point_names[best.point];
  if (detailed) Describe(asking, ask, best, answer);
  if (MayBeCutOff(principal, best)) {
    best.decision = Decision::kUndecided;
    answer.reason = "the block of public access could not be read, and would cut off other accounts";
  }
  answer.without_key = IsDenied(best.decision) ? Decision::kImplicitlyDenied : best.decision;
  answer.decision = answer.without_key;
  if (IsDenied(best.decision)) return answer;
  answer.objects = std::move(best.objects);
  answer.except = std::move(best.except);
  if (best.decision == Decision::kUndecided) return answer;  // whatever the key says
  const Decision by_key =
      ByKey(asking, asking.View(ask.action, best.example, world_.question.resource_account), answer);
  answer.decision = policy::Both(answer.without_key, by_key);
  if (by_key == Decision::kConditional && answer.condition.empty()) answer.condition = "the key's policies let it";
  if (IsDenied(answer.decision)) answer.decision = Decision::kImplicitlyDenied;
  return answer;
}

}  // namespace sallyport::reach
