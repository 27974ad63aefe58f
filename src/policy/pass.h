// SPDX-License-Identifier: Apache-2.0
//
// One pass over all policies for one request; internal to this folder. The rules stand here once and are used by both
// passes: the fast one computes with true, false and unknown and stops a statement at its first false part; the full
// one computes with expressions and records every part. What differs is the Algebra:
//
//   Value                     what is computed with
//   kRecords                  whether every part of a statement is looked at and noted
//   True(), False(), And(), Or()
//   Open(...)                 a condition whose truth is not known
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "policy/evaluate.h"
#include "policy/tri.h"

namespace sallyport::policy::internal {

// What the statements of one kind of policy say. `account`, `role` and `direct` are allows, parted by how strongly they
// mean the caller; policies without principals only use `direct`.
template <class Value>
struct Sides {
  Value deny;
  Value account;
  Value role;
  Value direct;
};

// What about the request, apart from the policies, decides which rules apply.
struct Situation {
  bool same_account = false;
  bool foreign_object = false;         // bucket policy allows cannot open it
  bool needs_resource_policy = false;  // KMS keys and role trust: the identity side counts only if that policy lets it
  bool scps_apply = false;
  bool rcps_apply = false;
  bool has_boundary = false;
  bool has_session = false;
  bool through_endpoint = false;
  AclAccess acl;
  Tri cut_off = Tri::kFalse;  // by Block Public Access; unknown: whether the policy is public is not documented
  bool reserved = false;      // AWS does not let this caller, or anybody, do this, whatever policies say
  // The root user of the bucket's owner, and the bucket's policy: nothing but endpoint policies and those of the
  // organization stop it.
  bool past_bucket_policy = false;
};
Situation Assess(const RequestView& request, const PolicySet& policies);

template <class Algebra>
class Pass {
 public:
  using Value = typename Algebra::Value;

  Pass(const RequestView& request, const PolicySet& policies, Algebra& algebra)
      : request_(request), policies_(policies), algebra_(algebra), situation_(Assess(request, policies)) {}

  void Run() {
    AddGroup(policies_.identity, {}, identity_);
    AddGroup(policies_.boundary, {}, boundary_);
    AddGroup(policies_.session, {}, session_);
    AddGroup(policies_.endpoint, {}, endpoint_);
    if (policies_.resource != nullptr) AddPolicy(policies_.resource, {}, resource_);
    scp_allow_ = algebra_.True();
    for (const PolicyLevel& level : policies_.scps) {
      if (!situation_.scps_apply) break;
      Sides<Value> sides = Nothing();
      AddGroup(level.policies, level.name, sides);
      scp_deny_ = algebra_.Or(scp_deny_, sides.deny);
      scp_allow_ = algebra_.And(scp_allow_, sides.direct);
      if constexpr (Algebra::kRecords) algebra_.NoteLevel(level.name, sides.direct);
    }
    for (const PolicyLevel& level : policies_.rcps) {
      if (situation_.rcps_apply) AddGroup(level.policies, level.name, rcp_);
    }
  }

  // What the policies deny; Block Public Access comes on top, see Conclude.
  Value Deny() const {
    Value deny = algebra_.False();
    for (const Value* one : {&endpoint_.deny, &scp_deny_, &rcp_.deny}) deny = algebra_.Or(deny, *one);
    if (situation_.past_bucket_policy) return deny;
    for (const Value* one : {&identity_.deny, &boundary_.deny, &session_.deny, &resource_.deny}) {
      deny = algebra_.Or(deny, *one);
    }
    return deny;
  }

  // Section 5 of the contract, without the denies.
  Value Grant() const {
    const Value limits = algebra_.And(BoundaryAllows(), SessionAllows());
    Value grant = GrantWithin(limits, identity_.direct, ResourceAllows());
    grant = algebra_.And(grant, scp_allow_);
    return algebra_.And(grant, EndpointAllows());
  }

  // What a bucket policy and ACLs allow, ACL grants counted as the bucket policy grants that they are like.
  Sides<Value> ResourceAllows() const {
    Sides<Value> allows = situation_.foreign_object ? Nothing() : resource_;
    if (situation_.acl.to_account) allows.account = algebra_.True();
    if (situation_.acl.to_everyone) allows.direct = algebra_.True();
    return allows;
  }

  Value GrantWithin(const Value& limits, const Value& identity_allow, const Sides<Value>& resource) const {
    if (situation_.reserved) return algebra_.False();
    if (situation_.past_bucket_policy) return algebra_.True();
    // Nobody but the resource's side speaks for these.
    if (request_.caller.account.empty()) return resource.direct;
    // "The account root user ... has complete access to all AWS services and resources in the account"; what limits it
    // are denies and the policies of the organization ("AWS account root user").
    const bool is_root = request_.caller.kind == Caller::Kind::kRoot;
    const Value identity = algebra_.And(is_root ? algebra_.True() : identity_allow, limits);
    const Value any_resource = algebra_.Or(resource.direct, algebra_.Or(resource.role, resource.account));
    if (!situation_.same_account) return algebra_.And(identity, any_resource);
    // A grant to the session or to everyone is not limited by what boundary and session policy do not allow; one to the
    // role is.
    const Value by_resource = algebra_.Or(resource.direct, algebra_.And(resource.role, limits));
    const Value by_identity = situation_.needs_resource_policy ? algebra_.And(identity, any_resource) : identity;
    return algebra_.Or(by_identity, by_resource);
  }

  Value BoundaryAllows() const { return situation_.has_boundary ? boundary_.direct : algebra_.True(); }
  Value SessionAllows() const { return situation_.has_session ? session_.direct : algebra_.True(); }
  Value EndpointAllows() const {
    if (!situation_.through_endpoint) return algebra_.True();
    return algebra_.Or(endpoint_.direct, algebra_.Or(endpoint_.role, endpoint_.account));
  }

  const Situation& situation() const { return situation_; }
  const Sides<Value>& identity() const { return identity_; }
  const Sides<Value>& boundary() const { return boundary_; }
  const Sides<Value>& session() const { return session_; }
  const Sides<Value>& endpoint() const { return endpoint_; }
  const Sides<Value>& resource() const { return resource_; }
  const Sides<Value>& rcp() const { return rcp_; }
  const Value& scp_deny() const { return scp_deny_; }
  const Value& scp_allow() const { return scp_allow_; }
  // The first policy that could not be read, or null.
  const Policy* broken() const { return broken_; }
  // Whether a statement that may apply has a part that nobody can evaluate: an operator that is not known, a value that
  // is none of the operator's, a NotPrincipal that lists the caller without its account.
  bool met_unsupported() const { return met_unsupported_; }
  // See Signed.
  std::uint64_t signature() const {
    const bool flags[] = {situation_.same_account,      situation_.foreign_object,  situation_.needs_resource_policy,
                          situation_.has_boundary,      situation_.has_session,     situation_.through_endpoint,
                          situation_.acl.to_account,    situation_.acl.to_everyone, situation_.reserved,
                          situation_.past_bucket_policy};
    std::uint64_t bits = signature_ * 3 + static_cast<std::uint64_t>(situation_.cut_off);
    for (const bool flag : flags) bits = bits * 3 + (flag ? 2 : 1);
    return bits;
  }
  bool signature_holds() const { return signature_holds_; }

 private:
  Sides<Value> Nothing() const { return {algebra_.False(), algebra_.False(), algebra_.False(), algebra_.False()}; }

  void AddGroup(const std::vector<PolicyPtr>& policies, std::string_view level, Sides<Value>& sides) {
    for (const PolicyPtr& policy : policies) AddPolicy(policy, level, sides);
  }

  void AddPolicy(const PolicyPtr& policy, std::string_view level, Sides<Value>& sides) {
    if (policy->error().has_value()) {
      if (broken_ == nullptr) broken_ = policy.get();
      return;
    }
    if constexpr (Algebra::kRecords) {
      algebra_.BeginPolicy(policy, level);
      for (const CompiledStatement& statement : policy->statements()) AddStatement(*policy, statement, sides);
    } else {
      for (const CompiledStatement* statement : policy->ForService(request_.action.service_hash)) {
        AddStatement(*policy, *statement, sides);
      }
      for (const CompiledStatement* statement : policy->ForAnyService()) AddStatement(*policy, *statement, sides);
    }
  }

  PrincipalMatcher::Match MatchPrincipal(const Policy& policy, const CompiledStatement& statement) const {
    if (statement.principal()) {
      return statement.principal()->Matches(request_.caller, statement.effect(), situation_.has_boundary);
    }
    // In a resource policy AWS does not accept a statement without; it means nobody. The others limit, for everyone.
    return {policy.type() == PolicyType::kResource ? Means::kNot : Means::kEveryone, false, false};
  }

  void AddStatement(const Policy& policy, const CompiledStatement& statement, Sides<Value>& sides) {
    const bool action = statement.MatchesAction(request_.action);
    if (!Algebra::kRecords && !action) return;
    Why why = Why::kCompared;
    const Tri resource = request_.view != nullptr ? request_.view->Matches(statement)
                                                  : statement.MatchesResource(request_.resource, request_.context, why);
    if (!Algebra::kRecords && resource == Tri::kFalse) return;
    const PrincipalMatcher::Match principal = MatchPrincipal(policy, statement);
    if (!Algebra::kRecords && principal.means == Means::kNot) return;
    if constexpr (Algebra::kRecords) algebra_.BeginStatement(statement, action, resource, why, principal);

    Tri applies = And(ToTri(action && principal.means != Means::kNot), resource);
    Value value = resource == Tri::kUnknown ? algebra_.OpenResource(statement, why) : algebra_.True();
    bool unsupported = principal.half_listed;
    if (unsupported) {
      applies = And(applies, Tri::kUnknown);
      value = algebra_.And(value, algebra_.OpenPrincipal(statement));
    }
    std::uint64_t open = resource == Tri::kUnknown ? 1 : 0;
    for (const Condition& condition : statement.conditions()) {
      const Tri result = condition.Evaluate(request_.context, why);
      if (!Algebra::kRecords && result == Tri::kFalse) return;
      if constexpr (Algebra::kRecords) algebra_.Note(condition, result, why);
      applies = And(applies, result);
      open = open * 3 + static_cast<std::uint64_t>(result);
      if (result != Tri::kUnknown) continue;
      unsupported =
          unsupported || why == Why::kOperatorUnsupported || why == Why::kValueInvalid || why == Why::kKeyUnread;
      signature_holds_ = signature_holds_ && !condition.has_variables();
      value = algebra_.And(value, algebra_.Open(statement, condition, why));
    }
    if constexpr (Algebra::kRecords) algebra_.EndStatement(applies);
    if (applies == Tri::kFalse) return;
    met_unsupported_ = met_unsupported_ || unsupported;
    Sign(statement, open, principal.means);
    if (resource == Tri::kUnknown) signature_holds_ = false;
    Value& slot = Slot(statement, principal.means, sides);
    slot = algebra_.Or(slot, value);
  }

  Value& Slot(const CompiledStatement& statement, Means means, Sides<Value>& sides) const {
    if (statement.effect() == Effect::kDeny) return sides.deny;
    if (means == Means::kAccount) return sides.account;
    return means == Means::kRole ? sides.role : sides.direct;
  }

  void Sign(const CompiledStatement& statement, std::uint64_t open, Means means) {
    const auto place = reinterpret_cast<std::uintptr_t>(&statement);
    for (const std::uint64_t part : {static_cast<std::uint64_t>(place), open, static_cast<std::uint64_t>(means)}) {
      signature_ = (signature_ ^ part) * 0x9E3779B97F4A7C15ULL;
      signature_ ^= signature_ >> 29;
    }
  }

  const RequestView request_;
  const PolicySet& policies_;
  Algebra& algebra_;
  Situation situation_;
  Sides<Value> identity_ = Nothing();
  Sides<Value> boundary_ = Nothing();
  Sides<Value> session_ = Nothing();
  Sides<Value> endpoint_ = Nothing();
  Sides<Value> resource_ = Nothing();
  Sides<Value> rcp_ = Nothing();
  Value scp_deny_ = algebra_.False();
  Value scp_allow_ = algebra_.True();
  const Policy* broken_ = nullptr;
  bool met_unsupported_ = false;
  bool signature_holds_ = true;
  std::uint64_t signature_ = 1469598103934665603ULL;
};

// True, false and unknown; nothing is recorded.
struct TriAlgebra {
  using Value = Tri;
  static constexpr bool kRecords = false;

  static Tri True() { return Tri::kTrue; }
  static Tri False() { return Tri::kFalse; }
  static Tri And(Tri a, Tri b) { return policy::And(a, b); }
  static Tri Or(Tri a, Tri b) { return policy::Or(a, b); }
  static Tri Open(const CompiledStatement&, const Condition&, Why) { return Tri::kUnknown; }
  static Tri OpenResource(const CompiledStatement&, Why) { return Tri::kUnknown; }
  static Tri OpenPrincipal(const CompiledStatement&) { return Tri::kUnknown; }
};
using FastPass = Pass<TriAlgebra>;

// The decision that a finished fast pass comes to.
Decision Conclude(const FastPass& pass, bool three_valued);
// Where no policy has a say: sts:GetCallerIdentity of a signed caller; sts:GetSessionToken, which takes a user's own
// keys and no permission ("Permissions for GetSessionToken").
std::optional<Decision> DecidedWithoutPolicies(const RequestView& request);

// The request as AWS checks it: s3:ListAllMyBuckets, which has no resource of its own, is also granted on
// `arn:aws:s3:::*`. Refers to the request's parts, so they and this must outlive what is made of view().
class CheckedRequest {
 public:
  explicit CheckedRequest(const RequestView& request);
  CheckedRequest(const CheckedRequest&) = delete;
  CheckedRequest& operator=(const CheckedRequest&) = delete;

  const RequestView& view() const { return view_; }

 private:
  std::optional<Arn> all_buckets_;
  RequestView view_;
};

}  // namespace sallyport::policy::internal
