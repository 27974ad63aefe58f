// SPDX-License-Identifier: Apache-2.0
//
// SWP's rate limit: calls of the last sixty seconds, per key and per tenant; refused calls do not count (vendor page
// "API rate limits"). Thread-safe.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "base/time.h"

namespace sallyport::sim {

class SlidingLimiter {
 public:
  static constexpr Duration kWindow{60'000};

  // 0 = no limit.
  SlidingLimiter(int per_key, int per_tenant) : per_key_(per_key), per_tenant_(per_tenant) {}

  // Counts a call at `now` (any monotonic time), or refuses it.
  bool Admit(const std::string& key, Duration now);
  // How long after `now` the next call of `key` can pass.
  Duration WaitTime(const std::string& key, Duration now) const;

 private:
  using Calls = std::deque<Duration>;
  static void Forget(Calls& calls, Duration now);

  const int per_key_;
  const int per_tenant_;
  mutable std::mutex mutex_;
  std::map<std::string, Calls> by_key_;
  Calls tenant_;
};

}  // namespace sallyport::sim
