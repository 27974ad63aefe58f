// SPDX-License-Identifier: Apache-2.0
//
// Counts what goes through an HttpClient. Put it below the RetryClient: then every try is counted.
#pragma once

#include <cstdint>
#include <mutex>

#include "net/http.h"

namespace sallyport {

struct HttpCounts {
  std::int64_t sends = 0;      // calls of Send
  std::int64_t failures = 0;   // those that ended in an Error
  std::int64_t bytes_out = 0;  // request bodies
  std::int64_t bytes_in = 0;   // answer bodies, decompressed
  Duration time{0};            // spent in Send, added up over threads

  bool operator==(const HttpCounts&) const = default;
};

// What happened between two snapshots.
HttpCounts operator-(const HttpCounts& later, const HttpCounts& earlier);

// Thread-safe.
class CountingClient final : public HttpClient {
 public:
  CountingClient(HttpClient& inner, const Clock& clock) : inner_(inner), clock_(clock) {}

  Result<HttpResponse> Send(const HttpRequest& request) override;

  HttpCounts Snapshot() const;

 private:
  HttpClient& inner_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  HttpCounts counts_;
};

}  // namespace sallyport
