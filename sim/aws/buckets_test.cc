// SPDX-License-Identifier: Apache-2.0
#include "sim/aws/buckets.h"

#include <gtest/gtest.h>

namespace sallyport::aws_sim {
namespace {

using std::chrono::milliseconds;

TokenBuckets OneLimit(double per_second, double burst) {
  return TokenBuckets({{"*", "*", "ec2", "Describe*", per_second, burst}});
}

TEST(TokenBuckets, LetsTheBurstPassAndNotOneMore) {
  auto buckets = OneLimit(10, 3);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(buckets.Take("1", "r", "ec2", "DescribeRegions", milliseconds(0)));
  EXPECT_FALSE(buckets.Take("1", "r", "ec2", "DescribeRegions", milliseconds(0)));
}

TEST(TokenBuckets, RefillsEvenlyAndExactly) {
  auto buckets = OneLimit(10, 1);
  EXPECT_TRUE(buckets.Take("1", "r", "ec2", "DescribeRegions", milliseconds(0)));
  EXPECT_FALSE(buckets.Take("1", "r", "ec2", "DescribeRegions", milliseconds(99)));
  EXPECT_TRUE(buckets.Take("1", "r", "ec2", "DescribeRegions", milliseconds(101)));
  // A refused call costs nothing, and what is left of a refill is kept.
  EXPECT_FALSE(buckets.Take("1", "r", "ec2", "DescribeRegions", milliseconds(150)));
  EXPECT_TRUE(buckets.Take("1", "r", "ec2", "DescribeRegions", milliseconds(201)));
}

TEST(TokenBuckets, NeverHoldsMoreThanTheBurst) {
  auto buckets = OneLimit(10, 2);
  EXPECT_TRUE(buckets.Take("1", "r", "ec2", "DescribeRegions", milliseconds(0)));
  int passed = 0;
  for (int i = 0; i < 5; ++i) passed += buckets.Take("1", "r", "ec2", "DescribeRegions", std::chrono::hours(1)) ? 1 : 0;
  EXPECT_EQ(passed, 2);
}

TEST(TokenBuckets, OnePerAccountRegionAndAction) {
  auto buckets = OneLimit(1, 1);
  EXPECT_TRUE(buckets.Take("1", "r", "ec2", "DescribeRegions", milliseconds(0)));
  EXPECT_TRUE(buckets.Take("2", "r", "ec2", "DescribeRegions", milliseconds(0)));
  EXPECT_TRUE(buckets.Take("1", "s", "ec2", "DescribeRegions", milliseconds(0)));
  EXPECT_TRUE(buckets.Take("1", "r", "ec2", "DescribeInstances", milliseconds(0)));
  EXPECT_FALSE(buckets.Take("1", "r", "ec2", "DescribeRegions", milliseconds(0)));
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(buckets.Take("1", "r", "iam", "GetPolicy", milliseconds(0)));
}

TEST(TokenBuckets, AClockThatGoesBackGivesNothing) {
  auto buckets = OneLimit(10, 1);
  EXPECT_TRUE(buckets.Take("1", "r", "ec2", "DescribeRegions", milliseconds(1000)));
  EXPECT_FALSE(buckets.Take("1", "r", "ec2", "DescribeRegions", milliseconds(0)));
}

TEST(TokenBuckets, NewLimitsStartFull) {
  auto buckets = OneLimit(1, 1);
  EXPECT_TRUE(buckets.Take("1", "r", "ec2", "DescribeRegions", milliseconds(0)));
  buckets.SetLimits({{"*", "*", "*", "*", 1, 1}});
  EXPECT_TRUE(buckets.Take("1", "r", "ec2", "DescribeRegions", milliseconds(0)));
  EXPECT_FALSE(buckets.Take("1", "r", "ec2", "DescribeRegions", milliseconds(0)));
}

}  // namespace
}  // namespace sallyport::aws_sim
