// SPDX-License-Identifier: Apache-2.0
//
// Inspector, API version 2020-06-08. Findings have the members of the event, with times as epoch numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"
#include "aws/shape.h"

namespace sallyport::aws::inspector2 {

struct ListFindingsAnswer {
  std::vector<Json> findings{};
  std::string next_page{};
  void Take(ListFindingsAnswer&& page) { Append(findings, page.findings); }
};
// `filter` is a filterCriteria as the service wants it: {"resourceId":[{"comparison":"EQUALS","value":"i-..."}]}.
struct ListFindings {
  using Answer = ListFindingsAnswer;
  static const Operation& Op();
  Json filter{};
  Json sort{};
  std::optional<std::int64_t> max_results{};
  std::string page_token{};
};

void Describe(Shape& shape, ListFindings& place);
void Describe(Shape& shape, ListFindingsAnswer& place);

}  // namespace sallyport::aws::inspector2
