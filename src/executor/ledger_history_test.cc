// SPDX-License-Identifier: Apache-2.0
#include "executor/ledger_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/fake_clock.h"
#include "ledger/forwarding_ledger_for_test.h"
#include "ledger/sqlite_ledger.h"

namespace sallyport {
namespace {

using testing::HasSubstr;

const InstanceId kAsked{"i-0123456789abcdef0"};

class LedgerHistoryTest : public ::testing::Test {
 protected:
  // An event of that case, or of a new one, whose plan says that and concerns the host.
  CaseNumber Add(CaseSays says, std::optional<CaseNumber> of = std::nullopt, const InstanceId& instance = kAsked) {
    NewEvent event;
    event.source = "aws.guardduty";
    event.subject = "finding " + std::to_string(++events_);
    event.sha256 = Sha256Hex(event.subject);
    event.case_number = of;
    const AddedEvent added = ledger_->AddEvent(event).value();
    NewPlan plan;
    plan.workflow = "guardduty";
    plan.json = "{}";
    plan.digest = Sha256Hex("plan " + std::to_string(events_));
    plan.says = says;
    plan.hosts = {"111122223333/us-east-1/" + instance.value};
    const auto planned = ledger_->AddPlan(added.number, plan);
    EXPECT_TRUE(planned.ok()) << planned.error().ToText();
    EXPECT_TRUE(ledger_->SetEventState(added.number, EventState::kDone, "").ok());
    return added.case_number;
  }

  std::string Why(const InstanceId& instance = kAsked) { return LedgerHistory(*ledger_).WhyEvidence(instance).value(); }

  FakeClock clock_;
  std::unique_ptr<Ledger> ledger_ = SqliteLedger::Open(":memory:", clock_).value();
  int events_ = 0;
};

TEST_F(LedgerHistoryTest, AFindingThatCallsTheHostCompromisedMakesEvidenceForAsLongAsItsCaseIsNotSettled) {
  EXPECT_EQ(Why(), "");
  const CaseNumber found = Add(CaseSays::kCompromised);
  const std::string number = std::to_string(found.value);
  EXPECT_EQ(Why(), "probably compromised by a finding of case " + number +
                       ", its rules stay as evidence until that is settled (sallyport cases close " + number + ")");
  EXPECT_EQ(Why(InstanceId{"i-0fedcba9876543210"}), "");
  // Time does not clean a host.
  clock_.Advance(std::chrono::hours(24 * 400));
  EXPECT_THAT(Why(), HasSubstr("case " + number));
  // What says nothing of the case changes nothing.
  Add(CaseSays::kNothing, found);
  EXPECT_THAT(Why(), HasSubstr("case " + number));
  Add(CaseSays::kSettled, found);
  EXPECT_EQ(Why(), "");
  // A new update of the same finding.
  Add(CaseSays::kCompromised, found);
  EXPECT_THAT(Why(), HasSubstr("case " + number));
}

TEST_F(LedgerHistoryTest, AnotherFindingBesideItChangesNothing) {
  Add(CaseSays::kActive);
  EXPECT_EQ(Why(), "");
  const CaseNumber first = Add(CaseSays::kCompromised);
  Add(CaseSays::kSettled, Add(CaseSays::kActive));
  EXPECT_THAT(Why(), HasSubstr("case " + std::to_string(first.value) + ","));
  const CaseNumber second = Add(CaseSays::kCompromised);
  Add(CaseSays::kSettled, second);
  EXPECT_THAT(Why(), HasSubstr("case " + std::to_string(first.value) + ",")) << "one of two is settled";
}

// Fail closed: what cannot be read is not "no".
TEST_F(LedgerHistoryTest, WhatCannotBeReadIsLeftAlone) {
  class Unreadable final : public ForwardingLedger {
   public:
    using ForwardingLedger::ForwardingLedger;
    Result<std::optional<CaseNumber>> FindCompromised(std::string_view) override {
      return Error{ErrorCode::kStorage, "the disk is gone", ""};
    }
  };
  Unreadable unreadable(SqliteLedger::Open(":memory:", clock_).value());
  LedgerHistory history(unreadable);
  const auto unread = history.WhyEvidence(kAsked);
  ASSERT_FALSE(unread.ok());
  EXPECT_EQ(unread.error().code, ErrorCode::kStorage);
  EXPECT_THAT(unread.error().message, HasSubstr("could not be read: the disk is gone"));
  // Until it can be read each of them is evidence.
  std::vector<Target> targets = {{ComputerId{34}, {}}, {ComputerId{35}, {}}};
  targets.front().host.instance = kAsked;
  EXPECT_FALSE(MarkEvidence(targets, &history).ok());
  EXPECT_THAT(targets.front().host.evidence, HasSubstr("could not be read"));
  EXPECT_EQ(targets.back().host.evidence, "") << "no EC2 instance";
}

}  // namespace
}  // namespace sallyport
