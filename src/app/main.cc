// SPDX-License-Identifier: Apache-2.0
//
// The command line. Each subcommand is a function of commands.h; this file turns words into its arguments.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <functional>
#include <optional>
#include <string_view>

#include "app/commands.h"
#include "app/console.h"
#include "app/version.h"
#include "base/bounds.h"
#include "base/text.h"
#include "config/nearest.h"
#include "ledger/ledger.h"
#include "sim/swp_run.h"

namespace sallyport {
namespace {

constexpr const char* kDescription =
    "Sallyport: AWS finds something wrong with a host; Server & Workload Protection acts on it, and the ledger shows "
    "what "
    "was done.";

constexpr const char* kExamples =
    "Examples:\n"
    "  sallyport demo                               everything at once, on simulators, no account needed\n"
    "  sallyport handle --dry-run finding.json      what would be done about a finding, and why\n"
    "  aws events ... | sallyport handle --json -   one JSON object for each event\n"
    "  sallyport doctor                             is the API key accepted, may it read, is the clock right\n"
    "  sallyport ledger show 17                     a case as a timeline\n"
    "\n"
    "Settings: --config FILE, else $SALLYPORT_CONFIG, else ./sallyport.yaml. A new installation observes: it plans "
    "and\n"
    "notifies, and writes nothing into SWP until the settings say `mode: enforce`.\n"
    "Exit codes: 0 handled; 1 internal error; 2 wrong arguments or settings; 3 an event could not be read; 4 a\n"
    "protection state could not be determined; 5 an action failed; 6 the ledger could not be used.";

using Run = std::function<ExitCode()>;

void AddHandle(CLI::App& app, const CommonArguments& common, HandleArguments& arguments, Run& run) {
  CLI::App* command = app.add_subcommand("handle", "Handle events from files, or from standard input with `-`");
  command
      ->add_option("FILE", arguments.files,
                   "Event files: EventBridge events, bare findings, SNS or SQS batches, NDJSON")
      ->required();
  command->add_flag("--dry-run", arguments.dry_run,
                    "Do every read and ask every gate, then show the calls it would make");
  command->add_flag("--json", arguments.json, "One JSON object for each event on a line");
  command->add_flag("--force", arguments.force, "Act on events older than gates.max_event_age too");
  command->footer("Example: sallyport handle --dry-run tests/events/guardduty/ssh-brute-force.json");
  command->callback([&] { run = [&] { return HandleCommand(common, arguments); }; });
}

void AddDoctor(CLI::App& app, const CommonArguments& common, DoctorArguments& arguments, Run& run) {
  CLI::App* command =
      app.add_subcommand("doctor", "Check settings, ledger, API key, rights and clock; changes nothing");
  command->add_flag("--json", arguments.json, "One JSON object for each check on a line");
  command->add_flag("--sweep", arguments.sweep, "Also delete scan tasks of ours that were left behind in SWP");
  command->footer("Example: sallyport doctor --config sallyport.yaml");
  command->callback([&] { run = [&] { return DoctorCommand(common, arguments); }; });
}

std::vector<std::string> EventStates() {
  std::vector<std::string> words;
  for (const EventState state :
       {EventState::kReceived, EventState::kPlanned, EventState::kDone, EventState::kOutOfScope,
        EventState::kUndetermined, EventState::kUnreadable, EventState::kFailed}) {
    words.emplace_back(ToString(state));
  }
  return words;
}

void AddLedger(CLI::App& app, const CommonArguments& common, LedgerListArguments& list, LedgerShowArguments& show,
               Run& run) {
  CLI::App* ledger = app.add_subcommand("ledger", "Look at what was received, decided and done");
  ledger->require_subcommand(1);
  ledger->footer(
      "Examples:\n  sallyport ledger list --state failed\n  sallyport ledger list --text i-0123456789abcdef0 --json\n"
      "  sallyport ledger show 17");
  CLI::App* lister = ledger->add_subcommand("list", "The newest cases");
  lister->add_option("--limit", list.limit, "How many")
      ->check(CLI::Range(std::size_t{1}, bounds::kListedEvents))
      ->capture_default_str();
  lister->add_option("--state", list.state, "Only cases in this state")->check(CLI::IsMember(EventStates()));
  lister->add_option("--text", list.text, "Only cases that name this: an instance, account, finding id or type");
  lister->add_flag("--json", list.json, "One JSON object for each case on a line");
  lister->footer("Example: sallyport ledger list --state failed --limit 20");
  lister->callback([&] { run = [&] { return LedgerListCommand(common, list); }; });
  CLI::App* shower = ledger->add_subcommand("show", "One case as a timeline");
  shower->add_option("CASE", show.number, "Its number")->required();
  shower->add_flag("--json", show.json, "As one JSON object");
  shower->footer("Example: sallyport ledger show 17 --json");
  shower->callback([&] { run = [&] { return LedgerShowCommand(common, show); }; });
}

// The library says only that a subcommand is missing; a mistyped one deserves its name back.
std::optional<std::string> UnknownCommand(int argc, char** argv) {
  constexpr std::array<std::string_view, 6> kCommands = {"handle", "doctor", "ledger", "lambda", "sim", "demo"};
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--config" || word == "--ledger") ++i;
    if (word.starts_with('-')) continue;
    if (std::find(kCommands.begin(), kCommands.end(), word) != kCommands.end()) return std::nullopt;
    std::string text = "there is no command `" + Printable(word, 60) + "`";
    if (const auto nearest = Nearest(word, kCommands)) text += " (did you mean `" + std::string(*nearest) + "`?)";
    return text + "; see sallyport --help";
  }
  return std::nullopt;
}

int RunProgram(int argc, char** argv) {
  if (const auto unknown = UnknownCommand(argc, argv)) {
    Complain(*unknown);
    return static_cast<int>(ExitCode::kUsage);
  }
  CLI::App app(kDescription, "sallyport");
  app.set_version_flag("--version", std::string("sallyport ") + kVersion);
  app.footer(kExamples);
  app.require_subcommand(1);
  app.fallthrough();  // --config and --ledger may stand behind the subcommand too; before the subcommands, which
                      // inherit it
  CommonArguments common;
  app.add_option("--config", common.config, "Settings file (YAML)");
  app.add_option("--ledger", common.ledger, "Ledger file; default: from the settings");
  HandleArguments handle;
  DoctorArguments doctor;
  LedgerListArguments list;
  LedgerShowArguments show;
  Run run;
  AddHandle(app, common, handle, run);
  AddDoctor(app, common, doctor, run);
  AddLedger(app, common, list, show, run);
  CLI::App* lambda = app.add_subcommand("lambda", "Handle the events of an AWS Lambda function (custom runtime)");
  lambda->footer("Runs inside Lambda alone, where it may be called `bootstrap`; see docs/lambda.md");
  lambda->callback([&] { run = [&] { return LambdaCommand(common); }; });
  // Its arguments are the simulator's own: main hands them over before this parser sees them.
  app.add_subcommand("sim", "Run the simulator of the SWP manager on this machine; see `sallyport sim --help`");
  CLI::App* demo = app.add_subcommand("demo", "Show the whole way on simulators; needs no account and no settings");
  demo->footer("Example: sallyport demo | less");
  demo->callback([&] { run = [] { return DemoCommand(); }; });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::kUsage);
  }
  return static_cast<int>(run());
}

// Lambda starts the file `bootstrap` of a custom runtime, and the entry point of a container image, without arguments.
bool IsLambdaBootstrap(int argc, char** argv) {
  if (argc != 1) return false;
  const std::string_view program = argv[0];
  return program.substr(program.rfind('/') + 1) == "bootstrap" || std::getenv("AWS_LAMBDA_RUNTIME_API") != nullptr;
}

}  // namespace
}  // namespace sallyport

int main(int argc, char** argv) {
  // A peer that goes away shows up as a failed write, not as the end of the program.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    if (sallyport::IsLambdaBootstrap(argc, argv)) return static_cast<int>(sallyport::LambdaCommand({}));
    if (argc > 1 && std::string_view(argv[1]) == "sim") return sallyport::sim::RunSwpSimulator(argc - 1, argv + 1);
    return sallyport::RunProgram(argc, argv);
  } catch (const std::exception& error) {
    // The last resort: only a bug gets here.
    sallyport::Complain(std::string("internal error: ") + error.what());
  } catch (...) {
    sallyport::Complain("internal error");
  }
  return static_cast<int>(sallyport::ExitCode::kInternal);
}
