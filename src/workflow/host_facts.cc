// SPDX-License-Identifier: Apache-2.0
#include "workflow/host_facts.h"

#include <algorithm>
#include <utility>

#include "action/request_scan.h"
#include "base/text.h"

namespace sallyport {

HostFacts GatherHost(const InstanceId& instance, const std::string& account, Sources& sources,
                     const WorkflowSettings& settings) {
  HostFacts facts;
  facts.protection =
      JudgeProtection({instance, account}, sources.swp.FindComputers(instance), settings.protection, sources.now);
  if (facts.protection.CanScan()) facts.our_tasks = sources.swp.FindOurTasks(facts.protection.computer->id);
  return facts;
}

bool KnowsRunningScans(const HostFacts& facts, HostDecision& decision) {
  if (facts.our_tasks && facts.our_tasks->ok()) return true;
  const Error error = facts.our_tasks ? facts.our_tasks->error() : Error{};
  decision.protection.state = ProtectionState::kUndetermined;
  decision.protection.decisive.push_back({ProtectionReason::kReadFailed, std::nullopt,
                                          "could not find out whether scans are running: " + error.message,
                                          error.advice});
  decision.summary = "could not find out whether scans are running: none is requested";
  return false;
}

std::string SummaryOfScans(const std::vector<ScanDecision>& scans) {
  const auto count = [&scans](ScanVerdict verdict) {
    return std::count_if(scans.begin(), scans.end(), [verdict](const auto& scan) { return scan.verdict == verdict; });
  };
  const auto planned = count(ScanVerdict::kPlanned);
  const auto joined = count(ScanVerdict::kJoined);
  const std::string join = joined == 0 ? "" : std::to_string(joined) + " running already and joined";
  if (planned == 0) return join.empty() ? "no scan is needed or possible now" : join;
  return std::to_string(planned) + (planned == 1 ? " scan" : " scans") + " to request" +
         (join.empty() ? "" : ", " + join);
}

std::string UndeterminedSummary() {
  return "could not determine the protection state: nothing is done, and nobody is told that the host is unprotected";
}

NotifyOwner MessageAbout(const HostDecision& decision, const OwnerSettings& settings) {
  NotifyOwner message;
  message.host = decision.host;
  Owner owner = FindOwner(decision.host.tags, decision.host.account, settings);
  message.owner = std::move(owner.name);
  message.owner_source = std::move(owner.source);
  message.protection_state = ToString(decision.protection.state);
  for (const ProtectionNote& note : decision.protection.decisive) {
    if (message.reason.empty()) message.reason = ToString(note.reason);
    message.protection.push_back(note.text);
    if (!note.advice.empty()) message.to_do.push_back(note.advice);
  }
  return message;
}

PlannedAction TellOwner(NotifyOwner message, std::string key) {
  PlannedAction planned;
  planned.key = std::move(key);
  planned.why = {"SWP does not protect the host (" + message.reason + "), so it cannot scan it"};
  planned.action = std::move(message);
  return planned;
}

Plan NotAFinding(const Event& event, std::string_view workflow, std::string_view service) {
  Plan plan;
  plan.workflow = workflow;
  plan.decision = Decision::kOutOfScope;
  plan.title = event.detail_type;
  plan.found_by = service;
  plan.account = event.account;
  plan.region = event.region;
  plan.event_time = event.time;
  plan.reasons.push_back("`" + Printable(event.detail_type, 100) + "` is a notification about " + std::string(service) +
                         " itself, not a finding");
  return plan;
}

Decision DecisionOf(const Plan& plan) {
  const auto is_scan = [](const PlannedAction& planned) { return planned.action.Is<RequestScan>(); };
  if (std::any_of(plan.actions.begin(), plan.actions.end(), is_scan)) return Decision::kAct;
  if (!plan.actions.empty()) return Decision::kNotify;
  return plan.HasUndeterminedHost() ? Decision::kUndetermined : Decision::kNothing;
}

}  // namespace sallyport
