// SPDX-License-Identifier: Apache-2.0
//
// IAM, API version 2010-05-08. Policy documents come decoded: plain JSON text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"
#include "base/time.h"

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
  std::optional<Boundary> boundary{};
  std::vector<Tag> tags{};
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
  static const Operation kOp;
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
  static const Operation kOp;
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
};
// The cheapest way to load an account: filter User, Group, Role, LocalManagedPolicy, AWSManagedPolicy.
struct GetAccountAuthorizationDetails {
  using Answer = GetAccountAuthorizationDetailsAnswer;
  static const Operation kOp;
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
};
// Of one user. iam:ListAccessKeys
struct ListAccessKeys {
  using Answer = ListAccessKeysAnswer;
  static const Operation kOp;
  std::string user_name{};
  std::optional<std::int64_t> max_items{};
  std::string page_token{};
};

}  // namespace sallyport::aws::iam
