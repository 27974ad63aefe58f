// SPDX-License-Identifier: Apache-2.0
//
// Lets no request run beyond a moment that was set for all of them: when the process has to be done by then, whatever
// each request may take by itself.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "base/time.h"
#include "net/http.h"

namespace sallyport {

class DeadlineClient final : public HttpClient {
 public:
  DeadlineClient(HttpClient& inner, const Clock& clock) : inner_(inner), clock_(clock) {}

  // Nothing: no such moment.
  void SetLatest(std::optional<TimePoint> latest);
  // kTimeout, and nothing sent, when the moment has come. A request that names no deadline gets the time that is left.
  Result<HttpResponse> Send(const HttpRequest& request) override;

 private:
  HttpClient& inner_;
  const Clock& clock_;
  std::atomic<std::int64_t> latest_{0};  // milliseconds; 0: none
};

}  // namespace sallyport
