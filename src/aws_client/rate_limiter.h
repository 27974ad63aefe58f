// SPDX-License-Identifier: Apache-2.0
//
// Token buckets on our side, one for each account, region, service and group of actions, so that AWS has no reason to
// throttle us. Contract aws-api, section 5.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>

#include "aws/operation.h"
#include "base/result.h"
#include "base/time.h"

namespace sallyport::aws {

// Thread-safe.
class RateLimiter {
 public:
  explicit RateLimiter(const Clock& clock) : clock_(clock) {}
  RateLimiter(const RateLimiter&) = delete;
  RateLimiter& operator=(const RateLimiter&) = delete;

  // Takes the next free place and says how long to wait for it; zero: send now. kRateLimited, with nothing taken, when
  // that is longer than `longest_wait`.
  Result<Duration> Reserve(const Call& call, Duration longest_wait);
  // The call of a place that was taken is sent now. When that is later than it was to be, what AWS's bucket could not
  // hold meanwhile is lost there, and counts for nothing here.
  void Sent(const Call& call);
  // The service throttled this call after all: somebody else uses the same limit. Nothing more is saved up.
  void Throttled(const Call& call);

 private:
  using Instant = std::chrono::steady_clock::time_point;
  struct Bucket {
    double tokens = 0;  // below zero: places in the future that are taken
    double per_second = 0;
    double burst = 0;
    int taken = 0;  // places whose calls are not sent yet
    Instant at{};
  };

  // Null when the call has no limit. With mutex_ held.
  Bucket* Find(const Call& call);
  void DropIdle(Instant now);

  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Bucket> buckets_;
};

}  // namespace sallyport::aws
