// SPDX-License-Identifier: Apache-2.0
//
// Tries again what may pass by waiting, within the request's deadline and the tenant's budget.
//
//   what came                      Repeat::kSafe   Repeat::kUnsafe
//   429                            again           again (refused means: not carried out)
//   500, 502, 503, 504             again           never
//   any other answer               never           never
//   kUnavailable                   again           again (surely not sent)
//   kOutcomeUnknown, kTimeout      again           never
//   any other error                never           never
//
// Of a request that changes nothing no outcome is unknown: kOutcomeUnknown of the last try is kUnavailable then.
#pragma once

#include "base/log.h"
#include "base/random.h"
#include "net/http.h"
#include "net/request_budget.h"

namespace sallyport {

// The wait before try n+1 is a random part (full jitter) of min(longest, first * factor^(n-1)), so that many callers
// that failed together do not come back together. A longer `Retry-After` (RFC 9110, 10.2.3) of the answer wins.
struct RetryPolicy {
  int tries = 6;  // the first one included; less than 1 is 1
  Duration first{500};
  int factor = 2;
  Duration longest{30'000};
  // For requests that name no deadline.
  Duration default_deadline{30'000};
};

// Returns the last answer, or the last error with the number of tries. A wait that would not end before the deadline
// is not begun. kRateLimited when the budget leaves no place for even the first try. Thread-safe.
class RetryClient final : public HttpClient {
 public:
  RetryClient(HttpClient& inner, RequestBudget& budget, Clock& clock, Random& random, Logger& log, RetryPolicy policy)
      : inner_(inner), budget_(budget), clock_(clock), random_(random), log_(log), policy_(policy) {}

  Result<HttpResponse> Send(const HttpRequest& request) override;

 private:
  using Instant = std::chrono::steady_clock::time_point;

  Duration Left(Instant end) const;
  // Waits for a place in the budget.
  Status WaitForPlace(Instant end);
  Duration WaitAfter(const Result<HttpResponse>& result, int tries);
  Duration BackOff(int tries);

  HttpClient& inner_;
  RequestBudget& budget_;
  Clock& clock_;
  Random& random_;
  Logger& log_;
  const RetryPolicy policy_;
};

}  // namespace sallyport
