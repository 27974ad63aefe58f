// SPDX-License-Identifier: Apache-2.0
//
// A real ledger in memory with a clock that only the test moves, for the tests of other folders.
#pragma once

#include <memory>

#include "base/fake_clock.h"
#include "ledger/sqlite_ledger.h"

namespace sallyport {

class LedgerForTest {
 public:
  LedgerForTest() : ledger_(SqliteLedger::Open(":memory:", clock_).value()) {}

  FakeClock& clock() { return clock_; }
  SqliteLedger& operator*() { return *ledger_; }
  SqliteLedger* operator->() { return ledger_.get(); }

 private:
  FakeClock clock_;
  std::unique_ptr<SqliteLedger> ledger_;
};

}  // namespace sallyport
