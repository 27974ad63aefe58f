// SPDX-License-Identifier: Apache-2.0
#include "policy/s3_access.h"

#include <algorithm>
#include <memory>

namespace sallyport::policy {
namespace {

std::string_view BucketOf(const Arn& object) {
  const std::string_view resource = object.resource();
  return resource.substr(0, resource.find('/'));
}

// Stands for the caller's side where another decision has already asked it.
PolicyPtr AllowsEverything() {
  static const PolicyPtr policy = [] {
    Document document;
    document.statements.push_back({"", Effect::kAllow, std::nullopt, {false, {"*"}}, PatternElement{false, {"*"}}, {}});
    return Policy::FromDocument("decided before", PolicyType::kIdentity, document);
  }();
  return policy;
}

PolicyPtr LetsEveryoneIn() {
  static const PolicyPtr policy = [] {
    PrincipalElement everyone;
    everyone.everyone = true;
    Document document;
    document.statements.push_back({"", Effect::kAllow, everyone, {false, {"*"}}, PatternElement{false, {"*"}}, {}});
    return Policy::FromDocument("grant", PolicyType::kResource, document);
  }();
  return policy;
}

// arn:aws:s3:::b/reports/x -> arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME/object/reports/x
std::string ThroughPoint(const AccessPoint& point, const Arn& resource) {
  const std::string_view path = resource.resource();
  const std::size_t slash = path.find('/');
  return slash == std::string_view::npos ? point.arn : point.arn + "/object" + std::string(path.substr(slash));
}

}  // namespace

Decision Both(Decision a, Decision b) {
  for (const Decision one :
       {Decision::kUndecided, Decision::kExplicitlyDenied, Decision::kImplicitlyDenied, Decision::kConditional}) {
    if (a == one || b == one) return one;
  }
  return Decision::kAllowed;
}

std::optional<std::string> KmsActionFor(const ActionName& s3_action) {
  for (const std::string_view read :
       {"s3:getobject", "s3:getobjectversion", "s3:getobjectattributes", "s3:getobjecttorrent"}) {
    if (s3_action.lower == read) return "kms:Decrypt";
  }
  for (const std::string_view write : {"s3:putobject", "s3:replicateobject"}) {
    if (s3_action.lower == write) return "kms:GenerateDataKey";
  }
  return std::nullopt;
}

PolicySet PoliciesForKey(const PolicySet& policies, const EncryptionKey& key) {
  PolicySet for_key = policies;
  for_key.resource = key.policy;
  for_key.rcps = key.rcps;
  for_key.s3 = nullptr;
  // A VPC endpoint of S3 has no say in what S3 asks of KMS.
  for_key.endpoint.clear();
  return for_key;
}

KeyRequest::KeyRequest(const RequestView& s3_request, const PolicySet& policies, const EncryptionKey& key,
                       std::string_view region, bool with_bucket_key)
    : context_(KeyState::kUnknown, &s3_request.context),
      action_(KmsActionFor(s3_request.action).value_or("")),
      resource_(key.arn),
      policies_(PoliciesForKey(policies, key)),
      view_(s3_request.caller, action_, resource_, key.account, context_, s3_request.three_valued) {
  context_.Set("kms:ViaService", "s3." + std::string(region) + ".amazonaws.com");
  context_.Set("kms:EncryptionContext:aws:s3:arn",
               with_bucket_key ? std::string(s3_request.resource.head()) + std::string(BucketOf(s3_request.resource))
                               : s3_request.resource.text());
  context_.SetList("kms:EncryptionContextKeys", {"aws:s3:arn"});
  context_.Set("aws:ResourceAccount", key.account);
  context_.Set("aws:ViaAWSService", "true");
  if (!s3_request.caller.account.empty()) context_.Set("kms:CallerAccount", s3_request.caller.account);
}

Decision DecideKey(const RequestView& s3_request, const PolicySet& policies, const EncryptionKey& key,
                   std::string_view region, bool with_bucket_key) {
  if (!KmsActionFor(s3_request.action)) return Decision::kAllowed;
  if (key.is_aws_managed) {
    return s3_request.caller.account == key.account ? Decision::kAllowed : Decision::kImplicitlyDenied;
  }
  const KeyRequest request(s3_request, policies, key, region, with_bucket_key);
  return Decide(request.view(), request.policies());
}

Decision DecideKeyWithGrant(const KeyRequest& request) {
  PolicySet policies = request.policies();
  policies.identity.push_back(AllowsEverything());
  if (!policies.boundary.empty()) policies.boundary.push_back(AllowsEverything());
  if (!policies.session.empty()) policies.session.push_back(AllowsEverything());
  // A resource policy that lets everyone in stands for the grant; what the key's own policy denies is kept beside it.
  if (policies.resource != nullptr) policies.identity.push_back(policies.resource);
  policies.resource = LetsEveryoneIn();
  return Decide(request.view(), policies);
}

void SetAccessPointKeys(const AccessPoint& point, Context& context) {
  context.Set("s3:DataAccessPointArn", point.arn);
  context.Set("s3:DataAccessPointAccount", point.account);
  context.Set("s3:AccessPointNetworkOrigin", point.vpc_origin ? "VPC" : "Internet");
}

PolicySet PoliciesAtPoint(const PolicySet& policies, const AccessPoint& point) {
  PolicySet at_point = policies;
  at_point.resource = point.policy;
  at_point.rcps.clear();  // they are the bucket's, and asked with it
  auto settings = std::make_shared<S3Settings>();
  settings->acls_disabled = true;
  settings->restrict_public_buckets =
      !point.vpc_origin &&
      (point.restrict_public_buckets || (policies.s3 != nullptr && policies.s3->restrict_public_buckets));
  at_point.s3 = settings;
  return at_point;
}

PolicySet PoliciesAtBucket(const PolicySet& policies, bool is_same_account) {
  PolicySet at_bucket = policies;
  at_bucket.endpoint.clear();  // asked with the access point
  // A caller of another account has named the access point in its own policies; of the bucket's ARN only what they deny
  // counts.
  if (!is_same_account) {
    at_bucket.identity.push_back(AllowsEverything());
    if (!at_bucket.boundary.empty()) at_bucket.boundary.push_back(AllowsEverything());
    if (!at_bucket.session.empty()) at_bucket.session.push_back(AllowsEverything());
  }
  return at_bucket;
}

Decision DecideThroughAccessPoint(const RequestView& request, const PolicySet& policies, const AccessPoint& point,
                                  const AccessPointViews& views) {
  Context context(KeyState::kUnknown, &request.context);
  SetAccessPointKeys(point, context);
  const Arn through(ThroughPoint(point, request.resource));
  RequestView at_point(request.caller, request.action, through, point.account, context, request.three_valued);
  at_point.view = views.point;
  const Decision first = Decide(at_point, PoliciesAtPoint(policies, point));
  if (IsDenied(first)) return first;
  const auto at_bucket = [&](std::string_view owner, bool is_same_account) {
    RequestView view(request.caller, request.action, request.resource, owner, context, request.three_valued);
    view.view = views.bucket;
    return Decide(view, PoliciesAtBucket(policies, is_same_account));
  };
  if (request.caller.account != request.resource_account)
    return Both(first, at_bucket(request.resource_account, false));
  // Inside the account the caller's own policies may allow the bucket, or the bucket's may delegate, be it to the
  // account as a whole.
  const Decision own = at_bucket(request.resource_account, true);
  return Both(first, own == Decision::kAllowed ? own : Better(own, at_bucket("", false)));
}

}  // namespace sallyport::policy
