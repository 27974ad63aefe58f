// SPDX-License-Identifier: Apache-2.0
#include "ledger/heads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "ledger/export.h"
#include "ledger/full_ledger.h"

namespace sallyport {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kSomeHash(64, 'a');

class HeadsTest : public ::testing::Test {
 protected:
  // A ledger with that many lines or a few more, about findings named after `word`.
  std::unique_ptr<SqliteLedger> LedgerOf(const std::string& file, std::int64_t lines, const std::string& word) {
    auto ledger = OpenOrDie(folder_ / file, clock_);
    for (int i = 0; !ledger->NewestHead().value() || (*ledger->NewestHead().value()).number < lines; ++i) {
      EXPECT_TRUE(ledger->AddEvent(EventAbout(word + std::to_string(i))).ok());
    }
    return ledger;
  }
  std::vector<std::string> Differences(Audit& audit, const std::vector<ChainHead>& heads) {
    HeadsComparison comparison(audit, "`kept`");
    for (const ChainHead& head : heads) ExpectOk(comparison.Compare(head));
    EXPECT_EQ(comparison.compared(), static_cast<std::int64_t>(heads.size()));
    return comparison.Differences().value();
  }
  std::vector<ChainHead> EveryLineOf(Audit& audit) {
    std::vector<ChainHead> heads;
    for (const HistoryLine& line : audit.History(0, 1000).value()) heads.push_back({line.number, line.at, line.hash});
    return heads;
  }

  TempFolder folder_;
  FakeClock clock_;
};

TEST_F(HeadsTest, ALedgerWithoutLinesHasNoHead) {
  const auto ledger = OpenOrDie(folder_ / "a.db", clock_);
  EXPECT_THAT(HeadsOf(*ledger).value(), IsEmpty());
  EXPECT_FALSE(ledger->NewestHead().value().has_value());
}

TEST_F(HeadsTest, HeadsAreTheFirstLineTheNewestAndEveryThousandth) {
  const auto ledger = LedgerOf("a.db", 2 * kLinesBetweenHeads + 1, "f");
  std::vector<std::int64_t> numbers;
  for (const ChainHead& head : HeadsOf(*ledger).value()) {
    numbers.push_back(head.number);
    EXPECT_EQ(head.hash, ledger->History(head.number - 1, 1).value().at(0).hash);
  }
  EXPECT_THAT(numbers, ElementsAre(1, 1000, 2000, (*ledger->NewestHead().value()).number));
  EXPECT_THAT(Differences(*ledger, HeadsOf(*ledger).value()), IsEmpty());
}

TEST_F(HeadsTest, AHeadIsReadFromAnythingThatHoldsOne) {
  const ChainHead head{17, clock_.Now(), kSomeHash};
  const std::string lines[] = {
      HeadJson(head),
      HeadText(head),
      "sallyport: the ledger ends with " + HeadText(head),
      HeadText(head) + " at 2026\r",
      R"({"time":"x","level":"info","message":"ledger head","number":17,"hash":")" + kSomeHash + R"("})",
      R"({"message":"the ledger ends with )" + HeadText(head) + R"("})",
      "line 3, line 17 hash " + kSomeHash};
  for (const std::string& line : lines) {
    const auto found = HeadIn(line);
    ASSERT_TRUE(found) << line;
    EXPECT_EQ(found->number, 17) << line;
    EXPECT_EQ(found->hash, kSomeHash) << line;
  }
}

TEST_F(HeadsTest, WhatHoldsNoHeadIsNotTakenForOne) {
  const std::string lines[] = {"",
                               "line",
                               "line 17",
                               "line 17 hash",
                               "line 17 hash " + std::string(63, 'a'),
                               "line 17 hash " + std::string(64, 'A'),
                               "line 0 hash " + kSomeHash,
                               "line -4 hash " + kSomeHash,
                               "line 99999999999999999999 hash " + kSomeHash,
                               "line x hash " + kSomeHash,
                               R"({"number":"17","hash":")" + kSomeHash + R"("})",
                               R"({"number":0,"hash":")" + kSomeHash + R"("})",
                               R"({"number":17})",
                               R"({"number":17,"hash":17})",
                               "{",
                               std::string("line 17\0hash ", 13) + kSomeHash};
  for (const std::string& line : lines) EXPECT_FALSE(HeadIn(line).has_value()) << line;
}

TEST_F(HeadsTest, EveryLineOfAnExportIsAHead) {
  const auto ledger = LedgerOf("a.db", 5, "f");
  std::vector<ChainHead> heads;
  ASSERT_TRUE(Export(*ledger, ExportFormat::kJsonLines, 0, [&](std::string_view text) {
                heads.push_back(HeadIn(text).value());
                return Ok();
              }).ok());
  EXPECT_EQ(heads.size(), ledger->History(0, 100).value().size());
  EXPECT_THAT(Differences(*ledger, heads), IsEmpty());
}

// A chain that was computed anew as a whole is whole for Verify.
TEST_F(HeadsTest, ARewrittenChainDiffersFromTheFirstLineThatIsAnother) {
  const auto kept = EveryLineOf(*LedgerOf("a.db", 20, "f"));
  const auto other = LedgerOf("b.db", 30, "g");
  EXPECT_THAT(other->Verify().value().broken, IsEmpty());
  const auto differences = Differences(*other, kept);
  ASSERT_EQ(differences.size(), 1U);
  EXPECT_THAT(differences.front(), HasSubstr("line 1 is not the one that `kept` holds (its hash is "));
  EXPECT_THAT(differences.front(), HasSubstr("it is another ledger, or all of it was written again; "));
  EXPECT_THAT(differences.front(), HasSubstr(std::to_string(kept.size() - 1) + " more of its lines differ"));
}

TEST_F(HeadsTest, AChangeIsPlacedBetweenTheHeadsAroundIt) {
  std::vector<ChainHead> kept;
  {
    const auto ledger = LedgerOf("a.db", 10, "f");
    kept = {EveryLineOf(*ledger).at(3)};
  }
  std::filesystem::copy(folder_ / "a.db", folder_ / "b.db");
  const auto first = LedgerOf("a.db", 20, "one");
  const auto second = LedgerOf("b.db", 20, "two");
  kept.push_back(EveryLineOf(*first).at(14));
  kept.push_back(EveryLineOf(*first).at(18));
  // In any order.
  std::swap(kept.front(), kept.back());
  const auto differences = Differences(*second, kept);
  ASSERT_EQ(differences.size(), 1U);
  EXPECT_THAT(differences.front(), HasSubstr("line 15 is not the one that `kept` holds"));
  EXPECT_THAT(differences.front(), HasSubstr("what was written after line 4, which is the same, was changed; 1 more"));
}

TEST_F(HeadsTest, RecordsThatWentWithADeletedLogAreMissing) {
  auto ledger = LedgerOf("a.db", 10, "f");
  const std::int64_t before = (*ledger->NewestHead().value()).number;
  ledger.reset();  // all of it is in the file now
  ledger = LedgerOf("a.db", before + 10, "g");
  const auto kept = HeadsOf(*ledger).value();
  // The file beside the log that holds what is newer, as after a killed process; then somebody deletes the log.
  std::filesystem::copy(folder_ / "a.db", folder_ / "b.db");
  const auto left = OpenOrDie(folder_ / "b.db", clock_);
  EXPECT_THAT(left->Verify().value().broken, IsEmpty());
  ASSERT_EQ((*left->NewestHead().value()).number, before);
  EXPECT_THAT(Differences(*left, kept),
              ElementsAre("lines " + std::to_string(before + 1) + " to " + std::to_string(kept.back().number) +
                          " are missing: the ledger ends with line " + std::to_string(before) +
                          ", and `kept` holds line " + std::to_string(kept.back().number) +
                          " (its `-wal` file was deleted, or this is an older copy, or the end was cut off)"));
}

TEST_F(HeadsTest, AnEmptyLedgerMissesAll) {
  const auto ledger = OpenOrDie(folder_ / "a.db", clock_);
  EXPECT_THAT(Differences(*ledger, {{1, clock_.Now(), kSomeHash}}),
              ElementsAre(HasSubstr("line 1 is missing: the ledger is empty, and `kept` holds line 1")));
}

}  // namespace
}  // namespace sallyport
