// SPDX-License-Identifier: Apache-2.0
#include "reach/evaluation.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "policy/explain.h"
#include "policy/object_set.h"

namespace sallyport::reach {
namespace {

using policy::Decision;

constexpr std::size_t kTraceWidth = 100;
constexpr std::size_t kShownGrant = 15;  // of its id of 64 digits
constexpr std::size_t kShownObject = 200;
// Objects that are decided about so that patterns can be named, for one answer.
constexpr std::size_t kMostDescribedPlaces = 20'000;

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

// The lenses of a finder (witnesses.h), in the order in which they are added.
constexpr std::size_t kBucketLens = 0;
constexpr std::size_t kPointLens = 1;

// What a grant's constraints make of a key's use for one object. S3 sends the ARN alone, unless the request that wrote
// the object added pairs of its own.
Decision ByConstraints(const KeyGrantFacts& grant, const std::string& encrypted) {
  Decision decision = Decision::kAllowed;
  for (const GrantConstraint& constraint : grant.constraints) {
    for (const Tag& pair : constraint.pairs) {
      const bool is_arn = pair.key == "aws:s3:arn";
      if (is_arn && pair.value != encrypted) return Decision::kImplicitlyDenied;
      if (!is_arn) decision = Decision::kConditional;
    }
    if (constraint.equals) decision = Decision::kConditional;
  }
  return decision;
}

void AddCondition(const std::string& more, ActionAnswer& answer) {
  answer.condition += (answer.condition.empty() ? "" : ", and ") + more;
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
  for (const policy::Question::Ask& one : world.question.asks) {
    policy::WitnessFinder& finder = finders_.emplace_back(one.resource.text(), work_);
    finder.AddResources(one.action, one.resource.text());
    if (CutsByKey(one.action)) {
      finder.AddCondition(policy::ActionName(*policy::KmsActionFor(one.action)), "kms:EncryptionContext:aws:s3:arn");
    }
  }
  for (const policy::AccessPoint& point : world.points) {
    auto& finders = point_finders_.emplace_back();
    for (const policy::Question::Ask& one : world.question.asks) {
      policy::WitnessFinder& finder = finders.emplace_back(one.resource.text(), work_);
      finder.AddResources(one.action, one.resource.text());
      finder.AddResources(one.action, At(point, one.resource.text()));
      if (CutsByKey(one.action)) {
        finder.AddCondition(policy::ActionName(*policy::KmsActionFor(one.action)), "kms:EncryptionContext:aws:s3:arn");
      }
    }
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

// Without a bucket key the encryption context is the object's ARN, and the key's side may differ from object to object.
bool Evaluation::CutsByKey(const policy::ActionName& action) const {
  return world_.key && !world_.key->is_aws_managed && !world_.with_bucket_key &&
         policy::KmsActionFor(action).has_value();
}

void Evaluation::Note(std::string note) {
  if (std::find(notes_.begin(), notes_.end(), note) == notes_.end()) notes_.push_back(std::move(note));
}

void Evaluation::Use(const policy::Principal& principal) {
  if (principal.caller.account != asking_.caller.account || asking_.policies.scps.empty()) {
    const auto scps = world_.scps.find(principal.caller.account);
    asking_.policies.scps = scps == world_.scps.end() ? std::vector<policy::PolicyLevel>() : scps->second;
  }
  asking_.caller = principal.caller;
  asking_.policies.identity = principal.identity;
  asking_.policies.boundary = principal.boundary;
  asking_.policies.endpoint.clear();
  asking_.context = world_.question.context;
  asking_.context.SetBase(&principal.context);
  if (world_.key) key_policies_ = policy::PoliciesForKey(asking_.policies, *world_.key);
}

Decision Evaluation::Weigh(std::size_t number, Decision decision, const policy::Arn& example, Best& best) {
  const policy::Question::Ask& ask = world_.question.asks[number];
  best.without_key = policy::Better(best.without_key, decision);
  if (policy::IsDenied(decision) || decision == Decision::kUndecided) return decision;
  best.key = AskKey(asking_.View(ask.action, example, world_.question.resource_account));
  return policy::Both(decision, best.key.decision);
}

Evaluation::Best Evaluation::Directly(std::size_t number) {
  const policy::Question::Ask& ask = world_.question.asks[number];
  const std::string& owner = world_.question.resource_account;
  Best best;
  if (!ask.is_set) {
    best.example = ask.resource;
    const Decision decision =
        decider_.Decide(asking_.View(ask.action, ask.resource, owner), asking_.policies, ask.resource);
    best.decision = Weigh(number, decision, ask.resource, best);
    return best;
  }
  policy::WitnessFinder& finder = finders_[number];
  std::vector<policy::WitnessFinder::Source> sources = {{kBucketLens, &asking_.policies}};
  if (CutsByKey(ask.action)) sources.push_back({kBucketLens + 1, &key_policies_});
  const auto at_best = [&](const policy::WitnessFinder::BestViews& views) {
    policy::RequestView request = asking_.View(ask.action, ask.resource, owner);
    request.view = views[kBucketLens];
    return decider_.Decide(request, asking_.policies, ask.resource);
  };
  ByKey key_of_best;
  Decision so_far = Decision::kExplicitlyDenied;
  const auto at_example = [&](const policy::WitnessFinder::Example& example) {
    const policy::Arn& resource = example.arns[kBucketLens];
    const Decision s3 = decider_.Decide(asking_.View(ask.action, resource, owner), asking_.policies, resource);
    const Decision decision = Weigh(number, s3, resource, best);
    if (key_of_best.reason.empty() || policy::Better(so_far, decision) != so_far) key_of_best = best.key;
    so_far = policy::Better(so_far, decision);
    return decision;
  };
  const policy::BestOfSet found = finder.Best(sources, asking_.context, at_best, at_example);
  best.decision = found.decision;
  best.key = key_of_best;
  const std::string_view pattern = ask.resource.text();
  best.example = found.example ? finder.examples()[*found.example].arns[kBucketLens]
                               : policy::Arn(std::string(pattern.substr(0, pattern.size() - 1)) + "x");
  if (best.decision == Decision::kUndecided && policy::IsDenied(best.without_key)) best.without_key = best.decision;
  return best;
}

Evaluation::Best Evaluation::Through(std::size_t number, std::size_t point, const policy::AccessPoint& through) {
  const policy::Question::Ask& ask = world_.question.asks[number];
  const std::string& owner = world_.question.resource_account;
  Best best;
  best.point = point;
  const auto decide = [&](const policy::Arn& resource, const policy::AccessPointViews& views) {
    policy::RequestView request = asking_.View(ask.action, resource, owner);
    Decision decision = policy::DecideThroughAccessPoint(request, asking_.policies, through, views);
    // Whether the caller is in that VPC is not known.
    if (through.vpc_origin) decision = policy::Both(decision, Decision::kConditional);
    return decision;
  };
  if (!ask.is_set) {
    best.example = ask.resource;
    best.decision = Weigh(number, decide(ask.resource, {}), ask.resource, best);
    return best;
  }
  policy::WitnessFinder& finder = point_finders_[point][number];
  const bool same = asking_.caller.account == owner;
  const policy::PolicySet at_bucket = policy::PoliciesAtBucket(asking_.policies, same);
  const policy::PolicySet at_point = policy::PoliciesAtPoint(asking_.policies, through);
  std::vector<policy::WitnessFinder::Source> sources = {{kBucketLens, &at_bucket}, {kPointLens, &at_point}};
  if (CutsByKey(ask.action)) sources.push_back({kPointLens + 1, &key_policies_});
  policy::Context context = asking_.context;
  policy::SetAccessPointKeys(through, context);
  const auto at_best = [&](const policy::WitnessFinder::BestViews& views) {
    return decide(ask.resource, {views[kPointLens], views[kBucketLens]});
  };
  ByKey key_of_best;
  Decision so_far = Decision::kExplicitlyDenied;
  const auto at_example = [&](const policy::WitnessFinder::Example& example) {
    const policy::Arn& resource = example.arns[kBucketLens];
    const Decision decision = Weigh(number, decide(resource, {}), resource, best);
    if (policy::Better(so_far, decision) != so_far) key_of_best = best.key;
    so_far = policy::Better(so_far, decision);
    return decision;
  };
  const policy::BestOfSet found = finder.Best(sources, context, at_best, at_example);
  best.decision = found.decision;
  best.key = key_of_best;
  if (found.example) best.example = finder.examples()[*found.example].arns[kBucketLens];
  if (best.decision == Decision::kUndecided && policy::IsDenied(best.without_key)) best.without_key = best.decision;
  return best;
}

// A key's policy delegates, a grant of the key lets somebody in beside it (KMS Developer Guide, "Grants in AWS KMS").
Evaluation::ByKey Evaluation::AskKey(const policy::RequestView& request) const {
  const auto action = policy::KmsActionFor(request.action);
  if (!action) return {};
  if (world_.key_unknown) {
    return {Decision::kUndecided, "", "", "the KMS key of the bucket could not be read: " + world_.key_error};
  }
  if (!world_.key) return {};
  if (world_.key->is_aws_managed) {
    const Decision decision =
        policy::DecideKey(request, asking_.policies, *world_.key, facts_.bucket.region, world_.with_bucket_key);
    ByKey by_key{decision, "", "", ""};
    if (policy::IsDenied(decision)) {
      by_key.reason = "the key `aws/s3` is for principals of its own account";
      return WithOtherEncryption(request, by_key);
    }
    return by_key;
  }
  const policy::KeyRequest key_request(request, asking_.policies, *world_.key, facts_.bucket.region,
                                       world_.with_bucket_key);
  ByKey by_key;
  by_key.decision = policy::Decide(key_request.view(), key_request.policies());
  if (by_key.decision == Decision::kUndecided) by_key.reason = "undetermined what the KMS key policy allows";
  if (by_key.decision == Decision::kConditional) by_key.condition = "the key's policies let it";
  if (by_key.decision == Decision::kExplicitlyDenied)
    by_key.reason = "a policy denies " + *action + " on the bucket's key";
  if (by_key.decision == Decision::kImplicitlyDenied) by_key = AskGrants(key_request, request, *action);
  return policy::IsDenied(by_key.decision) ? WithOtherEncryption(request, by_key) : by_key;
}

Evaluation::ByKey Evaluation::AskGrants(const policy::KeyRequest& request, const policy::RequestView& s3_request,
                                        const std::string& action) const {
  ByKey none{Decision::kImplicitlyDenied, "", "", "no " + action + " on the bucket's key"};
  // What the organization does not allow no grant gives.
  const Decision with_grant = policy::DecideKeyWithGrant(request);
  if (policy::IsDenied(with_grant)) return none;
  const KeyFacts& key = **facts_.bucket.key;
  if (!key.grants.ok()) {
    return {Decision::kUndecided, "", "",
            "nothing but a grant could allow " + action +
                ", and the grants of the KMS key could not be read: " + key.grants.error().message};
  }
  const std::string operation = action.substr(action.find(':') + 1);
  const std::string& object = s3_request.resource.text();
  const std::string encrypted = world_.with_bucket_key ? object.substr(0, object.find('/')) : object;
  ByKey best = none;
  for (const KeyGrantFacts& grant : *key.grants) {
    const bool is_theirs = grant.grantee == s3_request.caller.text || grant.grantee == s3_request.caller.role_arn;
    const bool fits = std::find(grant.operations.begin(), grant.operations.end(), operation) != grant.operations.end();
    if (!is_theirs || !fits) continue;
    Decision decision = policy::Both(ByConstraints(grant, encrypted), with_grant);
    std::string condition = decision == Decision::kConditional ? "the constraints of the key's grant fit" : "";
    // A constraint may name one object of the bucket.
    for (const GrantConstraint& constraint : grant.constraints) {
      for (const Tag& pair : constraint.pairs) {
        const bool names_one = pair.key == "aws:s3:arn" && !world_.with_bucket_key &&
                               pair.value.starts_with(object.substr(0, object.find('/') + 1));
        if (!names_one || !policy::IsDenied(decision)) continue;
        decision = Decision::kConditional;
        condition = "the object is " + Printable(pair.value, kShownObject);
      }
    }
    if (policy::Better(best.decision, decision) == best.decision) continue;
    best = {decision, "grant `" + Printable(grant.id, kShownGrant) + "` of the key", condition, ""};
  }
  return best;
}

// "If the object's PUT request specifies encryption, it is used": who may not use the bucket's key may write all the
// same, where the request may ask for another.
Evaluation::ByKey Evaluation::WithOtherEncryption(const policy::RequestView& request, ByKey by_key) const {
  if (request.action.lower != "s3:putobject") return by_key;
  struct Other {
    const char* algorithm;
    bool with_key;
    const char* text;
  };
  for (const Other& other :
       {Other{"AES256", false, "the request asks for another encryption (x-amz-server-side-encryption: AES256)"},
        Other{"aws:kms", true, "the request asks for another KMS key that the caller may use"}}) {
    policy::Context context(policy::KeyState::kUnknown, &request.context);
    context.Set("s3:x-amz-server-side-encryption", other.algorithm);
    if (other.with_key) {
      context.SetPresent("s3:x-amz-server-side-encryption-aws-kms-key-id");
    } else {
      context.SetAbsent("s3:x-amz-server-side-encryption-aws-kms-key-id");
    }
    const Decision decision = policy::Decide(
        policy::RequestView(request.caller, request.action, request.resource, request.resource_account, context, true),
        asking_.policies);
    if (policy::IsDenied(decision)) continue;
    by_key.decision = Decision::kConditional;
    by_key.condition = other.text;
    by_key.reason.clear();
    return by_key;
  }
  return by_key;
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
  for (const std::string& grant : why.acl_grants) answer.statements.push_back("ACL: " + grant);
  if (best.without_key == Decision::kConditional) {
    if (why.decision == Decision::kConditional) answer.condition = why.condition.ToText();
    if (!is_direct && world_.points[best.point].vpc_origin) AddCondition("from the access point's VPC", answer);
  }
  if (best.decision == Decision::kUndecided) {
    answer.reason = why.reason;
  }
  const bool has_places = is_direct && ask.is_set && !policy::IsDenied(best.decision);
  if (has_places && described_places_ >= kMostDescribedPlaces) answer.all_objects_named = false;
  if (has_places && described_places_ < kMostDescribedPlaces) {
    policy::SetAnswer places =
        policy::DecideForSet(at.View(ask.action, ask.resource, owner), ask.resource.text(), at.policies, described_);
    described_places_ += places.regions.size() + places.granted.size() + places.except.size();
    answer.objects = std::move(places.granted);
    answer.except = std::move(places.except);
    answer.all_objects_named = places.all_named;
    if (CutsByKey(ask.action)) NarrowByKey(ask, answer);
  }
  if (!ask_.with_trace) return;
  answer.trace = policy::ExplanationText(request, why, false, kTraceWidth);
  // The key is asked besides.
  const bool asks_key = world_.key && !world_.key->is_aws_managed && policy::KmsActionFor(ask.action).has_value();
  if (!asks_key || policy::IsDenied(best.without_key)) return;
  const policy::KeyRequest key(asking_.View(ask.action, best.example, world_.question.resource_account),
                               asking_.policies, *world_.key, facts_.bucket.region, world_.with_bucket_key);
  answer.trace +=
      "\n" + policy::ExplanationText(key.view(), policy::Explain(key.view(), key.policies()), false, kTraceWidth);
}

// Where the key lets in some objects only: the patterns of its side in place of those of the bucket's.
void Evaluation::NarrowByKey(const policy::Question::Ask& ask, ActionAnswer& answer) {
  const auto number = static_cast<std::size_t>(&ask - world_.question.asks.data());
  const auto exact =
      finders_[number].Regions({{kBucketLens, &asking_.policies}, {kBucketLens + 1, &key_policies_}}, asking_.context);
  std::vector<std::string> readable;
  bool some_without_key = false;
  for (const std::size_t example : exact.examples) {
    const policy::Arn& resource = finders_[number].examples()[example].arns[kBucketLens];
    const policy::RequestView request = asking_.View(ask.action, resource, world_.question.resource_account);
    if (policy::IsDenied(policy::Decide(request, asking_.policies))) continue;
    const bool denied = policy::IsDenied(AskKey(request).decision);
    some_without_key = some_without_key || denied;
    if (!denied) readable.push_back(resource.text());
  }
  if (!some_without_key) return;
  const policy::ActionName action(*policy::KmsActionFor(ask.action));
  std::vector<std::string> objects;
  std::vector<std::string> except;
  const auto add = [&](const policy::PolicyPtr& policy) {
    if (policy == nullptr) return;
    for (const policy::CompiledStatement& statement : policy->statements()) {
      if (!statement.MatchesAction(action)) continue;
      for (const policy::Condition& condition : statement.conditions()) {
        if (condition.key().lower != "kms:encryptioncontext:aws:s3:arn") continue;
        const bool lets_in = (statement.effect() == policy::Effect::kAllow) != condition.op().negated;
        for (const std::string& value : condition.ValuesFor(asking_.context)) {
          const bool matters = std::any_of(readable.begin(), readable.end(), [&value](const std::string& text) {
            return policy::Glob(value).Matches(text);
          });
          if (lets_in && matters) objects.push_back(value);
          if (!lets_in && !matters) except.push_back(value);
        }
      }
    }
  };
  for (const auto& policy : key_policies_.identity) add(policy);
  for (const auto& policy : key_policies_.boundary) add(policy);
  add(key_policies_.resource);
  if (!objects.empty()) answer.objects = std::move(objects);
  answer.except.insert(answer.except.end(), except.begin(), except.end());
}

Evaluation::Best Evaluation::Find(std::size_t number, const Inquiry& inquiry,
                                  const std::vector<policy::AccessPoint>& points) {
  // Nothing that follows asks for the place when there is neither a key nor somebody to read about it.
  const bool needs_place = inquiry.detailed || world_.key || world_.key_unknown || inquiry.direct.empty();
  Best best;
  if (needs_place) {
    best = Directly(number);
  } else {
    best.decision = best.without_key = inquiry.direct[number];
  }
  for (std::size_t i = 0; i < points.size() && best.decision != Decision::kAllowed; ++i) {
    Best through = Through(number, i, points[i]);
    const Decision without_key = policy::Better(best.without_key, through.without_key);
    if (policy::Better(best.decision, through.decision) != best.decision) best = std::move(through);
    best.without_key = without_key;
  }
  return best;
}

Evaluation::Best Evaluation::FindWith(std::size_t number, const std::shared_ptr<const policy::S3Settings>& settings,
                                      const std::vector<policy::AccessPoint>& points) {
  const auto kept = std::exchange(asking_.policies.s3, settings);
  Best best = Find(number, {}, points);
  asking_.policies.s3 = kept;
  return best;
}

// Why what was found is not certain: something that could not be read, and that would make it another answer.
std::string Evaluation::WhyOpen(std::size_t number, const Best& best) {
  const auto differs = [&best](const Best& other) { return Word(other.without_key) != Word(best.without_key); };
  const bool denied = policy::IsDenied(best.without_key);
  if (!denied && world_.strict != nullptr) {
    const auto& points = world_.strict_points.empty() ? world_.points : world_.strict_points;
    if (differs(FindWith(number, world_.strict, points))) return world_.strict_reason;
  }
  if (denied && world_.generous != nullptr && differs(FindWith(number, world_.generous, world_.points))) {
    return world_.generous_reason;
  }
  if (denied || !ask_.controls_decide || asking_.caller.is_service_linked) return "";
  const auto scps = world_.unread_scps.find(asking_.caller.account);
  if (scps != world_.unread_scps.end()) return scps->second;
  if (!world_.unread_rcps.empty()) return world_.unread_rcps;
  const bool uses_key = policy::KmsActionFor(world_.question.asks[number].action).has_value();
  return uses_key && !policy::IsDenied(best.decision) ? world_.unread_key_rcps : "";
}

// For those whose statements are not named: a policy that cannot be used, or a bound.
std::string Evaluation::WhyUndecided(const Best& best) const {
  for (const auto* group : {&asking_.policies.identity, &asking_.policies.boundary}) {
    for (const policy::PolicyPtr& policy : *group) {
      if (policy->error())
        return Printable(policy->name(), kShownObject) + " could not be used: " + policy->error()->message;
    }
  }
  const policy::PolicyPtr& resource = asking_.policies.resource;
  if (resource != nullptr && resource->error())
    return "the bucket policy could not be used: " + resource->error()->message;
  return best.point == Best::kDirect ? "its policies part the objects into more sets than are looked at"
                                     : "undetermined what the access point policy allows";
}

// What S3 asks of a request besides.
void Evaluation::AddCircumstances(const policy::Question::Ask& ask, ActionAnswer& answer) {
  const auto make_conditional = [&answer](const std::string& condition) {
    answer.decision = policy::Both(answer.decision, Decision::kConditional);
    answer.without_key = policy::Both(answer.without_key, Decision::kConditional);
    AddCondition(condition, answer);
  };
  const BucketFacts& bucket = facts_.bucket;
  if (asking_.caller.account != world_.question.resource_account) {
    if (!bucket.requester_pays.ok()) {
      Note(
          "undetermined whether the requester pays; if so, other accounts must agree to it, and unsigned requests are "
          "denied: " +
          bucket.requester_pays.error().message);
    } else if (*bucket.requester_pays && !asking_.caller.IsSigned()) {
      answer.decision = answer.without_key = Decision::kImplicitlyDenied;
      answer.reason = "the requester pays, so unsigned requests are denied";
    } else if (*bucket.requester_pays) {
      make_conditional("the request says that its sender pays (x-amz-request-payer)");
    }
  }
  if (ask.action.lower != "s3:deleteobjectversion" && ask.action.lower != "s3:putbucketversioning") return;
  if (!bucket.mfa_delete.ok()) {
    answer.as_read = answer.decision;
    answer.decision = answer.without_key = Decision::kUndecided;
    answer.reason = "undetermined whether the bucket has MFA delete: " + bucket.mfa_delete.error().message;
  } else if (*bucket.mfa_delete) {
    make_conditional("the request carries a code of the MFA device of the bucket's root user (MFA delete)");
  }
}

ActionAnswer Evaluation::Decide(std::size_t number, const Inquiry& inquiry) {
  const policy::Question::Ask& ask = world_.question.asks[number];
  ActionAnswer answer;
  answer.action = ask.action.text;
  answer.decision = answer.without_key = answer.as_read = Decision::kImplicitlyDenied;
  if (((inquiry.asks >> number) & 1U) == 0) return answer;
  Best best = Find(number, inquiry, world_.points);
  if (best.point != Best::kDirect) answer.through = world_.point_names[best.point];
  if (inquiry.detailed) Describe(ask, best, answer);
  if (const std::string why = WhyOpen(number, best); !why.empty()) {
    answer.without_key = Decision::kUndecided;
    answer.as_read = policy::IsDenied(best.decision) ? Decision::kImplicitlyDenied : best.decision;
    // Whatever the bucket's side is, the key stops it.
    const bool by_key = !policy::IsDenied(best.without_key) && policy::IsDenied(best.decision);
    answer.decision = by_key ? Decision::kImplicitlyDenied : Decision::kUndecided;
    answer.reason = by_key ? best.key.reason : why;
    return answer;
  }
  if (policy::IsDenied(best.without_key)) return answer;
  answer.decision = answer.as_read = best.decision;
  answer.without_key = best.without_key;
  if (!best.key.statement.empty()) answer.statements.push_back(best.key.statement);
  if (best.decision == Decision::kUndecided) {
    if (!best.key.reason.empty()) answer.reason = best.key.reason;
    if (answer.reason.empty()) answer.reason = WhyUndecided(best);
    return answer;
  }
  if (policy::IsDenied(answer.decision)) {
    answer.decision = answer.as_read = Decision::kImplicitlyDenied;
    answer.reason = best.key.reason;
  } else if (!best.key.condition.empty()) {
    AddCondition(best.key.condition, answer);
  }
  AddCircumstances(ask, answer);
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
  return BestInUse();
}

Decision Evaluation::DecideBest(const policy::Principal& principal, const Way& way) {
  Use(principal);
  if (way.endpoint.empty()) {
    for (const char* key : {"aws:SourceVpc", "aws:SourceVpce", "aws:VpcSourceIp"}) asking_.context.SetAbsent(key);
  } else {
    asking_.context.Set("aws:SourceVpc", way.vpc);
    asking_.context.Set("aws:SourceVpce", way.endpoint);
    // "aws:SourceIp ... isn't present when the request comes through a VPC endpoint."
    asking_.context.SetAbsent("aws:SourceIp");
    asking_.policies.endpoint = {way.policy};
  }
  return BestInUse();
}

Decision Evaluation::BestInUse() {
  Decision best = Decision::kImplicitlyDenied;
  for (std::size_t i = 0; i < world_.question.asks.size() && best != Decision::kAllowed; ++i) {
    best = policy::Better(best, Decide(i, {}).decision);
  }
  return best;
}

}  // namespace sallyport::reach
