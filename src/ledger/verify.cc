// SPDX-License-Identifier: Apache-2.0
#include "ledger/verify.h"

#include "base/digest.h"
#include "base/text.h"
#include "base/time.h"
#include "ledger/query.h"
#include "ledger/records.h"
#include "ledger/schema_check.h"
#include "ledger/write.h"

namespace sallyport {
namespace {

using sqlite::Database;
using sqlite::Statement;

constexpr std::size_t kShown = 200;

// Is there a line behind line ?3 that says that content of the case was removed? Of an event: of any of its cases.
constexpr std::string_view kSelectRemoval =
    "SELECT 1 FROM history WHERE kind = 'retention' AND number > ?3 AND (subject = ?2 OR subject IN"
    " (SELECT case_number FROM event_case WHERE event = ?1))";
constexpr std::string_view kSelectPlansWithText =
    "SELECT number, digest, coalesce(json, ''), removed, json IS NULL FROM plan LEFT JOIN plan_text"
    " ON plan_text.plan = plan.number";
constexpr std::string_view kSelectBodies =
    "SELECT number, body_sha256, coalesce(json, ''), removed, json IS NULL FROM event LEFT JOIN body"
    " ON body.event = event.number";
// An event's cases are numbered from 1 without gaps, and the first is also in its row.
constexpr std::string_view kSelectMisplacedCases =
    "SELECT event.number FROM event LEFT JOIN event_case ON event_case.event = event.number GROUP BY event.number"
    " HAVING count(position) = 0 OR min(position) <> 1 OR max(position) <> count(position)"
    " OR max(iif(position = 1, event_case.case_number, 0)) <> event.case_number";

// Rows that belong to a record and are in its digest through their own chain.
struct ListOfRecord {
  std::string_view what;
  std::string_view owners;  // record, how many rows it says, last link that it says
  std::string_view rows;    // ?1: the record. position, what the link covers
};
constexpr ListOfRecord kLists[] = {
    {"the hosts of case", "SELECT number, hosts, hosts_sha256 FROM cases",
     "SELECT position, host FROM case_host WHERE case_number = ? ORDER BY position"},
    {"the owners of case", "SELECT number, owners, owners_sha256 FROM cases",
     "SELECT position, owner FROM case_owner WHERE case_number = ? ORDER BY position"},
    {"the actions that wait for follow-up", "SELECT number, waiting, waiting_sha256 FROM follow_up",
     "SELECT position, CAST(action AS TEXT) FROM waiting WHERE follow_up = ? ORDER BY position"}};

// A word out of the file.
std::string Quoted(std::string_view text) {
  return "`" + Printable(text, kShown) + "`";
}

class Verifier {
 public:
  explicit Verifier(const Database& database) : database_(database) {}

  Result<Verification> Run() {
    using Step = Status (Verifier::*)();
    constexpr Step kSteps[] = {&Verifier::CheckFile,    &Verifier::CheckObjects, &Verifier::CheckReferences,
                               &Verifier::CheckChain,   &Verifier::CheckRecords, &Verifier::CheckPlans,
                               &Verifier::CheckBodies,  &Verifier::CheckCases,   &Verifier::CheckLists,
                               &Verifier::CheckFilters, &Verifier::CheckMembers, &Verifier::CheckDocuments};
    for (const Step step : kSteps) {
      if (Status done = (this->*step)(); !done) {
        if (!database_.WasDamaged()) return done.error();
        damaged_ = true;
        Broken(done.error().message);
      }
      // In a damaged file the rest would fail or say the same a thousand times.
      if (damaged_) break;
    }
    return found_;
  }

 private:
  void Broken(std::string what) {
    if (found_.broken.size() < kNamedBroken) found_.broken.push_back(std::move(what));
    if (found_.broken.size() == kNamedBroken) found_.broken.back() = "and more";
  }

  // Calls `each` for every row.
  template <class Each>
  Status ForEach(std::string_view sql, Each each) {
    auto statement = database_.Prepare(sql);
    if (!statement) return statement.error();
    while (true) {
      const Result<bool> row = statement->Step();
      if (!row) return row.error();
      if (!*row) return Ok();
      if (Status done = each(*statement); !done) return done;
    }
  }

  Status CheckFile() {
    return ForEach("PRAGMA integrity_check(10)", [&](const Statement& row) {
      if (row.Text(0) == "ok") return Ok();
      damaged_ = true;
      Broken("the file is damaged: " + Printable(row.Text(0), kShown));
      return Ok();
    });
  }

  Status CheckObjects() {
    const auto differences = SchemaDifferences(database_);
    if (!differences) return differences.error();
    for (const std::string& difference : *differences) Broken(difference);
    return CheckHighestNumbers();
  }

  // SQLite remembers the highest number of each table, so that none is given twice. No row is ever deleted.
  Status CheckHighestNumbers() {
    for (const RecordKind kind : kRecordKinds) {
      const std::string table(TableOf(kind));
      const auto next = NextNumber(database_, table);
      if (!next) return next.error();
      const auto highest = database_.QueryInt("SELECT coalesce(max(number), 0) FROM " + table);
      if (!highest) return highest.error();
      if (*next == *highest + 1) continue;
      Broken("the highest " + std::string(ToString(kind)) + " is " + std::to_string(*highest) + ", but " +
             std::to_string(*next - 1) + " was given");
    }
    return Ok();
  }

  Status CheckReferences() {
    Status lines = ForEach("PRAGMA foreign_key_check", [&](const Statement& row) {
      Broken("row " + std::to_string(row.Int(1)) + " of table " + Quoted(row.Text(0)) + " belongs to a row of " +
             Quoted(row.Text(2)) + " that is gone");
      return Ok();
    });
    if (!lines) return lines;
    for (const RecordKind kind : kRecordKinds) {
      if (Status done = CheckSubjects(kind); !done) return done;
    }
    return Ok();
  }

  // Lines about a record that is gone.
  Status CheckSubjects(RecordKind kind) {
    const std::string sql = "SELECT number, subject FROM history WHERE kind = '" + std::string(ToString(kind)) +
                            "' AND NOT EXISTS (SELECT 1 FROM " + std::string(TableOf(kind)) +
                            " AS record WHERE record.number = history.subject)";
    return ForEach(sql, [&](const Statement& row) {
      Broken(Named(kind, row.Int(1)) + " is gone; line " + std::to_string(row.Int(0)) + " recorded it");
      return Ok();
    });
  }

  Status CheckChain() {
    found_.last_hash = kNoLineBefore;
    std::int64_t last = 0;
    const std::string sql = "SELECT " + std::string(kChainColumns) + " FROM history ORDER BY number";
    Status walked = ForEach(sql, [&](const Statement& row) {
      const StoredLine stored = ReadChainLine(row);
      const std::int64_t number = stored.line.number;
      if (number != last + 1) {
        Broken("of history's lines, " + std::to_string(last + 1) + " to " + std::to_string(number - 1) +
               " are missing");
      }
      last = number;
      return CheckLine(stored);
    });
    if (!walked) return walked;
    const auto next = NextNumber(database_, "history");
    if (!next) return next.error();
    if (*next != last + 1) {
      Broken("the end of history is cut off: the newest line is " + std::to_string(last) + ", but line " +
             std::to_string(*next - 1) + " was written");
    }
    return Ok();
  }

  Status CheckLine(const StoredLine& stored) {
    const std::string number = std::to_string(stored.line.number);
    ++found_.lines;
    if (LineHash(found_.last_hash, stored.line) != stored.hash) {
      Broken("line " + number + " of history, or its place in it, is not what its hash says");
    }
    // The stored one, so that each broken line is named and not also every one behind it.
    found_.last_hash = stored.hash;
    if (stored.line.format == 2) {
      if (Status checked = CheckCaseOfOldLine(stored.line); !checked) return checked;
    }
    if (!stored.removed) return Ok();
    ++found_.removed;
    if (!stored.reason.empty()) Broken("line " + number + " of history has a reason, though it was removed");
    auto removal = database_.Prepare(kSelectRemoval);
    if (!removal) return removal.error();
    removal->BindOrNull(stored.line.kind == "event" ? stored.line.event : std::nullopt);
    removal->BindOrNull(stored.line.case_number).Bind(stored.line.number);
    const Result<bool> known = removal->Step();
    if (!known) return known.error();
    if (!*known) Broken("the reason of line " + number + " is gone, and not by retention");
    return Ok();
  }

  // Lines of version 2 did not hold the case: it follows from the event.
  Status CheckCaseOfOldLine(const ChainLine& line) {
    auto statement = database_.Prepare("SELECT case_number FROM event WHERE number = ?");
    if (!statement) return statement.error();
    statement->Bind(line.event.value_or(0));
    const Result<bool> found = statement->Step();
    if (!found) return found.error();
    const bool holds = *found && line.case_number == statement->Int(0);
    if (!holds) Broken("line " + std::to_string(line.number) + " of history names another case than its event");
    return Ok();
  }

  static std::string Named(RecordKind kind, std::int64_t number) {
    return std::string(ToString(kind)) + " " + std::to_string(number);
  }

  Status CheckRecords() {
    for (const RecordKind kind : kRecordKinds) {
      const std::string sql = "SELECT number FROM " + std::string(TableOf(kind));
      Status done = ForEach(sql, [&](const Statement& row) { return CheckRecord(kind, row.Int(0)); });
      if (!done) return done;
    }
    return Ok();
  }

  Status CheckRecord(RecordKind kind, std::int64_t number) {
    const std::string name = Named(kind, number);
    const auto row = ReadRecordRow(database_, kind, number);
    if (!row) {
      if (row.error().code != ErrorCode::kNotFound) return row.error();
      Broken(name + " is there in part only");
      return Ok();
    }
    auto newest = database_.Prepare(kSelectNewestLine);
    if (!newest) return newest.error();
    newest->Bind(ToString(kind)).Bind(number);
    const Result<bool> found = newest->Step();
    if (!found) return found.error();
    if (!*found) {
      Broken(name + " has no line of history");
      return Ok();
    }
    const std::string line = "line " + std::to_string(newest->Int(0));
    if (newest->Text(1) != row->state) {
      Broken(name + " is " + Quoted(row->state) + ", but " + line + " says " + Quoted(newest->Text(1)));
    } else if (newest->Text(2) != row->digest) {
      Broken(name + " is not as " + line + " recorded it");
    }
    return Ok();
  }

  Status CheckPlans() {
    return ForEach(kSelectPlansWithText, [&](const Statement& row) {
      const bool absent = row.Int(4) == 1;
      const bool holds = row.Int(3) == 1 ? absent : !absent && Sha256Hex(row.Text(2)) == row.Text(1);
      if (!holds) Broken(Named(RecordKind::kPlan, row.Int(0)) + " is not what its digest says");
      return Ok();
    });
  }

  Status CheckBodies() {
    return ForEach(kSelectBodies, [&](const Statement& row) {
      const std::string digest = row.Text(1);
      const bool absent = row.Int(4) == 1;
      const bool expected = row.Int(3) == 0 && !digest.empty();
      const bool holds = expected ? !absent && Sha256Hex(row.Text(2)) == digest : absent;
      if (!holds) Broken("the body of event " + std::to_string(row.Int(0)) + " is not what its digest says");
      return Ok();
    });
  }

  Status CheckCases() {
    return ForEach(kSelectMisplacedCases, [&](const Statement& row) {
      Broken("the cases of event " + std::to_string(row.Int(0)) + " are not as they were recorded");
      return Ok();
    });
  }

  Status CheckLists() {
    for (const ListOfRecord& list : kLists) {
      Status done = ForEach(list.owners,
                            [&](const Statement& row) { return CheckList(list, row.Int(0), row.Int(1), row.Text(2)); });
      if (!done) return done;
    }
    return ForEach("SELECT case_number, host, instance FROM case_host", [&](const Statement& row) {
      if (InstanceOf(row.Text(1)) != row.Text(2)) {
        Broken("the hosts of case " + std::to_string(row.Int(0)) + " are not as they were recorded");
      }
      return Ok();
    });
  }

  Status CheckList(const ListOfRecord& list, std::int64_t record, std::int64_t count, const std::string& link) {
    auto rows = database_.Prepare(list.rows);
    if (!rows) return rows.error();
    rows->Bind(record);
    std::int64_t seen = 0;
    std::string is(kNoLink);
    while (true) {
      const Result<bool> row = rows->Step();
      if (!row) return row.error();
      if (!*row) break;
      is = NextLink(is, rows->Int(0), rows->Text(1));
      ++seen;
    }
    if (seen != count || is != link) {
      Broken(std::string(list.what) + " " + std::to_string(record) + " are not as they were recorded");
    }
    return Ok();
  }

  // What a search looks at is what the case says.
  Status CheckFilters() {
    return ForEach(
        "SELECT number, coalesce(filter, '') FROM cases LEFT JOIN case_filter ON case_filter.case_number = "
        "cases.number",
        [&](const Statement& row) -> Status {
          const std::int64_t number = row.Int(0);
          const Result<TextFilter> filter = FilterOf(database_, CaseNumber{number});
          if (!filter) return filter.error();
          if (!filter->IsStoredAs(row.Text(1))) {
            Broken("the filter of case " + std::to_string(number) + " is not that of its texts");
          }
          return Ok();
        });
  }

  Status CheckMembers() {
    return ForEach(
        "SELECT follow_up.number, members, members_sha256, cases.removed = 1 AND follow_up.state <> 'open'"
        " FROM follow_up JOIN cases ON cases.number = follow_up.case_number",
        [&](const Statement& row) { return CheckMembersOf(row.Int(0), row.Int(1), row.Text(2), row.Int(3) == 1); });
  }

  Status CheckMembersOf(std::int64_t question, std::int64_t count, const std::string& link, bool may_be_removed) {
    auto rows = database_.Prepare(
        "SELECT number, event, case_number, json, sha256, joined_at FROM member WHERE follow_up = ? ORDER BY number");
    if (!rows) return rows.error();
    rows->Bind(question);
    std::int64_t seen = 0;
    std::string is(kNoLink);
    bool whole = true;
    while (true) {
      const Result<bool> row = rows->Step();
      if (!row) return row.error();
      if (!*row) break;
      const std::string json = rows->Text(3);
      const std::string sha256 = rows->Text(4);
      whole = whole && ((json.empty() && may_be_removed) || Sha256Hex(json) == sha256);
      is = NextLink(is, rows->Int(0),
                    ContentOfMember(EventNumber{rows->Int(1)}, CaseNumber{rows->Int(2)}, sha256, rows->Int(5)));
      ++seen;
    }
    if (!whole || seen != count || is != link) {
      Broken("the members of follow-up " + std::to_string(question) + " are not as they were recorded");
    }
    return Ok();
  }

  Status CheckDocuments() {
    return ForEach("SELECT number, pieces, sha256 FROM document",
                   [&](const Statement& row) { return CheckPieces(row.Int(0), row.Int(1), row.Text(2)); });
  }

  Status CheckPieces(std::int64_t document, std::int64_t count, const std::string& digest) {
    auto rows = database_.Prepare("SELECT position, text FROM document_piece WHERE document = ? ORDER BY position");
    if (!rows) return rows.error();
    rows->Bind(document);
    Fields fields;
    std::int64_t seen = 0;
    bool in_order = true;
    while (true) {
      const Result<bool> row = rows->Step();
      if (!row) return row.error();
      if (!*row) break;
      in_order = in_order && rows->Int(0) == ++seen;
      fields.Text(rows->Text(1));
    }
    if (!in_order || seen != count || fields.Digest() != digest) {
      Broken("the pieces of document " + std::to_string(document) + " are not what its digest says");
    }
    return Ok();
  }

  const Database& database_;
  Verification found_;
  bool damaged_ = false;  // the file as SQLite sees it
};

}  // namespace

Result<Verification> VerifyLedger(const Database& database, Duration within) {
  const sqlite::TimeLimit limit(database, within);
  auto found = Verifier(database).Run();
  if (found.ok() || !database.WasInterrupted()) return found;
  Error not_known =
      database.Problem("it took longer than " + FormatDuration(within) + ", so whether it is intact is undetermined",
                       "give it more time (`ledger verify --within`), or verify a copy of the file");
  not_known.code = ErrorCode::kTimeout;
  return not_known;
}

}  // namespace sallyport
