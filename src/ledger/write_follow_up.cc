// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/bounds.h"
#include "ledger/move.h"
#include "ledger/query.h"
#include "ledger/records.h"
#include "ledger/rows.h"
#include "ledger/write.h"

namespace sallyport {
namespace {

using sqlite::Database;
using sqlite::Statement;

// More processes and threads than ask questions of one ledger at a time.
constexpr std::int64_t kMostClaimsJudged = 1000;

Status CheckActionExists(const Writing& writing, ActionNumber action) {
  if (writing.actions.contains(action.value)) return Ok();
  auto statement = writing.database.Prepare("SELECT 1 FROM action WHERE number = ?");
  if (!statement) return statement.error();
  statement->Bind(action.value);
  const Result<bool> found = statement->Step();
  if (!found) return found.error();
  return *found ? Ok() : NoSuch(writing.database, "action", action.value);
}

// The actions that wait for a follow-up: how many, and their last link.
struct WaitingList {
  std::int64_t count = 0;
  std::string link{kNoLink};
};

Result<WaitingList> ReadWaitingList(const Database& database, std::int64_t follow_up) {
  auto statement = database.Prepare("SELECT waiting, waiting_sha256 FROM follow_up WHERE number = ?");
  if (!statement) return statement.error();
  statement->Bind(follow_up);
  const Result<bool> found = statement->Step();
  if (!found) return found.error();
  if (!*found) return NoSuch(database, "follow-up", follow_up);
  return WaitingList{statement->Int(0), statement->Text(1)};
}

// Those that did not wait before, behind the others in `list`; how many.
Result<int> InsertNewlyWaiting(Writing& writing, std::int64_t follow_up, const std::vector<ActionNumber>& actions,
                               WaitingList& list) {
  int added = 0;
  for (const ActionNumber action : actions) {
    if (Status exists = CheckActionExists(writing, action); !exists) return exists.error();
    // It has at most bounds::kActionsThatWait.
    auto statement = writing.database.Prepare(
        "INSERT INTO waiting (follow_up, position, action) SELECT ?1, ?2, ?3"
        " WHERE NOT EXISTS (SELECT 1 FROM waiting WHERE follow_up = ?1 AND action = ?3)");
    if (!statement) return statement.error();
    statement->Bind(follow_up).Bind(list.count + 1).Bind(action.value);
    if (Status inserted = statement->Run(); !inserted) return inserted.error();
    if (writing.database.Changes() == 0) continue;
    list.link = NextLink(list.link, ++list.count, std::to_string(action.value));
    ++added;
  }
  return added;
}

Status Join(Writing& writing, const FollowUpRecord& open, const NewFollowUp& follow_up) {
  const std::int64_t number = open.number.value;
  Result<WaitingList> list = ReadWaitingList(writing.database, number);
  if (!list) return list.error();
  const Result<int> added = InsertNewlyWaiting(writing, number, follow_up.waiting, *list);
  if (!added) return added.error();
  const TimePoint due = std::min(open.follow_up.due, follow_up.due);
  if (*added == 0 && due == open.follow_up.due) return Ok();  // nothing new
  {
    auto statement = writing.database.Prepare(
        "UPDATE follow_up SET waiting = ?, waiting_sha256 = ?, due = ?, changed_at = ? WHERE number = ?");
    if (!statement) return statement.error();
    statement->Bind(list->count).Bind(list->link).Bind(ToEpochMilliseconds(due));
    statement->Bind(ToEpochMilliseconds(writing.now)).Bind(number);
    if (Status updated = statement->Run(); !updated) return updated;
  }
  const std::string reason = "joined: " + std::to_string(*added) + " more wait for it";
  return Tell(writing, RecordKind::kFollowUp, number, reason);
}

// Each once, in their order.
Result<std::vector<ActionNumber>> CheckedWaiting(const Writing& writing, const std::vector<ActionNumber>& actions) {
  std::vector<ActionNumber> waiting;
  for (const ActionNumber action : actions) {
    if (std::find(waiting.begin(), waiting.end(), action) != waiting.end()) continue;
    if (Status exists = CheckActionExists(writing, action); !exists) return exists.error();
    waiting.push_back(action);
  }
  return waiting;
}

Result<FollowUpNumber> InsertFollowUpRow(Writing& writing, CaseNumber whole, const NewFollowUp& follow_up,
                                         const WaitingList& list) {
  auto statement = writing.database.Prepare(
      "INSERT INTO follow_up (case_number, key, question, subject, format, json, due, give_up_at, state, attempts,"
      " reason, asked_at, changed_at, waiting, waiting_sha256)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', ?, ?, ?, ?)");
  if (!statement) return statement.error();
  statement->Bind(whole.value)
      .Bind(follow_up.key)
      .Bind(follow_up.question)
      .Bind(follow_up.subject)
      .Bind(std::int64_t{follow_up.format})
      .Bind(follow_up.json)
      .Bind(ToEpochMilliseconds(follow_up.due))
      .Bind(ToEpochMilliseconds(follow_up.give_up_at))
      .Bind(ToString(FollowUpState::kOpen))
      .Bind(ToEpochMilliseconds(writing.now))
      .Bind(ToEpochMilliseconds(writing.now))
      .Bind(list.count)
      .Bind(list.link);
  if (Status inserted = statement->Run(); !inserted) return inserted.error();
  return FollowUpNumber{writing.database.LastInsertedRow()};
}

Status InsertWaitingRows(Database& database, std::int64_t follow_up, const std::vector<ActionNumber>& waiting) {
  std::int64_t position = 0;
  for (const ActionNumber action : waiting) {
    auto statement = database.Prepare("INSERT INTO waiting (follow_up, position, action) VALUES (?, ?, ?)");
    if (!statement) return statement.error();
    statement->Bind(follow_up).Bind(++position).Bind(action.value);
    if (Status inserted = statement->Run(); !inserted) return inserted;
  }
  return Ok();
}

// One that this commit is about was read already.
Result<CaseNumber> CaseIn(const Writing& writing, CaseNumber number) {
  if (writing.cases.contains(number.value)) return number;
  return SelectCaseOf(writing.database, number);
}

Result<FollowUpNumber> Make(Writing& writing, const NewFollowUp& follow_up) {
  const Result<CaseNumber> whole = CaseIn(writing, follow_up.case_number);
  if (!whole) return whole.error();
  const auto waiting = CheckedWaiting(writing, follow_up.waiting);
  if (!waiting) return waiting.error();
  WaitingList list;
  for (const ActionNumber action : *waiting) {
    list.link = NextLink(list.link, ++list.count, std::to_string(action.value));
  }
  const Result<FollowUpNumber> number = InsertFollowUpRow(writing, *whole, follow_up, list);
  if (!number) return number.error();
  if (Status made = InsertWaitingRows(writing.database, number->value, *waiting); !made) return made.error();
  Status told = Tell(writing, RecordKind::kFollowUp, number->value, "");
  if (!told) return told.error();
  writing.Touch(*whole);
  return *number;
}

struct Claimed {
  FollowUpNumber number;
  std::string owner;
  TimePoint since;
};

Result<std::vector<Claimed>> SelectClaimed(const Database& database) {
  auto statement = database.Prepare(kSelectClaimed);
  if (!statement) return statement.error();
  statement->Bind(kMostClaimsJudged);
  return ReadRows<Claimed>(*statement, [](const Statement& row) -> Result<Claimed> {
    return Claimed{FollowUpNumber{row.Int(0)}, row.Text(1), FromEpochMilliseconds(row.Int(2))};
  });
}

Status Free(Writing& writing, FollowUpNumber follow_up) {
  auto statement = writing.database.Prepare(
      "UPDATE follow_up SET claimed_until = NULL, claimed_by = NULL, changed_at = ? WHERE number = ?");
  if (!statement) return statement.error();
  statement->Bind(ToEpochMilliseconds(writing.now)).Bind(follow_up.value);
  if (Status updated = statement->Run(); !updated) return updated;
  return Tell(writing, RecordKind::kFollowUp, follow_up.value, "who was asking it has ended");
}

// Whoever is gone asks nothing any more: nobody has to wait until their claim ends.
Status FreeLeftClaims(Writing& writing, const StillRuns& still_runs) {
  if (!still_runs) return Ok();
  const auto claimed = SelectClaimed(writing.database);
  if (!claimed) return claimed.error();
  for (const Claimed& one : *claimed) {
    if (one.owner.empty() || still_runs(one.owner, one.since)) continue;
    if (Status freed = Free(writing, one.number); !freed) return freed;
  }
  return Ok();
}

Result<FollowUpRecord> ClaimOne(Writing& writing, FollowUpNumber follow_up, TimePoint until, const std::string& owner) {
  {
    auto statement = writing.database.Prepare(
        "UPDATE follow_up SET attempts = attempts + 1, claimed_until = ?, claimed_by = ?, changed_at = ?"
        " WHERE number = ?");
    if (!statement) return statement.error();
    statement->Bind(ToEpochMilliseconds(until))
        .Bind(owner)
        .Bind(ToEpochMilliseconds(writing.now))
        .Bind(follow_up.value);
    if (Status updated = statement->Run(); !updated) return updated.error();
  }
  Result<FollowUpRecord> record = SelectFollowUp(writing.database, follow_up);
  if (!record) return record.error();
  const std::string reason = "due, attempt " + std::to_string(record->attempts);
  Status told = Tell(writing, RecordKind::kFollowUp, follow_up.value, reason);
  if (!told) return told.error();
  return record;
}

}  // namespace

Result<FollowUpNumber> InsertFollowUp(Writing& writing, const NewFollowUp& follow_up) {
  if (follow_up.key.empty()) return Error{ErrorCode::kInvalidInput, "a follow-up has no key", ""};
  NewFollowUp wanted = follow_up;
  for (int which = 1;; ++which) {
    if (which > 1) wanted.key = follow_up.key + "/more-" + std::to_string(which);
    const auto open = SelectOpenFollowUp(writing.database, wanted.key);
    if (!open) return open.error();
    if (!*open) return Make(writing, wanted);
    const bool has_room = wanted.waiting.empty() || (*open)->waits < bounds::kActionsThatWait;
    if (!has_room) continue;
    if (Status joined = Join(writing, **open, wanted); !joined) return joined.error();
    return (*open)->number;
  }
}

Result<std::vector<FollowUpRecord>> ClaimFollowUps(Writing& writing, TimePoint due_at, const Lease& lease,
                                                   std::size_t limit) {
  if (Status freed = FreeLeftClaims(writing, lease.still_runs); !freed) return freed.error();
  const auto due = SelectDue(writing.database, due_at, limit);
  if (!due) return due.error();
  const TimePoint until = due_at + std::min(lease.lasts, kLongestLease);
  std::vector<FollowUpRecord> claimed;
  for (const FollowUpNumber number : *due) {
    Result<FollowUpRecord> record = ClaimOne(writing, number, until, lease.owner);
    if (!record) return record.error();
    claimed.push_back(std::move(*record));
  }
  return claimed;
}

Status ChangeFollowUp(Writing& writing, const FollowUpChange& change) {
  const std::int64_t number = change.follow_up.value;
  const Result<FollowUpRecord> before = SelectFollowUp(writing.database, change.follow_up);
  if (!before) return before.error();
  if (before->state != FollowUpState::kOpen) {
    return CannotMove("follow-up", number, ToString(before->state), ToString(change.state));
  }
  const bool open = change.state == FollowUpState::kOpen;
  {
    auto statement = writing.database.Prepare(
        "UPDATE follow_up SET state = ?, due = ?, claimed_until = NULL, claimed_by = NULL, reason = ?, changed_at = ? "
        "WHERE number = ?");
    if (!statement) return statement.error();
    statement->Bind(ToString(change.state))
        .Bind(ToEpochMilliseconds(open ? change.due : before->follow_up.due))
        .Bind(change.reason)
        .Bind(ToEpochMilliseconds(writing.now))
        .Bind(number);
    if (Status updated = statement->Run(); !updated) return updated;
  }
  if (!open) writing.Touch(before->follow_up.case_number);
  return Tell(writing, RecordKind::kFollowUp, number, change.reason);
}

}  // namespace sallyport
