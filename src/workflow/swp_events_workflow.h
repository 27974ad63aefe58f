// SPDX-License-Identifier: Apache-2.0
//
// Events that SWP forwards are evidence: they are attached to the open cases of the hosts that they name, and change
// what those cases say. They plan nothing to be done, and open no case unless the settings say so.
#pragma once

#include <map>
#include <string>

#include "base/ids.h"
#include "workflow/swp_events.h"
#include "workflow/swp_events_settings.h"
#include "workflow/workflow.h"

namespace sallyport {

inline constexpr std::string_view kSwpEventsName = "swp-events";
// SWP's clock and ours may differ by this: what is from later than that is not believed.
inline constexpr Duration kSwpClockMayDiffer = std::chrono::minutes(10);

// What SWP's record of a computer says about the instance that an event names with it.
struct SwpIdentity {
  std::string instance;      // of the record; empty: it names none, or there is no such computer
  std::string account;       // of the record; may be empty
  std::string region;        // of the record; may be empty
  std::string undetermined;  // why it cannot be read now; empty: it was read
};

struct SwpEventFacts {
  const CaseToAttach* attaching = nullptr;
  std::map<ComputerId, SwpIdentity> records;
  TimePoint now;
};

WorkflowOf<SwpEvents, SwpEventFacts> SwpEventsWorkflow();

}  // namespace sallyport
