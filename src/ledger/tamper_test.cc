// SPDX-License-Identifier: Apache-2.0
//
// A program that switches the triggers off can change anything in the file. Verify finds it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "ledger/chain.h"
#include "ledger/full_ledger.h"
#include "ledger/records.h"
#include "ledger/rows.h"
#include "ledger/schema.h"
#include "ledger/schema_check.h"
#include "ledger/sqlite.h"
#include "ledger/verify.h"

namespace sallyport {
namespace {

using sqlite::Database;
using sqlite::Statement;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kTables[] = {"event",      "body",        "cases",          "event_case", "case_host",
                                   "case_owner", "case_filter", "plan",           "plan_text",  "plan_says",
                                   "action",     "action_case", "follow_up",      "waiting",    "member",
                                   "delivery",   "document",    "document_piece", "history"};

// A table without rowid has no row numbers; what is done to it here is done to all of its rows.
bool HasRowNumbers(const std::string& table) {
  return table != "waiting" && table != "action_case" && table != "plan_says" && table != "event_case" &&
         table != "case_host" && table != "case_owner";
}

class TamperTest : public ::testing::Test {
 protected:
  TamperTest() {
    FillLedger(*ledger_, clock_);
    EXPECT_EQ(ledger_->RemoveContent(clock_.Now()).value(), 1);
    triggers_ = Texts("SELECT sql FROM sqlite_schema WHERE type = 'trigger'");
    for (const std::string& name : Texts("SELECT name FROM sqlite_schema WHERE type = 'trigger'")) {
      drop_ += "DROP TRIGGER " + name + ";";
    }
  }

  std::vector<std::string> Texts(const std::string& sql) {
    auto statement = database_->Prepare(sql).value();
    return ReadRows<std::string>(statement, [](const Statement& row) { return Result(row.Text(0)); }).value();
  }
  std::vector<std::string> ColumnsOf(const std::string& table) {
    return Texts("SELECT name FROM pragma_table_info('" + table + "')");
  }

  // What Verify finds after `sql`, which is undone again. The triggers are off for `sql` only.
  std::vector<std::string> BrokenAfter(const std::string& sql) {
    EXPECT_TRUE(database_->Execute("BEGIN IMMEDIATE").ok());
    std::string all = drop_ + sql + ";";
    for (const std::string& trigger : triggers_) all += trigger + ";";
    ExpectOk(database_->Execute(all.c_str()));
    const Verification found = VerifyLedger(*database_).value();
    EXPECT_TRUE(database_->Execute("ROLLBACK").ok());
    return found.broken;
  }

  TempFolder folder_;
  FakeClock clock_;
  const std::string path_ = folder_ / "ledger.db";
  std::unique_ptr<SqliteLedger> ledger_ = OpenOrDie(path_, clock_);
  std::unique_ptr<Database> database_ = Database::Open(path_, Duration{1000}).value();
  std::vector<std::string> triggers_;
  std::string drop_;
};

TEST_F(TamperTest, AnUntouchedLedgerHolds) {
  const Verification found = ledger_->Verify().value();
  EXPECT_THAT(found.broken, IsEmpty());
  EXPECT_EQ(found.lines, static_cast<std::int64_t>(ledger_->History(0, 1000).value().size()));
  EXPECT_GT(found.removed, 0);
  EXPECT_EQ(found.last_hash, ledger_->History(found.lines - 1, 1).value().at(0).hash);
  EXPECT_THAT(BrokenAfter("SELECT 1"), IsEmpty()) << "the test itself changes nothing";
}

TEST_F(TamperTest, ATableThatThisTestDoesNotKnowIsNotThere) {
  EXPECT_EQ(Texts("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").size(),
            std::size(kTables));
}

// Of a table with many rows some, from the first to the last.
std::vector<std::int64_t> SomeOf(std::int64_t rows) {
  std::vector<std::int64_t> some;
  const std::int64_t step = std::max<std::int64_t>(1, rows / 2);
  for (std::int64_t row = 0; row < rows; row += step) some.push_back(row);
  if (some.back() != rows - 1) some.push_back(rows - 1);
  return some;
}

// `text` with {t}, {c} and {r} filled in.
std::string Sql(std::string text, const std::string& table, const std::string& column, std::int64_t row = 0) {
  const std::pair<std::string_view, std::string> parts[] = {
      {"{t}", table}, {"{c}", column}, {"{r}", std::to_string(row)}};
  for (const auto& [name, value] : parts) {
    for (std::size_t at = 0; (at = text.find(name)) != std::string::npos;) text.replace(at, name.size(), value);
  }
  return text;
}

constexpr const char* kCount = "SELECT count(*) FROM {t}";
constexpr const char* kOther =
    "UPDATE {t} SET {c} = CASE typeof({c}) WHEN 'text' THEN {c} || 'x' WHEN 'blob' THEN zeroblob(length({c}))"
    " WHEN 'null' THEN iif('{c}' LIKE '%sha256', 'x', 1) ELSE {c} + 1000 END";
constexpr const char* kOneRow = " WHERE rowid = (SELECT rowid FROM {t} LIMIT 1 OFFSET {r})";
constexpr const char* kNullable = "SELECT \"notnull\" = 0 AND pk = 0 FROM pragma_table_info('{t}') WHERE name = '{c}'";
constexpr const char* kText = "SELECT type = 'TEXT' FROM pragma_table_info('{t}') WHERE name = '{c}'";

TEST_F(TamperTest, AnotherValueInAnyColumnIsFound) {
  int changed = 0;
  for (const std::string table : kTables) {
    const bool plain = HasRowNumbers(table);
    const std::int64_t rows = database_->QueryInt(Sql(kCount, table, "")).value();
    ASSERT_GT(rows, 0) << table;
    for (const std::string& column : ColumnsOf(table)) {
      for (const std::int64_t row : SomeOf(plain ? rows : 1)) {
        const std::string sql = Sql(std::string(kOther) + (plain ? kOneRow : ""), table, column, row);
        EXPECT_FALSE(BrokenAfter(sql).empty()) << sql;
        ++changed;
      }
    }
  }
  EXPECT_GT(changed, 150);
}

TEST_F(TamperTest, AValueThatIsTakenAwayIsFound) {
  int taken = 0;
  for (const std::string table : kTables) {
    for (const std::string& column : ColumnsOf(table)) {
      const bool nullable = database_->QueryInt(Sql(kNullable, table, column)).value() == 1;
      if (!nullable && database_->QueryInt(Sql(kText, table, column)).value() == 0) continue;
      const std::string empty = nullable ? "NULL" : "''";
      const std::string differs = Sql("SELECT count(*) FROM {t} WHERE {c} IS NOT ", table, column) + empty;
      if (database_->QueryInt(differs).value() == 0) continue;
      std::string sql = Sql("UPDATE {t} SET {c} = ", table, column) + empty;
      if (HasRowNumbers(table)) {
        sql += Sql(" WHERE rowid = (SELECT rowid FROM {t} WHERE {c} IS NOT ", table, column);
        sql += empty;
        sql += " ORDER BY rowid DESC LIMIT 1)";
      }
      EXPECT_FALSE(BrokenAfter(sql).empty()) << sql;
      ++taken;
    }
  }
  EXPECT_GT(taken, 40);
}

TEST_F(TamperTest, ARowThatIsGoneIsFound) {
  for (const std::string table : kTables) {
    if (!HasRowNumbers(table)) {
      EXPECT_FALSE(BrokenAfter("DELETE FROM " + table).empty()) << table;
      continue;
    }
    for (const std::int64_t row : SomeOf(database_->QueryInt(Sql(kCount, table, "")).value())) {
      const std::string sql = Sql(std::string("DELETE FROM {t}") + kOneRow, table, "", row);
      EXPECT_FALSE(BrokenAfter(sql).empty()) << sql;
    }
  }
  EXPECT_FALSE(BrokenAfter("DELETE FROM waiting WHERE follow_up = 1").empty());
  EXPECT_FALSE(BrokenAfter("DELETE FROM history WHERE number = (SELECT max(number) FROM history)").empty());
}

TEST_F(TamperTest, WhatIsFoundIsSaidInWords) {
  const std::pair<std::string, std::string> rows[] = {
      {"UPDATE action SET state = 'failed' WHERE number = 3", "action 3 is `failed`, but line "},
      {"UPDATE action SET subject = 'computer 99' WHERE number = 3", "action 3 is not as line "},
      {"UPDATE history SET reason = 'other' WHERE number = (SELECT max(number) FROM history WHERE kind = 'action')",
       " of history, or its place in it, is not what its hash says"},
      {"UPDATE plan_text SET json = '{}' WHERE plan = 3", "plan 3 is not what its digest says"},
      {"INSERT INTO plan_text VALUES (1, '{}')", "plan 1 is not what its digest says"},
      {"DELETE FROM plan_text WHERE plan = 3", "plan 3 is not what its digest says"},
      {"UPDATE body SET json = '{}' WHERE event = 3", "the body of event 3 is not what its digest says"},
      {"INSERT INTO body VALUES (1, '{}')", "the body of event 1 is not what its digest says"},
      {"DELETE FROM plan WHERE event = 3", "plan 3 is gone; line "},
      {"DELETE FROM plan WHERE event = 3", "of table `plan_text` belongs to a row of `plan` that is gone"},
      {"DELETE FROM action WHERE number = 1", "action 1 is gone; line "},
      {"DELETE FROM event_case WHERE event = 2", "the cases of event 2 are not as they were recorded"},
      {"UPDATE event_case SET position = 2 WHERE event = 2", "the cases of event 2 are not as they were recorded"},
      {"UPDATE cases SET state = 'closed' WHERE number = 3", "case 3 is `closed`, but line "},
      {"UPDATE cases SET severity = 1 WHERE number = 3", "case 3 is not as line "},
      {"UPDATE case_host SET host = 'a/b/c', instance = 'c'", "the hosts of case 1 are not as they were recorded"},
      {"UPDATE case_host SET instance = 'i-0fedcba9876543210'", "the hosts of case 1 are not as they were recorded"},
      {"DELETE FROM case_owner", "the owners of case 1 are not as they were recorded"},
      {"DELETE FROM case_filter WHERE case_number = 3", "the filter of case 3 is not that of its texts"},
      // Too much does no harm, and is seen all the same.
      {"UPDATE case_filter SET filter = CAST(x'FF' || substr(filter, 2) AS BLOB) WHERE case_number = 3",
       "the filter of case 3 is not that of its texts"},
      {"INSERT INTO case_owner VALUES (3, 1, 'x')", "the owners of case 3 are not as they were recorded"},
      {"UPDATE member SET json = '{}' WHERE follow_up = 7", "the members of follow-up 7 are not as they were recorded"},
      {"UPDATE member SET json = '{}' WHERE follow_up = 2", "the members of follow-up 2 are not as they were recorded"},
      {"DELETE FROM member WHERE follow_up = 7", "the members of follow-up 7 are not as they were recorded"},
      {"UPDATE document_piece SET text = 'x' WHERE position = 2",
       "the pieces of document 1 are not what its digest says"},
      {"UPDATE document SET version = 2", "document 1 is not as line "},
      {"UPDATE history SET case_number = 3 WHERE number = 1",
       " of history, or its place in it, is not what its hash says"},
      {"DELETE FROM history WHERE number BETWEEN 40 AND 42", "of history's lines, 40 to 42 are missing"},
      {"INSERT INTO waiting VALUES (1, 2, 3)", "the actions that wait for follow-up 1 are not as they were recorded"},
      {"INSERT INTO action SELECT 99, plan, event, case_number, key, kind, what, subject, host, severity, json, state,"
       " held_by, reason, changed_at FROM action WHERE number = 3",
       "action 99 has no line of history"},
      {"DROP INDEX action_by_key", "index `action_by_key` was removed"},
      {"DROP INDEX action_by_key; CREATE INDEX action_by_key ON action (kind)",
       "index `action_by_key` was changed: it is not as this program makes it"},
      {"CREATE TRIGGER own AFTER INSERT ON event BEGIN SELECT 1; END",
       "trigger `own` was added: this program makes none of that name"},
      {"UPDATE sqlite_sequence SET seq = seq + 5 WHERE name = 'plan'", "the highest plan is 4, but 9 was given"},
      {"UPDATE history SET reason_sha256 = '" + Sha256Hex("") + "' WHERE event = 3 AND state = 'received'",
       " is gone, and not by retention"},
      {"UPDATE history SET reason = 'x' WHERE event = 1 AND state = 'closed' AND reason_sha256 IS NOT NULL",
       " of history has a reason, though it was removed"}};
  for (const auto& [sql, words] : rows) EXPECT_THAT(BrokenAfter(sql), ::testing::Contains(HasSubstr(words))) << sql;
}

TEST_F(TamperTest, TriggersThatStayOffAreFound) {
  EXPECT_TRUE(database_->Execute(drop_.c_str()).ok());
  const std::vector<std::string> broken = ledger_->Verify().value().broken;
  EXPECT_EQ(broken.size(), kNamedDifferences);
  EXPECT_THAT(broken, ::testing::Each(::testing::EndsWith("` was removed")));
}

// Names that look like SQLite's own, like ours, and like nothing.
constexpr const char* kNames[] = {"evil",
                                  "sqliteXstat",
                                  "sqliteXstat_x",
                                  "sqlite-stat1",
                                  "sqlite stat1",
                                  "SQLITEXSTAT1",
                                  "_",
                                  "%",
                                  "",
                                  "a\"\"b",
                                  "event ",
                                  "history_is_",
                                  "\xC3\xA9v\xC3\xA9nement",
                                  ";",
                                  "sqlite"};

TEST_F(TamperTest, AnObjectOfAnyKindUnderAnyNameIsFound) {
  const std::pair<std::string, std::string> kinds[] = {
      {"trigger",
       "CREATE TRIGGER \"{n}\" BEFORE INSERT ON event WHEN NEW.title LIKE 'Backdoor%' BEGIN SELECT"
       " RAISE(IGNORE); END"},
      {"trigger", "CREATE TRIGGER \"{n}\" BEFORE UPDATE OF state ON action BEGIN SELECT RAISE(IGNORE); END"},
      {"view", "CREATE VIEW \"{n}\" AS SELECT 1"},
      {"table", "CREATE TABLE \"{n}\" (a)"},
      {"index", "CREATE INDEX \"{n}\" ON event (title)"},
      {"index", "CREATE UNIQUE INDEX \"{n}\" ON history (number, at)"}};
  int tried = 0;
  for (const auto& [kind, statement] : kinds) {
    for (const char* name : kNames) {
      std::string sql = statement;
      sql.replace(sql.find("{n}"), 3, name);
      EXPECT_THAT(BrokenAfter(sql), ::testing::Contains(HasSubstr(kind + " `"))) << sql;
      ++tried;
    }
  }
  EXPECT_EQ(tried, 90);
}

TEST_F(TamperTest, WhatAnalyzeLeavesIsNoDamage) {
  ExpectOk(database_->Execute("ANALYZE"));
  EXPECT_GT(database_->QueryInt("SELECT count(*) FROM sqlite_stat1").value(), 0);
  EXPECT_THAT(ledger_->Verify().value().broken, IsEmpty());
  ledger_.reset();
  EXPECT_THAT(OpenOrDie(path_, clock_)->Verify().value().broken, IsEmpty());
}

TEST_F(TamperTest, AnotherHighestNumberIsFoundOfEveryKindOfRecord) {
  for (const RecordKind kind : kRecordKinds) {
    for (const char* to : {"seq + 1", "seq - 1", "0", "9000000000000000000"}) {
      const std::string sql =
          std::string("UPDATE sqlite_sequence SET seq = ") + to + " WHERE name = '" + std::string(TableOf(kind)) + "'";
      EXPECT_FALSE(BrokenAfter(sql).empty()) << sql;
    }
  }
}

TEST_F(TamperTest, WhatWasAddedKeepsTheLedgerFromBeingWritten) {
  ledger_.reset();
  ExpectOk(
      database_->Execute("CREATE TRIGGER \"sqlite-stat1\" BEFORE INSERT ON event BEGIN SELECT RAISE(IGNORE); END"));
  const auto opened = SqliteLedger::Open(path_, clock_);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kStorage);
  EXPECT_THAT(opened.error().message,
              HasSubstr("its tables, indexes and triggers are not those that this program makes:"
                        " trigger `sqlite-stat1` was added"));
  ExpectOk(database_->Execute("DROP TRIGGER \"sqlite-stat1\""));
  EXPECT_TRUE(SqliteLedger::Open(path_, clock_).ok());
}

TEST_F(TamperTest, TheDigestOfTheTablesIsThatOfTheMigrations) {
  const auto fresh = Database::Open(":memory:", Duration{0}).value();
  ExpectOk(Migrate(*fresh));
  EXPECT_EQ(SchemaDigest(*fresh).value(), kSchemaDigest)
      << "a migration was changed: put the digest into schema_check.h";
  EXPECT_THAT(SchemaDifferences(*fresh).value(), IsEmpty());
}

std::size_t Big16(const std::string& bytes, std::size_t at) {
  return std::size_t{static_cast<unsigned char>(bytes[at])} << 8 | static_cast<unsigned char>(bytes[at + 1]);
}

// Of every table and index one byte of an entry, and the kind of its first page.
TEST_F(TamperTest, DamageInTheFirstPageOfAnyTableOrIndexIsFound) {
  const std::vector<std::string> names = Texts("SELECT name FROM sqlite_schema WHERE rootpage > 0");
  std::vector<std::size_t> pages;
  pages.reserve(names.size());
  for (const std::string& name : names) {
    pages.push_back(static_cast<std::size_t>(
        database_->QueryInt("SELECT rootpage FROM sqlite_schema WHERE name = '" + name + "'").value()));
  }
  ledger_.reset();
  database_.reset();
  std::ifstream file(path_, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(file), {}};
  const std::string copy = folder_ / "copy.db";
  int damaged = 0;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const std::size_t start = (pages[i] - 1) * kLedgerPageSize;
    // sqlite.org/fileformat2.html, 1.6: the header, and the places of the cells behind it. A page without any has
    // nothing to lose there.
    const bool is_empty = Big16(whole, start + 3) == 0;
    const bool is_leaf = whole[start] == 0x0a || whole[start] == 0x0d;
    const std::size_t first_cell = start + Big16(whole, start + (is_leaf ? 8 : 12));
    for (const std::size_t at : {start, first_cell + 3}) {
      if (at != start && is_empty) continue;
      std::string other = whole;
      other[at] = static_cast<char>(other[at] ^ 0x11);
      std::ofstream(copy, std::ios::binary) << other;
      const auto opened = SqliteLedger::OpenToLook(copy, clock_);
      const auto found = opened.ok() ? (*opened)->Verify() : Result<Verification>(opened.error());
      EXPECT_TRUE(!found.ok() || !found->broken.empty()) << names[i] << " at " << at - start;
      ++damaged;
    }
  }
  EXPECT_GT(damaged, 60);
}

TEST_F(TamperTest, AProofThatTakesTooLongIsNoProof) {
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(ledger_->AddEvent(EventAbout("g" + std::to_string(i))).ok());
  const auto found = ledger_->VerifyWithin(Duration{1});
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, ErrorCode::kTimeout);
  EXPECT_THAT(found.error().message, HasSubstr("it took longer than 1ms, so whether it is intact is undetermined"));
  EXPECT_THAT(ledger_->Verify().value().broken, IsEmpty()) << "and the next one has its time";
}

TEST_F(TamperTest, LinesInAnotherOrderAreFound) {
  EXPECT_FALSE(BrokenAfter("UPDATE history SET number = -1 WHERE number = 5;"
                           "UPDATE history SET number = 5 WHERE number = 6;"
                           "UPDATE history SET number = 6 WHERE number = -1")
                   .empty());
}

TEST_F(TamperTest, ACutOffEndIsFoundAsLongAsTheNumbersAreRemembered) {
  const std::string cut =
      "DELETE FROM history WHERE kind = 'delivery' AND number ="
      " (SELECT max(number) FROM history WHERE kind = 'delivery');"
      "DELETE FROM history WHERE number = (SELECT max(number) FROM history)";
  EXPECT_THAT(BrokenAfter(cut), ::testing::Contains(HasSubstr("the end of history is cut off: the newest line is ")));
}

TEST_F(TamperTest, ABackDatedFileHoldsButItsLastHashIsAnother) {
  // The limit of any chain without an anchor: an older state of the whole file is whole.
  const std::string before = ledger_->Verify().value().last_hash;
  ASSERT_TRUE(ledger_->AddEvent(EventAbout("f3")).ok());
  const std::string after = ledger_->Verify().value().last_hash;
  EXPECT_NE(before, after);
  ExpectOk(database_->Execute((drop_ +
                               "DELETE FROM body WHERE event = (SELECT max(number) FROM event);"
                               "DELETE FROM event_case WHERE event = (SELECT max(number) FROM event);"
                               "DELETE FROM case_filter WHERE case_number = (SELECT max(number) FROM event);"
                               "DELETE FROM cases WHERE number = (SELECT max(number) FROM event);"
                               "DELETE FROM event WHERE number = (SELECT max(number) FROM event);"
                               "DELETE FROM history WHERE number > (SELECT max(number) FROM history) - 2;"
                               "UPDATE sqlite_sequence SET seq = (SELECT max(number) FROM cases) WHERE name = 'cases';"
                               "UPDATE sqlite_sequence SET seq = (SELECT max(number) FROM event) WHERE name = 'event';"
                               "UPDATE sqlite_sequence SET seq = seq - 2 WHERE name = 'history';")
                                  .c_str()));
  for (const std::string& trigger : triggers_) ExpectOk(database_->Execute(trigger.c_str()));
  const Verification found = ledger_->Verify().value();
  EXPECT_THAT(found.broken, IsEmpty());
  EXPECT_EQ(found.last_hash, before) << "who kept the newest hash sees that it is gone";
}

TEST_F(TamperTest, WhatIsNamedIsBounded) {
  const std::vector<std::string> broken = BrokenAfter(
      "WITH RECURSIVE n (x) AS (SELECT 100 UNION ALL SELECT x + 1 FROM n WHERE x < 300) INSERT INTO body SELECT x, 'x'"
      " FROM n");
  EXPECT_EQ(broken.size(), kNamedBroken);
  EXPECT_EQ(broken.back(), "and more");
}

TEST_F(TamperTest, DamageOfTheFileIsNamedAndEndsTheSearch) {
  const std::int64_t page = database_->QueryInt("SELECT rootpage FROM sqlite_schema WHERE name = 'body'").value();
  ledger_.reset();
  database_.reset();
  {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp((page - 1) * kLedgerPageSize);
    file << std::string(kLedgerPageSize, '\xA5');
  }
  const auto found = OpenOrDie(path_, clock_)->Verify();
  ASSERT_TRUE(found.ok()) << found.error().ToText();
  ASSERT_FALSE(found->broken.empty());
  EXPECT_THAT(found->broken, ::testing::Each(HasSubstr("the file is damaged: ")));
}

}  // namespace
}  // namespace sallyport
