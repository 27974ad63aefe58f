// SPDX-License-Identifier: Apache-2.0
#include "ledger/text_filter.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace sallyport {
namespace {

TextFilter FilterOf(std::string_view text) {
  TextFilter filter;
  filter.Add(text);
  return filter;
}

// Of letters and digits that no other text has.
std::string Noise(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('0' + random() % 75);
  return text;
}

TEST(TextFilter, SaysYesToEveryPartOfWhatItHas) {
  std::string text = "Recon:EC2/PortProbeUnprotectedPort of i-0abc12345678901de (10.0.3.17), caf\xC3\xA9";
  text += '\0';
  text += "x\xFF";
  for (const std::string& more : {std::string(), Noise(500, 1), Noise(3'000, 2), Noise(40'000, 3)}) {
    TextFilter filter = FilterOf(text);
    filter.Add(more);
    const std::string stored = filter.Stored();
    ASSERT_TRUE(IsFilterSize(stored.size()));
    for (std::size_t from = 0; from <= text.size(); ++from) {
      for (std::size_t size = 0; from + size <= text.size(); ++size) {
        ASSERT_TRUE(MayContain(stored, text.substr(from, size))) << from << " " << size << " of " << stored.size();
      }
    }
    EXPECT_TRUE(MayContain(stored, "RECON:ec2/portPROBE"));
  }
}

TEST(TextFilter, SaysNoToNearlyEverythingElse) {
  for (const std::size_t size : {300U, 1'000U, 3'000U, 6'000U}) {
    const std::string stored = FilterOf(Noise(size, 1)).Stored();
    int yes = 0;
    constexpr int kAsked = 2'000;
    for (int i = 0; i < kAsked; ++i) {
      if (MayContain(stored, Noise(10, 1'000 + static_cast<unsigned>(i)))) ++yes;
    }
    // Two fifths of the bits, eight trigrams: 0.07 %.
    EXPECT_LE(yes, kAsked / 100) << size << " bytes, in " << stored.size();
  }
}

TEST(TextFilter, IsAsLargeAsItsTextNeeds) {
  EXPECT_EQ(TextFilter().Stored(), std::string(kSmallestFilter, '\0'));
  EXPECT_EQ(FilterOf("ab").Stored(), TextFilter().Stored());
  EXPECT_EQ(FilterOf(Noise(300, 1)).Stored().size(), 120U);
  EXPECT_EQ(FilterOf(Noise(1'500, 1)).Stored().size(), 480U);
  EXPECT_EQ(FilterOf(Noise(100'000, 1)).Stored().size(), kLargestFilter);
  for (const std::size_t size : {120U, 240U, 480U, 960U, 1920U}) EXPECT_TRUE(IsFilterSize(size));
  for (const std::size_t size : {0U, 1U, 60U, 119U, 360U, 640U, 3840U}) EXPECT_FALSE(IsFilterSize(size)) << size;
}

TEST(TextFilter, TakesMoreUntilItSaysTooLittle) {
  std::string stored = FilterOf(Noise(300, 1)).Stored();
  const std::string before = stored;
  EXPECT_EQ(FilterOf(Noise(300, 1)).MergeInto(stored), TextFilter::Merged::kNothingNew);
  EXPECT_EQ(FilterOf("CVE-2021-44228").MergeInto(stored), TextFilter::Merged::kGrown);
  EXPECT_TRUE(MayContain(stored, "cve-2021-44228"));
  TextFilter both = FilterOf(Noise(300, 1));
  both.Add("CVE-2021-44228");
  EXPECT_TRUE(both.IsStoredAs(stored));
  EXPECT_FALSE(both.IsStoredAs(before));
  EXPECT_FALSE(FilterOf(Noise(300, 1)).IsStoredAs(stored));
  const std::string full = stored;
  EXPECT_EQ(FilterOf(Noise(900, 2)).MergeInto(stored), TextFilter::Merged::kTooFull);
  EXPECT_EQ(stored, full);
  // The largest one has nowhere to grow.
  std::string largest = FilterOf(Noise(100'000, 1)).Stored();
  EXPECT_EQ(FilterOf(Noise(9'000, 2)).MergeInto(largest), TextFilter::Merged::kGrown);
  EXPECT_EQ(largest.size(), kLargestFilter);
}

TEST(TextFilter, OfSeveralTextsIsThatOfEach) {
  TextFilter both = FilterOf("first text");
  both.Add(FilterOf("second one"));
  TextFilter one_by_one = FilterOf("first text");
  one_by_one.Add("second one");
  EXPECT_EQ(both.Stored(), one_by_one.Stored());
  // Not one long text.
  EXPECT_NE(both.Stored(), FilterOf("first textsecond one").Stored());
}

// Whoever spoils it hides nothing.
TEST(TextFilter, WhatIsNoneHidesNothing) {
  for (const std::size_t size : {0U, 1U, 119U, 5'000U}) {
    std::string spoilt(size, '\0');
    EXPECT_TRUE(MayContain(spoilt, "anything")) << size;
    EXPECT_FALSE(FilterOf("anything").IsStoredAs(spoilt)) << size;
    EXPECT_EQ(FilterOf("anything").MergeInto(spoilt), TextFilter::Merged::kTooFull) << size;
  }
}

}  // namespace
}  // namespace sallyport
