// SPDX-License-Identifier: Apache-2.0
#include "policy/s3.h"

#include <algorithm>
#include <array>
#include <span>

namespace sallyport::policy {
namespace {

enum class AclLevel : std::uint8_t { kBucket, kObject };

struct AclAction {
  std::string_view action;  // lower case
  AclLevel level;
  AclPermission permission;
};

// "Mapping of ACL permissions and access policy permissions".
constexpr std::array<AclAction, 12> kAclActions = {{
    {"s3:listbucket", AclLevel::kBucket, AclPermission::kRead},
    {"s3:listbucketversions", AclLevel::kBucket, AclPermission::kRead},
    {"s3:listbucketmultipartuploads", AclLevel::kBucket, AclPermission::kRead},
    {"s3:putobject", AclLevel::kBucket, AclPermission::kWrite},
    {"s3:getbucketacl", AclLevel::kBucket, AclPermission::kReadAcp},
    {"s3:putbucketacl", AclLevel::kBucket, AclPermission::kWriteAcp},
    {"s3:getobject", AclLevel::kObject, AclPermission::kRead},
    {"s3:getobjectversion", AclLevel::kObject, AclPermission::kRead},
    {"s3:getobjectacl", AclLevel::kObject, AclPermission::kReadAcp},
    {"s3:getobjectversionacl", AclLevel::kObject, AclPermission::kReadAcp},
    {"s3:putobjectacl", AclLevel::kObject, AclPermission::kWriteAcp},
    {"s3:putobjectversionacl", AclLevel::kObject, AclPermission::kWriteAcp},
}};

const AclAction* FindAclAction(const ActionName& action) {
  const auto found = std::find_if(kAclActions.begin(), kAclActions.end(),
                                  [&action](const AclAction& one) { return one.action == action.lower; });
  return found == kAclActions.end() ? nullptr : found;
}

}  // namespace

std::optional<AclPermission> ParseAclPermission(std::string_view text) {
  if (text == "READ") return AclPermission::kRead;
  if (text == "WRITE") return AclPermission::kWrite;
  if (text == "READ_ACP") return AclPermission::kReadAcp;
  if (text == "WRITE_ACP") return AclPermission::kWriteAcp;
  if (text == "FULL_CONTROL") return AclPermission::kFullControl;
  return std::nullopt;
}

std::string_view ToString(AclPermission permission) {
  switch (permission) {
    case AclPermission::kRead:
      return "READ";
    case AclPermission::kWrite:
      return "WRITE";
    case AclPermission::kReadAcp:
      return "READ_ACP";
    case AclPermission::kWriteAcp:
      return "WRITE_ACP";
    case AclPermission::kFullControl:
      break;
  }
  return "FULL_CONTROL";
}

AclGrant::Grantee ParseAclGroup(std::string_view uri) {
  if (uri.ends_with("/groups/global/AllUsers")) return AclGrant::Grantee::kAllUsers;
  if (uri.ends_with("/groups/global/AuthenticatedUsers")) return AclGrant::Grantee::kAuthenticatedUsers;
  return AclGrant::Grantee::kOther;
}

namespace {

// How a grant means the caller.
enum class Granted : std::uint8_t { kNot, kAccount, kEveryone };

Granted GrantedTo(const S3Settings& settings, const AclGrant& grant, const Caller& caller, AclPermission wanted) {
  if (grant.permission != wanted && grant.permission != AclPermission::kFullControl) return Granted::kNot;
  const bool group = grant.grantee == AclGrant::Grantee::kAllUsers ||
                     (grant.grantee == AclGrant::Grantee::kAuthenticatedUsers && caller.IsSigned());
  if (group && !settings.ignore_public_acls) return Granted::kEveryone;
  const bool account =
      grant.grantee == AclGrant::Grantee::kAccount && !grant.account.empty() && grant.account == caller.account;
  return account ? Granted::kAccount : Granted::kNot;
}

}  // namespace

AclAccess AclAccessFor(const S3Settings& settings, const Caller& caller, const ActionName& action) {
  AclAccess access;
  const AclAction* wanted = settings.acls_disabled ? nullptr : FindAclAction(action);
  if (wanted == nullptr) return access;
  for (const AclGrant& grant : wanted->level == AclLevel::kBucket ? settings.bucket_acl : settings.object_acl) {
    const Granted granted = GrantedTo(settings, grant, caller, wanted->permission);
    access.to_everyone = access.to_everyone || granted == Granted::kEveryone;
    access.to_account = access.to_account || granted == Granted::kAccount;
  }
  return access;
}

std::vector<std::string> AclGrantTexts(const S3Settings& settings, const Caller& caller, const ActionName& action) {
  std::vector<std::string> texts;
  const AclAction* wanted = settings.acls_disabled ? nullptr : FindAclAction(action);
  if (wanted == nullptr) return texts;
  const bool of_bucket = wanted->level == AclLevel::kBucket;
  for (const AclGrant& grant : of_bucket ? settings.bucket_acl : settings.object_acl) {
    if (GrantedTo(settings, grant, caller, wanted->permission) == Granted::kNot) continue;
    std::string text(ToString(grant.permission));
    text += of_bucket ? " of the bucket to " : " of the object to ";
    text += grant.grantee == AclGrant::Grantee::kAllUsers             ? "everyone (AllUsers)"
            : grant.grantee == AclGrant::Grantee::kAuthenticatedUsers ? "every AWS account (AuthenticatedUsers)"
                                                                      : "account " + grant.account;
    texts.push_back(std::move(text));
  }
  return texts;
}

bool IsForeignObject(const S3Settings& settings, const ActionName& action, std::string_view bucket_owner) {
  // Writing a new object and deleting one are the bucket's business, and so is bringing one back from the archive: "the
  // bucket owner can archive any objects or restore archived objects regardless of who owns them".
  static constexpr std::array<std::string_view, 12> kObjectActions = {"s3:getobject",
                                                                      "s3:getobjectversion",
                                                                      "s3:getobjectacl",
                                                                      "s3:getobjectversionacl",
                                                                      "s3:putobjectacl",
                                                                      "s3:getobjecttorrent",
                                                                      "s3:putobjectversionacl",
                                                                      "s3:getobjecttagging",
                                                                      "s3:getobjectattributes",
                                                                      "s3:putobjecttagging",
                                                                      "s3:getobjectversiontagging",
                                                                      "s3:getobjectversionattributes"};
  if (settings.acls_disabled || settings.object_owner.empty() || settings.object_owner == bucket_owner) return false;
  return std::find(kObjectActions.begin(), kObjectActions.end(), action.lower) != kObjectActions.end();
}

Tri IsCutOffByPublicAccessBlock(const S3Settings& settings, Tri policy_is_public, const Caller& caller,
                                std::string_view bucket_owner) {
  if (!settings.restrict_public_buckets) return Tri::kFalse;
  const bool is_outside = caller.kind != Caller::Kind::kService && caller.account != bucket_owner;
  return is_outside ? policy_is_public : Tri::kFalse;
}

std::string_view ToString(AccessClass access) {
  switch (access) {
    case AccessClass::kRead:
      return "read data";
    case AccessClass::kList:
      return "list";
    case AccessClass::kWrite:
      return "write data";
    case AccessClass::kDelete:
      return "delete data";
    case AccessClass::kPermissions:
      return "change permissions";
    case AccessClass::kProtection:
      return "change protection";
    case AccessClass::kMetadata:
      return "metadata";
  }
  return "";
}

const std::vector<S3Action>& S3Actions() {
  using enum AccessClass;
  using enum S3Resource;
  static const std::vector<S3Action> actions = {
      {"s3:GetObject", kRead, kObject},
      {"s3:GetObjectVersion", kRead, kObject},
      {"s3:GetObjectTorrent", kRead, kObject},
      {"s3:ListBucket", kList, kBucket},
      {"s3:ListBucketVersions", kList, kBucket},
      {"s3:ListBucketMultipartUploads", kList, kBucket},
      {"s3:PutObject", kWrite, kObject},
      {"s3:RestoreObject", kWrite, kObject},
      {"s3:ReplicateObject", kWrite, kObject},
      {"s3:DeleteObject", kDelete, kObject},
      {"s3:DeleteObjectVersion", kDelete, kObject},
      {"s3:DeleteBucket", kDelete, kBucket},
      {"s3:PutBucketPolicy", kPermissions, kBucket},
      {"s3:DeleteBucketPolicy", kPermissions, kBucket},
      {"s3:PutBucketAcl", kPermissions, kBucket},
      {"s3:PutBucketPublicAccessBlock", kPermissions, kBucket},
      {"s3:PutBucketOwnershipControls", kPermissions, kBucket},
      {"s3:PutObjectAcl", kPermissions, kObject},
      {"s3:PutObjectVersionAcl", kPermissions, kObject},
      {"s3:PutAccessPointPolicy", kPermissions, kAccessPoint},
      {"s3:CreateAccessPoint", kPermissions, kAccessPoint},
      {"s3:PutLifecycleConfiguration", kProtection, kBucket},
      {"s3:PutBucketVersioning", kProtection, kBucket},
      {"s3:PutReplicationConfiguration", kProtection, kBucket},
      {"s3:PutEncryptionConfiguration", kProtection, kBucket},
      {"s3:BypassGovernanceRetention", kProtection, kObject},
      {"s3:GetObjectAttributes", kMetadata, kObject},
      {"s3:GetObjectTagging", kMetadata, kObject},
      {"s3:GetObjectAcl", kMetadata, kObject},
      {"s3:GetBucketPolicy", kMetadata, kBucket},
      {"s3:GetBucketAcl", kMetadata, kBucket},
  };
  return actions;
}

bool IsDataAccess(AccessClass access) {
  return access == AccessClass::kRead || access == AccessClass::kList || access == AccessClass::kWrite ||
         access == AccessClass::kDelete;
}

}  // namespace sallyport::policy
