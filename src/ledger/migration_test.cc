// SPDX-License-Identifier: Apache-2.0
//
// A file of version 1 with content becomes one of version 2.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "ledger/full_ledger.h"
#include "ledger/schema.h"
#include "ledger/sqlite.h"

namespace sallyport {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// As version 1 wrote it: a case of two deliveries, one of an event that was planned when the process died, one without
// subject.
constexpr const char* kContent = R"sql(
  INSERT INTO event VALUES (1, 1000, 'aws.guardduty', 'GuardDuty Finding', '111122223333', 'us-east-1', 'f1', 'title',
                            'file a', 'aa', 'done', 'all asked for');
  INSERT INTO event VALUES (2, 2000, 'aws.guardduty', 'GuardDuty Finding', '111122223333', 'us-east-1', 'f1', 'title',
                            'file b', 'aa', 'planned', '');
  INSERT INTO event VALUES (3, 3000, '', '', '', '', '', '', 'file c', 'cc', 'unreadable', 'not JSON');
  INSERT INTO event VALUES (4, 4000, '', '', '', '', '', '', 'file d', 'dd', 'received', '');
  INSERT INTO plan VALUES (1, 'guardduty', '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', '{}');
  INSERT INTO plan VALUES (2, 'guardduty', '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', '{}');
  INSERT INTO action VALUES (1, 1, 'key', 'request-scan', 'scan-for-malware', 'computer 34', 7.5, '{}', 'requested',
                             'accepted', 1300);
  INSERT INTO action VALUES (2, 2, 'key', 'request-scan', 'scan-for-malware', 'computer 34', 8, '{}', 'intended', '',
                             2200);
  INSERT INTO history VALUES (1, 1000, 1, NULL, 'received', '');
  INSERT INTO history VALUES (2, 1100, 1, NULL, 'planned', '');
  INSERT INTO history VALUES (3, 1100, 1, 1, 'planned', '');
  INSERT INTO history VALUES (4, 1200, 1, 1, 'intended', '');
  INSERT INTO history VALUES (5, 1300, 1, 1, 'requested', 'accepted');
  INSERT INTO history VALUES (6, 1400, 1, NULL, 'done', 'all asked for');
  INSERT INTO history VALUES (7, 2000, 2, NULL, 'received', '');
  INSERT INTO history VALUES (8, 2100, 2, NULL, 'planned', '');
  INSERT INTO history VALUES (9, 2100, 2, 2, 'planned', '');
  INSERT INTO history VALUES (10, 2200, 2, 2, 'intended', '');
  INSERT INTO history VALUES (11, 3000, 3, NULL, 'received', '');
  INSERT INTO history VALUES (12, 3000, 3, NULL, 'unreadable', 'not JSON');
  INSERT INTO history VALUES (13, 4000, 4, NULL, 'received', '');
)sql";

class MigrationTest : public ::testing::Test {
 protected:
  void MakeVersion1() {
    std::ofstream(path_, std::ios::binary) << "";
    const auto database = sqlite::Database::Open(path_, Duration{1000}).value();
    ExpectOk(MigrateTo(*database, 1));
    ASSERT_EQ(database->QueryInt("PRAGMA user_version"), Result<std::int64_t>(1));
    ExpectOk(database->Execute("PRAGMA journal_mode = WAL"));
    ExpectOk(database->Execute(kContent));
  }

  TempFolder folder_;
  FakeClock clock_;
  const std::string path_ = folder_ / "ledger.db";
};

// Whoever sets the version back gets no second migration, and is told in words of the version.
TEST_F(MigrationTest, AVersionThatTheTablesAreNotOfIsNamedAndNothingIsChanged) {
  OpenOrDie(path_, clock_).reset();
  for (const std::int64_t version : {1, 2}) {
    {
      const auto database = sqlite::Database::Open(path_, Duration{1000}).value();
      ExpectOk(database->Execute(("PRAGMA user_version = " + std::to_string(version)).c_str()));
    }
    const auto opened = SqliteLedger::Open(path_, clock_);
    ASSERT_FALSE(opened.ok());
    EXPECT_THAT(opened.error().message, HasSubstr("the file says that it has version " + std::to_string(version) +
                                                  " and cannot be brought to " + std::to_string(version + 1)));
    EXPECT_THAT(opened.error().advice, HasSubstr("backup"));
  }
  {
    const auto database = sqlite::Database::Open(path_, Duration{1000}).value();
    ExpectOk(database->Execute("PRAGMA user_version = 3"));
  }
  EXPECT_THAT(OpenOrDie(path_, clock_)->Verify().value().broken, IsEmpty());
}

TEST_F(MigrationTest, NothingIsLostAndTheChainHolds) {
  MakeVersion1();
  const auto ledger = OpenOrDie(path_, clock_);
  const Verification found = ledger->Verify().value();
  EXPECT_THAT(found.broken, IsEmpty());
  EXPECT_EQ(found.lines, 26) << "13 of before, one for each plan, and one for each record and case";
  const Case shown = ledger->Show(EventNumber{1}).value();
  EXPECT_EQ(shown.event.state, EventState::kDone);
  EXPECT_EQ(shown.event.reason, "all asked for");
  ASSERT_EQ(shown.updates.size(), 1U);
  EXPECT_EQ(shown.updates[0].number.value, 2);
  ASSERT_EQ(shown.plans.size(), 2U);
  EXPECT_EQ(shown.plans[0].state, PlanState::kExecuted);
  EXPECT_EQ(shown.plans[1].state, PlanState::kPlanned);
  EXPECT_EQ(shown.plans[0].json, "{}");
  EXPECT_EQ(shown.plans[0].changed_at, FromEpochMilliseconds(1400));
  EXPECT_EQ(shown.actions.at(0).state, ActionState::kRequested);
  EXPECT_EQ(shown.actions.at(0).action.severity, 7.5);
  EXPECT_EQ(shown.history.size(), 19U);
  EXPECT_EQ(shown.history[11].reason, "brought over from version 1 of the ledger");
  EXPECT_EQ(shown.history.back().reason, "brought over from version 2 of the ledger");
}

TEST_F(MigrationTest, EventsWithoutSubjectAreCasesOfTheirOwn) {
  MakeVersion1();
  std::vector<std::int64_t> cases;
  for (const EventRecord& event : OpenOrDie(path_, clock_)->List({}).value()) cases.push_back(event.number.value);
  EXPECT_THAT(cases, ElementsAre(4, 3, 1));
}

TEST_F(MigrationTest, WhatVersion1LeftUnfinishedCanBeClaimed) {
  MakeVersion1();
  const auto ledger = OpenOrDie(path_, clock_);
  const auto claimed = ledger
                           ->ClaimUnfinished(
                               "me", [](std::string_view, TimePoint) { return true; }, 10)
                           .value();
  ASSERT_EQ(claimed.size(), 2U);
  EXPECT_EQ(claimed[0].number.value, 2);
  EXPECT_EQ(claimed[1].number.value, 4);
}

TEST_F(MigrationTest, WorkGoesOnWithTheNextNumbers) {
  MakeVersion1();
  const auto ledger = OpenOrDie(path_, clock_);
  NewEvent event = EventAbout("f1");
  const AddedEvent added = ledger->AddEvent(event).value();
  EXPECT_EQ(added.number.value, 5);
  EXPECT_EQ(added.case_number.value, 1);
  EXPECT_EQ(ledger->AddPlan(added.number, PlanOf({ScanOf("computer 34")})).value().at(0).value, 3);
  ExpectOk(ledger->SetActionState(ActionNumber{2}, ActionState::kFailed, ""));
  EXPECT_THAT(ledger->Verify().value().broken, IsEmpty());
}

TEST_F(MigrationTest, ATamperedLineOfVersion1IsFoundAfterwards) {
  MakeVersion1();
  static_cast<void>(OpenOrDie(path_, clock_));
  const auto database = sqlite::Database::Open(path_, Duration{1000}).value();
  const std::string trigger = "history_reason_is_only_removed";
  auto statement = database->Prepare("SELECT sql FROM sqlite_schema WHERE name = '" + trigger + "'").value();
  ASSERT_TRUE(statement.Step().value());
  const std::string made = statement.Text(0);
  ExpectOk(database->Execute(
      ("DROP TRIGGER " + trigger + "; UPDATE history SET reason = 'x' WHERE number = 5; " + made).c_str()));
  EXPECT_THAT(OpenOrDie(path_, clock_)->Verify().value().broken,
              ::testing::Contains("line 5 of history, or its place in it, is not what its hash says"));
}

TEST_F(MigrationTest, AFailureInTheMiddleLeavesTheOldVersionAsItWas) {
  MakeVersion1();
  {
    const auto database = sqlite::Database::Open(path_, Duration{1000}).value();
    // In the way of the new table.
    ExpectOk(database->Execute("CREATE TABLE delivery (x TEXT)"));
  }
  const auto refused = SqliteLedger::Open(path_, clock_);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kStorage);
  const auto database = sqlite::Database::Open(path_, Duration{1000}).value();
  EXPECT_EQ(database->QueryInt("PRAGMA user_version"), Result<std::int64_t>(1));
  EXPECT_EQ(database->QueryInt("SELECT count(*) FROM pragma_table_info('event')"), Result<std::int64_t>(12));
  ExpectOk(database->Execute("DROP TABLE delivery"));
  EXPECT_THAT(OpenOrDie(path_, clock_)->Verify().value().broken, IsEmpty());
}

}  // namespace
}  // namespace sallyport
