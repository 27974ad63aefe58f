// SPDX-License-Identifier: Apache-2.0
//
// The GuardDuty workflow: a finding names EC2 instances. Protected by SWP: scans. Not protected: tell the owner.
#pragma once

#include <vector>

#include "workflow/guardduty_finding.h"
#include "workflow/host_facts.h"
#include "workflow/workflow.h"

namespace sallyport {

struct GuardDutyFacts {
  TimePoint read_at;
  std::vector<HostFacts> hosts;  // one for each of finding.hosts, in their order
};

// Reads what GatherHost reads for each host. Nothing at all for a finding that ends without looking at a host
// (archived, no host).
GuardDutyFacts GatherGuardDuty(const GuardDutyFinding& finding, Sources& sources, const WorkflowSettings& settings);

// Decides. Pure.
Plan PlanGuardDuty(const GuardDutyFinding& finding, const GuardDutyFacts& facts, const WorkflowSettings& settings);

// The row of the table: read the finding, gather, plan.
Result<Plan> MakeGuardDutyPlan(const Event& event, Sources& sources, const WorkflowSettings& settings);

}  // namespace sallyport
