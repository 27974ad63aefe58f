// SPDX-License-Identifier: Apache-2.0
//
// Percent-encoding as AWS wants it everywhere (RFC 3986, 2.3): all but `A-Z a-z 0-9 - . _ ~` is written `%XX` with
// capital digits. A space is `%20`, never `+`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::aws {

// `keep` are further characters that stay as they are: "/" for a path.
std::string PercentEncode(std::string_view text, std::string_view keep = "");

// One level of `%XX` taken away; `+` is a plus. Nothing when a `%` is not followed by two hexadecimal digits.
std::optional<std::string> PercentDecode(std::string_view text);

}  // namespace sallyport::aws
