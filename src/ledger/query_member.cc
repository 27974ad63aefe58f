// SPDX-License-Identifier: Apache-2.0
#include "base/bounds.h"
#include "ledger/chain.h"
#include "ledger/query.h"
#include "ledger/rows.h"

namespace sallyport {
namespace {

constexpr std::string_view kSelectMember = "SELECT number, event, case_number, json, joined_at, follow_up FROM member";

Result<MemberRecord> ReadMember(const sqlite::Statement& row) {
  return MemberRecord{static_cast<int>(row.Int(0)),      EventNumber{row.Int(1)},   CaseNumber{row.Int(2)}, row.Text(3),
                      FromEpochMilliseconds(row.Int(4)), FollowUpNumber{row.Int(5)}};
}

}  // namespace

Result<std::vector<MemberRecord>> SelectMembers(const sqlite::Database& database, FollowUpNumber question, int after,
                                                std::size_t limit) {
  const std::string sql = std::string(kSelectMember) + " WHERE follow_up = ? AND number > ? ORDER BY number LIMIT ?";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(question.value).Bind(std::int64_t{after}).Bind(static_cast<std::int64_t>(limit));
  return ReadRows<MemberRecord>(*statement, ReadMember);
}

Result<std::vector<MemberRecord>> SelectMembersOfCase(const sqlite::Database& database, CaseNumber whole) {
  const std::string sql = std::string(kSelectMember) +
                          " WHERE rowid IN (SELECT rowid FROM member WHERE case_number = ?1 UNION"
                          " SELECT member.rowid FROM plan CROSS JOIN member ON member.follow_up = plan.question"
                          " AND member.number <= plan.last_member WHERE plan.case_number = ?1)"
                          " ORDER BY follow_up, number LIMIT ?2";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(whole.value).Bind(static_cast<std::int64_t>(bounds::kListedEvents));
  return ReadRows<MemberRecord>(*statement, ReadMember);
}

std::string ContentOfMember(EventNumber event, CaseNumber case_number, std::string_view sha256,
                            std::int64_t joined_at) {
  return Fields().Int(event.value).Int(case_number.value).Text(sha256).Int(joined_at).bytes();
}

}  // namespace sallyport
