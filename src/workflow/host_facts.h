// SPDX-License-Identifier: Apache-2.0
//
// What every workflow that scans hosts does alike with one host: ask SWP about it, and put into words and actions what
// follows. Which scans, and why, is the workflow's own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "action/notify_owner.h"
#include "base/ids.h"
#include "workflow/workflow.h"

namespace sallyport {

// What SWP says about one host.
struct HostFacts {
  Protection protection;
  // The tasks of ours that SWP holds for this computer; an Error when that could not be read. Nothing: not asked,
  // because no scan comes into question.
  std::optional<Result<std::vector<swp::ScheduledTask>>> our_tasks;
};

// One search (two when the host has no agent), and one for our tasks when it can be scanned. `account`: twelve digits,
// or empty when it is not known.
HostFacts GatherHost(const InstanceId& instance, const std::string& account, Sources& sources,
                     const WorkflowSettings& settings);

// Whether scans can be planned for a host that can be scanned. If not (which of our tasks run could not be read), the
// decision says so: its state becomes kUndetermined.
bool KnowsRunningScans(const HostFacts& facts, HostDecision& decision);

// "2 scans to request, 1 running already and joined".
std::string SummaryOfScans(const std::vector<ScanDecision>& scans);

// What is said of a host whose protection could not be determined.
std::string UndeterminedSummary();

// What the owner of an unprotected host is told whatever the finding is: who it goes to, about which host, why it is
// not protected (`reason` is the first of the reasons), and what to do about that. Headline, links and the finding are
// the workflow's.
NotifyOwner MessageAbout(const HostDecision& decision, const OwnerSettings& settings);

// The action that tells the owner of an unprotected host.
PlannedAction TellOwner(NotifyOwner message, std::string key);

// For an event of the service that is no finding: out of scope, with the reason. `service` as people call it.
Plan NotAFinding(const Event& event, std::string_view workflow, std::string_view service);

// What a plan with these actions comes to: act, tell, nothing, or undetermined.
Decision DecisionOf(const Plan& plan);

}  // namespace sallyport
