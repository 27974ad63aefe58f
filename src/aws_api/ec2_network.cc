// SPDX-License-Identifier: Apache-2.0
#include "aws_api/ec2_network.h"

#include "aws/table.h"

namespace sallyport::aws::ec2 {
namespace {

constexpr Service kNetworkService{"ec2", "EC2", "ec2", "ec2", "ec2", Protocol::kEc2, "2016-11-15"};

constexpr auto kNetworkFilter =
    Table<Filter>({{"Name", Required<&Filter::name>}, {"Value", Required<&Filter::values>}});
constexpr auto kListedAddress = Only("privateIpAddress");
constexpr auto kListedGroup = Only("groupId");
constexpr auto kAttachment = Table<ListedInterface>({{"instanceId", Field<&ListedInterface::instance>}});
constexpr auto kListedInterface =
    Table<ListedInterface>({{"networkInterfaceId", Required<&ListedInterface::id>},
                            {"vpcId", Field<&ListedInterface::vpc_id>},
                            {"description", Field<&ListedInterface::description>},
                            {"interfaceType", Field<&ListedInterface::type>},
                            {"attachment", Inside<kAttachment>},
                            {"privateIpAddress", Field<&ListedInterface::private_ip>},
                            {"privateIpAddressesSet", Field<&ListedInterface::private_ips, kListedAddress>},
                            {"groupSet", Field<&ListedInterface::security_groups, kListedGroup>}});
constexpr auto kDescribeNetworkInterfaces =
    Table<DescribeNetworkInterfaces>({{"Filter", Field<&DescribeNetworkInterfaces::filters, kNetworkFilter>},
                                      {"MaxResults", Field<&DescribeNetworkInterfaces::max_results>},
                                      {"NextToken", Field<&DescribeNetworkInterfaces::page_token>}});
constexpr auto kDescribeNetworkInterfacesAnswer = Table<DescribeNetworkInterfacesAnswer>(
    {{"networkInterfaceSet", Required<&DescribeNetworkInterfacesAnswer::interfaces, kListedInterface>},
     {"nextToken", Field<&DescribeNetworkInterfacesAnswer::next_page>}});

constexpr auto kRange = Only("cidrIp");
constexpr auto kIpv6Range = Only("cidrIpv6");
constexpr auto kListedPrefixList = Only("prefixListId");
constexpr auto kIpPermission =
    Table<IpPermission>({{"ipProtocol", Required<&IpPermission::protocol>},
                         {"fromPort", Field<&IpPermission::from_port>},
                         {"toPort", Field<&IpPermission::to_port>},
                         {"ipRanges", Field<&IpPermission::ranges, kRange>},
                         {"ipv6Ranges", Field<&IpPermission::ipv6_ranges, kIpv6Range>},
                         {"prefixListIds", Field<&IpPermission::prefix_lists, kListedPrefixList>}});
constexpr auto kSecurityGroup =
    Table<SecurityGroup>({{"groupId", Required<&SecurityGroup::id>},
                          {"vpcId", Field<&SecurityGroup::vpc_id>},
                          {"ipPermissions", Field<&SecurityGroup::ingress, kIpPermission>}});
constexpr auto kDescribeSecurityGroups =
    Table<DescribeSecurityGroups>({{"Filter", Field<&DescribeSecurityGroups::filters, kNetworkFilter>},
                                   {"MaxResults", Field<&DescribeSecurityGroups::max_results>},
                                   {"NextToken", Field<&DescribeSecurityGroups::page_token>}});
constexpr auto kDescribeSecurityGroupsAnswer = Table<DescribeSecurityGroupsAnswer>(
    {{"securityGroupInfo", Required<&DescribeSecurityGroupsAnswer::groups, kSecurityGroup>},
     {"nextToken", Field<&DescribeSecurityGroupsAnswer::next_page>}});

constexpr auto kPrefixList = Table<PrefixList>({{"prefixListId", Required<&PrefixList::id>},
                                                {"prefixListName", Field<&PrefixList::name>},
                                                {"ownerId", Field<&PrefixList::owner>}});
constexpr auto kDescribeManagedPrefixLists =
    Table<DescribeManagedPrefixLists>({{"MaxResults", Field<&DescribeManagedPrefixLists::max_results>},
                                       {"NextToken", Field<&DescribeManagedPrefixLists::page_token>}});
constexpr auto kDescribeManagedPrefixListsAnswer = Table<DescribeManagedPrefixListsAnswer>(
    {{"prefixListSet", Required<&DescribeManagedPrefixListsAnswer::lists, kPrefixList>},
     {"nextToken", Field<&DescribeManagedPrefixListsAnswer::next_page>}});

}  // namespace

const Operation DescribeNetworkInterfaces::kOp = Make<DescribeNetworkInterfaces>(
    {kNetworkService, "DescribeNetworkInterfaces"}, kDescribeNetworkInterfaces, kDescribeNetworkInterfacesAnswer);
const Operation DescribeSecurityGroups::kOp = Make<DescribeSecurityGroups>(
    {kNetworkService, "DescribeSecurityGroups"}, kDescribeSecurityGroups, kDescribeSecurityGroupsAnswer);
const Operation DescribeManagedPrefixLists::kOp = Make<DescribeManagedPrefixLists>(
    {kNetworkService, "DescribeManagedPrefixLists"}, kDescribeManagedPrefixLists, kDescribeManagedPrefixListsAnswer);

}  // namespace sallyport::aws::ec2
