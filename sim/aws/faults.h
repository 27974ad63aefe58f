// SPDX-License-Identifier: Apache-2.0
//
// Faults on demand: which calls go wrong, and how.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sim/fault_book.h"

namespace sallyport::aws_sim {

enum class FaultKind {
  // Instead of acting:
  kThrottle,       // the service's throttling error
  kInternalError,  // `status` (default 500) with the service's word for it
  kError,          // `status`, `code` and `message`, in the service's form
  kErrorIn200,     // the same with status 200
  kHtmlError,      // `status` with an HTML body, as a gateway does
  kCutBefore,      // close the connection, nothing was done
  kExpiredToken,
  kRegionClosed,
  kAccessDenied,
  kRedirect,    // S3: 301 to another region, `code` (default eu-central-1)
  kEntityBomb,  // XML with nested entities; for json services a very deep document
  // Around acting:
  kDelay,     // `delay_ms` more; goes together with other faults
  kCutAfter,  // act, then close the connection without an answer
  kRepeatToken,
  // The answer is spoilt after acting:
  kTruncatedBody,      // Content-Length announces more than is sent
  kTruncatedDocument,  // a whole HTTP answer whose document stops in the middle
  kEmptyBody,
};
std::string_view ToString(FaultKind kind);  // "cut-before"
std::optional<FaultKind> FaultKindFrom(std::string_view name);

struct Fault {
  FaultKind kind = FaultKind::kInternalError;
  // Patterns with `*` and `?`; empty = any.
  std::string account;
  std::string region;
  std::string service;  // `ec2`, `elbv2`
  std::string action;   // `DescribeInstances`
  int skip = 0;         // let so many matching calls pass first (the nth: skip = n - 1)
  int times = 1;        // then apply to so many; -1 = for ever
  double probability = 1;
  std::uint64_t seed = 1;
  int delay_ms = 0;
  int status = 500;
  std::string code;
  std::string message;
};

// Where a call goes, and which faults are meant for it.
struct FaultCall {
  std::string_view account;
  std::string_view region;
  std::string_view service;
  std::string_view action;
};
struct FaultMatcher {
  Fault fault;
  bool operator()(const FaultCall& call) const;
};

// Thread-safe.
class FaultBook {
 public:
  // kInvalidInput: a number is out of range.
  Status Add(const Fault& fault) { return book_.Add(fault, FaultMatcher{fault}); }
  void Clear() { book_.Clear(); }
  // The faults that this call gets, in the order in which they were added. Counts the call.
  std::vector<Fault> Match(const FaultCall& call) { return book_.Match(call); }

 private:
  sim::FaultBook<Fault, FaultMatcher> book_;
};

}  // namespace sallyport::aws_sim
