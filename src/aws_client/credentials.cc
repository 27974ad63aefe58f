// SPDX-License-Identifier: Apache-2.0
#include "aws_client/credentials.h"

#include <algorithm>

namespace sallyport::aws {
namespace {

using std::chrono::minutes;

constexpr Duration kAging = minutes{15};
constexpr Duration kOld = minutes{10};
// After a failure, while there still are usable keys: five to ten minutes, so that many callers do not come together.
constexpr Duration kNextTry = minutes{5};

}  // namespace

CachedCredentials::Age CachedCredentials::AgeAt(TimePoint now) const {
  if (!current_) return Age::kNone;
  if (distrusted_) return Age::kOld;
  if (!current_->expires) return Age::kFresh;
  if (now >= *current_->expires - old_from_) return Age::kOld;
  return now >= *current_->expires - aging_from_ ? Age::kAging : Age::kFresh;
}

bool CachedCredentials::Usable(TimePoint now) const {
  if (!current_ || distrusted_) return false;
  return !current_->expires || now < *current_->expires || provider_.MayOutliveExpiry();
}

Result<Credentials> CachedCredentials::Get() {
  std::unique_lock lock(mutex_);
  const TimePoint now = clock_.Now();
  const Age age = AgeAt(now);
  const bool waits_after_failure = next_try_ && now < *next_try_ && Usable(now);
  if (age == Age::kFresh || waits_after_failure) return *current_;
  if (fetching_) {
    if (age == Age::kAging) return *current_;
    fetched_.wait(lock, [this] { return !fetching_; });
  } else {
    Refresh(lock);
  }
  if (Usable(clock_.Now())) return *current_;
  if (last_error_) return *last_error_;
  return Error{ErrorCode::kUnauthenticated, provider_.Name() + " gave credentials that AWS no longer takes",
               "check whether the role was revoked"};
}

void CachedCredentials::Refresh(std::unique_lock<std::mutex>& lock) {
  fetching_ = true;
  lock.unlock();
  Result<Credentials> fetched = provider_.Fetch();
  lock.lock();
  fetching_ = false;
  if (fetched.ok() && fetched->expires && *fetched->expires <= clock_.Now() && !provider_.MayOutliveExpiry()) {
    fetched = Error{ErrorCode::kUnauthenticated, provider_.Name() + " gave credentials that have expired",
                    "check the clock and whatever writes these credentials"};
  }
  if (fetched.ok()) {
    Keep(std::move(fetched).value());
  } else {
    NoteFailure(fetched.error());
  }
  fetched_.notify_all();
}

void CachedCredentials::Keep(Credentials fetched) {
  const Duration life = fetched.expires ? *fetched.expires - clock_.Now() : Duration{0};
  aging_from_ = std::min(kAging, life / 4);
  old_from_ = std::min(kOld, life / 6);
  current_ = std::move(fetched);
  distrusted_ = false;
  last_error_.reset();
  next_try_.reset();
  if (current_->expires && life <= Duration{0}) next_try_ = NextTry();
}

TimePoint CachedCredentials::NextTry() {
  const auto more = static_cast<Duration::rep>(static_cast<double>(kNextTry.count()) * random_.Uniform());
  return clock_.Now() + kNextTry + Duration{more};
}

void CachedCredentials::NoteFailure(const Error& error) {
  last_error_ = error;
  if (!Usable(clock_.Now())) return;
  next_try_ = NextTry();
  log_.Failure("new AWS credentials could not be had; going on with the old ones", error);
}

Result<Keys> CachedCredentials::For(const Place&) {
  const auto credentials = Get();
  if (!credentials.ok()) return credentials.error();
  return credentials->keys;
}

void CachedCredentials::Distrust(const Place&, const std::string& access_key_id) {
  const std::lock_guard lock(mutex_);
  if (current_ && current_->keys.access_key_id == access_key_id) distrusted_ = true;
}

}  // namespace sallyport::aws
