// SPDX-License-Identifier: Apache-2.0
//
// IAM, API version 2010-05-08. Policy documents come decoded: plain JSON text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"
#include "aws/shape.h"

namespace sallyport::aws::iam {

struct Tag {
  std::string key{};
  std::string value{};
};

struct Boundary {
  std::string type{};
  std::string arn{};
};

struct Role {
  std::string path{};
  std::string name{};
  std::string id{};  // AROA...
  std::string arn{};
  std::optional<TimePoint> created{};
  std::string trust_policy{};
  std::optional<std::int64_t> max_session_seconds{};
  std::optional<Boundary> boundary{};  // GetRole only
  std::vector<Tag> tags{};             // GetRole only
};

struct InstanceProfile {
  std::string path{};
  std::string name{};  // often another than the role's
  std::string id{};
  std::string arn{};
  std::vector<Role> roles{};  // none or one
};

struct AttachedPolicy {
  std::string name{};
  std::string arn{};
};

struct InlinePolicy {
  std::string name{};
  std::string document{};
};

struct GetInstanceProfileAnswer {
  InstanceProfile profile{};
};
struct GetInstanceProfile {
  using Answer = GetInstanceProfileAnswer;
  static const Operation& Op();
  std::string name{};
};

struct ListInstanceProfilesAnswer {
  std::vector<InstanceProfile> profiles{};
  std::optional<bool> truncated{};
  std::string next_page{};
  void Take(ListInstanceProfilesAnswer&& page) { Append(profiles, page.profiles); }
};
struct ListInstanceProfiles {
  using Answer = ListInstanceProfilesAnswer;
  static const Operation& Op();
  std::string path_prefix{};
  std::optional<std::int64_t> max_items{};
  std::string page_token{};
};

struct ListInstanceProfilesForRoleAnswer {
  std::vector<InstanceProfile> profiles{};
  std::optional<bool> truncated{};
  std::string next_page{};
  void Take(ListInstanceProfilesForRoleAnswer&& page) { Append(profiles, page.profiles); }
};
struct ListInstanceProfilesForRole {
  using Answer = ListInstanceProfilesForRoleAnswer;
  static const Operation& Op();
  std::string role_name{};
  std::optional<std::int64_t> max_items{};
  std::string page_token{};
};

struct GetRoleAnswer {
  Role role{};
};
struct GetRole {
  using Answer = GetRoleAnswer;
  static const Operation& Op();
  std::string name{};
};

struct ListRolesAnswer {
  std::vector<Role> roles{};
  std::optional<bool> truncated{};
  std::string next_page{};
  void Take(ListRolesAnswer&& page) { Append(roles, page.roles); }
};
struct ListRoles {
  using Answer = ListRolesAnswer;
  static const Operation& Op();
  std::string path_prefix{};
  std::optional<std::int64_t> max_items{};
  std::string page_token{};
};

struct ListRolePoliciesAnswer {
  std::vector<std::string> names{};
  std::optional<bool> truncated{};
  std::string next_page{};
  void Take(ListRolePoliciesAnswer&& page) { Append(names, page.names); }
};
struct ListRolePolicies {
  using Answer = ListRolePoliciesAnswer;
  static const Operation& Op();
  std::string role_name{};
  std::optional<std::int64_t> max_items{};
  std::string page_token{};
};

struct GetRolePolicyAnswer {
  std::string role_name{};
  std::string policy_name{};
  std::string document{};
};
struct GetRolePolicy {
  using Answer = GetRolePolicyAnswer;
  static const Operation& Op();
  std::string role_name{};
  std::string policy_name{};
};

struct ListAttachedRolePoliciesAnswer {
  std::vector<AttachedPolicy> policies{};
  std::optional<bool> truncated{};
  std::string next_page{};
  void Take(ListAttachedRolePoliciesAnswer&& page) { Append(policies, page.policies); }
};
struct ListAttachedRolePolicies {
  using Answer = ListAttachedRolePoliciesAnswer;
  static const Operation& Op();
  std::string role_name{};
  std::optional<std::int64_t> max_items{};
  std::string page_token{};
};

struct Policy {
  std::string name{};
  std::string id{};
  std::string arn{};
  std::string default_version{};
};

struct GetPolicyAnswer {
  Policy policy{};
};
struct GetPolicy {
  using Answer = GetPolicyAnswer;
  static const Operation& Op();
  std::string arn{};
};

struct PolicyVersion {
  std::string document{};
  std::string id{};
  bool is_default = false;
};

struct GetPolicyVersionAnswer {
  PolicyVersion version{};
};
struct GetPolicyVersion {
  using Answer = GetPolicyVersionAnswer;
  static const Operation& Op();
  std::string arn{};
  std::string version{};
};

struct RoleDetail {
  Role role{};
  std::vector<InstanceProfile> profiles{};
  std::vector<InlinePolicy> inline_policies{};
  std::vector<AttachedPolicy> attached{};
};

struct UserDetail {
  std::string path{};
  std::string name{};
  std::string id{};  // AIDA...
  std::string arn{};
  std::optional<Boundary> boundary{};
  std::vector<Tag> tags{};
  std::vector<InlinePolicy> inline_policies{};
  std::vector<AttachedPolicy> attached{};
  std::vector<std::string> groups{};  // names
};

struct GroupDetail {
  std::string name{};
  std::string arn{};
  std::vector<InlinePolicy> inline_policies{};
  std::vector<AttachedPolicy> attached{};
};

struct ManagedPolicyDetail {
  Policy policy{};
  std::vector<PolicyVersion> versions{};
};

struct GetAccountAuthorizationDetailsAnswer {
  std::vector<RoleDetail> roles{};
  std::vector<UserDetail> users{};
  std::vector<GroupDetail> groups{};
  std::vector<ManagedPolicyDetail> policies{};
  std::optional<bool> truncated{};
  std::string next_page{};
  void Take(GetAccountAuthorizationDetailsAnswer&& page) {
    Append(roles, page.roles);
    Append(users, page.users);
    Append(groups, page.groups);
    Append(policies, page.policies);
  }
};
// The cheapest way to load an account: filter Role, LocalManagedPolicy, AWSManagedPolicy. Users and groups are not
// read.
struct GetAccountAuthorizationDetails {
  using Answer = GetAccountAuthorizationDetailsAnswer;
  static const Operation& Op();
  std::vector<std::string> filter{};
  std::optional<std::int64_t> max_items{};
  std::string page_token{};
};

struct AccessKey {
  std::string user_name{};
  std::string id{};
  std::string status{};  // Active, Inactive, Expired
};

struct ListAccessKeysAnswer {
  std::vector<AccessKey> keys{};
  std::optional<bool> truncated{};
  std::string next_page{};
  void Take(ListAccessKeysAnswer&& page) { Append(keys, page.keys); }
};
// Of one user. iam:ListAccessKeys
struct ListAccessKeys {
  using Answer = ListAccessKeysAnswer;
  static const Operation& Op();
  std::string user_name{};
  std::optional<std::int64_t> max_items{};
  std::string page_token{};
};

struct ContextEntry {
  std::string name{};
  std::string type{};  // string, stringList, ip, ...
  std::vector<std::string> values{};
};

struct EvaluationResult {
  std::string action{};
  std::string resource{};
  std::string decision{};  // allowed, explicitDeny, implicitDeny
  std::vector<std::string> missing_context{};
  std::optional<bool> allowed_by_organizations{};
};

struct SimulatePrincipalPolicyAnswer {
  std::vector<EvaluationResult> results{};
  std::optional<bool> truncated{};
  std::string next_page{};
  void Take(SimulatePrincipalPolicyAnswer&& page) { Append(results, page.results); }
};
struct SimulatePrincipalPolicy {
  using Answer = SimulatePrincipalPolicyAnswer;
  static const Operation& Op();
  std::string source_arn{};
  std::vector<std::string> actions{};
  std::vector<std::string> resources{};
  std::string resource_policy{};
  std::string resource_owner{};
  std::string caller_arn{};
  std::vector<ContextEntry> context{};
  std::optional<std::int64_t> max_items{};
  std::string page_token{};
};

void Describe(Shape& shape, Tag& place);
void Describe(Shape& shape, Boundary& place);
void Describe(Shape& shape, Role& place);
void Describe(Shape& shape, InstanceProfile& place);
void Describe(Shape& shape, AttachedPolicy& place);
void Describe(Shape& shape, InlinePolicy& place);
void Describe(Shape& shape, Policy& place);
void Describe(Shape& shape, PolicyVersion& place);
void Describe(Shape& shape, RoleDetail& place);
void Describe(Shape& shape, UserDetail& place);
void Describe(Shape& shape, GroupDetail& place);
void Describe(Shape& shape, ManagedPolicyDetail& place);
void Describe(Shape& shape, AccessKey& place);
void Describe(Shape& shape, ListAccessKeys& place);
void Describe(Shape& shape, ListAccessKeysAnswer& place);
void Describe(Shape& shape, ContextEntry& place);
void Describe(Shape& shape, EvaluationResult& place);
void Describe(Shape& shape, GetInstanceProfile& place);
void Describe(Shape& shape, GetInstanceProfileAnswer& place);
void Describe(Shape& shape, ListInstanceProfiles& place);
void Describe(Shape& shape, ListInstanceProfilesAnswer& place);
void Describe(Shape& shape, ListInstanceProfilesForRole& place);
void Describe(Shape& shape, ListInstanceProfilesForRoleAnswer& place);
void Describe(Shape& shape, GetRole& place);
void Describe(Shape& shape, GetRoleAnswer& place);
void Describe(Shape& shape, ListRoles& place);
void Describe(Shape& shape, ListRolesAnswer& place);
void Describe(Shape& shape, ListRolePolicies& place);
void Describe(Shape& shape, ListRolePoliciesAnswer& place);
void Describe(Shape& shape, GetRolePolicy& place);
void Describe(Shape& shape, GetRolePolicyAnswer& place);
void Describe(Shape& shape, ListAttachedRolePolicies& place);
void Describe(Shape& shape, ListAttachedRolePoliciesAnswer& place);
void Describe(Shape& shape, GetPolicy& place);
void Describe(Shape& shape, GetPolicyAnswer& place);
void Describe(Shape& shape, GetPolicyVersion& place);
void Describe(Shape& shape, GetPolicyVersionAnswer& place);
void Describe(Shape& shape, GetAccountAuthorizationDetails& place);
void Describe(Shape& shape, GetAccountAuthorizationDetailsAnswer& place);
void Describe(Shape& shape, SimulatePrincipalPolicy& place);
void Describe(Shape& shape, SimulatePrincipalPolicyAnswer& place);

}  // namespace sallyport::aws::iam
