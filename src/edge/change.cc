// SPDX-License-Identifier: Apache-2.0
#include "edge/change.h"

#include <algorithm>
#include <array>
#include <limits>
#include <set>

#include "base/text.h"
#include "edge/acl.h"

namespace sallyport::edge {
namespace {

constexpr std::array<std::string_view, 3> kChangeWords = {"add", "promote", "remove"};

// GetWebACL, as the service model of November 2026 has it.
constexpr std::array<std::string_view, 23> kKnownMembers = {"Name",
                                                            "Id",
                                                            "ARN",
                                                            "DefaultAction",
                                                            "Description",
                                                            "Rules",
                                                            "VisibilityConfig",
                                                            "DataProtectionConfig",
                                                            "Capacity",
                                                            "PreProcessFirewallManagerRuleGroups",
                                                            "PostProcessFirewallManagerRuleGroups",
                                                            "ManagedByFirewallManager",
                                                            "LabelNamespace",
                                                            "CustomResponseBodies",
                                                            "CaptchaConfig",
                                                            "ChallengeConfig",
                                                            "TokenDomains",
                                                            "AssociationConfig",
                                                            "RetrofittedByFirewallManager",
                                                            "OnSourceDDoSProtectionConfig",
                                                            "ApplicationConfig",
                                                            "MonetizationConfig",
                                                            "AnalyticsConfig"};

Error Refuse(std::string what, std::string advice) {
  return {ErrorCode::kRefused, std::move(what), std::move(advice)};
}

std::string NamedAcl(const AclNow& now) {
  return "web ACL " + Printable(now.web_acl["Name"].StringOr(""), 128);
}

Status MayChange(const AclNow& now) {
  switch (OwnerOf(now.facts)) {
    case AclOwner::kFirewallManager:
      return Refuse(NamedAcl(now) + " belongs to Firewall Manager",
                    "its administrator adds the group to the policy: sallyport waf --patch");
    case AclOwner::kCode:
      return Refuse(NamedAcl(now) + " is made by code (" + now.facts.managed_by + ")",
                    "change it there: sallyport waf --patch");
    case AclOwner::kUndetermined:
      return Refuse("who made " + NamedAcl(now) + " is undetermined: " + now.facts.tags_unread_why,
                    "allow `wafv2:ListTagsForResource`");
    case AclOwner::kAnybody:
      break;
  }
  for (const auto& [member, value] : now.web_acl.Members()) {
    if (IsKnownAclMember(member)) continue;
    return Refuse(NamedAcl(now) + " has a member that this release does not know: " + Printable(member, 80) +
                      "; an update might drop it",
                  "add the group by hand, or update Sallyport");
  }
  if (!now.web_acl["Rules"].IsArray()) return Refuse("the rules of " + NamedAcl(now) + " cannot be read", "");
  return Ok();
}

bool IsGroup(const Json& rule, const GroupName& group) {
  const Json managed = rule["Statement"]["ManagedRuleGroupStatement"];
  return managed["VendorName"].StringOr("") == group.vendor && managed["Name"].StringOr("") == group.name;
}

// Allow-lists and rate rules come first, a rule that allows a broad part of the requests ends the inspection.
struct Room {
  std::int64_t after = -1;
  std::int64_t before = std::numeric_limits<std::int32_t>::max();
};

Room RoomIn(const AclNow& now) {
  Room room;
  for (const AclRule& rule : now.facts.rules) {
    if (rule.place != AclRule::Place::kRules) continue;
    const bool list = rule.kind == AclRule::Kind::kIpSet || rule.kind == AclRule::Kind::kRate;
    if (list) room.after = std::max(room.after, rule.priority);
  }
  for (const AclRule& rule : now.facts.rules) {
    const bool broad =
        rule.place == AclRule::Place::kRules && rule.mode == RuleMode::kAllow && rule.kind != AclRule::Kind::kIpSet;
    if (broad && rule.priority > room.after) room.before = std::min(room.before, rule.priority);
  }
  return room;
}

std::optional<std::int64_t> FreePriority(const AclNow& now) {
  const Room room = RoomIn(now);
  std::set<std::int64_t> used;
  for (const AclRule& rule : now.facts.rules) {
    if (rule.place == AclRule::Place::kRules) used.insert(rule.priority);
  }
  // Behind everything that stands before the broad allow, when there is room; else in the last gap.
  const auto end = used.lower_bound(room.before);
  const std::int64_t last = end == used.begin() ? -1 : *std::prev(end);
  const std::int64_t behind = std::max(last, room.after) + 1;
  if (behind < room.before) return behind;
  for (std::int64_t priority = room.before - 1; priority > room.after; --priority) {
    if (!used.contains(priority)) return priority;
  }
  return std::nullopt;
}

std::string NewRule(const GroupName& group, std::int64_t priority) {
  JsonWriter out;
  out.BeginObject().Member("Name", RuleNameFor(group)).Member("Priority", priority).Key("Statement").BeginObject();
  out.Key("ManagedRuleGroupStatement").BeginObject().Member("VendorName", group.vendor).Member("Name", group.name);
  out.EndObject().EndObject().Key("OverrideAction").BeginObject().Key("Count").BeginObject().EndObject().EndObject();
  out.Key("VisibilityConfig").BeginObject().Member("SampledRequestsEnabled", true);
  out.Member("CloudWatchMetricsEnabled", true).Member("MetricName", RuleNameFor(group)).EndObject();
  return out.EndObject().Take();
}

// The rule with another OverrideAction, and every other member as it came.
std::string Enforcing(const Json& rule) {
  JsonWriter out;
  out.BeginObject();
  for (const auto& [member, value] : rule.Members()) {
    out.Key(member).Raw(member == "OverrideAction" ? R"({"None":{}})" : value.ToText());
  }
  return out.EndObject().Take();
}

Result<Json> Parsed(const std::string& text) {
  return Json::Parse(text, text.size() + 1);
}

}  // namespace

std::string_view ToString(ChangeKind kind) {
  return kChangeWords.at(static_cast<std::size_t>(kind));
}

std::optional<ChangeKind> ChangeKindFrom(std::string_view word) {
  for (std::size_t i = 0; i < kChangeWords.size(); ++i) {
    if (kChangeWords.at(i) == word) return static_cast<ChangeKind>(i);
  }
  return std::nullopt;
}

bool IsKnownAclMember(std::string_view member) {
  return std::find(kKnownMembers.begin(), kKnownMembers.end(), member) != kKnownMembers.end();
}

std::string RuleNameFor(const GroupName& group) {
  std::string name = "sallyport-";
  for (const char c : group.name) {
    const bool fits =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    name += fits ? c : '-';
  }
  return name.substr(0, 128);
}

Result<AclChange> ChangeOf(const AclNow& now, ChangeKind kind, const GroupName& group) {
  if (const Status may = MayChange(now); !may.ok()) return may.error();
  const std::string name = RuleNameFor(group);
  AclChange change;
  std::string rules = "[";
  bool ours = false;
  const auto keep = [&rules](const std::string& rule) { rules += (rules.size() > 1 ? "," : "") + rule; };
  for (const Json& rule : now.web_acl["Rules"].Elements()) {
    const std::string text = rule.ToText();
    const std::string rule_name = rule["Name"].StringOr("");
    if (rule_name != name) {
      keep(text);
      continue;
    }
    if (!IsGroup(rule, group)) {
      return Refuse(NamedAcl(now) + " has a rule " + Printable(name, 128) + " that is not of " + ToString(group),
                    "rename that rule");
    }
    ours = true;
    change.priority = rule["Priority"].Int64Or(0);
    if (kind == ChangeKind::kPromote) keep(Enforcing(rule));
    if (kind == ChangeKind::kAdd) keep(text);
  }
  if (!ours && kind != ChangeKind::kAdd) {
    return Error{ErrorCode::kNotFound, NamedAcl(now) + " has no rule " + Printable(name, 128) + " of Sallyport", ""};
  }
  if (kind == ChangeKind::kAdd && !ours) {
    for (const AclRule& rule : now.facts.rules) {
      if (rule.kind != AclRule::Kind::kManagedGroup || rule.vendor != group.vendor || rule.group != group.name)
        continue;
      change.nothing_to_do = true;
      change.where = "rule " + Printable(rule.name, 128);
    }
    const auto priority = FreePriority(now);
    if (!change.nothing_to_do && !priority) {
      return Refuse(NamedAcl(now) + " has no free priority behind its lists and rate rules and before its broad allow",
                    "make room between the priorities of its rules");
    }
    if (priority) {
      change.priority = *priority;
      if (!change.nothing_to_do) keep(NewRule(group, *priority));
    }
  }
  if (ours && kind == ChangeKind::kAdd) {
    change.nothing_to_do = true;
    change.where = "rule " + Printable(name, 128);
  }
  auto made = Parsed(rules + "]");
  if (!made.ok()) return made.error();
  change.rules = *std::move(made);
  if (kind == ChangeKind::kPromote) change.nothing_to_do = change.rules.ToText() == now.web_acl["Rules"].ToText();
  if (change.where.empty()) change.where = "priority " + std::to_string(change.priority);
  return change;
}

std::string PatchFor(std::string_view acl_name, const GroupName& group) {
  const std::string rule = RuleNameFor(group);
  std::string text = "# " + Printable(acl_name, 128) + ": add " + ToString(group) + ", counting at first\n";
  text += "# Terraform, in the aws_wafv2_web_acl resource (choose a free priority before any broad allow):\n";
  text += "rule {\n  name     = \"" + rule + "\"\n  priority = PRIORITY\n  override_action {\n    count {}\n  }\n";
  text += "  statement {\n    managed_rule_group_statement {\n      vendor_name = \"" + Printable(group.vendor, 128) +
          "\"\n      name        = \"" + Printable(group.name, 128) + "\"\n    }\n  }\n";
  text += "  visibility_config {\n    cloudwatch_metrics_enabled = true\n    metric_name                = \"" + rule +
          "\"\n    sampled_requests_enabled   = true\n  }\n}\n";
  text += "# CloudFormation, in Rules of the AWS::WAFv2::WebACL:\n";
  text += "- Name: " + rule + "\n  Priority: PRIORITY\n  OverrideAction: { Count: {} }\n  Statement:\n" +
          "    ManagedRuleGroupStatement: { VendorName: " + Printable(group.vendor, 128) +
          ", Name: " + Printable(group.name, 128) + " }\n";
  return text +
         "  VisibilityConfig: { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: " + rule +
         " }\n";
}

}  // namespace sallyport::edge
