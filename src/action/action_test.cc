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
  EXPECT_EQ(Describe(scan), "integrity scan on web\\x0a01 (i-0123456789abcdef0), computer 34");
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
  EXPECT_NE(Describe(action).find("no owner found"), std::string::npos);
}

struct RecordChange {
  const char* change;  // empty: it is what was decided about
  std::string instance = "i-0123456789abcdef0";
  std::string account = "111122223333";
  std::string fingerprint = "14:F3";
};

// Instance, account and activation; what the decision or the record does not know is not compared, except that a record
// without an instance is not the record of one.
TEST(ChangeOf, ComparesInstanceAccountAndActivation) {
  const Host decided{"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "web-01", std::nullopt, false, "14:F3"};
  const RecordChange cases[] = {
      {""},
      {"", "i-0123456789abcdef0", ""},
      {"computer 34 is the record of instance i-0fedcba9876543210 now, not of instance i-0123456789abcdef0",
       "i-0fedcba9876543210"},
      {"computer 34 is the record of instance I-0123456789ABCDEF0 now, not of instance i-0123456789abcdef0",
       "I-0123456789ABCDEF0"},
      {"computer 34 is the record of no instance now, not of instance i-0123456789abcdef0", ""},
      {"computer 34 is in AWS account 444455556666 now, not in 111122223333", "i-0123456789abcdef0", "444455556666"},
      {"the agent of computer 34 has been activated again since", "i-0123456789abcdef0", "111122223333", "AA:BB"},
      {"the agent of computer 34 is no longer activated", "i-0123456789abcdef0", "111122223333", ""},
  };
  for (const RecordChange& one : cases) {
    swp::Computer now;
    now.id = ComputerId{34};
    now.instance_id = one.instance;
    now.account_id = one.account;
    now.agent_fingerprint = one.fingerprint;
    EXPECT_EQ(ChangeOf(decided, now), one.change);
  }
  // One that was decided about before activations were kept, and a computer that is no EC2 instance.
  swp::Computer now;
  now.id = ComputerId{35};
  now.agent_fingerprint = "14:F3";
  EXPECT_EQ(ChangeOf(Host{"", "", {}, "db-02", std::nullopt}, now), "");
  now.instance_id = "i-0123456789abcdef0";
  EXPECT_NE(ChangeOf(Host{"", "", {}, "db-02", std::nullopt}, now), "");
}

TEST(Host, KeepsTheActivationInJson) {
  const Host decided{"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "web-01", std::nullopt, false, "14:F3"};
  JsonWriter out;
  WriteHost(out, decided);
  EXPECT_EQ(HostFromJson(*Json::Parse(out.text())).value(), decided);
  Host unknown = decided;
  unknown.activation.clear();
  JsonWriter without;
  WriteHost(without, unknown);
  EXPECT_EQ(without.text().find("activation"), std::string::npos);
  EXPECT_EQ(HostFromJson(*Json::Parse(without.text())).value(), unknown);
}

}  // namespace
}  // namespace sallyport
