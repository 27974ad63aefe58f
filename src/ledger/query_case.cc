// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/bounds.h"
#include "ledger/query.h"
#include "ledger/rows.h"

namespace sallyport {
namespace {

using sqlite::Database;
using sqlite::Statement;

constexpr std::string_view kSelectLine =
    "SELECT history.number, at, history.event, action, follow_up, delivery, kind, history.state, history.reason, hash"
    " FROM history";

Result<HistoryLine> ReadLine(const Statement& row) {
  HistoryLine line;
  line.number = row.Int(0);
  line.at = FromEpochMilliseconds(row.Int(1));
  line.event = EventNumber{row.Int(2)};
  if (const auto action = row.IntOrNull(3)) line.action = ActionNumber{*action};
  if (const auto follow_up = row.IntOrNull(4)) line.follow_up = FollowUpNumber{*follow_up};
  line.delivery = row.IntOrNull(5);
  line.kind = row.Text(6);
  line.state = row.Text(7);
  line.reason = row.Text(8);
  line.hash = row.Text(9);
  return line;
}

Result<std::vector<HistoryLine>> SelectHistoryOfCase(const Database& database, EventNumber whole) {
  const std::string sql = std::string(kSelectLine) +
                          " JOIN event ON event.number = history.event WHERE event.case_number = ?"
                          " ORDER BY history.number DESC LIMIT ?";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(whole.value).Bind(static_cast<std::int64_t>(bounds::kListedEvents));
  auto lines = ReadRows<HistoryLine>(*statement, ReadLine);
  if (lines.ok()) std::reverse(lines->begin(), lines->end());
  return lines;
}

// Moves a result's value to where it belongs.
template <class T>
Status Take(Result<T> result, T& place) {
  if (!result) return result.error();
  place = std::move(*result);
  return Ok();
}

}  // namespace

Result<std::vector<HistoryLine>> SelectHistory(const Database& database, std::int64_t after, std::size_t limit) {
  const std::string sql = std::string(kSelectLine) + " WHERE history.number > ? ORDER BY history.number LIMIT ?";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(after).Bind(static_cast<std::int64_t>(limit));
  return ReadRows<HistoryLine>(*statement, ReadLine);
}

Result<Case> SelectCase(const Database& database, EventNumber event) {
  const Result<EventNumber> whole = SelectCaseOf(database, event);
  if (!whole) return whole.error();
  Case shown;
  if (Status read = Take(SelectEvent(database, *whole), shown.event); !read) return read.error();
  if (Status read = Take(SelectEventsOfCase(database, *whole), shown.updates); !read) return read.error();
  const auto first = [&](const EventRecord& update) { return update.number == *whole; };
  shown.updates.erase(std::remove_if(shown.updates.begin(), shown.updates.end(), first), shown.updates.end());
  if (Status read = Take(SelectPlansOfCase(database, *whole), shown.plans); !read) return read.error();
  if (Status read = Take(SelectActionsOfCase(database, *whole), shown.actions); !read) return read.error();
  if (Status read = Take(SelectFollowUpsOfCase(database, *whole), shown.follow_ups); !read) return read.error();
  if (Status read = Take(SelectDeliveriesOfCase(database, *whole), shown.deliveries); !read) return read.error();
  if (Status read = Take(SelectHistoryOfCase(database, *whole), shown.history); !read) return read.error();
  return shown;
}

}  // namespace sallyport
