// SPDX-License-Identifier: Apache-2.0
//
// The program's clock is set while a full run goes on, at each call to SWP, a day forward or a day back; the manager's
// is not. Nothing is lost, and nothing is done twice.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "event/parse.h"
#include "tests/scenario.h"
#include "tests/shared_clock.h"
#include "workflow/question.h"

namespace sallyport {
namespace {

constexpr Duration kCallTakes{100};

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

// A call takes a moment of simulated time; before one of them the clock is set.
class JumpingClient final : public HttpClient {
 public:
  JumpingClient(HttpClient& inner, JumpingClock& clock, Jump jump) : inner_(inner), clock_(clock), jump_(jump) {}

  Result<HttpResponse> Send(const HttpRequest& request) override {
    clock_.SleepFor(kCallTakes);
    if (++calls_ == jump_.at_call) clock_.Set(jump_.by);
    return inner_.Send(request);
  }

 private:
  HttpClient& inner_;
  JumpingClock& clock_;
  const Jump jump_;
  int calls_ = 0;
};

Settings JumpSettings(const std::string& url, const std::string& ledger) {
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
  explicit WholeRun(Jump jump = {}) {
    auto started = sim::SwpManager::Start(ScenarioEstate(), ScenarioManager(simulated));
    manager = std::move(started).value();
    ProgramOptions options;
    options.clock = &program_clock;
    options.random = &random;
    options.wrap_http = [&](HttpClient& http) { return std::make_unique<JumpingClient>(http, program_clock, jump); };
    program =
        Program::Make(JumpSettings(manager->url(), folder / "ledger.db"), ProductProgram(), std::move(options)).value();
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
  std::unique_ptr<Program> program;
  Status driven = Ok();
};

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

// Forward: what is waited for counts as given up where its end was not seen before. Back: it is asked for later.
TEST(AClockThatJumps, LosesNothingAndRepeatsNothing) {
  const WholeRun undisturbed;
  const Ending wanted = EndingOf(undisturbed.program->ledger());
  const int calls = static_cast<int>(undisturbed.manager->Requests().size());
  for (const Duration by : {Duration(std::chrono::hours(24)), Duration(std::chrono::hours(-24))}) {
    // Going back costs a day of looking for what is due.
    for (int at_call = 1; at_call <= calls; at_call += by < Duration{0} ? 4 : 1) {
      const WholeRun run({at_call, by});
      SCOPED_TRACE("at call " + std::to_string(at_call) + " by " + std::to_string(by.count()) + " ms");
      EXPECT_TRUE(run.driven.ok()) << run.driven.error().ToText();
      EXPECT_EQ(DoneTwice(*run.manager), std::vector<std::string>{});
      const Ending ending = EndingOf(run.program->ledger());
      EXPECT_EQ(ending.problems, std::vector<std::string>{});
      const Difference difference = DifferenceOf(run.program->ledger());
      for (const std::string& word : difference.words) EXPECT_EQ(word, "not-verifiable");
      for (const std::string& reason : difference.reasons) {
        EXPECT_NE(reason.find("gave up"), std::string::npos) << reason;
      }
      if (by < Duration{0}) {
        EXPECT_EQ(ending.outcomes, wanted.outcomes);
      }
    }
  }
}

}  // namespace
}  // namespace sallyport
