// SPDX-License-Identifier: Apache-2.0
#include "aws_api/guardduty.h"

namespace sallyport::aws::guardduty {
namespace {

constexpr Service kService{"guardduty", "GuardDuty", "guardduty", "guardduty", "guardduty", Protocol::kRestJson};
constexpr Operation kListDetectors{.service = kService, .name = "ListDetectors", .method = "GET", .uri = "/detector"};
constexpr Operation kGetFindings{
    .service = kService, .name = "GetFindings", .uri = "/detector/{DetectorId}/findings/get"};

}  // namespace

const Operation& ListDetectors::Op() {
  return kListDetectors;
}

const Operation& GetFindings::Op() {
  return kGetFindings;
}

void Describe(Shape& shape, ListDetectors& place) {
  shape("maxResults", place.max_results, Where::kQuery);
  shape("nextToken", place.page_token, Where::kQuery);
}

void Describe(Shape& shape, ListDetectorsAnswer& place) {
  shape.Required("detectorIds", place.ids);
  shape("nextToken", place.next_page);
}

void Describe(Shape& shape, GetFindings& place) {
  shape.Required("DetectorId", place.detector, Where::kPath);
  shape.Required("findingIds", place.ids);
  shape("sortCriteria", place.sort);
}

void Describe(Shape& shape, GetFindingsAnswer& place) {
  shape.Required("findings", place.findings);
}

}  // namespace sallyport::aws::guardduty
