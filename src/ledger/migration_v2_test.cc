// SPDX-License-Identifier: Apache-2.0
//
// A file that the program of version 2 wrote becomes one of version 3, however often it is stopped in the middle.
//
// tests/data/ledger-v2.db: findings that were handled against the simulator, with scans that ended, that run, and that
// were held by an approval and by a window; refused by a gate, done before, only observed, rehearsed, a sample; a plan
// that was rejected; a failure, an unreadable event, an undetermined one, one out of scope, one whose process was
// killed; messages that a channel took and that none took; one case whose content was trimmed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <set>
#include <thread>

#include "base/test_files.h"
#include "ledger/look.h"
#include "ledger/rows.h"
#include "ledger/schema.h"
#include "ledger/test_data.h"
#include "ledger/verify.h"

namespace sallyport {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::size_t kEvents = 25;
constexpr std::int64_t kOldLines = 236;

class MigrationFrom2Test : public ::testing::Test {
 protected:
  MigrationFrom2Test() { PutOldFile(); }

  void PutOldFile() {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + suffix);
    std::ofstream(path_, std::ios::binary) << old_;
  }
  std::unique_ptr<sqlite::Database> Database() { return sqlite::Database::Open(path_, Duration{1000}).value(); }
  // The rows of a query, its columns joined by "|".
  std::vector<std::string> Rows(const std::string& sql) {
    const auto database = Database();
    auto statement = database->Prepare(sql);
    Check(statement.ok(), "a query of this test");
    return ReadRows<std::string>(*statement,
                                 [](const sqlite::Statement& row) {
                                   std::string all;
                                   for (int i = 0; i < row.Columns(); ++i) all += (i == 0 ? "" : "|") + row.Text(i);
                                   return Result(all);
                                 })
        .value();
  }
  std::string StandingOfCase(SqliteLedger& ledger, std::int64_t number) {
    const CaseRecord record = ledger.GetCase(CaseNumber{number}).value();
    return std::string(ToString(record.state)) + (record.outcome.empty() ? "" : " " + record.outcome);
  }

  TempFolder folder_;
  FakeClock clock_;
  const std::string old_ = ReadFile(std::string(SALLYPORT_SOURCE_DIR) + "/tests/data/ledger-v2.db");
  const std::string path_ = folder_ / "ledger.db";
};

TEST_F(MigrationFrom2Test, EverythingIsThereAndTheChainHolds) {
  const auto old_hashes = Rows("SELECT number, hash FROM history ORDER BY number");
  const auto old_events = Rows("SELECT number, case_number, state, reason, body_sha256, owner FROM event");
  const auto old_plans = Rows(
      "SELECT plan.event, workflow, digest, json, state, reason, changed_at, expires_at FROM plan JOIN plan_state"
      " ON plan_state.event = plan.event");
  const auto old_actions = Rows("SELECT number, event, key, kind, what, subject, json, reason, changed_at FROM action");
  const auto old_follow_ups = Rows(
      "SELECT number, case_number, key, question, subject, json, due, give_up_at, state, attempts, claimed_until, "
      "reason"
      " FROM follow_up");
  const auto old_waiting = Rows("SELECT follow_up, action FROM waiting ORDER BY 1, 2");
  const auto old_deliveries = Rows("SELECT * FROM delivery");
  ASSERT_EQ(old_events.size(), kEvents);

  const auto ledger = OpenOrDie(path_, clock_);
  const Verification found = ledger->Verify().value();
  EXPECT_THAT(found.broken, IsEmpty());
  EXPECT_GT(found.lines, kOldLines);
  EXPECT_EQ(found.removed, 1) << "what was trimmed is still known to be trimmed";
  EXPECT_EQ(Rows("SELECT number, hash FROM history WHERE format = 2 ORDER BY number"), old_hashes);
  EXPECT_EQ(Rows("SELECT number, case_number, state, reason, body_sha256, owner FROM event"), old_events);
  EXPECT_EQ(Rows("SELECT number, workflow, digest, coalesce(json, ''), state, reason, changed_at, expires_at FROM plan"
                 " LEFT JOIN plan_text ON plan_text.plan = plan.number"),
            old_plans);
  EXPECT_EQ(Rows("SELECT number, plan, key, kind, what, subject, json, reason, changed_at FROM action"), old_actions);
  EXPECT_EQ(Rows("SELECT number, case_number, key, question, subject, json, due, give_up_at, state, attempts,"
                 " claimed_until, reason FROM follow_up"),
            old_follow_ups);
  EXPECT_EQ(Rows("SELECT follow_up, action FROM waiting ORDER BY 1, 2"), old_waiting);
  EXPECT_EQ(Rows("SELECT * FROM delivery"), old_deliveries);
  EXPECT_EQ(Rows("SELECT DISTINCT format FROM plan UNION SELECT format FROM follow_up"), std::vector<std::string>{"1"});
}

TEST_F(MigrationFrom2Test, WhatProgramsDecideOnIsAColumnNow) {
  const auto ledger = OpenOrDie(path_, clock_);
  EXPECT_THAT(Rows("SELECT number, state, held_by FROM action WHERE state IN ('held', 'skipped', 'would', 'refused')"),
              ElementsAre("13|refused|", "14|refused|", "15|refused|", "16|skipped|", "20|would|", "21|would|",
                          "22|would|", "23|held|approval", "24|refused|", "25|held|maintenance-window"));
  EXPECT_EQ(ledger->GetAction(ActionNumber{2}).value().action.host, "111122223333/eu-west-1/i-0123456789abcdef0");
  const CaseRecord first = ledger->GetCase(CaseNumber{3}).value();
  EXPECT_EQ(first.service, "aws.guardduty");
  EXPECT_EQ(first.severity, 8);
  EXPECT_THAT(first.hosts, ElementsAre("111122223333/eu-west-1/i-0123456789abcdef0"));
  EXPECT_THAT(first.owners, ElementsAre("team-web@example.com"));
  EXPECT_TRUE(first.closed_at.has_value());
  const std::pair<std::int64_t, std::string> standings[] = {{1, "open"},
                                                            {2, "closed out-of-scope"},
                                                            {3, "closed verified"},
                                                            {5, "in-progress"},
                                                            {11, "open"},
                                                            {12, "closed refused"},
                                                            {13, "closed skipped"},
                                                            {14, "in-progress"},
                                                            {15, "closed would"},
                                                            {16, "closed would"},
                                                            {17, "closed would"},
                                                            {18, "needs-person"},
                                                            {19, "open"},
                                                            {20, "in-progress"},
                                                            {21, "needs-person"},
                                                            {22, "closed unreadable"},
                                                            {23, "closed out-of-scope"},
                                                            {24, "needs-person"},
                                                            {25, "in-progress"}};
  for (const auto& [number, standing] : standings) EXPECT_EQ(StandingOfCase(*ledger, number), standing) << number;
  EXPECT_EQ(ledger->ListCases({}).value().size(), std::size(standings));
  CaseFilter filter;
  filter.host = "i-0fedcba9876543210";
  EXPECT_EQ(ledger->ListCases(filter).value().at(0).number.value, 11);
}

TEST_F(MigrationFrom2Test, WorkGoesOn) {
  const auto ledger = OpenOrDie(path_, clock_);
  const AddedEvent added = ledger->AddEvent(EventAbout("new")).value();
  EXPECT_EQ(added.number.value, 26);
  const ActionNumber action = ledger->AddPlan(added.number, PlanOf({ScanOf("computer 1")})).value().at(0);
  EXPECT_EQ(action.value, 28);
  EXPECT_EQ(ledger->GetAction(action).value().plan.value, 26);
  ExpectOk(ledger->SetPlanState(PlanNumber{18}, PlanState::kApproved, "approved by ana", {}));
  ExpectOk(ledger->SetActionState(ActionNumber{23}, ActionState::kIntended, ""));
  ExpectOk(ledger->SetActionState(ActionNumber{27}, ActionState::kFailed, "nobody knows"));
  const auto left = ledger->ClaimUnfinished(
      "me", [](std::string_view, TimePoint) { return false; }, 10);
  ASSERT_EQ(left->size(), 2U);
  EXPECT_EQ(left->at(0).number.value, 25);
  EXPECT_THAT(left->at(0).event.body, HasSubstr("GuardDuty Finding"));
  EXPECT_TRUE(ledger->FindOpenFollowUp("approval-expires/18").value().has_value());
  // A finding that was handled is known again.
  EXPECT_EQ(ledger->ListFollowUps(FollowUpState::kOpen, 100).value().size(), 11U);
  EXPECT_GT(ledger->RemoveContent(FromEpochMilliseconds(1'795'834'823'638 + 1)).value(), 3);
  EXPECT_THAT(ledger->Verify().value().broken, IsEmpty());
}

TEST_F(MigrationFrom2Test, ATamperedLineOfVersion2IsFoundAfterwards) {
  static_cast<void>(OpenOrDie(path_, clock_));
  const std::pair<std::string, std::string> rows[] = {
      {"UPDATE history SET state = 'x' WHERE number = 20", "line 20 of history, or its place in it, is not what"},
      {"UPDATE history SET subject = 7 WHERE number = (SELECT min(number) FROM history WHERE kind = 'action')",
       "of history, or its place in it, is not what"},
      {"UPDATE history SET format = 3 WHERE number = 20", "line 20 of history, or its place in it, is not what"},
      {"UPDATE history SET case_number = 1 WHERE number = 40", "line 40 of history names another case than its event"}};
  const auto database = Database();
  for (const auto& [sql, words] : rows) {
    ExpectOk(database->Execute(("BEGIN; DROP TRIGGER history_is_not_rewritten; " + sql).c_str()));
    EXPECT_THAT(VerifyLedger(*database).value().broken, ::testing::Contains(HasSubstr(words))) << sql;
    ExpectOk(database->Execute("ROLLBACK"));
  }
}

TEST_F(MigrationFrom2Test, AFailureAfterAnyStepLeavesTheOldFileAndTheNextOpenGoesThrough) {
  int steps = 0;
  {
    const auto database = Database();
    ExpectOk(MigrateTo(*database, 3, [&]() -> Status {
      ++steps;
      return Ok();
    }));
  }
  ASSERT_GT(steps, 100);
  for (int stop = 1; stop <= steps; ++stop) {
    PutOldFile();
    int step = 0;
    {
      const auto database = Database();
      const Status stopped = MigrateTo(*database, 3, [&]() -> Status {
        if (++step == stop) return Error{ErrorCode::kStorage, "stopped by the test", ""};
        return Ok();
      });
      ASSERT_FALSE(stopped.ok());
      EXPECT_THAT(stopped.error().message, testing::EndsWith("stopped by the test"));
      EXPECT_EQ(database->QueryInt("PRAGMA user_version").value(), 2);
      EXPECT_EQ(database->QueryInt("SELECT count(*) FROM event").value(), static_cast<std::int64_t>(kEvents));
    }
    EXPECT_EQ(ReadFile(path_), old_) << stop;
  }
  EXPECT_THAT(OpenOrDie(path_, clock_)->Verify().value().broken, IsEmpty());
}

// Opens the file in a child process that is killed after `wait`. True: it had come to its end before.
bool OpenAndBeKilled(const std::string& path, std::chrono::microseconds wait) {
  const pid_t child = fork();
  Check(child >= 0, "no fork");
  if (child == 0) {
    const FakeClock clock;
    const auto ledger = SqliteLedger::Open(path, clock);
    _exit(ledger.ok() ? 0 : 1);
  }
  std::this_thread::sleep_for(wait);
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status);
}

TEST_F(MigrationFrom2Test, KilledInTheMiddleItIsOneVersionOrTheOther) {
  int killed = 0;
  for (int round = 0; round < 40; ++round) {
    PutOldFile();
    if (!OpenAndBeKilled(path_, std::chrono::microseconds(500 * round))) ++killed;
    const std::int64_t version = Database()->QueryInt("PRAGMA user_version").value();
    EXPECT_TRUE(version == 2 || version == 3) << version;
    const auto ledger = OpenOrDie(path_, clock_);
    EXPECT_THAT(ledger->Verify().value().broken, IsEmpty());
    EXPECT_EQ(ledger->List({.limit = 100, .state = {}, .text = "", .cases_only = false}).value().size(), kEvents);
  }
  EXPECT_GT(killed, 3);
}

TEST_F(MigrationFrom2Test, WhoOnlyLooksIsTold) {
  const auto looked = SqliteLedger::OpenToLook(path_, clock_);
  ASSERT_FALSE(looked.ok());
  EXPECT_EQ(looked.error().message, "ledger `" + path_ + "`: the file has version 2, and this program reads version 3");
  EXPECT_EQ(looked.error().advice,
            "the next event that is handled, or `sallyport followups run`, brings it to version 3; keep a copy of the "
            "file if an older program is to read it again");
  EXPECT_EQ(ReadFile(path_), old_);
}

TEST_F(MigrationFrom2Test, WhoLooksForALedgerIsToldTheVersionAndChangesNothing) {
  const auto found = LookForLedger(path_, SqliteLedger::kBusyTimeout);
  ASSERT_TRUE(found.ok()) << found.error().ToText();
  EXPECT_TRUE(found->is_there);
  EXPECT_EQ(found->version, 2);
  EXPECT_TRUE(found->is_old);
  EXPECT_EQ(ReadFile(path_), old_);
}

}  // namespace
}  // namespace sallyport
