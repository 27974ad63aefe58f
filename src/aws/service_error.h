// SPDX-License-Identifier: Apache-2.0
//
// What a service says when it does not do what was asked, in our words. Pure.
// Source: contract aws-api, sections 2 and 5.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/operation.h"
#include "base/result.h"

namespace sallyport::aws {

struct ServiceError {
  int status = 0;
  std::string code;     // `ThrottlingException`; empty when the service named none
  std::string message;  // from outside, as it came
  std::string request_id;
  std::string region;  // of a bucket that is elsewhere
};

// The error in an answer; nothing when it is a success. A 2xx with an error as its body (S3 sends such) is an error.
std::optional<ServiceError> ReadServiceError(Protocol protocol, const WireAnswer& answer);

// The id under which the service knows the request; empty when it named none.
std::string RequestId(const WireAnswer& answer);

// What may be done after such an error.
enum class Remedy {
  kNone,      // the same again will fail again
  kWait,      // may pass by waiting
  kSlowDown,  // too many requests
  kSetClock,  // our clock is off: sign with the server's time
  kNewToken,  // the session token has expired: get new credentials
  kGoTo,      // S3: the bucket is in ServiceError::region
};
// `server_time_off`: whether the server's `Date` is four minutes or more from our time.
Remedy RemedyOf(const ServiceError& error, bool server_time_off);

// The error for the caller, with its origin. `call` gives service, operation, account and region.
Error ToError(const ServiceError& error, const Call& call);
// The same for an answer that cannot be read, or a call that got none.
Error WithOrigin(Error error, const Call& call, std::string_view request_id = {});

}  // namespace sallyport::aws
