// SPDX-License-Identifier: Apache-2.0
//
// WAFv2: web ACLs and managed rule groups. A web ACL's record is the wire's WebACL with `scope`, `lockToken` and
// `resources` (ARNs of what it protects) beside it.
#include <algorithm>
#include <variant>

#include "base/text.h"
#include "sim/aws/wafv2_rules.h"

namespace sallyport::aws_sim {
namespace {

// A full last page has a marker too, and an empty page behind it, as the real service does now and then.
constexpr PageRule kWafv2Pages{.token_in = "NextMarker",
                               .token_out = "NextMarker",
                               .size_in = "Limit",
                               .largest = 100,
                               .bad_token = "WAFInvalidParameterException",
                               .bad_size = "WAFInvalidParameterException"};

Failure Invalid(std::string message) {
  return Fail(400, "WAFInvalidParameterException", std::move(message));
}
Failure Nonexistent() {
  return Fail(400, "WAFNonexistentItemException",
              "AWS WAF couldn't perform the operation because your resource doesn't exist.");
}

std::optional<Failure> CheckScope(World& world, const Call& call) {
  const auto scope = TextOf(call.in, "Scope");
  if (scope != "REGIONAL" && scope != "CLOUDFRONT")
    return Invalid("Error reason: The scope is not valid., field: SCOPE_VALUE");
  if (scope == "CLOUDFRONT" && call.region != world.GlobalRegion()) {
    return Invalid("Error reason: The scope is not valid., field: SCOPE_VALUE, parameter: CLOUDFRONT");
  }
  return std::nullopt;
}

json::object ShowAcl(const json::object& acl) {
  return Without(acl, {"scope", "lockToken", "resources", "logs", "tags", "sampled"});
}

json::object* FindByArn(const Call& call, const std::string& arn) {
  return FindRecord(call.regional->Set("webAcls"), "ARN", arn);
}

json::object* FindById(const Call& call) {
  auto* acl = FindRecord(call.regional->Set("webAcls"), "Id", TextOf(call.in, "Id"));
  const bool fits = acl != nullptr && TextOf(*acl, "Name") == TextOf(call.in, "Name") &&
                    TextOf(*acl, "scope") == TextOf(call.in, "Scope");
  return fits ? acl : nullptr;
}

json::object AclSummary(const json::object& acl) {
  auto shown = Pick(acl, {"Name", "Id", "Description", "ARN"});
  shown["LockToken"] = TextOf(acl, "lockToken");
  return shown;
}

Answer ListWebAcls(World& world, const Call& call) {
  if (auto problem = CheckScope(world, call)) return *problem;
  json::array all;
  for (const json::object& acl : call.regional->Set("webAcls")) {
    if (TextOf(acl, "scope") == TextOf(call.in, "Scope")) all.push_back(AclSummary(acl));
  }
  return OnePage(call, "WebACLs", all, kWafv2Pages);
}

std::string_view TypeOfResource(std::string_view service) {
  constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {"elasticloadbalancing", "APPLICATION_LOAD_BALANCER"},
      {"apigateway", "API_GATEWAY"},
      {"appsync", "APPSYNC"},
      {"cognito-idp", "COGNITO_USER_POOL"},
      {"apprunner", "APP_RUNNER_SERVICE"},
      {"ec2", "VERIFIED_ACCESS_INSTANCE"},
      {"amplify", "AMPLIFY"}};
  for (const auto& [known, type] : kTypes) {
    if (known == service) return type;
  }
  return "";
}

Answer ListResourcesForWebAcl(World&, const Call& call) {
  const auto* acl = FindByArn(call, TextOf(call.in, "WebACLArn"));
  if (acl == nullptr) return Nonexistent();
  const auto type = TextOf(call.in, "ResourceType", "APPLICATION_LOAD_BALANCER");
  json::array arns;
  for (const std::string& arn : TextsOf(*acl, "resources")) {
    if (type == TypeOfResource(SplitArn(arn).service)) arns.emplace_back(arn);
  }
  return json::object{{"ResourceArns", std::move(arns)}};
}

Answer GetWebAcl(World& world, const Call& call) {
  const json::object* acl = nullptr;
  if (Has(call.in, "ARN")) {
    acl = FindByArn(call, TextOf(call.in, "ARN"));
  } else {
    if (auto problem = CheckScope(world, call)) return *problem;
    acl = FindById(call);
  }
  if (acl == nullptr) return Nonexistent();
  return json::object{{"WebACL", ShowAcl(*acl)}, {"LockToken", TextOf(*acl, "lockToken")}};
}

// The members that an update replaces; those not sent are gone afterwards.
constexpr std::string_view kReplaced[] = {"DefaultAction",
                                          "Description",
                                          "Rules",
                                          "VisibilityConfig",
                                          "DataProtectionConfig",
                                          "CustomResponseBodies",
                                          "CaptchaConfig",
                                          "ChallengeConfig",
                                          "TokenDomains",
                                          "AssociationConfig",
                                          "OnSourceDDoSProtectionConfig",
                                          "ApplicationConfig",
                                          "MonetizationConfig",
                                          "AnalyticsConfig"};

void Replace(const json::object& in, json::object& acl) {
  for (const std::string_view member : kReplaced) {
    acl.erase(member);
    if (Has(in, member)) acl[member] = in.at(member);
  }
  if (!Has(acl, "Rules")) acl["Rules"] = json::array();
}

Answer UpdateWebAcl(World& world, const Call& call) {
  if (auto problem = CheckScope(world, call)) return *problem;
  auto* acl = FindById(call);
  if (acl == nullptr) return Nonexistent();
  if (TextOf(call.in, "LockToken") != TextOf(*acl, "lockToken")) {
    return Fail(400, "WAFOptimisticLockException",
                "AWS WAF couldn't save your changes because someone changed the resource after you started to edit it. "
                "Reapply your changes.");
  }
  std::int64_t capacity = 0;
  if (auto problem = CheckRules(call, ArrayOf(call.in, "Rules"), capacity)) return *problem;
  Replace(call.in, *acl);
  (*acl)["Capacity"] = capacity;
  (*acl)["lockToken"] = world.NextUuid();
  return json::object{{"NextLockToken", TextOf(*acl, "lockToken")}};
}

// --- managed rule groups

bool Offered(const json::object& group, const std::string& scope) {
  return TextOf(group, "scope", "REGIONAL") == scope || TextOf(group, "scope") == "BOTH";
}

Answer ListAvailableManagedRuleGroups(World& world, const Call& call) {
  if (auto problem = CheckScope(world, call)) return *problem;
  json::array all;
  for (const json::object& group : call.regional->Set("managedRuleGroups")) {
    if (!Offered(group, TextOf(call.in, "Scope")) || !FlagOf(group, "subscribed", true)) continue;
    all.push_back(Pick(group, {"VendorName", "Name", "VersioningSupported", "Description"}));
  }
  return OnePage(call, "ManagedRuleGroups", all, kWafv2Pages);
}

std::variant<const json::object*, Failure> AskedGroup(World& world, const Call& call) {
  if (auto problem = CheckScope(world, call)) return std::move(*problem);
  const auto* group = FindGroup(call, TextOf(call.in, "VendorName"), TextOf(call.in, "Name"));
  if (group == nullptr || !Offered(*group, TextOf(call.in, "Scope"))) return Nonexistent();
  return group;
}

Answer DescribeManagedRuleGroup(World& world, const Call& call) {
  auto asked = AskedGroup(world, call);
  if (auto* problem = std::get_if<Failure>(&asked)) return std::move(*problem);
  const json::object& group = *std::get<const json::object*>(asked);
  const auto version = TextOf(call.in, "VersionName");
  if (auto problem = CheckNotExpired(group, version)) return *problem;
  if (!version.empty() && !Contains(TextsOf(group, "versions"), version)) return Nonexistent();
  auto shown = Pick(group, {"Capacity", "Rules"});
  shown["LabelNamespace"] =
      "awswaf:managed:" + ToLowerAscii(TextOf(group, "VendorName")) + ":" + ToLowerAscii(TextOf(group, "Name")) + ":";
  const auto current = TextOf(group, "currentVersion");
  if (!version.empty() || !current.empty()) shown["VersionName"] = version.empty() ? current : version;
  return shown;
}

Answer ListAvailableManagedRuleGroupVersions(World& world, const Call& call) {
  auto asked = AskedGroup(world, call);
  if (auto* problem = std::get_if<Failure>(&asked)) return std::move(*problem);
  const json::object& group = *std::get<const json::object*>(asked);
  json::array all;
  for (const std::string& name : TextsOf(group, "versions")) all.push_back(json::object{{"Name", name}});
  Answer answer = OnePage(call, "Versions", all, kWafv2Pages);
  if (Has(group, "currentVersion")) answer.members["CurrentDefaultVersion"] = TextOf(group, "currentVersion");
  return answer;
}

Answer CheckCapacity(World& world, const Call& call) {
  if (auto problem = CheckScope(world, call)) return *problem;
  std::int64_t capacity = 0;
  if (auto problem = CheckRules(call, ArrayOf(call.in, "Rules"), capacity)) return *problem;
  return json::object{{"Capacity", capacity}};
}

// --- what is known beside an ACL

Answer ListLoggingConfigurations(World& world, const Call& call) {
  if (auto problem = CheckScope(world, call)) return *problem;
  json::array all;
  for (const json::object& acl : call.regional->Set("webAcls")) {
    if (TextOf(acl, "scope") != TextOf(call.in, "Scope") || !FlagOf(acl, "logs", false)) continue;
    all.push_back(json::object{
        {"ResourceArn", TextOf(acl, "ARN")},
        {"LogDestinationConfigs", json::array{world.Arn("s3", "", "", "aws-waf-logs-" + call.account->id)}}});
  }
  return OnePage(call, "LoggingConfigurations", all, kWafv2Pages);
}

Answer ListTagsForResource(World&, const Call& call) {
  const auto arn = TextOf(call.in, "ResourceARN");
  const auto* acl = FindByArn(call, arn);
  if (acl == nullptr) return Nonexistent();
  Page page;
  const auto tags = TagList(ObjectOf(*acl, "tags"));
  if (auto problem = TakePage(call, tags.size(), kWafv2Pages, page)) return *problem;
  json::array shown;
  for (std::size_t i = page.begin; i < page.end; ++i) shown.push_back(tags[i]);
  json::object out{{"TagInfoForResource", json::object{{"ResourceARN", arn}, {"TagList", std::move(shown)}}}};
  PutPage(out, page, kWafv2Pages);
  return out;
}

// `sampled`: {metric: [{rule, action, weight}]}, as if met in the middle of the time that is asked for.
Answer GetSampledRequests(World& world, const Call& call) {
  if (auto problem = CheckScope(world, call)) return *problem;
  const auto* acl = FindByArn(call, TextOf(call.in, "WebAclArn"));
  if (acl == nullptr) return Nonexistent();
  const auto window = ObjectOf(call.in, "TimeWindow");
  json::array shown;
  std::int64_t population = 0;
  for (const json::value& value : ArrayOf(ObjectOf(*acl, "sampled"), TextOf(call.in, "RuleMetricName"))) {
    const auto& one = value.get_object();
    population += NumberOf(one, "weight", 1);
    json::object request{{"ClientIP", "198.51.100.7"}, {"Country", "ZZ"}, {"URI", "/"}, {"Method", "GET"}};
    shown.push_back(json::object{{"Request", std::move(request)},
                                 {"Weight", NumberOf(one, "weight", 1)},
                                 {"Timestamp", window.contains("EndTime") ? window.at("EndTime") : json::value(0)},
                                 {"Action", "COUNT"},
                                 {"OverriddenAction", TextOf(one, "action", "BLOCK")},
                                 {"RuleNameWithinRuleGroup", TextOf(one, "rule")}});
  }
  return json::object{{"SampledRequests", std::move(shown)}, {"PopulationSize", population}, {"TimeWindow", window}};
}

// --- IP sets

json::object* FindIpSet(const Call& call) {
  auto* set = FindRecord(call.regional->Set("ipSets"), "Id", TextOf(call.in, "Id"));
  const bool fits = set != nullptr && TextOf(*set, "Name") == TextOf(call.in, "Name") &&
                    TextOf(*set, "scope") == TextOf(call.in, "Scope");
  return fits ? set : nullptr;
}

Answer ListIpSets(World& world, const Call& call) {
  if (auto problem = CheckScope(world, call)) return *problem;
  json::array all;
  for (const json::object& set : call.regional->Set("ipSets")) {
    if (TextOf(set, "scope") != TextOf(call.in, "Scope")) continue;
    auto shown = Pick(set, {"Name", "Id", "Description", "ARN"});
    shown["LockToken"] = TextOf(set, "lockToken");
    all.push_back(std::move(shown));
  }
  return OnePage(call, "IPSets", all, kWafv2Pages);
}

Answer GetIpSet(World& world, const Call& call) {
  if (auto problem = CheckScope(world, call)) return *problem;
  const auto* set = FindIpSet(call);
  if (set == nullptr) return Nonexistent();
  return json::object{{"IPSet", Without(*set, {"scope", "lockToken"})}, {"LockToken", TextOf(*set, "lockToken")}};
}

constexpr std::size_t kMostAddresses = 10'000;

// 192.0.2.0/24, 2001:db8::/32: of the set's version, with its prefix.
bool FitsVersion(const std::string& address, const std::string& version) {
  const bool six = address.find(':') != std::string::npos;
  return address.find('/') != std::string::npos && six == (version == "IPV6");
}

Answer UpdateIpSet(World& world, const Call& call) {
  if (auto problem = CheckScope(world, call)) return *problem;
  auto* set = FindIpSet(call);
  if (set == nullptr) return Nonexistent();
  if (TextOf(call.in, "LockToken") != TextOf(*set, "lockToken")) {
    return Fail(400, "WAFOptimisticLockException", "AWS WAF couldn't save your changes because someone changed it.");
  }
  const auto addresses = TextsOf(call.in, "Addresses");
  if (addresses.size() > kMostAddresses) return Fail(400, "WAFLimitsExceededException", "Too many addresses");
  for (const std::string& address : addresses) {
    if (!FitsVersion(address, TextOf(*set, "IPAddressVersion"))) {
      return Invalid(
          "Error reason: The parameter contains formatting that is not valid., field: IP_ADDRESS, parameter: " +
          Printable(address, 60));
    }
  }
  json::array kept;
  for (const std::string& address : addresses) kept.emplace_back(address);
  (*set)["Addresses"] = std::move(kept);
  (*set)["Description"] = TextOf(call.in, "Description");
  (*set)["lockToken"] = world.NextUuid();
  return json::object{{"NextLockToken", TextOf(*set, "lockToken")}};
}

constexpr OperationSpec kWafv2Operations[] = {
    {"ListWebACLs", "Scope* NextMarker Limit", ListWebAcls},
    {"ListResourcesForWebACL", "WebACLArn* ResourceType", ListResourcesForWebAcl},
    {"GetWebACL", "Name Scope Id ARN", GetWebAcl},
    {"UpdateWebACL",
     "Name* Scope* Id* DefaultAction* Description Rules VisibilityConfig* DataProtectionConfig "
     "LockToken* CustomResponseBodies CaptchaConfig ChallengeConfig TokenDomains AssociationConfig "
     "OnSourceDDoSProtectionConfig ApplicationConfig MonetizationConfig AnalyticsConfig",
     UpdateWebAcl},
    {"ListAvailableManagedRuleGroups", "Scope* NextMarker Limit", ListAvailableManagedRuleGroups},
    {"DescribeManagedRuleGroup", "VendorName* Name* Scope* VersionName", DescribeManagedRuleGroup},
    {"ListAvailableManagedRuleGroupVersions", "VendorName* Name* Scope* NextMarker Limit",
     ListAvailableManagedRuleGroupVersions},
    {"CheckCapacity", "Scope* Rules*", CheckCapacity},
    {"ListLoggingConfigurations", "Scope* NextMarker Limit LogScope", ListLoggingConfigurations},
    {"ListTagsForResource", "NextMarker Limit ResourceARN*", ListTagsForResource},
    {"GetSampledRequests", "WebAclArn* RuleMetricName* Scope* TimeWindow* MaxItems*", GetSampledRequests},
    {"ListIPSets", "Scope* NextMarker Limit", ListIpSets},
    {"GetIPSet", "Name* Scope* Id*", GetIpSet},
    {"UpdateIPSet", "Name* Scope* Id* Description Addresses* LockToken*", UpdateIpSet},
};

}  // namespace

const ServiceSpec kWafv2Service{"wafv2", "wafv2",         "2019-07-29", Protocol::kJson11, "AWSWAF_20190729.",
                                "",      kWafv2Operations};

}  // namespace sallyport::aws_sim
