// SPDX-License-Identifier: Apache-2.0
#include "aws/uri.h"

#include <gtest/gtest.h>

namespace sallyport::aws {
namespace {

TEST(PercentEncode, KeepsOnlyTheUnreservedCharacters) {
  EXPECT_EQ(PercentEncode("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(PercentEncode(" +/:=&%*'()!"), "%20%2B%2F%3A%3D%26%25%2A%27%28%29%21");
  EXPECT_EQ(PercentEncode("\u1234"), "%E1%88%B4");
  EXPECT_EQ(PercentEncode("a/b c", "/"), "a/b%20c");
}

TEST(PercentDecode, TakesOneLevelAwayAndLeavesAPlus) {
  EXPECT_EQ(PercentDecode("a%2Fb%2fc+d"), "a/b/c+d");
  EXPECT_EQ(PercentDecode("%2541"), "%41");
  EXPECT_EQ(PercentDecode("%41"), "A");
  EXPECT_EQ(PercentDecode(""), "");
}

TEST(PercentDecode, RefusesAPercentSignWithoutTwoDigits) {
  for (const char* text : {"%", "%4", "a%", "%4g", "%g4", "%%41"}) EXPECT_EQ(PercentDecode(text), std::nullopt) << text;
}

}  // namespace
}  // namespace sallyport::aws
