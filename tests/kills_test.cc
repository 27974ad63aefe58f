// SPDX-License-Identifier: Apache-2.0
//
// Random kills: one to four processes on one ledger, a manager that takes 0.1 to 10 seconds for everything that it
// changes (slow_manager.h), events that are delivered again and again, and SIGKILL at random: at a point of the
// program, while the manager is at work on a request, or at any moment at all. Then everything is delivered once more
// and nobody is killed. No scan is asked for and no rule added twice, none is missing, each message is told once or
// says that it may be a repetition, and every head of the ledger that was told while it ran is still in it.
//
//   SALLYPORT_KILLS=n        ends after so many (100)
//   SALLYPORT_KILLS_SEED=n   the first world has this seed (1); a failure names the seed of its world
//   SALLYPORT_KILLS_KEEP=f   a world that failed leaves its files in the folder f
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "base/check.h"
#include "base/json.h"
#include "ledger/heads.h"
#include "ledger/sqlite_ledger.h"
#include "tests/crash_scenario.h"
#include "tests/message_receiver.h"
#include "tests/processes.h"
#include "tests/scenario.h"
#include "tests/shared_clock.h"
#include "tests/slow_manager.h"

namespace sallyport {
namespace {

constexpr CrashKind kKind = CrashKind::kKills;
constexpr int kMostProcesses = 4;
constexpr int kKillsOfAWorld = 10;
constexpr int kMostRounds = 25;
// So that a world comes to its end after about so many kills: a run that nobody stops has some hundreds of points.
constexpr int kLatestPoint = 120;
constexpr int kLatestPointAtWork = 12;
constexpr int kLongestLife = 40;  // real milliseconds
constexpr int kWorldsAtOnce = 3;

int NumberFrom(const char* name, int otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::atoi(value);
}

std::string ListOf(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\n    " + line;
  return text;
}

// What the kills of some worlds came to.
struct Tally {
  int kills = 0;
  int at_work = 0;     // the manager was at work on a request of the one that was killed
  int processes = 0;   // that were started
  int unanswered = 0;  // writes that were carried out and whose answer nobody took
  int repeats = 0;     // messages that said that they may be repetitions
  std::int64_t heads = 0;
  void Add(const Tally& other) {
    kills += other.kills;
    at_work += other.at_work;
    processes += other.processes;
    unanswered += other.unanswered;
    repeats += other.repeats;
    heads += other.heads;
  }
};

class KillsWorld {
 public:
  explicit KillsWorld(unsigned seed) : chance_(seed), clock_(folder_ / "clock"), managers_(clock_) {
    sim::SwpManagerOptions options = ScenarioManager(simulated_);
    options.calls_per_minute_and_key = 0;
    options.calls_per_minute_and_tenant = 0;
    auto manager = sim::SwpManager::Start(CrashEstate(kKind), options);
    Check(manager.ok(), "a simulated manager");
    manager_ = *std::move(manager);
    slow_ = std::make_unique<SlowManager>(clock_, managers_, manager_->url(), seed);
    for (const std::string& finding : CrashFindings(kKind, clock_.Now())) {
      events_.push_back(folder_ / ("event-" + std::to_string(events_.size())));
      WriteFile(events_.back(), finding);
    }
  }

  // One to four processes, each of which is given some of the events; some of them are killed, if `kill`. How often.
  void Run(bool kill, std::vector<std::string>& problems) {
    const int count = 1 + Random(kMostProcesses);
    for (int place = 0; place < count; ++place) clock_.Reserve(place);
    std::map<pid_t, int> places;
    std::vector<std::thread> killers;
    std::mutex mutex;  // nobody is killed whose process is waited for already
    std::set<pid_t> running;
    for (int place = 0; place < count; ++place) {
      const int way = kill ? Random(10) : 9;
      std::string cut = "0";
      if (way <= 2) cut = std::to_string(1 + Random(kLatestPoint));
      if (way >= 3 && way <= 5) cut = "w" + std::to_string(1 + Random(kLatestPointAtWork));
      const pid_t process = Start(place, cut);
      places[process] = place;
      {
        const std::lock_guard lock(mutex);
        running.insert(process);
      }
      if (way >= 6 && way <= 8) {
        killers.emplace_back([&, process, life = 5 + Random(kLongestLife)] {
          std::this_thread::sleep_for(std::chrono::milliseconds(life));
          const std::lock_guard lock(mutex);
          if (running.contains(process)) ::kill(process, SIGKILL);
        });
      }
    }
    tally_.processes += count;
    for (int ended = 0; ended < count; ++ended) {
      const ProgramEnd end = WaitForOneOf(places, mutex, running);
      if (end.code == -SIGKILL) CountKill(places.at(end.process));
      if (end.code != 0 && end.code != -SIGKILL) problems.push_back("a process ended with " + std::to_string(end.code));
      // One that is gone must not be waited for by the others, whose time stands still until then.
      clock_.Free(places.at(end.process));
    }
    for (std::thread& killer : killers) killer.join();
  }

  void Wait(Duration duration) { clock_.Advance(duration); }
  int Random(int below) { return static_cast<int>(chance_() % static_cast<unsigned>(below)); }
  int kills() const { return tally_.kills; }

  // What is wrong now that everything should have ended.
  std::vector<std::string> Problems() {
    slow_->CatchUp();
    auto ledger = SqliteLedger::Open(folder_ / "ledger.db", clock_);
    if (!ledger.ok()) return {ledger.error().ToText()};
    Ending ending = EndingOf(**ledger);
    for (std::string& problem : DoneTwice(*manager_)) ending.problems.push_back(std::move(problem));
    if (TasksIn(*manager_) != 0) ending.problems.emplace_back("a scan task was left behind");
    AddMissing(**ledger, ending.problems);
    AddMessages(**ledger, ending.problems);
    AddHeads(**ledger, ending.problems);
    return ending.problems;
  }

  // Copies its files, and what the manager was asked.
  void Keep(const std::string& folder) const {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    std::filesystem::copy(folder_.Path(), folder, std::filesystem::copy_options::recursive, error);
    std::ofstream requests(folder + "/requests");
    for (const sim::SwpRequestRecord& request : manager_->Requests()) {
      requests << FormatTime(request.time) << " " << request.method << " " << request.target << " " << request.status
               << "\n";
    }
  }

  std::set<std::string> DoneInSwp() const { return DoneIn(*manager_); }
  Tally tally() const {
    Tally tally = tally_;
    tally.unanswered = slow_->unanswered();
    return tally;
  }

 private:
  pid_t Start(int place, const std::string& cut) {
    const std::string own = "-" + std::to_string(++started_);
    std::vector<std::string> words = {SALLYPORT_CRASH_DRIVER,
                                      std::string(ToString(kKind)),
                                      folder_ / "clock",
                                      std::to_string(place),
                                      folder_ / "ledger.db",
                                      slow_->url(),
                                      "",
                                      receiver_.url(),
                                      folder_ / "archive",
                                      folder_ / ("points" + own),
                                      folder_ / "messages",
                                      folder_ / ("heads" + own),
                                      cut};
    points_[place] = folder_ / ("points" + own);
    heads_.push_back(folder_ / ("heads" + own));
    for (const std::string& event : Delivered(place)) words.push_back(event);
    return StartProgram(std::move(words));
  }

  // All of them reach one of the processes, in any order; each other process gets some as well.
  std::vector<std::string> Delivered(int place) {
    std::vector<std::string> delivered;
    for (const std::string& event : events_) {
      if (place == 0 || Random(2) == 0) delivered.push_back(event);
    }
    std::shuffle(delivered.begin(), delivered.end(), chance_);
    return delivered;
  }

  // Several worlds of this process wait for programs at the same time: each for its own.
  static ProgramEnd WaitForOneOf(const std::map<pid_t, int>& places, std::mutex& mutex, std::set<pid_t>& running) {
    while (true) {
      {
        const std::lock_guard lock(mutex);
        for (const auto& [process, place] : places) {
          int status = 0;
          if (!running.contains(process) || ::waitpid(process, &status, WNOHANG) != process) continue;
          running.erase(process);
          return {process, CodeOf(status)};
        }
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

  void CountKill(int place) {
    ++tally_.kills;
    std::string last;
    std::ifstream points(points_.at(place));
    for (std::string line; std::getline(points, line);) last = line;
    if (last.ends_with(kAtWork)) ++tally_.at_work;
    // What was on its way at that moment arrives before time goes on. (That it may arrive later is what the slow
    // manager is for.)
    for (int seen = -1; seen != slow_->taken();) {
      seen = slow_->taken();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  // Every finding has a case.
  void AddMissing(Ledger& ledger, std::vector<std::string>& problems) const {
    CaseFilter all;
    all.limit = 500;
    const auto cases = ledger.ListCases(all);
    if (!cases.ok()) return problems.push_back(cases.error().ToText());
    if (cases->size() != events_.size()) {
      problems.push_back(std::to_string(cases->size()) + " cases of " + std::to_string(events_.size()) + " findings");
    }
  }

  std::vector<TakenMessage> Taken() const {
    std::vector<TakenMessage> all = receiver_.taken();
    std::ifstream archive(folder_ / "archive");
    for (std::string line; std::getline(archive, line);) all.push_back(ReadTaken("archive", line));
    return all;
  }

  // Each channel was told what the ledger says was sent, of each case and host once; again only where it says so, and
  // no more often than a kill left open whether it had arrived.
  void AddMessages(Ledger& ledger, std::vector<std::string>& problems) {
    std::map<std::string, std::map<std::string, std::vector<TakenMessage>>> told;  // by channel, by case and message
    std::vector<std::string> again;
    for (TakenMessage& message : Taken()) {
      if (message.changes) continue;
      auto& same = told[message.channel][message.about];
      if (!same.empty()) {
        again.push_back(message.channel + ": " + message.about);
        if (!message.repeats) problems.push_back("told again without saying so: " + message.content);
      }
      if (message.repeats) ++tally_.repeats;
      same.push_back(std::move(message));
    }
    // Three channels fail at first, one of them after it has taken the message, one without saying anything.
    constexpr int kFailAtFirst = 2;
    if (static_cast<int>(again.size()) > tally_.kills + kFailAtFirst) {
      problems.push_back(std::to_string(again.size()) + " messages were told again:" + ListOf(again));
    }
    std::set<std::string> sent;
    for (const CaseRecord& one : ledger.ListCases({}).value()) {
      const std::string number = std::to_string(one.number.value);
      for (const DeliveryRecord& delivery :
           ledger.ShowWithoutHistory(EventNumber{one.number.value}).value().deliveries) {
        sent.insert(number + " " + delivery.message);
      }
    }
    if (sent.empty()) problems.emplace_back("no message at all");
    for (const std::string channel : {"hook", "archive"}) {
      for (const std::string& message : sent) {
        if (!told[channel].contains(message))
          problems.push_back(std::string(channel).append(" was never told of ").append(message));
      }
      for (const auto& [message, taken] : told[channel]) {
        if (!sent.contains(message)) problems.push_back(std::string(channel).append(" was told of ").append(message));
      }
    }
    for (const auto& [channel, messages] : told) {
      if (messages.size() != sent.size()) {
        problems.push_back(channel + " was told of " + std::to_string(messages.size()) + " messages, not " +
                           std::to_string(sent.size()));
      }
    }
  }

  // Every head that a process told.
  void AddHeads(Ledger& ledger, std::vector<std::string>& problems) {
    HeadsComparison comparison(ledger, "the heads of the run");
    for (const std::string& file : heads_) {
      std::ifstream lines(file);
      for (std::string line; std::getline(lines, line);) {
        // A kill may cut the last one.
        const auto head = HeadIn(line);
        if (!head) continue;
        if (const Status compared = comparison.Compare(*head); !compared.ok()) {
          return problems.push_back(compared.error().ToText());
        }
      }
    }
    tally_.heads = comparison.compared();
    if (comparison.compared() == 0) problems.emplace_back("no head was told");
    const auto differences = comparison.Differences();
    if (!differences.ok()) return problems.push_back(differences.error().ToText());
    problems.insert(problems.end(), differences->begin(), differences->end());
  }

  TempFolder folder_;
  std::mt19937 chance_;
  SharedClock clock_;
  ManagersClock managers_;
  sim::SimClock simulated_{clock_.Now(), 1.0, managers_};
  std::unique_ptr<sim::SwpManager> manager_;
  std::unique_ptr<SlowManager> slow_;
  MessageReceiver receiver_;
  std::vector<std::string> events_;
  std::vector<std::string> heads_;
  std::map<int, std::string> points_;  // by place
  int started_ = 0;
  Tally tally_;
};

// What SWP is asked for when nobody is killed.
std::set<std::string> WantedOfSwp() {
  KillsWorld world(1);
  std::vector<std::string> problems;
  world.Run(false, problems);
  for (std::string& problem : world.Problems()) problems.push_back(std::move(problem));
  EXPECT_TRUE(problems.empty()) << ListOf(problems);
  return world.DoneInSwp();
}

std::vector<std::string> ProblemsOfWorld(unsigned seed, const std::set<std::string>& wanted, Tally& tally) {
  KillsWorld world(seed);
  std::vector<std::string> problems;
  for (int round = 0; round < kMostRounds && world.kills() < kKillsOfAWorld && problems.empty(); ++round) {
    world.Run(true, problems);
    world.Wait(world.Random(4) == 0 ? Duration(std::chrono::minutes(world.Random(20)))
                                    : Duration(std::chrono::seconds(world.Random(30))));
  }
  if (problems.empty()) world.Run(false, problems);
  for (std::string& problem : world.Problems()) problems.push_back(std::move(problem));
  const std::set<std::string> done = world.DoneInSwp();
  for (const std::string& line : wanted) {
    if (!done.contains(line)) problems.push_back("lost: " + line);
  }
  for (const std::string& line : done) {
    if (!wanted.contains(line)) problems.push_back("not wanted: " + line);
  }
  tally = world.tally();
  const char* keep = std::getenv("SALLYPORT_KILLS_KEEP");
  if (keep != nullptr && !problems.empty()) world.Keep(std::string(keep) + "/" + std::to_string(seed));
  return problems;
}

TEST(Kills, AtRandomWithASlowManagerLoseNothingAndRepeatNothing) {
  const int kills = NumberFrom("SALLYPORT_KILLS", 100);
  ASSERT_GT(kills, 0);
  const std::set<std::string> wanted = WantedOfSwp();
  ASSERT_FALSE(wanted.empty());
  std::atomic<int> seed = NumberFrom("SALLYPORT_KILLS_SEED", 1);
  std::mutex mutex;
  Tally all;
  int worlds = 0;
  int failed = 0;
  const auto work = [&] {
    while (true) {
      {
        const std::lock_guard lock(mutex);
        if (all.kills >= kills || failed > 3) return;
      }
      const int mine = seed++;
      Tally tally;
      const auto problems = ProblemsOfWorld(static_cast<unsigned>(mine), wanted, tally);
      const std::lock_guard lock(mutex);
      ++worlds;
      all.Add(tally);
      if (problems.empty()) continue;
      ++failed;
      ADD_FAILURE() << "SALLYPORT_KILLS_SEED=" << mine << ListOf(problems);
    }
  };
  std::vector<std::thread> workers;
  workers.reserve(kWorldsAtOnce);
  for (int i = 0; i < kWorldsAtOnce; ++i) workers.emplace_back(work);
  for (std::thread& worker : workers) worker.join();
  std::cout << all.kills << " kills of " << all.processes << " processes in " << worlds << " worlds; " << all.at_work
            << " while the manager was at work; " << all.unanswered
            << " writes were carried out whose answer nobody took; " << all.repeats
            << " messages said that they may be repetitions; " << all.heads << " heads compared\n";
  EXPECT_GT(all.at_work, all.kills / 20);
}

}  // namespace
}  // namespace sallyport
