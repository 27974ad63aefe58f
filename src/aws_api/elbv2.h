// SPDX-License-Identifier: Apache-2.0
//
// Elastic Load Balancing v2, API version 2015-12-01. Only a load balancer of type `application` takes a web ACL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"

namespace sallyport::aws::elbv2 {

struct LoadBalancer {
  std::string arn{};
  std::string dns_name{};
  std::string name{};
  std::string scheme{};
  std::string vpc_id{};
  std::string state{};
  std::string type{};
};

struct DescribeLoadBalancersAnswer {
  std::vector<LoadBalancer> load_balancers{};
  std::string next_page{};
};
// At most 20 ARNs or names.
struct DescribeLoadBalancers {
  using Answer = DescribeLoadBalancersAnswer;
  static const Operation kOp;
  std::vector<std::string> arns{};
  std::vector<std::string> names{};
  std::optional<std::int64_t> page_size{};
  std::string page_token{};
};

struct TargetGroup {
  std::string arn{};
  std::string name{};
  std::string target_type{};
  std::string protocol{};
  std::optional<std::int64_t> port{};
  std::string vpc_id{};
  std::vector<std::string> load_balancer_arns{};
};

struct DescribeTargetGroupsAnswer {
  std::vector<TargetGroup> target_groups{};
  std::string next_page{};
};
struct DescribeTargetGroups {
  using Answer = DescribeTargetGroupsAnswer;
  static const Operation kOp;
  std::string load_balancer_arn{};
  std::vector<std::string> arns{};
  std::vector<std::string> names{};
  std::optional<std::int64_t> page_size{};
  std::string page_token{};
};

struct Target {
  std::string id{};
  std::optional<std::int64_t> port{};
  std::string availability_zone{};
};

struct TargetHealth {
  std::string state{};
  std::string reason{};
};

struct TargetHealthDescription {
  Target target{};
  TargetHealth health{};
};

struct DescribeTargetHealthAnswer {
  std::vector<TargetHealthDescription> descriptions{};
};
struct DescribeTargetHealth {
  using Answer = DescribeTargetHealthAnswer;
  static const Operation kOp;
  std::string target_group_arn{};
};

struct Action {
  std::string type{};
  std::string target_group{};                // of a simple forward
  std::vector<std::string> target_groups{};  // of any forward
};

struct Listener {
  std::string arn{};
  std::string load_balancer_arn{};
  std::string protocol{};
  std::optional<std::int64_t> port{};
  std::vector<Action> default_actions{};
};

struct DescribeListenersAnswer {
  std::vector<Listener> listeners{};
  std::string next_page{};
};
struct DescribeListeners {
  using Answer = DescribeListenersAnswer;
  static const Operation kOp;
  std::string load_balancer_arn{};
  std::vector<std::string> arns{};
  std::optional<std::int64_t> page_size{};
  std::string page_token{};
};

struct Rule {
  std::string arn{};
  std::string priority{};
  std::optional<bool> is_default{};
  std::vector<Action> actions{};
};

struct DescribeRulesAnswer {
  std::vector<Rule> rules{};
  std::string next_page{};
};
struct DescribeRules {
  using Answer = DescribeRulesAnswer;
  static const Operation kOp;
  std::string listener_arn{};
  std::vector<std::string> arns{};
  std::optional<std::int64_t> page_size{};
  std::string page_token{};
};

}  // namespace sallyport::aws::elbv2
