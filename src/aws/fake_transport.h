// SPDX-License-Identifier: Apache-2.0
//
// A Transport for tests: a queue of answers, and a list of what was asked. Thread-safe.
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "aws/operation.h"

namespace sallyport::aws {

class FakeTransport final : public Transport {
 public:
  void Answer(std::string body, HeaderList headers = {}) { Push(WireAnswer{200, std::move(headers), std::move(body)}); }
  void Push(Result<WireAnswer> answer) {
    const std::lock_guard lock(mutex_);
    answers_.push_back(std::move(answer));
  }

  Result<WireAnswer> Send(const Call& call) override {
    const std::lock_guard lock(mutex_);
    calls_.push_back(call);
    if (answers_.empty()) {
      return Error{ErrorCode::kInternal, "the test has no answer left for " + std::string(call.operation->name), ""};
    }
    Result<WireAnswer> answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
  }

  std::vector<Call> Calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

 private:
  mutable std::mutex mutex_;
  std::deque<Result<WireAnswer>> answers_;
  std::vector<Call> calls_;
};

}  // namespace sallyport::aws
