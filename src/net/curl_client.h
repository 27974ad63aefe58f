// SPDX-License-Identifier: Apache-2.0
//
// HttpClient over libcurl. Certificates are always checked; there is no switch for that. Redirects are answers, they
// are not followed. Only http and https, HTTP/2 where the server offers it, compressed answers are unpacked.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/bounds.h"
#include "net/http.h"

namespace sallyport {

struct CurlOptions {
  std::string ca_file{};  // PEM; the only CAs trusted. Empty: the system's
  // `http://host:port`, used for every host that may be asked through a proxy (proxy.h). Empty: the environment's
  // https_proxy, all_proxy and no_proxy.
  std::string proxy{};
  bool direct = false;              // through no proxy, whatever the environment says
  Duration connect_timeout{5'000};  // name look-up, TCP, proxy and TLS together
  Duration default_deadline{30'000};
  std::size_t max_answer_bytes = bounds::kAnswerBytes;  // of the body, after decompression
  std::string user_agent{};
  // Connections that are kept when nothing is sent over them. More threads than this may send at once; theirs are
  // closed.
  std::size_t idle_handles = 16;
};

// Thread-safe; each concurrent Send has a connection of its own, and connections are kept for later requests.
//
// What the request carries as a secret is taken out of the answer and of errors, however they write it (hide.h).
//
// A Repeat::kUnsafe request is put on the wire at most once. The program should ignore SIGPIPE: with
// CURLOPT_NOSIGNAL (needed for threads) curl leaves that to it.
class CurlClient final : public HttpClient {
 public:
  explicit CurlClient(CurlOptions options);
  ~CurlClient() override;
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;

  Result<HttpResponse> Send(const HttpRequest& request) override;

 private:
  class Pool;

  const CurlOptions options_;
  std::unique_ptr<Pool> pool_;
};

}  // namespace sallyport
