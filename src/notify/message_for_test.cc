// SPDX-License-Identifier: Apache-2.0
#include "notify/message_for.h"

#include <gtest/gtest.h>

#include "notify/dispatcher.h"

namespace sallyport {
namespace {

NotifyOwner Action() {
  NotifyOwner action;
  action.host = {"111122223333", "us-east-1", InstanceId{"i-0123456789abcdef0"}, "web-01", std::nullopt};
  action.owner = "team-web, somebody";
  action.owner_source = "tag `Owner`";
  action.reason = "not-activated";
  action.headline = "web-01 is attacked and has no agent";
  action.why_now = {"seen 57 times"};
  action.protection = {"no agent is installed and activated"};
  action.to_do = {"install the agent"};
  action.links = {{"Finding", "https://console.aws.amazon.com/macie/home"}, {"Web ACL", "https://example.com/"}};
  return action;
}

TEST(MessageFor, TakesEverythingOver) {
  OwnerDirectory directory;
  directory.owners = {{.name = "team-web", .slack_user = "S012AB3CD"}};
  MessageContext context;
  context.case_id = 17;
  context.severity = 8;
  context.sample = true;
  context.created_at = FromEpochMilliseconds(1);
  context.updated_at = FromEpochMilliseconds(2);
  NotifyOwner action = Action();
  action.status = MatterStatus::kFinished;
  action.protection_state = "not protected";
  action.done = {{"verified", "scan", "it ended"}};
  const Message message = MessageFor(action, context, directory);
  EXPECT_EQ(message.headline, "web-01 is attacked and has no agent");
  EXPECT_EQ(message.why_now, std::vector<std::string>{"seen 57 times"});
  EXPECT_EQ(message.where.account, "111122223333");
  EXPECT_EQ(message.where.region, "us-east-1");
  EXPECT_EQ(message.where.instance, "i-0123456789abcdef0");
  EXPECT_EQ(message.where.name, "web-01");
  EXPECT_EQ(message.protection_state, "not protected");
  EXPECT_EQ(message.protection_reasons, std::vector<std::string>{"no agent is installed and activated"});
  ASSERT_EQ(message.done.size(), 1U);
  EXPECT_EQ(message.done[0].outcome, Outcome::kVerified);
  ASSERT_EQ(message.to_do.size(), 1U);
  EXPECT_EQ(message.to_do[0].text, "install the agent");
  ASSERT_EQ(message.links.size(), 2U);
  EXPECT_EQ(message.links[0].label, "Finding");
  EXPECT_EQ(message.links[0].url, "https://console.aws.amazon.com/macie/home");
  EXPECT_EQ(message.links[1].label, "Web ACL");
  EXPECT_EQ(message.case_id, 17);
  EXPECT_EQ(message.key, "owner/111122223333/us-east-1/i-0123456789abcdef0");
  EXPECT_EQ(message.severity, 8);
  EXPECT_TRUE(message.sample);
  EXPECT_EQ(message.owner.name, "team-web, somebody");
  EXPECT_EQ(message.owner.source, "tag `Owner`");
  ASSERT_EQ(message.owner.addresses.size(), 1U);
  EXPECT_EQ(message.owner.addresses[0].slack_user, "S012AB3CD");
  EXPECT_EQ(message.status, MessageStatus::kFinished);
  EXPECT_EQ(message.created_at, FromEpochMilliseconds(1));
  EXPECT_EQ(message.updated_at, FromEpochMilliseconds(2));
}

TEST(MessageFor, AnOwnerThatTheDirectoryDoesNotKnowHasNoAddress) {
  EXPECT_TRUE(MessageFor(Action(), {}, {}).owner.addresses.empty());
}

TEST(MessageFor, ATestIsForItsChannelAlone) {
  NotifyOwner test = Action();
  test.channel = "soc";
  const Message message = MessageFor(test, {}, {});
  EXPECT_EQ(message.only_channel, "soc");
  EXPECT_EQ(message.key, "test/soc");
  EXPECT_EQ(MessageFor(Action(), {}, {}).only_channel, "");
}

TEST(Wants, EveryChannelWantsSamples) {
  Message sample;
  sample.sample = true;
  EXPECT_TRUE(Wants({.min_severity = 10, .accounts = {"444455556666"}}, sample));
}

}  // namespace
}  // namespace sallyport
