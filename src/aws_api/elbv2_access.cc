// SPDX-License-Identifier: Apache-2.0
#include "aws_api/elbv2_access.h"

#include "aws/table.h"

namespace sallyport::aws::elbv2 {
namespace {

constexpr Service kAccessService{"elbv2",
                                 "Elastic Load Balancing v2",
                                 "elasticloadbalancing",
                                 "elasticloadbalancing",
                                 "elasticloadbalancing",
                                 Protocol::kQuery,
                                 "2015-12-01"};

constexpr auto kOpenBalancer = Table<OpenBalancer>({{"LoadBalancerArn", Required<&OpenBalancer::arn>},
                                                    {"DNSName", Field<&OpenBalancer::dns_name>},
                                                    {"LoadBalancerName", Field<&OpenBalancer::name>},
                                                    {"Scheme", Field<&OpenBalancer::scheme>},
                                                    {"VpcId", Field<&OpenBalancer::vpc_id>},
                                                    {"Type", Required<&OpenBalancer::type>},
                                                    {"SecurityGroups", Field<&OpenBalancer::security_groups>}});
constexpr auto kListBalancers = Table<ListBalancers>(
    {{"PageSize", Field<&ListBalancers::page_size>}, {"Marker", Field<&ListBalancers::page_token>}});
constexpr auto kListBalancersAnswer =
    Table<ListBalancersAnswer>({{"LoadBalancers", Required<&ListBalancersAnswer::balancers, kOpenBalancer>},
                                {"NextMarker", Field<&ListBalancersAnswer::next_page>}});

constexpr auto kHeaderCondition = Table<Condition>({{"HttpHeaderName", Field<&Condition::header>}});
constexpr auto kCondition =
    Table<Condition>({{"Field", Required<&Condition::field>}, {"HttpHeaderConfig", Inside<kHeaderCondition>}});
constexpr auto kActionType = Only("Type");
constexpr auto kOpenRule = Table<OpenRule>({{"RuleArn", Required<&OpenRule::arn>},
                                            {"Actions", Field<&OpenRule::actions, kActionType>},
                                            {"Conditions", Field<&OpenRule::conditions, kCondition>}});
constexpr auto kListRules = Table<ListRules>({{"ListenerArn", Required<&ListRules::listener_arn>},
                                              {"PageSize", Field<&ListRules::page_size>},
                                              {"Marker", Field<&ListRules::page_token>}});
constexpr auto kListRulesAnswer = Table<ListRulesAnswer>(
    {{"Rules", Required<&ListRulesAnswer::rules, kOpenRule>}, {"NextMarker", Field<&ListRulesAnswer::next_page>}});

}  // namespace

const Operation ListBalancers::kOp =
    Make<ListBalancers>({kAccessService, "DescribeLoadBalancers"}, kListBalancers, kListBalancersAnswer);
const Operation ListRules::kOp = Make<ListRules>({kAccessService, "DescribeRules"}, kListRules, kListRulesAnswer);

}  // namespace sallyport::aws::elbv2
