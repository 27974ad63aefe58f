// SPDX-License-Identifier: Apache-2.0
#include "sim/swp_limiter.h"

#include <gtest/gtest.h>

namespace sallyport::sim {
namespace {

TEST(SlidingLimiter, AdmitsTheLimitAndRefusesOneMore) {
  SlidingLimiter limiter(3, 0);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limiter.Admit("a", Duration{i}));
  EXPECT_FALSE(limiter.Admit("a", Duration{3}));
  EXPECT_TRUE(limiter.Admit("b", Duration{3}));
}

TEST(SlidingLimiter, ForgetsACallAfterSixtySeconds) {
  SlidingLimiter limiter(1, 0);
  EXPECT_TRUE(limiter.Admit("a", Duration{0}));
  EXPECT_FALSE(limiter.Admit("a", Duration{59'999}));
  EXPECT_TRUE(limiter.Admit("a", Duration{60'000}));
}

TEST(SlidingLimiter, DoesNotCountRefusedCalls) {
  SlidingLimiter limiter(1, 0);
  EXPECT_TRUE(limiter.Admit("a", Duration{0}));
  for (int i = 1; i < 100; ++i) EXPECT_FALSE(limiter.Admit("a", Duration{i * 500}));
  EXPECT_TRUE(limiter.Admit("a", Duration{60'000}));
}

TEST(SlidingLimiter, LimitsTheTenantOverAllKeys) {
  SlidingLimiter limiter(2, 3);
  EXPECT_TRUE(limiter.Admit("a", Duration{0}));
  EXPECT_TRUE(limiter.Admit("a", Duration{0}));
  EXPECT_TRUE(limiter.Admit("b", Duration{0}));
  EXPECT_FALSE(limiter.Admit("b", Duration{0}));
}

TEST(SlidingLimiter, KnowsWhenTheNextCallPasses) {
  SlidingLimiter limiter(1, 1);
  EXPECT_EQ(limiter.WaitTime("a", Duration{0}), Duration{0});
  EXPECT_TRUE(limiter.Admit("a", Duration{1000}));
  EXPECT_EQ(limiter.WaitTime("a", Duration{11'000}), Duration{50'000});
  EXPECT_EQ(limiter.WaitTime("b", Duration{11'000}), Duration{50'000});
}

}  // namespace
}  // namespace sallyport::sim
