// SPDX-License-Identifier: Apache-2.0
#include "intake/exit_code.h"

namespace sallyport {

ExitCode ExitCodeFor(const EventReport& report) {
  if (report.ledger_failed) return ExitCode::kStorage;
  switch (report.state) {
    case EventState::kUnreadable:
      return ExitCode::kUnreadable;
    case EventState::kUndetermined:
      return ExitCode::kUndetermined;
    case EventState::kFailed:
      return ExitCode::kFailed;
    case EventState::kReceived:
    case EventState::kPlanned:
    case EventState::kWaiting:
    case EventState::kDone:
    case EventState::kJoined:
    case EventState::kDuplicate:
    case EventState::kOutOfScope:
      break;
  }
  return ExitCode::kOk;
}

}  // namespace sallyport
