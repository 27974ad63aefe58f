// SPDX-License-Identifier: Apache-2.0
#include "aws_api/s3.h"

namespace sallyport::aws::s3 {
namespace {

constexpr Service kService{"s3", "S3", "s3", "s3", "s3", Protocol::kRestXml};
constexpr Operation kGetBucketPolicy{
    .service = kService, .name = "GetBucketPolicy", .method = "GET", .uri = "/?policy"};
constexpr Operation kGetBucketPolicyStatus{.service = kService,
                                           .name = "GetBucketPolicyStatus",
                                           .method = "GET",
                                           .uri = "/?policyStatus",
                                           .root = "PolicyStatus"};
constexpr Operation kGetBucketAcl{
    .service = kService, .name = "GetBucketAcl", .method = "GET", .uri = "/?acl", .root = "AccessControlPolicy"};
constexpr Operation kGetPublicAccessBlock{.service = kService,
                                          .name = "GetPublicAccessBlock",
                                          .method = "GET",
                                          .uri = "/?publicAccessBlock",
                                          .root = "PublicAccessBlockConfiguration",
                                          .action = "GetBucketPublicAccessBlock"};
constexpr Operation kGetBucketOwnershipControls{.service = kService,
                                                .name = "GetBucketOwnershipControls",
                                                .method = "GET",
                                                .uri = "/?ownershipControls",
                                                .root = "OwnershipControls"};
constexpr Operation kGetBucketLocation{.service = kService,
                                       .name = "GetBucketLocation",
                                       .method = "GET",
                                       .uri = "/?location",
                                       .root = "LocationConstraint"};
constexpr Operation kGetBucketEncryption{.service = kService,
                                         .name = "GetBucketEncryption",
                                         .method = "GET",
                                         .uri = "/?encryption",
                                         .root = "ServerSideEncryptionConfiguration",
                                         .action = "GetEncryptionConfiguration"};
constexpr Operation kGetBucketRequestPayment{.service = kService,
                                             .name = "GetBucketRequestPayment",
                                             .method = "GET",
                                             .uri = "/?requestPayment",
                                             .root = "RequestPaymentConfiguration"};
constexpr Operation kGetBucketVersioning{.service = kService,
                                         .name = "GetBucketVersioning",
                                         .method = "GET",
                                         .uri = "/?versioning",
                                         .root = "VersioningConfiguration"};
constexpr Operation kHeadBucket{
    .service = kService, .name = "HeadBucket", .method = "HEAD", .uri = "/", .action = "ListBucket"};

template <class Request>
void DescribeBucket(Shape& shape, Request& place) {
  shape.Required("Bucket", place.bucket, Where::kBucket);
  shape("x-amz-expected-bucket-owner", place.expected_owner, Where::kHeader);
}

struct Identity {
  std::string id{};
  std::string uri{};
  std::string email{};
};
void Describe(Shape& shape, Identity& place) {
  shape("ID", place.id)("URI", place.uri)("EmailAddress", place.email);
}

struct DefaultEncryption {
  std::string algorithm{};
  std::string key_id{};
};
void Describe(Shape& shape, DefaultEncryption& place) {
  shape.Required("SSEAlgorithm", place.algorithm);
  shape("KMSMasterKeyID", place.key_id);
}

std::string RegionOfConstraint(const std::string& text) {
  if (text.empty()) return "us-east-1";
  return text == "EU" ? "eu-west-1" : text;
}

}  // namespace

const Operation& GetBucketPolicy::Op() {
  return kGetBucketPolicy;
}

const Operation& GetBucketPolicyStatus::Op() {
  return kGetBucketPolicyStatus;
}

const Operation& GetBucketAcl::Op() {
  return kGetBucketAcl;
}

const Operation& GetPublicAccessBlock::Op() {
  return kGetPublicAccessBlock;
}

const Operation& GetBucketOwnershipControls::Op() {
  return kGetBucketOwnershipControls;
}

const Operation& GetBucketLocation::Op() {
  return kGetBucketLocation;
}

const Operation& GetBucketEncryption::Op() {
  return kGetBucketEncryption;
}

const Operation& GetBucketRequestPayment::Op() {
  return kGetBucketRequestPayment;
}

const Operation& GetBucketVersioning::Op() {
  return kGetBucketVersioning;
}

const Operation& HeadBucket::Op() {
  return kHeadBucket;
}

void Describe(Shape& shape, GetBucketPolicy& place) {
  DescribeBucket(shape, place);
}

void Describe(Shape& shape, GetBucketPolicyStatus& place) {
  DescribeBucket(shape, place);
}

void Describe(Shape& shape, GetBucketAcl& place) {
  DescribeBucket(shape, place);
}

void Describe(Shape& shape, GetPublicAccessBlock& place) {
  DescribeBucket(shape, place);
}

void Describe(Shape& shape, GetBucketOwnershipControls& place) {
  DescribeBucket(shape, place);
}

void Describe(Shape& shape, GetBucketLocation& place) {
  DescribeBucket(shape, place);
}

void Describe(Shape& shape, GetBucketRequestPayment& place) {
  DescribeBucket(shape, place);
}

void Describe(Shape& shape, GetBucketRequestPaymentAnswer& place) {
  shape("Payer", place.payer);
}

void Describe(Shape& shape, GetBucketVersioning& place) {
  DescribeBucket(shape, place);
}

void Describe(Shape& shape, GetBucketVersioningAnswer& place) {
  shape("Status", place.status);
  shape("MfaDelete", place.mfa_delete);
}

void Describe(Shape& shape, HeadBucket& place) {
  DescribeBucket(shape, place);
}

void Describe(Shape& shape, GetBucketPolicyAnswer& place) {
  shape.Required("Policy", place.policy, Where::kPayload);
}

void Describe(Shape& shape, GetBucketPolicyStatusAnswer& place) {
  shape.Required("IsPublic", place.is_public);
}

void Describe(Shape& shape, Grant& place) {
  Identity grantee{place.id, place.uri, place.email};
  shape.Required("Grantee", grantee).Required("Permission", place.permission);
  place.id = grantee.id;
  place.uri = grantee.uri;
  place.email = grantee.email;
}

void Describe(Shape& shape, GetBucketAclAnswer& place) {
  Identity owner{place.owner_id, "", ""};
  shape.Required("Owner", owner).Required("AccessControlList", place.grants);
  place.owner_id = owner.id;
}

void Describe(Shape& shape, PublicAccessBlock& place) {
  shape("BlockPublicAcls", place.block_acls);
  shape("IgnorePublicAcls", place.ignore_acls);
  shape("BlockPublicPolicy", place.block_policy);
  shape("RestrictPublicBuckets", place.restrict_buckets);
}

void Describe(Shape& shape, GetPublicAccessBlockAnswer& place) {
  Describe(shape, place.block);
}

void Describe(Shape& shape, OwnershipRule& place) {
  shape.Required("ObjectOwnership", place.ownership);
}

void Describe(Shape& shape, GetBucketOwnershipControlsAnswer& place) {
  shape.Flat("Rule", place.rules);
}

void Describe(Shape& shape, GetBucketEncryption& place) {
  DescribeBucket(shape, place);
}

void Describe(Shape& shape, EncryptionRule& place) {
  DefaultEncryption by_default{place.algorithm, place.key_id};
  shape("ApplyServerSideEncryptionByDefault", by_default)("BucketKeyEnabled", place.with_bucket_key);
  place.algorithm = by_default.algorithm;
  place.key_id = by_default.key_id;
}

void Describe(Shape& shape, GetBucketEncryptionAnswer& place) {
  shape.Flat("Rule", place.rules);
}

void Describe(Shape& shape, GetBucketLocationAnswer& place) {
  shape.Whole("LocationConstraint", place.region);
  place.region = RegionOfConstraint(place.region);
}

void Describe(Shape& shape, HeadBucketAnswer& place) {
  shape("x-amz-bucket-region", place.region, Where::kHeader);
}

}  // namespace sallyport::aws::s3
