// SPDX-License-Identifier: Apache-2.0
//
// event -> workflow -> plan -> executor -> ledger. Each step is on disk before the next one begins. What comes back
// later (follow-ups, approvals, what a crash left behind) is in resume.cc and follow_ups.cc, and takes the same way.
#include "intake/handle.h"

#include <algorithm>

#include "base/digest.h"
#include "base/text.h"
#include "event/event_json.h"
#include "event/retired.h"
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
  if (auto retired = RetiredSource(event.source)) return *std::move(retired);
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

bool IsRefused(const ActionOutcome& outcome) {
  return outcome.state == ActionState::kRefused;
}

std::string SummaryOf(const Plan& plan, const std::vector<ActionOutcome>& outcomes) {
  std::string text = plan.hosts.size() == 1 ? plan.hosts.front().summary : FirstReason(plan);
  const auto refused = std::count_if(outcomes.begin(), outcomes.end(), IsRefused);
  if (refused == 0) return text;
  const auto first = std::find_if(outcomes.begin(), outcomes.end(), IsRefused);
  return text + "; " + std::to_string(refused) + " refused by " + first->reason;
}

}  // namespace

EventReport Handler::Report(const std::string& origin, std::optional<TimePoint> stop_at, const Do& work) const {
  EventReport report;
  report.origin = origin;
  const auto began = parts_.clock.Monotonic();
  const std::unique_ptr<Work> own = parts_.begin_work(stop_at);
  Executor executor(
      {parts_.ledger, own->reads(), own->writes(), own->notifier(), parts_.clock, parts_.random, own->log()},
      parts_.execution);
  Job job{*own, executor, report};
  work(job);
  report.swp_calls = own->swp_calls();
  report.messages = own->TakeShown();
  report.took = std::chrono::duration_cast<Duration>(parts_.clock.Monotonic() - began);
  return report;
}

std::string Handler::OrderKeyOf(const Arrival& arrival) const {
  if (!arrival.event.ok()) return "";
  const NewEvent record = EventForLedger(arrival, "", parts_.settings);
  return record.subject.empty() ? "" : record.source + "/" + record.account + "/" + record.subject;
}

EventReport Handler::Handle(const Arrival& arrival, std::optional<TimePoint> stop_at) const {
  return Report(arrival.origin, stop_at, [&](Job& job) {
    EventReport& report = job.report;
    report.sqs_message_id = arrival.sqs_message_id;
    NewEvent record = EventForLedger(arrival, parts_.owner, parts_.settings);
    // A rehearsal must not make the real thing look like a repetition.
    if (parts_.execution.dry_run) record.sha256 = Sha256Hex("dry run " + record.sha256);
    const auto added = parts_.ledger.AddEvent(record);
    if (!added.ok()) {
      // Nothing is decided or done about an event that is not on disk: its sender will deliver it again.
      report.ledger_failed = true;
      report.reason = "the ledger could not record the event, so nothing was done: " + added.error().ToText();
      job.work.log().Failure("event not recorded", added.error(), {{"origin", arrival.origin}});
      return;
    }
    report.number = added->number;
    report.case_number = added->case_number;
    // Whoever forces it wants it decided again.
    const bool anew = parts_.execution.dry_run || parts_.execution.force;
    if (added->same_as && !anew && arrival.event.ok()) {
      report.event = *arrival.event;
      return Finish(job, EventState::kDuplicate,
                    "delivered before as event " + std::to_string(added->same_as->value) + " of case " +
                        std::to_string(added->case_number.value) + " (to decide anew: sallyport ledger replay)");
    }
    HandleRecorded(arrival, job);
  });
}

void Handler::HandleRecorded(const Arrival& arrival, Job& job) const {
  if (!arrival.event.ok()) {
    return Finish(job, EventState::kUnreadable, arrival.event.error().ToText());
  }
  job.report.event = *arrival.event;
  // A follow-up is made here and nowhere else: one from outside could claim that a scan has ended.
  const Workflow* workflow = job.report.event->source == kFollowUpSource ? nullptr : FindWorkflow(*job.report.event);
  if (workflow == nullptr) return Finish(job, EventState::kOutOfScope, NoWorkflow(*job.report.event));
  Decide(*job.report.event, *workflow, job);
}

void Handler::Decide(const Event& event, const Workflow& workflow, Job& job) const {
  Sources sources{job.work.facts(), parts_.clock.Now(), job.work.reach()};
  auto plan = workflow.make_plan(event, sources, parts_.settings);
  if (!plan.ok()) return Finish(job, EventState::kUnreadable, plan.error().ToText());
  job.report.plan = *std::move(plan);
  if (RecordAndExecute(job)) Conclude(job);
}

bool Handler::RecordAndExecute(Job& job) const {
  const auto numbers = parts_.ledger.AddPlan(*job.report.number, PlanForLedger(*job.report.plan));
  if (!numbers.ok()) {
    StorageFailed(numbers.error(), "the ledger could not record the plan, so nothing was done", job);
    return false;
  }
  if (!AskPlanned(job)) return false;
  job.report.outcomes = job.executor.Execute({*job.report.number, *job.report.case_number, *job.report.plan}, *numbers);
  return true;
}

// The questions that the plan asks whatever its actions do.
bool Handler::AskPlanned(Job& job) const {
  if (parts_.execution.dry_run) return true;
  for (const WantedFollowUp& wanted : job.report.plan->follow_ups) {
    const auto added = parts_.ledger.AddFollowUp(job.executor.AskLater(wanted.question, *job.report.case_number));
    if (added.ok()) continue;
    StorageFailed(added.error(), "the ledger could not record what is to be asked later, so nothing was done", job);
    return false;
  }
  return true;
}

void Handler::Conclude(Job& job) const {
  const Plan& plan = *job.report.plan;
  job.report.ledger_failed = Any(job.report.outcomes, [](const ActionOutcome& outcome) { return !outcome.recorded; });
  if (Any(job.report.outcomes, WentWrong)) {
    const auto wrong = std::find_if(job.report.outcomes.begin(), job.report.outcomes.end(), WentWrong);
    return Finish(job, EventState::kFailed, wrong->reason);
  }
  if (plan.decision == Decision::kOutOfScope) return Finish(job, EventState::kOutOfScope, FirstReason(plan));
  if (plan.HasUndeterminedHost()) {
    const auto host = std::find_if(plan.hosts.begin(), plan.hosts.end(), [](const HostDecision& decision) {
      return decision.protection.state == ProtectionState::kUndetermined;
    });
    return Finish(job, EventState::kUndetermined,
                  host->host.instance.value + ": " + host->protection.decisive.back().text);
  }
  // Nothing at all could be found out, not even which hosts it is about.
  if (plan.decision == Decision::kUndetermined) return Finish(job, EventState::kUndetermined, FirstReason(plan));
  const bool awaited = Any(job.report.outcomes, IsAwaited);
  Finish(job, awaited ? EventState::kWaiting : EventState::kDone, SummaryOf(plan, job.report.outcomes));
}

void Handler::Finish(Job& job, EventState state, std::string reason) const {
  job.report.state = state;
  job.report.reason = std::move(reason);
  const Status recorded = parts_.ledger.SetEventState(*job.report.number, state, job.report.reason);
  if (recorded.ok()) return;
  job.work.log().Failure("end of event not recorded", recorded.error(), {{"event", job.report.number->value}});
  job.report.ledger_failed = true;
  job.report.state = EventState::kFailed;
  job.report.reason += "; the ledger could not record this: " + recorded.error().message;
}

void Handler::StorageFailed(const Error& error, std::string_view doing, Job& job) const {
  job.report.ledger_failed = true;
  job.report.state = EventState::kFailed;
  job.report.reason = std::string(doing) + ": " + error.ToText();
  job.work.log().Failure("ledger not written", error, {{"while", doing}});
  if (job.report.number) Finish(job, EventState::kFailed, job.report.reason);
}

}  // namespace sallyport
