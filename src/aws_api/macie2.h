// SPDX-License-Identifier: Apache-2.0
//
// Macie, API version 2020-01-01. Findings have the members of the event.
#pragma once

#include <string>
#include <vector>

#include "aws/operation.h"
#include "base/json.h"

namespace sallyport::aws::macie2 {

struct GetFindingsAnswer {
  std::vector<Json> findings{};
};
// At most 50 ids.
struct GetFindings {
  using Answer = GetFindingsAnswer;
  static const Operation kOp;
  std::vector<std::string> ids{};
  Json sort{};
};

}  // namespace sallyport::aws::macie2
