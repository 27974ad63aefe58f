// SPDX-License-Identifier: Apache-2.0
//
// The exit codes of `sallyport handle`. docs/exit-codes.md says the same for users.
#pragma once

#include "intake/handle.h"

namespace sallyport {

enum class ExitCode {
  kOk = 0,            // every event was handled: done, refused by a gate, or out of scope, each with its reason
  kInternal = 1,      // a bug of ours
  kUsage = 2,         // wrong arguments or settings; nothing was read
  kUnreadable = 3,    // at least one event could not be read
  kUndetermined = 4,  // something about at least one host or bucket could not be read or interpreted
  kFailed = 5,        // an action failed, or its outcome is not known
  kStorage = 6,       // the ledger could not be opened or written
};

// The code for one report. Of several, the greatest counts.
ExitCode ExitCodeFor(const EventReport& report);
inline ExitCode Worse(ExitCode a, ExitCode b) {
  return a < b ? b : a;
}

}  // namespace sallyport
