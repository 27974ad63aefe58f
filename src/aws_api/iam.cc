// SPDX-License-Identifier: Apache-2.0
#include "aws_api/iam.h"

#include "aws/table.h"

namespace sallyport::aws::iam {
namespace {

constexpr Service kService{"iam", "IAM", "iam", "iam", "iam", Protocol::kQuery, "2010-05-08"};

constexpr auto kTag = Table<Tag>({{"Key", Required<&Tag::key>}, {"Value", Field<&Tag::value>}});
constexpr auto kBoundary = Table<Boundary>(
    {{"PermissionsBoundaryType", Field<&Boundary::type>}, {"PermissionsBoundaryArn", Required<&Boundary::arn>}});
constexpr auto kRole = Table<Role>({{"Path", Field<&Role::path>},
                                    {"RoleName", Required<&Role::name>},
                                    {"RoleId", Field<&Role::id>},
                                    {"Arn", Required<&Role::arn>},
                                    {"CreateDate", Field<&Role::created>},
                                    {"AssumeRolePolicyDocument", Encoded<&Role::trust_policy>},
                                    {"MaxSessionDuration", Field<&Role::max_session_seconds>},
                                    {"PermissionsBoundary", Field<&Role::boundary, kBoundary>},
                                    {"Tags", Field<&Role::tags, kTag>}});
constexpr auto kInstanceProfile = Table<InstanceProfile>({{"Path", Field<&InstanceProfile::path>},
                                                          {"InstanceProfileName", Required<&InstanceProfile::name>},
                                                          {"InstanceProfileId", Field<&InstanceProfile::id>},
                                                          {"Arn", Required<&InstanceProfile::arn>},
                                                          {"Roles", Field<&InstanceProfile::roles, kRole>}});
constexpr auto kAttachedPolicy = Table<AttachedPolicy>(
    {{"PolicyName", Required<&AttachedPolicy::name>}, {"PolicyArn", Required<&AttachedPolicy::arn>}});
constexpr auto kInlinePolicy = Table<InlinePolicy>(
    {{"PolicyName", Required<&InlinePolicy::name>}, {"PolicyDocument", Encoded<&InlinePolicy::document>}});
constexpr auto kPolicy = Table<Policy>({{"PolicyName", Field<&Policy::name>},
                                        {"PolicyId", Field<&Policy::id>},
                                        {"Arn", Required<&Policy::arn>},
                                        {"DefaultVersionId", Required<&Policy::default_version>}});
constexpr auto kGetPolicy = Table<GetPolicy>({{"PolicyArn", Required<&GetPolicy::arn>}});
constexpr auto kGetPolicyAnswer = Table<GetPolicyAnswer>({{"Policy", Required<&GetPolicyAnswer::policy, kPolicy>}});
constexpr auto kPolicyVersion = Table<PolicyVersion>({{"Document", Encoded<&PolicyVersion::document>},
                                                      {"VersionId", Required<&PolicyVersion::id>},
                                                      {"IsDefaultVersion", Field<&PolicyVersion::is_default>}});
constexpr auto kGetPolicyVersion = Table<GetPolicyVersion>(
    {{"PolicyArn", Required<&GetPolicyVersion::arn>}, {"VersionId", Required<&GetPolicyVersion::version>}});
constexpr auto kGetPolicyVersionAnswer =
    Table<GetPolicyVersionAnswer>({{"PolicyVersion", Required<&GetPolicyVersionAnswer::version, kPolicyVersion>}});
// The members of the role itself stand beside the lists.
constexpr auto kRoleDetail =
    Table<RoleDetail>({{"", Merged<&RoleDetail::role, kRole>},
                       {"InstanceProfileList", Field<&RoleDetail::profiles, kInstanceProfile>},
                       {"RolePolicyList", Field<&RoleDetail::inline_policies, kInlinePolicy>},
                       {"AttachedManagedPolicies", Field<&RoleDetail::attached, kAttachedPolicy>}});
constexpr auto kUserDetail =
    Table<UserDetail>({{"Path", Field<&UserDetail::path>},
                       {"UserName", Required<&UserDetail::name>},
                       {"UserId", Field<&UserDetail::id>},
                       {"Arn", Required<&UserDetail::arn>},
                       {"PermissionsBoundary", Field<&UserDetail::boundary, kBoundary>},
                       {"Tags", Field<&UserDetail::tags, kTag>},
                       {"UserPolicyList", Field<&UserDetail::inline_policies, kInlinePolicy>},
                       {"AttachedManagedPolicies", Field<&UserDetail::attached, kAttachedPolicy>},
                       {"GroupList", Field<&UserDetail::groups>}});
constexpr auto kGroupDetail =
    Table<GroupDetail>({{"GroupName", Required<&GroupDetail::name>},
                        {"Arn", Field<&GroupDetail::arn>},
                        {"GroupPolicyList", Field<&GroupDetail::inline_policies, kInlinePolicy>},
                        {"AttachedManagedPolicies", Field<&GroupDetail::attached, kAttachedPolicy>}});
constexpr auto kManagedPolicyDetail =
    Table<ManagedPolicyDetail>({{"", Merged<&ManagedPolicyDetail::policy, kPolicy>},
                                {"PolicyVersionList", Field<&ManagedPolicyDetail::versions, kPolicyVersion>}});
constexpr auto kGetAccountAuthorizationDetails =
    Table<GetAccountAuthorizationDetails>({{"Filter", Field<&GetAccountAuthorizationDetails::filter>},
                                           {"MaxItems", Field<&GetAccountAuthorizationDetails::max_items>},
                                           {"Marker", Field<&GetAccountAuthorizationDetails::page_token>}});
constexpr auto kGetAccountAuthorizationDetailsAnswer = Table<GetAccountAuthorizationDetailsAnswer>(
    {{"RoleDetailList", Field<&GetAccountAuthorizationDetailsAnswer::roles, kRoleDetail>},
     {"UserDetailList", Field<&GetAccountAuthorizationDetailsAnswer::users, kUserDetail>},
     {"GroupDetailList", Field<&GetAccountAuthorizationDetailsAnswer::groups, kGroupDetail>},
     {"Policies", Field<&GetAccountAuthorizationDetailsAnswer::policies, kManagedPolicyDetail>},
     {"IsTruncated", Field<&GetAccountAuthorizationDetailsAnswer::truncated>},
     {"Marker", Field<&GetAccountAuthorizationDetailsAnswer::next_page>}});
constexpr auto kAccessKey = Table<AccessKey>({{"UserName", Field<&AccessKey::user_name>},
                                              {"AccessKeyId", Required<&AccessKey::id>},
                                              {"Status", Required<&AccessKey::status>}});
constexpr auto kListAccessKeys = Table<ListAccessKeys>({{"UserName", Required<&ListAccessKeys::user_name>},
                                                        {"MaxItems", Field<&ListAccessKeys::max_items>},
                                                        {"Marker", Field<&ListAccessKeys::page_token>}});
constexpr auto kListAccessKeysAnswer =
    Table<ListAccessKeysAnswer>({{"AccessKeyMetadata", Required<&ListAccessKeysAnswer::keys, kAccessKey>},
                                 {"IsTruncated", Field<&ListAccessKeysAnswer::truncated>},
                                 {"Marker", Field<&ListAccessKeysAnswer::next_page>}});

}  // namespace

const Operation GetPolicy::kOp = Make<GetPolicy>({kService, "GetPolicy"}, kGetPolicy, kGetPolicyAnswer);
const Operation GetPolicyVersion::kOp =
    Make<GetPolicyVersion>({kService, "GetPolicyVersion"}, kGetPolicyVersion, kGetPolicyVersionAnswer);
const Operation GetAccountAuthorizationDetails::kOp =
    Make<GetAccountAuthorizationDetails>({kService, "GetAccountAuthorizationDetails"}, kGetAccountAuthorizationDetails,
                                         kGetAccountAuthorizationDetailsAnswer);
const Operation ListAccessKeys::kOp =
    Make<ListAccessKeys>({kService, "ListAccessKeys"}, kListAccessKeys, kListAccessKeysAnswer);

}  // namespace sallyport::aws::iam
