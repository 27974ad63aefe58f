// SPDX-License-Identifier: Apache-2.0
#include "config/api_key.h"

#include <algorithm>

#include "base/text.h"
#include "config/file.h"

namespace sallyport {
namespace {

constexpr const char* kVisionOneAdvice =
    "this is a Trend Vision One API key: it works only on Vision One's own APIs; make a key in the Server & Workload "
    "Protection console, under Administration > User Management > API Keys";

bool IsJsonWebToken(std::string_view text) {
  return text.starts_with("eyJ") && std::count(text.begin(), text.end(), '.') == 2 &&
         text.find_first_of(": \t\r\n") == std::string_view::npos;
}

// `tmc` and letters, a colon, the secret.
bool IsCloudOneForm(std::string_view text) {
  const std::size_t colon = text.find(':');
  return text.starts_with("tmc") && colon != std::string_view::npos && colon + 1 < text.size();
}

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = std::string_view("0123456789abcdefABCDEF").find(text[i]) != std::string_view::npos;
    if (dash ? text[i] != '-' : !hex) return false;
  }
  return true;
}

// UUID:UUID:base64.
bool IsLegacyForm(std::string_view text) {
  return text.size() > 74 && IsUuid(text.substr(0, 36)) && text[36] == ':' && IsUuid(text.substr(37, 36)) &&
         text[73] == ':';
}

// A word of capitals and digits that nobody makes up, or a long one of digits and letters (hexadecimal).
bool HasRandomWord(std::string_view text) {
  constexpr std::size_t kShortestKey = 16;
  constexpr std::size_t kShortestHex = 28;
  std::size_t length = 0;
  bool has_digit = false;
  bool has_letter = false;
  bool has_capital = false;
  for (const char c : text) {
    const bool is_digit = c >= '0' && c <= '9';
    const bool is_capital = c >= 'A' && c <= 'Z';
    const bool is_small = c >= 'a' && c <= 'z';
    if (!is_digit && !is_capital && !is_small) {
      length = 0;
      has_digit = has_letter = has_capital = false;
      continue;
    }
    ++length;
    has_digit = has_digit || is_digit;
    has_capital = has_capital || is_capital;
    has_letter = has_letter || is_capital || is_small;
    if (has_digit && has_capital && length >= kShortestKey) return true;
    if (has_digit && has_letter && length >= kShortestHex) return true;
  }
  return false;
}

bool IsSlackToken(std::string_view text) {
  return text.starts_with("xox") && text.find('-') != std::string_view::npos;
}

// Behind the host of an address stands what opens it.
bool IsAddressWithMore(std::string_view text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) return false;
  return text.find_first_of("/?#@", scheme + 3) != std::string_view::npos;
}

Error BadKey(std::string message, std::string advice = "") {
  return Error{ErrorCode::kInvalidInput, std::move(message), std::move(advice)};
}

}  // namespace

Result<Secret> MakeApiKey(std::string_view text) {
  text = Trim(text);
  if (text.empty()) return BadKey("the API key is empty");
  if (text.size() > kApiKeyBytes) {
    return BadKey("the API key is longer than " + std::to_string(kApiKeyBytes) + " bytes, which no API key is");
  }
  if (text.find('\n') != std::string_view::npos) {
    return BadKey("the API key has several lines", "the key alone, on one line");
  }
  const bool visible = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!visible) return BadKey("the API key holds a space, or a character that is not visible ASCII");
  Secret key{std::string(text)};
  if (IsVisionOneKey(key)) return BadKey("the API key is not one of SWP", kVisionOneAdvice);
  return key;
}

Result<Secret> ReadApiKeyFile(const std::string& path) {
  // Room for the white space around the key; what is over it is not a key file.
  const auto bytes = ReadSmallFile(path, 2 * kApiKeyBytes, FileHolds::kSecret);
  if (!bytes.ok()) return bytes.error();
  auto key = MakeApiKey(*bytes);
  if (!key.ok()) return key.error().In("file `" + Printable(path, 200) + "`");
  return key;
}

std::optional<std::string> WrongKeyAdvice(const Secret& key, SwpAuthentication authentication) {
  const std::string& text = key.RevealForRequest();
  if (IsJsonWebToken(text)) return kVisionOneAdvice;
  if (authentication == SwpAuthentication::kLegacy && IsCloudOneForm(text)) {
    return "this looks like a Cloud One account key: such keys usually need `swp.authentication: cloud-one`";
  }
  if (authentication == SwpAuthentication::kCloudOne && IsLegacyForm(text)) {
    return "this looks like a key made in an SWP or Deep Security console: such keys usually need "
           "`swp.authentication: api-secret-key`";
  }
  return std::nullopt;
}

bool IsVisionOneKey(const Secret& key) {
  return IsJsonWebToken(key.RevealForRequest());
}

bool LooksLikeApiKey(std::string_view text) {
  text = Trim(text);
  return IsJsonWebToken(text) || IsCloudOneForm(text) || IsLegacyForm(text);
}

bool LooksLikeSecret(std::string_view text) {
  text = Trim(text);
  if (LooksLikeApiKey(text) || IsSlackToken(text) || IsAddressWithMore(text)) return true;
  // Files and folders may be called anything.
  return text.find('/') == std::string_view::npos && HasRandomWord(text);
}

}  // namespace sallyport
