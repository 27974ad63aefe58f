// SPDX-License-Identifier: Apache-2.0
//
// One event that names many hosts: gates.max_hosts and the approval threshold count them over all of its actions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "intake/world_for_test.h"

namespace sallyport {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::size_t kHostsOfSequence = 3;
constexpr std::size_t kScansOfEach = 3;

std::string HostOfSequence(std::size_t at) {
  return "i-0123456789abcdef" + std::to_string(at);
}

// An attack sequence names its hosts in a list.
std::string SequenceOf(std::size_t hosts) {
  std::string resources;
  for (std::size_t i = 0; i < hosts; ++i) {
    resources += (i == 0 ? "" : ",") + std::string(R"({"resourceType":"EC2_INSTANCE","accountId":"111122223333",)") +
                 R"("region":"us-east-1","uid":"arn:aws:ec2:us-east-1:111122223333:instance/)" + HostOfSequence(i) +
                 R"("})";
  }
  return R"({"version":"0","id":"e1","detail-type":"GuardDuty Finding","source":"aws.guardduty",)"
         R"("account":"111122223333","region":"us-east-1","detail":{"schemaVersion":"2.0","accountId":"111122223333",)"
         R"("region":"us-east-1","partition":"aws","id":"1ab0f7b2c1d34e5f60718293a4b5c6d7",)"
         R"("type":"AttackSequence:EC2/CompromisedInstanceGroup","severity":9,"updatedAt":"2025-11-24T16:00:00.000Z",)"
         R"("resource":{"resourceType":"AttackSequence"},"service":{"archived":false,"count":1,"detection":{)"
         R"("sequence":{"resources":[)" +
         resources + R"(]}}}}})";
}

struct SequenceWorld : World {
  SequenceWorld() {
    options.gates.mode = Mode::kEnforce;
    for (std::size_t i = 0; i < kHostsOfSequence; ++i) {
      const std::string host = HostOfSequence(i);
      const auto computer = ProtectedComputer(host, static_cast<std::int32_t>(34 + i));
      reads.computers.emplace(host, std::vector{computer});
      reads.by_id.emplace(computer.id.value, computer);
    }
  }
  std::vector<std::string> ReasonsOf(const EventReport& report) {
    std::vector<std::string> reasons;
    for (const ActionOutcome& outcome : report.plans.at(0).outcomes) reasons.push_back(outcome.reason);
    return reasons;
  }
};

TEST(HostsOfEvent, AtTheBoundsAllOfThemAreScanned) {
  SequenceWorld world;
  world.options.gates.max_hosts = kHostsOfSequence;
  world.options.gates.approve_above_hosts = kHostsOfSequence;
  world.Handle(SequenceOf(kHostsOfSequence));
  EXPECT_THAT(world.writes.requested, SizeIs(kHostsOfSequence * kScansOfEach));
}

// Each action by itself is about one host.
TEST(HostsOfEvent, OnePastMaxHostsNoneOfThemIs) {
  SequenceWorld world;
  world.options.gates.max_hosts = kHostsOfSequence - 1;
  world.options.gates.approve_above_hosts = kHostsOfSequence;
  const EventReport report = world.Handle(SequenceOf(kHostsOfSequence));
  EXPECT_THAT(world.writes.requested, IsEmpty());
  EXPECT_THAT(world.ReasonsOf(report), SizeIs(kHostsOfSequence * kScansOfEach));
  EXPECT_THAT(world.ReasonsOf(report), Each(HasSubstr("blast-radius: affects 3 hosts")));
}

TEST(HostsOfEvent, OnePastTheThresholdAllOfThemWaitForOneYes) {
  SequenceWorld world;
  world.options.gates.approve_above_hosts = kHostsOfSequence - 1;
  const EventReport report = world.Handle(SequenceOf(kHostsOfSequence));
  EXPECT_THAT(world.writes.requested, IsEmpty());
  EXPECT_THAT(world.ReasonsOf(report), Each(HasSubstr("approval: affects 3 hosts")));
  const auto waiting = world.ledger->ListPlans(PlanState::kAwaitingApproval, 10).value();
  ASSERT_THAT(waiting, SizeIs(1));
  const auto approved = world.With([&](Handler& handler) { return handler.Approve(waiting[0].digest, "ana"); });
  ASSERT_TRUE(approved.ok()) << approved.error().ToText();
  EXPECT_THAT(world.writes.requested, SizeIs(kHostsOfSequence * kScansOfEach));
}

// A yes is no way around the number that is never passed.
TEST(HostsOfEvent, AYesDoesNotLiftMaxHosts) {
  SequenceWorld world;
  world.options.gates.approve_above_hosts = kHostsOfSequence - 1;
  world.Handle(SequenceOf(kHostsOfSequence));
  const auto waiting = world.ledger->ListPlans(PlanState::kAwaitingApproval, 10).value();
  ASSERT_THAT(waiting, SizeIs(1));
  world.options.gates.max_hosts = kHostsOfSequence - 1;
  const auto approved = world.With([&](Handler& handler) { return handler.Approve(waiting[0].digest, "ana"); });
  ASSERT_TRUE(approved.ok()) << approved.error().ToText();
  EXPECT_THAT(world.ReasonsOf(*approved), Each(HasSubstr("blast-radius: affects 3 hosts")));
  EXPECT_THAT(world.writes.requested, IsEmpty());
}

// The same host in many actions is one host.
TEST(HostsOfEvent, AHostCountsOnce) {
  SequenceWorld world;
  world.options.gates.max_hosts = 1;
  world.options.gates.approve_above_hosts = 1;
  world.Handle(SequenceOf(1));
  EXPECT_THAT(world.writes.requested, SizeIs(kScansOfEach));
}

}  // namespace
}  // namespace sallyport
