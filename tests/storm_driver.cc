// SPDX-License-Identifier: Apache-2.0
//
// A program for the storm: several threads handle the events of a file, then drive their follow-ups to the end, with
// the ordinary parts, in the time of a shared clock. It kills itself where it is told to.
//
//   storm_driver CLOCK PLACE LEDGER URL MESSAGES THREADS CUT EVENTS
//
// CLOCK: the file of the clock; PLACE: this process's place in it. MESSAGES: a file that gets a line for each message.
// CUT: it ends with SIGKILL when its threads together have reached that many points (writes of the ledger, calls,
// messages; before and after each); 0: never. EVENTS: one event a line.
//
// Exit code: 0 everything has ended; 2 wrong arguments; 3 the ledger failed; 4 it does not end; 5 an event failed.
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <mutex>
#include <vector>

#include "app/wire.h"
#include "base/ordered_pool.h"
#include "event/parse.h"
#include "tests/cut_points.h"
#include "tests/scenario.h"
#include "tests/shared_clock.h"

namespace sallyport {
namespace {

class StormPoints {
 public:
  explicit StormPoints(int cut) : cut_(cut) {}
  void Reach() {
    if (reached_.fetch_add(1) + 1 == cut_) std::raise(SIGKILL);
  }

 private:
  const int cut_;
  std::atomic<int> reached_{0};
};

int RunStorm(const std::vector<std::string>& arguments) {
  if (arguments.size() != 8) return 2;
  SharedClock clock(arguments[0]);
  clock.Take(std::atoi(arguments[1].c_str()));
  const int threads = std::atoi(arguments[5].c_str());
  StormPoints points(std::atoi(arguments[6].c_str()));
  std::mutex messages_mutex;
  std::ofstream messages(arguments[4], std::ios::app);
  EvenRandom random;

  const ReachPoint reach = [&](const std::string&) { points.Reach(); };
  ProgramOptions options = OptionsWithCutPoints(clock, random, reach);
  options.on_message = [&](const Message& message) {
    points.Reach();
    {
      const std::lock_guard lock(messages_mutex);
      messages << message.headline << "; " << message.why_now.front() << std::endl;
    }
    points.Reach();
  };
  Settings settings = ScenarioSettings(arguments[3], arguments[2]);
  settings.swp.requests_per_minute = 0;
  auto program = Program::Make(settings, ProductProgram(), std::move(options));
  if (!program.ok()) {
    std::cerr << program.error().ToText() << '\n';
    return 3;
  }
  const Handler& handler = (*program)->handler();
  std::atomic<bool> failed{false};
  for (const EventReport& report : handler.Recover()) failed = failed || report.state == EventState::kFailed;
  {
    std::ifstream file(arguments[7]);
    OrderedPool<EventReport> pool(threads, {64, 64}, [&](const EventReport& report) {
      if (report.state != EventState::kFailed) return;
      failed = true;
      std::cerr << report.origin << ": " << report.reason << '\n';
    });
    for (std::string line; std::getline(file, line);) {
      for (const Arrival& arrival : ParseDocument(line, "storm", (*program)->tables().workflows.Forms())) {
        pool.Submit(handler.OrderKeyOf(arrival), [&handler, arrival] { return handler.Handle(arrival); });
      }
    }
  }
  const Status driven = DriveToTheEnd(**program, threads);
  if (driven.ok()) return failed ? 5 : 0;
  std::cerr << driven.error().ToText() << '\n';
  return driven.error().code == ErrorCode::kTimeout ? 4 : 3;
}

}  // namespace
}  // namespace sallyport

int main(int argc, char** argv) {
  return sallyport::RunStorm({argv + 1, argv + argc});
}
