// SPDX-License-Identifier: Apache-2.0
//
// S3, API version 2006-03-01: what decides who may read a bucket.
//
// Absence is told by kNotFound with a RemoteCode: NoSuchBucketPolicy, NoSuchPublicAccessBlockConfiguration (all four
// false), OwnershipControlsNotFoundError (ObjectWriter), NoSuchBucket.
#pragma once

#include <string>
#include <vector>

#include "aws/operation.h"

namespace sallyport::aws::s3 {

struct GetBucketPolicyAnswer {
  std::string policy{};  // JSON text
};
struct GetBucketPolicy {
  using Answer = GetBucketPolicyAnswer;
  static const Operation kOp;
  std::string bucket{};
  std::string expected_owner{};  // an account; another owner gives kForbidden
};

// To a canonical id of an account, to a group's URI, or to an address.
struct Grant {
  std::string id{};
  std::string uri{};
  std::string email{};
  std::string permission{};  // READ, WRITE, READ_ACP, WRITE_ACP, FULL_CONTROL
};

struct GetBucketAclAnswer {
  std::string owner_id{};
  std::vector<Grant> grants{};
};
struct GetBucketAcl {
  using Answer = GetBucketAclAnswer;
  static const Operation kOp;
  std::string bucket{};
  std::string expected_owner{};  // an account; another owner gives kForbidden
};

struct PublicAccessBlock {
  bool block_acls = false;
  bool ignore_acls = false;
  bool block_policy = false;
  bool restrict_buckets = false;
};

struct GetPublicAccessBlockAnswer {
  PublicAccessBlock block{};
};
struct GetPublicAccessBlock {
  using Answer = GetPublicAccessBlockAnswer;
  static const Operation kOp;
  std::string bucket{};
  std::string expected_owner{};  // an account; another owner gives kForbidden
};

struct OwnershipRule {
  std::string ownership{};  // BucketOwnerEnforced, BucketOwnerPreferred, ObjectWriter
};

struct GetBucketOwnershipControlsAnswer {
  std::vector<OwnershipRule> rules{};
};
struct GetBucketOwnershipControls {
  using Answer = GetBucketOwnershipControlsAnswer;
  static const Operation kOp;
  std::string bucket{};
  std::string expected_owner{};  // an account; another owner gives kForbidden
};

struct GetBucketLocationAnswer {
  std::string region{};  // never empty: S3 writes nothing for us-east-1 and EU for eu-west-1
};
struct GetBucketLocation {
  using Answer = GetBucketLocationAnswer;
  static const Operation kOp;
  std::string bucket{};
  std::string expected_owner{};  // an account; another owner gives kForbidden
};

// Of new objects that say nothing else.
struct EncryptionRule {
  std::string algorithm{};  // AES256, aws:kms, aws:kms:dsse
  std::string key_id{};     // an id, an alias or an ARN; empty with aws:kms: the AWS managed key `aws/s3`
  bool with_bucket_key = false;
};

struct GetBucketEncryptionAnswer {
  std::vector<EncryptionRule> rules{};
};
struct GetBucketEncryption {
  using Answer = GetBucketEncryptionAnswer;
  static const Operation kOp;
  std::string bucket{};
  std::string expected_owner{};  // an account; another owner gives kForbidden
};

struct GetBucketRequestPaymentAnswer {
  std::string payer{};  // BucketOwner, Requester
};
// s3:GetBucketRequestPayment
struct GetBucketRequestPayment {
  using Answer = GetBucketRequestPaymentAnswer;
  static const Operation kOp;
  std::string bucket{};
  std::string expected_owner{};  // an account; another owner gives kForbidden
};

struct GetBucketVersioningAnswer {
  std::string status{};      // Enabled, Suspended; empty: never switched on
  std::string mfa_delete{};  // Enabled, Disabled; empty: never switched on
};
// s3:GetBucketVersioning
struct GetBucketVersioning {
  using Answer = GetBucketVersioningAnswer;
  static const Operation kOp;
  std::string bucket{};
  std::string expected_owner{};  // an account; another owner gives kForbidden
};

}  // namespace sallyport::aws::s3
