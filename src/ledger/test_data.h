// SPDX-License-Identifier: Apache-2.0
//
// What the tests of this folder share.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/digest.h"
#include "base/fake_clock.h"
#include "base/test_files.h"
#include "ledger/sqlite_ledger.h"

namespace sallyport {

inline NewEvent EventAbout(std::string subject) {
  NewEvent event;
  event.source = "aws.guardduty";
  event.detail_type = "GuardDuty Finding";
  event.account = "111122223333";
  event.region = "us-east-1";
  event.subject = std::move(subject);
  event.title = "CryptoCurrency:EC2/BitcoinTool.B!DNS";
  event.origin = "file finding.json, line 1";
  event.sha256 = Sha256Hex(event.subject);
  event.body = R"({"id":")" + event.subject + R"("})";
  return event;
}

inline NewAction ScanOf(const std::string& subject, const std::string& key = "one") {
  NewAction action;
  action.key = Sha256Hex(key);
  action.kind = "request-scan";
  action.what = "scan-for-recommendations";
  action.subject = subject;
  action.severity = 7.5;
  action.json = R"({"computer":34})";
  action.host = "111122223333/us-east-1/i-0123456789abcdef0";
  return action;
}

inline NewPlan PlanOf(std::vector<NewAction> actions) {
  NewPlan plan;
  plan.workflow = "guardduty";
  plan.json = R"({"workflow":"guardduty"})";
  plan.digest = Sha256Hex(plan.json);
  plan.actions = std::move(actions);
  return plan;
}

inline std::unique_ptr<SqliteLedger> OpenOrDie(const std::string& path, const Clock& clock,
                                               Duration busy_timeout = SqliteLedger::kBusyTimeout) {
  auto ledger = SqliteLedger::Open(path, clock, busy_timeout);
  if (!ledger) ADD_FAILURE() << ledger.error().ToText();
  Check(ledger.ok(), "the ledger of a test does not open");
  return std::move(*ledger);
}

inline NewFollowUp FollowUpOf(EventNumber whole, TimePoint due, const std::string& key = "scan of computer 34") {
  NewFollowUp follow_up;
  follow_up.case_number = whole;
  follow_up.key = key;
  follow_up.question = "scan-finished";
  follow_up.subject = "computer 34";
  follow_up.json = R"({"task":12})";
  follow_up.due = due;
  follow_up.give_up_at = due + std::chrono::hours(24);
  return follow_up;
}

inline void ExpectOk(const Status& status) {
  EXPECT_TRUE(status.ok()) << status.error().ToText();
}

// A new event with a plan of one action, which has come to `state` on a way that is allowed.
inline ActionNumber AddActionIn(Ledger& ledger, ActionState state, const NewAction& action) {
  using enum ActionState;
  const EventNumber event = ledger.AddEvent(EventAbout("finding")).value().number;
  const ActionNumber number = ledger.AddPlan(event, PlanOf({action})).value().at(0);
  const bool over_intended = state == kRequested || state == kApplied || state == kSent;
  if (over_intended) ExpectOk(ledger.SetActionState(number, kIntended, ""));
  if (state == kVerified || state == kNotVerifiable) ExpectOk(ledger.SetActionState(number, kWaiting, ""));
  if (state == kHeld) {
    ExpectOk(ledger.HoldAction(number, "approval", ""));
  } else if (state != kPlanned) {
    ExpectOk(ledger.SetActionState(number, state, ""));
  }
  return number;
}

inline void RunThreads(int count, const std::function<void(int)>& work) {
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
}

// One finding from its arrival to its end; empty: all of it was recorded.
inline std::string HandleOne(Ledger& ledger, const std::string& subject) {
  const auto added = ledger.AddEvent(EventAbout(subject));
  if (!added.ok()) return added.error().message;
  const EventNumber event = added->number;
  NewPlan plan = PlanOf({ScanOf("computer of " + subject, subject)});
  plan.event = event;
  plan.actions[0].state = ActionState::kIntended;
  const auto planned = ledger.Commit({{KeyIsFree{plan.actions[0].key}}, {plan}});
  if (!planned.ok()) return planned.error().message;
  if (!planned->recorded()) return "overtaken";
  const auto ended =
      ledger.Commit({{},
                     {ActionChange{planned->actions[0], ActionState::kRequested, "accepted"},
                      PlanChange{planned->plans[0], PlanState::kExecuted}, EventChange{event, EventState::kWaiting}}});
  return ended.ok() ? "" : ended.error().message;
}

}  // namespace sallyport
