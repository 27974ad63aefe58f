// SPDX-License-Identifier: Apache-2.0
//
// The GuardDuty workflow: a finding names EC2 instances. Protected by SWP: scans. Not protected: tell the owner.
#pragma once

#include <optional>
#include <vector>

#include "workflow/guardduty_finding.h"
#include "workflow/workflow.h"

namespace sallyport {

// What SWP says about one host of the finding.
struct GuardDutyHostFacts {
  Protection protection;
  // The tasks of ours that SWP holds for this computer; an Error when that could not be read. Nothing: not asked,
  // because no scan comes into question.
  std::optional<Result<std::vector<swp::ScheduledTask>>> our_tasks;
};

struct GuardDutyFacts {
  TimePoint read_at;
  std::vector<GuardDutyHostFacts> hosts;  // one for each of finding.hosts, in their order
};

// Reads: one search for each host (two when it has no agent), and one for our tasks when it can be scanned. Nothing at
// all for a finding that ends without looking at a host (archived, no host).
GuardDutyFacts GatherGuardDuty(const GuardDutyFinding& finding, Sources& sources, const WorkflowSettings& settings);

// Decides. Pure.
Plan PlanGuardDuty(const GuardDutyFinding& finding, const GuardDutyFacts& facts, const WorkflowSettings& settings);

// The row of the table: read the finding, gather, plan.
Result<Plan> MakeGuardDutyPlan(const Event& event, Sources& sources, const WorkflowSettings& settings);

}  // namespace sallyport
