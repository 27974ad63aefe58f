// SPDX-License-Identifier: Apache-2.0
#include "ledger/move.h"
#include "ledger/query.h"
#include "ledger/records.h"
#include "ledger/write.h"

namespace sallyport {
namespace {

using sqlite::Database;

Status CheckHasNoPlan(const Database& database, EventNumber event) {
  auto earlier = database.Prepare("SELECT 1 FROM plan WHERE event = ?");
  if (!earlier) return earlier.error();
  earlier->Bind(event.value);
  const Result<bool> planned = earlier->Step();
  if (!planned) return planned.error();
  if (!*planned) return Ok();
  return Error{ErrorCode::kInvalidInput, "event " + std::to_string(event.value) + " has a plan already",
               "a new decision needs a new event"};
}

Status InsertPlanRows(Database& database, TimePoint now, EventNumber event, const NewPlan& plan) {
  {
    auto statement = database.Prepare("INSERT INTO plan (event, workflow, digest, json) VALUES (?, ?, ?, ?)");
    if (!statement) return statement.error();
    statement->Bind(event.value).Bind(plan.workflow).Bind(plan.digest).Bind(plan.json);
    if (Status inserted = statement->Run(); !inserted) return inserted;
  }
  auto statement = database.Prepare("INSERT INTO plan_state (event, state, reason, changed_at) VALUES (?, ?, '', ?)");
  if (!statement) return statement.error();
  statement->Bind(event.value).Bind(ToString(PlanState::kPlanned)).Bind(ToEpochMilliseconds(now));
  if (Status inserted = statement->Run(); !inserted) return inserted;
  return Tell(database, now, RecordKind::kPlan, event.value, "");
}

Result<ActionNumber> InsertAction(Database& database, TimePoint now, EventNumber event, const NewAction& action) {
  const Result<std::int64_t> number = NextNumber(database, "action");
  if (!number) return number.error();
  auto statement = database.Prepare(
      "INSERT INTO action (number, event, key, kind, what, subject, severity, json, state, reason, changed_at)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?)");
  if (!statement) return statement.error();
  statement->Bind(*number)
      .Bind(event.value)
      .Bind(action.key)
      .Bind(action.kind)
      .Bind(action.what)
      .Bind(action.subject)
      .Bind(action.severity)
      .Bind(action.json)
      .Bind(ToString(ActionState::kPlanned))
      .Bind(ToEpochMilliseconds(now));
  if (Status inserted = statement->Run(); !inserted) return inserted.error();
  if (Status told = Tell(database, now, RecordKind::kAction, *number, ""); !told) return told.error();
  return ActionNumber{*number};
}

Status CheckPlanMove(const Database& database, EventNumber event, PlanState state) {
  auto before = database.Prepare("SELECT state FROM plan_state WHERE event = ?");
  if (!before) return before.error();
  before->Bind(event.value);
  const Result<bool> found = before->Step();
  if (!found) return found.error();
  if (!*found) return NoSuch(database, "plan of event", event.value);
  const std::string is = before->Text(0);
  return CheckMove(database, "the plan of event", event.value, is, PlanStateFromString(is), state);
}

struct ActionBefore {
  EventNumber event;
  std::string state;
};

Result<ActionBefore> SelectBefore(const Database& database, ActionNumber action) {
  auto before = database.Prepare("SELECT event, state FROM action WHERE number = ?");
  if (!before) return before.error();
  before->Bind(action.value);
  const Result<bool> found = before->Step();
  if (!found) return found.error();
  if (!*found) return NoSuch(database, "action", action.value);
  return ActionBefore{EventNumber{before->Int(0)}, before->Text(1)};
}

}  // namespace

Result<std::vector<ActionNumber>> InsertPlan(Database& database, TimePoint now, EventNumber event,
                                             const NewPlan& plan) {
  if (Status none = CheckHasNoPlan(database, event); !none) return none.error();
  // It fails when there is no such event.
  if (Status changed = ChangeEvent(database, now, event, EventState::kPlanned, ""); !changed) return changed.error();
  if (Status inserted = InsertPlanRows(database, now, event, plan); !inserted) return inserted.error();
  std::vector<ActionNumber> numbers;
  for (const NewAction& action : plan.actions) {
    const Result<ActionNumber> number = InsertAction(database, now, event, action);
    if (!number) return number.error();
    numbers.push_back(*number);
  }
  return numbers;
}

Status ChangePlan(Database& database, TimePoint now, EventNumber event, PlanState state, std::string_view reason,
                  std::optional<TimePoint> expires_at) {
  if (Status may = CheckPlanMove(database, event, state); !may) return may;
  auto statement =
      database.Prepare("UPDATE plan_state SET state = ?, reason = ?, changed_at = ?, expires_at = ? WHERE event = ?");
  if (!statement) return statement.error();
  std::optional<std::int64_t> expires;
  if (expires_at) expires = ToEpochMilliseconds(*expires_at);
  statement->Bind(ToString(state)).Bind(reason).Bind(ToEpochMilliseconds(now)).BindOrNull(expires).Bind(event.value);
  if (Status updated = statement->Run(); !updated) return updated;
  return Tell(database, now, RecordKind::kPlan, event.value, reason);
}

Status ChangeAction(Database& database, TimePoint now, const ActionChange& change) {
  const std::int64_t number = change.action.value;
  const Result<ActionBefore> before = SelectBefore(database, change.action);
  if (!before) return before.error();
  Status may = CheckMove(database, "action", number, before->state, ActionStateFromString(before->state), change.state);
  if (!may) return may;
  auto statement = database.Prepare("UPDATE action SET state = ?, reason = ?, changed_at = ? WHERE number = ?");
  if (!statement) return statement.error();
  statement->Bind(ToString(change.state)).Bind(change.reason).Bind(ToEpochMilliseconds(now)).Bind(number);
  if (Status updated = statement->Run(); !updated) return updated;
  return Tell(database, now, RecordKind::kAction, number, change.reason);
}

Status ChangeAction(Database& database, TimePoint now, const ActionChange& change,
                    const std::vector<NewFollowUp>& follow_ups) {
  if (Status changed = ChangeAction(database, now, change); !changed) return changed;
  for (NewFollowUp follow_up : follow_ups) {
    if (follow_up.waiting.empty()) follow_up.waiting = {change.action};
    const Result<FollowUpNumber> made = InsertFollowUp(database, now, follow_up);
    if (!made) return made.error();
  }
  return Ok();
}

Result<bool> IntendAction(Database& database, TimePoint now, ActionNumber action, std::string_view reason,
                          TimePoint since, const std::optional<ActionRecord>& seen) {
  const Result<ActionRecord> own = SelectAction(database, action);
  if (!own) return own.error();
  const auto recent = SelectRecent(database, own->action.kind, own->action.what, own->action.subject, since, action);
  if (!recent) return recent.error();
  const bool same = recent->has_value() == seen.has_value() &&
                    (!seen || ((*recent)->number == seen->number && (*recent)->state == seen->state &&
                               (*recent)->changed_at == seen->changed_at));
  if (!same) return false;
  const Status changed = ChangeAction(database, now, {action, ActionState::kIntended, std::string(reason)});
  if (!changed) return changed.error();
  return true;
}

}  // namespace sallyport
