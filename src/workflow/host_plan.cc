// SPDX-License-Identifier: Apache-2.0
#include "workflow/host_plan.h"

#include <algorithm>
#include <map>
#include <utility>

#include "action/request_scan.h"
#include "base/text.h"
#include "workflow/host_back.h"

namespace sallyport {
namespace {

// "2 scans planned, 1 scan already requested", "no scan planned: 2 not applicable, 1 below threshold".
std::string SummaryOfScans(const std::vector<ScanDecision>& scans) {
  std::map<ScanVerdict, std::size_t> counts;
  for (const ScanDecision& scan : scans) ++counts[scan.verdict];
  const std::size_t planned = counts[ScanVerdict::kPlanned];
  const std::size_t joined = counts[ScanVerdict::kJoined];
  std::string join = joined == 0 ? "" : CountText(joined, "scan") + " already requested";
  if (planned > 0) return CountText(planned, "scan") + " planned" + (join.empty() ? "" : ", " + join);
  if (joined > 0) return join;
  std::string why;
  for (const auto& [verdict, count] : counts) {
    if (count > 0) why += (why.empty() ? ": " : ", ") + std::to_string(count) + " " + std::string(ToString(verdict));
  }
  return "no scan planned" + why;
}

// Whether scans can be planned for a host that can be scanned. If not (which of our tasks run could not be read), the
// decision says so; what is known of its protection stays.
bool KnowsRunningScans(const HostFacts& facts, HostDecision& decision) {
  if (facts.our_tasks && facts.our_tasks->ok()) return true;
  const Error error = facts.our_tasks ? facts.our_tasks->error() : Error{};
  decision.undetermined_why = "could not check which scans were already requested: " + error.ToText();
  decision.summary = "no scan requested: could not check which scans were already requested on this host";
  return false;
}

class PlannedHost {
 public:
  PlannedHost(const HostInQuestion& question, const HostFacts& facts, const WorkflowSettings& settings, TimePoint now,
              Plan& plan)
      : question_(question), facts_(facts), settings_(settings), now_(now), plan_(plan) {
    decision_.host = question.host;
    if (facts.protection.computer) decision_.host.activation = facts.protection.computer->agent_fingerprint;
    decision_.found_in = question.found_in;
    decision_.owner = FindOwner(question.host.tags, question.host.account, settings.owner).name;
    decision_.protection = facts.protection;
  }

  void Decide() {
    if (StateIs("terminated") || StateIs("shutting-down")) {
      decision_.summary = TheInstance() + (StateWas() ? " when the finding was made" : "") + ": nothing left to scan";
    } else if (facts_.protection.CanScan()) {
      // Whatever SWP says of its modules: a scan changes nothing on the host, and shows what is there.
      PlanScans();
      if (facts_.protection.state == ProtectionState::kNotProtected) TellOfProtection();
      if (facts_.protection.state == ProtectionState::kUndetermined) Prepend("protection undetermined");
    } else if (facts_.protection.state == ProtectionState::kUndetermined) {
      decision_.summary = "protection undetermined; no scan requested, owner not notified";
    } else if (StateIs("stopped") || StateIs("stopping")) {
      decision_.summary = TheInstance() + ": no scan until it runs again";
      AskWhetherItIsBack(false);
    } else {
      TellOfProtection();
      AskWhetherItIsBack(true);
    }
    plan_.hosts.push_back(std::move(decision_));
  }

 private:
  // What EC2 says now is newer than what the finding says.
  const std::string& State() const { return facts_.state_now.empty() ? question_.state : facts_.state_now; }
  bool StateWas() const { return question_.state_was && facts_.state_now.empty(); }
  bool StateIs(std::string_view state) const { return State() == state; }
  std::string TheInstance() const { return (StateWas() ? "the host was " : "the host is ") + State(); }

  void PlanScans() {
    if (!KnowsRunningScans(facts_, decision_)) return;
    for (const ScanInQuestion& scan : question_.scans) decision_.scans.push_back(Considered(scan));
    decision_.summary = SummaryOfScans(decision_.scans);
  }

  ScanDecision Considered(const ScanInQuestion& scan) {
    if (!scan.why_not.empty()) return {scan.scan.kind, ScanVerdict::kBelowThreshold, scan.why_not};
    const auto key = [this](std::string_view kind) {
      std::vector<std::string> parts = {std::string(RequestScan::kKind), decision_.host.Subject(), std::string(kind)};
      parts.insert(parts.end(), question_.same_scan.begin(), question_.same_scan.end());
      return IdempotencyKey(parts);
    };
    return PlanScan(scan.scan,
                    {decision_.host, *facts_.protection.computer, **facts_.our_tasks, now_, settings_.cool_down, key,
                     settings_.apply.placement},
                    plan_.actions);
  }

  // A host that cannot be scanned now is looked at again: when it is back, the scans are asked for (edge case G13).
  void AskWhetherItIsBack(bool owner_was_told) {
    if (plan_.matter.sample) return;
    HostBack back{decision_.host, {}, owner_was_told};
    for (const ScanInQuestion& scan : question_.scans) {
      if (scan.why_not.empty()) back.scans.push_back(scan.scan);
    }
    plan_.follow_ups.push_back({Question{std::move(back), plan_.matter}});
  }

  void Prepend(const std::string& what) {
    decision_.summary = what + (decision_.summary.empty() ? "" : "; " + decision_.summary);
  }

  // Nobody but a person can protect it, so the case stays with one until somebody has.
  void TellOfProtection() {
    NotifyOwner message = question_.message(decision_);
    Prepend("not protected; message to its owner planned");
    if (plan_.says == Plan::Says::kActive) plan_.says = Plan::Says::kNotProtected;
    PlannedAction planned;
    planned.key = question_.message_key(message.reason);
    planned.why = {(facts_.protection.CanScan() ? "SWP does not protect this host (" : "SWP cannot scan this host (") +
                   message.reason + ")"};
    planned.why.insert(planned.why.end(), question_.why_told.begin(), question_.why_told.end());
    planned.action = std::move(message);
    plan_.actions.push_back(std::move(planned));
  }

  const HostInQuestion& question_;
  const HostFacts& facts_;
  const WorkflowSettings& settings_;
  TimePoint now_;
  Plan& plan_;
  HostDecision decision_;
};

}  // namespace

namespace {

// An agent that cannot read the metadata service does not know its instance, and gets a record of its own. Whether the
// instance is protected is not known then: the agent that stands there may be its.
void LookForItsAgent(swp::Reads& swp, Protection& protection) {
  const bool is_listed_only = protection.state == ProtectionState::kNotProtected && protection.computer &&
                              protection.computer->agent_fingerprint.empty();
  if (!is_listed_only) return;
  const std::string number = NameOf(protection.computer->id);
  const auto namesakes = swp.FindNamesakes(protection.computer->id);
  if (namesakes.ok() && namesakes->empty()) return;
  protection.state = ProtectionState::kUndetermined;
  if (!namesakes.ok()) {
    protection.decisive.push_back(
        {ProtectionReason::kReadFailed, std::nullopt,
         "whether its agent stands in another record of SWP could not be read: " + namesakes.error().message,
         namesakes.error().advice});
    return;
  }
  std::vector<std::string> others;
  for (const swp::Computer& other : *namesakes) others.push_back(NameOf(other.id));
  protection.decisive.push_back(
      {ProtectionReason::kDuplicateRecords, std::nullopt,
       Listed(others, 5) + (others.size() == 1 ? " has" : " have") + " the name and address of " + number +
           " and an agent, but no instance ID: the agent could not read the EC2 instance metadata service",
       "let the agent reach the EC2 instance metadata service, then re-activate it"});
}

}  // namespace

HostFacts GatherHost(const InstanceId& instance, const std::string& account, Sources& sources,
                     const WorkflowSettings& settings, const std::string& region) {
  HostFacts facts;
  facts.protection =
      JudgeProtection({instance, account}, sources.swp.FindComputers(instance), settings.protection, sources.now);
  if (facts.protection.CanScan()) facts.our_tasks = sources.swp.FindOurTasks(facts.protection.computer->id);
  LookForItsAgent(sources.swp, facts.protection);
  const bool may_be_gone = facts.protection.state == ProtectionState::kNotProtected && !facts.protection.CanScan();
  if (!may_be_gone || region.empty() || sources.reach == nullptr) return facts;
  if (const auto state = sources.reach->InstanceState(account, region, instance); state.ok()) facts.state_now = *state;
  return facts;
}

HostFacts WhoseHost(std::string doubt) {
  HostFacts facts;
  facts.protection.decisive.push_back({ProtectionReason::kAccountMismatch, std::nullopt, std::move(doubt), ""});
  return facts;
}

void PlanHost(const HostInQuestion& question, const HostFacts& facts, const WorkflowSettings& settings, TimePoint now,
              Plan& plan) {
  PlannedHost(question, facts, settings, now, plan).Decide();
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

Decision DecisionOf(const Plan& plan) {
  const auto is_scan = [](const PlannedAction& planned) { return planned.action.Is<RequestScan>(); };
  if (std::any_of(plan.actions.begin(), plan.actions.end(), is_scan)) return Decision::kAct;
  if (!plan.actions.empty()) return Decision::kNotify;
  return plan.HasUndetermined() ? Decision::kUndetermined : Decision::kNothing;
}

}  // namespace sallyport
