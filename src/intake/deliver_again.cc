// SPDX-License-Identifier: Apache-2.0
#include "intake/deliver_again.h"

namespace sallyport {

bool MustDeliverAgain(const EventReport& report) {
  if (report.ledger_failed) return true;
  switch (report.state) {
    case EventState::kReceived:
    case EventState::kPlanned:
    case EventState::kUndetermined:
    case EventState::kFailed:
      return true;
    default:
      return false;
  }
}

}  // namespace sallyport
