// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

#include <cstdio>
#include <cstdlib>

namespace sallyport {

void CheckFailed(std::string_view what) {
  std::fprintf(stderr, "sallyport: internal error: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

std::string_view ToString(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidInput:
      return "invalid-input";
    case ErrorCode::kNotFound:
      return "not-found";
    case ErrorCode::kUnauthenticated:
      return "unauthenticated";
    case ErrorCode::kForbidden:
      return "forbidden";
    case ErrorCode::kUntrusted:
      return "untrusted";
    case ErrorCode::kRateLimited:
      return "rate-limited";
    case ErrorCode::kUnavailable:
      return "unavailable";
    case ErrorCode::kOutcomeUnknown:
      return "outcome-unknown";
    case ErrorCode::kTimeout:
      return "timeout";
    case ErrorCode::kBadAnswer:
      return "bad-answer";
    case ErrorCode::kTooLarge:
      return "too-large";
    case ErrorCode::kRefused:
      return "refused";
    case ErrorCode::kStorage:
      return "storage";
    case ErrorCode::kInternal:
      break;
  }
  return "internal";
}

std::string Error::ToText() const {
  return advice.empty() ? message : message + " (" + advice + ")";
}

Error Error::In(std::string_view context) const {
  return Error{code, std::string(context) + ": " + message, advice, origin};
}

}  // namespace sallyport
