// SPDX-License-Identifier: Apache-2.0
#include "notify/make_channel.h"

#include <gtest/gtest.h>

#include "base/fake_clock.h"
#include "net/fake_http.h"
#include "notify/test_message.h"

namespace sallyport {
namespace {

using testing_message::Full;

class MakeChannelTest : public ::testing::Test {
 protected:
  Dispatcher::Entry Made(ChannelType type, const Result<ChannelSecrets>& secrets) {
    ChannelSettings settings;
    settings.name = "c";
    settings.type = type;
    settings.channel = "C012AB3CD";
    settings.min_severity = 4;
    settings.accounts = {"111122223333"};
    settings.owners = {"team-web"};
    return MakeChannel(settings, secrets, {http_, clock_, [this](std::string_view text) {
                                             written_ += text;
                                             return true;
                                           }});
  }
  std::string WhyNot(ChannelType type, const Result<ChannelSecrets>& secrets) {
    const Attempt attempt = Made(type, secrets).channel->Deliver(Full(), std::nullopt, std::nullopt);
    if (attempt.result.ok()) return "delivered";
    EXPECT_EQ(attempt.result.error().code, ErrorCode::kUnavailable);
    return attempt.result.error().ToText();
  }

  FakeHttpClient http_;
  FakeClock clock_;
  std::string written_;
};

TEST_F(MakeChannelTest, MakesEachType) {
  const ChannelSecrets secrets = {Secret("https://example.com/hook"), Secret("token"), Secret("0123456789abcdef")};
  for (const ChannelType type : {ChannelType::kSlackWebhook, ChannelType::kTeams, ChannelType::kWebhook}) {
    http_.Answer(200);
    EXPECT_TRUE(Made(type, secrets).channel->Deliver(Full(), std::nullopt, std::nullopt).result.ok());
    EXPECT_EQ(http_.Requests().back().url, "https://example.com/hook");
  }
  http_.Answer(200, R"({"ok":true})");
  EXPECT_TRUE(Made(ChannelType::kSlackBot, secrets).channel->Deliver(Full(), std::nullopt, std::nullopt).result.ok());
  EXPECT_EQ(http_.Requests().back().url, "https://example.com/hook/chat.postMessage");
  EXPECT_TRUE(
      Made(ChannelType::kConsole, ChannelSecrets{}).channel->Deliver(Full(), std::nullopt, std::nullopt).result.ok());
  EXPECT_TRUE(
      Made(ChannelType::kJsonLines, ChannelSecrets{}).channel->Deliver(Full(), std::nullopt, std::nullopt).result.ok());
  EXPECT_TRUE(written_.starts_with("Owner: "));
  EXPECT_NE(written_.find("\n{\"schema\":1"), std::string::npos);
}

TEST_F(MakeChannelTest, AsksSlackItselfUnlessToldOtherwise) {
  http_.Answer(200, R"({"ok":true})");
  const ChannelSecrets secrets = {Secret(), Secret("token"), Secret()};
  EXPECT_TRUE(Made(ChannelType::kSlackBot, secrets).channel->Deliver(Full(), std::nullopt, std::nullopt).result.ok());
  EXPECT_EQ(http_.Requests().back().url, "https://slack.com/api/chat.postMessage");
}

TEST_F(MakeChannelTest, TakesTheFilterOver) {
  const auto entry = Made(ChannelType::kConsole, ChannelSecrets{});
  EXPECT_EQ(entry.name, "c");
  EXPECT_EQ(entry.filter.min_severity, 4);
  EXPECT_EQ(entry.filter.accounts, std::set<std::string>{"111122223333"});
  EXPECT_EQ(entry.filter.owners, std::set<std::string>{"team-web"});
}

TEST_F(MakeChannelTest, AChannelThatCannotBeUsedSaysWhyAndSendsNothing) {
  EXPECT_EQ(WhyNot(ChannelType::kTeams, Error{ErrorCode::kNotFound, "file `x`: no such file", ""}),
            "file `x`: no such file");
  EXPECT_EQ(WhyNot(ChannelType::kTeams, ChannelSecrets{Secret("http://169.254.169.254/"), {}, {}}),
            "the address is link-local, of a metadata service, or of no single host (it is not shown: it may be a "
            "secret)");
  const std::string fifteen = "0123456789abcde";
  EXPECT_EQ(WhyNot(ChannelType::kWebhook, ChannelSecrets{Secret("https://example.com/"), {}, Secret(fifteen)}),
            "the secret of the signature is shorter than 16 bytes (make one with `openssl rand -hex 32`)");
  EXPECT_TRUE(http_.Requests().empty());
}

}  // namespace
}  // namespace sallyport
