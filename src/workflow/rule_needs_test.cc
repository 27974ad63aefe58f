// SPDX-License-Identifier: Apache-2.0
#include "workflow/rule_needs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sallyport {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const TimePoint kNeedsDay = FromEpochMilliseconds(1'764'000'000'000);
constexpr Duration kOneDay = std::chrono::hours(24);
using Instances = std::optional<std::set<std::string>>;

// Rule 7 for the CVE, which depends on 8, which depends on 9; rules 3 and 4 for others.
class RuleNeedsTest : public testing::Test {
 protected:
  void SetUp() override {
    ledger_.catalog.Replace({Rule(7, {RuleId{8}}, "high", "CVE-2024-10001"), Rule(8, {RuleId{9}}, "high"),
                             Rule(9, {}, "high"), Rule(3, {}, "critical"), Rule(4, {}, "low")},
                            {}, kNeedsDay);
    change_.rules = {RuleId{9}, RuleId{8}, RuleId{7}};
  }

  static swp::CatalogRule Rule(int id, const std::vector<RuleId>& depends_on, const std::string& severity,
                               const std::string& cve = "") {
    swp::CatalogRule rule;
    rule.rule.id = RuleId{id};
    rule.rule.depends_on = depends_on;
    rule.rule.severity = severity;
    if (!cve.empty()) rule.rule.cves = {cve};
    return rule;
  }

  void Take(FindingStatus status, TimePoint at, const std::string& instance = "i-00000001") {
    PatchFinding finding;
    finding.arn = "arn:" + instance;
    finding.cves = {"CVE-2024-10001"};
    finding.host = Host{"111122223333", "us-east-1", {instance}, "", std::nullopt};
    finding.updated = at;
    finding.status = status;
    ledger_.Take(finding, at);
  }

  bool IsNeeded(int rule, TimePoint now, const Instances& instances = std::nullopt) {
    return RuleNeeds(ledger_, now, kOneDay).IsNeeded(RuleId{rule}, instances);
  }

  PatchLedger ledger_;
  PatchPlaced change_;
};

TEST_F(RuleNeedsTest, WhileAFindingIsOpenAndInTheGracePeriod) {
  Take(FindingStatus::kActive, kNeedsDay);
  EXPECT_TRUE(IsNeeded(7, kNeedsDay));
  EXPECT_TRUE(IsNeeded(8, kNeedsDay)) << "another rule depends on it";
  EXPECT_TRUE(IsNeeded(9, kNeedsDay)) << "and on this one by that";
  EXPECT_FALSE(IsNeeded(3, kNeedsDay));
  EXPECT_TRUE(IsNeeded(99, kNeedsDay)) << "of an unknown rule nothing is known";
  Take(FindingStatus::kClosed, kNeedsDay + kOneDay);
  EXPECT_TRUE(IsNeeded(7, kNeedsDay + 2 * kOneDay - Duration{1}));
  EXPECT_FALSE(IsNeeded(7, kNeedsDay + 2 * kOneDay));
}

TEST_F(RuleNeedsTest, ASuppressedFindingKeepsItsRules) {
  Take(FindingStatus::kSuppressed, kNeedsDay);
  EXPECT_TRUE(IsNeeded(7, kNeedsDay + 30 * kOneDay));
}

TEST_F(RuleNeedsTest, OnlyFindingsOfThePlaceCountWhereItsHostsAreKnown) {
  Take(FindingStatus::kActive, kNeedsDay);
  EXPECT_TRUE(IsNeeded(7, kNeedsDay, Instances({"i-00000001", "i-00000002"})));
  EXPECT_FALSE(IsNeeded(7, kNeedsDay, Instances({"i-00000002"})));
  EXPECT_TRUE(IsNeeded(7, kNeedsDay, std::nullopt)) << "which hosts it has is not known";
}

TEST_F(RuleNeedsTest, WhatDependsOnAnotherGoesFirst) {
  const RuleNeeds needs(ledger_, kNeedsDay, kOneDay);
  EXPECT_THAT(needs.NeedlessOf(change_, 5, std::nullopt), ElementsAre(RuleId{7}, RuleId{8}, RuleId{9}));
}

TEST_F(RuleNeedsTest, WhatWasProposedInAnotherWindowIsNotProposedAgain) {
  const RuleNeeds needs(ledger_, kNeedsDay, kOneDay);
  change_.proposed = {{7, 4}, {8, 5}};
  EXPECT_THAT(needs.NeedlessOf(change_, 5, std::nullopt), ElementsAre(RuleId{8}, RuleId{9}));
}

TEST_F(RuleNeedsTest, RulesThatGoInACircleEnd) {
  ledger_.catalog.Replace({Rule(7, {RuleId{8}}, "high", "CVE-2024-10001"), Rule(8, {RuleId{7}}, "high")}, {},
                          kNeedsDay);
  Take(FindingStatus::kActive, kNeedsDay);
  EXPECT_TRUE(IsNeeded(8, kNeedsDay));
}

TEST_F(RuleNeedsTest, OfTheLowestSeverityFirst) {
  Take(FindingStatus::kActive, kNeedsDay);
  const RuleNeeds needs(ledger_, kNeedsDay, kOneDay);
  const auto least = LeastNeeded({RuleId{3}, RuleId{7}, RuleId{4}, RuleId{99}}, needs, ledger_.catalog, 5);
  ASSERT_EQ(least.size(), 2U) << "7 is needed, and of 99 nothing is known";
  EXPECT_EQ(least[0]->id, RuleId{4});
  EXPECT_EQ(least[1]->id, RuleId{3});
  EXPECT_THAT(LeastNeeded({RuleId{7}}, needs, ledger_.catalog, 5), IsEmpty());
  EXPECT_EQ(LeastNeeded({RuleId{3}, RuleId{4}}, needs, ledger_.catalog, 1).size(), 1U);
}

}  // namespace
}  // namespace sallyport
