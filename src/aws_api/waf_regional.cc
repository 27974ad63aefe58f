// SPDX-License-Identifier: Apache-2.0
#include "aws_api/waf_regional.h"

namespace sallyport::aws::waf_regional {
namespace {

constexpr Service kService{"waf-regional", "WAF Regional",    "waf-regional", "waf-regional",
                           "waf-regional", Protocol::kJson11, "2016-11-28",   "AWSWAF_Regional_20161128"};
constexpr Operation kListWebACLs{.service = kService, .name = "ListWebACLs"};
constexpr Operation kGetWebACL{.service = kService, .name = "GetWebACL"};
constexpr Operation kGetWebACLForResource{.service = kService, .name = "GetWebACLForResource"};
constexpr Operation kListResourcesForWebACL{.service = kService, .name = "ListResourcesForWebACL"};

}  // namespace

const Operation& ListWebACLs::Op() {
  return kListWebACLs;
}

const Operation& GetWebACL::Op() {
  return kGetWebACL;
}

const Operation& GetWebACLForResource::Op() {
  return kGetWebACLForResource;
}

const Operation& ListResourcesForWebACL::Op() {
  return kListResourcesForWebACL;
}

void Describe(Shape& shape, WebAcl& place) {
  shape.Required("WebACLId", place.id);
  shape("Name", place.name);
}

void Describe(Shape& shape, ListWebACLs& place) {
  shape("Limit", place.limit);
  shape("NextMarker", place.page_token);
}

void Describe(Shape& shape, ListWebACLsAnswer& place) {
  shape.Required("WebACLs", place.web_acls);
  shape("NextMarker", place.next_page);
}

void Describe(Shape& shape, GetWebACL& place) {
  shape.Required("WebACLId", place.id);
}

void Describe(Shape& shape, GetWebACLAnswer& place) {
  shape.Required("WebACL", place.web_acl);
}

void Describe(Shape& shape, GetWebACLForResource& place) {
  shape.Required("ResourceArn", place.resource_arn);
}

void Describe(Shape& shape, GetWebACLForResourceAnswer& place) {
  shape("WebACLSummary", place.web_acl);
}

void Describe(Shape& shape, ListResourcesForWebACL& place) {
  shape.Required("WebACLId", place.web_acl_id);
  shape("ResourceType", place.resource_type);
}

void Describe(Shape& shape, ListResourcesForWebACLAnswer& place) {
  shape.Required("ResourceArns", place.resource_arns);
}

}  // namespace sallyport::aws::waf_regional
