// SPDX-License-Identifier: Apache-2.0
//
// Reads from AWS what the map from the edge to the host needs, with as few calls as the documented rates ask for: each
// web ACL is asked for its resources (1 a second), never a resource for its ACL; listings take the largest pages; what
// makes no difference is not asked (listener rules only where a header check could close a way, security groups only of
// what the internet could reach).
#pragma once

#include <set>
#include <string>
#include <vector>

#include "aws/call.h"
#include "base/time.h"
#include "edge/reads.h"

namespace sallyport::edge {

struct SurveyOptions {
  std::string home_account{};  // of our own credentials
  std::string home_region{};
  std::vector<std::string> regions{};      // empty: all that an account has enabled
  std::set<std::string> other_accounts{};  // that a role is configured for
  int concurrency = 64;                    // most of them wait for a place in a bucket
};

// Never fails as a whole: what could not be read is among Estate::gaps. References are used during the call alone.
Estate ReadAwsEstate(aws::Transport& transport, const Clock& clock, const SurveyOptions& options, const SurveyAsk& ask);

// Bounds of one account and region; what is beyond is a gap.
inline constexpr std::size_t kMostClusters = 500;
inline constexpr std::size_t kMostTasks = 10'000;   // of one cluster
inline constexpr std::size_t kMostAcls = 1'000;     // of one scope
inline constexpr std::size_t kMostGroups = 20'000;  // target groups

}  // namespace sallyport::edge
