// SPDX-License-Identifier: Apache-2.0
//
// Schedules that start a run of the map from the edge to the host (edge/map.h): which hosts stand behind an enforcing
// web ACL, which managed rule groups suit them, and what changed since the last run.
#pragma once

#include <optional>
#include <string>

#include "edge/run.h"
#include "workflow/waf_ip_list.h"
#include "workflow/waf_settings.h"
#include "workflow/workflow.h"

namespace sallyport {

// What the workflow understands of a Scheduled Event, or of a command (app/waf.h).
struct WafSchedule {
  std::string name;  // of the rule or schedule
  std::optional<TimePoint> time;
  // Of the command that takes a group out of a web ACL again: its ARN and VENDOR/NAME; empty: a run.
  std::string revert_acl;
  std::string revert_group;
  // Of the command that fills IP sets from an IP list of SWP.
  IpListAsk ip_list;
  bool asks_ip_list() const { return !ip_list.list.empty(); }
};

struct WafFacts {
  TimePoint read_at;
  Result<edge::Estate> estate = Error{};
  std::map<std::int32_t, edge::IpsRule> rules;  // of SWP, as they were used
  TimePoint rules_at;
  // The run before; nothing: there is none.
  std::optional<edge::Run> before;
  std::string before_unread;  // why it could not be read
  IpListFacts ip_list;        // of a schedule that asks for it alone
};

// Of sources aws.events and aws.scheduler.
Workflow WafRow();

// For tests: the parts of the row.
WafFacts GatherWaf(const WafSchedule& schedule, Sources& sources, const WorkflowSettings& settings);
// `facts` goes over into the plan.
void DecideWaf(const WafSchedule& schedule, const WafFacts& facts, const WorkflowSettings& settings, Plan& plan);

}  // namespace sallyport
