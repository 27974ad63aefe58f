// SPDX-License-Identifier: Apache-2.0
//
// What S3 adds to IAM: ACLs, object ownership, Block Public Access, and which actions are which kind of access.
// Sources: S3 User Guide, "Access control list (ACL) overview", "Controlling ownership of objects and disabling ACLs
// for your bucket", "Blocking public access to your Amazon S3 storage", "Actions, resources, and condition keys for
// S3".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/policy.h"
#include "policy/principal.h"

namespace sallyport::policy {

enum class AclPermission : std::uint8_t { kRead, kWrite, kReadAcp, kWriteAcp, kFullControl };
std::optional<AclPermission> ParseAclPermission(std::string_view text);  // `READ`, `FULL_CONTROL`, ...
std::string_view ToString(AclPermission permission);

struct AclGrant {
  enum class Grantee : std::uint8_t {
    kAccount,             // a canonical user, which stands for its account
    kAllUsers,            // everyone, anonymous included
    kAuthenticatedUsers,  // every signed caller of any account
    kOther,               // like the log delivery group: no caller that is evaluated here
  };
  Grantee grantee = Grantee::kOther;
  std::string account;  // kAccount only
  AclPermission permission = AclPermission::kRead;
};
// The group that `uri` names; kOther for one that is not known.
AclGrant::Grantee ParseAclGroup(std::string_view uri);

struct S3Settings {
  // Effective: on when on for the organization, the account, the access point or the bucket.
  bool restrict_public_buckets = false;
  bool ignore_public_acls = false;
  // Object ownership is `BucketOwnerEnforced`: ACLs mean nothing and every object is the bucket owner's.
  bool acls_disabled = false;
  std::vector<AclGrant> bucket_acl;
  std::vector<AclGrant> object_acl;
  std::string object_owner;  // account; empty: the bucket's owner
};

// What the ACLs grant to a caller for an action.
struct AclAccess {
  bool to_account = false;   // like a bucket policy that names the account
  bool to_everyone = false;  // like one for everyone
};
// The grants that give it, in words: "READ of the bucket to everyone".
std::vector<std::string> AclGrantTexts(const S3Settings& settings, const Caller& caller, const ActionName& action);
AclAccess AclAccessFor(const S3Settings& settings, const Caller& caller, const ActionName& action);

// Whether the action reads or changes an object that another account owns. Only that object's ACL can then grant it.
bool IsForeignObject(const S3Settings& settings, const ActionName& action, std::string_view bucket_owner);

// RestrictPublicBuckets with a public bucket policy cuts off every caller that is neither of the owner's account nor an
// AWS service.
Tri IsCutOffByPublicAccessBlock(const S3Settings& settings, Tri policy_is_public, const Caller& caller,
                                std::string_view bucket_owner);

enum class AccessClass : std::uint8_t { kRead, kList, kWrite, kDelete, kPermissions, kProtection, kMetadata };
std::string_view ToString(AccessClass access);
enum class S3Resource : std::uint8_t { kBucket, kObject, kAccessPoint };

struct S3Action {
  std::string_view name;  // `s3:GetObject`
  AccessClass access;
  S3Resource resource;
};
// What counts as access to a bucket. The first four classes are access to its data.
const std::vector<S3Action>& S3Actions();
bool IsDataAccess(AccessClass access);

}  // namespace sallyport::policy
