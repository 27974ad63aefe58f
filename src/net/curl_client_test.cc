// SPDX-License-Identifier: Apache-2.0
#include "net/curl_client.h"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netdb.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "base/text.h"
#include "net/loopback_server.h"
#include "net/test_certificates.h"

namespace {

// Stands before the system's name look-up, which libcurl calls in a thread of its own: `slow.test` is looked up until
// the test ends it.
std::atomic<bool> slow_lookup_ends{false};
std::atomic<bool> slow_lookup_ended{false};

}  // namespace

extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** result) {
  if (node != nullptr && std::string_view(node) == "slow.test") {
    while (!slow_lookup_ends) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    slow_lookup_ended = true;
    return EAI_FAIL;
  }
  // No name server is asked.
  if (node != nullptr && std::string_view(node).ends_with(".invalid")) return EAI_NONAME;
  static const auto real = reinterpret_cast<decltype(&getaddrinfo)>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(node, service, hints, result);
}

namespace sallyport {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kSecret = "tmc-very-secret";

HttpRequest Get(const std::string& url) {
  HttpRequest request{.method = "GET", .url = url, .deadline = std::chrono::seconds{5}};
  request.secret_headers.emplace_back("api-secret-key", Secret(kSecret));
  return request;
}

HttpRequest Post(const std::string& url, Repeat repeat, std::string body = "{}") {
  HttpRequest request = Get(url);
  request.method = "POST";
  request.repeat = repeat;
  request.body = std::move(body);
  return request;
}

Duration Since(steady_clock::time_point start) {
  return std::chrono::duration_cast<Duration>(steady_clock::now() - start);
}

// Requests seen by scripts, from any connection.
class Seen {
 public:
  std::string Add(std::string request) {
    const std::lock_guard lock(mutex_);
    if (!request.empty()) requests_.push_back(request);
    return request;
  }
  std::vector<std::string> All() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
};

class CurlClientTest : public ::testing::Test {
 protected:
  void SetUp() override { ForgetProxies(); }
  void TearDown() override { ForgetProxies(); }

  // Answers `body` to every request, and keeps the connection.
  LoopbackServer::Script AnswerAll(const std::string& body = "hello", const std::string& headers = "") {
    return [this, body, headers](LoopbackConnection& connection) {
      while (!seen_.Add(connection.ReadRequest()).empty()) connection.Answer(body, headers);
    };
  }
  // Reads one request, writes these bytes and closes.
  LoopbackServer::Script WriteAndClose(const std::string& bytes) {
    return [this, bytes](LoopbackConnection& connection) {
      seen_.Add(connection.ReadRequest());
      connection.Write(bytes);
    };
  }

  Seen seen_;

 private:
  static void ForgetProxies() {
    for (const char* name :
         {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"})
      unsetenv(name);
  }
};

Error ErrorOf(const Result<HttpResponse>& result) {
  if (result.ok()) return {ErrorCode::kInternal, "an answer came: " + result->body, ""};
  EXPECT_THAT(result.error().ToText(), Not(HasSubstr(kSecret)));
  return result.error();
}

// ---- what goes out and what comes back

TEST_F(CurlClientTest, SendsWhatItIsGivenAndReturnsTheWholeAnswer) {
  LoopbackServer server(
      {WriteAndClose("HTTP/1.1 404 Not Found\r\nX-One: 1\r\nContent-Length: 4\r\nX-Two:  two words \r\n\r\ngone")});
  CurlClient client({.user_agent = "sallyport/1"});
  HttpRequest request = Post(server.Url("/api/../scans?x=%20"), Repeat::kSafe, std::string("a\0b", 3));
  request.headers = {{"Accept", "application/json"}, {"X-Empty", ""}, {"Content-Type", "application/json"}};
  const Result<HttpResponse> result = client.Send(request);
  ASSERT_TRUE(result.ok()) << result.error().ToText();
  EXPECT_EQ(result->status, 404);
  EXPECT_EQ(result->body, "gone");
  EXPECT_EQ(result->headers,
            (std::vector<HttpHeader>{{"X-One", "1"}, {"Content-Length", "4"}, {"X-Two", "two words"}}));
  const std::string sent = seen_.All().at(0);
  EXPECT_THAT(sent, StartsWith("POST /api/../scans?x=%20 HTTP/1.1\r\n"));
  for (const char* line : {"\r\nAccept: application/json\r\n", "\r\nX-Empty:\r\n",
                           "\r\nContent-Type: application/json\r\n", "\r\napi-secret-key: tmc-very-secret\r\n",
                           "\r\nUser-Agent: sallyport/1\r\n", "\r\nContent-Length: 3\r\n", "gzip"}) {
    EXPECT_THAT(sent, HasSubstr(line));
  }
  EXPECT_THAT(sent, EndsWith(std::string("\r\n\r\na\0b", 7)));
}

TEST_F(CurlClientTest, SendsEveryMethodAsItIsAndAddsNoContentTypeOrExpect) {
  LoopbackServer server({AnswerAll("")});
  CurlClient client({});
  const std::string large(std::size_t{2} * 1024 * 1024, 'x');  // curl by itself would ask first, with `Expect:`
  for (const auto& [method, body] : std::vector<std::pair<std::string, std::string>>{
           {"GET", ""}, {"HEAD", ""}, {"DELETE", ""}, {"POST", ""}, {"PUT", large}, {"PATCH", "{}"}, {"GET", "{}"}}) {
    SCOPED_TRACE(method);
    HttpRequest request = Get(server.Url());
    request.method = method;
    request.body = body;
    ASSERT_TRUE(client.Send(request).ok());
    const std::string sent = seen_.All().back();
    EXPECT_THAT(sent, StartsWith(method + " / HTTP/1.1\r\n"));
    EXPECT_EQ(sent.substr(sent.find("\r\n\r\n") + 4).size(), body.size());
    EXPECT_EQ(sent.find("Content-Type"), std::string::npos);
    EXPECT_EQ(sent.find("Expect"), std::string::npos);
  }
  EXPECT_THAT(seen_.All().at(3), HasSubstr("Content-Length: 0\r\n"));
}

TEST_F(CurlClientTest, DoesNotFollowRedirects) {
  LoopbackServer server({WriteAndClose("HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n")});
  CurlClient client({});
  EXPECT_EQ(client.Send(Get(server.Url()))->status, 302);
  EXPECT_EQ(server.Accepted(), 1);
}

TEST_F(CurlClientTest, ShowsOnlyTheHeadersOfTheFinalAnswer) {
  LoopbackServer server({WriteAndClose(
      "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-Late: 2\r\nContent-Length: 0\r\n\r\n")});
  CurlClient client({});
  const Result<HttpResponse> result = client.Send(Get(server.Url()));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(result->Header("X-Early"), "");
  EXPECT_EQ(result->Header("X-Late"), "2");
}

TEST_F(CurlClientTest, RefusesHeaderInjectionAndOtherSchemesWithoutConnecting) {
  LoopbackServer server({AnswerAll()});
  CurlClient client({});
  HttpRequest request = Get(server.Url());
  request.secret_headers.emplace_back("X-Key", Secret(std::string(kSecret) + "\r\nX: y"));
  EXPECT_EQ(ErrorOf(client.Send(request)).code, ErrorCode::kInvalidInput);
  EXPECT_EQ(ErrorOf(client.Send(Get("file:///etc/passwd"))).code, ErrorCode::kInvalidInput);
  EXPECT_EQ(ErrorOf(client.Send(Get("http://h:port/"))).code, ErrorCode::kInvalidInput);
  EXPECT_EQ(server.Accepted(), 0);
}

// ---- connections

TEST_F(CurlClientTest, ReusesTheConnection) {
  LoopbackServer server({AnswerAll()});
  CurlClient client({});
  for (const Repeat repeat : {Repeat::kSafe, Repeat::kUnsafe, Repeat::kSafe}) {
    ASSERT_TRUE(client.Send(Post(server.Url(), repeat)).ok());
  }
  EXPECT_EQ(seen_.All().size(), 3U);
  EXPECT_EQ(server.Accepted(), 1);
}

TEST_F(CurlClientTest, SendsConcurrently) {
  std::atomic<int> inside{0};
  // Nobody is answered before both are here.
  LoopbackServer server({[&](LoopbackConnection& connection) {
    connection.ReadRequest();
    ++inside;
    for (int i = 0; i < 2000 && inside < 2; ++i) std::this_thread::sleep_for(milliseconds{1});
    connection.Answer(inside == 2 ? "both" : "alone");
  }});
  CurlClient client({});
  std::string other;
  std::thread thread([&] { other = client.Send(Get(server.Url()))->body; });
  EXPECT_EQ(client.Send(Get(server.Url()))->body, "both");
  thread.join();
  EXPECT_EQ(other, "both");
}

TEST_F(CurlClientTest, UsesANewConnectionWhenTheServerHasClosedTheKeptOne) {
  const auto once = [this](LoopbackConnection& connection) {
    seen_.Add(connection.ReadRequest());
    connection.Answer("hello");
  };
  for (const bool tls : {false, true}) {
    const TestCa ca;
    LoopbackServer server({once}, tls ? ca.Issue() : LoopbackServer::Identity{});
    CurlClient client({.ca_file = ca.File()});
    ASSERT_TRUE(client.Send(Post(server.Url(), Repeat::kUnsafe)).ok());
    std::this_thread::sleep_for(milliseconds{20});  // until the close has arrived
    EXPECT_TRUE(client.Send(Post(server.Url(), Repeat::kUnsafe)).ok());
    EXPECT_EQ(server.Accepted(), 2);
  }
}

// The dangerous case: the server takes the second request from the kept connection, may act on it, and closes.
LoopbackServer::Script AnswerThenTakeOneAndClose(Seen& seen) {
  return [&seen](LoopbackConnection& connection) {
    seen.Add(connection.ReadRequest());
    connection.Answer("hello");
    seen.Add(connection.ReadRequest());
  };
}

TEST_F(CurlClientTest, NeverSendsAnUnsafeRequestTwice) {
  for (const std::string& body : {std::string("{}"), std::string(), std::string(300'000, 'x')}) {
    SCOPED_TRACE(body.size());
    Seen seen;
    LoopbackServer server({AnswerThenTakeOneAndClose(seen), AnswerAll("again")});
    CurlClient client({});
    ASSERT_TRUE(client.Send(Get(server.Url())).ok());
    const std::size_t before = seen_.All().size();
    const Error error = ErrorOf(client.Send(Post(server.Url(), Repeat::kUnsafe, body)));
    EXPECT_EQ(error.code, ErrorCode::kOutcomeUnknown);
    EXPECT_EQ(error.message,
              "`127.0.0.1:" + std::to_string(server.Port()) + "` closed the connection without an answer");
    EXPECT_EQ(seen.All().size(), 2U);
    EXPECT_EQ(seen_.All().size(), before);
    // And the client is as good as new.
    EXPECT_EQ(client.Send(Post(server.Url(), Repeat::kUnsafe, body))->body, "again");
  }
}

// Not wanted for its own sake: it shows that curl really repeats, so that the test above tests something.
TEST_F(CurlClientTest, LetsCurlRepeatASafeRequestOnANewConnection) {
  Seen seen;
  LoopbackServer server({AnswerThenTakeOneAndClose(seen), AnswerAll("again")});
  CurlClient client({});
  ASSERT_TRUE(client.Send(Get(server.Url())).ok());
  EXPECT_EQ(client.Send(Post(server.Url(), Repeat::kSafe))->body, "again");
  EXPECT_EQ(seen.All().size(), 2U);
  EXPECT_EQ(seen_.All().size(), 1U);
}

// ---- was it sent?

TEST_F(CurlClientTest, IsUnavailableWhenNobodyListens) {
  std::string url;
  {
    const LoopbackServer gone({AnswerAll()});
    url = gone.Url();
  }
  CurlClient client({});
  const Error error = ErrorOf(client.Send(Post(url, Repeat::kUnsafe)));
  EXPECT_EQ(error.code, ErrorCode::kUnavailable);
  EXPECT_THAT(error.message, StartsWith("no connection to `127.0.0.1:"));
}

TEST_F(CurlClientTest, IsUnavailableWhenTheNameDoesNotExist) {
  CurlClient client({});
  const Error error = ErrorOf(client.Send(Get("http://no-such-host.invalid/")));
  EXPECT_EQ(error.code, ErrorCode::kUnavailable);
  EXPECT_THAT(error.message, StartsWith("no connection to `no-such-host.invalid`: Could not resolve host"));
}

TEST_F(CurlClientTest, IsUnavailableWhenTlsIsAnsweredWithSomethingElse) {
  LoopbackServer server({[](LoopbackConnection& connection) { connection.Write("HTTP/1.1 400 Bad Request\r\n\r\n"); }});
  // The system's CAs are read for the first connection: seconds on a busy machine under a sanitizer.
  CurlClient client({.connect_timeout = std::chrono::minutes{1}});
  HttpRequest request = Get("https://127.0.0.1:" + std::to_string(server.Port()));
  request.deadline = std::chrono::minutes{1};
  EXPECT_EQ(ErrorOf(client.Send(request)).code, ErrorCode::kUnavailable);
}

TEST_F(CurlClientTest, DoesNotKnowTheOutcomeOnceTheRequestWasSent) {
  struct Case {
    std::string_view name;
    std::string answer;
  };
  const Case cases[] = {
      {"cut before the answer", ""},
      {"cut in the header", "HTTP/1.1 200 OK\r\nContent-Le"},
      {"cut after a header line", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"},
      {"cut after an interim answer", "HTTP/1.1 103 Early Hints\r\n\r\n"},
      {"cut in the body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"},
      {"cut in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12"},
      {"garbage", "garbage\r\n\r\n"},
      {"bad gzip", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\n12345"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    LoopbackServer server({WriteAndClose(c.answer)});
    CurlClient client({});
    const Error error = ErrorOf(client.Send(Get(server.Url())));
    EXPECT_EQ(error.code, ErrorCode::kOutcomeUnknown);
    EXPECT_THAT(error.message, StartsWith("no whole answer from `127.0.0.1:"));
    EXPECT_EQ(server.Accepted(), 1);
  }
}

TEST_F(CurlClientTest, DoesNotKnowTheOutcomeWhenTheConnectionDiesWhileSending) {
  // The server reads the start of a large body and closes, which resets the connection.
  LoopbackServer server({[](LoopbackConnection& connection) { connection.Write(""); }});
  CurlClient client({});
  const std::string large(std::size_t{16} * 1024 * 1024, 'x');
  EXPECT_EQ(ErrorOf(client.Send(Post(server.Url(), Repeat::kUnsafe, large))).code, ErrorCode::kOutcomeUnknown);
}

// ---- deadlines

TEST_F(CurlClientTest, DeadlineIsForTheWholeAnswerHoweverItDrips) {
  LoopbackServer server({[](LoopbackConnection& connection) {
    connection.ReadRequest();
    connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
    for (int i = 0; i < 100 && connection.Write("x"); ++i) std::this_thread::sleep_for(milliseconds{20});
  }});
  CurlClient client({});
  HttpRequest request = Get(server.Url());
  request.deadline = milliseconds{150};
  const auto start = steady_clock::now();
  const Error error = ErrorOf(client.Send(request));
  EXPECT_LT(Since(start), milliseconds{1000});
  EXPECT_GE(Since(start), milliseconds{149});  // curl counts in whole milliseconds, rounded down
  EXPECT_EQ(error.code, ErrorCode::kOutcomeUnknown);
  EXPECT_THAT(error.message, EndsWith("within 150ms"));
}

TEST_F(CurlClientTest, UsesTheDefaultDeadlineWhenTheRequestNamesNone) {
  LoopbackServer server({[](LoopbackConnection& connection) { connection.WaitForLeave(); }});
  CurlClient client({.default_deadline = milliseconds{50}});
  HttpRequest request = Get(server.Url());
  request.deadline = Duration{0};
  EXPECT_THAT(ErrorOf(client.Send(request)).message, EndsWith("within 50ms"));
}

TEST_F(CurlClientTest, TimesOutBeforeSendingWhenTlsIsNotAnswered) {
  LoopbackServer server({[](LoopbackConnection& connection) { connection.WaitForLeave(); }});
  CurlClient client({});
  HttpRequest request = Post("https://127.0.0.1:" + std::to_string(server.Port()), Repeat::kUnsafe);
  request.deadline = milliseconds{50};
  const Error error = ErrorOf(client.Send(request));
  EXPECT_EQ(error.code, ErrorCode::kTimeout);
  EXPECT_THAT(error.message, EndsWith("within 50ms, nothing was sent"));
}

TEST_F(CurlClientTest, ConnectTimeoutThatIsShorterThanTheDeadlineIsUnavailable) {
  LoopbackServer server({[](LoopbackConnection& connection) { connection.WaitForLeave(); }});
  CurlClient client({.connect_timeout = milliseconds{50}});
  const Error error = ErrorOf(client.Send(Get("https://127.0.0.1:" + std::to_string(server.Port()))));
  EXPECT_EQ(error.code, ErrorCode::kUnavailable);
  EXPECT_THAT(error.message, HasSubstr("in time"));
}

TEST_F(CurlClientTest, DeadlineIsForTheNameLookUpToo) {
  std::atomic<bool> returned{false};
  std::thread in_time([&] {  // or else a client that waits for the look-up would hang here
    for (int i = 0; i < 2000 && !returned; ++i) std::this_thread::sleep_for(milliseconds{1});
    slow_lookup_ends = true;
  });
  CurlClient client({});
  HttpRequest request = Get("http://slow.test/");
  request.deadline = milliseconds{50};
  const Error error = ErrorOf(client.Send(request));
  EXPECT_FALSE(slow_lookup_ends);
  returned = true;
  EXPECT_EQ(error.code, ErrorCode::kTimeout);
  EXPECT_THAT(error.message, HasSubstr("`slow.test` within 50ms, nothing was sent"));
  in_time.join();
  while (!slow_lookup_ended) std::this_thread::sleep_for(milliseconds{1});
}

// ---- bounds

TEST_F(CurlClientTest, TakesABodyAtTheBoundAndNotOneByteMore) {
  LoopbackServer server({AnswerAll(std::string(100'000, 'x'))});
  CurlClient at({.max_answer_bytes = 100'000});
  EXPECT_EQ(at.Send(Get(server.Url()))->body.size(), 100'000U);
  CurlClient past({.max_answer_bytes = 99'999});
  const Error error = ErrorOf(past.Send(Get(server.Url())));
  EXPECT_EQ(error.code, ErrorCode::kTooLarge);
  EXPECT_EQ(error.message,
            "the body of the answer of `127.0.0.1:" + std::to_string(server.Port()) + "` is over 99999 bytes");
}

TEST_F(CurlClientTest, StopsAnAnswerWithoutEnd) {
  LoopbackServer server({[](LoopbackConnection& connection) {
    connection.ReadRequest();
    connection.Write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    while (connection.Write(std::string(65'536, 'x'))) {
    }
  }});
  CurlClient client({.max_answer_bytes = 1'000'000});
  EXPECT_EQ(ErrorOf(client.Send(Get(server.Url()))).code, ErrorCode::kTooLarge);
}

// A gzip file of `runs` * 258 + 1 zero bytes, in about `runs` * 13 / 8 bytes. It has no check sum at its end.
std::string GzipOfZeros(std::size_t runs) {
  std::string bits = "110";  // the last block, with the fixed codes (RFC 1951, 3.2.6), each code from its first bit on
  bits += "00110000";
  for (std::size_t i = 0; i < runs; ++i) bits += "1100010100000";  // length 258, distance 1
  bits += "0000000";
  std::string bytes("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  for (std::size_t i = 0; i < bits.size(); i += 8) {
    unsigned byte = 0;
    for (std::size_t n = 0; n < 8 && i + n < bits.size(); ++n) byte |= (bits[i + n] == '1' ? 1U : 0U) << n;
    bytes.push_back(static_cast<char>(byte));
  }
  return bytes;
}

TEST_F(CurlClientTest, BoundCountsDecompressedBytes) {
  const std::string bomb = GzipOfZeros(50'000);
  ASSERT_LT(bomb.size(), 100'000U);  // the answer as sent is under the bound
  LoopbackServer server({AnswerAll(bomb, "Content-Encoding: gzip\r\n")});
  CurlClient client({.max_answer_bytes = 10'000'000});
  EXPECT_EQ(ErrorOf(client.Send(Get(server.Url()))).code, ErrorCode::kTooLarge);
}

TEST_F(CurlClientTest, TakesHeadersAtTheBoundAndNotOneByteMore) {
  const auto answer_with_header_bytes = [](std::size_t total) {
    std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n";
    while (head.size() + 2 < total) {
      const std::size_t line = std::min<std::size_t>(total - head.size() - 2, 8000);
      const std::size_t rest = total - head.size() - 2 - line;
      const std::size_t take = rest > 0 && rest < 10 ? line - 10 : line;  // never leave less than the shortest line
      head += "X-Pad: " + std::string(take - 9, 'x') + "\r\n";
    }
    return head + "\r\n";
  };
  ASSERT_EQ(answer_with_header_bytes(bounds::kHeaderBytes).size(), bounds::kHeaderBytes);
  CurlClient client({});
  LoopbackServer at({WriteAndClose(answer_with_header_bytes(bounds::kHeaderBytes))});
  EXPECT_TRUE(client.Send(Get(at.Url())).ok());
  LoopbackServer past({WriteAndClose(answer_with_header_bytes(bounds::kHeaderBytes + 1))});
  const Error error = ErrorOf(client.Send(Get(past.Url())));
  EXPECT_EQ(error.code, ErrorCode::kTooLarge);
  EXPECT_THAT(error.message, StartsWith("the header of the answer of `127.0.0.1:"));
}

// ---- TLS

TEST_F(CurlClientTest, TrustsTheGivenCaAndReusesItsConnection) {
  const TestCa ca;
  LoopbackServer server({AnswerAll()}, ca.Issue());
  CurlClient client({.ca_file = ca.File()});
  for (int i = 0; i < 2; ++i) {
    const Result<HttpResponse> result = client.Send(Get(server.Url()));
    ASSERT_TRUE(result.ok()) << result.error().ToText();
    EXPECT_EQ(result->body, "hello");
  }
  EXPECT_EQ(server.Accepted(), 1);
}

TEST_F(CurlClientTest, SaysWhatIsWrongWithTheCertificate) {
  struct Case {
    std::string_view name;
    LoopbackServer::Identity identity;
    bool own_ca;
    std::string message;
    std::string advice;
  };
  const TestCa ca;
  const Case cases[] = {
      {"expired", ca.Issue({.valid_from_seconds = -7200, .valid_to_seconds = -3600}), true, "has expired", "renew"},
      {"not yet valid", ca.Issue({.valid_from_seconds = 3600, .valid_to_seconds = 7200}), true, "is not valid yet",
       "clock"},
      {"other address", ca.Issue({.subject_alternative_name = "IP:127.0.0.2"}), true, "is for another host name",
       "check the address"},
      {"other name", ca.Issue({.subject_alternative_name = "DNS:other.test"}), true, "is for another host name",
       "check the address"},
      {"self-signed", TestCa::IssueSelfSigned(), true, "is self-signed or from an issuer that is not trusted here",
       "`swp.ca_file`"},
      {"unknown issuer", ca.Issue(), false, "is self-signed or from an issuer that is not trusted here",
       "`swp.ca_file`"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    LoopbackServer server({AnswerAll()}, c.identity);
    CurlClient client({.ca_file = c.own_ca ? ca.File() : ""});
    const Error error = ErrorOf(client.Send(Get(server.Url())));
    EXPECT_EQ(error.code, ErrorCode::kUntrusted);
    EXPECT_THAT(error.message, AllOf(StartsWith("the certificate of `127.0.0.1:"), HasSubstr(c.message)));
    EXPECT_THAT(error.advice, HasSubstr(c.advice));
    EXPECT_THAT(seen_.All(), IsEmpty());
  }
}

TEST_F(CurlClientTest, SaysThatTheCaFileCannotBeRead) {
  const TestCa ca;
  LoopbackServer server({AnswerAll()}, ca.Issue());
  CurlClient client({.ca_file = "/no/such/ca.pem"});
  const Error error = ErrorOf(client.Send(Get(server.Url())));
  EXPECT_EQ(error.code, ErrorCode::kInvalidInput);
  EXPECT_THAT(error.message, AllOf(HasSubstr("trusted CAs cannot be used"), HasSubstr("/no/such/ca.pem")));
  EXPECT_THAT(error.advice, HasSubstr("`swp.ca_file`"));
}

// ---- proxies

constexpr const char* kNoTunnel = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";

TEST_F(CurlClientTest, GoesThroughTheGivenProxyWhateverTheEnvironmentSays) {
  setenv("no_proxy", "*", 1);
  LoopbackServer proxy({WriteAndClose(kNoTunnel)});
  CurlClient client({.proxy = proxy.Url("")});
  EXPECT_FALSE(client.Send(Get("https://swp.invalid/api")).ok());
  EXPECT_THAT(seen_.All().at(0), StartsWith("CONNECT swp.invalid:443 HTTP/1.1\r\n"));
}

TEST_F(CurlClientTest, TakesTheProxyOfTheEnvironmentWhenNoneIsGiven) {
  for (const char* variable : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
    LoopbackServer proxy({WriteAndClose(kNoTunnel)});
    setenv(variable, proxy.Url("").c_str(), 1);
    CurlClient client({});
    EXPECT_FALSE(client.Send(Get("https://swp.invalid/api")).ok());
    EXPECT_EQ(proxy.Accepted(), 1) << variable;
    setenv("no_proxy", "swp.invalid", 1);
    EXPECT_FALSE(client.Send(Get("https://swp.invalid/api")).ok());
    EXPECT_EQ(proxy.Accepted(), 1) << variable;
    unsetenv("no_proxy");
    unsetenv(variable);
  }
}

// A key that goes through a proxy in clear is the proxy's too; and this machine is never asked by way of another one.
TEST_F(CurlClientTest, NothingGoesThroughAProxyInClearAndLoopbackThroughNone) {
  LoopbackServer proxy({AnswerAll("from the proxy")});
  LoopbackServer direct({AnswerAll("direct")});
  for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
    setenv(name, proxy.Url("").c_str(), 1);
  }
  for (const std::string& given : {std::string(), proxy.Url("")}) {
    CurlClient client({.proxy = given});
    EXPECT_EQ(client.Send(Get(direct.Url()))->body, "direct");
    EXPECT_EQ(client.Send(Get("http://localhost:" + std::to_string(direct.Port()) + "/"))->body, "direct");
    EXPECT_EQ(ErrorOf(client.Send(Get("http://swp.invalid/api"))).code, ErrorCode::kUnavailable);
    EXPECT_FALSE(client.Send(Get("https://127.0.0.1:" + std::to_string(direct.Port()) + "/")).ok());
  }
  EXPECT_EQ(proxy.Accepted(), 0);
}

TEST_F(CurlClientTest, GoesThroughNoProxyWhenToldToBeDirect) {
  LoopbackServer proxy({AnswerAll("from the proxy")});
  setenv("https_proxy", proxy.Url("").c_str(), 1);
  CurlClient client({.direct = true});
  EXPECT_FALSE(client.Send(Get("https://swp.invalid/")).ok());
  EXPECT_EQ(proxy.Accepted(), 0);
}

TEST_F(CurlClientTest, KeepsAsManyIdleConnectionsAsToldTo) {
  for (const std::size_t kept : {std::size_t{0}, std::size_t{1}}) {
    LoopbackServer server({AnswerAll("ok")});
    CurlClient client({.idle_handles = kept});
    EXPECT_TRUE(client.Send(Get(server.Url())).ok());
    EXPECT_TRUE(client.Send(Get(server.Url())).ok());
    EXPECT_EQ(server.Accepted(), kept == 0 ? 2 : 1);
  }
}

TEST_F(CurlClientTest, IsUnavailableAndKeepsHeadersToItselfWhenTheProxyRefusesATunnel) {
  // Its long header is not an answer's: it does not count against the bound of one.
  std::string pad;
  while (pad.size() <= bounds::kHeaderBytes) pad += "X-Pad: " + std::string(8000, 'x') + "\r\n";
  LoopbackServer proxy({WriteAndClose("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n" + pad + "\r\n")});
  CurlClient client({.proxy = proxy.Url("")});
  const Error error = ErrorOf(client.Send(Post("https://swp.invalid/api", Repeat::kUnsafe)));
  EXPECT_EQ(error.code, ErrorCode::kUnavailable);
  EXPECT_THAT(error.message, HasSubstr("403"));
  EXPECT_THAT(seen_.All().at(0), AllOf(StartsWith("CONNECT swp.invalid:443 "), Not(HasSubstr(kSecret))));
}

// Whatever is wrong with a proxy, its password is told to nobody but itself.
TEST_F(CurlClientTest, DoesNotShowTheProxysPassword) {
  const std::string echo = "HTTP/1.1 403 dXNlcjpDQU5BUllQQVNT\r\nX-A: user:CANARYPASS\r\nContent-Length: 0\r\n\r\n";
  LoopbackServer proxy({WriteAndClose(echo)});
  const std::string port = std::to_string(proxy.Port());
  const std::string who = "user:CANARYPASS@";
  const std::vector<std::string> proxies = {"http://" + who + "host with spaces:x",
                                            "http://" + who + "127.0.0.1:" + port,
                                            "http://" + who + "127.0.0.1:1",
                                            "http://" + who + "127.0.0.1:99999",
                                            "ftp://" + who + "127.0.0.1:3128",
                                            "foo://" + who + "127.0.0.1:3128",
                                            "https://" + who + "127.0.0.1:" + port,
                                            "socks5://" + who + "127.0.0.1:" + port,
                                            "socks5h://" + who + "127.0.0.1:" + port,
                                            "socks4a://" + who + "127.0.0.1:" + port,
                                            who + "127.0.0.1:" + port,
                                            "http://user:CANARYPASS x@127.0.0.1:1",
                                            "http://user:CANARY%50ASS@127.0.0.1:1",
                                            "http://" + std::string(3000, 'u') + ":CANARYPASS@127.0.0.1:" + port,
                                            "socks5://" + std::string(300, 'u') + ":CANARYPASS@127.0.0.1:" + port,
                                            "http://" + who + "no.such.host.invalid:1",
                                            "http://" + who,
                                            "://" + who + "h"};
  for (const std::string& text : proxies) {
    setenv("https_proxy", text.c_str(), 1);
    CurlClient client({});
    HttpRequest request = Get("https://swp.invalid/");
    request.deadline = std::chrono::seconds{2};
    const Error error = ErrorOf(client.Send(request));
    EXPECT_THAT(error.ToText(), AllOf(Not(HasSubstr("CANARY")), Not(HasSubstr("dXNlcjpDQU5BUll")))) << text;
  }
  // It gets where it belongs.
  setenv("https_proxy", ("http://" + who + "127.0.0.1:" + port).c_str(), 1);
  CurlClient client({});
  (void)client.Send(Get("https://swp.invalid/"));
  EXPECT_THAT(seen_.All().back(), HasSubstr("Proxy-Authorization: Basic dXNlcjpDQU5BUllQQVNT"));
}

// Wherever an answer repeats the key, nobody behind the client sees it.
TEST_F(CurlClientTest, TakesItsSecretsOutOfWhateverComesBack) {
  struct Case {
    const char* name;
    std::string answer;
  };
  const std::string body = "{\"message\":\"no key tmc-very-secret here\"}";
  const auto with = [](const std::string& status, const std::string& header, const std::string& text) {
    return "HTTP/1.1 " + status + "\r\n" + header + "Content-Length: " + std::to_string(text.size()) + "\r\n\r\n" +
           text;
  };
  const Case cases[] = {
      {"body of a refusal", with("401 No", "", body)},
      {"body of an answer", with("200 OK", "", body)},
      {"escaped", with("401 No", "", "{\"message\":\"tmc\\u002dvery\\u002dsecret\"}")},
      {"percent", with("401 No", "", "k=tmc%2Dvery%2Dsecret")},
      {"Location", with("302 Found", "Location: https://login.example/?k=tmc-very-secret\r\n", "")},
      {"any header", with("200 OK", "X-Debug: tmc-very-secret\r\n", "")},
      {"reason phrase", with("401 tmc-very-secret", "", "")},
      {"base64", with("403 No", "", "dG1jLXZlcnktc2VjcmV0")},
  };
  for (const Case& one : cases) {
    LoopbackServer server({WriteAndClose(one.answer)});
    CurlClient client({});
    const auto answer = client.Send(Get(server.Url()));
    ASSERT_TRUE(answer.ok()) << one.name << answer.error().ToText();
    std::string all = answer->body;
    for (const HttpHeader& header : answer->headers) all += header.name + header.value;
    EXPECT_THAT(all, AllOf(Not(HasSubstr("very")), Not(HasSubstr("dmVyeS")), Not(HasSubstr("LXZlcn")))) << one.name;
  }
}

}  // namespace
}  // namespace sallyport
