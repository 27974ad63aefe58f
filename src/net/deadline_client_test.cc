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
  Duration Sent(Duration deadline) {
    http_.Answer(200);
    EXPECT_TRUE(client_.Send({.method = "GET", .url = "https://h/path?q=1", .deadline = deadline}).ok());
    return http_.Requests().back().deadline;
  }

  FakeClock clock_;
  FakeHttpClient http_;
  DeadlineClient client_{http_, clock_};
};

TEST_F(DeadlineClientTest, ChangesNothingWithoutALatestMoment) {
  EXPECT_EQ(Sent(Duration{30'000}), Duration{30'000});
  EXPECT_EQ(Sent(Duration{0}), Duration{0});
}

TEST_F(DeadlineClientTest, ShortensWhatWouldRunBeyondIt) {
  client_.SetLatest(clock_.Now() + Duration{5'000});
  EXPECT_EQ(Sent(Duration{30'000}), Duration{5'000});
  EXPECT_EQ(Sent(Duration{5'001}), Duration{5'000});
  EXPECT_EQ(Sent(Duration{4'999}), Duration{4'999});
  EXPECT_EQ(Sent(Duration{0}), Duration{5'000});
}

TEST_F(DeadlineClientTest, SendsNothingOnceItHasCome) {
  client_.SetLatest(clock_.Now() + Duration{1});
  clock_.Advance(Duration{1});
  const auto refused = client_.Send({.method = "GET", .url = "https://h/path?q=1"});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kTimeout);
  EXPECT_EQ(refused.error().message, "no time is left for GET /path, nothing was sent");
  EXPECT_TRUE(http_.Requests().empty());
  client_.SetLatest(std::nullopt);
  EXPECT_EQ(Sent(Duration{7}), Duration{7});
}

}  // namespace
}  // namespace sallyport
