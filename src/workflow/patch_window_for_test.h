// SPDX-License-Identifier: Apache-2.0
//
// For tests of the answer to the question about all findings of a window: an SWP from memory, and its members.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "action/child_policy.h"
#include "action/notify_owner.h"
#include "base/fake_documents.h"
#include "workflow/fake_estate.h"
#include "workflow/inspector_settings.h"
#include "workflow/patch_question.h"

namespace sallyport {

inline const TimePoint kWindowNow = FromEpochMilliseconds(1'764'000'000'000);
inline constexpr const char* kCve = "CVE-2024-10001";

inline std::string InstanceNumber(int number) {
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

  void Join(int number, FindingStatus status = FindingStatus::kActive, std::vector<swp::Tag> tags = {},
            const std::string& account = "111122223333") {
    PatchFinding finding;
    finding.arn = "arn:aws:inspector2:us-east-1:111122223333:finding/" + std::to_string(number);
    finding.cves = {kCve};
    finding.host = Host{account, "us-east-1", {InstanceNumber(number)}, "", std::move(tags)};
    finding.updated = kWindowNow - std::chrono::minutes(1);
    finding.status = status;
    finding.severity = 8;
    const int place = static_cast<int>(members_.size()) + 1;
    members_.push_back({place, 100 + place, number, PatchMember(kCve, {finding}, "sallyport:exclude")});
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

inline const PatchInChildPolicy* ChildIn(const Plan& plan) {
  for (const PlannedAction& planned : plan.actions) {
    if (const auto* child = planned.action.As<PatchInChildPolicy>()) return child;
  }
  return nullptr;
}

}  // namespace sallyport
