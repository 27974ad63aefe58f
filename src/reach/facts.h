// SPDX-License-Identifier: Apache-2.0
//
// What was read from AWS about a bucket and about who might reach it. Plain data. Each part that could not be read is
// an Error in its place: never an empty list, and never "no policy".
#pragma once

#include <map>
#include <optional>
#include <string>
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

// One sweep of an account.
struct Roles {
  std::vector<RoleFacts> roles{};
  std::map<std::string, std::string> managed{};  // ARN -> the default version's document
};

// One level of an organization above an account, or the account itself.
struct ControlLevel {
  std::string name{};
  std::vector<NamedText> scps{};
  std::vector<NamedText> rcps{};
};

struct AccountFacts {
  std::string account{};
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
  Result<PublicAccessBlock> block = PublicAccessBlock{};  // its own, fixed when it is made
  Result<std::optional<std::string>> policy = std::optional<std::string>{};
};

struct KeyGrantFacts {
  std::string id{};
  std::string grantee{};
  std::vector<std::string> operations{};
  bool has_constraints = false;
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
};

struct Facts {
  BucketFacts bucket{};
  std::vector<AccountFacts> accounts{};  // the bucket's owner first; each once
  std::string organization{};            // `o-...`; empty: not known
  // Accounts that were not looked at, and why: "no role is configured for account 444455556666".
  std::map<std::string, std::string> unread_accounts{};
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

// Where roles are used. `gaps` says, in words, which accounts and regions could not be read.
struct UseFacts {
  std::vector<InstanceFacts> instances{};
  std::vector<TaskFacts> tasks{};
  std::vector<std::string> gaps{};
};

}  // namespace sallyport::reach
