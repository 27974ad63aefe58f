// SPDX-License-Identifier: Apache-2.0
#include "aws_api/securityhub.h"

namespace sallyport::aws::securityhub {
namespace {

constexpr Service kService{"securityhub", "SecurityHub", "securityhub",
                           "securityhub", "securityhub", Protocol::kRestJson};
constexpr Operation kBatchImportFindings{.service = kService, .name = "BatchImportFindings", .uri = "/findings/import"};
constexpr Operation kBatchUpdateFindings{
    .service = kService, .name = "BatchUpdateFindings", .method = "PATCH", .uri = "/findings/batchupdate"};

}  // namespace

const Operation& BatchImportFindings::Op() {
  return kBatchImportFindings;
}

const Operation& BatchUpdateFindings::Op() {
  return kBatchUpdateFindings;
}

void Describe(Shape& shape, FailedFinding& place) {
  shape.Required("Id", place.id);
  shape("ErrorCode", place.code);
  shape("ErrorMessage", place.message);
}

void Describe(Shape& shape, BatchImportFindings& place) {
  shape.Required("Findings", place.findings);
}

void Describe(Shape& shape, BatchImportFindingsAnswer& place) {
  shape.Required("FailedCount", place.failed);
  shape.Required("SuccessCount", place.succeeded);
  shape("FailedFindings", place.failures);
}

void Describe(Shape& shape, FindingIdentifier& place) {
  shape.Required("Id", place.id);
  shape.Required("ProductArn", place.product_arn);
}

void Describe(Shape& shape, UnprocessedFinding& place) {
  shape.Required("FindingIdentifier", place.finding);
  shape("ErrorCode", place.code);
  shape("ErrorMessage", place.message);
}

void Describe(Shape& shape, BatchUpdateFindings& place) {
  shape.Required("FindingIdentifiers", place.findings);
  shape("Note", place.note);
  shape("Workflow", place.workflow);
  shape("UserDefinedFields", place.user_defined_fields);
}

void Describe(Shape& shape, BatchUpdateFindingsAnswer& place) {
  shape.Required("ProcessedFindings", place.processed);
  shape.Required("UnprocessedFindings", place.unprocessed);
}

}  // namespace sallyport::aws::securityhub
