// SPDX-License-Identifier: Apache-2.0
#include "ledger/record.h"

#include <optional>

#include "ledger/query.h"

namespace sallyport {
namespace {

using sqlite::Database;

Status InsertHistory(Database& database, TimePoint now, EventNumber event, std::optional<ActionNumber> action,
                     std::string_view state, std::string_view reason) {
  auto statement = database.Prepare("INSERT INTO history (at, event, action, state, reason) VALUES (?, ?, ?, ?, ?)");
  if (!statement) return statement.error();
  statement->Bind(ToEpochMilliseconds(now)).Bind(event.value);
  if (action) {
    statement->Bind(action->value);
  } else {
    statement->BindNull();
  }
  statement->Bind(state).Bind(reason);
  return statement->Run();
}

Status InsertPlanRow(Database& database, EventNumber event, const NewPlan& plan) {
  auto earlier = database.Prepare("SELECT 1 FROM plan WHERE event = ?");
  if (!earlier) return earlier.error();
  earlier->Bind(event.value);
  const Result<bool> planned = earlier->Step();
  if (!planned) return planned.error();
  if (*planned) {
    return Error{ErrorCode::kInvalidInput, "event " + std::to_string(event.value) + " has a plan already",
                 "a new decision needs a new event"};
  }
  auto statement = database.Prepare("INSERT INTO plan (event, workflow, digest, json) VALUES (?, ?, ?, ?)");
  if (!statement) return statement.error();
  statement->Bind(event.value).Bind(plan.workflow).Bind(plan.digest).Bind(plan.json);
  return statement->Run();
}

Result<ActionNumber> InsertAction(Database& database, TimePoint now, EventNumber event, const NewAction& action) {
  auto statement = database.Prepare(
      "INSERT INTO action (event, key, kind, what, subject, severity, json, state, reason, changed_at)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', ?)");
  if (!statement) return statement.error();
  statement->Bind(event.value)
      .Bind(action.key)
      .Bind(action.kind)
      .Bind(action.what)
      .Bind(action.subject)
      .Bind(action.severity)
      .Bind(action.json)
      .Bind(ToString(ActionState::kPlanned))
      .Bind(ToEpochMilliseconds(now));
  if (Status inserted = statement->Run(); !inserted) return inserted.error();
  const ActionNumber number{database.LastInsertedRow()};
  if (Status told = InsertHistory(database, now, event, number, ToString(ActionState::kPlanned), ""); !told)
    return told.error();
  return number;
}

}  // namespace

Result<EventNumber> InsertEvent(Database& database, TimePoint now, const NewEvent& event) {
  auto statement = database.Prepare(
      "INSERT INTO event (received_at, source, detail_type, account, region, subject, title, origin, sha256, state,"
      " reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')");
  if (!statement) return statement.error();
  statement->Bind(ToEpochMilliseconds(now))
      .Bind(event.source)
      .Bind(event.detail_type)
      .Bind(event.account)
      .Bind(event.region)
      .Bind(event.subject)
      .Bind(event.title)
      .Bind(event.origin)
      .Bind(event.sha256)
      .Bind(ToString(EventState::kReceived));
  if (Status inserted = statement->Run(); !inserted) return inserted.error();
  const EventNumber number{database.LastInsertedRow()};
  if (Status told = InsertHistory(database, now, number, {}, ToString(EventState::kReceived), ""); !told)
    return told.error();
  return number;
}

Status ChangeEvent(Database& database, TimePoint now, EventNumber event, EventState state, std::string_view reason) {
  auto statement = database.Prepare("UPDATE event SET state = ?, reason = ? WHERE number = ?");
  if (!statement) return statement.error();
  statement->Bind(ToString(state)).Bind(reason).Bind(event.value);
  if (Status updated = statement->Run(); !updated) return updated;
  if (database.Changes() == 0) return NoSuch(database, "event", event.value);
  return InsertHistory(database, now, event, {}, ToString(state), reason);
}

Result<std::vector<ActionNumber>> InsertPlan(Database& database, TimePoint now, EventNumber event,
                                             const NewPlan& plan) {
  // First of all: it fails when there is no such event.
  if (Status changed = ChangeEvent(database, now, event, EventState::kPlanned, ""); !changed) return changed.error();
  if (Status inserted = InsertPlanRow(database, event, plan); !inserted) return inserted.error();
  std::vector<ActionNumber> numbers;
  for (const NewAction& action : plan.actions) {
    const Result<ActionNumber> number = InsertAction(database, now, event, action);
    if (!number) return number.error();
    numbers.push_back(*number);
  }
  return numbers;
}

Status ChangeAction(Database& database, TimePoint now, ActionNumber action, ActionState state,
                    std::string_view reason) {
  auto statement =
      database.Prepare("UPDATE action SET state = ?, reason = ?, changed_at = ? WHERE number = ? RETURNING event");
  if (!statement) return statement.error();
  statement->Bind(ToString(state)).Bind(reason).Bind(ToEpochMilliseconds(now)).Bind(action.value);
  const Result<bool> updated = statement->Step();
  if (!updated) return updated.error();
  if (!*updated) return NoSuch(database, "action", action.value);
  const EventNumber event{statement->Int(0)};
  if (Status finished = statement->Run(); !finished) return finished;
  return InsertHistory(database, now, event, action, ToString(state), reason);
}

}  // namespace sallyport
