// SPDX-License-Identifier: Apache-2.0
#include "ledger/export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/json.h"
#include "ledger/full_ledger.h"

namespace sallyport {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ExportTest : public ::testing::Test {
 protected:
  std::vector<std::string> All(ExportFormat format, std::int64_t after = 0) {
    std::vector<std::string> pieces;
    const auto count = Export(*ledger_, format, after, [&](std::string_view piece) {
      pieces.emplace_back(piece);
      return Ok();
    });
    EXPECT_TRUE(count.ok());
    EXPECT_EQ(static_cast<std::size_t>(count.value_or(0)) + (format == ExportFormat::kCsv ? 1 : 0), pieces.size());
    return pieces;
  }

  FakeClock clock_;
  std::unique_ptr<SqliteLedger> ledger_ = OpenOrDie(":memory:", clock_);
};

TEST_F(ExportTest, EachLineOfHistoryIsAJsonObjectThatCanBeReadAlone) {
  FillLedger(*ledger_, clock_);
  const auto lines = All(ExportFormat::kJsonLines);
  const auto history = ledger_->History(0, 1000).value();
  ASSERT_EQ(lines.size(), history.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Json line = Json::Parse(lines[i]).value();
    EXPECT_EQ(line["number"].Int64Or(0), history[i].number);
    EXPECT_EQ(line["hash"].StringOr(""), history[i].hash);
    EXPECT_EQ(line["state"].StringOr(""), history[i].state);
    EXPECT_EQ(line["reason"].StringOr("-"), history[i].reason);
    EXPECT_EQ(line["account"].StringOr(""), history[i].event ? "111122223333" : "");
    EXPECT_EQ(line["document"].IsMissing(), history[i].kind != "document");
    EXPECT_EQ(line["action"].IsMissing(), history[i].kind != "action");
    EXPECT_EQ(line["action_kind"].StringOr(""), history[i].kind == "action" ? "request-scan" : "");
    EXPECT_EQ(line["follow_up"].IsMissing(), history[i].kind != "follow-up");
    EXPECT_EQ(line["delivery"].IsMissing(), history[i].kind != "delivery");
    EXPECT_EQ(lines[i].find('\n'), lines[i].size() - 1);
  }
  EXPECT_EQ(Json::Parse(lines[lines.size() - 2]).value()["case"].Int64Or(0), 3);
  EXPECT_EQ(Json::Parse(lines.back()).value()["kind"].StringOr(""), "document");
}

TEST_F(ExportTest, AnExportCanGoOnWhereTheLastOneEnded) {
  FillLedger(*ledger_, clock_);
  const auto all = All(ExportFormat::kJsonLines);
  const auto rest = All(ExportFormat::kJsonLines, 10);
  ASSERT_EQ(rest.size() + 10, all.size());
  EXPECT_EQ(rest.front(), all[10]);
}

TEST_F(ExportTest, MoreThanAPageIsExportedWhole) {
  for (std::size_t i = 0; i <= kExportPage; ++i) ASSERT_TRUE(ledger_->AddEvent(EventAbout("f")).ok());
  EXPECT_EQ(All(ExportFormat::kJsonLines).size(), kExportPage + 2) << "and one line of the case";
}

TEST_F(ExportTest, CsvHasAHeaderAndARowForEachLine) {
  NewEvent event = EventAbout("=cmd|' /C calc'!A0");
  event.title = "a \"title\", with\nmuch in it";
  const EventNumber number = ledger_->AddEvent(event).value().number;
  ASSERT_TRUE(ledger_->AddPlan(number, PlanOf({ScanOf("computer 34")})).ok());
  const auto rows = All(ExportFormat::kCsv);
  ASSERT_EQ(rows.size(), 7U);
  EXPECT_EQ(
      rows[0],
      "number,at,kind,state,reason,case,event,source,account,region,subject,title,plan,action,action_kind,action_what,"
      "action_subject,follow_up,delivery,document,hash\r\n");
  const std::string hash = ledger_->History(4, 1).value().at(0).hash;
  EXPECT_EQ(rows[5],
            "5,2025-11-24T16:00:00Z,action,planned,,1,1,aws.guardduty,111122223333,us-east-1,'=cmd|' /C calc'!A0,"
            "\"a \"\"title\"\", with\\x0amuch in it\",,1,request-scan,scan-for-recommendations,computer 34,,,," +
                hash + "\r\n");
}

TEST_F(ExportTest, NothingFromOutsideCanSteerATerminal) {
  for (const std::string text : {"\x1b[2J", "\xC2\x9B[J", "\xE2\x80\xAEgpj", "a\nb"}) {
    ASSERT_TRUE(ledger_->AddEvent(EventAbout(text)).ok());
    for (const ExportFormat format : {ExportFormat::kJsonLines, ExportFormat::kCsv}) {
      EXPECT_THAT(All(format).back(), Not(HasSubstr(text)));
    }
    EXPECT_EQ(Json::Parse(All(ExportFormat::kJsonLines).back()).value()["subject"].StringOr(""), text);
  }
}

TEST_F(ExportTest, AnOutputThatIsGoneEndsTheExport) {
  FillLedger(*ledger_, clock_);
  int taken = 0;
  const auto count = Export(*ledger_, ExportFormat::kJsonLines, 0, [&](std::string_view) -> Status {
    if (++taken == 3) return Error{ErrorCode::kStorage, "broken pipe", ""};
    return Ok();
  });
  ASSERT_FALSE(count.ok());
  EXPECT_EQ(count.error().message, "broken pipe");
  EXPECT_EQ(taken, 3);
}

}  // namespace
}  // namespace sallyport
