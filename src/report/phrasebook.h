// SPDX-License-Identifier: Apache-2.0
//
// Sentences of one language in another: a list of patterns, in which `{}` stands for whatever a sentence names (a host,
// an ACL, what AWS answered). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::report {

struct Phrase {
  std::string_view from;  // "web ACL {} not read: {}"
  std::string_view to;    // "無法讀取 web ACL {1}：{2}"; {1} is the first of them
};

class Phrasebook {
 public:
  // The first phrase that fits counts. `phrases` outlives the book.
  explicit Phrasebook(const std::vector<Phrase>& phrases) : phrases_(phrases) {}

  // What `{}` stands for is a name and stays as it is, unless it is itself a sentence of the book. Nothing: no phrase
  // fits.
  std::optional<std::string> Find(std::string_view sentence) const { return Find(sentence, 0); }

 private:
  std::optional<std::string> Find(std::string_view sentence, int depth) const;

  const std::vector<Phrase>& phrases_;
};

}  // namespace sallyport::report
