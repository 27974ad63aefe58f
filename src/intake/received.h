// SPDX-License-Identifier: Apache-2.0
//
// How much of what SWP forwards was taken: two documents of the ledger's State with counts, so that events without a
// case leave no record each, and none is lost without a word. Their age says when the newest came.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "ledger/state.h"
#include "workflow/case_results.h"

namespace sallyport {

// Of one message.
struct Received {
  std::int64_t events = 0;
  std::int64_t attached = 0;  // to cases; an event of two cases counts twice
  bool refused = false;       // not believed: counted apart, and no sign that SWP is heard
};

inline constexpr std::string_view kReceivedDocument = kSwpHeardDocument;
inline constexpr std::string_view kRefusedDocument = "swp-events/refused";

// Adds one message to the counts. kStorage: it could not.
Status CountReceived(State& state, const Received& received);

}  // namespace sallyport
