// SPDX-License-Identifier: Apache-2.0
#include "workflow/plan.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace sallyport {
namespace {

TEST(IdempotencyKey, KeepsItsPartsApart) {
  EXPECT_EQ(IdempotencyKey({"a", "b"}).size(), 64U);
  EXPECT_EQ(IdempotencyKey({"a", "b"}), IdempotencyKey({"a", "b"}));
  EXPECT_NE(IdempotencyKey({"ab", "c"}), IdempotencyKey({"a", "bc"}));
  EXPECT_NE(IdempotencyKey({"a", ""}), IdempotencyKey({"", "a"}));
  EXPECT_NE(IdempotencyKey({"1:a;", "b"}), IdempotencyKey({"1:a", ";b"}));
}

TEST(PlanDigest, ChangesWithEveryPartOfADecision) {
  Plan plan;
  plan.workflow = "guardduty";
  const std::string digest = PlanDigest(plan);
  Plan other = plan;
  other.reasons.emplace_back("because");
  EXPECT_NE(PlanDigest(other), digest);
  other = plan;
  other.hosts.emplace_back();
  EXPECT_NE(PlanDigest(other), digest);
  other = plan;
  other.matter.sample = true;
  EXPECT_NE(PlanDigest(other), digest);
  EXPECT_EQ(PlanDigest(plan), digest);
}

TEST(PlanToJson, HoldsTheWholePlanAndIsValidJsonForHostileNames) {
  Plan plan;
  plan.workflow = "guardduty";
  plan.decision = Decision::kAct;
  plan.matter.time = FromEpochMilliseconds(1'764'000'000'000);
  HostDecision host;
  host.host = {"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "evil\"\n\xff", std::nullopt};
  host.protection.state = ProtectionState::kProtected;
  host.protection.modules[swp::Module::kAntiMalware] = ModuleProtection::kProtects;
  host.protection.gaps.push_back({ProtectionReason::kDetectOnly, swp::Module::kIntrusionPrevention, "text", "advice"});
  host.scans.push_back({swp::ScanKind::kMalware, ScanVerdict::kNotApplicable, "why"});
  plan.hosts.push_back(host);
  PlannedAction planned;
  planned.action = RequestScan{swp::ScanKind::kRecommendation, ComputerId{34}, host.host, true, std::nullopt};
  plan.actions.push_back(planned);

  const auto json = Json::Parse(PlanToJson(plan));
  ASSERT_TRUE(json.ok()) << json.error().message;
  EXPECT_EQ((*json)["decision"].StringOr(""), "act");
  EXPECT_EQ((*json)["eventTime"].StringOr(""), "2025-11-24T16:00:00Z");
  const Json shown = (*json)["hosts"].Elements().at(0);
  EXPECT_EQ(shown["protection"]["modules"]["antiMalware"].StringOr(""), "protects");
  EXPECT_EQ(shown["protection"]["gaps"].Elements().at(0)["module"].StringOr(""), "intrusionPrevention");
  EXPECT_EQ(shown["scans"].Elements().at(0)["verdict"].StringOr(""), "not-applicable");
  EXPECT_EQ((*json)["actions"].Elements().at(0)["action"]["scan"].StringOr(""), "scan-for-recommendations");
}

}  // namespace
}  // namespace sallyport
