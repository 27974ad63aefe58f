// SPDX-License-Identifier: Apache-2.0
//
// Patterns with `*` (any run, also an empty one) and `?` (exactly one character), as IAM has them. Everything else is
// literal. A character is a Unicode code point; text that is not UTF-8 is compared byte by byte.
//
// Matching never backtracks over a star: the pattern is cut at its stars into chunks, each chunk is searched once from
// where the last one ended, and a chunk with `?` inside is searched with bit masks. The time for a text of n bytes is
// at most n * (n / 64) word operations however the pattern looks, and a pattern longer than the text is refused at
// once.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::policy {

// One element of a pattern: literal text, `?` or `*`.
struct GlobToken {
  enum class Kind { kText, kOne, kRun };
  Kind kind = Kind::kText;
  std::string text;  // kText only

  bool operator==(const GlobToken&) const = default;
};

// Of the texts that begin with `prefix`, how many a pattern matches. kSome may be said where it is kAll.
enum class Reach { kNone, kSome, kAll };
Reach ReachBehind(const std::vector<GlobToken>& tokens, std::string_view prefix);

// `*` and `?` become wildcards, the rest text.
std::vector<GlobToken> ParseGlob(std::string_view pattern);

class Glob {
 public:
  Glob() = default;  // matches the empty text only
  explicit Glob(std::string_view pattern) : Glob(ParseGlob(pattern)) {}
  explicit Glob(const std::vector<GlobToken>& tokens);

  bool Matches(std::string_view text) const;

  bool MatchesEverything() const { return kind_ == Kind::kEverything; }
  bool IsLiteral() const { return kind_ == Kind::kLiteral; }
  // What every match starts with; all of the text of a literal.
  std::string_view prefix() const { return chunks_.empty() ? std::string_view() : PrefixOf(); }

 private:
  enum class Kind { kLiteral, kEverything, kPrefix, kGeneral };
  // What a piece has besides when the pattern has a `?`. `any[i]` is set where text[i] stands for a `?`; empty when
  // there is none.
  struct Ones {
    std::u32string points;  // the text in code points
    std::vector<bool> any;  // one for each byte of the text
    std::vector<bool> any_points;
  };
  // A piece between two stars.
  struct Chunk {
    std::string text;
    std::size_t skip = 0;              // `?` that stand before it, beside a star
    std::shared_ptr<const Ones> ones;  // null: the pattern has no `?`
  };

  std::string_view PrefixOf() const;
  void Finish(std::vector<Ones> ones);
  template <class Char>
  bool MatchesGeneral(std::basic_string_view<Char> text) const;

  Kind kind_ = Kind::kLiteral;
  bool has_one_ = false;
  bool starts_with_run_ = false;
  bool ends_with_run_ = false;
  std::size_t trailing_skip_ = 0;  // `?` after the last chunk, beside a star
  std::size_t min_bytes_ = 0;
  std::vector<Chunk> chunks_;
};

}  // namespace sallyport::policy
