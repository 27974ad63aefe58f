// SPDX-License-Identifier: Apache-2.0
//
// The GuardDuty workflow: a finding names EC2 instances. Protected by SWP: scans. Not protected: tell the owner.
#pragma once

#include <vector>

#include "workflow/guardduty_finding.h"
#include "workflow/host_plan.h"
#include "workflow/workflow.h"

namespace sallyport {

struct GuardDutyFacts {
  TimePoint read_at;
  std::vector<HostFacts> hosts;  // one for each of finding.hosts, in their order
};

// The row of the table. It reads what GatherHost reads for each host; nothing at all for a finding that ends without
// looking at a host (archived, no host).
WorkflowOf<GuardDutyFinding, GuardDutyFacts> GuardDutyWorkflow();

// What plan and case are about.
Matter MatterOf(const GuardDutyFinding& finding);

}  // namespace sallyport
