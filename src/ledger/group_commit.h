// SPDX-License-Identifier: Apache-2.0
//
// Several threads, one durable commit: whoever comes first while nobody commits does the work of all who wait, in one
// transaction with one sync. What one of them does wrong is undone alone.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "ledger/sqlite.h"

namespace sallyport {

class GroupCommit {
 public:
  // What one call does inside the transaction. It may be run more than once, and by another thread than the caller's;
  // what its last run left behind counts.
  using Work = std::function<Status()>;

  // kNow: durable when Run returns. kWithTheNext: others see it, and it is durable not later than the next work that is
  // kNow; for what has to be durable only before something else is.
  enum class Sync { kNow, kWithTheNext };

  explicit GroupCommit(sqlite::Database& database) : database_(database) {}

  // Ok: what the work did is recorded. Else nothing of it is; the error is the work's or the disk's.
  Status Run(const Work& work, Sync sync = Sync::kNow);

  // Returns when all that ran before is durable.
  Status MakeDurable();

  // For tests and figures: how many wait and are not being worked for yet, whether somebody works, and how many
  // transactions there were.
  int waiting() const;
  bool leads() const;
  std::int64_t transactions() const;

  // Exclusive use of the connection between two commits, for reads.
  std::unique_lock<std::mutex> Borrow() { return std::unique_lock(connection_); }
  // The same if nobody has it now.
  std::unique_lock<std::mutex> TryBorrow() { return {connection_, std::try_to_lock}; }

 private:
  struct Unit {
    const Work& work;
    Sync sync = Sync::kNow;
    Status status = Ok();
    bool done = false;
  };
  std::vector<Unit*> TakeSome();
  int RunAll(const std::vector<Unit*>& units);
  bool RunTogether(const std::vector<Unit*>& units);
  bool RunOneOf(Unit& unit);
  Status Commit(sqlite::Transaction& transaction, Sync sync);
  Status RunAlone(Unit& unit);

  sqlite::Database& database_;
  std::mutex connection_;  // one transaction at a time

  mutable std::mutex mutex_;  // for what follows
  std::condition_variable changed_;
  std::vector<Unit*> waiting_;
  bool leading_ = false;  // somebody works for all
  std::int64_t transactions_ = 0;
};

}  // namespace sallyport
