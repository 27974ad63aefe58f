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

NewEvent EventForLedger(const Arrival& arrival, const std::string& owner, const WorkflowSettings& settings) {
  NewEvent record;
  record.origin = arrival.origin;
  record.owner = owner;
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
  const Workflow* workflow = FindWorkflow(event);
  if (workflow != nullptr && workflow->subject != nullptr) record.subject = workflow->subject(event, settings);
  record.title = event.detail["type"].StringOr(event.detail_type);
  record.sha256 = ContentSha256(event);
  record.body = EventToJson(event);
  return record;
}

std::string NoWorkflow(const Event& event) {
  std::string known;
  for (const Workflow& workflow : AllWorkflows()) {
    if (workflow.source == kFollowUpSource) continue;
    known += (known.empty() ? "`" : ", `") + std::string(workflow.source) + "`";
  }
  return "no workflow takes events of source `" + Printable(event.source, 100) + "`; those that exist take " + known;
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

std::string SummaryOf(const Plan& plan, const std::vector<ActionOutcome>& outcomes) {
  std::string text = plan.hosts.size() == 1 ? plan.hosts.front().summary : FirstReason(plan);
  constexpr std::pair<ActionState, std::string_view> kNotDone[] = {{ActionState::kRefused, " refused by "},
                                                                   {ActionState::kSkipped, " skipped by "},
                                                                   {ActionState::kWould, " planned only, by "}};
  for (const auto& [state, words] : kNotDone) {
    const auto is = [state = state](const ActionOutcome& outcome) { return outcome.state == state; };
    const auto first = std::find_if(outcomes.begin(), outcomes.end(), is);
    if (first == outcomes.end()) continue;
    const auto count = std::count_if(outcomes.begin(), outcomes.end(), is);
    text += "; " + std::to_string(count) + std::string(words) + first->reason;
  }
  return text;
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
    NewEvent record = EventForLedger(arrival, parts_.owner, parts_.settings);
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
    HandleRecorded(arrival, report);
  });
}

void Handler::HandleRecorded(const Arrival& arrival, EventReport& report) {
  if (!arrival.event.ok()) {
    return Finish(report, EventState::kUnreadable, arrival.event.error().ToText());
  }
  report.event = *arrival.event;
  // A follow-up is made here and nowhere else: one from outside could claim that a scan has ended.
  const Workflow* workflow = report.event->source == kFollowUpSource ? nullptr : FindWorkflow(*report.event);
  if (workflow == nullptr) return Finish(report, EventState::kOutOfScope, NoWorkflow(*report.event));
  Decide(*report.event, *workflow, report);
}

void Handler::Decide(const Event& event, const Workflow& workflow, EventReport& report) {
  Sources sources{parts_.swp, parts_.clock.Now(), parts_.reach};
  auto plan = workflow.make_plan(event, sources, parts_.settings);
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
  if (plan.HasUndeterminedHost()) {
    const auto host = std::find_if(plan.hosts.begin(), plan.hosts.end(), [](const HostDecision& decision) {
      return decision.protection.state == ProtectionState::kUndetermined;
    });
    return Finish(report, EventState::kUndetermined,
                  host->host.instance.value + ": " + host->protection.decisive.back().text);
  }
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
