// SPDX-License-Identifier: Apache-2.0
//
// What each of them says: rules, tags, resources and offers of ACLs, targets of target groups.
#include <algorithm>

#include "aws_api/elbv2.h"
#include "aws_api/wafv2.h"
#include "aws_api/wafv2_sight.h"
#include "base/text.h"
#include "edge/acl.h"
#include "edge/fit.h"
#include "edge_gather/survey_parts.h"

namespace sallyport::edge {
namespace {

// What a list had and what is gone when it is asked for: the lists read before it are of another estate, so what it
// led to is not known.
Error WhileReading(const Error& error) {
  if (error.code != ErrorCode::kNotFound) return error;
  return {error.code, "it was deleted while the estate was read", ""};
}

constexpr std::string_view kExpiredVersion = "WAFExpiredManagedRuleGroupVersionException";

}  // namespace

void Survey::AskForAcls(PlaceFacts& facts) {
  std::set<std::string> scopes;
  for (WebAcl& acl : facts.acls) {
    scopes.insert(acl.scope);
    jobs_.Add(LaneOf(facts.place, "acl"), [this, &facts, &acl] { ReadAclRules(facts, acl); });
    jobs_.Add(LaneOf(facts.place, "tags"), [this, &facts, &acl] { ReadAclTags(facts, acl); });
    if (acl.scope == "CLOUDFRONT") continue;
    jobs_.Add(LaneOf(facts.place, "resources"), [this, &facts, &acl] { ReadAclResources(facts, acl, ""); });
    for (const std::string& type : ask_.resource_types) {
      jobs_.Add(LaneOf(facts.place, "resources"), [this, &facts, &acl, type] { ReadAclResources(facts, acl, type); });
    }
  }
  for (const std::string& scope : scopes) {
    jobs_.Add(LaneOf(facts.place, "offer"), [this, &facts, scope] { ReadOffer(facts, scope); });
  }
}

void Survey::ReadAclRules(PlaceFacts& facts, WebAcl& acl) {
  const auto answer = At(facts.place).Call(aws::wafv2::GetWebACL{.name = acl.name, .scope = acl.scope, .id = acl.id});
  if (!answer.ok()) {
    acl.unread_why = WhileReading(answer.error()).ToText();
    return;
  }
  // Other jobs look at its name meanwhile.
  WebAcl read;
  TakeWebAcl(answer->web_acl, read);
  for (AclRule& rule : read.rules) {
    const auto expired = IsExpired(facts, acl.scope, rule);
    rule.expired = expired.value_or(false);
    rule.expiry_unread = !expired;
  }
  acl.capacity = read.capacity;
  acl.blocks_by_default = read.blocks_by_default;
  acl.of_firewall_manager = read.of_firewall_manager;
  acl.rules = std::move(read.rules);
  acl.ip_sets = std::move(read.ip_sets);
  if (logging_read_.contains(LaneOf(facts.place, acl.scope))) acl.logs = logging_.contains(acl.arn);
}

std::optional<bool> Survey::IsExpired(PlaceFacts& facts, const std::string& scope, const AclRule& rule) {
  if (rule.kind != AclRule::Kind::kManagedGroup || rule.version.empty()) return false;
  const std::string key = scope + "/" + rule.vendor + "/" + rule.group + "/" + rule.version;
  {
    const std::lock_guard lock(facts.gaps_mutex);
    if (const auto known = facts.expired.find(key); known != facts.expired.end()) return known->second;
  }
  const auto answer = At(facts.place)
                          .Call(aws::wafv2::DescribeManagedRuleGroup{
                              .vendor = rule.vendor, .name = rule.group, .scope = scope, .version = rule.version});
  std::optional<bool> expired;
  if (answer.ok()) expired = false;
  if (!answer.ok() && answer.error().RemoteCode() == kExpiredVersion) expired = true;
  const std::lock_guard lock(facts.gaps_mutex);
  facts.expired[key] = expired;
  return expired;
}

void Survey::ReadAclTags(PlaceFacts& facts, WebAcl& acl) {
  const auto answer = At(facts.place).Call(aws::wafv2::ListTagsForResource{.arn = acl.arn, .limit = kWafPage});
  if (!answer.ok()) {
    // Whoever would write asks again, and does not write without an answer.
    acl.tags_unread_why = WhileReading(answer.error()).ToText();
    return;
  }
  std::vector<std::pair<std::string, std::string>> tags;
  for (const aws::wafv2::Tag& tag : answer->tags) tags.emplace_back(tag.key, tag.value);
  acl.managed_by = MadeBy(tags);
}

void Survey::ReadAclResources(PlaceFacts& facts, WebAcl& acl, const std::string& type) {
  const auto answer =
      At(facts.place).Call(aws::wafv2::ListResourcesForWebACL{.web_acl_arn = acl.arn, .resource_type = type});
  if (!answer.ok()) {
    const Error error = WhileReading(answer.error());
    if (!type.empty()) {
      const std::lock_guard lock(facts.gaps_mutex);
      acl.resources_unread_why = type + ": " + error.ToText();
      return;
    }
    // It may guard any ALB of the place that no ACL is known to guard, also one that was deleted meanwhile.
    return AddGap(facts, Part::kRegionalAcls, error.In("resources of web ACL " + acl.name));
  }
  const std::lock_guard lock(facts.gaps_mutex);
  acl.resources.insert(acl.resources.end(), answer->resource_arns.begin(), answer->resource_arns.end());
}

bool Survey::IsWanted(const GroupName& group) const {
  if (ToLowerAscii(group.vendor).find("trend") != std::string::npos) return true;
  if (std::find(ask_.groups.begin(), ask_.groups.end(), group) != ask_.groups.end()) return true;
  for (const FitRow& row : FitRows()) {
    if (group.vendor == "AWS" && std::find(row.aws.begin(), row.aws.end(), group.name) != row.aws.end()) return true;
  }
  return false;
}

void Survey::ReadOffer(PlaceFacts& facts, const std::string& scope) {
  const aws::Aws aws = At(facts.place);
  const auto answer = aws.Call(aws::wafv2::ListAvailableManagedRuleGroups{.scope = scope, .limit = kWafPage});
  std::vector<OfferedGroup> offered;
  OfferRead read{facts.place.account, facts.place.region, scope, ""};
  if (!answer.ok()) read.unread_why = answer.error().ToText();
  for (std::size_t i = 0; answer.ok() && i < answer->groups.size(); ++i) {
    const aws::wafv2::ManagedRuleGroup& one = answer->groups[i];
    OfferedGroup group{facts.place.account, facts.place.region, scope, one.vendor, one.name, {}, ""};
    if (IsWanted({one.vendor, one.name})) {
      const auto described =
          aws.Call(aws::wafv2::DescribeManagedRuleGroup{.vendor = one.vendor, .name = one.name, .scope = scope});
      if (described.ok()) {
        group.capacity = described->capacity;
        group.version = described->version;
      }
    }
    offered.push_back(std::move(group));
  }
  const std::lock_guard lock(facts.gaps_mutex);
  facts.offers.push_back(std::move(read));
  std::move(offered.begin(), offered.end(), std::back_inserter(facts.offered));
}

void Survey::ReadTargets(PlaceFacts& facts, TargetGroup& group) {
  const auto answer = At(facts.place).Call(aws::elbv2::DescribeTargetHealth{.target_group_arn = group.arn});
  if (!answer.ok()) {
    group.unread_why = WhileReading(answer.error()).ToText();
    return;
  }
  for (const aws::elbv2::TargetHealthDescription& one : answer->descriptions) {
    group.targets.push_back({one.target.id, one.target.port.value_or(0), one.health.state,
                             group.kind == TargetKind::kIp && one.target.availability_zone == "all"});
  }
}

}  // namespace sallyport::edge
