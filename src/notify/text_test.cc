// SPDX-License-Identifier: Apache-2.0
#include "notify/text.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/json.h"
#include "base/text.h"

namespace sallyport {
namespace {

OwnerMessageToSend Message() {
  OwnerMessageToSend message;
  message.content.host = {"111122223333", "us-east-1", InstanceId{"i-0123456789abcdef0"}, "web-01", std::nullopt};
  message.content.owner = "team-web@example.com";
  message.content.owner_source = "tag `Owner`";
  message.content.reason = "not-activated";
  message.content.headline = "web-01 is attacked and has no agent";
  message.content.why_now = {"UnauthorizedAccess:EC2/SSHBruteForce, severity 8", "seen 57 times"};
  message.content.protection = {"no agent is installed and activated"};
  message.content.to_do = {"install and activate the agent"};
  message.content.links = {"https://console.example/finding"};
  message.severity = 8;
  message.case_id = "case 17";
  return message;
}

std::size_t Lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

// Everything that may tamper with a terminal, a mail or the reader's eye, and a line of our own form.
const char* const kHostile[] = {
    "x\nSubject: all is well",
    "x\r\nTo: nobody",
    "x\x1b[2J\x1b]8;;http://evil.example\x07",
    "x\xE2\x80\xAEtxt.exe",
    "x\xE2\x81\xA6y\xE2\x81\xA9",
    "x\xD8\x9Cz",
    "x\xE2\x80\xA8 Case: 99",
    "x\xC2\x9B"
    "31m",
    "x\x80\xFF\xC0",
    "x\tCase: 99\x0b\x0c",
};

TEST(MessageText, SaysWhoWhatWhyAndWhatToDo) {
  EXPECT_EQ(MessageText(Message()),
            "To: team-web@example.com   [tag `Owner`]\n"
            "Subject: web-01 is attacked and has no agent\n"
            "Host: i-0123456789abcdef0 (web-01), account 111122223333, region us-east-1\n"
            "Why now\n"
            "  - UnauthorizedAccess:EC2/SSHBruteForce, severity 8\n"
            "  - seen 57 times\n"
            "Protection: not protected\n"
            "  - no agent is installed and activated\n"
            "What to do\n"
            "  - install and activate the agent\n"
            "Links\n"
            "  - https://console.example/finding\n"
            "Case: case 17\n");
}

TEST(MessageText, LabelsASample) {
  OwnerMessageToSend message = Message();
  EXPECT_EQ(MessageText(message).find("SAMPLE"), std::string::npos);
  message.sample = true;
  EXPECT_NE(MessageText(message).find("\nSubject: [SAMPLE] web-01 is attacked and has no agent\n"), std::string::npos);
}

TEST(MessageText, SaysWhenNobodyIsNamed) {
  OwnerMessageToSend message = Message();
  message.content.owner = "";
  message.content.owner_source = "no tag and no default owner";
  EXPECT_TRUE(MessageText(message).starts_with("To: (nobody is named)   [no tag and no default owner]\n"));
}

TEST(MessageText, LeavesOutWhatIsEmpty) {
  OwnerMessageToSend message = Message();
  message.content.host.name = "";
  message.content.why_now.clear();
  message.content.protection.clear();
  message.content.to_do.clear();
  message.content.links.clear();
  EXPECT_EQ(MessageText(message),
            "To: team-web@example.com   [tag `Owner`]\n"
            "Subject: web-01 is attacked and has no agent\n"
            "Host: i-0123456789abcdef0, account 111122223333, region us-east-1\n"
            "Case: case 17\n");
}

// Each text that comes from outside, in turn hostile: the message keeps its lines and holds nothing unprintable.
TEST(MessageText, NoTextFromOutsideCanForgeALine) {
  using Set = void (*)(NotifyOwner&, const std::string&);
  const Set setters[] = {
      [](NotifyOwner& m, const std::string& text) { m.owner = text; },
      [](NotifyOwner& m, const std::string& text) { m.owner_source = text; },
      [](NotifyOwner& m, const std::string& text) { m.headline = text; },
      [](NotifyOwner& m, const std::string& text) { m.host.name = text; },
      [](NotifyOwner& m, const std::string& text) { m.host.account = text; },
      [](NotifyOwner& m, const std::string& text) { m.host.region = text; },
      [](NotifyOwner& m, const std::string& text) { m.why_now[0] = text; },
      [](NotifyOwner& m, const std::string& text) { m.protection[0] = text; },
      [](NotifyOwner& m, const std::string& text) { m.to_do[0] = text; },
      [](NotifyOwner& m, const std::string& text) { m.links[0] = text; },
  };
  const std::size_t lines = Lines(MessageText(Message()));
  for (std::size_t i = 0; i < std::size(setters); ++i) {
    for (const char* hostile : kHostile) {
      OwnerMessageToSend message = Message();
      setters[i](message.content, hostile);
      const std::string text = MessageText(message);
      EXPECT_EQ(Lines(text), lines) << i << ": " << text;
      std::string one_line = text;
      std::replace(one_line.begin(), one_line.end(), '\n', ' ');
      EXPECT_EQ(Printable(one_line, one_line.size()), one_line) << i;
      EXPECT_NE(text.find('x'), std::string::npos);
    }
  }
}

TEST(MessageText, CutsEachTextAtItsBound) {
  const auto text = [](auto set, std::size_t length) {
    OwnerMessageToSend message = Message();
    set(message.content) = std::string(length, 'y');
    return MessageText(message);
  };
  const auto expect_bound = [&](auto set, std::size_t bound) {
    EXPECT_NE(text(set, bound).find(std::string(bound, 'y')), std::string::npos) << bound;
    EXPECT_EQ(text(set, bound).find("..."), std::string::npos) << bound;
    EXPECT_NE(text(set, bound + 1).find(std::string(bound, 'y') + "..."), std::string::npos) << bound;
  };
  expect_bound([](NotifyOwner& m) -> std::string& { return m.owner; }, 100);
  expect_bound([](NotifyOwner& m) -> std::string& { return m.owner_source; }, 100);
  expect_bound([](NotifyOwner& m) -> std::string& { return m.headline; }, 400);
  expect_bound([](NotifyOwner& m) -> std::string& { return m.host.name; }, 100);
  expect_bound([](NotifyOwner& m) -> std::string& { return m.host.account; }, 20);
  expect_bound([](NotifyOwner& m) -> std::string& { return m.host.region; }, 40);
  expect_bound([](NotifyOwner& m) -> std::string& { return m.why_now[0]; }, 400);
  expect_bound([](NotifyOwner& m) -> std::string& { return m.links[0]; }, 400);
}

TEST(MessageJson, HoldsTheMessageAndWhatBelongsToIt) {
  OwnerMessageToSend message = Message();
  message.sample = true;
  const auto json = Json::Parse(MessageJson(message));
  ASSERT_TRUE(json.ok()) << json.error().message;
  EXPECT_EQ((*json)["message"].ToText(), ActionToJson(message.content));
  EXPECT_EQ((*json)["message"]["owner"].StringOr(""), "team-web@example.com");
  EXPECT_EQ((*json)["severity"].DoubleOr(0), 8);
  EXPECT_TRUE((*json)["sample"].BoolOr(false));
  EXPECT_EQ((*json)["case"].StringOr(""), "case 17");
}

TEST(MessageJson, IsValidJsonOnOneLineWhateverTheTexts) {
  for (const char* hostile : kHostile) {
    OwnerMessageToSend message = Message();
    NotifyOwner& content = message.content;
    content.owner = content.owner_source = content.headline = content.host.name = hostile;
    content.why_now = content.protection = content.to_do = content.links = {hostile, "\",\"owner\":\"me"};
    const std::string text = MessageJson(message);
    EXPECT_EQ(Lines(text), 0U);
    const auto json = Json::Parse(text);
    ASSERT_TRUE(json.ok()) << json.error().message;
    EXPECT_EQ((*json)["message"]["links"].Elements().at(1).StringOr(""), "\",\"owner\":\"me");
  }
}

TEST(ConsoleNotifier, HandsOverTheMessage) {
  std::vector<std::string> written;
  ConsoleNotifier console([&](const OwnerMessageToSend& message) { written.push_back(MessageText(message)); });
  EXPECT_TRUE(console.Send(Message()).ok());
  EXPECT_EQ(written, std::vector<std::string>{MessageText(Message())});
}

}  // namespace
}  // namespace sallyport
