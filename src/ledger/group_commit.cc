// SPDX-License-Identifier: Apache-2.0
#include "ledger/group_commit.h"

#include <algorithm>

namespace sallyport {
namespace {

// In one transaction: others that wait for the file do so for no longer than these take.
constexpr std::size_t kMostTogether = 64;

}  // namespace

Status GroupCommit::Run(const Work& work, Sync sync) {
  Unit unit{work, sync};
  std::unique_lock lock(mutex_);
  waiting_.push_back(&unit);
  changed_.wait(lock, [&] { return unit.done || !leading_; });
  if (unit.done) return unit.status;
  leading_ = true;
  while (!unit.done) {
    const std::vector<Unit*> units = TakeSome();
    lock.unlock();
    const int transactions = RunAll(units);
    lock.lock();
    transactions_ += transactions;
    for (Unit* one : units) one->done = true;
  }
  leading_ = false;
  lock.unlock();
  changed_.notify_all();
  return unit.status;
}

Status GroupCommit::MakeDurable() {
  const std::lock_guard lock(connection_);
  return database_.SyncNow();
}

int GroupCommit::waiting() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(waiting_.size());
}

bool GroupCommit::leads() const {
  const std::lock_guard lock(mutex_);
  return leading_;
}

std::int64_t GroupCommit::transactions() const {
  const std::lock_guard lock(mutex_);
  return transactions_;
}

// The oldest. Needs the mutex.
std::vector<GroupCommit::Unit*> GroupCommit::TakeSome() {
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), kMostTogether));
  std::vector<Unit*> units(waiting_.begin(), end);
  waiting_.erase(waiting_.begin(), end);
  return units;
}

// When a transaction of several fails as a whole (the disk is full), each is tried by itself: one that needs much room
// must not take the others with it.
int GroupCommit::RunAll(const std::vector<Unit*>& units) {
  const std::lock_guard lock(connection_);
  if (units.size() > 1 && RunTogether(units)) return 1;
  for (Unit* unit : units) unit->status = RunAlone(*unit);
  return static_cast<int>(units.size());
}

// False: nothing of it is recorded.
bool GroupCommit::RunTogether(const std::vector<Unit*>& units) {
  sqlite::Transaction transaction(database_);
  if (const Status begun = transaction.Begin(sqlite::Transaction::Kind::kWrite); !begun) {
    // Locked by another process for too long: it will not be better for the next of them.
    for (Unit* unit : units) unit->status = begun;
    return true;
  }
  for (Unit* unit : units) {
    if (!RunOneOf(*unit)) return false;
  }
  const bool later = std::all_of(units.begin(), units.end(), [](const Unit* unit) { return unit->sync != Sync::kNow; });
  return Commit(transaction, later ? Sync::kWithTheNext : Sync::kNow).ok();
}

Status GroupCommit::Commit(sqlite::Transaction& transaction, Sync sync) {
  database_.LeaveOutSync(sync == Sync::kWithTheNext);
  return transaction.Commit();
}

// False: the transaction is over.
bool GroupCommit::RunOneOf(Unit& unit) {
  if (!database_.Run("SAVEPOINT one")) return false;
  unit.status = unit.work();
  if (!database_.InTransaction()) return false;
  if (!unit.status.ok() && !database_.Run("ROLLBACK TO one")) return false;
  return database_.Run("RELEASE one").ok();
}

Status GroupCommit::RunAlone(Unit& unit) {
  sqlite::Transaction transaction(database_);
  if (Status begun = transaction.Begin(sqlite::Transaction::Kind::kWrite); !begun) return begun;
  if (Status done = unit.work(); !done) return done;
  return Commit(transaction, unit.sync);
}

}  // namespace sallyport
