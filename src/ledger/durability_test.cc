// SPDX-License-Identifier: Apache-2.0
//
// What survives: a killed process, a full disk, a disk that may not be written, other processes on the same file. The
// children of these tests leave with _exit and speak through a pipe.
#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <thread>

#include "ledger/test_data.h"

namespace sallyport {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr uid_t kNobody = 65534;
constexpr std::size_t kProcesses = 8;
constexpr std::size_t kRecordsEach = 10;

// Runs `work` in a child process, which must say something: what it said comes back.
std::string InChild(const std::function<std::string()>& work) {
  int ends[2] = {};
  Check(pipe(ends) == 0, "no pipe");
  const pid_t child = fork();
  Check(child >= 0, "no fork");
  if (child == 0) {
    const std::string said = work();
    const bool written = write(ends[1], said.data(), said.size()) == static_cast<ssize_t>(said.size());
    _exit(written ? 0 : 1);
  }
  close(ends[1]);
  std::string said;
  char buffer[4096];
  for (ssize_t got = 0; (got = read(ends[0], buffer, sizeof buffer)) > 0;)
    said.append(buffer, static_cast<std::size_t>(got));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  return said;
}

// The same as a user whom the rights of files hold, which they do not for root.
std::string InChildWithoutRights(const std::function<std::string()>& work) {
  return InChild([&]() -> std::string {
    if (geteuid() == 0 && (setgroups(0, nullptr) != 0 || setgid(kNobody) != 0 || setuid(kNobody) != 0)) {
      return "cannot become another user";
    }
    return work();
  });
}

std::string TextOf(const Error& error) {
  return std::string(ToString(error.code)) + ": " + error.ToText();
}

class DurabilityTest : public ::testing::Test {
 protected:
  std::size_t CountEvents() {
    return OpenOrDie(path_, clock_)
        ->List({.limit = 10'000, .state = {}, .text = "", .cases_only = false})
        .value()
        .size();
  }

  TempFolder folder_;
  FakeClock clock_;
  const std::string path_ = folder_ / "ledger.db";
};

TEST_F(DurabilityTest, WhatWasRecordedIsThereAfterTheProcessWasKilled) {
  const std::string said = InChild([&]() -> std::string {
    auto ledger = OpenOrDie(path_, clock_);
    AddActionIn(*ledger, ActionState::kIntended, ScanOf("computer 34"));
    raise(SIGKILL);
    return "still alive";
  });
  EXPECT_EQ(said, "");
  const auto ledger = OpenOrDie(path_, clock_);
  const auto found = ledger->FindCarriedOut(Sha256Hex("one"), ActionNumber{0}).value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->state, ActionState::kIntended);
  EXPECT_EQ(ledger->Show(found->event).value().history.back().state, "intended");
}

TEST_F(DurabilityTest, ProcessesKilledInTheMiddleLeaveWholeRecordsOnly) {
  for (int round = 0; round < 5; ++round) {
    const std::string said = InChild([&]() -> std::string {
      auto ledger = OpenOrDie(path_, clock_);
      std::thread killer([] {
        // Somewhere in the middle of what the other thread does.
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        kill(getpid(), SIGKILL);
      });
      while (true) AddActionIn(*ledger, ActionState::kSent, ScanOf("computer 34"));
    });
    EXPECT_EQ(said, "");
  }
  const auto ledger = OpenOrDie(path_, clock_);
  const auto events = ledger->List({.limit = 10'000, .state = {}, .text = "", .cases_only = false});
  ASSERT_TRUE(events.ok());
  for (const EventRecord& event : *events) {
    const bool planned = event.state == EventState::kPlanned;
    EXPECT_EQ(ledger->FindPlanOf(event.number).value().has_value(), planned);
    EXPECT_EQ(ledger->ActionsOf(event.number).value().size(), planned ? 1U : 0U);
  }
  const Verification verified = ledger->Verify().value();
  EXPECT_THAT(verified.broken, IsEmpty());
  EXPECT_GE(verified.lines, static_cast<std::int64_t>(events->size()));
}

TEST_F(DurabilityTest, AFullDiskIsAnErrorAndEverythingBeforeItIsThere) {
  const std::string said = InChild([&]() -> std::string {
    auto ledger = OpenOrDie(path_, clock_);
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{400'000, 400'000};
    setrlimit(RLIMIT_FSIZE, &limit);
    for (std::size_t i = 0; i < 1000; ++i) {
      const auto number = ledger->AddEvent(EventAbout(std::string(5000, 'x')));
      if (!number) return std::to_string(i) + " " + TextOf(number.error());
    }
    return "1000 never full";
  });
  const std::size_t recorded = std::stoul(said);
  EXPECT_GT(recorded, 0U);
  EXPECT_EQ(said.substr(said.find(' ') + 1),
            "storage: cannot record an event: ledger `" + path_ +
                "`: the disk is full, or a limit on the file's size is reached (free space on the disk that holds it; "
                "what was recorded before is intact)");
  EXPECT_EQ(CountEvents(), recorded);
}

TEST_F(DurabilityTest, AFileThatMayNotBeWrittenIsAnError) {
  ASSERT_EQ(CountEvents(), 0U);
  chmod(folder_.Path().c_str(), 0777);
  chmod(path_.c_str(), 0444);
  const std::string said = InChildWithoutRights([&] { return TextOf(SqliteLedger::Open(path_, clock_).error()); });
  EXPECT_EQ(said, "storage: ledger `" + path_ +
                      "`: cannot be written (give the user that runs this program write access to the file and to its "
                      "folder)");
}

TEST_F(DurabilityTest, AFileThatMayNotBeReadIsAnError) {
  ASSERT_EQ(CountEvents(), 0U);
  chmod(folder_.Path().c_str(), 0777);
  chmod(path_.c_str(), 0);
  const std::string said = InChildWithoutRights([&] { return TextOf(SqliteLedger::Open(path_, clock_).error()); });
  EXPECT_EQ(said, "storage: ledger `" + path_ +
                      "`: cannot be opened: Permission denied (give the user that runs this program read and write "
                      "access to the file and to its folder)");
}

TEST_F(DurabilityTest, AFolderThatMayNotBeWrittenIsAnErrorForAnOldFileAndForANewOne) {
  ASSERT_EQ(CountEvents(), 0U);
  chmod(path_.c_str(), 0666);
  chmod(folder_.Path().c_str(), 0555);
  const std::string old_file = InChildWithoutRights([&] { return TextOf(SqliteLedger::Open(path_, clock_).error()); });
  EXPECT_THAT(old_file, HasSubstr("storage: ledger `" + path_ + "`: cannot be "));
  EXPECT_THAT(old_file, HasSubstr("access to the file and to its folder"));
  for (const char* name : {"new.db", "new/ledger.db"}) {
    const std::string new_file =
        InChildWithoutRights([&] { return TextOf(SqliteLedger::Open(folder_ / name, clock_).error()); });
    EXPECT_THAT(new_file, HasSubstr("cannot be created: Permission denied (give the user")) << name;
  }
}

TEST_F(DurabilityTest, TwoLedgersOnOneFileSeeEachOthersRecords) {
  const auto one = OpenOrDie(path_, clock_);
  const auto two = OpenOrDie(path_, clock_);
  const ActionNumber first = AddActionIn(*one, ActionState::kIntended, ScanOf("computer 34"));
  const ActionNumber second = AddActionIn(*two, ActionState::kPlanned, ScanOf("computer 34"));
  EXPECT_LT(first.value, second.value);
  EXPECT_EQ(two->FindCarriedOut(Sha256Hex("one"), second).value()->number, first);
  ASSERT_TRUE(two->SetActionState(first, ActionState::kRequested, "").ok());
  EXPECT_EQ(one->FindCarriedOut(Sha256Hex("one"), second).value()->state, ActionState::kRequested);
}

TEST_F(DurabilityTest, ProcessesThatOpenANewFileAtTheSameTimeAllRecordEverything) {
  std::vector<pid_t> children;
  for (std::size_t p = 0; p < kProcesses; ++p) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto ledger = SqliteLedger::Open(path_, clock_);
      if (!ledger) {
        static_cast<void>(write(STDERR_FILENO, ledger.error().message.data(), ledger.error().message.size()));
        _exit(2);
      }
      for (std::size_t i = 0; i < kRecordsEach; ++i) {
        if (!(*ledger)->AddEvent(EventAbout("f"))) _exit(3);
      }
      _exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
  }
  EXPECT_EQ(CountEvents(), kProcesses * kRecordsEach);
}

}  // namespace
}  // namespace sallyport
