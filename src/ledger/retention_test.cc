// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "ledger/full_ledger.h"
#include "ledger/sqlite.h"

namespace sallyport {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RetentionTest : public ::testing::Test {
 protected:
  int Remove(TimePoint before) { return ledger_->RemoveContent(before).value(); }
  Verification Verified() {
    Verification found = ledger_->Verify().value();
    EXPECT_THAT(found.broken, IsEmpty());
    return found;
  }

  FakeClock clock_;
  const TimePoint start_ = clock_.Now();
  std::unique_ptr<SqliteLedger> ledger_ = OpenOrDie(":memory:", clock_);
};

TEST_F(RetentionTest, TheContentOfAnOldCaseGoesAndItsHistoryStays) {
  FillLedger(*ledger_, clock_);
  const auto before = ledger_->History(0, 1000).value();
  EXPECT_EQ(Remove(start_ + Duration{1}), 1);
  const Case shown = ledger_->Show(EventNumber{1}).value();
  EXPECT_EQ(shown.event.reason, "");
  EXPECT_EQ(shown.event.event.subject, "f1");
  EXPECT_EQ(ledger_->GetEvent(EventNumber{1}).value().event.body, "");
  ASSERT_EQ(shown.plans.size(), 2U);
  EXPECT_EQ(shown.plans[0].json + shown.plans[0].reason, "");
  EXPECT_EQ(shown.plans[0].digest, PlanOf({}).digest);
  EXPECT_EQ(shown.actions.at(0).action.json + shown.actions.at(0).reason, "");
  EXPECT_EQ(shown.actions.at(0).state, ActionState::kVerified);
  EXPECT_EQ(shown.follow_ups.at(0).follow_up.json + shown.follow_ups.at(0).reason, "");
  EXPECT_EQ(shown.deliveries.at(0).reason, "");
  EXPECT_EQ(shown.history.back().kind, "retention");
  EXPECT_EQ(shown.history.back().state, "removed");

  const auto after = ledger_->History(0, 1000).value();
  ASSERT_GT(after.size(), before.size());
  std::int64_t removed = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(after[i].hash, before[i].hash);
    EXPECT_EQ(after[i].state, before[i].state);
    if (after[i].reason != before[i].reason) ++removed;
  }
  EXPECT_GT(removed, 0);
  EXPECT_EQ(Verified().removed, removed);
}

TEST_F(RetentionTest, OtherCasesKeepTheirContent) {
  FillLedger(*ledger_, clock_);
  EXPECT_EQ(Remove(clock_.Now() + std::chrono::hours(1000)), 1) << "the other case is open";
  EXPECT_NE(ledger_->GetEvent(EventNumber{3}).value().event.body, "");
  EXPECT_NE(ledger_->FindPlanOf(EventNumber{3}).value()->json, "");
}

TEST_F(RetentionTest, OnlyCasesOlderThanTheTimeAndEachOnce) {
  FillLedger(*ledger_, clock_);
  EXPECT_EQ(Remove(start_), 0) << "its newest line is exactly of that time";
  EXPECT_EQ(Remove(start_ + Duration{1}), 1);
  EXPECT_EQ(Remove(clock_.Now() + std::chrono::hours(1000)), 0);
}

TEST_F(RetentionTest, ACaseInWhichSomethingIsOpenIsKept) {
  const TimePoint later = clock_.Now() + std::chrono::hours(1);
  struct Row {
    std::string_view name;
    std::function<void(EventNumber)> open;
    bool kept;
  };
  const auto set = [&](EventNumber event, PlanState state) { ExpectOk(ledger_->SetPlanState(event, state, "", {})); };
  const Row rows[] = {
      {"nothing", [](EventNumber) {}, false},
      {"a follow-up", [&](EventNumber event) { ASSERT_TRUE(ledger_->AddFollowUp(FollowUpOf(event, later)).ok()); },
       true},
      {"a delivery",
       [&](EventNumber event) {
         DeliveryRecord pending;
         pending.case_number = event;
         ExpectOk(ledger_->RecordDelivery(pending));
       },
       true},
      {"an update", [&](EventNumber) { ASSERT_TRUE(ledger_->AddEvent(EventAbout("an update")).ok()); }, true},
      {"an awaited approval", [&](EventNumber event) { set(event, PlanState::kAwaitingApproval); }, true},
      {"an approved plan",
       [&](EventNumber event) {
         set(event, PlanState::kAwaitingApproval);
         set(event, PlanState::kApproved);
       },
       true},
      {"a rejected plan",
       [&](EventNumber event) {
         set(event, PlanState::kAwaitingApproval);
         set(event, PlanState::kRejected);
       },
       false}};
  for (const Row& row : rows) {
    const EventNumber event = ledger_->AddEvent(EventAbout(std::string(row.name))).value().number;
    ASSERT_TRUE(ledger_->AddPlan(event, PlanOf({ScanOf("computer 34")})).ok());
    row.open(event);
    ExpectOk(ledger_->SetEventState(event, EventState::kDone, ""));
    EXPECT_EQ(Remove(later), row.kept ? 0 : 1) << row.name;
  }
}

TEST_F(RetentionTest, ACaseThatGoesOnIsRemovedAgainWithWhatIsNew) {
  const EventNumber event = ledger_->AddEvent(EventAbout("f1")).value().number;
  ExpectOk(ledger_->SetEventState(event, EventState::kDone, "first"));
  EXPECT_EQ(Remove(clock_.Now() + Duration{1}), 1);
  clock_.Advance(std::chrono::hours(1));
  const AddedEvent update = ledger_->AddEvent(EventAbout("f1")).value();
  EXPECT_EQ(update.case_number, event);
  EXPECT_NE(ledger_->GetEvent(update.number).value().event.body, "");
  ExpectOk(ledger_->SetEventState(update.number, EventState::kDone, "second"));
  Verified();
  EXPECT_EQ(Remove(clock_.Now() + Duration{1}), 1);
  EXPECT_EQ(ledger_->GetEvent(update.number).value().event.body, "");
  Verified();
}

TEST_F(RetentionTest, MoreCasesThanOneTransactionTakesAreAllRemoved) {
  constexpr int kCases = 205;
  for (int i = 0; i < kCases; ++i) {
    const EventNumber event = ledger_->AddEvent(EventAbout("f" + std::to_string(i))).value().number;
    ExpectOk(ledger_->SetEventState(event, EventState::kDone, ""));
  }
  EXPECT_EQ(Remove(clock_.Now() + Duration{1}), kCases);
  Verified();
}

std::string FileAndLog(const std::string& path) {
  std::string all;
  for (const char* suffix : {"", "-wal"}) {
    std::ifstream file(path + suffix, std::ios::binary);
    all.append(std::istreambuf_iterator<char>(file), {});
  }
  return all;
}

TEST_F(RetentionTest, WhatWasRemovedIsNoLongerInTheFile) {
  const TempFolder folder;
  const std::string path = folder / "ledger.db";
  const auto ledger = OpenOrDie(path, clock_);
  NewEvent event = EventAbout("f1");
  event.body = R"({"key":"marker of the body)" + std::string(20'000, 'x') + "end of the body\"}";
  const EventNumber number = ledger->AddEvent(event).value().number;
  NewPlan plan = PlanOf({ScanOf("computer 34")});
  plan.json = R"({"marker":"of the plan"})";
  plan.digest = Sha256Hex(plan.json);
  plan.actions[0].json = R"({"marker":"of the action"})";
  const ActionNumber action = ledger->AddPlan(number, plan).value().at(0);
  ExpectOk(ledger->SetActionState(action, ActionState::kRefused, "marker of the reason"));
  ExpectOk(ledger->SetEventState(number, EventState::kDone, "marker of the end"));
  const std::string markers[] = {"marker of the body", "end of the body",      "\"of the plan\"",
                                 "\"of the action\"",  "marker of the reason", "marker of the end"};
  for (const std::string& marker : markers) EXPECT_THAT(FileAndLog(path), HasSubstr(marker));
  EXPECT_EQ(ledger->RemoveContent(clock_.Now() + Duration{1}).value(), 1);
  const std::string after = FileAndLog(path);
  for (const std::string& marker : markers) EXPECT_THAT(after.find(marker), std::string::npos) << marker;
}

TEST_F(RetentionTest, WhatWasRemovedIsNoLongerFound) {
  NewEvent event = EventAbout("f1");
  event.matters = {{event.source, event.account, event.region, "first", event.title, 5},
                   {event.source, event.account, event.region, "second", event.title, 5}};
  event.body = R"({"remote":"198.51.100.7"})";
  const EventNumber number = ledger_->AddEvent(event).value().number;
  NewPlan plan = PlanOf({ScanOf("computer 34")});
  plan.json = R"({"address":"203.0.113.9"})";
  plan.digest = Sha256Hex(plan.json);
  ASSERT_TRUE(ledger_->AddPlan(number, plan).ok());
  ExpectOk(ledger_->SetActionState(ActionNumber{1}, ActionState::kRefused, ""));
  ExpectOk(ledger_->SetEventState(number, EventState::kDone, ""));
  const auto found = [&](const std::string& text) {
    CaseFilter filter;
    filter.text = text;
    return ledger_->ListCases(filter).value().size();
  };
  EXPECT_EQ(found("198.51.100.7"), 2U);
  EXPECT_EQ(found("203.0.113.9"), 1U);
  EXPECT_EQ(Remove(clock_.Now() + Duration{1}), 2);
  EXPECT_EQ(found("198.51.100.7"), 0U);
  EXPECT_EQ(found("203.0.113.9"), 0U);
  EXPECT_EQ(found("first"), 1U);
  EXPECT_EQ(found("computer 34"), 1U);
  Verified();
}

TEST_F(RetentionTest, TheTriggersAllowOnlyWhatRetentionDoes) {
  const TempFolder folder;
  const std::string path = folder / "ledger.db";
  const auto ledger = OpenOrDie(path, clock_);
  FillLedger(*ledger, clock_);
  const auto database = sqlite::Database::Open(path, Duration{1000}).value();
  const char* const plan_replaced =
      "UPDATE event SET removed = 1 WHERE number = 1; UPDATE plan_state SET removed = 1 WHERE event = 1;"
      " UPDATE plan SET json = 'x' WHERE event = 1";
  const char* const reason_and_hash =
      "UPDATE event SET removed = 1 WHERE number = 1; UPDATE history SET reason = '', reason_sha256 = 'x'"
      " WHERE event = 1";
  const char* forbidden[] = {
      // Without the mark of the event.
      "DELETE FROM body", "UPDATE body SET json = ''", "UPDATE plan SET json = ''", "UPDATE plan_state SET removed = 1",
      "UPDATE action SET json = ''", "UPDATE follow_up SET json = ''",
      "UPDATE history SET reason = '', reason_sha256 = hex(zeroblob(32))", "UPDATE history SET reason = ''",
      // An event that has not ended.
      "UPDATE event SET removed = 1 WHERE number = 3",
      // With the mark: only to nothing, and not back.
      "UPDATE event SET removed = 1 WHERE number = 1; UPDATE event SET removed = 0 WHERE number = 1",
      "UPDATE event SET removed = 1 WHERE number = 1; UPDATE body SET json = 'x' WHERE event = 1",
      "UPDATE event SET removed = 1 WHERE number = 1; UPDATE plan SET json = '' WHERE event = 1", plan_replaced,
      "UPDATE event SET removed = 1 WHERE number = 1; UPDATE action SET json = 'x' WHERE event = 1",
      "UPDATE event SET removed = 1 WHERE number = 1; UPDATE follow_up SET json = 'x' WHERE case_number = 1",
      "UPDATE event SET removed = 1 WHERE number = 1; UPDATE history SET reason = 'x' WHERE event = 1",
      "UPDATE event SET removed = 1 WHERE number = 1; UPDATE history SET reason = '' WHERE event = 1", reason_and_hash};
  for (const char* sql : forbidden) {
    ExpectOk(database->Execute("BEGIN"));
    const Status done = database->Execute(sql);
    EXPECT_FALSE(done.ok()) << sql;
    if (database->InTransaction()) ExpectOk(database->Execute("ROLLBACK"));
  }
  EXPECT_THAT(ledger->Verify().value().broken, IsEmpty());
}

}  // namespace
}  // namespace sallyport
