// SPDX-License-Identifier: Apache-2.0
//
// The time a simulator lives in: start + real time passed * speed + what was advanced by hand. Speed 0 stops it, so
// that only Advance() moves it (tests); 600 makes ten minutes of every second (demonstrations). Thread-safe.
#pragma once

#include <atomic>

#include "base/time.h"

namespace sallyport::sim {

class SimClock {
 public:
  // `real` outlives this.
  SimClock(TimePoint start, double speed, const Clock& real);

  TimePoint start() const { return start_; }
  TimePoint Now() const;
  // Real time passed plus what was advanced, whatever the speed: rate limits count real seconds even when days fly by.
  Duration Unscaled() const;
  void Advance(Duration duration) { advanced_ms_ += duration.count(); }

 private:
  Duration RealElapsed() const;

  const TimePoint start_;
  const double speed_;
  const Clock& real_;
  const std::chrono::steady_clock::time_point real_start_;
  std::atomic<std::int64_t> advanced_ms_ = 0;
};

}  // namespace sallyport::sim
