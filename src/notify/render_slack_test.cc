// SPDX-License-Identifier: Apache-2.0
#include "notify/render_slack.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "base/text.h"
#include "notify/test_message.h"

namespace sallyport {
namespace {

using testing_message::Full;

Json Parsed(const std::string& body) {
  const auto json = Json::Parse(body);
  EXPECT_TRUE(json.ok()) << body;
  return json.value_or(Json());
}

// Every text object of a body, as type and text.
void CollectTexts(const Json& node, std::vector<std::pair<std::string, std::string>>& into) {
  const std::string type = node["type"].StringOr("");
  if (type == "mrkdwn" || type == "plain_text") into.emplace_back(type, node["text"].StringOr(""));
  for (const Json& element : node.Elements()) CollectTexts(element, into);
  for (const auto& member : node.Members()) CollectTexts(member.value, into);
}

std::string Mrkdwn(const std::string& body) {
  std::vector<std::pair<std::string, std::string>> texts;
  CollectTexts(Parsed(body), texts);
  std::string all;
  for (const auto& [type, text] : texts) all += type == "mrkdwn" ? text + "\n" : "";
  return all;
}

TEST(SlackBody, IsTheWholeMessage) {
  EXPECT_EQ(
      SlackBody(Full(), {}),
      R"j({"text":"Server &amp; Workload Protection does not protect i-0123456789abcdef0 (case 17)",)j"
      R"j("blocks":[{"type":"header","text":{"type":"plain_text",)j"
      R"j("text":"Server &amp; Workload Protection does not protect i-0123456789abcdef0","emoji":false}}],)j"
      R"j("attachments":[{"color":"#cf222e","blocks":[)j"
      R"j({"type":"section","fields":[{"type":"mrkdwn","text":"*Instance*","verbatim":true},)j"
      R"j({"type":"plain_text","text":"web-01 (i-0123456789abcdef0)","emoji":false},)j"
      R"j({"type":"mrkdwn","text":"*Account*","verbatim":true},)j"
      R"j({"type":"plain_text","text":"111122223333","emoji":false},)j"
      R"j({"type":"mrkdwn","text":"*Region*","verbatim":true},)j"
      R"j({"type":"plain_text","text":"us-east-1","emoji":false},)j"
      R"j({"type":"mrkdwn","text":"*Severity*","verbatim":true},)j"
      R"j({"type":"plain_text","text":"8.0 (High)","emoji":false},)j"
      R"j({"type":"mrkdwn","text":"*Owner*","verbatim":true},)j"
      R"j({"type":"plain_text","text":"team-web (tag `Owner`)","emoji":false}]},)j"
      R"j({"type":"section","text":{"type":"mrkdwn","text":"*Why now*","verbatim":true}},)j"
      R"j({"type":"section","text":{"type":"plain_text","text":)j"
      R"j("• GuardDuty finding UnauthorizedAccess:EC2/SSHBruteForce, severity 8\n• seen 57 times","emoji":false}},)j"
      R"j({"type":"section","text":{"type":"mrkdwn","text":"*Protection*","verbatim":true}},)j"
      R"j({"type":"section","text":{"type":"plain_text","text":)j"
      R"j("not protected\n• no agent is installed and activated","emoji":false}},)j"
      R"j({"type":"section","text":{"type":"mrkdwn","text":"*What was done*","verbatim":true}},)j"
      R"j({"type":"section","text":{"type":"plain_text","text":)j"
      R"j("• recommendation scan of computer 34 (web-01): refused: the exclusion tag is set\n)j"
      R"j(• intrusion prevention rule 1011242: verified","emoji":false}},)j"
      R"j({"type":"section","text":{"type":"mrkdwn","text":"*What to do*","verbatim":true}},)j"
      R"j({"type":"section","text":{"type":"plain_text","text":"• install and activate the agent","emoji":false}},)j"
      R"j({"type":"section","text":{"type":"mrkdwn",)j"
      R"j("text":"```sudo /opt/ds_agent/dsa_control -a dsm://example.com:443/```","verbatim":true}},)j"
      R"j({"type":"section","text":{"type":"plain_text","text":"• then investigate the finding itself","emoji":false}},)j"
      R"j({"type":"actions","elements":[{"type":"button","action_id":"link-0",)j"
      R"j("text":{"type":"plain_text","text":"Finding","emoji":false},)j"
      R"j("url":"https://console.aws.amazon.com/guardduty/home?region=us-east-1#/findings"}]},)j"
      R"j({"type":"context","elements":[{"type":"plain_text",)j"
      R"j("text":"Status: open (case 17) since 2025-11-24T16:00:00Z; sallyport cases show 17","emoji":false}]}]}],)j"
      R"j("unfurl_links":false,"unfurl_media":false})j");
}

TEST(SlackBody, SaysThatItMayBeARepetition) {
  Message message = Full();
  EXPECT_EQ(SlackBody(message, {}).find("repetition"), std::string::npos);
  message.may_repeat = true;
  EXPECT_NE(SlackBody(message, {}).find(kMayRepeatNotice), std::string::npos);
}

TEST(SlackBody, NamesChannelAndMessageForABot) {
  const Json json = Parsed(SlackBody(Full(), {"C012AB3CD", "1503435956.000247"}));
  EXPECT_EQ(json["channel"].StringOr(""), "C012AB3CD");
  EXPECT_EQ(json["ts"].StringOr(""), "1503435956.000247");
}

TEST(SlackBody, HasTheColourOfTheOutcome) {
  const auto color = [](const Message& message) {
    return Parsed(SlackBody(message, {}))["attachments"].Elements().at(0)["color"].StringOr("");
  };
  Message message = Full();
  message.status = MessageStatus::kFinished;
  message.done = {{"rule", Outcome::kVerified, ""}};
  EXPECT_EQ(color(message), "#1a7f37");
  message.status = MessageStatus::kOpen;
  message.severity = 2;
  EXPECT_EQ(color(message), "#bf8700");
  message.to_do.clear();
  message.done = {{"scan", Outcome::kWaiting, ""}};
  EXPECT_EQ(color(message), "#57606a");
}

// What a text from outside may become in mrkdwn: nothing at all, or a command in its own block.
TEST(SlackBody, NoTextFromOutsideIsMarkup) {
  const std::string ours = Mrkdwn(SlackBody(Full(), {}));
  Message without_command = Full();
  without_command.to_do[0].command = "";
  const std::string ours_without = Mrkdwn(SlackBody(without_command, {}));
  testing_message::ForEachHostile([&](const Message& message, const std::string& hostile) {
    const std::string body = SlackBody(message, {});
    if (message.to_do[0].command == hostile) {
      const std::string command = Mrkdwn(body);
      EXPECT_EQ(command.find('<'), std::string::npos) << command;
      return;
    }
    EXPECT_EQ(Mrkdwn(body), ours) << hostile;
    EXPECT_EQ(Printable(body, body.size()), body) << hostile;
    for (const char* raw : {"<!", "<@", "<#", "<http"}) EXPECT_EQ(body.find(raw), std::string::npos) << body;
  });
  Message backtick = Full();
  backtick.to_do[0].command = "echo ``` <!channel>";
  EXPECT_EQ(Mrkdwn(SlackBody(backtick, {})), ours_without);
}

TEST(SlackBody, EscapesInEveryTextObject) {
  testing_message::ForEachHostile([&](const Message& message, const std::string& hostile) {
    std::vector<std::pair<std::string, std::string>> texts;
    const Json json = Parsed(SlackBody(message, {}));
    CollectTexts(json, texts);
    texts.emplace_back("text", json["text"].StringOr(""));
    for (const auto& [type, text] : texts) {
      EXPECT_EQ(text.find_first_of("<>"), std::string::npos) << hostile;
      for (std::size_t at = text.find('&'); at != std::string::npos; at = text.find('&', at + 1)) {
        const std::string entity = text.substr(at, text.find(';', at) - at + 1);
        EXPECT_TRUE(entity == "&amp;" || entity == "&lt;" || entity == "&gt;") << text;
      }
    }
  });
}

TEST(SlackBody, OpensOnlySafeLinks) {
  Message message = Full();
  message.links = {{"a", "javascript:alert(1)"}, {"b", "https://example.com/<!channel>"}};
  EXPECT_EQ(SlackBody(message, {}).find("\"actions\""), std::string::npos);
  message.links.push_back({"", "https://example.com/"});
  EXPECT_NE(SlackBody(message, {}).find(R"("text":"Open","emoji":false},"url":"https://example.com/"})"),
            std::string::npos);
}

TEST(SlackBody, MentionsOnlyWhoTheMappingFileNames) {
  Message message = Full();
  message.owner = {"<@U012AB3CD>", "tag `Owner`", {}};
  EXPECT_EQ(SlackBody(message, {}).find("<@"), std::string::npos);
  message.owner.addresses = {{.name = "a", .slack_user = "U012AB3CD"},
                             {.name = "b", .slack_user = "S012AB3CD"},
                             {.name = "c", .slack_user = "not an id>"}};
  EXPECT_NE(Mrkdwn(SlackBody(message, {})).find("For <@U012AB3CD> <!subteam^S012AB3CD>\n"), std::string::npos);
}

std::size_t BlockCount(const Json& json) {
  return json["blocks"].Elements().size() + json["attachments"].Elements().at(0)["blocks"].Elements().size();
}

TEST(SlackBody, StaysUnderSlacksLimitsAndSaysThatItWasCut) {
  for (const char* byte : {"y", "&", "<", "\"", "\\", "\n", "\x01", "\xFF", "\xE2\x80\xAE", "\xE2\x82\xAC", " "}) {
    const std::string body = SlackBody(testing_message::Huge(byte), {"C012AB3CD", "1503435956.000247"});
    EXPECT_LT(body.size(), kSlackBytes) << byte;
    const Json json = Parsed(body);
    EXPECT_LE(BlockCount(json), 50U);
    EXPECT_LE(json["blocks"].Elements().at(0)["text"]["text"].StringOr("").size(), 150U);
    EXPECT_NE(body.find("; shortened; full text for operators: sallyport cases show 17"), std::string::npos) << body;
    std::vector<std::pair<std::string, std::string>> texts;
    CollectTexts(json, texts);
    for (const auto& [type, text] : texts) EXPECT_LE(text.size(), 3'000U);
  }
}

TEST(SlackBody, HasNoMoreThanFiftyBlocksWithManyCommands) {
  Message message = Full();
  message.to_do.assign(20, {"t", "c"});
  const Json json = Parsed(SlackBody(message, {}));
  EXPECT_LE(BlockCount(json), 50U);
  EXPECT_NE(json.ToText().find("shortened; full text"), std::string::npos);
  message.to_do.assign(10, {"t", "c"});
  EXPECT_EQ(Parsed(SlackBody(message, {})).ToText().find("shortened; full text"), std::string::npos);
}

TEST(SlackBody, ShowsWhatFitsInFull) {
  Message message = Full();
  message.why_now.assign(10, "a line of usual length, such as a finding has when it is described in some words");
  const std::string body = SlackBody(message, {});
  EXPECT_EQ(body.find("shortened"), std::string::npos);
  EXPECT_LT(body.size(), kSlackBytes);
}

TEST(IsSlackUser, KnowsTheFormOfIds) {
  for (const char* id : {"U012AB3CD", "W012AB3CD", "S012AB3CD"}) EXPECT_TRUE(IsSlackUser(id)) << id;
  for (const char* id : {"", "U", "u012ab3cd", "C012AB3CD", "U012AB3CD>", "@anna", "U0 2"}) {
    EXPECT_FALSE(IsSlackUser(id)) << id;
  }
  EXPECT_TRUE(IsSlackUser("U" + std::string(29, '0')));
  EXPECT_FALSE(IsSlackUser("U" + std::string(30, '0')));
  EXPECT_TRUE(IsSlackChannel("C012AB3CD"));
  EXPECT_FALSE(IsSlackChannel("U012AB3CD"));
  EXPECT_FALSE(IsSlackChannel("#general"));
}

}  // namespace
}  // namespace sallyport
