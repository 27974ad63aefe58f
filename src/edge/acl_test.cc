// SPDX-License-Identifier: Apache-2.0
#include "edge/acl.h"

#include <gtest/gtest.h>

#include "edge/map.h"

namespace sallyport::edge {
namespace {

WebAcl Read(const std::string& text) {
  const auto json = Json::Parse(text);
  EXPECT_TRUE(json.ok()) << (json.ok() ? "" : json.error().ToText());
  WebAcl acl;
  if (json.ok()) TakeWebAcl(*json, acl);
  return acl;
}

constexpr std::string_view kGroup =
    R"({"Name":"common","Priority":1,"Statement":{"ManagedRuleGroupStatement":{"VendorName":"AWS",)"
    R"("Name":"AWSManagedRulesCommonRuleSet","Version":"Version_1.4","ScopeDownStatement":{"NotStatement":{}},)"
    R"("RuleActionOverrides":[{"Name":"A","ActionToUse":{"Count":{}}},{"Name":"B","ActionToUse":{"Block":{}}}]}},)"
    R"("OverrideAction":{"None":{}},"VisibilityConfig":{"SampledRequestsEnabled":false}})";

TEST(EdgeAcl, ReadsAGroupWithWhatWeakensIt) {
  const WebAcl acl = Read(R"({"Name":"shop","Capacity":700,"Rules":[)" + std::string(kGroup) + "]}");
  ASSERT_EQ(acl.rules.size(), 1U);
  const AclRule& rule = acl.rules[0];
  EXPECT_EQ(rule.kind, AclRule::Kind::kManagedGroup);
  EXPECT_EQ(rule.mode, RuleMode::kEnforce);
  EXPECT_EQ(rule.vendor + "/" + rule.group + "/" + rule.version, "AWS/AWSManagedRulesCommonRuleSet/Version_1.4");
  EXPECT_EQ(rule.counted, 1U);
  EXPECT_TRUE(rule.scoped_down);
  EXPECT_FALSE(rule.sampled);
  EXPECT_EQ(acl.capacity, 700);
  EXPECT_EQ(StrengthOf(acl), kEnforced);
}

TEST(EdgeAcl, FindsTheGroupsOfFirewallManager) {
  const WebAcl acl = Read(
      R"({"Name":"x","ManagedByFirewallManager":true,"PreProcessFirewallManagerRuleGroups":[{"Name":"first","Priority":0,)"
      R"("FirewallManagerStatement":{"ManagedRuleGroupStatement":{"VendorName":"AWS","Name":"G"}},"OverrideAction":{"Count":{}}}]})");
  ASSERT_EQ(acl.rules.size(), 1U);
  EXPECT_EQ(acl.rules[0].place, AclRule::Place::kFirst);
  EXPECT_EQ(acl.rules[0].group, "G");
  EXPECT_TRUE(acl.of_firewall_manager);
  EXPECT_EQ(StrengthOf(acl), kCounted);
}

TEST(EdgeAcl, SaysOfEachActionWhatItDoes) {
  const auto strength = [](const std::string& rule) {
    return StrengthOf(
        Read(R"({"DefaultAction":{"Allow":{}},"Rules":[{"Name":"r","Priority":0,"Statement":{},)" + rule + "}]}"));
  };
  EXPECT_EQ(strength(R"("Action":{"Block":{}})"), kEnforced);
  EXPECT_EQ(strength(R"("Action":{"Challenge":{}})"), kEnforced);
  EXPECT_EQ(strength(R"("Action":{"Count":{}})"), kCounted);
  EXPECT_EQ(strength(R"("Action":{"Allow":{}})"), kCounted);
  EXPECT_EQ(strength(R"("Action":{"Invented":{}})"), kCounted);  // not said to protect
  EXPECT_EQ(strength(R"("Action":7)"), kCounted);
  EXPECT_EQ(StrengthOf(Read(R"({"DefaultAction":{"Block":{}}})")), kEnforced);
  EXPECT_EQ(StrengthOf(Read("{}")), kCounted);
}

TEST(EdgeAcl, KnowsWhoMadeItByItsTags) {
  EXPECT_EQ(MadeBy({{"aws:cloudformation:stack-name", "shop"}}), "CloudFormation stack shop");
  EXPECT_EQ(MadeBy({{"ManagedBy", "Terraform"}}), "Terraform");
  EXPECT_EQ(MadeBy({{"terraform:workspace", "prod"}}), "Terraform");
  EXPECT_EQ(MadeBy({{"Team", "terraformers"}}), "");
  EXPECT_EQ(MadeBy({}), "");
}

TEST(EdgeAcl, RangesAreOpenNamedOrPrivate) {
  EXPECT_EQ(OpennessOf("0.0.0.0/0"), Openness::kOpen);
  EXPECT_EQ(OpennessOf("3.0.0.0/8"), Openness::kOpen);
  EXPECT_EQ(OpennessOf("3.0.0.0/9"), Openness::kNamed);
  EXPECT_EQ(OpennessOf("203.0.113.7/32"), Openness::kNamed);
  EXPECT_EQ(OpennessOf("10.0.0.0/8"), Openness::kClosed);
  EXPECT_EQ(OpennessOf("10.0.0.0/7"), Openness::kOpen);
  EXPECT_EQ(OpennessOf("172.16.0.0/12"), Openness::kClosed);
  EXPECT_EQ(OpennessOf("172.32.0.0/12"), Openness::kNamed);
  EXPECT_EQ(OpennessOf("100.64.0.0/10"), Openness::kClosed);
  EXPECT_EQ(OpennessOf("::/0"), Openness::kOpen);
  EXPECT_EQ(OpennessOf("2001:db8::/32"), Openness::kNamed);
  EXPECT_EQ(OpennessOf("fd00::/8"), Openness::kClosed);
  EXPECT_EQ(OpennessOf("nonsense"), Openness::kUnread);
  EXPECT_EQ(OpennessOf("10.0.0.0/99"), Openness::kUnread);
}

}  // namespace
}  // namespace sallyport::edge
