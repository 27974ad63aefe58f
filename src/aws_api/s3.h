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
#include "aws/shape.h"

namespace sallyport::aws::s3 {

struct GetBucketPolicyAnswer {
  std::string policy{};  // JSON text
};
struct GetBucketPolicy {
  using Answer = GetBucketPolicyAnswer;
  static const Operation& Op();
  std::string bucket{};
  std::string expected_owner{};  // an account; another owner gives kForbidden
};

struct GetBucketPolicyStatusAnswer {
  bool is_public = false;
};
struct GetBucketPolicyStatus {
  using Answer = GetBucketPolicyStatusAnswer;
  static const Operation& Op();
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
  static const Operation& Op();
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
  static const Operation& Op();
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
  static const Operation& Op();
  std::string bucket{};
  std::string expected_owner{};  // an account; another owner gives kForbidden
};

struct GetBucketLocationAnswer {
  std::string region{};  // never empty: S3 writes nothing for us-east-1 and EU for eu-west-1
};
struct GetBucketLocation {
  using Answer = GetBucketLocationAnswer;
  static const Operation& Op();
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
  static const Operation& Op();
  std::string bucket{};
  std::string expected_owner{};  // an account; another owner gives kForbidden
};

struct GetBucketRequestPaymentAnswer {
  std::string payer{};  // BucketOwner, Requester
};
// s3:GetBucketRequestPayment
struct GetBucketRequestPayment {
  using Answer = GetBucketRequestPaymentAnswer;
  static const Operation& Op();
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
  static const Operation& Op();
  std::string bucket{};
  std::string expected_owner{};  // an account; another owner gives kForbidden
};

struct HeadBucketAnswer {
  std::string region{};
};
struct HeadBucket {
  using Answer = HeadBucketAnswer;
  static const Operation& Op();
  std::string bucket{};
  std::string expected_owner{};  // an account; another owner gives kForbidden
};

void Describe(Shape& shape, Grant& place);
void Describe(Shape& shape, PublicAccessBlock& place);
void Describe(Shape& shape, OwnershipRule& place);
void Describe(Shape& shape, EncryptionRule& place);
void Describe(Shape& shape, GetBucketEncryption& place);
void Describe(Shape& shape, GetBucketEncryptionAnswer& place);
void Describe(Shape& shape, GetBucketPolicy& place);
void Describe(Shape& shape, GetBucketPolicyAnswer& place);
void Describe(Shape& shape, GetBucketPolicyStatus& place);
void Describe(Shape& shape, GetBucketPolicyStatusAnswer& place);
void Describe(Shape& shape, GetBucketAcl& place);
void Describe(Shape& shape, GetBucketAclAnswer& place);
void Describe(Shape& shape, GetPublicAccessBlock& place);
void Describe(Shape& shape, GetPublicAccessBlockAnswer& place);
void Describe(Shape& shape, GetBucketOwnershipControls& place);
void Describe(Shape& shape, GetBucketOwnershipControlsAnswer& place);
void Describe(Shape& shape, GetBucketLocation& place);
void Describe(Shape& shape, GetBucketLocationAnswer& place);
void Describe(Shape& shape, GetBucketRequestPayment& place);
void Describe(Shape& shape, GetBucketRequestPaymentAnswer& place);
void Describe(Shape& shape, GetBucketVersioning& place);
void Describe(Shape& shape, GetBucketVersioningAnswer& place);
void Describe(Shape& shape, HeadBucket& place);
void Describe(Shape& shape, HeadBucketAnswer& place);

}  // namespace sallyport::aws::s3
