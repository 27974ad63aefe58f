// SPDX-License-Identifier: Apache-2.0
//
// Exact token buckets, one per (account, region, service, action) under a rate: `burst` tokens at first, one per call,
// refilled evenly at `per_second` and never over `burst`. A call that finds less than one token is refused and costs
// nothing.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "sim/aws/world.h"

namespace sallyport::aws_sim {

class TokenBuckets {
 public:
  using Instant = std::chrono::nanoseconds;  // of any monotonic clock

  explicit TokenBuckets(std::vector<RateLimit> limits) : limits_(std::move(limits)) {}

  // False: throttled. Thread-safe. Without a matching limit everything passes.
  bool Take(const std::string& account, const std::string& region, std::string_view service, std::string_view action,
            Instant now);
  // All buckets start full again.
  void SetLimits(std::vector<RateLimit> limits);

 private:
  struct Bucket {
    double tokens = 0;
    Instant at{};
  };
  std::mutex mutex_;
  std::vector<RateLimit> limits_;
  // At most accounts x regions x operations of the estate.
  std::map<std::string, Bucket> buckets_;
};

// The documented rates (AWS documentation of EC2 API throttling and WAFv2 quotas) and cautious guesses for those that
// publish none; README-aws.md lists them.
std::vector<RateLimit> DocumentedLimits();

// The throttling error in the words of the service.
Failure ThrottleFailure(const ServiceSpec& service);

}  // namespace sallyport::aws_sim
