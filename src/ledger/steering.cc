// SPDX-License-Identifier: Apache-2.0
#include "ledger/steering.h"

namespace sallyport {
namespace {

struct Range {
  std::string_view prefix;  // the UTF-8 bytes before the last
  unsigned char first;      // the last byte, from
  unsigned char last;       // to
  unsigned code_point;      // of `first`
};

// What Printable replaces and a JSON writer may leave: DEL, C1, zero-width and bidirectional controls, line separators,
// byte order mark.
constexpr Range kSteering[] = {{"", 0x7F, 0x7F, 0x7F},           {"\xC2", 0x80, 0x9F, 0x80},
                               {"\xE2\x80", 0x8B, 0x8F, 0x200B}, {"\xE2\x80", 0xA8, 0xAE, 0x2028},
                               {"\xE2\x81", 0xA6, 0xA9, 0x2066}, {"\xEF\xBB", 0xBF, 0xBF, 0xFEFF}};

constexpr std::string_view kDigits = "0123456789abcdef";

std::string Escape(unsigned code_point) {
  std::string escape = "\\u";
  for (unsigned shift = 16; shift > 0; shift -= 4) escape += kDigits[(code_point >> (shift - 4)) & 0xFU];
  return escape;
}

// The length of the steering character at the front of `text`, escaped at the end of `out`; 0 when there is none.
std::size_t TakeSteering(std::string_view text, std::string& out) {
  for (const Range& range : kSteering) {
    const std::size_t length = range.prefix.size() + 1;
    if (text.size() < length || !text.starts_with(range.prefix)) continue;
    const auto byte = static_cast<unsigned char>(text[length - 1]);
    if (byte < range.first || byte > range.last) continue;
    out += Escape(range.code_point + byte - range.first);
    return length;
  }
  return 0;
}

}  // namespace

// Outside strings JSON is ASCII, so whatever is found here is inside one, where `\uNNNN` means the same.
std::string EscapeSteering(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  while (!json.empty()) {
    std::size_t taken = TakeSteering(json, out);
    if (taken == 0) {
      out += json.front();
      taken = 1;
    }
    json.remove_prefix(taken);
  }
  return out;
}

}  // namespace sallyport
