// SPDX-License-Identifier: Apache-2.0
//
// A program for the crash test: handles event files and drives their follow-ups to the end, with the ordinary parts, in
// the time of a shared clock. It kills itself where it is told to.
//
//   crash_driver KIND CLOCK PLACE LEDGER SWP AWS CHANNELS ARCHIVE POINTS MESSAGES CUT EVENT...
//
// KIND: of the run (crash_scenario.h). CLOCK: the file of the clock; PLACE: this process's place in it. SWP, AWS,
// CHANNELS, ARCHIVE: where the other sides are. POINTS, MESSAGES: files that get a line for each point reached, and for
// each message that is shown. CUT: the number of the point at which it ends; 0: none.
//
// Exit code: 0 everything has ended; 2 wrong arguments; 3 something failed; 4 it does not end.
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <vector>

#include "app/wire.h"
#include "event/parse.h"
#include "tests/crash_scenario.h"
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

int Complained(const Error& error) {
  std::cerr << error.ToText() << '\n';
  return error.code == ErrorCode::kTimeout ? 4 : 3;
}

int Run(const std::vector<std::string>& arguments) {
  const auto kind = arguments.size() < 12 ? std::nullopt : CrashKindFromString(arguments[0]);
  if (!kind) return 2;
  const CrashAddresses addresses = {arguments[4], arguments[5], arguments[6], arguments[7]};
  SharedClock clock(arguments[1]);
  clock.Take(std::atoi(arguments[2].c_str()));
  Points points(arguments[8], std::atoi(arguments[10].c_str()));
  std::ofstream messages(arguments[9], std::ios::app);
  EvenRandom random;
  const ReachPoint reach = [&](const std::string& point) { points.Reach(point); };
  const auto calls = [&](std::string_view to) {
    return [&, to](HttpClient& http) {
      return WithCutPoints(http, [&, to](const std::string& point) {
        clock.Advance(kCallTakes / 2);
        reach(point + std::string(to));
      });
    };
  };

  ProgramOptions options;
  options.clock = &clock;
  options.random = &random;
  options.show_messages = !NeedsChannels(*kind);
  options.on_message = [&](const Message& message) {
    reach("before message");
    messages << message.headline << "; " << message.why_now.front() << std::endl;
    reach("after message");
  };
  options.aws_environment = [environment = CrashEnvironment(addresses)] { return environment; };
  options.wrap_ledger = [&](std::unique_ptr<Ledger> ledger) { return WithCutPoints(std::move(ledger), reach); };
  options.wrap_http = calls("");
  options.wrap_channels = calls(kOfChannel);
  auto program = Program::Make(CrashSettings(*kind, addresses, arguments[3]), ProductProgram(), std::move(options));
  if (!program.ok()) return Complained(program.error());
  const Handler& handler = (*program)->handler();
  handler.Recover();
  for (std::size_t i = 11; i < arguments.size(); ++i) {
    for (const Arrival& arrival :
         ParseDocument(TextOfFile(arguments[i]), arguments[i], (*program)->tables().workflows.Forms())) {
      handler.Handle(arrival);
    }
  }
  if (const Status driven = DriveToTheEnd(**program, 1, DecideAboutPlans); !driven.ok())
    return Complained(driven.error());
  const Status refused = DecideOnceMore(**program);
  return refused.ok() ? 0 : Complained(refused.error());
}

}  // namespace
}  // namespace sallyport

int main(int argc, char** argv) {
  return sallyport::Run({argv + 1, argv + argc});
}
