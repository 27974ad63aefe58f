// SPDX-License-Identifier: Apache-2.0
//
// A Clock that only tests move. Sleeping moves it, so code that waits is tested without waiting.
#pragma once

#include <vector>

#include "base/time.h"

namespace sallyport {

class FakeClock final : public Clock {
 public:
  explicit FakeClock(TimePoint start = FromEpochMilliseconds(1'764'000'000'000)) : now_(start) {}

  TimePoint Now() const override { return now_; }
  std::chrono::steady_clock::time_point Monotonic() const override {
    return std::chrono::steady_clock::time_point(now_.time_since_epoch());
  }
  void SleepFor(Duration duration) override {
    slept_.push_back(duration);
    Advance(duration);
  }

  void Advance(Duration duration) { now_ += duration; }
  const std::vector<Duration>& slept() const { return slept_; }

 private:
  TimePoint now_;
  std::vector<Duration> slept_;
};

}  // namespace sallyport
