// SPDX-License-Identifier: Apache-2.0
//
// An HttpClient for tests: a queue of answers, and a list of what was asked. Thread-safe.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "net/http.h"

namespace sallyport {

class FakeHttpClient final : public HttpClient {
 public:
  // The next Send without an answer yet gets this one.
  void Answer(int status, std::string body = "", std::vector<HttpHeader> headers = {}) {
    Push(HttpResponse{.status = status, .headers = std::move(headers), .body = std::move(body)});
  }
  void Fail(ErrorCode code, std::string message = "a failure of the test") {
    Push(Error{code, std::move(message), ""});
  }
  void Push(Result<HttpResponse> result) {
    const std::lock_guard lock(mutex_);
    answers_.push_back(std::move(result));
  }

  // Called during every Send, for example to let a FakeClock pass the time that an answer takes.
  void WhileSending(std::function<void(const HttpRequest&)> action) { while_sending_ = std::move(action); }

  Result<HttpResponse> Send(const HttpRequest& request) override {
    if (while_sending_) while_sending_(request);
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    if (answers_.empty()) {
      return Error{ErrorCode::kInternal, "the test has no answer left for " + request.method + " " + request.url, ""};
    }
    Result<HttpResponse> answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
  }

  // Everything that was asked, in order.
  std::vector<HttpRequest> Requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  // Answers that nobody asked for.
  std::size_t Left() const {
    const std::lock_guard lock(mutex_);
    return answers_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::function<void(const HttpRequest&)> while_sending_;
  std::deque<Result<HttpResponse>> answers_;
  std::vector<HttpRequest> requests_;
};

}  // namespace sallyport
