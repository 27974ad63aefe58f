// SPDX-License-Identifier: Apache-2.0
#include "aws_api/ec2.h"

namespace sallyport::aws::ec2 {
namespace {

constexpr Service kService{"ec2", "EC2", "ec2", "ec2", "ec2", Protocol::kEc2, "2016-11-15"};
constexpr Operation kDescribeInstances{.service = kService, .name = "DescribeInstances"};
constexpr Operation kDescribeIamInstanceProfileAssociations{.service = kService,
                                                            .name = "DescribeIamInstanceProfileAssociations"};
constexpr Operation kDescribeTags{.service = kService, .name = "DescribeTags"};
constexpr Operation kDescribeVpcEndpoints{.service = kService, .name = "DescribeVpcEndpoints"};
constexpr Operation kDescribeRegions{.service = kService, .name = "DescribeRegions"};

// `privateIpAddressesSet/item/privateIpAddress`: lists of structures of which one member counts.
struct PrivateAddress {
  std::string text{};
};
void Describe(Shape& shape, PrivateAddress& place) {
  shape.Required("privateIpAddress", place.text);
}
struct Ipv6Address {
  std::string text{};
};
void Describe(Shape& shape, Ipv6Address& place) {
  shape.Required("ipv6Address", place.text);
}
struct Group {
  std::string text{};
};
void Describe(Shape& shape, Group& place) {
  shape.Required("groupId", place.text);
}
struct Association {
  std::string public_ip{};
};
void Describe(Shape& shape, Association& place) {
  shape("publicIp", place.public_ip);
}
struct State {
  std::string name{};
};
void Describe(Shape& shape, State& place) {
  shape.Required("name", place.name);
}
struct Placement {
  std::string zone{};
};
void Describe(Shape& shape, Placement& place) {
  shape("availabilityZone", place.zone);
}

template <class Wrapped>
void Unwrapped(Shape& shape, std::string_view name, std::vector<std::string>& texts) {
  std::vector<Wrapped> list;
  list.reserve(texts.size());
  for (const std::string& text : texts) list.push_back({text});
  shape(name, list);
  texts.clear();
  for (Wrapped& item : list) texts.push_back(std::move(item.text));
}

}  // namespace

const Operation& DescribeInstances::Op() {
  return kDescribeInstances;
}

const Operation& DescribeIamInstanceProfileAssociations::Op() {
  return kDescribeIamInstanceProfileAssociations;
}

const Operation& DescribeTags::Op() {
  return kDescribeTags;
}

const Operation& DescribeVpcEndpoints::Op() {
  return kDescribeVpcEndpoints;
}

const Operation& DescribeRegions::Op() {
  return kDescribeRegions;
}

void Describe(Shape& shape, Filter& place) {
  shape.Required("Name", place.name);
  shape.Required("Value", place.values);
}

void Describe(Shape& shape, Tag& place) {
  shape.Required("key", place.key);
  shape("value", place.value);
}

void Describe(Shape& shape, InstanceProfile& place) {
  shape.Required("arn", place.arn);
  shape("id", place.id);
}

void Describe(Shape& shape, NetworkInterface& place) {
  shape.Required("networkInterfaceId", place.id);
  shape("privateIpAddress", place.private_ip);
  Unwrapped<PrivateAddress>(shape, "privateIpAddressesSet", place.private_ips);
  Unwrapped<Ipv6Address>(shape, "ipv6AddressesSet", place.ipv6_addresses);
  Association association{place.public_ip};
  shape("association", association);
  place.public_ip = association.public_ip;
  Unwrapped<Group>(shape, "groupSet", place.security_groups);
}

void Describe(Shape& shape, Instance& place) {
  shape.Required("instanceId", place.id);
  shape("imageId", place.image_id);
  State state{place.state};
  shape.Required("instanceState", state);
  place.state = state.name;
  shape("instanceType", place.type)("launchTime", place.launched)("platform", place.platform);
  shape("platformDetails", place.platform_details)("privateIpAddress", place.private_ip)("ipAddress", place.public_ip);
  shape("privateDnsName", place.private_dns)("dnsName", place.public_dns)("vpcId", place.vpc_id);
  shape("subnetId", place.subnet_id);
  Placement placement{place.availability_zone};
  shape("placement", placement);
  place.availability_zone = placement.zone;
  shape("iamInstanceProfile", place.profile)("tagSet", place.tags)("networkInterfaceSet", place.interfaces);
}

void Describe(Shape& shape, Reservation& place) {
  shape.Required("ownerId", place.owner_id);
  shape("instancesSet", place.instances);
}

void Describe(Shape& shape, DescribeInstances& place) {
  shape("InstanceId", place.instance_ids);
  shape("Filter", place.filters);
  shape("MaxResults", place.max_results);
  shape("NextToken", place.page_token);
}

void Describe(Shape& shape, DescribeInstancesAnswer& place) {
  shape.Required("reservationSet", place.reservations);
  shape("nextToken", place.next_page);
}

void Describe(Shape& shape, ProfileAssociation& place) {
  shape.Required("associationId", place.association_id);
  shape.Required("instanceId", place.instance_id);
  shape.Required("iamInstanceProfile", place.profile);
  shape.Required("state", place.state);
}

void Describe(Shape& shape, DescribeIamInstanceProfileAssociations& place) {
  shape("AssociationId", place.association_ids);
  shape("Filter", place.filters);
  shape("MaxResults", place.max_results);
  shape("NextToken", place.page_token);
}

void Describe(Shape& shape, DescribeIamInstanceProfileAssociationsAnswer& place) {
  shape.Required("iamInstanceProfileAssociationSet", place.associations);
  shape("nextToken", place.next_page);
}

void Describe(Shape& shape, TaggedResource& place) {
  shape.Required("resourceId", place.resource_id);
  shape("resourceType", place.resource_type);
  shape.Required("key", place.key);
  shape("value", place.value);
}

void Describe(Shape& shape, DescribeTags& place) {
  shape("Filter", place.filters);
  shape("MaxResults", place.max_results);
  shape("NextToken", place.page_token);
}

void Describe(Shape& shape, DescribeTagsAnswer& place) {
  shape.Required("tagSet", place.tags);
  shape("nextToken", place.next_page);
}

void Describe(Shape& shape, VpcEndpoint& place) {
  shape.Required("vpcEndpointId", place.id);
  shape("vpcEndpointType", place.type);
  shape.Required("vpcId", place.vpc_id);
  shape.Required("serviceName", place.service);
  shape("state", place.state);
  shape("policyDocument", place.policy);
}

void Describe(Shape& shape, DescribeVpcEndpoints& place) {
  shape("Filter", place.filters);
  shape("MaxResults", place.max_results);
  shape("NextToken", place.page_token);
}

void Describe(Shape& shape, DescribeVpcEndpointsAnswer& place) {
  shape("vpcEndpointSet", place.endpoints);
  shape("nextToken", place.next_page);
}

void Describe(Shape& shape, Region& place) {
  shape.Required("regionName", place.name);
  shape("regionEndpoint", place.endpoint);
  shape("optInStatus", place.opt_in_status);
}

void Describe(Shape& shape, DescribeRegions& place) {
  shape("RegionName", place.region_names);
  shape("AllRegions", place.all_regions);
}

void Describe(Shape& shape, DescribeRegionsAnswer& place) {
  shape.Required("regionInfo", place.regions);
}

}  // namespace sallyport::aws::ec2
