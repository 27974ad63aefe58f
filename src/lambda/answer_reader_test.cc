// SPDX-License-Identifier: Apache-2.0
#include "lambda/answer_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "base/bounds.h"

namespace sallyport::lambda {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kMaxBody = 10;

// The bytes in pieces of that size.
Result<Answer> Read(std::string bytes, std::size_t piece = 1, std::size_t max_body = kMaxBody) {
  std::size_t at = 0;
  AnswerReader reader(
      [&](char* into, std::size_t size) {
        const std::size_t count = std::min({piece, size, bytes.size() - at});
        std::copy_n(bytes.data() + at, count, into);
        at += count;
        return count;
      },
      max_body);
  auto answer = reader.Read();
  EXPECT_EQ(reader.Began(), !bytes.empty());
  return answer;
}

TEST(AnswerReader, ReadsAnAnswerHoweverItIsCutIntoPieces) {
  const std::string bytes = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nX-Empty:\r\n\r\nhello";
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    const auto answer = Read(bytes, piece);
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    EXPECT_EQ(answer->response.status, 200);
    EXPECT_EQ(answer->response.body, "hello");
    EXPECT_EQ(answer->response.Header("content-type"), "text/plain");
    EXPECT_TRUE(answer->may_keep);
  }
}

TEST(AnswerReader, ReadsChunksWithExtensionsAndTrailers) {
  const auto answer =
      Read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n");
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->response.body, "abcde");
  EXPECT_TRUE(answer->may_keep);
}

TEST(AnswerReader, SkipsInterimAnswersUpToABound) {
  const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += interim;
  EXPECT_EQ(Read(bytes + "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")->response.status, 202);
  const auto one_more = Read(interim + bytes + "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
  ASSERT_FALSE(one_more.ok());
  EXPECT_THAT(one_more.error().message, HasSubstr("more than 8 interim answers"));
}

TEST(AnswerReader, ReadsToTheEndWithoutALengthAndDoesNotKeepTheConnection) {
  const auto answer = Read("HTTP/1.1 200 OK\r\n\r\nhello");
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->response.body, "hello");
  EXPECT_FALSE(answer->may_keep);
}

TEST(AnswerReader, KeepsNoConnectionThatWillBeClosed) {
  EXPECT_FALSE(Read("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")->may_keep);
  EXPECT_FALSE(Read("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n")->may_keep);
  EXPECT_FALSE(Read("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab", 1000)->may_keep) << "more came than announced";
}

TEST(AnswerReader, TakesABodyAtTheBoundAndLeavesALargerOneUnread) {
  const std::string full(kMaxBody, 'x');
  const std::string over = full + "y";
  const auto sized = [](const std::string& body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  };
  const auto chunked = [](const std::string& body) {
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n" + body.substr(0, 1) + "\r\n" +
           (body.size() == kMaxBody ? "9" : "a") + "\r\n" + body.substr(1) + "\r\n0\r\n\r\n";
  };
  const auto open = [](const std::string& body) { return "HTTP/1.1 200 OK\r\n\r\n" + body; };
  for (const auto& bytes : {sized(full), chunked(full), open(full)}) {
    const auto answer = Read(bytes);
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    EXPECT_EQ(answer->response.body, full);
    EXPECT_FALSE(answer->body_too_large);
  }
  for (const auto& bytes : {sized(over), chunked(over), open(over)}) {
    const auto answer = Read(bytes);
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    EXPECT_TRUE(answer->body_too_large);
    EXPECT_EQ(answer->response.body, "");
    EXPECT_FALSE(answer->may_keep);
  }
}

TEST(AnswerReader, TakesAHeaderAtTheBoundAndRefusesALargerOne) {
  const std::string start = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: ";
  const std::string fill(bounds::kHeaderBytes - start.size() - 4, 'x');
  EXPECT_TRUE(Read(start + fill + "\r\n\r\n", 5000).ok());
  const auto over = Read(start + fill + "x\r\n\r\n", 5000);
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().code, ErrorCode::kTooLarge);
  EXPECT_FALSE(Read(start + fill + fill, 5000).ok()) << "a header without an end";
}

TEST(AnswerReader, SaysThatAnAnswerEndedTooEarly) {
  for (const char* bytes : {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"}) {
    const auto answer = Read(bytes);
    ASSERT_FALSE(answer.ok()) << bytes;
    EXPECT_EQ(answer.error().code, ErrorCode::kOutcomeUnknown) << bytes;
    EXPECT_EQ(answer.error().message, "the connection ended before the answer did");
  }
}

TEST(AnswerReader, RefusesWhatIsNotHttp) {
  const struct {
    std::string bytes;
    std::string message;
  } cases[] = {
      {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "its first line is `SSH-2.0-OpenSSH_9.2`"},
      {"HTTP/1.1 099 No\r\n\r\n", "its first line is"},
      {"HTTP/1.1 600 No\r\n\r\n", "its first line is"},
      {"HTTP/1.1 2x0 No\r\n\r\n", "its first line is"},
      {"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "`no colon` is no header"},
      {"HTTP/1.1 200 OK\r\n: v\r\n\r\n", "`: v` is no header"},
      {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "its length is `-1`"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", "its length is"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "transfer coding `gzip`"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "a chunk's size is `zz`"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", "a chunk is longer than its size"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(2000, '1'), "a line between two chunks"},
  };
  for (const auto& [bytes, message] : cases) {
    const auto answer = Read(bytes, 7);
    ASSERT_FALSE(answer.ok()) << bytes;
    EXPECT_EQ(answer.error().code, ErrorCode::kBadAnswer) << bytes;
    EXPECT_THAT(answer.error().message, HasSubstr(message));
  }
}

}  // namespace
}  // namespace sallyport::lambda
