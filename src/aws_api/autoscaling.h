// SPDX-License-Identifier: Apache-2.0
//
// Auto Scaling, API version 2011-01-01.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"
#include "aws/shape.h"

namespace sallyport::aws::autoscaling {

struct Instance {
  std::string id{};
  std::string group{};
  std::string lifecycle_state{};
  std::string health_status{};
};

struct DescribeAutoScalingInstancesAnswer {
  std::vector<Instance> instances{};
  std::string next_page{};
  void Take(DescribeAutoScalingInstancesAnswer&& page) { Append(instances, page.instances); }
};
// At most 50 ids; unknown ones are left out of the answer.
struct DescribeAutoScalingInstances {
  using Answer = DescribeAutoScalingInstancesAnswer;
  static const Operation& Op();
  std::vector<std::string> instance_ids{};
  std::optional<std::int64_t> max_records{};
  std::string page_token{};
};

struct Tag {
  std::string key{};
  std::string value{};
};

struct Group {
  std::string name{};
  std::string arn{};
  std::vector<Instance> instances{};
  std::vector<std::string> target_group_arns{};
  std::vector<std::string> load_balancer_names{};
  std::vector<Tag> tags{};
};

struct DescribeAutoScalingGroupsAnswer {
  std::vector<Group> groups{};
  std::string next_page{};
  void Take(DescribeAutoScalingGroupsAnswer&& page) { Append(groups, page.groups); }
};
struct DescribeAutoScalingGroups {
  using Answer = DescribeAutoScalingGroupsAnswer;
  static const Operation& Op();
  std::vector<std::string> names{};
  std::optional<std::int64_t> max_records{};
  std::string page_token{};
};

void Describe(Shape& shape, Instance& place);
void Describe(Shape& shape, Tag& place);
void Describe(Shape& shape, Group& place);
void Describe(Shape& shape, DescribeAutoScalingInstances& place);
void Describe(Shape& shape, DescribeAutoScalingInstancesAnswer& place);
void Describe(Shape& shape, DescribeAutoScalingGroups& place);
void Describe(Shape& shape, DescribeAutoScalingGroupsAnswer& place);

}  // namespace sallyport::aws::autoscaling
