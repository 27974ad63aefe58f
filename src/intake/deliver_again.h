// SPDX-License-Identifier: Apache-2.0
//
// Whether the sender of an event should deliver it again. Pure.
#pragma once

#include "intake/handle.h"

namespace sallyport {

// True while the event depends on another delivery: the ledger could not record it or its end, a read failed so that
// nothing was decided (undetermined), an action failed, or its handling did not come to an end. Another delivery is
// safe, whatever was done before (nothing is asked for twice), and a queue that gives up after some deliveries puts the
// event where people see it.
//
// False for what another delivery would not change: done, waiting (a follow-up will come back to it), out of scope,
// duplicate, and unreadable: the ledger holds what was wrong with it, and the same bytes would be unreadable again.
bool MustDeliverAgain(const EventReport& report);

}  // namespace sallyport
