// SPDX-License-Identifier: Apache-2.0
//
// What all retries of one client may cost together, so that an outage is not made worse by retrying everything.
// Contract aws-api, section 5: 500 tokens; a retry costs 5, after a timeout 10; a success gives back what its last
// retry cost, or 1.
#pragma once

#include <algorithm>
#include <mutex>

namespace sallyport::aws {

// Thread-safe.
class RetryTokens {
 public:
  static constexpr int kAll = 500;
  static constexpr int kRetry = 5;
  static constexpr int kAfterTimeout = 10;

  // False, with nothing taken, when there are not enough.
  bool Take(int cost) {
    const std::lock_guard lock(mutex_);
    if (cost > left_) return false;
    left_ -= cost;
    return true;
  }
  // `last_cost`: of the retry that succeeded; 0: the first try did.
  void GiveBack(int last_cost) {
    const std::lock_guard lock(mutex_);
    left_ = std::min(kAll, left_ + (last_cost > 0 ? last_cost : 1));
  }
  int Left() const {
    const std::lock_guard lock(mutex_);
    return left_;
  }

 private:
  mutable std::mutex mutex_;
  int left_ = kAll;
};

}  // namespace sallyport::aws
