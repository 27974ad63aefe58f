// SPDX-License-Identifier: Apache-2.0
#include "aws_api/s3control.h"

namespace sallyport::aws::s3control {
namespace {

constexpr Service kService{"s3control", "S3 Control", "s3-control", "s3", "s3", Protocol::kRestXml};
constexpr Operation kListAccessPoints{.service = kService,
                                      .name = "ListAccessPoints",
                                      .method = "GET",
                                      .uri = "/v20180820/accesspoint",
                                      .root = "ListAccessPointsResult"};
constexpr Operation kGetAccessPointPolicy{.service = kService,
                                          .name = "GetAccessPointPolicy",
                                          .method = "GET",
                                          .uri = "/v20180820/accesspoint/{name}/policy",
                                          .root = "GetAccessPointPolicyResult"};
constexpr Operation kGetAccessPoint{.service = kService,
                                    .name = "GetAccessPoint",
                                    .method = "GET",
                                    .uri = "/v20180820/accesspoint/{name}",
                                    .root = "GetAccessPointResult"};
constexpr Operation kGetPublicAccessBlock{.service = kService,
                                          .name = "GetPublicAccessBlock",
                                          .method = "GET",
                                          .uri = "/v20180820/configuration/publicAccessBlock",
                                          .root = "PublicAccessBlockConfiguration",
                                          .action = "GetAccountPublicAccessBlock"};

}  // namespace

const Operation& ListAccessPoints::Op() {
  return kListAccessPoints;
}

const Operation& GetAccessPointPolicy::Op() {
  return kGetAccessPointPolicy;
}

const Operation& GetAccessPoint::Op() {
  return kGetAccessPoint;
}

const Operation& GetPublicAccessBlock::Op() {
  return kGetPublicAccessBlock;
}

void Describe(Shape& shape, AccessPoint& place) {
  shape.Required("Name", place.name);
  shape("NetworkOrigin", place.network_origin);
  shape("Bucket", place.bucket);
  shape("AccessPointArn", place.arn);
  shape("BucketAccountId", place.bucket_account);
}

void Describe(Shape& shape, ListAccessPoints& place) {
  shape.Required("x-amz-account-id", place.account, Where::kAccount);
  shape("bucket", place.bucket, Where::kQuery);
  shape("maxResults", place.max_results, Where::kQuery);
  shape("nextToken", place.page_token, Where::kQuery);
}

void Describe(Shape& shape, ListAccessPointsAnswer& place) {
  shape.Required("AccessPointList", place.access_points);
  shape("NextToken", place.next_page);
}

void Describe(Shape& shape, GetAccessPointPolicy& place) {
  shape.Required("x-amz-account-id", place.account, Where::kAccount);
  shape.Required("name", place.name, Where::kPath);
}

void Describe(Shape& shape, GetAccessPointPolicyAnswer& place) {
  shape.Required("Policy", place.policy);
}

void Describe(Shape& shape, GetAccessPoint& place) {
  shape.Required("x-amz-account-id", place.account, Where::kAccount);
  shape.Required("name", place.name, Where::kPath);
}

void Describe(Shape& shape, GetAccessPointAnswer& place) {
  shape("Name", place.name)("Bucket", place.bucket)("NetworkOrigin", place.network_origin);
  shape("PublicAccessBlockConfiguration", place.block);
}

void Describe(Shape& shape, GetPublicAccessBlock& place) {
  shape.Required("x-amz-account-id", place.account, Where::kAccount);
}

void Describe(Shape& shape, GetPublicAccessBlockAnswer& place) {
  s3::Describe(shape, place.block);
}

}  // namespace sallyport::aws::s3control
