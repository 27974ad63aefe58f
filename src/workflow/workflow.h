// SPDX-License-Identifier: Apache-2.0
//
// Workflow: a row in one table (all.cc). `gather` reads AWS and SWP through seams and returns plain facts; `plan` is a
// pure function from event, facts and settings to a Plan.
#pragma once

#include <chrono>
#include <span>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "event/event.h"
#include "gates/gates.h"
#include "protection/protection.h"
#include "reach/reads.h"
#include "swp/service.h"
#include "workflow/apply_settings.h"
#include "workflow/guardduty_settings.h"
#include "workflow/macie_settings.h"
#include "workflow/owner.h"
#include "workflow/plan.h"

namespace sallyport {

struct WorkflowSettings {
  ProtectionCriteria protection;
  GuardDutySettings guardduty;
  OwnerSettings owner;
  // A task of ours that last ran longer ago than this was left behind and does not count as running.
  Duration cool_down = std::chrono::hours(6);
  ApplySettings apply;
  // What gates ask: where an action may be planned that they let pass.
  GateSettings gates;
  MacieSettings macie;
};

// What `gather` may read from.
struct Sources {
  swp::Reads& swp;
  TimePoint now;
  reach::Reads* reach = nullptr;  // who can reach a bucket; nullptr: AWS is not asked here
  // Of this program, to read those of the ledger; nullptr for workflows that read none.
  const ActionKinds* actions = nullptr;
};

struct Workflow {
  std::string_view name;
  std::string_view source;  // of the events it takes: "aws.guardduty"
  // Reads and decides. An Error: the event itself is malformed (kInvalidInput); everything else is in the plan.
  Result<Plan> (*make_plan)(const Event& event, Sources& sources, const WorkflowSettings& settings);
  // What a case of such events is about: events of one account with the same subject are one case. nullptr: the
  // finding's id.
  std::string (*subject)(const Event& event, const WorkflowSettings& settings) = nullptr;
};

// The table.
std::span<const Workflow> AllWorkflows();
// The workflow that takes this event; nullptr when none does.
const Workflow* FindWorkflow(const Event& event);

}  // namespace sallyport
