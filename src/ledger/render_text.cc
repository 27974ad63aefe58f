// SPDX-License-Identifier: Apache-2.0
#include "ledger/render_text.h"

#include <algorithm>

namespace sallyport {
namespace {

constexpr std::string_view kDim = kDimmed;
constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kReset = "\x1b[0m";

struct Hue {
  std::string_view color;
  std::string_view state;
};
// Red: something is wrong. Yellow: not known yet, or not done. Green: ended well. Dim: nothing was to be done.
constexpr Hue kHues[] = {{kRed, "failed"},       {kRed, "unreadable"},     {kYellow, "undetermined"},
                         {kYellow, "refused"},   {kYellow, "held"},        {kYellow, "in-progress"},
                         {kRed, "needs-person"}, {kYellow, "intended"},    {kYellow, "waiting"},
                         {kYellow, "pending"},   {kYellow, "rejected"},    {kYellow, "awaiting-approval"},
                         {kYellow, "expired"},   {kYellow, "outdated"},    {kYellow, "not-verifiable"},
                         {kYellow, "given-up"},  {kGreen, "answered"},     {kGreen, "verified"},
                         {kGreen, "sent"},       {kGreen, "delivered"},    {kDim, "out-of-scope"},
                         {kDim, "would"},        {kDim, "skipped"},        {kGreen, "closed"},
                         {kGreen, "ok"},         {kYellow, "warning"},     {kRed, "failure"},
                         {kGreen, "whole"},      {kRed, "broken"},         {kDim, "joined"},
                         {kDim, "duplicate"},    {kYellow, "not-checked"}, {kDim, "removed"}};

bool StartsCharacter(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

}  // namespace

std::size_t CountCharacters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), StartsCharacter));
}

std::string_view FirstCharacters(std::string_view text, std::size_t count) {
  std::size_t end = 0;
  while (end < text.size()) {
    if (StartsCharacter(text[end]) && count-- == 0) break;
    ++end;
  }
  return text.substr(0, end);
}

std::string Padding(std::string_view cell, std::size_t width) {
  const std::size_t used = CountCharacters(cell);
  return std::string(used < width ? width - used : 0, ' ');
}

std::string Padded(const std::string& cell, std::size_t width) {
  return cell + Padding(cell, width);
}

std::string_view ColorOf(std::string_view state) {
  const auto* hue =
      std::find_if(std::begin(kHues), std::end(kHues), [&](const Hue& one) { return one.state == state; });
  return hue == std::end(kHues) ? std::string_view() : hue->color;
}

std::string Colored(std::string_view text, std::string_view escape, bool color) {
  if (!color || escape.empty()) return std::string(text);
  return std::string(escape) + std::string(text) + std::string(kReset);
}

}  // namespace sallyport
