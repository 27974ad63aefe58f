// SPDX-License-Identifier: Apache-2.0
#include "aws_api/s3.h"

#include "aws/table.h"
#include "aws_api/s3control.h"

namespace sallyport::aws::s3 {
namespace {

constexpr Service kService{"s3", "S3", "s3", "s3", "s3", Protocol::kRestXml};

// Every request says of which bucket, and whose it must be.
template <class Request>
constexpr auto kBucket = Table<Request>({{"Bucket", Required<&Request::bucket>, Location::kBucket},
                                         {"x-amz-expected-bucket-owner", Field<&Request::expected_owner>,
                                          Location::kHeader}});
constexpr auto kGetBucketPolicyAnswer =
    Table<GetBucketPolicyAnswer>({{"Policy", Required<&GetBucketPolicyAnswer::policy>, Location::kPayload}});
constexpr auto kGrantee =
    Table<Grant>({{"ID", Field<&Grant::id>}, {"URI", Field<&Grant::uri>}, {"EmailAddress", Field<&Grant::email>}});
constexpr auto kGrant =
    Table<Grant>({{"Grantee", RequiredInside<kGrantee>}, {"Permission", Required<&Grant::permission>}});
constexpr auto kOwner = Table<GetBucketAclAnswer>({{"ID", Field<&GetBucketAclAnswer::owner_id>}});
constexpr auto kGetBucketAclAnswer = Table<GetBucketAclAnswer>(
    {{"Owner", RequiredInside<kOwner>}, {"AccessControlList", Required<&GetBucketAclAnswer::grants, kGrant>}});
constexpr auto kPublicAccessBlock =
    Table<PublicAccessBlock>({{"BlockPublicAcls", Field<&PublicAccessBlock::block_acls>},
                              {"IgnorePublicAcls", Field<&PublicAccessBlock::ignore_acls>},
                              {"BlockPublicPolicy", Field<&PublicAccessBlock::block_policy>},
                              {"RestrictPublicBuckets", Field<&PublicAccessBlock::restrict_buckets>}});
constexpr auto kGetPublicAccessBlockAnswer =
    Table<GetPublicAccessBlockAnswer>({{"", Merged<&GetPublicAccessBlockAnswer::block, kPublicAccessBlock>}});
constexpr auto kOwnershipRule = Table<OwnershipRule>({{"ObjectOwnership", Required<&OwnershipRule::ownership>}});
constexpr auto kGetBucketOwnershipControlsAnswer =
    Table<GetBucketOwnershipControlsAnswer>({{"Rule", Flat<&GetBucketOwnershipControlsAnswer::rules, kOwnershipRule>}});
constexpr auto kByDefault = Table<EncryptionRule>(
    {{"SSEAlgorithm", Required<&EncryptionRule::algorithm>}, {"KMSMasterKeyID", Field<&EncryptionRule::key_id>}});
constexpr auto kEncryptionRule = Table<EncryptionRule>({{"ApplyServerSideEncryptionByDefault", Inside<kByDefault>},
                                                        {"BucketKeyEnabled", Field<&EncryptionRule::with_bucket_key>}});
constexpr auto kGetBucketEncryptionAnswer =
    Table<GetBucketEncryptionAnswer>({{"Rule", Flat<&GetBucketEncryptionAnswer::rules, kEncryptionRule>}});
void TakeRegion(GetBucketLocationAnswer& answer) {
  if (answer.region.empty()) answer.region = "us-east-1";
  if (answer.region == "EU") answer.region = "eu-west-1";
}
constexpr auto kGetBucketLocationAnswer = Table<GetBucketLocationAnswer>(
    {{"LocationConstraint", Whole<&GetBucketLocationAnswer::region>}}, Completed<&TakeRegion>);
constexpr auto kGetBucketRequestPaymentAnswer =
    Table<GetBucketRequestPaymentAnswer>({{"Payer", Field<&GetBucketRequestPaymentAnswer::payer>}});
constexpr auto kGetBucketVersioningAnswer =
    Table<GetBucketVersioningAnswer>({{"Status", Field<&GetBucketVersioningAnswer::status>},
                                      {"MfaDelete", Field<&GetBucketVersioningAnswer::mfa_delete>}});

}  // namespace

const Operation GetBucketPolicy::kOp =
    Make<GetBucketPolicy>({.service = kService, .name = "GetBucketPolicy", .method = "GET", .uri = "/?policy"},
                          kBucket<GetBucketPolicy>, kGetBucketPolicyAnswer);
const Operation GetBucketAcl::kOp = Make<GetBucketAcl>(
    {.service = kService, .name = "GetBucketAcl", .method = "GET", .uri = "/?acl", .root = "AccessControlPolicy"},
    kBucket<GetBucketAcl>, kGetBucketAclAnswer);
const Operation GetPublicAccessBlock::kOp =
    Make<GetPublicAccessBlock>({.service = kService,
                                .name = "GetPublicAccessBlock",
                                .method = "GET",
                                .uri = "/?publicAccessBlock",
                                .root = "PublicAccessBlockConfiguration",
                                .action = "GetBucketPublicAccessBlock"},
                               kBucket<GetPublicAccessBlock>, kGetPublicAccessBlockAnswer);
const Operation GetBucketOwnershipControls::kOp =
    Make<GetBucketOwnershipControls>({.service = kService,
                                      .name = "GetBucketOwnershipControls",
                                      .method = "GET",
                                      .uri = "/?ownershipControls",
                                      .root = "OwnershipControls"},
                                     kBucket<GetBucketOwnershipControls>, kGetBucketOwnershipControlsAnswer);
const Operation GetBucketLocation::kOp = Make<GetBucketLocation>({.service = kService,
                                                                  .name = "GetBucketLocation",
                                                                  .method = "GET",
                                                                  .uri = "/?location",
                                                                  .root = "LocationConstraint"},
                                                                 kBucket<GetBucketLocation>, kGetBucketLocationAnswer);
const Operation GetBucketEncryption::kOp =
    Make<GetBucketEncryption>({.service = kService,
                               .name = "GetBucketEncryption",
                               .method = "GET",
                               .uri = "/?encryption",
                               .root = "ServerSideEncryptionConfiguration",
                               .action = "GetEncryptionConfiguration"},
                              kBucket<GetBucketEncryption>, kGetBucketEncryptionAnswer);
const Operation GetBucketRequestPayment::kOp =
    Make<GetBucketRequestPayment>({.service = kService,
                                   .name = "GetBucketRequestPayment",
                                   .method = "GET",
                                   .uri = "/?requestPayment",
                                   .root = "RequestPaymentConfiguration"},
                                  kBucket<GetBucketRequestPayment>, kGetBucketRequestPaymentAnswer);
const Operation GetBucketVersioning::kOp =
    Make<GetBucketVersioning>({.service = kService,
                               .name = "GetBucketVersioning",
                               .method = "GET",
                               .uri = "/?versioning",
                               .root = "VersioningConfiguration"},
                              kBucket<GetBucketVersioning>, kGetBucketVersioningAnswer);

}  // namespace sallyport::aws::s3

namespace sallyport::aws::s3control {
namespace {

constexpr Service kService{"s3control", "S3 Control", "s3-control", "s3", "s3", Protocol::kRestXml};

constexpr auto kAccessPoint = Table<AccessPoint>({{"Name", Required<&AccessPoint::name>},
                                                  {"NetworkOrigin", Field<&AccessPoint::network_origin>},
                                                  {"Bucket", Field<&AccessPoint::bucket>},
                                                  {"AccessPointArn", Field<&AccessPoint::arn>},
                                                  {"BucketAccountId", Field<&AccessPoint::bucket_account>}});
constexpr auto kListAccessPoints =
    Table<ListAccessPoints>({{"x-amz-account-id", Required<&ListAccessPoints::account>, Location::kAccount},
                             {"bucket", Field<&ListAccessPoints::bucket>, Location::kQuery},
                             {"maxResults", Field<&ListAccessPoints::max_results>, Location::kQuery},
                             {"nextToken", Field<&ListAccessPoints::page_token>, Location::kQuery}});
constexpr auto kListAccessPointsAnswer =
    Table<ListAccessPointsAnswer>({{"AccessPointList", Required<&ListAccessPointsAnswer::access_points, kAccessPoint>},
                                   {"NextToken", Field<&ListAccessPointsAnswer::next_page>}});
constexpr auto kGetAccessPointPolicy =
    Table<GetAccessPointPolicy>({{"x-amz-account-id", Required<&GetAccessPointPolicy::account>, Location::kAccount},
                                 {"name", Required<&GetAccessPointPolicy::name>, Location::kPath}});
constexpr auto kGetAccessPointPolicyAnswer =
    Table<GetAccessPointPolicyAnswer>({{"Policy", Required<&GetAccessPointPolicyAnswer::policy>}});
constexpr auto kGetAccessPoint =
    Table<GetAccessPoint>({{"x-amz-account-id", Required<&GetAccessPoint::account>, Location::kAccount},
                           {"name", Required<&GetAccessPoint::name>, Location::kPath}});
constexpr auto kGetAccessPointAnswer = Table<GetAccessPointAnswer>(
    {{"Name", Field<&GetAccessPointAnswer::name>},
     {"Bucket", Field<&GetAccessPointAnswer::bucket>},
     {"NetworkOrigin", Field<&GetAccessPointAnswer::network_origin>},
     {"PublicAccessBlockConfiguration", Field<&GetAccessPointAnswer::block, s3::kPublicAccessBlock>}});
constexpr auto kGetPublicAccessBlock =
    Table<GetPublicAccessBlock>({{"x-amz-account-id", Required<&GetPublicAccessBlock::account>, Location::kAccount}});
constexpr auto kGetPublicAccessBlockAnswer =
    Table<GetPublicAccessBlockAnswer>({{"", Merged<&GetPublicAccessBlockAnswer::block, s3::kPublicAccessBlock>}});

}  // namespace

const Operation ListAccessPoints::kOp = Make<ListAccessPoints>({.service = kService,
                                                                .name = "ListAccessPoints",
                                                                .method = "GET",
                                                                .uri = "/v20180820/accesspoint",
                                                                .root = "ListAccessPointsResult"},
                                                               kListAccessPoints, kListAccessPointsAnswer);
const Operation GetAccessPointPolicy::kOp =
    Make<GetAccessPointPolicy>({.service = kService,
                                .name = "GetAccessPointPolicy",
                                .method = "GET",
                                .uri = "/v20180820/accesspoint/{name}/policy",
                                .root = "GetAccessPointPolicyResult"},
                               kGetAccessPointPolicy, kGetAccessPointPolicyAnswer);
const Operation GetAccessPoint::kOp = Make<GetAccessPoint>({.service = kService,
                                                            .name = "GetAccessPoint",
                                                            .method = "GET",
                                                            .uri = "/v20180820/accesspoint/{name}",
                                                            .root = "GetAccessPointResult"},
                                                           kGetAccessPoint, kGetAccessPointAnswer);
const Operation GetPublicAccessBlock::kOp =
    Make<GetPublicAccessBlock>({.service = kService,
                                .name = "GetPublicAccessBlock",
                                .method = "GET",
                                .uri = "/v20180820/configuration/publicAccessBlock",
                                .root = "PublicAccessBlockConfiguration",
                                .action = "GetAccountPublicAccessBlock"},
                               kGetPublicAccessBlock, kGetPublicAccessBlockAnswer);

}  // namespace sallyport::aws::s3control
