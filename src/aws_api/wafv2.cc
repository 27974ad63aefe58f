// SPDX-License-Identifier: Apache-2.0
#include "aws_api/wafv2.h"

#include <algorithm>
#include <array>

#include "aws/table.h"
#include "base/text.h"

namespace sallyport::aws::wafv2 {
namespace {

constexpr Service kService{"wafv2",           "WAFV2",      "wafv2",           "wafv2", "wafv2",
                           Protocol::kJson11, "2019-07-29", "AWSWAF_20190729", true};

constexpr auto kWebAclSummary = Table<WebAclSummary>({{"Name", Required<&WebAclSummary::name>},
                                                      {"Id", Required<&WebAclSummary::id>},
                                                      {"ARN", Required<&WebAclSummary::arn>},
                                                      {"LockToken", Field<&WebAclSummary::lock_token>}});
constexpr auto kListWebACLs = Table<ListWebACLs>({{"Scope", Required<&ListWebACLs::scope>},
                                                  {"Limit", Field<&ListWebACLs::limit>},
                                                  {"NextMarker", Field<&ListWebACLs::page_token>}});
constexpr auto kListWebACLsAnswer =
    Table<ListWebACLsAnswer>({{"WebACLs", Required<&ListWebACLsAnswer::web_acls, kWebAclSummary>},
                              {"NextMarker", Field<&ListWebACLsAnswer::next_page>}});
constexpr auto kListResourcesForWebACL =
    Table<ListResourcesForWebACL>({{"WebACLArn", Required<&ListResourcesForWebACL::web_acl_arn>},
                                   {"ResourceType", Field<&ListResourcesForWebACL::resource_type>}});
constexpr auto kListResourcesForWebACLAnswer =
    Table<ListResourcesForWebACLAnswer>({{"ResourceArns", Required<&ListResourcesForWebACLAnswer::resource_arns>}});
constexpr auto kGetWebACL = Table<GetWebACL>({{"Name", Field<&GetWebACL::name>},
                                              {"Scope", Field<&GetWebACL::scope>},
                                              {"Id", Field<&GetWebACL::id>},
                                              {"ARN", Field<&GetWebACL::arn>}});
constexpr auto kGetWebACLAnswer = Table<GetWebACLAnswer>(
    {{"WebACL", Required<&GetWebACLAnswer::web_acl>}, {"LockToken", Required<&GetWebACLAnswer::lock_token>}});
constexpr auto kUpdateWebACL = Table<UpdateWebACL>({{"", Rest<&UpdateWebACL::request>}});
constexpr auto kUpdateWebACLAnswer =
    Table<UpdateWebACLAnswer>({{"NextLockToken", Required<&UpdateWebACLAnswer::next_lock_token>}});
constexpr auto kManagedRuleGroup =
    Table<ManagedRuleGroup>({{"VendorName", Required<&ManagedRuleGroup::vendor>},
                             {"Name", Required<&ManagedRuleGroup::name>},
                             {"VersioningSupported", Field<&ManagedRuleGroup::versioning_supported>},
                             {"Description", Field<&ManagedRuleGroup::description>}});
constexpr auto kListAvailableManagedRuleGroups =
    Table<ListAvailableManagedRuleGroups>({{"Scope", Required<&ListAvailableManagedRuleGroups::scope>},
                                           {"Limit", Field<&ListAvailableManagedRuleGroups::limit>},
                                           {"NextMarker", Field<&ListAvailableManagedRuleGroups::page_token>}});
constexpr auto kListAvailableManagedRuleGroupsAnswer = Table<ListAvailableManagedRuleGroupsAnswer>(
    {{"ManagedRuleGroups", Required<&ListAvailableManagedRuleGroupsAnswer::groups, kManagedRuleGroup>},
     {"NextMarker", Field<&ListAvailableManagedRuleGroupsAnswer::next_page>}});
constexpr auto kGroupRule =
    Table<GroupRule>({{"Name", Required<&GroupRule::name>}, {"Action", Field<&GroupRule::action>}});
constexpr auto kDescribeManagedRuleGroup =
    Table<DescribeManagedRuleGroup>({{"VendorName", Required<&DescribeManagedRuleGroup::vendor>},
                                     {"Name", Required<&DescribeManagedRuleGroup::name>},
                                     {"Scope", Required<&DescribeManagedRuleGroup::scope>},
                                     {"VersionName", Field<&DescribeManagedRuleGroup::version>}});
constexpr auto kDescribeManagedRuleGroupAnswer = Table<DescribeManagedRuleGroupAnswer>(
    {{"VersionName", Field<&DescribeManagedRuleGroupAnswer::version>},
     {"Capacity", Field<&DescribeManagedRuleGroupAnswer::capacity>},
     {"Rules", Field<&DescribeManagedRuleGroupAnswer::rules, kGroupRule>},
     {"LabelNamespace", Field<&DescribeManagedRuleGroupAnswer::label_namespace>}});
constexpr auto kGroupVersion = Table<GroupVersion>(
    {{"Name", Required<&GroupVersion::name>}, {"LastUpdateTimestamp", Field<&GroupVersion::last_update>}});
constexpr auto kListAvailableManagedRuleGroupVersions = Table<ListAvailableManagedRuleGroupVersions>(
    {{"VendorName", Required<&ListAvailableManagedRuleGroupVersions::vendor>},
     {"Name", Required<&ListAvailableManagedRuleGroupVersions::name>},
     {"Scope", Required<&ListAvailableManagedRuleGroupVersions::scope>},
     {"Limit", Field<&ListAvailableManagedRuleGroupVersions::limit>},
     {"NextMarker", Field<&ListAvailableManagedRuleGroupVersions::page_token>}});
constexpr auto kListAvailableManagedRuleGroupVersionsAnswer = Table<ListAvailableManagedRuleGroupVersionsAnswer>(
    {{"Versions", Required<&ListAvailableManagedRuleGroupVersionsAnswer::versions, kGroupVersion>},
     {"CurrentDefaultVersion", Field<&ListAvailableManagedRuleGroupVersionsAnswer::current_default>},
     {"NextMarker", Field<&ListAvailableManagedRuleGroupVersionsAnswer::next_page>}});
constexpr auto kCheckCapacity =
    Table<CheckCapacity>({{"Scope", Required<&CheckCapacity::scope>}, {"Rules", Required<&CheckCapacity::rules>}});
constexpr auto kCheckCapacityAnswer =
    Table<CheckCapacityAnswer>({{"Capacity", Required<&CheckCapacityAnswer::capacity>}});
// Members of a web ACL as read that an update does not take (contract aws-api, section 6), and those that it gets from
// elsewhere.
constexpr std::array<std::string_view, 10> kNotSent = {"ARN",
                                                       "Capacity",
                                                       "LabelNamespace",
                                                       "ManagedByFirewallManager",
                                                       "PreProcessFirewallManagerRuleGroups",
                                                       "PostProcessFirewallManagerRuleGroups",
                                                       "RetrofittedByFirewallManager",
                                                       "Rules",
                                                       "Scope",
                                                       "LockToken"};

}  // namespace

const Operation ListWebACLs::kOp = Make<ListWebACLs>({kService, "ListWebACLs"}, kListWebACLs, kListWebACLsAnswer);
const Operation ListResourcesForWebACL::kOp = Make<ListResourcesForWebACL>(
    {kService, "ListResourcesForWebACL"}, kListResourcesForWebACL, kListResourcesForWebACLAnswer);
const Operation GetWebACL::kOp = Make<GetWebACL>({kService, "GetWebACL"}, kGetWebACL, kGetWebACLAnswer);
// The lock token lets one of two through. But an answer that was lost leaves open whether it was this one, and what is
// on its way may still arrive: its outcome is unknown, and is looked for.
const Operation UpdateWebACL::kOp =
    Make<UpdateWebACL>({.service = kService, .name = "UpdateWebACL", .repeatable = false, .changes = true},
                       kUpdateWebACL, kUpdateWebACLAnswer);
const Operation ListAvailableManagedRuleGroups::kOp =
    Make<ListAvailableManagedRuleGroups>({kService, "ListAvailableManagedRuleGroups"}, kListAvailableManagedRuleGroups,
                                         kListAvailableManagedRuleGroupsAnswer);
const Operation DescribeManagedRuleGroup::kOp = Make<DescribeManagedRuleGroup>(
    {kService, "DescribeManagedRuleGroup"}, kDescribeManagedRuleGroup, kDescribeManagedRuleGroupAnswer);
const Operation ListAvailableManagedRuleGroupVersions::kOp = Make<ListAvailableManagedRuleGroupVersions>(
    {kService, "ListAvailableManagedRuleGroupVersions"}, kListAvailableManagedRuleGroupVersions,
    kListAvailableManagedRuleGroupVersionsAnswer);
const Operation CheckCapacity::kOp =
    Make<CheckCapacity>({kService, "CheckCapacity"}, kCheckCapacity, kCheckCapacityAnswer);

Result<UpdateWebACL> Replacement(const GetWebACLAnswer& read, const std::string& scope, const Json& rules) {
  if (read.web_acl["ManagedByFirewallManager"].BoolOr(false)) {
    return Error{ErrorCode::kRefused,
                 "the web ACL `" + Printable(read.web_acl["Name"].StringOr(""), 128) + "` belongs to Firewall Manager",
                 "change the policy in Firewall Manager"};
  }
  for (const std::string_view needed : {"Name", "Id", "DefaultAction", "VisibilityConfig"}) {
    if (read.web_acl[needed].HasValue()) continue;
    return Error{ErrorCode::kBadAnswer, "the web ACL that was read lacks `" + std::string(needed) + "`", ""};
  }
  JsonWriter request;
  request.BeginObject().Member("Scope", scope).Member("LockToken", read.lock_token);
  for (const auto& [name, value] : read.web_acl.Members()) {
    // An empty description comes back and would be refused.
    const bool nothing = !value.HasValue() || (name == "Description" && value.StringOr("").empty());
    const bool sent = std::find(kNotSent.begin(), kNotSent.end(), name) == kNotSent.end();
    if (sent && !nothing) request.Key(name).Raw(value.ToText());
  }
  if (rules.HasValue()) request.Key("Rules").Raw(rules.ToText());
  const std::string text = request.EndObject().Take();
  auto made = Json::Parse(text, text.size());
  if (!made.ok()) return made.error();
  return UpdateWebACL{*std::move(made)};
}

}  // namespace sallyport::aws::wafv2
