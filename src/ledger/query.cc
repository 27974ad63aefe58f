// SPDX-License-Identifier: Apache-2.0
#include "ledger/query.h"

#include <utility>

#include "base/text.h"

namespace sallyport {
namespace {

using sqlite::Database;
using sqlite::Statement;

constexpr std::size_t kShownWord = 40;
constexpr const char* kDamageAdvice =
    "restore the file from a backup, or use the program that wrote it; nothing else may write into it";

constexpr const char* kSelectEvent =
    "SELECT number, received_at, source, detail_type, account, region, subject, title, origin, sha256, state, reason"
    " FROM event";
constexpr const char* kSelectAction =
    "SELECT number, event, key, kind, what, subject, severity, json, state, reason, changed_at FROM action";

// " AND state IN ('intended', ...)": the words of the states for which MayHaveBeenCarriedOut is true.
std::string InCarriedOutStates() {
  std::string words;
  for (int i = 0; i <= static_cast<int>(ActionState::kFailed); ++i) {
    const auto state = static_cast<ActionState>(i);
    if (!MayHaveBeenCarriedOut(state)) continue;
    if (!words.empty()) words += ", ";
    words += "'" + std::string(ToString(state)) + "'";
  }
  return " AND state IN (" + words + ")";
}

// instr() on lower() and not LIKE: LIKE gives `%` and `_` a meaning and stops at a zero byte, behind which an event
// could hide from a search.
constexpr const char* kContainsText =
    " AND (instr(lower(subject), lower(?)) > 0 OR instr(lower(title), lower(?)) > 0 OR"
    " instr(lower(account), lower(?)) > 0 OR EXISTS"
    " (SELECT 1 FROM action WHERE action.event = event.number AND instr(lower(action.subject), lower(?)) > 0))";

Result<EventRecord> ReadEvent(const Database& database, const Statement& row) {
  EventRecord record;
  record.number = EventNumber{row.Int(0)};
  record.received_at = FromEpochMilliseconds(row.Int(1));
  record.event = {row.Text(2), row.Text(3), row.Text(4), row.Text(5),
                  row.Text(6), row.Text(7), row.Text(8), row.Text(9)};
  const std::string word = row.Text(10);
  const auto state = EventStateFromString(word);
  if (!state) {
    return database.Problem(
        "event " + std::to_string(record.number.value) + " has the unknown state `" + Printable(word, kShownWord) + "`",
        kDamageAdvice);
  }
  record.state = *state;
  record.reason = row.Text(11);
  return record;
}

Result<ActionRecord> ReadAction(const Database& database, const Statement& row) {
  ActionRecord record;
  record.number = ActionNumber{row.Int(0)};
  record.event = EventNumber{row.Int(1)};
  record.action = {row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Double(6), row.Text(7)};
  const std::string word = row.Text(8);
  const auto state = ActionStateFromString(word);
  if (!state) {
    return database.Problem("action " + std::to_string(record.number.value) + " has the unknown state `" +
                                Printable(word, kShownWord) + "`",
                            kDamageAdvice);
  }
  record.state = *state;
  record.reason = row.Text(9);
  record.changed_at = FromEpochMilliseconds(row.Int(10));
  return record;
}

Result<std::optional<ActionRecord>> ReadOneAction(const Database& database, Statement& statement) {
  const Result<bool> row = statement.Step();
  if (!row) return row.error();
  if (!*row) return std::optional<ActionRecord>();
  Result<ActionRecord> action = ReadAction(database, statement);
  if (!action) return action.error();
  return std::optional<ActionRecord>(std::move(*action));
}

Result<EventRecord> SelectEvent(const Database& database, EventNumber event) {
  const std::string sql = std::string(kSelectEvent) + " WHERE number = ?";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(event.value);
  const Result<bool> row = statement->Step();
  if (!row) return row.error();
  if (!*row) return NoSuch(database, "event", event.value);
  return ReadEvent(database, *statement);
}

Status SelectPlan(const Database& database, Case& shown) {
  auto statement = database.Prepare("SELECT workflow, digest, json FROM plan WHERE event = ?");
  if (!statement) return statement.error();
  statement->Bind(shown.event.number.value);
  const Result<bool> row = statement->Step();
  if (!row) return row.error();
  if (!*row) return Ok();
  shown.workflow = statement->Text(0);
  shown.plan_digest = statement->Text(1);
  shown.plan_json = statement->Text(2);
  return Ok();
}

Status SelectActions(const Database& database, Case& shown) {
  const std::string sql = std::string(kSelectAction) + " WHERE event = ? ORDER BY number";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(shown.event.number.value);
  while (true) {
    const Result<bool> row = statement->Step();
    if (!row) return row.error();
    if (!*row) return Ok();
    Result<ActionRecord> action = ReadAction(database, *statement);
    if (!action) return action.error();
    shown.actions.push_back(std::move(*action));
  }
}

Status SelectHistory(const Database& database, Case& shown) {
  auto statement = database.Prepare("SELECT at, action, state, reason FROM history WHERE event = ? ORDER BY number");
  if (!statement) return statement.error();
  statement->Bind(shown.event.number.value);
  while (true) {
    const Result<bool> row = statement->Step();
    if (!row) return row.error();
    if (!*row) return Ok();
    HistoryLine line;
    line.at = FromEpochMilliseconds(statement->Int(0));
    if (!statement->IsNull(1)) line.action = ActionNumber{statement->Int(1)};
    line.state = statement->Text(2);
    line.reason = statement->Text(3);
    shown.history.push_back(std::move(line));
  }
}

}  // namespace

Result<std::optional<ActionRecord>> SelectCarriedOut(const Database& database, std::string_view key,
                                                     ActionNumber except) {
  const std::string sql = std::string(kSelectAction) + " WHERE key = ? AND number <> ?" + InCarriedOutStates() +
                          " ORDER BY number DESC LIMIT 1";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(key).Bind(except.value);
  return ReadOneAction(database, *statement);
}

Result<std::optional<ActionRecord>> SelectRecent(const Database& database, std::string_view kind, std::string_view what,
                                                 std::string_view subject, TimePoint since, ActionNumber except) {
  const std::string sql = std::string(kSelectAction) +
                          " WHERE kind = ? AND what = ? AND subject = ? AND changed_at >= ? AND number <> ?" +
                          InCarriedOutStates() + " ORDER BY number DESC LIMIT 1";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(kind).Bind(what).Bind(subject).Bind(ToEpochMilliseconds(since)).Bind(except.value);
  return ReadOneAction(database, *statement);
}

Result<std::vector<EventRecord>> SelectEvents(const Database& database, const ListFilter& filter) {
  std::string sql = std::string(kSelectEvent) + " WHERE true";
  if (filter.state) sql += " AND state = ?";
  if (!filter.text.empty()) sql += kContainsText;
  sql += " ORDER BY number DESC LIMIT ?";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  if (filter.state) statement->Bind(ToString(*filter.state));
  if (!filter.text.empty()) statement->Bind(filter.text).Bind(filter.text).Bind(filter.text).Bind(filter.text);
  statement->Bind(static_cast<std::int64_t>(filter.limit));

  std::vector<EventRecord> events;
  while (true) {
    const Result<bool> row = statement->Step();
    if (!row) return row.error();
    if (!*row) return events;
    Result<EventRecord> event = ReadEvent(database, *statement);
    if (!event) return event.error();
    events.push_back(std::move(*event));
  }
}

Result<Case> SelectCase(const Database& database, EventNumber event) {
  Result<EventRecord> record = SelectEvent(database, event);
  if (!record) return record.error();
  Case shown;
  shown.event = std::move(*record);
  if (Status read = SelectPlan(database, shown); !read) return read.error();
  if (Status read = SelectActions(database, shown); !read) return read.error();
  if (Status read = SelectHistory(database, shown); !read) return read.error();
  return shown;
}

Error NoSuch(const Database& database, std::string_view what, std::int64_t number) {
  Error error = database.Problem("there is no " + std::string(what) + " " + std::to_string(number), "");
  error.code = ErrorCode::kNotFound;
  return error;
}

}  // namespace sallyport
