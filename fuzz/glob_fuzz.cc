// SPDX-License-Identifier: Apache-2.0
//
// A pattern and a text, parted by a line feed: the matcher against one that tries everything.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "policy/glob.h"
#include "policy/patterns.h"
#include "policy/regions.h"
#include "tests/policy/reference.h"

namespace sallyport::policy {
namespace {

constexpr std::size_t kMost = 400;  // the reference needs memory for pattern times text
constexpr std::size_t kMostForRegions = 24;

// ASCII only, so that a byte is a character for both.
std::string Ascii(std::string_view bytes) {
  std::string text(bytes.substr(0, kMost));
  for (char& c : text) c = static_cast<char>(c & 0x7F);
  return text;
}

std::u32string WildPattern(std::string_view pattern) {
  std::u32string points;
  for (const char c : pattern) points += c == '*' ? 0x110000 : c == '?' ? 0x110001 : static_cast<char32_t>(c);
  return points;
}

void SamePlain(const std::string& pattern, const std::string& text) {
  const std::u32string points(text.begin(), text.end());
  Check(Glob(pattern).Matches(text) == ReferenceGlob(WildPattern(pattern), points), "both matchers agree");
}

std::vector<ResourcePattern::Part> PartsOf(const std::string& pattern) {
  std::vector<ResourcePattern::Part> parts;
  for (const GlobToken& token : ParseGlob(pattern)) parts.push_back({token, false});
  return parts;
}

// Alone, and as alternatives.
void RegionsHold(const std::string& pattern, const std::string& text) {
  const std::string first = pattern.substr(0, kMostForRegions);
  const std::string second = text.substr(0, kMostForRegions);
  CutWork work;
  const Regions regions =
      CutIntoRegions({{PartsOf(first)}, {PartsOf(second)}, {PartsOf(first), PartsOf(second)}}, CutOptions(), work);
  for (const Region& region : regions.list) {
    const bool in_first = Glob(first).Matches(region.text);
    const bool in_second = Glob(second).Matches(region.text);
    Check(in_first == region.matches[0] && in_second == region.matches[1], "a region's text is in it");
    Check(region.matches[2] == (in_first || in_second), "a group is its patterns together");
  }
}

// What is said of texts that begin in a certain way holds for one of them.
void BeginningsHold(const std::string& pattern, const std::string& text) {
  for (const std::size_t length : {std::size_t{0}, text.size() / 2, text.size()}) {
    const Reach reach = ReachBehind(ParseGlob(pattern), std::string_view(text).substr(0, length));
    const bool matches = Glob(pattern).Matches(text);
    Check(!matches || reach != Reach::kNone, "what matches is reached");
    Check(matches || reach != Reach::kAll, "where all match, one does");
  }
}

}  // namespace
}  // namespace sallyport::policy

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport::policy;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = std::min(bytes.find('\n'), bytes.size());
  const std::string pattern = Ascii(bytes.substr(0, cut));
  const std::string text = Ascii(cut < bytes.size() ? bytes.substr(cut + 1) : std::string_view());
  SamePlain(pattern, text);
  RegionsHold(pattern, text);
  BeginningsHold(pattern, text);
  // Any bytes: no crash, in linear time.
  (void)Glob(bytes).Matches(bytes);
  (void)ResourcePattern(bytes, ShortArn::kOpen, true).Matches(Arn(std::string(bytes)), Context());
  return 0;
}
