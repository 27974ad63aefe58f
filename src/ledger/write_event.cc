// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

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

Result<std::optional<EventNumber>> FindSame(const Database& database, const NewEvent& event) {
  if (event.case_number || event.sha256.empty()) return std::optional<EventNumber>();
  auto statement = database.Prepare(kSelectSame);
  if (!statement) return statement.error();
  statement->Bind(event.sha256).Bind(event.source).Bind(event.account);
  return ReadRow<EventNumber>(*statement, [](const Statement& row) { return Result(EventNumber{row.Int(0)}); });
}

Status InsertEventRow(Writing& writing, const AddedEvent& added, const NewEvent& event,
                      const std::string& body_sha256) {
  auto statement = writing.database.Prepare(
      "INSERT INTO event (number, received_at, source, detail_type, account, region, subject, title, origin, sha256,"
      " state, reason, case_number, body_sha256, owner, owner_since)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?)");
  if (!statement) return statement.error();
  statement->Bind(added.number.value)
      .Bind(ToEpochMilliseconds(writing.now))
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
      .Bind(ToEpochMilliseconds(writing.now));
  return statement->Run();
}

Status InsertBody(Database& database, EventNumber event, std::string_view body) {
  auto statement = database.Prepare("INSERT INTO body (event, json) VALUES (?, ?)");
  if (!statement) return statement.error();
  statement->Bind(event.value).Bind(body);
  return statement->Run();
}

// The cases of an event, each once, in the order of its matters.
Status InsertCasesOf(Database& database, EventNumber event, const std::vector<CaseNumber>& cases) {
  std::int64_t position = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto here = cases.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(cases.begin(), here, *here) != here) continue;
    auto statement = database.Prepare("INSERT INTO event_case (event, position, case_number) VALUES (?, ?, ?)");
    if (!statement) return statement.error();
    statement->Bind(event.value).Bind(++position).Bind(here->value);
    if (Status inserted = statement->Run(); !inserted) return inserted;
  }
  return Ok();
}

std::vector<CaseMatter> MattersOf(const NewEvent& event) {
  if (!event.matters.empty()) return event.matters;
  return {{event.source, event.account, event.region, event.subject, event.title, 0}};
}

Status CheckMatters(const NewEvent& event) {
  if (event.matters.size() <= bounds::kMattersPerEvent) return Ok();
  return Error{ErrorCode::kTooLarge,
               "an event about " + std::to_string(event.matters.size()) + " matters is over the bound of " +
                   std::to_string(bounds::kMattersPerEvent),
               ""};
}

// The event with its cases; those that are new are opened by it.
Status InsertWithCases(Writing& writing, AddedEvent& added, const NewEvent& event, const std::string& body_sha256) {
  std::vector<CaseMatter> matters;
  std::vector<CaseOfMatter> cases;
  if (event.case_number) {
    const Result<CaseNumber> whole = SelectCaseOf(writing.database, *event.case_number);
    if (!whole) return whole.error();
    cases.push_back({*whole, false});
  } else {
    matters = MattersOf(event);
    auto found = FindCases(writing.database, added.number, matters);
    if (!found) return found.error();
    cases = *std::move(found);
  }
  for (const CaseOfMatter& one : cases) added.cases.push_back(one.number);
  added.case_number = added.cases.front();
  if (Status inserted = InsertEventRow(writing, added, event, body_sha256); !inserted) return inserted;
  for (std::size_t i = 0; i < matters.size(); ++i) {
    Status done = cases[i].is_new ? OpenCase(writing, cases[i].number, added.number, matters[i])
                                  : RaiseSeverity(writing, cases[i].number, matters[i].severity);
    if (!done) return done;
  }
  return InsertCasesOf(writing.database, added.number, added.cases);
}

// How an answer ended counts for the cases of the members that it is about.
Status TouchAnswered(Writing& writing, EventNumber event) {
  auto statement = writing.database.Prepare(
      "SELECT member.case_number FROM plan CROSS JOIN member ON member.follow_up = plan.question"
      " AND member.number <= plan.last_member WHERE plan.event = ?");
  if (!statement) return statement.error();
  statement->Bind(event.value);
  const auto cases = ReadRows<std::int64_t>(*statement, FirstColumn);
  if (!cases) return cases.error();
  for (const std::int64_t number : *cases) writing.Touch(CaseNumber{number});
  return Ok();
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

Status TakeOver(Writing& writing, EventNumber event, const std::string& owner) {
  auto statement = writing.database.Prepare("UPDATE event SET owner = ?, owner_since = ? WHERE number = ?");
  if (!statement) return statement.error();
  statement->Bind(owner).Bind(ToEpochMilliseconds(writing.now)).Bind(event.value);
  if (Status updated = statement->Run(); !updated) return updated;
  return Tell(writing, RecordKind::kEvent, event.value, "its process is gone; taken over");
}

}  // namespace

Result<AddedEvent> InsertEvent(Writing& writing, const NewEvent& event) {
  Database& database = writing.database;
  if (Status good = CheckMatters(event); !good) return good.error();
  const auto same = FindSame(database, event);
  if (!same) return same.error();
  const auto number = NextEventOrCase(database);
  if (!number) return number.error();
  AddedEvent added;
  added.number = EventNumber{*number};
  added.same_as = *same;

  const std::string_view body = event.body.size() <= bounds::kLedgerEventBytes ? std::string_view(event.body) : "";
  const std::string body_sha256 = body.empty() ? "" : Sha256Hex(body);
  if (Status inserted = InsertWithCases(writing, added, event, body_sha256); !inserted) return inserted.error();
  if (!body.empty()) {
    if (Status inserted = InsertBody(database, added.number, body); !inserted) return inserted.error();
    TextFilter texts;
    texts.Add(body);
    for (const CaseNumber whole : added.cases) writing.texts[whole.value].Add(texts);
  }
  if (Status told = Tell(writing, RecordKind::kEvent, *number, ""); !told) return told.error();
  // What tells nothing new leaves its cases as they are.
  if (!added.same_as) {
    for (const CaseNumber whole : added.cases) writing.Touch(whole);
  }
  return added;
}

Status ChangeEvent(Writing& writing, const EventChange& change) {
  Database& database = writing.database;
  const EventNumber event = change.event;
  bool is_about_case = false;
  {
    auto before = database.Prepare("SELECT state, source FROM event WHERE number = ?");
    if (!before) return before.error();
    before->Bind(event.value);
    const Result<bool> found = before->Step();
    if (!found) return found.error();
    if (!*found) return NoSuch(database, "event", event.value);
    const std::string is = before->Text(0);
    const std::string source = before->Text(1);
    is_about_case = source == kOperatorSource || source == kMessagesSource || source == kEvidenceSource;
    Status may = CheckMove(database, "event", event.value, is, EventStateFromString(is), change.state);
    if (!may) return may;
  }
  {
    auto statement = database.Prepare("UPDATE event SET state = ?, reason = ? WHERE number = ?");
    if (!statement) return statement.error();
    statement->Bind(ToString(change.state)).Bind(change.reason).Bind(event.value);
    if (Status updated = statement->Run(); !updated) return updated;
  }
  if (Status told = Tell(writing, RecordKind::kEvent, event.value, change.reason); !told) return told;
  const auto cases = SelectCasesOf(database, event);
  if (!cases) return cases.error();
  for (const CaseNumber whole : *cases) writing.Touch(whole);
  if (Status touched = TouchAnswered(writing, event); !touched) return touched;
  // What an operator decided about the case, what was told of it and what is evidence in it says nothing about the
  // matter.
  const bool handled =
      change.state != EventState::kReceived && change.state != EventState::kDuplicate && !is_about_case;
  return handled ? NoteLatest(writing, event, *cases) : Ok();
}

Result<std::vector<EventRecord>> ClaimEvents(Writing& writing, const std::string& owner, const StillRuns& still_runs,
                                             std::size_t limit) {
  const auto left = SelectLeft(writing.database);
  if (!left) return left.error();
  std::vector<EventRecord> claimed;
  for (const Left& one : *left) {
    if (claimed.size() >= limit) break;
    if (!one.owner.empty() && still_runs(one.owner, one.since)) continue;
    if (Status taken = TakeOver(writing, one.number, owner); !taken) return taken.error();
    Result<EventRecord> record = SelectEventWithBody(writing.database, one.number);
    if (!record) return record.error();
    claimed.push_back(std::move(*record));
  }
  return claimed;
}

}  // namespace sallyport
