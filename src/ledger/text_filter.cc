// SPDX-License-Identifier: Apache-2.0
#include "ledger/text_filter.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kTrigram = 3;
constexpr std::uint64_t kBitsOfLargest = kLargestFilter * 8;

// The trigrams of a text, one after the other.
class Trigrams {
 public:
  explicit Trigrams(std::string_view text) : text_(text) {
    if (text_.size() < kTrigram) return;
    for (std::size_t i = 0; i + 1 < kTrigram; ++i) Shift(i);
    next_ = kTrigram - 1;
  }
  bool HasNext() const { return next_ >= kTrigram - 1 && next_ < text_.size(); }
  // The bit of the next one in a filter of the largest size: multiplied by 2^32 / phi (D. Knuth, TAOCP 6.4), the bits
  // on top taken.
  std::size_t NextBit() {
    Shift(next_++);
    constexpr std::uint32_t kGoldenRatio = 0x9E3779B1U;
    const std::uint32_t hash = window_ * kGoldenRatio;
    return static_cast<std::size_t>((std::uint64_t{hash} * kBitsOfLargest) >> 32U);
  }

 private:
  void Shift(std::size_t at) {
    window_ = ((window_ << 8U) | static_cast<unsigned char>(ToLowerAscii(text_[at]))) & 0xFFFFFFU;
  }

  std::string_view text_;
  std::size_t next_ = 0;
  std::uint32_t window_ = 0;
};

std::size_t CountBits(std::string_view bytes) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < bytes.size(); i += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, std::min(sizeof word, bytes.size() - i));
    count += static_cast<std::size_t>(std::popcount(word));
  }
  return count;
}

std::string Folded(std::string_view bytes) {
  const std::size_t half = bytes.size() / 2;
  std::string folded(bytes.substr(0, half));
  for (std::size_t i = 0; i < half; ++i) folded[i] = static_cast<char>(folded[i] | bytes[half + i]);
  return folded;
}

}  // namespace

bool IsFilterSize(std::size_t bytes) {
  return bytes >= kSmallestFilter && bytes <= kLargestFilter && kLargestFilter % bytes == 0 &&
         std::has_single_bit(kLargestFilter / bytes);
}

void TextFilter::Add(std::string_view text) {
  for (Trigrams trigrams(text); trigrams.HasNext();) {
    const std::size_t bit = trigrams.NextBit();
    bits_[bit / 8] = static_cast<unsigned char>(bits_[bit / 8] | (1U << (bit % 8)));
  }
}

void TextFilter::Add(const TextFilter& other) {
  for (std::size_t i = 0; i < bits_.size(); ++i) bits_[i] = static_cast<unsigned char>(bits_[i] | other.bits_[i]);
}

std::string TextFilter::FoldedTo(std::size_t bytes) const {
  std::string folded(reinterpret_cast<const char*>(bits_.data()), bits_.size());
  while (folded.size() > bytes) folded = Folded(folded);
  return folded;
}

std::string TextFilter::Stored() const {
  std::string stored = FoldedTo(kLargestFilter);
  while (stored.size() > kSmallestFilter) {
    std::string half = Folded(stored);
    if (CountBits(half) * 5 > half.size() * 8 * 2) break;
    stored = std::move(half);
  }
  return stored;
}

TextFilter::Merged TextFilter::MergeInto(std::string& stored) const {
  if (!IsFilterSize(stored.size())) return Merged::kTooFull;
  std::string merged = FoldedTo(stored.size());
  for (std::size_t i = 0; i < merged.size(); ++i) merged[i] = static_cast<char>(merged[i] | stored[i]);
  if (merged == stored) return Merged::kNothingNew;
  if (stored.size() < kLargestFilter && CountBits(merged) * 2 > merged.size() * 8) return Merged::kTooFull;
  stored = std::move(merged);
  return Merged::kGrown;
}

bool TextFilter::IsStoredAs(std::string_view stored) const {
  return IsFilterSize(stored.size()) && FoldedTo(stored.size()) == stored;
}

bool MayContain(std::string_view stored, std::string_view text) {
  if (!IsFilterSize(stored.size())) return true;
  for (Trigrams trigrams(text); trigrams.HasNext();) {
    const std::size_t bit = trigrams.NextBit();
    const auto byte = static_cast<unsigned char>(stored[bit / 8 % stored.size()]);
    if ((byte >> (bit % 8) & 1U) == 0) return false;
  }
  return true;
}

}  // namespace sallyport
