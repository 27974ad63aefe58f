// SPDX-License-Identifier: Apache-2.0
//
// The command line of coverage, inspect and patches.
#include <CLI/CLI.hpp>

#include "app/inspector_commands.h"
#include "base/bounds.h"

namespace sallyport {
namespace {

using RunInspector = std::function<ExitCode()>;

void AddTime(CLI::App* command, const std::string& name, Duration& into, const std::string& help) {
  command->add_option_function<std::string>(
      name,
      [&into, name](const std::string& text) {
        const auto duration = ParseDuration(text);
        if (!duration) throw CLI::ValidationError(name, "`" + text + "` is not a duration like `30m` or `6h`");
        into = *duration;
      },
      help);
}

void AddCoverage(CLI::App& app, const CommonArguments& common, CoverageArguments& arguments, RunInspector& run) {
  CLI::App* command =
      app.add_subcommand("coverage", "What Inspector reports, and what of it SWP blocks, could block, or cannot");
  const auto form = [&](const std::string& name, ReportForm value, const std::string& help) {
    command->add_flag_callback(
        name, [&arguments, value] { arguments.form = value; }, help);
  };
  form("--json", ReportForm::kJson, "As one JSON object");
  form("--csv", ReportForm::kCsv, "One line for each CVE");
  form("--cves", ReportForm::kCves, "The bare CVE ids, each on a line");
  command->add_flag("--known", arguments.known, "Of the findings in the patch ledger, without asking Inspector");
  command->footer(
      "Examples:\n  sallyport coverage\n  sallyport coverage --cves | sort -u\n"
      "Reads Inspector (docs/inspector.md has the permissions) and SWP; changes nothing.\n"
      "Exit codes: 0 all of it is known; 2 wrong arguments or settings; 4 a part could not be read or decided.");
  command->callback([&] { run = [&] { return CoverageCommand(common, arguments); }; });
}

void AddInspect(CLI::App& app, const CommonArguments& common, InspectArguments& arguments, RunInspector& run) {
  CLI::App* command = app.add_subcommand("inspect", "Hand in findings of Inspector: all that it lists, or a list");
  command->add_option("FILE", arguments.files, "What `aws inspector2 list-findings` printed; - is standard input");
  command->add_flag("--sweep", arguments.sweep,
                    "Ask Inspector itself, in all accounts and regions of the settings: what was missed, closed, "
                    "suppressed or is gone is put right");
  AddTime(command, "--since", arguments.since, "With --sweep: only what was updated since so long ago (like 48h)");
  command->add_flag("--dry-run", arguments.dry_run, "Read, and say what would be handed in");
  command->add_flag("--json", arguments.json, "One JSON object for each event on a line");
  AddTime(command, "--wait", arguments.wait, "Wait so long (like 30m) for the answer and until rules are in effect");
  command->add_option("--workers", arguments.workers, "Findings to hand in at the same time")
      ->check(CLI::Range(1, bounds::kWorkers))
      ->capture_default_str();
  command->footer(
      "Examples:\n  sallyport inspect --sweep --wait 30m\n  aws inspector2 list-findings | sallyport inspect -");
  command->callback([&] { run = [&] { return InspectCommand(common, arguments); }; });
}

void AddPatches(CLI::App& app, const CommonArguments& common, PatchesArguments& arguments, RunInspector& run) {
  CLI::App* patches = app.add_subcommand("patches", "The patch ledger: which CVE is covered on which host, since when");
  patches->require_subcommand(1);
  const auto add = [&](const std::string& name, const std::string& help,
                       ExitCode (*command)(const CommonArguments&, const PatchesArguments&)) {
    CLI::App* sub = patches->add_subcommand(name, help);
    sub->add_flag("--json", arguments.json, "One JSON object for each on a line");
    sub->callback([&run, &common, &arguments, command] {
      run = [&common, &arguments, command] { return command(common, arguments); };
    });
    return sub;
  };
  CLI::App* list = add("list", "CVEs with their hosts and days, the worst first", PatchesListCommand);
  list->add_flag("--all", arguments.all, "Closed ones too");
  CLI::App* show = add("show", "Everything about one CVE, or about one instance", PatchesShowCommand);
  show->add_option("CVE|INSTANCE", arguments.what, "CVE-2021-44228, or i-0123456789abcdef0")->required();
  CLI::App* exported = add("export", "Every host and CVE on a line", PatchesExportCommand);
  exported->add_flag("--csv", arguments.csv, "As CSV, with a line of names");
  exported->add_flag("--all", arguments.all, "Closed ones too");
  exported->footer("Example: sallyport patches export --csv --all > patches.csv");
}

}  // namespace

void AddInspectorCommands(CLI::App& app, const CommonArguments& common, InspectorArguments& arguments,
                          std::function<ExitCode()>& run) {
  AddCoverage(app, common, arguments.coverage, run);
  AddInspect(app, common, arguments.inspect, run);
  AddPatches(app, common, arguments.patches, run);
}

}  // namespace sallyport
