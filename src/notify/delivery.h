// SPDX-License-Identifier: Apache-2.0
//
// When a message goes out on a channel, again or at all. Pure: the record of a delivery is the caller's (the ledger's).
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "notify/channel.h"

namespace sallyport {

enum class DeliveryProgress {
  kPending,    // to be tried (again); every try so far is known to have failed
  kUnknown,    // to be tried again; the outcome of a try is unknown: the channel may have taken it
  kDelivered,  // the channel took it
  kGivenUp,    // not tried again, unless there is something new to say
};

// What is known of one message of a case on one channel.
struct EarlierDelivery {
  DeliveryProgress progress = DeliveryProgress::kPending;
  std::string sha256{};  // of the content that was delivered, or tried last
  std::string handle{};  // of the message that is there; stays known while an update is pending
  int attempts = 0;      // of this content
};

enum class DeliveryStep { kSkip, kSend, kUpdate };

// Whether it is to be tried (again).
bool IsToBeTried(DeliveryProgress progress);

// kSkip: this content was delivered, or given up. kUpdate: an earlier message is there and can be changed.
DeliveryStep NextStep(const std::optional<EarlierDelivery>& earlier, const std::string& sha256);

// How long to wait after the `attempts`th failed try (from 1) of one content: 1, 5, 15 minutes, then an hour each. A
// longer `retry_after` wins. Nothing: given up, because the waits so far reach 24 hours, or the other side asks for
// more than that.
std::optional<Duration> RetryWait(int attempts, std::optional<Duration> retry_after);

// The record after a try, and when to try again.
struct DeliveryOutcome {
  EarlierDelivery record;
  std::string reason;                                // for people; empty when delivered
  std::optional<TimePoint> retry_at = std::nullopt;  // exactly when it is to be tried again
};
// `record.attempts` counts the tries before this one, `record.progress` is what was known before it.
DeliveryOutcome AfterAttempt(EarlierDelivery record, const Attempt& attempt, TimePoint now);

}  // namespace sallyport
