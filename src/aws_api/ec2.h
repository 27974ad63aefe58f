// SPDX-License-Identifier: Apache-2.0
//
// EC2, API version 2016-11-15, as far as we read it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"
#include "base/time.h"

namespace sallyport::aws::ec2 {

// `Filter.1.Name=instance-id`, `Filter.1.Value.1=i-...`: at most 200 values. A filter finds nothing for an instance
// that is gone; naming it in instance_ids fails the whole call.
struct Filter {
  std::string name{};
  std::vector<std::string> values{};
};

struct Tag {
  std::string key{};
  std::string value{};
};

// Of an instance: which instance profile it runs with.
struct InstanceProfile {
  std::string arn{};
  std::string id{};
};

struct NetworkInterface {
  std::string id{};
  std::string private_ip{};
  std::vector<std::string> private_ips{};
  std::vector<std::string> ipv6_addresses{};
  std::string public_ip{};
  std::vector<std::string> security_groups{};  // ids
};

struct Instance {
  std::string id{};
  std::string image_id{};
  std::string state{};  // pending, running, shutting-down, terminated, stopping, stopped
  std::string type{};
  std::optional<TimePoint> launched{};
  std::string platform{};  // "windows" or empty
  std::string platform_details{};
  std::string private_ip{};
  std::string public_ip{};
  std::string private_dns{};
  std::string public_dns{};
  std::string vpc_id{};
  std::string subnet_id{};
  std::string availability_zone{};
  std::optional<InstanceProfile> profile{};
  std::vector<Tag> tags{};
  std::vector<NetworkInterface> interfaces{};
};

struct Reservation {
  std::string owner_id{};
  std::vector<Instance> instances{};
};

struct DescribeInstancesAnswer {
  std::vector<Reservation> reservations{};
  std::string next_page{};
};
// Always with filters, ids or max_results: without, EC2 counts the call against a smaller limit. max_results (5 to
// 1000) cannot go together with instance_ids.
struct DescribeInstances {
  using Answer = DescribeInstancesAnswer;
  static const Operation kOp;
  std::vector<std::string> instance_ids{};
  std::vector<Filter> filters{};
  std::optional<std::int64_t> max_results{};
  std::string page_token{};
};

struct VpcEndpoint {
  std::string id{};
  std::string type{};  // Gateway, Interface, ...
  std::string vpc_id{};
  std::string service{};  // com.amazonaws.REGION.s3
  std::string state{};    // available, pending, deleted, ...
  std::string policy{};   // JSON text
};

struct DescribeVpcEndpointsAnswer {
  std::vector<VpcEndpoint> endpoints{};
  std::string next_page{};
};
// ec2:DescribeVpcEndpoints
struct DescribeVpcEndpoints {
  using Answer = DescribeVpcEndpointsAnswer;
  static const Operation kOp;
  std::vector<Filter> filters{};
  std::optional<std::int64_t> max_results{};
  std::string page_token{};
};

struct Region {
  std::string name{};
  std::string endpoint{};
  std::string opt_in_status{};  // opt-in-not-required, opted-in, not-opted-in
};

struct DescribeRegionsAnswer {
  std::vector<Region> regions{};
};
struct DescribeRegions {
  using Answer = DescribeRegionsAnswer;
  static const Operation kOp;
  std::vector<std::string> region_names{};
  std::optional<bool> all_regions{};  // those that are not enabled too
};

}  // namespace sallyport::aws::ec2
