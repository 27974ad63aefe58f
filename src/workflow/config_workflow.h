// SPDX-License-Identifier: Apache-2.0
//
// AWS Config: whether each host is protected as a rule asks, told as a verdict that an auditor can rely on. A change of
// an instance is judged alone; a schedule judges all instances of the account and region.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "compliance/estate.h"
#include "workflow/config_invocation.h"
#include "workflow/workflow.h"

namespace sallyport {

// What was read for one invocation.
struct ConfigFacts {
  TimePoint read_at;
  // Of a change, when SWP was asked: the resource with its tags from both sides, and what SWP says.
  std::optional<compliance::Resource> resource;
  compliance::HostFacts host;
  std::optional<compliance::EstateFacts> estate;  // of a schedule
};

// Pure: fills everything of `plan` but its workflow and its Matter.
void DecideConfig(const ConfigInvocation& invocation, const ConfigFacts& facts, const WorkflowSettings& settings,
                  Plan& plan);

compliance::Context ConfigContext(const WorkflowSettings& settings, TimePoint now);

// The row. What its evaluations know together (compliance/fleet.h) belongs to it, so to one program.
Workflow ConfigWorkflow();

}  // namespace sallyport
