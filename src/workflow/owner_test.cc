// SPDX-License-Identifier: Apache-2.0
#include "workflow/owner.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

using Tags = std::vector<swp::Tag>;

constexpr const char* kAccount = "111122223333";

OwnerSettings WithDirectory() {
  OwnerSettings settings;
  settings.directory.owners = {{.name = "team-web",
                                .display = "Web team",
                                .email = "web@example.com",
                                .slack_user = "S012WEB",
                                .slack_channel = "C012WEB",
                                .teams = "web.lead@example.com"},
                               {.name = "team-db"}};
  settings.directory.accounts = {{kAccount, "team-db"}};
  settings.directory.groups = {{"web-asg", "team-web"}, {"shop-stack", "team-db"}};
  settings.default_owner = "secops@example.com";
  return settings;
}

std::string NameOf(const Tags& tags) {
  return FindOwner(tags, "444455556666", WithDirectory()).name;
}

TEST(FindOwner, TakesTheFirstTagOfTheLadderInAnyCase) {
  const Owner owner = FindOwner(Tags{{"team", "blue"}, {"OWNER", " ann@example.com "}}, kAccount, {});
  EXPECT_EQ(owner.name, "ann@example.com");
  EXPECT_EQ(owner.source, "tag `OWNER`");
  EXPECT_EQ(FindOwner(Tags{{"team", "blue"}, {"Owner", "  "}}, kAccount, {}).name, "blue");
  EXPECT_EQ(FindOwner(Tags{{"team", "blue"}, {"Owner", " , ,"}}, kAccount, {}).name, "blue");
}

TEST(FindOwner, FallsBackToTheDefaultOwner) {
  OwnerSettings settings;
  settings.default_owner = "secops@example.com";
  EXPECT_EQ(FindOwner(Tags{}, kAccount, settings).name, "secops@example.com");
  EXPECT_EQ(FindOwner(std::nullopt, kAccount, settings).name, "secops@example.com");
  EXPECT_EQ(FindOwner(Tags{}, kAccount, settings).source, "notify.default_owner");
  settings.default_owner = "Web team";
  settings.directory = WithDirectory().directory;
  EXPECT_EQ(FindOwner(Tags{}, "444455556666", settings).addresses.size(), 1U);
}

TEST(FindOwner, SaysWhyNobodyIsNamed) {
  EXPECT_EQ(FindOwner(Tags{{"Name", "x"}}, kAccount, {}).source,
            "no owner tag, no entry in the owners file, no notify.default_owner");
  EXPECT_EQ(FindOwner(std::nullopt, kAccount, {}).source, "undetermined: the tags of the host could not be read");
  EXPECT_EQ(FindOwner(std::nullopt, kAccount, {}).name, "");
}

// An address comes from the mapping file or from nowhere.
TEST(FindOwner, ATagIsTextUntilTheDirectoryKnowsIt) {
  for (const char* text : {"boss@example.com", "U0ATTACKER", "<!channel>", "#general", "team-we", "team-web x"}) {
    const Owner owner = FindOwner(Tags{{"Owner", text}}, kAccount, WithDirectory());
    EXPECT_EQ(owner.name, text);
    EXPECT_TRUE(owner.addresses.empty()) << text;
  }
  for (const char* text : {"team-web", "TEAM-WEB", "Web Team", "WEB@example.com", "s012web", "C012WEB",
                           "web.lead@example.com", " team-web "}) {
    const Owner owner = FindOwner(Tags{{"Owner", text}}, kAccount, WithDirectory());
    EXPECT_EQ(owner.name, "team-web") << text;
    ASSERT_EQ(owner.addresses.size(), 1U) << text;
    EXPECT_EQ(owner.addresses[0].slack_user, "S012WEB");
  }
}

TEST(FindOwner, TakesListsWithCommas) {
  const Owner owner = FindOwner(Tags{{"Owner", "ann, Web team,team-web ,,team-db"}}, kAccount, WithDirectory());
  EXPECT_EQ(owner.name, "ann, team-web, team-web, team-db");
  ASSERT_EQ(owner.addresses.size(), 2U);
  EXPECT_EQ(owner.addresses[1].name, "team-db");
}

TEST(FindOwner, ReadsAtMostTenNames) {
  EXPECT_EQ(NameOf({{"Owner", "a,b,c,d,e,f,g,h,i,team-web"}}), "a, b, c, d, e, f, g, h, i, team-web");
  EXPECT_EQ(NameOf({{"Owner", "a,b,c,d,e,f,g,h,i,j,team-web"}}), "a, b, c, d, e, f, g, h, i, j");
}

TEST(FindOwner, AsksTheDirectoryForTheGroupThatAwsNames) {
  const Owner owner = FindOwner(Tags{{"aws:autoscaling:groupName", "Web-ASG"}}, kAccount, WithDirectory());
  EXPECT_EQ(owner.name, "team-web");
  EXPECT_EQ(owner.source, "owners file, by tag `aws:autoscaling:groupName`");
  EXPECT_EQ(owner.addresses.size(), 1U);
  EXPECT_EQ(NameOf({{"aws:cloudformation:stack-name", "shop-stack"}}), "team-db");
  EXPECT_EQ(NameOf({{"aws:ecs:serviceName", "web-asg"}}), "team-web");
  EXPECT_EQ(NameOf({{"aws:ecs:clusterName", "web-asg"}}), "team-web");
  EXPECT_EQ(NameOf({{"eks:cluster-name", "web-asg"}}), "team-web");
  // An owner tag wins; a group without an owner is passed over.
  EXPECT_EQ(NameOf({{"aws:autoscaling:groupName", "web-asg"}, {"Team", "blue"}}), "blue");
  EXPECT_EQ(NameOf({{"aws:autoscaling:groupName", "x"}, {"aws:cloudformation:stack-name", "shop-stack"}}), "team-db");
  EXPECT_EQ(NameOf({{"aws:autoscaling:groupName", "x"}}), "secops@example.com");
}

TEST(FindOwner, AsksTheDirectoryForTheAccountBeforeTheDefault) {
  for (const std::optional<Tags>& tags : {std::optional(Tags{}), std::optional<Tags>()}) {
    const Owner owner = FindOwner(tags, kAccount, WithDirectory());
    EXPECT_EQ(owner.name, "team-db");
    EXPECT_EQ(owner.source, "owners file, by account");
    EXPECT_EQ(FindOwner(tags, "444455556666", WithDirectory()).name, "secops@example.com");
  }
}

// Somebody's e-mail may be another's name.
TEST(OwnerDirectory, PrefersNames) {
  OwnerDirectory directory;
  directory.owners = {{.name = "a", .email = "b"}, {.name = "b"}};
  EXPECT_EQ(directory.Find("b")->name, "b");
  EXPECT_EQ(directory.Find(""), nullptr);
}

}  // namespace
}  // namespace sallyport
