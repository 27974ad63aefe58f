// SPDX-License-Identifier: Apache-2.0
//
// The two seams to the SWP manager: what workflows may read, and what the executor may write. The client behind both is
// swp_client/. Every failure is an Error: an answer that did not come, or could not be understood, is never an empty
// one.
#pragma once

#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "swp/computer.h"
#include "swp/scheduled_task.h"

namespace sallyport::swp {

class Reads {
 public:
  virtual ~Reads() = default;
  // Every record of that EC2 instance, from the AWS connector's inventory and from what agents report. Empty: SWP
  // answered, and has none. One call for a host with an agent, two otherwise.
  virtual Result<std::vector<Computer>> FindComputers(const InstanceId& instance) = 0;
  // The scan tasks of ours on that computer that SWP still holds: waiting, running, or left behind. One call.
  virtual Result<std::vector<ScheduledTask>> FindOurTasks(ComputerId computer) = 0;
};

// A scan that SWP accepted.
struct AcceptedScan {
  ScheduledTaskId task;
  // When, by the manager's own clock: a scan that ended later than this may be ours.
  TimePoint accepted_at;
  bool found_again = false;  // the first answer was lost; the task was found by its name
  bool operator==(const AcceptedScan&) const = default;
};

class Writes {
 public:
  virtual ~Writes() = default;
  // Creates a task that runs once, now. When the answer is lost, looks for the task by name before it tries again, so
  // that one call asks for one scan. kOutcomeUnknown: it could not be found out.
  virtual Result<AcceptedScan> RequestScan(const ScanRequest& request) = 0;
  // The HTTP call that RequestScan would make, for a dry run: "POST https://.../scheduledtasks {...}". No secrets.
  virtual std::string DescribeRequestScan(const ScanRequest& request) const = 0;
};

}  // namespace sallyport::swp
