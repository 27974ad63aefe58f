// SPDX-License-Identifier: Apache-2.0
//
// Macie, API version 2020-01-01. Findings have the members of the event.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/codec.h"
#include "aws/operation.h"
#include "aws/shape.h"

namespace sallyport::aws::macie2 {

struct GetFindingsAnswer {
  std::vector<Json> findings{};
};
// At most 50 ids.
struct GetFindings {
  using Answer = GetFindingsAnswer;
  static const Operation& Op();
  std::vector<std::string> ids{};
  Json sort{};
};

struct ListFindingsAnswer {
  std::vector<std::string> ids{};
  std::string next_page{};
  void Take(ListFindingsAnswer&& page) { Append(ids, page.ids); }
};
struct ListFindings {
  using Answer = ListFindingsAnswer;
  static const Operation& Op();
  Json criteria{};
  Json sort{};
  std::optional<std::int64_t> max_results{};
  std::string page_token{};
};
struct CreateSampleFindings {
  using Answer = Nothing;
  static const Operation& Op();
  std::vector<std::string> types{};
};

void Describe(Shape& shape, GetFindings& place);
void Describe(Shape& shape, GetFindingsAnswer& place);
void Describe(Shape& shape, ListFindings& place);
void Describe(Shape& shape, ListFindingsAnswer& place);
void Describe(Shape& shape, CreateSampleFindings& place);

}  // namespace sallyport::aws::macie2
