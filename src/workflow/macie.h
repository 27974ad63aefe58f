// SPDX-License-Identifier: Apache-2.0
//
// The Macie workflow: a finding names a bucket; the hosts that can reach it are scanned, or their owners are told.
#pragma once

#include <string>
#include <vector>

#include "reach/answer.h"
#include "workflow/host_facts.h"
#include "workflow/macie_finding.h"
#include "workflow/macie_hosts.h"
#include "workflow/workflow.h"

namespace sallyport {

struct MacieFacts {
  TimePoint read_at;
  std::vector<Result<reach::Answer>> answers;  // one for each bucket of the finding
  // For the first `macie.max_hosts` hosts of ExposureOf, in its order.
  std::vector<HostFacts> hosts;
};

// Reads who can reach each bucket, and what GatherHost reads for each host. Nothing at all for a finding that
// ends without it (archived, no bucket, below macie.min_severity).
MacieFacts GatherMacie(const MacieFinding& finding, Sources& sources, const WorkflowSettings& settings);

// Decides. Pure.
Plan PlanMacie(const MacieFinding& finding, const MacieFacts& facts, const WorkflowSettings& settings);

// The row of the table: read the finding, gather, plan.
Result<Plan> MakeMaciePlan(const Event& event, Sources& sources, const WorkflowSettings& settings);

// Of findings about sensitive data the bucket, the type and the window: each object makes a finding of its own. Of the
// others the finding's id, under which they are updated.
std::string MacieSubject(const Event& event, const WorkflowSettings& settings);

}  // namespace sallyport
