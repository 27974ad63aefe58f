// SPDX-License-Identifier: Apache-2.0
#include "net/deadline_client.h"

#include <algorithm>

namespace sallyport {

void DeadlineClient::SetLatest(std::optional<TimePoint> latest) {
  latest_ = latest ? ToEpochMilliseconds(*latest) : 0;
}

Result<HttpResponse> DeadlineClient::Send(const HttpRequest& request) {
  const std::int64_t latest = latest_;
  if (latest == 0) return inner_.Send(request);
  const Duration left = FromEpochMilliseconds(latest) - clock_.Now();
  if (left <= Duration{0}) {
    return Error{ErrorCode::kTimeout,
                 "no time is left for " + request.method + " " + ShownPath(request) + ", nothing was sent", ""};
  }
  if (request.deadline > Duration{0} && request.deadline <= left) return inner_.Send(request);
  HttpRequest shorter = request;
  shorter.deadline = left;
  return inner_.Send(shorter);
}

}  // namespace sallyport
