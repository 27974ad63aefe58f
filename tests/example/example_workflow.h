// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "workflow/host_plan.h"
#include "workflow/workflow.h"

namespace sallyport {

// What the workflow understands of an event: AWS Health passes on a report of abuse by EC2 instances of an account.
struct AbuseReport {
  std::string id;           // ARN of the Health event
  std::string type;         // "AWS_ABUSE_DOS_REPORT"
  std::string account;      // whose report it is
  std::vector<Host> hosts;  // that are reported; their tags are not known
  std::optional<TimePoint> time;
};

// What it reads outside about one of them.
struct AbuseFacts {
  TimePoint read_at;
  HostFacts host;
};

struct AbuseSettings {
  bool watch = false;  // also put the host on the watch list
};

WorkflowOf<AbuseReport, AbuseFacts> AbuseWorkflow();

}  // namespace sallyport
