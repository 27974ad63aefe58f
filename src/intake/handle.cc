// SPDX-License-Identifier: Apache-2.0
//
// event -> workflow -> plan -> executor -> ledger. Each step is on disk before the next one begins. What comes back
// later (follow-ups, approvals, what a crash left behind) is in resume.cc and follow_ups.cc, and takes the same way.
#include "intake/handle.h"

#include <algorithm>

#include "base/digest.h"
#include "base/text.h"
#include "event/event_json.h"
#include "intake/plan_record.h"

namespace sallyport {
namespace {

// An event that no workflow can say more about is known by its envelope.
NewEvent EventForLedger(const Arrival& arrival, const std::string& owner,
                        const Result<std::vector<PlanToMake>>& plans) {
  NewEvent record;
  record.origin = arrival.origin;
  record.owner = owner;
  if (!arrival.event.ok()) {
    record.title = "unreadable";
    record.sha256 = Sha256Hex(arrival.event.error().message);
    return record;
  }
  const Event& event = *arrival.event;
  const bool is_about = plans.ok() && !plans->empty();
  const Matter matter = is_about ? plans->front().matter : MatterOfNotice(event, "");
  record.source = event.source;
  record.detail_type = event.detail_type;
  record.account = matter.account;
  record.region = matter.region;
  record.subject = matter.subject;
  record.title = matter.title;
  record.sha256 = ContentSha256(event);
  record.body = EventToJson(event);
  return record;
}

std::string NoWorkflow(const Event& event, const Tables& tables) {
  std::string known;
  for (const Workflow& workflow : tables.workflows) known += (known.empty() ? "" : ", ") + workflow.takes_what;
  return "no workflow takes events of source `" + Printable(event.source, 100) + "`; those that exist take " + known;
}

// Each plan is to have a record of its own. Until the ledger has room for them none of several is carried out, so that
// none is dropped without a word.
std::string TooManyPlans(const std::vector<PlanToMake>& plans) {
  std::string names;
  for (const PlanToMake& plan : plans) {
    names += (names.empty() ? "" : ", ") + plan.workflow->name + " about " + Printable(plan.matter.subject, 100);
  }
  return "the event leads to " + std::to_string(plans.size()) + " plans (" + names +
         "); this release carries out one plan for an event, so nothing was done";
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

bool IsAwaited(const ActionOutcome& outcome) {
  return !HasEnded(outcome.state);
}

bool IsRefused(const ActionOutcome& outcome) {
  return outcome.state == ActionState::kRefused;
}

std::string SummaryOf(const Plan& plan, const std::vector<ActionOutcome>& outcomes) {
  std::string text = FirstReason(plan);
  if (plan.hosts.size() + plan.others.size() == 1) {
    text = plan.hosts.empty() ? plan.others.front().summary : plan.hosts.front().summary;
  }
  const auto refused = std::count_if(outcomes.begin(), outcomes.end(), IsRefused);
  if (refused == 0) return text;
  const auto first = std::find_if(outcomes.begin(), outcomes.end(), IsRefused);
  return text + "; " + std::to_string(refused) + " refused by " + first->reason;
}

}  // namespace

EventReport Handler::Report(const std::string& origin, const Work& work) {
  EventReport report;
  report.origin = origin;
  const auto began = parts_.clock.Monotonic();
  const int calls_before = parts_.count_swp_calls();
  work(report);
  report.swp_calls = parts_.count_swp_calls() - calls_before;
  report.took = std::chrono::duration_cast<Duration>(parts_.clock.Monotonic() - began);
  return report;
}

EventReport Handler::Handle(const Arrival& arrival) {
  return Report(arrival.origin, [&](EventReport& report) {
    report.sqs_message_id = arrival.sqs_message_id;
    const ToMake plans = PlansFor(arrival);
    NewEvent record = EventForLedger(arrival, parts_.owner, plans);
    // A rehearsal must not make the real thing look like a repetition.
    if (parts_.executor.dry_run()) record.sha256 = Sha256Hex("dry run " + record.sha256);
    const auto added = parts_.ledger.AddEvent(record);
    if (!added.ok()) {
      // Nothing is decided or done about an event that is not on disk: its sender will deliver it again.
      report.ledger_failed = true;
      report.reason = "the ledger could not record the event, so nothing was done: " + added.error().ToText();
      parts_.log.Failure("event not recorded", added.error(), {{"origin", arrival.origin}});
      return;
    }
    report.number = added->number;
    report.case_number = added->case_number;
    // Whoever forces it wants it decided again.
    const bool anew = parts_.executor.dry_run() || parts_.executor.force();
    if (added->same_as && !anew && arrival.event.ok()) {
      report.event = *arrival.event;
      return Finish(report, EventState::kDuplicate,
                    "delivered before as event " + std::to_string(added->same_as->value) + " of case " +
                        std::to_string(added->case_number.value) + " (to decide anew: sallyport ledger replay)");
    }
    HandleRecorded(arrival, plans, report);
  });
}

// What is to be decided about the event. A follow-up is made here and nowhere else: one from outside could claim that a
// scan has ended.
Handler::ToMake Handler::PlansFor(const Arrival& arrival) const {
  const bool is_takeable = arrival.event.ok() && arrival.event->source != kFollowUpSource;
  if (!is_takeable) return std::vector<PlanToMake>();
  return PlansToMake(*arrival.event, parts_.tables, parts_.settings);
}

Sources Handler::SourcesNow() {
  return {parts_.swp, parts_.clock.Now(), parts_.reach};
}

void Handler::HandleRecorded(const Arrival& arrival, const ToMake& plans, EventReport& report) {
  if (!arrival.event.ok()) {
    return Finish(report, EventState::kUnreadable, arrival.event.error().ToText());
  }
  report.event = *arrival.event;
  if (!plans.ok()) {
    const bool is_ours = plans.error().code != ErrorCode::kInvalidInput;
    return Finish(report, is_ours ? EventState::kFailed : EventState::kUnreadable, plans.error().ToText());
  }
  if (plans->empty()) return Finish(report, EventState::kOutOfScope, NoWorkflow(*report.event, parts_.tables));
  if (plans->size() > 1) return Finish(report, EventState::kFailed, TooManyPlans(*plans));
  Decide(*report.event, plans->front(), report);
}

void Handler::Decide(const Event& event, const PlanToMake& to_make, EventReport& report) {
  Sources sources = SourcesNow();
  auto plan = to_make.workflow->make_plan(event, to_make.matter, sources, parts_.settings);
  if (!plan.ok()) return Finish(report, EventState::kUnreadable, plan.error().ToText());
  report.plan = *std::move(plan);
  if (RecordAndExecute(report)) Conclude(report);
}

bool Handler::RecordAndExecute(EventReport& report) {
  const auto numbers = parts_.ledger.AddPlan(*report.number, PlanForLedger(*report.plan));
  if (!numbers.ok()) {
    StorageFailed(numbers.error(), "the ledger could not record the plan, so nothing was done", report);
    return false;
  }
  if (!AskPlanned(report)) return false;
  report.outcomes = parts_.executor.Execute({*report.number, *report.case_number, *report.plan}, *numbers);
  return true;
}

// The questions that the plan asks whatever its actions do.
bool Handler::AskPlanned(EventReport& report) {
  if (parts_.executor.dry_run()) return true;
  for (const WantedFollowUp& wanted : report.plan->follow_ups) {
    const auto added = parts_.ledger.AddFollowUp(parts_.executor.AskLater(wanted.question, *report.case_number));
    if (added.ok()) continue;
    StorageFailed(added.error(), "the ledger could not record what is to be asked later, so nothing was done", report);
    return false;
  }
  return true;
}

void Handler::Conclude(EventReport& report) {
  const Plan& plan = *report.plan;
  report.ledger_failed = Any(report.outcomes, [](const ActionOutcome& outcome) { return !outcome.recorded; });
  if (Any(report.outcomes, WentWrong)) {
    const auto wrong = std::find_if(report.outcomes.begin(), report.outcomes.end(), WentWrong);
    return Finish(report, EventState::kFailed, wrong->reason);
  }
  if (plan.decision == Decision::kOutOfScope) return Finish(report, EventState::kOutOfScope, FirstReason(plan));
  if (plan.HasUndetermined()) return Finish(report, EventState::kUndetermined, plan.FirstUndetermined());
  // Nothing at all could be found out, not even which hosts it is about.
  if (plan.decision == Decision::kUndetermined) return Finish(report, EventState::kUndetermined, FirstReason(plan));
  const bool awaited = Any(report.outcomes, IsAwaited);
  Finish(report, awaited ? EventState::kWaiting : EventState::kDone, SummaryOf(plan, report.outcomes));
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

void Handler::StorageFailed(const Error& error, std::string_view doing, EventReport& report) {
  report.ledger_failed = true;
  report.state = EventState::kFailed;
  report.reason = std::string(doing) + ": " + error.ToText();
  parts_.log.Failure("ledger not written", error, {{"while", doing}});
  if (report.number) Finish(report, EventState::kFailed, report.reason);
}

}  // namespace sallyport
