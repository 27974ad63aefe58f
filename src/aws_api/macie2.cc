// SPDX-License-Identifier: Apache-2.0
#include "aws_api/macie2.h"

namespace sallyport::aws::macie2 {
namespace {

constexpr Service kService{"macie2", "Macie2", "macie2", "macie2", "macie2", Protocol::kRestJson};
constexpr Operation kGetFindings{.service = kService, .name = "GetFindings", .uri = "/findings/describe"};
constexpr Operation kListFindings{.service = kService, .name = "ListFindings", .uri = "/findings"};
constexpr Operation kCreateSampleFindings{
    .service = kService, .name = "CreateSampleFindings", .uri = "/findings/sample", .repeatable = false};

}  // namespace

const Operation& GetFindings::Op() {
  return kGetFindings;
}

const Operation& ListFindings::Op() {
  return kListFindings;
}

const Operation& CreateSampleFindings::Op() {
  return kCreateSampleFindings;
}

void Describe(Shape& shape, GetFindings& place) {
  shape.Required("findingIds", place.ids);
  shape("sortCriteria", place.sort);
}

void Describe(Shape& shape, GetFindingsAnswer& place) {
  shape.Required("findings", place.findings);
}

void Describe(Shape& shape, ListFindings& place) {
  shape("findingCriteria", place.criteria);
  shape("sortCriteria", place.sort);
  shape("maxResults", place.max_results);
  shape("nextToken", place.page_token);
}

void Describe(Shape& shape, ListFindingsAnswer& place) {
  shape.Required("findingIds", place.ids);
  shape("nextToken", place.next_page);
}

void Describe(Shape& shape, CreateSampleFindings& place) {
  shape("findingTypes", place.types);
}

}  // namespace sallyport::aws::macie2
