// SPDX-License-Identifier: Apache-2.0
//
// The SWP API key: reading it from its file, and seeing from its form that it is probably the wrong one. No message
// from here shows any part of a key.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "config/settings.h"

namespace sallyport {

// Keys are under 200 bytes; Vision One's tokens, which we want to recognize, under 2 KiB.
inline constexpr std::size_t kApiKeyBytes = std::size_t{4} * 1024;

// A key as it was pasted or stored: white space around it is taken off. Error (kInvalidInput): empty, several lines,
// too long, other than visible ASCII (it goes into a header), or a Trend Vision One key, which SWP never accepts.
Result<Secret> MakeApiKey(std::string_view text);

// Reads a key from a file that not everybody may read. Errors: kNotFound, kForbidden (may not be read, or everybody
// may), kStorage, and those of MakeApiKey.
Result<Secret> ReadApiKeyFile(const std::string& path);

// What is probably wrong with this key for this kind of authentication; nothing when its form says nothing. Not sure
// enough to refuse a key, except for IsVisionOneKey: for `doctor`, and beside a 401.
std::optional<std::string> WrongKeyAdvice(const Secret& key, SwpAuthentication authentication);

// A JSON Web Token: the form of Trend Vision One API keys.
bool IsVisionOneKey(const Secret& key);

// `text` has the form of some API key: it must not be shown even where no key belongs.
bool LooksLikeApiKey(std::string_view text);
// The same of any secret that a settings file has to do with: also a token of Slack, the address of a webhook (whoever
// has one can post), or a long word of letters and digits as keys are. Better one value too many that is not shown.
bool LooksLikeSecret(std::string_view text);

}  // namespace sallyport
