// SPDX-License-Identifier: Apache-2.0
//
// sallyport cases list|show|close|ack|retry
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "app/commands.h"
#include "base/result.h"
#include "base/time.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's
class App;
}

namespace sallyport {

// `--since`: a time, or how long ago.
using Since = std::variant<std::monostate, Duration, TimePoint>;

struct CasesArguments {
  std::size_t limit = 50;
  std::string state;
  std::string host;
  std::string account;
  std::string owner;
  double severity = 0;
  Since since;
  std::string text;
  bool samples = false;
  bool json = false;
  std::int64_t number = 0;
  std::string reason;
  Duration acknowledged_for = std::chrono::hours(24 * 7);
  // Of `retry`.
  std::string refused_by;
  bool yes = false;
  bool force = false;
};

// Adds the command and its subcommands; what was asked for goes to `run`.
void AddCases(CLI::App& app, const CommonArguments& common, CasesArguments& arguments, std::function<ExitCode()>& run);

// retry_cases.cc: one case, or all of which a gate stopped an action. Shows what would be done; with `yes` does it.
ExitCode RetryCasesCommand(const CommonArguments& common, const CasesArguments& arguments);

// The moment that `since` means; kInvalidInput: it is in the future. Nothing: whenever.
Result<std::optional<TimePoint>> MomentOf(const Since& since, TimePoint now);
// How a command about cases ends that failed so.
ExitCode CodeOfCases(const Error& error);

}  // namespace sallyport
