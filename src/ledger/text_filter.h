// SPDX-License-Identifier: Apache-2.0
//
// Which cases a search for a text need not look at: a Bloom filter (B. H. Bloom, "Space/Time Trade-offs in Hash Coding
// with Allowable Errors", 1970) of the trigrams, three bytes in a row, of everything that a search looks through. What
// contains a text has all trigrams of the text, so a filter that lacks one says no for certain; a filter that has them
// all says "look". Upper and lower case of ASCII letters are the same, as for contains_text (sqlite.h).
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace sallyport {

// Bytes of a stored filter: one of 120, 240, 480, 960 and 1920. Bit n of a filter half as long is bit n or bit n + half
// of the longer one.
inline constexpr std::size_t kSmallestFilter = 120;
inline constexpr std::size_t kLargestFilter = 1920;
bool IsFilterSize(std::size_t bytes);

class TextFilter {
 public:
  void Add(std::string_view text);
  void Add(const TextFilter& other);

  // The smallest size of which no more than two fifths of the bits are set, so that there is room for more; else the
  // largest.
  std::string Stored() const;

  // Adds this one to a stored one, which keeps its size. kTooFull: more than half of its bits would be set, so that it
  // says too little, and it is as it was; make one anew of all texts.
  enum class Merged { kNothingNew, kGrown, kTooFull };
  Merged MergeInto(std::string& stored) const;

  // Whether `stored` is this one, in whatever size.
  bool IsStoredAs(std::string_view stored) const;

 private:
  std::string FoldedTo(std::size_t bytes) const;

  std::array<unsigned char, kLargestFilter> bits_{};
};

// False: the texts of `stored` do not contain `text`. True for a text of fewer than three bytes, and for what is no
// filter: nothing is hidden because of it.
bool MayContain(std::string_view stored, std::string_view text);

}  // namespace sallyport
