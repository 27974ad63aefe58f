// SPDX-License-Identifier: Apache-2.0
#include "notify/render_teams.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "base/text.h"
#include "notify/test_message.h"

namespace sallyport {
namespace {

using testing_message::Full;

Json Card(const Message& message) {
  const auto json = Json::Parse(TeamsBody(message));
  EXPECT_TRUE(json.ok());
  return json.ok() ? (*json)["attachments"].Elements().at(0)["content"] : Json();
}

// Each element that has one of these types, in order.
void CollectOfType(const Json& node, std::string_view type, std::vector<Json>& into) {
  if (node["type"].StringOr("") == type) into.push_back(node);
  for (const Json& element : node.Elements()) CollectOfType(element, type, into);
  for (const auto& member : node.Members()) CollectOfType(member.value, type, into);
}

std::vector<Json> All(const Message& message, std::string_view type) {
  std::vector<Json> found;
  CollectOfType(Card(message), type, found);
  return found;
}

TEST(TeamsBody, IsACardInAMessage) {
  const std::string body = TeamsBody(Full());
  EXPECT_TRUE(body.starts_with(
      R"j({"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","contentUrl":null,)j"
      R"j("content":{"$schema":"http://adaptivecards.io/schemas/adaptive-card.json","type":"AdaptiveCard",)j"
      R"j("version":"1.4","fallbackText":"Server & Workload Protection does not protect i-0123456789abcdef0","body":[)j"
      R"j({"type":"Container","style":"attention","bleed":true,"items":[{"type":"RichTextBlock","inlines":[)j"
      R"j({"type":"TextRun","text":"Server & Workload Protection does not protect i-0123456789abcdef0",)j"
      R"j("weight":"Bolder","size":"Large"}]}]},)j"))
      << body;
  EXPECT_TRUE(body.ends_with(R"j("actions":[{"type":"Action.OpenUrl","title":"Finding",)j"
                             R"j("url":"https://console.aws.amazon.com/guardduty/home?region=us-east-1#/findings"}],)j"
                             R"j("msteams":{"width":"Full"}}}]})j"))
      << body;
}

TEST(TeamsBody, SaysEverything) {
  std::string text;
  for (const Json& run : All(Full(), "TextRun")) text += run["text"].StringOr("") + "|";
  EXPECT_EQ(text,
            "Server & Workload Protection does not protect i-0123456789abcdef0|"
            "Instance: |web-01 (i-0123456789abcdef0)|Account: |111122223333|Region: |us-east-1|Severity: |8.0 (High)|"
            "Owner: |team-web (tag `Owner`)|"
            "Why now|• GuardDuty finding UnauthorizedAccess:EC2/SSHBruteForce, severity 8|• seen 57 times|"
            "Protection: |not protected|• no agent is installed and activated|"
            "What was done|• recommendation scan of computer 34 (web-01): |refused: the exclusion tag is set|"
            "• intrusion prevention rule 1011242: |verified|"
            "What to do|• install and activate the agent|sudo /opt/ds_agent/dsa_control -a dsm://example.com:443/|"
            "• then investigate the finding itself|"
            "Status: open (case 17), 2025-11-24T16:01:00Z; sallyport cases show 17|");
}

TEST(TeamsBody, SaysThatItMayBeARepetition) {
  Message message = Full();
  EXPECT_EQ(TeamsBody(message).find("repetition"), std::string::npos);
  message.may_repeat = true;
  EXPECT_NE(TeamsBody(message).find(kMayRepeatNotice), std::string::npos);
}

TEST(TeamsBody, HasTheColourOfTheOutcome) {
  const auto style = [](const Message& message) { return All(message, "Container").at(0)["style"].StringOr(""); };
  Message message = Full();
  message.status = MessageStatus::kFinished;
  message.done = {{"rule", Outcome::kVerified, ""}};
  EXPECT_EQ(style(message), "good");
  message.status = MessageStatus::kOpen;
  message.severity = 2;
  EXPECT_EQ(style(message), "warning");
  message.to_do.clear();
  message.done = {{"scan", Outcome::kWaiting, ""}};
  EXPECT_EQ(style(message), "accent");
}

TEST(TeamsBody, NoTextFromOutsideIsMarkdownOrAMention) {
  testing_message::ForEachHostile([](const Message& message, const std::string& hostile) {
    EXPECT_TRUE(All(message, "TextBlock").empty()) << hostile;
    EXPECT_TRUE(All(message, "FactSet").empty()) << hostile;
    EXPECT_TRUE(All(message, "mention").empty()) << hostile;
    for (const Json& action : All(message, "Action.OpenUrl")) {
      EXPECT_TRUE(action["url"].StringOr("").starts_with("https://console.aws.amazon.com/")) << hostile;
    }
    const std::string body = TeamsBody(message);
    EXPECT_EQ(Printable(body, body.size()), body) << hostile;
  });
}

TEST(TeamsBody, MentionsOnlyWhoTheMappingFileNames) {
  Message message = Full();
  message.owner.name = "<at>owner1</at>";
  EXPECT_TRUE(All(message, "mention").empty());
  message.owner.addresses = {{.name = "team-web", .display = "Web <b>&team", .teams = "web@example.com"},
                             {.name = "bad", .teams = "<at>x</at>"},
                             {.name = "id", .teams = "7b9a2a4e-0d3f-4f0e-9a51-1f0c5d3d2b10"}};
  const auto blocks = All(message, "TextBlock");
  ASSERT_EQ(blocks.size(), 1U);
  EXPECT_EQ(blocks[0]["text"].StringOr(""), "For <at>owner1</at> <at>owner2</at>");
  const auto mentions = All(message, "mention");
  ASSERT_EQ(mentions.size(), 2U);
  EXPECT_EQ(mentions[0].ToText(), R"({"type":"mention","text":"<at>owner1</at>",)"
                                  R"("mentioned":{"id":"web@example.com","name":"Web bteam"}})" +
                                      std::string());
  EXPECT_EQ(mentions[1]["mentioned"]["name"].StringOr(""), "id");
}

TEST(TeamsBody, StaysUnderTheLimitAndSaysThatItWasCut) {
  for (const char* byte : {"y", "&", "<", "\"", "\\", "\n", "\x01", "\xFF", "\xE2\x80\xAE", "\xE2\x82\xAC"}) {
    Message message = testing_message::Huge(byte);
    message.owner.addresses.assign(50, {.name = message.headline, .teams = "web@example.com"});
    const std::string body = TeamsBody(message);
    EXPECT_LT(body.size(), kTeamsBytes) << byte;
    EXPECT_NE(body.find("; shortened; full text for operators: sallyport cases show 17"), std::string::npos) << byte;
    EXPECT_EQ(All(message, "mention").size(), 5U);
  }
}

TEST(TeamsBody, OpensAtMostFiveSafeLinks) {
  Message message = Full();
  message.links.assign(7, {"a", "https://example.com/"});
  message.links.insert(message.links.begin(), {"b", "javascript:alert(1)"});
  EXPECT_EQ(All(message, "Action.OpenUrl").size(), 5U);
}

TEST(IsTeamsUser, KnowsPrincipalNamesAndObjectIds) {
  for (const char* id : {"anna@example.com", "a.b-c_d+e@sub.example.com", "7b9a2a4e-0d3f-4f0e-9a51-1f0c5d3d2b10"}) {
    EXPECT_TRUE(IsTeamsUser(id)) << id;
  }
  for (const char* id : {"", "anna", "@example.com", "anna@", "a@b@c", "anna@exa mple.com", "<at>x</at>", "a>@b.c",
                         "7b9a2a4e-0d3f-4f0e-9a51-1f0c5d3d2b1", "7b9a2a4e00d3f04f0e09a5101f0c5d3d2b10"}) {
    EXPECT_FALSE(IsTeamsUser(id)) << id;
  }
}

}  // namespace
}  // namespace sallyport
