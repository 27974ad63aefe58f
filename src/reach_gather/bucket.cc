// SPDX-License-Identifier: Apache-2.0
//
// What the bucket's side says. Source of what absence means: aws_api/s3.h.
#include <algorithm>

#include "aws/endpoint.h"
#include "aws_api/kms.h"
#include "aws_api/s3.h"
#include "aws_api/s3control.h"
#include "aws_client/fan_out.h"
#include "base/text.h"
#include "policy/arn.h"
#include "reach_gather/gather.h"

namespace sallyport::reach {
namespace {

bool IsAbsent(const Error& error, std::string_view code) {
  return error.code == ErrorCode::kNotFound && error.RemoteCode() == code;
}

template <class Request>
Request About(const BucketFacts& bucket) {
  Request request;
  request.bucket = bucket.name;
  request.expected_owner = bucket.account;
  return request;
}

PublicAccessBlock FromAws(const aws::s3::PublicAccessBlock& block) {
  return {block.ignore_acls, block.restrict_buckets};
}

Result<std::optional<std::string>> ReadPolicy(const aws::Aws& aws, const BucketFacts& bucket) {
  auto answer = aws.Call(About<aws::s3::GetBucketPolicy>(bucket));
  if (answer.ok()) return std::optional(std::move(answer->policy));
  if (IsAbsent(answer.error(), "NoSuchBucketPolicy")) return std::optional<std::string>();
  return answer.error();
}

Result<AclFacts> ReadAcl(const aws::Aws& aws, const BucketFacts& bucket) {
  const auto answer = aws.Call(About<aws::s3::GetBucketAcl>(bucket));
  if (!answer.ok()) return answer.error();
  AclFacts acl;
  acl.owner = answer->owner_id;
  for (const aws::s3::Grant& grant : answer->grants) {
    acl.grants.push_back({grant.id.empty() ? grant.email : grant.id, grant.uri, grant.permission});
  }
  return acl;
}

Result<bool> ReadAclsDisabled(const aws::Aws& aws, const BucketFacts& bucket) {
  const auto answer = aws.Call(About<aws::s3::GetBucketOwnershipControls>(bucket));
  if (answer.ok()) {
    return std::any_of(answer->rules.begin(), answer->rules.end(),
                       [](const auto& rule) { return rule.ownership == "BucketOwnerEnforced"; });
  }
  if (IsAbsent(answer.error(), "OwnershipControlsNotFoundError")) return false;
  return answer.error();
}

Result<PublicAccessBlock> ReadBlock(const aws::Aws& aws, const BucketFacts& bucket) {
  const auto answer = aws.Call(About<aws::s3::GetPublicAccessBlock>(bucket));
  if (answer.ok()) return FromAws(answer->block);
  if (IsAbsent(answer.error(), "NoSuchPublicAccessBlockConfiguration")) return PublicAccessBlock{};
  return answer.error();
}

Result<PublicAccessBlock> ReadAccountBlock(const aws::Aws& aws, const BucketFacts& bucket) {
  const auto answer = aws.Call(aws::s3control::GetPublicAccessBlock{.account = bucket.account});
  if (answer.ok()) return FromAws(answer->block);
  if (IsAbsent(answer.error(), "NoSuchPublicAccessBlockConfiguration")) return PublicAccessBlock{};
  return answer.error();
}

AccessPointFacts ReadAccessPoint(const aws::Aws& aws, const BucketFacts& bucket,
                                 const aws::s3control::AccessPoint& listed) {
  AccessPointFacts point;
  point.name = listed.name;
  point.account = bucket.account;
  point.arn = listed.arn;
  if (point.arn.empty()) {
    point.arn =
        "arn:" + bucket.partition + ":s3:" + aws.place().region + ":" + bucket.account + ":accesspoint/" + point.name;
  }
  point.vpc_origin = listed.network_origin == "VPC";
  const auto settings = aws.Call(aws::s3control::GetAccessPoint{.account = bucket.account, .name = point.name});
  point.block = settings.ok() ? Result<PublicAccessBlock>(FromAws(settings->block)) : settings.error();
  auto policy = aws.Call(aws::s3control::GetAccessPointPolicy{.account = bucket.account, .name = point.name});
  if (policy.ok()) {
    point.policy = std::optional(std::move(policy->policy));
  } else if (!IsAbsent(policy.error(), "NoSuchAccessPointPolicy")) {
    point.policy = policy.error();
  }
  return point;
}

Result<std::vector<AccessPointFacts>> ReadAccessPoints(const aws::Aws& aws, const BucketFacts& bucket,
                                                       const Clock& clock, int concurrency) {
  const auto listed = aws.Call(aws::s3control::ListAccessPoints{.account = bucket.account, .bucket = bucket.name});
  if (!listed.ok()) return listed.error();
  if (listed->access_points.size() > Gatherer::kMostAccessPoints) {
    return Error{ErrorCode::kTooLarge,
                 "the bucket has more than " + std::to_string(Gatherer::kMostAccessPoints) + " access points", ""};
  }
  std::vector<AccessPointFacts> points(listed->access_points.size());
  const std::vector<std::string> lanes(points.size(), bucket.account);
  aws::RunInLanes(clock, {.concurrency = concurrency}, lanes,
                  [&](std::size_t i) { points[i] = ReadAccessPoint(aws, bucket, listed->access_points[i]); });
  return points;
}

Result<std::vector<KeyGrantFacts>> ReadGrants(const aws::Aws& aws, const std::string& key) {
  const auto answer = aws.Call(aws::kms::ListGrants{.key_id = key});
  if (!answer.ok()) return answer.error();
  std::vector<KeyGrantFacts> grants;
  for (const aws::kms::Grant& grant : answer->grants) {
    KeyGrantFacts facts{grant.id, grant.grantee, grant.operations, {}};
    for (const char* kind : {"EncryptionContextEquals", "EncryptionContextSubset"}) {
      const Json pairs = grant.constraints[kind];
      if (!pairs.HasValue()) continue;
      GrantConstraint& constraint = facts.constraints.emplace_back();
      constraint.equals = std::string_view(kind) == "EncryptionContextEquals";
      for (const Json::Member& pair : pairs.Members()) constraint.pairs.push_back({pair.key, pair.value.StringOr("")});
    }
    grants.push_back(std::move(facts));
  }
  return grants;
}

Result<bool> ReadRequesterPays(const aws::Aws& aws, const BucketFacts& bucket) {
  const auto answer = aws.Call(About<aws::s3::GetBucketRequestPayment>(bucket));
  if (!answer.ok()) return answer.error();
  return answer->payer == "Requester";
}

Result<bool> ReadMfaDelete(const aws::Aws& aws, const BucketFacts& bucket) {
  const auto answer = aws.Call(About<aws::s3::GetBucketVersioning>(bucket));
  if (!answer.ok()) return answer.error();
  return answer->mfa_delete == "Enabled";
}

// Only these hang on MFA delete.
bool AsksAboutVersions(const Ask& ask) {
  return std::any_of(ask.actions.begin(), ask.actions.end(), [](const std::string& action) {
    return EqualsIgnoreCase(action, "s3:DeleteObjectVersion") || EqualsIgnoreCase(action, "s3:PutBucketVersioning");
  });
}

Error NotItsOwner(const BucketFacts& bucket, const std::string& owner) {
  return Error{ErrorCode::kInvalidInput,
               "bucket `" + bucket.name + "` does not belong to account " + bucket.account +
                   (owner.empty() ? "" : ": account " + owner + " owns it"),
               owner.empty() ? "give --account the account that owns it" : "give --account " + owner};
}

}  // namespace

// S3 refuses whoever expects another owner in the same way as whoever may not read. Nothing: it cannot be told.
std::optional<Error> Gatherer::OtherOwner(const BucketFacts& bucket, const std::string& region) const {
  aws::s3::GetBucketLocation whoever{.bucket = bucket.name, .expected_owner = ""};
  if (At(bucket.account, region).Call(whoever).ok()) return NotItsOwner(bucket, "");
  for (const std::string& account : options_.other_accounts) {
    if (account == bucket.account) continue;
    const aws::s3::GetBucketLocation theirs{.bucket = bucket.name, .expected_owner = account};
    if (At(account, region).Call(theirs).ok()) return NotItsOwner(bucket, account);
  }
  if (bucket.account != options_.home_account) {
    const aws::s3::GetBucketLocation ours{.bucket = bucket.name, .expected_owner = options_.home_account};
    if (At(options_.home_account, region).Call(ours).ok()) return NotItsOwner(bucket, options_.home_account);
  }
  return std::nullopt;
}

Result<BucketFacts> Gatherer::ReadBucket(const Ask& ask) const {
  BucketFacts bucket;
  bucket.name = ask.bucket;
  bucket.account = ask.account.empty() ? options_.home_account : ask.account;
  const std::string start = ask.region.empty() ? options_.home_region : ask.region;
  bucket.partition = aws::PartitionOf(start).id;
  if (!CanRead(bucket.account)) {
    return Error{ErrorCode::kInvalidInput,
                 "bucket `" + ask.bucket + "` is of account " + bucket.account + ", and no role is configured for it",
                 "set aws.accounts or aws.role_name"};
  }
  const auto location = At(bucket.account, start).Call(About<aws::s3::GetBucketLocation>(bucket));
  if (location.ok()) {
    bucket.region = location->region;
  } else if (location.error().code == ErrorCode::kNotFound) {
    return location.error();
  } else if (location.error().code == ErrorCode::kUnauthenticated) {
    return location.error().In("account " + bucket.account);
  } else {
    if (location.error().code == ErrorCode::kForbidden) {
      if (const auto error = OtherOwner(bucket, start)) return *error;
      bucket.owner_unsure = true;
    }
    bucket.region = ask.region;  // whoever told it has seen it
  }
  const aws::Aws aws = At(bucket.account, bucket.region.empty() ? start : bucket.region);
  bucket.policy = ReadPolicy(aws, bucket);
  bucket.acl = ReadAcl(aws, bucket);
  bucket.acls_disabled = ReadAclsDisabled(aws, bucket);
  bucket.block = ReadBlock(aws, bucket);
  bucket.account_block = ReadAccountBlock(aws, bucket);
  bucket.access_points = ReadAccessPoints(aws, bucket, clock_, options_.concurrency);
  bucket.key = ReadKey(bucket, aws.place().region);
  bucket.requester_pays = ReadRequesterPays(aws, bucket);
  if (AsksAboutVersions(ask)) bucket.mfa_delete = ReadMfaDelete(aws, bucket);
  bucket.owner_unsure = bucket.owner_unsure && !bucket.policy.ok() && !bucket.acl.ok() && !bucket.block.ok();
  return bucket;
}

// The key that the bucket's default encryption names, which counts for new objects.
Result<std::optional<KeyFacts>> Gatherer::ReadKey(const BucketFacts& bucket, const std::string& region) const {
  const auto encryption = At(bucket.account, region).Call(About<aws::s3::GetBucketEncryption>(bucket));
  if (!encryption.ok()) {
    if (IsAbsent(encryption.error(), "ServerSideEncryptionConfigurationNotFoundError"))
      return std::optional<KeyFacts>();
    return encryption.error();
  }
  for (const aws::s3::EncryptionRule& rule : encryption->rules) {
    if (!rule.algorithm.starts_with("aws:kms")) continue;
    KeyFacts key;
    key.account = bucket.account;
    key.with_bucket_key = rule.with_bucket_key;
    key.is_aws_managed = rule.key_id.empty();
    if (key.is_aws_managed) return std::optional(std::move(key));
    const auto arn = policy::SplitArn(rule.key_id);
    if (arn) key.account = arn->account();
    if (!CanRead(key.account)) {
      return Error{ErrorCode::kForbidden,
                   "its key `" + Printable(rule.key_id, 200) + "` is of account " + key.account +
                       ", and no role is configured for it",
                   "set aws.accounts or aws.role_name"};
    }
    const aws::Aws aws = At(key.account, arn ? std::string(arn->region()) : region);
    const auto described = aws.Call(aws::kms::DescribeKey{.key_id = rule.key_id});
    if (!described.ok()) return described.error();
    key.arn = described->metadata.arn;
    key.is_aws_managed = described->metadata.manager == "AWS";
    if (key.is_aws_managed) return std::optional(std::move(key));
    auto policy = aws.Call(aws::kms::GetKeyPolicy{.key_id = key.arn});
    key.policy = policy.ok() ? Result<std::string>(std::move(policy->policy)) : policy.error();
    key.grants = ReadGrants(aws, key.arn);
    return std::optional(std::move(key));
  }
  return std::optional<KeyFacts>();
}

}  // namespace sallyport::reach
