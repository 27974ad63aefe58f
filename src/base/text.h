// SPDX-License-Identifier: Apache-2.0
//
// Text from outside, made safe to show. Every output escapes for itself; this is the form for logs, terminals and
// error messages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport {

// `text` cut to at most `max_bytes` (with `...` where it was cut, never inside a UTF-8 sequence), with control
// characters, escape sequences, invalid UTF-8 and bidirectional controls replaced by `\xNN` or `\u{NNNN}`. One line.
std::string Printable(std::string_view text, std::size_t max_bytes);

// True when `text` is well-formed UTF-8 (RFC 3629).
bool IsUtf8(std::string_view text);

// The first code point of `text`, which is not empty; length 0: it does not start with well-formed UTF-8.
struct CodePoint {
  std::size_t length = 0;  // in bytes
  std::uint32_t value = 0;
};
CodePoint FirstCodePoint(std::string_view text);

// Characters that change how the rest of a line looks: C0, DEL, C1, bidirectional controls, characters without width,
// line separators.
bool IsDeceptive(std::uint32_t code_point);
// Whether well-formed UTF-8 holds one of them.
bool HasDeceptive(std::string_view text);

// ASCII only: the field's own names and header names are ASCII.
constexpr char ToLowerAscii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
std::string ToLowerAscii(std::string_view text);
bool EqualsIgnoreCase(std::string_view a, std::string_view b);
std::string_view Trim(std::string_view text);

// A number with its noun: `1 host`, `2 hosts`, `1 policy` and `2 policies` with `many` given.
std::string CountText(std::uint64_t count, std::string_view one, std::string_view many = "");

}  // namespace sallyport
