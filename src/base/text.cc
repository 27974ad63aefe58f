// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <algorithm>
#include <cstdint>

namespace sallyport {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

}  // namespace

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
CodePoint FirstCodePoint(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return {1, first};
  std::size_t length = 0;
  std::uint32_t code_point = 0;
  std::uint32_t smallest = 0;
  if ((first & 0xE0U) == 0xC0U) {
    length = 2, code_point = first & 0x1FU, smallest = 0x80;
  } else if ((first & 0xF0U) == 0xE0U) {
    length = 3, code_point = first & 0x0FU, smallest = 0x800;
  } else if ((first & 0xF8U) == 0xF0U) {
    length = 4, code_point = first & 0x07U, smallest = 0x10000;
  } else {
    return {};
  }
  if (text.size() < length) return {};
  for (std::size_t i = 1; i < length; ++i) {
    if (!IsContinuation(text[i])) return {};
    code_point = (code_point << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (code_point < smallest || surrogate || code_point > 0x10FFFF) return {};
  return {length, code_point};
}

bool IsDeceptive(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

bool HasDeceptive(std::string_view text) {
  const auto is_plain = [](char c) { return c >= ' ' && c <= '~'; };
  while (!text.empty()) {
    const auto* const other = std::find_if_not(text.begin(), text.end(), is_plain);
    text.remove_prefix(static_cast<std::size_t>(other - text.begin()));
    if (text.empty()) return false;
    const auto byte = static_cast<unsigned char>(text[0]);
    const CodePoint next = byte < 0x80 ? CodePoint{1, byte} : FirstCodePoint(text);
    if (IsDeceptive(next.value)) return true;
    text.remove_prefix(next.length == 0 ? 1 : next.length);
  }
  return false;
}

namespace {

void AppendByteEscape(std::string& out, unsigned char byte) {
  out += "\\x";
  out += kHexDigits[byte >> 4U];
  out += kHexDigits[byte & 0x0FU];
}

void AppendCodePointEscape(std::string& out, std::uint32_t c) {
  out += "\\u{";
  for (int shift = 12; shift >= 0; shift -= 4) out += kHexDigits[(c >> static_cast<unsigned>(shift)) & 0x0FU];
  out += '}';
}

}  // namespace

std::string Printable(std::string_view text, std::size_t max_bytes) {
  std::string out;
  while (!text.empty()) {
    const CodePoint next = FirstCodePoint(text);
    const std::size_t length = std::max<std::size_t>(next.length, 1);
    if (out.size() + length > max_bytes) {
      out += "...";
      break;
    }
    if (next.length == 0 || next.value < 0x80) {
      const auto byte = static_cast<unsigned char>(text[0]);
      if (next.length == 0 || IsDeceptive(byte)) {
        AppendByteEscape(out, byte);
      } else {
        out += text[0];
      }
    } else if (IsDeceptive(next.value)) {
      AppendCodePointEscape(out, next.value);
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return out;
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const CodePoint next = FirstCodePoint(text);
    if (next.length == 0) return false;
    text.remove_prefix(next.length);
  }
  return true;
}

std::string ToLowerAscii(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return ToLowerAscii(a) == ToLowerAscii(b);
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string CountText(std::uint64_t count, std::string_view one, std::string_view many) {
  const std::string noun = count == 1 ? std::string(one) : many.empty() ? std::string(one) + "s" : std::string(many);
  return std::to_string(count) + " " + noun;
}

}  // namespace sallyport
