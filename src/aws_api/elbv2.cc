// SPDX-License-Identifier: Apache-2.0
#include "aws_api/elbv2.h"

#include "aws/table.h"

namespace sallyport::aws::elbv2 {
namespace {

constexpr Service kService{"elbv2",
                           "Elastic Load Balancing v2",
                           "elasticloadbalancing",
                           "elasticloadbalancing",
                           "elasticloadbalancing",
                           Protocol::kQuery,
                           "2015-12-01"};

constexpr auto kState = Table<LoadBalancer>({{"Code", Field<&LoadBalancer::state>}});
constexpr auto kLoadBalancer = Table<LoadBalancer>({{"LoadBalancerArn", Required<&LoadBalancer::arn>},
                                                    {"DNSName", Field<&LoadBalancer::dns_name>},
                                                    {"LoadBalancerName", Field<&LoadBalancer::name>},
                                                    {"Scheme", Field<&LoadBalancer::scheme>},
                                                    {"VpcId", Field<&LoadBalancer::vpc_id>},
                                                    {"State", Inside<kState>},
                                                    {"Type", Required<&LoadBalancer::type>}});
constexpr auto kDescribeLoadBalancers =
    Table<DescribeLoadBalancers>({{"LoadBalancerArns", Field<&DescribeLoadBalancers::arns>},
                                  {"Names", Field<&DescribeLoadBalancers::names>},
                                  {"PageSize", Field<&DescribeLoadBalancers::page_size>},
                                  {"Marker", Field<&DescribeLoadBalancers::page_token>}});
constexpr auto kDescribeLoadBalancersAnswer = Table<DescribeLoadBalancersAnswer>(
    {{"LoadBalancers", Required<&DescribeLoadBalancersAnswer::load_balancers, kLoadBalancer>},
     {"NextMarker", Field<&DescribeLoadBalancersAnswer::next_page>}});
constexpr auto kTargetGroup = Table<TargetGroup>({{"TargetGroupArn", Required<&TargetGroup::arn>},
                                                  {"TargetGroupName", Field<&TargetGroup::name>},
                                                  {"TargetType", Field<&TargetGroup::target_type>},
                                                  {"Protocol", Field<&TargetGroup::protocol>},
                                                  {"Port", Field<&TargetGroup::port>},
                                                  {"VpcId", Field<&TargetGroup::vpc_id>},
                                                  {"LoadBalancerArns", Field<&TargetGroup::load_balancer_arns>}});
constexpr auto kDescribeTargetGroups =
    Table<DescribeTargetGroups>({{"LoadBalancerArn", Field<&DescribeTargetGroups::load_balancer_arn>},
                                 {"TargetGroupArns", Field<&DescribeTargetGroups::arns>},
                                 {"Names", Field<&DescribeTargetGroups::names>},
                                 {"PageSize", Field<&DescribeTargetGroups::page_size>},
                                 {"Marker", Field<&DescribeTargetGroups::page_token>}});
constexpr auto kDescribeTargetGroupsAnswer = Table<DescribeTargetGroupsAnswer>(
    {{"TargetGroups", Required<&DescribeTargetGroupsAnswer::target_groups, kTargetGroup>},
     {"NextMarker", Field<&DescribeTargetGroupsAnswer::next_page>}});
constexpr auto kTarget = Table<Target>({{"Id", Required<&Target::id>},
                                        {"Port", Field<&Target::port>},
                                        {"AvailabilityZone", Field<&Target::availability_zone>}});
constexpr auto kTargetHealth =
    Table<TargetHealth>({{"State", Field<&TargetHealth::state>}, {"Reason", Field<&TargetHealth::reason>}});
constexpr auto kTargetHealthDescription =
    Table<TargetHealthDescription>({{"Target", Required<&TargetHealthDescription::target, kTarget>},
                                    {"TargetHealth", Field<&TargetHealthDescription::health, kTargetHealth>}});
constexpr auto kDescribeTargetHealth =
    Table<DescribeTargetHealth>({{"TargetGroupArn", Required<&DescribeTargetHealth::target_group_arn>}});
constexpr auto kDescribeTargetHealthAnswer = Table<DescribeTargetHealthAnswer>(
    {{"TargetHealthDescriptions", Required<&DescribeTargetHealthAnswer::descriptions, kTargetHealthDescription>}});
// The group of a simple forward stands beside the list of a weighted one, and may repeat it.
void TakeSimpleForward(Action& action) {
  if (action.target_groups.empty() && !action.target_group.empty()) action.target_groups = {action.target_group};
}
constexpr auto kWeightedGroup = Only("TargetGroupArn");
constexpr auto kForward = Table<Action>({{"TargetGroups", Field<&Action::target_groups, kWeightedGroup>}});
constexpr auto kAction = Table<Action>({{"Type", Required<&Action::type>},
                                        {"TargetGroupArn", Field<&Action::target_group>},
                                        {"ForwardConfig", Inside<kForward>}},
                                       Completed<&TakeSimpleForward>);
constexpr auto kListener = Table<Listener>({{"ListenerArn", Required<&Listener::arn>},
                                            {"LoadBalancerArn", Field<&Listener::load_balancer_arn>},
                                            {"Protocol", Field<&Listener::protocol>},
                                            {"Port", Field<&Listener::port>},
                                            {"DefaultActions", Field<&Listener::default_actions, kAction>}});
constexpr auto kDescribeListeners =
    Table<DescribeListeners>({{"LoadBalancerArn", Field<&DescribeListeners::load_balancer_arn>},
                              {"ListenerArns", Field<&DescribeListeners::arns>},
                              {"PageSize", Field<&DescribeListeners::page_size>},
                              {"Marker", Field<&DescribeListeners::page_token>}});
constexpr auto kDescribeListenersAnswer =
    Table<DescribeListenersAnswer>({{"Listeners", Required<&DescribeListenersAnswer::listeners, kListener>},
                                    {"NextMarker", Field<&DescribeListenersAnswer::next_page>}});
constexpr auto kRule = Table<Rule>({{"RuleArn", Required<&Rule::arn>},
                                    {"Priority", Field<&Rule::priority>},
                                    {"IsDefault", Field<&Rule::is_default>},
                                    {"Actions", Field<&Rule::actions, kAction>}});
constexpr auto kDescribeRules = Table<DescribeRules>({{"ListenerArn", Field<&DescribeRules::listener_arn>},
                                                      {"RuleArns", Field<&DescribeRules::arns>},
                                                      {"PageSize", Field<&DescribeRules::page_size>},
                                                      {"Marker", Field<&DescribeRules::page_token>}});
constexpr auto kDescribeRulesAnswer = Table<DescribeRulesAnswer>(
    {{"Rules", Required<&DescribeRulesAnswer::rules, kRule>}, {"NextMarker", Field<&DescribeRulesAnswer::next_page>}});

}  // namespace

const Operation DescribeLoadBalancers::kOp = Make<DescribeLoadBalancers>(
    {kService, "DescribeLoadBalancers"}, kDescribeLoadBalancers, kDescribeLoadBalancersAnswer);
const Operation DescribeTargetGroups::kOp =
    Make<DescribeTargetGroups>({kService, "DescribeTargetGroups"}, kDescribeTargetGroups, kDescribeTargetGroupsAnswer);
const Operation DescribeTargetHealth::kOp =
    Make<DescribeTargetHealth>({kService, "DescribeTargetHealth"}, kDescribeTargetHealth, kDescribeTargetHealthAnswer);
const Operation DescribeListeners::kOp =
    Make<DescribeListeners>({kService, "DescribeListeners"}, kDescribeListeners, kDescribeListenersAnswer);
const Operation DescribeRules::kOp =
    Make<DescribeRules>({kService, "DescribeRules"}, kDescribeRules, kDescribeRulesAnswer);

}  // namespace sallyport::aws::elbv2
