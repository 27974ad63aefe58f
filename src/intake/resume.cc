// SPDX-License-Identifier: Apache-2.0
//
// Going on: what a crash left behind, what a person approved, what is to be decided anew.
#include <algorithm>

#include "base/bounds.h"
#include "event/parse.h"
#include "intake/handle.h"
#include "intake/plan_record.h"

namespace sallyport {
namespace {

// Events of one crash are few; whoever left more behind gets the rest at the next start.
constexpr std::size_t kMostRecovered = 1'000;

// Long after an approved plan was carried out, if nothing stopped it.
constexpr Duration kApprovedGoesOn = std::chrono::minutes(10);

Result<Event> EventOf(const EventRecord& record) {
  if (record.event.body.empty()) {
    return Error{ErrorCode::kNotFound,
                 "the ledger does not hold the text of event " + std::to_string(record.number.value) +
                     " (it could not be read, was too large, or retention removed it)",
                 "deliver the event again"};
  }
  const auto arrivals = ParseDocument(record.event.body, "event " + std::to_string(record.number.value));
  return arrivals.front().event;
}

Result<Plan> PlanOf(const PlanRecord& record) {
  const auto json = Json::Parse(record.json, bounds::kAnswerBytes);
  if (!json.ok()) return json.error().In("plan " + std::to_string(record.number.value));
  return PlanFromJson(*json);
}

// Whether the plan that would be made now still holds this action, exactly.
bool StillDecided(const PlannedAction& approved, const Plan& now) {
  return std::any_of(now.actions.begin(), now.actions.end(), [&](const PlannedAction& planned) {
    return planned.key == approved.key && planned.hosts == approved.hosts &&
           ActionToJson(planned.action) == ActionToJson(approved.action);
  });
}

}  // namespace

Result<EventReport> Handler::Replay(EventNumber event) {
  const auto record = parts_.ledger.GetEvent(event);
  if (!record.ok()) return record.error();
  if (record->event.source == kFollowUpSource) {
    return Error{
        ErrorCode::kInvalidInput,
        "event " + std::to_string(event.value) + " is a follow-up of case " + std::to_string(record->case_number.value),
        "replay the case instead; follow-ups ring by themselves"};
  }
  const auto parsed = EventOf(*record);
  if (!parsed.ok()) return parsed.error();
  return Report("replay of event " + std::to_string(event.value), [&](EventReport& report) {
    NewEvent again = record->event;
    again.origin = report.origin;
    again.case_number = record->case_number;
    again.owner = parts_.owner;
    const auto added = parts_.ledger.AddEvent(again);
    if (!added.ok())
      return StorageFailed(added.error(), "the ledger could not record the event, so nothing was done", report);
    report.number = added->number;
    report.case_number = added->case_number;
    HandleRecorded({report.origin, "", *parsed}, report);
  });
}

std::vector<EventReport> Handler::Recover() {
  std::vector<EventReport> reports;
  // A rehearsal leaves the real thing alone.
  if (parts_.executor.dry_run()) return reports;
  const auto left = parts_.ledger.ClaimUnfinished(parts_.owner, parts_.still_runs, kMostRecovered);
  if (!left.ok()) {
    parts_.log.Failure("what was left behind could not be read", left.error());
    return reports;
  }
  for (const EventRecord& record : *left) {
    reports.push_back(Report(record.event.origin, [&](EventReport& report) { Continue(record, report); }));
  }
  return reports;
}

void Handler::Continue(const EventRecord& record, EventReport& report) {
  report.number = record.number;
  report.case_number = record.case_number;
  const auto plan = parts_.ledger.FindPlanOf(record.number);
  if (!plan.ok()) return StorageFailed(plan.error(), "the ledger could not be read", report);
  if (plan->has_value()) return ContinuePlan(**plan, (*plan)->state == PlanState::kApproved, report);
  if (record.event.source == kFollowUpSource) {
    return Finish(report, EventState::kDone, "stopped before it was planned; its question is asked again");
  }
  const auto event = EventOf(record);
  if (!event.ok()) return Finish(report, EventState::kFailed, event.error().ToText());
  HandleRecorded({record.event.origin, "", *event}, report);
}

void Handler::ContinuePlan(const PlanRecord& record, bool approved, EventReport& report) {
  auto plan = PlanOf(record);
  if (!plan.ok()) return Finish(report, EventState::kFailed, plan.error().ToText());
  report.plan = *std::move(plan);
  if (const Status whole = RecordMissingActions(record, *report.plan); !whole.ok()) {
    return StorageFailed(whole.error(), "the ledger could not record the plan", report);
  }
  const auto actions = parts_.ledger.ActionsOf(record.number);
  if (!actions.ok()) return StorageFailed(actions.error(), "the ledger could not be read", report);
  if (actions->size() != report.plan->actions.size()) {
    return Finish(report, EventState::kFailed, "the ledger holds another number of actions than the plan");
  }
  if (!AskPlanned(report)) return;
  report.outcomes = parts_.executor.Resume({record.event, record.case_number, *report.plan, approved}, *actions);
  Conclude(report);
}

// A plan with more actions than one commit takes is recorded in several: a crash between them left some out.
Status Handler::RecordMissingActions(const PlanRecord& record, const Plan& plan) {
  const auto actions = parts_.ledger.ActionsOf(record.number);
  if (!actions.ok()) return actions.error();
  const bool some_missing = static_cast<int>(actions->size()) < record.all_actions &&
                            record.all_actions == static_cast<int>(plan.actions.size());
  if (!some_missing) return Ok();
  std::vector<ActionNumber> recorded;
  recorded.reserve(actions->size());
  for (const ActionRecord& action : *actions) recorded.push_back(action.number);
  const auto all = parts_.ledger.AddMissingActions(record.number, std::move(recorded), PlanForLedger(plan).actions);
  return all.ok() ? Ok() : Status(all.error());
}

Result<EventReport> Handler::Approve(std::string_view digest, const std::string& by) {
  const auto record = parts_.ledger.FindPlan(digest);
  if (!record.ok()) return record.error();
  const std::string name = "plan " + record->digest.substr(0, 12);
  if (record->state != PlanState::kAwaitingApproval) {
    return Error{ErrorCode::kInvalidInput,
                 name + " does not wait for an approval: it is " + std::string(ToString(record->state)),
                 "sallyport plans list shows those that wait"};
  }
  if (record->expires_at && parts_.clock.Now() >= *record->expires_at) {
    const Status ended = EndPlan(*record, PlanState::kExpired, "nobody approved it in time");
    if (!ended.ok()) return ended.error();
    return Error{ErrorCode::kInvalidInput, name + " expired at " + FormatTime(*record->expires_at),
                 "sallyport ledger replay " + std::to_string(record->event.value) + " plans anew"};
  }
  const auto event_record = parts_.ledger.GetEvent(record->event);
  if (!event_record.ok()) return event_record.error();
  const auto event = EventOf(*event_record);
  if (!event.ok()) return event.error();
  const auto approved = PlanOf(*record);
  if (!approved.ok()) return approved.error();
  const auto actions = parts_.ledger.ActionsOf(record->number);
  if (!actions.ok()) return actions.error();

  Sources sources{parts_.swp, parts_.clock.Now(), parts_.reach};
  const Workflow* workflow = FindWorkflow(*event);
  const auto now = workflow == nullptr ? Result<Plan>(Error{ErrorCode::kInternal, "no workflow makes such plans", ""})
                                       : workflow->make_plan(*event, sources, parts_.settings);
  if (!now.ok()) return now.error().In("the plan could not be made anew, so it is not carried out");
  for (std::size_t i = 0; i < approved->actions.size() && i < actions->size(); ++i) {
    if ((*actions)[i].state != ActionState::kHeld || StillDecided(approved->actions[i], *now)) continue;
    const std::string why = "the world has moved since the plan was made: `" + Describe(approved->actions[i].action) +
                            "` would not be decided in the same way now";
    const Status ended = EndPlan(*record, PlanState::kOutdated, why);
    if (!ended.ok()) return ended.error();
    std::string told = name;
    told += " is not carried out: ";
    told += why;
    return Error{ErrorCode::kRefused, std::move(told),
                 "sallyport ledger replay " + std::to_string(record->event.value) + " plans anew"};
  }
  const Status held = RingSoonAfterApproval(record->number);
  if (!held.ok()) return held.error();
  const Status set =
      parts_.ledger.SetPlanState(record->number, PlanState::kApproved, "approved by " + by, std::nullopt);
  if (!set.ok()) return set.error();
  return Report("approval of " + name, [&](EventReport& report) {
    report.number = record->event;
    report.case_number = record->case_number;
    ContinuePlan(*record, true, report);
  });
}

// An approval that stops halfway is taken up by the timer that would have ended the wait.
Status Handler::RingSoonAfterApproval(PlanNumber plan) {
  const auto timer = parts_.ledger.FindOpenFollowUp(std::string(kApprovalExpires) + "/" + std::to_string(plan.value));
  if (!timer.ok()) return timer.error();
  if (!timer->has_value()) return Ok();
  return parts_.ledger.SnoozeFollowUp((*timer)->number, parts_.clock.Now() + kApprovedGoesOn, "somebody approves it",
                                      {});
}

Status Handler::Reject(std::string_view digest, const std::string& by, const std::string& why) {
  const auto record = parts_.ledger.FindPlan(digest);
  if (!record.ok()) return record.error();
  if (record->state != PlanState::kAwaitingApproval) {
    return Error{ErrorCode::kInvalidInput,
                 "plan " + record->digest.substr(0, 12) + " does not wait for an approval: it is " +
                     std::string(ToString(record->state)),
                 "sallyport plans list shows those that wait"};
  }
  return EndPlan(*record, PlanState::kRejected, "rejected by " + by + (why.empty() ? "" : ": " + why));
}

// The plan will not be carried out: those of its actions that waited for it are refused. The plan is ended last: while
// it waits, its timer or the same command ends what a crash left.
Status Handler::EndPlan(const PlanRecord& plan, PlanState state, const std::string& why) {
  const auto actions = parts_.ledger.ActionsOf(plan.number);
  if (!actions.ok()) return actions.error();
  for (const ActionRecord& action : *actions) {
    const bool waits = action.state == ActionState::kHeld && action.held_by == "approval";
    if (!waits) continue;
    Status refused =
        parts_.ledger.SetActionState(action.number, ActionState::kRefused, std::string(ToString(state)) + ": " + why);
    if (!refused.ok()) return refused;
  }
  Status set = parts_.ledger.SetPlanState(plan.number, state, why, std::nullopt);
  if (!set.ok()) return set;
  Settle(plan.event);
  return Ok();
}

}  // namespace sallyport
