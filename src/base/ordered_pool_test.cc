// SPDX-License-Identifier: Apache-2.0
#include "base/ordered_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>

namespace sallyport {
namespace {

using testing::Each;
using testing::ElementsAre;

TEST(OrderedPool, HandsOutResultsInTheOrderOfSubmission) {
  std::vector<int> taken;
  {
    OrderedPool<int> pool(4, {8, 8}, [&](int result) { taken.push_back(result); });
    for (int i = 0; i < 500; ++i) pool.Submit("", [i] { return i; });
  }
  ASSERT_EQ(taken.size(), 500U);
  for (int i = 0; i < 500; ++i) EXPECT_EQ(taken.at(static_cast<std::size_t>(i)), i);
}

TEST(OrderedPool, RunsSeveralAtOnce) {
  std::latch all_there(3);
  std::vector<int> taken;
  {
    OrderedPool<int> pool(3, {8, 8}, [&](int result) { taken.push_back(result); });
    // Each waits for the two others.
    for (int i = 0; i < 3; ++i) {
      pool.Submit("", [i, &all_there] {
        all_there.arrive_and_wait();
        return i;
      });
    }
  }
  EXPECT_THAT(taken, ElementsAre(0, 1, 2));
}

TEST(OrderedPool, NeverRunsTwoJobsOfOneKeyAtOnceAndKeepsTheirOrder) {
  std::atomic<int> inside{0};
  std::vector<int> begun;  // guarded by the key: one at a time
  std::vector<bool> alone;
  {
    OrderedPool<bool> pool(4, {64, 64}, [&](bool was_alone) { alone.push_back(was_alone); });
    for (int i = 0; i < 200; ++i) {
      pool.Submit("one", [i, &inside, &begun] {
        const bool first = inside.fetch_add(1) == 0;
        begun.push_back(i);
        std::this_thread::yield();
        inside.fetch_sub(1);
        return first;
      });
    }
  }
  EXPECT_THAT(alone, Each(true));
  ASSERT_EQ(begun.size(), 200U);
  for (int i = 0; i < 200; ++i) EXPECT_EQ(begun.at(static_cast<std::size_t>(i)), i);
}

TEST(OrderedPool, ABusyKeyDoesNotStopTheOthers) {
  std::latch other_ran(1);
  std::vector<int> taken;
  {
    OrderedPool<int> pool(2, {8, 8}, [&](int result) { taken.push_back(result); });
    pool.Submit("a", [&] {
      other_ran.wait();
      return 1;
    });
    pool.Submit("a", [] { return 2; });
    pool.Submit("b", [&] {
      other_ran.count_down();
      return 3;
    });
  }
  EXPECT_THAT(taken, ElementsAre(1, 2, 3));
}

TEST(OrderedPool, OneThatTakesLongDoesNotStopTheOthersBeforeTheBoundOfResults) {
  std::latch others_ran(20);
  std::vector<int> taken;
  {
    OrderedPool<int> pool(2, {1, 21}, [&](int result) { taken.push_back(result); });
    pool.Submit("", [&] {
      others_ran.wait();
      return 0;
    });
    // Far more than may wait: they are done, and their results wait.
    for (int i = 1; i <= 20; ++i) {
      pool.Submit("", [i, &others_ran] {
        others_ran.count_down();
        return i;
      });
    }
  }
  ASSERT_EQ(taken.size(), 21U);
  for (int i = 0; i <= 20; ++i) EXPECT_EQ(taken.at(static_cast<std::size_t>(i)), i);
}

TEST(OrderedPool, NoMoreThanTheBoundsAllowAreUnderWay) {
  std::atomic<int> submitted{0};
  std::atomic<int> taken{0};
  std::vector<int> ahead;  // guarded by the pool: one result is taken at a time
  {
    OrderedPool<int> pool(4, {2, 6}, [&](int) {
      ahead.push_back(submitted.load() - taken.load());
      ++taken;
    });
    for (int i = 0; i < 200; ++i) {
      pool.Submit("", [] { return 0; });
      ++submitted;
    }
  }
  ASSERT_EQ(ahead.size(), 200U);
  // What Submit has just let in may not be counted yet.
  for (const int count : ahead) EXPECT_LE(count, 6);
}

TEST(OrderedPool, OneWorkerIsTheCaller) {
  const auto caller = std::this_thread::get_id();
  std::vector<bool> same;
  OrderedPool<bool> pool(1, {1, 1}, [&](bool result) { same.push_back(result); });
  EXPECT_EQ(pool.threads(), 0U);
  pool.Submit("", [caller] { return std::this_thread::get_id() == caller; });
  EXPECT_THAT(same, ElementsAre(true));
}

}  // namespace
}  // namespace sallyport
