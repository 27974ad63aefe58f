// SPDX-License-Identifier: Apache-2.0
//
// Follow-ups that are due re-enter here: the question becomes an event, takes the way through workflow, plan and
// executor, and its answer ends the actions that wait for it.
#include <algorithm>
#include <set>

#include "base/bounds.h"
#include "event/event_json.h"
#include "intake/handle.h"

namespace sallyport {
namespace {

// Longer than asking can take with every deadline and retry; after a crash the question is asked again when it is over.
constexpr Duration kLease = std::chrono::minutes(5);

ActionState StateFor(Answer::Kind kind) {
  switch (kind) {
    case Answer::Kind::kNotYet:
      return ActionState::kWaiting;
    case Answer::Kind::kVerified:
      return ActionState::kVerified;
    case Answer::Kind::kNotVerifiable:
      return ActionState::kNotVerifiable;
    case Answer::Kind::kFailed:
      break;
  }
  return ActionState::kFailed;
}

Result<Json> ParseOwn(const std::string& text) {
  return Json::Parse(text, bounds::kAnswerBytes);
}

Result<Action> ActionOf(const ActionRecord& record) {
  const auto json = ParseOwn(record.action.json);
  if (!json.ok()) return json.error();
  return ActionFromJson(*json);
}

// Nobody is at work on an intention whose event has ended: its outcome could not be found out.
bool Ended(const ActionRecord& action, const Case& whole) {
  if (action.state != ActionState::kIntended) return HasEnded(action.state);
  if (whole.event.number == action.event) return HasEnded(whole.event.state);
  return std::any_of(whole.updates.begin(), whole.updates.end(), [&](const EventRecord& update) {
    return update.number == action.event && HasEnded(update.state);
  });
}

// Actions that failed in a plan of ours and may succeed when the question is asked again.
bool AnyFailed(const std::vector<ActionOutcome>& outcomes) {
  return std::any_of(outcomes.begin(), outcomes.end(), [](const ActionOutcome& outcome) {
    return outcome.state == ActionState::kFailed || outcome.state == ActionState::kIntended;
  });
}

std::string FailureIn(const std::vector<ActionOutcome>& outcomes) {
  for (const ActionOutcome& outcome : outcomes) {
    if (outcome.state == ActionState::kFailed || outcome.state == ActionState::kIntended) return outcome.reason;
  }
  return "";
}

}  // namespace

std::vector<EventReport> Handler::RunDue(std::size_t limit) {
  std::vector<EventReport> reports;
  if (parts_.executor.dry_run()) return reports;
  const auto due = parts_.ledger.ClaimDue(parts_.clock.Now(), kLease, limit);
  if (!due.ok()) {
    parts_.log.Failure("follow-ups could not be read", due.error());
    return reports;
  }
  for (const FollowUpRecord& record : *due) {
    EventReport report =
        Report("follow-up " + std::to_string(record.number.value), [&](EventReport& made) { Ask(record, made); });
    reports.push_back(std::move(report));
  }
  return reports;
}

void Handler::Ask(const FollowUpRecord& record, EventReport& report) {
  report.case_number = record.follow_up.case_number;
  if (record.follow_up.question == kApprovalExpires) return EndApproval(record, report);
  const bool holds_one_up = record.follow_up.question == kWindowOpens || record.follow_up.question == kTurnComes;
  if (holds_one_up) return OpenWindow(record, report);
  AskWorkflow(record, report);
}

Result<FollowUpContext> Handler::ContextOf(const FollowUpRecord& record) {
  FollowUpContext context;
  const auto json = ParseOwn(record.follow_up.json);
  if (!json.ok()) return json.error();
  auto question = QuestionFromJson(*json);
  if (!question.ok()) return question.error();
  context.question = *std::move(question);
  context.attempts = record.attempts;
  context.give_up_at = record.follow_up.give_up_at;
  context.case_number = record.follow_up.case_number.value;
  for (const ActionNumber number : record.follow_up.waiting) {
    const auto action = parts_.ledger.GetAction(number);
    if (!action.ok()) return action.error();
    auto planned = ActionOf(*action);
    if (!planned.ok()) return planned.error();
    context.waiting.push_back(*std::move(planned));
  }
  if (!std::holds_alternative<CaseEnded>(context.question.ask)) return context;
  const auto shown = parts_.ledger.Show(record.follow_up.case_number);
  if (!shown.ok()) return shown.error();
  for (const ActionRecord& action : shown->actions) {
    auto planned = ActionOf(action);
    if (!planned.ok()) return planned.error();
    context.case_actions.push_back(
        {*std::move(planned), std::string(ToString(action.state)), action.reason, Ended(action, *shown)});
  }
  return context;
}

void Handler::AskWorkflow(const FollowUpRecord& record, EventReport& report) {
  const auto context = ContextOf(record);
  if (!context.ok()) {
    if (context.error().code == ErrorCode::kStorage)
      return StorageFailed(context.error(), "the ledger could not be read", report);
    return EndFollowUp(record, FollowUpState::kGivenUp, "it cannot be asked: " + context.error().ToText(), {}, report);
  }
  Event event;
  event.source = kFollowUpSource;
  event.detail_type = kFollowUpDetailType;
  event.account = context->question.matter.account;
  event.region = context->question.matter.region;
  event.origin = report.origin;
  const auto detail = ParseOwn(FollowUpDetail(*context));
  if (!detail.ok()) return EndFollowUp(record, FollowUpState::kGivenUp, detail.error().ToText(), {}, report);
  event.detail = *detail;
  report.event = event;
  Sources sources{parts_.swp, parts_.clock.Now()};
  auto plan = FindWorkflow(event)->make_plan(event, sources, parts_.settings);
  if (!plan.ok()) return EndFollowUp(record, FollowUpState::kGivenUp, plan.error().ToText(), {}, report);
  report.plan = *std::move(plan);
  if (report.plan->answer->kind == Answer::Kind::kNotYet) return Snooze(record, report.plan->answer->reason, report);
  // Before the question ends: what a crash left unsettled is settled when it is asked again.
  if (std::holds_alternative<CaseEnded>(context->question.ask)) SettleCase(record.follow_up.case_number);
  CarryOutAnswer(record, report);
  if (report.ledger_failed) return;
  SettleAll(record.follow_up.waiting, context->question);
}

// Nothing to do yet: one line in the ledger, and the next look. Actions that were only requested are waited for now.
void Handler::Snooze(const FollowUpRecord& record, const std::string& why, EventReport& report) {
  std::vector<ActionChange> changes;
  for (const ActionNumber number : record.follow_up.waiting) {
    const auto action = parts_.ledger.GetAction(number);
    if (!action.ok()) continue;
    const bool first = action->state == ActionState::kRequested || action->state == ActionState::kApplied;
    if (first) changes.push_back({number, ActionState::kWaiting, why});
  }
  const Schedule& schedule = ScheduleOf(record.follow_up.question, parts_.follow_up);
  const TimePoint next =
      NextAsk(schedule, record.attempts, parts_.clock.Now(), record.follow_up.give_up_at, parts_.random.Uniform());
  report.state = EventState::kWaiting;
  report.reason = why + "; asked again at " + FormatTime(next);
  const Status snoozed = parts_.ledger.SnoozeFollowUp(record.number, next, why, changes);
  // Its claim ends by itself, and it rings again.
  if (!snoozed.ok()) StorageFailed(snoozed.error(), "the ledger could not record the next look", report);
}

// An answer that leads to actions is an event of the case, with a plan like any other.
void Handler::CarryOutAnswer(const FollowUpRecord& record, EventReport& report) {
  const Answer answer = *report.plan->answer;
  report.state = EventState::kDone;
  report.reason = answer.reason;
  if (!report.plan->actions.empty()) {
    NewEvent own{std::string(kFollowUpSource),
                 std::string(kFollowUpDetailType),
                 report.plan->account,
                 report.plan->region,
                 record.follow_up.subject,
                 record.follow_up.question,
                 report.origin,
                 ContentSha256(*report.event),
                 EventToJson(*report.event),
                 record.follow_up.case_number,
                 parts_.owner};
    const auto added = parts_.ledger.AddEvent(own);
    if (!added.ok()) return StorageFailed(added.error(), "the ledger could not record the answer", report);
    report.number = added->number;
    report.case_number = added->case_number;
    if (!RecordAndExecute(report)) return;
    Conclude(report);
    if (report.ledger_failed) return;
    const bool again = AnyFailed(report.outcomes) && parts_.clock.Now() < record.follow_up.give_up_at;
    if (again) {
      const std::string why = "not everything that follows from the answer worked: " + FailureIn(report.outcomes);
      const EventState state = report.state;
      Snooze(record, why, report);
      report.state = state;
      return;
    }
  }
  const FollowUpState state = answer.gave_up ? FollowUpState::kGivenUp : FollowUpState::kDone;
  EndFollowUp(record, state, answer.reason, ChangesBy(answer, record.follow_up.waiting), report);
}

std::vector<ActionChange> Handler::ChangesBy(const Answer& answer, const std::vector<ActionNumber>& waiting) {
  std::vector<ActionChange> changes;
  for (const ActionNumber number : waiting) {
    const auto action = parts_.ledger.GetAction(number);
    const ActionState state = StateFor(answer.kind);
    if (action.ok() && MayMove(action->state, state)) changes.push_back({number, state, answer.reason});
  }
  return changes;
}

void Handler::EndFollowUp(const FollowUpRecord& record, FollowUpState state, const std::string& why,
                          const std::vector<ActionChange>& changes, EventReport& report) {
  if (!report.number) {
    report.state = EventState::kDone;
    report.reason = why;
  }
  const Status ended = parts_.ledger.EndFollowUp(record.number, state, why, changes);
  if (!ended.ok()) StorageFailed(ended.error(), "the ledger could not record the answer", report);
}

void Handler::EndApproval(const FollowUpRecord& record, EventReport& report) {
  const auto json = ParseOwn(record.follow_up.json);
  const auto plan = parts_.ledger.GetPlan(PlanNumber{json.ok() ? (*json)["plan"].Int64Or(0) : 0});
  const bool gone = !plan.ok() && plan.error().code == ErrorCode::kNotFound;
  if (!plan.ok() && !gone) return StorageFailed(plan.error(), "the ledger could not be read", report);
  std::string why = "the plan was decided about before";
  const PlanState state = gone ? PlanState::kExecuted : plan->state;
  if (state == PlanState::kAwaitingApproval) {
    const auto expires = plan->expires_at;
    if (expires && parts_.clock.Now() < *expires) {
      const Status snoozed = parts_.ledger.SnoozeFollowUp(record.number, *expires, "nobody has decided yet", {});
      if (!snoozed.ok()) StorageFailed(snoozed.error(), "the ledger could not record when to ask again", report);
      return;
    }
    why = "nobody approved it in time";
    const Status expired = EndPlan(*plan, PlanState::kExpired, why);
    if (!expired.ok())
      return StorageFailed(expired.error(), "the ledger could not record that the approval expired", report);
  } else if (state == PlanState::kApproved) {
    report.number = plan->event;
    why = "the approved plan went on";
    ContinuePlan(*plan, true, report);
    if (report.ledger_failed) return;
  }
  EndFollowUp(record, FollowUpState::kDone, why, {}, report);
}

// The action takes its way through the gates once more.
void Handler::OpenWindow(const FollowUpRecord& record, EventReport& report) {
  const auto json = ParseOwn(record.follow_up.json);
  const auto action = parts_.ledger.GetAction(ActionNumber{json.ok() ? (*json)["action"].Int64Or(0) : 0});
  if (!action.ok()) return StorageFailed(action.error(), "the ledger could not be read", report);
  const auto plan = parts_.ledger.GetPlan(action->plan);
  if (!plan.ok()) return StorageFailed(plan.error(), "the ledger could not be read", report);
  // Another action of the plan may have brought this one along: then there is nothing to report.
  if (action->state == ActionState::kHeld) {
    report.number = action->event;
    ContinuePlan(*plan, plan->state == PlanState::kApproved, report);
  }
  const bool is_turn = record.follow_up.question == kTurnComes;
  if (report.ledger_failed) return;
  EndFollowUp(record, FollowUpState::kDone, is_turn ? "its turn has come" : "the window is open", {}, report);
}

// The state of an event follows from its actions, also from those that ended after it was handled.
void Handler::Settle(EventNumber event) {
  const auto record = parts_.ledger.GetEvent(event);
  if (!record.ok() || record->state != EventState::kWaiting) return;
  const auto actions = parts_.ledger.ActionsOf(event);
  if (!actions.ok()) return;
  const auto is = [&](auto test) { return std::find_if(actions->begin(), actions->end(), test); };
  if (is([](const ActionRecord& action) { return !HasEnded(action.state); }) != actions->end()) return;
  const auto failed = is([](const ActionRecord& action) { return action.state == ActionState::kFailed; });
  const EventState state = failed == actions->end() ? EventState::kDone : EventState::kFailed;
  const std::string reason = failed == actions->end() ? actions->back().reason : failed->reason;
  const Status set = parts_.ledger.SetEventState(event, state, reason);
  if (!set.ok()) parts_.log.Failure("end of event not recorded", set.error(), {{"event", event.value}});
}

void Handler::SettleCase(EventNumber case_number) {
  const auto shown = parts_.ledger.Show(case_number);
  if (!shown.ok()) return;
  Settle(shown->event.number);
  for (const EventRecord& update : shown->updates) Settle(update.number);
}

void Handler::SettleAll(const std::vector<ActionNumber>& answered, const Question& question) {
  std::set<std::int64_t> cases;
  for (const ActionNumber number : answered) {
    const auto action = parts_.ledger.GetAction(number);
    if (!action.ok()) continue;
    Settle(action->event);
    const auto event = parts_.ledger.GetEvent(action->event);
    if (event.ok()) cases.insert(event->case_number.value);
  }
  if (std::holds_alternative<CaseEnded>(question.ask)) return;
  for (const std::int64_t number : cases) LookForEndOf(EventNumber{number}, question.matter);
}

// Something of the case has ended: see at once whether it was the last thing.
void Handler::LookForEndOf(EventNumber case_number, const Matter& matter) {
  NewFollowUp look = parts_.executor.AskLater({CaseEnded{}, matter}, case_number);
  const auto open = parts_.ledger.FindOpenFollowUp(look.key);
  if (!open.ok() || !open->has_value()) return;
  look.due = parts_.clock.Now();
  const auto added = parts_.ledger.AddFollowUp(look);
  if (!added.ok()) parts_.log.Failure("end of case not looked for", added.error(), {{"case", case_number.value}});
}

}  // namespace sallyport
