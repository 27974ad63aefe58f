// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "action/assign_rules.h"
#include "swp/service.h"

namespace sallyport {

// SWP takes all of the rules or none. One that an update removed since the plan was made must not keep the others out:
// takes out of `rules` what surely does not exist. "rule 7, 9", for people; empty: all are there, or it is not known.
std::string TakeOutWhatIsGone(swp::Reads& reads, std::vector<RuleToAssign>& rules);

// As ReadPolicyTargets (action/policy_targets.h), from lists of 1,000 computers: one call for each policy and thousand,
// and one for the policies below each. `reads` has an estate.
Result<std::vector<Target>> ReadTargetsInPages(swp::Reads& reads, PolicyId policy, std::size_t most);

}  // namespace sallyport
