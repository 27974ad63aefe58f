// SPDX-License-Identifier: Apache-2.0
//
// event -> workflow -> plan -> executor -> ledger. Each step is on disk before the next one begins.
#include "intake/handle.h"

#include <algorithm>

#include "base/digest.h"
#include "base/text.h"

namespace sallyport {
namespace {

NewEvent EventForLedger(const Arrival& arrival) {
  NewEvent record;
  record.origin = arrival.origin;
  if (!arrival.event.ok()) {
    record.title = "unreadable";
    record.sha256 = Sha256Hex(arrival.event.error().message);
    return record;
  }
  const Event& event = *arrival.event;
  record.source = event.source;
  record.detail_type = event.detail_type;
  record.account = event.detail["accountId"].StringOr(event.account);
  record.region = event.detail["region"].StringOr(event.region);
  record.subject = event.detail["id"].StringOr(event.id);
  record.title = event.detail["type"].StringOr(event.detail_type);
  record.sha256 = event.sha256;
  return record;
}

std::string NoWorkflow(const Event& event) {
  std::string known;
  for (const Workflow& workflow : AllWorkflows())
    known += (known.empty() ? "`" : ", `") + std::string(workflow.source) + "`";
  return "no workflow takes events of source `" + Printable(event.source, 100) + "`; those that exist take " + known;
}

NewPlan PlanForLedger(const Plan& plan) {
  NewPlan record{plan.workflow, PlanDigest(plan), PlanToJson(plan), {}};
  for (const PlannedAction& planned : plan.actions) {
    record.actions.push_back({planned.key, std::string(KindOf(planned.action)), WhatOf(planned.action),
                              SubjectOf(planned.action), plan.severity, ActionToJson(planned.action)});
  }
  return record;
}

std::string FirstReason(const Plan& plan) {
  return plan.reasons.empty() ? "" : plan.reasons.front();
}

bool Any(const std::vector<ActionOutcome>& outcomes, bool (*is)(const ActionOutcome&)) {
  return std::any_of(outcomes.begin(), outcomes.end(), is);
}

bool WentWrong(const ActionOutcome& outcome) {
  return !outcome.recorded || outcome.state == ActionState::kFailed || outcome.state == ActionState::kIntended;
}

}  // namespace

EventReport Handler::Handle(const Arrival& arrival) {
  EventReport report;
  report.origin = arrival.origin;
  report.sqs_message_id = arrival.sqs_message_id;
  const auto began = parts_.clock.Monotonic();
  const int calls_before = parts_.count_swp_calls();
  const auto number = parts_.ledger.AddEvent(EventForLedger(arrival));
  if (number.ok()) {
    report.number = *number;
    HandleRecorded(arrival, report);
  } else {
    // Nothing is decided or done about an event that is not on disk: its sender will deliver it again.
    report.ledger_failed = true;
    report.reason = "the ledger could not record the event, so nothing was done: " + number.error().ToText();
    parts_.log.Failure("event not recorded", number.error(), {{"origin", arrival.origin}});
  }
  report.swp_calls = parts_.count_swp_calls() - calls_before;
  report.took = std::chrono::duration_cast<Duration>(parts_.clock.Monotonic() - began);
  return report;
}

void Handler::HandleRecorded(const Arrival& arrival, EventReport& report) {
  if (!arrival.event.ok()) {
    return Finish(report, EventState::kUnreadable, arrival.event.error().ToText());
  }
  report.event = *arrival.event;
  const Workflow* workflow = FindWorkflow(*report.event);
  if (workflow == nullptr) return Finish(report, EventState::kOutOfScope, NoWorkflow(*report.event));
  Decide(*report.event, *workflow, report);
}

void Handler::Decide(const Event& event, const Workflow& workflow, EventReport& report) {
  Sources sources{parts_.swp, parts_.clock.Now()};
  auto plan = workflow.make_plan(event, sources, parts_.settings);
  if (!plan.ok()) return Finish(report, EventState::kUnreadable, plan.error().ToText());
  report.plan = *std::move(plan);
  const auto numbers = parts_.ledger.AddPlan(*report.number, PlanForLedger(*report.plan));
  if (!numbers.ok()) {
    report.ledger_failed = true;
    parts_.log.Failure("plan not recorded", numbers.error(), {{"event", report.number->value}});
    return Finish(report, EventState::kFailed,
                  "the ledger could not record the plan, so nothing was done: " + numbers.error().ToText());
  }
  report.outcomes = parts_.executor.Execute(*report.number, *report.plan, *numbers);
  Conclude(report);
}

void Handler::Conclude(EventReport& report) {
  const Plan& plan = *report.plan;
  report.ledger_failed = Any(report.outcomes, [](const ActionOutcome& outcome) { return !outcome.recorded; });
  if (Any(report.outcomes, WentWrong)) {
    const auto wrong = std::find_if(report.outcomes.begin(), report.outcomes.end(), WentWrong);
    return Finish(report, EventState::kFailed, wrong->reason);
  }
  if (plan.decision == Decision::kOutOfScope) return Finish(report, EventState::kOutOfScope, FirstReason(plan));
  if (plan.HasUndeterminedHost()) {
    const auto host = std::find_if(plan.hosts.begin(), plan.hosts.end(), [](const HostDecision& decision) {
      return decision.protection.state == ProtectionState::kUndetermined;
    });
    return Finish(report, EventState::kUndetermined,
                  host->host.instance.value + ": " + host->protection.decisive.back().text);
  }
  Finish(report, EventState::kDone, plan.hosts.size() == 1 ? plan.hosts.front().summary : FirstReason(plan));
}

void Handler::Finish(EventReport& report, EventState state, std::string reason) {
  report.state = state;
  report.reason = std::move(reason);
  const Status recorded = parts_.ledger.SetEventState(*report.number, state, report.reason);
  if (recorded.ok()) return;
  parts_.log.Failure("end of event not recorded", recorded.error(), {{"event", report.number->value}});
  report.ledger_failed = true;
  report.state = EventState::kFailed;
  report.reason += "; the ledger could not record this: " + recorded.error().message;
}

}  // namespace sallyport
