// SPDX-License-Identifier: Apache-2.0
//
// The Macie workflow: a finding names a bucket; the hosts that can reach it are scanned, or their owners are told.
#pragma once

#include <string>
#include <vector>

#include "reach/answer.h"
#include "workflow/host_plan.h"
#include "workflow/macie_finding.h"
#include "workflow/macie_hosts.h"
#include "workflow/macie_settings.h"
#include "workflow/workflow.h"

namespace sallyport {

struct MacieFacts {
  TimePoint read_at;
  std::vector<Result<reach::Answer>> answers;  // one for each bucket of the finding
  // For the first `macie.max_hosts` hosts of ExposureOf, in its order.
  std::vector<HostFacts> hosts;
};

// The row of the table. It reads who can reach each bucket, and what GatherHost reads for each host; nothing at all for
// a finding that ends without it (archived, no bucket, below macie.min_severity).
WorkflowOf<MacieFinding, MacieFacts> MacieWorkflow();

// What plan and case are about. The subject of findings about sensitive data is the bucket, the type and the window:
// each object makes a finding of its own. That of the others is the finding's id, under which they are updated.
Matter MatterOf(const MacieFinding& finding, const MacieSettings& settings);

}  // namespace sallyport
