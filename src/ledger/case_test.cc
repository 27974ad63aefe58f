// SPDX-License-Identifier: Apache-2.0
//
// Which events are one case, which say nothing new, and who handles them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bounds.h"
#include "ledger/test_data.h"

namespace sallyport {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const StillRuns kNobody = [](std::string_view, TimePoint) { return false; };

class CaseTest : public ::testing::Test {
 protected:
  AddedEvent Add(const NewEvent& event) { return ledger_->AddEvent(event).value(); }
  void End(EventNumber event, EventState state) { ExpectOk(ledger_->SetEventState(event, state, "")); }
  std::vector<std::int64_t> Claim(const std::string& owner, const StillRuns& still_runs, std::size_t limit = 100) {
    std::vector<std::int64_t> numbers;
    for (const EventRecord& event : ledger_->ClaimUnfinished(owner, still_runs, limit).value()) {
      numbers.push_back(event.number.value);
    }
    return numbers;
  }

  FakeClock clock_;
  std::unique_ptr<SqliteLedger> ledger_ = OpenOrDie(":memory:", clock_);
};

TEST_F(CaseTest, EventsAboutTheSameThingAreOneCase) {
  const AddedEvent first = Add(EventAbout("f1"));
  EXPECT_EQ(first.number, first.case_number);
  struct Row {
    std::string_view name;
    std::string source, account, subject;
    bool same;
  };
  const Row rows[] = {{"an update", "aws.guardduty", "111122223333", "f1", true},
                      {"of another account", "aws.guardduty", "444455556666", "f1", false},
                      {"of another source", "aws.inspector2", "111122223333", "f1", false},
                      {"about something else", "aws.guardduty", "111122223333", "f2", false},
                      {"written otherwise", "aws.guardduty", "111122223333", "F1", false}};
  for (const Row& row : rows) {
    NewEvent event = EventAbout(row.subject);
    event.source = row.source;
    event.account = row.account;
    const AddedEvent added = Add(event);
    EXPECT_EQ(added.case_number, row.same ? first.number : added.number) << row.name;
  }
}

TEST_F(CaseTest, AnEventWithoutSubjectIsACaseOfItsOwn) {
  EXPECT_EQ(Add(EventAbout("")).case_number.value, 1);
  EXPECT_EQ(Add(EventAbout("")).case_number.value, 2);
}

TEST_F(CaseTest, AnEventMayBeGivenItsCaseByAnyEventOfIt) {
  Add(EventAbout("f1"));
  const AddedEvent update = Add(EventAbout("f1"));
  NewEvent follow_up = EventAbout("computer 34");
  follow_up.case_number = update.number;
  EXPECT_EQ(Add(follow_up).case_number.value, 1);
  // Its own subject is not the case's.
  EXPECT_EQ(Add(EventAbout("computer 34")).case_number.value, 4);
  follow_up.case_number = EventNumber{77};
  const auto none = ledger_->AddEvent(follow_up);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(none.error().message, "cannot record an event: ledger `:memory:`: there is no event 77");
}

TEST_F(CaseTest, ADeliveryOfTheSameSaysNothingNewExceptWhenTheFirstIsToBeTriedAgain) {
  using enum EventState;
  const std::pair<EventState, bool> rows[] = {{kReceived, false},   {kPlanned, true},    {kWaiting, true},
                                              {kDone, true},        {kOutOfScope, true}, {kUndetermined, false},
                                              {kUnreadable, false}, {kDuplicate, false}, {kFailed, false}};
  for (const auto& [state, same] : rows) {
    const NewEvent event = EventAbout("in " + std::string(ToString(state)));
    const AddedEvent first = Add(event);
    EXPECT_EQ(first.same_as, std::nullopt);
    End(first.number, state);
    EXPECT_EQ(Add(event).same_as, same ? std::optional(first.number) : std::nullopt) << ToString(state);
  }
}

TEST_F(CaseTest, TheSameIsTheNewestOfTheSameSourceAccountAndContent) {
  const NewEvent event = EventAbout("f1");
  End(Add(event).number, EventState::kDone);
  const EventNumber newest = Add(event).number;
  End(newest, EventState::kDone);
  Add(event);  // received only
  EXPECT_EQ(Add(event).same_as, newest);
  NewEvent other = event;
  other.account = "444455556666";
  EXPECT_EQ(Add(other).same_as, std::nullopt);
  other = event;
  other.sha256 = Sha256Hex("something new");
  EXPECT_EQ(Add(other).same_as, std::nullopt);
  other.source = "aws.inspector2";
  other.sha256 = event.sha256;
  EXPECT_EQ(Add(other).same_as, std::nullopt);
  other = event;
  other.case_number = newest;
  EXPECT_EQ(Add(other).same_as, std::nullopt) << "a replay is handled again";
}

TEST_F(CaseTest, WithoutADigestNothingIsTheSame) {
  NewEvent event = EventAbout("f1");
  event.sha256.clear();
  End(Add(event).number, EventState::kDone);
  EXPECT_EQ(Add(event).same_as, std::nullopt);
}

TEST_F(CaseTest, ABodyIsKeptUpToItsBoundAndNotInLists) {
  NewEvent event = EventAbout("f1");
  event.body = std::string(bounds::kLedgerEventBytes, 'x');
  EXPECT_EQ(ledger_->GetEvent(Add(event).number).value().event.body, event.body);
  event.body += 'x';
  EXPECT_EQ(ledger_->GetEvent(Add(event).number).value().event.body, "");
  EXPECT_THAT(ledger_->Verify().value().broken, IsEmpty());
  for (const EventRecord& listed : ledger_->List({}).value()) EXPECT_EQ(listed.event.body, "");
  EXPECT_EQ(ledger_->Show(EventNumber{1}).value().event.event.body, "");
  EXPECT_EQ(ledger_->GetEvent(EventNumber{3}).error().message,
            "cannot read an event: ledger `:memory:`: there is no event 3");
}

TEST_F(CaseTest, AListOfCasesHasTheirFirstEventsOnly) {
  Add(EventAbout("f1"));
  Add(EventAbout("f2"));
  Add(EventAbout("f1"));
  std::vector<std::int64_t> cases;
  for (const EventRecord& event : ledger_->List({}).value()) cases.push_back(event.number.value);
  EXPECT_THAT(cases, ElementsAre(2, 1));
  EXPECT_EQ(ledger_->List({.limit = 9, .state = {}, .text = "", .cases_only = false}).value().size(), 3U);
}

TEST_F(CaseTest, AnyOfItsEventsShowsTheWholeCase) {
  const EventNumber first = Add(EventAbout("f1")).number;
  Add(EventAbout("f2"));
  const EventNumber update = Add(EventAbout("f1")).number;
  const ActionNumber one = ledger_->AddPlan(first, PlanOf({ScanOf("computer 34", "a")})).value().at(0);
  const ActionNumber two = ledger_->AddPlan(update, PlanOf({ScanOf("computer 34", "b")})).value().at(0);
  NewFollowUp follow_up = FollowUpOf(update, clock_.Now());
  follow_up.waiting = {one, two};
  ASSERT_TRUE(ledger_->AddFollowUp(follow_up).ok());
  DeliveryRecord delivery;
  delivery.case_number = update;
  delivery.message = "owner";
  delivery.channel = "slack:security";
  ExpectOk(ledger_->RecordDelivery(delivery));
  for (const EventNumber event : {first, update}) {
    const Case shown = ledger_->Show(event).value();
    EXPECT_EQ(shown.event.number, first);
    ASSERT_EQ(shown.updates.size(), 1U);
    EXPECT_EQ(shown.updates[0].number, update);
    ASSERT_EQ(shown.plans.size(), 2U);
    EXPECT_EQ(shown.plans[1].event, update);
    EXPECT_EQ(shown.plans[1].case_number, first);
    ASSERT_EQ(shown.actions.size(), 2U);
    EXPECT_EQ(shown.follow_ups.at(0).follow_up.case_number, first);
    EXPECT_EQ(shown.deliveries.at(0).case_number, first);
    std::vector<std::string> kinds;
    for (const HistoryLine& line : shown.history) kinds.push_back(line.kind);
    EXPECT_THAT(kinds, ElementsAre("event", "case", "event", "event", "plan", "action", "case", "event", "plan",
                                   "action", "case", "follow-up", "delivery"));
  }
}

TEST_F(CaseTest, OnlyWhatWasLeftBehindIsClaimedAndEachOnce) {
  using enum EventState;
  NewEvent event = EventAbout("f");
  event.owner = "first";
  for (int i = 0; i < 7; ++i) Add(event);
  End(EventNumber{2}, kPlanned);
  End(EventNumber{3}, kWaiting);
  End(EventNumber{4}, kDone);
  End(EventNumber{5}, kFailed);
  const StillRuns all = [](std::string_view, TimePoint) { return true; };
  EXPECT_THAT(Claim("second", all), IsEmpty());
  std::vector<std::string> asked;
  const auto claimed = ledger_->ClaimUnfinished(
      "second",
      [&](std::string_view owner, TimePoint since) {
        EXPECT_EQ(since, clock_.Now());
        asked.emplace_back(owner);
        return false;
      },
      2);
  ASSERT_EQ(claimed->size(), 2U);
  EXPECT_EQ(claimed->at(0).number.value, 1);
  EXPECT_EQ(claimed->at(0).event.body, event.body);
  EXPECT_EQ(claimed->at(0).event.owner, "second");
  EXPECT_EQ(claimed->at(1).number.value, 2);
  EXPECT_THAT(asked, ElementsAre("first", "first"));
  const StillRuns second_runs = [](std::string_view owner, TimePoint) { return owner == "second"; };
  EXPECT_THAT(Claim("third", second_runs), ElementsAre(6, 7));
  EXPECT_EQ(ledger_->Show(EventNumber{1}).value().history.back().reason, "its process is gone; taken over");
}

TEST_F(CaseTest, AnEventWithoutOwnerIsClaimedWithoutAskingAndTheTimeOfAClaimIsTold) {
  Add(EventAbout("f1"));
  clock_.Advance(std::chrono::minutes(5));
  const TimePoint claimed_at = clock_.Now();
  EXPECT_THAT(Claim("one",
                    [](std::string_view, TimePoint) {
                      ADD_FAILURE() << "nobody to ask about";
                      return true;
                    }),
              ElementsAre(1));
  clock_.Advance(std::chrono::minutes(5));
  EXPECT_THAT(Claim("two",
                    [&](std::string_view, TimePoint since) {
                      EXPECT_EQ(since, claimed_at);
                      return false;
                    }),
              ElementsAre(1));
  EXPECT_THAT(Claim("three", kNobody, 0), IsEmpty());
}

TEST_F(CaseTest, AnEndedEventStays) {
  const EventNumber event = Add(EventAbout("f1")).number;
  End(event, EventState::kDone);
  const Status moved = ledger_->SetEventState(event, EventState::kFailed, "");
  ASSERT_FALSE(moved.ok());
  EXPECT_EQ(moved.error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(moved.error().message,
            "cannot record the state of an event: event 1 is `closed` and cannot become `failed`");
  EXPECT_EQ(ledger_->AddPlan(event, PlanOf({})).error().message,
            "cannot record a plan: event 1 is `closed` and cannot become `planned`");
  EXPECT_EQ(ledger_->Show(event).value().history.size(), 4U) << "two of the event, two of the case";
}

// A plan with a message about each of these hosts.
NewPlan PlanThatTells(CaseSays says, const std::vector<std::string>& hosts, const std::string& workflow) {
  std::vector<NewAction> messages;
  for (const std::string& host : hosts) {
    NewAction message = ScanOf(host, workflow + host);
    message.kind = "notify-owner";
    message.what = "not-activated";
    message.host.clear();
    messages.push_back(std::move(message));
  }
  NewPlan plan = PlanOf(std::move(messages));
  plan.workflow = workflow;
  plan.says = says;
  return plan;
}

TEST_F(CaseTest, TheReturnOfOneHostSaysNothingOfTheOthersThatAreNotProtected) {
  const EventNumber event = Add(EventAbout("f1")).number;
  const auto tell = [&](CaseSays says, const std::vector<std::string>& hosts) {
    NewEvent next = EventAbout("f1");
    next.sha256.clear();
    const EventNumber number = Add(next).number;
    for (const ActionNumber message : ledger_->AddPlan(number, PlanThatTells(says, hosts, "tells")).value()) {
      ExpectOk(ledger_->SetActionState(message, ActionState::kIntended, ""));
      ExpectOk(ledger_->SetActionState(message, ActionState::kSent, ""));
    }
    End(number, EventState::kDone);
    return ledger_->Show(event).value().record.state;
  };
  End(event, EventState::kDone);
  EXPECT_EQ(tell(CaseSays::kNotProtected, {"one"}), CaseState::kNeedsPerson);
  // An update names one more.
  EXPECT_EQ(tell(CaseSays::kNotProtected, {"one", "two"}), CaseState::kNeedsPerson);
  EXPECT_EQ(tell(CaseSays::kProtectedNow, {"one"}), CaseState::kNeedsPerson);
  EXPECT_EQ(tell(CaseSays::kProtectedNow, {"one"}), CaseState::kNeedsPerson);
  EXPECT_EQ(tell(CaseSays::kNothing, {"two"}), CaseState::kNeedsPerson) << "a message is no return";
  EXPECT_EQ(tell(CaseSays::kProtectedNow, {"two"}), CaseState::kClosed);
  EXPECT_EQ(tell(CaseSays::kNotProtected, {"two"}), CaseState::kNeedsPerson) << "what was said before counts no more";
}

}  // namespace
}  // namespace sallyport
