// SPDX-License-Identifier: Apache-2.0
//
// Holds what came of a run in which something went wrong against the undisturbed one: it may know less, and say so; it
// never knows more or something else. Nothing is done twice, and nothing is lost without a word.
#pragma once

#include <string>
#include <vector>

#include "tests/fault_world.h"

namespace sallyport {

struct FaultVerdict {
  std::string end;                    // "as without it", or what is known less in a few words
  std::vector<std::string> problems;  // sentences; empty: the promise holds
};
FaultVerdict JudgeFault(const FaultRow& row, const Fault& fault, const FaultRun& wanted, const FaultRun& found);

}  // namespace sallyport
