// SPDX-License-Identifier: Apache-2.0
#include "aws_client/fan_out.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <latch>
#include <mutex>
#include <set>
#include <thread>

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

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SALLYPORT_SANITIZED  // which needs more address space than a test can take away
#endif
#endif
#ifndef SALLYPORT_SANITIZED
// Exit code 0: everything was done, by fewer threads than asked for. Leaves room for the stacks of two threads.
[[noreturn]] void FanOutWithoutRoomForThreads() {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  rlimit stack{};
  getrlimit(RLIMIT_STACK, &stack);
  const rlim_t each = std::min(stack.rlim_cur, rlim_t{8} << 20);  // it may be unlimited
  const rlimit space{pages * 4096 + 3 * each, RLIM_INFINITY};
  setrlimit(RLIMIT_AS, &space);
  FakeClock clock;
  std::mutex mutex;
  std::set<std::thread::id> threads;
  const auto answers = FanOut<int>(clock, {.concurrency = 200}, Numbers(400), OneLane, [&](int i) {
    const std::lock_guard lock(mutex);
    threads.insert(std::this_thread::get_id());
    return Result<int>(i);
  });
  std::exit(answers.complete() && threads.size() < 100 ? 0 : 1);
}

TEST(FanOutDeathTest, DoesEverythingWithTheThreadsThatThereAre) {
  EXPECT_EXIT(FanOutWithoutRoomForThreads(), testing::ExitedWithCode(0), "");
}
#endif

TEST(FanOut, BeginsNothingInAPartOfAMillisecond) {
  FakeClock clock;
  int asked = 0;
  const auto ask = [&](int i) {
    ++asked;
    return Result<int>(i);
  };
  FanOutOptions options{.concurrency = 1, .until = clock.Monotonic() + std::chrono::microseconds{999}};
  EXPECT_EQ(FanOut<int>(clock, options, Numbers(5), OneLane, ask).missing, 5U);
  EXPECT_EQ(asked, 0);
  options.until = clock.Monotonic() + Duration{1};
  EXPECT_EQ(FanOut<int>(clock, options, Numbers(5), OneLane, ask).missing, 0U);
  EXPECT_EQ(asked, 5);
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
