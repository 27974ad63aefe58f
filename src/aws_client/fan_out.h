// SPDX-License-Identifier: Apache-2.0
//
// Many calls at a time, with a bound on how many, in an order that keeps no lane waiting for another.
//
//   const auto answers = FanOut<Answer>(clock, options, items, LaneOf, [&](const Item& item) { return aws.Call(...);
//   });
//
// A lane is what shares a rate limit: an account and region, say. While several lanes have work left, none may hold
// more than its share of the workers, so that calls waiting in a slow lane's bucket do not stop the others.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace sallyport::aws {

struct FanOutOptions {
  int concurrency = 16;  // 1 to 256 threads
  // No further call is begun after this; those that run end by their own deadlines.
  std::optional<std::chrono::steady_clock::time_point> until{};
};

// Runs work(i) once for each i below lanes.size(), lanes[i] being its lane; gives which were begun. Returns when all
// that were begun have ended. `work` must be thread-safe and must not throw.
std::vector<bool> RunInLanes(const Clock& clock, const FanOutOptions& options, const std::vector<std::string>& lanes,
                             const std::function<void(std::size_t)>& work);

// The error of an item that was not begun.
Error NotBegun();

template <class T>
struct Answers {
  std::vector<Result<T>> items;  // in the order of what was asked; an Error for each that failed or was not begun
  std::size_t failed = 0;        // begun and failed
  std::size_t missing = 0;       // not begun
  bool complete() const { return failed == 0 && missing == 0; }
};

template <class T, class Item, class LaneOf, class Function>
Answers<T> FanOut(const Clock& clock, const FanOutOptions& options, const std::vector<Item>& items, LaneOf lane_of,
                  Function function) {
  std::vector<std::string> lanes;
  lanes.reserve(items.size());
  for (const Item& item : items) lanes.push_back(lane_of(item));
  Answers<T> answers;
  answers.items.assign(items.size(), Result<T>(NotBegun()));
  // Each worker writes only to the places of its own items.
  const std::vector<bool> begun =
      RunInLanes(clock, options, lanes, [&](std::size_t i) { answers.items[i] = function(items[i]); });
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!begun[i]) {
      ++answers.missing;
    } else if (!answers.items[i].ok()) {
      ++answers.failed;
    }
  }
  return answers;
}

}  // namespace sallyport::aws
