// SPDX-License-Identifier: Apache-2.0
#include "aws_client/rate_limiter.h"

#include <algorithm>
#include <cmath>

#include "aws/rates.h"
#include "aws/service_error.h"

namespace sallyport::aws {
namespace {

// Requests do not arrive as evenly as they are sent: without a little slack a place taken just in time is a millisecond
// early at the other side, and is throttled.
constexpr double kOfRate = 0.98;
constexpr double kOfBurst = 0.95;
// Idle buckets are dropped above this number; an organization with 1000 accounts in 20 regions and 5 services stays
// below.
constexpr std::size_t kTokenBuckets = 100'000;

double Seconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

RateLimiter::Bucket* RateLimiter::Find(const Call& call) {
  const auto limit = RateLimitOf(call);
  if (!limit) return nullptr;
  const Instant now = clock_.Monotonic();
  if (buckets_.size() >= kTokenBuckets) DropIdle(now);
  std::string key =
      call.place.account + "/" + call.place.region + "/" + std::string(call.operation->service.name) + "/";
  key += limit->group.empty() ? call.operation->name : limit->group;
  const double burst = std::max(1.0, std::floor(limit->burst * kOfBurst));
  auto [place, is_new] =
      buckets_.try_emplace(std::move(key), Bucket{burst, limit->per_second * kOfRate, burst, 0, now});
  Bucket& bucket = place->second;
  bucket.tokens = std::min(bucket.burst, bucket.tokens + Seconds(now - bucket.at) * bucket.per_second);
  bucket.at = now;
  return &bucket;
}

void RateLimiter::DropIdle(Instant now) {
  std::erase_if(buckets_, [now](const auto& entry) {
    const Bucket& bucket = entry.second;
    return bucket.taken == 0 && bucket.tokens + Seconds(now - bucket.at) * bucket.per_second >= bucket.burst;
  });
}

Result<Duration> RateLimiter::Reserve(const Call& call, Duration longest_wait) {
  const std::lock_guard lock(mutex_);
  Bucket* bucket = Find(call);
  if (bucket == nullptr) return Duration{0};
  const double wait_seconds = std::max(0.0, (1.0 - bucket->tokens) / bucket->per_second);
  const Duration wait{static_cast<Duration::rep>(std::ceil(wait_seconds * 1000))};
  if (wait > longest_wait) {
    return WithOrigin(Error{ErrorCode::kRateLimited,
                            "the own rate limit leaves no room for it for " + FormatDuration(wait) +
                                ", and the deadline is " + FormatDuration(longest_wait) + " away",
                            "allow more time or ask for less"},
                      call);
  }
  bucket->tokens -= 1;
  ++bucket->taken;
  return wait;
}

void RateLimiter::Sent(const Call& call) {
  const std::lock_guard lock(mutex_);
  Bucket* bucket = Find(call);
  if (bucket == nullptr) return;
  bucket->taken = std::max(0, bucket->taken - 1);
  bucket->tokens = std::min(bucket->tokens, bucket->burst - 1 - bucket->taken);
}

void RateLimiter::Throttled(const Call& call) {
  const std::lock_guard lock(mutex_);
  if (Bucket* bucket = Find(call)) bucket->tokens = std::min(bucket->tokens, 0.0);
}

}  // namespace sallyport::aws
