// SPDX-License-Identifier: Apache-2.0
#include "aws_api/elb.h"

#include "aws/table.h"

namespace sallyport::aws::elb {
namespace {

constexpr Service kService{"elb",
                           "Elastic Load Balancing",
                           "elasticloadbalancing",
                           "elasticloadbalancing",
                           "elasticloadbalancing",
                           Protocol::kQuery,
                           "2012-06-01"};

constexpr auto kInstance = Only("InstanceId");
constexpr auto kLoadBalancer = Table<LoadBalancer>({{"LoadBalancerName", Required<&LoadBalancer::name>},
                                                    {"DNSName", Field<&LoadBalancer::dns_name>},
                                                    {"Scheme", Field<&LoadBalancer::scheme>},
                                                    {"VPCId", Field<&LoadBalancer::vpc_id>},
                                                    {"Instances", Field<&LoadBalancer::instances, kInstance>}});
constexpr auto kDescribeLoadBalancers =
    Table<DescribeLoadBalancers>({{"LoadBalancerNames", Field<&DescribeLoadBalancers::names>},
                                  {"PageSize", Field<&DescribeLoadBalancers::page_size>},
                                  {"Marker", Field<&DescribeLoadBalancers::page_token>}});
constexpr auto kDescribeLoadBalancersAnswer = Table<DescribeLoadBalancersAnswer>(
    {{"LoadBalancerDescriptions", Required<&DescribeLoadBalancersAnswer::load_balancers, kLoadBalancer>},
     {"NextMarker", Field<&DescribeLoadBalancersAnswer::next_page>}});

}  // namespace

const Operation DescribeLoadBalancers::kOp = Make<DescribeLoadBalancers>(
    {kService, "DescribeLoadBalancers"}, kDescribeLoadBalancers, kDescribeLoadBalancersAnswer);

}  // namespace sallyport::aws::elb
