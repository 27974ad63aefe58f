// SPDX-License-Identifier: Apache-2.0
//
// A ledger with something in every table, for tests of what holds for all of it.
#pragma once

#include "ledger/test_data.h"

namespace sallyport {

// The whole way of an event about f1, to its end.
inline void FillEndedEvent(Ledger& ledger, FakeClock& clock, const std::string& key) {
  NewEvent event = EventAbout("f1");
  event.owner = "process one";
  const EventNumber number = ledger.AddEvent(event).value().number;
  NewPlan plan = PlanOf({ScanOf("computer 34", key)});
  plan.owners = {"team-web@example.com"};
  const ActionNumber action = ledger.AddPlan(number, plan).value().at(0);
  ExpectOk(ledger.SetPlanState(number, PlanState::kAwaitingApproval, "over the threshold", clock.Now()));
  ExpectOk(ledger.SetPlanState(number, PlanState::kApproved, "approved by an operator", {}));
  ExpectOk(ledger.SetPlanState(number, PlanState::kExecuted, "done with that", {}));
  ExpectOk(ledger.SetActionState(action, ActionState::kIntended, ""));
  ExpectOk(ledger.SetActionState(action, ActionState::kWaiting, "a secret reason",
                                 {FollowUpOf(number, clock.Now(), "first")}));
  const auto claimed = ledger.ClaimDue(clock.Now(), Duration{1000}, 1).value();
  ExpectOk(ledger.EndFollowUp(claimed.at(0).number, FollowUpState::kDone, "a secret answer",
                              {{action, ActionState::kVerified, "seen to end"}}));
  DeliveryRecord delivery;
  delivery.case_number = number;
  delivery.message = "owner";
  delivery.channel = "slack:security";
  delivery.state = DeliveryState::kDelivered;
  delivery.sha256 = Sha256Hex("message");
  delivery.handle = "1764000000.000100";
  delivery.reason = "taken at once";
  ExpectOk(ledger.RecordDelivery(delivery));
  ExpectOk(ledger.SetEventState(number, EventState::kDone, "a secret end"));
}

// The plan that answers the question up to that member, with an action that concerns another case too.
inline void FillAnswer(Ledger& ledger, EventNumber event, FollowUpNumber question, int last, CaseNumber concerns) {
  NewEvent answer = EventAbout("answer");
  answer.source = "sallyport";
  answer.case_number = event;
  NewAction action = ScanOf("computer 36", "answer");
  action.cases = {concerns};
  NewPlan plan = PlanOf({action});
  plan.event = ledger.AddEvent(answer).value().number;
  plan.question = question;
  plan.last_member = last;
  plan.of_cases = {{concerns, CaseSays::kActive}};
  const auto added = ledger.Commit({{}, {plan}});
  EXPECT_TRUE(added.ok()) << added.error().ToText();
}

// A question of that case that collects: two members, of which the first was answered. `concerns`: another case that
// its answer concerns; 0: there is no plan about it.
inline void FillQuestion(Ledger& ledger, FakeClock& clock, EventNumber event, const std::string& key,
                         CaseNumber concerns = {}) {
  FollowUpNumber question;
  for (const std::string json : {R"({"cve":1})", R"({"cve":2})"}) {
    const Committed joined =
        ledger.Commit({{}, {NewMember{FollowUpOf(event, clock.Now(), key), event, event, json}}}).value();
    question = joined.follow_ups.front();
  }
  if (concerns.value != 0) FillAnswer(ledger, event, question, 1, concerns);
  EndMembers end{question, FollowUpState::kDone, "answered the first", 1, clock.Now(), clock.Now()};
  const auto ended = ledger.Commit({{}, {end}});
  EXPECT_TRUE(ended.ok()) << ended.error().ToText();
}

// Case 1 has ended and is old; case 3 is open. Every column has a value somewhere.
inline void FillLedger(Ledger& ledger, FakeClock& clock) {
  FillEndedEvent(ledger, clock, "key 0");
  FillQuestion(ledger, clock, EventNumber{1}, "old question");
  const auto successor = ledger.FindOpenFollowUp("old question").value().value();
  EXPECT_TRUE(ledger.Commit({{}, {EndMembers{successor.number, FollowUpState::kGivenUp, "a secret", 1, {}, {}}}}).ok());
  FillEndedEvent(ledger, clock, "key 1");
  clock.Advance(std::chrono::hours(24));
  const EventNumber open = ledger.AddEvent(EventAbout("f2")).value().number;
  const ActionNumber waiting = ledger.AddPlan(open, PlanOf({ScanOf("computer 35", "open")})).value().at(0);
  ExpectOk(ledger.HoldAction(waiting, "approval", "over the threshold"));
  ExpectOk(ledger.SetPlanState(open, PlanState::kAwaitingApproval, "", clock.Now() + std::chrono::hours(1)));
  NewFollowUp follow_up = FollowUpOf(open, clock.Now(), "second");
  follow_up.waiting = {waiting};
  EXPECT_TRUE(ledger.AddFollowUp(follow_up).ok());
  EXPECT_EQ(ledger.ClaimDue(clock.Now(), Duration{1000}, 1).value().size(), 1U);
  FillQuestion(ledger, clock, open, "new question", CaseNumber{1});
  DeliveryRecord pending;
  pending.case_number = open;
  pending.message = "owner";
  pending.channel = "slack:security";
  ExpectOk(ledger.RecordDelivery(pending));
  EXPECT_TRUE(ledger.PutDocument("rules/us-1", {"one piece", "another"}, std::nullopt).ok());
}

}  // namespace sallyport
