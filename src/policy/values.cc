// SPDX-License-Identifier: Apache-2.0
#include "policy/values.h"

#include <arpa/inet.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/text.h"
#include "base/time.h"

namespace sallyport::policy {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool HasShape(std::string_view text, std::string_view shape) {
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (shape[i] == '9' ? !IsDigit(text[i]) : text[i] != shape[i]) return false;
  }
  return true;
}

// Whether a zone follows the time of day that starts at byte 11.
bool HasZone(std::string_view text) {
  return text.find_first_of("Zz+-", 11) != std::string_view::npos;
}

std::optional<std::int64_t> ParseEpochSeconds(std::string_view text) {
  const std::optional<double> seconds = ParseNumber(text);
  // 2^53 milliseconds: beyond it a double no longer holds every one.
  constexpr double kLargest = 9'007'199'254'740'992.0;
  if (!seconds || std::abs(*seconds * 1000.0) > kLargest) return std::nullopt;
  return static_cast<std::int64_t>(std::llround(*seconds * 1000.0));
}

int Base64Digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (IsDigit(c)) return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

}  // namespace

std::optional<double> ParseNumber(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.starts_with('+') || text.find_first_not_of("0123456789.eE+-") != text.npos) {
    return std::nullopt;
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<std::int64_t> ParseDate(std::string_view text) {
  if (!text.empty() && text.find_first_not_of("0123456789.+-eE") == text.npos) {
    if (const auto seconds = ParseEpochSeconds(text)) return seconds;
  }
  std::string full(text);
  if (HasShape(text, "9999-99")) full += "-01T00:00:00Z";
  if (HasShape(text, "9999-99-99")) full += "T00:00:00Z";
  // Minutes without seconds.
  if (text.size() >= 16 && HasShape(text.substr(0, 10), "9999-99-99") && HasShape(text.substr(11, 5), "99:99") &&
      (text.size() == 16 || text[16] != ':')) {
    full.insert(16, ":00");
  }
  if (full.size() >= 19 && !HasZone(full)) full += 'Z';
  const std::optional<TimePoint> time = ParseTime(full);
  if (!time) return std::nullopt;
  return ToEpochMilliseconds(*time);
}

std::optional<bool> ParseBool(std::string_view text) {
  if (EqualsIgnoreCase(text, "true")) return true;
  if (EqualsIgnoreCase(text, "false")) return false;
  return std::nullopt;
}

std::optional<std::string> ParseBase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const bool last = i + 4 == text.size();
    const int padding = last && text[i + 3] == '=' ? (text[i + 2] == '=' ? 2 : 1) : 0;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const bool padded = static_cast<int>(k) >= 4 - padding;
      const int digit = padded ? 0 : Base64Digit(text[i + k]);
      if (digit < 0) return std::nullopt;
      group = (group << 6) | static_cast<std::uint32_t>(digit);
    }
    for (int k = 0; k < 3 - padding; ++k) bytes.push_back(static_cast<char>((group >> (16 - 8 * k)) & 0xFFU));
  }
  return bytes;
}

std::optional<Cidr> ParseCidr(std::string_view text) {
  Cidr cidr;
  const std::size_t slash = text.find('/');
  const std::string_view address = text.substr(0, slash);
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (address.size() >= buffer.size()) return std::nullopt;
  std::memcpy(buffer.data(), address.data(), address.size());
  cidr.v6 = address.find(':') != std::string_view::npos;
  if (inet_pton(cidr.v6 ? AF_INET6 : AF_INET, buffer.data(), cidr.bytes.data()) != 1) return std::nullopt;
  cidr.prefix = cidr.bits();
  if (slash == std::string_view::npos) return cidr;
  const std::string_view length = text.substr(slash + 1);
  if (length.empty() || length.size() > 3) return std::nullopt;
  const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), cidr.prefix);
  if (error != std::errc{} || end != length.data() + length.size() || cidr.prefix > cidr.bits()) return std::nullopt;
  return cidr;
}

bool Contains(const Cidr& range, const Cidr& address) {
  if (range.v6 != address.v6 || address.prefix < range.prefix) return false;
  const std::size_t whole = range.prefix / 8;
  if (std::memcmp(range.bytes.data(), address.bytes.data(), whole) != 0) return false;
  const unsigned rest = range.prefix % 8;
  if (rest == 0) return true;
  const unsigned mask = (0xFF00U >> rest) & 0xFFU;
  return ((range.bytes[whole] ^ address.bytes[whole]) & mask) == 0;
}

std::string FormatAddress(const Cidr& address) {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.bytes.data(), buffer.data(), buffer.size());
  return buffer.data();
}

}  // namespace sallyport::policy
