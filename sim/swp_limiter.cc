// SPDX-License-Identifier: Apache-2.0
#include "sim/swp_limiter.h"

#include <algorithm>

namespace sallyport::sim {
namespace {

bool Full(const std::deque<Duration>& calls, int limit) {
  return limit > 0 && calls.size() >= static_cast<std::size_t>(limit);
}

}  // namespace

void SlidingLimiter::Forget(Calls& calls, Duration now) {
  while (!calls.empty() && calls.front() <= now - kWindow) calls.pop_front();
}

bool SlidingLimiter::Admit(const std::string& key, Duration now) {
  const std::lock_guard lock(mutex_);
  Calls& own = by_key_[key];
  Forget(own, now);
  Forget(tenant_, now);
  if (Full(own, per_key_) || Full(tenant_, per_tenant_)) return false;
  own.push_back(now);
  tenant_.push_back(now);
  return true;
}

Duration SlidingLimiter::WaitTime(const std::string& key, Duration now) const {
  const std::lock_guard lock(mutex_);
  Duration wait{0};
  const auto own = by_key_.find(key);
  if (own != by_key_.end() && Full(own->second, per_key_)) wait = own->second.front() + kWindow - now;
  if (Full(tenant_, per_tenant_)) wait = std::max(wait, tenant_.front() + kWindow - now);
  return std::max(wait, Duration{0});
}

}  // namespace sallyport::sim
