// SPDX-License-Identifier: Apache-2.0
#include "ledger/verify.h"

#include "base/digest.h"
#include "base/text.h"
#include "ledger/records.h"
#include "ledger/schema.h"

namespace sallyport {
namespace {

using sqlite::Database;
using sqlite::Statement;

constexpr std::size_t kShown = 200;

// Everything that a program made in the file: tables, indexes, triggers. What ANALYZE leaves does no harm.
constexpr std::string_view kSelectSchema =
    "SELECT type, name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name";
// Is there a line about the case of event ?1 behind line ?2 that says that content was removed?
constexpr std::string_view kSelectRemoval =
    "SELECT 1 FROM event JOIN history ON history.event = event.case_number"
    " WHERE event.number = ?1 AND history.kind = 'retention' AND history.number > ?2";
constexpr std::string_view kSelectPlans =
    "SELECT plan.event, digest, json, removed FROM plan JOIN plan_state ON plan_state.event = plan.event";
constexpr std::string_view kSelectBodies =
    "SELECT number, body_sha256, coalesce(json, ''), removed, json IS NULL FROM event LEFT JOIN body"
    " ON body.event = event.number";
constexpr std::string_view kSelectLinesWithoutPlan =
    "SELECT number, event FROM history WHERE kind = 'plan' AND NOT EXISTS"
    " (SELECT 1 FROM plan WHERE plan.event = history.event)";

// A word out of the file.
std::string Quoted(std::string_view text) {
  return "`" + Printable(text, kShown) + "`";
}

Result<std::string> SchemaOf(const Database& database) {
  auto statement = database.Prepare(kSelectSchema);
  if (!statement) return statement.error();
  Fields fields;
  while (true) {
    const Result<bool> row = statement->Step();
    if (!row) return row.error();
    if (!*row) return fields.Digest();
    fields.Text(statement->Text(0)).Text(statement->Text(1)).Text(statement->Text(2));
  }
}

// As the migrations make it.
Result<std::string> ExpectedSchema() {
  auto fresh = Database::Open(":memory:", Duration{0});
  if (!fresh) return fresh.error();
  if (Status migrated = Migrate(**fresh); !migrated) return migrated.error();
  return SchemaOf(**fresh);
}

class Verifier {
 public:
  explicit Verifier(const Database& database) : database_(database) {}

  Result<Verification> Run() {
    using Step = Status (Verifier::*)();
    constexpr Step kSteps[] = {&Verifier::CheckFile,  &Verifier::CheckSchema,  &Verifier::CheckReferences,
                               &Verifier::CheckChain, &Verifier::CheckRecords, &Verifier::CheckPlans,
                               &Verifier::CheckBodies};
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

  Status CheckSchema() {
    const auto expected = ExpectedSchema();
    if (!expected) return expected.error();
    const auto is = SchemaOf(database_);
    if (!is) return is.error();
    if (*is != *expected) Broken("a table, an index or a trigger was changed, removed or added");
    return Ok();
  }

  Status CheckReferences() {
    Status lines = ForEach("PRAGMA foreign_key_check", [&](const Statement& row) {
      Broken("row " + std::to_string(row.Int(1)) + " of table " + Quoted(row.Text(0)) + " belongs to a row of " +
             Quoted(row.Text(2)) + " that is gone");
      return Ok();
    });
    if (!lines) return lines;
    return ForEach(kSelectLinesWithoutPlan, [&](const Statement& row) {
      Broken("the plan of event " + std::to_string(row.Int(1)) + " is gone; line " + std::to_string(row.Int(0)) +
             " recorded it");
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
    if (!stored.removed) return Ok();
    ++found_.removed;
    if (!stored.reason.empty()) Broken("line " + number + " of history has a reason, though it was removed");
    auto removal = database_.Prepare(kSelectRemoval);
    if (!removal) return removal.error();
    removal->Bind(stored.line.event).Bind(stored.line.number);
    const Result<bool> known = removal->Step();
    if (!known) return known.error();
    if (!*known) Broken("the reason of line " + number + " is gone, and not by retention");
    return Ok();
  }

  Status CheckRecords() {
    for (const RecordKind kind : kRecordKinds) {
      Status done = ForEach(AllRecordsSql(kind), [&](const Statement& row) { return CheckRecord(kind, row.Int(0)); });
      if (!done) return done;
    }
    return Ok();
  }

  Status CheckRecord(RecordKind kind, std::int64_t number) {
    const std::string name =
        std::string(kind == RecordKind::kPlan ? "the plan of event" : ToString(kind)) + " " + std::to_string(number);
    const auto row = ReadRecordRow(database_, kind, number);
    if (!row) {
      if (row.error().code != ErrorCode::kNotFound) return row.error();
      Broken(name + " is there in part only");
      return Ok();
    }
    auto newest = database_.Prepare(NewestLineSql(kind));
    if (!newest) return newest.error();
    newest->Bind(row->event).Bind(number);
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
    return ForEach(kSelectPlans, [&](const Statement& row) {
      const std::string json = row.Text(2);
      const bool holds = row.Int(3) == 1 ? json.empty() : Sha256Hex(json) == row.Text(1);
      if (!holds) Broken("the plan of event " + std::to_string(row.Int(0)) + " is not what its digest says");
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

  const Database& database_;
  Verification found_;
  bool damaged_ = false;  // the file as SQLite sees it
};

}  // namespace

Result<Verification> VerifyLedger(const Database& database) {
  return Verifier(database).Run();
}

}  // namespace sallyport
