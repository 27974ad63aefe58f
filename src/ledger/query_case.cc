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

constexpr std::string_view kSelectCaseRecord =
    "SELECT number, event, service, account, region, subject, title, severity, state, outcome, opened_at, changed_at,"
    " closed_at, hosts, owners,"
    " coalesce((SELECT event.reason FROM event_case CROSS JOIN event ON event.number = event_case.event"
    "  WHERE event_case.case_number = cases.number AND cases.outcome = 'settled'"
    "  AND event.source = 'sallyport.operator' AND event.state <> 'received' AND event.state <> 'duplicate' AND "
    "event.detail_type = 'Case Closed'"
    "  ORDER BY event_case.event DESC LIMIT 1),"
    "  (SELECT reason FROM event WHERE event.number = cases.latest), ''),"
    " coalesce((SELECT iif(event.detail_type = 'Case Acknowledged', event.title, '') FROM event_case"
    "  CROSS JOIN event ON event.number = event_case.event WHERE event_case.case_number = cases.number"
    "  AND event.source = 'sallyport.operator' AND event.state <> 'received' AND event.state <> 'duplicate' ORDER BY "
    "event_case.event DESC LIMIT 1), ''),"
    // What its newest plan or an answer behind that says of it; one union of both would be sorted for each case.
    " coalesce(CASE WHEN EXISTS (SELECT 1 FROM plan_says WHERE plan_says.case_number = cases.number) THEN"
    "  (SELECT says FROM plan_says WHERE plan_says.case_number = cases.number AND plan_says.plan > coalesce("
    "    (SELECT number FROM plan WHERE plan.case_number = cases.number AND says NOT IN ('', 'sample', 'malware',"
    "     'malware-handled', 'protected-now', 'manual-rules') ORDER BY plan.number DESC LIMIT 1), 0)"
    "   ORDER BY plan_says.plan DESC LIMIT 1) END,"
    " (SELECT says FROM plan WHERE plan.case_number = cases.number AND says NOT IN ('', 'sample', 'malware',"
    "  'malware-handled', 'protected-now', 'manual-rules') ORDER BY plan.number DESC LIMIT 1), ''),"
    " (SELECT host FROM case_host WHERE case_host.case_number = cases.number AND position = 1),"
    " (SELECT owner FROM case_owner WHERE case_owner.case_number = cases.number AND position = 1)";
static_assert(kOperatorSource == "sallyport.operator");

Result<CaseRecord> ReadCase(const Database& database, const Statement& row) {
  CaseRecord record;
  record.number = CaseNumber{row.Int(0)};
  record.event = EventNumber{row.Int(1)};
  record.service = row.Text(2);
  record.account = row.Text(3);
  record.region = row.Text(4);
  record.subject = row.Text(5);
  record.title = row.Text(6);
  record.severity = row.Double(7);
  const std::string word = row.Text(8);
  const auto state = CaseStateFromString(word);
  if (!state) return UnknownState(database, "case", record.number.value, word);
  record.state = *state;
  record.outcome = row.Text(9);
  record.opened_at = FromEpochMilliseconds(row.Int(10));
  record.changed_at = FromEpochMilliseconds(row.Int(11));
  if (const auto closed = row.IntOrNull(12)) record.closed_at = FromEpochMilliseconds(*closed);
  record.all_hosts = static_cast<std::size_t>(row.Int(13));
  record.all_owners = static_cast<std::size_t>(row.Int(14));
  record.reason = row.Text(15);
  record.acknowledged = row.Text(16);
  const std::string says = row.Text(17);
  const auto known = CaseSaysFromString(says);
  if (!known) return UnknownState(database, "what a plan says of case", record.number.value, says);
  record.says = *known;
  if (!row.IsNull(18)) record.hosts.push_back(row.Text(18));
  if (!row.IsNull(19)) record.owners.push_back(row.Text(19));
  return record;
}

Result<std::vector<std::string>> SelectNames(const Database& database, std::string_view sql, CaseNumber number,
                                             std::size_t limit) {
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(number.value).Bind(static_cast<std::int64_t>(limit));
  return ReadRows<std::string>(*statement, [](const Statement& row) { return Result(row.Text(0)); });
}

// Of several hosts or owners; the first one came with the case.
Status AddNames(const Database& database, CaseRecord& record, std::size_t limit) {
  if (record.all_hosts > 1) {
    auto hosts = SelectNames(database, "SELECT host FROM case_host WHERE case_number = ? ORDER BY position LIMIT ?",
                             record.number, limit);
    if (!hosts) return hosts.error();
    record.hosts = std::move(*hosts);
  }
  if (record.all_owners <= 1) return Ok();
  auto owners = SelectNames(database, "SELECT owner FROM case_owner WHERE case_number = ? ORDER BY position LIMIT ?",
                            record.number, limit);
  if (!owners) return owners.error();
  record.owners = std::move(*owners);
  return Ok();
}

// Where a case is looked for by its number or by what its row says.
constexpr std::string_view kFromCases = " FROM cases WHERE true";
// From the newest to the oldest of those that may have the text (text_filter.h), and only they are looked through: what
// cases say is hundreds of megabytes. contains_text (sqlite.h) and not LIKE: LIKE gives `%` and `_` a meaning and stops
// at a zero byte, behind which a case could hide from a search.
constexpr std::string_view kHasText =
    " FROM case_filter CROSS JOIN cases ON cases.number = case_filter.case_number"
    " WHERE may_contain(:text, filter) AND (contains_text(:text, subject) OR contains_text(:text, title)"
    " OR contains_text(:text, account)"
    " OR EXISTS (SELECT 1 FROM case_host WHERE case_host.case_number = cases.number AND contains_text(:text, host))"
    " OR EXISTS (SELECT 1 FROM case_owner WHERE case_owner.case_number = cases.number AND contains_text(:text, owner))"
    " OR EXISTS (SELECT 1 FROM action WHERE action.case_number = cases.number"
    "  AND contains_text(:text, action.subject))"
    " OR EXISTS (SELECT 1 FROM plan CROSS JOIN plan_text ON plan_text.plan = plan.number"
    "  WHERE plan.case_number = cases.number AND contains_text(:text, json))"
    " OR EXISTS (SELECT 1 FROM event_case CROSS JOIN body ON body.event = event_case.event"
    "  WHERE event_case.case_number = cases.number AND contains_text(:text, json)))";

// In the order of CasesSql.
void BindFilter(Statement& statement, const CaseFilter& filter) {
  if (!filter.text.empty()) statement.Bind(filter.text);
  if (filter.state) statement.Bind(ToString(*filter.state));
  if (!filter.account.empty()) statement.Bind(filter.account);
  if (!filter.host.empty()) statement.Bind(InstanceOf(filter.host)).Bind(filter.host).Bind(filter.host);
  if (!filter.owner.empty()) statement.Bind(filter.owner);
  if (filter.severity > 0) statement.Bind(filter.severity);
  if (filter.since) statement.Bind(ToEpochMilliseconds(*filter.since));
  if (!filter.stopped_by.empty()) {
    statement.Bind(filter.stopped_by).Bind(filter.since ? ToEpochMilliseconds(*filter.since) : 0);
  }
  statement.Bind(static_cast<std::int64_t>(filter.limit));
}

}  // namespace

std::string CasesSql(const CaseFilter& filter) {
  std::string sql = std::string(kSelectCaseRecord) + std::string(filter.text.empty() ? kFromCases : kHasText);
  if (filter.state) sql += " AND state = ?";
  if (!filter.account.empty()) sql += " AND account = ?";
  if (!filter.host.empty()) {
    sql += " AND number IN (SELECT case_number FROM case_host WHERE instance = ? AND (host = ? OR instance = ?))";
  }
  if (!filter.owner.empty()) sql += " AND number IN (SELECT case_number FROM case_owner WHERE owner = ?)";
  if (filter.severity > 0) sql += " AND severity >= ?";
  if (filter.since) sql += " AND changed_at >= ?";
  if (!filter.stopped_by.empty()) {
    sql +=
        " AND number IN (SELECT case_number FROM action WHERE held_by = ?"
        " AND state IN ('refused', 'skipped', 'would') AND changed_at >= ?)";
  }
  if (!filter.samples) sql += " AND outcome <> 'sample'";
  return sql +
         (filter.text.empty() ? " ORDER BY number DESC LIMIT ?" : " ORDER BY case_filter.case_number DESC LIMIT ?");
}

Result<CaseNumber> SelectCaseOf(const Database& database, EventNumber number) {
  auto statement = database.Prepare(
      "SELECT number FROM cases WHERE number = ?1 UNION ALL SELECT case_number FROM event WHERE number = ?1 LIMIT 1");
  if (!statement) return statement.error();
  statement->Bind(number.value);
  const Result<bool> found = statement->Step();
  if (!found) return found.error();
  if (!*found) return NoSuch(database, "event", number.value);
  return CaseNumber{statement->Int(0)};
}

Result<CaseRecord> SelectCaseRecord(const Database& database, CaseNumber number) {
  const std::string sql = std::string(kSelectCaseRecord) + std::string(kFromCases) + " AND number = ?";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(number.value);
  auto record = ReadRow<CaseRecord>(*statement, [&](const Statement& row) { return ReadCase(database, row); });
  if (!record) return record.error();
  if (!*record) return NoSuch(database, "case", number.value);
  if (Status read = AddNames(database, **record, bounds::kListedEvents); !read) return read.error();
  return std::move(**record);
}

Result<std::vector<CaseRecord>> SelectCases(const Database& database, const CaseFilter& filter) {
  const std::string sql = CasesSql(filter);
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  BindFilter(*statement, filter);
  auto records = ReadRows<CaseRecord>(*statement, [&](const Statement& row) { return ReadCase(database, row); });
  if (!records) return records.error();
  for (CaseRecord& record : *records) {
    if (Status read = AddNames(database, record, kHostsInLists); !read) return read.error();
  }
  return records;
}

Result<std::vector<CaseNumber>> SelectChangedSince(const Database& database, TimePoint since, std::size_t limit) {
  auto statement = database.Prepare(
      "SELECT number FROM cases WHERE changed_at >= ? AND outcome <> 'sample' ORDER BY number DESC LIMIT ?");
  if (!statement) return statement.error();
  statement->Bind(ToEpochMilliseconds(since)).Bind(static_cast<std::int64_t>(limit));
  return ReadRows<CaseNumber>(*statement, [](const Statement& row) { return Result(CaseNumber{row.Int(0)}); });
}

// A case that is closed says "settled", or never said that its host is compromised (case_state.h). What SWP reported of
// malware and did not handle counts like a finding that says so.
std::string CompromisedSql() {
  return "SELECT case_host.case_number FROM case_host CROSS JOIN cases ON cases.number = case_host.case_number"
         " WHERE case_host.instance = ?1 AND cases.state <> 'closed' AND ((SELECT says FROM plan"
         " WHERE plan.case_number = case_host.case_number"
         " AND says NOT IN ('', 'sample', 'malware', 'malware-handled', 'protected-now', 'manual-rules')"
         " ORDER BY plan.number DESC LIMIT 1) = ?2"
         " OR EXISTS (SELECT 1 FROM plan WHERE plan.case_number = case_host.case_number AND says = 'malware'"
         " AND plan.number > coalesce((SELECT max(number) FROM plan AS settles"
         " WHERE settles.case_number = case_host.case_number AND settles.says = 'settled'), 0)))"
         " ORDER BY case_host.case_number DESC LIMIT 1";
}

Result<std::optional<CaseNumber>> SelectCompromised(const Database& database, std::string_view instance) {
  auto statement = database.Prepare(CompromisedSql());
  if (!statement) return statement.error();
  statement->Bind(instance).Bind(ToString(CaseSays::kCompromised));
  return ReadRow<CaseNumber>(*statement, [](const Statement& row) { return Result(CaseNumber{row.Int(0)}); });
}

// "account/region/instance" is found by the instance too.
std::string_view InstanceOf(std::string_view host) {
  const std::size_t slash = host.rfind('/');
  return slash == std::string_view::npos ? host : host.substr(slash + 1);
}

}  // namespace sallyport
