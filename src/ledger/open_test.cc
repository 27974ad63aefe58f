// SPDX-License-Identifier: Apache-2.0
//
// What SqliteLedger does with the files it meets: missing, foreign, damaged, newer, locked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/test_files.h"
#include "ledger/full_ledger.h"
#include "ledger/schema.h"
#include "ledger/sqlite.h"
#include "ledger/test_data.h"

namespace sallyport {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

void ExecuteOn(const std::string& path, const char* sql) {
  auto database = sqlite::Database::Open(path, Duration{100});
  ASSERT_TRUE(database.ok()) << database.error().ToText();
  const Status done = (*database)->Execute(sql);
  ASSERT_TRUE(done.ok()) << done.error().ToText();
}

unsigned RightsOf(const std::string& path) {
  struct stat status = {};
  EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777U;
}

class OpenTest : public ::testing::Test {
 protected:
  Error OpenError(const std::string& path) {
    auto ledger = SqliteLedger::Open(path, clock_, Duration{1});
    if (ledger.ok()) return Error{ErrorCode::kInternal, "it opened", ""};
    return ledger.error();
  }
  void MakeLedger() { ASSERT_TRUE(OpenOrDie(path_, clock_)->AddEvent(EventAbout("f1")).ok()); }

  std::int64_t PageOf(const std::string& table) {
    const auto database = sqlite::Database::Open(path_, Duration{1}).value();
    return database->QueryInt("SELECT rootpage FROM sqlite_schema WHERE name = '" + table + "'").value();
  }

  TempFolder folder_;
  FakeClock clock_;
  const std::string path_ = folder_ / "ledger.db";
};

TEST_F(OpenTest, FoldersAndFilesAreMadeForTheirOwnerOnly) {
  const std::string path = folder_ / "a/b/ledger.db";
  const auto ledger = OpenOrDie(path, clock_);
  ASSERT_TRUE(ledger->AddEvent(EventAbout("f1")).ok());
  EXPECT_EQ(RightsOf(folder_ / "a"), 0700U);
  EXPECT_EQ(RightsOf(folder_ / "a/b"), 0700U);
  EXPECT_EQ(RightsOf(path), 0600U);
  EXPECT_EQ(RightsOf(path + "-wal"), 0600U);
  EXPECT_EQ(RightsOf(path + "-shm"), 0600U);
}

// What others may read tells them which hosts are not protected; what they may change, or put there, is no ledger.
TEST_F(OpenTest, ALedgerThatIsNotItsOwnersAloneIsRefused) {
  MakeLedger();
  const auto refusals = [&](const std::string& path) {
    const auto looked = SqliteLedger::OpenToLook(path, clock_, Duration{1});
    const Error error = OpenError(path);
    if (looked.ok()) {
      EXPECT_EQ(error.message, "it opened");
      return std::string();
    }
    EXPECT_EQ(error.code, ErrorCode::kStorage);
    EXPECT_EQ(looked.error().code, ErrorCode::kStorage);
    return error.message;
  };
  for (const mode_t mode : {0600U, 0640U, 0644U, 0604U, 0660U, 0620U, 0602U, 0666U}) {
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
    EXPECT_EQ(refusals(path_).empty(), (mode & 0026) == 0) << std::oct << mode;
  }
  ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
  // What SQLite would take for its own.
  for (const char* beside : {"-wal", "-shm", "-journal"}) {
    std::filesystem::remove(path_ + beside);
    WriteFile(path_ + beside, "");
    ASSERT_EQ(::chmod((path_ + beside).c_str(), 0666), 0);
    EXPECT_THAT(refusals(path_), HasSubstr(std::string("ledger.db") + beside));
    std::filesystem::remove(path_ + beside);
  }
  // Opening a pipe would wait for its other end.
  const std::string pipe = folder_ / "pipe.db";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(refusals(pipe), HasSubstr("is not a regular file"));
  std::filesystem::create_symlink("ledger.db", folder_.Path() / "ours.db");
  EXPECT_EQ(refusals(folder_ / "ours.db"), "");
  if (::geteuid() != 0) return;
  std::filesystem::create_symlink("ledger.db", folder_.Path() / "theirs.db");
  ASSERT_EQ(::lchown((folder_ / "theirs.db").c_str(), 65534, 65534), 0);
  EXPECT_THAT(refusals(folder_ / "theirs.db"), HasSubstr("a symbolic link on the way to it belongs to user 65534"));
  ASSERT_EQ(::chown(path_.c_str(), 65534, 65534), 0);
  EXPECT_THAT(refusals(path_), HasSubstr("belongs to user 65534"));
}

TEST_F(OpenTest, ALedgerKeepsAWriteAheadLogAndItsVersion) {
  MakeLedger();
  const auto database = sqlite::Database::Open(path_, Duration{1}).value();
  EXPECT_EQ(database->QueryText("PRAGMA journal_mode"), Result<std::string>("wal"));
  EXPECT_EQ(database->QueryInt("PRAGMA user_version"), Result<std::int64_t>(3));
}

TEST_F(OpenTest, ALedgerIsThereWhenOpenedAgain) {
  MakeLedger();
  EXPECT_EQ(OpenOrDie(path_, clock_)->List({}).value().at(0).event.subject, "f1");
}

TEST_F(OpenTest, APathMayLookLikeSomethingElse) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder_.Path());
  for (const char* path : {"file:x?mode=memory", ":memory", "ledger with 'quotes'.db", "x/"}) {
    auto ledger = SqliteLedger::Open(path, clock_);
    const std::string name(path);
    EXPECT_EQ(ledger.ok(), !name.ends_with('/')) << path;
    EXPECT_TRUE(std::filesystem::exists(folder_ / path)) << path;
  }
  std::filesystem::current_path(before);
}

TEST_F(OpenTest, AnEmptyPathIsRefused) {
  const Error error = OpenError("");
  EXPECT_EQ(error.code, ErrorCode::kInvalidInput);
  EXPECT_EQ(error.message, "the path of the ledger is empty");
}

TEST_F(OpenTest, APathWithAZeroByteIsRefused) {
  const Error error = OpenError(std::string("/tmp/a\0b", 8));
  EXPECT_EQ(error.code, ErrorCode::kInvalidInput);
  EXPECT_EQ(error.message, "the path of the ledger, `/tmp/a\\x00b`, has a zero byte in it");
}

TEST_F(OpenTest, AFileThatIsNotADatabaseIsLeftAsItWas) {
  const std::string text(4096, 'x');
  WriteFile(path_, text);
  const Error error = OpenError(path_);
  EXPECT_EQ(error.code, ErrorCode::kStorage);
  EXPECT_EQ(error.message, "ledger `" + path_ + "`: this file is not a ledger");
  EXPECT_EQ(error.advice, "choose another path for the ledger, or move the file away");
  EXPECT_EQ(ReadFile(path_), text);
}

TEST_F(OpenTest, ADamagedHeaderIsNotALedger) {
  MakeLedger();
  std::fstream(path_, std::ios::in | std::ios::out | std::ios::binary) << "garbage";
  EXPECT_EQ(OpenError(path_).message, "ledger `" + path_ + "`: this file is not a ledger");
}

TEST_F(OpenTest, ADamagedPageIsSeenWhenItIsRead) {
  MakeLedger();
  const std::int64_t page = PageOf("event");
  std::string bytes = ReadFile(path_);
  const std::size_t start = static_cast<std::size_t>(page - 1) * kLedgerPageSize;
  ASSERT_GE(bytes.size(), start + kLedgerPageSize);
  bytes.replace(start, kLedgerPageSize, std::string(kLedgerPageSize, '\xA5'));
  WriteFile(path_, bytes);
  auto ledger = OpenOrDie(path_, clock_);
  const auto events = ledger->List({});
  ASSERT_FALSE(events.ok());
  EXPECT_EQ(events.error().code, ErrorCode::kStorage);
  EXPECT_THAT(events.error().message,
              StartsWith("cannot list events: ledger `" + path_ + "`: the file is damaged: database disk image"));
  EXPECT_THAT(events.error().advice, HasSubstr("backup"));
  EXPECT_FALSE(ledger->AddEvent(EventAbout("f2")).ok());
}

TEST_F(OpenTest, AnotherProgramsDatabaseIsLeftAsItWas) {
  const char* others[] = {"CREATE TABLE theirs (x TEXT)", "PRAGMA application_id = 7; CREATE TABLE theirs (x TEXT)",
                          "PRAGMA user_version = 1"};
  for (const char* sql : others) {
    SCOPED_TRACE(sql);
    std::filesystem::remove(path_);
    WriteFile(path_, "");
    ExecuteOn(path_, sql);
    const std::string before = ReadFile(path_);
    const Error error = OpenError(path_);
    EXPECT_EQ(error.code, ErrorCode::kStorage);
    EXPECT_EQ(error.message, "ledger `" + path_ + "`: this file is a database of another program");
    EXPECT_EQ(ReadFile(path_), before);
  }
}

TEST_F(OpenTest, ANewerVersionIsRefusedAndLeftAsItWas) {
  MakeLedger();
  ExecuteOn(path_, "PRAGMA user_version = 4");
  const Error error = OpenError(path_);
  EXPECT_EQ(error.code, ErrorCode::kStorage);
  EXPECT_EQ(error.message, "ledger `" + path_ + "`: the file has version 4, this program knows versions up to 3");
  EXPECT_EQ(error.advice, "use the newer program that wrote it, or choose another path for the ledger");
  ExecuteOn(path_, "PRAGMA user_version = 3");
  EXPECT_EQ(OpenOrDie(path_, clock_)->List({}).value().size(), 1U);
}

TEST_F(OpenTest, AFolderIsNotALedger) {
  const Error error = OpenError(folder_.Path().string());
  EXPECT_EQ(error.code, ErrorCode::kStorage);
  EXPECT_THAT(error.message, HasSubstr("is a directory"));
}

TEST_F(OpenTest, AFileInTheWayOfAFolderIsNamed) {
  WriteFile(folder_ / "file", "");
  const Error error = OpenError(folder_ / "file/ledger.db");
  EXPECT_EQ(error.code, ErrorCode::kStorage);
  EXPECT_EQ(error.message, "ledger `" + (folder_ / "file/ledger.db") + "`: cannot be created: Not a directory");
}

TEST_F(OpenTest, ALockThatIsHeldTooLongIsAnErrorAndNothingIsRecorded) {
  const auto ledger = OpenOrDie(path_, clock_, Duration{1});
  const auto other = sqlite::Database::Open(path_, Duration{1}).value();
  sqlite::Transaction lock(*other);
  ASSERT_TRUE(lock.Begin(sqlite::Transaction::Kind::kWrite).ok());
  const auto number = ledger->AddEvent(EventAbout("f1"));
  ASSERT_FALSE(number.ok());
  EXPECT_EQ(number.error().code, ErrorCode::kStorage);
  EXPECT_EQ(number.error().message,
            "cannot record an event: ledger `" + path_ + "`: locked by another process for more than 1ms");
  EXPECT_THAT(number.error().advice, HasSubstr("find the process"));
  EXPECT_TRUE(ledger->List({}).value().empty()) << "readers do not wait for the writer";
  ASSERT_TRUE(lock.Commit().ok());
  EXPECT_TRUE(ledger->AddEvent(EventAbout("f1")).ok());
}

TEST_F(OpenTest, HistoryAndWhatWasRecordedCannotBeRewrittenOrDeleted) {
  FillLedger(*OpenOrDie(path_, clock_), clock_);
  const auto database = sqlite::Database::Open(path_, Duration{1}).value();
  const std::pair<const char*, const char*> cases[] = {
      {"UPDATE history SET reason = 'x'", "history is never rewritten"},
      {"DELETE FROM history", "history is never deleted"},
      {"UPDATE plan_text SET json = 'x'", "a plan is never rewritten"},
      {"DELETE FROM plan_text", "a plan is never rewritten"},
      {"UPDATE plan SET actions = 7", "a plan is never rewritten"},
      {"DELETE FROM plan", "a plan is never deleted"},
      {"UPDATE event SET sha256 = 'x'", "an event is never rewritten"},
      {"DELETE FROM event", "an event is never deleted"},
      {"UPDATE action SET key = 'x'", "an action is never rewritten"},
      {"UPDATE action SET json = 'x'", "an action is never rewritten"},
      {"DELETE FROM action", "an action is never deleted"},
      {"UPDATE history SET hash = 'x'", "history is never rewritten"},
      {"UPDATE event SET case_number = 1", "an event is never rewritten"},
      {"UPDATE body SET json = 'x'", "an event is never rewritten"},
      {"DELETE FROM body", "an event is never rewritten"},
      {"UPDATE plan SET digest = 'x'", "a plan is never rewritten"},
      {"UPDATE history SET subject = 1", "history is never rewritten"},
      {"UPDATE event_case SET case_number = 1", "an event is never rewritten"},
      {"DELETE FROM event_case", "an event is never rewritten"},
      {"UPDATE cases SET subject = 'x'", "a case is never rewritten"},
      {"UPDATE cases SET opened_at = 1", "a case is never rewritten"},
      {"DELETE FROM cases", "a case is never deleted"},
      {"UPDATE case_host SET host = 'x'", "a case is never rewritten"},
      {"DELETE FROM case_host", "a case is never rewritten"},
      {"UPDATE case_owner SET owner = 'x'", "a case is never rewritten"},
      {"DELETE FROM case_owner", "a case is never rewritten"},
      {"UPDATE member SET event = 1", "a member is never rewritten"},
      {"UPDATE member SET json = ''", "a member is never rewritten"},
      {"DELETE FROM member", "a member is never deleted"},
      {"UPDATE document SET name = 'x'", "a document keeps its name"},
      {"UPDATE document SET version = 0", "a version of a document is never given twice"},
      {"DELETE FROM document", "a document is never deleted"},
      {"UPDATE follow_up SET question = 'x'", "a follow-up is never rewritten"},
      {"UPDATE follow_up SET json = 'x'", "a follow-up is never rewritten"},
      {"UPDATE follow_up SET state = 'open'", "a follow-up that has ended is never changed"},
      {"DELETE FROM follow_up", "a follow-up is never deleted"},
      {"UPDATE waiting SET action = 1", "a follow-up is never rewritten"},
      {"DELETE FROM waiting", "a follow-up is never rewritten"},
      {"UPDATE delivery SET channel = 'x'", "a delivery is never rewritten"},
      {"DELETE FROM delivery", "a delivery is never deleted"}};
  for (const auto& [sql, message] : cases) {
    const Status done = database->Execute(sql);
    ASSERT_FALSE(done.ok()) << sql;
    EXPECT_EQ(done.error().message, "ledger `" + path_ + "`: " + message);
  }
}

TEST_F(OpenTest, AStateThatThisProgramDoesNotKnowIsDamage) {
  const auto ledger = OpenOrDie(path_, clock_);
  AddActionIn(*ledger, ActionState::kSent, ScanOf("computer 34"));
  ExecuteOn(path_, "UPDATE action SET state = 'odd\x1b'");
  const auto shown = ledger->Show(EventNumber{1});
  ASSERT_FALSE(shown.ok());
  EXPECT_EQ(shown.error().code, ErrorCode::kStorage);
  EXPECT_EQ(shown.error().message,
            "cannot show an event: ledger `" + path_ + "`: action 1 has the unknown state `odd\\x1b`");
  ExecuteOn(path_, "UPDATE event SET state = 'odd'");
  EXPECT_EQ(ledger->List({}).error().message,
            "cannot list events: ledger `" + path_ + "`: event 1 has the unknown state `odd`");
}

}  // namespace
}  // namespace sallyport
