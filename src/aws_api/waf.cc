// SPDX-License-Identifier: Apache-2.0
#include "aws_api/waf.h"

namespace sallyport::aws::waf {
namespace {

constexpr Service kService{"waf", "WAF", "waf", "waf", "waf", Protocol::kJson11, "2015-08-24", "AWSWAF_20150824"};
constexpr Operation kListWebACLs{.service = kService, .name = "ListWebACLs"};
constexpr Operation kGetWebACL{.service = kService, .name = "GetWebACL"};

}  // namespace

const Operation& ListWebACLs::Op() {
  return kListWebACLs;
}

const Operation& GetWebACL::Op() {
  return kGetWebACL;
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

}  // namespace sallyport::aws::waf
