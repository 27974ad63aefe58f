// SPDX-License-Identifier: Apache-2.0
//
// One run of a row of the fault matrix, in a world of its own, with at most one thing that goes wrong; and what came of
// it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fault_rows.h"
#include "tests/fault_seams.h"
#include "tests/message_receiver.h"
#include "tests/scenario.h"

namespace sallyport {

// What the plans of the ledger say, by what it is about: "protection of i-...", "decision about ...". More than one
// value: it was decided more than once.
using FaultFacts = std::map<std::string, std::set<std::string>>;
// Behind the decision of a plan some of whose hosts could not be determined: it is about the others.
inline constexpr std::string_view kOfSomeHosts = ", of some hosts";

struct FaultRun {
  std::vector<std::string> broken;        // of the test's own: the driver did not do its work
  std::vector<int> codes;                 // of each command
  int code = 0;                           // of the armed one
  std::string output;                     // the same
  std::string errors;                     // the same
  std::vector<Operation> operations;      // of the armed one, in their order
  int injected = 0;                       // how many of them went wrong
  Ending ending;                          // of the ledger
  std::set<std::string> ended_otherwise;  // actions, events and messages that were not done, and how they ended
  std::vector<std::string> reasons;       // of these
  FaultFacts facts;
  std::set<std::string> done;      // in SWP
  std::vector<std::string> twice;  // the same
  std::vector<TakenMessage> messages;
  std::set<std::string> workflows;  // that made a plan
  std::set<std::string> questions;  // that were asked
};

// What the program prints with these words in its command line, without a world.
std::string HelpOf(const CommandWords& words);

FaultRun RunOf(const FaultRow& row, const std::optional<Fault>& fault);

}  // namespace sallyport
