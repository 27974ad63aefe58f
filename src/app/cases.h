// SPDX-License-Identifier: Apache-2.0
//
// sallyport cases list|show|close
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "app/commands.h"
#include "base/time.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's
class App;
}

namespace sallyport {

struct CasesArguments {
  std::size_t limit = 50;
  std::string state;
  std::string host;
  std::string account;
  std::string owner;
  double severity = 0;
  Duration since{0};  // changed within that time; 0: whenever
  std::string text;
  bool json = false;
  std::int64_t number = 0;
  std::string reason;
};

// Adds the command and its subcommands; what was asked for goes to `run`.
void AddCases(CLI::App& app, const CommonArguments& common, CasesArguments& arguments, std::function<ExitCode()>& run);

}  // namespace sallyport
