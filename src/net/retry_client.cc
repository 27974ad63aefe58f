// SPDX-License-Identifier: Apache-2.0
#include "net/retry_client.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kShownMethodBytes = 200;
// What a longer Retry-After is taken for: far beyond any deadline.
constexpr std::uint64_t kLongestSeconds = std::uint64_t{365} * 24 * 3600;

bool MayPass(const Result<HttpResponse>& result, Repeat repeat) {
  const bool safe = repeat == Repeat::kSafe;
  if (result.ok()) {
    const int status = result->status;
    return status == 429 || (safe && (status == 500 || status == 502 || status == 503 || status == 504));
  }
  const ErrorCode code = result.error().code;
  return code == ErrorCode::kUnavailable ||
         (safe && (code == ErrorCode::kOutcomeUnknown || code == ErrorCode::kTimeout));
}

// True when the other side may have acted on this try.
bool MayHaveBeenCarriedOut(const Result<HttpResponse>& result) {
  return result.ok() ? result->status >= 500 : result.error().code == ErrorCode::kOutcomeUnknown;
}

// RFC 9110, 10.2.3: whole seconds, or a date.
std::optional<Duration> RetryAfter(const HttpResponse& response, TimePoint now) {
  const std::string_view text = Trim(response.Header("retry-after"));
  if (const auto date = ParseHttpDate(text)) return std::max(Duration{0}, *date - now);
  std::uint64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range || seconds > kLongestSeconds) seconds = kLongestSeconds;
  return std::chrono::seconds{static_cast<std::int64_t>(seconds)};
}

std::string Outcome(const Result<HttpResponse>& result) {
  return result.ok() ? std::to_string(result->status) : std::string(ToString(result.error().code));
}

// What the caller is told about all tries together.
Result<HttpResponse> Conclude(const HttpRequest& request, Result<HttpResponse> last, int tries, bool may_be_done) {
  if (last.ok()) return last;
  Error error = last.error();
  if (tries > 1) error.message += ", after " + std::to_string(tries) + " tries";
  // Nothing is left open by a question without an answer.
  if (!request.changes && request.repeat == Repeat::kSafe) {
    if (error.code == ErrorCode::kOutcomeUnknown) error.code = ErrorCode::kUnavailable;
    return error;
  }
  const bool says_not_done = error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kTimeout;
  // The last try was not sent, but an earlier one was: the caller must not read this as "nothing happened".
  if (says_not_done && may_be_done) error.code = ErrorCode::kOutcomeUnknown;
  return error;
}

}  // namespace

Result<HttpResponse> RetryClient::Send(const HttpRequest& request) {
  const Duration deadline = request.deadline > Duration{0} ? request.deadline : policy_.default_deadline;
  const Instant end = clock_.Monotonic() + deadline;
  HttpRequest attempt = request;
  Result<HttpResponse> last = Error{ErrorCode::kInternal, "nothing was tried", ""};
  bool may_be_done = false;
  for (int tries = 1;; ++tries) {
    const Status place = WaitForPlace(end);
    if (!place.ok())
      return tries == 1 ? Result<HttpResponse>(place.error()) : Conclude(request, last, tries - 1, may_be_done);
    attempt.deadline = std::max(Left(end), Duration{1});  // zero would mean "the default"
    last = inner_.Send(attempt);
    may_be_done = may_be_done || MayHaveBeenCarriedOut(last);
    if (tries >= policy_.tries || !MayPass(last, request.repeat)) return Conclude(request, last, tries, may_be_done);
    const Duration wait = WaitAfter(last, tries);
    if (wait >= Left(end)) return Conclude(request, last, tries, may_be_done);
    log_.Warning("trying an HTTP request again", {{"method", Printable(request.method, kShownMethodBytes)},
                                                  {"path", ShownPath(request)},
                                                  {"try", tries},
                                                  {"outcome", Outcome(last)},
                                                  {"wait_ms", wait.count()}});
    clock_.SleepFor(wait);
  }
}

Duration RetryClient::Left(Instant end) const {
  return std::chrono::floor<Duration>(end - clock_.Monotonic());
}

Status RetryClient::WaitForPlace(Instant end) {
  const Duration left = Left(end);
  // One millisecond must remain for the try itself.
  const Result<Duration> wait = budget_.Reserve(std::max(left - Duration{1}, Duration{0}));
  if (!wait.ok()) return wait.error();
  if (*wait > Duration{0}) clock_.SleepFor(*wait);
  if (Left(end) > Duration{0}) return Ok();
  return Error{ErrorCode::kTimeout, "the deadline passed before the request was sent", ""};
}

Duration RetryClient::WaitAfter(const Result<HttpResponse>& result, int tries) {
  const Duration back_off = BackOff(tries);
  if (!result.ok()) return back_off;
  return std::max(back_off, RetryAfter(*result, clock_.Now()).value_or(Duration{0}));
}

Duration RetryClient::BackOff(int tries) {
  Duration most = std::min(policy_.first, policy_.longest);
  for (int i = 1; i < tries && most < policy_.longest; ++i) most = std::min(most * policy_.factor, policy_.longest);
  return Duration{static_cast<Duration::rep>(static_cast<double>(most.count()) * random_.Uniform())};
}

}  // namespace sallyport
