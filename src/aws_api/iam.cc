// SPDX-License-Identifier: Apache-2.0
#include "aws_api/iam.h"

#include "aws/uri.h"

namespace sallyport::aws::iam {
namespace {

constexpr Service kService{"iam", "IAM", "iam", "iam", "iam", Protocol::kQuery, "2010-05-08"};
constexpr Operation kGetPolicy{.service = kService, .name = "GetPolicy"};
constexpr Operation kGetPolicyVersion{.service = kService, .name = "GetPolicyVersion"};
constexpr Operation kGetAccountAuthorizationDetails{.service = kService, .name = "GetAccountAuthorizationDetails"};

// Policy documents are percent-encoded (RFC 3986; a plus is a plus) on reading, and shown decoded.
void Document(Shape& shape, std::string_view name, std::string& text) {
  shape(name, text);
  if (auto decoded = PercentDecode(text)) text = std::move(*decoded);
}

}  // namespace

const Operation& GetPolicy::Op() {
  return kGetPolicy;
}

const Operation& GetPolicyVersion::Op() {
  return kGetPolicyVersion;
}

const Operation& GetAccountAuthorizationDetails::Op() {
  return kGetAccountAuthorizationDetails;
}

void Describe(Shape& shape, Tag& place) {
  shape.Required("Key", place.key);
  shape("Value", place.value);
}

void Describe(Shape& shape, Boundary& place) {
  shape("PermissionsBoundaryType", place.type);
  shape.Required("PermissionsBoundaryArn", place.arn);
}

void Describe(Shape& shape, Role& place) {
  shape("Path", place.path).Required("RoleName", place.name)("RoleId", place.id).Required("Arn", place.arn);
  shape("CreateDate", place.created);
  Document(shape, "AssumeRolePolicyDocument", place.trust_policy);
  shape("MaxSessionDuration", place.max_session_seconds)("PermissionsBoundary", place.boundary)("Tags", place.tags);
}

void Describe(Shape& shape, InstanceProfile& place) {
  shape("Path", place.path);
  shape.Required("InstanceProfileName", place.name);
  shape("InstanceProfileId", place.id);
  shape.Required("Arn", place.arn);
  shape("Roles", place.roles);
}

void Describe(Shape& shape, AttachedPolicy& place) {
  shape.Required("PolicyName", place.name);
  shape.Required("PolicyArn", place.arn);
}

void Describe(Shape& shape, InlinePolicy& place) {
  shape.Required("PolicyName", place.name);
  Document(shape, "PolicyDocument", place.document);
}

void Describe(Shape& shape, Policy& place) {
  shape("PolicyName", place.name);
  shape("PolicyId", place.id);
  shape.Required("Arn", place.arn);
  shape.Required("DefaultVersionId", place.default_version);
}

void Describe(Shape& shape, GetPolicy& place) {
  shape.Required("PolicyArn", place.arn);
}

void Describe(Shape& shape, GetPolicyAnswer& place) {
  shape.Required("Policy", place.policy);
}

void Describe(Shape& shape, PolicyVersion& place) {
  Document(shape, "Document", place.document);
  shape.Required("VersionId", place.id)("IsDefaultVersion", place.is_default);
}

void Describe(Shape& shape, GetPolicyVersion& place) {
  shape.Required("PolicyArn", place.arn);
  shape.Required("VersionId", place.version);
}

void Describe(Shape& shape, GetPolicyVersionAnswer& place) {
  shape.Required("PolicyVersion", place.version);
}

// The members of the role itself stand beside the lists.
void Describe(Shape& shape, RoleDetail& place) {
  Describe(shape, place.role);
  shape("InstanceProfileList", place.profiles)("RolePolicyList", place.inline_policies);
  shape("AttachedManagedPolicies", place.attached);
}

void Describe(Shape& shape, ManagedPolicyDetail& place) {
  Describe(shape, place.policy);
  shape("PolicyVersionList", place.versions);
}

void Describe(Shape& shape, GetAccountAuthorizationDetails& place) {
  shape("Filter", place.filter);
  shape("MaxItems", place.max_items);
  shape("Marker", place.page_token);
}

void Describe(Shape& shape, GetAccountAuthorizationDetailsAnswer& place) {
  shape("RoleDetailList", place.roles);
  shape("Policies", place.policies);
  shape("IsTruncated", place.truncated);
  shape("Marker", place.next_page);
}

}  // namespace sallyport::aws::iam
