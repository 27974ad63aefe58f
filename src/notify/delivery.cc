// SPDX-License-Identifier: Apache-2.0
#include "notify/delivery.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace sallyport {
namespace {

constexpr std::array<Duration, 4> kWaits = {std::chrono::minutes(1), std::chrono::minutes(5), std::chrono::minutes(15),
                                            std::chrono::minutes(60)};
constexpr Duration kGiveUpAfter = std::chrono::hours(24);

Duration WaitAfter(int attempts) {
  const auto index = static_cast<std::size_t>(std::max(attempts, 1) - 1);
  return kWaits[std::min(index, kWaits.size() - 1)];
}

// After the other errors the message is surely not there: it was not sent, or the other side said no.
bool MayHaveArrived(ErrorCode code) {
  return code == ErrorCode::kOutcomeUnknown || code == ErrorCode::kBadAnswer || code == ErrorCode::kInternal;
}

}  // namespace

bool IsToBeTried(DeliveryProgress progress) {
  return progress == DeliveryProgress::kPending || progress == DeliveryProgress::kUnknown;
}

bool MayPass(ErrorCode code) {
  switch (code) {
    case ErrorCode::kRateLimited:
    case ErrorCode::kUnavailable:
    case ErrorCode::kOutcomeUnknown:
    case ErrorCode::kTimeout:
    case ErrorCode::kBadAnswer:
    case ErrorCode::kStorage:
    case ErrorCode::kUntrusted:  // a certificate that expired is renewed within a day
      return true;
    case ErrorCode::kInvalidInput:
    case ErrorCode::kNotFound:
    case ErrorCode::kUnauthenticated:
    case ErrorCode::kForbidden:
    case ErrorCode::kTooLarge:
    case ErrorCode::kRefused:
    case ErrorCode::kInternal:
      break;
  }
  return false;
}

DeliveryStep NextStep(const std::optional<EarlierDelivery>& earlier, const std::string& sha256) {
  if (!earlier) return DeliveryStep::kSend;
  if (!IsToBeTried(earlier->progress) && earlier->sha256 == sha256) return DeliveryStep::kSkip;
  return earlier->handle.empty() ? DeliveryStep::kSend : DeliveryStep::kUpdate;
}

std::optional<Duration> RetryWait(int attempts, std::optional<Duration> retry_after) {
  Duration waited{0};
  for (int i = 1; i < attempts && waited < kGiveUpAfter; ++i) waited += WaitAfter(i);
  const Duration wait = std::max(WaitAfter(attempts), retry_after.value_or(Duration{0}));
  if (waited >= kGiveUpAfter || wait > kGiveUpAfter) return std::nullopt;
  return wait;
}

DeliveryOutcome AfterAttempt(EarlierDelivery record, const Attempt& attempt, TimePoint now) {
  ++record.attempts;
  if (attempt.result.ok()) {
    record.progress = DeliveryProgress::kDelivered;
    record.handle = attempt.result->handle;
    return {std::move(record), "", std::nullopt};
  }
  const Error& error = attempt.result.error();
  const auto wait = MayPass(error.code) ? RetryWait(record.attempts, attempt.retry_after) : std::nullopt;
  // What one try left open, a later one that surely failed does not answer.
  if (record.progress != DeliveryProgress::kUnknown) record.progress = DeliveryProgress::kPending;
  if (MayHaveArrived(error.code)) record.progress = DeliveryProgress::kUnknown;
  std::string reason = error.ToText();
  if (record.progress == DeliveryProgress::kUnknown) reason += "; the channel may have it";
  reason += wait ? "; next attempt in " + FormatDuration(*wait) : "; gave up";
  if (!wait) record.progress = DeliveryProgress::kGivenUp;
  return {std::move(record), std::move(reason), wait ? std::optional(now + *wait) : std::nullopt};
}

}  // namespace sallyport
