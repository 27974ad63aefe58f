// SPDX-License-Identifier: Apache-2.0
//
// The answer to the question about all findings of a window, with an SWP from memory.
#include "workflow/patch_question.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "action/child_policy.h"
#include "action/notify_owner.h"
#include "base/fake_documents.h"
#include "workflow/fake_estate.h"
#include "workflow/patch_gather.h"

namespace sallyport {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

const TimePoint kWindowNow = FromEpochMilliseconds(1'764'000'000'000);
constexpr const char* kCve = "CVE-2024-10001";

std::string InstanceNumber(int number) {
  return "i-0000000" + std::to_string(number);
}

// Fails for one instance, one computer's own values or one policy's computers, until it is told to stop.
class MoodyEstate final : public swp::Reads {
 public:
  FakeEstate lists;
  swp::EstateReads* estate() override { return &partly_; }
  std::string failing_instance;
  std::optional<PolicyId> failing_policy;
  bool failing_rules_there = false;

  Result<std::vector<swp::Computer>> FindComputers(const InstanceId&) override { return Never(); }
  Result<std::vector<swp::Computer>> FindNamesakes(ComputerId) override { return Never(); }
  Result<std::vector<swp::ScheduledTask>> FindOurTasks(ComputerId) override { return Never(); }
  Result<std::vector<swp::ScheduledTask>> FindTasksLeft(Duration) override { return Never(); }
  Result<swp::Computer> GetComputer(ComputerId) override { return Never(); }
  Result<swp::ScanProgress> CheckScan(swp::ScanKind, ComputerId, TimePoint) override { return Never(); }
  Result<swp::Assignments> GetAssignments(swp::Scope, swp::RuleModule) override { return Never(); }
  Result<swp::Rule> GetRule(swp::RuleModule, RuleId) override { return Never(); }
  Result<swp::Policy> GetPolicy(PolicyId policy) override {
    for (const swp::Policy& one : lists.policies) {
      if (one.id == policy) return one;
    }
    return Error{ErrorCode::kNotFound, "no such policy", ""};
  }
  Result<std::vector<swp::Computer>> ComputersOf(PolicyId, std::size_t) override { return Never(); }
  Result<std::vector<PolicyId>> PoliciesBelow(PolicyId policy, std::size_t) override {
    std::vector<PolicyId> below;
    for (const swp::Policy& one : lists.policies) {
      if (one.parent == policy) below.push_back(one.id);
    }
    return below;
  }

 private:
  static Error Never() { return {ErrorCode::kInternal, "not asked", ""}; }
  static Error Away() { return {ErrorCode::kUnavailable, "SWP is away", ""}; }

  class Partly final : public swp::EstateReads {
   public:
    explicit Partly(MoodyEstate& of) : of_(of) {}
    Result<std::vector<swp::CatalogRule>> RulesSince(std::optional<TimePoint> since, std::size_t most) override {
      return of_.lists.RulesSince(since, most);
    }
    Result<std::vector<swp::ApplicationType>> AllApplicationTypes(std::size_t most) override {
      return of_.lists.AllApplicationTypes(most);
    }
    Result<std::vector<swp::EstateComputer>> AllComputers(std::optional<PolicyId> policy, std::size_t most) override {
      if (policy && policy == of_.failing_policy) return Away();
      return of_.lists.AllComputers(policy, most);
    }
    Result<std::vector<swp::EstateComputer>> RecordsOfInstance(const InstanceId& instance) override {
      if (instance.value == of_.failing_instance) return Away();
      return of_.lists.RecordsOfInstance(instance);
    }
    Result<std::vector<swp::OwnValues>> AllOwnValues(std::size_t most) override { return of_.lists.AllOwnValues(most); }
    Result<swp::OwnValues> GetOwnValues(ComputerId computer) override { return of_.lists.GetOwnValues(computer); }
    Result<std::vector<swp::Policy>> AllPolicies(std::size_t most) override { return of_.lists.AllPolicies(most); }
    Result<std::vector<swp::Rule>> RulesAt(swp::Scope scope) override {
      if (of_.failing_rules_there) return Away();
      return of_.lists.RulesAt(scope);
    }

   private:
    MoodyEstate& of_;
  };
  Partly partly_{*this};
};

// What earlier findings said of one instance.
class OneCompromised final : public HostHistory {
 public:
  explicit OneCompromised(std::string instance) : instance_(std::move(instance)) {}
  Result<std::string> WhyEvidence(const InstanceId& instance) override {
    return std::string(instance.value == instance_ ? "probably compromised by a finding of case 3" : "");
  }

 private:
  std::string instance_;
};

// Every change was carried out.
class AllDone final : public HostHistory {
 public:
  Result<std::string> WhyEvidence(const InstanceId&) override { return std::string(); }
  Result<bool> WasCarriedOut(std::string_view) override { return true; }
};

class WindowTest : public testing::Test {
 protected:
  void SetUp() override {
    settings_.gates.mode = Mode::kEnforce;
    Own().recommendation_scans = 0;
    AddPolicy(1, std::nullopt);
    AddPolicy(12, 1);
    swp::CatalogRule rule;
    rule.rule.id = RuleId{7};
    rule.rule.identifier = "1000007";
    rule.rule.name = "Example rule";
    rule.rule.cves = {kCve};
    rule.last_updated = kWindowNow;
    swp_.lists.rules = {rule};
  }

  InspectorSettings& Own() { return settings_.rows.Edit<InspectorSettings>(); }

  void AddPolicy(int id, std::optional<int> parent, const std::string& name = "Policy") {
    swp::Policy policy;
    policy.id = PolicyId{id};
    policy.name = name;
    if (parent) policy.parent = PolicyId{*parent};
    swp_.lists.policies.push_back(policy);
  }

  swp::Computer& AddHost(int number, int policy = 12) {
    swp::EstateComputer one;
    one.computer = ProtectedComputer(InstanceNumber(number), number);
    one.computer.display_name = "host-" + std::to_string(number);
    one.computer.platform = "Ubuntu Linux 22";
    one.computer.policy = PolicyId{policy};
    one.computer.last_send_policy_success = kWindowNow;
    swp_.lists.computers.push_back(one);
    Join(number);
    return swp_.lists.computers.back().computer;
  }

  void Join(int number, FindingStatus status = FindingStatus::kActive) {
    PatchFinding finding;
    finding.arn = "arn:aws:inspector2:us-east-1:111122223333:finding/" + std::to_string(number);
    finding.cves = {kCve};
    finding.host = Host{"111122223333", "us-east-1", {InstanceNumber(number)}, "", std::vector<swp::Tag>{}};
    finding.updated = kWindowNow - std::chrono::minutes(1);
    finding.status = status;
    finding.severity = 8;
    const int place = static_cast<int>(members_.size()) + 1;
    members_.push_back({place, 100 + place, number, PatchMember(kCve, {finding})});
  }

  Plan Answer(int attempts = 1, Duration late = Duration{0}) {
    FollowUpContext context;
    context.question = {PatchFindings{std::string(kTenant)}, Matter{}};
    context.attempts = attempts;
    context.give_up_at = kWindowNow + std::chrono::hours(2);
    context.members = members_;
    Sources sources{swp_, kWindowNow + late};
    sources.documents = &documents_;
    sources.history = history_.get();
    Plan plan = PatchFindingsQuestion().Row().answer(context, sources, settings_);
    if (plan.new_run) documents_.Put(plan.new_run->document, plan.new_run->pieces, sources.now);
    return plan;
  }

  static std::vector<std::string> Written(const Plan& plan) {
    std::vector<std::string> places;
    for (const PlannedAction& planned : plan.actions) {
      if (!planned.action.Is<NotifyOwner>()) places.push_back(SubjectOf(planned.action));
    }
    return places;
  }

  static std::string Told(const Plan& plan) {
    std::string told;
    for (const PlannedAction& planned : plan.actions) {
      const auto* message = planned.action.As<NotifyOwner>();
      if (message == nullptr) continue;
      for (const std::string& line : message->why_now) told += line + "\n";
    }
    return told;
  }

  MoodyEstate swp_;
  FakeDocuments documents_;
  std::unique_ptr<HostHistory> history_;
  std::vector<Member> members_;
  WorkflowSettings settings_;
};

TEST_F(WindowTest, WhatCouldNotBeReadOnceIsAskedAgain) {
  AddHost(1);
  AddHost(2);
  swp_.failing_instance = InstanceNumber(2);
  const Plan first = Answer(1);
  EXPECT_EQ(first.answer->kind, Answer::Kind::kNotYet);
  EXPECT_THAT(first.answer->reason, HasSubstr("SWP is away"));
  EXPECT_THAT(first.actions, IsEmpty());
  EXPECT_FALSE(first.new_run);
  swp_.failing_instance.clear();
  const Plan second = Answer(2);
  EXPECT_EQ(second.answer->kind, Answer::Kind::kVerified);
  EXPECT_FALSE(second.HasUndetermined());
  EXPECT_THAT(Written(second), ElementsAre("policy 12"));
}

TEST_F(WindowTest, WhatStaysUnreadHoldsUpNobodyForLongAndIsTold) {
  AddHost(1);
  AddHost(2);
  swp_.failing_instance = InstanceNumber(2);
  const Plan plan = Answer(3);
  EXPECT_EQ(plan.answer->kind, Answer::Kind::kVerified);
  EXPECT_THAT(plan.FirstUndetermined(), HasSubstr(InstanceNumber(2)));
  EXPECT_THAT(Written(plan), ElementsAre("policy 12"));
  EXPECT_THAT(Told(plan), HasSubstr("could not be determined, so nothing is done: CVE-2024-10001"));
  // The next window looks at it again, though nothing about it joined; that it is not known is told once.
  members_.clear();
  Join(1);
  members_.back().event = 200;
  const Plan again = Answer(3);
  EXPECT_THAT(again.FirstUndetermined(), HasSubstr(InstanceNumber(2)));
  EXPECT_THAT(Told(again), testing::Not(HasSubstr("could not be determined")));
  swp_.failing_instance.clear();
  members_.back().event = 300;
  const Plan found = Answer(1);
  EXPECT_FALSE(found.HasUndetermined());
}

TEST_F(WindowTest, WithNothingReadItIsAskedUntilItsTimeIsOverAndThenRecordedAndTold) {
  AddHost(1);
  swp_.failing_instance = InstanceNumber(1);
  EXPECT_EQ(Answer(9).answer->kind, Answer::Kind::kNotYet);
  const Plan late = Answer(10, std::chrono::hours(2));
  EXPECT_EQ(late.answer->kind, Answer::Kind::kNotVerifiable);
  EXPECT_TRUE(late.answer->gave_up);
  EXPECT_THAT(Told(late), HasSubstr("could not be determined"));
  const auto ledger = ReadPatchLedger(&documents_);
  ASSERT_TRUE(ledger.ok());
  ASSERT_THAT(ledger->entries, SizeIs(1));
  const PatchEntry& entry = ledger->entries.begin()->second;
  EXPECT_EQ(entry.covers.at(kCve).state, CoverageState::kUndetermined);
  EXPECT_TRUE(entry.unread);
}

TEST_F(WindowTest, WithoutRulesNothingIsSaidToHaveNone) {
  AddHost(1);
  swp_.lists.failure = Error{ErrorCode::kUnavailable, "SWP is away", ""};
  EXPECT_EQ(Answer(5).answer->kind, Answer::Kind::kNotYet);
  const Plan late = Answer(6, std::chrono::hours(2));
  EXPECT_TRUE(late.answer->gave_up);
  EXPECT_THAT(Told(late), HasSubstr("could not be determined"));
  EXPECT_THAT(Told(late), testing::Not(HasSubstr("only the patch helps")));
}

TEST_F(WindowTest, SeveralRecordsAreAnAnswerAndAreNotWaitedFor) {
  AddHost(1);
  AddHost(2);
  swp_.lists.computers.push_back(swp_.lists.computers.back());
  swp_.lists.computers.back().computer.id = ComputerId{99};
  const Plan plan = Answer(1);
  EXPECT_EQ(plan.answer->kind, Answer::Kind::kVerified);
  EXPECT_THAT(plan.FirstUndetermined(), HasSubstr("several computers with an agent"));
  EXPECT_THAT(Written(plan), ElementsAre("policy 12"));
}

TEST_F(WindowTest, WhoSharesThePolicyMustBeKnownForItToBeThePlace) {
  AddHost(1);
  swp_.failing_policy = PolicyId{12};
  EXPECT_EQ(Answer(1).answer->kind, Answer::Kind::kNotYet);
  EXPECT_THAT(Written(Answer(3)), ElementsAre("computer 1"));
}

TEST_F(WindowTest, OverridesThatCouldNotBeReadLeaveItOpen) {
  ModuleOf(AddHost(1), swp::Module::kIntrusionPrevention).rules = {RuleId{7}};
  swp_.failing_rules_there = true;
  EXPECT_EQ(Answer(1).answer->kind, Answer::Kind::kNotYet);
  swp_.failing_rules_there = false;
  EXPECT_FALSE(Answer(2).HasUndetermined());
}

// Decision 0038: rules go around a host that a finding calls compromised.
TEST_F(WindowTest, ACompromisedHostKeepsItsRulesAsEvidence) {
  AddHost(1);
  AddHost(2);
  AddHost(3);
  history_ = std::make_unique<OneCompromised>(InstanceNumber(2));
  const Plan plan = Answer();
  EXPECT_THAT(Written(plan), UnorderedElementsAre("computer 1", "computer 3"));
  EXPECT_THAT(Told(plan), HasSubstr("none is assigned because a finding calls the host probably compromised: "
                                    "CVE-2024-10001 on host-2"));
}

TEST_F(WindowTest, ACompromisedNeighborKeepsThePolicyAsItIs) {
  AddHost(1);
  AddHost(2);
  members_.pop_back();
  history_ = std::make_unique<OneCompromised>(InstanceNumber(2));
  EXPECT_THAT(Written(Answer()), ElementsAre("computer 1"));
}

// inspector.placement: child-policy.

const PatchInChildPolicy* ChildIn(const Plan& plan) {
  for (const PlannedAction& planned : plan.actions) {
    if (const auto* child = planned.action.As<PatchInChildPolicy>()) return child;
  }
  return nullptr;
}

TEST_F(WindowTest, AChildPolicyTakesThoseThatNeedIt) {
  Own().placement = PatchPlacement::kChildPolicy;
  AddHost(1);
  AddHost(2).tags = std::vector<swp::Tag>{{"sallyport:exclude", "true"}};
  AddHost(3);
  const Plan plan = Answer();
  const PatchInChildPolicy* child = ChildIn(plan);
  ASSERT_NE(child, nullptr);
  EXPECT_EQ(child->parent, PolicyId{12});
  EXPECT_EQ(child->child, "Sallyport virtual patches of policy 12, Linux");
  EXPECT_THAT(child->moved, SizeIs(2)) << "the excluded one stays where it is";
  EXPECT_THAT(child->members.hosts, IsEmpty());
  const auto ledger = ReadPatchLedger(&documents_);
  ASSERT_THAT(ledger->placed, SizeIs(1));
  EXPECT_EQ(ledger->placed.front().child, child->child);
}

TEST_F(WindowTest, WhereThePolicyItselfMayBeChangedThereIsNoChild) {
  Own().placement = PatchPlacement::kChildPolicy;
  AddHost(1);
  EXPECT_THAT(Written(Answer()), ElementsAre("policy 12"));
}

TEST_F(WindowTest, BelowThePolicyAtTheTopAChildIsMade) {
  Own().placement = PatchPlacement::kChildPolicy;
  AddHost(1, 1);
  const Plan plan = Answer();
  ASSERT_NE(ChildIn(plan), nullptr);
  EXPECT_EQ(ChildIn(plan)->parent, PolicyId{1});
}

TEST_F(WindowTest, WhoIsInTheChildAlreadyCountsAmongTheTouched) {
  Own().placement = PatchPlacement::kChildPolicy;
  AddPolicy(13, 1, ChildPolicyName(PolicyId{1}, "Linux"));
  AddHost(1, 1);
  AddHost(2, 13);
  members_.pop_back();
  const Plan plan = Answer();
  ASSERT_NE(ChildIn(plan), nullptr);
  EXPECT_THAT(ChildIn(plan)->members.hosts, SizeIs(1));
  EXPECT_THAT(ChildIn(plan)->Touches().hosts, SizeIs(2));
  // One of these is evidence: the rules must not reach it.
  history_ = std::make_unique<OneCompromised>(InstanceNumber(2));
  EXPECT_THAT(Written(Answer()), ElementsAre("computer 1"));
}

TEST_F(WindowTest, NoChildBelowAPolicyOfOurs) {
  Own().placement = PatchPlacement::kChildPolicy;
  AddPolicy(13, 1, ChildPolicyName(PolicyId{1}, "Linux"));
  AddHost(1, 13);
  AddHost(2, 13).tags = std::vector<swp::Tag>{{"sallyport:exclude", "true"}};
  EXPECT_THAT(Written(Answer()), ElementsAre("computer 1"));
}

TEST_F(WindowTest, APatchInAChildPolicyIsProposedForRemovalThere) {
  Own().placement = PatchPlacement::kChildPolicy;
  Own().grace = Duration{0};
  history_ = std::make_unique<AllDone>();
  AddHost(1, 1);
  ASSERT_NE(ChildIn(Answer()), nullptr);
  AddPolicy(13, 1, ChildPolicyName(PolicyId{1}, "Linux"));
  swp_.lists.computers.front().computer.policy = PolicyId{13};
  Join(1, FindingStatus::kClosed);
  members_.back().event = 300;
  members_.erase(members_.begin());
  EXPECT_THAT(Written(Answer()), ElementsAre("policy 13"));
}

TEST_F(WindowTest, RulesThatAreOnTheirWayAreLookedAtAgain) {
  ModuleOf(AddHost(1), swp::Module::kIntrusionPrevention).rules = {RuleId{7}};
  swp::EstateComputer& host = swp_.lists.computers.back();
  host.last_send_policy_request = kWindowNow + std::chrono::seconds(1);
  const Plan first = Answer(1);
  EXPECT_EQ(first.answer->kind, Answer::Kind::kNotYet);
  EXPECT_THAT(first.answer->reason, HasSubstr("rules are there and have not arrived yet: i-00000001"));
  host.computer.last_send_policy_success = kWindowNow + std::chrono::seconds(5);
  EXPECT_EQ(Answer(2).answer->kind, Answer::Kind::kVerified);
  const auto ledger = ReadPatchLedger(&documents_);
  EXPECT_TRUE(Prevents(ledger->entries.begin()->second.covers.at(kCve).state));
}

TEST_F(WindowTest, RulesThatAreOnTheirWayHoldUpNobodyWhoLacksSome) {
  ModuleOf(AddHost(1), swp::Module::kIntrusionPrevention).rules = {RuleId{7}};
  swp_.lists.computers.back().last_send_policy_request = kWindowNow + std::chrono::seconds(1);
  AddHost(2);
  EXPECT_EQ(Answer(1).answer->kind, Answer::Kind::kVerified);
  const auto ledger = ReadPatchLedger(&documents_);
  EXPECT_TRUE(ledger->entries.begin()->second.unread) << "the next answer looks again";
  // An agent that does not fetch its policy for long is told and not waited for.
  members_.pop_back();
  members_.front().event = 200;
  EXPECT_EQ(Answer(1, std::chrono::hours(1)).answer->kind, Answer::Kind::kVerified);
}

// Edge case I7.
TEST_F(WindowTest, ThatNoRuleExistsIsToldOnceAndLookedAtAgainAfterARuleUpdate) {
  const swp::CatalogRule to_come = swp_.lists.rules.front();
  swp_.lists.rules.front().rule.cves = {"CVE-2024-100015"};
  AddHost(1);
  EXPECT_THAT(Told(Answer()), HasSubstr("no intrusion prevention rule, only the patch helps: CVE-2024-10001"));
  members_ = {{1, 200, 1, SweepMember("sweep", {})}};
  const Plan second = Answer(1, std::chrono::hours(1));
  EXPECT_EQ(Told(second), "");
  EXPECT_THAT(Written(second), IsEmpty());
  swp_.lists.rules.push_back(to_come);
  swp_.lists.rules.back().rule.id = RuleId{8};
  swp_.lists.rules.back().last_updated = kWindowNow + std::chrono::hours(2);
  members_.front().event = 300;
  const Plan third = Answer(1, Own().catalog_age + std::chrono::hours(1));
  EXPECT_THAT(Written(third), ElementsAre("policy 12"));
  EXPECT_THAT(Told(third), HasSubstr("intrusion prevention rules planned: CVE-2024-10001"));
}

// What is proposed for removal (edge cases I5, I17).

std::vector<RuleId> RemovedBy(const Plan& plan) {
  std::vector<RuleId> removed;
  for (const PlannedAction& planned : plan.actions) {
    const auto* patches = planned.action.As<UnassignPatches>();
    if (patches == nullptr) continue;
    EXPECT_THAT(planned.needs_person, HasSubstr("by a decision of an operator alone"));
    for (const RuleToAssign& rule : patches->assigned.rules) removed.push_back(rule.id);
  }
  return removed;
}

class RemovalTest : public WindowTest {
 protected:
  void SetUp() override {
    WindowTest::SetUp();
    history_ = std::make_unique<AllDone>();
    AddHost(1);
    EXPECT_THAT(Written(Answer()), ElementsAre("policy 12"));
    members_.clear();
    event_ = 200;
  }

  // The next window, in which that finding is closed or open again.
  Plan Next(int number, FindingStatus status, Duration later = Duration{0}) {
    Join(number, status);
    members_.back().event = ++event_;
    members_.erase(members_.begin(), members_.end() - 1);
    return Answer(1, later);
  }

  std::int64_t event_ = 0;
};

TEST_F(RemovalTest, AfterTheGracePeriodAndOnce) {
  EXPECT_THAT(RemovedBy(Next(1, FindingStatus::kClosed)), IsEmpty());
  members_ = {{1, ++event_, 1, SweepMember("sweep", {})}};
  EXPECT_THAT(RemovedBy(Answer(1, Own().grace - Duration{1})), IsEmpty());
  EXPECT_THAT(RemovedBy(Answer(1, Own().grace)), ElementsAre(RuleId{7}));
  EXPECT_THAT(RemovedBy(Answer(1, Own().grace)), ElementsAre(RuleId{7})) << "the same answer, made again";
  members_.front().event = ++event_;
  EXPECT_THAT(RemovedBy(Answer(1, Own().grace)), IsEmpty()) << "proposed once";
}

TEST_F(RemovalTest, WhatWasNeverCarriedOutIsNotOursToTakeAway) {
  Own().grace = Duration{0};
  history_ = nullptr;
  EXPECT_THAT(RemovedBy(Next(1, FindingStatus::kClosed)), IsEmpty());
}

TEST_F(RemovalTest, OnlyTheRulesThatNothingNeeds) {
  swp::CatalogRule other = swp_.lists.rules.front();
  other.rule.id = RuleId{8};
  other.rule.cves = {"CVE-2024-10002"};
  other.rule.depends_on = {RuleId{9}};
  swp::CatalogRule base = swp_.lists.rules.front();
  base.rule.id = RuleId{9};
  base.rule.cves = {};
  PatchLedger ledger;
  ledger.catalog.Replace({swp_.lists.rules.front(), other, base}, {}, kWindowNow);
  PatchPlaced placed;
  placed.scope = swp::Scope::Of(PolicyId{12});
  placed.host = {"111122223333", "us-east-1", {InstanceNumber(1)}, "", std::nullopt};
  placed.rules = {RuleId{7}, RuleId{8}, RuleId{9}};
  placed.cves = {kCve, "CVE-2024-10002"};
  placed.key = "key";
  ledger.placed = {placed};
  documents_.Put(std::string(kPatchDocument), ledger.Pieces(), kWindowNow);
  Own().grace = Duration{0};
  // A finding about CVE-2024-10001 is open.
  AddHost(2);
  EXPECT_THAT(RemovedBy(Next(2, FindingStatus::kActive)), ElementsAre(RuleId{8}, RuleId{9}))
      << "what depends on another goes first";
  EXPECT_THAT(RemovedBy(Next(2, FindingStatus::kClosed)), ElementsAre(RuleId{7}));
}

TEST_F(RemovalTest, AHostWithTooManyRulesDoesNotWaitForTheGracePeriod) {
  swp::CatalogRule other = swp_.lists.rules.front();
  other.rule.id = RuleId{8};
  other.rule.cves = {"CVE-2024-10002"};
  swp_.lists.rules.push_back(other);
  EXPECT_THAT(RemovedBy(Next(1, FindingStatus::kClosed)), IsEmpty());
  Own().max_rules_per_host = 1;
  Own().catalog_whole = Own().catalog_age = Duration{0};
  ModuleOf(swp_.lists.computers.front().computer, swp::Module::kIntrusionPrevention).rules = {RuleId{7}};
  PatchFinding finding;
  finding.arn = "arn:aws:inspector2:us-east-1:111122223333:finding/2";
  finding.cves = {"CVE-2024-10002"};
  finding.host = Host{"111122223333", "us-east-1", {InstanceNumber(1)}, "", std::vector<swp::Tag>{}};
  finding.updated = kWindowNow;
  finding.severity = 8;
  members_ = {{1, 400, 1, PatchMember("CVE-2024-10002", {finding})}};
  const Plan plan = Answer();
  EXPECT_THAT(RemovedBy(plan), ElementsAre(RuleId{7}));
  EXPECT_THAT(Written(plan), SizeIs(2)) << "the rule that is needed is assigned all the same";
}

}  // namespace
}  // namespace sallyport
