// SPDX-License-Identifier: Apache-2.0
#include "ledger/readers.h"

#include <sys/stat.h>
#include <time.h>

#include <chrono>
#include <thread>

namespace sallyport {
namespace {

// More than that read one after the other.
constexpr int kMostConnections = 4;
constexpr std::int64_t kNanoseconds = 1'000'000'000;
// What a file's time can tell apart: a tick of the kernel (10 ms at most), where the file system keeps more than whole
// seconds; else up to two seconds.
constexpr std::int64_t kFineTick = kNanoseconds / 50;
constexpr std::int64_t kCoarseTick = 2 * kNanoseconds;
// Whoever meets a change so often meets a process that writes all the time: its log is there, or will be.
constexpr int kMostTriesAlone = 5;

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
  for (int tries = 1;; ++tries) {
    auto connection = Take(tries <= kMostTriesAlone);
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

// Nothing: some process has it open. A file that was written a moment ago is waited for until its time would tell of
// another change.
std::optional<Readers::FileState> Readers::StateToRely() const {
  while (true) {
    struct stat log = {};
    if (::stat((path_ + "-wal").c_str(), &log) == 0) return std::nullopt;
    const auto state = StateOfFile();
    if (!state) return std::nullopt;
    timespec now = {};
    ::clock_gettime(CLOCK_REALTIME, &now);
    const std::int64_t tick = state->changed_at % kNanoseconds == 0 ? kCoarseTick : kFineTick;
    const std::int64_t since = NanosecondsOf(now) - state->changed_at;
    // A time that is still to come is not that of a change that happens now.
    if (since < 0 || since >= tick) return state;
    std::this_thread::sleep_for(std::chrono::nanoseconds(tick - since));
  }
}

Result<Readers::Connection> Readers::Open(bool may_be_alone) {
  Connection connection;
  if (alone_ && may_be_alone) connection.unchanged = StateToRely();
  auto database = sqlite::Database::OpenToRead(path_, busy_timeout_, connection.unchanged.has_value());
  if (!database) return database.error();
  connection.database = std::move(*database);
  if (Status safe = connection.database->Execute("PRAGMA trusted_schema = OFF"); !safe) return safe.error();
  return connection;
}

Result<Readers::Connection> Readers::Take(bool may_be_alone) {
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
  auto opened = Open(may_be_alone);
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
