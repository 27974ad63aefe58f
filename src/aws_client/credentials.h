// SPDX-License-Identifier: Apache-2.0
//
// Where keys come from. A provider fetches, a CachedCredentials keeps and refreshes, a CredentialsSource gives each
// account its own.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "aws/operation.h"
#include "aws/sigv4.h"
#include "base/log.h"
#include "base/random.h"
#include "base/result.h"
#include "base/time.h"

namespace sallyport::aws {

struct Credentials {
  Keys keys{};
  std::optional<TimePoint> expires{};  // nothing: they do not
};

// One place to get keys from, asked anew each time.
class CredentialsProvider {
 public:
  virtual ~CredentialsProvider() = default;
  // kNotFound: this provider is not set up here (and the message says what it looked for). Any other error: it is, and
  // it failed.
  virtual Result<Credentials> Fetch() = 0;
  // "the environment", "the instance metadata service": for messages.
  virtual std::string Name() const = 0;
  // Whether keys that have expired are worth a try while the source does not answer. Container and instance metadata:
  // AWS extends them when it has trouble itself.
  virtual bool MayOutliveExpiry() const { return false; }
};

// The keys to sign a call with. Thread-safe.
class CredentialsSource {
 public:
  virtual ~CredentialsSource() = default;
  virtual Result<Keys> For(const Place& place) = 0;
  // A service said that these have expired: fetch others before they are given out again.
  virtual void Distrust(const Place& place, const std::string& access_key_id) = 0;
};

// Keeps what a provider fetched. From 15 minutes before they expire one caller fetches new ones while the others go on
// with the old; from 10 minutes before, all wait for them. Sets that live shorter than an hour are refreshed at a
// quarter and a sixth of their life. There is never more than one fetch at a time. Thread-safe.
class CachedCredentials final : public CredentialsSource {
 public:
  CachedCredentials(CredentialsProvider& provider, const Clock& clock, Random& random, Logger& log)
      : provider_(provider), clock_(clock), random_(random), log_(log) {}

  Result<Credentials> Get();
  Result<Keys> For(const Place& place) override;
  void Distrust(const Place& place, const std::string& access_key_id) override;

 private:
  enum class Age { kNone, kFresh, kAging, kOld };
  Age AgeAt(TimePoint now) const;
  // Fetches with the lock released meanwhile.
  void Refresh(std::unique_lock<std::mutex>& lock);
  void Keep(Credentials fetched);
  void NoteFailure(const Error& error);
  bool Usable(TimePoint now) const;
  TimePoint NextTry();

  CredentialsProvider& provider_;
  const Clock& clock_;
  Random& random_;
  Logger& log_;

  std::mutex mutex_;
  std::condition_variable fetched_;
  bool fetching_ = false;
  bool distrusted_ = false;
  std::optional<Credentials> current_;
  Duration aging_from_{0};  // before the end
  Duration old_from_{0};
  std::optional<TimePoint> next_try_;  // after a failure
  std::optional<Error> last_error_;
};

}  // namespace sallyport::aws
