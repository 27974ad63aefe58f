// SPDX-License-Identifier: Apache-2.0
//
// A small HTTP/1.1 server on 127.0.0.1 for simulators: keep-alive, TCP_NODELAY, one thread per connection, optional
// TLS. It exists because a simulator must be able to misbehave on the wire (close without an answer, send less than it
// announced), which server libraries take care to make impossible.
//
// Not for use outside tests and demonstrations: it binds loopback only and bounds sizes, not the number of clients.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace sallyport::sim {

struct ServedRequest {
  std::string method;
  std::string path;                                          // percent-decoded, without the query
  std::string raw_path;                                      // the same as sent: what a signature covers
  std::string query;                                         // as sent
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;

  // The first header of that (lower-case) name; null when absent.
  const std::string* Header(std::string_view name) const;
  // The query's members, decoded, in order.
  std::vector<std::pair<std::string, std::string>> QueryMembers() const;
};

enum class Delivery {
  kWhole,
  kNothing,    // close the connection without a byte
  kTruncated,  // announce the whole body, send half of it, close
};

struct ServedAnswer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Delivery delivery = Delivery::kWhole;
};

struct HttpServerOptions {
  int port = 0;          // 0 = any free one
  std::string tls_cert;  // PEM files; both or none
  std::string tls_key;
};

class HttpServer {
 public:
  // Called from many threads at once. Must not throw.
  using Handler = std::function<ServedAnswer(const ServedRequest&)>;

  // Listening when this returns. Errors: kInvalidInput (certificate or key), kUnavailable (port).
  static Result<std::unique_ptr<HttpServer>> Start(const HttpServerOptions& options, Handler handler);
  virtual ~HttpServer() = default;  // closes every connection and waits for running handlers

  virtual int port() const = 0;
};

// The reading half, pure. Parses a request head (everything up to and with the empty line) into `request`.
// False when it is not one.
bool ParseRequestHead(std::string_view head, ServedRequest& request);
// The bytes of an answer, complete.
std::string SerializeAnswer(const ServedAnswer& answer);

// Requests over these are refused (431 and 413).
inline constexpr std::size_t kMaxHeadBytes = std::size_t{64} * 1024;
inline constexpr std::size_t kMaxBodyBytes = std::size_t{8} * 1024 * 1024;

}  // namespace sallyport::sim
