// SPDX-License-Identifier: Apache-2.0
#include "policy/values.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
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

// `-12`, `+3`. Powers of ten that no key has are no numbers, so that arithmetic with them stays small.
std::optional<std::int64_t> ParseExponent(std::string_view text) {
  constexpr std::int64_t kLargest = 9'999;
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.starts_with('+')) return std::nullopt;
  std::int64_t exponent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (error != std::errc{} || end != text.data() + text.size() || std::abs(exponent) > kLargest) return std::nullopt;
  return exponent;
}

// In milliseconds, the rest cut off; nothing for what does not fit.
std::optional<std::int64_t> ParseEpochSeconds(std::string_view text) {
  constexpr std::int64_t kDigitsThatFit = 19;
  constexpr std::int64_t kMostMilliseconds = std::numeric_limits<std::int64_t>::max();
  const std::optional<Decimal> seconds = ParseNumber(text);
  if (!seconds || seconds->exponent + 3 > kDigitsThatFit) return std::nullopt;
  std::int64_t milliseconds = 0;
  for (std::int64_t i = 0; i < seconds->exponent + 3; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const int digit = at < seconds->digits.size() ? seconds->digits[at] - '0' : 0;
    if (milliseconds > (kMostMilliseconds - digit) / 10) return std::nullopt;
    milliseconds = milliseconds * 10 + digit;
  }
  return seconds->negative ? -milliseconds : milliseconds;
}

int Base64Digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (IsDigit(c)) return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

}  // namespace

std::strong_ordering Decimal::operator<=>(const Decimal& other) const {
  const auto sign = [](const Decimal& number) { return number.digits.empty() ? 0 : number.negative ? -1 : 1; };
  if (sign(*this) != sign(other)) return sign(*this) <=> sign(other);
  if (digits.empty()) return std::strong_ordering::equal;
  const auto by_size = exponent != other.exponent ? exponent <=> other.exponent : digits.compare(other.digits) <=> 0;
  return negative ? 0 <=> by_size : by_size;
}

std::optional<Decimal> ParseNumber(std::string_view text) {
  Decimal number;
  if (text.starts_with('+') || text.starts_with('-')) {
    number.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  const std::size_t mantissa_end = std::min(text.find_first_of("eE"), text.size());
  const std::string_view mantissa = text.substr(0, mantissa_end);
  if (mantissa_end < text.size()) {
    const auto exponent = ParseExponent(text.substr(mantissa_end + 1));
    if (!exponent) return std::nullopt;
    number.exponent = *exponent;
  }
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  number.digits = mantissa.substr(0, point);
  if (point < mantissa.size()) number.digits += mantissa.substr(point + 1);
  if (number.digits.empty() || !std::all_of(number.digits.begin(), number.digits.end(), IsDigit)) return std::nullopt;
  // 0.d1d2d3... times a power of ten, d1 and the last one not zero.
  number.exponent += static_cast<std::int64_t>(point);
  const std::size_t first = number.digits.find_first_not_of('0');
  if (first == std::string::npos) return Decimal{};
  number.exponent -= static_cast<std::int64_t>(first);
  number.digits.erase(number.digits.find_last_not_of('0') + 1);
  number.digits.erase(0, first);
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
