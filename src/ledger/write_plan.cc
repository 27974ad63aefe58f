// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "base/bounds.h"
#include "base/text.h"
#include "ledger/move.h"
#include "ledger/query.h"
#include "ledger/records.h"
#include "ledger/rows.h"
#include "ledger/write.h"

namespace sallyport {
namespace {

using sqlite::Database;

Error Invalid(std::string what, std::string advice = "") {
  return Error{ErrorCode::kInvalidInput, std::move(what), std::move(advice)};
}

// The case of the plan: one of its event's.
Result<CaseNumber> CaseFor(const Database& database, const NewPlan& plan) {
  const auto cases = SelectCasesOf(database, plan.event);
  if (!cases) return cases.error();
  if (cases->empty()) return NoSuch(database, "event", plan.event.value);
  if (plan.case_number.value == 0) return cases->front();
  if (std::find(cases->begin(), cases->end(), plan.case_number) != cases->end()) return plan.case_number;
  return Invalid("event " + std::to_string(plan.event.value) + " does not belong to case " +
                 std::to_string(plan.case_number.value));
}

Status CheckHasNoSuchPlan(const Database& database, const NewPlan& plan, CaseNumber whole) {
  auto earlier = database.Prepare("SELECT 1 FROM plan WHERE event = ? AND case_number = ? AND workflow = ?");
  if (!earlier) return earlier.error();
  earlier->Bind(plan.event.value).Bind(whole.value).Bind(plan.workflow);
  const Result<bool> planned = earlier->Step();
  if (!planned) return planned.error();
  if (!*planned) return Ok();
  return Invalid("event " + std::to_string(plan.event.value) + " has a plan of this workflow already",
                 "a new decision needs a new event");
}

Status CheckNames(const std::vector<std::string>& names, std::string_view what) {
  if (names.size() <= bounds::kCommitNames) return Ok();
  return Error{ErrorCode::kTooLarge,
               "a plan with " + std::to_string(names.size()) + " " + std::string(what) + " is over the bound of " +
                   std::to_string(bounds::kCommitNames),
               ""};
}

Status CheckPlan(const NewPlan& plan) {
  if (Status good = CheckNames(plan.hosts, "hosts"); !good) return good;
  if (Status good = CheckNames(plan.owners, "owners"); !good) return good;
  if (plan.all_actions != 0 && plan.all_actions < plan.actions.size()) {
    return Invalid("a plan has more actions than it says");
  }
  if (plan.state != PlanState::kPlanned && !MayMove(PlanState::kPlanned, plan.state)) {
    return Invalid("a plan cannot begin as `" + std::string(ToString(plan.state)) + "`");
  }
  return Ok();
}

Status CheckHeld(ActionState state, std::string_view held_by) {
  const bool may_say = state == ActionState::kRefused || state == ActionState::kSkipped || state == ActionState::kWould;
  if ((state == ActionState::kHeld) == !held_by.empty() || may_say) return Ok();
  return Invalid("an action says which gate stands in its way if it is held or stopped, and only then");
}

// How many actions the plan lacks. kNotFound: there is no such plan.
struct PlanBefore {
  EventNumber event;
  CaseNumber case_number;
  std::string state;
  std::int64_t missing = 0;
};
Result<PlanBefore> SelectPlanBefore(const Database& database, PlanNumber plan) {
  auto before = database.Prepare(
      "SELECT event, case_number, state, actions - (SELECT count(*) FROM action WHERE plan = ?1) FROM plan"
      " WHERE number = ?1");
  if (!before) return before.error();
  before->Bind(plan.value);
  const Result<bool> found = before->Step();
  if (!found) return found.error();
  if (!*found) return NoSuch(database, "plan", plan.value);
  return PlanBefore{EventNumber{before->Int(0)}, CaseNumber{before->Int(1)}, before->Text(2), before->Int(3)};
}

Status CheckCases(const Database& database, const std::vector<CaseNumber>& cases, std::string_view what) {
  if (cases.size() > bounds::kQuestionMembers) {
    return Error{ErrorCode::kTooLarge,
                 std::string(what) + " that concerns " + CountText(cases.size(), "case") + " is over the bound of " +
                     std::to_string(bounds::kQuestionMembers),
                 ""};
  }
  for (const CaseNumber whole : cases) {
    auto statement = database.Prepare("SELECT 1 FROM cases WHERE number = ?");
    if (!statement) return statement.error();
    statement->Bind(whole.value);
    const Result<bool> found = statement->Step();
    if (!found) return found.error();
    if (!*found) return NoSuch(database, "case", whole.value);
  }
  return Ok();
}

// What the plan says of other cases.
Status InsertSaysOf(Writing& writing, PlanNumber plan, const std::vector<std::pair<CaseNumber, CaseSays>>& of_cases) {
  std::int64_t position = 0;
  for (const auto& [whole, says] : of_cases) {
    auto statement =
        writing.database.Prepare("INSERT INTO plan_says (plan, position, case_number, says) VALUES (?, ?, ?, ?)");
    if (!statement) return statement.error();
    statement->Bind(plan.value).Bind(++position).Bind(whole.value).Bind(ToString(says));
    if (Status inserted = statement->Run(); !inserted) return inserted;
    writing.Touch(whole);
  }
  return Ok();
}

Result<PlanNumber> InsertPlanRow(Writing& writing, CaseNumber whole, const NewPlan& plan) {
  std::optional<std::int64_t> expires;
  if (plan.expires_at) expires = ToEpochMilliseconds(*plan.expires_at);
  auto statement = writing.database.Prepare(
      "INSERT INTO plan (event, case_number, workflow, format, digest, actions, state, reason, changed_at,"
      " expires_at, question, last_member, says) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!statement) return statement.error();
  statement->Bind(plan.event.value)
      .Bind(whole.value)
      .Bind(plan.workflow)
      .Bind(std::int64_t{plan.format})
      .Bind(plan.digest)
      .Bind(static_cast<std::int64_t>(std::max(plan.all_actions, plan.actions.size())))
      .Bind(ToString(plan.state))
      .Bind(plan.reason)
      .Bind(ToEpochMilliseconds(writing.now))
      .BindOrNull(expires)
      .BindOrNull(plan.question ? std::optional(plan.question->value) : std::nullopt)
      .Bind(std::int64_t{plan.last_member})
      .Bind(ToString(plan.says));
  if (Status inserted = statement->Run(); !inserted) return inserted.error();
  return PlanNumber{writing.database.LastInsertedRow()};
}

Status InsertPlanText(Writing& writing, PlanNumber number, std::string_view json) {
  auto statement = writing.database.Prepare("INSERT INTO plan_text (plan, json) VALUES (?, ?)");
  if (!statement) return statement.error();
  statement->Bind(number.value).Bind(json);
  return statement->Run();
}

// A plan that is recorded.
struct OfPlan {
  PlanNumber number;
  EventNumber event;
  CaseNumber case_number;
};

Result<ActionNumber> InsertActionRow(Writing& writing, const OfPlan& plan, const NewAction& action) {
  auto statement = writing.database.Prepare(
      "INSERT INTO action (plan, event, case_number, key, kind, what, subject, host, severity, json, state, held_by,"
      " reason, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!statement) return statement.error();
  statement->Bind(plan.number.value)
      .Bind(plan.event.value)
      .Bind(plan.case_number.value)
      .Bind(action.key)
      .Bind(action.kind)
      .Bind(action.what)
      .Bind(action.subject)
      .Bind(action.host)
      .Bind(action.severity)
      .Bind(action.json)
      .Bind(ToString(action.state))
      .Bind(action.held_by)
      .Bind(action.reason)
      .Bind(ToEpochMilliseconds(writing.now));
  if (Status inserted = statement->Run(); !inserted) return inserted.error();
  return ActionNumber{writing.database.LastInsertedRow()};
}

// The follow-ups that await what comes of an action.
Status InsertFollowUpsOf(Writing& writing, ActionNumber action, const std::vector<NewFollowUp>& follow_ups,
                         Committed& committed) {
  for (NewFollowUp follow_up : follow_ups) {
    if (follow_up.waiting.empty()) follow_up.waiting = {action};
    const Result<FollowUpNumber> made = InsertFollowUp(writing, follow_up);
    if (!made) return made.error();
    committed.follow_ups.push_back(*made);
  }
  return Ok();
}

Status NoteHost(Writing& writing, CaseNumber whole, std::string_view host) {
  const Result<bool> added = AddHost(writing.database, whole, host);
  if (!added) return added.error();
  if (!*added) return Ok();
  writing.Change(whole);
  writing.AddText(whole, host);
  return Ok();
}

Status NoteOwner(Writing& writing, CaseNumber whole, std::string_view owner) {
  const Result<bool> added = AddOwner(writing.database, whole, owner);
  if (!added) return added.error();
  if (!*added) return Ok();
  writing.Change(whole);
  writing.AddText(whole, owner);
  return Ok();
}

// The cases that it concerns beside its own, each once.
Status InsertCasesOf(Writing& writing, ActionNumber action, CaseNumber own, const std::vector<CaseNumber>& cases) {
  std::int64_t position = 0;
  std::set<std::int64_t> seen = {own.value};
  for (const CaseNumber whole : cases) {
    if (!seen.insert(whole.value).second) continue;
    auto statement =
        writing.database.Prepare("INSERT INTO action_case (action, position, case_number) VALUES (?, ?, ?)");
    if (!statement) return statement.error();
    statement->Bind(action.value).Bind(++position).Bind(whole.value);
    if (Status inserted = statement->Run(); !inserted) return inserted;
    writing.Touch(whole);
  }
  return Ok();
}

// The question that the plan answers is open and has such a member.
Status CheckQuestion(const Database& database, const NewPlan& plan) {
  if (!plan.question) return Ok();
  const auto question = SelectFollowUp(database, *plan.question);
  if (!question) return question.error();
  const bool holds =
      question->state == FollowUpState::kOpen && plan.last_member >= 1 && plan.last_member <= question->members;
  if (holds) return Ok();
  return Invalid("follow-up " + std::to_string(plan.question->value) + " is `" +
                 std::string(ToString(question->state)) + "` and has " + std::to_string(question->members) +
                 " members, so that a plan cannot answer those up to number " + std::to_string(plan.last_member));
}

Status InsertAction(Writing& writing, const OfPlan& plan, const NewAction& action, Committed& committed) {
  if (action.state != ActionState::kPlanned && !MayMove(ActionState::kPlanned, action.state)) {
    return Invalid("an action cannot begin as `" + std::string(ToString(action.state)) + "`");
  }
  if (Status good = CheckHeld(action.state, action.held_by); !good) return good;
  if (Status good = CheckCases(writing.database, action.cases, "an action"); !good) return good;
  const Result<ActionNumber> number = InsertActionRow(writing, plan, action);
  if (!number) return number.error();
  // Before its line: they are in its digest.
  if (Status linked = InsertCasesOf(writing, *number, plan.case_number, action.cases); !linked) return linked;
  committed.actions.push_back(*number);
  writing.actions.insert(number->value);
  writing.AddText(plan.case_number, action.subject);
  Status told = Tell(writing, RecordKind::kAction, number->value, action.reason);
  if (!told) return told;
  return InsertFollowUpsOf(writing, *number, action.follow_ups, committed);
}

// With what they tell of their case; `more_hosts` comes behind theirs.
Status InsertActions(Writing& writing, const OfPlan& plan, const std::vector<NewAction>& actions,
                     const std::vector<std::string>& more_hosts, Committed& committed) {
  double severity = 0;
  std::vector<std::string_view> hosts;
  const auto add_host = [&](std::string_view host) {
    // Most follow each other.
    if (hosts.empty() || hosts.back() != host) hosts.push_back(host);
  };
  for (const NewAction& action : actions) {
    if (Status inserted = InsertAction(writing, plan, action, committed); !inserted) return inserted;
    severity = std::max(severity, action.severity);
    add_host(action.host);
  }
  for (const std::string& host : more_hosts) add_host(host);
  if (Status raised = RaiseSeverity(writing, plan.case_number, severity); !raised) return raised;
  for (const std::string_view host : hosts) {
    if (Status noted = NoteHost(writing, plan.case_number, host); !noted) return noted;
  }
  return Ok();
}

// The first plan of an event is where it goes on from kReceived; one that has ended gets no plan.
Status MoveToPlanned(Writing& writing, EventNumber event) {
  {
    auto before = writing.database.Prepare("SELECT state FROM event WHERE number = ?");
    if (!before) return before.error();
    before->Bind(event.value);
    const Result<bool> found = before->Step();
    if (!found) return found.error();
    if (!*found) return NoSuch(writing.database, "event", event.value);
    const std::string is = before->Text(0);
    const auto state = EventStateFromString(is);
    if (state && HasEnded(*state)) return CannotMove("event", event.value, is, ToString(EventState::kPlanned));
    if (state != EventState::kReceived) return Ok();
  }
  return ChangeEvent(writing, {event, EventState::kPlanned, ""});
}

// The cases that an action concerns beside that of its plan.
Status TouchCasesOf(Writing& writing, ActionNumber action) {
  auto statement = writing.database.Prepare("SELECT case_number FROM action_case WHERE action = ?");
  if (!statement) return statement.error();
  statement->Bind(action.value);
  const auto cases = ReadRows<std::int64_t>(*statement, FirstColumn);
  if (!cases) return cases.error();
  for (const std::int64_t number : *cases) writing.Touch(CaseNumber{number});
  return Ok();
}

struct ActionBefore {
  CaseNumber case_number;
  std::string state;
  bool concerns_more = false;  // than its own case
};

Result<ActionBefore> SelectBefore(const Database& database, ActionNumber action) {
  auto before = database.Prepare(
      "SELECT case_number, state, EXISTS (SELECT 1 FROM action_case WHERE action = ?1) FROM action WHERE number = ?1");
  if (!before) return before.error();
  before->Bind(action.value);
  const Result<bool> found = before->Step();
  if (!found) return found.error();
  if (!*found) return NoSuch(database, "action", action.value);
  return ActionBefore{CaseNumber{before->Int(0)}, before->Text(1), before->Int(2) == 1};
}

}  // namespace

Status InsertPlan(Writing& writing, const NewPlan& plan, Committed& committed) {
  if (Status good = CheckPlan(plan); !good) return good;
  const Result<CaseNumber> whole = CaseFor(writing.database, plan);
  if (!whole) return whole.error();
  if (Status none = CheckHasNoSuchPlan(writing.database, plan, *whole); !none) return none;
  if (Status good = CheckQuestion(writing.database, plan); !good) return good;
  std::vector<CaseNumber> said;
  for (const auto& [number, says] : plan.of_cases) said.push_back(number);
  if (Status good = CheckCases(writing.database, said, "a plan"); !good) return good;
  if (Status moved = MoveToPlanned(writing, plan.event); !moved) return moved;
  const Result<PlanNumber> number = InsertPlanRow(writing, *whole, plan);
  if (!number) return number.error();
  if (Status inserted = InsertPlanText(writing, *number, plan.json); !inserted) return inserted;
  writing.AddText(*whole, plan.json);
  // Before its line: it is in its digest.
  if (Status linked = InsertSaysOf(writing, *number, plan.of_cases); !linked) return linked;
  if (Status told = Tell(writing, RecordKind::kPlan, number->value, plan.reason); !told) return told;
  committed.plans.push_back(*number);
  writing.Touch(*whole);
  Status inserted = InsertActions(writing, {*number, plan.event, *whole}, plan.actions, plan.hosts, committed);
  if (!inserted) return inserted;
  for (const std::string& owner : plan.owners) {
    if (Status noted = NoteOwner(writing, *whole, owner); !noted) return noted;
  }
  return Ok();
}

Status InsertMoreActions(Writing& writing, const MoreActions& more, Committed& committed) {
  const Result<PlanBefore> plan = SelectPlanBefore(writing.database, more.plan);
  if (!plan) return plan.error();
  if (plan->missing < static_cast<std::int64_t>(more.actions.size())) {
    return Invalid("plan " + std::to_string(more.plan.value) + " lacks " +
                       CountText(static_cast<std::uint64_t>(plan->missing), "action") + ", not " +
                       std::to_string(more.actions.size()),
                   "another process may have been faster: read it again");
  }
  writing.Touch(plan->case_number);
  return InsertActions(writing, {more.plan, plan->event, plan->case_number}, more.actions, {}, committed);
}

Status ChangePlan(Writing& writing, const PlanChange& change) {
  const Result<PlanBefore> before = SelectPlanBefore(writing.database, change.plan);
  if (!before) return before.error();
  const std::int64_t number = change.plan.value;
  Status may =
      CheckMove(writing.database, "plan", number, before->state, PlanStateFromString(before->state), change.state);
  if (!may) return may;
  if (change.state == PlanState::kExecuted && before->missing > 0) {
    return Invalid("plan " + std::to_string(number) + " cannot become `closed`: " + std::to_string(before->missing) +
                   " of its actions are not recorded");
  }
  writing.Touch(before->case_number);
  auto statement = writing.database.Prepare(
      "UPDATE plan SET state = ?, reason = ?, changed_at = ?, expires_at = ? WHERE number = ?");
  if (!statement) return statement.error();
  std::optional<std::int64_t> expires;
  if (change.expires_at) expires = ToEpochMilliseconds(*change.expires_at);
  statement->Bind(ToString(change.state)).Bind(change.reason).Bind(ToEpochMilliseconds(writing.now));
  statement->BindOrNull(expires).Bind(number);
  if (Status updated = statement->Run(); !updated) return updated;
  return Tell(writing, RecordKind::kPlan, number, change.reason);
}

Status ChangeAction(Writing& writing, const ActionChange& change, Committed& committed) {
  const std::int64_t number = change.action.value;
  const Result<ActionBefore> before = SelectBefore(writing.database, change.action);
  if (!before) return before.error();
  Status may =
      CheckMove(writing.database, "action", number, before->state, ActionStateFromString(before->state), change.state);
  if (!may) return may;
  if (Status good = CheckHeld(change.state, change.held_by); !good) return good;
  writing.Touch(before->case_number);
  writing.actions.insert(number);
  if (before->concerns_more) {
    if (Status touched = TouchCasesOf(writing, change.action); !touched) return touched;
  }
  {
    auto statement = writing.database.Prepare(
        "UPDATE action SET state = ?, held_by = ?, reason = ?, changed_at = ? WHERE number = ?");
    if (!statement) return statement.error();
    statement->Bind(ToString(change.state)).Bind(change.held_by).Bind(change.reason);
    statement->Bind(ToEpochMilliseconds(writing.now)).Bind(number);
    if (Status updated = statement->Run(); !updated) return updated;
  }
  if (Status told = Tell(writing, RecordKind::kAction, number, change.reason); !told) return told;
  return InsertFollowUpsOf(writing, change.action, change.follow_ups, committed);
}

}  // namespace sallyport
