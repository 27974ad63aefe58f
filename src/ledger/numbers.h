// SPDX-License-Identifier: Apache-2.0
//
// The numbers that the ledger gives. Each begins at 1 and is never given twice; 0 is nothing.
#pragma once

#include <cstdint>

namespace sallyport {

struct EventNumber {
  std::int64_t value = 0;
  auto operator<=>(const EventNumber&) const = default;
};

// Events and cases draw from one sequence: the first case that an event opens has the event's number, a further one
// the next number, which no event gets. So any event of a case names it too: wherever a case number is taken and there
// is no case of that number, the first case of that event is meant.
using CaseNumber = EventNumber;
// Greater than every number: "before it" is any event.
inline constexpr EventNumber kAnyEvent{INT64_MAX};

// In files of version 2 an event had one plan, and the plan had the event's number. It has kept it.
struct PlanNumber {
  std::int64_t value = 0;
  auto operator<=>(const PlanNumber&) const = default;
};
struct ActionNumber {
  std::int64_t value = 0;
  auto operator<=>(const ActionNumber&) const = default;
};
struct FollowUpNumber {
  std::int64_t value = 0;
  auto operator<=>(const FollowUpNumber&) const = default;
};

}  // namespace sallyport
