// SPDX-License-Identifier: Apache-2.0
#include "base/ids.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

TEST(ParseInstanceId, AcceptsWhatAwsMakes) {
  for (const char* text : {"i-99999999", "i-0123456789abcdef0", "i-0bc12345678910"}) {
    EXPECT_TRUE(ParseInstanceId(text).ok()) << text;
  }
}

TEST(ParseInstanceId, RefusesEverythingElseAndSaysTheForm) {
  for (const char* text : {"", "i-", "i-1234567", "i-0123456789abcdef01", "i-0123456789ABCDEF0", "I-99999999",
                           "i-9999999%", "i-99999999 ", "mi-0123456789abcdef0", "i-99999999\n"}) {
    const auto id = ParseInstanceId(text);
    ASSERT_FALSE(id.ok()) << text;
    EXPECT_NE(id.error().ToText().find("hexadecimal"), std::string::npos);
  }
}

TEST(ParseInstanceId, DoesNotEchoControlCharacters) {
  EXPECT_EQ(ParseInstanceId("i-\x1b[31m").error().message, "`i-\\x1b[31m` is not an EC2 instance id");
}

TEST(ParseAccountId, WantsTwelveDigits) {
  EXPECT_TRUE(ParseAccountId("111122223333").ok());
  for (const char* text : {"", "11112222333", "1111222233334", "11112222333a"}) {
    EXPECT_FALSE(ParseAccountId(text).ok()) << text;
  }
}

TEST(ParseRegion, AcceptsEveryPartition) {
  for (const char* text : {"us-east-1", "cn-north-1", "us-gov-west-1", "ap-southeast-7", "us-isob-east-1"}) {
    EXPECT_TRUE(ParseRegion(text).ok()) << text;
  }
  for (const char* text : {"", "useast1", "us-east-1/..", "US-EAST-1", "-us-east-1"}) {
    EXPECT_FALSE(ParseRegion(text).ok()) << text;
  }
}

}  // namespace
}  // namespace sallyport
