// SPDX-License-Identifier: Apache-2.0
#include "ledger/rows.h"
#include "ledger/write.h"

namespace sallyport {
namespace {

using sqlite::Database;
using sqlite::Statement;

// ?1: the case. The same as kHasText (query_case.cc) looks through.
constexpr std::string_view kSelectTexts =
    "SELECT subject FROM cases WHERE number = ?1 UNION ALL SELECT title FROM cases WHERE number = ?1"
    " UNION ALL SELECT account FROM cases WHERE number = ?1"
    " UNION ALL SELECT host FROM case_host WHERE case_number = ?1"
    " UNION ALL SELECT owner FROM case_owner WHERE case_number = ?1"
    " UNION ALL SELECT subject FROM action WHERE case_number = ?1"
    " UNION ALL SELECT json FROM plan CROSS JOIN plan_text ON plan_text.plan = plan.number WHERE case_number = ?1"
    " UNION ALL SELECT json FROM event_case CROSS JOIN body ON body.event = event_case.event WHERE case_number = ?1";

Result<std::optional<std::string>> ReadFilter(const Database& database, std::int64_t number) {
  auto statement = database.Prepare("SELECT filter FROM case_filter WHERE case_number = ?");
  if (!statement) return statement.error();
  statement->Bind(number);
  return ReadRow<std::string>(*statement, [](const Statement& row) { return Result(row.Text(0)); });
}

Status StoreFilter(Database& database, std::int64_t number, std::string_view filter) {
  auto statement = database.Prepare(
      "INSERT INTO case_filter (case_number, filter) VALUES (?1, ?2)"
      " ON CONFLICT (case_number) DO UPDATE SET filter = ?2");
  if (!statement) return statement.error();
  statement->Bind(number).BindBytes(filter);
  return statement->Run();
}

Status AddTextsOf(Writing& writing, std::int64_t number, const TextFilter& more) {
  Result<std::optional<std::string>> stored = ReadFilter(writing.database, number);
  if (!stored) return stored.error();
  if (!*stored) return StoreFilter(writing.database, number, more.Stored());
  switch (more.MergeInto(**stored)) {
    case TextFilter::Merged::kNothingNew:
      return Ok();
    case TextFilter::Merged::kGrown:
      return StoreFilter(writing.database, number, **stored);
    case TextFilter::Merged::kTooFull:
      break;
  }
  return MakeFilterAnew(writing.database, CaseNumber{number});
}

}  // namespace

Status AddTexts(Writing& writing) {
  for (const auto& [number, more] : writing.texts) {
    if (Status added = AddTextsOf(writing, number, more); !added) return added;
  }
  return Ok();
}

Result<TextFilter> FilterOf(const Database& database, CaseNumber number) {
  auto statement = database.Prepare(kSelectTexts);
  if (!statement) return statement.error();
  statement->Bind(number.value);
  TextFilter filter;
  while (true) {
    const Result<bool> row = statement->Step();
    if (!row) return row.error();
    if (!*row) return filter;
    filter.Add(statement->Text(0));
  }
}

Status MakeFilterAnew(Database& database, CaseNumber number) {
  const Result<TextFilter> filter = FilterOf(database, number);
  if (!filter) return filter.error();
  return StoreFilter(database, number.value, filter->Stored());
}

}  // namespace sallyport
