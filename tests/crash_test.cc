// SPDX-License-Identifier: Apache-2.0
//
// The promise: whatever the moment at which the program is killed, after a restart everything comes to the same end,
// and nothing was done twice. Every moment is tried at which a kill leaves another world behind (CutsOf): after each
// write of the ledger, each call that changes something and each message of a full run, with a restart at once and one
// after everything that ran in SWP has ended. Each kind of run (crash_scenario.h) is tried so.
//
// A failure names its restart; SALLYPORT_CRASH_FIRST=n begins with that one, SALLYPORT_CRASH_EVERY=n tries one of so
// many, SALLYPORT_CRASH_ALL=1 also tries what lies between two worlds.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
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
  bool cut_again = false;  // while the restarted run goes on with what was left behind
};
constexpr Restart kRestarts[] = {{"at once", std::chrono::seconds(1), false},
                                 {"when all scans have ended", std::chrono::minutes(40), false},
                                 {"at once, and killed again", std::chrono::seconds(1), true}};
// The second cut is one of so many points of the restarted run.
constexpr int kSecondCuts = 41;
constexpr int kWays = static_cast<int>(std::size(kRestarts));

int FromEnvironment(const char* name, int otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::atoi(value);
}

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

std::map<std::string, int> Counted(const std::vector<std::string>& lines) {
  std::map<std::string, int> count;
  for (const std::string& line : lines) ++count[line];
  return count;
}

// The messages that channels took, by channel and content.
using Told = std::map<std::string, std::vector<TakenMessage>>;
Told ToldIn(const std::vector<TakenMessage>& messages) {
  Told told;
  for (const TakenMessage& message : messages) told[message.channel + ": " + message.content].push_back(message);
  return told;
}

std::size_t Repeats(const std::vector<TakenMessage>& messages) {
  return static_cast<std::size_t>(std::count_if(messages.begin(), messages.end(), [](auto& m) { return m.repeats; }));
}

// Those that are tried. Of the run that writes to AWS those around its writes: what else it does, others do too.
std::vector<int> CutsToTry(CrashKind kind, const std::vector<NotedPoint>& points) {
  std::vector<int> cuts = CutsOf(points);
  if (kind != CrashKind::kAws) return cuts;
  constexpr int kBefore = 2;  // points between a write and what the ledger is told of it
  constexpr int kBehind = 3;
  const auto is_far = [&](int cut) {
    const int last = std::min(cut + kBefore, static_cast<int>(points.size()));
    for (int i = std::max(cut - kBehind, 1); i <= last; ++i) {
      if (points[static_cast<std::size_t>(i - 1)].name.ends_with(kOfAws)) return false;
    }
    return true;
  };
  std::erase_if(cuts, is_far);
  return cuts;
}

// What the run came to that nobody stopped.
struct Undisturbed {
  std::vector<std::string> points;
  std::vector<int> cuts;
  Ending ending;
  std::set<std::string> messages;
  Told told;
  std::size_t repeats = 0;
};

Undisturbed RunUndisturbed(CrashKind kind) {
  CrashWorld world(kind);
  EXPECT_EQ(world.RunTellingWorlds(), 0);
  const auto messages = world.messages();
  const auto taken = world.taken();
  const auto points = world.points();
  return {NamesOf(points), CutsToTry(kind, points), world.Look(), {messages.begin(), messages.end()},
          ToldIn(taken),   Repeats(taken)};
}

// The same message, whichever finding it is about: see WithoutCases.
std::string WithoutFinding(const std::string& message) {
  return message.substr(0, message.find("; GuardDuty finding "));
}

template <class Messages>
std::multiset<std::string> WithoutFindings(const Messages& messages) {
  std::multiset<std::string> said;
  for (const std::string& message : messages) said.insert(WithoutFinding(message));
  return said;
}

// Messages that were shown: a crash between a message and the note that it was sent repeats it.
void AddShown(const std::vector<std::string>& messages, int kills, const Undisturbed& wanted, const Ending& ending,
              std::vector<std::string>& problems) {
  for (auto& line : MissingOf(wanted.messages, messages)) problems.push_back(std::move(line));
  for (const auto& [message, times] : Counted(messages)) {
    if (times > 1 + kills) problems.push_back("shown again and again: " + message);
    const std::size_t finding = message.find("; GuardDuty finding ");
    const std::string of_case =
        finding == std::string::npos ? "" : message.substr(finding + 20) + ": notify-owner outcome";
    const auto is_told = [&](const std::string& line) { return !of_case.empty() && line.starts_with(of_case); };
    if (std::any_of(ending.outcomes.begin(), ending.outcomes.end(), is_told)) continue;
    const auto is_wanted = [&, shown = &message](const std::string& one) {
      return WithoutFinding(one) == WithoutFinding(*shown);
    };
    if (std::none_of(wanted.messages.begin(), wanted.messages.end(), is_wanted)) {
      problems.push_back("unexpected message: " + message);
    }
  }
}

// How often a channel took a content that it had already.
std::size_t TakenAgain(const Told& told) {
  std::size_t again = 0;
  for (const auto& [content, all] : told) again += all.size() - 1;
  return again;
}

// "web-02 not protected, GuardDuty High: Backdoor:EC2/..." without "High": where the severity rose before a message was
// delivered, it is told once, as it is then.
std::string WithoutSeverity(std::string headline) {
  constexpr std::string_view kSource = ", GuardDuty ";
  const std::size_t at = headline.find(kSource);
  if (at == std::string::npos) return headline;
  const std::size_t begin = at + kSource.size();
  const std::size_t end = headline.find(':', begin);
  return end == std::string::npos ? headline : headline.erase(begin, end - begin);
}

std::set<std::string> Headlines(const Told& told) {
  std::set<std::string> headlines;
  for (const auto& [content, all] : told) {
    headlines.insert(all.front().channel + ": " + WithoutSeverity(all.front().headline));
  }
  return headlines;
}

// Messages of channels: each arrives; again only when a kill left open whether it had, and then it says so. (Contents
// differ from run to run: they have dates and numbers of cases. A message that has news before it was delivered is told
// once.)
void AddTold(const std::vector<TakenMessage>& taken, int kills, const Undisturbed& wanted,
             std::vector<std::string>& problems) {
  const Told told = ToldIn(taken);
  const auto headlines = Headlines(told);
  const auto wanted_headlines = Headlines(wanted.told);
  for (const std::string& headline : wanted_headlines) {
    if (!headlines.contains(headline)) problems.push_back("never told: " + headline);
  }
  for (const std::string& headline : headlines) {
    if (!wanted_headlines.contains(headline)) problems.push_back("unexpectedly told: " + headline);
  }
  for (const auto& [content, all] : told) {
    for (std::size_t i = 1; i < all.size(); ++i) {
      if (!all[i].repeats && !all[i].changes) problems.push_back("repeated without saying so: " + content);
    }
  }
  // One kill leaves one message of one channel open.
  if (TakenAgain(told) > TakenAgain(wanted.told) + static_cast<std::size_t>(kills)) {
    problems.push_back(std::to_string(TakenAgain(told)) + " messages were repeated");
  }
}

// Whether a kill at that point may leave open whether a channel has taken a message: it is on its way, or taken and not
// recorded yet.
bool LeavesMessageOpen(const std::string& point) {
  return point.ends_with(kOfChannel) || point.find("record delivery") != std::string::npos;
}

// Nothing was left open: then nothing may say that it could be a repetition.
void AddNeedlessDoubt(const std::vector<TakenMessage>& taken, int cut, const Undisturbed& wanted,
                      std::vector<std::string>& problems) {
  if (LeavesMessageOpen(wanted.points.at(static_cast<std::size_t>(cut - 1)))) return;
  if (Repeats(taken) == wanted.repeats) return;
  problems.push_back(std::to_string(Repeats(taken)) + " messages say that they may be repetitions");
}

// A verdict that a kill left open has no token any more and fails; the next delivery of its event, which comes with
// one, tells it. (That it does is looked for: the line of the verdict that was told would be missing.)
bool IsToldByTheNextDelivery(const std::string& deed) {
  return deed.starts_with("put-evaluations ") && deed.ends_with(": failed");
}

// What is wrong after a cut at that point and a restart; empty: nothing.
std::vector<std::string> ProblemsAfterCut(CrashKind kind, int cut, const Restart& restart, const Undisturbed& wanted) {
  CrashWorld world(kind);
  if (const int code = world.Run(cut); code != -SIGKILL) {
    return {"it was not stopped there but ended with " + std::to_string(code)};
  }
  world.clock().Advance(restart.downtime);
  int kills = 1;
  // Where exactly differs from cut to cut.
  if (restart.cut_again && world.Run(1 + cut * 7 % kSecondCuts) == -SIGKILL) {
    ++kills;
    world.clock().Advance(restart.downtime);
  }
  const int code = world.Run(0);
  const Ending ending = world.Look();
  std::vector<std::string> problems = ending.problems;
  if (code != 0) problems.push_back("the restarted one ended with " + std::to_string(code));
  for (auto& line : MissingOf(wanted.ending.outcomes, ending.outcomes)) problems.push_back(std::move(line));
  // Of two cases about one host either may be the one that acted, and the other may have joined what ran.
  const std::set<std::string> deeds = WithoutCases(wanted.ending.outcomes);
  for (const std::string& line : WithoutCases(ending.outcomes)) {
    if (!deeds.contains(line) && !IsToldByTheNextDelivery(line)) problems.push_back("unexpected: " + line);
  }
  AddShown(world.messages(), kills, wanted, ending, problems);
  const auto taken = world.taken();
  AddTold(taken, kills, wanted, problems);
  if (kills == 1) AddNeedlessDoubt(taken, cut, wanted, problems);
  return problems;
}

class Crash : public ::testing::TestWithParam<CrashKind> {};
INSTANTIATE_TEST_SUITE_P(Kinds, Crash, ::testing::ValuesIn(kCrashKinds),
                         [](const auto& kind) { return std::string(ToString(kind.param)); });

// What the ledger says, without what SWP does.
std::set<std::string> InLedger(const Ending& ending) {
  std::set<std::string> lines;
  for (const std::string& line : ending.outcomes) {
    if (!line.starts_with("SWP: ") && !line.starts_with("AWS: ")) lines.insert(line);
  }
  return lines;
}

TEST(CrashScans, TheUndisturbedRunVerifiesEverything) {
  const Undisturbed run = RunUndisturbed(CrashKind::kScans);
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
  EXPECT_EQ(InLedger(run.ending), outcomes);
  EXPECT_GT(run.points.size(), 150U);
  // Nothing is left out but what lies before a step, and behind one that only reads, or adds a question that is open.
  for (std::size_t i = 0; i < run.points.size(); ++i) {
    const std::string& point = run.points[i];
    const bool only_reads = point.starts_with("after GET ") || point.find("/search") != std::string::npos;
    if (point.starts_with("before ") || only_reads || point == "after add follow-up case-ended") continue;
    EXPECT_TRUE(std::binary_search(run.cuts.begin(), run.cuts.end(), static_cast<int>(i) + 1)) << point;
  }
}

TEST(CrashAws, TheUndisturbedRunChangesAWebAclPromotesItAndTakesItBack) {
  const Undisturbed run = RunUndisturbed(CrashKind::kAws);
  EXPECT_TRUE(run.ending.problems.empty()) << Joined(run.ending.problems);
  EXPECT_TRUE(run.ending.outcomes.contains("AWS: web ACLs changed 3 times")) << run.ending.outcomes.size();
  const auto at_work = std::count_if(run.points.begin(), run.points.end(),
                                     [](const std::string& point) { return point.ends_with(kAtWork); });
  EXPECT_EQ(at_work, 5 * 5) << "five moments of three changes and two calls with verdicts";
}

TEST_P(Crash, AtEveryPointOfTheRunNothingIsLostAndNothingIsDoneTwice) {
  const CrashKind kind = GetParam();
  const auto began = std::chrono::steady_clock::now();
  const Undisturbed wanted = RunUndisturbed(kind);
  ASSERT_TRUE(wanted.ending.problems.empty()) << Joined(wanted.ending.problems);
  ASSERT_GT(wanted.cuts.size(), 25U);
  // Second kills are in the other kinds; each run here reads a whole estate.
  const int ways = kind == CrashKind::kAws ? kWays - 1 : kWays;
  const int jobs = static_cast<int>(wanted.cuts.size()) * ways;
  const int step = std::max(FromEnvironment("SALLYPORT_CRASH_EVERY", 1), 1);
  const int first = FromEnvironment("SALLYPORT_CRASH_FIRST", 0);
  std::atomic<int> next = first;
  std::mutex mutex;
  std::map<int, std::string> failures;
  const auto work = [&] {
    for (int job = next.fetch_add(step); job < jobs; job = next.fetch_add(step)) {
      const int cut = wanted.cuts[static_cast<std::size_t>(job / ways)];
      const Restart& restart = kRestarts[job % ways];
      const auto problems = ProblemsAfterCut(kind, cut, restart, wanted);
      if (problems.empty()) continue;
      const std::lock_guard lock(mutex);
      failures[job] = "restart " + std::to_string(job) + ", point " + std::to_string(cut) + ", " +
                      wanted.points[static_cast<std::size_t>(cut - 1)] + ", started again " +
                      std::string(restart.name) + ":" + Joined(problems);
    }
  };
  std::vector<std::thread> workers;
  workers.reserve(kWorkers);
  for (int i = 0; i < kWorkers; ++i) workers.emplace_back(work);
  for (std::thread& worker : workers) worker.join();
  const auto took = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - began);
  std::cout << ToString(kind) << ": " << wanted.points.size() << " points, " << wanted.cuts.size() << " worlds, "
            << (jobs - first + step - 1) / step << " restarts, " << took.count() << " s\n";
  for (const auto& [job, failure] : failures) ADD_FAILURE() << failure;
}

TEST(SeveralProcesses, OnOneLedgerBringEverythingToItsEndOnce) {
  const Undisturbed wanted = RunUndisturbed(CrashKind::kScans);
  for (int round = 0; round < 8; ++round) {
    CrashWorld world(CrashKind::kScans);
    // The third one is given what another one was given as well.
    const auto codes = world.RunTogether({{0}, {1, 2}, {0, 1}});
    EXPECT_EQ(codes, (std::vector<int>{0, 0, 0}));
    const Ending ending = world.Look();
    EXPECT_TRUE(ending.problems.empty()) << Joined(ending.problems);
    EXPECT_EQ(WithoutCases(ending.outcomes), WithoutCases(wanted.ending.outcomes));
    // Which of the two cases of a host brings the rules into effect, and says so, is left to the race.
    const auto messages = world.messages();
    EXPECT_EQ(WithoutFindings(messages), WithoutFindings(wanted.messages)) << Joined(messages);
  }
}

}  // namespace
}  // namespace sallyport
