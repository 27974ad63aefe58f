// SPDX-License-Identifier: Apache-2.0
//
// HTTP as the rest of the program sees it: plain values and one seam. Retry, counting and (later) signing are
// HttpClients that wrap an HttpClient.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"

namespace sallyport {

struct HttpHeader {
  std::string name;
  std::string value;

  bool operator==(const HttpHeader&) const = default;
};

// Whether sending the same request twice does the same as sending it once.
enum class Repeat {
  kSafe,    // GET, search, DELETE: repeat after any failure that may pass
  kUnsafe,  // creates something: repeat only when it surely was not carried out (429, connection never made)
};

// Every member has a default, so that a designated initializer may leave any of them out.
struct HttpRequest {
  std::string method{};  // "GET", "POST", ...
  std::string url{};     // absolute, already encoded
  std::vector<HttpHeader> headers{};
  // Headers whose value must not be shown anywhere.
  std::vector<std::pair<std::string, Secret>> secret_headers{};
  std::string body{};
  Repeat repeat = Repeat::kSafe;
  // It changes something on the other side: asked about before each try (write_guard_client.h).
  bool changes = false;
  // From the call of Send to the end of the answer, name look-up and retries included. Zero: the client's default.
  Duration deadline{0};
  // The path itself is a secret (the address of a chat webhook): it is not logged either.
  bool secret_path = false;
};

// kInvalidInput for what must not be put on the wire: a method or header name that is no token (RFC 9110, 5.6.2), a
// header value with CR, LF or NUL (header injection), a URL that is not absolute http(s) or holds a space or control
// character. The message never shows a value.
Status CheckRequest(const HttpRequest& request);

// `host` or `host:port` of an absolute URL, without user and password.
std::string_view UrlHost(std::string_view url);
// What of the path may be shown: without query and fragment; `***` for a secret one.
std::string ShownPath(const HttpRequest& request);

struct HttpResponse {
  int status = 0;
  std::vector<HttpHeader> headers{};
  std::string body{};

  // The first header of that name, in any case; empty when there is none.
  std::string_view Header(std::string_view name) const;

  bool operator==(const HttpResponse&) const = default;
};

// Sends one request and waits for the whole answer, at most until the deadline. Thread-safe.
//
// A 4xx or 5xx is an answer, not an Error; an Error means that no answer came:
//   kInvalidInput    CheckRequest refused the request
//   kUnavailable     the request was surely not sent (no name, no connection, TLS handshake failed)
//   kUntrusted       the request was surely not sent: the certificate of the other side cannot be trusted
//   kOutcomeUnknown  it was sent, or may have been, and no whole answer came back
//   kTimeout         the deadline passed before anything was sent (after sending it is kOutcomeUnknown)
//   kTooLarge        the answer is over its bound
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual Result<HttpResponse> Send(const HttpRequest& request) = 0;
};

}  // namespace sallyport
