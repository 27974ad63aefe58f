// SPDX-License-Identifier: Apache-2.0
//
// What a batch claims about the ledger, looked at in the transaction in which it is recorded.
#include "ledger/query.h"
#include "ledger/records.h"
#include "ledger/write.h"

namespace sallyport {
namespace {

using sqlite::Database;

struct ClaimCheck {
  const Database& database;

  Result<bool> Seen(const Result<std::optional<ActionRecord>>& found, const std::optional<SeenAction>& seen) const {
    if (!found) return found.error();
    return SeenOf(*found) == seen;
  }

  // The word of a record's state; kNotFound when nothing has the number.
  Result<bool> StateIs(std::string_view sql, std::string_view what, std::int64_t number, std::string_view word) const {
    auto statement = database.Prepare(sql);
    if (!statement) return statement.error();
    statement->Bind(number);
    const Result<bool> found = statement->Step();
    if (!found) return found.error();
    if (!*found) return NoSuch(database, what, number);
    return statement->Text(0) == word;
  }

  Result<bool> operator()(const KeyIsFree& claim) const {
    return Seen(SelectCarriedOut(database, claim.key, claim.except), claim.seen);
  }
  Result<bool> operator()(const DeedIs& claim) const {
    return Seen(SelectRecent(database, claim.kind, claim.what, claim.subject, claim.since, claim.except), claim.seen);
  }
  Result<bool> operator()(const EventIs& claim) const {
    return StateIs("SELECT state FROM event WHERE number = ?", "event", claim.event.value, ToString(claim.state));
  }
  Result<bool> operator()(const PlanIs& claim) const {
    return StateIs("SELECT state FROM plan WHERE number = ?", "plan", claim.plan.value, ToString(claim.state));
  }
  Result<bool> operator()(const ActionIs& claim) const {
    return StateIs("SELECT state FROM action WHERE number = ?", "action", claim.action.value, ToString(claim.state));
  }
  Result<bool> operator()(const FollowUpIs& claim) const {
    const auto record = SelectFollowUp(database, claim.follow_up);
    if (!record) return record.error();
    return record->state == FollowUpState::kOpen && record->attempts == claim.attempts &&
           (!claim.waiting || record->follow_up.waiting.size() == *claim.waiting);
  }
  Result<bool> operator()(const DeliveryIs& claim) const {
    const auto whole = SelectCaseOf(database, claim.case_number);
    if (!whole) return whole.error();
    const auto record = SelectDelivery(database, *whole, claim.message, claim.channel);
    if (!record) return record.error();
    return SeenOf(*record) == claim.seen;
  }
  Result<bool> operator()(const MembersAre& claim) const {
    const auto record = SelectOpenFollowUp(database, claim.key);
    if (!record) return record.error();
    return (*record ? (*record)->members : 0) == claim.members;
  }
  Result<bool> operator()(const NewestIs& claim) const {
    const auto newest = SelectNewestNumber(database, claim.case_number, claim.source, kAnyEvent);
    if (!newest) return newest.error();
    return newest->value_or(EventNumber{}).value == claim.event.value;
  }
};

}  // namespace

Result<bool> Holds(const Database& database, const Claim& claim) {
  return std::visit(ClaimCheck{database}, claim);
}

}  // namespace sallyport
