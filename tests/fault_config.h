// SPDX-License-Identifier: Apache-2.0
//
// Rules of AWS Config in the fault matrix: their rows, what AWS Config was told, and how verdicts are held against
// those of the undisturbed run.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tests/fault_judge.h"

namespace sallyport {

void AddConfigRows(std::vector<FaultRow>& rows);

// "AWS Config was told COMPLIANT of i-... by swp-protected", of everything that the simulated AWS at `url` was told
// so far.
std::set<std::string> ToldAwsConfig(const std::string& url);

// The output of `config evaluate --format json`: a verdict may turn into undetermined, and the answer says so.
FaultVerdict JudgeVerdicts(const FaultRun& wanted, const FaultRun& found);

}  // namespace sallyport
