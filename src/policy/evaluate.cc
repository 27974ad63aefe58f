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
  if (request.action.lower.starts_with("kms:")) return request.resource.resource().starts_with("key/");
  // The role's trust policy also has to let a caller set session tags and the source identity.
  const std::string_view action = request.action.lower;
  const bool about_session =
      action.starts_with("sts:assumerole") || action == "sts:tagsession" || action == "sts:setsourceidentity";
  return about_session && request.resource.resource().starts_with("role/");
}

}  // namespace

Situation Assess(const RequestView& request, const PolicySet& policies) {
  Situation situation;
  const Caller& caller = request.caller;
  std::string_view owner = request.resource_account;
  if (policies.s3 != nullptr && request.action.lower.starts_with("s3:")) {
    const S3Settings& s3 = *policies.s3;
    const bool is_public = policies.resource != nullptr && policies.resource->is_public();
    situation.acl = AclAccessFor(s3, caller, request.action);
    situation.cut_off = IsCutOffByPublicAccessBlock(s3, is_public, caller, owner);
    situation.foreign_object = IsForeignObject(s3, request.action, owner);
    if (situation.foreign_object) owner = s3.object_owner;
  }
  situation.same_account = !caller.account.empty() && caller.account == owner;
  situation.needs_resource_policy = NeedsResourcePolicy(request);
  situation.reserved = IsReservedForAws(request);
  situation.scps_apply = !caller.account.empty() && !caller.is_service_linked;
  situation.rcps_apply = !caller.is_service_linked;
  situation.has_boundary = !policies.boundary.empty();
  situation.has_session = !policies.session.empty();
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
  if (pass.situation().cut_off) {
    return grant == Tri::kTrue && deny == Tri::kFalse ? Decision::kExplicitlyDenied : Decision::kImplicitlyDenied;
  }
  const bool open = deny == Tri::kUnknown || grant == Tri::kUnknown;
  // A condition that nobody can evaluate makes the answer open, whatever else is known.
  if (open && (pass.met_unsupported() || !three_valued)) return Decision::kUndecided;
  if (grant == Tri::kFalse) return Decision::kImplicitlyDenied;
  return open ? Decision::kConditional : Decision::kAllowed;
}

bool IsAlwaysAllowed(const RequestView& request) {
  return !request.caller.account.empty() && request.action.lower == "sts:getcalleridentity";
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

Signed DecideSigned(const RequestView& request, const PolicySet& policies) {
  if (internal::IsAlwaysAllowed(request)) return {Decision::kAllowed, 0};
  internal::TriAlgebra algebra;
  internal::FastPass pass(request, policies, algebra);
  pass.Run();
  return {internal::Conclude(pass, request.three_valued), pass.signature_holds() ? pass.signature() : 0};
}

Decision Decide(const RequestView& request, const PolicySet& policies) {
  return DecideSigned(request, policies).decision;
}

}  // namespace sallyport::policy
