// SPDX-License-Identifier: Apache-2.0
#include "ledger/readers.h"

#include <sys/stat.h>
#include <time.h>

namespace sallyport {
namespace {

// More than that read one after the other.
constexpr int kMostConnections = 4;
constexpr std::int64_t kNanoseconds = 1'000'000'000;

std::int64_t NanosecondsOf(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * kNanoseconds + time.tv_nsec;
}

Status ReadOnce(sqlite::Database& database, const Readers::Work& work) {
  sqlite::Transaction transaction(database);
  if (Status begun = transaction.Begin(sqlite::Transaction::Kind::kRead); !begun) return begun;
  return work(database);  // nothing to keep, and in a damaged file COMMIT may fail even then
}

}  // namespace

Status Readers::Read(const Work& work) {
  while (true) {
    auto connection = Take();
    if (!connection) return connection.error();
    Status done = ReadOnce(*connection->database, work);
    // A writer writes into the log first and brings it into the file later; as long as the file is as it was, what was
    // read is one state of it.
    const bool holds = !connection->unchanged || connection->unchanged == StateOfFile();
    if (holds) {
      GiveBack(*std::move(connection));
      return done;
    }
    connection->database.reset();
    Forget();
  }
}

// One that was taken does not come back, and those that wait do not hold any more either.
void Readers::Forget() {
  const std::lock_guard lock(mutex_);
  open_ -= 1 + static_cast<int>(idle_.size());
  idle_.clear();
  returned_.notify_all();
}

std::optional<Readers::FileState> Readers::StateOfFile() const {
  struct stat file = {};
  if (::stat(path_.c_str(), &file) != 0) return std::nullopt;
  return FileState{file.st_ino, file.st_size, NanosecondsOf(file.st_mtim)};
}

// Nothing: some process has it open, or may have written a moment ago, within what the file's time can tell apart.
std::optional<Readers::FileState> Readers::StateToRely() const {
  if (!alone_) return std::nullopt;
  struct stat log = {};
  if (::stat((path_ + "-wal").c_str(), &log) == 0) return std::nullopt;
  const auto state = StateOfFile();
  timespec now = {};
  ::clock_gettime(CLOCK_REALTIME, &now);
  if (!state || NanosecondsOf(now) - state->changed_at < kNanoseconds) return std::nullopt;
  return state;
}

Result<Readers::Connection> Readers::Open() {
  Connection connection;
  connection.unchanged = StateToRely();
  auto database = sqlite::Database::OpenToRead(path_, busy_timeout_, connection.unchanged.has_value());
  if (!database) return database.error();
  connection.database = std::move(*database);
  if (Status safe = connection.database->Execute("PRAGMA trusted_schema = OFF"); !safe) return safe.error();
  return connection;
}

Result<Readers::Connection> Readers::Take() {
  {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [&] { return !idle_.empty() || open_ < kMostConnections; });
    if (!idle_.empty()) {
      Connection connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
    ++open_;
  }
  auto opened = Open();
  if (opened.ok()) return opened;
  const std::lock_guard lock(mutex_);
  --open_;
  returned_.notify_one();
  return opened;
}

void Readers::GiveBack(Connection connection) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(connection));
  returned_.notify_one();
}

}  // namespace sallyport
