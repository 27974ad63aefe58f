// SPDX-License-Identifier: Apache-2.0
#include "reach/evaluation.h"

#include <algorithm>

#include "base/text.h"
#include "policy/explain.h"
#include "policy/object_set.h"

namespace sallyport::reach {
namespace {

using policy::Decision;

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

// `arn:..:accesspoint/NAME/object/key` -> `arn:aws:s3:::bucket/key`; empty for anything else.
std::string FromPoint(const policy::AccessPoint& point, std::string_view bucket, const std::string& object) {
  const std::size_t head = point.arn.size() + std::string_view("/object").size();
  return object.size() > head ? std::string(bucket) + object.substr(head) : std::string();
}

}  // namespace

// The caller's side and the access point's own; the bucket's is asked besides.
Evaluation::Asking Evaluation::AtPoint(const policy::AccessPoint& point) const {
  Asking at = asking_;
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
  const auto finders_at = [&world](auto resource_of) {
    std::vector<policy::WitnessFinder> finders;
    for (const policy::Question::Ask& one : world.question.asks) {
      finders.emplace_back(one.action, resource_of(one.resource.text()));
    }
    return finders;
  };
  finders_ = finders_at([](const std::string& arn) { return arn; });
  for (const policy::AccessPoint& point : world.points) {
    point_finders_.push_back(finders_at([&point](const std::string& arn) { return At(point, arn); }));
  }
  asking_.policies.resource = world.question.resource_policy;
  asking_.policies.rcps = world.question.rcps;
  asking_.policies.s3 = world.question.s3;
  asking_.context = world.question.context;
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

void Evaluation::Use(const policy::Principal& principal) {
  if (principal.caller.account != asking_.caller.account || asking_.policies.scps.empty()) {
    const auto scps = world_.scps.find(principal.caller.account);
    asking_.policies.scps = scps == world_.scps.end() ? std::vector<policy::PolicyLevel>() : scps->second;
  }
  asking_.caller = principal.caller;
  asking_.policies.identity = principal.identity;
  asking_.policies.boundary = principal.boundary;
  asking_.context.SetBase(&principal.context);
}

Evaluation::Best Evaluation::Directly(std::size_t number) {
  const policy::Question::Ask& ask = world_.question.asks[number];
  const std::string& owner = world_.question.resource_account;
  Best best;
  if (!ask.is_set) {
    best.example = ask.resource;
    best.decision = decider_.Decide(asking_.View(ask.action, ask.resource, owner), asking_.policies, ask.resource);
    return best;
  }
  const policy::WitnessFinder::Found& found = finders_[number].Find(asking_.context, asking_.policies);
  const policy::Arn* example = nullptr;
  for (const policy::Arn& one : found.examples) {
    const Decision decision = decider_.Decide(asking_.View(ask.action, one, owner), asking_.policies, one);
    if (example != nullptr && policy::Better(best.decision, decision) == best.decision) continue;
    best.decision = decision;
    example = &one;
    if (decision == Decision::kAllowed) break;
  }
  const std::string_view pattern = ask.resource.text();
  best.example = example != nullptr ? *example : policy::Arn(std::string(pattern.substr(0, pattern.size() - 1)) + "x");
  if (policy::IsDenied(best.decision) && !found.complete) best.decision = Decision::kUndecided;
  return best;
}

Evaluation::Best Evaluation::Through(std::size_t number, std::size_t point) {
  const policy::Question::Ask& ask = world_.question.asks[number];
  const policy::AccessPoint& through = world_.points[point];
  const std::string& owner = world_.question.resource_account;
  std::vector<std::string> examples = {ask.resource.text()};
  bool complete = true;
  if (ask.is_set) {
    const Asking at = AtPoint(through);
    const policy::WitnessFinder::Found& found = point_finders_[point][number].Find(at.context, at.policies);
    const std::string bucket = ask.resource.text().substr(0, ask.resource.text().find('/'));
    examples.clear();
    for (const policy::Arn& object : found.examples) examples.push_back(FromPoint(through, bucket, object.text()));
    complete = found.complete;
  }
  Best best;
  best.point = point;
  for (const std::string& text : examples) {
    if (text.empty()) continue;
    const policy::Arn example(text);
    Decision decision =
        policy::DecideThroughAccessPoint(asking_.View(ask.action, example, owner), asking_.policies, through);
    // Whether the caller is in that VPC is not known.
    if (through.vpc_origin) decision = policy::Both(decision, Decision::kConditional);
    if (policy::Better(best.decision, decision) == best.decision) continue;
    best.decision = decision;
    best.example = example;
  }
  if (policy::IsDenied(best.decision) && !complete) best.decision = Decision::kUndecided;
  return best;
}

// A key's policy delegates, a grant of the key lets somebody in beside it (KMS Developer Guide, "Grants in AWS KMS").
Decision Evaluation::ByKey(const policy::RequestView& request, ActionAnswer& answer) const {
  const auto action = policy::KmsActionFor(request.action);
  if (!action) return Decision::kAllowed;
  if (world_.key_unknown) {
    answer.reason = "which key the bucket has could not be read: " + world_.key_error;
    return Decision::kUndecided;
  }
  if (!world_.key) return Decision::kAllowed;
  const Decision decision =
      policy::DecideKey(request, asking_.policies, *world_.key, facts_.bucket.region, world_.with_bucket_key);
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

void Evaluation::Describe(const policy::Question::Ask& ask, const Best& best, ActionAnswer& answer) {
  const bool is_direct = best.point == Best::kDirect;
  const Asking at = is_direct ? asking_ : AtPoint(world_.points[best.point]);
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
  if (is_direct && ask.is_set && !policy::IsDenied(best.decision)) {
    policy::SetAnswer places =
        policy::DecideForSet(at.View(ask.action, ask.resource, owner), ask.resource.text(), at.policies, &regions_);
    answer.objects = std::move(places.granted);
    answer.except = std::move(places.except);
  }
  if (ask_.with_trace) answer.trace = policy::ExplanationText(request, why, false, kTraceWidth);
}

// RestrictPublicBuckets cuts other accounts off from a bucket, and from an access point, with a public policy; those of
// the bucket and its account count for both.
bool Evaluation::MayBeCutOff(const Best& best) const {
  if (policy::IsDenied(best.decision) || asking_.caller.account == world_.question.resource_account) return false;
  const auto is_public = [](const policy::PolicyPtr& policy) { return policy != nullptr && policy->is_public(); };
  if (world_.block_unknown && is_public(world_.question.resource_policy)) return true;
  if (best.point == Best::kDirect) return false;
  const bool unknown = world_.block_unknown || world_.point_block_unknown[best.point];
  return unknown && is_public(world_.points[best.point].policy);
}

Evaluation::Best Evaluation::Find(std::size_t number, const Inquiry& inquiry) {
  // Nothing that follows asks for the place when there is neither a key nor somebody to read about it.
  const bool needs_place = inquiry.detailed || world_.key || inquiry.direct.empty();
  Best best = needs_place ? Directly(number) : Best{inquiry.direct[number], {}, Best::kDirect};
  for (std::size_t i = 0; i < world_.points.size() && best.decision != Decision::kAllowed; ++i) {
    Best through = Through(number, i);
    if (policy::Better(best.decision, through.decision) != best.decision) best = std::move(through);
  }
  return best;
}

ActionAnswer Evaluation::Decide(std::size_t number, const Inquiry& inquiry) {
  const policy::Question::Ask& ask = world_.question.asks[number];
  ActionAnswer answer;
  answer.action = ask.action.text;
  answer.decision = answer.without_key = Decision::kImplicitlyDenied;
  if (((inquiry.asks >> number) & 1U) == 0) return answer;
  Best best = Find(number, inquiry);
  if (best.point != Best::kDirect) answer.through = world_.point_names[best.point];
  if (inquiry.detailed) Describe(ask, best, answer);
  if (MayBeCutOff(best)) {
    best.decision = Decision::kUndecided;
    answer.reason = "the block of public access could not be read, and would cut off other accounts";
  }
  if (policy::IsDenied(best.decision)) return answer;
  answer.decision = answer.without_key = best.decision;
  if (best.decision == Decision::kUndecided) return answer;  // whatever the key says
  const Decision by_key = ByKey(asking_.View(ask.action, best.example, world_.question.resource_account), answer);
  answer.decision = policy::Both(answer.without_key, by_key);
  if (by_key == Decision::kConditional && answer.condition.empty()) answer.condition = "the key's policies let it";
  if (policy::IsDenied(answer.decision)) answer.decision = Decision::kImplicitlyDenied;
  return answer;
}

std::vector<ActionAnswer> Evaluation::Decide(const policy::Principal& principal, const Inquiry& inquiry) {
  Use(principal);
  std::vector<ActionAnswer> answers;
  answers.reserve(world_.question.asks.size());
  for (std::size_t i = 0; i < world_.question.asks.size(); ++i) answers.push_back(Decide(i, inquiry));
  return answers;
}

Decision Evaluation::DecideBest(const policy::Principal& principal) {
  Use(principal);
  Decision best = Decision::kImplicitlyDenied;
  for (std::size_t i = 0; i < world_.question.asks.size() && best != Decision::kAllowed; ++i) {
    best = policy::Better(best, Decide(i, {}).decision);
  }
  return best;
}

}  // namespace sallyport::reach
