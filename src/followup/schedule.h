// SPDX-License-Identifier: Apache-2.0
//
// When a question is asked: first, again, and when it is given up. Pure; time and chance are arguments.
//
// Agents are often reached only at their heartbeat, every ten minutes (contract swp-api 5.5), so a scan takes minutes
// to hours: the first looks are close together, later ones further apart.
#pragma once

#include <chrono>

#include "base/time.h"

namespace sallyport {

struct Schedule {
  Duration first{0};    // after the act
  double factor = 1.5;  // each pause is this much longer than the one before
  Duration longest{0};  // no pause is longer
  Duration give_up{0};  // after the act
  bool operator==(const Schedule&) const = default;
};

struct FollowUpSettings {
  Schedule scan = {std::chrono::minutes(1), 1.5, std::chrono::minutes(10), std::chrono::hours(6)};
  Schedule rules = {std::chrono::seconds(30), 1.5, std::chrono::minutes(10), std::chrono::hours(2)};
  Schedule host = {std::chrono::minutes(15), 2.0, std::chrono::hours(24), std::chrono::hours(7 * 24)};
  // How often the end of a case is looked for when nothing has told of it. It outlives all the others.
  Schedule outcome = {std::chrono::minutes(2), 1.5, std::chrono::minutes(30), std::chrono::hours(30 * 24)};
  bool operator==(const FollowUpSettings&) const = default;
};

// `chance` is in [0, 1): up to a fifth is added to each pause, so that many questions of one minute spread out.
TimePoint FirstAsk(const Schedule& schedule, TimePoint now, double chance);
// After `attempts` looks without an answer. Never later than `give_up_at` unless that has passed: the last look is at
// the end.
TimePoint NextAsk(const Schedule& schedule, int attempts, TimePoint now, TimePoint give_up_at, double chance);

// When to try again to deliver a message after `attempts` failures: 1, 5, 15 and 60 minutes, then every hour.
Duration DeliveryPause(int attempts);

}  // namespace sallyport
