// SPDX-License-Identifier: Apache-2.0
//
// Every call to SWP of a full run, and every way in which it can go wrong, once and for good. Whatever happens: each
// thing ends as it would have ended, or is said not to have, with the fault as the reason; a protected host is never
// told to be unprotected, no scan is asked for twice and no rule added twice. How each case ends stands in
// tests/plans/fault-matrix.txt.
//
// After a wanted change: UPDATE_PLANS=1 build/dev/tests/fault_matrix_test, then read the difference.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>

#include "event/parse.h"
#include "tests/scenario.h"
#include "tests/shared_clock.h"
#include "workflow/question.h"

namespace sallyport {
namespace {

constexpr int kWorkers = 3;
constexpr Duration kCallTakes{100};

// A call of the run: the nth with that method and path.
struct Call {
  std::string method;
  std::string path;
  int nth = 1;
};

enum class Way {
  kManager,     // the simulated manager does it
  kNoAnswer,    // it is sent and acted on, and no answer comes within the deadline
  kLateActing,  // the same, and the manager acts on it only after it was looked at again
};

struct Fault {
  std::string_view name;
  Way way = Way::kManager;
  sim::SwpFaultKind kind = sim::SwpFaultKind::kStatus;
  int status = 0;
  std::string_view word;  // what a reason has to say
};
constexpr Fault kFaults[] = {
    {"timeout", Way::kNoAnswer, {}, 0, "no whole answer"},
    {"late", Way::kLateActing, {}, 0, "no whole answer"},
    {"cut-before", Way::kManager, sim::SwpFaultKind::kCutBefore, 0, "answer"},
    {"cut-after", Way::kManager, sim::SwpFaultKind::kCutAfter, 0, "answer"},
    {"401", Way::kManager, sim::SwpFaultKind::kStatus, 401, "401"},
    {"403", Way::kManager, sim::SwpFaultKind::kStatus, 403, "403"},
    {"404", Way::kManager, sim::SwpFaultKind::kStatus, 404, "404"},
    {"429", Way::kManager, sim::SwpFaultKind::kStatus, 429, "429"},
    {"500", Way::kManager, sim::SwpFaultKind::kStatus, 500, "500"},
    {"malformed", Way::kManager, sim::SwpFaultKind::kMalformedJson, 0, "cannot be read"},
};
constexpr std::size_t kFaultCount = std::size(kFaults);

// The program's clock is set while the run goes on; the manager's is not.
struct Jump {
  int at_call = 0;
  Duration by{0};
};

class JumpingClock final : public Clock {
 public:
  explicit JumpingClock(Clock& inner) : inner_(inner) {}
  TimePoint Now() const override { return inner_.Now() + offset_; }
  std::chrono::steady_clock::time_point Monotonic() const override { return inner_.Monotonic(); }
  void SleepFor(Duration duration) override { inner_.SleepFor(duration); }
  void Set(Duration offset) { offset_ = offset; }

 private:
  Clock& inner_;
  Duration offset_{0};
};

// Nothing of the network is waited for: a call takes a moment of simulated time, or its whole deadline.
class FaultyClient final : public HttpClient {
 public:
  FaultyClient(HttpClient& inner, JumpingClock& clock, const Fault* fault, Call call, bool lasting, Jump jump)
      : inner_(inner), clock_(clock), fault_(fault), call_(std::move(call)), lasting_(lasting), jump_(jump) {}

  Result<HttpResponse> Send(const HttpRequest& request) override {
    clock_.SleepFor(kCallTakes);
    if (++calls_ == jump_.at_call) clock_.Set(jump_.by);
    const bool late = Matches(request);
    if (!late) ActOnLate();
    if (!late) return inner_.Send(request);
    if (fault_->way == Way::kNoAnswer) (void)inner_.Send(request);
    if (fault_->way == Way::kLateActing) late_.push_back({request, 2});
    clock_.SleepFor(request.deadline);
    return Error{ErrorCode::kOutcomeUnknown, "no whole answer within " + FormatDuration(request.deadline), ""};
  }

 private:
  struct Late {
    HttpRequest request;
    int calls_to_go = 0;
  };

  bool Matches(const HttpRequest& request) {
    if (fault_ == nullptr || fault_->way == Way::kManager || request.method != call_.method) return false;
    if (!PathOf(request.url).starts_with(call_.path) || PathOf(request.url).size() != call_.path.size()) return false;
    ++seen_;
    return lasting_ ? seen_ >= call_.nth : seen_ == call_.nth;
  }

  void ActOnLate() {
    for (Late& late : late_) --late.calls_to_go;
    while (!late_.empty() && late_.front().calls_to_go <= 0) {
      (void)inner_.Send(late_.front().request);
      late_.pop_front();
    }
  }

  static std::string_view PathOf(std::string_view url) {
    url = url.substr(url.find("/api/") + 4);
    return url.substr(0, url.find('?'));
  }

  HttpClient& inner_;
  JumpingClock& clock_;
  const Fault* fault_;
  const Call call_;
  const bool lasting_;
  const Jump jump_;
  int calls_ = 0;
  int seen_ = 0;
  std::deque<Late> late_;
};

Settings MatrixSettings(const std::string& url, const std::string& ledger) {
  Settings settings = ScenarioSettings(url, ledger);
  settings.log.level = LogLevel::kOff;
  // So that giving up comes soon.
  settings.follow_up.scan.give_up = std::chrono::minutes(40);
  settings.follow_up.rules.give_up = std::chrono::minutes(40);
  settings.follow_up.outcome.give_up = std::chrono::hours(6);
  return settings;
}

// One run in a world of its own.
struct WholeRun {
  explicit WholeRun(const Fault* fault = nullptr, const Call& call = {}, bool lasting = false, Jump jump = {}) {
    auto started = sim::SwpManager::Start(ScenarioEstate(), ScenarioManager(simulated));
    manager = std::move(started).value();
    if (fault != nullptr && fault->way == Way::kManager) {
      sim::SwpFault made;
      made.kind = fault->kind;
      made.method = call.method;
      made.path_pattern = "^" + call.path + "$";
      made.skip = call.nth - 1;
      made.times = lasting ? -1 : 1;
      if (fault->status != 0) made.status = fault->status;
      EXPECT_TRUE(manager->AddFault(made).ok());
    }
    ProgramOptions options;
    options.clock = &program_clock;
    options.random = &random;
    options.show_messages = true;
    options.on_message = [this](const Message& message) { messages.push_back(message); };
    options.wrap_http = [&](HttpClient& http) {
      return std::make_unique<FaultyClient>(http, program_clock, fault, call, lasting, jump);
    };
    program = Program::Make(MatrixSettings(manager->url(), folder / "ledger.db"), ProductProgram(), std::move(options))
                  .value();
    for (const std::string& finding : ScenarioFindings(clock.Now())) {
      for (const Arrival& arrival : ParseDocument(finding, "finding", {})) program->handler().Handle(arrival);
    }
    driven = DriveToTheEnd(*program);
  }

  TempFolder folder;
  SharedClock clock{(folder / "clock")};
  JumpingClock program_clock{clock};
  EvenRandom random;
  sim::SimClock simulated{clock.Now(), 1.0, clock};
  std::unique_ptr<sim::SwpManager> manager;
  std::vector<Message> messages;
  std::unique_ptr<Program> program;
  Status driven = Ok();
};

std::vector<Call> CallsOf(const sim::SwpManager& manager) {
  std::map<std::string, int> seen;
  std::vector<Call> calls;
  for (const sim::SwpRequestRecord& request : manager.Requests()) {
    const std::string path = request.target.substr(4, request.target.find('?') - 4);
    calls.push_back({request.method, path, ++seen[request.method + path]});
  }
  return calls;
}

// What of it is not as in the undisturbed run, in the ledger's words; and the reasons.
struct Difference {
  std::set<std::string> words;
  std::vector<std::string> reasons;
};

// What failed and was tried again ended as the last try did.
bool WasTriedAgain(const ActionRecord& action, const std::vector<ActionRecord>& all) {
  return std::any_of(all.begin(), all.end(), [&](const ActionRecord& later) {
    return later.number > action.number && later.state != ActionState::kRefused &&
           later.state != ActionState::kSkipped && later.action.kind == action.action.kind &&
           later.action.what == action.action.what && later.action.subject == action.action.subject;
  });
}

Difference DifferenceOf(Ledger& ledger) {
  Difference difference;
  ListFilter all;
  all.limit = 500;
  all.cases_only = false;
  for (const EventRecord& event : ledger.List(all).value()) {
    const bool well = event.state == EventState::kDone || event.state == EventState::kDuplicate;
    // That of a follow-up is what its actions are, and they may have been tried again.
    if (!well && event.event.source != kFollowUpSource) {
      difference.words.insert(std::string(ToString(event.state)));
      difference.reasons.push_back(event.reason);
    }
    if (event.number != event.case_number) continue;
    const auto actions = ledger.Show(event.number).value().actions;
    for (const ActionRecord& action : actions) {
      const bool verified = action.state == ActionState::kVerified || action.state == ActionState::kSent ||
                            action.state == ActionState::kRefused || action.state == ActionState::kSkipped;
      if (verified || WasTriedAgain(action, actions)) continue;
      difference.words.insert(std::string(ToString(action.state)));
      difference.reasons.push_back(action.reason);
    }
  }
  return difference;
}

std::string Joined(const std::set<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : "+") + word;
  return text;
}

struct Cell {
  std::string text;
  std::vector<std::string> problems;
};

Cell Look(const WholeRun& run, const Fault& fault, const Ending& wanted) {
  Cell cell;
  if (!run.driven.ok()) cell.problems.push_back(run.driven.error().ToText());
  Ledger& ledger = run.program->ledger();
  const Ending ending = EndingOf(ledger);
  for (const std::string& problem : DoneTwice(*run.manager)) cell.problems.push_back(problem);
  for (const std::string& problem : ending.problems) cell.problems.push_back(problem);
  for (const Message& message : run.messages) {
    const bool of_protected = message.where.instance == "i-0123456789abcdef0";
    if (of_protected && !message.protection_state.empty()) {
      cell.problems.push_back("told of a protected host: " + message.headline);
    }
  }
  const Difference difference = DifferenceOf(ledger);
  cell.text = Joined(difference.words);
  if (!difference.words.empty()) {
    const bool said = std::any_of(difference.reasons.begin(), difference.reasons.end(), [&](const std::string& reason) {
      return reason.find(fault.word) != std::string::npos;
    });
    if (!said) cell.problems.push_back("no reason names the fault: " + difference.reasons.front());
  } else {
    cell.text = "verified";
    const std::set<std::string> found = WithoutCases(ending.outcomes);
    for (const std::string& line : WithoutCases(wanted.outcomes)) {
      if (!found.contains(line)) cell.problems.push_back("silently missing: " + line);
    }
  }
  return cell;
}

struct Job {
  Call call;
  const Fault* fault = nullptr;
  bool lasting = false;
  Cell cell;
};

std::string NameOf(const Job& job) {
  return std::string(job.fault->name) + (job.lasting ? " for good from " : " of ") + job.call.method + " " +
         job.call.path + " #" + std::to_string(job.call.nth);
}

// A row for each call, a column for each fault.
std::string Table(const std::vector<Job>& jobs) {
  std::ostringstream text;
  text << std::left;
  for (std::size_t i = 0; i < jobs.size(); i += kFaultCount) {
    const Job& first = jobs[i];
    text << "== " << first.call.method << " " << first.call.path << " #" << first.call.nth
         << (first.lasting ? " and all after it" : "") << "\n";
    std::map<std::string, std::string> faults_by_end;
    for (std::size_t j = i; j < i + kFaultCount; ++j) {
      std::string& faults = faults_by_end[jobs[j].cell.text];
      faults += (faults.empty() ? "" : ", ") + std::string(jobs[j].fault->name);
    }
    for (const auto& [end, faults] : faults_by_end) text << "  " << std::setw(28) << end << " " << faults << "\n";
  }
  return text.str();
}

std::vector<Job> JobsFor(const std::vector<Call>& calls) {
  std::vector<Job> jobs;
  for (const bool lasting : {false, true}) {
    for (const Call& call : calls) {
      if (lasting && call.nth > 1) continue;
      for (const Fault& fault : kFaults) jobs.push_back({call, &fault, lasting, {}});
    }
  }
  return jobs;
}

std::string ReviewedTable() {
  std::ifstream file(std::string(SALLYPORT_SOURCE_DIR) + "/tests/plans/fault-matrix.txt", std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(FaultMatrix, WhateverGoesWrongTheEndIsRightOrSaysWhyNot) {
  const WholeRun undisturbed;
  const Ending wanted = EndingOf(undisturbed.program->ledger());
  ASSERT_TRUE(wanted.problems.empty()) << wanted.problems.front();
  std::vector<Job> jobs = JobsFor(CallsOf(*undisturbed.manager));
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < jobs.size(); i = next++) {
      Job& job = jobs[i];
      job.cell = Look(WholeRun(job.fault, job.call, job.lasting), *job.fault, wanted);
    }
  };
  std::vector<std::thread> workers;
  workers.reserve(kWorkers);
  for (int i = 0; i < kWorkers; ++i) workers.emplace_back(work);
  for (std::thread& worker : workers) worker.join();
  for (const Job& job : jobs) {
    for (const std::string& problem : job.cell.problems) ADD_FAILURE() << NameOf(job) << ": " << problem;
  }
  const std::string table = Table(jobs);
  if (std::getenv("UPDATE_PLANS") != nullptr) {
    std::ofstream(std::string(SALLYPORT_SOURCE_DIR) + "/tests/plans/fault-matrix.txt", std::ios::binary) << table;
  }
  EXPECT_EQ(table, ReviewedTable());
  std::cout << jobs.size() << " runs\n";
}

// Forward: what is waited for counts as given up where its end was not seen before. Back: it is asked for later.
TEST(AClockThatJumps, LosesNothingAndRepeatsNothing) {
  const WholeRun undisturbed;
  const Ending wanted = EndingOf(undisturbed.program->ledger());
  const int calls = static_cast<int>(undisturbed.manager->Requests().size());
  for (const Duration by : {Duration(std::chrono::hours(24)), Duration(std::chrono::hours(-24))}) {
    // Going back costs a day of looking for what is due.
    for (int at_call = 1; at_call <= calls; at_call += by < Duration{0} ? 4 : 1) {
      const WholeRun run(nullptr, {}, false, {at_call, by});
      SCOPED_TRACE("at call " + std::to_string(at_call) + " by " + std::to_string(by.count()) + " ms");
      EXPECT_TRUE(run.driven.ok()) << run.driven.error().ToText();
      EXPECT_EQ(DoneTwice(*run.manager), std::vector<std::string>{});
      const Ending ending = EndingOf(run.program->ledger());
      EXPECT_EQ(ending.problems, std::vector<std::string>{});
      const Difference difference = DifferenceOf(run.program->ledger());
      for (const std::string& word : difference.words) EXPECT_EQ(word, "not-verifiable");
      for (const std::string& reason : difference.reasons) {
        EXPECT_NE(reason.find("given up"), std::string::npos) << reason;
      }
      if (by < Duration{0}) {
        EXPECT_EQ(ending.outcomes, wanted.outcomes);
      }
    }
  }
}

}  // namespace
}  // namespace sallyport
