// SPDX-License-Identifier: Apache-2.0
#include "followup/schedule.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const TimePoint kScheduleNow = FromEpochMilliseconds(1'764'000'000'000);
const Schedule kSchedule = {minutes(1), 2.0, minutes(10), hours(6)};

TEST(Schedule, EachPauseIsLongerThanTheOneBeforeUpToTheLongest) {
  EXPECT_EQ(FirstAsk(kSchedule, kScheduleNow, 0), kScheduleNow + minutes(1));
  const Duration want[] = {minutes(1), minutes(2), minutes(4), minutes(8), minutes(10), minutes(10)};
  int attempts = 0;
  for (const Duration pause : want) {
    EXPECT_EQ(NextAsk(kSchedule, attempts, kScheduleNow, kScheduleNow + hours(6), 0), kScheduleNow + pause) << attempts;
    ++attempts;
  }
}

TEST(Schedule, NoPauseIsLongerThanTheLongestTheFirstOneNeither) {
  EXPECT_EQ(FirstAsk({minutes(1), 2.0, minutes(1) / 4, hours(6)}, kScheduleNow, 0), kScheduleNow + minutes(1) / 4);
}

TEST(Schedule, ChanceAddsUpToAFifth) {
  EXPECT_EQ(FirstAsk(kSchedule, kScheduleNow, 0.5), kScheduleNow + seconds(66));
  EXPECT_LT(FirstAsk(kSchedule, kScheduleNow, 0.999999), kScheduleNow + seconds(72));
}

TEST(Schedule, TheEndOfACaseIsAwaitedLongerThanEverythingThatBelongsToIt) {
  const FollowUpSettings settings;
  EXPECT_GT(settings.outcome.give_up, settings.host.give_up + settings.scan.give_up + settings.rules.give_up);
}

TEST(Schedule, TheLastLookIsAtTheEndAndNotBehindIt) {
  EXPECT_EQ(NextAsk(kSchedule, 4, kScheduleNow, kScheduleNow + minutes(3), 0.9), kScheduleNow + minutes(3));
  // Its time is over, yet it was not given up: the clock jumped. It is asked once more, later, not at once for ever.
  EXPECT_EQ(NextAsk(kSchedule, 4, kScheduleNow, kScheduleNow - minutes(3), 0), kScheduleNow + minutes(10));
}

TEST(Schedule, ANumberOfAttemptsThatMakesNoSenseStillGivesAPause) {
  EXPECT_EQ(NextAsk(kSchedule, -5, kScheduleNow, kScheduleNow + hours(6), 0), kScheduleNow + minutes(1));
  EXPECT_EQ(NextAsk(kSchedule, 2'000'000'000, kScheduleNow, kScheduleNow + hours(6), 0), kScheduleNow + minutes(10));
}

TEST(Schedule, ADeliveryIsTriedAgainSoonAndThenHourly) {
  EXPECT_EQ(DeliveryPause(0), minutes(1));
  EXPECT_EQ(DeliveryPause(1), minutes(1));
  EXPECT_EQ(DeliveryPause(2), minutes(5));
  EXPECT_EQ(DeliveryPause(3), minutes(15));
  EXPECT_EQ(DeliveryPause(4), minutes(60));
  EXPECT_EQ(DeliveryPause(400), minutes(60));
}

}  // namespace
}  // namespace sallyport
