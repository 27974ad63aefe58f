// SPDX-License-Identifier: Apache-2.0
#include "aws_api/ec2.h"

#include "aws/table.h"

namespace sallyport::aws::ec2 {
namespace {

constexpr Service kService{"ec2", "EC2", "ec2", "ec2", "ec2", Protocol::kEc2, "2016-11-15"};

constexpr auto kFilter = Table<Filter>({{"Name", Required<&Filter::name>}, {"Value", Required<&Filter::values>}});
constexpr auto kTag = Table<Tag>({{"key", Required<&Tag::key>}, {"value", Field<&Tag::value>}});
constexpr auto kInstanceProfile =
    Table<InstanceProfile>({{"arn", Required<&InstanceProfile::arn>}, {"id", Field<&InstanceProfile::id>}});
constexpr auto kPrivateAddress = Only("privateIpAddress");
constexpr auto kIpv6Address = Only("ipv6Address");
constexpr auto kGroup = Only("groupId");
constexpr auto kAssociation = Table<NetworkInterface>({{"publicIp", Field<&NetworkInterface::public_ip>}});
constexpr auto kNetworkInterface =
    Table<NetworkInterface>({{"networkInterfaceId", Required<&NetworkInterface::id>},
                             {"privateIpAddress", Field<&NetworkInterface::private_ip>},
                             {"privateIpAddressesSet", Field<&NetworkInterface::private_ips, kPrivateAddress>},
                             {"ipv6AddressesSet", Field<&NetworkInterface::ipv6_addresses, kIpv6Address>},
                             {"association", Inside<kAssociation>},
                             {"groupSet", Field<&NetworkInterface::security_groups, kGroup>}});
constexpr auto kState = Table<Instance>({{"name", Required<&Instance::state>}});
constexpr auto kPlacement = Table<Instance>({{"availabilityZone", Field<&Instance::availability_zone>}});
constexpr auto kInstance = Table<Instance>({{"instanceId", Required<&Instance::id>},
                                            {"imageId", Field<&Instance::image_id>},
                                            {"instanceState", RequiredInside<kState>},
                                            {"instanceType", Field<&Instance::type>},
                                            {"launchTime", Field<&Instance::launched>},
                                            {"platform", Field<&Instance::platform>},
                                            {"platformDetails", Field<&Instance::platform_details>},
                                            {"privateIpAddress", Field<&Instance::private_ip>},
                                            {"ipAddress", Field<&Instance::public_ip>},
                                            {"privateDnsName", Field<&Instance::private_dns>},
                                            {"dnsName", Field<&Instance::public_dns>},
                                            {"vpcId", Field<&Instance::vpc_id>},
                                            {"subnetId", Field<&Instance::subnet_id>},
                                            {"placement", Inside<kPlacement>},
                                            {"iamInstanceProfile", Field<&Instance::profile, kInstanceProfile>},
                                            {"tagSet", Field<&Instance::tags, kTag>},
                                            {"networkInterfaceSet", Field<&Instance::interfaces, kNetworkInterface>}});
constexpr auto kReservation = Table<Reservation>(
    {{"ownerId", Required<&Reservation::owner_id>}, {"instancesSet", Field<&Reservation::instances, kInstance>}});
constexpr auto kDescribeInstances = Table<DescribeInstances>({{"InstanceId", Field<&DescribeInstances::instance_ids>},
                                                              {"Filter", Field<&DescribeInstances::filters, kFilter>},
                                                              {"MaxResults", Field<&DescribeInstances::max_results>},
                                                              {"NextToken", Field<&DescribeInstances::page_token>}});
constexpr auto kDescribeInstancesAnswer =
    Table<DescribeInstancesAnswer>({{"reservationSet", Required<&DescribeInstancesAnswer::reservations, kReservation>},
                                    {"nextToken", Field<&DescribeInstancesAnswer::next_page>}});
constexpr auto kVpcEndpoint = Table<VpcEndpoint>({{"vpcEndpointId", Required<&VpcEndpoint::id>},
                                                  {"vpcEndpointType", Field<&VpcEndpoint::type>},
                                                  {"vpcId", Required<&VpcEndpoint::vpc_id>},
                                                  {"serviceName", Required<&VpcEndpoint::service>},
                                                  {"state", Field<&VpcEndpoint::state>},
                                                  {"policyDocument", Field<&VpcEndpoint::policy>}});
constexpr auto kDescribeVpcEndpoints =
    Table<DescribeVpcEndpoints>({{"Filter", Field<&DescribeVpcEndpoints::filters, kFilter>},
                                 {"MaxResults", Field<&DescribeVpcEndpoints::max_results>},
                                 {"NextToken", Field<&DescribeVpcEndpoints::page_token>}});
constexpr auto kDescribeVpcEndpointsAnswer =
    Table<DescribeVpcEndpointsAnswer>({{"vpcEndpointSet", Field<&DescribeVpcEndpointsAnswer::endpoints, kVpcEndpoint>},
                                       {"nextToken", Field<&DescribeVpcEndpointsAnswer::next_page>}});
constexpr auto kRegion = Table<Region>({{"regionName", Required<&Region::name>},
                                        {"regionEndpoint", Field<&Region::endpoint>},
                                        {"optInStatus", Field<&Region::opt_in_status>}});
constexpr auto kDescribeRegions = Table<DescribeRegions>(
    {{"RegionName", Field<&DescribeRegions::region_names>}, {"AllRegions", Field<&DescribeRegions::all_regions>}});
constexpr auto kDescribeRegionsAnswer =
    Table<DescribeRegionsAnswer>({{"regionInfo", Required<&DescribeRegionsAnswer::regions, kRegion>}});

}  // namespace

const Operation DescribeInstances::kOp =
    Make<DescribeInstances>({kService, "DescribeInstances"}, kDescribeInstances, kDescribeInstancesAnswer);
const Operation DescribeVpcEndpoints::kOp =
    Make<DescribeVpcEndpoints>({kService, "DescribeVpcEndpoints"}, kDescribeVpcEndpoints, kDescribeVpcEndpointsAnswer);
const Operation DescribeRegions::kOp =
    Make<DescribeRegions>({kService, "DescribeRegions"}, kDescribeRegions, kDescribeRegionsAnswer);

}  // namespace sallyport::aws::ec2
