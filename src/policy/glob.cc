// SPDX-License-Identifier: Apache-2.0
#include "policy/glob.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include "policy/code_points.h"

namespace sallyport::policy {
namespace {

// Under this length comparing at every place is cheaper than preparing masks.
constexpr std::size_t kShortChunk = 16;

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// One character of a pattern.
struct Step {
  GlobToken::Kind kind = GlobToken::Kind::kText;
  char byte = 0;
};

template <class Char>
struct Piece {
  std::basic_string_view<Char> text;
  const std::vector<bool>* any;  // may be empty

  std::size_t size() const { return text.size(); }
};

template <class Char>
bool EqualAt(const Piece<Char>& piece, std::basic_string_view<Char> text, std::size_t at) {
  if (piece.any->empty()) return text.compare(at, piece.size(), piece.text) == 0;
  for (std::size_t i = 0; i < piece.size(); ++i) {
    if (!(*piece.any)[i] && piece.text[i] != text[at + i]) return false;
  }
  return true;
}

// Shift-and (Baeza-Yates and Gonnet 1992), with as many words as the piece needs.
template <class Char>
std::size_t FindWithMasks(const Piece<Char>& piece, std::basic_string_view<Char> text, std::size_t from) {
  const std::size_t words = (piece.size() + 63) / 64;
  std::basic_string<Char> letters(piece.text);
  std::sort(letters.begin(), letters.end());
  letters.erase(std::unique(letters.begin(), letters.end()), letters.end());
  // Row 0 is for letters that the piece has not; row k + 1 for letters[k].
  std::vector<std::uint64_t> masks((letters.size() + 1) * words, 0);
  const auto row_of = [&letters](Char c) -> std::size_t {
    const auto found = std::lower_bound(letters.begin(), letters.end(), c);
    if (found == letters.end() || *found != c) return 0;
    return static_cast<std::size_t>(found - letters.begin()) + 1;
  };
  for (std::size_t i = 0; i < piece.size(); ++i) {
    const std::uint64_t bit = std::uint64_t{1} << (i % 64);
    if ((*piece.any)[i]) {
      for (std::size_t row = 0; row <= letters.size(); ++row) masks[row * words + i / 64] |= bit;
    } else {
      masks[row_of(piece.text[i]) * words + i / 64] |= bit;
    }
  }
  std::vector<std::uint64_t> state(words, 0);
  const std::size_t last = piece.size() - 1;
  for (std::size_t at = from; at < text.size(); ++at) {
    const std::uint64_t* mask = &masks[row_of(text[at]) * words];
    std::uint64_t carry = 1;
    for (std::size_t w = 0; w < words; ++w) {
      const std::uint64_t next = state[w] >> 63;
      state[w] = ((state[w] << 1) | carry) & mask[w];
      carry = next;
    }
    if ((state[last / 64] >> (last % 64)) & 1U) return at - last;
  }
  return text.npos;
}

template <class Char>
std::size_t Find(const Piece<Char>& piece, std::basic_string_view<Char> text, std::size_t from) {
  if (from > text.size() || piece.size() > text.size() - from) return text.npos;
  if (piece.any->empty()) {
    if constexpr (sizeof(Char) == 1) {
      // memmem is linear in glibc (two-way); string_view::find is not.
      const void* found = memmem(text.data() + from, text.size() - from, piece.text.data(), piece.size());
      return found == nullptr ? text.npos : static_cast<std::size_t>(static_cast<const Char*>(found) - text.data());
    }
  }
  if (piece.size() <= kShortChunk) {
    for (std::size_t at = from; at + piece.size() <= text.size(); ++at) {
      if (EqualAt(piece, text, at)) return at;
    }
    return text.npos;
  }
  if (!piece.any->empty()) return FindWithMasks(piece, text, from);
  const std::vector<bool> none(piece.size(), false);
  return FindWithMasks(Piece<Char>{piece.text, &none}, text, from);
}

}  // namespace

std::vector<GlobToken> ParseGlob(std::string_view pattern) {
  std::vector<GlobToken> tokens;
  const auto wild = std::count_if(pattern.begin(), pattern.end(), [](char c) { return c == '*' || c == '?'; });
  tokens.reserve(static_cast<std::size_t>(2 * wild + 1));
  std::size_t start = 0;
  const auto take_text = [&](std::size_t end) {
    if (end > start) tokens.push_back({GlobToken::Kind::kText, std::string(pattern.substr(start, end - start))});
    start = end + 1;
  };
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '*' && pattern[i] != '?') continue;
    take_text(i);
    tokens.push_back({pattern[i] == '*' ? GlobToken::Kind::kRun : GlobToken::Kind::kOne, ""});
  }
  take_text(pattern.size());
  return tokens;
}

Reach ReachBehind(const std::vector<GlobToken>& tokens, std::string_view prefix) {
  std::vector<Step> steps;
  for (const GlobToken& token : tokens) {
    if (token.kind != GlobToken::Kind::kText) steps.push_back({token.kind, 0});
    for (const char c : token.text) steps.push_back({GlobToken::Kind::kText, c});
  }
  // The places in the pattern at which the text after what was read may go on; each once.
  std::vector<std::size_t> places;
  std::vector<std::size_t> seen(steps.size() + 1, 0);  // how much had been read when the place was noted, and one
  const auto note = [&](std::size_t place, std::size_t read) {
    for (;; ++place) {
      if (seen[place] == read + 1) return;
      seen[place] = read + 1;
      places.push_back(place);
      if (place == steps.size() || steps[place].kind != GlobToken::Kind::kRun) return;
    }
  };
  note(0, 0);
  for (std::size_t read = 1; read <= prefix.size(); ++read) {
    const std::vector<std::size_t> before = std::exchange(places, {});
    for (const std::size_t place : before) {
      if (place == steps.size()) continue;
      const Step& step = steps[place];
      if (step.kind == GlobToken::Kind::kText && step.byte != prefix[read - 1]) continue;
      note(step.kind == GlobToken::Kind::kRun ? place : place + 1, read);
    }
    if (places.empty()) return Reach::kNone;
  }
  // At a star with nothing behind it whatever follows matches.
  std::size_t last = steps.size();
  while (last > 0 && steps[last - 1].kind == GlobToken::Kind::kRun) --last;
  const bool all = std::any_of(places.begin(), places.end(),
                               [&](std::size_t place) { return place >= last && place < steps.size(); });
  return all ? Reach::kAll : Reach::kSome;
}

Glob::Glob(const std::vector<GlobToken>& tokens) {
  bool in_chunk = false;    // the last element belongs to chunks_.back()
  std::size_t waiting = 0;  // `?` not yet placed
  bool run = false;         // a star since the last chunk
  has_one_ = std::any_of(tokens.begin(), tokens.end(),
                         [](const GlobToken& token) { return token.kind == GlobToken::Kind::kOne; });
  const auto texts = std::count_if(tokens.begin(), tokens.end(),
                                   [](const GlobToken& token) { return token.kind == GlobToken::Kind::kText; });
  chunks_.reserve(static_cast<std::size_t>(texts));
  std::vector<Ones> ones;  // beside chunks_, if there are any
  for (const GlobToken& token : tokens) {
    if (token.kind == GlobToken::Kind::kRun) {
      run = true;
      if (chunks_.empty()) starts_with_run_ = true;
    } else if (token.kind == GlobToken::Kind::kOne) {
      ++waiting;
    } else if (!token.text.empty()) {
      if (run || !in_chunk) {
        chunks_.emplace_back().skip = waiting;
        if (has_one_) ones.emplace_back();
      } else if (waiting > 0) {
        // `?` inside a chunk: places that any character may take.
        chunks_.back().text.append(waiting, '?');
        ones.back().any.resize(chunks_.back().text.size() - waiting, false);
        ones.back().any.resize(chunks_.back().text.size(), true);
      }
      Chunk& chunk = chunks_.back();
      chunk.text += token.text;
      if (has_one_ && !ones.back().any.empty()) ones.back().any.resize(chunk.text.size(), false);
      in_chunk = true;
      waiting = 0;
      run = false;
    }
  }
  ends_with_run_ = run;
  trailing_skip_ = waiting;
  Finish(std::move(ones));
}

void Glob::Finish(std::vector<Ones> ones) {
  min_bytes_ = trailing_skip_;
  for (std::size_t i = 0; i < chunks_.size(); ++i) {
    Chunk& chunk = chunks_[i];
    min_bytes_ += chunk.skip + chunk.text.size();
    if (!has_one_) continue;
    Ones& of_chunk = ones[i];
    // For text that is not ASCII. A literal that is not UTF-8 can then only be compared as bytes.
    of_chunk.points = ToCodePoints(chunk.text).value_or(std::u32string());
    std::size_t byte = 0;
    for (const char32_t point : of_chunk.points) {
      if (of_chunk.any.empty()) break;
      of_chunk.any_points.push_back(of_chunk.any[byte]);
      byte += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    }
    chunk.ones = std::make_shared<const Ones>(std::move(of_chunk));
  }
  const bool any_run = starts_with_run_ || ends_with_run_ || chunks_.size() > 1;
  if (!has_one_ && chunks_.empty()) {
    kind_ = any_run ? Kind::kEverything : Kind::kLiteral;
  } else if (!has_one_ && chunks_.size() == 1 && !starts_with_run_) {
    kind_ = ends_with_run_ ? Kind::kPrefix : Kind::kLiteral;
  } else {
    kind_ = Kind::kGeneral;
  }
}

std::string_view Glob::PrefixOf() const {
  const Chunk& first = chunks_.front();
  if (starts_with_run_ || first.skip > 0) return {};
  if (first.ones == nullptr || first.ones->any.empty()) return first.text;
  const std::vector<bool>& any = first.ones->any;
  return std::string_view(first.text)
      .substr(0, static_cast<std::size_t>(std::find(any.begin(), any.end(), true) - any.begin()));
}

// Leftmost matches are enough: a chunk that ends earlier leaves more room for what follows.
template <class Char>
bool Glob::MatchesGeneral(std::basic_string_view<Char> text) const {
  const auto piece_of = [](const Chunk& chunk) {
    static const std::vector<bool> none;
    if constexpr (sizeof(Char) == 1) {
      return Piece<Char>{chunk.text, chunk.ones == nullptr ? &none : &chunk.ones->any};
    } else {
      return Piece<Char>{chunk.ones->points, &chunk.ones->any_points};  // asked for only when it has a `?`
    }
  };
  const auto room = [&text](std::size_t at, std::size_t need) { return at <= text.size() && text.size() - at >= need; };
  if (chunks_.empty()) {
    return starts_with_run_ ? text.size() >= trailing_skip_ : text.size() == trailing_skip_;
  }
  std::size_t at = 0;
  std::size_t first = 0;
  if (!starts_with_run_) {
    const Piece<Char> piece = piece_of(chunks_[0]);
    at = chunks_[0].skip;
    if (!room(at, piece.size()) || !EqualAt(piece, text, at)) return false;
    at += piece.size();
    first = 1;
    if (chunks_.size() == 1) {
      return ends_with_run_ ? room(at, trailing_skip_) : text.size() - at == trailing_skip_;
    }
  }
  // The last chunk is tied to the end when no star follows it.
  const std::size_t floating = ends_with_run_ ? chunks_.size() : chunks_.size() - 1;
  for (std::size_t i = first; i < floating; ++i) {
    const Piece<Char> piece = piece_of(chunks_[i]);
    const std::size_t found = Find(piece, text, at + chunks_[i].skip);
    if (found == text.npos) return false;
    at = found + piece.size();
  }
  if (ends_with_run_) return room(at, trailing_skip_);
  const Piece<Char> piece = piece_of(chunks_.back());
  if (!room(at, chunks_.back().skip + piece.size() + trailing_skip_)) return false;
  return EqualAt(piece, text, text.size() - trailing_skip_ - piece.size());
}

bool Glob::Matches(std::string_view text) const {
  switch (kind_) {
    case Kind::kEverything:
      return true;
    case Kind::kLiteral:
      return chunks_.empty() ? text.empty() : text == chunks_.front().text;
    case Kind::kPrefix:
      return text.starts_with(chunks_.front().text);
    case Kind::kGeneral:
      break;
  }
  if (text.size() < min_bytes_) return false;
  if (has_one_ && !IsAscii(text)) {
    const std::optional<std::u32string> points = ToCodePoints(text);
    if (points) return MatchesGeneral<char32_t>(*points);
  }
  return MatchesGeneral<char>(text);
}

}  // namespace sallyport::policy
