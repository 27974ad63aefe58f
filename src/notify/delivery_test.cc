// SPDX-License-Identifier: Apache-2.0
#include "notify/delivery.h"

#include <gtest/gtest.h>

#include <chrono>

namespace sallyport {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

EarlierDelivery Record(DeliveryProgress progress, std::string sha256, std::string handle) {
  return {progress, std::move(sha256), std::move(handle), 1};
}

TEST(NextStep, SendsWhatIsNewAndUpdatesWhatIsThere) {
  EXPECT_EQ(NextStep(std::nullopt, "a"), DeliveryStep::kSend);
  EXPECT_EQ(NextStep(Record(DeliveryProgress::kDelivered, "a", "h"), "a"), DeliveryStep::kSkip);
  EXPECT_EQ(NextStep(Record(DeliveryProgress::kDelivered, "a", ""), "a"), DeliveryStep::kSkip);
  EXPECT_EQ(NextStep(Record(DeliveryProgress::kDelivered, "a", "h"), "b"), DeliveryStep::kUpdate);
  EXPECT_EQ(NextStep(Record(DeliveryProgress::kDelivered, "a", ""), "b"), DeliveryStep::kSend);
  EXPECT_EQ(NextStep(Record(DeliveryProgress::kPending, "a", ""), "a"), DeliveryStep::kSend);
  EXPECT_EQ(NextStep(Record(DeliveryProgress::kPending, "a", "h"), "a"), DeliveryStep::kUpdate);
  EXPECT_EQ(NextStep(Record(DeliveryProgress::kUnknown, "a", ""), "a"), DeliveryStep::kSend);
  EXPECT_EQ(NextStep(Record(DeliveryProgress::kUnknown, "a", "h"), "a"), DeliveryStep::kUpdate);
  EXPECT_EQ(NextStep(Record(DeliveryProgress::kGivenUp, "a", ""), "a"), DeliveryStep::kSkip);
  EXPECT_EQ(NextStep(Record(DeliveryProgress::kGivenUp, "a", ""), "b"), DeliveryStep::kSend);
}

TEST(RetryWait, GrowsAndGivesUpAfterADay) {
  EXPECT_EQ(RetryWait(1, std::nullopt), Duration(minutes(1)));
  EXPECT_EQ(RetryWait(2, std::nullopt), Duration(minutes(5)));
  EXPECT_EQ(RetryWait(3, std::nullopt), Duration(minutes(15)));
  EXPECT_EQ(RetryWait(4, std::nullopt), Duration(minutes(60)));
  EXPECT_EQ(RetryWait(10, std::nullopt), Duration(minutes(60)));
  Duration waited{0};
  int attempts = 1;
  for (; attempts < 1'000; ++attempts) {
    const auto wait = RetryWait(attempts, std::nullopt);
    if (!wait) break;
    waited += *wait;
  }
  EXPECT_EQ(attempts, 28);
  EXPECT_GE(waited, Duration(hours(24)));
  EXPECT_LT(waited, Duration(hours(25)));
  EXPECT_EQ(RetryWait(2'000'000'000, std::nullopt), std::nullopt);
}

TEST(RetryWait, HonorsALongerRetryAfterUpToADay) {
  EXPECT_EQ(RetryWait(1, Duration(minutes(7))), Duration(minutes(7)));
  EXPECT_EQ(RetryWait(2, Duration(minutes(2))), Duration(minutes(5)));
  EXPECT_EQ(RetryWait(1, Duration(hours(24))), Duration(hours(24)));
  EXPECT_EQ(RetryWait(1, Duration(hours(24)) + Duration{1}), std::nullopt);
}

TEST(AfterAttempt, RecordsADelivery) {
  const TimePoint now = FromEpochMilliseconds(1'000'000);
  const auto after = AfterAttempt({DeliveryProgress::kPending, "a", "", 2}, {Delivered{"h"}}, now);
  EXPECT_EQ(after.record.progress, DeliveryProgress::kDelivered);
  EXPECT_EQ(after.record.handle, "h");
  EXPECT_EQ(after.record.sha256, "a");
  EXPECT_EQ(after.record.attempts, 3);
  EXPECT_EQ(after.reason, "");
  EXPECT_EQ(after.retry_at, std::nullopt);
}

TEST(AfterAttempt, PlansTheNextTryAndKeepsTheHandle) {
  const TimePoint now = FromEpochMilliseconds(1'000'000);
  const Attempt attempt = {Error{ErrorCode::kUnavailable, "no connection", ""}, std::nullopt};
  const auto after = AfterAttempt({DeliveryProgress::kPending, "a", "h", 1}, attempt, now);
  EXPECT_EQ(after.record.progress, DeliveryProgress::kPending);
  EXPECT_EQ(after.record.handle, "h");
  EXPECT_EQ(after.record.attempts, 2);
  EXPECT_EQ(after.reason, "no connection; next attempt in 5m");
  EXPECT_EQ(after.retry_at, now + minutes(5));
}

TEST(AfterAttempt, KnowsWhenTheChannelMayHaveTheMessage) {
  const TimePoint now = FromEpochMilliseconds(1'000'000);
  for (const ErrorCode code : {ErrorCode::kOutcomeUnknown, ErrorCode::kBadAnswer}) {
    const auto after = AfterAttempt({}, {Error{code, "no answer", ""}, std::nullopt}, now);
    EXPECT_EQ(after.record.progress, DeliveryProgress::kUnknown) << ToString(code);
    EXPECT_EQ(after.reason, "no answer; the channel may have it; next attempt in 1m");
    EXPECT_EQ(after.retry_at, now + minutes(1));
  }
  // A later failure says nothing about the earlier attempt.
  const Attempt refused = {Error{ErrorCode::kForbidden, "no", ""}, std::nullopt};
  const auto after = AfterAttempt({DeliveryProgress::kUnknown, "a", "", 1}, refused, now);
  EXPECT_EQ(after.record.progress, DeliveryProgress::kGivenUp);
  EXPECT_EQ(after.reason, "no; the channel may have it; gave up");
}

TEST(AfterAttempt, GivesUpWhatWillNotPassAndWhatLastedTooLong) {
  const TimePoint now = FromEpochMilliseconds(1'000'000);
  const Attempt forbidden = {Error{ErrorCode::kForbidden, "the address was revoked", "make a new one"}, std::nullopt};
  auto after = AfterAttempt({}, forbidden, now);
  EXPECT_EQ(after.record.progress, DeliveryProgress::kGivenUp);
  EXPECT_EQ(after.reason, "the address was revoked (make a new one); gave up");
  EXPECT_EQ(after.retry_at, std::nullopt);
  const Attempt late = {Error{ErrorCode::kUnavailable, "no connection", ""}, std::nullopt};
  after = AfterAttempt({DeliveryProgress::kPending, "a", "", 27}, late, now);
  EXPECT_EQ(after.record.progress, DeliveryProgress::kGivenUp);
}

TEST(MayPass, KnowsWhatWaitingDoesNotHelp) {
  for (const ErrorCode code :
       {ErrorCode::kRateLimited, ErrorCode::kUnavailable, ErrorCode::kOutcomeUnknown, ErrorCode::kTimeout,
        ErrorCode::kBadAnswer, ErrorCode::kStorage, ErrorCode::kUntrusted}) {
    EXPECT_TRUE(MayPass(code)) << ToString(code);
  }
  for (const ErrorCode code :
       {ErrorCode::kInvalidInput, ErrorCode::kNotFound, ErrorCode::kUnauthenticated, ErrorCode::kForbidden,
        ErrorCode::kTooLarge, ErrorCode::kRefused, ErrorCode::kInternal}) {
    EXPECT_FALSE(MayPass(code)) << ToString(code);
  }
}

}  // namespace
}  // namespace sallyport
