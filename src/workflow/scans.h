// SPDX-License-Identifier: Apache-2.0
//
// From the scans that a workflow wants to the actions that ask SWP for them: what can tell something on this computer,
// what runs already, what is new. Pure; every workflow that scans uses it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "swp/computer.h"
#include "swp/scheduled_task.h"
#include "workflow/apply_settings.h"
#include "workflow/plan.h"

namespace sallyport {

struct WantedScan {
  swp::ScanKind kind = swp::ScanKind::kRecommendation;
  bool apply_results = false;  // of a recommendation scan: whether what it recommends is applied
  std::string why;
  bool operator==(const WantedScan&) const = default;
};

struct ScanContext {
  const Host& host;
  const swp::Computer& computer;
  const std::vector<swp::ScheduledTask>& our_tasks;  // those that SWP holds for this computer
  TimePoint now;
  // A task of ours that last ran longer ago than this was left behind and does not count as running.
  Duration cool_down;
  // The idempotency key of the decision to ask for a scan, by the API's name of the scan.
  std::function<std::string(std::string_view scan)> key_for;
  Placement placement = Placement::kComputer;  // where recommended rules go
};

// Why a scan of that kind could not tell anything on this computer; empty when it can.
std::string NotApplicable(swp::ScanKind kind, const swp::Computer& computer);

// Decides about one scan. A scan that a task of ours asks for already is joined: its action waits for the same end.
ScanDecision PlanScan(const WantedScan& wanted, const ScanContext& context, std::vector<PlannedAction>& actions);

}  // namespace sallyport
