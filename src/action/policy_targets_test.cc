// SPDX-License-Identifier: Apache-2.0
#include "action/policy_targets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workflow/fake_swp.h"

namespace sallyport {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<swp::Computer> Computers(std::int32_t first, std::int32_t count) {
  std::vector<swp::Computer> computers;
  for (std::int32_t id = first; id < first + count; ++id) {
    computers.push_back(ProtectedComputer("i-0123456789abcdef" + std::to_string(id % 10), id));
  }
  return computers;
}

std::vector<std::int32_t> IdsOf(const std::vector<Target>& targets) {
  std::vector<std::int32_t> ids;
  ids.reserve(targets.size());
  for (const Target& target : targets) ids.push_back(target.computer.value);
  return ids;
}

// 12 with 14 and 15 below it, and 16 below 15. Computer 3 moved from 14 to 16 while it was asked.
FakeSwpReads Tree() {
  FakeSwpReads swp;
  swp.policies_below.emplace(12, std::vector<PolicyId>{PolicyId{14}, PolicyId{15}});
  swp.policies_below.emplace(15, std::vector<PolicyId>{PolicyId{16}});
  swp.computers_of.emplace(12, Computers(1, 2));
  swp.computers_of.emplace(14, Computers(3, 1));
  swp.computers_of.emplace(16, Computers(3, 3));
  return swp;
}

TEST(PolicyTargets, AreTheComputersOfThePolicyAndOfAllBelowItEachOnce) {
  FakeSwpReads swp = Tree();
  const auto targets = ReadPolicyTargets(swp, PolicyId{12}, 100);
  ASSERT_TRUE(targets.ok());
  EXPECT_THAT(IdsOf(*targets), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_EQ(targets->front(), TargetOf(Computers(1, 1).front()));
}

TEST(PolicyTargets, OfATreeThatGoesInACircleEndToo) {
  FakeSwpReads swp = Tree();
  swp.policies_below.emplace(16, std::vector<PolicyId>{PolicyId{12}, PolicyId{16}});
  EXPECT_THAT(IdsOf(ReadPolicyTargets(swp, PolicyId{12}, 100).value()), ElementsAre(1, 2, 3, 4, 5));
}

TEST(PolicyTargets, AreCountedOverTheWholeTree) {
  FakeSwpReads swp = Tree();
  EXPECT_TRUE(ReadPolicyTargets(swp, PolicyId{12}, 5).ok());
  const auto too_many = ReadPolicyTargets(swp, PolicyId{12}, 4);
  EXPECT_EQ(too_many.error(),
            (Error{ErrorCode::kTooLarge, "more than 4 computers have policy 12 or one below it", ""}));
  swp.computers_of.insert_or_assign(12, Computers(1, static_cast<std::int32_t>(kMostPolicyTargets) + 1));
  EXPECT_THAT(ReadPolicyTargets(swp, PolicyId{12}, 100'000).error().message, HasSubstr("more than 2000 computers"));
}

TEST(PolicyTargets, AreAllOfThemOrAnError) {
  for (const std::int32_t policy : {12, 14, 16}) {
    FakeSwpReads swp = Tree();
    swp.computers_of.insert_or_assign(policy, Error{ErrorCode::kUnavailable, "away", ""});
    EXPECT_EQ(ReadPolicyTargets(swp, PolicyId{12}, 100).error().code, ErrorCode::kUnavailable) << policy;
    swp = Tree();
    swp.policies_below.insert_or_assign(policy, Error{ErrorCode::kForbidden, "no", ""});
    EXPECT_EQ(ReadPolicyTargets(swp, PolicyId{12}, 100).error().code, ErrorCode::kForbidden) << policy;
  }
}

TEST(PolicyTargets, OfMorePoliciesThanATenantHasAreNotKnown) {
  FakeSwpReads swp;
  std::vector<PolicyId> below;
  for (std::int32_t id = 13; id < 13 + 999; ++id) below.push_back(PolicyId{id});
  swp.policies_below.emplace(12, below);
  EXPECT_TRUE(ReadPolicyTargets(swp, PolicyId{12}, 10).ok());
  below.push_back(PolicyId{5000});
  swp.policies_below.insert_or_assign(12, below);
  EXPECT_EQ(ReadPolicyTargets(swp, PolicyId{12}, 10).error().code, ErrorCode::kTooLarge);
}

// What is known of the hosts of SWP: no cloud record is no tags, a record without tags is tags that are not known.
TEST(TargetOf, TellsNoTagsFromTagsThatAreNotKnown) {
  swp::Computer computer;
  computer.id = ComputerId{7};
  computer.host_name = "db-7";
  EXPECT_EQ(TargetOf(computer).host.tags, std::vector<swp::Tag>());
  EXPECT_EQ(NameOf(TargetOf(computer)), "db-7, computer 7");
  computer.instance_source = swp::InstanceSource::kNoConnectorVirtualMachineSummary;
  computer.instance_id = "i-1";
  EXPECT_EQ(TargetOf(computer).host.tags, std::nullopt);
  EXPECT_EQ(NameOf(TargetOf(computer)), "db-7 (i-1)");
  computer.instance_source = swp::InstanceSource::kEc2VirtualMachineSummary;
  EXPECT_EQ(TargetOf(computer).host.tags, std::nullopt);
  computer.tags.emplace();
  EXPECT_EQ(TargetOf(computer).host.tags, std::vector<swp::Tag>());
}

}  // namespace
}  // namespace sallyport
