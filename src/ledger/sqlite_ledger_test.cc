// SPDX-License-Identifier: Apache-2.0
#include "ledger/sqlite_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/bounds.h"
#include "ledger/test_data.h"

namespace sallyport {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::size_t kThreads = 4;
constexpr std::size_t kRecordsEach = 25;
constexpr ActionState kAllActionStates[] = {ActionState::kPlanned, ActionState::kIntended,      ActionState::kRequested,
                                            ActionState::kWaiting, ActionState::kApplied,       ActionState::kVerified,
                                            ActionState::kSent,    ActionState::kRefused,       ActionState::kWould,
                                            ActionState::kFailed,  ActionState::kNotVerifiable, ActionState::kHeld,
                                            ActionState::kSkipped};

// Written out here on purpose: the seam's comment is the specification.
bool Occupies(ActionState state) {
  return state == ActionState::kIntended || state == ActionState::kRequested || state == ActionState::kWaiting ||
         state == ActionState::kApplied || state == ActionState::kVerified || state == ActionState::kSent ||
         state == ActionState::kNotVerifiable || state == ActionState::kHeld;
}

class SqliteLedgerTest : public ::testing::Test {
 protected:
  std::vector<std::string> Subjects(const ListFilter& filter) {
    const auto events = ledger_->List(filter);
    EXPECT_TRUE(events.ok());
    std::vector<std::string> subjects;
    for (const EventRecord& event : events.value()) subjects.push_back(event.event.subject);
    return subjects;
  }

  FakeClock clock_;
  std::unique_ptr<SqliteLedger> ledger_ = OpenOrDie(":memory:", clock_);
};

TEST_F(SqliteLedgerTest, AnEventIsShownAsItWasRecorded) {
  const TimePoint start = clock_.Now();
  const EventNumber number = ledger_->AddEvent(EventAbout("f1")).value().number;
  const Case shown = ledger_->Show(number).value();
  EXPECT_EQ(shown.event.number, number);
  EXPECT_EQ(shown.event.received_at, start);
  EXPECT_EQ(shown.event.state, EventState::kReceived);
  EXPECT_EQ(shown.event.event.source, "aws.guardduty");
  EXPECT_EQ(shown.event.event.detail_type, "GuardDuty Finding");
  EXPECT_EQ(shown.event.event.account, "111122223333");
  EXPECT_EQ(shown.event.event.region, "us-east-1");
  EXPECT_EQ(shown.event.event.subject, "f1");
  EXPECT_EQ(shown.event.event.title, "CryptoCurrency:EC2/BitcoinTool.B!DNS");
  EXPECT_EQ(shown.event.event.origin, "file finding.json, line 1");
  EXPECT_EQ(shown.event.event.sha256, Sha256Hex("f1"));
  EXPECT_THAT(shown.plans, IsEmpty());
  EXPECT_THAT(shown.actions, IsEmpty());
  ASSERT_EQ(shown.history.size(), 2U);
  EXPECT_EQ(shown.history[1].kind, "case");
  EXPECT_EQ(shown.history[1].state, "in-progress");
  EXPECT_EQ(shown.history[0].state, "received");
  EXPECT_EQ(shown.history[0].at, start);
  EXPECT_EQ(shown.history[0].SubjectIf("action"), std::nullopt);
}

TEST_F(SqliteLedgerTest, APlanIsRecordedWithItsActionsInOrder) {
  const EventNumber event = ledger_->AddEvent(EventAbout("f1")).value().number;
  const auto numbers =
      ledger_->AddPlan(event, PlanOf({ScanOf("computer 34", "a"), ScanOf("computer 35", "b")})).value();
  ASSERT_EQ(numbers.size(), 2U);
  EXPECT_LT(numbers[0].value, numbers[1].value);
  const Case shown = ledger_->Show(event).value();
  EXPECT_EQ(shown.event.state, EventState::kPlanned);
  ASSERT_EQ(shown.plans.size(), 1U);
  const PlanRecord& plan = shown.plans[0];
  EXPECT_EQ(plan.event, event);
  EXPECT_EQ(plan.case_number, event);
  EXPECT_EQ(plan.workflow, "guardduty");
  EXPECT_EQ(plan.json, R"({"workflow":"guardduty"})");
  EXPECT_EQ(plan.digest, Sha256Hex(plan.json));
  EXPECT_EQ(plan.state, PlanState::kPlanned);
  EXPECT_EQ(plan.changed_at, clock_.Now());
  EXPECT_EQ(plan.expires_at, std::nullopt);
  ASSERT_EQ(shown.actions.size(), 2U);
  const ActionRecord& second = shown.actions[1];
  EXPECT_EQ(second.number, numbers[1]);
  EXPECT_EQ(second.event, event);
  EXPECT_EQ(second.state, ActionState::kPlanned);
  EXPECT_EQ(second.action.key, Sha256Hex("b"));
  EXPECT_EQ(second.action.kind, "request-scan");
  EXPECT_EQ(second.action.what, "scan-for-recommendations");
  EXPECT_EQ(second.action.subject, "computer 35");
  EXPECT_EQ(second.action.severity, 7.5);
  EXPECT_EQ(second.action.json, R"({"computer":34})");
}

TEST_F(SqliteLedgerTest, EveryChangeOfStateIsALineOfHistory) {
  const EventNumber event = ledger_->AddEvent(EventAbout("f1")).value().number;
  clock_.Advance(Duration{10});
  const ActionNumber action = ledger_->AddPlan(event, PlanOf({ScanOf("computer 34")})).value().at(0);
  clock_.Advance(Duration{10});
  ASSERT_TRUE(ledger_->SetActionState(action, ActionState::kIntended, "").ok());
  clock_.Advance(Duration{10});
  ASSERT_TRUE(ledger_->SetActionState(action, ActionState::kRequested, "accepted").ok());
  ASSERT_TRUE(ledger_->SetEventState(event, EventState::kDone, "all asked for").ok());

  const Case shown = ledger_->Show(event).value();
  EXPECT_EQ(shown.event.state, EventState::kDone);
  EXPECT_EQ(shown.event.reason, "all asked for");
  EXPECT_EQ(shown.actions.at(0).state, ActionState::kRequested);
  EXPECT_EQ(shown.actions.at(0).reason, "accepted");
  EXPECT_EQ(shown.actions.at(0).changed_at, clock_.Now());
  std::vector<std::string> lines;
  for (const HistoryLine& line : shown.history) {
    const auto after = line.at - shown.event.received_at;
    EXPECT_EQ(line.SubjectIf("action").has_value(), line.kind == "action");
    lines.push_back(std::to_string(after.count()) + " " + line.kind + " " + line.state + " " + line.reason);
  }
  EXPECT_THAT(lines, ElementsAre("0 event received ", "0 case in-progress ", "10 event planned ", "10 plan planned ",
                                 "10 action planned ", "10 case in-progress ", "20 action intended ",
                                 "30 action requested accepted", "30 event closed all asked for"));
}

TEST_F(SqliteLedgerTest, APlanWithoutActionsIsAPlan) {
  const EventNumber event = ledger_->AddEvent(EventAbout("f1")).value().number;
  EXPECT_THAT(ledger_->AddPlan(event, PlanOf({})).value(), IsEmpty());
  EXPECT_EQ(ledger_->Show(event).value().plans.at(0).workflow, "guardduty");
}

TEST_F(SqliteLedgerTest, ASecondPlanIsRefusedAndLeavesNothing) {
  const EventNumber event = ledger_->AddEvent(EventAbout("f1")).value().number;
  ASSERT_TRUE(ledger_->AddPlan(event, PlanOf({ScanOf("computer 34")})).ok());
  ASSERT_TRUE(ledger_->SetEventState(event, EventState::kDone, "").ok());
  const std::size_t lines = ledger_->History(0, 100).value().size();
  const auto second = ledger_->AddPlan(event, PlanOf({ScanOf("computer 35")}));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(second.error().message, "cannot record a plan: event 1 has a plan of this workflow already");
  const Case shown = ledger_->Show(event).value();
  EXPECT_EQ(shown.actions.size(), 1U);
  EXPECT_EQ(shown.event.state, EventState::kDone);
  EXPECT_EQ(shown.history.size(), lines);
}

TEST_F(SqliteLedgerTest, ANumberThatNothingHasIsNotFound) {
  const std::pair<Error, std::string> cases[] = {
      {ledger_->Show(EventNumber{7}).error(), "cannot show an event: ledger `:memory:`: there is no event 7"},
      {ledger_->SetEventState(EventNumber{7}, EventState::kDone, "").error(),
       "cannot record the state of an event: ledger `:memory:`: there is no event 7"},
      {ledger_->AddPlan(EventNumber{7}, PlanOf({})).error(),
       "cannot record a plan: ledger `:memory:`: there is no event 7"},
      {ledger_->SetActionState(ActionNumber{7}, ActionState::kSent, "").error(),
       "cannot record the state of an action: ledger `:memory:`: there is no action 7"}};
  for (const auto& [error, message] : cases) {
    EXPECT_EQ(error.code, ErrorCode::kNotFound);
    EXPECT_EQ(error.message, message);
  }
}

TEST_F(SqliteLedgerTest, FindCarriedOutFindsExactlyTheStatesThatMayHaveHappened) {
  for (const ActionState state : kAllActionStates) {
    SCOPED_TRACE(ToString(state));
    const std::string key(ToString(state));
    const ActionNumber number = AddActionIn(*ledger_, state, ScanOf("computer 34", key));
    const auto found = ledger_->FindCarriedOut(Sha256Hex(key), ActionNumber{0}).value();
    EXPECT_EQ(OccupiesItsKey(state), Occupies(state));
    ASSERT_EQ(found.has_value(), Occupies(state));
    if (found) {
      EXPECT_EQ(found->number, number);
      EXPECT_EQ(found->state, state);
    }
  }
}

TEST_F(SqliteLedgerTest, FindCarriedOutGivesTheNewestOtherThanTheOneExcepted) {
  const ActionNumber first = AddActionIn(*ledger_, ActionState::kSent, ScanOf("computer 34"));
  const ActionNumber second = AddActionIn(*ledger_, ActionState::kSent, ScanOf("computer 34"));
  const ActionNumber third = AddActionIn(*ledger_, ActionState::kFailed, ScanOf("computer 34"));
  const std::string key = Sha256Hex("one");
  EXPECT_EQ(ledger_->FindCarriedOut(key, third).value()->number, second);
  EXPECT_EQ(ledger_->FindCarriedOut(key, second).value()->number, first);
  EXPECT_EQ(ledger_->FindCarriedOut(Sha256Hex("two"), ActionNumber{0}).value(), std::nullopt);
}

TEST_F(SqliteLedgerTest, AnActionThatFailedInTheEndNoLongerCounts) {
  const ActionNumber number = AddActionIn(*ledger_, ActionState::kIntended, ScanOf("computer 34"));
  ASSERT_TRUE(ledger_->FindCarriedOut(Sha256Hex("one"), ActionNumber{0}).value().has_value());
  ASSERT_TRUE(ledger_->SetActionState(number, ActionState::kFailed, "refused by the manager").ok());
  EXPECT_FALSE(ledger_->FindCarriedOut(Sha256Hex("one"), ActionNumber{0}).value().has_value());
}

TEST_F(SqliteLedgerTest, FindRecentFindsExactlyTheStatesThatMayHaveHappened) {
  for (const ActionState state : kAllActionStates) {
    SCOPED_TRACE(ToString(state));
    const NewAction action = ScanOf("computer " + std::string(ToString(state)));
    const ActionNumber number = AddActionIn(*ledger_, state, action);
    const auto found =
        ledger_->FindRecent(action.kind, action.what, action.subject, clock_.Now(), ActionNumber{0}).value();
    ASSERT_EQ(found.has_value(), Occupies(state) && state != ActionState::kHeld);
    if (found) {
      EXPECT_EQ(found->number, number);
    }
  }
}

TEST_F(SqliteLedgerTest, FindRecentAsksForKindSortSubjectAndTime) {
  const ActionNumber older = AddActionIn(*ledger_, ActionState::kRequested, ScanOf("computer 34"));
  const TimePoint then = clock_.Now();
  clock_.Advance(Duration{1});
  const ActionNumber newer = AddActionIn(*ledger_, ActionState::kRequested, ScanOf("computer 34"));
  const std::string what = "scan-for-recommendations";
  struct Row {
    std::string_view name;
    std::string kind, sort, subject;
    TimePoint since;
    ActionNumber except;
    std::optional<ActionNumber> want;
  };
  const Row rows[] = {
      {"the newest", "request-scan", what, "computer 34", then, ActionNumber{0}, newer},
      {"not the excepted", "request-scan", what, "computer 34", then, newer, older},
      {"exactly at the time", "request-scan", what, "computer 34", then + Duration{1}, ActionNumber{0}, newer},
      {"after the time", "request-scan", what, "computer 34", then + Duration{2}, ActionNumber{0}, std::nullopt},
      {"older than the time", "request-scan", what, "computer 34", then + Duration{1}, newer, std::nullopt},
      {"other kind", "notify-owner", what, "computer 34", then, ActionNumber{0}, std::nullopt},
      {"other sort", "request-scan", "", "computer 34", then, ActionNumber{0}, std::nullopt},
      {"other subject", "request-scan", what, "computer 3", then, ActionNumber{0}, std::nullopt}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto found = ledger_->FindRecent(row.kind, row.sort, row.subject, row.since, row.except).value();
    ASSERT_EQ(found.has_value(), row.want.has_value());
    if (found) {
      EXPECT_EQ(found->number, *row.want);
    }
  }
}

TEST_F(SqliteLedgerTest, AListHasTheNewestFirstAndEndsAtItsLimit) {
  for (const char* subject : {"f1", "f2", "f3"}) ASSERT_TRUE(ledger_->AddEvent(EventAbout(subject)).ok());
  EXPECT_THAT(Subjects({}), ElementsAre("f3", "f2", "f1"));
  EXPECT_THAT(Subjects({.limit = 3, .state = {}, .text = "", .cases_only = false}), ElementsAre("f3", "f2", "f1"));
  EXPECT_THAT(Subjects({.limit = 2, .state = {}, .text = "", .cases_only = false}), ElementsAre("f3", "f2"));
  EXPECT_THAT(Subjects({.limit = 0, .state = {}, .text = "", .cases_only = false}), IsEmpty());
}

TEST_F(SqliteLedgerTest, AListIsBoundedInLengthAndInSearchText) {
  EXPECT_TRUE(ledger_->List({.limit = bounds::kListedEvents, .state = {}, .text = "", .cases_only = false}).ok());
  const auto too_long =
      ledger_->List({.limit = bounds::kListedEvents + 1, .state = {}, .text = "", .cases_only = false});
  ASSERT_FALSE(too_long.ok());
  EXPECT_EQ(too_long.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(too_long.error().message, "a list of 10001 events is longer than 10000");

  EXPECT_TRUE(
      ledger_->List({.limit = 1, .state = {}, .text = std::string(bounds::kFilterTextBytes, 'x'), .cases_only = true})
          .ok());
  const auto too_big = ledger_->List(
      {.limit = 1, .state = {}, .text = std::string(bounds::kFilterTextBytes + 1, 'x'), .cases_only = true});
  ASSERT_FALSE(too_big.ok());
  EXPECT_EQ(too_big.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(too_big.error().message, "a text of 2049 bytes to search for is longer than 2048");
}

TEST_F(SqliteLedgerTest, AListCanBeOfOneState) {
  const EventNumber done = ledger_->AddEvent(EventAbout("done")).value().number;
  ASSERT_TRUE(ledger_->AddEvent(EventAbout("new")).ok());
  ASSERT_TRUE(ledger_->SetEventState(done, EventState::kDone, "").ok());
  EXPECT_THAT(Subjects({.limit = 9, .state = EventState::kDone, .text = "", .cases_only = false}), ElementsAre("done"));
  EXPECT_THAT(Subjects({.limit = 9, .state = EventState::kReceived, .text = "", .cases_only = false}),
              ElementsAre("new"));
  EXPECT_THAT(Subjects({.limit = 9, .state = EventState::kFailed, .text = "", .cases_only = false}), IsEmpty());
  EXPECT_THAT(Subjects({.limit = 9, .state = EventState::kDone, .text = "new", .cases_only = false}), IsEmpty());
}

TEST_F(SqliteLedgerTest, AListCanBeSearchedAndNoCharacterIsSpecial) {
  NewEvent other = EventAbout("100%_of\\it");
  other.account = "444455556666";
  other.title = "Recon:EC2/PortProbeUnprotectedPort";
  const EventNumber planned = ledger_->AddEvent(EventAbout("plain")).value().number;
  ASSERT_TRUE(ledger_->AddPlan(planned, PlanOf({ScanOf("computer 34")})).ok());
  ASSERT_TRUE(ledger_->AddEvent(other).ok());
  const std::string hidden("front\0behind", 12);
  ASSERT_TRUE(ledger_->AddEvent(EventAbout(hidden)).ok());
  const std::pair<std::string, std::vector<std::string>> cases[] = {{"PLAIN", {"plain"}},  // subject, other case
                                                                    {"portprobe", {other.subject}},     // title
                                                                    {"444455556666", {other.subject}},  // account
                                                                    {"Computer 34", {"plain"}},  // an action's subject
                                                                    {"%", {other.subject}},
                                                                    {"_", {other.subject}},
                                                                    {"\\", {other.subject}},
                                                                    {"p%n", {}},
                                                                    {"p_ain", {}},
                                                                    {"' OR '1'='1", {}},
                                                                    {"\xFF", {}},
                                                                    {"behind", {hidden}},
                                                                    {std::string("\0b", 2), {hidden}}};
  for (const auto& [text, want] : cases) {
    EXPECT_EQ(Subjects({.limit = 9, .state = {}, .text = text, .cases_only = false}), want) << text;
  }
}

TEST_F(SqliteLedgerTest, HostileTextComesBackByteForByte) {
  const std::string texts[] = {"'; DROP TABLE event; --", std::string("a\0b", 3), "\xFF\xC0\x80\xED\xA0\x80", "\x1b[2J",
                               std::string(1'000'000, 'x')};
  for (const std::string& text : texts) {
    const NewEvent event{text, text, text, text, text, text, text, text, text, {}, text};
    const EventNumber number = ledger_->AddEvent(event).value().number;
    const NewPlan plan{text, text, text, {{text, text, text, text, -1.5, text}}};
    const ActionNumber action = ledger_->AddPlan(number, plan).value().at(0);
    ASSERT_TRUE(ledger_->SetActionState(action, ActionState::kIntended, text).ok());
    ASSERT_TRUE(ledger_->SetEventState(number, EventState::kDone, text).ok());
    const Case shown = ledger_->Show(number).value();
    EXPECT_TRUE(shown.event.event.subject == text && shown.event.event.sha256 == text && shown.event.reason == text);
    const PlanRecord& stored = shown.plans.at(0);
    EXPECT_TRUE(stored.workflow == text && stored.digest == text && stored.json == text);
    const NewEvent kept = ledger_->GetEvent(number).value().event;
    EXPECT_TRUE(kept.body == text && kept.owner == text);
    EXPECT_TRUE(shown.actions.at(0).action.json == text && shown.actions.at(0).reason == text);
    EXPECT_TRUE(shown.history[shown.history.size() - 2].reason == text) << "the case's comes behind it";
    EXPECT_TRUE(ledger_->FindCarriedOut(text, ActionNumber{0}).value().has_value());
    EXPECT_TRUE(ledger_->FindRecent(text, text, text, clock_.Now(), ActionNumber{0}).value().has_value());
  }
}

TEST_F(SqliteLedgerTest, TwoLedgersInMemoryAreTwoLedgers) {
  const auto other = OpenOrDie(":memory:", clock_);
  ASSERT_TRUE(ledger_->AddEvent(EventAbout("f1")).ok());
  EXPECT_THAT(other->List({}).value(), IsEmpty());
}

TEST_F(SqliteLedgerTest, ThreadsMayShareALedger) {
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (std::size_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([this] {
      for (std::size_t i = 0; i < kRecordsEach; ++i) AddActionIn(*ledger_, ActionState::kSent, ScanOf("computer 34"));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ledger_->List({.limit = 1000, .state = {}, .text = "", .cases_only = false}).value().size(),
            kThreads * kRecordsEach);
}

}  // namespace
}  // namespace sallyport
