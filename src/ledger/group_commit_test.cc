// SPDX-License-Identifier: Apache-2.0
//
// Several threads on one ledger: they share commits, and each has its own result.
#include "ledger/group_commit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <latch>
#include <sstream>
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

void RunThreads(int count, const std::function<void(int)>& work) {
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
}

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

// One finding from its arrival to its end; empty: all of it was recorded.
std::string HandleOne(Ledger& ledger, const std::string& subject) {
  const auto added = ledger.AddEvent(EventAbout(subject));
  if (!added.ok()) return added.error().message;
  const EventNumber event = added->number;
  NewPlan plan = PlanOf({ScanOf("computer of " + subject, subject)});
  plan.event = event;
  plan.actions[0].state = ActionState::kIntended;
  const auto planned = ledger.Commit({{KeyIsFree{plan.actions[0].key}}, {plan}});
  if (!planned.ok()) return planned.error().message;
  if (!planned->recorded()) return "overtaken";
  const auto ended =
      ledger.Commit({{},
                     {ActionChange{planned->actions[0], ActionState::kRequested, "accepted"},
                      PlanChange{planned->plans[0], PlanState::kExecuted}, EventChange{event, EventState::kWaiting}}});
  return ended.ok() ? "" : ended.error().message;
}

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

// In a child process, which has a limit on the size of its files.
TEST_F(SharedLedgerTest, ADiskThatFillsFailsWhatNeedsRoomAndLosesNothingOfTheRest) {
  int ends[2] = {};
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const FakeClock clock;
    const auto ledger = OpenOrDie(path_, clock);
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{900'000, 900'000};
    setrlimit(RLIMIT_FSIZE, &limit);
    std::atomic<int> recorded = 0;
    std::atomic<int> full = 0;
    std::atomic<int> other = 0;
    RunThreads(kThreads, [&](int thread) {
      for (int i = 0; i < 200; ++i) {
        NewEvent event = EventAbout(std::to_string(thread) + "/" + std::to_string(i));
        event.body = std::string(thread == 0 ? 300'000 : 2'000, 'x');
        const auto added = ledger->AddEvent(event);
        if (added.ok()) {
          ++recorded;
        } else if (added.error().message.find("the disk is full") != std::string::npos) {
          ++full;
        } else {
          ++other;
        }
      }
    });
    const std::string said = std::to_string(recorded) + " " + std::to_string(full) + " " + std::to_string(other) + " ";
    const bool written = write(ends[1], said.data(), said.size()) == static_cast<ssize_t>(said.size());
    _exit(written ? 0 : 1);
  }
  close(ends[1]);
  std::string said(64, '\0');
  said.resize(static_cast<std::size_t>(std::max<ssize_t>(0, read(ends[0], said.data(), said.size()))));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  std::istringstream numbers(said);
  std::size_t recorded = 0;
  int full = 0;
  int other = 0;
  numbers >> recorded >> full >> other;
  EXPECT_GT(recorded, 0U) << said;
  EXPECT_GT(full, 0) << said;
  EXPECT_EQ(other, 0) << said;
  const FakeClock clock;
  const auto ledger = OpenOrDie(path_, clock);
  EXPECT_EQ(ledger->ListCases({.limit = 10'000}).value().size(), recorded) << "all that was said to be recorded is";
  EXPECT_THAT(ledger->Verify().value().broken, IsEmpty());
}

TEST_F(SharedLedgerTest, TwoProcessesOfSeveralThreadsEach) {
  std::vector<pid_t> children;
  for (int process = 0; process < 2; ++process) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const FakeClock clock;
      auto ledger = SqliteLedger::Open(path_, clock, std::chrono::seconds(60));
      std::atomic<int> failed = ledger.ok() ? 0 : 1;
      RunThreads(4, [&](int thread) {
        for (int i = 0; i < 10 && failed == 0; ++i) {
          const std::string subject = std::to_string(process) + "/" + std::to_string(thread) + "/" + std::to_string(i);
          if (!HandleOne(**ledger, subject).empty()) ++failed;
        }
      });
      _exit(failed == 0 ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  const FakeClock clock;
  const auto ledger = OpenOrDie(path_, clock);
  EXPECT_EQ(ledger->ListCases({.limit = 1000}).value().size(), 80U);
  EXPECT_THAT(ledger->Verify().value().broken, IsEmpty());
}

}  // namespace
}  // namespace sallyport
