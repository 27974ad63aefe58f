// SPDX-License-Identifier: Apache-2.0
//
// Commit: all of a batch or nothing, if what it claims holds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <type_traits>

#include "base/bounds.h"
#include "base/secret.h"
#include "ledger/test_data.h"

namespace sallyport {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// No secret gets into the ledger: what it takes are texts and numbers, and a Secret becomes neither of itself.
static_assert(!std::is_constructible_v<std::string, Secret> && !std::is_assignable_v<std::string&, Secret>);
static_assert(!std::is_convertible_v<Secret, std::string_view> && !std::is_convertible_v<Secret, std::int64_t>);

class BatchTest : public ::testing::Test {
 protected:
  EventNumber Add(const std::string& subject = "f1") { return ledger_->AddEvent(EventAbout(subject)).value().number; }
  Committed Commit(const Batch& batch) {
    const auto committed = ledger_->Commit(batch);
    EXPECT_TRUE(committed.ok()) << committed.error().ToText();
    return committed.ok() ? *committed : Committed{};
  }
  std::string ErrorOf(const Batch& batch) {
    const std::size_t lines = Lines();
    const auto committed = ledger_->Commit(batch);
    EXPECT_EQ(Lines(), lines) << "nothing is recorded";
    return committed.ok() ? "no error" : committed.error().message;
  }
  std::size_t Lines() { return ledger_->History(0, 10'000).value().size(); }
  CaseRecord CaseOf(EventNumber number) { return ledger_->GetCase(number).value(); }
  NewPlan PlanFor(EventNumber event, std::vector<NewAction> actions) {
    NewPlan plan = PlanOf(std::move(actions));
    plan.event = event;
    return plan;
  }

  FakeClock clock_;
  std::unique_ptr<SqliteLedger> ledger_ = OpenOrDie(":memory:", clock_);
};

TEST_F(BatchTest, AFindingIsThreeCommits) {
  const EventNumber event = Add();
  NewAction scan = ScanOf("computer 34", "a");
  scan.state = ActionState::kIntended;
  scan.reason = "about to be carried out";
  NewAction held = ScanOf("computer 35", "b");
  held.state = ActionState::kHeld;
  held.held_by = "maintenance-window";
  held.reason = "maintenance-window: closed";
  held.follow_ups = {FollowUpOf(event, clock_.Now(), "window")};
  NewPlan plan = PlanFor(event, {scan, held});
  plan.owners = {"team-web@example.com"};
  const Committed planned = Commit({{KeyIsFree{scan.key}, EventIs{event, EventState::kReceived}}, {plan}});
  ASSERT_TRUE(planned.recorded());
  ASSERT_EQ(planned.plans.size(), 1U);
  ASSERT_EQ(planned.actions.size(), 2U);
  ASSERT_EQ(planned.follow_ups.size(), 1U);
  EXPECT_EQ(ledger_->GetEvent(event).value().state, EventState::kPlanned);
  EXPECT_EQ(ledger_->GetAction(planned.actions[1]).value().held_by, "maintenance-window");
  EXPECT_THAT(ledger_->GetFollowUp(planned.follow_ups[0]).value().follow_up.waiting, ElementsAre(planned.actions[1]));

  const Committed ended = Commit(
      {{ActionIs{planned.actions[0], ActionState::kIntended}},
       {ActionChange{
            planned.actions[0], ActionState::kRequested, "accepted", "", {FollowUpOf(event, clock_.Now(), "scan")}},
        PlanChange{planned.plans[0], PlanState::kExecuted}, EventChange{event, EventState::kWaiting, "one scan"}}});
  ASSERT_TRUE(ended.recorded());
  EXPECT_EQ(ledger_->GetPlan(planned.plans[0]).value().state, PlanState::kExecuted);
  const CaseRecord whole = CaseOf(event);
  EXPECT_EQ(whole.state, CaseState::kInProgress);
  EXPECT_EQ(whole.severity, 7.5);
  EXPECT_THAT(whole.hosts, ElementsAre("111122223333/us-east-1/i-0123456789abcdef0"));
  EXPECT_THAT(whole.owners, ElementsAre("team-web@example.com"));
  EXPECT_THAT(ledger_->Verify().value().broken, IsEmpty());
}

TEST_F(BatchTest, WhatDoesNotHoldAnyMoreLeavesNothingAndIsNamed) {
  const EventNumber event = Add();
  const Committed planned = Commit({{}, {PlanFor(event, {ScanOf("computer 34", "a")})}});
  const ActionNumber action = planned.actions[0];
  const FollowUpNumber follow_up = ledger_->AddFollowUp(FollowUpOf(event, clock_.Now(), "open")).value();
  ExpectOk(ledger_->SetActionState(action, ActionState::kIntended, ""));
  const ActionRecord record = ledger_->GetAction(action).value();
  struct Row {
    std::string_view name;
    Claim claim;
    bool holds;
  };
  const TimePoint ever = FromEpochMilliseconds(0);
  const auto seen = SeenOf(record);
  DeliveryRecord delivery;
  delivery.case_number = event;
  delivery.message = "owner";
  delivery.channel = "hook";
  ExpectOk(ledger_->RecordDelivery(delivery));
  const auto sent = SeenOf(ledger_->FindDelivery(event, "owner", "hook").value());
  const Row rows[] = {{"the key is taken", KeyIsFree{record.action.key}, false},
                      {"the key is taken as it was seen", KeyIsFree{record.action.key, {}, seen}, true},
                      {"but for itself it is free", KeyIsFree{record.action.key, action}, true},
                      {"another key", KeyIsFree{Sha256Hex("other")}, true},
                      {"somebody did the same", DeedIs{"request-scan", record.action.what, "computer 34", ever}, false},
                      {"as it was seen", DeedIs{"request-scan", record.action.what, "computer 34", ever, seen}, true},
                      {"event", EventIs{event, EventState::kPlanned}, true},
                      {"event has moved", EventIs{event, EventState::kReceived}, false},
                      {"plan", PlanIs{planned.plans[0], PlanState::kPlanned}, true},
                      {"plan has moved", PlanIs{planned.plans[0], PlanState::kExecuted}, false},
                      {"action", ActionIs{action, ActionState::kIntended}, true},
                      {"action has moved", ActionIs{action, ActionState::kPlanned}, false},
                      {"follow-up", FollowUpIs{follow_up, 0}, true},
                      {"follow-up was claimed by another", FollowUpIs{follow_up, 1}, false},
                      {"so many actions wait for it", FollowUpIs{follow_up, 0, 0}, true},
                      {"more actions wait for it by now", FollowUpIs{follow_up, 0, 1}, false},
                      {"there is a delivery", DeliveryIs{event, "owner", "hook"}, false},
                      {"the delivery as it was seen", DeliveryIs{event, "owner", "hook", sent}, true},
                      {"no delivery on that channel", DeliveryIs{event, "owner", "other"}, true},
                      {"no members", MembersAre{"open", 0}, true},
                      {"other members", MembersAre{"open", 1}, false},
                      {"no question", MembersAre{"none", 0}, true}};
  for (const Row& row : rows) {
    const std::size_t lines = Lines();
    const auto committed = ledger_->Commit({{EventIs{event, EventState::kPlanned}, row.claim},
                                            {NewFollowUp(FollowUpOf(event, clock_.Now(), std::string(row.name)))}});
    ASSERT_TRUE(committed.ok()) << row.name << committed.error().ToText();
    EXPECT_EQ(committed->recorded(), row.holds) << row.name;
    if (!row.holds) {
      EXPECT_EQ(committed->overtaken, 1U) << row.name;
      EXPECT_EQ(Lines(), lines) << row.name;
    }
  }
  ExpectOk(ledger_->EndFollowUp(follow_up, FollowUpState::kDone, "", {}));
  EXPECT_FALSE(Commit({{FollowUpIs{follow_up, 0}}, {}}).recorded()) << "it has ended";
  EXPECT_THAT(ErrorOf({{ActionIs{ActionNumber{99}, ActionState::kPlanned}}, {}}), HasSubstr("there is no action 99"));
}

TEST_F(BatchTest, OneItemThatIsNotAllowedTakesAllBack) {
  const EventNumber event = Add();
  NewAction held = ScanOf("computer 34");
  held.state = ActionState::kHeld;
  const std::pair<Batch, std::string> rows[] = {
      {{{}, {PlanFor(event, {ScanOf("computer 34")}), EventChange{event, EventState::kReceived}}},
       "cannot record a plan: event 1 is `planned` and cannot become `received`"},
      {{{}, {EventChange{event, EventState::kDone}, ActionChange{ActionNumber{7}, ActionState::kFailed}}},
       "cannot record the state of an event: ledger `:memory:`: there is no action 7"},
      {{{}, {PlanFor(event, {held})}},
       "cannot record a plan: an action says which gate stands in its way if it is held or stopped, and only then"}};
  for (const auto& [batch, message] : rows) EXPECT_EQ(ErrorOf(batch), message);
  held.state = ActionState::kVerified;
  EXPECT_EQ(ErrorOf({{}, {PlanFor(event, {held})}}), "cannot record a plan: an action cannot begin as `verified`");
  EXPECT_EQ(ledger_->GetEvent(event).value().state, EventState::kReceived);
}

TEST_F(BatchTest, ACommitIsBounded) {
  const EventNumber event = Add();
  std::vector<NewAction> actions;
  for (std::size_t i = 0; i + 1 < bounds::kCommitItems; ++i) {
    actions.push_back(ScanOf("computer " + std::to_string(i), std::to_string(i)));
  }
  EXPECT_TRUE(ledger_->Commit({{}, {PlanFor(event, actions)}}).ok());
  actions.push_back(ScanOf("computer x", "x"));
  const EventNumber other = Add("f2");
  const auto too_many = ledger_->Commit({{}, {PlanFor(other, actions)}});
  ASSERT_FALSE(too_many.ok());
  EXPECT_EQ(too_many.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(too_many.error().message,
            "cannot record a plan: a commit of 101 items and 0 claims is over the bound of 100 each");
  Batch claims;
  claims.claims.assign(bounds::kCommitItems + 1, EventIs{event, EventState::kPlanned});
  EXPECT_EQ(ledger_->Commit(claims).error().code, ErrorCode::kTooLarge);
}

TEST_F(BatchTest, APlanWithMoreActionsThanFitIsRecordedInSeveralCommits) {
  const EventNumber event = Add();
  NewPlan plan = PlanOf({});
  for (int i = 0; i < 250; ++i) {
    plan.actions.push_back(ScanOf("computer " + std::to_string(i), std::to_string(i)));
  }
  NewPlan first = plan;
  first.event = event;
  first.all_actions = 250;
  first.actions.resize(99);
  const Committed begun = Commit({{}, {first}});
  EXPECT_EQ(ledger_->GetPlan(begun.plans[0]).value().all_actions, 250);
  EXPECT_EQ(ErrorOf({{}, {PlanChange{begun.plans[0], PlanState::kExecuted}}}),
            "cannot record the state of a plan: plan 1 cannot become `closed`: 151 of its actions are not recorded");
  // As after a crash.
  const auto numbers = ledger_->AddMissingActions(begun.plans[0], begun.actions, plan.actions).value();
  EXPECT_EQ(numbers.size(), 250U);
  const auto actions = ledger_->ActionsOf(begun.plans[0]).value();
  ASSERT_EQ(actions.size(), 250U);
  for (std::size_t i = 0; i < actions.size(); ++i) {
    EXPECT_EQ(actions[i].number, numbers[i]);
    EXPECT_EQ(actions[i].action.subject, "computer " + std::to_string(i));
  }
  EXPECT_EQ(ErrorOf({{}, {MoreActions{begun.plans[0], {ScanOf("one more")}}}}),
            "cannot record the actions of a plan: plan 1 lacks 0 actions, not 1");
  ExpectOk(ledger_->SetPlanState(begun.plans[0], PlanState::kExecuted, "", {}));
  EXPECT_EQ(ledger_->AddPlan(Add("f2"), plan).value().size(), 250U) << "the convenience does the same";
  EXPECT_THAT(ledger_->Verify().value().broken, IsEmpty());
}

TEST_F(BatchTest, ManyChangesWithOneFollowUpNeedSeveralCommits) {
  const EventNumber event = Add();
  NewPlan plan = PlanOf({});
  for (int i = 0; i < 150; ++i) plan.actions.push_back(ScanOf("computer", std::to_string(i)));
  const auto numbers = ledger_->AddPlan(event, plan).value();
  const FollowUpNumber follow_up = ledger_->AddFollowUp(FollowUpOf(event, clock_.Now())).value();
  std::vector<ActionChange> changes;
  changes.reserve(numbers.size());
  for (const ActionNumber number : numbers) changes.push_back({number, ActionState::kFailed, "given up"});
  ExpectOk(ledger_->EndFollowUp(follow_up, FollowUpState::kGivenUp, "", changes));
  for (const ActionRecord& action : ledger_->ActionsOf(event).value()) EXPECT_EQ(action.state, ActionState::kFailed);
  EXPECT_EQ(ledger_->GetFollowUp(follow_up).value().state, FollowUpState::kGivenUp);
}

TEST_F(BatchTest, AnEventHasAPlanOfEachWorkflow) {
  const EventNumber event = Add();
  NewPlan one = PlanFor(event, {ScanOf("computer 34", "a")});
  NewPlan two = PlanFor(event, {ScanOf("computer 34", "b")});
  two.workflow = "playbook";
  const Committed both = Commit({{}, {one, two}});
  ASSERT_EQ(both.plans.size(), 2U);
  EXPECT_EQ(ledger_->PlansOf(event).value().size(), 2U);
  EXPECT_EQ(ledger_->ActionsOf(both.plans[1]).value().at(0).number, both.actions[1]);
  EXPECT_EQ(ledger_->ActionsOf(event).value().size(), 2U);
  EXPECT_EQ(ledger_->FindPlanOf(event).value()->number, both.plans[1]);
  EXPECT_EQ(ErrorOf({{}, {two}}), "cannot record a plan: event 1 has a plan of this workflow already");
}

TEST_F(BatchTest, AFormatThatThisProgramDoesNotKnowIsRefusedInASentence) {
  const EventNumber event = Add();
  NewPlan plan = PlanFor(event, {});
  plan.format = 3;
  const Committed planned = Commit({{}, {plan}});
  EXPECT_EQ(ledger_->GetPlan(planned.plans[0]).value().format, 3);
  NewFollowUp follow_up = FollowUpOf(event, clock_.Now());
  follow_up.format = 2;
  EXPECT_EQ(ledger_->GetFollowUp(ledger_->AddFollowUp(follow_up).value()).value().follow_up.format, 2);
  ExpectOk(CheckFormat("plan", 1, 1, 2));
  ExpectOk(CheckFormat("plan", 1, 2, 2));
  EXPECT_EQ(CheckFormat("plan", 7, 3, 2).error().message,
            "plan 7 has format 3, and this program reads formats from 1 to 2");
  EXPECT_FALSE(CheckFormat("plan", 7, 0, 2).ok());
}

// --- Cases -----------------------------------------------------------------------------------------------------------

NewEvent EventWith(const std::vector<std::string>& subjects) {
  NewEvent event = EventAbout("event");
  event.source = "aws.inspector2";
  for (const std::string& subject : subjects) {
    event.matters.push_back({"aws.inspector2", "111122223333", "us-east-1", subject, "CVE " + subject, 5});
  }
  event.sha256 = Sha256Hex(std::to_string(subjects.size()) + subjects.front());
  return event;
}

TEST_F(BatchTest, AnEventBelongsToTheCaseOfEachOfItsMatters) {
  const AddedEvent first = ledger_->AddEvent(EventWith({"CVE-1", "CVE-2", "CVE-1", ""})).value();
  EXPECT_THAT(first.cases, ElementsAre(CaseNumber{1}, CaseNumber{2}, CaseNumber{1}, CaseNumber{3}));
  const AddedEvent second = ledger_->AddEvent(EventWith({"CVE-2", "CVE-4"})).value();
  EXPECT_EQ(second.number.value, 4) << "no event gets the number of a case";
  EXPECT_EQ(second.case_number.value, 2);
  EXPECT_THAT(second.cases, ElementsAre(CaseNumber{2}, CaseNumber{4}));
  EXPECT_THAT(ledger_->GetEvent(first.number).value().cases, ElementsAre(CaseNumber{1}, CaseNumber{2}, CaseNumber{3}));
  const Case shown = ledger_->Show(EventNumber{2}).value();
  EXPECT_EQ(shown.record.title, "CVE CVE-2");
  EXPECT_EQ(shown.event.number.value, 1) << "which opened it";
  ASSERT_EQ(shown.updates.size(), 1U);
  EXPECT_EQ(shown.updates[0].number.value, 4);
  std::vector<std::string> kinds;
  for (const HistoryLine& line : shown.history) kinds.push_back(line.kind);
  EXPECT_THAT(kinds, ElementsAre("event", "case", "event"));
  // A plan says for which of them it is.
  NewPlan plan = PlanFor(first.number, {});
  plan.case_number = CaseNumber{2};
  EXPECT_EQ(ledger_->GetPlan(Commit({{}, {plan}}).plans[0]).value().case_number.value, 2);
  plan.case_number = CaseNumber{4};
  EXPECT_EQ(ErrorOf({{}, {plan}}), "cannot record a plan: event 1 does not belong to case 4");
  EXPECT_THAT(ledger_->Verify().value().broken, IsEmpty());
  EXPECT_EQ(ledger_->AddEvent(EventWith(std::vector<std::string>(bounds::kMattersPerEvent + 1, "x"))).error().code,
            ErrorCode::kTooLarge);
}

TEST_F(BatchTest, ACaseFollowsWhatHappens) {
  const EventNumber event = Add();
  const auto state = [&] { return std::string(ToString(CaseOf(event).state)) + " " + CaseOf(event).outcome; };
  EXPECT_EQ(state(), "in-progress ");
  const ActionNumber action = ledger_->AddPlan(event, PlanOf({ScanOf("computer 34")})).value().at(0);
  ExpectOk(ledger_->HoldAction(action, "approval", "over the threshold"));
  ExpectOk(ledger_->SetEventState(event, EventState::kWaiting, ""));
  EXPECT_EQ(state(), "needs-person ");
  ExpectOk(ledger_->SetActionState(action, ActionState::kIntended, ""));
  EXPECT_EQ(state(), "in-progress ");
  ExpectOk(ledger_->SetActionState(action, ActionState::kRequested, "", {FollowUpOf(event, clock_.Now())}));
  EXPECT_EQ(state(), "in-progress ");
  clock_.Advance(std::chrono::hours(1));
  ExpectOk(ledger_->EndFollowUp(FollowUpNumber{1}, FollowUpState::kDone, "", {{action, ActionState::kVerified, ""}}));
  EXPECT_EQ(state(), "closed verified");
  EXPECT_EQ(CaseOf(event).closed_at, clock_.Now());
  ExpectOk(ledger_->SetEventState(event, EventState::kDone, ""));
  const std::size_t lines = Lines();
  // A repetition opens nothing.
  const AddedEvent again = ledger_->AddEvent(EventAbout("f1")).value();
  EXPECT_EQ(again.same_as, event);
  EXPECT_EQ(state(), "closed verified");
  ExpectOk(ledger_->SetEventState(again.number, EventState::kDuplicate, ""));
  EXPECT_EQ(Lines(), lines + 2) << "the event's two, none of the case";
  NewEvent update = EventAbout("f1");
  update.sha256 = Sha256Hex("worse");
  const EventNumber worse = ledger_->AddEvent(update).value().number;
  EXPECT_EQ(state(), "in-progress ");
  EXPECT_EQ(CaseOf(event).closed_at, std::nullopt);
  ExpectOk(ledger_->SetEventState(worse, EventState::kFailed, ""));
  EXPECT_EQ(state(), "needs-person ");
}

TEST_F(BatchTest, WhatFailedAndWasTriedAgainIsNoReasonForAPerson) {
  const EventNumber event = Add();
  const ActionNumber lost = ledger_->AddPlan(event, PlanOf({ScanOf("computer 34", "a")})).value().at(0);
  ExpectOk(ledger_->SetActionState(lost, ActionState::kFailed, ""));
  ExpectOk(ledger_->SetEventState(event, EventState::kFailed, ""));
  EXPECT_EQ(CaseOf(event).state, CaseState::kNeedsPerson);
  NewEvent replay = EventAbout("f1");
  replay.case_number = event;
  const EventNumber second = ledger_->AddEvent(replay).value().number;
  const ActionNumber again = ledger_->AddPlan(second, PlanOf({ScanOf("computer 34", "a")})).value().at(0);
  ExpectOk(ledger_->SetActionState(again, ActionState::kIntended, ""));
  ExpectOk(ledger_->SetActionState(again, ActionState::kVerified, ""));
  ExpectOk(ledger_->SetEventState(second, EventState::kDone, ""));
  EXPECT_EQ(CaseOf(event).state, CaseState::kClosed);
  EXPECT_EQ(CaseOf(event).outcome, "verified");
}

TEST_F(BatchTest, CasesAreListedByWhatIsAskedFor) {
  const auto add = [&](const std::string& subject, const std::string& account, const std::string& host,
                       const std::string& owner, double severity) {
    NewEvent event = EventAbout(subject);
    event.account = account;
    const EventNumber number = ledger_->AddEvent(event).value().number;
    NewAction action = ScanOf("computer of " + subject, subject);
    action.host = host;
    action.severity = severity;
    NewPlan plan = PlanFor(number, {action});
    if (!owner.empty()) plan.owners = {owner};
    Commit({{}, {plan}});
    return number;
  };
  add("one", "111122223333", "111122223333/us-east-1/i-0000000000000000a", "team-a", 2);
  clock_.Advance(std::chrono::hours(1));
  const TimePoint later = clock_.Now();
  const EventNumber two = add("two%", "111122223333", "111122223333/us-east-1/i-0000000000000000b", "Team-B", 8);
  add("three", "444455556666", "444455556666/us-east-1/i-0000000000000000a", "", 5);
  ExpectOk(ledger_->SetActionState(ActionNumber{2}, ActionState::kRefused, ""));
  ExpectOk(ledger_->SetEventState(two, EventState::kDone, ""));
  const auto listed = [&](const CaseFilter& filter) {
    std::vector<std::string> subjects;
    for (const CaseRecord& record : ledger_->ListCases(filter).value()) subjects.push_back(record.subject);
    return subjects;
  };
  const auto with = [](auto change) {
    CaseFilter filter;
    change(filter);
    return filter;
  };
  EXPECT_THAT(listed({}), ElementsAre("three", "two%", "one"));
  EXPECT_THAT(listed(with([](CaseFilter& f) { f.limit = 2; })), ElementsAre("three", "two%"));
  EXPECT_THAT(listed(with([](CaseFilter& f) { f.state = CaseState::kClosed; })), ElementsAre("two%"));
  EXPECT_THAT(listed(with([](CaseFilter& f) { f.state = CaseState::kInProgress; })), ElementsAre("three", "one"));
  EXPECT_THAT(listed(with([](CaseFilter& f) { f.account = "444455556666"; })), ElementsAre("three"));
  EXPECT_THAT(listed(with([](CaseFilter& f) { f.host = "i-0000000000000000a"; })), ElementsAre("three", "one"));
  EXPECT_THAT(listed(with([](CaseFilter& f) { f.host = "444455556666/us-east-1/i-0000000000000000a"; })),
              ElementsAre("three"));
  EXPECT_THAT(listed(with([](CaseFilter& f) { f.host = "i-0000000000000000"; })), IsEmpty());
  EXPECT_THAT(listed(with([](CaseFilter& f) { f.owner = "team-a"; })), ElementsAre("one"));
  EXPECT_THAT(listed(with([](CaseFilter& f) { f.severity = 5; })), ElementsAre("three", "two%"));
  EXPECT_THAT(listed(with([&](CaseFilter& f) { f.since = later; })), ElementsAre("three", "two%"));
  std::vector<CaseNumber> changed;
  for (const CaseRecord& record : ledger_->ListCases(with([&](CaseFilter& f) { f.since = later; })).value()) {
    changed.push_back(record.number);
  }
  EXPECT_EQ(ledger_->CasesChangedSince(later, 50).value(), changed);
  EXPECT_THAT(ledger_->CasesChangedSince(later, 1).value(), ElementsAre(changed.front()));
  EXPECT_EQ(ledger_->CasesChangedSince(later, bounds::kListedEvents).value(), changed);
  EXPECT_EQ(ledger_->CasesChangedSince(later, bounds::kListedEvents + 1).error().code, ErrorCode::kTooLarge);
  const std::pair<std::string, std::vector<std::string>> texts[] = {{"TWO%", {"two%"}},
                                                                    {"%", {"two%"}},
                                                                    {"_", {}},
                                                                    {"team-b", {"two%"}},
                                                                    {"0000b", {"two%"}},
                                                                    {"computer of o", {"one"}},
                                                                    {"bitcointool", {"three", "two%", "one"}},
                                                                    {"444455556666", {"three"}},
                                                                    {"' OR 1=1", {}}};
  for (const auto& [text, want] : texts) {
    EXPECT_EQ(listed(with([&, text = text](CaseFilter& f) { f.text = text; })), want) << text;
  }
  // The newest ones, as many as asked for.
  EXPECT_THAT(listed(with([](CaseFilter& f) {
                f.text = "bitcointool";
                f.limit = 2;
              })),
              ElementsAre("three", "two%"));
  EXPECT_THAT(listed(with([](CaseFilter& f) {
                f.account = "111122223333";
                f.host = "i-0000000000000000a";
                f.owner = "team-a";
                f.severity = 1;
                f.text = "one";
                f.state = CaseState::kInProgress;
              })),
              ElementsAre("one"));
  EXPECT_EQ(ledger_->ListCases({.limit = bounds::kListedEvents + 1}).error().message,
            "a list of 10001 cases is longer than 10000");
  EXPECT_EQ(ledger_->ListCases(with([](CaseFilter& f) { f.host = std::string(bounds::kFilterTextBytes + 1, 'x'); }))
                .error()
                .code,
            ErrorCode::kTooLarge);
}

// Its filter grows with it.
TEST_F(BatchTest, ACaseThatComesToSayMuchIsFoundByAllOfIt) {
  constexpr int kUpdates = 12;
  const auto word = [](int update, int i) { return Sha256Hex(std::to_string(update) + "/" + std::to_string(i)); };
  for (int update = 0; update < kUpdates; ++update) {
    NewEvent event = EventAbout("f1");
    event.sha256 = word(update, 0);
    event.body = "{\"words\":\"";
    for (int i = 0; i < 8; ++i) event.body += word(update, i) + " ";
    event.body += "\"}";
    ASSERT_EQ(ledger_->AddEvent(event).value().case_number.value, 1);
  }
  CaseFilter filter;
  for (int update = 0; update < kUpdates; ++update) {
    filter.text = word(update, 5).substr(3, 20);
    EXPECT_EQ(ledger_->ListCases(filter).value().size(), 1U) << update;
  }
  filter.text = word(kUpdates, 5);
  EXPECT_THAT(ledger_->ListCases(filter).value(), IsEmpty());
  EXPECT_THAT(ledger_->Verify().value().broken, IsEmpty());
}

// --- Questions that collect ------------------------------------------------------------------------------------------

class QuestionTest : public BatchTest {
 protected:
  NewFollowUp Question() { return FollowUpOf(EventNumber{1}, clock_.Now() + std::chrono::seconds(90), "window"); }
  // A finding joins, and its event ends with that.
  Committed Join(const std::string& subject, const std::string& json = "{}") {
    const EventNumber event = Add(subject);
    return Commit({{EventIs{event, EventState::kReceived}},
                   {NewMember{Question(), event, event, json}, EventChange{event, EventState::kJoined, "joined"}}});
  }
  // The plan about the members up to that number, in a case of its own; its actions begin as they are.
  Committed Answer(FollowUpNumber question, int last, std::vector<NewAction> actions = {},
                   std::vector<std::pair<CaseNumber, CaseSays>> of_cases = {}) {
    answer_ = Add("answer " + std::to_string(answer_.value));
    NewPlan plan = PlanFor(answer_, std::move(actions));
    plan.of_cases = std::move(of_cases);
    plan.question = question;
    plan.last_member = last;
    return Commit({{FollowUpIs{question, 0}}, {plan}});
  }
  void EndAnswer(EventState state) { Commit({{}, {EventChange{answer_, state, ""}}}); }

  EventNumber answer_{};
};

TEST_F(QuestionTest, FindingsJoinOneQuestionAndItsEndNamesTheLastThatWasAnswered) {
  EXPECT_THAT(Join("a", R"({"cve":1})").members, ElementsAre(1));
  const FollowUpNumber question = Join("b", R"({"cve":2})").follow_ups.at(0);
  FollowUpRecord record = ledger_->GetFollowUp(question).value();
  EXPECT_EQ(record.members, 2);
  EXPECT_EQ(CaseOf(EventNumber{2}).state, CaseState::kInProgress) << "its question is open";
  const auto members = ledger_->MembersOf(question, 0, 10).value();
  ASSERT_EQ(members.size(), 2U);
  EXPECT_EQ(members[1].number, 2);
  EXPECT_EQ(members[1].json, R"({"cve":2})");
  EXPECT_EQ(members[1].case_number.value, 2);
  EXPECT_EQ(ledger_->MembersOf(question, 1, 10).value().size(), 1U);
  Join("late");
  Answer(question, 2);
  EndAnswer(EventState::kDone);

  EndMembers end{question,
                 FollowUpState::kDone,
                 "two answered",
                 2,
                 clock_.Now() + std::chrono::seconds(30),
                 clock_.Now() + std::chrono::hours(1)};
  const Committed ended = Commit({{FollowUpIs{question, 0}}, {end}});
  ASSERT_EQ(ended.successors.size(), 1U);
  ASSERT_TRUE(ended.successors[0].has_value());
  record = ledger_->GetFollowUp(question).value();
  EXPECT_EQ(record.state, FollowUpState::kDone);
  EXPECT_EQ(record.answered, 2);
  EXPECT_EQ(record.successor, ended.successors[0]);
  const FollowUpRecord next = ledger_->FindOpenFollowUp("window").value().value();
  EXPECT_EQ(next.number, *ended.successors[0]);
  EXPECT_EQ(next.members, 1);
  EXPECT_EQ(next.follow_up.due, end.successor_due);
  EXPECT_EQ(ledger_->MembersOf(next.number, 0, 10).value().at(0).event.value, 3);
  EXPECT_EQ(CaseOf(EventNumber{2}).state, CaseState::kClosed);
  EXPECT_EQ(CaseOf(EventNumber{2}).outcome, "joined");
  EXPECT_EQ(CaseOf(EventNumber{3}).state, CaseState::kInProgress) << "it is answered with the successor";
  EXPECT_THAT(ledger_->Verify().value().broken, IsEmpty());
}

TEST_F(QuestionTest, WithoutLaterMembersThereIsNoSuccessor) {
  const FollowUpNumber question = Join("a").follow_ups.at(0);
  EndMembers end;
  end.follow_up = question;
  end.last = 2;
  EXPECT_EQ(
      ErrorOf({{}, {end}}),
      "cannot record the end of a question: follow-up 1 has 1 members, so that number 2 cannot have been answered");
  end.last = 1;
  EXPECT_THAT(Commit({{MembersAre{"window", 1}}, {end}}).successors, ElementsAre(std::nullopt));
  EXPECT_EQ(ledger_->FindOpenFollowUp("window").value(), std::nullopt);
  EXPECT_THAT(ErrorOf({{}, {end}}), HasSubstr("follow-up 1 is `answered` and cannot become `answered`"));
}

TEST_F(QuestionTest, IsDueWhenItsNewestMemberSaysUntilItIsAsked) {
  Join("a");
  const TimePoint first = ledger_->FindOpenFollowUp("window").value()->follow_up.due;
  clock_.Advance(std::chrono::seconds(60));
  Join("b");
  EXPECT_EQ(ledger_->FindOpenFollowUp("window").value()->follow_up.due, first + std::chrono::seconds(60));
  clock_.Advance(std::chrono::seconds(90));
  ASSERT_EQ(ledger_->ClaimDue(clock_.Now(), Duration(std::chrono::minutes(5)), 1).value().size(), 1U);
  const TimePoint due = ledger_->FindOpenFollowUp("window").value()->follow_up.due;
  Join("c");
  EXPECT_EQ(ledger_->FindOpenFollowUp("window").value()->follow_up.due, due);
  EXPECT_THAT(ledger_->Verify().value().broken, IsEmpty());
}

TEST_F(QuestionTest, WhatIsDoneForAMemberCountsForItsCase) {
  const FollowUpNumber question = Join("a").questions.at(0);
  Join("b");
  NewAction action = ScanOf("computer 34", "one");
  action.cases = {EventNumber{1}, EventNumber{1}};
  NewAction other = ScanOf("computer 35", "two");
  other.cases = {EventNumber{2}};
  const Committed answer = Answer(question, 2, {action, other});
  EXPECT_EQ(ledger_->GetFollowUp(question).value().plan, answer.plans.at(0));
  for (const ActionNumber number : answer.actions) Commit({{}, {ActionChange{number, ActionState::kIntended, ""}}});
  EndMembers end;
  end.follow_up = question;
  end.last = 2;
  EXPECT_EQ(CaseOf(EventNumber{1}).state, CaseState::kInProgress);
  Commit({{}, {ActionChange{answer.actions[0], ActionState::kWaiting, ""}, end}});
  EndAnswer(EventState::kWaiting);
  EXPECT_EQ(CaseOf(EventNumber{1}).state, CaseState::kInProgress);
  Commit({{}, {ActionChange{answer.actions[0], ActionState::kVerified, ""}}});
  EXPECT_EQ(CaseOf(EventNumber{1}).outcome, "verified");
  EXPECT_EQ(CaseOf(EventNumber{2}).state, CaseState::kInProgress) << "its own is not over";
  Commit({{}, {ActionChange{answer.actions[1], ActionState::kFailed, "SWP is away"}}});
  EndAnswer(EventState::kFailed);
  EXPECT_EQ(CaseOf(EventNumber{2}).state, CaseState::kNeedsPerson);
  EXPECT_EQ(CaseOf(EventNumber{1}).outcome, "verified") << "what failed is not about it";

  const Case shown = ledger_->Show(EventNumber{1}).value();
  ASSERT_EQ(shown.plans.size(), 1U);
  EXPECT_EQ(shown.plans[0].question, question);
  ASSERT_EQ(shown.actions.size(), 1U);
  EXPECT_EQ(shown.actions[0].number, answer.actions[0]);
  EXPECT_EQ(shown.members.size(), 1U);
  EXPECT_EQ(ledger_->Show(answer_).value().members.size(), 2U);
  EXPECT_THAT(ledger_->Verify().value().broken, IsEmpty());
}

// Its own progress does not say how it stands when an action of another case waits for a person.
TEST_F(QuestionTest, ACaseThatGoesOnNeedsAPersonWhenAnAnswerAboutItAwaitsApproval) {
  const FollowUpNumber question = Join("a").questions.at(0);
  EXPECT_EQ(CaseOf(EventNumber{1}).state, CaseState::kInProgress) << "its question is open";
  NewAction held = ScanOf("computer 34", "one");
  held.cases = {EventNumber{1}};
  held.state = ActionState::kHeld;
  held.held_by = "approval";
  Answer(question, 1, {held});
  EXPECT_EQ(CaseOf(EventNumber{1}).state, CaseState::kNeedsPerson);
}

TEST_F(QuestionTest, WhatAnAnswerSaysOfACaseHoldsUntilALaterOneSaysElse) {
  Join("a");
  const FollowUpNumber question = Join("b").follow_ups.at(0);
  const CaseNumber one{1};
  const CaseNumber two{2};
  NewAction action = ScanOf("computer 34", "one");
  action.cases = {one};
  const Committed first = Answer(question, 2, {action}, {{one, CaseSays::kNotBlocked}, {two, CaseSays::kCovered}});
  for (const ActionState state : {ActionState::kIntended, ActionState::kWaiting, ActionState::kVerified}) {
    Commit({{}, {ActionChange{first.actions.at(0), state, ""}}});
  }
  EndMembers end;
  end.follow_up = question;
  end.last = 2;
  Commit({{}, {end}});
  EndAnswer(EventState::kDone);
  EXPECT_EQ(CaseOf(one).state, CaseState::kNeedsPerson) << "though a host of it is verified";
  EXPECT_EQ(ledger_->Show(one).value().record.says, CaseSays::kNotBlocked);
  EXPECT_EQ(CaseOf(two).outcome, "covered");

  // A later answer, about other members.
  const FollowUpNumber next = Join("c").follow_ups.at(0);
  Answer(next, 1, {}, {{one, CaseSays::kActive}, {two, CaseSays::kSettled}});
  end.follow_up = next;
  end.last = 1;
  Commit({{}, {end}});
  EXPECT_EQ(CaseOf(one).outcome, "verified");
  EXPECT_EQ(CaseOf(two).outcome, "settled");
  EndAnswer(EventState::kDone);
  EXPECT_THAT(ledger_->Verify().value().broken, IsEmpty());

  NewPlan plan = PlanFor(Add("wrong"), {});
  plan.of_cases = {{CaseNumber{77}, CaseSays::kCovered}};
  EXPECT_THAT(ErrorOf({{}, {plan}}), HasSubstr("there is no case 77"));
}

TEST_F(QuestionTest, AMemberThatNoAnswerIsAboutNeedsAPerson) {
  struct Row {
    std::string_view name;
    FollowUpState end;
    std::optional<EventState> answer;
    CaseState want;
  };
  const Row rows[] = {{"no plan", FollowUpState::kDone, std::nullopt, CaseState::kNeedsPerson},
                      {"given up", FollowUpState::kGivenUp, EventState::kDone, CaseState::kNeedsPerson},
                      {"not decided", FollowUpState::kDone, EventState::kUndetermined, CaseState::kNeedsPerson},
                      {"failed", FollowUpState::kDone, EventState::kFailed, CaseState::kNeedsPerson},
                      {"nothing to do", FollowUpState::kDone, EventState::kDone, CaseState::kClosed}};
  for (const Row& row : rows) {
    const Committed joined = Join(std::string(row.name));
    const EventNumber event = ledger_->MembersOf(joined.questions.at(0), 0, 1).value().at(0).event;
    if (row.answer) Answer(joined.questions.at(0), 1);
    EndMembers end;
    end.follow_up = joined.questions.at(0);
    end.state = row.end;
    end.last = 1;
    Commit({{}, {end}});
    if (row.answer) EndAnswer(*row.answer);
    EXPECT_EQ(CaseOf(event).state, row.want) << row.name;
  }
}

TEST_F(QuestionTest, APlanAnswersMembersThatAreThere) {
  const FollowUpNumber question = Join("a").questions.at(0);
  NewPlan plan = PlanFor(Add("answer"), {});
  plan.question = question;
  plan.last_member = 2;
  EXPECT_THAT(ErrorOf({{}, {plan}}), HasSubstr("has 1 members, so that a plan cannot answer those up to number 2"));
  plan.last_member = 1;
  plan.actions = {ScanOf("computer 34", "one")};
  plan.actions[0].cases = {EventNumber{77}};
  EXPECT_THAT(ErrorOf({{}, {plan}}), HasSubstr("there is no case 77"));
}

TEST_F(QuestionTest, ARepetitionOfAJoinedEventTellsNothingNew) {
  Join("a");
  EXPECT_EQ(ledger_->AddEvent(EventAbout("a")).value().same_as, EventNumber{1});
}

TEST_F(QuestionTest, MembersAreBoundedAndTheQuestionSaysSo) {
  const EventNumber event = Add();
  NewMember member{Question(), event, event, std::string(bounds::kMemberBytes, 'x')};
  EXPECT_TRUE(ledger_->Commit({{}, {member}}).ok());
  member.json += 'x';
  EXPECT_EQ(ErrorOf({{}, {member}}),
            "cannot record a member of a question: a member of a question with 16385 bytes is over the bound of 16384");
  member.json = "{}";
  Batch batch;
  batch.items.assign(bounds::kCommitItems, member);
  for (std::size_t i = 0; i < bounds::kQuestionMembers / bounds::kCommitItems; ++i) {
    ASSERT_TRUE(ledger_->Commit(batch).ok());
  }
  const FollowUpRecord record = ledger_->FindOpenFollowUp("window").value().value();
  EXPECT_EQ(record.members, static_cast<int>(bounds::kQuestionMembers));
  EXPECT_EQ(record.trimmed, 1);
  EXPECT_THAT(Commit({{}, {member}}).members, ElementsAre(0));
  EXPECT_EQ(ledger_->FindOpenFollowUp("window").value()->trimmed, 2);
  std::string last;
  for (const HistoryLine& line : ledger_->Show(event).value().history) last = line.reason;
  EXPECT_EQ(last, "event 1 joined behind the bound of 10000 members: its content is not kept");
}

// --- Documents -------------------------------------------------------------------------------------------------------

class DocumentTest : public BatchTest {
 protected:
  std::optional<DocumentInfo> Put(const std::string& name, const std::vector<std::string>& pieces,
                                  std::optional<std::int64_t> replaces = std::nullopt) {
    return ledger_->PutDocument(name, pieces, replaces).value();
  }
};

TEST_F(DocumentTest, IsStoredInPiecesAndReadWhole) {
  const TimePoint then = clock_.Now();
  const DocumentInfo put = Put("rules/us-1", {"one", "", std::string("t\0wo", 4)}).value();
  EXPECT_EQ(put.version, 1);
  EXPECT_EQ(put.at, then);
  EXPECT_EQ(put.pieces, 3U);
  EXPECT_EQ(put.bytes, 7U);
  clock_.Advance(std::chrono::hours(1));
  EXPECT_EQ(ledger_->FindDocument("rules/us-1").value(), put);
  EXPECT_THAT(ledger_->ReadPieces("rules/us-1", 1, 0, 10).value(), ElementsAre("one", "", std::string("t\0wo", 4)));
  EXPECT_THAT(ledger_->ReadPieces("rules/us-1", 1, 1, 1).value(), ElementsAre(""));
  EXPECT_EQ(ledger_->FindDocument("rules").value(), std::nullopt);
  EXPECT_THAT(ledger_->Verify().value().broken, IsEmpty());
}

TEST_F(DocumentTest, AReaderOfAnOlderVersionIsTold) {
  Put("run", {"a", "b"});
  Put("run", {"c"});
  EXPECT_EQ(ledger_->FindDocument("run").value()->version, 2);
  const auto old = ledger_->ReadPieces("run", 1, 0, 10);
  ASSERT_FALSE(old.ok());
  EXPECT_EQ(old.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(old.error().message,
            "cannot read a document: ledger `:memory:`: the document `run` no longer has version 1");
  EXPECT_THAT(ledger_->ReadPieces("run", 2, 0, 10).value(), ElementsAre("c"));
}

TEST_F(DocumentTest, OnlyTheVersionThatWasReadIsReplaced) {
  EXPECT_EQ(Put("run", {"a"}, 1), std::nullopt) << "there is none yet";
  EXPECT_TRUE(Put("run", {"a"}, 0).has_value());
  EXPECT_EQ(Put("run", {"b"}, 0), std::nullopt) << "somebody was faster";
  EXPECT_TRUE(Put("run", {"b"}, 1).has_value());
  EXPECT_THAT(ledger_->ReadPieces("run", 2, 0, 1).value(), ElementsAre("b"));
}

TEST_F(DocumentTest, AVersionIsNeverGivenTwiceAlsoAfterItWasDropped) {
  Put("run/1", {"a"});
  Put("run/2", {"a"});
  ExpectOk(ledger_->DropDocument("run/1"));
  ExpectOk(ledger_->DropDocument("run/1"));
  ExpectOk(ledger_->DropDocument("other"));
  EXPECT_EQ(ledger_->FindDocument("run/1").value(), std::nullopt);
  EXPECT_FALSE(ledger_->ReadPieces("run/1", 1, 0, 1).ok());
  ASSERT_EQ(ledger_->ListDocuments("run/", 10).value().size(), 1U);
  EXPECT_EQ(ledger_->ListDocuments("run/", 10).value()[0].name, "run/2");
  EXPECT_EQ(Put("run/1", {"b"}, 0)->version, 2);
  std::vector<std::string> lines;
  for (const HistoryLine& line : ledger_->History(0, 10).value()) lines.push_back(line.state + " " + line.reason);
  EXPECT_THAT(lines, ElementsAre("stored version 1 of run/1", "stored version 1 of run/2", "dropped version 1 of run/1",
                                 "stored version 2 of run/1"));
  EXPECT_THAT(ledger_->Verify().value().broken, IsEmpty());
}

TEST_F(DocumentTest, IsBounded) {
  const std::string piece(bounds::kDocumentPieceBytes, 'x');
  struct Row {
    std::string name;
    std::vector<std::string> pieces;
    bool fits;
  };
  const Row rows[] = {{"", {}, false},
                      {std::string(bounds::kDocumentNameBytes, 'n'), {}, true},
                      {std::string(bounds::kDocumentNameBytes + 1, 'n'), {}, false},
                      {"piece", {piece}, true},
                      {"piece", {piece + "x"}, false},
                      {"pieces", std::vector<std::string>(bounds::kDocumentPieces, ""), true},
                      {"pieces", std::vector<std::string>(bounds::kDocumentPieces + 1, ""), false},
                      {"bytes", std::vector<std::string>(bounds::kDocumentBytes / piece.size(), piece), true},
                      {"bytes", std::vector<std::string>(bounds::kDocumentBytes / piece.size() + 1, piece), false}};
  for (const Row& row : rows) {
    EXPECT_EQ(ledger_->PutDocument(row.name, row.pieces, std::nullopt).ok(), row.fits)
        << row.name << " " << row.pieces.size();
  }
}

}  // namespace
}  // namespace sallyport
