// SPDX-License-Identifier: Apache-2.0
#include "ledger/query.h"
#include "ledger/records.h"
#include "ledger/write.h"

namespace sallyport {
namespace {

using sqlite::Database;

// The number of the record that is there already, or the next one.
Result<std::int64_t> NumberFor(const Database& database, CaseNumber whole, const DeliveryRecord& delivery) {
  const auto earlier = SelectDelivery(database, whole, delivery.message, delivery.channel);
  if (!earlier) return earlier.error();
  if (*earlier) return (*earlier)->number;
  return NextNumber(database, TableOf(RecordKind::kDelivery));
}

}  // namespace

Status UpsertDelivery(Writing& writing, const DeliveryRecord& delivery) {
  const Result<CaseNumber> whole = SelectCaseOf(writing.database, delivery.case_number);
  if (!whole) return whole.error();
  const Result<std::int64_t> number = NumberFor(writing.database, *whole, delivery);
  if (!number) return number.error();
  auto statement = writing.database.Prepare(
      "INSERT INTO delivery (number, case_number, message, channel, state, sha256, handle, attempts, reason, "
      "changed_at)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO UPDATE SET state = excluded.state,"
      " sha256 = excluded.sha256, handle = excluded.handle, attempts = excluded.attempts, reason = excluded.reason,"
      " changed_at = excluded.changed_at");
  if (!statement) return statement.error();
  statement->Bind(*number)
      .Bind(whole->value)
      .Bind(delivery.message)
      .Bind(delivery.channel)
      .Bind(ToString(delivery.state))
      .Bind(delivery.sha256)
      .Bind(delivery.handle)
      .Bind(std::int64_t{delivery.attempts})
      .Bind(delivery.reason)
      .Bind(ToEpochMilliseconds(writing.now));
  if (Status written = statement->Run(); !written) return written;
  return Tell(writing, RecordKind::kDelivery, *number, delivery.reason);
}

}  // namespace sallyport
