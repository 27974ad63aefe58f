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
    "SELECT number, at, kind, subject, event, case_number, state, reason, hash FROM history";

Result<HistoryLine> ReadLine(const Statement& row) {
  HistoryLine line;
  line.number = row.Int(0);
  line.at = FromEpochMilliseconds(row.Int(1));
  line.kind = row.Text(2);
  line.subject = row.Int(3);
  if (const auto event = row.IntOrNull(4)) line.event = EventNumber{*event};
  if (const auto whole = row.IntOrNull(5)) line.case_number = CaseNumber{*whole};
  line.state = row.Text(6);
  line.reason = row.Text(7);
  line.hash = row.Text(8);
  return line;
}

// Lines of the case, and lines of its events that name another case of theirs. The newest, oldest first. CROSS JOIN:
// the planner would walk over all lines about events.
Result<std::vector<HistoryLine>> SelectHistoryOfCase(const Database& database, CaseNumber whole) {
  const std::string sql = std::string(kSelectLine) +
                          " WHERE number IN (SELECT number FROM history WHERE case_number = ?1 UNION"
                          " SELECT history.number FROM event_case CROSS JOIN history ON history.kind = 'event'"
                          " AND history.subject = event_case.event WHERE event_case.case_number = ?1)"
                          " ORDER BY number DESC LIMIT ?2";
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

Result<std::optional<ChainHead>> SelectNewestHead(const Database& database) {
  auto statement = database.Prepare("SELECT number, at, hash FROM history ORDER BY number DESC LIMIT 1");
  if (!statement) return statement.error();
  return ReadRow<ChainHead>(*statement, [](const Statement& row) {
    return Result(ChainHead{row.Int(0), FromEpochMilliseconds(row.Int(1)), row.Text(2)});
  });
}

Result<std::vector<HistoryLine>> SelectHistory(const Database& database, std::int64_t after, std::size_t limit) {
  const std::string sql = std::string(kSelectLine) + " WHERE number > ? ORDER BY number LIMIT ?";
  auto statement = database.Prepare(sql);
  if (!statement) return statement.error();
  statement->Bind(after).Bind(static_cast<std::int64_t>(limit));
  return ReadRows<HistoryLine>(*statement, ReadLine);
}

Result<Case> SelectCase(const Database& database, EventNumber number) {
  const Result<CaseNumber> whole = SelectCaseOf(database, number);
  if (!whole) return whole.error();
  Case shown;
  if (Status read = Take(SelectCaseRecord(database, *whole), shown.record); !read) return read.error();
  if (Status read = Take(SelectEvent(database, shown.record.event), shown.event); !read) return read.error();
  if (Status read = Take(SelectEventsOfCase(database, *whole), shown.updates); !read) return read.error();
  const auto first = [&](const EventRecord& update) { return update.number == shown.record.event; };
  shown.updates.erase(std::remove_if(shown.updates.begin(), shown.updates.end(), first), shown.updates.end());
  if (Status read = Take(SelectPlansOfCase(database, *whole), shown.plans); !read) return read.error();
  if (Status read = Take(SelectActionsConcerning(database, *whole), shown.actions); !read) return read.error();
  if (Status read = Take(SelectFollowUpsOfCase(database, *whole), shown.follow_ups); !read) return read.error();
  if (Status read = Take(SelectMembersOfCase(database, *whole), shown.members); !read) return read.error();
  if (Status read = Take(SelectDeliveriesOfCase(database, *whole), shown.deliveries); !read) return read.error();
  return shown;
}

Result<Case> SelectCaseWithHistory(const Database& database, EventNumber number) {
  auto shown = SelectCase(database, number);
  if (!shown) return shown;
  if (Status read = Take(SelectHistoryOfCase(database, shown->record.number), shown->history); !read)
    return read.error();
  return shown;
}

}  // namespace sallyport
