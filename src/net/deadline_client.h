// SPDX-License-Identifier: Apache-2.0
//
// Lets no request run beyond a moment that was set for all of them: when the work has to be done by then, whatever
// each request may take by itself.
#pragma once

#include <optional>

#include "base/time.h"
#include "net/http.h"

namespace sallyport {

class DeadlineClient final : public HttpClient {
 public:
  // `latest`: nothing: no such moment.
  DeadlineClient(HttpClient& inner, const Clock& clock, std::optional<TimePoint> latest)
      : inner_(inner), clock_(clock), latest_(latest) {}

  // kTimeout, and nothing sent, when the moment has come. A request that names no deadline gets the time that is left.
  Result<HttpResponse> Send(const HttpRequest& request) override;

 private:
  HttpClient& inner_;
  const Clock& clock_;
  const std::optional<TimePoint> latest_;
};

}  // namespace sallyport
