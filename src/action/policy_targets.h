// SPDX-License-Identifier: Apache-2.0
//
// Which hosts a change of a policy touches.
#pragma once

#include <cstddef>
#include <vector>

#include "action/host.h"
#include "base/result.h"
#include "swp/service.h"

namespace sallyport {

// More computers than this are never touched by one action, whatever gates.max_hosts says: plans name each of them.
inline constexpr std::size_t kMostPolicyTargets = 2'000;

// Every computer that has the policy or one below it, at any depth, each once. kTooLarge when there are more than
// `most` (at most kMostPolicyTargets), or too many policies. Two calls for each policy, and one more for each further
// page.
Result<std::vector<Target>> ReadPolicyTargets(swp::Reads& reads, PolicyId policy, std::size_t most);

}  // namespace sallyport
