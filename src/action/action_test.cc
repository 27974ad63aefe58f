// SPDX-License-Identifier: Apache-2.0
#include "action/action.h"

#include <gtest/gtest.h>

#include "action/kinds_for_test.h"
#include "base/json.h"

namespace sallyport {
namespace {

const Host kHostWithLineEnd{"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "web\n01", std::nullopt};

TEST(Action, AScanIsDescribedByWhatItDoesToWhat) {
  const Action scan = RequestScan{swp::ScanKind::kIntegrity, ComputerId{34}, kHostWithLineEnd, false, std::nullopt};
  EXPECT_EQ(KindOf(scan), "request-scan");
  EXPECT_EQ(WhatOf(scan), "scan-for-integrity-changes");
  EXPECT_EQ(SubjectOf(scan), "computer 34");
  EXPECT_EQ(Describe(scan), "integrity scan of computer 34 (web\\x0a01, i-0123456789abcdef0)");
  EXPECT_TRUE(Writes(scan));
  EXPECT_EQ((*Json::Parse(ActionToJson(scan)))["computer"].Int64Or(0), 34);
  EXPECT_TRUE((*Json::Parse(ActionToJson(scan)))["apply_results"].IsMissing());
}

TEST(Action, OnlyARecommendationScanSaysWhetherItsResultsAreApplied) {
  const Action scan = RequestScan{swp::ScanKind::kRecommendation, ComputerId{34}, kHostWithLineEnd, true, std::nullopt};
  EXPECT_TRUE((*Json::Parse(ActionToJson(scan)))["apply_results"].BoolOr(false));
}

// A message, and the removal of our own tasks, are nothing that an owner has to hear the end of.
TEST(Action, OwnersHearOfWhatWasDoneToTheirHosts) {
  const Host host{"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "web-01", std::nullopt};
  NotifyOwner message;
  message.host = host;
  EXPECT_TRUE(OwnerHears(RequestScan{swp::ScanKind::kIntegrity, ComputerId{34}, host, false, std::nullopt}));
  EXPECT_TRUE(OwnerHears(AssignRules{swp::RuleModule::kLogInspection, {}, ComputerId{34}, host, {}}));
  EXPECT_FALSE(OwnerHears(DeleteTask{ScheduledTaskId{7}, ComputerId{34}, host}));
  EXPECT_FALSE(OwnerHears(message));
}

TEST(Action, AMessageChangesNothing) {
  NotifyOwner message;
  message.host = kHostWithLineEnd;
  message.reason = "not-activated";
  const Action action = message;
  EXPECT_EQ(KindOf(action), "notify-owner");
  EXPECT_EQ(WhatOf(action), "not-activated");
  EXPECT_EQ(SubjectOf(action), "111122223333/us-east-1/i-0123456789abcdef0");
  EXPECT_FALSE(Writes(action));
  EXPECT_NE(Describe(action).find("nobody named"), std::string::npos);
}

}  // namespace
}  // namespace sallyport
