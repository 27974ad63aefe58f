// SPDX-License-Identifier: Apache-2.0
//
// When people are told about a case beside what its plans tell them.
#pragma once

#include <chrono>

#include "followup/schedule.h"

namespace sallyport {

struct NoticeSettings {
  bool anyone_hears = false;  // there is a channel at all
  double opened_from = 7;     // the lowest severity from which a channel wants to hear of openings
  // When somebody is reminded of a case that needs a person: first, again, and no more. `first` of 0: never.
  Schedule reminder = {std::chrono::hours(24), 3, std::chrono::hours(7 * 24), std::chrono::hours(30 * 24)};
  // So long before an approval expires its plan is told again; 0: it is not.
  Duration before_expiry = std::chrono::hours(1);
};

}  // namespace sallyport
