// SPDX-License-Identifier: Apache-2.0
#include "aws_api/wafv2_sight.h"

#include "aws/table.h"

namespace sallyport::aws::wafv2 {
namespace {

constexpr Service kSightService{"wafv2",           "WAFV2",      "wafv2",           "wafv2", "wafv2",
                                Protocol::kJson11, "2019-07-29", "AWSWAF_20190729", true};

constexpr auto kLoggingConfiguration =
    Table<LoggingConfiguration>({{"ResourceArn", Required<&LoggingConfiguration::web_acl_arn>}});
constexpr auto kListLoggingConfigurations =
    Table<ListLoggingConfigurations>({{"Scope", Required<&ListLoggingConfigurations::scope>},
                                      {"Limit", Field<&ListLoggingConfigurations::limit>},
                                      {"NextMarker", Field<&ListLoggingConfigurations::page_token>}});
constexpr auto kListLoggingConfigurationsAnswer = Table<ListLoggingConfigurationsAnswer>(
    {{"LoggingConfigurations", Required<&ListLoggingConfigurationsAnswer::configurations, kLoggingConfiguration>},
     {"NextMarker", Field<&ListLoggingConfigurationsAnswer::next_page>}});

constexpr auto kTag = Table<Tag>({{"Key", Required<&Tag::key>}, {"Value", Field<&Tag::value>}});
constexpr auto kTagInfo =
    Table<ListTagsForResourceAnswer>({{"TagList", Field<&ListTagsForResourceAnswer::tags, kTag>}});
constexpr auto kListTagsForResource =
    Table<ListTagsForResource>({{"ResourceARN", Required<&ListTagsForResource::arn>},
                                {"Limit", Field<&ListTagsForResource::limit>},
                                {"NextMarker", Field<&ListTagsForResource::page_token>}});
constexpr auto kListTagsForResourceAnswer = Table<ListTagsForResourceAnswer>(
    {{"TagInfoForResource", RequiredInside<kTagInfo>}, {"NextMarker", Field<&ListTagsForResourceAnswer::next_page>}});

constexpr auto kSampledRequest =
    Table<SampledRequest>({{"Weight", Required<&SampledRequest::weight>},
                           {"Action", Field<&SampledRequest::action>},
                           {"OverriddenAction", Field<&SampledRequest::overridden_action>},
                           {"RuleNameWithinRuleGroup", Field<&SampledRequest::rule_within_group>},
                           {"Timestamp", Field<&SampledRequest::time>}});
constexpr auto kTimeWindow =
    Table<TimeWindow>({{"StartTime", Required<&TimeWindow::start>}, {"EndTime", Required<&TimeWindow::end>}});
constexpr auto kGetSampledRequests =
    Table<GetSampledRequests>({{"WebAclArn", Required<&GetSampledRequests::web_acl_arn>},
                               {"RuleMetricName", Required<&GetSampledRequests::metric_name>},
                               {"Scope", Required<&GetSampledRequests::scope>},
                               {"TimeWindow", Required<&GetSampledRequests::window, kTimeWindow>},
                               {"MaxItems", Required<&GetSampledRequests::max_items>}});
constexpr auto kGetSampledRequestsAnswer = Table<GetSampledRequestsAnswer>(
    {{"SampledRequests", Required<&GetSampledRequestsAnswer::requests, kSampledRequest>},
     {"PopulationSize", Field<&GetSampledRequestsAnswer::population>}});

constexpr auto kIpSetSummary = Table<IpSetSummary>({{"Name", Required<&IpSetSummary::name>},
                                                    {"Id", Required<&IpSetSummary::id>},
                                                    {"ARN", Required<&IpSetSummary::arn>}});
constexpr auto kListIPSets = Table<ListIPSets>({{"Scope", Required<&ListIPSets::scope>},
                                                {"Limit", Field<&ListIPSets::limit>},
                                                {"NextMarker", Field<&ListIPSets::page_token>}});
constexpr auto kListIPSetsAnswer =
    Table<ListIPSetsAnswer>({{"IPSets", Required<&ListIPSetsAnswer::sets, kIpSetSummary>},
                             {"NextMarker", Field<&ListIPSetsAnswer::next_page>}});
constexpr auto kIpSet = Table<IpSet>({{"Name", Required<&IpSet::name>},
                                      {"Id", Required<&IpSet::id>},
                                      {"ARN", Required<&IpSet::arn>},
                                      {"IPAddressVersion", Required<&IpSet::version>},
                                      {"Description", Field<&IpSet::description>},
                                      {"Addresses", Required<&IpSet::addresses>}});
constexpr auto kGetIPSet = Table<GetIPSet>(
    {{"Name", Required<&GetIPSet::name>}, {"Scope", Required<&GetIPSet::scope>}, {"Id", Required<&GetIPSet::id>}});
constexpr auto kGetIPSetAnswer = Table<GetIPSetAnswer>(
    {{"IPSet", Required<&GetIPSetAnswer::set, kIpSet>}, {"LockToken", Required<&GetIPSetAnswer::lock_token>}});
constexpr auto kUpdateIPSet = Table<UpdateIPSet>({{"Name", Required<&UpdateIPSet::name>},
                                                  {"Scope", Required<&UpdateIPSet::scope>},
                                                  {"Id", Required<&UpdateIPSet::id>},
                                                  {"Description", Field<&UpdateIPSet::description>},
                                                  {"Addresses", Required<&UpdateIPSet::addresses>},
                                                  {"LockToken", Required<&UpdateIPSet::lock_token>}});
constexpr auto kUpdateIPSetAnswer =
    Table<UpdateIPSetAnswer>({{"NextLockToken", Required<&UpdateIPSetAnswer::next_lock_token>}});

}  // namespace

const Operation ListLoggingConfigurations::kOp = Make<ListLoggingConfigurations>(
    {kSightService, "ListLoggingConfigurations"}, kListLoggingConfigurations, kListLoggingConfigurationsAnswer);
const Operation ListTagsForResource::kOp =
    Make<ListTagsForResource>({kSightService, "ListTagsForResource"}, kListTagsForResource, kListTagsForResourceAnswer);
const Operation GetSampledRequests::kOp =
    Make<GetSampledRequests>({kSightService, "GetSampledRequests"}, kGetSampledRequests, kGetSampledRequestsAnswer);
const Operation ListIPSets::kOp = Make<ListIPSets>({kSightService, "ListIPSets"}, kListIPSets, kListIPSetsAnswer);
const Operation GetIPSet::kOp = Make<GetIPSet>({kSightService, "GetIPSet"}, kGetIPSet, kGetIPSetAnswer);
// As UpdateWebACL.
const Operation UpdateIPSet::kOp =
    Make<UpdateIPSet>({.service = kSightService, .name = "UpdateIPSet", .repeatable = false, .changes = true},
                      kUpdateIPSet, kUpdateIPSetAnswer);

}  // namespace sallyport::aws::wafv2
