// SPDX-License-Identifier: Apache-2.0
//
// What a process owes, because the ledger could not be read or could not record: events of its own that are not at
// their end, and cases of which nobody was told. Nobody else takes them while it runs, so it has to remember them
// itself.
#pragma once

#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "ledger/numbers.h"

namespace sallyport {

// Thread-safe.
template <class Number>
class LeftBehind {
 public:
  void Add(Number number) {
    const std::lock_guard lock(mutex_);
    numbers_.insert(number.value);
  }
  // False: it is not among them. Else it is the caller's from now on.
  bool Take(Number number) {
    const std::lock_guard lock(mutex_);
    return numbers_.erase(number.value) > 0;
  }
  std::vector<Number> TakeAll() {
    const std::lock_guard lock(mutex_);
    std::vector<Number> taken;
    for (const std::int64_t number : std::exchange(numbers_, {})) taken.push_back(Number{number});
    return taken;
  }
  bool empty() {
    const std::lock_guard lock(mutex_);
    return numbers_.empty();
  }

 private:
  std::mutex mutex_;
  std::set<std::int64_t> numbers_;
};

using LeftEvents = LeftBehind<EventNumber>;
using UntoldCases = LeftBehind<CaseNumber>;

}  // namespace sallyport
