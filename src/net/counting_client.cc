// SPDX-License-Identifier: Apache-2.0
#include "net/counting_client.h"

namespace sallyport {

HttpCounts operator-(const HttpCounts& later, const HttpCounts& earlier) {
  return {.sends = later.sends - earlier.sends,
          .failures = later.failures - earlier.failures,
          .bytes_out = later.bytes_out - earlier.bytes_out,
          .bytes_in = later.bytes_in - earlier.bytes_in,
          .time = later.time - earlier.time};
}

Result<HttpResponse> CountingClient::Send(const HttpRequest& request) {
  const auto start = clock_.Monotonic();
  Result<HttpResponse> result = inner_.Send(request);
  const auto time = std::chrono::duration_cast<Duration>(clock_.Monotonic() - start);
  const std::lock_guard lock(mutex_);
  ++counts_.sends;
  counts_.failures += result.ok() ? 0 : 1;
  counts_.bytes_out += static_cast<std::int64_t>(request.body.size());
  if (result.ok()) counts_.bytes_in += static_cast<std::int64_t>(result->body.size());
  counts_.time += time;
  return result;
}

HttpCounts CountingClient::Snapshot() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace sallyport
