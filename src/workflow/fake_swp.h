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

  Result<std::vector<swp::ScheduledTask>> FindOurTasks(ComputerId computer) override {
    asked.push_back("tasks " + std::to_string(computer.value));
    return tasks;
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
};

}  // namespace sallyport
