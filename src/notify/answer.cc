// SPDX-License-Identifier: Apache-2.0
#include "notify/answer.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/text.h"

namespace sallyport {
namespace {

// 500, 502 and 504 do not say whether the message went through.
ErrorCode CodeOf(int status) {
  switch (status) {
    case 401:
      return ErrorCode::kUnauthenticated;
    case 403:
      return ErrorCode::kForbidden;
    case 404:
    case 410:
      return ErrorCode::kNotFound;
    case 408:
    case 503:
      return ErrorCode::kUnavailable;
    case 413:
      return ErrorCode::kTooLarge;
    case 429:
      return ErrorCode::kRateLimited;
    default:
      break;
  }
  if (status >= 500) return ErrorCode::kOutcomeUnknown;
  return status >= 300 ? ErrorCode::kInvalidInput : ErrorCode::kBadAnswer;
}

std::string AdviceFor(int status) {
  if (status >= 300 && status < 400) return "redirects are not followed: set the address that it redirects to";
  if (status == 401 || status == 403) return "access refused: check the address, the token and their permissions";
  if (status == 404 || status == 410) return "the address no longer exists: make a new one";
  return "";
}

}  // namespace

HttpRequest PostJson(const Secret& url, std::string body) {
  return {.method = "POST",
          .url = url.RevealForRequest(),
          .headers = {{"Content-Type", "application/json; charset=utf-8"}},
          .body = std::move(body),
          .repeat = Repeat::kUnsafe,
          .deadline = kChannelDeadline,
          .secret_path = true};
}

std::string ErrorWord(std::string_view text) {
  const bool word = !text.empty() && text.size() <= 60 &&
                    std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
  return word ? std::string(text) : "";
}

Status StatusOf(const HttpResponse& response, std::string_view who) {
  if (response.status >= 200 && response.status < 300) return Ok();
  std::string message = std::string(who) + " answered " + std::to_string(response.status);
  if (const std::string word = ErrorWord(Trim(response.body)); !word.empty()) message += " (`" + word + "`)";
  return Error{CodeOf(response.status), std::move(message), AdviceFor(response.status)};
}

std::optional<Duration> RetryAfterOf(const HttpResponse& response, TimePoint now) {
  const std::string_view text = Trim(response.Header("Retry-After"));
  if (const auto date = ParseHttpDate(text)) return std::max(*date - now, Duration{0});
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  constexpr std::int64_t kYear = std::int64_t{365} * 24 * 3600;
  if (!whole || seconds < 0) return std::nullopt;
  return std::chrono::seconds(std::min(seconds, kYear));
}

Attempt AttemptOf(const Result<HttpResponse>& result, std::string_view who, TimePoint now) {
  if (!result.ok()) return {result.error().In(who), std::nullopt};
  if (const Status status = StatusOf(*result, who); !status.ok()) return {status.error(), RetryAfterOf(*result, now)};
  return {Delivered{}, std::nullopt};
}

}  // namespace sallyport
