// SPDX-License-Identifier: Apache-2.0
#include "tests/policy/vector.h"

#include <fstream>
#include <iterator>
#include <utility>

#include "policy/explain.h"
#include "policy/object_set.h"

namespace sallyport::policy {
namespace {

constexpr std::size_t kFileBytes = std::size_t{64} * 1024 * 1024;

Result<std::vector<PolicyPtr>> ReadPolicies(const Json& list, PolicyType type) {
  std::vector<PolicyPtr> policies;
  if (list.HasValue() && !list.IsArray()) return Error{ErrorCode::kInvalidInput, list.Path() + ": expected a list", ""};
  for (const Json& one : list.Elements()) {
    const Json document = one["policy"];
    if (document.IsMissing()) return Error{ErrorCode::kInvalidInput, one.Path() + ": has no `policy`", ""};
    policies.push_back(Policy::FromText(one["name"].StringOr(""), type, document.ToText()));
  }
  return policies;
}

Result<std::vector<PolicyLevel>> ReadLevels(const Json& list, PolicyType type) {
  std::vector<PolicyLevel> levels;
  for (const Json& one : list.Elements()) {
    Result<std::vector<PolicyPtr>> policies = ReadPolicies(one["policies"], type);
    if (!policies.ok()) return policies.error();
    levels.push_back({one["orgIdentifier"].StringOr(""), *std::move(policies)});
  }
  return levels;
}

std::vector<AclGrant> ReadAcl(const Json& list) {
  std::vector<AclGrant> grants;
  for (const Json& one : list.Elements()) {
    AclGrant grant;
    const Json grantee = one["grantee"];
    if (grantee["type"].StringOr("") == "CanonicalUser") {
      grant.grantee = AclGrant::Grantee::kAccount;
      grant.account = grantee["accountId"].StringOr("");
    } else {
      grant.grantee = ParseAclGroup(grantee["uri"].StringOr(""));
    }
    const std::optional<AclPermission> permission = ParseAclPermission(one["permission"].StringOr(""));
    if (!permission) continue;
    grant.permission = *permission;
    grants.push_back(std::move(grant));
  }
  return grants;
}

std::shared_ptr<const S3Settings> ReadS3(const Json& place) {
  if (!place.HasValue()) return nullptr;
  auto settings = std::make_shared<S3Settings>();
  settings->restrict_public_buckets = place["restrictPublicBuckets"].BoolOr(false);
  settings->ignore_public_acls = place["ignorePublicAcls"].BoolOr(false);
  settings->acls_disabled = place["objectOwnership"].StringOr("") == "BucketOwnerEnforced";
  settings->bucket_acl = ReadAcl(place["bucketAcl"]);
  settings->object_acl = ReadAcl(place["objectAcl"]);
  settings->object_owner = place["objectOwnerAccountId"].StringOr("");
  return settings;
}

std::string ValueText(const Json& value) {
  return value.IsString() ? value.StringOr("") : value.ToText();
}

void ReadContext(const Json& variables, bool without_bucket_tags, Context& context) {
  for (const Json::Member& member : variables.Members()) {
    const std::string lower = KeyName(member.key).lower;
    const bool bucket_tag = lower.starts_with("aws:resourcetag/") || lower.starts_with("s3:buckettag/");
    if (bucket_tag && without_bucket_tags) continue;
    if (!member.value.IsArray()) {
      context.Set(member.key, ValueText(member.value));
      continue;
    }
    std::vector<std::string> values;
    for (const Json& value : member.value.Elements()) values.push_back(ValueText(value));
    context.SetList(member.key, std::move(values));
  }
}

Status ReadRequest(const Json& place, Vector& vector) {
  const Json request = place["request"];
  const std::string principal = request["principal"].StringOr("");
  // S3 puts a bucket's tags into the request only when ABAC is switched on for the bucket. Access points, whose ARNs
  // name an account, have tags of their own.
  const std::string resource = request["resource"]["resource"].StringOr("");
  const bool is_bucket = ActionName(request["action"].StringOr("")).lower.starts_with("s3:") &&
                         (resource == "*" || resource.find(":s3:::") != std::string::npos);
  vector.context = std::make_shared<Context>();
  ReadContext(request["contextVariables"], is_bucket && !place["s3"]["bucketAbacEnabled"].BoolOr(false),
              *vector.context);
  const KeyValue& arn = vector.context->Find(KeyName("aws:PrincipalArn"));
  const std::string role_arn = arn.state == KeyState::kKnown && !arn.multivalued ? arn.values.front() : "";
  Result<Caller> caller = ParseCaller(principal, role_arn);
  if (!caller.ok()) return caller.error();
  vector.request.caller = *std::move(caller);
  vector.request.action = ActionName(request["action"].StringOr(""));
  const bool wildcard_only = request["wildcardOnlyAction"].BoolOr(false);
  vector.request.resource = Arn(wildcard_only ? "*" : resource);
  vector.request.resource_account = request["resource"]["accountId"].StringOr("");
  vector.request.context = vector.context.get();
  vector.is_pattern = place["requestPattern"].BoolOr(request["requestPattern"].BoolOr(false)) && !wildcard_only;
  return Ok();
}

template <class T>
bool Take(Result<T> from, T& to, Status& status) {
  if (!from.ok()) {
    if (status.ok()) status = from.error();
    return false;
  }
  to = *std::move(from);
  return true;
}

Status ReadPolicySet(const Json& place, PolicySet& policies) {
  Status status = Ok();
  Take(ReadPolicies(place["identityPolicies"], PolicyType::kIdentity), policies.identity, status);
  Take(ReadPolicies(place["permissionBoundaryPolicies"], PolicyType::kBoundary), policies.boundary, status);
  Take(ReadPolicies(place["sessionPolicies"], PolicyType::kSession), policies.session, status);
  Take(ReadPolicies(place["vpcEndpointPolicies"], PolicyType::kEndpoint), policies.endpoint, status);
  Take(ReadLevels(place["serviceControlPolicies"], PolicyType::kScp), policies.scps, status);
  Take(ReadLevels(place["resourceControlPolicies"], PolicyType::kRcp), policies.rcps, status);
  const Json resource = place["resourcePolicy"];
  if (resource.HasValue()) {
    policies.resource = Policy::FromText("resource policy", PolicyType::kResource, resource.ToText());
  }
  policies.s3 = ReadS3(place["s3"]);
  return status;
}

Result<Vector> ReadVector(const Json& place) {
  Vector vector;
  vector.id = place["id"].StringOr("");
  vector.title = place["title"].StringOr("");
  vector.expected = place["expected"].StringOr("");
  if (vector.id.empty() || vector.expected.empty()) {
    return Error{ErrorCode::kInvalidInput, place.Path() + ": has no `id` or no `expected`", ""};
  }
  for (const Json& one : place["blockedBy"].Elements()) vector.blocked_by.push_back(one.StringOr(""));
  const Status policies = ReadPolicySet(place, vector.policies);
  if (!policies.ok()) return policies.error().In(vector.id);
  // A principal of a kind that is not evaluated is no mistake in the file.
  const Status request = ReadRequest(place, vector);
  if (!request.ok()) vector.skipped = request.error().message;
  return vector;
}

}  // namespace

Result<std::vector<Vector>> ReadVectors(std::string_view text) {
  const Result<Json> root = Json::Parse(text, kFileBytes);
  if (!root.ok()) return root.error();
  if (!root->IsArray()) return Error{ErrorCode::kInvalidInput, "expected a list of vectors", ""};
  std::vector<Vector> vectors;
  for (const Json& place : root->Elements()) {
    Result<Vector> vector = ReadVector(place.AsDocument());
    if (!vector.ok()) return vector.error();
    vectors.push_back(*std::move(vector));
  }
  return vectors;
}

Result<std::vector<Vector>> ReadVectorFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorCode::kNotFound, "cannot read `" + path + "`", ""};
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  Result<std::vector<Vector>> vectors = ReadVectors(text);
  return vectors.ok() ? std::move(vectors) : Result<std::vector<Vector>>(vectors.error().In(path));
}

VectorResult RunVector(const Vector& vector) {
  if (vector.is_pattern) {
    const std::string& pattern = vector.request.resource.text();
    return {std::string(ToString(DecideForSet(vector.request, pattern, vector.policies).decision)), {}};
  }
  const Explanation explanation = Explain(vector.request, vector.policies);
  return {std::string(ToString(Decide(vector.request, vector.policies))), explanation.blocked_by};
}

}  // namespace sallyport::policy
