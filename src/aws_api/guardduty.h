// SPDX-License-Identifier: Apache-2.0
//
// GuardDuty, API version 2017-11-28. Findings have the members of the event.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/codec.h"
#include "aws/operation.h"
#include "aws/shape.h"

namespace sallyport::aws::guardduty {

struct ListDetectorsAnswer {
  std::vector<std::string> ids{};
  std::string next_page{};
  void Take(ListDetectorsAnswer&& page) { Append(ids, page.ids); }
};
// None or one for a region.
struct ListDetectors {
  using Answer = ListDetectorsAnswer;
  static const Operation& Op();
  std::optional<std::int64_t> max_results{};
  std::string page_token{};
};

struct GetFindingsAnswer {
  std::vector<Json> findings{};
};
// At most 50 ids.
struct GetFindings {
  using Answer = GetFindingsAnswer;
  static const Operation& Op();
  std::string detector{};
  std::vector<std::string> ids{};
  Json sort{};
};

void Describe(Shape& shape, ListDetectors& place);
void Describe(Shape& shape, ListDetectorsAnswer& place);
void Describe(Shape& shape, GetFindings& place);
void Describe(Shape& shape, GetFindingsAnswer& place);

}  // namespace sallyport::aws::guardduty
