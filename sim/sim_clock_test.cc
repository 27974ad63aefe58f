// SPDX-License-Identifier: Apache-2.0
#include "sim/sim_clock.h"

#include <gtest/gtest.h>

#include "base/fake_clock.h"

namespace sallyport::sim {
namespace {

const TimePoint kStart = FromEpochMilliseconds(1'000'000);

TEST(SimClock, StandsStillAtSpeedZeroUntilAdvanced) {
  FakeClock real;
  SimClock clock(kStart, 0, real);
  real.Advance(Duration{5000});
  EXPECT_EQ(clock.Now(), kStart);
  clock.Advance(Duration{70});
  EXPECT_EQ(clock.Now(), kStart + Duration{70});
}

TEST(SimClock, RunsAtItsSpeed) {
  FakeClock real;
  SimClock clock(kStart, 600, real);
  real.Advance(Duration{1000});
  EXPECT_EQ(clock.Now(), kStart + Duration{600'000});
}

TEST(SimClock, CountsUnscaledTimeForRateLimits) {
  FakeClock real;
  SimClock clock(kStart, 600, real);
  real.Advance(Duration{1000});
  clock.Advance(Duration{20});
  EXPECT_EQ(clock.Unscaled(), Duration{1020});
}

}  // namespace
}  // namespace sallyport::sim
