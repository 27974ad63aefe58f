// SPDX-License-Identifier: Apache-2.0
#include "aws_client/credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <thread>

#include "aws_client/test_support.h"

namespace sallyport::aws {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;

class FakeProvider final : public CredentialsProvider {
 public:
  explicit FakeProvider(const Clock& clock) : clock_(clock) {}
  Result<Credentials> Fetch() override {
    ++fetched;
    if (while_fetching) while_fetching();
    if (failing) return Error{ErrorCode::kUnavailable, "the source is down", ""};
    Credentials credentials{{"AKID" + std::to_string(fetched), Secret("s"), Secret("t")}, std::nullopt};
    if (life > Duration{0} || expired) credentials.expires = clock_.Now() + life;
    return credentials;
  }
  std::string Name() const override { return "a source"; }
  bool MayOutliveExpiry() const override { return outlives; }

  int fetched = 0;
  bool failing = false;
  bool outlives = false;
  bool expired = false;
  Duration life = hours{1};
  std::function<void()> while_fetching;

 private:
  const Clock& clock_;
};

class CachedCredentialsTest : public testing::Test {
 protected:
  std::string KeyId() {
    const auto credentials = cached_.Get();
    return credentials.ok() ? credentials->keys.access_key_id : credentials.error().message;
  }

  FakeClock clock_;
  FixedRandom random_;
  std::string log_text_;
  Logger log_{clock_, LogLevel::kDebug, [this](std::string_view line) { log_text_ += line; }};
  FakeProvider provider_{clock_};
  CachedCredentials cached_{provider_, clock_, random_, log_};
};

TEST_F(CachedCredentialsTest, FetchesOnceUntilFifteenMinutesBeforeTheEnd) {
  EXPECT_EQ(KeyId(), "AKID1");
  clock_.Advance(minutes{45} - Duration{1});
  EXPECT_EQ(KeyId(), "AKID1");
  clock_.Advance(Duration{1});
  EXPECT_EQ(KeyId(), "AKID2");
  EXPECT_EQ(provider_.fetched, 2);
}

TEST_F(CachedCredentialsTest, KeepsForEverWhatDoesNotExpire) {
  provider_.life = Duration{0};
  EXPECT_EQ(KeyId(), "AKID1");
  clock_.Advance(hours{10'000});
  EXPECT_EQ(KeyId(), "AKID1");
}

TEST_F(CachedCredentialsTest, DoesNotRefreshAShortSetAllTheTime) {
  provider_.life = minutes{15};
  EXPECT_EQ(KeyId(), "AKID1");
  clock_.Advance(minutes{11});
  EXPECT_EQ(KeyId(), "AKID1");
  clock_.Advance(minutes{1});
  EXPECT_EQ(KeyId(), "AKID2");
}

TEST_F(CachedCredentialsTest, GoesOnWithTheOldSetWhileTheSourceFailsAndAsksRarely) {
  EXPECT_EQ(KeyId(), "AKID1");
  provider_.failing = true;
  clock_.Advance(minutes{46});
  EXPECT_EQ(KeyId(), "AKID1");
  EXPECT_EQ(KeyId(), "AKID1");
  EXPECT_EQ(provider_.fetched, 2);
  EXPECT_THAT(log_text_, HasSubstr("going on with the old ones"));
  clock_.Advance(minutes{7} + Duration{30'000});  // five minutes and half of five
  EXPECT_EQ(KeyId(), "AKID1");
  EXPECT_EQ(provider_.fetched, 3);
  clock_.Advance(minutes{14});
  EXPECT_EQ(KeyId(), "the source is down");
}

TEST_F(CachedCredentialsTest, UsesAnExpiredSetOnlyFromSourcesThatExtendTheirs) {
  provider_.outlives = true;
  EXPECT_EQ(KeyId(), "AKID1");
  provider_.failing = true;
  clock_.Advance(hours{2});
  EXPECT_EQ(KeyId(), "AKID1");
  EXPECT_EQ(provider_.fetched, 2);
  EXPECT_EQ(KeyId(), "AKID1");
  EXPECT_EQ(provider_.fetched, 2);
}

TEST_F(CachedCredentialsTest, RefusesASetThatHasExpiredAlready) {
  provider_.life = Duration{0};
  provider_.expired = true;
  EXPECT_EQ(KeyId(), "a source gave credentials that have expired");
  provider_.outlives = true;
  EXPECT_EQ(KeyId(), "AKID2");
  EXPECT_EQ(KeyId(), "AKID2");  // and is not asked each time
}

TEST_F(CachedCredentialsTest, FetchesAnewWhatAServiceRefused) {
  EXPECT_EQ(KeyId(), "AKID1");
  cached_.Distrust({}, "AKID0");  // somebody else's
  EXPECT_EQ(KeyId(), "AKID1");
  cached_.Distrust({}, "AKID1");
  EXPECT_EQ(KeyId(), "AKID2");
  cached_.Distrust({}, "AKID2");
  provider_.failing = true;
  EXPECT_EQ(KeyId(), "the source is down");
}

TEST_F(CachedCredentialsTest, FetchesOnceForManyThreads) {
  constexpr int kThreads = 8;
  std::latch all_there(kThreads);
  provider_.while_fetching = [&] { all_there.wait(); };  // until the last thread is about to ask
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  std::vector<std::string> got(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      all_there.count_down();
      got[static_cast<std::size_t>(i)] = KeyId();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(provider_.fetched, 1);
  EXPECT_EQ(got, std::vector<std::string>(kThreads, "AKID1"));
}

TEST_F(CachedCredentialsTest, OnlyOneCallerWaitsWhileTheOldSetIsStillGood) {
  EXPECT_EQ(KeyId(), "AKID1");
  clock_.Advance(minutes{46});
  provider_.while_fetching = [&] { EXPECT_EQ(KeyId(), "AKID1"); };  // another one, during the fetch
  EXPECT_EQ(KeyId(), "AKID2");
  EXPECT_EQ(provider_.fetched, 2);
}

}  // namespace
}  // namespace sallyport::aws
