// SPDX-License-Identifier: Apache-2.0
#include "net/write_guard_client.h"

#include <gtest/gtest.h>

#include "base/fake_clock.h"
#include "net/fake_http.h"
#include "net/retry_client.h"

namespace sallyport {
namespace {

class EvenChance final : public Random {
 public:
  double Uniform() override { return 0.5; }
};

HttpRequest Write(bool changes) {
  HttpRequest request;
  request.method = "POST";
  request.url = "https://h/api/scans";
  request.repeat = Repeat::kUnsafe;
  request.changes = changes;
  return request;
}

TEST(WriteGuardClient, LetsOnlyReadsPassWhenNothingMayBeChanged) {
  FakeHttpClient inner;
  inner.Answer(200);
  const Error stop{ErrorCode::kRefused, "stop", ""};
  WriteGuardClient guarded(inner, [&] { return Status(stop); });
  EXPECT_EQ(guarded.Send(Write(true)).error(), stop);
  EXPECT_TRUE(inner.Requests().empty());
  EXPECT_TRUE(guarded.Send(Write(false)).ok());
  EXPECT_EQ(inner.Requests().size(), 1U);
}

TEST(WriteGuardClient, WithoutAGuardEverythingPasses) {
  FakeHttpClient inner;
  inner.Answer(200);
  EXPECT_TRUE(WriteGuardClient(inner, {}).Send(Write(true)).ok());
}

// Below whoever tries again: set while a refused request waits for its next try, the switch stops that one.
TEST(WriteGuardClient, IsAskedBeforeEveryTry) {
  FakeHttpClient inner;
  inner.Answer(429);
  inner.Answer(200);
  bool set = false;
  inner.WhileSending([&](const HttpRequest&) { set = true; });
  WriteGuardClient guarded(inner, [&] {
    return set ? Status(Error{ErrorCode::kRefused, "the kill switch", ""}) : Ok();
  });
  FakeClock clock;
  EvenChance random;
  Logger log(clock, LogLevel::kOff, [](std::string_view) {});
  RequestBudget budget(clock, 0);
  RetryClient retrying(guarded, budget, clock, random, log, RetryPolicy{});
  const auto answer = retrying.Send(Write(true));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kRefused);
  EXPECT_EQ(inner.Requests().size(), 1U);
}

}  // namespace
}  // namespace sallyport
