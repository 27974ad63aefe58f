// SPDX-License-Identifier: Apache-2.0
//
// Timers with a question, and messages that were sent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/bounds.h"
#include "ledger/test_data.h"

namespace sallyport {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Duration kLease = std::chrono::minutes(5);
constexpr Duration kMinute = std::chrono::minutes(1);

class FollowUpTest : public ::testing::Test {
 protected:
  FollowUpNumber Add(Duration from_now, const std::string& key) {
    return ledger_->AddFollowUp(FollowUpOf(event_, clock_.Now() + from_now, key)).value();
  }
  std::vector<std::int64_t> Claim(TimePoint now, std::size_t limit = 10) {
    std::vector<std::int64_t> numbers;
    for (const FollowUpRecord& record : ledger_->ClaimDue(now, kLease, limit).value()) {
      numbers.push_back(record.number.value);
    }
    return numbers;
  }
  FollowUpRecord Open(const std::string& key) {
    const FollowUpRecord found = ledger_->FindOpenFollowUp(key).value().value();
    EXPECT_TRUE(found.follow_up.waiting.empty()) << "there may be many";
    FollowUpRecord whole = ledger_->GetFollowUp(found.number).value();
    EXPECT_EQ(found.waits, static_cast<int>(whole.follow_up.waiting.size()));
    return whole;
  }
  std::size_t Lines() { return ledger_->History(0, 1000).value().size(); }

  FakeClock clock_;
  std::unique_ptr<SqliteLedger> ledger_ = OpenOrDie(":memory:", clock_);
  const EventNumber event_ = ledger_->AddEvent(EventAbout("f1")).value().number;
  const std::vector<ActionNumber> actions_ =
      ledger_->AddPlan(event_, PlanOf({ScanOf("computer 34", "a"), ScanOf("computer 35", "b")})).value();
};

TEST_F(FollowUpTest, AClaimEndsWithWhoHoldsIt) {
  const FollowUpNumber number = Add(Duration{0}, "key");
  std::vector<std::string> running = {"first", "second"};
  const StillRuns still_runs = [&](std::string_view owner, TimePoint since) {
    EXPECT_EQ(since, clock_.Now());
    return std::find(running.begin(), running.end(), owner) != running.end();
  };
  const auto claim = [&](const std::string& owner) {
    return ledger_->ClaimDue(clock_.Now(), {kLease, owner, still_runs}, 10).value();
  };
  ASSERT_EQ(claim("first").size(), 1U);
  EXPECT_THAT(claim("second"), IsEmpty()) << "the first is at it";
  EXPECT_THAT(Claim(clock_.Now()), IsEmpty()) << "who judges nobody waits until the claim ends";

  running = {"second"};
  const auto freed = claim("second");
  ASSERT_EQ(freed.size(), 1U);
  EXPECT_EQ(freed[0].number, number);
  EXPECT_EQ(freed[0].attempts, 2);
  // The answer of the first, if it were there still, would come too late.
  Batch late;
  late.claims.emplace_back(FollowUpIs{number, 1, std::nullopt});
  late.items.emplace_back(FollowUpChange{number, FollowUpState::kDone, "late"});
  EXPECT_FALSE(ledger_->Commit(late).value().recorded());
  EXPECT_THAT(claim("first"), IsEmpty());
}

TEST_F(FollowUpTest, AClaimOfNobodyInParticularLastsItsTime) {
  Add(Duration{0}, "key");
  ASSERT_EQ(Claim(clock_.Now()).size(), 1U);
  const StillRuns nobody_runs = [](std::string_view, TimePoint) { return false; };
  EXPECT_THAT(ledger_->ClaimDue(clock_.Now(), {kLease, "second", nobody_runs}, 10).value(), IsEmpty());
  EXPECT_EQ(ledger_->ClaimDue(clock_.Now() + kLease, {kLease, "second", nobody_runs}, 10).value().size(), 1U);
}

TEST_F(FollowUpTest, IsFoundAsItWasMade) {
  NewFollowUp made = FollowUpOf(event_, clock_.Now() + kMinute, "key");
  made.waiting = {actions_[1], actions_[0]};
  const FollowUpNumber number = ledger_->AddFollowUp(made).value();
  const FollowUpRecord found = Open("key");
  EXPECT_EQ(found.number, number);
  EXPECT_EQ(found.follow_up.case_number, event_);
  EXPECT_EQ(found.follow_up.question, "scan-finished");
  EXPECT_EQ(found.follow_up.subject, "computer 34");
  EXPECT_EQ(found.follow_up.json, R"({"task":12})");
  EXPECT_EQ(found.follow_up.due, made.due);
  EXPECT_EQ(found.follow_up.give_up_at, made.give_up_at);
  EXPECT_THAT(found.follow_up.waiting, ElementsAre(actions_[0], actions_[1]));
  EXPECT_EQ(found.state, FollowUpState::kOpen);
  EXPECT_EQ(found.attempts, 0);
  EXPECT_EQ(found.asked_at, clock_.Now());
  EXPECT_EQ(found.changed_at, clock_.Now());
  EXPECT_EQ(ledger_->FindOpenFollowUp("other").value(), std::nullopt);
}

TEST_F(FollowUpTest, NeedsAKeyACaseAndActionsThatAreThere) {
  NewFollowUp made = FollowUpOf(event_, clock_.Now(), "");
  EXPECT_EQ(ledger_->AddFollowUp(made).error().message, "cannot record a follow-up: a follow-up has no key");
  made = FollowUpOf(EventNumber{9}, clock_.Now());
  EXPECT_EQ(ledger_->AddFollowUp(made).error().message,
            "cannot record a follow-up: ledger `:memory:`: there is no event 9");
  made = FollowUpOf(event_, clock_.Now());
  made.waiting = {ActionNumber{9}};
  EXPECT_EQ(ledger_->AddFollowUp(made).error().message,
            "cannot record a follow-up: ledger `:memory:`: there is no action 9");
  EXPECT_THAT(ledger_->ListFollowUps({}, 10).value(), IsEmpty());
}

TEST_F(FollowUpTest, AnotherWithTheSameKeyJoins) {
  NewFollowUp made = FollowUpOf(event_, clock_.Now() + 2 * kMinute, "key");
  made.waiting = {actions_[0]};
  const FollowUpNumber first = ledger_->AddFollowUp(made).value();
  NewFollowUp joining = made;
  joining.waiting = {actions_[1]};
  joining.due = clock_.Now() + kMinute;
  joining.question = "ignored";
  EXPECT_EQ(ledger_->AddFollowUp(joining).value(), first);
  EXPECT_EQ(Open("key").follow_up.due, joining.due);
  EXPECT_EQ(Open("key").follow_up.question, "scan-finished");
  EXPECT_THAT(Open("key").follow_up.waiting, ElementsAre(actions_[0], actions_[1]));
  const std::size_t lines = Lines();
  joining.due = clock_.Now() + 3 * kMinute;
  EXPECT_EQ(ledger_->AddFollowUp(joining).value(), first);
  EXPECT_EQ(Open("key").follow_up.due, clock_.Now() + kMinute) << "the earlier of the two";
  EXPECT_EQ(Lines(), lines) << "nothing new, nothing written";
}

TEST_F(FollowUpTest, AfterItsEndTheKeyIsFreeAgain) {
  const FollowUpNumber first = Add(kMinute, "key");
  ExpectOk(ledger_->EndFollowUp(first, FollowUpState::kDone, "finished", {}));
  EXPECT_EQ(ledger_->FindOpenFollowUp("key").value(), std::nullopt);
  EXPECT_NE(Add(kMinute, "key"), first);
}

TEST_F(FollowUpTest, OnlyWhatIsDueIsClaimedOldestFirst) {
  Add(2 * kMinute, "later");
  Add(kMinute, "soon");
  Add(3 * kMinute, "last");
  const TimePoint start = clock_.Now();
  EXPECT_THAT(Claim(start + kMinute - Duration{1}), IsEmpty());
  EXPECT_THAT(Claim(start + 2 * kMinute), ElementsAre(2, 1));
  EXPECT_THAT(Claim(start + 3 * kMinute, 0), IsEmpty());
  EXPECT_THAT(Claim(start + 3 * kMinute, 1), ElementsAre(3));
}

TEST_F(FollowUpTest, AClaimHoldsForItsLeaseAndIsCounted) {
  Add(Duration{0}, "key");
  const TimePoint start = clock_.Now();
  const auto claimed = ledger_->ClaimDue(start, kLease, 10).value();
  ASSERT_EQ(claimed.size(), 1U);
  EXPECT_EQ(claimed[0].attempts, 1);
  EXPECT_EQ(ledger_->NextDue().value(), start + kLease) << "it rings again when the claim has ended";
  EXPECT_THAT(Claim(start + kLease - Duration{1}), IsEmpty());
  EXPECT_THAT(Claim(start + kLease), ElementsAre(1));
  EXPECT_EQ(Open("key").attempts, 2);
  EXPECT_EQ(ledger_->Show(event_).value().history.back().reason, "due, attempt 2");
}

TEST_F(FollowUpTest, ALeaseIsAnHourAtMost) {
  Add(Duration{0}, "key");
  ASSERT_EQ(ledger_->ClaimDue(clock_.Now(), Duration(std::chrono::hours(5)), 10).value().size(), 1U);
  EXPECT_THAT(Claim(clock_.Now() + std::chrono::hours(1) - Duration{1}), IsEmpty());
  EXPECT_THAT(Claim(clock_.Now() + std::chrono::hours(1)), ElementsAre(1));
}

TEST_F(FollowUpTest, AClaimOfAClockThatWasSetBackDoesNotHold) {
  Add(Duration{0}, "key");
  const TimePoint ahead = clock_.Now() + std::chrono::hours(48);
  EXPECT_THAT(Claim(ahead), ElementsAre(1));
  EXPECT_EQ(ledger_->NextDue().value(), clock_.Now());
  EXPECT_THAT(Claim(clock_.Now()), ElementsAre(1));
}

TEST_F(FollowUpTest, IsAskedAgainLater) {
  Add(Duration{0}, "key");
  EXPECT_THAT(Claim(clock_.Now()), ElementsAre(1));
  const TimePoint again = clock_.Now() + kMinute;
  ExpectOk(ledger_->SnoozeFollowUp(FollowUpNumber{1}, again, "still running",
                                   {{actions_[0], ActionState::kWaiting, "still running"}}));
  EXPECT_EQ(Open("key").follow_up.due, again);
  EXPECT_EQ(Open("key").reason, "still running");
  EXPECT_EQ(ledger_->GetAction(actions_[0]).value().state, ActionState::kWaiting);
  EXPECT_EQ(ledger_->NextDue().value(), again);
  EXPECT_THAT(Claim(again), ElementsAre(1)) << "the claim ended with it";
}

TEST_F(FollowUpTest, EndsOnceWithWhatItMeansForTheActions) {
  Add(Duration{0}, "key");
  ExpectOk(ledger_->SetActionState(actions_[0], ActionState::kWaiting, ""));
  const std::vector<ActionChange> changes = {{actions_[0], ActionState::kVerified, "the scan ended"}};
  ExpectOk(ledger_->EndFollowUp(FollowUpNumber{1}, FollowUpState::kDone, "ended", changes));
  EXPECT_EQ(ledger_->GetAction(actions_[0]).value().state, ActionState::kVerified);
  EXPECT_EQ(ledger_->NextDue().value(), std::nullopt);
  const std::size_t lines = Lines();
  const Status twice = ledger_->EndFollowUp(FollowUpNumber{1}, FollowUpState::kGivenUp, "", {});
  ASSERT_FALSE(twice.ok());
  EXPECT_EQ(twice.error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(twice.error().message,
            "cannot record the end of a follow-up: follow-up 1 is `answered` and cannot become `given-up`");
  EXPECT_EQ(ledger_->SnoozeFollowUp(FollowUpNumber{1}, clock_.Now(), "", {}).error().message,
            "cannot record the next check of a follow-up: follow-up 1 is `answered` and cannot become `open`");
  EXPECT_EQ(ledger_->EndFollowUp(FollowUpNumber{9}, FollowUpState::kDone, "", {}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(Lines(), lines);
}

TEST_F(FollowUpTest, OpenIsNoEnd) {
  Add(Duration{0}, "key");
  EXPECT_EQ(ledger_->EndFollowUp(FollowUpNumber{1}, FollowUpState::kOpen, "", {}).error().message,
            "cannot record the end of a follow-up: `open` is no end");
}

TEST_F(FollowUpTest, AChangeThatAnActionMayNotMakeLeavesEverythingAsItWas) {
  Add(Duration{0}, "key");
  const std::vector<ActionChange> changes = {{actions_[0], ActionState::kWaiting, ""},
                                             {actions_[1], ActionState::kVerified, ""}};
  EXPECT_EQ(ledger_->EndFollowUp(FollowUpNumber{1}, FollowUpState::kDone, "", changes).error().message,
            "cannot record the end of a follow-up: action 2 is `planned` and cannot become `verified`");
  EXPECT_EQ(Open("key").state, FollowUpState::kOpen);
  EXPECT_EQ(ledger_->GetAction(actions_[0]).value().state, ActionState::kPlanned);
  EXPECT_THAT(ledger_->Verify().value().broken, IsEmpty());
}

TEST_F(FollowUpTest, AnActionsStateAndItsFollowUpsAreOneTransaction) {
  ExpectOk(ledger_->SetActionState(actions_[0], ActionState::kWaiting, "asked", {FollowUpOf(event_, clock_.Now())}));
  EXPECT_THAT(Open("scan of computer 34").follow_up.waiting, ElementsAre(actions_[0]));
  NewFollowUp bad = FollowUpOf(event_, clock_.Now(), "bad");
  bad.waiting = {ActionNumber{99}};
  EXPECT_FALSE(ledger_->SetActionState(actions_[1], ActionState::kWaiting, "asked", {bad}).ok());
  EXPECT_EQ(ledger_->GetAction(actions_[1]).value().state, ActionState::kPlanned);
}

TEST_F(FollowUpTest, ListedAreTheSoonestDueFirst) {
  Add(3 * kMinute, "c");
  Add(kMinute, "a");
  ExpectOk(ledger_->EndFollowUp(Add(2 * kMinute, "b"), FollowUpState::kDone, "", {}));
  const auto keys = [&](std::optional<FollowUpState> state, std::size_t limit) {
    std::string all;
    for (const FollowUpRecord& record : ledger_->ListFollowUps(state, limit).value()) all += record.follow_up.key;
    return all;
  };
  EXPECT_EQ(keys({}, 9), "abc");
  EXPECT_EQ(keys({}, 1), "a");
  EXPECT_EQ(keys(FollowUpState::kOpen, 9), "ac");
  EXPECT_EQ(keys(FollowUpState::kDone, 9), "b");
  EXPECT_EQ(ledger_->ListFollowUps({}, bounds::kListedEvents + 1).error().code, ErrorCode::kTooLarge);
}

TEST_F(FollowUpTest, ADeliveryIsReplacedByItsUpdate) {
  DeliveryRecord delivery;
  delivery.case_number = event_;
  delivery.message = "owner/i-0123456789abcdef0";
  delivery.channel = "slack:security";
  delivery.attempts = 1;
  delivery.reason = "no answer";
  ExpectOk(ledger_->RecordDelivery(delivery));
  ASSERT_EQ(ledger_->PendingDeliveries(10).value().size(), 1U);
  delivery.state = DeliveryState::kDelivered;
  delivery.sha256 = Sha256Hex("message");
  delivery.handle = "1764000000.000100";
  delivery.attempts = 2;
  delivery.reason = "";
  clock_.Advance(Duration{5});
  ExpectOk(ledger_->RecordDelivery(delivery));
  EXPECT_THAT(ledger_->PendingDeliveries(10).value(), IsEmpty());
  const DeliveryRecord found = ledger_->FindDelivery(event_, delivery.message, delivery.channel).value().value();
  EXPECT_EQ(found.number, 1);
  EXPECT_EQ(found.state, DeliveryState::kDelivered);
  EXPECT_EQ(found.sha256, delivery.sha256);
  EXPECT_EQ(found.handle, delivery.handle);
  EXPECT_EQ(found.attempts, 2);
  EXPECT_EQ(found.reason, "");
  EXPECT_EQ(found.changed_at, clock_.Now());
  EXPECT_EQ(ledger_->FindDelivery(event_, delivery.message, "email:x").value(), std::nullopt);
  EXPECT_EQ(ledger_->FindDelivery(EventNumber{9}, "", "").error().code, ErrorCode::kNotFound);
  EXPECT_THAT(ledger_->Verify().value().broken, IsEmpty());
}

TEST_F(FollowUpTest, PendingDeliveriesAreTheOldestFirst) {
  DeliveryRecord delivery;
  delivery.case_number = event_;
  for (const char* channel : {"b", "a", "c"}) {
    delivery.channel = channel;
    ExpectOk(ledger_->RecordDelivery(delivery));
  }
  const auto pending = ledger_->PendingDeliveries(2).value();
  ASSERT_EQ(pending.size(), 2U);
  EXPECT_EQ(pending[0].channel + pending[1].channel, "ba");
  // Those whose outcome is unknown are to be tried again like the others.
  delivery.channel = "b";
  delivery.state = DeliveryState::kUnknown;
  ExpectOk(ledger_->RecordDelivery(delivery));
  EXPECT_EQ(ledger_->PendingDeliveries(9).value().front().state, DeliveryState::kUnknown);
  delivery.state = DeliveryState::kFailed;
  ExpectOk(ledger_->RecordDelivery(delivery));
  EXPECT_EQ(ledger_->PendingDeliveries(9).value().size(), 2U);
}

TEST_F(FollowUpTest, MoreThanTheBoundWaitForAnotherOneOfTheSame) {
  constexpr std::size_t kWanted = static_cast<std::size_t>(bounds::kActionsThatWait) + 1;
  std::vector<ActionNumber> actions;
  for (int i = 0; actions.size() < kWanted; ++i) {
    std::vector<NewAction> scans;
    scans.reserve(50);
    for (int scan = 0; scan < 50; ++scan) {
      scans.push_back(ScanOf("computer 34", std::to_string(i) + "/" + std::to_string(scan)));
    }
    const EventNumber event = ledger_->AddEvent(EventAbout("many" + std::to_string(i))).value().number;
    const auto added = ledger_->AddPlan(event, PlanOf(std::move(scans))).value();
    actions.insert(actions.end(), added.begin(), added.end());
  }
  actions.resize(kWanted);
  NewFollowUp follow_up = FollowUpOf(event_, clock_.Now() + kMinute, "many");
  for (const ActionNumber action : actions) {
    follow_up.waiting = {action};
    ASSERT_TRUE(ledger_->AddFollowUp(follow_up).ok());
  }
  EXPECT_EQ(Open("many").waits, bounds::kActionsThatWait);
  const FollowUpRecord more = Open("many/more-2");
  EXPECT_THAT(more.follow_up.waiting, ElementsAre(actions.back()));
  EXPECT_EQ(more.follow_up.question, follow_up.question);
  EXPECT_EQ(more.follow_up.json, follow_up.json);
  EXPECT_THAT(ledger_->Verify().value().broken, IsEmpty());
}

}  // namespace
}  // namespace sallyport
