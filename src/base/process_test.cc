// SPDX-License-Identifier: Apache-2.0
#include "base/process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sallyport {
namespace {

const TimePoint kProcessNow = FromEpochMilliseconds(1'764'000'000'000);

TEST(JudgeProcess, AnOwnerIsGoneOnlyWhenThatIsKnown) {
  constexpr std::string_view kHere = "m1/b1/n1/10/500";
  // Process 7 started at 300, 8 cannot be looked at, there is no other.
  const StartOf start_of = [](std::string_view pid) -> std::optional<std::string> {
    if (pid == "7") return "300";
    if (pid == "8") return "";
    return std::nullopt;
  };
  struct Row {
    std::string_view name, owner, here;
    ProcessFate want;
  };
  const Row rows[] = {{"the process is there", "m1/b1/n1/7/300", kHere, ProcessFate::kRuns},
                      {"its number was given again", "m1/b1/n1/7/200", kHere, ProcessFate::kGone},
                      {"there is no such process", "m1/b1/n1/9/300", kHere, ProcessFate::kGone},
                      {"it cannot be looked at", "m1/b1/n1/8/300", kHere, ProcessFate::kUnknown},
                      {"it did not know when it started", "m1/b1/n1/7/-", kHere, ProcessFate::kUnknown},
                      {"before the machine's start", "m1/b0/n1/7/300", kHere, ProcessFate::kGone},
                      {"before the start, in another namespace", "m1/b0/n2/7/300", kHere, ProcessFate::kGone},
                      {"another machine", "m2/b2/n1/7/300", kHere, ProcessFate::kUnknown},
                      {"a machine without an id", "-/b2/n1/7/300", "-/b1/n1/10/500", ProcessFate::kUnknown},
                      {"a machine without boot id", "m1/-/n1/7/300", kHere, ProcessFate::kUnknown},
                      {"we do not know our boot", "m1/b1/n1/7/300", "m1/-/n1/10/500", ProcessFate::kUnknown},
                      {"neither knows its boot", "m1/-/n1/7/300", "m1/-/n1/10/500", ProcessFate::kUnknown},
                      {"another namespace of this kernel", "m1/b1/n2/7/300", kHere, ProcessFate::kUnknown},
                      {"no namespace known", "m1/b1/-/7/300", "m1/b1/-/10/500", ProcessFate::kUnknown},
                      {"another program's text", "lambda request 7", kHere, ProcessFate::kUnknown},
                      {"nothing", "", kHere, ProcessFate::kUnknown},
                      {"too many parts", "m1/b1/n1/7/300/1", kHere, ProcessFate::kUnknown}};
  for (const Row& row : rows) EXPECT_EQ(JudgeProcess(row.owner, row.here, start_of), row.want) << row.name;
}

TEST(CountsAsRunning, AnUnknownOwnerCountsForItsLease) {
  struct Row {
    ProcessFate fate;
    Duration ago;
    bool want;
  };
  const Duration tick{1};
  const Row rows[] = {
      {ProcessFate::kRuns, Duration{0}, true},           {ProcessFate::kRuns, std::chrono::hours(1000), true},
      {ProcessFate::kGone, Duration{0}, false},          {ProcessFate::kUnknown, Duration{0}, true},
      {ProcessFate::kUnknown, kOwnerLease - tick, true}, {ProcessFate::kUnknown, kOwnerLease, false},
      {ProcessFate::kUnknown, -kOwnerLease, true},       {ProcessFate::kUnknown, -kOwnerLease - tick, false}};
  for (const Row& row : rows) {
    EXPECT_EQ(CountsAsRunning(row.fate, kProcessNow - row.ago, kProcessNow), row.want)
        << static_cast<int>(row.fate) << " " << row.ago.count();
  }
}

TEST(StartInStat, ReadsBehindTheNameWhateverIsInIt) {
  const std::string tail = " S 1 10 10 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 123456 4096 10";
  EXPECT_EQ(StartInStat("10 (sallyport)" + tail), "123456");
  EXPECT_EQ(StartInStat("10 (a b) S 1 (c)" + tail), "123456");
  EXPECT_EQ(StartInStat("10 (sallyport) Z 1 10 10 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 123456 0 0"), std::nullopt);
  for (const char* other : {"", "10", "10 (x)", "10 (x) S 1 2 3"}) EXPECT_EQ(StartInStat(other), "") << other;
}

TEST(ThisProcess, RunsAndAChildIsGoneWhenItHasEnded) {
  const TimePoint long_ago = kProcessNow - std::chrono::hours(1);
  EXPECT_TRUE(MayStillRun(ThisProcess(), long_ago, kProcessNow));
  int ends[2] = {};
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const std::string name = ThisProcess();
    if (write(ends[1], name.data(), name.size()) < 0) _exit(1);
    pause();
  }
  std::string name(500, ' ');
  const ssize_t got = read(ends[0], name.data(), name.size());
  ASSERT_GT(got, 0);
  name.resize(static_cast<std::size_t>(got));
  EXPECT_NE(name, ThisProcess());
  EXPECT_TRUE(MayStillRun(name, long_ago, kProcessNow));
  kill(child, SIGKILL);
  siginfo_t ended = {};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT), 0);
  EXPECT_FALSE(MayStillRun(name, long_ago, kProcessNow)) << "ended, and its parent has not noticed yet";
  waitpid(child, nullptr, 0);
  EXPECT_FALSE(MayStillRun(name, long_ago, kProcessNow));
  close(ends[0]);
  close(ends[1]);
}

TEST(MayStillRun, OfAnOwnerThatCannotBeJudgedOnlyTheTimeIsAsked) {
  EXPECT_TRUE(MayStillRun("somebody", kProcessNow, kProcessNow));
  EXPECT_FALSE(MayStillRun("somebody", kProcessNow - kOwnerLease, kProcessNow));
}

}  // namespace
}  // namespace sallyport
