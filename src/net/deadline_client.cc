// SPDX-License-Identifier: Apache-2.0
#include "net/deadline_client.h"

#include <algorithm>

namespace sallyport {

Result<HttpResponse> DeadlineClient::Send(const HttpRequest& request) {
  if (!latest_) return inner_.Send(request);
  const Duration left = *latest_ - clock_.Now();
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
