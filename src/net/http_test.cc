// SPDX-License-Identifier: Apache-2.0
#include "net/http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sallyport {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

HttpRequest Get(std::string url) {
  return {.method = "GET", .url = std::move(url)};
}

TEST(HttpResponse, FindsTheFirstHeaderInAnyCase) {
  const HttpResponse response{.status = 200, .headers = {{"Retry-After", "7"}, {"retry-after", "9"}}, .body = ""};
  EXPECT_EQ(response.Header("RETRY-AFTER"), "7");
  EXPECT_EQ(response.Header("date"), "");
}

TEST(CheckRequest, AllowsAnOrdinaryRequest) {
  HttpRequest request = Get("HTTPS://swp.example.com:4119/api/computers?x=1#y");
  request.headers = {{"Accept", "application/json"}, {"X-Empty", ""}};
  request.secret_headers.emplace_back("api-secret-key", Secret("abc"));
  EXPECT_TRUE(CheckRequest(request).ok());
}

TEST(CheckRequest, RefusesUrlsThatAreNotAbsoluteHttp) {
  for (const std::string& url :
       {std::string(), std::string("swp.example.com/api"), std::string("file:///etc/passwd"), std::string("https://"),
        std::string("https:///path"), std::string("https://h/a b"), std::string("https://h/\r\nX: y"),
        std::string("https://h/\0x", 11), std::string("https://key@/p")}) {
    SCOPED_TRACE(url);
    const Status status = CheckRequest(Get(url));
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(status.error().message, "the URL is not an absolute http or https URL");
  }
}

TEST(CheckRequest, RefusesMethodsThatAreNoToken) {
  HttpRequest request = Get("https://h/");
  request.method = "GET /x\r\n";
  ASSERT_FALSE(CheckRequest(request).ok());
  EXPECT_EQ(CheckRequest(request).error().message, "`GET /x\\x0d\\x0a` is not an HTTP method");
}

TEST(CheckRequest, RefusesHeaderNamesThatAreNoToken) {
  for (const char* name : {"", "a b", "a:", "a\r\nb", "\xc3\xa4"}) {
    SCOPED_TRACE(name);
    HttpRequest request = Get("https://h/");
    request.headers = {{name, "v"}};
    ASSERT_FALSE(CheckRequest(request).ok());
    EXPECT_THAT(CheckRequest(request).error().message, HasSubstr("cannot be the name of a header"));
  }
}

TEST(CheckRequest, RefusesHeaderInjectionWithoutShowingTheValue) {
  for (const std::string& value :
       {std::string("tmc-1\r\nX: y"), std::string("tmc-1\n"), std::string("tmc-1\r"), std::string("tmc-1\0", 6)}) {
    HttpRequest open = Get("https://h/");
    open.headers = {{"X-Key", value}};
    HttpRequest secret = Get("https://h/");
    secret.secret_headers.emplace_back("X-Key", Secret(value));
    for (const HttpRequest& request : {open, secret}) {
      const Status status = CheckRequest(request);
      ASSERT_FALSE(status.ok());
      EXPECT_EQ(status.error().code, ErrorCode::kInvalidInput);
      EXPECT_EQ(status.error().message, "the value of the header `X-Key` holds a line end or a NUL");
      EXPECT_THAT(status.error().ToText(), Not(HasSubstr("tmc")));
    }
  }
}

TEST(UrlHost, LeavesOutSchemeUserAndPath) {
  EXPECT_EQ(UrlHost("https://user:pass@h.example.com:4119/p@th?q"), "h.example.com:4119");
  EXPECT_EQ(UrlHost("http://[::1]:80"), "[::1]:80");
  EXPECT_EQ(UrlHost("http://h?q=/"), "h");
  EXPECT_EQ(UrlHost("ftp://h/"), "");
}

TEST(ShownPath, HasNeitherQueryNorFragment) {
  EXPECT_EQ(ShownPath(Get("https://h/api/computers/34?key=abc#x")), "/api/computers/34");
  EXPECT_EQ(ShownPath(Get("https://h?key=/abc")), "/");
  EXPECT_EQ(ShownPath(Get("https://h")), "/");
  EXPECT_EQ(ShownPath(Get("nothing")), "");
}

TEST(ShownPath, HidesASecretPath) {
  HttpRequest request = Get("https://hooks.example.com/services/T0/B0/abc");
  request.secret_path = true;
  EXPECT_EQ(ShownPath(request), "***");
}

}  // namespace
}  // namespace sallyport
