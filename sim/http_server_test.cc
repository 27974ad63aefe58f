// SPDX-License-Identifier: Apache-2.0
#include "sim/http_server.h"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "sim/raw_client_for_test.h"

namespace sallyport::sim {
namespace {

using ::testing::HasSubstr;

class HttpServerTest : public ::testing::Test {
 protected:
  // Answers with method, path and body; `/cut` and `/half` misbehave.
  static ServedAnswer Echo(const ServedRequest& request) {
    ServedAnswer answer{200, {}, request.method + " " + request.path + " " + request.body, Delivery::kWhole};
    if (request.path == "/cut") answer.delivery = Delivery::kNothing;
    if (request.path == "/half") answer.delivery = Delivery::kTruncated;
    return answer;
  }

  std::unique_ptr<HttpServer> server_ = HttpServer::Start({}, Echo).value();
};

TEST_F(HttpServerTest, KeepsAConnectionForManyRequests) {
  RawClient client(server_->port());
  for (int i = 0; i < 20; ++i) {
    const auto answer = client.Ask("PUT", "/x", "", std::to_string(i));
    EXPECT_EQ(answer.body, "PUT /x " + std::to_string(i));
  }
}

TEST_F(HttpServerTest, AnswersRequestsThatCameTogetherOneByOne) {
  RawClient client(server_->port());
  client.Send("GET /a HTTP/1.1\r\n\r\nDELETE /b HTTP/1.1\r\n\r\n");
  EXPECT_EQ(client.Read().body, "GET /a ");
  EXPECT_EQ(client.Read().body, "DELETE /b ");
}

TEST_F(HttpServerTest, ClosesWhenAsked) {
  RawClient client(server_->port());
  EXPECT_EQ(client.Ask("GET", "/", "Connection: close\r\n", "").status, 200);
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(HttpServerTest, CutsWithoutASingleByte) {
  RawClient client(server_->port());
  EXPECT_EQ(client.Ask("GET", "/cut", "", "").status, 0);
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(HttpServerTest, SendsLessThanItAnnounced) {
  RawClient client(server_->port());
  const auto answer = client.Ask("GET", "/half", "", "abcdef");
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.complete);
  EXPECT_EQ(answer.body, "GET /hal");
}

TEST_F(HttpServerTest, SaysContinueToClientsThatWait) {
  RawClient client(server_->port());
  client.Send("POST /x HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_THAT(client.Read().head, HasSubstr("100 Continue"));
  client.Send("ok");
  EXPECT_EQ(client.Read().body, "POST /x ok");
}

TEST_F(HttpServerTest, TakesAHeadAtTheBoundAndNotOnePastIt) {
  const std::string start = "GET / HTTP/1.1\r\nA: ";
  for (const std::size_t size : {kMaxHeadBytes, kMaxHeadBytes + 1}) {
    RawClient client(server_->port());
    client.Send(start + std::string(size - start.size() - 4, 'x') + "\r\n\r\n");
    EXPECT_EQ(client.Read().status, size == kMaxHeadBytes ? 200 : 431);
  }
}

TEST_F(HttpServerTest, TakesABodyAtTheBoundAndNotOnePastIt) {
  RawClient fits(server_->port());
  std::thread sender([&] { EXPECT_EQ(fits.Ask("POST", "/", "", std::string(kMaxBodyBytes, 'x')).status, 200); });
  sender.join();
  RawClient too_large(server_->port());
  too_large.Send("POST / HTTP/1.1\r\nContent-Length: " + std::to_string(kMaxBodyBytes + 1) + "\r\n\r\n");
  EXPECT_EQ(too_large.Read().status, 413);
}

TEST_F(HttpServerTest, RefusesWhatItCannotRead) {
  const std::pair<std::string, int> cases[] = {{"nonsense\r\n\r\n", 400},
                                               {"POST / HTTP/1.1\r\nContent-Length: 1x\r\n\r\n", 400},
                                               {"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400},
                                               {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 501}};
  for (const auto& [bytes, status] : cases) {
    RawClient client(server_->port());
    client.Send(bytes);
    EXPECT_EQ(client.Read().status, status) << bytes;
    EXPECT_TRUE(client.IsClosed());
  }
}

TEST_F(HttpServerTest, ServesManyConnectionsAtOnce) {
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  threads.reserve(32);
  for (int i = 0; i < 32; ++i) {
    threads.emplace_back([&] {
      RawClient client(server_->port());
      for (int k = 0; k < 20; ++k) good += client.Ask("GET", "/", "", "").status == 200 ? 1 : 0;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 32 * 20);
}

TEST_F(HttpServerTest, StopsAtOnceThoughConnectionsAreOpen) {
  RawClient idle(server_->port());
  EXPECT_EQ(idle.Ask("GET", "/", "", "").status, 200);
  const auto before = std::chrono::steady_clock::now();
  server_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(2));
  EXPECT_TRUE(idle.IsClosed());
}

TEST_F(HttpServerTest, SaysWhyItCannotStart) {
  const auto taken = HttpServer::Start({server_->port(), "", ""}, Echo);
  EXPECT_THAT(taken.error().message, HasSubstr("cannot listen on 127.0.0.1 port"));
  EXPECT_THAT(HttpServer::Start({65536, "", ""}, Echo).error().message, HasSubstr("not between 0 and 65535"));
  EXPECT_THAT(HttpServer::Start({0, "/no/such.pem", "/no/such.key"}, Echo).error().message,
              HasSubstr("cannot use certificate `/no/such.pem`"));
}

}  // namespace
}  // namespace sallyport::sim
