// SPDX-License-Identifier: Apache-2.0
#include "notify/render_text.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "notify/test_message.h"

namespace sallyport {
namespace {

using testing_message::Full;

std::size_t Lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(ConsoleText, SaysWhoWhatWhyWhatWasDoneAndWhatToDo) {
  EXPECT_EQ(ConsoleText(Full()),
            "Owner: team-web (tag `Owner`)\n"
            "Message: Server & Workload Protection does not protect i-0123456789abcdef0\n"
            "Host: web-01 (i-0123456789abcdef0), account 111122223333, region us-east-1\n"
            "Why now\n"
            "  - GuardDuty finding UnauthorizedAccess:EC2/SSHBruteForce, severity 8\n"
            "  - seen 57 times\n"
            "Protection: not protected\n"
            "  - no agent is installed and activated\n"
            "What was done\n"
            "  - recommendation scan of computer 34 (web-01): refused: the exclusion tag is set\n"
            "  - intrusion prevention rule 1011242: verified\n"
            "What to do\n"
            "  - install and activate the agent\n"
            "      sudo /opt/ds_agent/dsa_control -a dsm://example.com:443/\n"
            "  - then investigate the finding itself\n"
            "Links\n"
            "  - Finding: https://console.aws.amazon.com/guardduty/home?region=us-east-1#/findings\n"
            "Status for web-01: open (case 17)\n");
}

TEST(ConsoleText, LabelsSamplesAndEnds) {
  Message message = Full();
  message.sample = true;
  EXPECT_NE(ConsoleText(message).find("\nMessage: [SAMPLE] Server"), std::string::npos);
  message.status = MessageStatus::kFinished;
  EXPECT_NE(ConsoleText(message).find("\nMessage: [SAMPLE] Server"), std::string::npos);
  EXPECT_NE(ConsoleText(message).find("\nStatus for web-01: finished (case 17)\n"), std::string::npos);
  message.status = MessageStatus::kFailed;
  EXPECT_NE(ConsoleText(message).find("\nMessage: [SAMPLE] Server"), std::string::npos);
}

TEST(ConsoleText, SaysThatItMayBeARepetition) {
  Message message = Full();
  EXPECT_EQ(ConsoleText(message).find("repetition"), std::string::npos);
  message.may_repeat = true;
  EXPECT_TRUE(ConsoleText(message).ends_with("Note: " + std::string(kMayRepeatNotice) + "\n"));
}

TEST(ConsoleText, LeavesOutWhatIsEmpty) {
  Message message;
  message.headline = "h";
  message.where = {"111122223333", "us-east-1", "i-0123456789abcdef0", ""};
  message.owner.source = "no tag and no default owner";
  message.case_id = 3;
  EXPECT_EQ(ConsoleText(message),
            "Owner: none found (no tag and no default owner)\n"
            "Message: h\n"
            "Host: i-0123456789abcdef0, account 111122223333, region us-east-1\n"
            "Status for i-0123456789abcdef0: open (case 3)\n");
}

TEST(ConsoleText, NoTextFromOutsideCanForgeALine) {
  const std::size_t lines = Lines(ConsoleText(Full()));
  testing_message::ForEachHostile([&](const Message& message, const std::string& hostile) {
    const std::string text = ConsoleText(message);
    // A command with control characters is left out, and the cut is told.
    EXPECT_TRUE(Lines(text) == lines || message.to_do[0].command == hostile) << text;
    EXPECT_LE(Lines(text), lines + 1);
    std::string one_line = text;
    std::replace(one_line.begin(), one_line.end(), '\n', ' ');
    EXPECT_EQ(Printable(one_line, one_line.size()), one_line) << hostile;
  });
}

TEST(ConsoleText, CutsWithANoticeThatNamesTheCase) {
  const std::string notice = "\nshortened; full text for operators: sallyport cases show 17\n";
  Message message = Full();
  message.why_now.assign(50, "y");
  EXPECT_EQ(ConsoleText(message).find(notice), std::string::npos);
  message.why_now.assign(51, "y");
  EXPECT_TRUE(ConsoleText(message).ends_with(notice));
  message.why_now = {std::string(400, 'y')};
  EXPECT_EQ(ConsoleText(message).find(notice), std::string::npos);
  message.why_now = {std::string(401, 'y')};
  EXPECT_TRUE(ConsoleText(message).ends_with(notice));
}

// Copied and run, half a command does something else.
TEST(ConsoleText, ShowsACommandWholeOrNotAtAll) {
  Message message = Full();
  message.to_do = {{"run this", std::string(400, 'c')}};
  EXPECT_NE(ConsoleText(message).find("\n      " + std::string(400, 'c') + "\n"), std::string::npos);
  message.to_do = {{"run this", std::string(401, 'c')}};
  EXPECT_EQ(ConsoleText(message).find("cccc"), std::string::npos);
  EXPECT_NE(ConsoleText(message).find("shortened; full text"), std::string::npos);
}

}  // namespace
}  // namespace sallyport
