// SPDX-License-Identifier: Apache-2.0
//
// A program for the crash test: handles event files and drives their follow-ups to the end, with the ordinary parts, in
// the time of a shared clock. It kills itself where it is told to.
//
//   crash_driver KIND CLOCK PLACE LEDGER SWP AWS CHANNELS ARCHIVE POINTS MESSAGES HEADS CUT EVENT...
//
// KIND: of the run (crash_scenario.h). CLOCK: the file of the clock; PLACE: this process's place in it. SWP, AWS,
// CHANNELS, ARCHIVE: where the other sides are; SWP may be a slow manager (slow_manager.h). POINTS, MESSAGES, HEADS:
// files that get a line for each point reached, for each message that is shown, and for the newest head of the ledger
// now and then. CUT: where it ends (crash_points.h). HEADS may be empty. An event whose file's name ends in `-later` is
// handled when all that the others led to has ended.
//
// Exit code: 0 everything has ended; 2 wrong arguments; 3 something failed; 4 it does not end.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <vector>

#include "app/wire.h"
#include "event/parse.h"
#include "ledger/heads.h"
#include "tests/crash_points.h"
#include "tests/crash_scenario.h"
#include "tests/cut_points.h"
#include "tests/scenario.h"
#include "tests/shared_clock.h"
#include "tests/slow_manager.h"

namespace sallyport {
namespace {

// What a program that writes tells of its ledger while it runs, for `ledger verify --against`.
class Heads {
 public:
  explicit Heads(const std::string& file) : file_(file, std::ios::app), is_wanted_(!file.empty()) {}
  void Tell(Audit& audit) {
    if (!is_wanted_) return;
    const auto head = audit.NewestHead();
    if (head.ok() && head->has_value()) file_ << HeadJson(**head) << std::endl;
  }

 private:
  std::ofstream file_;
  const bool is_wanted_;
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

// Lets calls that change something pass by points, and others beside them.
class AtChanges final : public HttpClient {
 public:
  AtChanges(HttpClient& inner, SharedClock& clock, const ReachPoint& reach)
      : inner_(inner),
        slow_(WithSlowManager(inner, clock, reach)),
        pointed_(WithTimedCutPoints(*slow_, clock, reach, kOfAws)) {}
  Result<HttpResponse> Send(const HttpRequest& request) override {
    return request.changes ? pointed_->Send(request) : inner_.Send(request);
  }

 private:
  HttpClient& inner_;
  std::unique_ptr<HttpClient> slow_;
  std::unique_ptr<HttpClient> pointed_;
};

bool ComesLater(const std::string& event_file) {
  return event_file.ends_with(kLater);
}

int Run(const std::vector<std::string>& arguments) {
  const auto kind = arguments.size() < 12 ? std::nullopt : CrashKindFromString(arguments[0]);
  if (!kind) return 2;
  const CrashAddresses addresses = {arguments[4], arguments[5], arguments[6], arguments[7]};
  SharedClock clock(arguments[1]);
  clock.Take(std::atoi(arguments[2].c_str()));
  CrashPoints points(arguments[8], arguments[11], {arguments[3], arguments[3] + "-wal", addresses.archive}, clock);
  Heads heads(arguments[10]);
  std::ofstream messages(arguments[9], std::ios::app);
  EvenRandom random;
  const ReachPoint reach = [&](const std::string& point) { points.Reach(point); };

  ProgramOptions options = OptionsWithCutPoints(clock, random, reach);
  options.show_messages = !NeedsChannels(*kind);
  options.on_message = [&](const Message& message) {
    reach("before message");
    messages << message.headline << "; " << message.why_now.front() << std::endl;
    reach("after message");
  };
  options.aws_environment = [environment = CrashEnvironment(addresses)] { return environment; };
  std::unique_ptr<HttpClient> slow;
  options.wrap_http = [&](HttpClient& http) {
    slow = WithSlowManager(http, clock, reach);
    return WithTimedCutPoints(*slow, clock, reach);
  };
  options.wrap_aws = [&](HttpClient& http) { return std::make_unique<AtChanges>(http, clock, reach); };
  options.wrap_channels = [&](HttpClient& http) { return WithTimedCutPoints(http, clock, reach, kOfChannel); };
  auto program = Program::Make(CrashSettings(*kind, addresses, arguments[3]), ProductProgram(), std::move(options));
  if (!program.ok()) return Complained(program.error());
  const Handler& handler = (*program)->handler();
  handler.Recover();
  heads.Tell((*program)->ledger());
  const auto handle = [&](const std::string& file) {
    for (const Arrival& arrival : ParseDocument(TextOfFile(file), file, (*program)->tables().workflows.Forms())) {
      handler.Handle(arrival);
      heads.Tell((*program)->ledger());
    }
  };
  const std::vector<std::string> events(arguments.begin() + 12, arguments.end());
  for (const std::string& event : events) {
    if (!ComesLater(event)) handle(event);
  }
  const auto meanwhile = [&](Program& running) {
    heads.Tell(running.ledger());
    // What another process leaves behind while this one runs.
    if (*kind == CrashKind::kKills) running.handler().Recover();
    return DecideAboutPlans(running);
  };
  if (const Status driven = DriveToTheEnd(**program, 1, meanwhile); !driven.ok()) return Complained(driven.error());
  for (const std::string& event : events) {
    if (!ComesLater(event)) continue;
    handle(event);
    if (const Status driven = DriveToTheEnd(**program, 1, meanwhile); !driven.ok()) return Complained(driven.error());
  }
  heads.Tell((*program)->ledger());
  const Status refused = DecideOnceMore(**program);
  return refused.ok() ? 0 : Complained(refused.error());
}

}  // namespace
}  // namespace sallyport

int main(int argc, char** argv) {
  return sallyport::Run({argv + 1, argv + argc});
}
