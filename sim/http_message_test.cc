// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "sim/http_server.h"

namespace sallyport::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(ParseRequestHead, ReadsMethodPathQueryAndHeaders) {
  ServedRequest request;
  ASSERT_TRUE(ParseRequestHead("POST /api/a%20b?x=1&y=a+b%2Fc&z HTTP/1.1\r\nApi-Version:  v1 \r\n\r\n", request));
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/api/a b");
  EXPECT_THAT(request.QueryMembers(), ElementsAre(Pair("x", "1"), Pair("y", "a b/c"), Pair("z", "")));
  ASSERT_NE(request.Header("api-version"), nullptr);
  EXPECT_EQ(*request.Header("api-version"), "v1");
  EXPECT_EQ(request.Header("other"), nullptr);
}

TEST(ParseRequestHead, RefusesWhatIsNoRequest) {
  const std::string_view bad[] = {"",
                                  "\r\n\r\n",
                                  "GET\r\n\r\n",
                                  "GET / HTTP/2\r\n\r\n",
                                  "GET x HTTP/1.1\r\n\r\n",
                                  " / HTTP/1.1\r\n\r\n",
                                  "GET / HTTP/1.1\r\nno colon\r\n\r\n",
                                  "GET / HTTP/1.1\r\n: no name\r\n\r\n",
                                  "GET / HTTP/1.1\r\nA: b\r\n"};
  for (const auto head : bad) {
    ServedRequest request;
    EXPECT_FALSE(ParseRequestHead(head, request)) << head;
  }
}

TEST(ParseRequestHead, LeavesBrokenEscapesAlone) {
  ServedRequest request;
  ASSERT_TRUE(ParseRequestHead("GET /%zz%4 HTTP/1.1\r\n\r\n", request));
  EXPECT_EQ(request.path, "/%zz%4");
}

TEST(SerializeAnswer, AnnouncesTheLengthOfTheBody) {
  EXPECT_EQ(SerializeAnswer({404, {{"A", "b"}}, "xyz", Delivery::kWhole}),
            "HTTP/1.1 404 Not Found\r\nA: b\r\nContent-Length: 3\r\n\r\nxyz");
}

}  // namespace
}  // namespace sallyport::sim
