// SPDX-License-Identifier: Apache-2.0
#include "notify/signature.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

// RFC 4231, test cases 1, 2 and 6.
TEST(HmacSha256Hex, GivesTheResultsOfTheRfc) {
  EXPECT_EQ(HmacSha256Hex(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(HmacSha256Hex("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(HmacSha256Hex(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(WebhookSignature, CoversTimestampAndBody) {
  const Secret secret("0123456789abcdef0123456789abcdef");
  const std::string signature = WebhookSignature(secret, "1764000000", "{}");
  EXPECT_EQ(signature, "v1=" + HmacSha256Hex("0123456789abcdef0123456789abcdef", "1764000000.{}"));
  EXPECT_NE(signature, WebhookSignature(secret, "1764000001", "{}"));
  EXPECT_NE(signature, WebhookSignature(secret, "1764000000", "{ }"));
  EXPECT_NE(signature, WebhookSignature(Secret("another secret of some length"), "1764000000", "{}"));
}

TEST(SignatureTimestamp, IsInWholeSeconds) {
  EXPECT_EQ(SignatureTimestamp(FromEpochMilliseconds(1'764'000'000'999)), "1764000000");
}

}  // namespace
}  // namespace sallyport
