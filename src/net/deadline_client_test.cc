// SPDX-License-Identifier: Apache-2.0
#include "net/deadline_client.h"

#include <gtest/gtest.h>

#include "base/fake_clock.h"
#include "net/fake_http.h"

namespace sallyport {
namespace {

class DeadlineClientTest : public ::testing::Test {
 protected:
  // The deadline that a request with this one goes out with.
  Duration Sent(Duration deadline, std::optional<TimePoint> latest) {
    DeadlineClient client(http_, clock_, latest);
    http_.Answer(200);
    EXPECT_TRUE(client.Send({.method = "GET", .url = "https://h/path?q=1", .deadline = deadline}).ok());
    return http_.Requests().back().deadline;
  }

  FakeClock clock_;
  FakeHttpClient http_;
};

TEST_F(DeadlineClientTest, ChangesNothingWithoutALatestMoment) {
  EXPECT_EQ(Sent(Duration{30'000}, std::nullopt), Duration{30'000});
  EXPECT_EQ(Sent(Duration{0}, std::nullopt), Duration{0});
}

TEST_F(DeadlineClientTest, ShortensWhatWouldRunBeyondIt) {
  const TimePoint latest = clock_.Now() + Duration{5'000};
  EXPECT_EQ(Sent(Duration{30'000}, latest), Duration{5'000});
  EXPECT_EQ(Sent(Duration{5'001}, latest), Duration{5'000});
  EXPECT_EQ(Sent(Duration{4'999}, latest), Duration{4'999});
  EXPECT_EQ(Sent(Duration{0}, latest), Duration{5'000});
}

TEST_F(DeadlineClientTest, SendsNothingOnceItHasCome) {
  DeadlineClient client(http_, clock_, clock_.Now() + Duration{1});
  clock_.Advance(Duration{1});
  const auto refused = client.Send({.method = "GET", .url = "https://h/path?q=1"});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kTimeout);
  EXPECT_EQ(refused.error().message, "no time is left for GET /path, nothing was sent");
  EXPECT_TRUE(http_.Requests().empty());
}

}  // namespace
}  // namespace sallyport
