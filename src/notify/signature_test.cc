// SPDX-License-Identifier: Apache-2.0
#include "notify/signature.h"

#include <gtest/gtest.h>

#include "base/digest.h"

namespace sallyport {
namespace {

TEST(WebhookSignature, CoversTimestampAndBody) {
  const Secret secret("0123456789abcdef0123456789abcdef");
  const std::string signature = WebhookSignature(secret, "1764000000", "{}");
  EXPECT_EQ(signature, "v1=" + ToHex(HmacSha256("0123456789abcdef0123456789abcdef", "1764000000.{}")));
  EXPECT_NE(signature, WebhookSignature(secret, "1764000001", "{}"));
  EXPECT_NE(signature, WebhookSignature(secret, "1764000000", "{ }"));
  EXPECT_NE(signature, WebhookSignature(Secret("another secret of some length"), "1764000000", "{}"));
}

TEST(SignatureTimestamp, IsInWholeSeconds) {
  EXPECT_EQ(SignatureTimestamp(FromEpochMilliseconds(1'764'000'000'999)), "1764000000");
}

}  // namespace
}  // namespace sallyport
