// SPDX-License-Identifier: Apache-2.0
#include "net/curl_library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sallyport {
namespace {

using ::testing::HasSubstr;

TEST(CurlLibrary, IsLoadedWithAllThatIsUsed) {
  const CurlLibrary& curl = Curl();
  EXPECT_TRUE(curl.Usable().ok()) << curl.problem;
  EXPECT_NE(curl.global_init, nullptr);
  EXPECT_NE(curl.easy_init, nullptr);
  EXPECT_NE(curl.easy_setopt, nullptr);
  EXPECT_NE(curl.easy_perform, nullptr);
  EXPECT_NE(curl.easy_getinfo, nullptr);
  EXPECT_NE(curl.easy_reset, nullptr);
  EXPECT_NE(curl.easy_cleanup, nullptr);
  EXPECT_NE(curl.easy_strerror, nullptr);
  EXPECT_NE(curl.slist_append, nullptr);
  EXPECT_NE(curl.slist_free_all, nullptr);
  EXPECT_EQ(&Curl(), &curl) << "loaded once";
}

TEST(CurlLibrary, SaysThatTheFileIsMissing) {
  const Status usable = LoadCurl("libno-such-curl.so.4").Usable();
  ASSERT_FALSE(usable.ok());
  EXPECT_EQ(usable.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(usable.error().message, HasSubstr("libcurl cannot be loaded: libno-such-curl.so.4: cannot open"));
  EXPECT_THAT(usable.error().message, HasSubstr("so nothing was sent"));
  EXPECT_THAT(usable.error().advice, HasSubstr("libcurl4"));
}

TEST(CurlLibrary, SaysThatTheFileIsAnotherLibrary) {
  EXPECT_THAT(LoadCurl("libm.so.6").problem, HasSubstr("libcurl cannot be loaded: "));
  EXPECT_THAT(LoadCurl("libm.so.6").problem, HasSubstr("undefined symbol"));
}

}  // namespace
}  // namespace sallyport
