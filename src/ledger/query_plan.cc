// SPDX-License-Identifier: Apache-2.0
#include "base/bounds.h"
#include "base/text.h"
#include "ledger/move.h"
#include "ledger/query.h"
#include "ledger/records.h"
#include "ledger/rows.h"

namespace sallyport {
namespace {

using sqlite::Database;
using sqlite::Statement;

constexpr std::string_view kSelectPlan =
    "SELECT number, event, case_number, workflow, format, digest, actions, state, reason, changed_at, expires_at,"
    " coalesce(json, ''), question, last_member, says FROM plan LEFT JOIN plan_text ON plan_text.plan = plan.number";
constexpr std::size_t kFewestDigits = 8;
constexpr std::size_t kDigestDigits = 64;

Result<PlanRecord> ReadPlan(const Database& database, const Statement& row) {
  PlanRecord record;
  record.number = PlanNumber{row.Int(0)};
  record.event = EventNumber{row.Int(1)};
  record.case_number = CaseNumber{row.Int(2)};
  record.workflow = row.Text(3);
  record.format = static_cast<int>(row.Int(4));
  record.digest = row.Text(5);
  record.all_actions = static_cast<int>(row.Int(6));
  const std::string word = row.Text(7);
  const auto state = PlanStateFromString(word);
  if (!state) return UnknownState(database, "plan", record.number.value, word);
  record.state = *state;
  record.reason = row.Text(8);
  record.changed_at = FromEpochMilliseconds(row.Int(9));
  if (const auto expires = row.IntOrNull(10)) record.expires_at = FromEpochMilliseconds(*expires);
  record.json = row.Text(11);
  if (const auto question = row.IntOrNull(12)) record.question = FollowUpNumber{*question};
  record.last_member = static_cast<int>(row.Int(13));
  const std::string says = row.Text(14);
  const auto said = CaseSaysFromString(says);
  if (!said) return UnknownState(database, "what plan", record.number.value, says);
  record.says = *said;
  return record;
}

Result<std::vector<PlanRecord>> ReadPlans(const Database& database, Statement& statement) {
  return ReadRows<PlanRecord>(statement, [&](const Statement& row) { return ReadPlan(database, row); });
}

Status CheckPrefix(std::string_view prefix) {
  const bool digits = prefix.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (digits && prefix.size() >= kFewestDigits && prefix.size() <= kDigestDigits) return Ok();
  return Error{ErrorCode::kInvalidInput, "`" + Printable(prefix, 80) + "` is not the beginning of a plan's digest",
               "give at least its first 8 digits, as `sallyport plans list` shows them"};
}

// Digests between `prefix` and `behind`: none, one or several?
Status CheckOneDigest(const Database& database, const std::string& prefix, const std::string& behind) {
  auto statement =
      database.Prepare("SELECT min(digest), min(digest) = max(digest) FROM plan WHERE digest >= ? AND digest < ?");
  if (!statement) return statement.error();
  statement->Bind(prefix).Bind(behind);
  const Result<bool> row = statement->Step();
  if (!row) return row.error();
  if (statement->IsNull(0)) {
    Error error = database.Problem("there is no plan whose digest begins with `" + prefix + "`", "");
    error.code = ErrorCode::kNotFound;
    return error;
  }
  if (statement->Int(1) == 1) return Ok();
  return Error{ErrorCode::kInvalidInput, "several plans have a digest that begins with `" + prefix + "`",
               "give more of its digits"};
}

}  // namespace

Result<std::vector<PlanRecord>> SelectPlansOf(const Database& database, EventNumber event) {
  const std::string sql = std::string(kSelectPlan) + " WHERE event = ? ORDER BY number";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(event.value);
  return ReadPlans(database, *statement);
}

Result<std::vector<PlanRecord>> SelectNewestPlans(const Database& database, CaseNumber case_number,
                                                  std::string_view workflow, std::size_t limit) {
  const std::string sql =
      std::string(kSelectPlan) + " WHERE case_number = ? AND workflow = ? ORDER BY number DESC LIMIT ?";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(case_number.value).Bind(workflow).Bind(static_cast<std::int64_t>(limit));
  return ReadPlans(database, *statement);
}

Result<PlanRecord> SelectPlan(const Database& database, PlanNumber plan) {
  const std::string sql = std::string(kSelectPlan) + " WHERE number = ?";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(plan.value);
  auto record = ReadRow<PlanRecord>(*statement, [&](const Statement& row) { return ReadPlan(database, row); });
  if (!record) return record.error();
  if (!*record) return NoSuch(database, "plan", plan.value);
  return std::move(**record);
}

Result<PlanRecord> SelectPlanByDigest(const Database& database, std::string_view digest_prefix) {
  const std::string prefix = ToLowerAscii(digest_prefix);
  if (Status good = CheckPrefix(prefix); !good) return good.error();
  // `g` stands behind every hexadecimal digit.
  const std::string behind = prefix + "g";
  if (Status one = CheckOneDigest(database, prefix, behind); !one) return one.error();
  // The one that is to be approved, else the newest: the same can have been decided for several events.
  const std::string sql = std::string(kSelectPlan) +
                          " WHERE digest >= ? AND digest < ?"
                          " ORDER BY state = 'awaiting-approval' DESC, number DESC LIMIT 1";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(prefix).Bind(behind);
  auto plan = ReadRow<PlanRecord>(*statement, [&](const Statement& row) { return ReadPlan(database, row); });
  if (!plan) return plan.error();
  // Both SELECTs see one state of things.
  if (!*plan) return database.Problem("a plan is there in part only", "run `sallyport ledger verify`");
  return std::move(**plan);
}

Result<std::vector<PlanRecord>> SelectPlans(const Database& database, std::optional<PlanState> state,
                                            std::size_t limit) {
  std::string sql(kSelectPlan);
  if (state) sql += " WHERE state IN (?, ?)";
  sql += " ORDER BY number DESC LIMIT ?";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  if (state) statement->Bind(ToString(*state)).Bind(EarlierWord(*state));
  statement->Bind(static_cast<std::int64_t>(limit));
  return ReadPlans(database, *statement);
}

Result<std::vector<PlanRecord>> SelectPlansOfCase(const Database& database, CaseNumber whole) {
  const std::string sql = std::string(kSelectPlan) +
                          " WHERE case_number = ?1 OR number IN (SELECT answer.number FROM member JOIN plan AS answer"
                          " ON answer.question = member.follow_up AND answer.last_member >= member.number"
                          " WHERE member.case_number = ?1) ORDER BY number LIMIT ?2";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(whole.value).Bind(static_cast<std::int64_t>(bounds::kListedEvents));
  return ReadPlans(database, *statement);
}

}  // namespace sallyport
