// SPDX-License-Identifier: Apache-2.0
//
// CloudFront, API version 2020-05-31: the load balancers and instances that VPC origins stand for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"

namespace sallyport::aws::cloudfront {

struct VpcOriginSummary {
  std::string id{};
  std::string status{};
  std::string endpoint{};  // ARN of a load balancer or an instance
};
struct ListVpcOriginsAnswer {
  std::vector<VpcOriginSummary> origins{};
  std::optional<bool> truncated{};
  std::string next_page{};
};
struct ListVpcOrigins {
  using Answer = ListVpcOriginsAnswer;
  static const Operation kOp;
  std::optional<std::int64_t> max_items{};
  std::string page_token{};
};

}  // namespace sallyport::aws::cloudfront
