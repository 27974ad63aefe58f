// SPDX-License-Identifier: Apache-2.0
//
// Faults on demand: which calls go wrong, and how.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sim/fault_book.h"

namespace sallyport::sim {

enum class SwpFaultKind {
  // Instead of acting:
  kStatus,     // answer `status` with SWP's error body
  kHtmlError,  // answer `status` with an HTML body, as a gateway does
  kCutBefore,  // close the connection, nothing was done
  // Around acting:
  kDelay,     // wait `delay_ms` of real time first; goes together with other faults
  kCutAfter,  // act, then close the connection without an answer
  // The answer is spoilt after acting:
  kMalformedJson,
  kTruncatedBody,  // Content-Length announces more than is sent
  kStaleAnswer,    // a read is answered as it was the last time the same was asked
  kUnknownEnum,    // agentStatus and recommendationScanStatus have words from the future
  kDateAsString,   // lastRecommendationScanDate and the other scan dates are texts
  kMissingModuleStatus,
  kDuplicateInstance,  // lists of computers hold the first one twice, the second time as a stale record
};
std::string_view ToString(SwpFaultKind kind);  // "cut-before"
std::optional<SwpFaultKind> SwpFaultKindFrom(std::string_view name);

struct SwpFault {
  SwpFaultKind kind = SwpFaultKind::kStatus;
  std::string method;        // empty = any
  std::string path_pattern;  // ECMAScript regular expression, searched in the path after `/api`; empty = any
  int skip = 0;              // let so many matching calls pass first (the nth: skip = n - 1)
  int times = 1;             // then apply to so many; -1 = for ever
  double probability = 1;    // of each of them, from a generator seeded with `seed`
  std::uint64_t seed = 1;
  int delay_ms = 0;
  int status = 503;
};

// Thread-safe.
class SwpFaultBook {
 public:
  // kInvalidInput: the pattern is not a regular expression, or a number is out of range.
  Status Add(const SwpFault& fault);
  void Clear() { book_.Clear(); }
  // The faults that this call gets, in the order in which they were added. Counts the call.
  std::vector<SwpFault> Match(std::string_view method, std::string_view path) {
    return book_.Match(Call{method, path});
  }

 private:
  struct Call {
    std::string_view method;
    std::string_view path;
  };
  FaultBook<SwpFault, std::function<bool(const Call&)>> book_;
};

// The body of an answer, spoilt. Kinds that do not alter bodies leave it alone.
std::string SpoilBody(SwpFaultKind kind, const std::string& body);

}  // namespace sallyport::sim
