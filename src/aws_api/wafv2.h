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

#include "aws/operation.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

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
};
struct ListWebACLs {
  using Answer = ListWebACLsAnswer;
  static const Operation kOp;
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
  static const Operation kOp;
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
  static const Operation kOp;
  std::string name{};
  std::string scope{};
  std::string id{};
  std::string arn{};
  bool IsGlobal() const { return scope == "CLOUDFRONT"; }
};

struct UpdateWebACLAnswer {
  std::string next_lock_token{};
};
// Made by Replacement() from what was read; has every member of it that an update takes, known to us or not.
struct UpdateWebACL {
  using Answer = UpdateWebACLAnswer;
  static const Operation kOp;
  Json request{};
  bool IsGlobal() const { return request["Scope"].StringOr("") == "CLOUDFRONT"; }
};
// kRefused when Firewall Manager owns the web ACL; kBadAnswer when what was read lacks what an update needs.
// `rules` take the place of the web ACL's own.
Result<UpdateWebACL> Replacement(const GetWebACLAnswer& read, const std::string& scope, const Json& rules);

struct ManagedRuleGroup {
  std::string vendor{};
  std::string name{};
  std::optional<bool> versioning_supported{};
  std::string description{};
};

struct ListAvailableManagedRuleGroupsAnswer {
  std::vector<ManagedRuleGroup> groups{};
  std::string next_page{};
};
struct ListAvailableManagedRuleGroups {
  using Answer = ListAvailableManagedRuleGroupsAnswer;
  static const Operation kOp;
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
  static const Operation kOp;
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
};
struct ListAvailableManagedRuleGroupVersions {
  using Answer = ListAvailableManagedRuleGroupVersionsAnswer;
  static const Operation kOp;
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
  static const Operation kOp;
  std::string scope{};
  Json rules{};
  bool IsGlobal() const { return scope == "CLOUDFRONT"; }
};

}  // namespace sallyport::aws::wafv2
