// SPDX-License-Identifier: Apache-2.0
//
// Questions that collect, killed at every point of a full run and started again: three advisories about two hosts join
// one question and are answered by one plan; a fourth arrives while that is carried out, and belongs to the successor.
// Whatever the moment, each computer gets each rule once, each advisory's case ends with what was done for its host (of
// one host no proof can be had), and the owner is told of each window once (twice only where the kill came between a
// message and the note that it was sent).
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "base/check.h"
#include "ledger/sqlite_ledger.h"
#include "sim/swp_manager.h"
#include "tests/crash_points.h"
#include "tests/processes.h"
#include "tests/scenario.h"
#include "tests/shared_clock.h"

namespace sallyport {
namespace {

constexpr int kCollectWorkers = 3;
constexpr int kAdvisories = 4;  // the last one is late

struct CollectRestart {
  std::string_view name;
  Duration downtime;
  bool cut_again = false;
};
constexpr CollectRestart kCollectRestarts[] = {{"at once", std::chrono::seconds(1), false},
                                               {"after its window", std::chrono::minutes(40), false},
                                               {"at once, and killed again", std::chrono::seconds(1), true}};
constexpr int kCollectWays = static_cast<int>(std::size(kCollectRestarts));

std::string AdvisoryEvent(int number, TimePoint made_at) {
  constexpr const char* kHosts[kAdvisories] = {"i-0123456789abcdef0", "i-0123456789abcdef0", "i-0a1b2c3d4e5f60718",
                                               "i-0123456789abcdef0"};
  constexpr int kRules[kAdvisories] = {6348, 3317, 6348, 6349};
  const std::string id = "ADV-" + std::to_string(number + 1);
  return R"({"version":"0","id":")" + id + R"(","detail-type":"Advisory","source":"example.scanner",)" +
         R"("account":"111122223333","region":"us-east-1","time":")" + FormatTime(made_at) + R"(","detail":{"id":")" +
         id + R"(","instance":")" + kHosts[number] + R"(","rule":)" + std::to_string(kRules[number]) + "}}";
}

class CollectWorld {
 public:
  CollectWorld() : clock_(folder_ / "clock"), simulated_(clock_.Now(), 1.0, clock_) {
    auto manager = sim::SwpManager::Start(ScenarioEstate(), ScenarioManager(simulated_));
    Check(manager.ok(), "a simulated manager");
    manager_ = *std::move(manager);
    for (int i = 0; i < kAdvisories; ++i) {
      files_.push_back(folder_ / ("event-" + std::to_string(i)));
      std::ofstream(files_.back(), std::ios::binary) << AdvisoryEvent(i, clock_.Now());
    }
  }

  // With the first three, and the fourth late.
  int Run(int cut) { return WaitFor(Start(0, std::to_string(cut), files_[3], {0, 1, 2}), 0); }
  int RunTellingWorlds() { return WaitFor(Start(0, kTellWorlds, files_[3], {0, 1, 2}), 0); }

  // Each with some of them, at the same time.
  std::vector<int> RunTogether(const std::vector<std::vector<int>>& advisories) {
    for (std::size_t place = 0; place < advisories.size(); ++place) clock_.Reserve(static_cast<int>(place));
    std::vector<pid_t> processes;
    processes.reserve(advisories.size());
    for (const auto& some : advisories) processes.push_back(Start(static_cast<int>(processes.size()), "0", "", some));
    std::vector<int> codes;
    codes.reserve(processes.size());
    for (const pid_t process : processes) codes.push_back(WaitFor(process, static_cast<int>(codes.size())));
    return codes;
  }

  SharedClock& clock() { return clock_; }
  std::vector<NotedPoint> points() const { return ReadPoints(folder_ / "points"); }
  std::vector<std::string> messages() const { return Lines("messages"); }

  // How many messages the ledger says were sent, and how many plans answer a question.
  std::size_t sent() const {
    std::size_t count = 0;
    ForEachPlan([&](Ledger& ledger, const PlanRecord& plan) {
      for (const ActionRecord& action : ledger.ActionsOf(plan.number).value()) {
        if (action.action.kind == "notify-owner" && action.state == ActionState::kSent) ++count;
      }
    });
    return count;
  }
  std::size_t answers() const {
    std::size_t count = 0;
    ForEachPlan([&](Ledger&, const PlanRecord& plan) { count += plan.question ? 1U : 0U; });
    return count;
  }

  Ending Look() const {
    auto ledger = SqliteLedger::Open(folder_ / "ledger.db", clock_);
    if (!ledger.ok()) return {{}, {ledger.error().ToText()}};
    Ending ending = EndingOf(**ledger);
    for (std::string& problem : DoneTwice(*manager_)) ending.problems.push_back(std::move(problem));
    const auto cases = (*ledger)->ListCases({});
    if (!cases.ok()) return {{}, {cases.error().ToText()}};
    for (const CaseRecord& one : *cases) {
      ending.outcomes.insert("case " + one.title + ": " + std::string(ToString(one.state)) + " " + one.outcome);
    }
    AddJoined(**ledger, ending);
    return ending;
  }

 private:
  void ForEachPlan(const std::function<void(Ledger& ledger, const PlanRecord& plan)>& each) const {
    auto ledger = SqliteLedger::Open(folder_ / "ledger.db", clock_);
    Check(ledger.ok(), "a ledger");
    for (const PlanRecord& plan : (*ledger)->ListPlans(std::nullopt, 1'000).value()) each(**ledger, plan);
  }

  // Each event that joined is a member of a question that was answered, once.
  static void AddJoined(Ledger& ledger, Ending& ending) {
    ListFilter filter;
    filter.limit = 100;
    filter.cases_only = false;
    filter.state = EventState::kJoined;
    const auto joined = ledger.List(filter);
    if (!joined.ok()) return ending.problems.push_back(joined.error().ToText());
    std::map<std::int64_t, int> answered;
    const auto questions = ledger.ListFollowUps(std::nullopt, 1'000);
    if (!questions.ok()) return ending.problems.push_back(questions.error().ToText());
    for (const FollowUpRecord& question : *questions) {
      const auto members = ledger.MembersOf(question.number, 0, 100);
      if (!members.ok()) return ending.problems.push_back(members.error().ToText());
      for (const MemberRecord& member : *members) {
        if (member.number <= question.answered) ++answered[member.event.value];
      }
    }
    for (const EventRecord& event : *joined) {
      const int times = answered[event.number.value];
      if (times == 1) continue;
      ending.problems.push_back("event " + event.event.title + " was answered " + std::to_string(times) + " times");
    }
  }

  pid_t Start(int place, const std::string& cut, const std::string& late, const std::vector<int>& advisories) {
    std::vector<std::string> words = {SALLYPORT_CRASH_COLLECT_DRIVER,
                                      folder_ / "clock",
                                      std::to_string(place),
                                      folder_ / "ledger.db",
                                      manager_->url(),
                                      folder_ / "points",
                                      folder_ / "messages",
                                      cut,
                                      late};
    for (const int advisory : advisories) words.push_back(files_.at(static_cast<std::size_t>(advisory)));
    return StartProgram(std::move(words));
  }
  int WaitFor(pid_t process, int place) {
    const int code = WaitForProgram(process);
    clock_.Free(place);
    return code;
  }
  std::vector<std::string> Lines(const std::string& file) const {
    std::ifstream in(folder_ / file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  }

  TempFolder folder_;
  SharedClock clock_;
  sim::SimClock simulated_;
  std::unique_ptr<sim::SwpManager> manager_;
  std::vector<std::string> files_;
};

std::string Listed(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\n    " + line;
  return text;
}

struct UndisturbedCollecting {
  std::vector<std::string> points;
  std::vector<int> cuts;
  Ending ending;
  std::vector<std::string> messages;
};

UndisturbedCollecting RunCollectingUndisturbed() {
  CollectWorld world;
  EXPECT_EQ(world.RunTellingWorlds(), 0);
  const auto points = world.points();
  return {NamesOf(points), CutsOf(points), world.Look(), world.messages()};
}

void AddDifferences(const std::set<std::string>& wanted, const std::set<std::string>& found, std::string_view what,
                    std::vector<std::string>& problems) {
  for (const std::string& line : wanted) {
    if (!found.contains(line)) problems.push_back("missing " + std::string(what) + ": " + line);
  }
  for (const std::string& line : found) {
    if (!wanted.contains(line)) problems.push_back("unexpected " + std::string(what) + ": " + line);
  }
}

// Who is told, and of which advisories together, depends on who joins which window.
std::set<std::string> WithoutMessages(const std::set<std::string>& outcomes) {
  std::set<std::string> lines;
  for (const std::string& line : outcomes) {
    if (line.find("notify-owner") == std::string::npos) lines.insert(line);
  }
  return lines;
}

std::vector<std::string> ProblemsAfter(int cut, const CollectRestart& restart, const UndisturbedCollecting& wanted) {
  CollectWorld world;
  if (const int code = world.Run(cut); code != -SIGKILL) {
    return {"it was not stopped there but ended with " + std::to_string(code)};
  }
  world.clock().Advance(restart.downtime);
  int kills = 1;
  if (restart.cut_again && world.Run(1 + cut % 13) == -SIGKILL) {
    ++kills;
    world.clock().Advance(restart.downtime);
  }
  if (const int code = world.Run(0); code != 0) return {"the restarted one ended with " + std::to_string(code)};
  const Ending ending = world.Look();
  std::vector<std::string> problems = ending.problems;
  AddDifferences(WithoutMessages(wanted.ending.outcomes), WithoutMessages(ending.outcomes), "outcome", problems);
  // A kill between the messages of one commit (at most two) and the note that they were sent repeats them.
  const auto messages = world.messages();
  const std::size_t sent = world.sent();
  if (messages.size() < sent || messages.size() > sent + static_cast<std::size_t>(2 * kills)) {
    problems.push_back(std::to_string(sent) + " messages were recorded and these shown:" + Listed(messages));
  }
  // Who joins which window depends on the moment; a kill between an event and its end delivers it again.
  const std::size_t windows = world.answers();
  if (windows < 1 || windows > 2 + static_cast<std::size_t>(kills)) {
    problems.push_back(std::to_string(windows) + " answers");
  }
  return problems;
}

TEST(CrashCollect, TheUndisturbedRunGivesEachCaseItsOwnOutcome) {
  const UndisturbedCollecting run = RunCollectingUndisturbed();
  EXPECT_TRUE(run.ending.problems.empty()) << Listed(run.ending.problems);
  const std::set<std::string> outcomes = {
      "ADV-1: assign-rules intrusionprevention of computer 34: verified",
      "ADV-2: assign-rules intrusionprevention of computer 34: verified",
      "ADV-3: assign-rules intrusionprevention of computer 40: not-verifiable",
      "ADV-4: assign-rules intrusionprevention of computer 34: verified",
      "advisories: assign-rules intrusionprevention of computer 34: verified",
      "advisories: assign-rules intrusionprevention of computer 40: not-verifiable",
      "advisories: notify-owner advisories of 111122223333/us-east-1/i-0123456789abcdef0: sent",
      "advisories: notify-owner outcome of 111122223333/us-east-1/i-0123456789abcdef0: sent",
      "advisories: notify-owner outcome of 111122223333/us-east-1/i-0a1b2c3d4e5f60718: sent",
      "case ADV-1: closed verified",
      "case ADV-2: closed verified",
      "case ADV-3: needs-person ",
      "case ADV-4: closed verified",
      "case advisories: needs-person "};
  EXPECT_EQ(run.ending.outcomes, outcomes);
  const auto of_window = [&](const std::string& headline) {
    return std::count(run.messages.begin(), run.messages.end(), headline);
  };
  EXPECT_EQ(of_window("3 advisories: rules for 2 computers"), 1) << Listed(run.messages);
  EXPECT_EQ(of_window("1 advisories: rules for 1 computers"), 1) << Listed(run.messages);
  const auto has_point = [&](std::string_view part) {
    return std::any_of(run.points.begin(), run.points.end(),
                       [&](const std::string& point) { return point.find(part) != std::string::npos; });
  };
  EXPECT_TRUE(has_point("add member")) << Listed(run.points);
  EXPECT_TRUE(has_point("question 1 answered")) << Listed(run.points);
}

TEST(CrashCollect, AtEveryPointNoMemberIsLostAndNothingIsDoneTwice) {
  const UndisturbedCollecting wanted = RunCollectingUndisturbed();
  const int jobs = static_cast<int>(wanted.cuts.size()) * kCollectWays;
  std::atomic<int> next = 0;
  std::mutex mutex;
  std::map<int, std::string> failures;
  const auto work = [&] {
    for (int job = next++; job < jobs; job = next++) {
      const int cut = wanted.cuts[static_cast<std::size_t>(job / kCollectWays)];
      const CollectRestart& restart = kCollectRestarts[job % kCollectWays];
      const auto problems = ProblemsAfter(cut, restart, wanted);
      if (problems.empty()) continue;
      const std::lock_guard lock(mutex);
      failures[job] = "point " + std::to_string(cut) + ", " + wanted.points[static_cast<std::size_t>(cut - 1)] +
                      ", started again " + std::string(restart.name) + ":" + Listed(problems);
    }
  };
  std::vector<std::thread> workers;
  workers.reserve(kCollectWorkers);
  for (int i = 0; i < kCollectWorkers; ++i) workers.emplace_back(work);
  for (std::thread& worker : workers) worker.join();
  std::cout << wanted.points.size() << " points, " << wanted.cuts.size() << " worlds, " << jobs << " restarts\n";
  for (const auto& [job, failure] : failures) ADD_FAILURE() << failure;
}

TEST(CrashCollect, SeveralProcessesAnswerEachMemberOnce) {
  for (int round = 0; round < 6; ++round) {
    CollectWorld world;
    const auto codes = world.RunTogether({{0, 1}, {2, 3}, {0, 3}});
    EXPECT_EQ(codes, (std::vector<int>{0, 0, 0}));
    const Ending ending = world.Look();
    EXPECT_TRUE(ending.problems.empty()) << Listed(ending.problems);
    for (int advisory = 1; advisory <= kAdvisories; ++advisory) {
      const std::string want = advisory == 3 ? ": needs-person " : ": closed verified";
      EXPECT_TRUE(ending.outcomes.contains("case ADV-" + std::to_string(advisory) + want))
          << Listed({ending.outcomes.begin(), ending.outcomes.end()});
    }
  }
}

}  // namespace
}  // namespace sallyport
