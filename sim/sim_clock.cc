// SPDX-License-Identifier: Apache-2.0
#include "sim/sim_clock.h"

namespace sallyport::sim {

SimClock::SimClock(TimePoint start, double speed, const Clock& real)
    : start_(start), speed_(speed), real_(real), real_start_(real.Monotonic()) {}

Duration SimClock::RealElapsed() const {
  return std::chrono::duration_cast<Duration>(real_.Monotonic() - real_start_);
}

TimePoint SimClock::Now() const {
  const auto scaled = static_cast<std::int64_t>(static_cast<double>(RealElapsed().count()) * speed_);
  return start_ + Duration{scaled + advanced_ms_};
}

Duration SimClock::Unscaled() const {
  return RealElapsed() + Duration{advanced_ms_};
}

}  // namespace sallyport::sim
