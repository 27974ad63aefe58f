// SPDX-License-Identifier: Apache-2.0
//
// WAF Classic, global (waf) and regional (waf-regional): retired, read only, mostly empty.
#include "sim/aws/services.h"

namespace sallyport::aws_sim {
namespace {

constexpr PageRule kWafClassicPages{.token_in = "NextMarker",
                                    .token_out = "NextMarker",
                                    .size_in = "Limit",
                                    .smallest = 0,
                                    .largest = 100,
                                    .bad_token = "WAFInvalidParameterException",
                                    .bad_size = "WAFInvalidParameterException"};

Failure NoClassicItem() {
  return Fail(400, "WAFNonexistentItemException", "The referenced item does not exist.");
}

std::string_view ScopeOf(const Call& call) {
  return call.service->id == "waf" ? "GLOBAL" : "REGIONAL";
}

const json::object* FindAcl(const Call& call) {
  const auto* acl = FindRecord(call.regional->Set("classicWebAcls"), "WebACLId", TextOf(call.in, "WebACLId"));
  return acl != nullptr && TextOf(*acl, "scope") == ScopeOf(call) ? acl : nullptr;
}

Answer ListClassicWebAcls(World&, const Call& call) {
  json::array all;
  for (const json::object& acl : call.regional->Set("classicWebAcls")) {
    if (TextOf(acl, "scope") == ScopeOf(call)) all.push_back(Pick(acl, {"WebACLId", "Name"}));
  }
  Page page;
  if (auto problem = TakePage(call, all.size(), kWafClassicPages, page)) return *problem;
  json::object out{{"WebACLs", json::array(all.begin() + page.begin, all.begin() + page.end)}};
  PutPage(out, page, kWafClassicPages);
  return out;
}

Answer GetClassicWebAcl(World&, const Call& call) {
  const auto* acl = FindAcl(call);
  if (acl == nullptr) return NoClassicItem();
  return json::object{{"WebACL", Without(*acl, {"scope", "resources"})}};
}

Answer GetClassicWebAclForResource(World&, const Call& call) {
  for (const json::object& acl : call.regional->Set("classicWebAcls")) {
    if (TextOf(acl, "scope") == "REGIONAL" && Contains(TextsOf(acl, "resources"), TextOf(call.in, "ResourceArn"))) {
      return json::object{{"WebACLSummary", Pick(acl, {"WebACLId", "Name"})}};
    }
  }
  return json::object();
}

Answer ListResourcesForClassicWebAcl(World&, const Call& call) {
  const auto* acl = FindAcl(call);
  if (acl == nullptr) return NoClassicItem();
  const bool gateways = TextOf(call.in, "ResourceType") == "API_GATEWAY";
  json::array arns;
  for (const std::string& arn : TextsOf(*acl, "resources")) {
    if ((SplitArn(arn).service == "apigateway") == gateways) arns.emplace_back(arn);
  }
  return json::object{{"ResourceArns", std::move(arns)}};
}

constexpr Binding kGlobal[] = {{"ListWebACLs", ListClassicWebAcls}, {"GetWebACL", GetClassicWebAcl}};
constexpr Binding kRegional[] = {{"ListWebACLs", ListClassicWebAcls},
                                 {"GetWebACL", GetClassicWebAcl},
                                 {"GetWebACLForResource", GetClassicWebAclForResource},
                                 {"ListResourcesForWebACL", ListResourcesForClassicWebAcl}};

}  // namespace

Bindings WafBindings() {
  return kGlobal;
}
Bindings WafRegionalBindings() {
  return kRegional;
}

}  // namespace sallyport::aws_sim
