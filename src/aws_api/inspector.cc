// SPDX-License-Identifier: Apache-2.0
#include "aws_api/inspector.h"

namespace sallyport::aws::inspector {
namespace {

constexpr Service kService{"inspector", "Inspector",       "inspector",  "inspector",
                           "inspector", Protocol::kJson11, "2016-02-16", "InspectorService"};
constexpr Operation kDescribeFindings{.service = kService, .name = "DescribeFindings"};
constexpr Operation kListFindings{.service = kService, .name = "ListFindings"};

}  // namespace

const Operation& DescribeFindings::Op() {
  return kDescribeFindings;
}

const Operation& ListFindings::Op() {
  return kListFindings;
}

void Describe(Shape& shape, DescribeFindings& place) {
  shape.Required("findingArns", place.arns);
}

void Describe(Shape& shape, DescribeFindingsAnswer& place) {
  shape.Required("findings", place.findings);
  shape("failedItems", place.failed);
}

void Describe(Shape& shape, ListFindings& place) {
  shape("assessmentRunArns", place.run_arns);
  shape("filter", place.filter);
  shape("maxResults", place.max_results);
  shape("nextToken", place.page_token);
}

void Describe(Shape& shape, ListFindingsAnswer& place) {
  shape.Required("findingArns", place.arns);
  shape("nextToken", place.next_page);
}

}  // namespace sallyport::aws::inspector
