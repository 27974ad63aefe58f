// SPDX-License-Identifier: Apache-2.0
#include "base/bounds.h"
#include "base/digest.h"
#include "ledger/move.h"
#include "ledger/query.h"
#include "ledger/records.h"
#include "ledger/rows.h"
#include "ledger/write.h"

namespace sallyport {
namespace {

using sqlite::Database;
using sqlite::Statement;

// An event that does not say to which case it belongs belongs to the one about the same thing, if there is one.
Result<std::optional<EventNumber>> FindCase(const Database& database, const NewEvent& event) {
  if (event.case_number) {
    const Result<EventNumber> whole = SelectCaseOf(database, *event.case_number);
    if (!whole) return whole.error();
    return std::optional<EventNumber>(*whole);
  }
  if (event.subject.empty()) return std::optional<EventNumber>();
  auto statement = database.Prepare(kSelectCaseAbout);
  if (!statement) return statement.error();
  statement->Bind(event.source).Bind(event.account).Bind(event.subject);
  return ReadRow<EventNumber>(*statement, [](const Statement& row) { return Result(EventNumber{row.Int(0)}); });
}

Result<std::optional<EventNumber>> FindSame(const Database& database, const NewEvent& event) {
  if (event.case_number || event.sha256.empty()) return std::optional<EventNumber>();
  auto statement = database.Prepare(kSelectSame);
  if (!statement) return statement.error();
  statement->Bind(event.sha256).Bind(event.source).Bind(event.account);
  return ReadRow<EventNumber>(*statement, [](const Statement& row) { return Result(EventNumber{row.Int(0)}); });
}

Status InsertRow(Database& database, TimePoint now, const AddedEvent& added, const NewEvent& event,
                 const std::string& body_sha256) {
  auto statement = database.Prepare(
      "INSERT INTO event (number, received_at, source, detail_type, account, region, subject, title, origin, sha256,"
      " state, reason, case_number, body_sha256, owner, owner_since)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?)");
  if (!statement) return statement.error();
  statement->Bind(added.number.value)
      .Bind(ToEpochMilliseconds(now))
      .Bind(event.source)
      .Bind(event.detail_type)
      .Bind(event.account)
      .Bind(event.region)
      .Bind(event.subject)
      .Bind(event.title)
      .Bind(event.origin)
      .Bind(event.sha256)
      .Bind(ToString(EventState::kReceived))
      .Bind(added.case_number.value)
      .Bind(body_sha256)
      .Bind(event.owner)
      .Bind(ToEpochMilliseconds(now));
  return statement->Run();
}

Status InsertBody(Database& database, EventNumber event, std::string_view body) {
  auto statement = database.Prepare("INSERT INTO body (event, json) VALUES (?, ?)");
  if (!statement) return statement.error();
  statement->Bind(event.value).Bind(body);
  return statement->Run();
}

struct Left {
  EventNumber number;
  std::string owner;
  TimePoint since;
};

Result<std::vector<Left>> SelectLeft(const Database& database) {
  auto statement = database.Prepare(kSelectUnfinished);
  if (!statement) return statement.error();
  return ReadRows<Left>(*statement, [](const Statement& row) {
    return Result(Left{EventNumber{row.Int(0)}, row.Text(1), FromEpochMilliseconds(row.Int(2))});
  });
}

Status TakeOver(Database& database, TimePoint now, EventNumber event, const std::string& owner) {
  auto statement = database.Prepare("UPDATE event SET owner = ?, owner_since = ? WHERE number = ?");
  if (!statement) return statement.error();
  statement->Bind(owner).Bind(ToEpochMilliseconds(now)).Bind(event.value);
  if (Status updated = statement->Run(); !updated) return updated;
  return Tell(database, now, RecordKind::kEvent, event.value, "left behind by whoever handled it; taken over");
}

}  // namespace

Result<AddedEvent> InsertEvent(Database& database, TimePoint now, const NewEvent& event) {
  const auto same = FindSame(database, event);
  if (!same) return same.error();
  const auto belongs_to = FindCase(database, event);
  if (!belongs_to) return belongs_to.error();
  const auto number = NextNumber(database, "event");
  if (!number) return number.error();
  const AddedEvent added{EventNumber{*number}, belongs_to->value_or(EventNumber{*number}), *same};

  const std::string_view body = event.body.size() <= bounds::kLedgerEventBytes ? std::string_view(event.body) : "";
  const std::string body_sha256 = body.empty() ? "" : Sha256Hex(body);
  if (Status inserted = InsertRow(database, now, added, event, body_sha256); !inserted) return inserted.error();
  if (!body.empty()) {
    if (Status inserted = InsertBody(database, added.number, body); !inserted) return inserted.error();
  }
  if (Status told = Tell(database, now, RecordKind::kEvent, *number, ""); !told) return told.error();
  return added;
}

Status ChangeEvent(Database& database, TimePoint now, EventNumber event, EventState state, std::string_view reason) {
  {
    auto before = database.Prepare("SELECT state FROM event WHERE number = ?");
    if (!before) return before.error();
    before->Bind(event.value);
    const Result<bool> found = before->Step();
    if (!found) return found.error();
    if (!*found) return NoSuch(database, "event", event.value);
    const std::string is = before->Text(0);
    Status may = CheckMove(database, "event", event.value, is, EventStateFromString(is), state);
    if (!may) return may;
  }
  auto statement = database.Prepare("UPDATE event SET state = ?, reason = ? WHERE number = ?");
  if (!statement) return statement.error();
  statement->Bind(ToString(state)).Bind(reason).Bind(event.value);
  if (Status updated = statement->Run(); !updated) return updated;
  return Tell(database, now, RecordKind::kEvent, event.value, reason);
}

Result<std::vector<EventRecord>> ClaimEvents(Database& database, TimePoint now, const std::string& owner,
                                             const StillRuns& still_runs, std::size_t limit) {
  const auto left = SelectLeft(database);
  if (!left) return left.error();
  std::vector<EventRecord> claimed;
  for (const Left& one : *left) {
    if (claimed.size() >= limit) break;
    if (!one.owner.empty() && still_runs(one.owner, one.since)) continue;
    if (Status taken = TakeOver(database, now, one.number, owner); !taken) return taken.error();
    Result<EventRecord> record = SelectEventWithBody(database, one.number);
    if (!record) return record.error();
    claimed.push_back(std::move(*record));
  }
  return claimed;
}

}  // namespace sallyport
