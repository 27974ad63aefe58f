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

void Describe(Shape& shape, GetFindings& place);
void Describe(Shape& shape, GetFindingsAnswer& place);

}  // namespace sallyport::aws::macie2
