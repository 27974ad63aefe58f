// SPDX-License-Identifier: Apache-2.0
#include "workflow/scans.h"

#include "action/request_scan.h"

namespace sallyport {
namespace {

using swp::Module;
using swp::ScanKind;

// The newest task of ours for this scan that still counts; one that ran long ago was left behind.
const swp::ScheduledTask* RunningTask(ScanKind kind, const ScanContext& context) {
  const swp::ScheduledTask* newest = nullptr;
  for (const swp::ScheduledTask& task : context.our_tasks) {
    const auto request = swp::ParseTaskName(task.name);
    if (!request || request->kind != kind) continue;
    if (task.last_run && context.now - *task.last_run > context.cool_down) continue;
    if (newest == nullptr || newest->id < task.id) newest = &task;
  }
  return newest;
}

std::string WhatBecomesOfRecommendations(bool apply_results, const ScanContext& context) {
  if (!apply_results) {
    return "recommended rules will be reported, not assigned: the host is probably compromised, and its rules are kept "
           "as evidence";
  }
  if (context.placement == Placement::kReport) {
    return "recommended rules will be reported, not assigned (apply.placement: report)";
  }
  const std::string where = context.placement == Placement::kPolicy && context.computer.policy
                                ? "SWP policy " + std::to_string(context.computer.policy->value)
                                : NameOf(context.computer.id);
  return "recommended rules will be assigned to " + where + " when the scan finishes, if all gates pass";
}

}  // namespace

// An integrity scan without rules compares nothing, and a task-started malware scan uses the scheduled scan
// configuration (contract 5.5).
std::string NotApplicable(ScanKind kind, const swp::Computer& computer) {
  if (kind == ScanKind::kRecommendation) return "";
  const Module module = kind == ScanKind::kIntegrity ? Module::kIntegrityMonitoring : Module::kAntiMalware;
  const std::string name(swp::DisplayName(module));
  const swp::ModuleState* state = computer.Find(module);
  if (state == nullptr) return "SWP's answer holds no " + name + " module for this computer";
  if (const std::string damage = state->DamageOfState(); !damage.empty()) {
    return "what SWP's answer says about " + name + " cannot be read: " + damage;
  }
  if (state->state == "off") return name + " is off; no baseline is made on a suspect host";
  if (kind == ScanKind::kIntegrity && state->rules.empty())
    return "no " + name + " rule is assigned, so there is nothing to compare";
  if (kind == ScanKind::kMalware && state->scheduled_scan_configuration == 0) {
    return "the SWP policy has no scheduled scan configuration for " + name;
  }
  return "";
}

ScanDecision PlanScan(const WantedScan& wanted, const ScanContext& context, std::vector<PlannedAction>& actions) {
  if (std::string why = NotApplicable(wanted.kind, context.computer); !why.empty()) {
    return {wanted.kind, ScanVerdict::kNotApplicable, std::move(why)};
  }
  PlannedAction planned;
  RequestScan scan{wanted.kind, context.computer.id, context.host, wanted.apply_results, std::nullopt};
  ScanDecision decision{wanted.kind, ScanVerdict::kPlanned, wanted.why};
  planned.why = {wanted.why};
  if (const swp::ScheduledTask* task = RunningTask(wanted.kind, context)) {
    scan.joins = RequestScan::Running{task->id, task->last_run.value_or(context.now)};
    decision.verdict = ScanVerdict::kJoined;
    decision.why = "already requested as SWP task " + std::to_string(task->id.value) + "; this case waits for it";
    planned.why.push_back(decision.why);
  }
  if (wanted.kind == ScanKind::kRecommendation) {
    planned.why.push_back(WhatBecomesOfRecommendations(wanted.apply_results, context));
  }
  planned.key = context.key_for(swp::ApiName(wanted.kind));
  planned.action = std::move(scan);
  actions.push_back(std::move(planned));
  return decision;
}

}  // namespace sallyport
