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

#include <algorithm>
#include <atomic>
#include <functional>
#include <sstream>
#include <thread>

#include "ledger/test_data.h"

namespace sallyport {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr uid_t kNobody = 65534;
constexpr std::size_t kProcesses = 8;
constexpr int kFillingThreads = 8;
constexpr std::size_t kRecordsEach = 10;

struct Child {
  pid_t process = 0;
  int said = -1;  // what it says can be read here
};

// Runs `work` in a child process, which leaves with what it says. No other thread may run: the child could inherit a
// lock that it holds.
Child Start(const std::function<std::string()>& work) {
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
  return {child, ends[0]};
}

// What it said.
std::string Finish(const Child& child) {
  std::string said;
  char buffer[4096];
  for (ssize_t got = 0; (got = read(child.said, buffer, sizeof buffer)) > 0;)
    said.append(buffer, static_cast<std::size_t>(got));
  close(child.said);
  int status = 0;
  waitpid(child.process, &status, 0);
  return said;
}

std::string InChild(const std::function<std::string()>& work) {
  return Finish(Start(work));
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

// To the user without rights, where the tests run as root: a ledger of somebody else is refused whatever its mode.
void GiveAway(const std::string& path, mode_t mode) {
  if (geteuid() == 0) {
    ASSERT_EQ(chown(path.c_str(), kNobody, kNobody), 0) << path;
  }
  ASSERT_EQ(chmod(path.c_str(), mode), 0) << path;
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

  TempFolder folder_{TempFolder::Place::kDisk};
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

TEST_F(DurabilityTest, AFullDiskInTheMiddleOfACallLeavesNothingOfIt) {
  const std::string said = InChild([&]() -> std::string {
    auto ledger = OpenOrDie(path_, clock_);
    const ActionNumber action = AddActionIn(*ledger, ActionState::kPlanned, ScanOf("computer 34"));
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{800'000, 800'000};
    setrlimit(RLIMIT_FSIZE, &limit);
    NewFollowUp big = FollowUpOf(EventNumber{1}, clock_.Now());
    big.json = std::string(1'000'000, 'x');
    const Status full = ledger->SetActionState(action, ActionState::kWaiting, "asked", {big});
    if (full.ok()) return "never full";
    // There is room for something small again.
    const Status failed = ledger->SetActionState(action, ActionState::kFailed, "the disk was full");
    return full.error().message + (failed.ok() ? "; then ok" : "; then " + failed.error().message);
  });
  EXPECT_EQ(said, "cannot record the state of an action: ledger `" + path_ +
                      "`: the disk is full, or a limit on the file's size is reached; then ok");
  const auto ledger = OpenOrDie(path_, clock_);
  EXPECT_EQ(ledger->GetAction(ActionNumber{1}).value().reason, "the disk was full");
  EXPECT_THAT(ledger->ListFollowUps({}, 10).value(), IsEmpty());
  EXPECT_THAT(ledger->Verify().value().broken, IsEmpty());
}

TEST_F(DurabilityTest, AFileThatMayNotBeWrittenIsAnError) {
  ASSERT_EQ(CountEvents(), 0U);
  GiveAway(folder_.Path(), 0700);
  GiveAway(path_, 0400);
  const std::string said = InChildWithoutRights([&] { return TextOf(SqliteLedger::Open(path_, clock_).error()); });
  EXPECT_EQ(said, "storage: ledger `" + path_ +
                      "`: cannot be written (give the user that runs this program write access to the file and to its "
                      "folder)");
}

TEST_F(DurabilityTest, AFileThatMayNotBeReadIsAnError) {
  ASSERT_EQ(CountEvents(), 0U);
  GiveAway(folder_.Path(), 0700);
  GiveAway(path_, 0);
  const std::string said = InChildWithoutRights([&] { return TextOf(SqliteLedger::Open(path_, clock_).error()); });
  EXPECT_EQ(said, "storage: ledger `" + path_ +
                      "`: cannot be opened: Permission denied (give the user that runs this program read and write "
                      "access to the file and to its folder)");
}

TEST_F(DurabilityTest, AFolderThatMayNotBeWrittenIsAnErrorForAnOldFileAndForANewOne) {
  ASSERT_EQ(CountEvents(), 0U);
  GiveAway(path_, 0600);
  GiveAway(folder_.Path(), 0500);
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
  EXPECT_THAT(OpenOrDie(path_, clock_)->Verify().value().broken, IsEmpty());
}

// Records events with a timer each, and claims what is due until nothing is. The numbers that it claimed, or an error.
std::string RecordAndClaim(const std::string& path, const std::string& name) {
  FakeClock clock;
  auto ledger = SqliteLedger::Open(path, clock, std::chrono::seconds(60));
  if (!ledger) return ledger.error().message;
  std::string claimed;
  for (std::size_t i = 0; i < kRecordsEach; ++i) {
    const auto added = (*ledger)->AddEvent(EventAbout("shared"));
    if (!added) return added.error().message;
    const auto timer = (*ledger)->AddFollowUp(FollowUpOf(added->number, clock.Now(), name + " " + std::to_string(i)));
    if (!timer) return timer.error().message;
    const auto due = (*ledger)->ClaimDue(clock.Now(), Duration(std::chrono::minutes(5)), 2);
    if (!due) return due.error().message;
    for (const FollowUpRecord& one : *due) claimed += std::to_string(one.number.value) + " ";
  }
  return claimed;
}

TEST_F(DurabilityTest, OfTwoProcessesEachTimerIsClaimedByOne) {
  const Child one = Start([&] { return RecordAndClaim(path_, "a"); });
  const Child two = Start([&] { return RecordAndClaim(path_, "b"); });
  const std::vector<std::string> claims = {Finish(one), Finish(two)};
  std::istringstream all(claims[0] + claims[1]);
  std::vector<int> numbers;
  for (int number = 0; all >> number;) numbers.push_back(number);
  EXPECT_TRUE(all.eof()) << claims[0] << claims[1];
  std::sort(numbers.begin(), numbers.end());
  EXPECT_EQ(std::adjacent_find(numbers.begin(), numbers.end()), numbers.end()) << "one was claimed twice";
  const auto ledger = OpenOrDie(path_, clock_);
  EXPECT_EQ(numbers.size() + ledger->ClaimDue(clock_.Now(), Duration{1}, 100).value().size(), 2 * kRecordsEach);
  EXPECT_EQ(ledger->List({}).value().size(), 1U) << "all are one case";
  EXPECT_THAT(ledger->Verify().value().broken, IsEmpty());
}

// In a child process, which has a limit on the size of its files.
TEST_F(DurabilityTest, ADiskThatFillsFailsWhatNeedsRoomAndLosesNothingOfTheRest) {
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
    RunThreads(kFillingThreads, [&](int thread) {
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

TEST_F(DurabilityTest, TwoProcessesOfSeveralThreadsEach) {
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
