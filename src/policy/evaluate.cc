// SPDX-License-Identifier: Apache-2.0
#include "policy/evaluate.h"

#include "policy/pass.h"
#include "policy/reserved.h"

namespace sallyport::policy {
namespace internal {
namespace {

// Key policies and role trust policies have to let the identity side in, even within one account ("Key policies in AWS
// KMS": "no principal has permission unless it is explicitly allowed ... in a key policy, IAM policy or grant" and the
// key policy must "allow the account to use IAM policies").
bool NeedsResourcePolicy(const RequestView& request) {
  if (request.action.is_kms()) return request.resource.resource().starts_with("key/");
  // The role's trust policy also has to let a caller set session tags and the source identity.
  const std::string_view action = request.action.lower;
  const bool about_session =
      action.starts_with("sts:assumerole") || action == "sts:tagsession" || action == "sts:setsourceidentity";
  return about_session && request.resource.resource().starts_with("role/");
}

std::optional<Arn> AllBuckets(const RequestView& request) {
  if (request.action.rule != ActionName::Rule::kListAllMyBuckets || request.resource.text() != "*") return std::nullopt;
  const std::string& partition = request.caller.partition;
  return Arn("arn:" + (partition.empty() ? "aws" : partition) + ":s3:::*");
}

}  // namespace

Situation Assess(const RequestView& request, const PolicySet& policies) {
  Situation situation;
  const Caller& caller = request.caller;
  std::string_view owner = request.resource_account;
  if (policies.s3 != nullptr && request.action.is_s3) {
    const S3Settings& s3 = *policies.s3;
    const Tri is_public = policies.resource != nullptr ? policies.resource->is_public() : Tri::kFalse;
    situation.acl = AclAccessFor(s3, caller, request.action);
    situation.cut_off = IsCutOffByPublicAccessBlock(s3, is_public, caller, owner);
    situation.foreign_object = IsForeignObject(s3, request.action, owner);
    if (situation.foreign_object) owner = s3.object_owner;
  }
  situation.same_account = !caller.account.empty() && caller.account == owner;
  situation.needs_resource_policy = NeedsResourcePolicy(request);
  situation.reserved = IsReservedForAws(request) || IsForOwnerOnly(request);
  situation.past_bucket_policy = caller.kind == Caller::Kind::kRoot && caller.account == request.resource_account &&
                                 request.action.rule == ActionName::Rule::kBucketPolicy;
  situation.scps_apply = !caller.account.empty() && !caller.is_service_linked;
  // "kms:RetireGrant permissions are not effective in an RCP."
  situation.rcps_apply = !caller.is_service_linked && request.action.rule != ActionName::Rule::kRetireGrant;
  situation.has_boundary = !policies.boundary.empty();
  // GetFederationToken: a session that was made without a policy has no permissions, but those of a resource policy
  // that names it.
  situation.has_session = !policies.session.empty() || caller.kind == Caller::Kind::kFederated;
  situation.through_endpoint = !policies.endpoint.empty();
  return situation;
}

Decision Conclude(const FastPass& pass, bool three_valued) {
  if (pass.broken() != nullptr) return Decision::kUndecided;
  const Tri deny = pass.Deny();
  if (deny == Tri::kTrue) return Decision::kExplicitlyDenied;
  const Tri grant = pass.Grant();
  // Block Public Access stops what the policies would let through; where they do not, there is nothing to stop. That it
  // is denied is certain also where they leave open which of the two it is.
  if (pass.situation().cut_off == Tri::kTrue) {
    return grant == Tri::kTrue && deny == Tri::kFalse ? Decision::kExplicitlyDenied : Decision::kImplicitlyDenied;
  }
  // Nothing that is open can give what nothing grants.
  if (grant == Tri::kFalse) return Decision::kImplicitlyDenied;
  if (pass.situation().cut_off == Tri::kUnknown) return Decision::kUndecided;
  const bool open = deny == Tri::kUnknown || grant == Tri::kUnknown;
  // What nobody can evaluate makes the answer open, whatever else is known.
  if (open && (pass.met_unsupported() || !three_valued)) return Decision::kUndecided;
  return open ? Decision::kConditional : Decision::kAllowed;
}

std::optional<Decision> DecidedWithoutPolicies(const RequestView& request) {
  using Rule = ActionName::Rule;
  const Rule rule = request.action.rule;
  if (rule != Rule::kGetCallerIdentity && rule != Rule::kGetSessionToken) return std::nullopt;
  const Caller& caller = request.caller;
  if (caller.account.empty()) return std::nullopt;
  if (rule == Rule::kGetCallerIdentity) return Decision::kAllowed;
  const bool has_own_keys = caller.kind == Caller::Kind::kUser || caller.kind == Caller::Kind::kRoot;
  return has_own_keys ? Decision::kAllowed : Decision::kImplicitlyDenied;
}

CheckedRequest::CheckedRequest(const RequestView& request)
    : all_buckets_(AllBuckets(request)),
      view_(request.caller, request.action, all_buckets_ ? *all_buckets_ : request.resource, request.resource_account,
            request.context, request.three_valued) {
  view_.view = request.view;
}

}  // namespace internal

std::string_view ToString(Decision decision) {
  switch (decision) {
    case Decision::kAllowed:
      return "Allowed";
    case Decision::kConditional:
      return "AllowedIf";
    case Decision::kExplicitlyDenied:
      return "ExplicitlyDenied";
    case Decision::kImplicitlyDenied:
      return "ImplicitlyDenied";
    case Decision::kUndecided:
      return "CouldNotDecide";
  }
  return "";
}

Decision Better(Decision a, Decision b) {
  const auto rank = [](Decision decision) {
    switch (decision) {
      case Decision::kAllowed:
        return 4;
      case Decision::kConditional:
        return 3;
      case Decision::kUndecided:
        return 2;
      case Decision::kImplicitlyDenied:
        return 1;
      case Decision::kExplicitlyDenied:
        break;
    }
    return 0;
  };
  return rank(a) >= rank(b) ? a : b;
}

namespace {

Signed SignedByPass(const RequestView& request, const PolicySet& policies) {
  internal::TriAlgebra algebra;
  internal::FastPass pass(request, policies, algebra);
  pass.Run();
  return {internal::Conclude(pass, request.three_valued), pass.signature_holds() ? pass.signature() : 0};
}

}  // namespace

Signed DecideSigned(const RequestView& request, const PolicySet& policies) {
  if (request.action.rule == ActionName::Rule::kNone) return SignedByPass(request, policies);
  if (const auto decided = internal::DecidedWithoutPolicies(request)) return {*decided, 0};
  return SignedByPass(internal::CheckedRequest(request).view(), policies);
}

Decision Decide(const RequestView& request, const PolicySet& policies) {
  return DecideSigned(request, policies).decision;
}

}  // namespace sallyport::policy
