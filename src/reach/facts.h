// SPDX-License-Identifier: Apache-2.0
//
// What was read from AWS about a bucket and about who might reach it. Plain data. Each part that could not be read is
// an Error in its place: never an empty list, and never "no policy".
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/result.h"

namespace sallyport::reach {

struct Tag {
  std::string key{};
  std::string value{};
  bool operator==(const Tag&) const = default;
};

struct NamedText {
  std::string name{};
  std::string text{};
};

struct RoleFacts {
  std::string name{};
  std::string arn{};
  std::string id{};     // AROA...
  std::string trust{};  // JSON text
  std::vector<Tag> tags{};
  std::vector<NamedText> inline_policies{};
  std::vector<std::string> attached{};  // ARNs of managed policies
  std::string boundary{};               // ARN of a managed policy; empty: none
  std::vector<std::string> profiles{};  // ARNs of instance profiles that hold the role
};

// An IAM user, with what it has from its groups.
struct UserFacts {
  std::string name{};
  std::string arn{};
  std::string id{};  // AIDA...
  std::vector<Tag> tags{};
  std::vector<NamedText> inline_policies{};
  std::vector<std::string> attached{};
  std::string boundary{};
};

// One sweep of an account.
struct Roles {
  std::vector<RoleFacts> roles{};
  std::vector<UserFacts> users{};
  std::map<std::string, std::string> managed{};  // ARN -> the default version's document
  std::map<std::string, Error> unread{};         // ARN -> why it could not be read
};

// One level of an organization above an account, or the account itself.
struct ControlLevel {
  std::string name{};
  std::vector<NamedText> scps{};
  std::vector<NamedText> rcps{};
};

// Where an account is in its organization.
struct OrganizationPlace {
  std::string organization{};  // `o-...`; empty: in none
  std::string path{};          // aws:PrincipalOrgPaths: `o-.../r-.../ou-.../`
};

struct AccountFacts {
  std::string account{};
  Result<OrganizationPlace> place = Error{ErrorCode::kUnavailable, "the organization was not asked for", ""};
  Result<Roles> roles = Roles{};
  // Root first. Empty: in no organization, or its management account.
  Result<std::vector<ControlLevel>> controls = std::vector<ControlLevel>{};
};

struct AclGrantFacts {
  std::string canonical_id{};
  std::string group_uri{};
  std::string permission{};
};
struct AclFacts {
  std::string owner{};  // canonical id
  std::vector<AclGrantFacts> grants{};
};

struct PublicAccessBlock {
  bool ignore_acls = false;
  bool restrict_buckets = false;
};

struct AccessPointFacts {
  std::string name{};
  std::string arn{};
  std::string account{};
  bool vpc_origin = false;
  std::string vpc{};                                      // of an access point with VPC origin
  Result<PublicAccessBlock> block = PublicAccessBlock{};  // its own, fixed when it is made
  Result<std::optional<std::string>> policy = std::optional<std::string>{};
};

// A grant's constraint on the encryption context: pairs that it has to be, or to include.
struct GrantConstraint {
  bool equals = false;
  std::vector<Tag> pairs{};
};
struct KeyGrantFacts {
  std::string id{};
  std::string grantee{};
  std::vector<std::string> operations{};
  std::vector<GrantConstraint> constraints{};  // each has to hold
};
// The key that the bucket encrypts new objects with.
struct KeyFacts {
  std::string arn{};
  std::string account{};
  bool is_aws_managed = false;  // `aws/s3`: has no policy that could be changed
  bool with_bucket_key = false;
  Result<std::string> policy = std::string();
  Result<std::vector<KeyGrantFacts>> grants = std::vector<KeyGrantFacts>{};
};

struct BucketFacts {
  std::string name{};
  std::string account{};  // its owner
  std::string region{};   // empty: could not be found out
  std::string partition = "aws";
  Result<std::optional<std::string>> policy = std::optional<std::string>{};  // nothing: it has none
  Result<AclFacts> acl = AclFacts{};
  Result<bool> acls_disabled = true;                      // ownership `BucketOwnerEnforced`
  Result<PublicAccessBlock> block = PublicAccessBlock{};  // of the bucket
  Result<PublicAccessBlock> account_block = PublicAccessBlock{};
  Result<std::vector<AccessPointFacts>> access_points = std::vector<AccessPointFacts>{};  // of the owner's account
  Result<std::optional<KeyFacts>> key = std::optional<KeyFacts>{};  // nothing: S3's own encryption
  // S3 refused every read: the account may not be the owner.
  bool owner_unsure = false;
  Result<bool> requester_pays = false;
  Result<bool> mfa_delete = false;
};

struct Facts {
  BucketFacts bucket{};
  std::vector<AccountFacts> accounts{};  // the bucket's owner first; each once
  // Of the key, where that is none of these; without roles.
  std::optional<AccountFacts> key_owner{};
  // Accounts that were not looked at, and why: "no role is configured for it".
  std::map<std::string, std::string> unread_accounts{};
  // Others that were not looked at, in words: "members of organization o-...".
  std::vector<std::string> unread_others{};
};

// An EC2 instance with an instance profile.
struct InstanceFacts {
  std::string account{};
  std::string region{};
  InstanceId id{};
  std::string profile{};  // ARN
  std::string state{};    // running, stopped, ...
  std::string vpc{};
  std::string private_ip{};
  std::vector<Tag> tags{};
};

// An ECS task with a role of its own.
struct TaskFacts {
  std::string account{};
  std::string region{};
  std::string arn{};
  std::string role{};   // ARN
  std::string group{};  // `service:cart`
  std::string launch_type{};
  std::optional<InstanceId> instance{};  // nothing: Fargate, or a machine that is no EC2 instance
};

// An endpoint of S3 in a VPC.
struct VpcEndpointFacts {
  std::string account{};
  std::string region{};
  std::string id{};
  std::string vpc{};
  std::string policy{};  // JSON text
};

// Where roles are used. `gaps` says, in words, which accounts and regions could not be read.
struct UseFacts {
  std::vector<InstanceFacts> instances{};
  std::vector<TaskFacts> tasks{};
  std::vector<VpcEndpointFacts> endpoints{};
  // Accounts and regions whose endpoints were read: where there are none, there are none.
  std::set<std::pair<std::string, std::string>> endpoints_read{};
  std::vector<std::string> gaps{};
  std::vector<std::string> not_looked_at{};  // by what was asked for, and not by failure
};

}  // namespace sallyport::reach
