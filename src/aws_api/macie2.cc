// SPDX-License-Identifier: Apache-2.0
#include "aws_api/macie2.h"

namespace sallyport::aws::macie2 {
namespace {

constexpr Service kService{"macie2", "Macie2", "macie2", "macie2", "macie2", Protocol::kRestJson};
constexpr Operation kGetFindings{.service = kService, .name = "GetFindings", .uri = "/findings/describe"};

}  // namespace

const Operation& GetFindings::Op() {
  return kGetFindings;
}

void Describe(Shape& shape, GetFindings& place) {
  shape.Required("findingIds", place.ids);
  shape("sortCriteria", place.sort);
}

void Describe(Shape& shape, GetFindingsAnswer& place) {
  shape.Required("findings", place.findings);
}

}  // namespace sallyport::aws::macie2
