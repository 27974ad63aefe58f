// SPDX-License-Identifier: Apache-2.0
#include "edge/acl.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace sallyport::edge {
namespace {

// A range with no longer a prefix than this is no list of known places.
constexpr int kOpenPrefix = 8;

// "NAME" of {"NAME": {}}; empty: none, or several.
std::string OnlyMember(const Json& object) {
  std::string only;
  for (const auto& [name, value] : object.Members()) {
    if (!only.empty()) return "";
    only = name;
  }
  return only;
}

RuleMode ModeOfAction(const Json& action) {
  const std::string word = OnlyMember(action);
  if (word == "Block" || word == "Captcha" || word == "Challenge") return RuleMode::kEnforce;
  return word == "Allow" ? RuleMode::kAllow : RuleMode::kCount;
}

RuleMode ModeOfGroup(const Json& override_action) {
  return OnlyMember(override_action) == "None" ? RuleMode::kEnforce : RuleMode::kCount;
}

std::size_t CountedIn(const Json& group) {
  std::size_t counted = group["ExcludedRules"].Elements().size();
  for (const Json& one : group["RuleActionOverrides"].Elements()) {
    if (ModeOfAction(one["ActionToUse"]) != RuleMode::kEnforce) ++counted;
  }
  return counted;
}

void TakeGroup(const Json& statement, const Json& rule, AclRule& made) {
  const Json managed = statement["ManagedRuleGroupStatement"];
  const Json own = statement["RuleGroupReferenceStatement"];
  if (managed.HasValue()) {
    made.kind = AclRule::Kind::kManagedGroup;
    made.vendor = managed["VendorName"].StringOr("");
    made.group = managed["Name"].StringOr("");
    made.version = managed["Version"].StringOr("");
    made.scoped_down = managed["ScopeDownStatement"].HasValue();
    made.counted = CountedIn(managed);
  } else {
    made.kind = AclRule::Kind::kOwnGroup;
    made.group = own["ARN"].StringOr("");
    made.counted = CountedIn(own);
  }
  made.mode = ModeOfGroup(rule["OverrideAction"]);
}

// Json ends at a depth of its own (bounds::kJsonDepth).
void FindIpSets(const Json& json, std::vector<std::string>& found) {
  if (const std::string arn = json["IPSetReferenceStatement"]["ARN"].StringOr(""); !arn.empty()) {
    if (std::find(found.begin(), found.end(), arn) == found.end()) found.push_back(arn);
  }
  for (const auto& [name, member] : json.Members()) FindIpSets(member, found);
  for (const Json& element : json.Elements()) FindIpSets(element, found);
}

AclRule ReadRule(const Json& rule, AclRule::Place place) {
  AclRule made;
  made.name = rule["Name"].StringOr("");
  made.priority = rule["Priority"].Int64Or(0);
  made.place = place;
  made.sampled = rule["VisibilityConfig"]["SampledRequestsEnabled"].BoolOr(false);
  const Json statement = place == AclRule::Place::kRules ? rule["Statement"] : rule["FirewallManagerStatement"];
  if (statement["ManagedRuleGroupStatement"].HasValue() || statement["RuleGroupReferenceStatement"].HasValue()) {
    TakeGroup(statement, rule, made);
    return made;
  }
  if (statement["RateBasedStatement"].HasValue()) made.kind = AclRule::Kind::kRate;
  if (statement["IPSetReferenceStatement"].HasValue()) made.kind = AclRule::Kind::kIpSet;
  made.mode = ModeOfAction(rule["Action"]);
  return made;
}

std::optional<int> NumberIn(std::string_view text, int most) {
  int number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0 || number > most) return std::nullopt;
  return number;
}

bool IsPrivateV4(std::string_view address) {
  const auto dot = address.find('.');
  if (dot == std::string_view::npos) return false;
  const auto first = NumberIn(address.substr(0, dot), 255);
  const auto rest = address.substr(dot + 1);
  const auto second = NumberIn(rest.substr(0, rest.find('.')), 255);
  if (!first || !second) return false;
  if (*first == 10 || *first == 127) return true;
  return (*first == 172 && *second >= 16 && *second < 32) || (*first == 192 && *second == 168) ||
         (*first == 100 && *second >= 64 && *second < 128) || (*first == 169 && *second == 254);
}

}  // namespace

void TakeWebAcl(const Json& web_acl, WebAcl& acl) {
  acl.name = web_acl["Name"].StringOr(acl.name);
  acl.id = web_acl["Id"].StringOr(acl.id);
  acl.arn = web_acl["ARN"].StringOr(acl.arn);
  acl.capacity = web_acl["Capacity"].Int64Or(0);
  acl.blocks_by_default = OnlyMember(web_acl["DefaultAction"]) == "Block";
  acl.of_firewall_manager = web_acl["ManagedByFirewallManager"].BoolOr(false);
  constexpr std::array<std::pair<std::string_view, AclRule::Place>, 3> kLists = {
      {{"PreProcessFirewallManagerRuleGroups", AclRule::Place::kFirst},
       {"Rules", AclRule::Place::kRules},
       {"PostProcessFirewallManagerRuleGroups", AclRule::Place::kLast}}};
  acl.rules.clear();
  acl.ip_sets.clear();
  FindIpSets(web_acl["Rules"], acl.ip_sets);
  for (const auto& [member, place] : kLists) {
    for (const Json& rule : web_acl[member].Elements()) acl.rules.push_back(ReadRule(rule, place));
  }
}

std::string MadeBy(const std::vector<std::pair<std::string, std::string>>& tags) {
  for (const auto& [key, value] : tags) {
    if (key == "aws:cloudformation:stack-name") return "CloudFormation stack " + Printable(value, 128);
  }
  for (const auto& [key, value] : tags) {
    if (key.starts_with("aws:cloudformation:")) return "CloudFormation";
    const std::string name = ToLowerAscii(key);
    const std::string text = ToLowerAscii(value);
    const bool says_tool = name == "managedby" || name == "managed-by" || name == "managed_by" || name == "createdby" ||
                           name == "provisioner" || name == "iac";
    if (name.find("terraform") != std::string::npos || (says_tool && text.find("terraform") != std::string::npos)) {
      return "Terraform";
    }
    if (says_tool && (text.find("pulumi") != std::string::npos || text.find("opentofu") != std::string::npos ||
                      text.find("cloudformation") != std::string::npos || text == "cdk")) {
      return Printable(value, 60);
    }
  }
  return "";
}

Openness OpennessOf(std::string_view cidr) {
  const auto slash = cidr.find('/');
  const std::string_view address = cidr.substr(0, slash);
  const bool six = address.find(':') != std::string_view::npos;
  const auto prefix = slash == std::string_view::npos ? std::nullopt : NumberIn(cidr.substr(slash + 1), six ? 128 : 32);
  if (!prefix) return Openness::kUnread;
  if (six) {
    const std::string lower = ToLowerAscii(address);
    const bool is_private = *prefix >= 7 && (lower.starts_with("fc") || lower.starts_with("fd"));
    const bool is_local = lower.starts_with("fe8") || lower == "::1";
    if (is_private || is_local) return Openness::kClosed;
    return *prefix <= 3 * kOpenPrefix ? Openness::kOpen : Openness::kNamed;
  }
  if (*prefix >= kOpenPrefix && IsPrivateV4(address)) return Openness::kClosed;
  return *prefix <= kOpenPrefix ? Openness::kOpen : Openness::kNamed;
}

}  // namespace sallyport::edge
