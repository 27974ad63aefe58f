// SPDX-License-Identifier: Apache-2.0
//
// How fast AWS lets itself be called, as far as it says so. Pure.
// Sources: EC2 API throttling and WAF quotas as in contract aws-api, section 5; where a service publishes nothing, a
// careful guess that keeps us from being the one who uses up an account's limit.
#pragma once

#include <optional>
#include <string_view>

#include "aws/operation.h"

namespace sallyport::aws {

struct RateLimit {
  std::string_view group;  // calls of one group in one account and region share one bucket; empty: the operation alone
  double per_second = 0;
  double burst = 1;
};

// Nothing: no limit that is worth keeping on our side.
std::optional<RateLimit> RateLimitOf(const Call& call);

}  // namespace sallyport::aws
