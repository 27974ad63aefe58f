// SPDX-License-Identifier: Apache-2.0
#include "ledger/log_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <functional>

#include "ledger/group_commit.h"
#include "ledger/test_data.h"

namespace {
std::atomic<int> g_log_syncs = 0;
}  // namespace

// In front of the C library's: SQLite's syncs are counted.
extern "C" int fdatasync(int file) {
  ++g_log_syncs;
  return static_cast<int>(::syscall(SYS_fdatasync, file));
}

namespace sallyport {
namespace {

int SyncsOf(const std::function<void()>& work) {
  const int before = g_log_syncs;
  work();
  return g_log_syncs - before;
}

class LogFileTest : public ::testing::Test {
 protected:
  LogFileTest() {
    WriteFile(path_, "");
    database_ = sqlite::Database::Open(path_, std::chrono::seconds(5)).value();
    Must(
        database_->Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;"
                           " CREATE TABLE item (number INTEGER PRIMARY KEY, text TEXT)"));
  }
  static void Must(const Status& done) { ASSERT_TRUE(done.ok()) << done.error().message; }
  void Insert(int bytes = 10) {
    Must(database_->Execute(("INSERT INTO item (text) VALUES (hex(zeroblob(" + std::to_string(bytes) + ")))").c_str()));
  }
  // What a process that starts after a crash of this one finds.
  std::int64_t ItemsAfterACrash(std::size_t of_log) {
    WriteFile(copy_, ReadFile(path_));
    WriteFile(copy_ + "-wal", ReadFile(path_ + "-wal").substr(0, of_log));
    std::filesystem::remove(copy_ + "-shm");
    const auto copy = sqlite::Database::Open(copy_, std::chrono::seconds(5)).value();
    EXPECT_EQ(copy->QueryText("PRAGMA integrity_check").value(), "ok");
    return copy->QueryInt("SELECT count(*) FROM item").value();
  }

  TempFolder folder_;
  const std::string path_ = folder_ / "items.db";
  const std::string copy_ = folder_ / "copy.db";
  std::unique_ptr<sqlite::Database> database_;
};

TEST_F(LogFileTest, IsUsedByDatabasesThatAreWritten) {
  EXPECT_STREQ(sqlite::LogFileSystem(), "sallyport-log");
  const std::size_t before = ReadFile(path_ + "-wal").size();
  Insert();
  EXPECT_GT(ReadFile(path_ + "-wal").size(), before);
}

TEST_F(LogFileTest, ACommitIsOneSyncAndOneThatLeavesItOutNone) {
  EXPECT_EQ(SyncsOf([&] { Insert(); }), 1);
  database_->LeaveOutSync(true);
  EXPECT_EQ(SyncsOf([&] { Insert(); }), 0);
  EXPECT_EQ(SyncsOf([&] { Insert(300'000); }), 0);
  database_->LeaveOutSync(false);
  EXPECT_EQ(SyncsOf([&] { Insert(); }), 1);
}

TEST_F(LogFileTest, ASyncThatWasLeftOutIsDoneLaterAndOnce) {
  EXPECT_EQ(SyncsOf([&] { Must(database_->SyncNow()); }), 0) << "nothing was written";
  database_->LeaveOutSync(true);
  Insert();
  Insert();
  EXPECT_EQ(SyncsOf([&] { Must(database_->SyncNow()); }), 1);
  EXPECT_EQ(SyncsOf([&] { Must(database_->SyncNow()); }), 0);
  Insert();
  database_->LeaveOutSync(false);
  EXPECT_EQ(SyncsOf([&] { Insert(); }), 1) << "which took the other with it";
  EXPECT_EQ(SyncsOf([&] { Must(database_->SyncNow()); }), 0);
}

TEST_F(LogFileTest, OthersSeeACommitWithoutASyncAtOnce) {
  const auto other = sqlite::Database::Open(path_, std::chrono::seconds(5)).value();
  database_->LeaveOutSync(true);
  Insert();
  EXPECT_EQ(other->QueryInt("SELECT count(*) FROM item").value(), 1);
  Insert(1'000'000);
  EXPECT_EQ(other->QueryInt("SELECT count(*) FROM item").value(), 2);
  // The process may end at any time after that: it is in the file and not only in our memory.
  EXPECT_EQ(ItemsAfterACrash(std::string::npos), 2);
}

TEST_F(LogFileTest, ACheckpointSyncsTheLogFirstAndTheNextLogItsBeginning) {
  database_->LeaveOutSync(true);
  Insert();
  // The log, and the file.
  EXPECT_GE(SyncsOf([&] { ASSERT_TRUE(database_->QueryInt("PRAGMA wal_checkpoint(RESTART)").ok()); }), 2);
  // Begins the log anew: its header is synced although the commit's own sync is left out.
  EXPECT_EQ(SyncsOf([&] { Insert(); }), 1);
  EXPECT_EQ(SyncsOf([&] { Insert(); }), 0);
  EXPECT_EQ(ItemsAfterACrash(std::string::npos), 3);
}

TEST_F(LogFileTest, ATransactionThatIsLargerThanMemoryOfPagesIsWhole) {
  Must(database_->Execute("PRAGMA cache_size = 10"));
  Must(database_->Execute("BEGIN"));
  for (int i = 0; i < 200; ++i) Insert(10'000);
  EXPECT_EQ(database_->QueryInt("SELECT count(*) FROM item WHERE length(text) = 20000").value(), 200);
  Must(database_->Execute("COMMIT"));
  EXPECT_EQ(ItemsAfterACrash(std::string::npos), 200);
  Must(database_->Execute("BEGIN"));
  for (int i = 0; i < 200; ++i) Insert(10'000);
  Must(database_->Execute("ROLLBACK"));
  Insert();
  EXPECT_EQ(database_->QueryInt("SELECT count(*) FROM item").value(), 201);
  EXPECT_EQ(ItemsAfterACrash(std::string::npos), 201);
}

TEST_F(LogFileTest, ALogThatWasCutAnywhereHoldsWholeCommitsInOrder) {
  database_->LeaveOutSync(true);
  for (int i = 0; i < 6; ++i) Insert(3'000);
  const std::size_t size = ReadFile(path_ + "-wal").size();
  std::int64_t before = 0;
  // Below one page it holds not even the table.
  for (std::size_t at = size / 2; at <= size; at += 997) {
    const std::int64_t now = ItemsAfterACrash(at);
    EXPECT_GE(now, before);
    before = now;
  }
  EXPECT_EQ(ItemsAfterACrash(size), 6);
}

TEST(SyncsOfALedger, AnArrivalIsSyncedWithWhatFollows) {
  const TempFolder folder;
  const FakeClock clock;
  const auto ledger = OpenOrDie(folder / "ledger.db", clock);
  ASSERT_TRUE(ledger->AddEvent(EventAbout("first")).ok());
  EventNumber event;
  EXPECT_EQ(SyncsOf([&] { event = ledger->AddEvent(EventAbout("f")).value().number; }), 0);
  EXPECT_EQ(SyncsOf([&] { ASSERT_TRUE(ledger->SetEventState(event, EventState::kDone, "").ok()); }), 1);
}

}  // namespace
}  // namespace sallyport
