// SPDX-License-Identifier: Apache-2.0
//
// CloudFront, API version 2020-05-31. A distribution's configuration is kept as the XML that came: an update replaces
// all of it, and what we do not know must survive.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/operation.h"
#include "aws/shape.h"

namespace sallyport::aws::cloudfront {

struct Origin {
  std::string id{};
  std::string domain{};
  std::string path{};
  bool is_vpc = false;
};

struct Distribution {
  std::string id{};
  std::string arn{};
  std::string status{};
  std::string domain{};
  std::optional<bool> enabled{};
  std::optional<bool> staging{};
  std::string web_acl_id{};
  std::string connection_mode{};
  std::vector<Origin> origins{};
  std::vector<std::string> aliases{};
};

struct ListDistributionsAnswer {
  std::vector<Distribution> distributions{};
  std::optional<bool> truncated{};
  std::string next_page{};
  void Take(ListDistributionsAnswer&& page) { Append(distributions, page.distributions); }
};
struct ListDistributions {
  using Answer = ListDistributionsAnswer;
  static const Operation& Op();
  std::optional<std::int64_t> max_items{};
  std::string page_token{};
};

// `web_acl_id`: a Classic id, a WAFv2 ARN, or `null` for those without one.
struct ListDistributionsByWebACLId {
  using Answer = ListDistributionsAnswer;
  static const Operation& Op();
  std::string web_acl_id{};
  std::optional<std::int64_t> max_items{};
  std::string page_token{};
};

void Describe(Shape& shape, Origin& place);
void Describe(Shape& shape, Distribution& place);
void Describe(Shape& shape, ListDistributions& place);
void Describe(Shape& shape, ListDistributionsAnswer& place);
void Describe(Shape& shape, ListDistributionsByWebACLId& place);

}  // namespace sallyport::aws::cloudfront
