// SPDX-License-Identifier: Apache-2.0
#include "config/nearest.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace sallyport {
namespace {

constexpr std::array<std::string_view, 3> kWords = {"mode", "accounts", "when_tags_unknown"};

TEST(EditDistance, CountsLettersPutInTakenOutChangedAndSwapped) {
  EXPECT_EQ(EditDistance("", "abc"), 3U);
  EXPECT_EQ(EditDistance("abc", ""), 3U);
  EXPECT_EQ(EditDistance("mode", "mode"), 0U);
  EXPECT_EQ(EditDistance("mdoe", "mode"), 1U);
  EXPECT_EQ(EditDistance("modes", "mode"), 1U);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3U);
}

TEST(EditDistance, TakesCaseAndDashesLightly) {
  EXPECT_EQ(EditDistance("Cool-Down", "cool_down"), 0U);
}

TEST(Nearest, FindsTheWordThatWasMeant) {
  EXPECT_EQ(Nearest("mdoe", kWords), "mode");
  EXPECT_EQ(Nearest("acounts", kWords), "accounts");
  EXPECT_EQ(Nearest("when_tag_unknow", kWords), "when_tags_unknown");
}

TEST(Nearest, DoesNotGuessWhenMoreThanAThirdDiffers) {
  EXPECT_EQ(Nearest("moat", kWords), std::nullopt);
  EXPECT_EQ(Nearest("accou", kWords), std::nullopt);
  EXPECT_EQ(Nearest("", kWords), std::nullopt);
}

TEST(Nearest, DoesNotSpendTimeOnVeryLongWords) {
  const std::array<std::string, 2> words = {std::string(64, 'a'), std::string(65, 'a')};
  const std::array<std::string_view, 1> known = {words[0]};
  EXPECT_TRUE(Nearest(words[0], known).has_value());
  EXPECT_FALSE(Nearest(words[1], known).has_value());
}

}  // namespace
}  // namespace sallyport
