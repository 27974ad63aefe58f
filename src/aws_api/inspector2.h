// SPDX-License-Identifier: Apache-2.0
//
// Inspector, API version 2020-06-08. Findings have the members of the event, with times as epoch numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"
#include "base/json.h"

namespace sallyport::aws::inspector2 {

struct ListFindingsAnswer {
  std::vector<Json> findings{};
  std::string next_page{};
};
// `filter` is a filterCriteria as the service wants it: {"resourceId":[{"comparison":"EQUALS","value":"i-..."}]}.
struct ListFindings {
  using Answer = ListFindingsAnswer;
  static const Operation kOp;
  Json filter{};
  Json sort{};
  std::optional<std::int64_t> max_results{};
  std::string page_token{};
};

}  // namespace sallyport::aws::inspector2
