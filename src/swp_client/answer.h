// SPDX-License-Identifier: Apache-2.0
//
// From an HTTP answer of the SWP manager to JSON, or to an Error that says what to do. Pure.
// Source: contract swp-api section 2. Decisions are made on the status only; `message` texts are for people.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "net/http.h"

namespace sallyport::swp {

// One operation of the API, as errors name it.
struct Operation {
  std::string_view what;  // "search computers"
  // The right of the API key's role that it needs, as the role editor and the API name it; empty: none beyond reading.
  std::string_view right;
};

// The body of a 2xx as JSON. Errors: by status (kUnauthenticated, kForbidden, kNotFound, kRateLimited, kUnavailable,
// kInvalidInput), or kBadAnswer when the body is not JSON (an HTML page of a proxy or gateway, a cut body).
Result<Json> ReadAnswer(const HttpResponse& answer, const Operation& operation);

// Whether the status says that SWP surely did not carry the request out.
bool IsRefusal(int status);

}  // namespace sallyport::swp
