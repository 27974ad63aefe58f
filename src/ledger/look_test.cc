// SPDX-License-Identifier: Apache-2.0
//
// Looking at a ledger makes neither file nor folder, whenever it was written last.
#include "ledger/look.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>

#include "ledger/file.h"
#include "ledger/test_data.h"

namespace sallyport {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class LookTest : public ::testing::Test {
 protected:
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.Path())) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  Result<FoundLedger> Look(const std::string& path) const { return LookForLedger(path, Duration{100}); }

  TempFolder folder_;
  FakeClock clock_;
  const std::string path_ = folder_ / "ledger.db";
};

TEST_F(LookTest, RightAfterAWriteNothingIsLeftBesideTheFile) {
  for (int round = 0; round < 5; ++round) {
    ASSERT_EQ(HandleOne(*OpenOrDie(path_, clock_), "f" + std::to_string(round)), "");
    ASSERT_THAT(Names(), ElementsAre("ledger.db"));
    const auto looking = SqliteLedger::OpenToLook(path_, clock_);
    ASSERT_TRUE(looking.ok()) << looking.error().ToText();
    EXPECT_EQ((*looking)->ListCases({}).value().size(), static_cast<std::size_t>(round + 1));
    EXPECT_THAT(Names(), ElementsAre("ledger.db")) << "while it looks";
  }
  EXPECT_THAT(Names(), ElementsAre("ledger.db"));
}

TEST_F(LookTest, WhoKeepsLookingSeesWhatWasWrittenMeanwhile) {
  ASSERT_EQ(HandleOne(*OpenOrDie(path_, clock_), "f0"), "");
  const auto looking = SqliteLedger::OpenToLook(path_, clock_).value();
  EXPECT_EQ(looking->ListCases({}).value().size(), 1U);
  for (std::size_t round = 1; round <= 3; ++round) {
    ASSERT_EQ(HandleOne(*OpenOrDie(path_, clock_), "f" + std::to_string(round)), "");
    EXPECT_EQ(looking->ListCases({}).value().size(), round + 1);
  }
}

// Somebody opens, writes and closes all the time: each look sees one whole state.
TEST_F(LookTest, WhatIsReadWhileOthersWriteIsOneState) {
  ASSERT_EQ(HandleOne(*OpenOrDie(path_, clock_), "first"), "");
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int round = 0; round < 60; ++round) {
      EXPECT_EQ(HandleOne(*OpenOrDie(path_, clock_), "f" + std::to_string(round)), "");
    }
    done = true;
  });
  int looks = 0;
  while (!done) {
    const auto looking = SqliteLedger::OpenToLook(path_, clock_);
    ASSERT_TRUE(looking.ok()) << looking.error().ToText();
    const auto verified = (*looking)->Verify();
    ASSERT_TRUE(verified.ok()) << verified.error().ToText();
    EXPECT_THAT(verified->broken, IsEmpty());
    ++looks;
  }
  writer.join();
  EXPECT_GT(looks, 0);
}

TEST_F(LookTest, WhatIsNotThereIsSaidAndNotMade) {
  for (const std::string& path : {path_, folder_ / "a/b/ledger.db"}) {
    const auto found = Look(path);
    ASSERT_TRUE(found.ok()) << found.error().ToText();
    EXPECT_FALSE(found->is_there);
    EXPECT_TRUE(CheckLedgerCanBeWritten(path).ok());
  }
  EXPECT_THAT(Names(), IsEmpty());
}

TEST_F(LookTest, ThisVersionAndAnEmptyFileAreNotOld) {
  WriteFile(folder_ / "empty.db", "");
  EXPECT_EQ(Look(folder_ / "empty.db").value().version, 0);
  EXPECT_FALSE(Look(folder_ / "empty.db").value().is_old);
  OpenOrDie(path_, clock_);
  EXPECT_EQ(Look(path_).value().version, 3);
  EXPECT_FALSE(Look(path_).value().is_old);
}

TEST_F(LookTest, WhatIsNoLedgerIsAnError) {
  std::ofstream(path_) << std::string(4096, 'x');
  EXPECT_EQ(Look(path_).error().message, "ledger `" + path_ + "`: this file is not a ledger");
  EXPECT_EQ(Look(folder_.Path().string()).error().code, ErrorCode::kStorage);
  EXPECT_EQ(Look("").error().code, ErrorCode::kInvalidInput);
}

// What a command that writes would refuse.
TEST_F(LookTest, AForeignTriggerAndAFileForEverybodyAreFound) {
  OpenOrDie(path_, clock_);
  EXPECT_TRUE(CheckLedgerCanBeWritten(path_).ok());
  std::filesystem::permissions(path_, std::filesystem::perms(0644));
  EXPECT_THAT(CheckLedgerCanBeWritten(path_).error().message, HasSubstr("can be read by every user"));
  std::filesystem::permissions(path_, std::filesystem::perms(0600));
  ASSERT_TRUE(sqlite::Database::Open(path_, Duration{100})
                  .value()
                  ->Execute("CREATE TRIGGER own AFTER INSERT ON event BEGIN SELECT 1; END")
                  .ok());
  const auto found = Look(path_);
  ASSERT_FALSE(found.ok());
  EXPECT_THAT(found.error().message, HasSubstr("trigger `own` was added"));
}

TEST_F(LookTest, WhereNothingCanBeWrittenIsSaid) {
  WriteFile(folder_ / "file", "");
  EXPECT_THAT(CheckLedgerCanBeWritten(folder_ / "file/ledger.db").error().message,
              HasSubstr("cannot be created: Not a directory"));
  if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  const auto read_only = std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec;
  std::filesystem::create_directory(folder_ / "locked");
  std::filesystem::permissions(folder_ / "locked", read_only);
  const Status refused = CheckLedgerCanBeWritten(folder_ / "locked/a/ledger.db");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message, "ledger `" + (folder_ / "locked") + "`: cannot be written: Permission denied");
  std::filesystem::permissions(folder_ / "locked", std::filesystem::perms::owner_all);
}

}  // namespace
}  // namespace sallyport
