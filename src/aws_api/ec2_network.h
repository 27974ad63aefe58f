// SPDX-License-Identifier: Apache-2.0
//
// EC2, API version 2016-11-15: what says who may come from the internet, and whose an address is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"
#include "aws_api/ec2.h"

namespace sallyport::aws::ec2 {

// A network interface of whatever: an instance, an ECS task, a load balancer, a function.
struct ListedInterface {
  std::string id{};
  std::string vpc_id{};
  std::string description{};
  std::string type{};      // interface, lambda, nat_gateway, ...
  std::string instance{};  // it is attached to; empty: to none
  std::string private_ip{};
  std::vector<std::string> private_ips{};
  std::vector<std::string> security_groups{};  // ids
};
struct DescribeNetworkInterfacesAnswer {
  std::vector<ListedInterface> interfaces{};
  std::string next_page{};
};
struct DescribeNetworkInterfaces {
  using Answer = DescribeNetworkInterfacesAnswer;
  static const Operation kOp;
  std::vector<Filter> filters{};
  std::optional<std::int64_t> max_results{};  // 5 to 1000
  std::string page_token{};
};

// One permission. Without ports it is for all.
struct IpPermission {
  std::string protocol{};  // tcp, udp, icmp, a number, or -1 for all
  std::optional<std::int64_t> from_port{};
  std::optional<std::int64_t> to_port{};
  std::vector<std::string> ranges{};
  std::vector<std::string> ipv6_ranges{};
  std::vector<std::string> prefix_lists{};  // ids
};
struct SecurityGroup {
  std::string id{};
  std::string vpc_id{};
  std::vector<IpPermission> ingress{};
};
struct DescribeSecurityGroupsAnswer {
  std::vector<SecurityGroup> groups{};
  std::string next_page{};
};
struct DescribeSecurityGroups {
  using Answer = DescribeSecurityGroupsAnswer;
  static const Operation kOp;
  std::vector<Filter> filters{};
  std::optional<std::int64_t> max_results{};  // 5 to 1000
  std::string page_token{};
};

struct PrefixList {
  std::string id{};
  std::string name{};   // com.amazonaws.global.cloudfront.origin-facing
  std::string owner{};  // AWS, or an account
};
struct DescribeManagedPrefixListsAnswer {
  std::vector<PrefixList> lists{};
  std::string next_page{};
};
struct DescribeManagedPrefixLists {
  using Answer = DescribeManagedPrefixListsAnswer;
  static const Operation kOp;
  std::optional<std::int64_t> max_results{};  // 1 to 100
  std::string page_token{};
};

}  // namespace sallyport::aws::ec2
