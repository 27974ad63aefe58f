// SPDX-License-Identifier: Apache-2.0
#include "aws_api/autoscaling.h"

namespace sallyport::aws::autoscaling {
namespace {

constexpr Service kService{"autoscaling", "Auto Scaling",   "autoscaling", "autoscaling",
                           "autoscaling", Protocol::kQuery, "2011-01-01"};
constexpr Operation kDescribeAutoScalingInstances{.service = kService, .name = "DescribeAutoScalingInstances"};
constexpr Operation kDescribeAutoScalingGroups{.service = kService, .name = "DescribeAutoScalingGroups"};

}  // namespace

const Operation& DescribeAutoScalingInstances::Op() {
  return kDescribeAutoScalingInstances;
}

const Operation& DescribeAutoScalingGroups::Op() {
  return kDescribeAutoScalingGroups;
}

void Describe(Shape& shape, Instance& place) {
  shape.Required("InstanceId", place.id);
  shape("AutoScalingGroupName", place.group);
  shape("LifecycleState", place.lifecycle_state);
  shape("HealthStatus", place.health_status);
}

void Describe(Shape& shape, DescribeAutoScalingInstances& place) {
  shape("InstanceIds", place.instance_ids);
  shape("MaxRecords", place.max_records);
  shape("NextToken", place.page_token);
}

void Describe(Shape& shape, DescribeAutoScalingInstancesAnswer& place) {
  shape.Required("AutoScalingInstances", place.instances);
  shape("NextToken", place.next_page);
}

void Describe(Shape& shape, Tag& place) {
  shape.Required("Key", place.key);
  shape("Value", place.value);
}

void Describe(Shape& shape, Group& place) {
  shape.Required("AutoScalingGroupName", place.name);
  shape("AutoScalingGroupARN", place.arn);
  shape("Instances", place.instances);
  shape("TargetGroupARNs", place.target_group_arns);
  shape("LoadBalancerNames", place.load_balancer_names);
  shape("Tags", place.tags);
}

void Describe(Shape& shape, DescribeAutoScalingGroups& place) {
  shape("AutoScalingGroupNames", place.names);
  shape("MaxRecords", place.max_records);
  shape("NextToken", place.page_token);
}

void Describe(Shape& shape, DescribeAutoScalingGroupsAnswer& place) {
  shape.Required("AutoScalingGroups", place.groups);
  shape("NextToken", place.next_page);
}

}  // namespace sallyport::aws::autoscaling
