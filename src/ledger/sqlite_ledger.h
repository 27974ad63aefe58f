// SPDX-License-Identifier: Apache-2.0
//
// The Ledger in one SQLite file. Every call is one transaction, synced before it returns. Several processes may have
// the same file open; it must be on a local disk (the write-ahead log shares memory between them).
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "ledger/ledger.h"
#include "ledger/sqlite.h"

namespace sallyport {

class SqliteLedger final : public Ledger {
 public:
  // How long a call waits for another process that writes.
  static constexpr Duration kBusyTimeout = std::chrono::seconds(5);

  // Opens the ledger at `path` and makes what is missing: folders (0700), the file (0600), tables. ":memory:" is a
  // ledger of its own that ends with the object. Errors: kInvalidInput when `path` is not a path, else kStorage.
  // `clock` must outlive the ledger.
  static Result<std::unique_ptr<SqliteLedger>> Open(const std::string& path, const Clock& clock,
                                                    Duration busy_timeout = kBusyTimeout);

  Result<EventNumber> AddEvent(const NewEvent& event) override;
  Status SetEventState(EventNumber event, EventState state, std::string_view reason) override;
  Result<std::vector<ActionNumber>> AddPlan(EventNumber event, const NewPlan& plan) override;
  Status SetActionState(ActionNumber action, ActionState state, std::string_view reason) override;
  Result<std::optional<ActionRecord>> FindCarriedOut(std::string_view key, ActionNumber except) override;
  Result<std::optional<ActionRecord>> FindRecent(std::string_view kind, std::string_view what, std::string_view subject,
                                                 TimePoint since, ActionNumber except) override;
  Result<std::vector<EventRecord>> List(const ListFilter& filter) override;
  Result<Case> Show(EventNumber event) override;

 private:
  SqliteLedger(std::unique_ptr<sqlite::Database> database, const Clock& clock)
      : database_(std::move(database)), clock_(clock) {}

  // Runs `work` as one transaction; an error says what was being done.
  template <class Work>
  auto Transact(sqlite::Transaction::Kind kind, std::string_view doing, Work work) -> decltype(work());

  std::mutex mutex_;  // one connection, one transaction at a time
  std::unique_ptr<sqlite::Database> database_;
  const Clock& clock_;
};

}  // namespace sallyport
