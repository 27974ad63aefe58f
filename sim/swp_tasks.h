// SPDX-License-Identifier: Apache-2.0
//
// Scheduled tasks that are due by the clock. Internal to sim/.
#pragma once

#include "sim/swp_world.h"

namespace sallyport::sim {

// Runs enabled once-only tasks whose start time has come, as if at that time.
void StartDueTasks(World& world, std::int64_t now);

}  // namespace sallyport::sim
