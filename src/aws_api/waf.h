// SPDX-License-Identifier: Apache-2.0
//
// WAF Classic for CloudFront, API version 2015-08-24.
// Retired on 30 September 2025: WAFInvalidAccountException, a refusal or an empty list all mean that there is none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"
#include "aws/shape.h"

namespace sallyport::aws::waf {

struct WebAcl {
  std::string id{};
  std::string name{};
};

struct ListWebACLsAnswer {
  std::vector<WebAcl> web_acls{};
  std::string next_page{};
  bool IsLast() const { return web_acls.empty(); }
  void Take(ListWebACLsAnswer&& page) { Append(web_acls, page.web_acls); }
};
struct ListWebACLs {
  using Answer = ListWebACLsAnswer;
  static const Operation& Op();
  std::optional<std::int64_t> limit{};
  std::string page_token{};
};

struct GetWebACLAnswer {
  Json web_acl{};
};
struct GetWebACL {
  using Answer = GetWebACLAnswer;
  static const Operation& Op();
  std::string id{};
};

void Describe(Shape& shape, WebAcl& place);
void Describe(Shape& shape, ListWebACLs& place);
void Describe(Shape& shape, ListWebACLsAnswer& place);
void Describe(Shape& shape, GetWebACL& place);
void Describe(Shape& shape, GetWebACLAnswer& place);

}  // namespace sallyport::aws::waf
