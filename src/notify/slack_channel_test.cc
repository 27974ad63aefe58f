// SPDX-License-Identifier: Apache-2.0
#include "notify/slack_channel.h"

#include <gtest/gtest.h>

#include <chrono>

#include "base/fake_clock.h"
#include "base/json.h"
#include "net/fake_http.h"
#include "notify/test_message.h"

namespace sallyport {
namespace {

using std::chrono::seconds;
using testing_message::Full;

constexpr const char* kHook = "https://hooks.slack.com/services/T000/B000/SECRET";

class SlackTest : public ::testing::Test {
 protected:
  Attempt ByWebhook(const std::optional<std::string>& earlier = std::nullopt) {
    SlackWebhookChannel channel(http_, clock_, Secret(kHook));
    return channel.Deliver(Full(), earlier, std::nullopt);
  }
  Attempt ByBot(const Message& message, const std::optional<std::string>& earlier = std::nullopt) {
    SlackBotChannel channel(http_, clock_, {"https://slack.com/api", Secret("xoxb-SECRET"), "C012AB3CD"});
    return channel.Deliver(message, earlier, std::nullopt);
  }
  Json Body(std::size_t index) { return Json::Parse(http_.Requests().at(index).body).value_or(Json()); }

  FakeHttpClient http_;
  FakeClock clock_;
};

TEST_F(SlackTest, TheWebhookGetsOnePostWhoseAddressIsASecret) {
  http_.Answer(200, "ok");
  const Attempt attempt = ByWebhook("C012AB3CD:1.2");
  ASSERT_TRUE(attempt.result.ok());
  EXPECT_EQ(attempt.result->handle, "");
  ASSERT_EQ(http_.Requests().size(), 1U);
  const HttpRequest request = http_.Requests()[0];
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, kHook);
  EXPECT_TRUE(request.secret_path);
  EXPECT_EQ(request.repeat, Repeat::kUnsafe);
  EXPECT_EQ(request.body, SlackBody(Full(), {}));
  EXPECT_EQ(request.headers, (std::vector<HttpHeader>{{"Content-Type", "application/json; charset=utf-8"}}));
}

TEST_F(SlackTest, TheWebhooksErrorsSayWhatToDoAndShowOnlyAWord) {
  struct Case {
    int status;
    const char* body;
    ErrorCode code;
    const char* text;
  };
  const Case cases[] = {
      {400, "invalid_payload", ErrorCode::kInvalidInput, "the Slack webhook answered 400 (`invalid_payload`)"},
      {403, "action_prohibited", ErrorCode::kForbidden,
       "the Slack webhook answered 403 (`action_prohibited`) (access refused: check the address, the token and their "
       "permissions)"},
      {404, "no_service\n", ErrorCode::kNotFound,
       "the Slack webhook answered 404 (`no_service`) (the address no longer exists: make a new one)"},
      {410, "channel_is_archived", ErrorCode::kNotFound,
       "the Slack webhook answered 410 (`channel_is_archived`) (the address no longer exists: make a new "
       "one)"},
      {302, "", ErrorCode::kInvalidInput,
       "the Slack webhook answered 302 (redirects are not followed: set the address that it redirects to)"},
      {413, "", ErrorCode::kTooLarge, "the Slack webhook answered 413"},
      {503, "<html>SECRET</html>", ErrorCode::kUnavailable, "the Slack webhook answered 503"},
      {500, "rollup_error", ErrorCode::kOutcomeUnknown, "the Slack webhook answered 500 (`rollup_error`)"},
      {401, "", ErrorCode::kUnauthenticated,
       "the Slack webhook answered 401 (access refused: check the address, the token and their permissions)"},
      {100, "", ErrorCode::kBadAnswer, "the Slack webhook answered 100"},
  };
  for (const Case& c : cases) {
    http_.Answer(c.status, c.body);
    const Attempt attempt = ByWebhook();
    ASSERT_FALSE(attempt.result.ok()) << c.status;
    EXPECT_EQ(attempt.result.error().code, c.code) << c.status;
    EXPECT_EQ(attempt.result.error().ToText(), c.text);
  }
}

TEST_F(SlackTest, HonorsRetryAfterInBothForms) {
  const auto after = [&](const char* value) {
    http_.Answer(429, "", {{"Retry-After", value}});
    const Attempt attempt = ByWebhook();
    EXPECT_EQ(attempt.result.error().code, ErrorCode::kRateLimited);
    return attempt.retry_after;
  };
  EXPECT_EQ(after("30"), Duration(seconds(30)));
  EXPECT_EQ(after("Mon, 24 Nov 2025 16:02:00 GMT"), Duration(seconds(120)));
  EXPECT_EQ(after("Mon, 24 Nov 2025 15:00:00 GMT"), Duration{0});
  EXPECT_EQ(after("soon"), std::nullopt);
  EXPECT_EQ(after("-5"), std::nullopt);
  EXPECT_EQ(after(""), std::nullopt);
  EXPECT_EQ(after("999999999999999"), Duration(std::chrono::hours(24 * 365)));
}

TEST_F(SlackTest, NoAnswerIsAnErrorOfTheChannel) {
  http_.Fail(ErrorCode::kUnavailable, "no connection");
  const Attempt attempt = ByWebhook();
  ASSERT_FALSE(attempt.result.ok());
  EXPECT_EQ(attempt.result.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(attempt.result.error().message.find("no connection"), std::string::npos);
  EXPECT_EQ(attempt.result.error().message.find("SECRET"), std::string::npos);
}

TEST_F(SlackTest, ABotPostsAndKnowsItsMessageAgain) {
  http_.Answer(200, R"({"ok":true,"channel":"C012AB3CD","ts":"1503435956.000247"})");
  const Attempt attempt = ByBot(Full());
  ASSERT_TRUE(attempt.result.ok());
  EXPECT_EQ(attempt.result->handle, "C012AB3CD:1503435956.000247");
  const HttpRequest request = http_.Requests().at(0);
  EXPECT_EQ(request.url, "https://slack.com/api/chat.postMessage");
  ASSERT_EQ(request.secret_headers.size(), 1U);
  EXPECT_EQ(request.secret_headers[0].first, "Authorization");
  EXPECT_EQ(request.secret_headers[0].second.RevealForRequest(), "Bearer xoxb-SECRET");
  EXPECT_EQ(Body(0)["channel"].StringOr(""), "C012AB3CD");
  EXPECT_TRUE(Body(0)["ts"].IsMissing());
}

TEST_F(SlackTest, ABotChangesTheMessageThatIsThere) {
  http_.Answer(200, R"({"ok":true,"channel":"C0OTHER","ts":"1503435956.000247"})");
  const Attempt attempt = ByBot(Full(), "C0OTHER:1503435956.000247");
  ASSERT_TRUE(attempt.result.ok());
  EXPECT_EQ(attempt.result->handle, "C0OTHER:1503435956.000247");
  EXPECT_EQ(http_.Requests().at(0).url, "https://slack.com/api/chat.update");
  EXPECT_EQ(Body(0)["channel"].StringOr(""), "C0OTHER");
  EXPECT_EQ(Body(0)["ts"].StringOr(""), "1503435956.000247");
}

TEST_F(SlackTest, ABotSendsAnewWhatCannotBeChanged) {
  for (const char* word : {"message_not_found", "cant_update_message", "edit_window_closed"}) {
    http_.Answer(200, std::string(R"({"ok":false,"error":")") + word + "\"}");
    http_.Answer(200, R"({"ok":true,"channel":"C012AB3CD","ts":"2.3"})");
    const Attempt attempt = ByBot(Full(), "C012AB3CD:1.2");
    ASSERT_TRUE(attempt.result.ok()) << word;
    EXPECT_EQ(attempt.result->handle, "C012AB3CD:2.3");
  }
  http_.Answer(200, R"({"ok":true,"channel":"C012AB3CD","ts":"2.3"})");
  EXPECT_TRUE(ByBot(Full(), "not a handle").result.ok());
  EXPECT_EQ(http_.Requests().back().url, "https://slack.com/api/chat.postMessage");
  EXPECT_EQ(http_.Left(), 0U);
}

TEST_F(SlackTest, ANoWithStatus200IsAnError) {
  struct Case {
    const char* word;
    ErrorCode code;
    const char* text;
  };
  const Case cases[] = {
      {"invalid_auth", ErrorCode::kUnauthenticated, "Slack refused the message (`invalid_auth`) (check the bot token)"},
      {"channel_not_found", ErrorCode::kNotFound,
       "Slack refused the message (`channel_not_found`) (invite the bot into the channel)"},
      {"not_in_channel", ErrorCode::kForbidden,
       "Slack refused the message (`not_in_channel`) (invite the bot into the channel and give it the scope "
       "chat:write)"},
      {"ratelimited", ErrorCode::kRateLimited, "Slack refused the message (`ratelimited`)"},
      {"internal_error", ErrorCode::kUnavailable, "Slack refused the message (`internal_error`)"},
      {"invalid_blocks", ErrorCode::kInvalidInput, "Slack refused the message (`invalid_blocks`)"},
      {"<b>1</b>", ErrorCode::kInvalidInput, "Slack refused the message (`no error word`)"},
  };
  for (const Case& c : cases) {
    http_.Answer(200, std::string(R"({"ok":false,"error":")") + c.word + "\"}", {{"Retry-After", "9"}});
    const Attempt attempt = ByBot(Full());
    ASSERT_FALSE(attempt.result.ok()) << c.word;
    EXPECT_EQ(attempt.result.error().code, c.code) << c.word;
    EXPECT_EQ(attempt.result.error().ToText(), c.text);
    EXPECT_EQ(attempt.retry_after, Duration(seconds(9)));
  }
}

TEST_F(SlackTest, AnAnswerThatIsNoneOfSlacksIsAnError) {
  for (const std::string& body : {std::string("ok"), std::string("[]"), std::string(R"({"ok":"yes"})"), std::string(),
                                  std::string(std::size_t{300} * 1024, ' ')}) {
    http_.Answer(200, body);
    const Attempt attempt = ByBot(Full());
    ASSERT_FALSE(attempt.result.ok());
    EXPECT_EQ(attempt.result.error().code, ErrorCode::kBadAnswer);
    EXPECT_EQ(attempt.result.error().message, "Slack's answer to chat.postMessage cannot be understood");
  }
}

TEST_F(SlackTest, ABotWithoutAHandleInTheAnswerHasDelivered) {
  http_.Answer(200, R"({"ok":true})");
  const Attempt attempt = ByBot(Full());
  ASSERT_TRUE(attempt.result.ok());
  EXPECT_EQ(attempt.result->handle, "");
}

TEST_F(SlackTest, ABotPostsIntoTheOwnersChannelOrElseIntoItsOwn) {
  Message message = Full();
  message.owner.addresses = {{.name = "team-web", .slack_channel = "C0WEB"}};
  http_.Answer(200, R"({"ok":true,"channel":"C0WEB","ts":"1.2"})");
  EXPECT_TRUE(ByBot(message).result.ok());
  EXPECT_EQ(Body(0)["channel"].StringOr(""), "C0WEB");
  http_.Answer(200, R"({"ok":false,"error":"not_in_channel"})");
  http_.Answer(200, R"({"ok":true,"channel":"C012AB3CD","ts":"1.3"})");
  EXPECT_TRUE(ByBot(message).result.ok());
  EXPECT_EQ(Body(1)["channel"].StringOr(""), "C0WEB");
  EXPECT_EQ(Body(2)["channel"].StringOr(""), "C012AB3CD");
  // A failure that passes is tried again there, not taken elsewhere.
  http_.Answer(503);
  EXPECT_FALSE(ByBot(message).result.ok());
  EXPECT_EQ(http_.Requests().size(), 4U);
}

TEST(TargetOfHandle, TakesOnlyItsOwn) {
  EXPECT_EQ(TargetOfHandle("C012AB3CD:1503435956.000247").channel, "C012AB3CD");
  EXPECT_EQ(TargetOfHandle("C012AB3CD:1503435956.000247").timestamp, "1503435956.000247");
  for (const char* handle : {"", ":", "C012AB3CD", "C012AB3CD:", ":1.2", "general:1.2", "C012AB3CD:now", "C0:1.2:3"}) {
    EXPECT_EQ(TargetOfHandle(handle).timestamp, "") << handle;
  }
}

}  // namespace
}  // namespace sallyport
