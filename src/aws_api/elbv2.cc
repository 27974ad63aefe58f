// SPDX-License-Identifier: Apache-2.0
#include "aws_api/elbv2.h"

namespace sallyport::aws::elbv2 {
namespace {

constexpr Service kService{"elbv2",
                           "Elastic Load Balancing v2",
                           "elasticloadbalancing",
                           "elasticloadbalancing",
                           "elasticloadbalancing",
                           Protocol::kQuery,
                           "2015-12-01"};
constexpr Operation kDescribeLoadBalancers{.service = kService, .name = "DescribeLoadBalancers"};
constexpr Operation kDescribeTargetGroups{.service = kService, .name = "DescribeTargetGroups"};
constexpr Operation kDescribeTargetHealth{.service = kService, .name = "DescribeTargetHealth"};
constexpr Operation kDescribeListeners{.service = kService, .name = "DescribeListeners"};
constexpr Operation kDescribeRules{.service = kService, .name = "DescribeRules"};

struct State {
  std::string code{};
};
void Describe(Shape& shape, State& place) {
  shape("Code", place.code);
}
struct WeightedGroup {
  std::string arn{};
};
void Describe(Shape& shape, WeightedGroup& place) {
  shape("TargetGroupArn", place.arn);
}
struct Forward {
  std::vector<WeightedGroup> groups{};
};
void Describe(Shape& shape, Forward& place) {
  shape("TargetGroups", place.groups);
}

}  // namespace

const Operation& DescribeLoadBalancers::Op() {
  return kDescribeLoadBalancers;
}

const Operation& DescribeTargetGroups::Op() {
  return kDescribeTargetGroups;
}

const Operation& DescribeTargetHealth::Op() {
  return kDescribeTargetHealth;
}

const Operation& DescribeListeners::Op() {
  return kDescribeListeners;
}

const Operation& DescribeRules::Op() {
  return kDescribeRules;
}

void Describe(Shape& shape, LoadBalancer& place) {
  shape.Required("LoadBalancerArn", place.arn)("DNSName", place.dns_name)("LoadBalancerName", place.name);
  shape("Scheme", place.scheme)("VpcId", place.vpc_id);
  State state{place.state};
  shape("State", state).Required("Type", place.type);
  place.state = state.code;
}

void Describe(Shape& shape, DescribeLoadBalancers& place) {
  shape("LoadBalancerArns", place.arns);
  shape("Names", place.names);
  shape("PageSize", place.page_size);
  shape("Marker", place.page_token);
}

void Describe(Shape& shape, DescribeLoadBalancersAnswer& place) {
  shape.Required("LoadBalancers", place.load_balancers);
  shape("NextMarker", place.next_page);
}

void Describe(Shape& shape, TargetGroup& place) {
  shape.Required("TargetGroupArn", place.arn);
  shape("TargetGroupName", place.name);
  shape("TargetType", place.target_type);
  shape("Protocol", place.protocol);
  shape("Port", place.port);
  shape("VpcId", place.vpc_id);
  shape("LoadBalancerArns", place.load_balancer_arns);
}

void Describe(Shape& shape, DescribeTargetGroups& place) {
  shape("LoadBalancerArn", place.load_balancer_arn);
  shape("TargetGroupArns", place.arns);
  shape("Names", place.names);
  shape("PageSize", place.page_size);
  shape("Marker", place.page_token);
}

void Describe(Shape& shape, DescribeTargetGroupsAnswer& place) {
  shape.Required("TargetGroups", place.target_groups);
  shape("NextMarker", place.next_page);
}

void Describe(Shape& shape, Target& place) {
  shape.Required("Id", place.id);
  shape("Port", place.port);
  shape("AvailabilityZone", place.availability_zone);
}

void Describe(Shape& shape, TargetHealth& place) {
  shape("State", place.state);
  shape("Reason", place.reason);
}

void Describe(Shape& shape, TargetHealthDescription& place) {
  shape.Required("Target", place.target);
  shape("TargetHealth", place.health);
}

void Describe(Shape& shape, DescribeTargetHealth& place) {
  shape.Required("TargetGroupArn", place.target_group_arn);
}

void Describe(Shape& shape, DescribeTargetHealthAnswer& place) {
  shape.Required("TargetHealthDescriptions", place.descriptions);
}

// The group of a simple forward stands beside the list of a weighted one, and may repeat it.
void Describe(Shape& shape, Action& place) {
  shape.Required("Type", place.type);
  std::string single = place.target_groups.size() == 1 ? place.target_groups.front() : "";
  std::optional<Forward> forward;
  if (!place.target_groups.empty()) forward.emplace();
  for (const std::string& arn : place.target_groups) forward->groups.push_back({arn});
  shape("TargetGroupArn", single)("ForwardConfig", forward);
  place.target_groups.clear();
  if (forward) {
    for (WeightedGroup& group : forward->groups) place.target_groups.push_back(std::move(group.arn));
  }
  if (place.target_groups.empty() && !single.empty()) place.target_groups.push_back(single);
}

void Describe(Shape& shape, Listener& place) {
  shape.Required("ListenerArn", place.arn);
  shape("LoadBalancerArn", place.load_balancer_arn);
  shape("Protocol", place.protocol);
  shape("Port", place.port);
  shape("DefaultActions", place.default_actions);
}

void Describe(Shape& shape, DescribeListeners& place) {
  shape("LoadBalancerArn", place.load_balancer_arn);
  shape("ListenerArns", place.arns);
  shape("PageSize", place.page_size);
  shape("Marker", place.page_token);
}

void Describe(Shape& shape, DescribeListenersAnswer& place) {
  shape.Required("Listeners", place.listeners);
  shape("NextMarker", place.next_page);
}

void Describe(Shape& shape, Rule& place) {
  shape.Required("RuleArn", place.arn);
  shape("Priority", place.priority);
  shape("IsDefault", place.is_default);
  shape("Actions", place.actions);
}

void Describe(Shape& shape, DescribeRules& place) {
  shape("ListenerArn", place.listener_arn);
  shape("RuleArns", place.arns);
  shape("PageSize", place.page_size);
  shape("Marker", place.page_token);
}

void Describe(Shape& shape, DescribeRulesAnswer& place) {
  shape.Required("Rules", place.rules);
  shape("NextMarker", place.next_page);
}

}  // namespace sallyport::aws::elbv2
