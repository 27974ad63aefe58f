// SPDX-License-Identifier: Apache-2.0
//
// What the SQLite ledger writes. Each function needs an open write transaction, and writes the new state both into the
// row and as a line of history. Ledger's comments say what each does.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ledger/ledger.h"
#include "ledger/sqlite.h"

namespace sallyport {

// write_event.cc
Result<AddedEvent> InsertEvent(sqlite::Database& database, TimePoint now, const NewEvent& event);
Status ChangeEvent(sqlite::Database& database, TimePoint now, EventNumber event, EventState state,
                   std::string_view reason);
Result<std::vector<EventRecord>> ClaimEvents(sqlite::Database& database, TimePoint now, const std::string& owner,
                                             const StillRuns& still_runs, std::size_t limit);

// write_plan.cc
Result<std::vector<ActionNumber>> InsertPlan(sqlite::Database& database, TimePoint now, EventNumber event,
                                             const NewPlan& plan);
Status ChangePlan(sqlite::Database& database, TimePoint now, EventNumber event, PlanState state,
                  std::string_view reason, std::optional<TimePoint> expires_at);
Status ChangeAction(sqlite::Database& database, TimePoint now, const ActionChange& change);
// With the follow-ups that await what comes of it.
Status ChangeAction(sqlite::Database& database, TimePoint now, const ActionChange& change,
                    const std::vector<NewFollowUp>& follow_ups);
Result<bool> IntendAction(sqlite::Database& database, TimePoint now, ActionNumber action, std::string_view reason,
                          TimePoint since, const std::optional<ActionRecord>& seen);

// write_follow_up.cc
Result<FollowUpNumber> InsertFollowUp(sqlite::Database& database, TimePoint now, const NewFollowUp& follow_up);
Result<std::vector<FollowUpRecord>> ClaimFollowUps(sqlite::Database& database, TimePoint now, TimePoint due_at,
                                                   Duration lease, std::size_t limit);
Status Snooze(sqlite::Database& database, TimePoint now, FollowUpNumber follow_up, TimePoint due,
              std::string_view reason, const std::vector<ActionChange>& changes);
Status EndFollowUp(sqlite::Database& database, TimePoint now, FollowUpNumber follow_up, FollowUpState state,
                   std::string_view reason, const std::vector<ActionChange>& changes);

// write_delivery.cc
Status UpsertDelivery(sqlite::Database& database, TimePoint now, const DeliveryRecord& delivery);

// retention.cc
struct RemovedCases {
  int count = 0;
  EventNumber last;
};
// At most `limit` cases, of those with a number over `after`.
Result<RemovedCases> RemoveSomeContent(sqlite::Database& database, TimePoint now, TimePoint before, EventNumber after,
                                       int limit);

}  // namespace sallyport
