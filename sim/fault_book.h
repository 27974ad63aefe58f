// SPDX-License-Identifier: Apache-2.0
//
// What the books of faults of all simulators have in common: which of the matching calls a fault applies to.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <random>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace sallyport::sim {

// `Fault` has the numbers that say when it applies:
//
//   int skip              let so many matching calls pass first (the nth: skip = n - 1)
//   int times             then apply to so many; -1 = for ever
//   double probability    of each of them, from a generator seeded with `seed`
//   std::uint64_t seed
//   int delay_ms, status  what it does, checked here because every simulator has them
//
// and `Matcher` tells, as a function of a call, which calls match. Thread-safe.
template <class Fault, class Matcher>
class FaultBook {
 public:
  // kInvalidInput: a number is out of range.
  Status Add(const Fault& fault, Matcher matcher) {
    constexpr int kLongestDelay = 600'000;
    const bool in_range = fault.skip >= 0 && fault.times >= -1 && fault.delay_ms >= 0 &&
                          fault.delay_ms <= kLongestDelay && fault.status >= 100 && fault.status <= 599 &&
                          fault.probability >= 0 && fault.probability <= 1;
    if (!in_range) return Error{ErrorCode::kInvalidInput, "fault: a number is out of range", ""};
    const std::lock_guard lock(mutex_);
    entries_.push_back({fault, std::move(matcher), std::mt19937_64(fault.seed), 0, 0});
    return Ok();
  }

  void Clear() {
    const std::lock_guard lock(mutex_);
    entries_.clear();
  }

  // The faults that this call gets, in the order in which they were added. Counts the call.
  template <class Call>
  std::vector<Fault> Match(const Call& call) {
    std::vector<Fault> matched;
    const std::lock_guard lock(mutex_);
    for (Entry& entry : entries_) {
      const Fault& fault = entry.fault;
      if (!entry.matcher(call)) continue;
      if (entry.seen++ < fault.skip) continue;
      if (fault.times >= 0 && entry.applied >= fault.times) continue;
      if (std::uniform_real_distribution<double>(0, 1)(entry.random) >= fault.probability) continue;
      ++entry.applied;
      matched.push_back(fault);
    }
    return matched;
  }

 private:
  struct Entry {
    Fault fault;
    Matcher matcher;
    std::mt19937_64 random;
    int seen;
    int applied;
  };

  std::mutex mutex_;
  std::vector<Entry> entries_;
};

// The names of an enum, as they are written in requests to a simulator's control plane.
template <class Kind>
struct FaultName {
  Kind kind;
  std::string_view name;
};

template <class Kind, std::size_t kCount>
std::string_view NameOfFault(const FaultName<Kind> (&names)[kCount], Kind kind) {
  for (const FaultName<Kind>& entry : names) {
    if (entry.kind == kind) return entry.name;
  }
  return "";
}

template <class Kind, std::size_t kCount>
std::optional<Kind> FaultNamed(const FaultName<Kind> (&names)[kCount], std::string_view name) {
  for (const FaultName<Kind>& entry : names) {
    if (entry.name == name) return entry.kind;
  }
  return std::nullopt;
}

}  // namespace sallyport::sim
