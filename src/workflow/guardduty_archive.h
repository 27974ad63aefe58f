// SPDX-License-Identifier: Apache-2.0
//
// Somebody archived findings in GuardDuty, as CloudTrail's record of that call tells it (EventBridge, "AWS API Call via
// CloudTrail"; GuardDuty API, ArchiveFindings). GuardDuty itself sends no event then. Their cases are settled.
#pragma once

#include <string>
#include <vector>

#include "workflow/workflow.h"

namespace sallyport {

struct ArchivedFindings {
  std::vector<std::string> ids;  // at most bounds::kMattersPerEvent
  std::string by;                // the ARN of who did it; may be empty
  std::string account;
  std::string region;
  std::string refused;  // the error that the call got; empty: it was carried out
  std::optional<TimePoint> at;
};

struct ArchiveFacts {};

bool IsArchiveRecord(const Event& event);
WorkflowOf<ArchivedFindings, ArchiveFacts> GuardDutyArchiveWorkflow();

}  // namespace sallyport
