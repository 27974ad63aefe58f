// SPDX-License-Identifier: Apache-2.0
//
// Going on: what a crash left behind, what a person approved, what is to be decided anew.
#include <algorithm>

#include "base/bounds.h"
#include "event/parse.h"
#include "gates/targets.h"
#include "intake/handle.h"
#include "intake/operator.h"
#include "intake/plan_record.h"
#include "ledger/rehearsal.h"

namespace sallyport {
namespace {

// Events of one crash are few; whoever left more behind gets the rest at the next start.
constexpr std::size_t kMostRecovered = 1'000;

// Long after an approved plan was carried out, if nothing stopped it.
constexpr Duration kApprovedGoesOn = std::chrono::minutes(10);

// Bodies are written with their envelope.
Result<Event> EventOf(const EventRecord& record) {
  if (record.event.body.empty()) {
    return Error{ErrorCode::kNotFound,
                 "the ledger does not hold the text of event " + std::to_string(record.number.value) +
                     " (it could not be read, was too large, or retention removed it)",
                 "deliver the event again"};
  }
  const auto arrivals = ParseDocument(record.event.body, "event " + std::to_string(record.number.value), {});
  return arrivals.front().event;
}

Error NotAwaited(const PlanRecord& record) {
  return Error{
      ErrorCode::kInvalidInput,
      "plan " + record.digest.substr(0, 12) + " does not await approval: it is " + std::string(ToString(record.state)),
      "list those that do: sallyport plans list"};
}

// The action of the plan made now that the approved one still is; nullptr: it would not be decided in the same way.
const PlannedAction* FindStillApproved(const PlannedAction& approved, const Plan& now) {
  const auto same = [&](const PlannedAction& planned) { return IsStillApproved(approved, planned); };
  const auto found = std::find_if(now.actions.begin(), now.actions.end(), same);
  return found == now.actions.end() ? nullptr : &*found;
}

}  // namespace

Result<EventReport> Handler::Replay(EventNumber event) const {
  const auto record = parts_.ledger.GetEvent(event);
  if (!record.ok()) return record.error();
  if (record->event.source == kFollowUpSource || record->event.source == kOperatorSource ||
      record->event.source == kMessagesSource) {
    return Error{ErrorCode::kInvalidInput,
                 "event " + std::to_string(event.value) + " is one of Sallyport's own in case " +
                     std::to_string(record->case_number.value),
                 "sallyport cases retry " + std::to_string(record->case_number.value) +
                     " decides about the case again; follow-ups run automatically"};
  }
  const auto parsed = EventOf(*record);
  if (!parsed.ok()) return parsed.error();
  return Report("replay of event " + std::to_string(event.value), std::nullopt, [&](Job& job) {
    NewEvent again = record->event;
    again.origin = job.report.origin;
    again.case_number = record->case_number;
    again.owner = parts_.owner;
    const auto added = parts_.ledger.AddEvent(again);
    if (!added.ok())
      return StorageFailed(added.error(), "the ledger could not record the event, so nothing was done", job);
    job.report.number = added->number;
    job.report.case_number = added->case_number;
    const Arrival arrival{job.report.origin, "", *parsed};
    // A rehearsal has no part in the real cases.
    const std::vector<CaseNumber>& cases = IsRehearsed(added->number) ? added->cases : record->cases;
    HandleRecorded(arrival, ForCases(PlansFor(arrival), cases), cases, job);
  });
}

Result<EventReport> Handler::Retry(CaseNumber number) const {
  const auto shown = parts_.ledger.ShowWithoutHistory(number);
  if (!shown.ok()) return shown.error();
  const CaseRecord& record = shown->record;
  const std::string name = "case " + std::to_string(record.number.value);
  if (record.outcome == "settled") {
    return Error{ErrorCode::kRefused, name + " is closed (settled): nothing is tried again",
                 "sallyport ledger replay EVENT decides about one of its events all the same"};
  }
  const auto is_trigger = [](const EventRecord& event) {
    const std::string& source = event.event.source;
    const bool is_ours = source == kFollowUpSource || source == kOperatorSource || source == kMessagesSource;
    return !is_ours && source != kEvidenceSource && event.state != EventState::kDuplicate &&
           event.state != EventState::kUnreadable;
  };
  for (auto update = shown->updates.rbegin(); update != shown->updates.rend(); ++update) {
    if (is_trigger(*update)) return Replay(update->number);
  }
  if (is_trigger(shown->event)) return Replay(shown->event.number);
  return Error{ErrorCode::kInvalidInput, name + " has no event that could be decided again", ""};
}

std::vector<EventReport> Handler::Recover(std::optional<TimePoint> stop_at) const {
  std::vector<EventReport> reports;
  // A rehearsal leaves the real thing alone.
  if (parts_.execution.dry_run) return reports;
  const auto left = ClaimLeft();
  if (!left.ok()) return reports;
  for (const EventRecord& record : *left) {
    reports.push_back(Report(record.event.origin, stop_at, [&](Job& job) { Continue(record, job); }));
  }
  TellRecentCases(stop_at);
  return reports;
}

std::vector<EventReport> Handler::CatchUp(std::optional<TimePoint> stop_at) const {
  std::vector<EventReport> reports;
  if (!left_->empty()) reports = Recover(stop_at);
  TellUntold(stop_at);
  return reports;
}

// What others left behind, and this process itself.
Result<std::vector<EventRecord>> Handler::ClaimLeft() const {
  auto left = parts_.ledger.ClaimUnfinished(parts_.owner, parts_.still_runs, kMostRecovered);
  if (!left.ok()) {
    parts_.log.Failure("what was left behind could not be read", left.error());
    return left;
  }
  for (const EventNumber number : left_->TakeAll()) {
    const auto is_it = [number](const EventRecord& record) { return record.number == number; };
    if (std::any_of(left->begin(), left->end(), is_it)) continue;
    auto own = parts_.ledger.GetEvent(number);
    if (!own.ok()) {
      left_->Add(number);
    } else if (!HasEnded(own->state)) {
      left->push_back(*std::move(own));
    }
  }
  return left;
}

// A repetition of an event that this process could not bring to its end: it is, now. False: it is no such event.
bool Handler::ContinueOwn(EventNumber event, const std::string& why, Job& job) const {
  if (!left_->Take(event)) return false;
  const auto record = parts_.ledger.GetEvent(event);
  if (!record.ok()) {
    left_->Add(event);
    StorageFailed(record.error(), "the ledger could not be read", job);
    return true;
  }
  if (HasEnded(record->state)) return false;
  Finish(job, EventState::kDuplicate, why + "; its unfinished actions go on");
  if (job.report.ledger_failed) {
    left_->Add(event);
  } else {
    Continue(*record, job);
  }
  return true;
}

// A delivery with a token is a repetition of `event`: what of that is unfinished goes on with the token. False: nothing
// of it waits, or somebody else is at it.
bool Handler::GoOnWithToken(EventNumber event, const std::string& why, Job& job) const {
  const auto earlier = parts_.ledger.GetEvent(event);
  if (!earlier.ok()) {
    StorageFailed(earlier.error(), "the ledger could not be read", job);
    return true;
  }
  if (earlier->state == EventState::kWaiting) return GoOnWaiting(*earlier, why, job);
  if (HasEnded(earlier->state)) return false;
  const EventNumber own = *job.report.number;
  const auto left = ClaimLeft();
  if (!left.ok()) return false;
  bool is_ours = false;
  for (const EventRecord& record : *left) {
    if (record.number == own) continue;
    if (record.number == event) {
      is_ours = true;
      Finish(job, EventState::kDuplicate, why + "; its unfinished actions go on");
      if (!job.report.ledger_failed) Continue(record, job);
      continue;
    }
    // They were left behind as well, and are claimed now.
    const EventReport other =
        Report(record.event.origin, job.stop_at, [&](Job& of_other) { Continue(record, of_other); });
    job.work.log().Info("brought to its end for one that was gone", {{"reason", other.reason}});
  }
  return is_ours;
}

bool Handler::GoOnWaiting(const EventRecord& earlier, const std::string& why, Job& job) const {
  const auto plans = parts_.ledger.PlansOf(earlier.number);
  if (!plans.ok()) {
    StorageFailed(plans.error(), "the ledger could not be read", job);
    return true;
  }
  for (const PlanRecord& plan : *plans) {
    if (plan.state != PlanState::kPlanned && plan.state != PlanState::kApproved) continue;
    auto run = LoadRun(plan);
    if (!run.ok()) return false;
    for (const ActionRecord& action : run->records) {
      // What may still be under way is left to its question; what cannot arrive any more may be asked for with the
      // token.
      const bool is_over = parts_.clock.Now() - action.changed_at >= parts_.execution.may_arrive;
      if (action.state == ActionState::kIntended && is_over) job.looks_for.push_back(action.number);
    }
    job.runs.push_back(*std::move(run));
  }
  if (job.runs.empty()) return false;
  Finish(job, EventState::kDuplicate, why + "; its waiting actions go on");
  if (job.report.ledger_failed) return true;
  job.report.number = earlier.number;
  job.report.case_number = earlier.case_number;
  GoOn(nullptr, job);
  return true;
}

// The plans that are recorded go on; those that the event leads to and that are not are made now.
void Handler::Continue(const EventRecord& record, Job& job) const {
  job.report.number = record.number;
  job.report.case_number = record.case_number;
  job.recovers = true;
  const auto plans = parts_.ledger.PlansOf(record.number);
  if (!plans.ok()) return StorageFailed(plans.error(), "the ledger could not be read", job);
  const bool is_ours = record.event.source == kFollowUpSource || record.event.source == kMessagesSource;
  if (plans->empty() && is_ours) {
    return Finish(
        job, EventState::kDone,
        "interrupted before it was planned; nothing done. An open follow-up is checked again; a command of an "
        "operator is not repeated");
  }
  for (const PlanRecord& plan : *plans) {
    auto run = LoadRun(plan);
    if (!run.ok()) return Finish(job, EventState::kFailed, run.error().ToText());
    job.runs.push_back(*std::move(run));
  }
  if (is_ours) return CarryOut(job);
  const auto event = EventOf(record);
  // What was decided goes on also when the text is gone.
  if (!event.ok() && plans->empty()) return Finish(job, EventState::kFailed, event.error().ToText());
  if (!event.ok()) return CarryOut(job);
  const Arrival arrival{record.event.origin, "", *event};
  const ToMake to_make = ForCases(PlansFor(arrival), record.cases);
  if (plans->empty() || !to_make.ok()) return HandleRecorded(arrival, to_make, record.cases, job);
  job.report.event = *event;
  std::vector<PlanToMake> missing;
  std::vector<CaseNumber> cases;
  for (std::size_t i = 0; i < to_make->size(); ++i) {
    const PlanToMake& one = (*to_make)[i];
    const bool made = std::any_of(job.runs.begin(), job.runs.end(), [&](const PlanRun& run) {
      return run.plan.workflow == one.workflow->name &&
             (run.plan.matter.subject == one.matter.subject || to_make->size() == 1);
    });
    if (made) continue;
    missing.push_back(one);
    cases.push_back(i < record.cases.size() ? record.cases[i] : record.case_number);
  }
  if (MakePlans(*event, missing, cases, job)) CarryOut(job);
}

Result<Handler::PlanRun> Handler::LoadRun(const PlanRecord& record) const {
  PlanRun run;
  auto plan = PlanOf(record, KindsOf(parts_.execution.actions), parts_.tables.questions);
  if (!plan.ok()) return plan.error();
  run.plan = *std::move(plan);
  run.case_number = record.case_number;
  run.number = record.number;
  run.digest = record.digest;
  run.state = record.state;
  run.approved = record.state == PlanState::kApproved;
  run.answers = AnsweredBy(record);
  auto actions = parts_.ledger.ActionsOf(record.number);
  if (!actions.ok()) return actions.error();
  if (actions->size() > run.plan.actions.size()) {
    return Error{ErrorCode::kInternal, "the ledger holds more actions than plan " + std::to_string(record.number.value),
                 ""};
  }
  run.records = *std::move(actions);
  return run;
}

// One plan of an event goes on: it was approved, or what held one of its actions up is over.
void Handler::GoOn(const PlanRecord& record, bool approved, const FollowUpRecord* ringing, Job& job) const {
  job.report.number = record.event;
  job.report.case_number = record.case_number;
  auto run = LoadRun(record);
  if (!run.ok()) {
    job.report.state = EventState::kFailed;
    job.report.reason = run.error().ToText();
    job.work.log().Failure("plan cannot go on", run.error(), {{"plan", record.number.value}});
    return;
  }
  run->approved = run->approved || approved;
  job.runs.push_back(*std::move(run));
  GoOn(ringing, job);
}

// The same with the plans of the job. How their event ends follows from all of its actions, those of other plans too.
void Handler::GoOn(const FollowUpRecord* ringing, Job& job) const {
  job.is_part = true;
  if (!RecordPlans(job, ringing)) return;
  for (PlanRun& run : job.runs) job.executor.CarryOut(InHand(job, run), run.steps);
  const Conclusion end = ConclusionOf(job.runs);
  job.report.state = end.state;
  job.report.reason = end.reason;
  if (RecordOutcomes(job, std::nullopt)) {
    for (const PlanRun& run : job.runs) TellUnsettled(SettlePlan(run.number), *job.report.number);
    TellUnsettled(Settle(*job.report.number), *job.report.number);
  }
  TellReport(job);
}

Result<EventReport> Handler::Approve(std::string_view digest, const std::string& by) const {
  const auto record = parts_.ledger.FindPlan(digest);
  if (!record.ok()) return record.error();
  const std::string name = "plan " + record->digest.substr(0, 12);
  if (record->state != PlanState::kAwaitingApproval) return NotAwaited(*record);
  if (record->expires_at && parts_.clock.Now() >= *record->expires_at) {
    const Status ended = EndPlan(*record, PlanState::kExpired, "not approved in time");
    if (!ended.ok()) return ended.error();
    TellAlone(record->case_number, std::nullopt);
    return Error{ErrorCode::kInvalidInput, name + " expired at " + TimeText(*record->expires_at),
                 "plan again: sallyport ledger replay " + std::to_string(record->event.value)};
  }
  const auto run = LoadRun(*record);
  if (!run.ok()) return run.error();
  const auto event_record = parts_.ledger.GetEvent(record->event);
  if (!event_record.ok()) return event_record.error();
  const auto now = PlanNow(*event_record, run->plan);
  if (!now.ok()) return now.error().In("the plan could not be made again, so it was not carried out");
  const auto outdated = EndOutdated(*run, *now);
  if (!outdated.ok()) return outdated.error().In(name + " not carried out");
  if (*outdated == Outdated::kAll) {
    const std::string why = "facts changed since it was made, and Sallyport would no longer plan any of its actions";
    const Status ended = EndPlan(*record, PlanState::kOutdated, why);
    if (!ended.ok()) return ended.error();
    TellAlone(record->case_number, std::nullopt);
    return Error{ErrorCode::kRefused, name + " not carried out: " + why,
                 "plan again: sallyport ledger replay " + std::to_string(record->event.value)};
  }
  const Status held = RingSoonAfterApproval(*record);
  if (!held.ok()) return held.error();
  const Status set =
      parts_.ledger.SetPlanState(record->number, PlanState::kApproved, "approved by " + by, std::nullopt);
  if (!set.ok()) return set.error();
  auto approved = parts_.ledger.GetPlan(record->number);
  if (!approved.ok()) return approved.error();
  return Report("approval of " + name, std::nullopt, [&](Job& job) { GoOn(*approved, true, nullptr, job); });
}

// Approval is per action: what would not be decided in the same way now is refused by itself.
Result<Handler::Outdated> Handler::EndOutdated(const PlanRun& run, const Plan& now) const {
  std::size_t held = 0;
  std::vector<ActionChange> changes;
  std::string left_alone;
  bool any_goes_on = false;
  for (std::size_t i = 0; i < run.records.size(); ++i) {
    const ActionRecord& record = run.records[i];
    if (!IsHeldForPerson(record.state, record.held_by)) continue;
    ++held;
    const PlannedAction& approved = run.plan.actions[i];
    if (const PlannedAction* again = FindStillApproved(approved, now)) {
      const SortedTargets sorted = SortTargets(parts_.execution.gates, TargetsOf(again->action).hosts);
      any_goes_on = any_goes_on || sorted.AllFree();
      if (!sorted.AllFree()) left_alone = Describe(again->action) + ": " + LeftAloneText(sorted);
      continue;
    }
    // What could not be read now has not moved.
    if (now.decision == Decision::kUndetermined || now.HasUndetermined()) {
      return Error{
          ErrorCode::kUnavailable,
          "undetermined whether `" + Describe(approved.action) + "` would still be planned: " + now.FirstUndetermined(),
          "approve again when that can be read; the plan awaits approval until then"};
    }
    changes.push_back({record.number, ActionState::kRefused,
                       "outdated: facts changed since the plan was made, and Sallyport would no longer plan: " +
                           Describe(approved.action),
                       record.held_by});
  }
  if (changes.size() == held && held > 0) return Outdated::kAll;
  // A yes cannot move hosts apart: the plan goes on waiting until somebody has.
  if (!any_goes_on && !left_alone.empty()) {
    return Error{ErrorCode::kRefused, left_alone, "give these hosts another SWP policy, then approve again"};
  }
  for (const ActionChange& change : changes) {
    const auto refused = parts_.ledger.Commit({{}, {change}});
    if (!refused.ok()) return refused.error();
  }
  return Outdated::kSome;
}

Result<Plan> Handler::PlanNow(const EventRecord& record, const Plan& approved) const {
  const auto event = EventOf(record);
  if (!event.ok()) return event.error();
  const std::unique_ptr<Work> look = parts_.begin_work(std::nullopt);
  LedgerHistory history(parts_.ledger);
  Sources sources{look->facts(), parts_.clock.Now(), look->reach(), &parts_.ledger, &history};
  // A plan that answers a question is made of it again.
  if (event->source == kFollowUpSource)
    return MakeFollowUpPlan(*event, KindsOf(parts_.execution.actions), parts_.tables.questions, sources,
                            parts_.settings);
  const auto plans = PlansFor({event->origin, "", *event});
  if (!plans.ok()) return plans.error();
  const PlanToMake* to_make = FindPlanToMake(*plans, approved.workflow, approved.matter);
  if (to_make == nullptr) {
    return Error{ErrorCode::kInvalidInput, "no workflow makes this plan of the event now", ""};
  }
  return to_make->workflow->make_plan(*event, to_make->matter, sources, parts_.settings);
}

// An approval that stops halfway is taken up by the timer that would have ended the wait.
Status Handler::RingSoonAfterApproval(const PlanRecord& plan) const {
  // Ledgers of version 2 knew a plan by its event.
  for (const std::string& key :
       {ApprovalKey(plan.event, plan.digest), std::string(kApprovalExpires) + "/" + std::to_string(plan.event.value)}) {
    const auto timer = parts_.ledger.FindOpenFollowUp(key);
    if (!timer.ok()) return timer.error();
    if (!timer->has_value()) continue;
    return parts_.ledger.SnoozeFollowUp((*timer)->number, parts_.clock.Now() + kApprovedGoesOn, "it was approved", {});
  }
  return Ok();
}

// The timer brings to its end what could not be recorded: only where nothing is left does nobody wait for it to ring.
void Handler::EndApprovalTimer(const PlanRecord& plan, const std::string& why) const {
  if (!Settle(plan.event).ok()) return;
  const auto timer = parts_.ledger.FindOpenFollowUp(ApprovalKey(plan.event, plan.digest));
  if (!timer.ok() || !timer->has_value()) return;
  TellUnsettled(parts_.ledger.EndFollowUp((*timer)->number, FollowUpState::kDone, why, {}), plan.event);
}

Status Handler::Reject(std::string_view digest, const std::string& by, const std::string& why) const {
  const auto record = parts_.ledger.FindPlan(digest);
  if (!record.ok()) return record.error();
  if (record->state != PlanState::kAwaitingApproval) return NotAwaited(*record);
  const std::string said = "rejected by " + by + (why.empty() ? "" : ": " + why);
  Status ended = EndPlan(*record, PlanState::kRejected, said);
  if (ended.ok()) EndApprovalTimer(*record, said);
  TellAlone(record->case_number, std::nullopt);
  return ended;
}

// The plan will not be carried out: those of its actions that waited for it are refused. The plan is ended last: while
// it waits, its timer or the same command ends what a crash left.
Status Handler::EndPlan(const PlanRecord& plan, PlanState state, const std::string& why) const {
  const auto actions = parts_.ledger.ActionsOf(plan.number);
  if (!actions.ok()) return actions.error();
  for (const ActionRecord& action : *actions) {
    if (!IsHeldForPerson(action.state, action.held_by)) continue;
    const auto refused =
        parts_.ledger.Commit({{},
                              {ActionChange{action.number, ActionState::kRefused,
                                            std::string(ToString(state)) + ": " + why, action.held_by}}});
    if (!refused.ok()) return refused.error();
  }
  Status set = parts_.ledger.SetPlanState(plan.number, state, why, std::nullopt);
  if (!set.ok()) return set;
  TellUnsettled(Settle(plan.event), plan.event);
  return Ok();
}

}  // namespace sallyport
