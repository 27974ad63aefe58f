// SPDX-License-Identifier: Apache-2.0
#include "config/owners_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sallyport {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string ProblemOf(std::string_view yaml) {
  const OwnersFile file = ParseOwners(yaml, "owners.yaml");
  return file.problems.size() == 1 ? file.problems[0] : std::to_string(file.problems.size()) + " problems";
}

TEST(ParseOwners, ReadsOwnersAccountsAndGroups) {
  const OwnersFile file = ParseOwners(
      "accounts: {'111122223333': team-db}\n"
      "groups:\n"
      "  Web-ASG: Team-Web\n"
      "owners:\n"
      "  team-web:\n"
      "    display: Web team\n"
      "    email: web@example.com\n"
      "    slack_user: S012AB3CD\n"
      "    slack_channel: C012AB3CD\n"
      "    teams: lead@example.com\n"
      "  team-db:\n",
      "owners.yaml");
  ASSERT_THAT(file.problems, IsEmpty());
  ASSERT_EQ(file.directory.owners.size(), 2U);
  EXPECT_EQ(file.directory.owners[0],
            (OwnerAddress{"team-web", "Web team", "web@example.com", "S012AB3CD", "C012AB3CD", "lead@example.com"}));
  EXPECT_EQ(file.directory.owners[1], (OwnerAddress{"team-db"}));
  EXPECT_EQ(file.directory.accounts.at("111122223333"), "team-db");
  EXPECT_EQ(file.directory.groups.at("web-asg"), "team-web");
}

TEST(ParseOwners, AnEmptyFileNamesNobody) {
  const OwnersFile file = ParseOwners("", "owners.yaml");
  EXPECT_THAT(file.problems, IsEmpty());
  EXPECT_EQ(file.directory, OwnerDirectory{});
  EXPECT_THAT(ParseOwners("owners:\ngroups:\n", "owners.yaml").problems, IsEmpty());
}

TEST(ParseOwners, NamesFileAndLineOfEachProblem) {
  const std::pair<const char*, const char*> cases[] = {
      {"text", "owners.yaml:1: text is not a map"},
      {"owner: {}", "owners.yaml:1: unknown key `owner` (did you mean `owners`?); allowed: owners, accounts, groups"},
      {"owners: [a]", "owners.yaml:1: owners: a list is not a map"},
      {"owners:\n  a:\n  a:\n", "owners.yaml:3: owners: `a` is given twice, first in line 2"},
      {"owners:\n  a:\n  A:\n", "owners.yaml:3: owners: `A` is there already, in other letters"},
      {"owners:\n  'a, b':\n", "owners.yaml:2: owners: `a, b` holds a comma, or a space at an end"},
      {"owners:\n  a: text\n", "owners.yaml:2: owners.a: text is not a map"},
      {"owners:\n  a:\n    mail: x@example.com\n",
       "owners.yaml:3: owners.a: unknown key `mail` (did you mean `email`?); allowed: display, email, slack_user, "
       "slack_channel, teams"},
      {"owners:\n  a: {email: nobody}", "owners.yaml:2: owners.a.email: `nobody` is not an e-mail address"},
      {"owners:\n  a: {slack_user: '@ann'}",
       "owners.yaml:2: owners.a.slack_user: `@ann` is not the id of a Slack user or user group, like `U012AB3CD`"},
      {"owners:\n  a: {slack_channel: '#general'}",
       "owners.yaml:2: owners.a.slack_channel: `#general` is not the id of a Slack channel, like `C012AB3CD`"},
      {"owners:\n  a: {teams: ann}",
       "owners.yaml:2: owners.a.teams: `ann` is not a user principal name or an object id"},
      {"owners:\n  a: {display: [x]}", "owners.yaml:2: owners.a.display: a list is not a value for this"},
      {"owners:\n  a: {display: ''}", "owners.yaml:2: owners.a.display: a text of 1 to 256 bytes is needed"},
      {"owners:\n  a: {display: \"x\\e\"}",
       "owners.yaml:2: owners.a.display: `x\\x1b` holds a character that cannot be shown"},
      {"accounts: {'1': a}", "owners.yaml:1: accounts: `1` is not an account id"},
      {"owners: {team-web: }\naccounts: {'111122223333': team-wob}",
       "owners.yaml:2: accounts: there is no owner `team-wob` (did you mean `team-web`?) under `owners`"},
      {"groups: {web: nobody}", "owners.yaml:1: groups: there is no owner `nobody` under `owners`"},
      {"owners: {a: }\ngroups: {web: a, WEB: a}", "owners.yaml:2: groups: `WEB` is there already, in other letters"},
      {"groups: {' ': a}", "owners.yaml:1: groups: a name is empty"},
  };
  for (const auto& [yaml, problem] : cases) EXPECT_EQ(ProblemOf(yaml), problem) << yaml;
  EXPECT_THAT(ProblemOf("a: [b"), HasSubstr("owners.yaml"));
}

TEST(ParseOwners, SaysEverythingAtOnce) {
  const OwnersFile file = ParseOwners("owner: {}\naccounts: {x: a}\n", "o.yaml");
  EXPECT_THAT(file.problems, ElementsAre(HasSubstr("o.yaml:1: unknown key"), HasSubstr("o.yaml:2: accounts: `x`")));
}

TEST(ParseOwners, HasBoundsOnTexts) {
  EXPECT_THAT(ParseOwners("owners: {" + std::string(100, 'n') + ": }", "o").problems, IsEmpty());
  EXPECT_EQ(ParseOwners("owners: {" + std::string(101, 'n') + ": }", "o").problems.size(), 1U);
  EXPECT_THAT(ParseOwners("owners: {a: {display: " + std::string(256, 'n') + "}}", "o").problems, IsEmpty());
  EXPECT_EQ(ParseOwners("owners: {a: {display: " + std::string(257, 'n') + "}}", "o").problems.size(), 1U);
}

}  // namespace
}  // namespace sallyport
