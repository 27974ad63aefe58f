// SPDX-License-Identifier: Apache-2.0
#include "net/request_budget.h"

#include <algorithm>
#include <string>

namespace sallyport {

Result<Duration> RequestBudget::Reserve(Duration longest_wait) {
  if (per_minute_ <= 0) return Duration{0};
  const std::lock_guard lock(mutex_);
  const Instant now = clock_.Monotonic();
  const bool full = places_.size() >= static_cast<std::size_t>(per_minute_);
  // Of any per_minute_ + 1 places in a row the last is a minute after the first: that is the whole rule.
  const Instant place = full ? std::max(now, places_.front() + std::chrono::minutes{1}) : now;
  const Duration wait = std::chrono::ceil<Duration>(place - now);
  if (wait > longest_wait) {
    return Error{ErrorCode::kRateLimited,
                 "the budget of " + std::to_string(per_minute_) +
                     " requests a minute is used up: the next is free in " + FormatDuration(wait) +
                     ", and this call may wait " + FormatDuration(longest_wait),
                 "try again later, or raise the number of requests a minute"};
  }
  if (full) places_.pop_front();
  places_.push_back(place);
  return wait;
}

}  // namespace sallyport
