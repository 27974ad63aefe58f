// SPDX-License-Identifier: Apache-2.0
#include "ledger/sqlite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>

namespace sallyport::sqlite {
namespace {

using ::testing::HasSubstr;

std::unique_ptr<Database> InMemory() {
  auto database = Database::Open(":memory:", Duration{5000});
  Check(database.ok(), "no database in memory");
  return std::move(*database);
}

void Execute(Database& database, const char* sql) {
  const Status done = database.Execute(sql);
  EXPECT_TRUE(done.ok()) << done.error().ToText();
}

TEST(SqliteStatement, TextIsKeptByteForByte) {
  const auto database = InMemory();
  Execute(*database, "CREATE TABLE t (x TEXT NOT NULL) STRICT");
  const std::string texts[] = {
      "", "plain", std::string("a\0b", 3), "\xFF\xFE\x80", "'; DROP TABLE t; --", "\xF0\x9F\x98\x80"};
  for (const std::string& text : texts) {
    auto statement = database->Prepare("INSERT INTO t VALUES (?) RETURNING x");
    ASSERT_TRUE(statement.ok());
    statement->Bind(text);
    ASSERT_EQ(statement->Step(), Result<bool>(true));
    EXPECT_EQ(statement->Text(0), text);
  }
}

TEST(SqliteStatement, ATextWithoutDataIsEmptyAndNotNull) {
  const auto database = InMemory();
  auto statement = database->Prepare("SELECT ?, ?");
  ASSERT_TRUE(statement.ok());
  statement->Bind(std::string_view()).BindNull();
  ASSERT_EQ(statement->Step(), Result<bool>(true));
  EXPECT_FALSE(statement->IsNull(0));
  EXPECT_TRUE(statement->IsNull(1));
}

TEST(SqliteStatement, AFailedBindComesOutOfStep) {
  const auto database = InMemory();
  auto statement = database->Prepare("SELECT ?");
  ASSERT_TRUE(statement.ok());
  statement->Bind("one").Bind("too many");
  const auto row = statement->Step();
  ASSERT_FALSE(row.ok());
  EXPECT_EQ(row.error().code, ErrorCode::kStorage);
  EXPECT_EQ(row.error().message, "ledger `:memory:`: column index out of range");
}

TEST(SqliteStatement, UsedAgainHoldsNothingOfTheLastTime) {
  const auto database = InMemory();
  {
    auto first = database->Prepare("SELECT ?");
    ASSERT_TRUE(first.ok());
    first->Bind("one");
    ASSERT_EQ(first->Step(), Result<bool>(true));
  }
  auto again = database->Prepare("SELECT ?");
  ASSERT_TRUE(again.ok());
  ASSERT_EQ(again->Step(), Result<bool>(true));
  EXPECT_TRUE(again->IsNull(0));
}

TEST(SqliteStatement, TwoOfTheSameSqlAtOnceDoNotDisturbEachOther) {
  const auto database = InMemory();
  for (int round = 0; round < 2; ++round) {
    auto one = database->Prepare("SELECT ?");
    auto two = database->Prepare("SELECT ?");
    ASSERT_TRUE(one.ok() && two.ok());
    one->Bind("one");
    two->Bind("two");
    ASSERT_EQ(one->Step(), Result<bool>(true));
    ASSERT_EQ(two->Step(), Result<bool>(true));
    EXPECT_EQ(one->Text(0), "one");
    EXPECT_EQ(two->Text(0), "two");
  }
}

TEST(SqliteStatement, OneThatFailedCanBeUsedAgain) {
  const auto database = InMemory();
  Execute(*database, "CREATE TABLE t (x TEXT PRIMARY KEY) STRICT");
  const auto insert = [&](std::string_view text) {
    auto statement = database->Prepare("INSERT INTO t VALUES (?)");
    EXPECT_TRUE(statement.ok());
    return statement->Bind(text).Run().ok();
  };
  EXPECT_TRUE(insert("a"));
  EXPECT_FALSE(insert("a"));
  EXPECT_TRUE(insert("b"));
}

TEST(SqliteDatabase, AStatementThatIsNotSqlIsAnError) {
  const auto database = InMemory();
  EXPECT_THAT(database->Prepare("SELEC 1").error().message, HasSubstr("syntax error"));
  EXPECT_THAT(database->Execute("SELEC 1").error().message, HasSubstr("syntax error"));
  EXPECT_THAT(database->QueryInt("SELEC 1").error().message, HasSubstr("syntax error"));
  EXPECT_THAT(database->QueryText("SELEC 1").error().message, HasSubstr("syntax error"));
}

TEST(SqliteDatabase, AFullDatabaseSaysThatTheDiskIsFullAndWhatToDo) {
  const auto database = InMemory();
  Execute(*database, "CREATE TABLE t (x TEXT); PRAGMA max_page_count = 2");
  const Status full = database->Execute("INSERT INTO t VALUES (printf('%.100000c', 'x'))");
  ASSERT_FALSE(full.ok());
  EXPECT_EQ(full.error().code, ErrorCode::kStorage);
  EXPECT_EQ(full.error().message, "ledger `:memory:`: the disk is full, or a limit on the file's size is reached");
  EXPECT_EQ(full.error().advice, "free space on the disk that holds it; what was recorded before is intact");
}

TEST(SqliteTransaction, WithoutCommitNothingHappened) {
  const auto database = InMemory();
  Execute(*database, "CREATE TABLE t (x TEXT)");
  {
    Transaction transaction(*database);
    ASSERT_TRUE(transaction.Begin(Transaction::Kind::kWrite).ok());
    Execute(*database, "INSERT INTO t VALUES ('gone')");
    EXPECT_TRUE(database->InTransaction());
  }
  EXPECT_FALSE(database->InTransaction());
  EXPECT_EQ(database->QueryInt("SELECT count(*) FROM t"), Result<std::int64_t>(0));
}

TEST(SqliteTransaction, AfterCommitItStays) {
  const auto database = InMemory();
  Execute(*database, "CREATE TABLE t (x TEXT)");
  {
    Transaction transaction(*database);
    ASSERT_TRUE(transaction.Begin(Transaction::Kind::kWrite).ok());
    Execute(*database, "INSERT INTO t VALUES ('kept')");
    ASSERT_TRUE(transaction.Commit().ok());
  }
  EXPECT_EQ(database->QueryText("SELECT x FROM t"), Result<std::string>("kept"));
}

// Beside the plain way to say it, on texts that nearly match.
TEST(ContainsText, SaysWhatASearchWithoutCaseSays) {
  auto database = Database::Open(":memory:", Duration{0}).value();
  constexpr std::string_view kLetters = "aAiIqQ-0\"";
  std::mt19937 random(7);
  const auto some = [&](std::size_t most) {
    std::string text;
    for (std::size_t left = random() % (most + 1); left > 0; --left) text += kLetters[random() % kLetters.size()];
    return text;
  };
  const auto same = [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return lower(a) == lower(b);
  };
  int found = 0;
  for (int round = 0; round < 5'000; ++round) {
    const std::string needle = some(4);
    // In every other one no byte is rare.
    const std::string text = some(round % 2 == 0 ? 40 : 400);
    const bool wanted =
        std::search(text.begin(), text.end(), needle.begin(), needle.end(), same) != text.end() || needle.empty();
    auto row = database->Prepare("SELECT contains_text(?, ?)").value();
    row.Bind(needle).Bind(text);
    ASSERT_TRUE(row.Step().value());
    ASSERT_EQ(row.Int(0), wanted ? 1 : 0) << needle << " in " << text;
    found += wanted ? 1 : 0;
  }
  EXPECT_GT(found, 500);
  EXPECT_LT(found, 4'500);
}

}  // namespace
}  // namespace sallyport::sqlite
