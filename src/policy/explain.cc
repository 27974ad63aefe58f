// SPDX-License-Identifier: Apache-2.0
#include "policy/explain.h"

#include <string_view>
#include <utility>

#include "base/text.h"
#include "policy/limits.h"
#include "policy/pass.h"

namespace sallyport::policy {
namespace {

// Expressions; every part of every statement is recorded.
class FullAlgebra {
 public:
  using Value = Expression;
  static constexpr bool kRecords = true;

  FullAlgebra(const RequestView& request, Explanation& explanation) : request_(request), explanation_(explanation) {}

  static Expression True() { return Expression::True(); }
  static Expression False() { return Expression::False(); }
  static Expression And(const Expression& a, const Expression& b) { return Expression::And(a, b); }
  static Expression Or(const Expression& a, const Expression& b) { return Expression::Or(a, b); }

  Expression Open(const CompiledStatement& statement, const Condition& condition, Why why) {
    pending_.push_back({&condition, &statement, why});
    const ConditionElement& element = condition.element();
    return Expression::Of(
        Leaf{element.op, element.key, condition.ValuesFor(request_.context), false, StatementName(), why});
  }
  Expression OpenResource(const CompiledStatement& statement, Why why) {
    pending_.push_back({nullptr, &statement, why});
    Leaf leaf{"", "", {}, statement.source().resource->negated, StatementName(), why};
    for (const ResourcePattern& pattern : statement.resources()) leaf.values.push_back(pattern.text());
    return Expression::Of(std::move(leaf));
  }

  Expression OpenPrincipal(const CompiledStatement& statement) {
    pending_.push_back({nullptr, &statement, Why::kPrincipalHalfListed});
    return Expression::Of(Leaf{"", "NotPrincipal", {}, false, StatementName(), Why::kPrincipalHalfListed});
  }

  void NoteLevel(const std::string& level, const Expression& allows) {
    if (allows.IsFalse()) explanation_.empty_levels.push_back(level);
  }
  void BeginPolicy(const PolicyPtr& policy, std::string_view level) {
    explanation_.policies.push_back({policy->type(), std::string(level), policy->name(), {}});
  }
  void BeginStatement(const CompiledStatement& statement, bool action, Tri resource, Why why,
                      const PrincipalMatcher::Match& principal) {
    StatementTrace trace;
    trace.effect = statement.effect();
    trace.name = statement.Name();
    trace.has_principal = statement.principal().has_value();
    trace.principal = principal.means;
    trace.action = action;
    trace.resource = resource;
    trace.resource_why = why;
    trace.source = &statement.source();
    trace.half_listed = principal.half_listed;
    if (principal.half_listed) {
      trace.warnings.emplace_back(
          "NotPrincipal lists the principal without its account; AWS documents that it may be denied then");
    }
    if (principal.because_of_boundary) {
      trace.warnings.emplace_back("a Deny with NotPrincipal applies to every principal with a permissions boundary");
    }
    if (why == Why::kVariableMissing) {
      trace.warnings.emplace_back("a policy variable has no value, and so its pattern matches no resource");
    }
    NoteOddities(statement, trace);
    explanation_.policies.back().statements.push_back(std::move(trace));
    pending_.clear();
  }
  void Note(const Condition& condition, Tri result, Why why) {
    const KeyValue& value = request_.context.Find(condition.key());
    StatementTrace& trace = Latest();
    trace.conditions.push_back({condition.element().op, condition.element().key, condition.ValuesFor(request_.context),
                                value.state, value.values, result, why});
    if (why == Why::kSeveralValues) {
      trace.warnings.push_back(condition.element().key + " has several values, and " + condition.element().op +
                               " without ForAllValues or ForAnyValue is false for it");
    }
  }
  void EndStatement(Tri applies) {
    Latest().applies = applies;
    if (applies == Tri::kUnknown) open_.insert(open_.end(), pending_.begin(), pending_.end());
  }

  const std::vector<OpenCondition>& open() const { return open_; }

 private:
  StatementTrace& Latest() { return explanation_.policies.back().statements.back(); }
  std::string StatementName() { return explanation_.policies.back().name + "/" + Latest().name; }

  void NoteOddities(const CompiledStatement& statement, StatementTrace& trace) {
    const sallyport::policy::Statement& source = statement.source();
    if (source.principal && source.principal->negated && source.effect == Effect::kAllow) {
      trace.warnings.emplace_back("AWS no longer accepts NotPrincipal with Allow; it means everybody not listed");
    }
    if (!source.principal && explanation_.policies.back().type == PolicyType::kResource) {
      trace.warnings.emplace_back("a statement of a resource policy without a principal applies to no one");
    }
  }

  const RequestView request_;
  Explanation& explanation_;
  std::vector<OpenCondition> pending_;
  std::vector<OpenCondition> open_;
};

using FullPass = internal::Pass<FullAlgebra>;

// What would be without the policies that only limit: identity and resource policies with their own denies.
Tri GrantedByThemselves(const internal::FastPass& pass) {
  const auto unless = [](Tri deny, Tri allow) { return And(allow, Not(deny)); };
  internal::Sides<Tri> resource = pass.ResourceAllows();
  // Within one account a key policy's deny stops what its own allow and the identity side agree on.
  const bool one_side = pass.situation().needs_resource_policy && pass.situation().same_account;
  const Tri denied = one_side ? Tri::kFalse : pass.resource().deny;
  resource.account = unless(denied, resource.account);
  resource.role = unless(denied, resource.role);
  resource.direct = unless(denied, resource.direct);
  const Tri identity = unless(pass.identity().deny, pass.identity().direct);
  return pass.GrantWithin(Tri::kTrue, identity, resource);
}

std::vector<std::string> BlockedBy(const internal::FastPass& pass) {
  std::vector<std::string> blocked;
  const Tri granted = GrantedByThemselves(pass);
  // What is open, only this stops for certain.
  if (granted == Tri::kUnknown && pass.situation().cut_off == Tri::kTrue) blocked.emplace_back("s3-bpa");
  if (granted != Tri::kTrue) return blocked;
  const auto add = [&blocked](bool blocks, const char* name) {
    if (blocks) blocked.emplace_back(name);
  };
  const auto limits = [&pass](Tri allows) {
    return pass.GrantWithin(allows, pass.identity().direct, pass.ResourceAllows()) != Tri::kTrue;
  };
  add(pass.scp_deny() == Tri::kTrue || pass.scp_allow() == Tri::kFalse, "scp");
  add(pass.rcp().deny == Tri::kTrue, "rcp");
  add(pass.endpoint().deny == Tri::kTrue || pass.EndpointAllows() == Tri::kFalse, "vpce");
  add(pass.identity().deny == Tri::kTrue, "identity");
  add(pass.resource().deny == Tri::kTrue, "resource");
  add(pass.boundary().deny == Tri::kTrue || limits(pass.BoundaryAllows()), "pb");
  add(pass.session().deny == Tri::kTrue || limits(pass.SessionAllows()), "session");
  add(pass.situation().cut_off == Tri::kTrue, "s3-bpa");
  return blocked;
}

std::string ReasonFor(const internal::FastPass& pass, const Explanation& explanation) {
  if (const Policy* policy = pass.broken()) {
    return Printable(policy->name(), 100) + " (" + std::string(DisplayName(policy->type())) +
           ") could not be used: " + policy->error()->message;
  }
  if (pass.situation().cut_off == Tri::kUnknown) {
    return "RestrictPublicBuckets cuts this caller off if the policy is public, and whether aws:PrincipalOrgPaths with "
           "a "
           "wildcard makes it so is not documented";
  }
  for (const PolicyTrace& policy : explanation.policies) {
    for (const StatementTrace& statement : policy.statements) {
      if (statement.applies != Tri::kUnknown) continue;
      std::string place = "statement ";
      place.append(Printable(statement.name, 100)).append(" of `").append(Printable(policy.name, 100)).append("` ");
      if (statement.half_listed) return place + "lists the caller without its account in NotPrincipal";
      for (const ConditionTrace& condition : statement.conditions) {
        const std::string op = Printable(condition.op, 100);
        if (condition.why == Why::kOperatorUnsupported) {
          return std::string(place)
              .append("has the condition operator `")
              .append(op)
              .append("`, which this version does not know");
        }
        if (condition.why == Why::kKeyUnread) {
          return std::string(place)
              .append("hangs on ")
              .append(Printable(condition.key, 100))
              .append(", which could not be read");
        }
        if (condition.why == Why::kValueInvalid) {
          const std::string value = condition.policy_values.empty() ? "" : condition.policy_values.front();
          return std::string(place)
              .append("has a value under `")
              .append(op)
              .append("` that is not of its type: ")
              .append(Printable(value, 100));
        }
      }
    }
  }
  return "a policy leaves it open";
}

// What no statement shows.
void NoteSituation(const RequestView& request, const internal::Situation& situation, Explanation& explanation) {
  if (situation.reserved) {
    explanation.warnings.emplace_back(
        "AWS keeps this policy, role or alias to itself: no policy can allow changing it");
  } else if (request.caller.kind == Caller::Kind::kRoot) {
    explanation.warnings.emplace_back(
        "the root user needs no policy: only denies and the policies of the organization limit it");
  }
}

void CollectWarnings(Explanation& explanation) {
  for (const PolicyTrace& policy : explanation.policies) {
    for (const StatementTrace& statement : policy.statements) {
      // One about a statement that is for other actions or resources would only distract.
      if (!statement.action || statement.resource == Tri::kFalse) continue;
      for (const std::string& warning : statement.warnings) {
        explanation.warnings.push_back(policy.name + "/" + statement.name + ": " + warning);
      }
    }
  }
}

}  // namespace

Settled SettleConditional(const RequestView& asked, const PolicySet& policies, std::size_t most, SettleWork& work) {
  const internal::CheckedRequest checked(asked);
  const RequestView& request = checked.view();
  Explanation scratch;
  FullAlgebra algebra(request, scratch);
  FullPass full(request, policies, algebra);
  full.Run();
  return Settle(request, policies, algebra.open(), most, work);
}

Explanation Explain(const RequestView& asked, const PolicySet& policies) {
  Explanation explanation;
  explanation.decision = Decide(asked, policies);
  explanation.settled = explanation.decision;
  if (const auto decided = internal::DecidedWithoutPolicies(asked)) {
    explanation.condition = *decided == Decision::kAllowed ? Expression::True() : Expression::False();
    return explanation;
  }
  const internal::CheckedRequest checked(asked);
  const RequestView& request = checked.view();
  internal::TriAlgebra tri;
  internal::FastPass fast(request, policies, tri);
  fast.Run();
  FullAlgebra algebra(request, explanation);
  FullPass full(request, policies, algebra);
  full.Run();
  const bool cut_off = full.situation().cut_off != Tri::kFalse;
  explanation.condition = cut_off ? Expression::False() : Expression::And(full.Grant(), full.Deny().Not());
  if (policies.s3 != nullptr && request.action.lower.starts_with("s3:")) {
    explanation.acl_grants = AclGrantTexts(*policies.s3, request.caller, request.action);
  }
  CollectWarnings(explanation);
  NoteSituation(request, fast.situation(), explanation);
  if (explanation.decision != Decision::kAllowed) explanation.blocked_by = BlockedBy(fast);
  if (explanation.decision == Decision::kUndecided) explanation.reason = ReasonFor(fast, explanation);
  if (explanation.decision != Decision::kConditional) return explanation;
  SettleWork work;
  const Settled settled = Settle(request, policies, algebra.open(), limits::kAssignments, work);
  explanation.settled = settled.decision;
  explanation.settled_is_certain = settled.certain;
  explanation.allowed_when = settled.allowed;
  explanation.not_allowed_when = settled.not_allowed;
  return explanation;
}

}  // namespace sallyport::policy
