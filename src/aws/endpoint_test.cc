// SPDX-License-Identifier: Apache-2.0
#include "aws/endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sallyport::aws {
namespace {

using testing::HasSubstr;

constexpr Service kEc2{"ec2", "EC2", "ec2", "ec2", "ec2"};
constexpr Service kElbv2{"elbv2", "Elastic Load Balancing v2", "elasticloadbalancing", "elasticloadbalancing",
                         "elasticloadbalancing"};
constexpr Service kIam{"iam", "IAM", "iam", "iam", "iam"};
constexpr Service kCloudfront{"cloudfront", "CloudFront", "cloudfront", "cloudfront", "cloudfront"};
constexpr Service kOrganizations{"organizations", "Organizations", "organizations", "organizations", "organizations"};
constexpr Service kS3{"s3", "S3", "s3", "s3", "s3"};
constexpr Service kS3Control{"s3control", "S3 Control", "s3-control", "s3", "s3"};
constexpr Service kSts{"sts", "STS", "sts", "sts", "sts"};

Call CallTo(const Operation& operation, std::string region) {
  Call call;
  call.operation = &operation;
  call.place.region = std::move(region);
  return call;
}

// "host signing-region", or the error.
std::string EndpointOf(const Service& service, std::string region, const EndpointSettings& settings = {}) {
  const Operation operation{.service = service, .name = "X"};
  const auto endpoint = ResolveEndpoint(CallTo(operation, std::move(region)), settings);
  return endpoint.ok() ? endpoint->host + " " + endpoint->signing_region : endpoint.error().message;
}

std::string Bucket(std::string bucket, const EndpointSettings& settings = {}) {
  const Operation operation{.service = kS3, .name = "X"};
  Call call = CallTo(operation, "eu-west-1");
  call.bucket = std::move(bucket);
  const auto endpoint = ResolveEndpoint(call, settings);
  return endpoint.ok() ? endpoint->scheme + "://" + endpoint->host + endpoint->path : endpoint.error().message;
}

TEST(Endpoint, FollowsTheRulesOfEachPartition) {
  EXPECT_EQ(EndpointOf(kEc2, "eu-west-1"), "ec2.eu-west-1.amazonaws.com eu-west-1");
  EXPECT_EQ(EndpointOf(kEc2, "us-gov-west-1"), "ec2.us-gov-west-1.amazonaws.com us-gov-west-1");
  EXPECT_EQ(EndpointOf(kEc2, "cn-north-1"), "ec2.cn-north-1.amazonaws.com.cn cn-north-1");
  EXPECT_EQ(EndpointOf(kEc2, "eusc-de-east-1"), "ec2.eusc-de-east-1.amazonaws.eu eusc-de-east-1");
  EXPECT_EQ(EndpointOf(kEc2, "us-isob-east-1"), "ec2.us-isob-east-1.sc2s.sgov.gov us-isob-east-1");
  EXPECT_EQ(EndpointOf(kEc2, "us-iso-east-1"), "ec2.us-iso-east-1.c2s.ic.gov us-iso-east-1");
  EXPECT_EQ(EndpointOf(kElbv2, "eu-west-1"), "elasticloadbalancing.eu-west-1.amazonaws.com eu-west-1");
  EXPECT_EQ(EndpointOf(kEc2, "xx-new-9"), "ec2.xx-new-9.amazonaws.com xx-new-9");
}

TEST(Endpoint, GlobalServicesHaveOnePlaceInEachPartition) {
  EXPECT_EQ(EndpointOf(kIam, "eu-west-1"), "iam.amazonaws.com us-east-1");
  EXPECT_EQ(EndpointOf(kIam, "us-gov-east-1"), "iam.us-gov.amazonaws.com us-gov-west-1");
  EXPECT_EQ(EndpointOf(kIam, "cn-northwest-1"), "iam.cn-north-1.amazonaws.com.cn cn-north-1");
  EXPECT_EQ(EndpointOf(kCloudfront, "eu-west-1"), "cloudfront.amazonaws.com us-east-1");
  EXPECT_EQ(EndpointOf(kCloudfront, "cn-north-1"), "cloudfront.cn-northwest-1.amazonaws.com.cn cn-northwest-1");
  EXPECT_EQ(EndpointOf(kOrganizations, "eu-west-1"), "organizations.us-east-1.amazonaws.com us-east-1");
  EXPECT_EQ(EndpointOf(kOrganizations, "us-gov-east-1"), "organizations.us-gov-west-1.amazonaws.com us-gov-west-1");
}

TEST(Endpoint, KnowsFipsDualStackAndTheOldSts) {
  EXPECT_EQ(EndpointOf(kEc2, "us-east-1", {.fips = true}), "ec2-fips.us-east-1.amazonaws.com us-east-1");
  EXPECT_EQ(EndpointOf(kIam, "us-east-1", {.fips = true}), "iam-fips.amazonaws.com us-east-1");
  EXPECT_EQ(EndpointOf(kEc2, "eu-west-1", {.dual_stack = true}), "ec2.eu-west-1.api.aws eu-west-1");
  EXPECT_EQ(EndpointOf(kEc2, "us-east-1", {.fips = true, .dual_stack = true}), "ec2-fips.us-east-1.api.aws us-east-1");
  EXPECT_EQ(EndpointOf(kS3, "eu-west-1", {.dual_stack = true}), "s3.dualstack.eu-west-1.amazonaws.com eu-west-1");
  EXPECT_EQ(EndpointOf(kSts, "eu-west-1"), "sts.eu-west-1.amazonaws.com eu-west-1");
  EXPECT_EQ(EndpointOf(kSts, "eu-west-1", {.sts_global = true}), "sts.amazonaws.com us-east-1");
  EXPECT_EQ(EndpointOf(kSts, "cn-north-1", {.sts_global = true}), "sts.cn-north-1.amazonaws.com.cn cn-north-1");
}

TEST(Endpoint, PutsABucketIntoTheHostWhenACertificateFitsIt) {
  EXPECT_EQ(Bucket("logs"), "https://logs.s3.eu-west-1.amazonaws.com");
  EXPECT_EQ(Bucket("with.dot"), "https://s3.eu-west-1.amazonaws.com/with.dot");
  EXPECT_EQ(Bucket("Old_Name"), "https://s3.eu-west-1.amazonaws.com/Old_Name");
  EXPECT_EQ(Bucket("logs", {.url = "http://127.0.0.1:4566"}), "http://127.0.0.1:4566/logs");
  EXPECT_EQ(Bucket("logs", {.url = "http://localhost:4566/base/"}), "http://localhost:4566/base/logs");
  EXPECT_EQ(Bucket("logs", {.url = "https://s3.example"}), "https://logs.s3.example");
}

TEST(Endpoint, OverridesForOneServiceWinOverThoseForAll) {
  EndpointSettings settings{.url = "http://all.example"};
  settings.service_urls["S3_CONTROL"] = "https://own.example:8443/x";
  EXPECT_EQ(EndpointOf(kEc2, "eu-west-1", settings), "all.example eu-west-1");
  EXPECT_EQ(EndpointOf(kS3Control, "eu-west-1", settings), "own.example:8443 eu-west-1");
  EXPECT_EQ(EndpointOf(kIam, "eu-west-1", settings), "all.example us-east-1");
}

TEST(Endpoint, PutsTheAccountBeforeS3ControlUnlessOverridden) {
  const Operation operation{.service = kS3Control, .name = "X"};
  Call call = CallTo(operation, "eu-west-1");
  call.host_account = "111122223333";
  EXPECT_EQ(ResolveEndpoint(call, {})->host, "111122223333.s3-control.eu-west-1.amazonaws.com");
  EXPECT_EQ(ResolveEndpoint(call, {.url = "http://own.example"})->host, "own.example");
}

TEST(Endpoint, RefusesWhatWouldMakeAnotherHost) {
  EXPECT_EQ(EndpointOf(kEc2, "evil.example/"), "`evil.example/` cannot be an AWS region");
  EXPECT_EQ(EndpointOf(kEc2, ""), "`` cannot be an AWS region");
  EXPECT_EQ(EndpointOf(kEc2, std::string(41, 'a')), "`" + std::string(41, 'a') + "` cannot be an AWS region");
  EXPECT_EQ(Bucket("a/b?c"), "`a/b?c` cannot be the name of a bucket");
  EXPECT_EQ(Bucket("ab"), "`ab` cannot be the name of a bucket");
  const Operation operation{.service = kS3Control, .name = "X"};
  Call call = CallTo(operation, "eu-west-1");
  call.host_account = "evil.example";
  EXPECT_EQ(ResolveEndpoint(call, {}).error().message, "`evil.example` cannot be an AWS account");
  for (const char* url : {"own.example", "ftp://own.example", "https://", "https://user@own.example", "http://a/?q"}) {
    EXPECT_THAT(EndpointOf(kEc2, "eu-west-1", {.url = url}), HasSubstr("is not an http or https URL")) << url;
  }
}

TEST(Endpoint, ShowsNoPasswordOfAnOverrideWhateverTheScheme) {
  for (const char* url : {"https://u:CANARY@h", "http://u:CANARY@h:1", "socks5h://u:CANARY@h", "u:CANARY@h",
                          "foo://CANARY@h", "https://h/?q=u:CANARY@x", "https://u:CAN@CANARY@h"}) {
    const auto error = EndpointOf(kEc2, "eu-west-1", {.url = url});
    EXPECT_THAT(error, HasSubstr("not shown")) << url;
    EXPECT_EQ(error.find("CANARY"), std::string::npos) << error;
  }
}

TEST(Endpoint, NamesServicesAsTheirVariablesDo) {
  EXPECT_EQ(EnvironmentName("Elastic Load Balancing v2"), "ELASTIC_LOAD_BALANCING_V2");
  EXPECT_EQ(EnvironmentName("WAFV2"), "WAFV2");
  EXPECT_EQ(EnvironmentName("a-b"), "A_B");
}

TEST(IsOptInRegion, IsTrueForTheNewerOnesOfThePublicPartition) {
  EXPECT_FALSE(IsOptInRegion("eu-west-1"));
  EXPECT_FALSE(IsOptInRegion("us-gov-west-1"));
  EXPECT_TRUE(IsOptInRegion("eu-south-2"));
  EXPECT_TRUE(IsOptInRegion("me-central-1"));
}

}  // namespace
}  // namespace sallyport::aws
