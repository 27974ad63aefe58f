// SPDX-License-Identifier: Apache-2.0
//
// A program for the crash test: handles event files and drives their follow-ups to the end, with the ordinary parts, in
// the time of a shared clock. It kills itself where it is told to.
//
//   crash_driver CLOCK PLACE LEDGER URL POINTS MESSAGES CUT EVENT...
//
// CLOCK: the file of the clock; PLACE: this process's place in it. POINTS, MESSAGES: files that get a line for each
// point reached, and for each message. CUT: the number of the point at which it ends; 0: none.
//
// Exit code: 0 everything has ended; 2 wrong arguments; 3 the ledger failed; 4 it does not end.
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <vector>

#include "app/wire.h"
#include "event/parse.h"
#include "tests/cut_points.h"
#include "tests/scenario.h"
#include "tests/shared_clock.h"

namespace sallyport {
namespace {

// An HTTP call takes time.
constexpr Duration kCallTakes{100};

class Points {
 public:
  Points(const std::string& file, int cut) : file_(file, std::ios::app), cut_(cut) {}

  void Reach(const std::string& point) {
    file_ << point << std::endl;
    if (++reached_ == cut_) std::raise(SIGKILL);
  }

 private:
  std::ofstream file_;
  const int cut_;
  int reached_ = 0;
};

std::string TextOfFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

int Run(const std::vector<std::string>& arguments) {
  if (arguments.size() < 8) return 2;
  SharedClock clock(arguments[0]);
  clock.Take(std::atoi(arguments[1].c_str()));
  Points points(arguments[4], std::atoi(arguments[6].c_str()));
  std::ofstream messages(arguments[5], std::ios::app);
  EvenRandom random;
  const ReachPoint reach = [&](const std::string& point) { points.Reach(point); };

  ProgramOptions options;
  options.clock = &clock;
  options.random = &random;
  options.show_messages = true;
  options.on_message = [&](const Message& message) {
    reach("before message");
    messages << message.headline << "; " << message.why_now.front() << std::endl;
    reach("after message");
  };
  options.wrap_ledger = [&](std::unique_ptr<Ledger> ledger) { return WithCutPoints(std::move(ledger), reach); };
  options.wrap_http = [&](HttpClient& http) {
    return WithCutPoints(http, [&](const std::string& point) {
      clock.Advance(kCallTakes / 2);
      reach(point);
    });
  };
  auto program = Program::Make(ScenarioSettings(arguments[3], arguments[2]), ProductProgram(), std::move(options));
  if (!program.ok()) {
    std::cerr << program.error().ToText() << '\n';
    return 3;
  }
  (*program)->handler().Recover();
  for (std::size_t i = 7; i < arguments.size(); ++i) {
    for (const Arrival& arrival : ParseDocument(TextOfFile(arguments[i]), arguments[i], {})) {
      (*program)->handler().Handle(arrival);
    }
  }
  const Status driven = DriveToTheEnd(**program);
  if (driven.ok()) return 0;
  std::cerr << driven.error().ToText() << '\n';
  return driven.error().code == ErrorCode::kTimeout ? 4 : 3;
}

}  // namespace
}  // namespace sallyport

int main(int argc, char** argv) {
  return sallyport::Run({argv + 1, argv + argc});
}
