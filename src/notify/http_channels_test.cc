// SPDX-License-Identifier: Apache-2.0
#include "notify/http_channels.h"

#include <gtest/gtest.h>

#include "base/fake_clock.h"
#include "net/fake_http.h"
#include "notify/render_json.h"
#include "notify/render_teams.h"
#include "notify/signature.h"
#include "notify/test_message.h"

namespace sallyport {
namespace {

using testing_message::Full;

TEST(TeamsChannel, PostsTheCard) {
  FakeHttpClient http;
  const FakeClock clock;
  TeamsChannel channel(http, clock, Secret("https://example.com/workflows/SECRET?sig=SECRET"));
  http.Answer(202);
  EXPECT_TRUE(channel.Deliver(Full(), "earlier", std::nullopt).result.ok());
  ASSERT_EQ(http.Requests().size(), 1U);
  EXPECT_EQ(http.Requests()[0].body, TeamsBody(Full()));
  EXPECT_TRUE(http.Requests()[0].secret_path);
  EXPECT_EQ(channel.scope(), ContentScope::kGist);
  http.Answer(404);
  const Attempt attempt = channel.Deliver(Full(), std::nullopt, std::nullopt);
  ASSERT_FALSE(attempt.result.ok());
  EXPECT_EQ(attempt.result.error().ToText(),
            "the Teams workflow answered 404 (the address no longer exists: make a new one)");
}

TEST(WebhookChannel, SignsWhatItSends) {
  FakeHttpClient http;
  const FakeClock clock;
  const Secret secret("0123456789abcdef");
  WebhookChannel channel(http, clock, Secret("https://example.com/hook"), secret);
  http.Answer(204);
  EXPECT_TRUE(channel.Deliver(Full(), std::nullopt, std::nullopt).result.ok());
  const HttpRequest request = http.Requests().at(0);
  EXPECT_EQ(request.body, MessageJson(Full()));
  EXPECT_EQ(request.headers,
            (std::vector<HttpHeader>{{"Content-Type", "application/json; charset=utf-8"},
                                     {"X-Sallyport-Timestamp", "1764000000"},
                                     {"X-Sallyport-Signature", WebhookSignature(secret, "1764000000", request.body)},
                                     {"X-Sallyport-Delivery", ContentSha256(Full(), ContentScope::kAll)}}));
  http.Answer(500);
  const Attempt attempt = channel.Deliver(Full(), std::nullopt, std::nullopt);
  ASSERT_FALSE(attempt.result.ok());
  EXPECT_EQ(attempt.result.error().message, "the webhook answered 500");
}

TEST(TeamsChannel, SendsNothingAndWaitsForNothingAfterTheWorkHasToStop) {
  FakeHttpClient http;
  const FakeClock clock;
  TeamsChannel channel(http, clock, Secret("https://example.com/workflows/1"));
  http.Answer(202);
  EXPECT_TRUE(channel.Deliver(Full(), std::nullopt, clock.Now() + std::chrono::seconds(2)).result.ok());
  EXPECT_EQ(http.Requests().at(0).deadline, std::chrono::seconds(2));
  const Attempt late = channel.Deliver(Full(), std::nullopt, clock.Now());
  ASSERT_FALSE(late.result.ok());
  EXPECT_TRUE(MayPass(late.result.error().code)) << "it is tried again later";
  EXPECT_EQ(http.Requests().size(), 1U);
}

// No text of a message is in a header, so none can add one.
TEST(WebhookChannel, PutsNoTextFromOutsideIntoAHeader) {
  testing_message::ForEachHostile([](const Message& message, const std::string& hostile) {
    FakeHttpClient http;
    const FakeClock clock;
    WebhookChannel channel(http, clock, Secret("https://example.com/hook"), Secret("0123456789abcdef"));
    http.Answer(200);
    EXPECT_TRUE(channel.Deliver(message, std::nullopt, std::nullopt).result.ok());
    EXPECT_TRUE(CheckRequest(http.Requests().at(0)).ok()) << hostile;
    EXPECT_EQ(http.Requests()[0].headers.size(), 4U);
  });
}

}  // namespace
}  // namespace sallyport
