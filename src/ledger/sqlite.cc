// SPDX-License-Identifier: Apache-2.0
#include "ledger/sqlite.h"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/text.h"
#include "ledger/log_file.h"
#include "ledger/text_filter.h"

namespace sallyport::sqlite {
namespace {

constexpr std::size_t kShownPath = 400;
constexpr std::size_t kShownMessage = 300;
// The ledger has some 150 different statements.
constexpr std::size_t kMostIdle = 256;

struct Explanation {
  std::string what;
  std::string advice;
};

// A quota and a size limit look like input/output errors to SQLite.
bool IsOutOfSpace(int code, int system_error) {
  if ((code & 0xFF) == SQLITE_FULL) return true;
  return (code & 0xFF) == SQLITE_IOERR && (system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG);
}

std::string BecauseOf(int system_error) {
  return system_error == 0 ? "" : ": " + std::generic_category().message(system_error);
}

int LastErrorOf(sqlite3_file* file) {
  int system_error = 0;
  if (file == nullptr || file->pMethods == nullptr) return 0;
  file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &system_error);
  return system_error;
}

// What the operating system said. sqlite3_system_errno is not set when a COMMIT fails; the files remember it.
int SystemErrorOf(sqlite3* connection) {
  if (connection == nullptr) return 0;
  if (const int known = sqlite3_system_errno(connection); known != 0) return known;
  for (const int which : {SQLITE_FCNTL_JOURNAL_POINTER, SQLITE_FCNTL_FILE_POINTER}) {
    sqlite3_file* file = nullptr;
    if (sqlite3_file_control(connection, "main", which, &file) != SQLITE_OK) continue;
    if (const int last = LastErrorOf(file); last != 0) return last;
  }
  return 0;
}

Explanation Explain(int code, int system_error, Duration busy_timeout, const std::string& message) {
  if (IsOutOfSpace(code, system_error)) {
    return {"the disk is full, or a limit on the file's size is reached",
            "free space on the disk that holds it; what was recorded before is intact"};
  }
  switch (code & 0xFF) {
    case SQLITE_NOTADB:
      return {"this file is not a ledger", "choose another path for the ledger, or move the file away"};
    case SQLITE_CORRUPT:
      return {"the file is damaged: " + message,
              "restore it from a backup, or save what is left with the `.recover` command of the sqlite3 shell"};
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return {"cannot be written", "give the user that runs this program write access to the file and to its folder"};
    case SQLITE_CANTOPEN:
      return {"cannot be opened" + BecauseOf(system_error),
              "give the user that runs this program read and write access to the file and to its folder"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {"locked by another process for more than " + FormatDuration(busy_timeout),
              "find the process that holds it (`fuser` on the file names it), then try again"};
    case SQLITE_IOERR:
      return {"input/output error" + BecauseOf(system_error), "check the disk that holds it and the system's log"};
    default:
      return {message, ""};
  }
}

// A path as a name that SQLite reads as a URI (sqlite.org/uri.html).
std::string UriOf(const std::string& path, bool immutable) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string uri = path.starts_with('/') ? "file://" : "file:./";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                       c == '/' || c == '.' || c == '-' || c == '_';
    if (plain) {
      uri += c;
    } else {
      uri += '%';
      uri += kDigits[byte >> 4U];
      uri += kDigits[byte & 0xFU];
    }
  }
  return immutable ? uri + "?immutable=1" : uri;
}

std::string_view TextOf(sqlite3_value* value) {
  const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
  return bytes == nullptr ? std::string_view()
                          : std::string_view(bytes, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

char ToUpper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

// Which byte of the text that is looked for is the rarest in JSON and names, as far as one can say beforehand.
std::size_t RarestIn(std::string_view needle) {
  constexpr std::string_view kFromCommonToRare = "\"e t:i,aonsr0c_d1lu-2mp3hg5y46f789bvw/.kxzqj";
  std::size_t rarest = 0;
  std::size_t best = 0;
  for (std::size_t i = 0; i < needle.size(); ++i) {
    const std::size_t rank = std::min(kFromCommonToRare.find(ToLowerAscii(needle[i])), kFromCommonToRare.size());
    if (rank < best) continue;
    best = rank;
    rarest = i;
  }
  return rarest;
}

bool ContainsInPlainSearch(std::string_view needle, std::string_view text) {
  const auto same = [](char a, char b) { return ToLowerAscii(a) == ToLowerAscii(b); };
  return std::search(text.begin(), text.end(), needle.begin(), needle.end(), same) != text.end();
}

// Called for each of hundreds of thousands of rows, so it makes no copies, and leaves it to memchr where to look
// closer: as long as that byte is rare indeed.
bool ContainsText(std::string_view needle, std::string_view text) {
  constexpr int kPlacesThatAreFew = 16;
  if (needle.empty()) return true;
  if (needle.size() > text.size()) return false;
  const std::size_t at = RarestIn(needle);
  const char lower = ToLowerAscii(needle[at]);
  const char upper = ToUpper(lower);
  // Where that byte may stand.
  const char* const end = text.data() + text.size() - (needle.size() - at - 1);
  const auto next = [end](const char* from, char c) {
    const void* found = std::memchr(from, c, static_cast<std::size_t>(end - from));
    return found == nullptr ? end : static_cast<const char*>(found);
  };
  const char* as_lower = next(text.data() + at, lower);
  const char* as_upper = lower == upper ? end : next(text.data() + at, upper);
  for (int places = 0; as_lower != end || as_upper != end; ++places) {
    const bool is_lower = as_lower < as_upper;
    const char* const start = (is_lower ? as_lower : as_upper) - at;
    const auto offset = static_cast<std::size_t>(start - text.data());
    if (places == kPlacesThatAreFew) return ContainsInPlainSearch(needle, text.substr(offset));
    if (ContainsInPlainSearch(needle, text.substr(offset, needle.size()))) return true;
    if (is_lower) as_lower = next(as_lower + 1, lower);
    if (!is_lower) as_upper = next(as_upper + 1, upper);
  }
  return false;
}

void ContainsTextForSql(sqlite3_context* context, int, sqlite3_value** values) {
  sqlite3_result_int(context, ContainsText(TextOf(values[0]), TextOf(values[1])) ? 1 : 0);
}

void MayContainForSql(sqlite3_context* context, int, sqlite3_value** values) {
  sqlite3_result_int(context, MayContain(TextOf(values[1]), TextOf(values[0])) ? 1 : 0);
}

// SQLite counts its memory for statistics that nobody asks for, under a lock that all threads share.
void LeaveOutStatistics() {
  static const int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(code);
}

// What every connection of ours has.
void PrepareConnection(sqlite3* connection, Duration busy_timeout) {
  sqlite3_busy_timeout(connection, static_cast<int>(busy_timeout.count()));
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  const auto define = [&](const char* name, void (*function)(sqlite3_context*, int, sqlite3_value**)) {
    sqlite3_create_function_v2(connection, name, 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nullptr,
                               function, nullptr, nullptr, nullptr);
  };
  define("contains_text", ContainsTextForSql);
  define("may_contain", MayContainForSql);
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement::~Statement() {
  if (node_.empty()) return;
  // Resetting reports once more what the newest Step reported; it has been dealt with.
  sqlite3_reset(Get());
  sqlite3_clear_bindings(Get());
  // Some pragmas do their work when they are prepared (sqlite.org/pragma.html), so each is prepared anew.
  const bool keep = !node_.key().starts_with("PRAGMA") && database_.idle_.size() < kMostIdle;
  if (keep) database_.idle_.insert(std::move(node_));
}

void Statement::Keep(int code) {
  if (bind_error_ == SQLITE_OK) bind_error_ = code;
}

Statement& Statement::Bind(std::string_view text) {
  // A null pointer would bind NULL.
  const char* data = text.data() == nullptr ? "" : text.data();
  Keep(sqlite3_bind_text64(Get(), ++bound_, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

Statement& Statement::BindBytes(std::string_view bytes) {
  // The same for a null pointer.
  const char* data = bytes.data() == nullptr ? "" : bytes.data();
  Keep(sqlite3_bind_blob64(Get(), ++bound_, data, bytes.size(), SQLITE_STATIC));
  return *this;
}

Statement& Statement::Bind(std::int64_t number) {
  Keep(sqlite3_bind_int64(Get(), ++bound_, number));
  return *this;
}

Statement& Statement::Bind(double number) {
  Keep(sqlite3_bind_double(Get(), ++bound_, number));
  return *this;
}

Statement& Statement::BindNull() {
  Keep(sqlite3_bind_null(Get(), ++bound_));
  return *this;
}

Result<bool> Statement::Step() {
  if (bind_error_ != SQLITE_OK) return database_.Failure(bind_error_);
  const int code = sqlite3_step(Get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return database_.Failure(code);
}

Status Statement::Run() {
  while (true) {
    const Result<bool> row = Step();
    if (!row) return row.error();
    if (!*row) return Ok();
  }
}

int Statement::Columns() const {
  return sqlite3_column_count(Get());
}
Statement::Type Statement::TypeOf(int column) const {
  switch (sqlite3_column_type(Get(), column)) {
    case SQLITE_NULL:
      return Type::kNull;
    case SQLITE_INTEGER:
      return Type::kInt;
    case SQLITE_FLOAT:
      return Type::kReal;
    default:
      return Type::kText;
  }
}
std::int64_t Statement::Int(int column) const {
  return sqlite3_column_int64(Get(), column);
}
double Statement::Double(int column) const {
  return sqlite3_column_double(Get(), column);
}

std::string Statement::Text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(Get(), column));
  const int size = sqlite3_column_bytes(Get(), column);
  return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(size));
}

void Database::Close::operator()(sqlite3* connection) const {
  sqlite3_close_v2(connection);
}

Result<std::unique_ptr<Database>> Database::Open(const std::string& path, Duration busy_timeout) {
  // SQLite gives a meaning of its own to names that start with `file:` or `:`; `./` in front takes it away.
  // No name at all is a file that nobody else sees.
  const bool plain = path.empty() || path == ":memory:" || path.starts_with('/');
  const std::string name = plain ? path : "./" + path;
  LeaveOutStatistics();
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(
      name.c_str(), &connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, LogFileSystem());
  std::unique_ptr<Database> database(new Database(path, busy_timeout, connection));
  if (code != SQLITE_OK) return database->Failure(code);
  // Falls back to reading only, in silence, when it may not write.
  if (sqlite3_db_readonly(connection, "main") == 1) return database->Failure(SQLITE_READONLY);
  PrepareConnection(connection, busy_timeout);
  return database;
}

Result<std::unique_ptr<Database>> Database::OpenToRead(const std::string& path, Duration busy_timeout, bool immutable) {
  const std::string name = UriOf(path, immutable);
  sqlite3* connection = nullptr;
  const int code =
      sqlite3_open_v2(name.c_str(), &connection,
                      SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  std::unique_ptr<Database> database(new Database(path, busy_timeout, connection));
  if (code != SQLITE_OK) return database->Failure(code);
  PrepareConnection(connection, busy_timeout);
  return database;
}

Status Database::Run(std::string_view sql) {
  Result<Statement> statement = Prepare(sql);
  if (!statement) return statement.error();
  return statement->Run();
}

std::size_t Statement::Hash::operator()(std::string_view sql) const {
  constexpr std::size_t kTold = 24;
  if (sql.size() <= 2 * kTold) return std::hash<std::string_view>()(sql);
  const std::hash<std::string_view> hash;
  return hash(sql.substr(sql.size() / 2, kTold)) ^ (hash(sql.substr(sql.size() - kTold)) * 31 + sql.size());
}

Result<Statement> Database::Prepare(std::string_view sql) const {
  if (const auto kept = idle_.find(sql); kept != idle_.end()) return Statement(*this, idle_.extract(kept));
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(connection_.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) return Failure(code);
  Statement::Idle made;
  made.emplace(sql, statement);
  return Statement(*this, made.extract(made.begin()));
}

Status Database::Execute(const char* sql) {
  const int code = sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return Failure(code);
  return Ok();
}

Result<std::int64_t> Database::QueryInt(std::string_view sql) const {
  Result<Statement> statement = Prepare(sql);
  if (!statement) return statement.error();
  const Result<bool> row = statement->Step();
  if (!row) return row.error();
  return statement->Int(0);
}

Result<std::string> Database::QueryText(std::string_view sql) const {
  Result<Statement> statement = Prepare(sql);
  if (!statement) return statement.error();
  const Result<bool> row = statement->Step();
  if (!row) return row.error();
  return statement->Text(0);
}

void Database::LimitTime(Duration within) const {
  // Steps of SQLite's machine between two looks at the clock: some microseconds.
  constexpr int kSteps = 2'000;
  if (within <= Duration{0}) {
    sqlite3_progress_handler(connection_.get(), 0, nullptr, nullptr);
    return;
  }
  stop_at_ = std::chrono::steady_clock::now() + within;
  const auto is_over = [](void* stop_at) -> int {
    return std::chrono::steady_clock::now() >= *static_cast<std::chrono::steady_clock::time_point*>(stop_at) ? 1 : 0;
  };
  sqlite3_progress_handler(connection_.get(), kSteps, is_over, &stop_at_);
}

bool Database::WasInterrupted() const {
  return (last_failure_ & 0xFF) == SQLITE_INTERRUPT;
}

void Database::LeaveOutSync(bool leave_out) {
  if (leave_out == leaves_out_sync_) return;
  sqlite::LeaveOutSync(connection_.get(), leave_out);
  leaves_out_sync_ = leave_out;
}

Status Database::SyncNow() {
  if (sqlite::SyncNow(connection_.get()) == SQLITE_OK) return Ok();
  return Problem("what was written could not be synced to the disk", "look at the disk");
}

std::int64_t Database::LastInsertedRow() const {
  return sqlite3_last_insert_rowid(connection_.get());
}
int Database::Changes() const {
  return sqlite3_changes(connection_.get());
}
bool Database::InTransaction() const {
  return sqlite3_get_autocommit(connection_.get()) == 0;
}
bool Database::WasBusy() const {
  return (sqlite3_errcode(connection_.get()) & 0xFF) == SQLITE_BUSY;
}

bool Database::WasDamaged() const {
  return (last_failure_ & 0xFF) == SQLITE_CORRUPT;
}

Error Database::Problem(std::string_view what, std::string_view advice) const {
  return Error{ErrorCode::kStorage, "ledger `" + Printable(path_, kShownPath) + "`: " + std::string(what),
               std::string(advice)};
}

Error Database::Failure(int code) const {
  last_failure_ = code;
  const std::string message =
      Printable(connection_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(connection_.get()), kShownMessage);
  const Explanation explanation = Explain(code, SystemErrorOf(connection_.get()), busy_timeout_, message);
  return Problem(explanation.what, explanation.advice);
}

Transaction::~Transaction() {
  // A failed statement may have ended the transaction already. A rollback that fails leaves nothing to do: the next
  // BEGIN says so.
  if (database_.InTransaction()) static_cast<void>(database_.Run("ROLLBACK"));
}

Status Transaction::Begin(Kind kind) {
  return database_.Run(kind == Kind::kWrite ? "BEGIN IMMEDIATE" : "BEGIN");
}

Status Transaction::Commit() {
  return database_.Run("COMMIT");
}

}  // namespace sallyport::sqlite
