// SPDX-License-Identifier: Apache-2.0
//
// A program for the crash test of questions that collect: the product with the example's row and kind of question
// (tests/example/example_collect.h). It handles event files and drives their follow-ups to the end, in the time of a
// shared clock, and kills itself where it is told to.
//
//   crash_collect_driver CLOCK PLACE LEDGER URL POINTS MESSAGES CUT LATE EVENT...
//
// As crash_driver. LATE: an event that arrives while the first answer is being carried out, and at the end at the
// latest; empty: none.
//
// Exit code: 0 everything has ended; 2 wrong arguments; 3 the ledger failed; 4 it does not end.
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>
#include <vector>

#include "app/wire.h"
#include "event/parse.h"
#include "tests/crash_points.h"
#include "tests/cut_points.h"
#include "tests/example/example_collect.h"
#include "tests/scenario.h"
#include "tests/shared_clock.h"

namespace sallyport {
namespace {

ProgramTables CollectingProgram() {
  ProgramTables tables = ProductProgram();
  tables.workflows.workflows.push_back(AdvisoryWorkflow().Row());
  tables.workflows.questions.Add(AdvisoryQuestion().Row());
  return tables;
}

void HandleFile(Program& program, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  for (const Arrival& arrival : ParseDocument(text.str(), path, {})) program.handler().Handle(arrival);
}

int RunCollecting(const std::vector<std::string>& arguments) {
  if (arguments.size() < 8) return 2;
  SharedClock clock(arguments[0]);
  clock.Take(std::atoi(arguments[1].c_str()));
  CrashPoints points(arguments[4], arguments[6], {arguments[2], arguments[2] + "-wal"}, clock);
  std::ofstream messages(arguments[5], std::ios::app);
  std::string late = arguments[7];
  EvenRandom random;
  const ReachPoint reach = [&](const std::string& point) { points.Reach(point); };
  std::unique_ptr<Program> program;
  const auto handle_late = [&] {
    if (late.empty()) return;
    const std::string path = std::exchange(late, "");
    HandleFile(*program, path);
  };

  ProgramOptions options = OptionsWithCutPoints(clock, random, reach);
  options.on_message = [&](const Message& message) {
    reach("before message");
    messages << message.headline << std::endl;
    reach("after message");
    handle_late();
  };
  auto made = Program::Make(ScenarioSettings(arguments[3], arguments[2]), CollectingProgram(), std::move(options));
  if (!made.ok()) {
    std::cerr << made.error().ToText() << '\n';
    return 3;
  }
  program = *std::move(made);
  program->handler().Recover();
  for (std::size_t i = 8; i < arguments.size(); ++i) HandleFile(*program, arguments[i]);
  Status driven = DriveToTheEnd(*program);
  if (driven.ok() && !late.empty()) {
    handle_late();
    driven = DriveToTheEnd(*program);
  }
  if (driven.ok()) return 0;
  std::cerr << driven.error().ToText() << '\n';
  return driven.error().code == ErrorCode::kTimeout ? 4 : 3;
}

}  // namespace
}  // namespace sallyport

int main(int argc, char** argv) {
  try {
    return sallyport::RunCollecting({argv + 1, argv + argc});
  } catch (const std::exception& thrown) {
    std::cerr << thrown.what() << '\n';
    return 3;
  }
}
