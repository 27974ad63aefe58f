// SPDX-License-Identifier: Apache-2.0
#include "base/bounds.h"
#include "ledger/move.h"
#include "ledger/query.h"
#include "ledger/records.h"
#include "ledger/rows.h"

namespace sallyport {
namespace {

using sqlite::Database;
using sqlite::Statement;

constexpr std::string_view kSelectAction =
    "SELECT number, event, key, kind, what, subject, severity, json, host, state, reason, changed_at, held_by, plan,"
    " case_number FROM action";

// " AND (state = 'intended' OR ...)": the states for which `is` holds, written as in the index (schema_v3.cc).
std::string InStates(bool (*is)(ActionState)) {
  std::string words;
  for (int i = 0; i <= static_cast<int>(ActionState::kFailed); ++i) {
    const auto state = static_cast<ActionState>(i);
    if (!is(state)) continue;
    if (!words.empty()) words += " OR ";
    words += "state = '" + std::string(ToString(state)) + "'";
  }
  return " AND (" + words + ")";
}

Result<ActionRecord> ReadAction(const Database& database, const Statement& row) {
  ActionRecord record;
  record.number = ActionNumber{row.Int(0)};
  record.event = EventNumber{row.Int(1)};
  record.action = {row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Double(6), row.Text(7), row.Text(8)};
  const std::string word = row.Text(9);
  const auto state = ActionStateFromString(word);
  if (!state) return UnknownState(database, "action", record.number.value, word);
  record.state = *state;
  record.reason = row.Text(10);
  record.changed_at = FromEpochMilliseconds(row.Int(11));
  record.held_by = row.Text(12);
  record.plan = PlanNumber{row.Int(13)};
  record.case_number = CaseNumber{row.Int(14)};
  return record;
}

Result<std::vector<ActionRecord>> ReadActions(const Database& database, Statement& statement) {
  return ReadRows<ActionRecord>(statement, [&](const Statement& row) { return ReadAction(database, row); });
}

Result<std::optional<ActionRecord>> ReadOne(const Database& database, Statement& statement) {
  return ReadRow<ActionRecord>(statement, [&](const Statement& row) { return ReadAction(database, row); });
}

}  // namespace

const std::string& CarriedOutSql() {
  static const std::string sql = std::string(kSelectAction) + " WHERE key = ? AND number <> ?" +
                                 InStates(OccupiesItsKey) + " ORDER BY number DESC LIMIT 1";
  return sql;
}

const std::string& RecentSql() {
  static const std::string sql = std::string(kSelectAction) +
                                 " WHERE kind = ? AND what = ? AND subject = ? AND changed_at >= ? AND number <> ?" +
                                 InStates(MayHaveHappened) + " ORDER BY number DESC LIMIT 1";
  return sql;
}

Result<ActionRecord> SelectAction(const Database& database, ActionNumber action) {
  const std::string sql = std::string(kSelectAction) + " WHERE number = ?";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(action.value);
  auto record = ReadOne(database, *statement);
  if (!record) return record.error();
  if (!*record) return NoSuch(database, "action", action.value);
  return std::move(**record);
}

Result<std::vector<ActionRecord>> SelectActionsOf(const Database& database, PlanNumber plan) {
  const std::string sql = std::string(kSelectAction) + " WHERE plan = ? ORDER BY number";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(plan.value);
  return ReadActions(database, *statement);
}

Result<std::vector<ActionRecord>> SelectActionsOf(const Database& database, EventNumber event) {
  const std::string sql =
      std::string(kSelectAction) + " WHERE plan IN (SELECT plan.number FROM plan WHERE plan.event = ?) ORDER BY number";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(event.value);
  return ReadActions(database, *statement);
}

Result<std::vector<ActionRecord>> SelectActionsOfCase(const Database& database, CaseNumber whole) {
  const std::string sql = std::string(kSelectAction) + " WHERE case_number = ? ORDER BY number LIMIT ?";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(whole.value).Bind(static_cast<std::int64_t>(bounds::kListedEvents));
  return ReadActions(database, *statement);
}

Result<std::vector<ActionRecord>> SelectActionsConcerning(const Database& database, CaseNumber whole) {
  const std::string sql = std::string(kSelectAction) +
                          " WHERE case_number = ?1 OR number IN (SELECT action FROM action_case WHERE"
                          " action_case.case_number = ?1) ORDER BY number LIMIT ?2";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(whole.value).Bind(static_cast<std::int64_t>(bounds::kListedEvents));
  return ReadActions(database, *statement);
}

Result<std::optional<ActionRecord>> SelectCarriedOut(const Database& database, std::string_view key,
                                                     ActionNumber except) {
  auto statement = database.Prepare(CarriedOutSql());
  if (!statement) return statement.error();
  statement->Bind(key).Bind(except.value);
  return ReadOne(database, *statement);
}

Result<std::optional<ActionRecord>> SelectRecent(const Database& database, std::string_view kind, std::string_view what,
                                                 std::string_view subject, TimePoint since, ActionNumber except) {
  auto statement = database.Prepare(RecentSql());
  if (!statement) return statement.error();
  statement->Bind(kind).Bind(what).Bind(subject).Bind(ToEpochMilliseconds(since)).Bind(except.value);
  return ReadOne(database, *statement);
}

}  // namespace sallyport
