// SPDX-License-Identifier: Apache-2.0
#include "aws_client/rate_limiter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/fake_clock.h"

namespace sallyport::aws {
namespace {

using testing::HasSubstr;

constexpr Service kWaf{"wafv2", "WAFV2", "wafv2", "wafv2", "wafv2"};
constexpr Operation kSlow{.service = kWaf, .name = "ListResourcesForWebACL"};  // 1 a second
constexpr Operation kOther{.service = kWaf, .name = "UpdateWebACL"};
constexpr Service kEc2{"ec2", "EC2", "ec2", "ec2", "ec2"};
constexpr Operation kRead{.service = kEc2, .name = "DescribeInstances"};

Call CallOf(const Operation& operation, std::string account = "111122223333", std::string region = "eu-west-1") {
  Call call;
  call.operation = &operation;
  call.place = {std::move(account), std::move(region)};
  call.body = "&Filter.1.Name=x";
  return call;
}

class RateLimiterTest : public testing::Test {
 protected:
  Duration Wait(const Call& call) {
    const auto wait = limiter_.Reserve(call, std::chrono::hours{1});
    EXPECT_TRUE(wait.ok());
    return wait.value_or(Duration{-1});
  }

  FakeClock clock_;
  RateLimiter limiter_{clock_};
};

TEST_F(RateLimiterTest, QueuesPlacesBehindTheBurst) {
  const Call call = CallOf(kSlow);
  EXPECT_EQ(Wait(call), Duration{0});
  EXPECT_EQ(Wait(call), Duration{1021});  // a second and the slack of two in a hundred
  EXPECT_EQ(Wait(call), Duration{2041});
  clock_.Advance(std::chrono::seconds{10});
  EXPECT_EQ(Wait(call), Duration{0});
  EXPECT_EQ(Wait(call), Duration{1021});  // what was not used is not saved beyond the burst
}

// Whoever is woken late sends late: the next call comes a whole second after that, not after when it was to be.
TEST_F(RateLimiterTest, CountsFromWhenACallWasSentWhereThatIsLater) {
  const Call call = CallOf(kSlow);
  EXPECT_EQ(Wait(call), Duration{0});
  limiter_.Sent(call);
  EXPECT_EQ(Wait(call), Duration{1021});
  clock_.Advance(Duration{1021 + 400});
  limiter_.Sent(call);
  EXPECT_EQ(Wait(call), Duration{1021});
  // A place that is taken and not sent yet counts, too.
  EXPECT_EQ(Wait(call), Duration{2041});
  clock_.Advance(Duration{1021 + 400});
  limiter_.Sent(call);
  EXPECT_EQ(Wait(call), Duration{2041});
  // With room in the bucket nothing changes.
  const Call fast = CallOf(kRead);
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(Wait(fast), Duration{0});
    limiter_.Sent(fast);
  }
}

TEST_F(RateLimiterTest, KeepsAccountsRegionsAndActionsApart) {
  EXPECT_EQ(Wait(CallOf(kSlow)), Duration{0});
  EXPECT_EQ(Wait(CallOf(kSlow, "444455556666")), Duration{0});
  EXPECT_EQ(Wait(CallOf(kSlow, "111122223333", "us-east-1")), Duration{0});
  EXPECT_EQ(Wait(CallOf(kOther)), Duration{0});
  EXPECT_GT(Wait(CallOf(kSlow)), Duration{0});
}

TEST_F(RateLimiterTest, GivesTheBurstLessASlack) {
  const Call call = CallOf(kRead);
  for (int i = 0; i < 95; ++i) ASSERT_EQ(Wait(call), Duration{0}) << i;
  EXPECT_EQ(Wait(call), Duration{52});
}

TEST_F(RateLimiterTest, TakesNoPlaceThatIsTooFarAway) {
  const Call call = CallOf(kSlow);
  EXPECT_EQ(Wait(call), Duration{0});
  const auto refused = limiter_.Reserve(call, Duration{1020});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kRateLimited);
  EXPECT_THAT(refused.error().message,
              HasSubstr("wafv2:ListResourcesForWebACL in eu-west-1 of account 111122223333: the "
                        "own rate limit leaves no room for it for 1021ms"));
  EXPECT_EQ(*limiter_.Reserve(call, Duration{1021}), Duration{1021});
}

TEST_F(RateLimiterTest, StartsFromNothingAfterAThrottle) {
  const Call call = CallOf(kRead);
  EXPECT_EQ(Wait(call), Duration{0});
  limiter_.Throttled(call);
  EXPECT_EQ(Wait(call), Duration{52});
}

}  // namespace
}  // namespace sallyport::aws
