// SPDX-License-Identifier: Apache-2.0
#include "followup/schedule.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace sallyport {
namespace {

constexpr double kMostJitter = 0.2;
// 1.5 to the 60th is more than any `longest`; beyond it only the exponent would grow.
constexpr int kMostSteps = 60;

Duration WithJitter(double pause_ms, double chance) {
  return Duration{static_cast<std::int64_t>(pause_ms * (1.0 + kMostJitter * chance))};
}

}  // namespace

TimePoint FirstAsk(const Schedule& schedule, TimePoint now, double chance) {
  // No pause is longer, the first one neither.
  return now + WithJitter(static_cast<double>(std::min(schedule.first, schedule.longest).count()), chance);
}

TimePoint NextAsk(const Schedule& schedule, int attempts, TimePoint now, TimePoint give_up_at, double chance) {
  const int steps = std::clamp(attempts, 0, kMostSteps);
  const double grown = static_cast<double>(schedule.first.count()) * std::pow(schedule.factor, steps);
  const double pause = std::min(grown, static_cast<double>(schedule.longest.count()));
  const TimePoint next = now + WithJitter(pause, chance);
  return now < give_up_at ? std::min(next, give_up_at) : next;
}

Duration DeliveryPause(int attempts) {
  constexpr std::array kPauses = {std::chrono::minutes(1), std::chrono::minutes(5), std::chrono::minutes(15),
                                  std::chrono::minutes(60)};
  const auto step = static_cast<std::size_t>(std::clamp(attempts - 1, 0, static_cast<int>(kPauses.size()) - 1));
  return kPauses.at(step);
}

}  // namespace sallyport
