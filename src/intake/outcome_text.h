// SPDX-License-Identifier: Apache-2.0
//
// What came of the actions of a plan, counted, in one line for people: "2 scans requested on web-01 (i-...), neither
// finished yet; 1 message: soc: delivered". Pure.
#pragma once

#include <string>
#include <vector>

#include "executor/executor.h"

namespace sallyport {

// Of at least one step. The hosts, states and reasons are those of the steps' outcomes and not of what was planned.
std::string OutcomeOf(const std::vector<Step>& steps);

}  // namespace sallyport
