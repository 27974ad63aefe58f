// SPDX-License-Identifier: Apache-2.0
//
// GuardDuty, API version 2017-11-28. Findings have the members of the event.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"
#include "base/json.h"

namespace sallyport::aws::guardduty {

struct ListDetectorsAnswer {
  std::vector<std::string> ids{};
  std::string next_page{};
};
// None or one for a region.
struct ListDetectors {
  using Answer = ListDetectorsAnswer;
  static const Operation kOp;
  std::optional<std::int64_t> max_results{};
  std::string page_token{};
};

struct GetFindingsAnswer {
  std::vector<Json> findings{};
};
// At most 50 ids.
struct GetFindings {
  using Answer = GetFindingsAnswer;
  static const Operation kOp;
  std::string detector{};
  std::vector<std::string> ids{};
  Json sort{};
};

}  // namespace sallyport::aws::guardduty
