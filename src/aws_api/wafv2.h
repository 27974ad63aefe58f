// SPDX-License-Identifier: Apache-2.0
//
// WAFv2, API version 2019-07-29. `scope` is REGIONAL or CLOUDFRONT; the latter goes to us-east-1 by itself.
//
// Web ACLs are kept as the JSON that came, since an update replaces all of one and new members appear every year.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/codec.h"
#include "aws/operation.h"
#include "aws/shape.h"

namespace sallyport::aws::wafv2 {

struct WebAclSummary {
  std::string name{};
  std::string id{};
  std::string arn{};
  std::string lock_token{};
};

struct ListWebACLsAnswer {
  std::vector<WebAclSummary> web_acls{};
  std::string next_page{};
  bool IsLast() const { return web_acls.empty(); }
  void Take(ListWebACLsAnswer&& page) { Append(web_acls, page.web_acls); }
};
struct ListWebACLs {
  using Answer = ListWebACLsAnswer;
  static const Operation& Op();
  std::string scope{};
  std::optional<std::int64_t> limit{};
  std::string page_token{};
  bool IsGlobal() const { return scope == "CLOUDFRONT"; }
};

struct ListResourcesForWebACLAnswer {
  std::vector<std::string> resource_arns{};
};
// `resource_type`: APPLICATION_LOAD_BALANCER also when empty.
struct ListResourcesForWebACL {
  using Answer = ListResourcesForWebACLAnswer;
  static const Operation& Op();
  std::string web_acl_arn{};
  std::string resource_type{};
};

struct GetWebACLAnswer {
  Json web_acl{};
  std::string lock_token{};
};

// By name, scope and id, or by ARN alone.
struct GetWebACL {
  using Answer = GetWebACLAnswer;
  static const Operation& Op();
  std::string name{};
  std::string scope{};
  std::string id{};
  std::string arn{};
  bool IsGlobal() const { return scope == "CLOUDFRONT"; }
};

struct UpdateWebACLAnswer {
  std::string next_lock_token{};
};
// Made by Replacement() from what was read; sends every member of it that an update takes, known to us or not.
struct UpdateWebACL {
  using Answer = UpdateWebACLAnswer;
  static const Operation& Op();
  std::string scope{};
  std::string lock_token{};
  Json web_acl{};
  Json rules{};  // takes the place of the web ACL's own
  bool IsGlobal() const { return scope == "CLOUDFRONT"; }
};
// kRefused when Firewall Manager owns the web ACL; kBadAnswer when what was read lacks what an update needs.
Result<UpdateWebACL> Replacement(const GetWebACLAnswer& read, std::string scope, Json rules);

struct ManagedRuleGroup {
  std::string vendor{};
  std::string name{};
  std::optional<bool> versioning_supported{};
  std::string description{};
};

struct ListAvailableManagedRuleGroupsAnswer {
  std::vector<ManagedRuleGroup> groups{};
  std::string next_page{};
  bool IsLast() const { return groups.empty(); }
  void Take(ListAvailableManagedRuleGroupsAnswer&& page) { Append(groups, page.groups); }
};
struct ListAvailableManagedRuleGroups {
  using Answer = ListAvailableManagedRuleGroupsAnswer;
  static const Operation& Op();
  std::string scope{};
  std::optional<std::int64_t> limit{};
  std::string page_token{};
  bool IsGlobal() const { return scope == "CLOUDFRONT"; }
};

struct GroupRule {
  std::string name{};
  Json action{};
};

struct DescribeManagedRuleGroupAnswer {
  std::string version{};
  std::optional<std::int64_t> capacity{};
  std::vector<GroupRule> rules{};
  std::string label_namespace{};
};
struct DescribeManagedRuleGroup {
  using Answer = DescribeManagedRuleGroupAnswer;
  static const Operation& Op();
  std::string vendor{};
  std::string name{};
  std::string scope{};
  std::string version{};
  bool IsGlobal() const { return scope == "CLOUDFRONT"; }
};

struct GroupVersion {
  std::string name{};
  std::optional<TimePoint> last_update{};
};

struct ListAvailableManagedRuleGroupVersionsAnswer {
  std::vector<GroupVersion> versions{};
  std::string current_default{};
  std::string next_page{};
  bool IsLast() const { return versions.empty(); }
  void Take(ListAvailableManagedRuleGroupVersionsAnswer&& page) {
    Append(versions, page.versions);
    if (!page.current_default.empty()) current_default = page.current_default;
  }
};
struct ListAvailableManagedRuleGroupVersions {
  using Answer = ListAvailableManagedRuleGroupVersionsAnswer;
  static const Operation& Op();
  std::string vendor{};
  std::string name{};
  std::string scope{};
  std::optional<std::int64_t> limit{};
  std::string page_token{};
  bool IsGlobal() const { return scope == "CLOUDFRONT"; }
};

struct CheckCapacityAnswer {
  std::int64_t capacity = 0;
};
struct CheckCapacity {
  using Answer = CheckCapacityAnswer;
  static const Operation& Op();
  std::string scope{};
  Json rules{};
  bool IsGlobal() const { return scope == "CLOUDFRONT"; }
};

void Describe(Shape& shape, WebAclSummary& place);
void Describe(Shape& shape, ManagedRuleGroup& place);
void Describe(Shape& shape, GroupRule& place);
void Describe(Shape& shape, GroupVersion& place);
void Describe(Shape& shape, ListWebACLs& place);
void Describe(Shape& shape, ListWebACLsAnswer& place);
void Describe(Shape& shape, ListResourcesForWebACL& place);
void Describe(Shape& shape, ListResourcesForWebACLAnswer& place);
void Describe(Shape& shape, GetWebACL& place);
void Describe(Shape& shape, GetWebACLAnswer& place);
void Describe(Shape& shape, UpdateWebACL& place);
void Describe(Shape& shape, UpdateWebACLAnswer& place);
void Describe(Shape& shape, ListAvailableManagedRuleGroups& place);
void Describe(Shape& shape, ListAvailableManagedRuleGroupsAnswer& place);
void Describe(Shape& shape, DescribeManagedRuleGroup& place);
void Describe(Shape& shape, DescribeManagedRuleGroupAnswer& place);
void Describe(Shape& shape, ListAvailableManagedRuleGroupVersions& place);
void Describe(Shape& shape, ListAvailableManagedRuleGroupVersionsAnswer& place);
void Describe(Shape& shape, CheckCapacity& place);
void Describe(Shape& shape, CheckCapacityAnswer& place);

}  // namespace sallyport::aws::wafv2
