// SPDX-License-Identifier: Apache-2.0
#include "aws/rates.h"

#include <gtest/gtest.h>

namespace sallyport::aws {
namespace {

std::optional<RateLimit> LimitOf(std::string_view service, std::string_view operation, std::string body = "") {
  const Service of{service, "", "", "", ""};
  const Operation what{.service = of, .name = operation};
  Call call;
  call.operation = &what;
  call.body = std::move(body);
  return RateLimitOf(call);
}

TEST(RateLimitOf, Ec2CountsNarrowedAndWholeReadsApart) {
  EXPECT_EQ(LimitOf("ec2", "DescribeInstances", "Action=DescribeInstances&Version=x&Filter.1.Name=a")->per_second, 20);
  EXPECT_EQ(LimitOf("ec2", "DescribeInstances", "Action=DescribeInstances&Version=x&InstanceId.1=i")->burst, 100);
  EXPECT_EQ(LimitOf("ec2", "DescribeInstances", "Action=DescribeInstances&Version=x&MaxResults=5")->group, "reads");
  EXPECT_EQ(LimitOf("ec2", "DescribeInstances", "Action=DescribeInstances&Version=x")->per_second, 10);
  EXPECT_EQ(LimitOf("ec2", "DescribeInstances", "Action=DescribeInstances&Version=x")->burst, 50);
}

TEST(RateLimitOf, WafCountsItsSlowOperationsAlone) {
  EXPECT_EQ(LimitOf("wafv2", "ListResourcesForWebACL")->per_second, 1);
  EXPECT_EQ(LimitOf("wafv2", "GetWebACL")->per_second, 5);
  EXPECT_EQ(LimitOf("wafv2", "ListWebACLs")->group, "");
  EXPECT_EQ(LimitOf("wafv2", "UpdateWebACL")->per_second, 1);
  EXPECT_EQ(LimitOf("wafv2", "CheckCapacity")->per_second, 1);
}

TEST(RateLimitOf, LeavesOthersAlone) {
  EXPECT_FALSE(LimitOf("sqs", "ReceiveMessage"));
  EXPECT_FALSE(LimitOf("kms", "GetKeyPolicy"));
  EXPECT_EQ(LimitOf("organizations", "ListParents")->burst, 10);
}

}  // namespace
}  // namespace sallyport::aws
