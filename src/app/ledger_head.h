// SPDX-License-Identifier: Apache-2.0
//
// Each command that writes says at its end, on standard error, with which line the ledger ends now: where that is kept
// (a log, a terminal, a build's output), `ledger verify --against` finds records that are gone since.
#pragma once

#include "app/console.h"
#include "ledger/audit.h"

namespace sallyport {

// Nothing for a ledger without lines; a complaint when it cannot be read.
void TellHead(Audit& audit);

// For a command that goes on for long: tells the head again when the last time is some time ago, so that the end of the
// process, whatever it is, takes with it no more than that.
class HeadTeller {
 public:
  HeadTeller(Audit& audit, const Clock& clock) : audit_(audit), clock_(clock), told_at_(clock.Monotonic()) {}
  void TellNowAndThen();

 private:
  Audit& audit_;
  const Clock& clock_;
  std::chrono::steady_clock::time_point told_at_;
};

}  // namespace sallyport
