// SPDX-License-Identifier: Apache-2.0
#include "aws_api/elb.h"

namespace sallyport::aws::elb {
namespace {

constexpr Service kService{"elb",
                           "Elastic Load Balancing",
                           "elasticloadbalancing",
                           "elasticloadbalancing",
                           "elasticloadbalancing",
                           Protocol::kQuery,
                           "2012-06-01"};
constexpr Operation kDescribeLoadBalancers{.service = kService, .name = "DescribeLoadBalancers"};

struct Instance {
  std::string id{};
};
void Describe(Shape& shape, Instance& place) {
  shape.Required("InstanceId", place.id);
}

}  // namespace

const Operation& DescribeLoadBalancers::Op() {
  return kDescribeLoadBalancers;
}

void Describe(Shape& shape, LoadBalancer& place) {
  shape.Required("LoadBalancerName", place.name)("DNSName", place.dns_name)("Scheme", place.scheme);
  shape("VPCId", place.vpc_id);
  std::vector<Instance> instances;
  instances.reserve(place.instances.size());
  for (const std::string& id : place.instances) instances.push_back({id});
  shape("Instances", instances);
  place.instances.clear();
  for (Instance& instance : instances) place.instances.push_back(std::move(instance.id));
}

void Describe(Shape& shape, DescribeLoadBalancers& place) {
  shape("LoadBalancerNames", place.names);
  shape("PageSize", place.page_size);
  shape("Marker", place.page_token);
}

void Describe(Shape& shape, DescribeLoadBalancersAnswer& place) {
  shape.Required("LoadBalancerDescriptions", place.load_balancers);
  shape("NextMarker", place.next_page);
}

}  // namespace sallyport::aws::elb
