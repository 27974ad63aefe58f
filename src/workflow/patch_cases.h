// SPDX-License-Identifier: Apache-2.0
//
// What an answer about findings says of the case of each CVE (NewPlan::of_cases): whether a person has to act because
// SWP does not block it on a host. Pure.
#pragma once

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "workflow/patch_ledger.h"
#include "workflow/plan.h"

namespace sallyport {

// The words of the cases in `of_members`, and of others that are not what was said of them last; they are noted in
// `ledger.said`. At most bounds::kQuestionMembers, the first ones first: the next answer says the rest.
//
// A case is the findings of the patch ledger that have its number for a CVE (PatchEntry::cases), as they were when they
// were looked at last:
//   kNotBlocked  one that is open is not blocked, and no rule is planned there
//   kActive      else: rules are planned or on their way, or a host is left alone because its owner wants that
//   kCovered     else: one that is open; all of these are blocked
//   kSettled     else: all are closed, suppressed or gone
std::vector<std::pair<std::int64_t, Plan::Says>> SayOfPatchCases(const std::set<std::int64_t>& of_members,
                                                                 PatchLedger& ledger);

}  // namespace sallyport
