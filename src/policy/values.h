// SPDX-License-Identifier: Apache-2.0
//
// The typed values that condition operators compare. Each reader gives nothing for text that is not one.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::policy {

// A decimal number, exact: 0.DIGITS times ten to the power of `exponent`. The first and the last digit are not zero;
// zero has none.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;

  std::strong_ordering operator<=>(const Decimal& other) const;
  bool operator==(const Decimal& other) const { return (*this <=> other) == 0; }
};
// No infinities, no hexadecimal; a power of ten, if one is written, is at most 9999.
std::optional<Decimal> ParseNumber(std::string_view text);

// ISO 8601 as far as W3C's note on dates goes (year-month-day alone is midnight UTC; a time has `Z`, an offset, or
// neither and is UTC), or seconds since 1970. In milliseconds since 1970.
std::optional<std::int64_t> ParseDate(std::string_view text);

std::optional<bool> ParseBool(std::string_view text);

// The bytes of base64 text (RFC 4648, 4; padding required).
std::optional<std::string> ParseBase64(std::string_view text);

// An address with a prefix length. IPv4 takes the first four bytes.
struct Cidr {
  bool v6 = false;
  std::array<std::uint8_t, 16> bytes{};
  unsigned prefix = 0;  // bits that count

  unsigned bits() const { return v6 ? 128 : 32; }
  bool operator==(const Cidr&) const = default;
};

// `10.0.0.0/8`, `2001:db8::/32`, or an address without a length, which is that address alone. Host bits may be set.
std::optional<Cidr> ParseCidr(std::string_view text);
// Never true across families.
bool Contains(const Cidr& range, const Cidr& address);
std::string FormatAddress(const Cidr& address);

}  // namespace sallyport::policy
