// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/bounds.h"
#include "ledger/move.h"
#include "ledger/query.h"
#include "ledger/records.h"
#include "ledger/rows.h"

namespace sallyport {
namespace {

using sqlite::Database;
using sqlite::Statement;

constexpr std::string_view kSelectFollowUp =
    "SELECT number, case_number, key, question, subject, json, due, give_up_at, state, attempts, reason, asked_at,"
    " changed_at, format, members, trimmed, answered, successor, waiting,"
    " (SELECT max(plan.number) FROM plan WHERE plan.question = follow_up.number) FROM follow_up";
constexpr std::string_view kSelectDelivery =
    "SELECT number, case_number, message, channel, state, sha256, handle, attempts, reason, changed_at FROM delivery";

Result<std::vector<ActionNumber>> SelectWaiting(const Database& database, FollowUpNumber follow_up) {
  auto statement = database.Prepare("SELECT action FROM waiting WHERE follow_up = ? ORDER BY action");
  if (!statement) return statement.error();
  statement->Bind(follow_up.value);
  return ReadRows<ActionNumber>(*statement, [](const Statement& row) { return Result(ActionNumber{row.Int(0)}); });
}

// Without the actions that wait for it.
Result<FollowUpRecord> ReadFollowUpAlone(const Database& database, const Statement& row) {
  FollowUpRecord record;
  record.number = FollowUpNumber{row.Int(0)};
  NewFollowUp& follow_up = record.follow_up;
  follow_up.case_number = EventNumber{row.Int(1)};
  follow_up.key = row.Text(2);
  follow_up.question = row.Text(3);
  follow_up.subject = row.Text(4);
  follow_up.json = row.Text(5);
  follow_up.due = FromEpochMilliseconds(row.Int(6));
  follow_up.give_up_at = FromEpochMilliseconds(row.Int(7));
  const std::string word = row.Text(8);
  const auto state = FollowUpStateFromString(word);
  if (!state) return UnknownState(database, "follow-up", record.number.value, word);
  record.state = *state;
  record.attempts = static_cast<int>(row.Int(9));
  record.reason = row.Text(10);
  record.asked_at = FromEpochMilliseconds(row.Int(11));
  record.changed_at = FromEpochMilliseconds(row.Int(12));
  follow_up.format = static_cast<int>(row.Int(13));
  record.members = static_cast<int>(row.Int(14));
  record.trimmed = static_cast<int>(row.Int(15));
  record.answered = static_cast<int>(row.Int(16));
  if (const auto successor = row.IntOrNull(17)) record.successor = FollowUpNumber{*successor};
  record.waits = static_cast<int>(row.Int(18));
  if (const auto plan = row.IntOrNull(19)) record.plan = PlanNumber{*plan};
  return record;
}

Result<FollowUpRecord> ReadFollowUp(const Database& database, const Statement& row) {
  auto record = ReadFollowUpAlone(database, row);
  if (!record) return record;
  Result<std::vector<ActionNumber>> waiting = SelectWaiting(database, record->number);
  if (!waiting) return waiting.error();
  record->follow_up.waiting = std::move(*waiting);
  return record;
}

Result<std::vector<FollowUpRecord>> ReadFollowUps(const Database& database, Statement& statement) {
  return ReadRows<FollowUpRecord>(statement, [&](const Statement& row) { return ReadFollowUp(database, row); });
}

Result<DeliveryRecord> ReadDelivery(const Database& database, const Statement& row) {
  DeliveryRecord record;
  record.number = row.Int(0);
  record.case_number = EventNumber{row.Int(1)};
  record.message = row.Text(2);
  record.channel = row.Text(3);
  const std::string word = row.Text(4);
  const auto state = DeliveryStateFromString(word);
  if (!state) return UnknownState(database, "delivery", record.number, word);
  record.state = *state;
  record.sha256 = row.Text(5);
  record.handle = row.Text(6);
  record.attempts = static_cast<int>(row.Int(7));
  record.reason = row.Text(8);
  record.changed_at = FromEpochMilliseconds(row.Int(9));
  return record;
}

Result<std::vector<DeliveryRecord>> ReadDeliveries(const Database& database, Statement& statement) {
  return ReadRows<DeliveryRecord>(statement, [&](const Statement& row) { return ReadDelivery(database, row); });
}

}  // namespace

Result<FollowUpRecord> SelectFollowUp(const Database& database, FollowUpNumber follow_up) {
  const std::string sql = std::string(kSelectFollowUp) + " WHERE number = ?";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(follow_up.value);
  auto record = ReadRow<FollowUpRecord>(*statement, [&](const Statement& row) { return ReadFollowUp(database, row); });
  if (!record) return record.error();
  if (!*record) return NoSuch(database, "follow-up", follow_up.value);
  return std::move(**record);
}

Result<std::optional<FollowUpRecord>> SelectOpenFollowUp(const Database& database, std::string_view key) {
  const std::string sql = std::string(kSelectFollowUp) + " WHERE key = ? AND state = 'open'";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(key);
  return ReadRow<FollowUpRecord>(*statement, [&](const Statement& row) { return ReadFollowUpAlone(database, row); });
}

Result<std::vector<FollowUpNumber>> SelectDue(const Database& database, TimePoint now, std::size_t limit) {
  const auto number = [](const Statement& row) { return Result(FollowUpNumber{row.Int(0)}); };
  auto statement = database.Prepare(kSelectDue);
  if (!statement) return statement.error();
  statement->Bind(ToEpochMilliseconds(now)).Bind(static_cast<std::int64_t>(limit));
  auto due = ReadRows<FollowUpNumber>(*statement, number);
  if (!due || due->size() >= limit) return due;
  auto in_spite = database.Prepare(kSelectDueInSpite);
  if (!in_spite) return in_spite.error();
  in_spite->Bind(ToEpochMilliseconds(now))
      .Bind(ToEpochMilliseconds(now + kLongestLease))
      .Bind(static_cast<std::int64_t>(limit - due->size()));
  const auto more = ReadRows<FollowUpNumber>(*in_spite, number);
  if (!more) return more.error();
  due->insert(due->end(), more->begin(), more->end());
  return due;
}

// One that is claimed rings again when its claim has ended, but for a claim by a clock that has been set back.
Result<std::optional<TimePoint>> SelectNextDue(const Database& database, TimePoint now) {
  auto statement = database.Prepare(kSelectNextRing);
  if (!statement) return statement.error();
  const auto rings = ReadRow<std::int64_t>(*statement, FirstColumn);
  if (!rings) return rings.error();
  if (!*rings) return std::optional<TimePoint>();
  auto in_spite = database.Prepare(kSelectNextRingInSpite);
  if (!in_spite) return in_spite.error();
  in_spite->Bind(ToEpochMilliseconds(now + kLongestLease));
  const Result<bool> row = in_spite->Step();
  if (!row) return row.error();
  return std::optional(FromEpochMilliseconds(std::min(**rings, in_spite->IntOrNull(0).value_or(**rings))));
}

Result<std::vector<FollowUpRecord>> SelectFollowUps(const Database& database, std::optional<FollowUpState> state,
                                                    std::size_t limit) {
  std::string sql(kSelectFollowUp);
  if (state) sql += " WHERE state = '" + std::string(ToString(*state)) + "'";
  // In the order of the index of the open ones.
  sql += state == FollowUpState::kOpen ? " ORDER BY rings_at, number LIMIT ?" : " ORDER BY due, number LIMIT ?";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(static_cast<std::int64_t>(limit));
  return ReadFollowUps(database, *statement);
}

Result<std::vector<FollowUpRecord>> SelectFollowUpsOfCase(const Database& database, CaseNumber whole) {
  const std::string sql = std::string(kSelectFollowUp) +
                          " WHERE case_number = ?1"
                          " OR number IN (SELECT follow_up FROM member WHERE member.case_number = ?1)"
                          " OR number IN (SELECT plan.question FROM plan WHERE plan.case_number = ?1)"
                          " ORDER BY number LIMIT ?2";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(whole.value).Bind(static_cast<std::int64_t>(bounds::kListedEvents));
  return ReadFollowUps(database, *statement);
}

Result<std::optional<DeliveryRecord>> SelectDelivery(const Database& database, CaseNumber whole,
                                                     std::string_view message, std::string_view channel) {
  const std::string sql = std::string(kSelectDelivery) + " WHERE case_number = ? AND message = ? AND channel = ?";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(whole.value).Bind(message).Bind(channel);
  return ReadRow<DeliveryRecord>(*statement, [&](const Statement& row) { return ReadDelivery(database, row); });
}

Result<std::vector<DeliveryRecord>> SelectPending(const Database& database, std::size_t limit) {
  const std::string sql =
      std::string(kSelectDelivery) + " WHERE state IN ('pending', 'outcome-unknown') ORDER BY number LIMIT ?";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(static_cast<std::int64_t>(limit));
  return ReadDeliveries(database, *statement);
}

Result<std::vector<DeliveryRecord>> SelectDeliveriesOfCase(const Database& database, CaseNumber whole) {
  const std::string sql = std::string(kSelectDelivery) + " WHERE case_number = ? ORDER BY number LIMIT ?";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(whole.value).Bind(static_cast<std::int64_t>(bounds::kListedEvents));
  return ReadDeliveries(database, *statement);
}

}  // namespace sallyport
