// SPDX-License-Identifier: Apache-2.0
#include "net/request_budget.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "base/fake_clock.h"

namespace sallyport {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(RequestBudget, LetsTheBudgetThroughAtOnceAndMakesTheNextWaitForTheFirstToBeAMinuteOld) {
  FakeClock clock;
  RequestBudget budget(clock, 3);
  EXPECT_EQ(budget.Reserve(hours{1}).value(), Duration{0});
  clock.Advance(seconds{10});
  EXPECT_EQ(budget.Reserve(hours{1}).value(), Duration{0});
  EXPECT_EQ(budget.Reserve(hours{1}).value(), Duration{0});
  EXPECT_EQ(budget.Reserve(hours{1}).value(), seconds{50});
  EXPECT_EQ(budget.Reserve(hours{1}).value(), seconds{60});
}

TEST(RequestBudget, IsFreeAgainExactlyAMinuteLater) {
  FakeClock clock;
  RequestBudget budget(clock, 1);
  ASSERT_TRUE(budget.Reserve(Duration{0}).ok());
  clock.Advance(milliseconds{59'999});
  EXPECT_FALSE(budget.Reserve(Duration{0}).ok());
  clock.Advance(milliseconds{1});
  EXPECT_EQ(budget.Reserve(Duration{0}).value(), Duration{0});
}

TEST(RequestBudget, CountsPlacesThatAreStillToComeInEveryWindow) {
  FakeClock clock;
  RequestBudget budget(clock, 2);
  std::vector<TimePoint> sends;
  for (int i = 0; i < 9; ++i) {
    sends.push_back(clock.Now() + budget.Reserve(hours{1}).value());
    clock.Advance(seconds{7});
  }
  for (std::size_t i = 2; i < sends.size(); ++i) EXPECT_GE(sends[i] - sends[i - 2], seconds{60}) << i;
}

TEST(RequestBudget, RefusesWhoWouldWaitTooLongAndReservesNothingForThem) {
  FakeClock clock;
  RequestBudget budget(clock, 1);
  ASSERT_TRUE(budget.Reserve(Duration{0}).ok());
  const Result<Duration> refused = budget.Reserve(milliseconds{59'999});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kRateLimited);
  EXPECT_EQ(refused.error().message,
            "the budget of 1 requests a minute is used up: the next is free in 1m, and this call may wait 59999ms");
  EXPECT_EQ(refused.error().advice, "try again later, or raise the number of requests a minute");
  EXPECT_EQ(budget.Reserve(seconds{60}).value(), seconds{60});
}

TEST(RequestBudget, ZeroIsUnlimited) {
  FakeClock clock;
  RequestBudget budget(clock, 0);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(budget.Reserve(Duration{0}).value(), Duration{0});
}

TEST(RequestBudget, IsSharedBetweenThreads) {
  FakeClock clock;
  RequestBudget budget(clock, 100);
  std::atomic<int> granted{0};
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 50; ++n) granted += budget.Reserve(Duration{0}).ok() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(granted, 100);
}

}  // namespace
}  // namespace sallyport
