// SPDX-License-Identifier: Apache-2.0
#include "net/curl_library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sallyport {
namespace {

using ::testing::HasSubstr;

TEST(CurlLibrary, IsLoadedOnce) {
  const CurlLibrary& curl = LoadedCurl();
  EXPECT_TRUE(curl.Usable().ok()) << curl.Usable().error().message;
  EXPECT_NE(curl.Find("curl_easy_perform"), nullptr);
  EXPECT_EQ(curl.Find("curl_no_such_function"), nullptr);
  EXPECT_EQ(&LoadedCurl(), &curl);
}

TEST(CurlLibrary, SaysThatTheFileIsMissing) {
  const CurlLibrary curl("libno-such-curl.so.4");
  const Status usable = curl.Usable();
  ASSERT_FALSE(usable.ok());
  EXPECT_EQ(usable.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(usable.error().message, HasSubstr("libcurl cannot be loaded: libno-such-curl.so.4: cannot open"));
  EXPECT_THAT(usable.error().message, HasSubstr("so nothing was sent"));
  EXPECT_THAT(usable.error().advice, HasSubstr("libcurl4"));
  EXPECT_EQ(curl.Find("curl_easy_perform"), nullptr);
}

TEST(CurlLibrary, SaysThatTheFileIsAnotherLibrary) {
  const Status usable = CurlLibrary("libm.so.6").Usable();
  ASSERT_FALSE(usable.ok());
  EXPECT_THAT(usable.error().message, HasSubstr("undefined symbol: curl_global_init"));
}

}  // namespace
}  // namespace sallyport
