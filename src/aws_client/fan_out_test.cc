// SPDX-License-Identifier: Apache-2.0
#include "aws_client/fan_out.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <mutex>

#include "base/fake_clock.h"

namespace sallyport::aws {
namespace {

std::vector<int> Numbers(int count) {
  std::vector<int> numbers;
  numbers.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) numbers.push_back(i);
  return numbers;
}

std::string OneLane(int) {
  return "";
}

TEST(FanOut, KeepsTheOrderOfWhatWasAsked) {
  FakeClock clock;
  const auto answers =
      FanOut<int>(clock, {.concurrency = 8}, Numbers(500), OneLane, [](int i) { return Result<int>(i * 2); });
  ASSERT_EQ(answers.items.size(), 500U);
  for (int i = 0; i < 500; ++i) EXPECT_EQ(*answers.items[static_cast<std::size_t>(i)], i * 2);
  EXPECT_TRUE(answers.complete());
}

TEST(FanOut, RunsAsManyAtATimeAsAllowedAndNoMore) {
  FakeClock clock;
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  std::latch all_four(4);  // would wait for ever with fewer workers
  const auto answers = FanOut<int>(clock, {.concurrency = 4}, Numbers(40), OneLane, [&](int i) {
    const int now = ++running;
    int seen = most;
    while (now > seen && !most.compare_exchange_weak(seen, now)) {
    }
    if (i < 4) all_four.arrive_and_wait();
    --running;
    return Result<int>(i);
  });
  EXPECT_TRUE(answers.complete());
  EXPECT_EQ(most, 4);
}

TEST(FanOut, CountsFailuresApartFromWhatWasNotBegun) {
  FakeClock clock;
  const FanOutOptions options{.concurrency = 1, .until = clock.Monotonic() + Duration{3}};
  const auto answers = FanOut<int>(clock, options, Numbers(5), OneLane, [&](int i) {
    clock.Advance(Duration{1});
    if (i == 1) return Result<int>(Error{ErrorCode::kForbidden, "no", ""});
    return Result<int>(i);
  });
  EXPECT_EQ(answers.failed, 1U);
  EXPECT_EQ(answers.missing, 2U);
  EXPECT_FALSE(answers.complete());
  EXPECT_EQ(*answers.items[2], 2);
  EXPECT_EQ(answers.items[1].error().message, "no");
  EXPECT_EQ(answers.items[4].error().code, ErrorCode::kTimeout);
  EXPECT_EQ(answers.items[4].error().message, "the deadline passed before this was asked");
}

TEST(FanOut, TakesLanesInTurn) {
  FakeClock clock;
  std::vector<int> order;
  const auto lane = [](int i) { return i < 4 ? "a" : "b"; };
  const auto answers = FanOut<int>(clock, {.concurrency = 1}, Numbers(8), lane, [&](int i) {
    order.push_back(i);
    return Result<int>(i);
  });
  EXPECT_EQ(order, (std::vector<int>{0, 4, 1, 5, 2, 6, 3, 7}));
}

TEST(FanOut, ASlowLaneDoesNotHoldUpAnother) {
  FakeClock clock;
  std::latch quick_lane_done(6);
  // The two workers of the slow lane wait until the quick lane has been served to its end.
  const auto lane = [](int i) { return i < 20 ? "slow" : "quick"; };
  const auto answers = FanOut<int>(clock, {.concurrency = 4}, Numbers(26), lane, [&](int i) {
    if (i < 20) {
      quick_lane_done.wait();
    } else {
      quick_lane_done.count_down();
    }
    return Result<int>(i);
  });
  EXPECT_TRUE(answers.complete());
}

TEST(FanOut, DoesNothingForNothing) {
  FakeClock clock;
  EXPECT_TRUE(FanOut<int>(clock, {}, Numbers(0), OneLane, [](int i) { return Result<int>(i); }).complete());
}

}  // namespace
}  // namespace sallyport::aws
