// SPDX-License-Identifier: Apache-2.0
//
// Inspector, API version 2020-06-08: which resources it scans.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"
#include "base/json.h"

namespace sallyport::aws::inspector2 {

struct ListCoverageAnswer {
  // Each with resourceId, resourceType, accountId and scanStatus {statusCode, reason}.
  std::vector<Json> covered{};
  std::string next_page{};
};
struct ListCoverage {
  using Answer = ListCoverageAnswer;
  static const Operation kOp;
  Json filter{};
  std::optional<std::int64_t> max_results{};
  std::string page_token{};
};

}  // namespace sallyport::aws::inspector2
