// SPDX-License-Identifier: Apache-2.0
#include "aws_api/inspector2.h"

namespace sallyport::aws::inspector2 {
namespace {

constexpr Service kService{"inspector2", "Inspector2", "inspector2", "inspector2", "inspector2", Protocol::kRestJson};
constexpr Operation kListFindings{.service = kService, .name = "ListFindings", .uri = "/findings/list"};

}  // namespace

const Operation& ListFindings::Op() {
  return kListFindings;
}

void Describe(Shape& shape, ListFindings& place) {
  shape("filterCriteria", place.filter);
  shape("sortCriteria", place.sort);
  shape("maxResults", place.max_results);
  shape("nextToken", place.page_token);
}

void Describe(Shape& shape, ListFindingsAnswer& place) {
  shape.Required("findings", place.findings);
  shape("nextToken", place.next_page);
}

}  // namespace sallyport::aws::inspector2
