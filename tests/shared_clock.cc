// SPDX-License-Identifier: Apache-2.0
#include "tests/shared_clock.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <thread>

#include "base/check.h"

namespace sallyport {

SharedClock::SharedClock(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  Check(file >= 0, "the file of the clock");
  Check(::ftruncate(file, sizeof(Shared)) == 0, "room for the clock");
  void* mapped = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  Check(mapped != MAP_FAILED, "the clock in memory");
  // A new file is all zeros, which is what these atomics are at zero.
  shared_ = static_cast<Shared*>(mapped);
  std::int64_t unset = 0;
  shared_->now.compare_exchange_strong(unset, kStart);
}

SharedClock::~SharedClock() {
  if (place_ >= 0) Free(place_);
  ::munmap(shared_, sizeof(Shared));
}

TimePoint SharedClock::Now() const {
  return FromEpochMilliseconds(shared_->now);
}

std::chrono::steady_clock::time_point SharedClock::Monotonic() const {
  return std::chrono::steady_clock::time_point(Now().time_since_epoch());
}

void SharedClock::SleepFor(Duration duration) {
  if (place_ < 0) return Advance(duration);
  const std::int64_t mine = shared_->now + duration.count();
  shared_->wake_at[place_] = mine;
  while (shared_->now < mine && !IsNext(mine)) std::this_thread::sleep_for(std::chrono::microseconds(200));
  MoveTo(mine);
  shared_->wake_at[place_] = kAwake;
}

void SharedClock::Advance(Duration duration) {
  shared_->now += duration.count();
}

void SharedClock::Take(int place) {
  place_ = place;
  shared_->wake_at[place] = kAwake;
}

void SharedClock::Free(int place) {
  shared_->wake_at[place] = kAbsent;
}

bool SharedClock::IsNext(std::int64_t mine) const {
  for (const auto& other : shared_->wake_at) {
    const std::int64_t wake_at = other;
    if (wake_at == kAwake || (wake_at != kAbsent && wake_at < mine)) return false;
  }
  return true;
}

void SharedClock::MoveTo(std::int64_t time) {
  std::int64_t now = shared_->now;
  while (now < time && !shared_->now.compare_exchange_weak(now, time)) continue;
}

}  // namespace sallyport
