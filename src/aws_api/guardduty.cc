// SPDX-License-Identifier: Apache-2.0
#include "aws_api/guardduty.h"

namespace sallyport::aws::guardduty {
namespace {

constexpr Service kService{"guardduty", "GuardDuty", "guardduty", "guardduty", "guardduty", Protocol::kRestJson};
constexpr Operation kListDetectors{.service = kService, .name = "ListDetectors", .method = "GET", .uri = "/detector"};
constexpr Operation kGetFindings{
    .service = kService, .name = "GetFindings", .uri = "/detector/{DetectorId}/findings/get"};
constexpr Operation kListFindings{
    .service = kService, .name = "ListFindings", .uri = "/detector/{DetectorId}/findings"};
constexpr Operation kArchiveFindings{
    .service = kService, .name = "ArchiveFindings", .uri = "/detector/{DetectorId}/findings/archive"};
constexpr Operation kCreateSampleFindings{.service = kService,
                                          .name = "CreateSampleFindings",
                                          .uri = "/detector/{DetectorId}/findings/create",
                                          .repeatable = false};

}  // namespace

const Operation& ListDetectors::Op() {
  return kListDetectors;
}

const Operation& GetFindings::Op() {
  return kGetFindings;
}

const Operation& ListFindings::Op() {
  return kListFindings;
}

const Operation& ArchiveFindings::Op() {
  return kArchiveFindings;
}

const Operation& CreateSampleFindings::Op() {
  return kCreateSampleFindings;
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

void Describe(Shape& shape, ListFindings& place) {
  shape.Required("DetectorId", place.detector, Where::kPath);
  shape("findingCriteria", place.criteria);
  shape("sortCriteria", place.sort);
  shape("maxResults", place.max_results);
  shape("nextToken", place.page_token);
}

void Describe(Shape& shape, ListFindingsAnswer& place) {
  shape.Required("findingIds", place.ids);
  shape("nextToken", place.next_page);
}

void Describe(Shape& shape, ArchiveFindings& place) {
  shape.Required("DetectorId", place.detector, Where::kPath);
  shape.Required("findingIds", place.ids);
}

void Describe(Shape& shape, CreateSampleFindings& place) {
  shape.Required("DetectorId", place.detector, Where::kPath);
  shape("findingTypes", place.types);
}

}  // namespace sallyport::aws::guardduty
