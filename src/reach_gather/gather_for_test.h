// SPDX-License-Identifier: Apache-2.0
//
// For tests: an AWS that says what the test wants, and a gatherer that asks it.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/fake_clock.h"
#include "reach_gather/gather.h"

namespace sallyport::reach {

inline constexpr const char* kHome = "111122223333";

inline Error Remote(ErrorCode code, const std::string& word) {
  Error error{code, word, ""};
  error.origin = std::make_shared<ErrorOrigin>(ErrorOrigin{"s3", "", "", "", "", word, ""});
  return error;
}

// An AWS that answers each operation in one way, and everything else with "access denied".
class AwsOfTheTest final : public aws::Transport {
 public:
  using Say = std::function<Result<std::string>(const aws::Call& call)>;

  void On(const std::string& operation, Say say) { says_[operation] = std::move(say); }
  void On(const std::string& operation, std::string body) {
    On(operation, [body = std::move(body)](const aws::Call&) { return Result<std::string>(body); });
  }
  void Fail(const std::string& operation, ErrorCode code, const std::string& word) {
    On(operation, [code, word](const aws::Call&) -> Result<std::string> { return Remote(code, word); });
  }

  Result<aws::WireAnswer> Send(const aws::Call& call) override {
    const std::lock_guard lock(mutex_);
    calls.push_back(call);
    const auto found = says_.find(std::string(call.operation->name));
    if (found == says_.end()) return Remote(ErrorCode::kForbidden, "AccessDenied");
    auto body = found->second(call);
    if (!body.ok()) return body.error();
    return aws::WireAnswer{200, {}, *std::move(body)};
  }

  std::size_t Count(const std::string& operation) const {
    std::size_t count = 0;
    for (const aws::Call& call : calls) count += call.operation->name == operation ? 1 : 0;
    return count;
  }

  std::vector<aws::Call> calls;

 private:
  std::mutex mutex_;
  std::map<std::string, Say> says_;
};

class GatherTest : public ::testing::Test {
 protected:
  GatherTest() {
    options_.home_account = kHome;
    options_.home_region = "us-east-1";
    options_.regions = {"us-east-1"};
    options_.concurrency = 1;
    ask_.bucket = "example-customers";
    aws_.On("GetBucketLocation", "<LocationConstraint>eu-west-1</LocationConstraint>");
  }

  Gatherer Make() { return Gatherer(aws_, clock_, options_); }
  BucketFacts Bucket() {
    auto bucket = Make().ReadBucket(ask_);
    EXPECT_TRUE(bucket.ok());
    return bucket.ok() ? *std::move(bucket) : BucketFacts{};
  }

  AwsOfTheTest aws_;
  FakeClock clock_;
  GatherOptions options_;
  Ask ask_;
};

}  // namespace sallyport::reach
