// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "ledger/move.h"
#include "ledger/query.h"
#include "ledger/records.h"
#include "ledger/rows.h"
#include "ledger/write.h"

namespace sallyport {
namespace {

using sqlite::Database;

Status CheckActionExists(const Database& database, ActionNumber action) {
  auto statement = database.Prepare("SELECT 1 FROM action WHERE number = ?");
  if (!statement) return statement.error();
  statement->Bind(action.value);
  const Result<bool> found = statement->Step();
  if (!found) return found.error();
  return *found ? Ok() : NoSuch(database, "action", action.value);
}

// How many did not wait before.
Result<int> InsertWaiting(Database& database, std::int64_t follow_up, const std::vector<ActionNumber>& actions) {
  int added = 0;
  for (const ActionNumber action : actions) {
    if (Status exists = CheckActionExists(database, action); !exists) return exists.error();
    auto statement = database.Prepare("INSERT INTO waiting (follow_up, action) VALUES (?, ?) ON CONFLICT DO NOTHING");
    if (!statement) return statement.error();
    statement->Bind(follow_up).Bind(action.value);
    if (Status inserted = statement->Run(); !inserted) return inserted.error();
    added += database.Changes();
  }
  return added;
}

Status Join(Database& database, TimePoint now, const FollowUpRecord& open, const NewFollowUp& follow_up) {
  const std::int64_t number = open.number.value;
  const Result<int> added = InsertWaiting(database, number, follow_up.waiting);
  if (!added) return added.error();
  const TimePoint due = std::min(open.follow_up.due, follow_up.due);
  if (*added == 0 && due == open.follow_up.due) return Ok();  // nothing new
  auto statement = database.Prepare("UPDATE follow_up SET due = ?, changed_at = ? WHERE number = ?");
  if (!statement) return statement.error();
  statement->Bind(ToEpochMilliseconds(due)).Bind(ToEpochMilliseconds(now)).Bind(number);
  if (Status updated = statement->Run(); !updated) return updated;
  const std::string reason = "joined: " + std::to_string(*added) + " more wait for it";
  return Tell(database, now, RecordKind::kFollowUp, number, reason);
}

Status InsertRow(Database& database, TimePoint now, std::int64_t number, EventNumber case_number,
                 const NewFollowUp& follow_up) {
  auto statement = database.Prepare(
      "INSERT INTO follow_up (number, case_number, key, question, subject, json, due, give_up_at, state, attempts,"
      " reason, asked_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', ?, ?)");
  if (!statement) return statement.error();
  statement->Bind(number)
      .Bind(case_number.value)
      .Bind(follow_up.key)
      .Bind(follow_up.question)
      .Bind(follow_up.subject)
      .Bind(follow_up.json)
      .Bind(ToEpochMilliseconds(follow_up.due))
      .Bind(ToEpochMilliseconds(follow_up.give_up_at))
      .Bind(ToString(FollowUpState::kOpen))
      .Bind(ToEpochMilliseconds(now))
      .Bind(ToEpochMilliseconds(now));
  return statement->Run();
}

Result<FollowUpNumber> Make(Database& database, TimePoint now, const NewFollowUp& follow_up) {
  const Result<EventNumber> whole = SelectCaseOf(database, follow_up.case_number);
  if (!whole) return whole.error();
  const Result<std::int64_t> number = NextNumber(database, "follow_up");
  if (!number) return number.error();
  if (Status made = InsertRow(database, now, *number, *whole, follow_up); !made) return made.error();
  const Result<int> waiting = InsertWaiting(database, *number, follow_up.waiting);
  if (!waiting) return waiting.error();
  if (Status told = Tell(database, now, RecordKind::kFollowUp, *number, ""); !told) return told.error();
  return FollowUpNumber{*number};
}

Result<FollowUpRecord> Claim(Database& database, TimePoint now, FollowUpNumber follow_up, TimePoint until) {
  auto statement = database.Prepare(
      "UPDATE follow_up SET attempts = attempts + 1, claimed_until = ?, changed_at = ? WHERE number = ?");
  if (!statement) return statement.error();
  statement->Bind(ToEpochMilliseconds(until)).Bind(ToEpochMilliseconds(now)).Bind(follow_up.value);
  if (Status updated = statement->Run(); !updated) return updated.error();
  Result<FollowUpRecord> record = SelectFollowUp(database, follow_up);
  if (!record) return record.error();
  const std::string reason = "due, attempt " + std::to_string(record->attempts);
  if (Status told = Tell(database, now, RecordKind::kFollowUp, follow_up.value, reason); !told) return told.error();
  return record;
}

Status CheckOpen(const Database& database, FollowUpNumber follow_up, FollowUpState to) {
  const Result<FollowUpRecord> record = SelectFollowUp(database, follow_up);
  if (!record) return record.error();
  if (record->state == FollowUpState::kOpen) return Ok();
  return CannotMove("follow-up", follow_up.value, ToString(record->state), ToString(to));
}

Status ChangeActions(Database& database, TimePoint now, const std::vector<ActionChange>& changes) {
  for (const ActionChange& change : changes) {
    if (Status changed = ChangeAction(database, now, change); !changed) return changed;
  }
  return Ok();
}

}  // namespace

Result<FollowUpNumber> InsertFollowUp(Database& database, TimePoint now, const NewFollowUp& follow_up) {
  if (follow_up.key.empty()) return Error{ErrorCode::kInvalidInput, "a follow-up has no key", ""};
  const auto open = SelectOpenFollowUp(database, follow_up.key);
  if (!open) return open.error();
  if (!*open) return Make(database, now, follow_up);
  if (Status joined = Join(database, now, **open, follow_up); !joined) return joined.error();
  return (*open)->number;
}

Result<std::vector<FollowUpRecord>> ClaimFollowUps(Database& database, TimePoint now, TimePoint due_at, Duration lease,
                                                   std::size_t limit) {
  const auto due = SelectDue(database, due_at, limit);
  if (!due) return due.error();
  const TimePoint until = due_at + std::min(lease, kLongestLease);
  std::vector<FollowUpRecord> claimed;
  for (const FollowUpNumber number : *due) {
    Result<FollowUpRecord> record = Claim(database, now, number, until);
    if (!record) return record.error();
    claimed.push_back(std::move(*record));
  }
  return claimed;
}

Status Snooze(Database& database, TimePoint now, FollowUpNumber follow_up, TimePoint due, std::string_view reason,
              const std::vector<ActionChange>& changes) {
  if (Status open = CheckOpen(database, follow_up, FollowUpState::kOpen); !open) return open;
  auto statement = database.Prepare(
      "UPDATE follow_up SET due = ?, claimed_until = NULL, reason = ?, changed_at = ? WHERE number = ?");
  if (!statement) return statement.error();
  statement->Bind(ToEpochMilliseconds(due)).Bind(reason).Bind(ToEpochMilliseconds(now)).Bind(follow_up.value);
  if (Status updated = statement->Run(); !updated) return updated;
  if (Status told = Tell(database, now, RecordKind::kFollowUp, follow_up.value, reason); !told) return told;
  return ChangeActions(database, now, changes);
}

Status EndFollowUp(Database& database, TimePoint now, FollowUpNumber follow_up, FollowUpState state,
                   std::string_view reason, const std::vector<ActionChange>& changes) {
  if (Status open = CheckOpen(database, follow_up, state); !open) return open;
  if (state == FollowUpState::kOpen) {
    return CannotMove("follow-up", follow_up.value, ToString(FollowUpState::kOpen), ToString(state));
  }
  auto statement = database.Prepare(
      "UPDATE follow_up SET state = ?, claimed_until = NULL, reason = ?, changed_at = ? WHERE number = ?");
  if (!statement) return statement.error();
  statement->Bind(ToString(state)).Bind(reason).Bind(ToEpochMilliseconds(now)).Bind(follow_up.value);
  if (Status updated = statement->Run(); !updated) return updated;
  if (Status told = Tell(database, now, RecordKind::kFollowUp, follow_up.value, reason); !told) return told;
  return ChangeActions(database, now, changes);
}

}  // namespace sallyport
