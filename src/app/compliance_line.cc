// SPDX-License-Identifier: Apache-2.0
#include "app/compliance_line.h"

namespace sallyport {

ComplianceLine::ComplianceLine(LazyAws& aws, const Clock& clock, Logger& log, std::optional<TimePoint> stop_at,
                               swp::Client& swp, reach::Reads& reach)
    : aws_(aws), log_(log), swp_(swp), reach_(reach), config_([this](const compliance::Place& place) {
        return WayTo(place);
      }) {
  if (stop_at) until_ = clock.Monotonic() + (*stop_at - clock.Now());
}

int ComplianceLine::calls() const {
  int calls = 0;
  for (const auto& [role, sender] : senders_) calls += sender->calls();
  return calls;
}

Result<aws::Transport*> ComplianceLine::WayTo(const compliance::Place& place) {
  const std::lock_guard lock(mutex_);
  const auto known = senders_.find(place.role_arn);
  if (known != senders_.end()) return &known->second->transport();
  const auto connection = aws_.Connect(until_);
  if (!connection.ok()) return connection.error();
  auto sender = (*connection)->NewSender(log_, until_, place.role_arn);
  return &senders_.emplace(place.role_arn, std::move(sender)).first->second->transport();
}

Result<std::vector<swp::FleetComputer>> ComplianceLine::FleetPage(std::int64_t after, int most) {
  return swp_.FleetPage(after, most);
}

Result<std::vector<swp::FleetComputer>> ComplianceLine::FleetOf(const InstanceId& instance, swp::RecordKind first) {
  return swp_.FleetOf(instance, first);
}

Result<swp::Policy> ComplianceLine::GetPolicy(PolicyId policy) {
  return swp_.GetPolicy(policy);
}

Result<swp::Assignments> ComplianceLine::GetAssignments(ComputerId computer, swp::RuleModule module) {
  return swp_.GetAssignments(swp::Scope::Of(computer), module);
}

Status ComplianceLine::VisitInstances(const compliance::Place& place,
                                      const std::function<void(compliance::Resource)>& visit) {
  return config_.VisitInstances(place, visit);
}

Result<std::map<InstanceId, std::string>> ComplianceLine::ContainerHosts(const compliance::Place& place) {
  return config_.ContainerHosts(place);
}

Status ComplianceLine::VisitJudged(const compliance::Place& place, const std::string& rule_name,
                                   const std::function<void(const std::string& resource_id)>& visit) {
  return config_.VisitJudged(place, rule_name, visit);
}

Result<compliance::Resource> ComplianceLine::RecordedItem(const compliance::Place& place, const InstanceId& instance,
                                                          TimePoint captured) {
  return config_.RecordedItem(place, instance, captured);
}

}  // namespace sallyport
