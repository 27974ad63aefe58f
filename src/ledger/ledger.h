// SPDX-License-Identifier: Apache-2.0
//
// The ledger as a whole: whoever needs one part of it takes that part.
#pragma once

#include "ledger/audit.h"
#include "ledger/journal.h"
#include "ledger/state.h"
#include "ledger/views.h"

namespace sallyport {

class Ledger : public Journal, public Views, public Audit, public State {};

}  // namespace sallyport
