// SPDX-License-Identifier: Apache-2.0
#include "aws_api/iam.h"

#include "aws/uri.h"

namespace sallyport::aws::iam {
namespace {

constexpr Service kService{"iam", "IAM", "iam", "iam", "iam", Protocol::kQuery, "2010-05-08"};
constexpr Operation kGetInstanceProfile{.service = kService, .name = "GetInstanceProfile"};
constexpr Operation kListInstanceProfiles{.service = kService, .name = "ListInstanceProfiles"};
constexpr Operation kListInstanceProfilesForRole{.service = kService, .name = "ListInstanceProfilesForRole"};
constexpr Operation kGetRole{.service = kService, .name = "GetRole"};
constexpr Operation kListRoles{.service = kService, .name = "ListRoles"};
constexpr Operation kListRolePolicies{.service = kService, .name = "ListRolePolicies"};
constexpr Operation kGetRolePolicy{.service = kService, .name = "GetRolePolicy"};
constexpr Operation kListAttachedRolePolicies{.service = kService, .name = "ListAttachedRolePolicies"};
constexpr Operation kGetPolicy{.service = kService, .name = "GetPolicy"};
constexpr Operation kGetPolicyVersion{.service = kService, .name = "GetPolicyVersion"};
constexpr Operation kGetAccountAuthorizationDetails{.service = kService, .name = "GetAccountAuthorizationDetails"};
constexpr Operation kListAccessKeys{.service = kService, .name = "ListAccessKeys"};
constexpr Operation kSimulatePrincipalPolicy{.service = kService, .name = "SimulatePrincipalPolicy"};

// Policy documents are percent-encoded (RFC 3986; a plus is a plus) on reading, and shown decoded.
void Document(Shape& shape, std::string_view name, std::string& text) {
  shape(name, text);
  if (auto decoded = PercentDecode(text)) text = std::move(*decoded);
}

struct Decision {
  std::optional<bool> allowed{};
};
void Describe(Shape& shape, Decision& place) {
  shape("AllowedByOrganizations", place.allowed);
}

}  // namespace

const Operation& GetInstanceProfile::Op() {
  return kGetInstanceProfile;
}

const Operation& ListInstanceProfiles::Op() {
  return kListInstanceProfiles;
}

const Operation& ListInstanceProfilesForRole::Op() {
  return kListInstanceProfilesForRole;
}

const Operation& GetRole::Op() {
  return kGetRole;
}

const Operation& ListRoles::Op() {
  return kListRoles;
}

const Operation& ListRolePolicies::Op() {
  return kListRolePolicies;
}

const Operation& GetRolePolicy::Op() {
  return kGetRolePolicy;
}

const Operation& ListAttachedRolePolicies::Op() {
  return kListAttachedRolePolicies;
}

const Operation& GetPolicy::Op() {
  return kGetPolicy;
}

const Operation& GetPolicyVersion::Op() {
  return kGetPolicyVersion;
}

const Operation& GetAccountAuthorizationDetails::Op() {
  return kGetAccountAuthorizationDetails;
}

const Operation& ListAccessKeys::Op() {
  return kListAccessKeys;
}

const Operation& SimulatePrincipalPolicy::Op() {
  return kSimulatePrincipalPolicy;
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

void Describe(Shape& shape, GetInstanceProfile& place) {
  shape.Required("InstanceProfileName", place.name);
}

void Describe(Shape& shape, GetInstanceProfileAnswer& place) {
  shape.Required("InstanceProfile", place.profile);
}

void Describe(Shape& shape, ListInstanceProfiles& place) {
  shape("PathPrefix", place.path_prefix);
  shape("MaxItems", place.max_items);
  shape("Marker", place.page_token);
}

void Describe(Shape& shape, ListInstanceProfilesAnswer& place) {
  shape.Required("InstanceProfiles", place.profiles);
  shape("IsTruncated", place.truncated);
  shape("Marker", place.next_page);
}

void Describe(Shape& shape, ListInstanceProfilesForRole& place) {
  shape.Required("RoleName", place.role_name);
  shape("MaxItems", place.max_items);
  shape("Marker", place.page_token);
}

void Describe(Shape& shape, ListInstanceProfilesForRoleAnswer& place) {
  shape.Required("InstanceProfiles", place.profiles);
  shape("IsTruncated", place.truncated);
  shape("Marker", place.next_page);
}

void Describe(Shape& shape, GetRole& place) {
  shape.Required("RoleName", place.name);
}

void Describe(Shape& shape, GetRoleAnswer& place) {
  shape.Required("Role", place.role);
}

void Describe(Shape& shape, ListRoles& place) {
  shape("PathPrefix", place.path_prefix);
  shape("MaxItems", place.max_items);
  shape("Marker", place.page_token);
}

void Describe(Shape& shape, ListRolesAnswer& place) {
  shape.Required("Roles", place.roles);
  shape("IsTruncated", place.truncated);
  shape("Marker", place.next_page);
}

void Describe(Shape& shape, ListRolePolicies& place) {
  shape.Required("RoleName", place.role_name);
  shape("MaxItems", place.max_items);
  shape("Marker", place.page_token);
}

void Describe(Shape& shape, ListRolePoliciesAnswer& place) {
  shape.Required("PolicyNames", place.names);
  shape("IsTruncated", place.truncated);
  shape("Marker", place.next_page);
}

void Describe(Shape& shape, GetRolePolicy& place) {
  shape.Required("RoleName", place.role_name);
  shape.Required("PolicyName", place.policy_name);
}

void Describe(Shape& shape, GetRolePolicyAnswer& place) {
  shape.Required("RoleName", place.role_name).Required("PolicyName", place.policy_name);
  Document(shape, "PolicyDocument", place.document);
}

void Describe(Shape& shape, ListAttachedRolePolicies& place) {
  shape.Required("RoleName", place.role_name);
  shape("MaxItems", place.max_items);
  shape("Marker", place.page_token);
}

void Describe(Shape& shape, ListAttachedRolePoliciesAnswer& place) {
  shape.Required("AttachedPolicies", place.policies);
  shape("IsTruncated", place.truncated);
  shape("Marker", place.next_page);
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

void Describe(Shape& shape, UserDetail& place) {
  shape("Path", place.path).Required("UserName", place.name)("UserId", place.id).Required("Arn", place.arn);
  shape("PermissionsBoundary", place.boundary)("Tags", place.tags)("UserPolicyList", place.inline_policies);
  shape("AttachedManagedPolicies", place.attached)("GroupList", place.groups);
}

void Describe(Shape& shape, GroupDetail& place) {
  shape.Required("GroupName", place.name)("Arn", place.arn)("GroupPolicyList", place.inline_policies);
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
  shape("UserDetailList", place.users);
  shape("GroupDetailList", place.groups);
  shape("Policies", place.policies);
  shape("IsTruncated", place.truncated);
  shape("Marker", place.next_page);
}

void Describe(Shape& shape, AccessKey& place) {
  shape("UserName", place.user_name);
  shape.Required("AccessKeyId", place.id);
  shape.Required("Status", place.status);
}

void Describe(Shape& shape, ListAccessKeys& place) {
  shape.Required("UserName", place.user_name);
  shape("MaxItems", place.max_items);
  shape("Marker", place.page_token);
}

void Describe(Shape& shape, ListAccessKeysAnswer& place) {
  shape.Required("AccessKeyMetadata", place.keys);
  shape("IsTruncated", place.truncated);
  shape("Marker", place.next_page);
}

void Describe(Shape& shape, ContextEntry& place) {
  shape.Required("ContextKeyName", place.name);
  shape.Required("ContextKeyType", place.type);
  shape("ContextKeyValues", place.values);
}

void Describe(Shape& shape, EvaluationResult& place) {
  shape.Required("EvalActionName", place.action)("EvalResourceName", place.resource);
  shape.Required("EvalDecision", place.decision)("MissingContextValues", place.missing_context);
  Decision decision{place.allowed_by_organizations};
  shape("OrganizationsDecisionDetail", decision);
  place.allowed_by_organizations = decision.allowed;
}

void Describe(Shape& shape, SimulatePrincipalPolicy& place) {
  shape.Required("PolicySourceArn", place.source_arn);
  shape.Required("ActionNames", place.actions);
  shape("ResourceArns", place.resources);
  shape("ResourcePolicy", place.resource_policy);
  shape("ResourceOwner", place.resource_owner);
  shape("CallerArn", place.caller_arn);
  shape("ContextEntries", place.context);
  shape("MaxItems", place.max_items);
  shape("Marker", place.page_token);
}

void Describe(Shape& shape, SimulatePrincipalPolicyAnswer& place) {
  shape("EvaluationResults", place.results);
  shape("IsTruncated", place.truncated);
  shape("Marker", place.next_page);
}

}  // namespace sallyport::aws::iam
