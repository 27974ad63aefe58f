// SPDX-License-Identifier: Apache-2.0
#include "report/phrasebook.h"

namespace sallyport::report {
namespace {

// A sentence inside a sentence inside a sentence is the most there is.
constexpr int kDeepest = 3;
constexpr std::string_view kHole = "{}";

// What the holes of `pattern` stand for; nothing: it does not fit. Each takes as little as it can, the last the rest.
std::optional<std::vector<std::string_view>> Fit(std::string_view pattern, std::string_view text) {
  std::vector<std::string_view> found;
  auto hole = pattern.find(kHole);
  const std::string_view head = pattern.substr(0, hole);
  if (!text.starts_with(head)) return std::nullopt;
  text.remove_prefix(head.size());
  while (hole != std::string_view::npos) {
    pattern.remove_prefix(hole + kHole.size());
    hole = pattern.find(kHole);
    const std::string_view next = pattern.substr(0, hole);
    const bool is_last = hole == std::string_view::npos;
    if (is_last && !text.ends_with(next)) return std::nullopt;
    const auto at = is_last ? text.size() - next.size() : text.find(next);
    // What AWS answered may be nothing; a name is not.
    if (at == std::string_view::npos || (at == 0 && !is_last)) return std::nullopt;
    found.push_back(text.substr(0, at));
    text.remove_prefix(at + next.size());
  }
  if (!text.empty()) return std::nullopt;
  return found;
}

}  // namespace

std::optional<std::string> Phrasebook::Find(std::string_view sentence, int depth) const {
  if (depth > kDeepest) return std::nullopt;
  for (const Phrase& phrase : phrases_) {
    const auto found = Fit(phrase.from, sentence);
    if (!found) continue;
    std::string text;
    for (std::size_t i = 0; i < phrase.to.size(); ++i) {
      const bool is_number = phrase.to[i] == '{' && i + 2 < phrase.to.size() && phrase.to[i + 2] == '}';
      if (!is_number) {
        text += phrase.to[i];
        continue;
      }
      const std::string_view value = found->at(static_cast<std::size_t>(phrase.to[i + 1] - '1'));
      text += Find(value, depth + 1).value_or(std::string(value));
      i += 2;
    }
    return text;
  }
  return std::nullopt;
}

}  // namespace sallyport::report
