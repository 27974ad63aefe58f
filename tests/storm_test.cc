// SPDX-License-Identifier: Apache-2.0
//
// The storm: four threads in each of two processes on one ledger file, killed at random points and started again, until
// 200 kills. Nothing is lost, nothing is done twice, and the chain is whole.
//
// A failure names its seed; SALLYPORT_STORM_SEED=n begins with that one, SALLYPORT_STORM_KILLS=n ends after so many.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "ledger/sqlite_ledger.h"
#include "tests/processes.h"
#include "tests/scenario.h"
#include "tests/shared_clock.h"

namespace sallyport {
namespace {

constexpr int kHosts = 8;
constexpr int kFindingsOfAHost = 3;
constexpr int kProcesses = 2;
constexpr int kThreads = 4;
constexpr int kKillsInAWorld = 10;
// The points of a run of one process that nobody stops are some hundreds.
constexpr int kLatestCut = 400;

int FromEnvironment(const char* name, int otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::atoi(value);
}

std::string InLines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\n    " + line;
  return text;
}

// One estate for all worlds: hosts with a working agent in the order of their numbers.
const sim::SwpEstate& StormEstate() {
  static const sim::SwpEstate estate = sim::GenerateSwpEstate(7, 40);
  return estate;
}

class StormWorld {
 public:
  explicit StormWorld(unsigned seed) : chance_(seed), clock_(folder_ / "clock"), simulated_(clock_.Now(), 1.0, clock_) {
    sim::SwpManagerOptions options = ScenarioManager(simulated_);
    options.calls_per_minute_and_key = 0;
    options.calls_per_minute_and_tenant = 0;
    auto manager = sim::SwpManager::Start(StormEstate(), options);
    Check(manager.ok(), "a simulated manager");
    manager_ = *std::move(manager);
    findings_ = StormFindings(clock_.Now(), StormEstate(), kHosts, kFindingsOfAHost);
  }

  // Both processes at once, each with its share of the findings and some that the other has as well. Killed at random
  // points, unless `kill` is false. How many were killed; what went wrong is added to `problems`.
  int Run(bool kill, std::vector<std::string>& problems) {
    for (int place = 0; place < kProcesses; ++place) clock_.Reserve(place);
    std::map<pid_t, int> places;
    for (int place = 0; place < kProcesses; ++place) places[Start(place, kill)] = place;
    int killed = 0;
    // One that is gone must not be waited for by the other, whose time stands still until then.
    for (int ended = 0; ended < kProcesses; ++ended) {
      const ProgramEnd end = WaitForAnyProgram();
      if (end.code == -SIGKILL) WaitUntilQuiet();
      clock_.Free(places.at(end.process));
      if (end.code == -SIGKILL) ++killed;
      if (end.code != 0 && end.code != -SIGKILL) problems.push_back("a process ended with " + std::to_string(end.code));
    }
    WaitUntilQuiet();
    return killed;
  }

  void Wait(Duration duration) { clock_.Advance(duration); }
  int Random(int below) { return static_cast<int>(chance_() % static_cast<unsigned>(below)); }

  // What is wrong now that everything should have ended. A message is repeated at most so often: a kill between a
  // message and the note that it was sent repeats it.
  std::vector<std::string> Problems(int most_repeats) const {
    auto ledger = SqliteLedger::Open(folder_ / "ledger.db", clock_);
    if (!ledger.ok()) return {ledger.error().ToText()};
    Ending ending = EndingOf(**ledger);
    for (std::string& problem : DoneTwice(*manager_)) ending.problems.push_back(std::move(problem));
    if (TasksIn(*manager_) != 0) ending.problems.emplace_back("a scan task was left behind");
    const std::size_t with_scans = AddLost(**ledger, ending.problems);
    AddMessages(with_scans, most_repeats, ending.problems);
    return ending.problems;
  }

 private:
  pid_t Start(int place, bool kill) {
    const std::string file = (folder_ / ("events-" + std::to_string(place)));
    std::ofstream events(file, std::ios::binary | std::ios::trunc);
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < findings_.size(); ++i) {
      // Every third one is given to both.
      if (i % 3 == 0 || static_cast<int>(i % kProcesses) == place) lines.push_back(findings_[i]);
    }
    std::shuffle(lines.begin(), lines.end(), chance_);
    for (const std::string& line : lines) events << line << '\n';
    events.close();
    return StartProgram({SALLYPORT_STORM_DRIVER, folder_ / "clock", std::to_string(place), folder_ / "ledger.db",
                         manager_->url(), (folder_ / ("messages-" + std::to_string(place))), std::to_string(kThreads),
                         std::to_string(kill ? 1 + Random(kLatestCut) : 0), file});
  }

  // Each finding that had scans, its own or joined ones, has one message about their end. (One that came when they were
  // over has none: it was skipped.)
  void AddMessages(std::size_t with_scans, int most_repeats, std::vector<std::string>& problems) const {
    std::map<std::string, int> sent;
    for (int place = 0; place < kProcesses; ++place) {
      std::ifstream file(folder_ / ("messages-" + std::to_string(place)));
      for (std::string line; std::getline(file, line);) ++sent[line];
    }
    if (sent.size() != with_scans) {
      problems.push_back(std::to_string(sent.size()) + " different messages about " + std::to_string(with_scans) +
                         " findings with scans");
    }
    for (const auto& [message, times] : sent) {
      if (times > 1 + most_repeats) problems.push_back(std::to_string(times) + " times: " + message);
    }
  }

  // What was on its way when its sender was killed arrives before anybody looks for it. (That a request may arrive
  // later than that is another promise, with tests of its own.)
  void WaitUntilQuiet() const {
    for (std::size_t seen = 0, before = 1; seen != before;) {
      before = manager_->Requests().size();
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      seen = manager_->Requests().size();
    }
  }

  // Every finding has a case, and every host both of its scans. How many cases had scans.
  std::size_t AddLost(Ledger& ledger, std::vector<std::string>& problems) const {
    CaseFilter all;
    all.limit = 500;
    const auto cases = ledger.ListCases(all);
    if (!cases.ok()) problems.push_back(cases.error().ToText());
    if (!cases.ok()) return 0;
    if (cases->size() != findings_.size()) {
      problems.push_back(std::to_string(cases->size()) + " cases of " + std::to_string(findings_.size()) + " findings");
    }
    std::set<std::string> verified;
    std::size_t with_scans = 0;
    for (const CaseRecord& record : *cases) {
      const auto shown = ledger.ShowWithoutHistory(EventNumber{record.number.value});
      if (!shown.ok()) problems.push_back(shown.error().ToText());
      if (!shown.ok()) return 0;
      const auto had_scan = [](const ActionRecord& action) {
        return action.action.kind == "request-scan" && action.state == ActionState::kVerified;
      };
      if (std::any_of(shown->actions.begin(), shown->actions.end(), had_scan)) ++with_scans;
      for (const ActionRecord& action : shown->actions) {
        if (action.state != ActionState::kVerified) continue;
        verified.insert(action.action.kind + " " + action.action.what + " " + action.action.subject);
      }
    }
    const auto scans = std::count_if(verified.begin(), verified.end(),
                                     [](const std::string& what) { return what.starts_with("request-scan "); });
    constexpr std::ptrdiff_t kScans = std::ptrdiff_t{2} * kHosts;
    if (scans != kScans) {
      problems.push_back(std::to_string(scans) + " scans were verified, not " + std::to_string(kScans));
    }
    return with_scans;
  }

  TempFolder folder_;
  std::mt19937 chance_;
  SharedClock clock_;
  sim::SimClock simulated_;
  std::unique_ptr<sim::SwpManager> manager_;
  std::vector<std::string> findings_;
};

TEST(Storm, UndisturbedComesToItsEnd) {
  StormWorld world(1);
  std::vector<std::string> problems;
  EXPECT_EQ(world.Run(false, problems), 0);
  for (std::string& problem : world.Problems(0)) problems.push_back(std::move(problem));
  EXPECT_TRUE(problems.empty()) << InLines(problems);
}

TEST(Storm, KilledAtRandomLosesNothingAndDoesNothingTwice) {
  const int kills = FromEnvironment("SALLYPORT_STORM_KILLS", 200);
  ASSERT_GT(kills, 0);
  int killed = 0;
  int worlds = 0;
  for (auto seed = static_cast<unsigned>(FromEnvironment("SALLYPORT_STORM_SEED", 1)); killed < kills; ++seed) {
    StormWorld world(seed);
    ++worlds;
    std::vector<std::string> problems;
    int kills_here = 0;
    for (int round = 0; round < 3 * kKillsInAWorld && problems.empty(); ++round) {
      const int now = world.Run(true, problems);
      killed += now;
      kills_here += now;
      // Nobody is left to kill when both come to their end before the cut.
      if (now == 0 && round > kKillsInAWorld) break;
      world.Wait(world.Random(4) == 0 ? Duration(std::chrono::minutes(20)) : Duration(std::chrono::seconds(1)));
    }
    if (problems.empty()) world.Run(false, problems);
    for (std::string& problem : world.Problems(kills_here)) problems.push_back(std::move(problem));
    ASSERT_TRUE(problems.empty()) << "seed " << seed << InLines(problems);
  }
  std::cout << killed << " kills in " << worlds << " worlds\n";
}

}  // namespace
}  // namespace sallyport
