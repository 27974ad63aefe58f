// SPDX-License-Identifier: Apache-2.0
//
// Elastic Load Balancing v2, API version 2015-12-01: who may call a load balancer. The same operations as in elbv2.h,
// with the members that say it: security groups, and the headers that rules ask for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"

namespace sallyport::aws::elbv2 {

struct OpenBalancer {
  std::string arn{};
  std::string dns_name{};
  std::string name{};
  std::string scheme{};
  std::string vpc_id{};
  std::string type{};
  std::vector<std::string> security_groups{};  // ids; none: it has none
};
struct ListBalancersAnswer {
  std::vector<OpenBalancer> balancers{};
  std::string next_page{};
};
// DescribeLoadBalancers of all.
struct ListBalancers {
  using Answer = ListBalancersAnswer;
  static const Operation kOp;
  std::optional<std::int64_t> page_size{};
  std::string page_token{};
};

// What a request must have for a rule.
struct Condition {
  std::string field{};   // path-pattern, http-header, ...
  std::string header{};  // of http-header: its name. The values may be a secret, and are not read.
};
struct OpenRule {
  std::string arn{};
  std::vector<std::string> actions{};  // their types: forward, fixed-response, ...
  std::vector<Condition> conditions{};
};
struct ListRulesAnswer {
  std::vector<OpenRule> rules{};
  std::string next_page{};
};
// DescribeRules of one listener.
struct ListRules {
  using Answer = ListRulesAnswer;
  static const Operation kOp;
  std::string listener_arn{};
  std::optional<std::int64_t> page_size{};
  std::string page_token{};
};

}  // namespace sallyport::aws::elbv2
