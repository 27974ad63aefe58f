// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reach_gather/aws_reach.h"
#include "reach_gather/gather_for_test.h"

namespace sallyport::reach {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kManagement = "123456789012";
constexpr const char* kOther = "444455556666";

Facts FactsOf(std::initializer_list<const char*> accounts) {
  Facts facts;
  for (const char* account : accounts) facts.accounts.emplace_back().account = account;
  return facts;
}

std::string In(const std::string& organization, const std::string& management, const std::string& features = "ALL") {
  return R"({"Organization":{"Id":")" + organization + R"(","MasterAccountId":")" + management + R"(","FeatureSet":")" +
         features + R"("}})";
}

TEST_F(GatherTest, AnAccountInNoOrganizationIsControlledByNothing) {
  Facts facts;
  facts.accounts.emplace_back().account = kHome;
  aws_.Fail("DescribeOrganization", ErrorCode::kInvalidInput, "AWSOrganizationsNotInUseException");
  Make().ReadControls(Make().ReadOrganization(), facts);
  EXPECT_TRUE(facts.accounts[0].controls.ok());
  ASSERT_TRUE(facts.accounts[0].place.ok());
  EXPECT_EQ(facts.accounts[0].place->organization, "");
  aws_.Fail("DescribeOrganization", ErrorCode::kForbidden, "AccessDeniedException");
  Make().ReadControls(Make().ReadOrganization(), facts);
  EXPECT_FALSE(facts.accounts[0].controls.ok());
  EXPECT_FALSE(facts.accounts[0].place.ok());
}

TEST_F(GatherTest, ReadsControlPoliciesFromTheRootDown) {
  Facts facts;
  facts.accounts.emplace_back().account = kHome;
  aws_.On("DescribeOrganization", R"({"Organization":{"Id":"o-1","MasterAccountId":"123456789012"}})");
  aws_.On("ListParents", [](const aws::Call& call) -> Result<std::string> {
    const bool is_unit = call.body.find("ou-1") != std::string::npos;
    return std::string(is_unit ? R"({"Parents":[{"Id":"r-1","Type":"ROOT"}]})"
                               : R"({"Parents":[{"Id":"ou-1","Type":"ORGANIZATIONAL_UNIT"}]})");
  });
  aws_.On("ListPoliciesForTarget", [](const aws::Call& call) -> Result<std::string> {
    const bool is_scp = call.body.find("SERVICE_CONTROL") != std::string::npos;
    return std::string(is_scp ? R"({"Policies":[{"Id":"p-1","Name":"full"}]})" : R"({"Policies":[]})");
  });
  aws_.On("DescribePolicy", R"({"Policy":{"PolicySummary":{"Id":"p-1"},"Content":"{}"}})");
  Make().ReadControls(Make().ReadOrganization(), facts);
  ASSERT_TRUE(facts.accounts[0].controls.ok()) << facts.accounts[0].controls.error().ToText();
  const auto& levels = *facts.accounts[0].controls;
  ASSERT_THAT(levels, SizeIs(3));
  EXPECT_EQ(levels[0].name, "r-1");
  EXPECT_EQ(levels[2].name, kHome);
  EXPECT_EQ(levels[0].scps[0].name, "full");
  EXPECT_EQ(aws_.Count("DescribePolicy"), 1U);
  EXPECT_EQ(facts.accounts[0].place->path, "o-1/r-1/ou-1/");
}

// "It can be called from any account in the organization"; the tree cannot.
TEST_F(GatherTest, AMemberThatMayNotReadTheTreeIsToldHowItIsRead) {
  aws_.On("DescribeOrganization", In("o-1", kManagement));
  Facts facts = FactsOf({kHome});
  Make().ReadControls(Make().ReadOrganization(), facts);
  EXPECT_EQ(facts.accounts[0].place->organization, "o-1");
  EXPECT_EQ(facts.accounts[0].place->path, "");
  ASSERT_FALSE(facts.accounts[0].controls.ok());
  EXPECT_THAT(facts.accounts[0].controls.error().ToText(),
              AllOf(HasSubstr("management account 123456789012"), HasSubstr("set aws.accounts to a role there"),
                    HasSubstr("organizations:ListPoliciesForTarget"), HasSubstr("delegated administrator")));
  // With a role that is refused, too: this is what it has to be allowed.
  options_.other_accounts = {kManagement};
  Make().ReadControls(Make().ReadOrganization(), facts);
  EXPECT_THAT(
      facts.accounts[0].controls.error().advice,
      AllOf(HasSubstr("for the role in the management account 123456789012"), HasSubstr("organizations:ListParents")));
}

// A role of one name for all accounts is seldom in the management account; our own may be the delegated administrator.
TEST_F(GatherTest, TheTreeIsReadByWhoeverMay) {
  options_.any_account = true;
  aws_.On("DescribeOrganization", In("o-1", kManagement));
  const auto unless_management = [](const char* body) {
    return [body](const aws::Call& call) -> Result<std::string> {
      if (call.place.account == kManagement) return Remote(ErrorCode::kForbidden, "AccessDenied");
      return std::string(body);
    };
  };
  aws_.On("ListParents", unless_management(R"({"Parents":[{"Id":"r-1","Type":"ROOT"}]})"));
  aws_.On("ListPoliciesForTarget", unless_management(R"({"Policies":[]})"));
  aws_.On("ListAccounts", unless_management(R"({"Accounts":[{"Id":"444455556666","Status":"ACTIVE"}]})"));
  Facts facts = FactsOf({kHome, kOther});
  const auto organization = Make().ReadOrganization();
  Make().ReadControls(organization, facts);
  for (const AccountFacts& account : facts.accounts) {
    ASSERT_TRUE(account.controls.ok()) << account.controls.error().ToText();
    EXPECT_THAT(*account.controls, SizeIs(2));
    EXPECT_EQ(account.place->path, "o-1/r-1/");
  }
  EXPECT_EQ(Make().ReadMembers(*organization, 10)->front(), kOther);
}

TEST_F(GatherTest, AReaderThatWasRefusedIsNotAskedForEveryAccount) {
  aws_.On("DescribeOrganization", In("o-1", kManagement));
  Facts facts = FactsOf({kHome, kOther, "222222222222"});
  Make().ReadControls(Make().ReadOrganization(), facts);
  EXPECT_EQ(aws_.Count("ListParents"), 1U);
  EXPECT_EQ(aws_.Count("DescribeOrganization"), 3U);
}

TEST_F(GatherTest, WhatHasNoControlPoliciesIsDecided) {
  // The management account.
  aws_.On("DescribeOrganization", In("o-1", kHome));
  Facts facts = FactsOf({kHome});
  Make().ReadControls(Make().ReadOrganization(), facts);
  ASSERT_TRUE(facts.accounts[0].controls.ok());
  EXPECT_THAT(*facts.accounts[0].controls, IsEmpty());
  // A member of an organization for billing only.
  aws_.On("DescribeOrganization", In("o-1", kManagement, "CONSOLIDATED_BILLING"));
  facts = FactsOf({kHome});
  Make().ReadControls(Make().ReadOrganization(), facts);
  ASSERT_TRUE(facts.accounts[0].controls.ok());
  EXPECT_THAT(*facts.accounts[0].controls, IsEmpty());
}

// Whom our own organization does not know says itself where it is.
TEST_F(GatherTest, OtherAccountsAreAskedThemselves) {
  aws_.On("DescribeOrganization", [](const aws::Call& call) -> Result<std::string> {
    if (call.place.account.empty()) return In("o-1", kHome);
    if (call.place.account == kOther) return In("o-2", kManagement);
    return Remote(ErrorCode::kInvalidInput, "AWSOrganizationsNotInUseException");
  });
  aws_.Fail("ListParents", ErrorCode::kInvalidInput, "ChildNotFoundException");
  Facts facts = FactsOf({kHome, kOther, "222222222222"});
  Make().ReadControls(Make().ReadOrganization(), facts);
  ASSERT_FALSE(facts.accounts[1].controls.ok());
  EXPECT_THAT(facts.accounts[1].controls.error().advice, HasSubstr("organization o-2 is read in its management"));
  EXPECT_EQ(facts.accounts[1].place->organization, "o-2");
  ASSERT_TRUE(facts.accounts[2].controls.ok());
  EXPECT_EQ(facts.accounts[2].place->organization, "");
}

TEST_F(GatherTest, TheKeysOwnAccountHasControlsToo) {
  aws_.On("DescribeOrganization", In("o-1", kHome));
  aws_.On("ListParents", R"({"Parents":[{"Id":"r-1","Type":"ROOT"}]})");
  aws_.On("ListPoliciesForTarget", R"({"Policies":[]})");
  Facts facts = FactsOf({kHome});
  facts.key_owner.emplace().account = kOther;
  Make().ReadControls(Make().ReadOrganization(), facts);
  ASSERT_TRUE(facts.key_owner->controls.ok());
  EXPECT_THAT(*facts.key_owner->controls, SizeIs(2));
}

}  // namespace
}  // namespace sallyport::reach
