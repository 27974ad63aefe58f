// SPDX-License-Identifier: Apache-2.0
//
// A program for the fault matrix: runs commands of the product one after the other, in the time of a shared clock, and
// lets one operation of one of them go wrong.
//
//   fault_driver --serve
//
// reads the paths of scripts, runs each in a copy of itself and says how it ended: 0; 2 a script that cannot be used.
//
// A script has a line for each thing, its words apart by tabs:
//
//   clock PATH        the file of the clock
//   config PATH       the settings
//   aws URL, channels URL
//                     where the other sides are that the settings do not name
//   operations PATH, injected PATH
//                     files for the operations of the armed command, and for those that went wrong
//   codes PATH        a file for the exit code of each command
//   fault TEXT        what goes wrong (fault_seams.h); none: nothing
//   file NAME PATH    a file that the armed command reads
//   run PATH WORD...  a command; what it prints goes into the file PATH
//   armed PATH WORD...
//                     the same, and its operations are noted and may go wrong
//
// The commands are the program's own, `drive` (asks follow-ups until nothing but the return of hosts is awaited), and
// `wait DURATION`.
// The word `@digest` is the digest of the first plan that waits for a person.
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string_view>

#include "app/command_line.h"
#include "app/wire.h"
#include "base/check.h"
#include "base/digest.h"
#include "base/prepare_process.h"
#include "config/load.h"
#include "intake/exit_code.h"
#include "ledger/sqlite_ledger.h"
#include "net/curl_library.h"
#include "tests/crash_scenario.h"
#include "tests/fault_seams.h"
#include "tests/scenario.h"
#include "tests/script_driver.h"
#include "tests/shared_clock.h"

namespace sallyport {
namespace {

// Of simulated time.
constexpr Duration kLongestArmed = std::chrono::hours(3);
constexpr Duration kLongest = std::chrono::hours(48);

using Words = std::vector<std::string>;

struct Script {
  std::map<std::string, std::string> values;
  std::vector<std::pair<std::string, std::string>> files;
  std::vector<Words> commands;  // "run" or "armed", the file of its output, its words
};

Script ReadScript(const std::string& path) {
  Script script;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    Words words;
    std::stringstream text(line);
    for (std::string word; std::getline(text, word, '\t');) words.push_back(word);
    if (words.size() >= 3 && (words[0] == "run" || words[0] == "armed")) script.commands.push_back(words);
    if (words.size() == 3 && words[0] == "file") script.files.emplace_back(words[1], words[2]);
    if (words.size() == 2) script.values[words[0]] = words[1];
  }
  return script;
}

// Standard output and standard error into files of their own.
void Redirect(const std::string& path) {
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
    const std::string name = descriptor == STDOUT_FILENO ? path : path + ".errors";
    const int file = ::open(name.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    Check(file >= 0 && ::dup2(file, descriptor) == descriptor, "a file for what a command prints");
    ::close(file);
  }
}

Result<Settings> SettingsIn(const std::string& config, const ProgramTables& tables) {
  return LoadSettingsFrom(config, ReadEnvironment(environ), VocabularyOf(tables));
}

// What a daemon does: the product has no command that knows when only hosts are awaited.
// With something that goes wrong for good it may never come to its end.
int Drive(const std::string& config, const ProgramTables& tables, const ProgramOptions& seams, Duration longest) {
  const auto settings = SettingsIn(config, tables);
  if (!settings.ok()) return static_cast<int>(ExitCode::kUsage);
  auto program = Program::Make(*settings, tables, seams);
  if (!program.ok()) return static_cast<int>(ExitCode::kStorage);
  (*program)->handler().Recover();
  const TimePoint latest = seams.clock->Now() + longest;
  const Status driven = DriveToTheEnd(**program, 1, [&](Program& running) {
    if (running.clock().Now() <= latest) return Ok();
    return Status(Error{ErrorCode::kTimeout, "it does not come to an end", ""});
  });
  if (!driven.ok()) std::cerr << driven.error().ToText() << '\n';
  if (driven.ok()) return 0;
  return driven.error().code == ErrorCode::kTimeout ? 100 : static_cast<int>(ExitCode::kStorage);
}

std::string DigestThatWaits(const std::string& config, const ProgramTables& tables, const Clock& clock) {
  const auto settings = SettingsIn(config, tables);
  Check(settings.ok(), "settings");
  const auto ledger = SqliteLedger::OpenToLook(settings->ledger.path, clock);
  Check(ledger.ok(), "a ledger");
  const auto plans = (*ledger)->ListPlans(PlanState::kAwaitingApproval, 1);
  return plans.ok() && !plans->empty() ? plans->front().digest : "none";
}

int RunCommand(const Words& command, const std::string& config, const ProgramTables& tables,
               const ProgramOptions& seams) {
  Words words(command.begin() + 2, command.end());
  if (words.front() == "drive") return Drive(config, tables, seams, command[0] == "armed" ? kLongestArmed : kLongest);
  if (words.front() == "wait") {
    seams.clock->SleepFor(ParseDuration(words.at(1)).value());
    return 0;
  }
  for (std::string& word : words) {
    if (word == "@digest") word = DigestThatWaits(config, tables, *seams.clock);
  }
  words.insert(words.begin(), "sallyport");
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  return RunSallyport(static_cast<int>(words.size()), arguments.data(), tables, &seams);
}

int RunScript(const std::string& path) {
  Script script = ReadScript(path);
  if (script.commands.empty() || script.values["clock"].empty()) return 2;
  // Settings of whoever runs the tests would change what is tested.
  ::clearenv();
  ::setenv("SALLYPORT_CONFIG", script.values["config"].c_str(), 1);
  // Names of events, which the ledger keeps, are the same in each run.
  Check(::chdir(path.substr(0, path.rfind('/')).c_str()) == 0, "the folder of the script");
  // Where the ledger is of settings that name none: not one of another run.
  ::setenv("XDG_STATE_HOME", (path + ".state").c_str(), 1);
  SharedClock clock(script.values["clock"]);
  EvenRandom random;
  const std::string& fault = script.values["fault"];
  FaultPlan plan(script.values["operations"], script.values["injected"],
                 fault.empty() ? std::nullopt : std::optional(FaultFrom(fault)), clock);
  const auto over = [&](FaultSeam seam) {
    return [&, seam](HttpClient& http) { return WithFaults(http, seam, plan, clock); };
  };
  ProgramOptions seams;
  seams.clock = &clock;
  seams.random = &random;
  seams.wrap_ledger = [&](std::unique_ptr<Ledger> ledger) { return WithFaults(std::move(ledger), plan, clock); };
  seams.wrap_http = over(FaultSeam::kSwp);
  seams.wrap_aws = over(FaultSeam::kAws);
  seams.wrap_channels = over(FaultSeam::kChannel);
  seams.aws_environment = [environment = CrashEnvironment({"", script.values["aws"], script.values["channels"], ""})] {
    return environment;
  };
  const ProgramTables tables = ProductProgram();
  std::ofstream codes(script.values["codes"], std::ios::app);
  for (const Words& command : script.commands) {
    const bool is_armed = command[0] == "armed";
    plan.SetArmed(is_armed);
    std::vector<std::function<void()>> mend;
    if (is_armed) {
      for (const auto& [name, file] : script.files) mend.push_back(MeetFile(name, file, plan));
    }
    // Each command is a process, as for a user: what one leaves behind in the middle, the next one finds.
    const int code = InAProcessOfItsOwn([&] {
      Redirect(command[1]);
      return RunCommand(command, script.values["config"], tables, seams);
    });
    for (const auto& make_whole : mend) make_whole();
    codes << code << std::endl;
  }
  return 0;
}

}  // namespace
}  // namespace sallyport

int main(int argc, char** argv) {
  sallyport::PrepareProcess();
  if (argc != 2 || std::string_view(argv[1]) != "--serve") return 2;
  // What most commands would load, each for itself.
  if (!sallyport::LoadedCurl().Usable().ok() || sallyport::Sha256Hex("").empty()) return 2;
  sallyport::ServeScripts(sallyport::RunScript);
  return 0;
}
