// SPDX-License-Identifier: Apache-2.0
//
// What every workflow that is about hosts does alike with one of them: ask SWP about it, and plan scans, a message to
// its owner, or the question whether it is back. Which scans, and why, is the workflow's own.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "action/notify_owner.h"
#include "base/ids.h"
#include "workflow/scans.h"
#include "workflow/workflow.h"

namespace sallyport {

// What SWP says about one host.
struct HostFacts {
  Protection protection;
  // The tasks of ours that SWP holds for this computer; an Error when that could not be read. Nothing: not asked,
  // because no scan comes into question.
  std::optional<Result<std::vector<swp::ScheduledTask>>> our_tasks;
  // EC2's word for its state now; empty: not asked, or no answer came.
  std::string state_now{};
};

// One search (two when the host has no agent), and one for our tasks when it can be scanned. A record without an agent
// takes two more, for an agent that stands in another record. `account`: twelve digits, or empty when it is not known.
// `region`: EC2 is asked there whether an unprotected instance still exists, where there are credentials; empty: it is
// not.
HostFacts GatherHost(const InstanceId& instance, const std::string& account, Sources& sources,
                     const WorkflowSettings& settings, const std::string& region = "");

// The facts about a host of which it cannot be said whose it is: nothing was asked.
HostFacts WhoseHost(std::string doubt);

// A scan that comes into question for a host.
struct ScanInQuestion {
  WantedScan scan;
  std::string why_not{};  // it is below a threshold of the settings; empty: it is wanted
};

// One host that a plan is about.
struct HostInQuestion {
  Host host;
  std::string found_in;  // where the event names it
  // EC2's word: "running", "stopped", "terminated"; empty: not known. And whether it is that of the finding's time
  // ("was stopped") or of now ("is stopped").
  std::string state;
  bool state_was = false;
  std::vector<ScanInQuestion> scans;  // in the order in which they are asked for
  // What the owner is told when the host is not protected, whether it can be scanned or not; begins with MessageAbout.
  std::function<NotifyOwner(const HostDecision& decision)> message;
  std::vector<std::string> why_told;  // beside that it is not protected
  // What makes the decision about a scan of this host the same decision: the finding, its update, its severity. The
  // host and the scan are part of the key by themselves; which workflow wants it is not.
  std::vector<std::string> same_scan;
  // The idempotency key of the message with this reason.
  std::function<std::string(const std::string& reason)> message_key;
};

// Adds the host, its actions and questions to the plan.
void PlanHost(const HostInQuestion& question, const HostFacts& facts, const WorkflowSettings& settings, TimePoint now,
              Plan& plan);

// What the owner of an unprotected host is told whatever the finding is: who it goes to, about which host, why it is
// not protected (`reason` is the first of the reasons), and what to do about that. Headline, links and the finding are
// the workflow's.
NotifyOwner MessageAbout(const HostDecision& decision, const OwnerSettings& settings);

// What a plan with these actions comes to: act, tell, nothing, or undetermined.
Decision DecisionOf(const Plan& plan);

}  // namespace sallyport
