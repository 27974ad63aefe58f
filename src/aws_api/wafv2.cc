// SPDX-License-Identifier: Apache-2.0
#include "aws_api/wafv2.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace sallyport::aws::wafv2 {
namespace {

constexpr Service kService{"wafv2", "WAFV2",           "wafv2",      "wafv2",
                           "wafv2", Protocol::kJson11, "2019-07-29", "AWSWAF_20190729"};
constexpr Operation kListWebACLs{.service = kService, .name = "ListWebACLs"};
constexpr Operation kListResourcesForWebACL{.service = kService, .name = "ListResourcesForWebACL"};
constexpr Operation kGetWebACL{.service = kService, .name = "GetWebACL"};
constexpr Operation kUpdateWebACL{.service = kService, .name = "UpdateWebACL"};
constexpr Operation kListAvailableManagedRuleGroups{.service = kService, .name = "ListAvailableManagedRuleGroups"};
constexpr Operation kDescribeManagedRuleGroup{.service = kService, .name = "DescribeManagedRuleGroup"};
constexpr Operation kListAvailableManagedRuleGroupVersions{.service = kService,
                                                           .name = "ListAvailableManagedRuleGroupVersions"};
constexpr Operation kCheckCapacity{.service = kService, .name = "CheckCapacity"};

// Members of a web ACL as read that an update does not take (contract aws-api, section 6), and those that it gets from
// elsewhere.
constexpr std::array<std::string_view, 11> kNotSent = {"ARN",
                                                       "Capacity",
                                                       "LabelNamespace",
                                                       "ManagedByFirewallManager",
                                                       "PreProcessFirewallManagerRuleGroups",
                                                       "PostProcessFirewallManagerRuleGroups",
                                                       "RetrofittedByFirewallManager",
                                                       "Rules",
                                                       "Scope",
                                                       "LockToken",
                                                       "Description"};

}  // namespace

const Operation& ListWebACLs::Op() {
  return kListWebACLs;
}

const Operation& ListResourcesForWebACL::Op() {
  return kListResourcesForWebACL;
}

const Operation& GetWebACL::Op() {
  return kGetWebACL;
}

const Operation& UpdateWebACL::Op() {
  return kUpdateWebACL;
}

const Operation& ListAvailableManagedRuleGroups::Op() {
  return kListAvailableManagedRuleGroups;
}

const Operation& DescribeManagedRuleGroup::Op() {
  return kDescribeManagedRuleGroup;
}

const Operation& ListAvailableManagedRuleGroupVersions::Op() {
  return kListAvailableManagedRuleGroupVersions;
}

const Operation& CheckCapacity::Op() {
  return kCheckCapacity;
}

void Describe(Shape& shape, WebAclSummary& place) {
  shape.Required("Name", place.name);
  shape.Required("Id", place.id);
  shape.Required("ARN", place.arn);
  shape("LockToken", place.lock_token);
}

void Describe(Shape& shape, ListWebACLs& place) {
  shape.Required("Scope", place.scope);
  shape("Limit", place.limit);
  shape("NextMarker", place.page_token);
}

void Describe(Shape& shape, ListWebACLsAnswer& place) {
  shape.Required("WebACLs", place.web_acls);
  shape("NextMarker", place.next_page);
}

void Describe(Shape& shape, ListResourcesForWebACL& place) {
  shape.Required("WebACLArn", place.web_acl_arn);
  shape("ResourceType", place.resource_type);
}

void Describe(Shape& shape, ListResourcesForWebACLAnswer& place) {
  shape.Required("ResourceArns", place.resource_arns);
}

void Describe(Shape& shape, GetWebACL& place) {
  shape("Name", place.name);
  shape("Scope", place.scope);
  shape("Id", place.id);
  shape("ARN", place.arn);
}

void Describe(Shape& shape, GetWebACLAnswer& place) {
  shape.Required("WebACL", place.web_acl);
  shape.Required("LockToken", place.lock_token);
}

void Describe(Shape& shape, UpdateWebACL& place) {
  shape.Rest(place.web_acl);
  shape.Required("Scope", place.scope).Required("LockToken", place.lock_token);
  if (const std::string text = place.web_acl["Description"].StringOr(""); !text.empty()) {
    Json description = place.web_acl["Description"];  // an empty one comes back and is refused
    shape("Description", description);
  }
  for (auto& [name, value] : place.web_acl.Members()) {
    const bool sent = std::find(kNotSent.begin(), kNotSent.end(), name) == kNotSent.end();
    if (sent && value.HasValue()) shape(name, value);
  }
  shape("Rules", place.rules);
}

Result<UpdateWebACL> Replacement(const GetWebACLAnswer& read, std::string scope, Json rules) {
  if (read.web_acl["ManagedByFirewallManager"].BoolOr(false)) {
    return Error{ErrorCode::kRefused,
                 "the web ACL `" + Printable(read.web_acl["Name"].StringOr(""), 128) + "` belongs to Firewall Manager",
                 "change the policy in Firewall Manager"};
  }
  for (const std::string_view needed : {"Name", "Id", "DefaultAction", "VisibilityConfig"}) {
    if (read.web_acl[needed].HasValue()) continue;
    return Error{ErrorCode::kBadAnswer, "the web ACL that was read lacks `" + std::string(needed) + "`", ""};
  }
  return UpdateWebACL{std::move(scope), read.lock_token, read.web_acl, std::move(rules)};
}

void Describe(Shape& shape, UpdateWebACLAnswer& place) {
  shape.Required("NextLockToken", place.next_lock_token);
}

void Describe(Shape& shape, ManagedRuleGroup& place) {
  shape.Required("VendorName", place.vendor);
  shape.Required("Name", place.name);
  shape("VersioningSupported", place.versioning_supported);
  shape("Description", place.description);
}

void Describe(Shape& shape, ListAvailableManagedRuleGroups& place) {
  shape.Required("Scope", place.scope);
  shape("Limit", place.limit);
  shape("NextMarker", place.page_token);
}

void Describe(Shape& shape, ListAvailableManagedRuleGroupsAnswer& place) {
  shape.Required("ManagedRuleGroups", place.groups);
  shape("NextMarker", place.next_page);
}

void Describe(Shape& shape, GroupRule& place) {
  shape.Required("Name", place.name);
  shape("Action", place.action);
}

void Describe(Shape& shape, DescribeManagedRuleGroup& place) {
  shape.Required("VendorName", place.vendor);
  shape.Required("Name", place.name);
  shape.Required("Scope", place.scope);
  shape("VersionName", place.version);
}

void Describe(Shape& shape, DescribeManagedRuleGroupAnswer& place) {
  shape("VersionName", place.version);
  shape("Capacity", place.capacity);
  shape("Rules", place.rules);
  shape("LabelNamespace", place.label_namespace);
}

void Describe(Shape& shape, GroupVersion& place) {
  shape.Required("Name", place.name);
  shape("LastUpdateTimestamp", place.last_update);
}

void Describe(Shape& shape, ListAvailableManagedRuleGroupVersions& place) {
  shape.Required("VendorName", place.vendor);
  shape.Required("Name", place.name);
  shape.Required("Scope", place.scope);
  shape("Limit", place.limit);
  shape("NextMarker", place.page_token);
}

void Describe(Shape& shape, ListAvailableManagedRuleGroupVersionsAnswer& place) {
  shape.Required("Versions", place.versions);
  shape("CurrentDefaultVersion", place.current_default);
  shape("NextMarker", place.next_page);
}

void Describe(Shape& shape, CheckCapacity& place) {
  shape.Required("Scope", place.scope);
  shape.Required("Rules", place.rules);
}

void Describe(Shape& shape, CheckCapacityAnswer& place) {
  shape.Required("Capacity", place.capacity);
}

}  // namespace sallyport::aws::wafv2
