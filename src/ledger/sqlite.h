// SPDX-License-Identifier: Apache-2.0
//
// SQLite, as much of it as the ledger needs. sqlite3.h stays in sqlite.cc. Not thread-safe: the owner locks.
//
// Every error is kStorage and names the file, what is wrong with it and what to do.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "base/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace sallyport::sqlite {

class Database;

// One prepared statement. Values go in through Bind in the order of the `?`, never into the SQL text. Must not outlive
// its Database. An error in Bind is kept and comes out of the next Step.
class Statement {
 public:
  Statement(Statement&&) = default;
  // Gives the statement back to its Database, which keeps it for the next Prepare of the same SQL.
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  Statement& operator=(Statement&&) = delete;

  // `text` may be any bytes and must stay alive as long as the statement.
  Statement& Bind(std::string_view text);
  // As SQLite's BLOB; the same holds for them. Text() reads them back.
  Statement& BindBytes(std::string_view bytes);
  Statement& Bind(std::int64_t number);
  Statement& Bind(double number);
  Statement& BindNull();
  Statement& BindOrNull(std::optional<std::int64_t> number) { return number ? Bind(*number) : BindNull(); }

  // True: there is a row, read it with the functions below. False: no more rows.
  Result<bool> Step();
  // For statements without rows (or whose rows do not matter).
  Status Run();

  // Column values of the current row; columns count from 0.
  int Columns() const;
  enum class Type { kNull, kInt, kReal, kText };
  Type TypeOf(int column) const;
  bool IsNull(int column) const { return TypeOf(column) == Type::kNull; }
  std::int64_t Int(int column) const;
  double Double(int column) const;
  std::string Text(int column) const;
  std::optional<std::int64_t> IntOrNull(int column) const {
    return IsNull(column) ? std::nullopt : std::optional<std::int64_t>(Int(column));
  }

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  // By their SQL, so that a look needs no copy of it. A few bytes of it tell it from the others: whole statements are
  // compared anyway, and hashing one takes longer than that.
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view sql) const;
  };
  using Idle = std::unordered_map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>, Hash, std::equal_to<>>;
  Statement(const Database& database, Idle::node_type node) : database_(database), node_(std::move(node)) {}
  sqlite3_stmt* Get() const { return node_.mapped().get(); }
  void Keep(int code);

  const Database& database_;
  Idle::node_type node_;  // out of Database::idle_, and back into it when it is done with; empty: moved from
  int bound_ = 0;
  int bind_error_ = 0;
};

// SQL gets two functions more: contains_text(NEEDLE, TEXT), whether the needle is somewhere in the text; upper and
// lower case of ASCII letters are the same, and no character is special. may_contain(NEEDLE, FILTER): MayContain
// (text_filter.h).
class Database {
 public:
  // Opens an existing file for reading and writing, a new database in memory when `path` is ":memory:", or in a
  // nameless file when it is empty. A call that
  // finds the file locked waits up to `busy_timeout`.
  static Result<std::unique_ptr<Database>> Open(const std::string& path, Duration busy_timeout);
  // The same for reading only. `immutable`: nobody writes into the file as long as this is open, so it takes no lock
  // and makes no file beside it; whoever is wrong about that may read nonsense.
  static Result<std::unique_ptr<Database>> OpenToRead(const std::string& path, Duration busy_timeout, bool immutable);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // `sql` is a text of ours, never made from input. Statements that are done are kept and used again: preparing them
  // anew was a quarter of the ledger's CPU time. Not thread-safe.
  Result<Statement> Prepare(std::string_view sql) const;
  // One or more statements without values.
  Status Execute(const char* sql);
  // One statement without values, which is kept.
  Status Run(std::string_view sql);
  // The first column of the first row.
  Result<std::int64_t> QueryInt(std::string_view sql) const;
  Result<std::string> QueryText(std::string_view sql) const;

  // What runs longer than this from now is interrupted, and fails; see TimeLimit. Zero: no limit.
  void LimitTime(Duration within) const;
  bool WasInterrupted() const;

  // Whether the commits that follow leave out the sync of their log: others see them at once, and the next commit with
  // a sync makes them durable with itself. At first none does.
  void LeaveOutSync(bool leave_out);
  // Does a sync that was left out, if none came since.
  Status SyncNow();

  std::int64_t LastInsertedRow() const;
  // Rows that the newest INSERT or UPDATE changed.
  int Changes() const;
  bool InTransaction() const;
  // Whether the newest call failed because another connection held a lock.
  bool WasBusy() const;
  // Whether the newest failure was that the file is damaged.
  bool WasDamaged() const;

  // "ledger `PATH`: `what`".
  Error Problem(std::string_view what, std::string_view advice) const;
  // The same for what SQLite said.
  Error Failure(int code) const;

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  Database(std::string path, Duration busy_timeout, sqlite3* connection)
      : path_(std::move(path)), busy_timeout_(busy_timeout), connection_(connection) {}

  friend class Statement;

  std::string path_;
  Duration busy_timeout_;
  std::unique_ptr<sqlite3, Close> connection_;
  bool leaves_out_sync_ = false;
  mutable int last_failure_ = 0;  // SQLite forgets it when the statement goes
  mutable std::chrono::steady_clock::time_point stop_at_{};
  mutable Statement::Idle idle_;  // after connection_, so that they go before it
};

// As long as it is there, statements of the database end with a failure when the time is over.
class TimeLimit {
 public:
  TimeLimit(const Database& database, Duration within) : database_(database) { database_.LimitTime(within); }
  ~TimeLimit() { database_.LimitTime(Duration{0}); }
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;

 private:
  const Database& database_;
};

// Rolls back when it goes away before Commit.
class Transaction {
 public:
  // kWrite takes the write lock at once (BEGIN IMMEDIATE): a transaction that reads first and asks for the lock later
  // fails when another process wrote in between, without waiting.
  enum class Kind { kRead, kWrite };
  explicit Transaction(Database& database) : database_(database) {}
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  Status Begin(Kind kind);
  // Durable when this returns ok (unless LeaveOutSync).
  Status Commit();

 private:
  Database& database_;
};

}  // namespace sallyport::sqlite
