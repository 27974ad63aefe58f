// SPDX-License-Identifier: Apache-2.0
//
// The seam to the Lambda runtime API (docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html): poll for an invocation,
// answer it. One Next is followed by exactly one Respond or Fail.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace sallyport::lambda {

struct Invocation {
  std::string request_id;
  std::optional<TimePoint> deadline;  // nothing: the API named none that can be read
  std::string function_arn;
  std::string trace_id;                       // may be empty
  Result<std::string> event = std::string();  // kTooLarge: over bounds::kEventBytes, and not read
};

struct FunctionError {
  std::string type;  // "Sallyport.Ledger": `category.reason`
  std::string message;
};

// All calls may fail with these:
//   kUnavailable, kOutcomeUnknown, kBadAnswer  the API is gone or beyond repair (5xx): end the process
//   kInvalidInput, kForbidden                  it refused this call (400, 403): say so and go on
//   kTooLarge                                  (Respond only) the response is too large: report an error instead
class RuntimeApi {
 public:
  virtual ~RuntimeApi() = default;
  // Waits for as long as it takes.
  virtual Result<Invocation> Next() = 0;
  virtual Status Respond(const std::string& request_id, std::string_view body) = 0;
  virtual Status Fail(const std::string& request_id, const FunctionError& error) = 0;
  // Instead of the first Next.
  virtual Status InitError(const FunctionError& error) = 0;
};

}  // namespace sallyport::lambda
