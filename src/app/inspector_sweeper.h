// SPDX-License-Identifier: Apache-2.0
//
// A sweep over all findings of Inspector: the sweep, not the event, is the source of truth. What the patch ledger knows
// as it is is passed over; what is new, closed or suppressed is handed in like an event; what is gone where everything
// was read is said at the end, by an event of our own.
#pragma once

#include <functional>
#include <string>

#include "app/inspector_lists.h"
#include "app/wire.h"

namespace sallyport {

struct SweepOptions {
  Duration since{0};     // only what was updated so long ago or later; 0: everything
  bool dry_run = false;  // nothing is handed in
  AwsSurroundings aws{};
};
struct SweepOutcome {
  InspectorListing listing;
  std::size_t known = 0;
  std::size_t handed_in = 0;
  std::size_t vanished = 0;
};

// A finding as the API lists it, as an arrival. Account and region: where it was listed; empty: as it says itself.
// `at`: when it was listed; it is so then, however long ago it was updated.
Arrival ArrivalOf(const Json& finding, const std::string& account, const std::string& region, const std::string& origin,
                  TimePoint at);

// `take`: what hands an arrival in. An Error: nothing could be asked, or the patch ledger cannot be read.
Result<SweepOutcome> SweepInspector(Program& program, const Settings& settings, const SweepOptions& options,
                                    const std::function<void(const Arrival& arrival)>& take);

// Whether an event asks for a sweep: a schedule with constant input
// {"source": "sallyport.inspector", "detail-type": "Sallyport Inspector Sweep Wanted", "detail": {}}.
bool WantsSweep(const Arrival& arrival);

}  // namespace sallyport
