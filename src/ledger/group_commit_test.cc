// SPDX-License-Identifier: Apache-2.0
//
// Several threads on one ledger: they share commits, and each has its own result.
#include "ledger/group_commit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <latch>
#include <thread>

#include "ledger/test_data.h"

namespace sallyport {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int kThreads = 8;

// Time that goes on, and now and then back.
class JumpingClock final : public Clock {
 public:
  TimePoint Now() const override {
    const int call = calls_++;
    return FromEpochMilliseconds(1'764'000'000'000 + (call % 3 == 2 ? -7'200'000 : call));
  }
  std::chrono::steady_clock::time_point Monotonic() const override { return std::chrono::steady_clock::now(); }
  void SleepFor(Duration) override {}

 private:
  mutable std::atomic<int> calls_ = 0;
};

class GroupCommitTest : public ::testing::Test {
 protected:
  GroupCommitTest() {
    std::ofstream(path_, std::ios::binary) << "";
    database_ = sqlite::Database::Open(path_, Duration{1000}).value();
    ExpectOk(database_->Execute("PRAGMA journal_mode = WAL; CREATE TABLE t (x INTEGER UNIQUE, y TEXT)"));
  }
  // Holds the connection until `count` others wait for a commit, so that they are one.
  Status Insert(GroupCommit& group, int x) {
    return group.Run([&]() -> Status {
      auto statement = database_->Prepare("INSERT INTO t VALUES (?, '')");
      if (!statement) return statement.error();
      statement->Bind(std::int64_t{x});
      return statement->Run();
    });
  }
  std::int64_t Count() { return database_->QueryInt("SELECT count(*) FROM t").value(); }

  TempFolder folder_;
  const std::string path_ = folder_ / "file.db";
  std::unique_ptr<sqlite::Database> database_;
};

TEST_F(GroupCommitTest, WhoWaitsIsCommittedTogetherAndOnesFailureIsItsOwn) {
  GroupCommit group(*database_);
  ExpectOk(Insert(group, 3));
  std::vector<Status> results(kThreads, Ok());
  std::thread first;
  std::vector<std::thread> others;
  {
    // Nobody can commit meanwhile: the first who comes leads, and the others wait.
    const auto held = group.Borrow();
    first = std::thread([&] { results[0] = Insert(group, 0); });
    while (group.waiting() != 0 || !group.leads()) std::this_thread::yield();
    for (int i = 1; i < kThreads; ++i) {
      others.emplace_back([&, i] { results[static_cast<std::size_t>(i)] = Insert(group, i); });
    }
    while (group.waiting() != kThreads - 1) std::this_thread::yield();
  }
  first.join();
  for (std::thread& other : others) other.join();
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(results[i].ok(), i != 3) << i;
    if (i == 3) {
      EXPECT_THAT(results[i].error().message, HasSubstr("UNIQUE constraint failed"));
    }
  }
  EXPECT_EQ(Count(), kThreads);
  EXPECT_EQ(group.transactions(), 3) << "the row of before, the first, and all others together";
}

TEST_F(GroupCommitTest, ALockThatIsHeldTooLongIsToldToAllAndNothingIsRecorded) {
  database_.reset();
  database_ = sqlite::Database::Open(path_, Duration{1}).value();
  GroupCommit group(*database_);
  const auto other = sqlite::Database::Open(path_, Duration{1}).value();
  sqlite::Transaction lock(*other);
  ExpectOk(lock.Begin(sqlite::Transaction::Kind::kWrite));
  std::vector<std::string> errors(kThreads);
  RunThreads(kThreads, [&](int i) {
    const Status inserted = Insert(group, i);
    errors[static_cast<std::size_t>(i)] = inserted.ok() ? "" : inserted.error().message;
  });
  EXPECT_THAT(errors, Each(HasSubstr("locked by another process for more than 1ms")));
  ExpectOk(lock.Commit());
  EXPECT_EQ(Count(), 0);
  ExpectOk(Insert(group, 1));
}

TEST_F(GroupCommitTest, ManyThreadsManyRows) {
  GroupCommit group(*database_);
  std::atomic<int> failed = 0;
  RunThreads(kThreads, [&](int thread) {
    for (int i = 0; i < 50; ++i) {
      if (!Insert(group, thread * 1000 + i).ok()) ++failed;
    }
  });
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(Count(), kThreads * 50);
  EXPECT_LE(group.transactions(), kThreads * 50);
}

// --- The ledger ------------------------------------------------------------------------------------------------------

class SharedLedgerTest : public ::testing::Test {
 protected:
  TempFolder folder_;
  const std::string path_ = folder_ / "ledger.db";
};

TEST_F(SharedLedgerTest, ThreadsHandleFindingsWhileOthersReadAndTheClockJumps) {
  const JumpingClock clock;
  const auto ledger = OpenOrDie(path_, clock);
  std::atomic<bool> done = false;
  std::thread reader([&] {
    while (!done) {
      EXPECT_TRUE(ledger->ListCases({}).ok());
      EXPECT_TRUE(ledger->NextDue().ok());
      const auto lines = ledger->History(0, 100);
      EXPECT_TRUE(lines.ok());
    }
  });
  RunThreads(kThreads, [&](int thread) {
    for (int i = 0; i < 10; ++i) {
      EXPECT_EQ(HandleOne(*ledger, std::to_string(thread) + "/" + std::to_string(i)), "");
    }
  });
  done = true;
  reader.join();
  EXPECT_EQ(ledger->ListCases({.limit = 1000}).value().size(), kThreads * 10U);
  EXPECT_THAT(ledger->Verify().value().broken, IsEmpty());
}

// Of several that mean to do the same at once, one does.
TEST_F(SharedLedgerTest, AClaimHoldsForOneOfThem) {
  const FakeClock clock;
  const auto ledger = OpenOrDie(path_, clock);
  for (int round = 0; round < 10; ++round) {
    const std::string key = Sha256Hex(std::to_string(round));
    std::latch start(kThreads);
    std::atomic<int> ours = 0;
    RunThreads(kThreads, [&](int thread) {
      const EventNumber event = ledger->AddEvent(EventAbout(std::to_string(thread))).value().number;
      NewPlan plan = PlanOf({ScanOf("computer 34")});
      plan.event = event;
      plan.actions[0].key = key;
      plan.actions[0].state = ActionState::kIntended;
      start.arrive_and_wait();
      const auto committed = ledger->Commit({{KeyIsFree{key}}, {plan}});
      ASSERT_TRUE(committed.ok()) << committed.error().message;
      if (committed->recorded()) ++ours;
    });
    EXPECT_EQ(ours, 1);
  }
  EXPECT_THAT(ledger->Verify().value().broken, IsEmpty());
}

}  // namespace
}  // namespace sallyport
