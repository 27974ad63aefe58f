// SPDX-License-Identifier: Apache-2.0
#include "notify/render_json.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/json.h"
#include "base/text.h"
#include "notify/test_message.h"

namespace sallyport {
namespace {

using testing_message::Full;

TEST(MessageJson, HoldsEverythingButAddresses) {
  Message message = Full();
  message.owner.addresses = {{.name = "team-web", .email = "web@example.com"}};
  EXPECT_EQ(
      MessageJson(message),
      R"j({"schema":1,"case":17,"message":"owner/i-0123456789abcdef0","kind":"update","status":"open","severity":8,"band":"high",)j"
      R"j("sample":false,"headline":"Server & Workload Protection does not protect i-0123456789abcdef0",)j"
      R"j("why_now":["GuardDuty finding UnauthorizedAccess:EC2/SSHBruteForce, severity 8","seen 57 times"],)j"
      R"j("where":{"account":"111122223333","region":"us-east-1","instance":"i-0123456789abcdef0","name":"web-01"},)j"
      R"j("protection":{"state":"not protected","reasons":["no agent is installed and activated"]},)j"
      R"j("done":[{"what":"recommendation scan of computer 34 (web-01)","outcome":"refused",)j"
      R"j("reason":"the exclusion tag is set"},)j"
      R"j({"what":"intrusion prevention rule 1011242","outcome":"verified"}],)j"
      R"j("to_do":[{"text":"install and activate the agent",)j"
      R"j("command":"sudo /opt/ds_agent/dsa_control -a dsm://example.com:443/"},)j"
      R"j({"text":"then investigate the finding itself"}],)j"
      R"j("links":[{"label":"Finding",)j"
      R"j("url":"https://console.aws.amazon.com/guardduty/home?region=us-east-1#/findings"}],)j"
      R"j("owner":{"name":"team-web","source":"tag `Owner`"},)j"
      R"j("created_at":"2025-11-24T16:00:00Z","updated_at":"2025-11-24T16:01:00Z"})j");
}

TEST(MessageJson, SaysThatItMayBeARepetition) {
  Message message = Full();
  EXPECT_EQ(MessageJson(message).find("may_repeat"), std::string::npos);
  const std::string content = ContentSha256(message, ContentScope::kAll);
  message.may_repeat = true;
  EXPECT_NE(MessageJson(message).find("\"may_repeat\":true"), std::string::npos);
  EXPECT_EQ(ContentSha256(message, ContentScope::kAll), content);
}

TEST(MessageJson, IsOneSafeLineWhateverTheTexts) {
  testing_message::ForEachHostile([](const Message& message, const std::string& hostile) {
    const std::string text = MessageJson(message);
    EXPECT_EQ(Printable(text, text.size()), text) << hostile;
    const auto json = Json::Parse(text);
    ASSERT_TRUE(json.ok()) << json.error().message;
    const bool cut = !(*json)["cut"].IsMissing();
    EXPECT_EQ((*json).Members().size(), cut ? 19U : 18U) << hostile;
    // A command with control characters is left out.
    EXPECT_TRUE(!cut || message.to_do[0].command == hostile) << text;
  });
}

TEST(MessageJson, WritesNoNumberThatJsonDoesNotHave) {
  Message message = Full();
  message.severity = std::nan("");
  const auto json = Json::Parse(MessageJson(message));
  ASSERT_TRUE(json.ok()) << json.error().message;
  EXPECT_TRUE((*json)["severity"].IsNull());
}

TEST(MessageJson, IsBounded) {
  Message message = Full();
  message.why_now.assign(100, "y");
  message.headline = std::string(2'000, 'y');
  auto json = Json::Parse(MessageJson(message));
  ASSERT_TRUE(json.ok());
  EXPECT_EQ((*json)["why_now"].Elements().size(), 100U);
  EXPECT_TRUE((*json)["cut"].IsMissing());
  message.why_now.assign(101, "y");
  json = Json::Parse(MessageJson(message));
  ASSERT_TRUE(json.ok());
  EXPECT_EQ((*json)["why_now"].Elements().size(), 100U);
  EXPECT_TRUE((*json)["cut"].BoolOr(false));
  message = Full();
  message.headline = std::string(2'001, 'y');
  json = Json::Parse(MessageJson(message));
  ASSERT_TRUE(json.ok());
  EXPECT_EQ((*json)["headline"].StringOr(""), std::string(2'000, 'y') + "...");
  EXPECT_TRUE((*json)["cut"].BoolOr(false));
}

}  // namespace
}  // namespace sallyport
