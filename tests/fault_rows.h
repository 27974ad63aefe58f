// SPDX-License-Identifier: Apache-2.0
//
// The rows of the fault matrix: each a command or a workflow in a world of its own. A new workflow adds a row: its
// event, the commands before and after, and how its answer is judged.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace sallyport {

using CommandWords = std::vector<std::string>;

// How the answer of the armed command is held against the undisturbed one. Each: it may say less, and never anything
// else.
enum class FaultJudge {
  kWork,      // cases, actions and messages, as the ledger has them when everything has come to its end
  kWhoCan,    // principals and hosts, each with its decision
  kChecks,    // lines with a check and its health
  kLines,     // lines: all of them and the same code, or fewer and another code
  kVerdicts,  // verdicts of `config evaluate`
};

struct FaultRow {
  std::string_view name;
  FaultJudge judge = FaultJudge::kWork;
  bool needs_aws = false;
  // The events as files: `@events` stands for all of them in the commands.
  std::function<std::vector<std::string>(TimePoint now)> events;
  std::vector<CommandWords> before;
  CommandWords armed;  // what may go wrong; `drive`: follow-ups to their end
  int code = 0;        // with which it ends when nothing does
  // With everything well again. Nothing: what is delivered again brings it to its end.
  std::vector<CommandWords> after;
  std::string settings;  // YAML, beside those of every row
  bool reminds = false;  // of cases that need a person: that goes on for longer than a row is driven (tell_cases_test)
  std::string gates;     // more lines of `gates`
  std::string api_key = "SIM-KEY-FULL";
  std::string moves;            // a regular expression: what of each line moves with time, and is not compared
  bool tasks_stay = false;      // SWP does not remove scheduled tasks that have run
  bool hears_openings = false;  // its channel hears when cases are opened
};
std::vector<FaultRow> FaultRows();

// Commands of the product that no row has, each with the reason.
struct NotInTheMatrix {
  std::string_view command;
  std::string_view why;
};
std::vector<NotInTheMatrix> CommandsWithoutRow();
// The same of workflows and questions. Each is owed a row.
std::vector<NotInTheMatrix> PartsWithoutRow();

}  // namespace sallyport
