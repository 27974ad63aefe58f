// SPDX-License-Identifier: Apache-2.0
//
// One function for each subcommand; the arguments as data. main.cc parses the command line and is the only file that
// sees the library for it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "intake/exit_code.h"

namespace sallyport {

struct CommonArguments {
  std::string config;  // --config; empty: found as docs/settings.md says
  std::string ledger;  // --ledger; empty: from the settings
};

struct HandleArguments {
  std::vector<std::string> files;  // "-" is standard input
  bool dry_run = false;
  bool json = false;
  bool force = false;
};
ExitCode HandleCommand(const CommonArguments& common, const HandleArguments& arguments);

struct DoctorArguments {
  bool json = false;
  bool sweep = false;
};
ExitCode DoctorCommand(const CommonArguments& common, const DoctorArguments& arguments);

struct LedgerListArguments {
  std::size_t limit = 50;
  std::string state;
  std::string text;
  bool json = false;
};
ExitCode LedgerListCommand(const CommonArguments& common, const LedgerListArguments& arguments);

struct LedgerShowArguments {
  std::int64_t number = 0;
  bool json = false;
};
ExitCode LedgerShowCommand(const CommonArguments& common, const LedgerShowArguments& arguments);

struct NotifyTestArguments {
  std::string channel;  // empty: all
  bool json = false;
};
ExitCode NotifyTestCommand(const CommonArguments& common, const NotifyTestArguments& arguments);

ExitCode DemoCommand();

}  // namespace sallyport
