// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

#include "event/event.h"

namespace sallyport {

// The addresses at the other end that a GuardDuty finding names, as written: `remoteIpDetails` of its action ("Finding
// details" of the user guide). At most 100. Empty: it names none, or is no finding that can be read. Pure.
std::set<std::string> GuardDutyRemotes(const Event& event);

}  // namespace sallyport
