// SPDX-License-Identifier: Apache-2.0
//
// The subcommands about Inspector's findings and virtual patches; the arguments as data.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/commands.h"
#include "workflow/patch_report.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's name
class App;
}

namespace sallyport {

struct CoverageArguments {
  ReportForm form = ReportForm::kTable;
  bool known = false;  // of the patch ledger's findings, without asking Inspector
};
ExitCode CoverageCommand(const CommonArguments& common, const CoverageArguments& arguments);

struct InspectArguments {
  std::vector<std::string> files;  // what `aws inspector2 list-findings` printed; "-" is standard input
  bool sweep = false;
  Duration since{0};  // of a sweep: only what was updated so long ago or later; 0: everything
  bool dry_run = false;
  bool json = false;
  Duration wait{0};
  int workers = 1;
};
ExitCode InspectCommand(const CommonArguments& common, const InspectArguments& arguments);

struct PatchesArguments {
  std::string what;  // of `show`: a CVE or an instance
  bool all = false;  // closed ones too
  bool json = false;
  bool csv = false;
};
ExitCode PatchesListCommand(const CommonArguments& common, const PatchesArguments& arguments);
ExitCode PatchesShowCommand(const CommonArguments& common, const PatchesArguments& arguments);
ExitCode PatchesExportCommand(const CommonArguments& common, const PatchesArguments& arguments);

// Their arguments, which live as long as the command line is read and run.
struct InspectorArguments {
  CoverageArguments coverage;
  InspectArguments inspect;
  PatchesArguments patches;
};
void AddInspectorCommands(CLI::App& app, const CommonArguments& common, InspectorArguments& arguments,
                          std::function<ExitCode()>& run);

}  // namespace sallyport
