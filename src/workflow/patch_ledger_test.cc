// SPDX-License-Identifier: Apache-2.0
#include "workflow/patch_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/fake_documents.h"
#include "workflow/inspector_sweep.h"

namespace sallyport {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;

const TimePoint kDay0 = FromEpochMilliseconds(1'764'000'000'000);
constexpr Duration kDay = hours(24);

PatchFinding PatchFindingAt(FindingStatus status, TimePoint updated, int number = 1) {
  PatchFinding finding;
  finding.arn = "arn:aws:inspector2:us-east-1:111122223333:finding/" + std::to_string(number);
  finding.cves = {"CVE-2024-10001"};
  finding.host = Host{"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "web-01", std::nullopt};
  finding.status = status;
  finding.updated = updated;
  finding.severity = 8;
  return finding;
}

Coverage CoverageOf(CoverageState state) {
  Coverage coverage;
  coverage.state = state;
  coverage.why = "because";
  coverage.assigned = {RuleId{7}};
  return coverage;
}

// Events come out of order and repeated: the greater `updatedAt` counts.
TEST(PatchLedger, TheLaterUpdateCountsInWhateverOrder) {
  const auto active = PatchFindingAt(FindingStatus::kActive, kDay0);
  const auto closed = PatchFindingAt(FindingStatus::kClosed, kDay0 + kDay);
  for (const auto& order : {std::vector{active, closed, active}, std::vector{closed, active, closed, active}}) {
    PatchLedger ledger;
    for (const PatchFinding& finding : order) ledger.Take(finding, kDay0 + kDay);
    ASSERT_EQ(ledger.entries.size(), 1U);
    EXPECT_EQ(ledger.entries.begin()->second.finding.status, FindingStatus::kClosed);
    EXPECT_EQ(ledger.entries.begin()->second.closed_at, kDay0 + kDay);
  }
}

TEST(PatchLedger, OneThatOpensAgainIsOpen) {
  PatchLedger ledger;
  ledger.Take(PatchFindingAt(FindingStatus::kClosed, kDay0), kDay0);
  EXPECT_TRUE(ledger.Take(PatchFindingAt(FindingStatus::kActive, kDay0 + kDay), kDay0 + kDay));
  EXPECT_EQ(ledger.entries.begin()->second.closed_at, std::nullopt);
  EXPECT_FALSE(ledger.Take(PatchFindingAt(FindingStatus::kActive, kDay0 + kDay), kDay0 + kDay)) << "repeated";
}

TEST(PatchLedger, EachCaseOfAFindingBringsItsCves) {
  PatchLedger ledger;
  PatchFinding other = PatchFindingAt(FindingStatus::kActive, kDay0);
  ledger.Take(other, kDay0);
  other.cves = {"CVE-2024-10002"};
  ledger.Take(other, kDay0);
  EXPECT_THAT(ledger.entries.begin()->second.finding.cves, ElementsAre("CVE-2024-10001", "CVE-2024-10002"));
}

TEST(PatchLedger, CountsTheDaysThatWereCovered) {
  PatchLedger ledger;
  PatchFinding finding = PatchFindingAt(FindingStatus::kActive, kDay0);
  finding.first_observed = kDay0 - 2 * kDay;
  ledger.Take(finding, kDay0);
  PatchEntry& entry = ledger.entries.begin()->second;
  const std::string cve = "CVE-2024-10001";
  ledger.Note(entry, cve, CoverageOf(CoverageState::kNotCovered), kDay0);
  EXPECT_DOUBLE_EQ(DaysCovered(entry.covers[cve], entry, kDay0), 0);
  ledger.Note(entry, cve, CoverageOf(CoverageState::kByPolicy), kDay0 + kDay);
  // What could not be found out ends nothing.
  ledger.Note(entry, cve, CoverageOf(CoverageState::kUndetermined), kDay0 + 2 * kDay);
  EXPECT_DOUBLE_EQ(DaysCovered(entry.covers[cve], entry, kDay0 + 3 * kDay), 2);
  ledger.Note(entry, cve, CoverageOf(CoverageState::kNotPreventing), kDay0 + 3 * kDay);
  EXPECT_DOUBLE_EQ(DaysCovered(entry.covers[cve], entry, kDay0 + 9 * kDay), 2);
  ledger.Note(entry, cve, CoverageOf(CoverageState::kByPolicy), kDay0 + 9 * kDay);
  ledger.Take(PatchFindingAt(FindingStatus::kClosed, kDay0 + 10 * kDay), kDay0 + 10 * kDay);
  EXPECT_DOUBLE_EQ(DaysCovered(entry.covers[cve], entry, kDay0 + 30 * kDay), 3);
}

TEST(PatchLedger, ComesBackFromItsDocument) {
  PatchLedger ledger;
  swp::CatalogRule rule;
  rule.rule.id = RuleId{7};
  rule.rule.cves = {"CVE-2024-10001"};
  rule.last_updated = kDay0;
  ledger.catalog.Replace({rule}, {}, kDay0);
  for (int i = 0; i < 3'000; ++i) ledger.Take(PatchFindingAt(FindingStatus::kActive, kDay0, i), kDay0);
  ledger.Note(ledger.entries.begin()->second, "CVE-2024-10001", CoverageOf(CoverageState::kByParent), kDay0);
  ledger.entries.begin()->second.told_in = 12;
  ledger.entries.begin()->second.told_unknown_in = 13;
  ledger.entries.begin()->second.unread = true;
  ledger.entries.begin()->second.excluded = true;
  ledger.entries.begin()->second.covers.begin()->second.planned = true;
  ledger.entries.begin()->second.cases = {{"CVE-2024-10001", 17}};
  ledger.said = {{17, "not-blocked"}, {18, "covered"}};
  ledger.entries.begin()->second.finding.host.tags = std::vector<swp::Tag>{{"Owner", "team-web"}};
  ledger.placed.push_back({swp::Scope::Of(PolicyId{12}),
                           "",
                           ComputerId{34},
                           ledger.entries.begin()->second.finding.host,
                           {RuleId{7}},
                           {"CVE-2024-10001"},
                           kDay0,
                           "key",
                           {{7, 3}}});
  ledger.placed.front().host.tags = std::nullopt;
  FakeDocuments documents;
  documents.Put(std::string(kPatchDocument), ledger.Pieces(), kDay0);
  const auto back = ReadPatchLedger(&documents);
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_TRUE(*back == ledger);
}

TEST(PatchLedger, OfANewerReleaseIsNotRead) {
  FakeDocuments documents;
  documents.Put(std::string(kPatchDocument), {R"({"part":"findings","format":99,"items":[]})"}, kDay0);
  EXPECT_FALSE(ReadPatchLedger(&documents).ok());
  FakeDocuments none;
  EXPECT_TRUE(ReadPatchLedger(&none)->entries.empty());
}

// What a sweep could not read closes nothing in that part.
TEST(PatchLedger, OnlyWholeListsTellWhatIsGone) {
  PatchLedger ledger;
  ledger.Take(PatchFindingAt(FindingStatus::kActive, kDay0, 1), kDay0);
  ledger.Take(PatchFindingAt(FindingStatus::kActive, kDay0, 2), kDay0);
  const std::string first = PatchFindingAt(FindingStatus::kActive, kDay0, 1).Key();
  const std::string second = PatchFindingAt(FindingStatus::kActive, kDay0, 2).Key();
  EXPECT_THAT(Vanished(ledger, {"111122223333/us-east-1"}, {first}), ElementsAre(second));
  EXPECT_THAT(Vanished(ledger, {"111122223333/eu-west-1"}, {}), IsEmpty());
  EXPECT_THAT(Vanished(ledger, {}, {}), IsEmpty());
  ledger.Vanish(second, kDay0 + kDay);
  EXPECT_TRUE(ledger.entries.at(second).finding.vanished);
  EXPECT_THAT(Vanished(ledger, {"111122223333/us-east-1"}, {first}), IsEmpty());
}

TEST(PatchLedger, OfAnEarlierReleaseAllRulesOfAChangeWereProposedAtOnce) {
  FakeDocuments documents;
  documents.Put(
      std::string(kPatchDocument),
      {R"({"part":"placed","format":1,"items":[{"scope":"policy","scope_id":12,"computer":34,"host":{"account":"111122223333",)"
       R"("region":"us-east-1","instance":"i-00000001"},"rules":[7,8],"cves":["CVE-2024-10001"],"planned_at":1,)"
       R"("key":"key","proposed_in":4}]})"},
      kDay0);
  const auto ledger = ReadPatchLedger(&documents);
  ASSERT_TRUE(ledger.ok()) << ledger.error().message;
  EXPECT_EQ(ledger->placed.at(0).proposed, (std::map<std::int32_t, std::int64_t>{{7, 4}, {8, 4}}));
}

}  // namespace
}  // namespace sallyport
