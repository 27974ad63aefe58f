// SPDX-License-Identifier: Apache-2.0
#include "aws_api/config_service.h"

namespace sallyport::aws::config_service {
namespace {

constexpr Service kService{"config", "Config Service",  "config",     "config",
                           "config", Protocol::kJson11, "2014-11-12", "StarlingDoveService"};
constexpr Operation kPutEvaluations{.service = kService, .name = "PutEvaluations"};
constexpr Operation kGetResourceConfigHistory{.service = kService, .name = "GetResourceConfigHistory"};

}  // namespace

const Operation& PutEvaluations::Op() {
  return kPutEvaluations;
}

const Operation& GetResourceConfigHistory::Op() {
  return kGetResourceConfigHistory;
}

void Describe(Shape& shape, Evaluation& place) {
  shape.Required("ComplianceResourceType", place.resource_type);
  shape.Required("ComplianceResourceId", place.resource_id);
  shape.Required("ComplianceType", place.compliance);
  shape("Annotation", place.annotation);
  shape.Required("OrderingTimestamp", place.ordering);
}

void Describe(Shape& shape, PutEvaluations& place) {
  shape("Evaluations", place.evaluations);
  shape.Required("ResultToken", place.result_token);
  shape("TestMode", place.test_mode);
}

void Describe(Shape& shape, PutEvaluationsAnswer& place) {
  shape("FailedEvaluations", place.failed);
}

void Describe(Shape& shape, Relationship& place) {
  shape("resourceType", place.resource_type);
  shape("resourceId", place.resource_id);
  shape("resourceName", place.resource_name);
  shape("relationshipName", place.name);
}

void Describe(Shape& shape, ConfigurationItem& place) {
  shape.Required("resourceType", place.resource_type);
  shape.Required("resourceId", place.resource_id);
  shape("arn", place.arn);
  shape("accountId", place.account);
  shape("awsRegion", place.region);
  shape("configurationItemStatus", place.status);
  shape("configurationItemCaptureTime", place.captured);
  shape("configuration", place.configuration);
  shape("supplementaryConfiguration", place.supplementary);
  shape("relationships", place.relationships);
}

void Describe(Shape& shape, GetResourceConfigHistory& place) {
  shape.Required("resourceType", place.resource_type);
  shape.Required("resourceId", place.resource_id);
  shape("laterTime", place.later_time);
  shape("earlierTime", place.earlier_time);
  shape("chronologicalOrder", place.chronological_order);
  shape("limit", place.limit);
  shape("nextToken", place.page_token);
}

void Describe(Shape& shape, GetResourceConfigHistoryAnswer& place) {
  shape.Required("configurationItems", place.items);
  shape("nextToken", place.next_page);
}

}  // namespace sallyport::aws::config_service
