// SPDX-License-Identifier: Apache-2.0
#include "config/web_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sallyport {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Normal(std::string_view text) {
  const auto address = ParseWebAddress(text);
  return address.ok() ? address->ToText() : "error: " + address.error().message;
}

TEST(ParseWebAddress, ReadsTheParts) {
  const auto address = ParseWebAddress("https://Manager.Example.com:4119/api/");
  ASSERT_TRUE(address.ok());
  EXPECT_EQ(*address, (WebAddress{true, "manager.example.com", 4119, "/api"}));
}

TEST(ParseWebAddress, TakesSlashesOffTheEnd) {
  EXPECT_EQ(Normal("https://h.example/api///"), "https://h.example/api");
  EXPECT_EQ(Normal("https://h.example/"), "https://h.example");
}

TEST(ParseWebAddress, KnowsIpv6) {
  EXPECT_EQ(Normal("https://[2001:db8::1]:4119/api"), "https://[2001:db8::1]:4119/api");
  EXPECT_EQ(Normal("http://[::1]"), "http://[::1]");
  EXPECT_THAT(Normal("http://[::1"), HasSubstr("error"));
}

TEST(ParseWebAddress, HoldsThePortToItsRange) {
  EXPECT_EQ(Normal("http://h:65535"), "http://h:65535");
  EXPECT_EQ(Normal("http://h:1"), "http://h:1");
  for (const char* text : {"http://h:0", "http://h:65536", "http://h:", "http://h:8x", "http://h:1:2"}) {
    EXPECT_THAT(Normal(text), HasSubstr("has no port from 1 to 65535 after the colon")) << text;
  }
}

TEST(ParseWebAddress, RefusesWhatIsNoAddress) {
  EXPECT_THAT(Normal("manager.example.com"), HasSubstr("is not an http or https address"));
  EXPECT_THAT(Normal("ftp://h/"), HasSubstr("is not an http or https address"));
  for (const char* text : {"https://", "https:///api", "https://a b/", "https://h?x=1", "https://-h", "https://h#f"}) {
    EXPECT_THAT(Normal(text), HasSubstr("has no proper host name")) << text;
  }
  for (const char* text : {"https://h/?x=1", "https://h/a b", "https://h/%2e", "https://h/#f", "https://h/a\r\nb"}) {
    EXPECT_THAT(Normal(text), HasSubstr("more than a plain path")) << text;
  }
}

TEST(ParseWebAddress, HasABoundOnTheLength) {
  const std::string start = "https://h/";
  EXPECT_TRUE(ParseWebAddress(start + std::string(2048 - start.size(), 'a')).ok());
  EXPECT_THAT(Normal(start + std::string(2049 - start.size(), 'a')), HasSubstr("is too long"));
}

TEST(ParseWebAddress, ShowsNothingOfAnAddressWithAPassword) {
  for (const char* text : {"https://user:hunter2@h/", "https://hunter2@h/", "hunter2@h", "https://h/hunter2@"}) {
    EXPECT_THAT(Normal(text), HasSubstr("holds a user or password")) << text;
    EXPECT_THAT(Normal(text), Not(HasSubstr("hunter2"))) << text;
  }
}

TEST(WebAddress, KnowsThisMachine) {
  for (const char* text :
       {"http://localhost:8080", "http://LOCALHOST", "http://127.0.0.1", "http://127.9.9.9:1", "http://[::1]:8080"}) {
    EXPECT_TRUE(ParseWebAddress(text)->IsLoopback()) << text;
  }
  for (const char* text : {"http://127.example.com", "http://127.0.0.1.example.com", "http://127.1", "http://10.0.0.1",
                           "http://localhost.example.com", "http://[::2]"}) {
    EXPECT_FALSE(ParseWebAddress(text)->IsLoopback()) << text;
  }
}

}  // namespace
}  // namespace sallyport
