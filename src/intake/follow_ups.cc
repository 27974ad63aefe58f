// SPDX-License-Identifier: Apache-2.0
//
// Follow-ups that are due re-enter here: the question becomes an event, takes the way through workflow, plan and
// executor, and its answer ends the actions that wait for it.
#include <algorithm>
#include <set>

#include "base/bounds.h"
#include "base/text.h"
#include "intake/handle.h"
#include "intake/own_event.h"
#include "workflow/case_ended.h"

namespace sallyport {
namespace {

// What retention has removed has nothing more to settle; what the ledger could not do is to be done.
Status UnlessGone(const Error& error) {
  return error.code == ErrorCode::kStorage ? Status(error) : Ok();
}

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

Result<Action> ActionOf(const ActionRecord& record, const ActionKinds& kinds) {
  const auto json = ParseOwn(record.action.json);
  if (!json.ok()) return json.error();
  return kinds.Read(*json);
}

// Nobody is at work on an intention whose event has ended: its outcome could not be found out.
Result<bool> Ended(const ActionRecord& action, Ledger& ledger) {
  if (action.state != ActionState::kIntended) return HasEnded(action.state);
  const auto event = ledger.GetEvent(action.event);
  if (!event.ok()) return event.error();
  return HasEnded(event->state);
}

// Whether it holds up one of our own actions, and nothing outside has to be asked.
bool HoldsUp(std::string_view question) {
  return question == kWindowOpens || question == kTurnComes || question == kOthersEnd || question == kOutcomeKnown;
}

// What its end says.
std::string_view EndOfWait(std::string_view question) {
  if (question == kTurnComes) return "wave reached, gates checked again";
  if (question == kWindowOpens) return "maintenance window open, gates checked again";
  if (question == kOutcomeKnown) return "outcome known";
  return "gates checked again";
}

// "1 of 3 actions after the check failed".
std::string FailuresText(const std::vector<PlanReport>& plans) {
  std::size_t all = 0;
  std::size_t failed = 0;
  for (const PlanReport& told : plans) {
    all += told.outcomes.size();
    for (const ActionOutcome& outcome : told.outcomes) {
      if (outcome.state == ActionState::kFailed) ++failed;
    }
  }
  return std::to_string(failed) + " of " + CountText(all, "action") + " after the check failed";
}

std::string DeadlineDropped(const std::optional<PlanRecord>& plan) {
  if (!plan) return "approval deadline dropped; the plan is not in the ledger";
  return "approval deadline of plan " + plan->digest.substr(0, 12) + " dropped; the plan is " +
         std::string(ToString(plan->state));
}

// The actions that it is about. Ledgers of version 2 named one in the JSON.
std::vector<ActionNumber> ActionsHeldBy(const FollowUpRecord& record) {
  if (!record.follow_up.waiting.empty()) return record.follow_up.waiting;
  const auto json = ParseOwn(record.follow_up.json);
  const std::int64_t number = json.ok() ? (*json)["action"].Int64Or(0) : 0;
  if (number == 0) return {};
  return {ActionNumber{number}};
}

}  // namespace

Result<std::vector<FollowUpRecord>> Handler::ClaimDue(std::size_t limit) const {
  if (parts_.execution.dry_run) return std::vector<FollowUpRecord>();
  return parts_.ledger.ClaimDue(parts_.clock.Now(), {kLease, parts_.owner, parts_.still_runs}, limit);
}

EventReport Handler::Ask(const FollowUpRecord& record, std::optional<TimePoint> stop_at) const {
  return Report("follow-up " + std::to_string(record.number.value), stop_at, [&](Job& job) {
    job.work.log().AddContext({"follow_up", record.number.value});
    AskNow(record, job);
  });
}

Result<std::vector<EventReport>> Handler::RunDue(std::size_t limit, std::optional<TimePoint> stop_at) const {
  const auto due = ClaimDue(limit);
  if (!due.ok()) return due.error();
  std::vector<EventReport> reports;
  for (const FollowUpRecord& record : *due) reports.push_back(Ask(record, stop_at));
  return reports;
}

void Handler::AskNow(const FollowUpRecord& record, Job& job) const {
  job.report.case_number = record.follow_up.case_number;
  if (record.follow_up.question == kApprovalExpires) return EndApproval(record, job);
  if (record.follow_up.question == kCaseReminder) return Remind(record, job);
  if (record.members > 0 || record.trimmed > 0) return AskCollected(record, job);
  if (record.follow_up.question == kOthersEnd) RecoverForOthers(job);
  if (HoldsUp(record.follow_up.question)) return LetGoOn(record, job);
  AskWorkflow(record, job);
}

// Who was about to do something may be gone: then his event is brought to its end first.
void Handler::RecoverForOthers(Job& job) const {
  for (EventReport& recovered : Recover(job.stop_at)) {
    job.work.log().Info("brought to its end for one that was gone", {{"reason", recovered.reason}});
    for (Message& message : recovered.messages) job.report.messages.push_back(std::move(message));
  }
}

bool Handler::IsAboutCase(const Question& question) const {
  const QuestionKind* kind = parts_.tables.questions.Find(NameOf(question));
  return kind != nullptr && kind->is_about_case;
}

Result<FollowUpContext> Handler::ContextOf(const FollowUpRecord& record) const {
  const ActionKinds kinds = KindsOf(parts_.execution.actions);
  FollowUpContext context;
  Status known =
      CheckFormat("follow-up", record.number.value, record.follow_up.format, static_cast<int>(kQuestionFormat));
  if (!known.ok()) return known.error();
  const auto json = ParseOwn(record.follow_up.json);
  if (!json.ok()) return json.error();
  auto question = parts_.tables.questions.Read(*json);
  if (!question.ok()) return question.error();
  context.question = *std::move(question);
  context.attempts = record.attempts;
  context.give_up_at = record.follow_up.give_up_at;
  context.case_number = record.follow_up.case_number.value;
  for (const ActionNumber number : record.follow_up.waiting) {
    const auto action = parts_.ledger.GetAction(number);
    if (!action.ok()) return action.error();
    auto planned = ActionOf(*action, kinds);
    if (!planned.ok()) return planned.error();
    context.waiting.push_back(*std::move(planned));
  }
  if (!IsAboutCase(context.question)) return context;
  const auto actions = parts_.ledger.ActionsOfCase(record.follow_up.case_number);
  if (!actions.ok()) return actions.error();
  for (const ActionRecord& action : *actions) {
    auto planned = ActionOf(action, kinds);
    if (!planned.ok()) return planned.error();
    const auto ended = Ended(action, parts_.ledger);
    if (!ended.ok()) return ended.error();
    context.case_actions.push_back(
        {*std::move(planned), std::string(ToString(action.state)), action.reason, *ended, action.changed_at});
  }
  return context;
}

void Handler::AskWorkflow(const FollowUpRecord& record, Job& job) const {
  const auto context = ContextOf(record);
  if (!context.ok()) {
    if (context.error().code == ErrorCode::kStorage)
      return StorageFailed(context.error(), "the ledger could not be read", job);
    return EndFollowUp(record, FollowUpState::kGivenUp, "it cannot be checked: " + context.error().ToText(), {}, job);
  }
  auto plan = PlanToAnswerNow(*context, job);
  if (!plan.ok()) return EndFollowUp(record, FollowUpState::kGivenUp, plan.error().ToText(), {}, job);
  const Answer answer = *plan->answer;
  if (answer.kind == Answer::Kind::kNotYet) {
    job.report.plans.push_back({*std::move(plan), record.follow_up.case_number, {}});
    return Snooze(record, answer.reason, job);
  }
  // Before the question ends: what a crash left unsettled is settled when it is asked again.
  if (IsAboutCase(context->question)) {
    if (const Status settled = SettleCase(record.follow_up.case_number); !settled.ok())
      return StorageFailed(settled.error(), "the ledger could not record the ends of events", job);
  }
  CarryOutAnswer(record, answer, *std::move(plan), job);
  if (job.report.ledger_failed) return;
  SettleAll(record.follow_up.waiting, context->question, job);
}

// The question as an event, which is the report's from now on, and what it leads to.
Result<Plan> Handler::PlanToAnswerNow(const FollowUpContext& context, Job& job) const {
  Event event;
  event.source = kFollowUpSource;
  event.detail_type = kFollowUpDetailType;
  event.account = context.question.matter.account;
  event.region = context.question.matter.region;
  event.origin = job.report.origin;
  const auto detail = ParseOwn(FollowUpDetail(context));
  if (!detail.ok()) return detail.error();
  event.detail = *detail;
  job.report.event = event;
  LedgerHistory history(parts_.ledger);
  Sources sources{job.work.reads(), parts_.clock.Now(), job.work.reach(), &parts_.ledger, &history};
  return MakeFollowUpPlan(event, KindsOf(parts_.execution.actions), parts_.tables.questions, sources, parts_.settings);
}

// Nothing to do yet: one line in the ledger, and the next look. Actions that were only requested are waited for now.
void Handler::Snooze(const FollowUpRecord& record, const std::string& why, Job& job) const {
  std::vector<ActionChange> changes;
  for (const ActionNumber number : record.follow_up.waiting) {
    const auto action = parts_.ledger.GetAction(number);
    if (!action.ok()) continue;
    const bool first = action->state == ActionState::kRequested || action->state == ActionState::kApplied;
    if (first) changes.push_back({number, ActionState::kWaiting, why});
  }
  const QuestionKind* kind = parts_.tables.questions.Find(record.follow_up.question);
  const FollowUpSettings& schedules = parts_.execution.follow_up;
  const Schedule& schedule = kind == nullptr ? schedules.outcome : kind->schedule(schedules);
  const TimePoint next =
      NextAsk(schedule, record.attempts, parts_.clock.Now(), record.follow_up.give_up_at, parts_.random.Uniform());
  job.report.state = EventState::kWaiting;
  job.report.reason = why + "; next check " + UntilText(next, parts_.clock.Now());
  Status snoozed = parts_.ledger.SnoozeFollowUp(record.number, next, why, changes);
  // An action that ended by another question meanwhile waits for nothing more.
  const bool moved = !snoozed.ok() && snoozed.error().code == ErrorCode::kInvalidInput && !changes.empty();
  if (moved) snoozed = parts_.ledger.SnoozeFollowUp(record.number, next, why, {});
  // Its claim ends by itself, and it rings again.
  if (!snoozed.ok()) StorageFailed(snoozed.error(), "the ledger could not record the next look", job);
}

// Recorded as an event of our own, with a plan like any other. False: the ledger could not take all of it.
bool Handler::CarryOutOwn(const NewEvent& own, Plan plan, Job& job) const {
  const auto added = parts_.ledger.AddEvent(own);
  if (!added.ok()) {
    StorageFailed(added.error(), "the ledger could not record the answer, so nothing was done", job);
    return false;
  }
  job.report.number = added->number;
  job.report.case_number = added->case_number;
  PlanRun run;
  run.plan = std::move(plan);
  run.case_number = added->case_number;
  job.runs.push_back(std::move(run));
  job.is_own = true;
  CarryOut(job);
  return !job.report.ledger_failed;
}

// An answer that leads to actions is an event of the case.
void Handler::CarryOutAnswer(const FollowUpRecord& record, const Answer& answer, Plan plan, Job& job) const {
  job.report.state = EventState::kDone;
  job.report.reason = answer.reason;
  if (plan.actions.empty()) {
    job.report.plans.push_back({std::move(plan), record.follow_up.case_number, {}});
  } else {
    NewEvent own = OwnEvent(*job.report.event, plan.matter, parts_.owner);
    own.subject = record.follow_up.subject;
    own.title = record.follow_up.question;
    own.case_number = record.follow_up.case_number;
    if (!CarryOutOwn(own, std::move(plan), job)) return;
    const ActionOutcome* failure = FailureIn(job.report.plans);
    if (failure != nullptr && parts_.clock.Now() < record.follow_up.give_up_at) {
      const std::string why = FailuresText(job.report.plans) + ": " + failure->reason;
      const EventState state = job.report.state;
      Snooze(record, why, job);
      job.report.state = state;
      return;
    }
  }
  const FollowUpState state = answer.gave_up ? FollowUpState::kGivenUp : FollowUpState::kDone;
  const auto changes = ChangesBy(answer, record.follow_up.waiting);
  if (!changes.ok()) return StorageFailed(changes.error(), "the ledger could not be read", job);
  EndFollowUp(record, state, answer.reason, *changes, job);
}

// kStorage: an action could not be read; left out, it would wait for ever.
Result<std::vector<ActionChange>> Handler::ChangesBy(const Answer& answer,
                                                     const std::vector<ActionNumber>& waiting) const {
  std::vector<ActionChange> changes;
  for (const ActionNumber number : waiting) {
    const auto action = parts_.ledger.GetAction(number);
    if (!action.ok() && action.error().code == ErrorCode::kStorage) return action.error();
    const ActionState state = StateFor(answer.kind);
    if (action.ok() && MayMove(action->state, state)) changes.push_back({number, state, answer.reason});
  }
  return changes;
}

void Handler::EndFollowUp(const FollowUpRecord& record, FollowUpState state, const std::string& why,
                          const std::vector<ActionChange>& changes, Job& job) const {
  if (!job.report.number) {
    job.report.state = EventState::kDone;
    job.report.reason = why;
    job.report.gave_up = state == FollowUpState::kGivenUp;
  }
  Batch batch;
  // An action that began to wait for it since it was read would wait for ever. (The end of a case changes no action.)
  std::optional<std::size_t> waiting;
  if (record.follow_up.question != CaseEnded::kName) waiting = record.follow_up.waiting.size();
  batch.claims.emplace_back(FollowUpIs{record.number, record.attempts, waiting});
  for (const ActionChange& change : changes) {
    // What does not fit is recorded before it: the question is asked again until its end is recorded.
    if (batch.items.size() + 1 < bounds::kCommitItems) {
      batch.items.emplace_back(change);
      continue;
    }
    const Status set = parts_.ledger.SetActionState(change.action, change.state, change.reason);
    if (!set.ok()) return StorageFailed(set.error(), "the ledger could not record the answer", job);
  }
  batch.items.emplace_back(FollowUpChange{record.number, state, why});
  const auto ended = parts_.ledger.Commit(batch);
  if (!ended.ok()) return StorageFailed(ended.error(), "the ledger could not record the answer", job);
  if (ended->recorded()) return;
  const auto now = parts_.ledger.GetFollowUp(record.number);
  if (!now.ok()) return StorageFailed(now.error(), "the ledger could not be read", job);
  // Its claim was lost: somebody else asks it.
  if (now->state != FollowUpState::kOpen || now->attempts != record.attempts) return;
  job.report.reason = "more actions wait for it now; checked again at once";
  const Status snoozed = parts_.ledger.SnoozeFollowUp(record.number, parts_.clock.Now(), job.report.reason, {});
  if (!snoozed.ok()) StorageFailed(snoozed.error(), "the ledger could not record when to ask again", job);
}

// Ledgers of version 2 named the plan by its event.
Result<std::optional<PlanRecord>> Handler::PlanHeldBy(const FollowUpRecord& record) const {
  if (record.follow_up.waiting.empty()) {
    const auto json = ParseOwn(record.follow_up.json);
    return parts_.ledger.FindPlanOf(EventNumber{json.ok() ? (*json)["plan"].Int64Or(0) : 0});
  }
  const auto action = parts_.ledger.GetAction(record.follow_up.waiting.front());
  if (!action.ok()) return action.error();
  auto plan = parts_.ledger.GetPlan(action->plan);
  if (!plan.ok()) return plan.error();
  return std::optional(*std::move(plan));
}

void Handler::EndApproval(const FollowUpRecord& record, Job& job) const {
  const auto plan = PlanHeldBy(record);
  if (!plan.ok()) return StorageFailed(plan.error(), "the ledger could not be read", job);
  std::string why = DeadlineDropped(*plan);
  const PlanState state = plan->has_value() ? (*plan)->state : PlanState::kExecuted;
  if (state == PlanState::kAwaitingApproval) {
    const auto expires = (*plan)->expires_at;
    if (expires && parts_.clock.Now() < *expires) {
      const Status snoozed = parts_.ledger.SnoozeFollowUp(record.number, *expires, "not approved yet", {});
      if (!snoozed.ok()) StorageFailed(snoozed.error(), "the ledger could not record when to ask again", job);
      return;
    }
    why = "not approved in time";
    const Status expired = EndPlan(**plan, PlanState::kExpired, why);
    if (!expired.ok())
      return StorageFailed(expired.error(), "the ledger could not record that the approval expired", job);
  } else if (state == PlanState::kApproved) {
    why = "the approved plan was carried out";
    GoOn(**plan, true, &record, job);
    if (job.report.ledger_failed || job.lost) return;
    if (const auto again = RingsAgain(record, job)) return AskAgainAt(*again, record, job);
  }
  if (const Status settled = SettleHeld(record); !settled.ok())
    return StorageFailed(settled.error(), "the ledger could not record how it ended", job);
  EndFollowUp(record, FollowUpState::kDone, why, {}, job);
}

// The actions take their way through the gates once more. One that is held again for the same reason keeps this timer.
void Handler::LetGoOn(const FollowUpRecord& record, Job& job) const {
  bool is_held = false;
  for (const ActionNumber number : ActionsHeldBy(record)) {
    const auto action = parts_.ledger.GetAction(number);
    if (!action.ok()) return StorageFailed(action.error(), "the ledger could not be read", job);
    // Another action of the plan may have brought this one along: then there is nothing to report.
    is_held = is_held || action->state == ActionState::kHeld || action->state == ActionState::kIntended;
    if (!is_held) continue;
    const auto plan = parts_.ledger.GetPlan(action->plan);
    if (!plan.ok()) return StorageFailed(plan.error(), "the ledger could not be read", job);
    if (record.follow_up.question == kOutcomeKnown) job.looks_for = {number};
    GoOn(*plan, plan->state == PlanState::kApproved, &record, job);
    if (job.report.ledger_failed || job.lost) return;
    break;  // one plan's actions share a timer only with each other
  }
  const auto again = RingsAgain(record, job);
  if (again && record.follow_up.question == kOutcomeKnown && parts_.clock.Now() >= record.follow_up.give_up_at) {
    return GiveUpOutcome(record, job);
  }
  if (again) return AskAgainAt(*again, record, job);
  if (const Status settled = SettleHeld(record); !settled.ok())
    return StorageFailed(settled.error(), "the ledger could not record how it ended", job);
  EndFollowUp(record, FollowUpState::kDone, std::string(EndOfWait(record.follow_up.question)), {}, job);
}

// Nothing more is tried: the event has failed, and its case waits for a person.
void Handler::GiveUpOutcome(const FollowUpRecord& record, Job& job) const {
  std::string why = "outcome unknown, gave up";
  for (const PlanRun& run : job.runs) {
    for (const Step& step : run.steps) {
      if (job.LooksFor(step.outcome.number)) why += ": " + step.outcome.reason;
    }
  }
  EndFollowUp(record, FollowUpState::kGivenUp, why, {}, job);
  if (job.report.ledger_failed || !job.report.number) return;
  Batch batch;
  batch.claims.emplace_back(EventIs{*job.report.number, EventState::kWaiting});
  batch.items.emplace_back(EventChange{*job.report.number, EventState::kFailed, why});
  const auto set = parts_.ledger.Commit(batch);
  if (!set.ok()) return StorageFailed(set.error(), "the ledger could not record the end of the event", job);
  job.report.state = EventState::kFailed;
  job.report.reason = why;
}

// When the timer that just rang is needed again: an action was held behind it anew, somebody else is at it, or its turn
// comes a moment later than the timer, for its wait began when it was recorded.
std::optional<TimePoint> Handler::RingsAgain(const FollowUpRecord& record, const Job& job) const {
  const std::vector<ActionNumber> waiting = ActionsHeldBy(record);
  for (const PlanRun& run : job.runs) {
    for (std::size_t i = 0; i < run.steps.size(); ++i) {
      const Step& step = run.steps[i];
      for (const NewFollowUp& wanted : step.follow_ups) {
        if (wanted.key == record.follow_up.key) return wanted.due;
      }
      const bool ours = std::find(waiting.begin(), waiting.end(), step.outcome.number) != waiting.end();
      if (!ours || step.acted) continue;
      if (step.outcome.state == ActionState::kIntended) return parts_.clock.Now() + kLease;
      if (step.is_new_state) continue;
      if (const auto turn = TurnOf(run.records[i], step.planned.after)) return turn;
    }
  }
  return std::nullopt;
}

void Handler::AskAgainAt(TimePoint time, const FollowUpRecord& record, Job& job) const {
  const Status snoozed = parts_.ledger.SnoozeFollowUp(record.number, time, job.report.reason, {});
  if (!snoozed.ok()) StorageFailed(snoozed.error(), "the ledger could not record when to ask again", job);
}

// Before the timer ends: whoever recorded how its actions went on, or that they do not, may have stopped before he
// settled their plan and event.
Status Handler::SettleHeld(const FollowUpRecord& record) const {
  std::set<std::int64_t> plans;
  for (const ActionNumber number : ActionsHeldBy(record)) {
    const auto action = parts_.ledger.GetAction(number);
    if (!action.ok() && action.error().code == ErrorCode::kStorage) return action.error();
    if (!action.ok() || !plans.insert(action->plan.value).second) continue;
    if (Status settled = SettlePlan(action->plan); !settled.ok()) return settled;
    if (Status settled = Settle(action->event); !settled.ok()) return settled;
  }
  return Ok();
}

// Several timers may let the actions of one plan go on at the same time: each sees the others' as they were before.
Status Handler::SettlePlan(PlanNumber number) const {
  const auto plan = parts_.ledger.GetPlan(number);
  if (!plan.ok()) return UnlessGone(plan.error());
  if (!MayMove(plan->state, PlanState::kExecuted)) return Ok();
  const auto actions = parts_.ledger.ActionsOf(number);
  if (!actions.ok()) return UnlessGone(actions.error());
  const auto goes_on = [](const ActionRecord& action) {
    return action.state == ActionState::kPlanned || action.state == ActionState::kIntended ||
           action.state == ActionState::kHeld;
  };
  if (std::any_of(actions->begin(), actions->end(), goes_on)) return Ok();
  Batch batch;
  batch.claims.emplace_back(PlanIs{number, plan->state});
  batch.items.emplace_back(PlanChange{number, PlanState::kExecuted, "", std::nullopt});
  // When somebody else was faster it is settled.
  const auto set = parts_.ledger.Commit(batch);
  return set.ok() ? Ok() : UnlessGone(set.error());
}

// The state of an event follows from its actions, also from those that ended after it was handled.
Status Handler::Settle(EventNumber event) const {
  const auto record = parts_.ledger.GetEvent(event);
  if (!record.ok()) return UnlessGone(record.error());
  if (record->state != EventState::kWaiting) return Ok();
  const auto actions = parts_.ledger.ActionsOf(event);
  if (!actions.ok()) return UnlessGone(actions.error());
  if (actions->empty()) return Ok();
  const auto is = [&](auto test) { return std::find_if(actions->begin(), actions->end(), test); };
  if (is([](const ActionRecord& action) { return !HasEnded(action.state); }) != actions->end()) return Ok();
  const auto failed = is([](const ActionRecord& action) { return action.state == ActionState::kFailed; });
  const EventState state = failed == actions->end() ? EventState::kDone : EventState::kFailed;
  const std::string reason = failed == actions->end() ? actions->back().reason : failed->reason;
  Batch batch;
  // When somebody else was faster it is settled.
  batch.claims.emplace_back(EventIs{event, EventState::kWaiting});
  batch.items.emplace_back(EventChange{event, state, reason});
  const auto set = parts_.ledger.Commit(batch);
  return set.ok() ? Ok() : UnlessGone(set.error());
}

void Handler::TellUnsettled(const Status& settled, EventNumber event) const {
  if (!settled.ok()) parts_.log.Failure("end of event not recorded", settled.error(), {{"event", event.value}});
}

Status Handler::SettleCase(CaseNumber case_number) const {
  const auto actions = parts_.ledger.ActionsOfCase(case_number);
  if (!actions.ok()) return UnlessGone(actions.error());
  std::set<std::int64_t> events;
  for (const ActionRecord& action : *actions) events.insert(action.event.value);
  for (const std::int64_t event : events) {
    if (Status settled = Settle(EventNumber{event}); !settled.ok()) return settled;
  }
  return Ok();
}

void Handler::SettleAll(const std::vector<ActionNumber>& answered, const Question& question, const Job& job) const {
  std::set<std::int64_t> cases;
  std::set<std::int64_t> events;
  for (const ActionNumber number : answered) {
    const auto action = parts_.ledger.GetAction(number);
    if (!action.ok()) continue;
    if (events.insert(action->event.value).second) TellUnsettled(Settle(action->event), action->event);
    cases.insert(action->case_number.value);
  }
  if (IsAboutCase(question)) return;
  for (const std::int64_t number : cases) LookForEndOf(CaseNumber{number}, question.matter, job);
}

// Something of the case has ended: see at once whether it was the last thing.
void Handler::LookForEndOf(CaseNumber case_number, const Matter& matter, const Job& job) const {
  NewFollowUp look = job.executor.AskLater({CaseEnded{}, matter}, case_number);
  const auto open = parts_.ledger.FindOpenFollowUp(look.key);
  if (!open.ok() || !open->has_value()) return;
  look.due = parts_.clock.Now();
  Batch batch;
  // Whoever ends it in between has seen that: it is not made anew.
  batch.claims.emplace_back(FollowUpIs{(*open)->number, (*open)->attempts});
  batch.items.emplace_back(std::move(look));
  const auto added = parts_.ledger.Commit(batch);
  if (!added.ok()) parts_.log.Failure("end of case not looked for", added.error(), {{"case", case_number.value}});
}

}  // namespace sallyport
