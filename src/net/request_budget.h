// SPDX-License-Identifier: Apache-2.0
//
// How many requests a tenant may be sent per minute, shared by everybody who sends to it.
#pragma once

#include <chrono>
#include <deque>
#include <mutex>

#include "base/result.h"
#include "base/time.h"

namespace sallyport {

// At most `per_minute` reserved sends in any 60 seconds, in the order of asking. Thread-safe.
class RequestBudget {
 public:
  // `per_minute` 0: unlimited.
  RequestBudget(const Clock& clock, int per_minute) : clock_(clock), per_minute_(per_minute) {}
  RequestBudget(const RequestBudget&) = delete;
  RequestBudget& operator=(const RequestBudget&) = delete;

  // Reserves the next free place and says how long to wait for it (zero: send now). kRateLimited, with nothing
  // reserved, when that is longer than `longest_wait`.
  Result<Duration> Reserve(Duration longest_wait);

 private:
  using Instant = std::chrono::steady_clock::time_point;

  const Clock& clock_;
  const int per_minute_;
  std::mutex mutex_;
  // INVARIANT: the last reserved places in order, future ones included, at most per_minute_ of them.
  std::deque<Instant> places_;
};

}  // namespace sallyport
