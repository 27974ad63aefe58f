// SPDX-License-Identifier: Apache-2.0
#include "net/counting_client.h"

#include <gtest/gtest.h>

#include "base/fake_clock.h"
#include "net/fake_http.h"

namespace sallyport {
namespace {

using std::chrono::milliseconds;

TEST(CountingClient, CountsEverySendItsBytesAndItsTime) {
  FakeClock clock;
  FakeHttpClient inner;
  inner.WhileSending([&](const HttpRequest&) { clock.Advance(milliseconds{40}); });
  CountingClient client(inner, clock);
  inner.Answer(200, "12345");
  inner.Fail(ErrorCode::kUnavailable);
  const HttpRequest request{.method = "POST", .url = "https://h/", .body = "abc"};
  EXPECT_EQ(client.Send(request)->body, "12345");
  EXPECT_EQ(client.Send(request).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(client.Snapshot(),
            (HttpCounts{.sends = 2, .failures = 1, .bytes_out = 6, .bytes_in = 5, .time = milliseconds{80}}));
}

TEST(HttpCounts, DifferenceIsWhatHappenedInBetween) {
  FakeClock clock;
  FakeHttpClient inner;
  inner.WhileSending([&](const HttpRequest&) { clock.Advance(milliseconds{40}); });
  CountingClient client(inner, clock);
  inner.Answer(200, "12345");
  inner.Answer(500, "1");
  inner.Fail(ErrorCode::kUnavailable);
  const HttpRequest request{.method = "POST", .url = "https://h/", .body = "ab"};
  ASSERT_TRUE(client.Send(request).ok());
  const HttpCounts before = client.Snapshot();
  ASSERT_TRUE(client.Send(request).ok());
  ASSERT_FALSE(client.Send(request).ok());
  EXPECT_EQ(client.Snapshot() - before,
            (HttpCounts{.sends = 2, .failures = 1, .bytes_out = 4, .bytes_in = 1, .time = milliseconds{80}}));
}

}  // namespace
}  // namespace sallyport
