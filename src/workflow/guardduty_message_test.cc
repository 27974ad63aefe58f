// SPDX-License-Identifier: Apache-2.0
#include "workflow/guardduty_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sallyport {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

GuardDutyFinding Finding() {
  GuardDutyFinding finding;
  finding.id = "1ab0f7b2c1d34e5f60718293a4b5c6d7";
  finding.type = "Backdoor:EC2/C&CActivity.B!DNS";
  finding.title = "click <a href=evil>here</a>";
  finding.region = "us-east-1";
  finding.partition = "aws";
  finding.severity = 8;
  finding.count = 3;
  finding.first_seen = FromEpochMilliseconds(1'764'000'000'000);
  return finding;
}

HostDecision Unprotected() {
  HostDecision decision;
  decision.host = {"111122223333",
                   "us-east-1",
                   {"i-0fedcba9876543210"},
                   "web-02",
                   std::vector<swp::Tag>{{"Owner", "team-shop@example.com"}}};
  decision.protection.state = ProtectionState::kNotProtected;
  decision.protection.decisive = {{ProtectionReason::kNotActivated, std::nullopt, "no agent", "install the agent"}};
  return decision;
}

TEST(OwnerMessage, SaysWhyNowWhatIsWrongAndWhatToDo) {
  const NotifyOwner message = OwnerMessage(Finding(), Unprotected(), {});
  EXPECT_EQ(message.owner, "team-shop@example.com");
  EXPECT_EQ(message.owner_source, "tag `Owner`");
  EXPECT_EQ(message.reason, "not-activated");
  EXPECT_THAT(message.headline, HasSubstr("i-0fedcba9876543210"));
  EXPECT_THAT(message.why_now, Contains(HasSubstr("Backdoor:EC2/C&CActivity.B!DNS, severity 8.0")));
  EXPECT_THAT(message.why_now, Contains(HasSubstr("seen 3 times, first 2025-11-24 16:00:00 UTC")));
  EXPECT_THAT(message.protection, ElementsAre("no agent"));
  EXPECT_THAT(message.to_do, Contains("install the agent"));
}

// The finding's title and description follow an attacker's actions.
TEST(OwnerMessage, CopiesNoTextThatAnAttackerWrites) {
  EXPECT_EQ(ActionToJson(OwnerMessage(Finding(), Unprotected(), {})).find("evil"), std::string::npos);
}

TEST(FindingLink, IsInThePartitionOfTheFinding) {
  GuardDutyFinding finding = Finding();
  EXPECT_EQ(FindingLink(finding).label, "Finding");
  EXPECT_EQ(FindingLink(finding).url,
            "https://console.aws.amazon.com/guardduty/home?region=us-east-1#/findings?search=id%3D" + finding.id);
  finding.partition = "aws-cn";
  EXPECT_THAT(FindingLink(finding).url, HasSubstr("https://console.amazonaws.cn/"));
  finding.partition = "aws-us-gov";
  EXPECT_THAT(FindingLink(finding).url, HasSubstr("https://console.amazonaws-us-gov.com/"));
}

TEST(FindingLink, IsLeftOutWhenItsPartsAreNotWhatTheyShouldBe) {
  GuardDutyFinding finding = Finding();
  finding.id = "1ab0#x";
  EXPECT_EQ(FindingLink(finding).url, "");
  finding = Finding();
  finding.region = "us-east-1/../..";
  EXPECT_EQ(FindingLink(finding).url, "");
}

}  // namespace
}  // namespace sallyport
