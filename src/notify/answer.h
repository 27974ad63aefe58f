// SPDX-License-Identifier: Apache-2.0
//
// What the answer of a chat or webhook means. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "net/http.h"
#include "notify/channel.h"

namespace sallyport {

// How long one try may take. Others wait for it.
inline constexpr Duration kChannelDeadline{10'000};

// A POST of JSON to an address that is a secret, never repeated by itself and never following a redirect.
HttpRequest PostJson(const Secret& url, std::string body);

// Ok for 2xx. Errors name `who` ("the Slack webhook") and the status, and of the body only a single word of a-z and `_`
// (Slack's error words).
Status StatusOf(const HttpResponse& response, std::string_view who);

// Retry-After (RFC 9110, 10.2.3), in seconds or as a date; nothing when there is none or it makes no sense.
std::optional<Duration> RetryAfterOf(const HttpResponse& response, TimePoint now);

// Delivered with an empty handle for 2xx.
Attempt AttemptOf(const Result<HttpResponse>& result, std::string_view who, TimePoint now);

// A word that may be shown: 1 to 60 of a-z and `_`; otherwise empty.
std::string ErrorWord(std::string_view text);

}  // namespace sallyport
