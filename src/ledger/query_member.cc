// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain.h"
#include "ledger/query.h"
#include "ledger/rows.h"

namespace sallyport {

Result<std::vector<MemberRecord>> SelectMembers(const sqlite::Database& database, FollowUpNumber question, int after,
                                                std::size_t limit) {
  auto statement = database.Prepare(
      "SELECT number, event, case_number, json, joined_at FROM member WHERE follow_up = ? AND number > ?"
      " ORDER BY number LIMIT ?");
  if (!statement) return statement.error();
  statement->Bind(question.value).Bind(std::int64_t{after}).Bind(static_cast<std::int64_t>(limit));
  return ReadRows<MemberRecord>(*statement, [](const sqlite::Statement& row) {
    return Result(MemberRecord{static_cast<int>(row.Int(0)), EventNumber{row.Int(1)}, CaseNumber{row.Int(2)},
                               row.Text(3), FromEpochMilliseconds(row.Int(4))});
  });
}

std::string MemberContent(EventNumber event, CaseNumber case_number, std::string_view sha256, std::int64_t joined_at) {
  return Fields().Int(event.value).Int(case_number.value).Text(sha256).Int(joined_at).bytes();
}

}  // namespace sallyport
