// SPDX-License-Identifier: Apache-2.0
//
// Plans on their way through approval, and the states of their actions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bounds.h"
#include "ledger/test_data.h"

namespace sallyport {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PlanTest : public ::testing::Test {
 protected:
  EventNumber AddPlanned(const std::string& json) {
    const EventNumber event = ledger_->AddEvent(EventAbout(json)).value().number;
    NewPlan plan = PlanOf({ScanOf("computer 34")});
    plan.json = json;
    plan.digest = Sha256Hex(json);
    EXPECT_TRUE(ledger_->AddPlan(event, plan).ok());
    return event;
  }
  void Set(EventNumber event, PlanState state, std::optional<TimePoint> expires_at = {}) {
    ExpectOk(ledger_->SetPlanState(event, state, "because", expires_at));
  }
  std::vector<std::int64_t> Listed(std::optional<PlanState> state, std::size_t limit = 10) {
    std::vector<std::int64_t> events;
    for (const PlanRecord& plan : ledger_->ListPlans(state, limit).value()) events.push_back(plan.event.value);
    return events;
  }

  FakeClock clock_;
  std::unique_ptr<SqliteLedger> ledger_ = OpenOrDie(":memory:", clock_);
};

TEST_F(PlanTest, APlanIsApprovedInTime) {
  const EventNumber event = AddPlanned("{}");
  const TimePoint expires = clock_.Now() + std::chrono::hours(24);
  clock_.Advance(Duration{5});
  Set(event, PlanState::kAwaitingApproval, expires);
  const PlanRecord awaiting = ledger_->FindPlanOf(event).value().value();
  EXPECT_EQ(awaiting.state, PlanState::kAwaitingApproval);
  EXPECT_EQ(awaiting.reason, "because");
  EXPECT_EQ(awaiting.expires_at, expires);
  EXPECT_EQ(awaiting.changed_at, clock_.Now());
  Set(event, PlanState::kApproved);
  EXPECT_EQ(ledger_->FindPlanOf(event).value()->expires_at, std::nullopt);
  const Case shown = ledger_->Show(event).value();
  EXPECT_EQ(shown.history.back().kind, "plan");
  EXPECT_EQ(shown.history.back().state, "approved");
}

TEST_F(PlanTest, APlanDoesNotMoveBackwards) {
  const EventNumber event = AddPlanned("{}");
  Set(event, PlanState::kAwaitingApproval);
  Set(event, PlanState::kRejected);
  const Status approved = ledger_->SetPlanState(event, PlanState::kApproved, "", {});
  ASSERT_FALSE(approved.ok());
  EXPECT_EQ(approved.error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(approved.error().message,
            "cannot record the state of a plan: plan 1 is `rejected` and cannot become `approved`");
  EXPECT_EQ(ledger_->FindPlanOf(event).value()->state, PlanState::kRejected);
}

TEST_F(PlanTest, AnEventWithoutPlanHasNone) {
  const EventNumber event = ledger_->AddEvent(EventAbout("f1")).value().number;
  EXPECT_EQ(ledger_->FindPlanOf(event).value(), std::nullopt);
  EXPECT_EQ(ledger_->FindPlanOf(EventNumber{9}).value(), std::nullopt);
  const Status changed = ledger_->SetPlanState(event, PlanState::kExecuted, "", {});
  ASSERT_FALSE(changed.ok());
  EXPECT_EQ(changed.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(changed.error().message, "cannot record the state of a plan: there is no plan of event 1");
}

TEST_F(PlanTest, APlanIsFoundByTheBeginningOfItsDigest) {
  const EventNumber event = AddPlanned("{}");
  AddPlanned("{\"other\":1}");
  const std::string digest = Sha256Hex("{}");
  std::string upper = digest.substr(0, 8);
  for (char& c : upper) c = static_cast<char>(toupper(c));
  for (const std::string& prefix : {digest.substr(0, 8), digest, upper}) {
    EXPECT_EQ(ledger_->FindPlan(prefix).value().event, event) << prefix;
  }
  const std::pair<std::string, std::string> rows[] = {
      {digest.substr(0, 7),
       "cannot look for a plan: `" + digest.substr(0, 7) + "` is not the beginning of a plan's digest"},
      {digest + "0", "cannot look for a plan: `" + digest + "0` is not the beginning of a plan's digest"},
      {"0000000%", "cannot look for a plan: `0000000%` is not the beginning of a plan's digest"},
      {"00000000", "cannot look for a plan: ledger `:memory:`: there is no plan whose digest begins with `00000000`"}};
  for (const auto& [prefix, message] : rows) EXPECT_EQ(ledger_->FindPlan(prefix).error().message, message);
  EXPECT_EQ(ledger_->FindPlan("00000000").error().code, ErrorCode::kNotFound);
}

TEST_F(PlanTest, ABeginningThatSeveralDigestsHaveIsRefused) {
  for (const char* digest : {"aaaaaaaa1", "aaaaaaaa2"}) {
    NewPlan plan = PlanOf({});
    plan.digest = digest;
    ASSERT_TRUE(ledger_->AddPlan(ledger_->AddEvent(EventAbout(digest)).value().number, plan).ok());
  }
  EXPECT_EQ(ledger_->FindPlan("aaaaaaaa2").value().event.value, 2);
  const auto both = ledger_->FindPlan("aaaaaaaa");
  ASSERT_FALSE(both.ok());
  EXPECT_EQ(both.error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(both.error().message, "cannot look for a plan: several plans have a digest that begins with `aaaaaaaa`");
}

TEST_F(PlanTest, OfPlansWithOneDigestTheOneThatIsAwaitedIsFound) {
  const EventNumber first = AddPlanned("{}");
  const EventNumber second = AddPlanned("{}");
  EXPECT_EQ(ledger_->FindPlan(Sha256Hex("{}")).value().event, second);
  Set(first, PlanState::kAwaitingApproval);
  EXPECT_EQ(ledger_->FindPlan(Sha256Hex("{}")).value().event, first);
}

TEST_F(PlanTest, ListedAreTheNewestFirstAndThoseOfOneState) {
  AddPlanned("1");
  AddPlanned("2");
  AddPlanned("3");
  Set(EventNumber{1}, PlanState::kExecuted);
  Set(EventNumber{3}, PlanState::kExecuted);
  EXPECT_THAT(Listed({}), ElementsAre(3, 2, 1));
  EXPECT_THAT(Listed({}, 2), ElementsAre(3, 2));
  EXPECT_THAT(Listed(PlanState::kExecuted), ElementsAre(3, 1));
  EXPECT_THAT(Listed(PlanState::kExpired), IsEmpty());
  EXPECT_TRUE(ledger_->ListPlans({}, bounds::kListedEvents).ok());
  EXPECT_EQ(ledger_->ListPlans({}, bounds::kListedEvents + 1).error().message,
            "a list of 10001 plans is longer than 10000");
}

TEST_F(PlanTest, AnActionMovesAsItMay) {
  const ActionNumber action = AddActionIn(*ledger_, ActionState::kVerified, ScanOf("computer 34"));
  EXPECT_EQ(ledger_->GetAction(action).value().state, ActionState::kVerified);
  const Status moved = ledger_->SetActionState(action, ActionState::kIntended, "again");
  ASSERT_FALSE(moved.ok());
  EXPECT_EQ(moved.error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(moved.error().message,
            "cannot record the state of an action: action 1 is `verified` and cannot become `intended`");
  EXPECT_EQ(ledger_->GetAction(action).value().reason, "");
  EXPECT_EQ(ledger_->GetAction(ActionNumber{2}).error().code, ErrorCode::kNotFound);
}

TEST_F(PlanTest, AnIntentionIsRecordedOnlyWhenNobodyOvertookIt) {
  const TimePoint ever = FromEpochMilliseconds(0);
  const auto recent = [&](const ActionRecord& of) {
    return ledger_->FindRecent(of.action.kind, of.action.what, of.action.subject, ever, of.number).value();
  };
  const ActionNumber ours = AddActionIn(*ledger_, ActionState::kPlanned, ScanOf("computer 34"));
  const ActionNumber theirs = AddActionIn(*ledger_, ActionState::kPlanned, ScanOf("computer 34"));
  const ActionRecord record = ledger_->GetAction(ours).value();
  const auto seen = recent(record);
  EXPECT_FALSE(seen);
  EXPECT_TRUE(ledger_->IntendUnlessOvertaken(theirs, "first", ever, std::nullopt).value());
  EXPECT_FALSE(ledger_->IntendUnlessOvertaken(ours, "second", ever, seen).value());
  EXPECT_EQ(ledger_->GetAction(ours).value().state, ActionState::kPlanned);

  const auto intended = recent(record);
  ExpectOk(ledger_->SetActionState(theirs, ActionState::kRequested, ""));
  EXPECT_FALSE(ledger_->IntendUnlessOvertaken(ours, "third", ever, intended).value()) << "it has moved on";
  EXPECT_TRUE(ledger_->IntendUnlessOvertaken(ours, "fourth", ever, recent(record)).value());
  EXPECT_EQ(ledger_->GetAction(ours).value().reason, "fourth");
  EXPECT_FALSE(ledger_->IntendUnlessOvertaken(ActionNumber{9}, "", ever, std::nullopt).ok());
}

TEST_F(PlanTest, ActionsOfAnEventAreInThePlansOrder) {
  const EventNumber event = ledger_->AddEvent(EventAbout("f1")).value().number;
  AddPlanned("other");
  ASSERT_TRUE(ledger_->AddPlan(event, PlanOf({ScanOf("computer 2", "b"), ScanOf("computer 1", "a")})).ok());
  std::vector<std::string> subjects;
  for (const ActionRecord& action : ledger_->ActionsOf(event).value()) subjects.push_back(action.action.subject);
  EXPECT_THAT(subjects, ElementsAre("computer 2", "computer 1"));
  EXPECT_THAT(ledger_->ActionsOf(EventNumber{9}).value(), IsEmpty());
}

}  // namespace
}  // namespace sallyport
