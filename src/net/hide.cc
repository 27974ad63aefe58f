// SPDX-License-Identifier: Apache-2.0
#include "net/hide.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
// What an escaped character starts with.
constexpr std::string_view kEscapes = "\\%&=";
// Bytes of value 0 beside a character in UTF-32.
constexpr std::size_t kWidestPad = 3;
// How often one character may be escaped anew ("&amp;amp;#61;", "%25253d").
constexpr int kLayers = 8;
// How many marks may stand between two letters, or groups of letters, of a key that is written apart ("A B C",
// "41:42").
constexpr int kMarksBetween = 3;
constexpr std::size_t kLongestEntity = 10;

struct Entity {
  std::string_view name;
  char character;
};
// The characters that keys are made of and that have a name in HTML.
constexpr std::array kEntities = {Entity{"amp;", '&'},    Entity{"lt;", '<'},     Entity{"gt;", '>'},
                                  Entity{"quot;", '"'},   Entity{"apos;", '\''},  Entity{"plus;", '+'},
                                  Entity{"equals;", '='}, Entity{"sol;", '/'},    Entity{"colon;", ':'},
                                  Entity{"period;", '.'}, Entity{"lowbar;", '_'}, Entity{"hyphen;", '-'},
                                  Entity{"percnt;", '%'}, Entity{"bsol;", '\\'}};

// Of Hider::may_start_: for all needles from this one on.
constexpr std::size_t kLastBit = 63;

char Upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (Lower(c) >= 'a' && Lower(c) <= 'f') return Lower(c) - 'a' + 10;
  return -1;
}

// One character as a text may write it.
struct Written {
  char character = 0;
  std::size_t length = 0;  // 0: it is not an escaped one
};

// Exactly `digits` hexadecimal digits at the front that name an ASCII character.
Written FromHex(std::string_view text, std::size_t digits) {
  if (text.size() < digits) return {};
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const int digit = HexDigit(text[i]);
    if (digit < 0 || value > 0x7f) return {};
    value = value * 16 + digit;
  }
  return value <= 0x7f ? Written{static_cast<char>(value), digits} : Written{};
}

// "{3d}", with up to six digits.
Written FromBraces(std::string_view text) {
  constexpr std::size_t kMostDigits = 6;
  if (!text.starts_with('{')) return {};
  const std::size_t close = text.substr(0, kMostDigits + 2).find('}');
  if (close == std::string_view::npos || close < 2) return {};
  const Written hex = FromHex(text.substr(1), close - 1);
  return hex.length == 0 ? Written{} : Written{hex.character, close + 1};
}

// "075"
Written FromOctal(std::string_view text) {
  constexpr std::size_t kDigits = 3;
  if (text.size() < kDigits) return {};
  int value = 0;
  for (std::size_t i = 0; i < kDigits; ++i) {
    if (text[i] < '0' || text[i] > '7') return {};
    value = value * 8 + (text[i] - '0');
  }
  return value <= 0x7f ? Written{static_cast<char>(value), kDigits} : Written{};
}

// "\u003d", "\x3d", "\u{3d}", "\075", "\/", with any number of backslashes.
Written FromBackslashes(std::string_view text) {
  std::size_t slashes = 0;
  while (slashes < text.size() && text[slashes] == '\\' && slashes < std::size_t{2} * kLayers) ++slashes;
  const std::string_view rest = text.substr(slashes);
  if (rest.empty()) return {};
  if (rest.front() == 'u' || rest.front() == 'x') {
    for (const Written& hex : {FromHex(rest.substr(1), rest.front() == 'u' ? 4 : 2), FromBraces(rest.substr(1))}) {
      if (hex.length > 0) return {hex.character, slashes + 1 + hex.length};
    }
  }
  if (const Written octal = FromOctal(rest); octal.length > 0) return {octal.character, slashes + octal.length};
  return {rest.front(), slashes + 1};
}

// "%3d", "%253d", "%25253d", "%u003d".
Written FromPercent(std::string_view text) {
  std::size_t at = 1;
  for (int layer = 0; layer < kLayers && text.substr(at).starts_with("25"); ++layer) {
    const Written hex = FromHex(text.substr(at + 2), 2);
    if (hex.length == 0) break;
    at += 2;
  }
  if (Lower(text.substr(at).empty() ? '\0' : text[at]) == 'u') {
    const Written wide = FromHex(text.substr(at + 1), 4);
    if (wide.length > 0) return {wide.character, at + 1 + wide.length};
  }
  const Written hex = FromHex(text.substr(at), 2);
  return hex.length == 0 ? Written{} : Written{hex.character, at + hex.length};
}

// "=3D", as mail writes it.
Written FromQuotedPrintable(std::string_view text) {
  const Written hex = FromHex(text.substr(1), 2);
  return hex.length == 0 ? Written{} : Written{hex.character, 1 + hex.length};
}

// "&#61;", "&#x3d;", "&equals;", "&amp;#61;".
Written FromEntity(std::string_view text) {
  std::size_t at = 1;
  for (int layer = 0; layer < kLayers && text.substr(at).starts_with("amp;"); ++layer) {
    const bool escapes_more = text.substr(at + 4).starts_with('#') || text.substr(at + 4).starts_with("amp;");
    if (!escapes_more) break;
    at += 4;
  }
  std::string_view rest = text.substr(at);
  if (rest.starts_with('#')) {
    const bool hex = rest.size() > 1 && Lower(rest[1]) == 'x';
    const std::size_t first = hex ? 2 : 1;
    int value = 0;
    std::size_t i = first;
    for (; i < rest.size() && HexDigit(rest[i]) >= 0 && value <= 0x7f; ++i)
      value = value * (hex ? 16 : 10) + HexDigit(rest[i]);
    if (i == first || value > 0x7f) return {};
    if (i < rest.size() && rest[i] == ';') ++i;
    return {static_cast<char>(value), at + i};
  }
  for (const Entity& entity : kEntities) {
    if (rest.starts_with(entity.name)) return {entity.character, at + entity.name.size()};
  }
  return {};
}

Written Escaped(std::string_view text) {
  switch (text.front()) {
    case '\\':
      return FromBackslashes(text);
    case '%':
      return FromPercent(text);
    case '&':
      return FromEntity(text);
    case '=':
      return FromQuotedPrintable(text);
    default:
      return {};
  }
}

// The character that starts an escape, escaped itself: "%25" and "%2525" for `%` ("%252F" may be a key's "%2F"),
// "&amp;" and "&amp;amp;" for `&`.
Written EscapedStart(std::string_view text) {
  const std::string_view layer = text.front() == '%' ? "25" : "amp;";
  if (text.front() != '%' && text.front() != '&') return {};
  std::size_t length = 1;
  for (int i = 0; i < kLayers && text.substr(length).starts_with(layer); ++i) length += layer.size();
  return length == 1 ? Written{} : Written{text.front(), length};
}

// Base64 for URLs has other signs for the last two values.
char Folded(char c) {
  if (c == '-') return '+';
  if (c == '_') return '/';
  return Lower(c);
}

bool Same(char a, char b) {
  return Folded(a) == Folded(b);
}

// How many bytes of `text` write the character; 0: it starts with something else. Bytes of value 0 in front belong to
// it: UTF-16 and UTF-32 have them.
std::size_t LengthOf(char character, std::string_view text) {
  std::size_t skipped = 0;
  while (skipped < kWidestPad && skipped < text.size() && text[skipped] == '\0') ++skipped;
  text.remove_prefix(skipped);
  if (text.empty()) return 0;
  for (const Written& escaped : {Escaped(text), EscapedStart(text)}) {
    if (escaped.length > 0 && Same(escaped.character, character)) return skipped + escaped.length;
  }
  return Same(text.front(), character) ? skipped + 1 : 0;
}

// Whether the byte is the character that it looks like: it starts no escape and pads none.
bool IsItself(char c) {
  return c != '\0' && kEscapes.find(c) == std::string_view::npos;
}

// A piece of a needle that goes on otherwise: the first half of it, the first third where a text in JSON ends, or less
// at the end of all.
bool IsCutOff(std::size_t length, std::string_view needle, std::string_view rest) {
  if (length < Hider::kShortest) return false;
  if (2 * length >= needle.size()) return true;
  rest = rest.substr(std::min(rest.find_first_not_of('\0'), rest.size()));
  return rest.empty() || (rest.front() == '"' && 3 * length >= needle.size());
}

bool IsLetterOrDigit(char c) {
  return (c >= '0' && c <= '9') || (Lower(c) >= 'a' && Lower(c) <= 'z');
}

// Of a character in UTF-8 that is none of ASCII.
std::size_t LengthOfUtf8(std::string_view text) {
  std::size_t length = 1;
  while (length < 4 && length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) ++length;
  return length;
}

// A mark behind backslashes: "\n", "\u200b", "\x20", "\/". 0: what they escape is a letter or a digit.
std::size_t LengthOfEscapedMark(std::string_view text) {
  constexpr std::size_t kUnicodeDigits = 4;
  std::size_t slashes = 0;
  while (slashes < text.size() && text[slashes] == '\\' && slashes < std::size_t{2} * kLayers) ++slashes;
  const std::string_view rest = text.substr(slashes);
  if (rest.empty()) return slashes;
  if (std::string_view("nrtbfv").find(rest.front()) != std::string_view::npos) return slashes + 1;
  const std::string_view digits = rest.substr(1, kUnicodeDigits);
  const bool is_unicode = rest.front() == 'u' && digits.size() == kUnicodeDigits &&
                          std::all_of(digits.begin(), digits.end(), [](char c) { return HexDigit(c) >= 0; });
  if (is_unicode) {
    const Written ascii = FromHex(digits, kUnicodeDigits);
    return ascii.length > 0 && IsLetterOrDigit(ascii.character) ? 0 : slashes + 1 + kUnicodeDigits;
  }
  const Written written = FromBackslashes(text);
  return IsLetterOrDigit(written.character) ? 0 : written.length;
}

// How many bytes write a mark: what is neither a letter nor a digit, as it is or escaped. 0: none stands there.
std::size_t LengthOfMark(std::string_view text) {
  if (text.empty() || IsLetterOrDigit(text.front())) return 0;
  if (text.front() == '\\') return LengthOfEscapedMark(text);
  const Written escaped = Escaped(text);
  if (escaped.length > 0) return IsLetterOrDigit(escaped.character) ? 0 : escaped.length;
  if (text.front() == '%' && text.size() > 2 && HexDigit(text[1]) >= 0 && HexDigit(text[2]) >= 0) return 3;
  if (text.front() == '&') {
    const std::size_t end = text.substr(0, kLongestEntity).find(';');
    if (end != std::string_view::npos) return end + 1;
  }
  return static_cast<unsigned char>(text.front()) >= 0x80U ? LengthOfUtf8(text) : 1;
}

// Behind the needle whose first `group` characters end at `at`, and whose others follow in groups of as many with
// `between` before each; 0: it goes on otherwise.
std::size_t EndOfGroups(std::string_view needle, std::string_view text, std::size_t at, std::size_t group,
                        std::string_view between) {
  for (std::size_t i = group; i < needle.size(); ++i) {
    std::string_view rest = text.substr(at);
    const bool begins = i % group == 0;
    const bool is_apart = begins && rest.starts_with(between);
    if (is_apart) rest.remove_prefix(between.size());
    const std::size_t length = begins && !is_apart ? 0 : LengthOf(needle[i], rest);
    if (length == 0) return i > group && IsCutOff(i, needle, rest) ? at : 0;
    at += length + (is_apart ? between.size() : 0);
  }
  return at;
}

// The same, whatever stands between them, if it is the same each time; `at`: no needle.
std::size_t EndOfWrittenApart(std::string_view needle, std::string_view text, std::size_t at, std::size_t group) {
  std::size_t between = 0;
  for (int marks = 0; marks < kMarksBetween; ++marks) {
    const std::size_t mark = LengthOfMark(text.substr(at + between));
    if (mark == 0) return at;
    between += mark;
    const std::size_t end = EndOfGroups(needle, text, at, group, text.substr(at, between));
    if (end > 0) return end;
  }
  return at;
}

// Behind the needle that starts at `start`, or behind the piece of it that is left where something cut it off.
std::size_t EndOfNeedle(std::string_view needle, std::string_view text, std::size_t start) {
  // Most texts that begin like it go on otherwise, and show that by their second character.
  if (start + 1 < text.size() && IsItself(text[start]) && IsItself(text[start + 1]) &&
      !Same(needle[1], text[start + 1]) && IsLetterOrDigit(text[start + 1])) {
    return start;
  }
  std::size_t at = start;
  for (std::size_t i = 0; i < needle.size(); ++i) {
    const std::size_t length = LengthOf(needle[i], text.substr(at));
    if (length > 0) {
      at += length;
      continue;
    }
    if (const std::size_t end = i == 0 ? at : EndOfWrittenApart(needle, text, at, i); end > at) return end;
    return IsCutOff(i, needle, text.substr(at)) ? at : start;
  }
  return at;
}

// The signs of base64 that `word` gives whatever follows it, when `before` bytes of a group of three stand before it.
std::string Base64Within(std::string_view word, std::size_t before) {
  std::string bytes(before, '\0');
  bytes += word;
  std::string signs;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(c);
    count += 8;
    while (count >= 6) {
      count -= 6;
      signs += kBase64[(bits >> static_cast<unsigned>(count)) & 0x3FU];
    }
  }
  // Signs that hold bits of the unknown bytes in front.
  return signs.substr((before * 8 + 5) / 6);
}

std::string Hexadecimal(std::string_view word) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  for (const char c : word) {
    digits += kDigits[static_cast<unsigned char>(c) >> 4U];
    digits += kDigits[static_cast<unsigned char>(c) & 0xFU];
  }
  return digits;
}

}  // namespace

Hider::Hider(const HttpRequest& request) {
  for (const auto& [name, value] : request.secret_headers) Add(value);
  if (!request.secret_path) return;
  const std::size_t host = request.url.find("://");
  const std::size_t path = host == std::string::npos ? host : request.url.find('/', host + 3);
  if (path == std::string::npos) return;
  AddForms(std::string_view(request.url).substr(path));
  AddForms(std::string_view(request.url).substr(request.url.rfind('/') + 1));
}

void Hider::Add(const Secret& secret) {
  AddWords(secret.RevealForRequest());
}

// "ApiKey id:secret": the value, the value without its scheme, and the part behind the last colon, which is the secret.
void Hider::AddWords(std::string_view value) {
  value = Trim(value);
  AddForms(value);
  const std::size_t space = value.find(' ');
  if (space != std::string_view::npos) AddForms(Trim(value.substr(space)));
  // What has several words is no single key: its parts are everyday words.
  if (space != value.rfind(' ')) return;
  const std::size_t colon = value.rfind(':');
  if (colon != std::string_view::npos) AddForms(value.substr(colon + 1));
}

void Hider::AddForms(std::string_view word) {
  if (word.size() < kShortest) return;
  AddNeedle(std::string(word));
  for (const std::size_t before : {0U, 1U, 2U}) AddNeedle(Base64Within(word, before));
  AddNeedle(Hexadecimal(word));
}

void Hider::AddNeedle(std::string needle) {
  if (needle.size() < kShortest) return;
  if (std::find(needles_.begin(), needles_.end(), needle) != needles_.end()) return;
  const std::uint64_t bit = std::uint64_t{1} << std::min<std::size_t>(needles_.size(), kLastBit);
  for (const char c : kEscapes) may_start_[static_cast<unsigned char>(c)] |= bit;
  const char first = Folded(needle.front());
  for (const char c : {first, Upper(first), first == '+' ? '-' : first, first == '/' ? '_' : first}) {
    may_start_[static_cast<unsigned char>(c)] |= bit;
  }
  needles_.push_back(std::move(needle));
}

std::size_t Hider::EndOfSecret(std::string_view text, std::size_t start, std::uint64_t candidates) const {
  std::size_t end = start;
  for (; candidates != 0; candidates &= candidates - 1) {
    const auto first = static_cast<std::size_t>(std::countr_zero(candidates));
    const std::size_t last = first == kLastBit ? needles_.size() - 1 : first;
    for (std::size_t i = first; i <= last; ++i) end = std::max(end, EndOfNeedle(needles_[i], text, start));
  }
  return end;
}

void Hider::Hide(std::string& text) const {
  if (needles_.empty()) return;
  std::string cleaned;
  std::size_t kept = 0;  // up to here it is in `cleaned`
  for (std::size_t at = 0; at < text.size();) {
    const std::uint64_t candidates = may_start_[static_cast<unsigned char>(text[at])];
    const std::size_t end = candidates != 0 ? EndOfSecret(text, at, candidates) : at;
    if (end == at) {
      ++at;
      continue;
    }
    cleaned.append(text, kept, at - kept).append(Secret::kShown);
    at = kept = end;
  }
  if (kept > 0) text = cleaned.append(text, kept);
}

void Hider::Hide(HttpResponse& response) const {
  for (HttpHeader& header : response.headers) Hide(header.value);
  Hide(response.body);
}

}  // namespace sallyport
