// SPDX-License-Identifier: Apache-2.0
//
// Connections that only read: beside one that writes, so that nobody waits for a commit of somebody else, or alone, for
// commands that only look.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ledger/sqlite.h"

namespace sallyport {

class Readers {
 public:
  // Sees one state of things, however often it reads. May be run more than once; its last run counts.
  using Work = std::function<Status(sqlite::Database&)>;

  // `alone`: no connection of this process writes into the file. When no other process has it open either it is read
  // as a file that does not change, which leaves nothing beside it; when it did change meanwhile the work is done anew
  // in the ordinary way.
  Readers(std::string path, Duration busy_timeout, bool alone)
      : path_(std::move(path)), busy_timeout_(busy_timeout), alone_(alone) {}

  Status Read(const Work& work);

 private:
  struct FileState {
    std::uint64_t file = 0;
    std::int64_t size = 0;
    std::int64_t changed_at = 0;  // nanoseconds
    bool operator==(const FileState&) const = default;
  };
  struct Connection {
    std::unique_ptr<sqlite::Database> database;
    std::optional<FileState> unchanged;  // it holds only as long as the file is like that
  };
  std::optional<FileState> StateOfFile() const;
  std::optional<FileState> StateToRely() const;
  Result<Connection> Open(bool may_be_alone);
  Result<Connection> Take(bool may_be_alone);
  void GiveBack(Connection connection);
  void Forget();

  const std::string path_;
  const Duration busy_timeout_;
  const bool alone_;

  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<Connection> idle_;
  int open_ = 0;
};

}  // namespace sallyport
