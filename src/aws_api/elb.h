// SPDX-License-Identifier: Apache-2.0
//
// Elastic Load Balancing, API version 2012-06-01: the Classic load balancers, on which no web ACL can be put.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"

namespace sallyport::aws::elb {

struct LoadBalancer {
  std::string name{};
  std::string dns_name{};
  std::string scheme{};
  std::string vpc_id{};
  std::vector<std::string> instances{};
};

struct DescribeLoadBalancersAnswer {
  std::vector<LoadBalancer> load_balancers{};
  std::string next_page{};
};
struct DescribeLoadBalancers {
  using Answer = DescribeLoadBalancersAnswer;
  static const Operation kOp;
  std::vector<std::string> names{};
  std::optional<std::int64_t> page_size{};
  std::string page_token{};
};

}  // namespace sallyport::aws::elb
