// SPDX-License-Identifier: Apache-2.0
//
// For tests: an SWP that answers from memory, and computers to put into it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "swp/service.h"

namespace sallyport {

// A computer with an active agent and every module protecting. Tests change what they are about.
inline swp::Computer ProtectedComputer(const std::string& instance, std::int32_t id = 34,
                                       const std::string& account = "111122223333") {
  swp::Computer computer;
  computer.id = {id};
  computer.display_name = "web-01";
  computer.policy = PolicyId{12};
  computer.agent_fingerprint = "14:F3:B3:76";
  computer.has_status = true;
  computer.agent_status = {swp::AgentStatus::kActive, "active"};
  computer.last_agent_communication = FromEpochMilliseconds(1'763'999'880'000);
  computer.instance_source = swp::InstanceSource::kEc2VirtualMachineSummary;
  computer.instance_id = instance;
  computer.account_id = account;
  computer.tags = std::vector<swp::Tag>{{"Name", "web-01"}, {"Owner", "team-web@example.com"}};
  const auto add = [&](swp::Module module, std::string state) {
    swp::ModuleState on;
    on.module = module;
    on.state = std::move(state);
    on.status = {swp::AgentStatus::kActive, "active"};
    on.rules = {RuleId{1}};
    on.real_time_scan_configuration = 1;
    on.scheduled_scan_configuration = 3;
    computer.modules.push_back(on);
  };
  add(swp::Module::kAntiMalware, "on");
  add(swp::Module::kIntrusionPrevention, "prevent");
  add(swp::Module::kIntegrityMonitoring, "real-time");
  add(swp::Module::kLogInspection, "on");
  return computer;
}

inline swp::ModuleState& ModuleOf(swp::Computer& computer, swp::Module module) {
  for (swp::ModuleState& state : computer.modules) {
    if (state.module == module) return state;
  }
  return computer.modules.front();
}

// Known only from the connector: no agent.
inline swp::Computer InventoryOnly(const std::string& instance, std::int32_t id = 35) {
  swp::Computer computer;
  computer.id = {id};
  computer.display_name = "web-02";
  computer.has_status = true;
  computer.agent_status = {swp::AgentStatus::kInactive, "inactive"};
  computer.instance_source = swp::InstanceSource::kEc2VirtualMachineSummary;
  computer.instance_id = instance;
  computer.account_id = "111122223333";
  computer.tags = std::vector<swp::Tag>{{"Owner", "team-shop@example.com"}};
  return computer;
}

class FakeSwpReads final : public swp::Reads {
 public:
  // Instances that are not named here are unknown to SWP.
  std::map<std::string, Result<std::vector<swp::Computer>>> computers;
  // When set, every instance is this computer (with the instance's own id).
  std::optional<swp::Computer> everywhere;
  Result<std::vector<swp::ScheduledTask>> tasks = std::vector<swp::ScheduledTask>{};
  std::vector<std::string> asked;

  Result<std::vector<swp::Computer>> FindComputers(const InstanceId& instance) override {
    asked.push_back("computers " + instance.value);
    if (everywhere) {
      swp::Computer computer = *everywhere;
      computer.instance_id = instance.value;
      computer.account_id.clear();
      return std::vector{computer};
    }
    const auto found = computers.find(instance.value);
    if (found == computers.end()) return std::vector<swp::Computer>{};
    return found->second;
  }

  // Records of other agents of the same name and address, by computer.
  std::map<std::int32_t, Result<std::vector<swp::Computer>>> namesakes;
  Result<std::vector<swp::Computer>> FindNamesakes(ComputerId computer) override {
    const auto found = namesakes.find(computer.value);
    if (found == namesakes.end()) return std::vector<swp::Computer>{};
    return found->second;
  }

  Result<std::vector<swp::ScheduledTask>> FindOurTasks(ComputerId computer) override {
    asked.push_back("tasks " + std::to_string(computer.value));
    return tasks;
  }

  Result<std::vector<swp::ScheduledTask>> tasks_left = std::vector<swp::ScheduledTask>{};
  Result<std::vector<swp::ScheduledTask>> FindTasksLeft(Duration) override {
    asked.push_back("tasks left");
    return tasks_left;
  }

  // What the other questions are answered with; kNotFound where nothing is set.
  std::map<std::int32_t, Result<swp::Computer>> by_id;
  std::map<swp::ScanKind, Result<swp::ScanProgress>> progress;
  std::map<swp::RuleModule, Result<swp::Assignments>> assignments;
  std::map<std::int32_t, Result<swp::Rule>> rules;
  std::map<std::int32_t, Result<swp::Policy>> policies;
  // By policy: the computers that have it, and the policies below it. None where nothing is set.
  std::map<std::int32_t, Result<std::vector<swp::Computer>>> computers_of;
  std::map<std::int32_t, Result<std::vector<PolicyId>>> policies_below;

  Result<swp::Computer> GetComputer(ComputerId computer) override {
    return Find("computer", by_id, computer.value, computer.value);
  }
  Result<swp::ScanProgress> CheckScan(swp::ScanKind kind, ComputerId computer, TimePoint) override {
    return Find(swp::ApiName(kind), progress, kind, computer.value);
  }
  Result<swp::Assignments> GetAssignments(swp::Scope scope, swp::RuleModule module) override {
    return Find(swp::PathName(module), assignments, module, scope.id);
  }
  Result<swp::Rule> GetRule(swp::RuleModule, RuleId rule) override {
    return Find("rule", rules, rule.value, rule.value);
  }
  Result<swp::Policy> GetPolicy(PolicyId policy) override {
    return Find("policy", policies, policy.value, policy.value);
  }
  Result<std::vector<swp::Computer>> ComputersOf(PolicyId policy, std::size_t most) override {
    asked.push_back("computers of policy " + std::to_string(policy.value));
    const auto found = computers_of.find(policy.value);
    if (found == computers_of.end()) return std::vector<swp::Computer>();
    if (found->second.ok() && found->second->size() > most) return Error{ErrorCode::kTooLarge, "too many", ""};
    return found->second;
  }
  Result<std::vector<PolicyId>> PoliciesBelow(PolicyId policy, std::size_t most) override {
    asked.push_back("policies below " + std::to_string(policy.value));
    const auto found = policies_below.find(policy.value);
    if (found == policies_below.end()) return std::vector<PolicyId>();
    if (found->second.ok() && found->second->size() > most) return Error{ErrorCode::kTooLarge, "too many", ""};
    return found->second;
  }

 private:
  template <class Map, class Key>
  auto Find(std::string_view what, const Map& map, const Key& key, std::int32_t id) -> typename Map::mapped_type {
    asked.push_back(std::string(what) + " " + std::to_string(id));
    const auto found = map.find(key);
    if (found == map.end()) return Error{ErrorCode::kNotFound, "the test has no answer", ""};
    return found->second;
  }
};

class FakeSwpWrites final : public swp::Writes {
 public:
  std::vector<swp::ScanRequest> requested;
  // Used up from the front; then every request is accepted.
  std::vector<Error> failures;

  Result<swp::AcceptedScan> RequestScan(const swp::ScanRequest& request) override {
    requested.push_back(request);
    if (!failures.empty()) {
      const Error error = failures.front();
      failures.erase(failures.begin());
      return error;
    }
    return swp::AcceptedScan{ScheduledTaskId{500 + static_cast<std::int32_t>(requested.size())},
                             FromEpochMilliseconds(1'764'000'000'000), false};
  }
  std::string DescribeRequestScan(const swp::ScanRequest& request) const override {
    return "POST https://swp.example.com/api/scheduledtasks " + swp::CreateTaskBody(request);
  }

  std::optional<swp::AcceptedScan> held;  // what FindRequestedScan finds
  std::vector<std::pair<swp::Scope, std::vector<RuleId>>> assigned;
  std::vector<ScheduledTaskId> deleted;
  std::vector<Error> assign_failures;  // like `failures`
  TimePoint now = FromEpochMilliseconds(1'764'000'000'000);

  Result<std::optional<swp::AcceptedScan>> FindRequestedScan(const swp::ScanRequest&) override { return held; }
  Result<swp::AcceptedRules> AssignRules(swp::Scope scope, swp::RuleModule, const std::vector<RuleId>& rules) override {
    assigned.emplace_back(scope, rules);
    if (!assign_failures.empty()) {
      const Error error = assign_failures.front();
      assign_failures.erase(assign_failures.begin());
      return error;
    }
    swp::AcceptedRules accepted;
    accepted.now.assigned = rules;
    accepted.accepted_at = now;
    return accepted;
  }
  std::string DescribeAssignRules(swp::Scope scope, swp::RuleModule module,
                                  const std::vector<RuleId>& rules) const override {
    return "POST https://swp.example.com/api/" + swp::ToString(scope) + "/" + std::string(swp::PathName(module)) + " " +
           swp::AssignmentsBody(rules);
  }
  Status DeleteTask(ScheduledTaskId task) override {
    deleted.push_back(task);
    return Ok();
  }
  std::string DescribeDeleteTask(ScheduledTaskId task) const override {
    return "DELETE https://swp.example.com/api/scheduledtasks/" + std::to_string(task.value);
  }
  TimePoint ManagerNow() const override { return now; }
};

}  // namespace sallyport
