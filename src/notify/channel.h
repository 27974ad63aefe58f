// SPDX-License-Identifier: Apache-2.0
//
// The Channel seam: one way to people or machines outside.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "notify/message.h"

namespace sallyport {

struct Delivered {
  // How the channel finds this message again, for an update; empty: it cannot.
  std::string handle;
};

struct Attempt {
  Result<Delivered> result;
  // How long the other side asks to be left alone (429 with Retry-After).
  std::optional<Duration> retry_after = std::nullopt;
};

// Thread-safe.
class Channel {
 public:
  virtual ~Channel() = default;
  // Sends the message, or changes the one that an earlier delivery has left under `earlier_handle`. A channel that
  // cannot change messages sends a new one. The errors are those of HttpClient and, for what was answered:
  //   kInvalidInput, kUnauthenticated, kForbidden, kNotFound, kTooLarge   the same again will fail again
  //   kRateLimited, kUnavailable, kOutcomeUnknown, kTimeout, kBadAnswer, kStorage   to be tried again
  // After kOutcomeUnknown the message may be there already: sent twice is better than not at all.
  // No error shows an address, a token, or anything that the other side answered beyond a known error word.
  //
  // Nothing is sent after `stop_at`, and nothing that was sent is waited for longer; nothing: only as long as the
  // channel waits for an answer.
  virtual Attempt Deliver(const Message& message, const std::optional<std::string>& earlier_handle,
                          std::optional<TimePoint> stop_at) = 0;
  // What counts as news here.
  virtual ContentScope scope() const = 0;
};

// Whether trying again may help.
bool MayPass(ErrorCode code);

}  // namespace sallyport
