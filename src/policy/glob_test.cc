// SPDX-License-Identifier: Apache-2.0
#include "policy/glob.h"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::policy {
namespace {

struct GlobCase {
  const char* pattern;
  const char* text;
  bool matches;
};

TEST(Glob, StarIsAnyRunAndQuestionMarkOneCharacter) {
  const GlobCase cases[] = {
      {"", "", true},          {"", "a", false},      {"*", "", true},
      {"*", "anything", true}, {"a", "a", true},      {"a", "A", false},
      {"?", "", false},        {"?", "a", true},      {"?", "ab", false},
      {"a*", "a", true},       {"a*", "ba", false},   {"*a", "bca", true},
      {"*a", "ab", false},     {"*a*", "bab", true},  {"a*b*c", "aXbYc", true},
      {"a*b*c", "acb", false}, {"*ab", "aab", true},  {"a?c", "abc", true},
      {"a?c", "ac", false},    {"*?", "", false},     {"*?", "x", true},
      {"?*?", "x", false},     {"?*?", "xy", true},   {"*?*?*?", "ab", false},
      {"*?*?*?", "abc", true}, {"a?*b", "ab", false}, {"a?*b", "axb", true},
      {"a*?b", "axyb", true},  {"*b?", "abc", true},  {"*b?", "abcd", false},
      {"*b?*", "abcd", true},  {"**", "", true},      {"a**b", "ab", true},
      {"[ab]", "a", false},    {"a.c", "abc", false}, {"a+", "a+", true},
      {"?a*", "ba", true},     {"?a*", "a", false},   {"a?b*c?d", "aXb--cYd", true},
  };
  for (const GlobCase& one : cases) {
    EXPECT_EQ(Glob(one.pattern).Matches(one.text), one.matches) << one.pattern << " on " << one.text;
  }
}

TEST(Glob, ACharacterIsACodePoint) {
  EXPECT_TRUE(Glob("?ml").Matches("\xC3\xBCml"));
  EXPECT_TRUE(Glob("\xC3\xBC?l").Matches("\xC3\xBCml"));
  EXPECT_FALSE(Glob("??ml").Matches("\xC3\xBCml"));
  // Bytes that are no text are compared as bytes.
  EXPECT_TRUE(Glob("?ml").Matches("\xFFml"));
}

TEST(Glob, LongChunksWithQuestionMarksAreFoundWithMasks) {
  std::string pattern = "*";
  std::string text = "xyx";
  for (int i = 0; i < 100; ++i) {
    pattern += "a?";
    text += "ab";
  }
  EXPECT_TRUE(Glob(pattern + "*").Matches(text + "tail"));
  EXPECT_TRUE(Glob(pattern + "c*").Matches(text + "c"));
  EXPECT_FALSE(Glob(pattern + "c*").Matches(text + "d"));
}

TEST(Glob, TextFilledInIsLiteral) {
  const Glob glob({{GlobToken::Kind::kText, "a*"}, {GlobToken::Kind::kRun, ""}});
  EXPECT_TRUE(glob.Matches("a*b"));
  EXPECT_FALSE(glob.Matches("axb"));
}

TEST(Glob, KnowsWhatEveryMatchStartsWith) {
  EXPECT_EQ(Glob("abc*d").prefix(), "abc");
  EXPECT_EQ(Glob("ab?d").prefix(), "ab");
  EXPECT_EQ(Glob("*abc").prefix(), "");
  EXPECT_EQ(Glob("abc").prefix(), "abc");
}

// A matcher that backtracks would not come to an end; how long they take: bench/hostile_bench.cc.
TEST(Glob, HostilePatternsAreMatched) {
  std::string twenty_kb;
  while (twenty_kb.size() < 20'000) twenty_kb += "*?";
  std::string letters;
  while (letters.size() < 2'000) letters += "*a?";
  std::string near_miss = "*";
  while (near_miss.size() < 1'000) near_miss += "a?";
  const std::string text(4'000, 'a');
  const std::string long_text(12'000, 'a');
  EXPECT_TRUE(Glob(twenty_kb).Matches(long_text));
  EXPECT_FALSE(Glob(twenty_kb).Matches(text));
  EXPECT_FALSE(Glob(letters + "b").Matches(text));
  EXPECT_FALSE(Glob(near_miss + "b*").Matches(text));
}

}  // namespace
}  // namespace sallyport::policy
