// SPDX-License-Identifier: Apache-2.0
//
// The patch ledger says what covered a host when an answer looked at it last. Whether the rules that this answer
// assigned prevent on the host is found out later, by the follow-up of the action, and stands in the ledger.
#pragma once

#include "action/action.h"
#include "ledger/ledger.h"
#include "workflow/patch_ledger.h"

namespace sallyport {

// Shows what was verified since: a CVE whose rules are all there by now is covered from the moment at which that was
// verified. What was begun since and is not verified is told in `CveCover::why` and covers nothing. An Error: the first
// that was met; what it is about stays as it was.
Status ShowVerified(Ledger& ledger, const ActionKinds& kinds, PatchLedger& patches);

}  // namespace sallyport
