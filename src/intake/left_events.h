// SPDX-License-Identifier: Apache-2.0
//
// Events of this process that it could not bring to their end, because the ledger could not record what came of them.
// Nobody else takes them while it runs, so it has to remember them itself.
#pragma once

#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "ledger/numbers.h"

namespace sallyport {

// Thread-safe.
class LeftEvents {
 public:
  void Add(EventNumber event) {
    const std::lock_guard lock(mutex_);
    events_.insert(event.value);
  }
  // False: it is not among them. Else it is the caller's from now on.
  bool Take(EventNumber event) {
    const std::lock_guard lock(mutex_);
    return events_.erase(event.value) > 0;
  }
  std::vector<EventNumber> TakeAll() {
    const std::lock_guard lock(mutex_);
    std::vector<EventNumber> taken;
    for (const std::int64_t event : std::exchange(events_, {})) taken.push_back(EventNumber{event});
    return taken;
  }

 private:
  std::mutex mutex_;
  std::set<std::int64_t> events_;
};

}  // namespace sallyport
