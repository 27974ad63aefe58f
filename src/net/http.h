// SPDX-License-Identifier: Apache-2.0
//
// HTTP as the rest of the program sees it: plain values and one seam. Retry, counting and (later) signing are
// HttpClients that wrap an HttpClient.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"

namespace sallyport {

struct HttpHeader {
  std::string name;
  std::string value;
};

// Whether sending the same request twice does the same as sending it once.
enum class Repeat {
  kSafe,    // GET, search, DELETE: repeat after any failure that may pass
  kUnsafe,  // creates something: repeat only when it surely was not carried out (429, connection never made)
};

struct HttpRequest {
  std::string method;  // "GET", "POST", ...
  std::string url;     // absolute, already encoded
  std::vector<HttpHeader> headers;
  // Headers whose value must not be shown anywhere.
  std::vector<std::pair<std::string, Secret>> secret_headers;
  std::string body;
  Repeat repeat = Repeat::kSafe;
  // From the call of Send to the end of the answer, name look-up and retries included. Zero: the client's default.
  Duration deadline{0};
};

struct HttpResponse {
  int status = 0;
  std::vector<HttpHeader> headers;
  std::string body;

  // The first header of that name, in any case; empty when there is none.
  std::string_view Header(std::string_view name) const;
};

// Sends one request and waits for the whole answer, at most until the deadline. Thread-safe.
//
// A 4xx or 5xx is an answer, not an Error; an Error means that no answer came:
//   kUnavailable     the request was surely not sent (no name, no connection, TLS refused)
//   kOutcomeUnknown  it was sent, or may have been, and no whole answer came back
//   kTimeout         the deadline passed before anything was sent (after sending it is kOutcomeUnknown)
//   kTooLarge        the answer is over its bound
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual Result<HttpResponse> Send(const HttpRequest& request) = 0;
};

}  // namespace sallyport
