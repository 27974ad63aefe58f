// SPDX-License-Identifier: Apache-2.0
//
// The promise: whatever the moment at which the program is killed, after a restart everything comes to the same end,
// and nothing was done twice. Every moment is tried: before and after each write of the ledger, each call to SWP and
// each message of a full run, with a restart at once and one after everything that ran in SWP has ended.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <iostream>
#include <map>
#include <mutex>
#include <thread>

#include "tests/crash_world.h"

namespace sallyport {
namespace {

// As many worlds at once; each is little else than waiting for the disk and for the other side.
constexpr int kWorkers = 3;

// What happens after the cut.
struct Restart {
  std::string_view name;
  Duration downtime;
  bool cut_again = false;  // near the beginning of the restarted run, while it goes on with what was left behind
};
constexpr Restart kRestarts[] = {{"at once", std::chrono::seconds(1), false},
                                 {"when all scans have ended", std::chrono::minutes(40), false},
                                 {"at once, and killed again", std::chrono::seconds(1), true}};
constexpr int kWays = static_cast<int>(std::size(kRestarts));

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\n    " + line;
  return text;
}

template <class Lines>
std::vector<std::string> MissingOf(const std::set<std::string>& wanted, const Lines& found) {
  std::vector<std::string> missing;
  for (const std::string& line : wanted) {
    if (std::find(found.begin(), found.end(), line) == found.end()) missing.push_back("missing: " + line);
  }
  return missing;
}

// What the run came to that nobody stopped.
struct Undisturbed {
  std::vector<std::string> points;
  Ending ending;
  std::set<std::string> messages;
};

Undisturbed RunUndisturbed() {
  CrashWorld world;
  EXPECT_EQ(world.Run(0), 0);
  const auto messages = world.messages();
  return {world.points(), world.Look(), {messages.begin(), messages.end()}};
}

// What is wrong after a cut at that point and a restart; empty: nothing.
std::vector<std::string> ProblemsAfterCut(int cut, const Restart& restart, const Undisturbed& wanted) {
  CrashWorld world;
  if (const int code = world.Run(cut); code != -SIGKILL) {
    return {"it was not stopped there but ended with " + std::to_string(code)};
  }
  world.clock().Advance(restart.downtime);
  // Where exactly differs from cut to cut.
  if (restart.cut_again && world.Run(1 + cut % 13) == -SIGKILL) world.clock().Advance(restart.downtime);
  if (const int code = world.Run(0); code != 0) return {"the restarted one ended with " + std::to_string(code)};
  const Ending ending = world.Look();
  std::vector<std::string> problems = ending.problems;
  for (auto& line : MissingOf(wanted.ending.outcomes, ending.outcomes)) problems.push_back(std::move(line));
  for (const std::string& line : ending.outcomes) {
    if (!wanted.ending.outcomes.contains(line)) problems.push_back("unexpected: " + line);
  }
  const auto messages = world.messages();
  for (auto& line : MissingOf(wanted.messages, messages)) problems.push_back(std::move(line));
  std::map<std::string, int> sent;
  for (const std::string& message : messages) {
    // A crash between a message and the note that it was sent repeats it.
    if (++sent[message] > (restart.cut_again ? 3 : 2)) problems.push_back("sent again and again: " + message);
    if (!wanted.messages.contains(message)) problems.push_back("unexpected message: " + message);
  }
  return problems;
}

TEST(Crash, TheUndisturbedRunVerifiesEverything) {
  const Undisturbed run = RunUndisturbed();
  EXPECT_TRUE(run.ending.problems.empty()) << Joined(run.ending.problems);
  const std::set<std::string> outcomes = {
      "Backdoor:EC2/C&CActivity.B!DNS: notify-owner not-activated of 111122223333/us-east-1/i-0fedcba9876543210: sent",
      "UnauthorizedAccess:EC2/RDPBruteForce: notify-owner outcome of 111122223333/us-east-1/i-0123456789abcdef0: sent",
      "UnauthorizedAccess:EC2/RDPBruteForce: request-scan scan-for-integrity-changes of computer 34: verified",
      "UnauthorizedAccess:EC2/RDPBruteForce: request-scan scan-for-recommendations of computer 34: verified",
      "UnauthorizedAccess:EC2/SSHBruteForce: assign-rules integritymonitoring of computer 34: verified",
      "UnauthorizedAccess:EC2/SSHBruteForce: assign-rules intrusionprevention of computer 34: verified",
      "UnauthorizedAccess:EC2/SSHBruteForce: assign-rules loginspection of computer 34: verified",
      "UnauthorizedAccess:EC2/SSHBruteForce: notify-owner outcome of 111122223333/us-east-1/i-0123456789abcdef0: sent",
      "UnauthorizedAccess:EC2/SSHBruteForce: request-scan scan-for-integrity-changes of computer 34: verified",
      "UnauthorizedAccess:EC2/SSHBruteForce: request-scan scan-for-recommendations of computer 34: verified",
  };
  EXPECT_EQ(run.ending.outcomes, outcomes);
  EXPECT_GT(run.points.size(), 150U);
}

TEST(Crash, AtEveryPointOfTheRunNothingIsLostAndNothingIsDoneTwice) {
  const Undisturbed wanted = RunUndisturbed();
  const int jobs = static_cast<int>(wanted.points.size()) * kWays;
  std::atomic<int> next = 0;
  std::mutex mutex;
  std::map<int, std::string> failures;
  const auto work = [&] {
    for (int job = next++; job < jobs; job = next++) {
      const int cut = job / kWays + 1;
      const Restart& restart = kRestarts[job % kWays];
      const auto problems = ProblemsAfterCut(cut, restart, wanted);
      if (problems.empty()) continue;
      const std::lock_guard lock(mutex);
      failures[job] = "point " + std::to_string(cut) + ", " + wanted.points[static_cast<std::size_t>(cut - 1)] +
                      ", started again " + std::string(restart.name) + ":" + Joined(problems);
    }
  };
  std::vector<std::thread> workers;
  workers.reserve(kWorkers);
  for (int i = 0; i < kWorkers; ++i) workers.emplace_back(work);
  for (std::thread& worker : workers) worker.join();
  std::cout << wanted.points.size() << " points, " << jobs << " restarts\n";
  for (const auto& [job, failure] : failures) ADD_FAILURE() << failure;
}

TEST(SeveralProcesses, OnOneLedgerBringEverythingToItsEndOnce) {
  const Undisturbed wanted = RunUndisturbed();
  for (int round = 0; round < 8; ++round) {
    CrashWorld world;
    // The third one is given what another one was given as well.
    const auto codes = world.RunTogether({{0}, {1, 2}, {0, 1}});
    EXPECT_EQ(codes, (std::vector<int>{0, 0, 0}));
    const Ending ending = world.Look();
    EXPECT_TRUE(ending.problems.empty()) << Joined(ending.problems);
    EXPECT_EQ(WithoutCases(ending.outcomes), WithoutCases(wanted.ending.outcomes));
    const auto messages = world.messages();
    EXPECT_EQ(messages.size(), wanted.messages.size()) << Joined(messages);
    EXPECT_EQ(std::set<std::string>(messages.begin(), messages.end()), wanted.messages);
  }
}

}  // namespace
}  // namespace sallyport
