// SPDX-License-Identifier: Apache-2.0
#include "workflow/rule_catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workflow/fake_estate.h"

namespace sallyport {
namespace {

using std::chrono::hours;
using testing::HasSubstr;

const TimePoint kStart = FromEpochMilliseconds(1'764'000'000'000);

swp::CatalogRule RuleOf(std::int32_t id, std::vector<std::string> cves, TimePoint updated = kStart) {
  swp::CatalogRule made;
  made.rule.id = RuleId{id};
  made.rule.name = "Example rule " + std::to_string(id);
  made.rule.cves = std::move(cves);
  made.last_updated = updated;
  return made;
}

TEST(RuleCatalog, ACveIsMatchedAsAWhole) {
  RuleCatalog catalog;
  catalog.Replace(
      {RuleOf(1, {"CVE-2021-44228", "CVE-2021-45046"}), RuleOf(2, {"CVE-2021-4422"}), RuleOf(3, {"cve-2021-44228"})},
      {}, kStart);
  ASSERT_EQ(catalog.RulesFor("CVE-2021-4422").size(), 1U);
  EXPECT_EQ(catalog.RulesFor("CVE-2021-4422")[0]->id, RuleId{2});
  EXPECT_EQ(catalog.RulesFor("CVE-2021-44228").size(), 2U);
  EXPECT_EQ(catalog.RulesFor("CVE-2021-4504").size(), 0U);
}

TEST(RuleCatalog, SaysFromWhatItInfersTheSystem) {
  swp::CatalogRule rule = RuleOf(1, {"CVE-2020-0796"});
  PatchRule made = PatchRuleOf(rule, "Windows SMB Server");
  EXPECT_EQ(made.system, HostSystem::kWindows);
  EXPECT_EQ(made.system_from, "its application type `Windows SMB Server`");
  rule.rule.name = "Linux Kernel Netfilter Privilege Escalation";
  made = PatchRuleOf(rule, "Web Server Common");
  EXPECT_EQ(made.system, HostSystem::kLinux);
  EXPECT_EQ(made.system_from, "its name");
  rule.rule.name = "OpenSSL on Windows and Linux";
  made = PatchRuleOf(rule, "");
  EXPECT_EQ(made.system, HostSystem::kUndetermined);
  EXPECT_EQ(made.system_from, "");
}

TEST(RuleCatalog, SaysFromWhatItInfersThatConfigurationIsNeeded) {
  swp::CatalogRule rule = RuleOf(1, {});
  rule.rule.recommendations_mode = "enabled";
  EXPECT_EQ(PatchRuleOf(rule, "").configuration, NeedsConfiguration::kNo);
  rule.rule.recommendations_mode = "unknown";
  EXPECT_EQ(PatchRuleOf(rule, "").configuration, NeedsConfiguration::kUndetermined);
  EXPECT_EQ(PatchRuleOf(rule, "").configuration_from, "its recommendation mode is `unknown`");
  rule.description = "This rule must be configured before use.";
  EXPECT_EQ(PatchRuleOf(rule, "").configuration, NeedsConfiguration::kYes);
}

TEST(RuleCatalog, InfersThatARuleIsObsolete) {
  swp::CatalogRule rule = RuleOf(1, {});
  rule.rule.name = "(Obsolete) Example";
  EXPECT_TRUE(PatchRuleOf(rule, "").obsolete);
  rule.rule.name = "Example of an obsoleted thing";
  EXPECT_FALSE(PatchRuleOf(rule, "").obsolete);
}

TEST(RuleCatalog, ComesBackFromItsPieces) {
  RuleCatalog catalog;
  std::vector<swp::CatalogRule> rules;
  for (std::int32_t id = 1; id <= 12'000; ++id)
    rules.push_back(RuleOf(id, {"CVE-2020-" + std::to_string(10'000 + id)}));
  rules[3].rule.depends_on = {RuleId{1}};
  rules[4].rule.detect_only = true;
  rules[5].rule.recommendations_mode = "unknown";
  rules[6].rule.application_type = 81;
  catalog.Replace(rules, {{81, "Windows SMB Server", "incoming", "tcp"}}, kStart);
  RuleCatalog back;
  for (const std::string& text : catalog.Pieces()) {
    EXPECT_LT(text.size(), std::size_t{1024} * 1024);
    ASSERT_TRUE(back.AddPiece(*Json::Parse(text)).ok());
  }
  EXPECT_TRUE(back == catalog);
  EXPECT_EQ(back.RulesFor("CVE-2020-22000").size(), 1U);
  EXPECT_FALSE(back.AddPiece(*Json::Parse(R"({"part":"rules","format":99})")).ok());
}

TEST(RefreshCatalog, ReadsAllThenWhatChanged) {
  FakeEstate estate;
  for (std::int32_t id = 1; id <= 10; ++id)
    estate.rules.push_back(RuleOf(id, {"CVE-2020-1000" + std::to_string(id % 10)}));
  RuleCatalog catalog;
  bool changed = false;
  ASSERT_TRUE(RefreshCatalog(estate, kStart, hours(6), hours(168), catalog, changed).ok());
  EXPECT_TRUE(changed);
  EXPECT_EQ(catalog.size(), 10U);
  // Young enough: nothing is asked.
  estate.asked.clear();
  ASSERT_TRUE(RefreshCatalog(estate, kStart + hours(5), hours(6), hours(168), catalog, changed).ok());
  EXPECT_FALSE(changed);
  EXPECT_TRUE(estate.asked.empty());
  // An update: one rule is new, one is detect-only now.
  estate.rules.push_back(RuleOf(11, {"CVE-2026-1111"}, kStart + hours(6)));
  estate.rules[0].rule.detect_only = true;
  estate.rules[0].last_updated = kStart + hours(6);
  ASSERT_TRUE(RefreshCatalog(estate, kStart + hours(7), hours(6), hours(168), catalog, changed).ok());
  EXPECT_TRUE(changed);
  EXPECT_EQ(estate.since, kStart);
  EXPECT_EQ(catalog.RulesFor("CVE-2026-1111").size(), 1U);
  EXPECT_TRUE(catalog.Find(RuleId{1})->detect_only);
  // Only reading all shows that a rule is gone.
  estate.rules.erase(estate.rules.begin() + 1);
  ASSERT_TRUE(RefreshCatalog(estate, kStart + hours(169), hours(6), hours(168), catalog, changed).ok());
  EXPECT_EQ(estate.since, std::nullopt);
  EXPECT_EQ(catalog.Find(RuleId{2}), nullptr);
}

// A rule that an update removed is not in the list of what the update changed.
TEST(RefreshCatalog, AnUpdateShowsWhatItRemovedWithinADay) {
  FakeEstate estate;
  for (int i = 1; i <= 3; ++i) estate.rules.push_back(RuleOf(i, {"CVE-2020-1000" + std::to_string(i)}));
  RuleCatalog catalog;
  bool changed = false;
  ASSERT_TRUE(RefreshCatalog(estate, kStart, hours(6), hours(168), catalog, changed).ok());
  // Nothing changed for two days: what changed is asked for, and no more.
  ASSERT_TRUE(RefreshCatalog(estate, kStart + hours(48), hours(6), hours(168), catalog, changed).ok());
  EXPECT_EQ(estate.since, kStart);
  estate.rules.erase(estate.rules.begin());
  estate.rules.push_back(RuleOf(4, {"CVE-2026-1111"}, kStart + hours(50)));
  ASSERT_TRUE(RefreshCatalog(estate, kStart + hours(55), hours(6), hours(168), catalog, changed).ok());
  EXPECT_EQ(estate.since, std::nullopt);
  EXPECT_EQ(catalog.Find(RuleId{1}), nullptr);
  EXPECT_NE(catalog.Find(RuleId{4}), nullptr);
  EXPECT_EQ(catalog.whole_at, kStart + hours(55));
  // A second update on the same day is merged.
  estate.rules.push_back(RuleOf(5, {"CVE-2026-2222"}, kStart + hours(56)));
  ASSERT_TRUE(RefreshCatalog(estate, kStart + hours(62), hours(6), hours(168), catalog, changed).ok());
  EXPECT_EQ(estate.since, kStart + hours(50));
  EXPECT_NE(catalog.Find(RuleId{5}), nullptr);
}

TEST(RefreshCatalog, WhatCannotBeReadLeavesItAsItWas) {
  FakeEstate estate;
  estate.rules.push_back(RuleOf(1, {"CVE-2020-10001"}));
  RuleCatalog catalog;
  bool changed = false;
  ASSERT_TRUE(RefreshCatalog(estate, kStart, hours(6), hours(168), catalog, changed).ok());
  estate.failure = Error{ErrorCode::kUnavailable, "down", ""};
  EXPECT_FALSE(RefreshCatalog(estate, kStart + hours(7), hours(6), hours(168), catalog, changed).ok());
  EXPECT_EQ(catalog.size(), 1U);
  EXPECT_EQ(catalog.read_at, kStart);
  // None at all is no catalog but a role that may not see rules.
  RuleCatalog fresh;
  FakeEstate empty;
  const Status read = RefreshCatalog(empty, kStart, hours(6), hours(168), fresh, changed);
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(read.error().message, HasSubstr("no intrusion prevention rule at all"));
}

TEST(SystemOfPlatform, KnowsTheWordsOfBothServices) {
  for (const char* is_linux : {"Ubuntu Linux 22 (64 bit) (5.15)", "UBUNTU_22_04", "Amazon Linux 2 (64 bit)",
                               "AMAZON_LINUX_2", "Red Hat Enterprise 8 (64 bit)", "SUSE_SERVER_15"}) {
    EXPECT_EQ(SystemOfPlatform(is_linux), HostSystem::kLinux) << is_linux;
  }
  for (const char* windows : {"Microsoft Windows Server 2019 (64 bit)", "WINDOWS_SERVER_2022"}) {
    EXPECT_EQ(SystemOfPlatform(windows), HostSystem::kWindows) << windows;
  }
  EXPECT_EQ(SystemOfPlatform("Solaris 11"), HostSystem::kUndetermined);
}

}  // namespace
}  // namespace sallyport
