// SPDX-License-Identifier: Apache-2.0
//
// Asks before every single request that changes something, each try of it included, whether it may still be sent.
#pragma once

#include <functional>
#include <utility>

#include "net/http.h"

namespace sallyport {

// An Error: why nothing may be changed now.
using MayWrite = std::function<Status()>;

// Stands below whoever tries again. What may not be sent is answered with the error of `may_write`; requests that
// change nothing pass. Without a function everything passes. Thread-safe if the function is.
class WriteGuardClient final : public HttpClient {
 public:
  WriteGuardClient(HttpClient& inner, MayWrite may_write) : inner_(inner), may_write_(std::move(may_write)) {}

  Result<HttpResponse> Send(const HttpRequest& request) override {
    if (request.changes && may_write_) {
      if (Status may = may_write_(); !may.ok()) return may.error();
    }
    return inner_.Send(request);
  }

 private:
  HttpClient& inner_;
  const MayWrite may_write_;
};

}  // namespace sallyport
