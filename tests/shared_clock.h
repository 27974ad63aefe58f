// SPDX-License-Identifier: Apache-2.0
//
// A simulated time that several processes share through a file: the simulator's, the program's and the restarted
// program's. It moves when a process sleeps and when it is advanced, never by itself, so that hours pass in
// milliseconds and a claim never ends because the machine is slow.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "base/time.h"

namespace sallyport {

class SharedClock final : public Clock {
 public:
  static constexpr int kPlaces = 4;

  // Makes the file when it is not there; a new one starts at a fixed time. Aborts when it cannot be mapped: a test
  // without its clock means nothing.
  explicit SharedClock(const std::string& path);
  ~SharedClock() override;
  SharedClock(const SharedClock&) = delete;
  SharedClock& operator=(const SharedClock&) = delete;

  TimePoint Now() const override;
  std::chrono::steady_clock::time_point Monotonic() const override;
  // Of a process without a place: time moves at once. Of one with a place: when every other one with a place sleeps
  // too, time moves to the first wake-up.
  void SleepFor(Duration duration) override;
  void Advance(Duration duration);

  // From now on this process counts as one that works while it does not sleep.
  void Take(int place);
  // The same for a process that is about to start.
  void Reserve(int place) { shared_->wake_at[place] = kAwake; }
  // The process that had this place has ended.
  void Free(int place);

 private:
  struct Shared {
    std::atomic<std::int64_t> now;
    std::atomic<std::int64_t> wake_at[kPlaces];  // kAbsent, kAwake, or when its sleep ends
  };
  static constexpr std::int64_t kAbsent = 0;
  static constexpr std::int64_t kAwake = -1;
  static constexpr std::int64_t kStart = 1'796'000'000'000;

  // Whether nobody works and nobody wakes before `mine`.
  bool IsNext(std::int64_t mine) const;
  void MoveTo(std::int64_t time);

  Shared* shared_ = nullptr;
  int place_ = -1;
};

}  // namespace sallyport
