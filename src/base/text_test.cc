// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

TEST(Printable, LeavesOrdinaryTextAlone) {
  EXPECT_EQ(Printable("web-01 zażółć 漢字", 100), "web-01 zażółć 漢字");
}

TEST(Printable, ShowsWhatCouldDeceive) {
  EXPECT_EQ(Printable("a\x1b[2Jb\nc", 100), "a\\x1b[2Jb\\x0ac");
  EXPECT_EQ(Printable("x\xE2\x80\xAEy", 100), "x\\u{202e}y");
  EXPECT_EQ(Printable("x\xD8\x9Cy", 100), "x\\u{061c}y");  // Arabic letter mark: bidirectional as well
  EXPECT_EQ(Printable("bad \xff\xc3", 100), "bad \\xff\\xc3");
}

TEST(Printable, CutsBetweenCharacters) {
  EXPECT_EQ(Printable("abcdef", 3), "abc...");
  EXPECT_EQ(Printable("a漢字", 4), "a漢...");
  EXPECT_EQ(Printable("abc", 3), "abc");
}

TEST(IsUtf8, RefusesOverlongSurrogatesAndTruncation) {
  EXPECT_TRUE(IsUtf8("\xF0\x9F\x9A\x80"));
  for (const char* text : {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80"}) {
    EXPECT_FALSE(IsUtf8(text));
  }
}

TEST(Trim, RemovesWhiteSpaceAtBothEnds) {
  EXPECT_EQ(Trim("  a b\r\n"), "a b");
  EXPECT_EQ(Trim(" \t"), "");
}

TEST(EqualsIgnoreCase, IsAsciiOnly) {
  EXPECT_TRUE(EqualsIgnoreCase("Retry-After", "retry-after"));
  EXPECT_FALSE(EqualsIgnoreCase("a", "b"));
}

TEST(CountText, AgreesWithItsNumber) {
  EXPECT_EQ(CountText(0, "host"), "0 hosts");
  EXPECT_EQ(CountText(1, "host"), "1 host");
  EXPECT_EQ(CountText(2, "host"), "2 hosts");
  EXPECT_EQ(CountText(1, "policy", "policies"), "1 policy");
  EXPECT_EQ(CountText(21, "policy", "policies"), "21 policies");
}

}  // namespace
}  // namespace sallyport
