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
  Document document;
  document.statements.push_back({"", Effect::kAllow, std::nullopt, {false, {"*"}}, PatternElement{false, {"*"}}, {}});
  return Policy::FromDocument("decided before", PolicyType::kIdentity, document);
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

Decision DecideKey(const RequestView& s3_request, const PolicySet& policies, const EncryptionKey& key,
                   std::string_view region, bool with_bucket_key) {
  const std::optional<std::string> name = KmsActionFor(s3_request.action);
  if (!name) return Decision::kAllowed;
  if (key.is_aws_managed) {
    return s3_request.caller.account == key.account ? Decision::kAllowed : Decision::kImplicitlyDenied;
  }
  Context context(KeyState::kUnknown, &s3_request.context);
  context.Set("kms:ViaService", "s3." + std::string(region) + ".amazonaws.com");
  const std::string encrypted =
      with_bucket_key ? std::string(s3_request.resource.head()) + std::string(BucketOf(s3_request.resource))
                      : s3_request.resource.text();
  context.Set("kms:EncryptionContext:aws:s3:arn", encrypted);
  context.SetList("kms:EncryptionContextKeys", {"aws:s3:arn"});
  context.Set("aws:ResourceAccount", key.account);
  PolicySet for_key = policies;
  for_key.resource = key.policy;
  for_key.rcps = key.rcps;
  for_key.s3 = nullptr;
  const ActionName action(*name);
  const Arn resource(key.arn);
  return Decide(RequestView(s3_request.caller, action, resource, key.account, context, s3_request.three_valued),
                for_key);
}

void SetAccessPointKeys(const AccessPoint& point, Context& context) {
  context.Set("s3:DataAccessPointArn", point.arn);
  context.Set("s3:DataAccessPointAccount", point.account);
  context.Set("s3:AccessPointNetworkOrigin", point.vpc_origin ? "VPC" : "Internet");
}

Decision DecideThroughAccessPoint(const RequestView& request, const PolicySet& policies, const AccessPoint& point) {
  Context context(KeyState::kUnknown, &request.context);
  SetAccessPointKeys(point, context);

  PolicySet at_point = policies;
  at_point.resource = point.policy;
  at_point.rcps.clear();  // they are the bucket's, and asked with it
  auto settings = std::make_shared<S3Settings>();
  settings->acls_disabled = true;
  settings->restrict_public_buckets =
      point.restrict_public_buckets || (policies.s3 != nullptr && policies.s3->restrict_public_buckets);
  at_point.s3 = settings;
  const Arn through(ThroughPoint(point, request.resource));
  const Decision first = Decide(
      RequestView(request.caller, request.action, through, point.account, context, request.three_valued), at_point);
  if (IsDenied(first)) return first;

  PolicySet at_bucket;
  at_bucket.identity = {AllowsEverything()};
  at_bucket.resource = policies.resource;
  at_bucket.rcps = policies.rcps;
  at_bucket.s3 = policies.s3;
  const Decision second = Decide(RequestView(request.caller, request.action, request.resource, request.resource_account,
                                             context, request.three_valued),
                                 at_bucket);
  return Both(first, second);
}

}  // namespace sallyport::policy
