// SPDX-License-Identifier: Apache-2.0
//
// Reads from SWP what protects the hosts of an estate: computers in pages, each policy once, each of its intrusion
// prevention rules once.
#pragma once

#include <map>

#include "edge/reads.h"
#include "protection/protection.h"
#include "swp_client/client.h"

namespace sallyport::edge {

// Fills Host::swp of all hosts. What could not be read makes the hosts that it is about undetermined, and says why.
// Gives the rules that were used, for the next run.
std::map<std::int32_t, IpsRule> ReadTenant(swp::Client& client, const ProtectionCriteria& criteria, TimePoint now,
                                           const SurveyAsk& ask, Estate& estate);

// Rules that are asked for one by one in one run; a policy with more of them that are not known is undetermined.
inline constexpr std::size_t kMostRulesAsked = 3'000;

}  // namespace sallyport::edge
