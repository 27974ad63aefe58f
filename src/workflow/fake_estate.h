// SPDX-License-Identifier: Apache-2.0
//
// For tests: an SWP tenant that is listed from memory.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "swp/estate.h"
#include "workflow/fake_swp.h"

namespace sallyport {

class FakeEstate final : public swp::EstateReads {
 public:
  std::vector<swp::CatalogRule> rules;
  std::vector<swp::ApplicationType> types;
  std::vector<swp::EstateComputer> computers;
  std::map<std::int32_t, swp::OwnValues> own;
  std::vector<swp::Policy> policies;
  std::map<std::string, std::vector<swp::Rule>> rules_at;  // by scope
  std::optional<Error> failure;                            // of every call
  std::vector<std::string> asked;
  std::optional<TimePoint> since;  // of the last question for rules

  Result<std::vector<swp::CatalogRule>> RulesSince(std::optional<TimePoint> from, std::size_t) override {
    if (failure) return *failure;
    asked.emplace_back("rules");
    since = from;
    std::vector<swp::CatalogRule> found;
    for (const swp::CatalogRule& rule : rules) {
      if (!from || (rule.last_updated && *rule.last_updated >= *from)) found.push_back(rule);
    }
    return found;
  }
  Result<std::vector<swp::ApplicationType>> AllApplicationTypes(std::size_t) override {
    if (failure) return *failure;
    asked.emplace_back("types");
    return types;
  }
  Result<std::vector<swp::EstateComputer>> AllComputers(std::optional<PolicyId> policy, std::size_t most) override {
    if (failure) return *failure;
    asked.push_back(policy ? "computers of " + std::to_string(policy->value) : "computers");
    std::vector<swp::EstateComputer> found;
    for (const swp::EstateComputer& computer : computers) {
      if (!policy || computer.computer.policy == policy) found.push_back(computer);
    }
    if (found.size() > most) return Error{ErrorCode::kTooLarge, "too many", ""};
    return found;
  }
  Result<std::vector<swp::EstateComputer>> RecordsOfInstance(const InstanceId& instance) override {
    if (failure) return *failure;
    asked.push_back("instance " + instance.value);
    std::vector<swp::EstateComputer> found;
    for (const swp::EstateComputer& computer : computers) {
      if (computer.computer.instance_id == instance.value) found.push_back(computer);
    }
    return found;
  }
  Result<std::vector<swp::OwnValues>> AllOwnValues(std::size_t) override {
    if (failure) return *failure;
    asked.emplace_back("own");
    std::vector<swp::OwnValues> all;
    for (const swp::EstateComputer& computer : computers) all.push_back(OwnOf(computer.computer.id));
    return all;
  }
  Result<swp::OwnValues> GetOwnValues(ComputerId computer) override {
    if (failure) return *failure;
    asked.push_back("own " + std::to_string(computer.value));
    return OwnOf(computer);
  }
  Result<std::vector<swp::Policy>> AllPolicies(std::size_t) override {
    if (failure) return *failure;
    asked.emplace_back("policies");
    return policies;
  }
  Result<std::vector<swp::Rule>> RulesAt(swp::Scope scope) override {
    if (failure) return *failure;
    asked.push_back("rules at " + swp::ToString(scope));
    return rules_at[swp::ToString(scope)];
  }

 private:
  swp::OwnValues OwnOf(ComputerId computer) const {
    const auto found = own.find(computer.value);
    if (found != own.end()) return found->second;
    swp::OwnValues none;
    none.computer = computer;
    return none;
  }
};

// Reads of a tenant that is listed, and of nothing else.
class ListedTenant final : public swp::Reads {
 public:
  FakeEstate lists;
  swp::EstateReads* estate() override { return &lists; }
  Result<std::vector<swp::Computer>> FindComputers(const InstanceId&) override { return NotAsked(); }
  Result<std::vector<swp::Computer>> FindNamesakes(ComputerId) override { return NotAsked(); }
  Result<std::vector<swp::ScheduledTask>> FindOurTasks(ComputerId) override { return NotAsked(); }
  Result<std::vector<swp::ScheduledTask>> FindTasksLeft(Duration) override { return NotAsked(); }
  Result<swp::Computer> GetComputer(ComputerId) override { return NotAsked(); }
  Result<swp::ScanProgress> CheckScan(swp::ScanKind, ComputerId, TimePoint) override { return NotAsked(); }
  Result<swp::Assignments> GetAssignments(swp::Scope, swp::RuleModule) override { return NotAsked(); }
  Result<swp::Rule> GetRule(swp::RuleModule, RuleId) override { return NotAsked(); }
  Result<swp::Policy> GetPolicy(PolicyId) override { return NotAsked(); }
  Result<std::vector<swp::Computer>> ComputersOf(PolicyId, std::size_t) override { return NotAsked(); }
  Result<std::vector<PolicyId>> PoliciesBelow(PolicyId, std::size_t) override { return NotAsked(); }

 private:
  static Error NotAsked() { return {ErrorCode::kInternal, "not asked", ""}; }
};

}  // namespace sallyport
