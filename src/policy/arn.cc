// SPDX-License-Identifier: Apache-2.0
#include "policy/arn.h"

#include <algorithm>
#include <utility>

namespace sallyport::policy {

std::optional<ArnView> SplitArn(std::string_view text) {
  ArnView arn;
  for (std::size_t i = 0; i + 1 < kArnParts; ++i) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    arn.parts[i] = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  arn.parts[kArnParts - 1] = text;
  if (arn.parts[0] != "arn") return std::nullopt;
  return arn;
}

std::size_t SplitArnPattern(std::string_view pattern, std::array<std::string_view, kArnParts>& parts) {
  std::size_t count = 0;
  std::size_t start = 0;
  std::size_t i = 0;
  while (i < pattern.size() && count + 1 < kArnParts) {
    if (pattern.substr(i, 2) == "${") {
      const std::size_t close = pattern.find('}', i);
      i = close == std::string_view::npos ? pattern.size() : close + 1;
    } else if (pattern[i] == ':') {
      parts[count++] = pattern.substr(start, i - start);
      start = ++i;
    } else {
      ++i;
    }
  }
  parts[count++] = pattern.substr(start);
  return count;
}

Arn::Arn(std::string text) : text_(std::move(text)) {
  const std::optional<ArnView> view = SplitArn(text_);
  if (!view) return;
  valid_ = true;
  for (std::size_t i = 0; i < kArnParts; ++i) {
    start_[i] = static_cast<std::size_t>(view->parts[i].data() - text_.data());
    size_[i] = view->parts[i].size();
  }
}

bool IsAccountId(std::string_view text) {
  return text.size() == 12 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace sallyport::policy
