// SPDX-License-Identifier: Apache-2.0
//
// What the simulated manager publishes to Amazon SNS (contract 9.4). There is no SNS behind it: whoever drives the
// simulator fetches the messages as Lambda gets them, and hands them on. Internal to sim/.
#pragma once

#include <string>
#include <string_view>

#include "sim/swp_world.h"

namespace sallyport::sim {

// {"computer": n, "malware": [{members}], "integrity": [{members}]}: what the next scans of that computer find. What is
// wrong; empty: done.
std::string HideFindings(World& world, const json::object& body);

// Everything that was published since this was asked last, as SNS-to-Lambda events of at most 100 events each:
// {"messages": [{"Records": [...]}]}. `topic`: its ARN.
json::object TakePublished(World& world, std::string_view topic, std::int64_t now);

}  // namespace sallyport::sim
