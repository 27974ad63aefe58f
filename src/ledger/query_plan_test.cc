// SPDX-License-Identifier: Apache-2.0
//
// The look-ups that every event or every tick of the timer needs do not walk over whole tables.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/full_ledger.h"
#include "ledger/query.h"
#include "ledger/records.h"
#include "ledger/rows.h"

namespace sallyport {
namespace {

using sqlite::Statement;
using ::testing::HasSubstr;
using ::testing::Not;

class QueryPlanTest : public ::testing::Test {
 protected:
  QueryPlanTest() {
    FillLedger(*OpenOrDie(path_, clock_), clock_);
    database_ = sqlite::Database::Open(path_, Duration{1000}).value();
  }

  std::string PlanOfSql(std::string_view sql) {
    auto statement = database_->Prepare("EXPLAIN QUERY PLAN " + std::string(sql));
    EXPECT_TRUE(statement.ok()) << statement.error().ToText();
    std::string all;
    for (const std::string& line :
         ReadRows<std::string>(*statement, [](const Statement& row) { return Result(row.Text(3)); }).value()) {
      all += line + "\n";
    }
    return all;
  }

  TempFolder folder_;
  FakeClock clock_;
  const std::string path_ = folder_ / "ledger.db";
  std::unique_ptr<sqlite::Database> database_;
};

TEST_F(QueryPlanTest, EachLookUpUsesItsIndex) {
  const std::pair<std::string, std::string> rows[] = {{std::string(kSelectCaseAbout), "case_by_thing"},
                                                      {std::string(kSelectSame), "event_by_content"},
                                                      {std::string(kSelectUnfinished), "event_unfinished"},
                                                      {std::string(kSelectDue), "follow_up_open"},
                                                      {std::string(kSelectDueInSpite), "follow_up_claimed"},
                                                      {std::string(kSelectNextRingInSpite), "follow_up_claimed"},
                                                      {CarriedOutSql(), "action_by_key"},
                                                      {RecentSql(), "action_by_deed"},
                                                      {CompromisedSql(), "plan_by_case"},
                                                      {CompromisedSql(), "case_by_host"}};
  for (const auto& [sql, index] : rows) {
    const std::string plan = PlanOfSql(sql);
    EXPECT_THAT(plan, HasSubstr("INDEX " + index)) << sql;
    EXPECT_THAT(plan, Not(HasSubstr("SCAN"))) << sql;
  }
}

TEST_F(QueryPlanTest, TheNewestLineOfARecordIsFoundWithoutAWalk) {
  const std::string plan = PlanOfSql(kSelectNewestLine);
  EXPECT_THAT(plan, HasSubstr("history_by_record"));
  EXPECT_THAT(plan, Not(HasSubstr("SCAN")));
  EXPECT_THAT(plan, Not(HasSubstr("TEMP B-TREE")));
}

// Only the filters are walked over, from the newest case on; a case that is looked through is found by its number.
TEST_F(QueryPlanTest, ASearchForATextReadsFiltersAlone) {
  const std::string plan = PlanOfSql(CasesSql({.text = "10.0.3.17"}));
  EXPECT_TRUE(plan.starts_with("SCAN case_filter\nSEARCH cases USING INTEGER PRIMARY KEY (rowid=?)\n")) << plan;
  EXPECT_EQ(plan.find("SCAN", 1), plan.find("SCAN (subquery")) << plan;
  EXPECT_THAT(plan, Not(HasSubstr("TEMP B-TREE FOR ORDER BY\nLIST")));
}

TEST_F(QueryPlanTest, NothingIsSortedToFindTheNewest) {
  for (const std::string& sql : {std::string(kSelectCaseAbout), std::string(kSelectSame), CarriedOutSql(), RecentSql(),
                                 std::string(kSelectDue), std::string(kSelectNextRing)}) {
    EXPECT_THAT(PlanOfSql(sql), Not(HasSubstr("TEMP B-TREE"))) << sql;
  }
}

}  // namespace
}  // namespace sallyport
