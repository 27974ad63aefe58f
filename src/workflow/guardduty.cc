// SPDX-License-Identifier: Apache-2.0
#include "workflow/guardduty.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "workflow/console_links.h"
#include "workflow/guardduty_families.h"
#include "workflow/guardduty_message.h"
#include "workflow/scans.h"

namespace sallyport {
namespace {

using swp::ScanKind;

constexpr std::string_view kGuardDutyName = "guardduty";
constexpr std::string_view kGuardDutyFindingType = "GuardDuty Finding";

// GuardDuty's bands (user guide, "Severity levels"): a band that is new keeps its number.
std::string SeverityText(double severity) {
  std::string_view band = "Low";
  if (severity >= 4) band = "Medium";
  if (severity >= 7) band = "High";
  if (severity >= 9) band = "Critical";
  std::string number = std::to_string(severity);
  number.erase(number.find_last_not_of('0') + 1);
  if (number.back() == '.') number.pop_back();
  return number + " " + std::string(band);
}

bool IsCompromised(const GuardDutyFinding& finding, const Family& family) {
  return family.posture == Posture::kCompromised || finding.role == ResourceRole::kActor;
}

// The order is the order of the scans: a suspect host is searched first, an attacked one is hardened first.
std::vector<ScanKind> WantedScans(const GuardDutyFinding& finding, const Family& family) {
  if (!IsCompromised(finding, family)) return family.scans;
  return {ScanKind::kMalware, ScanKind::kIntegrity, ScanKind::kRecommendation};
}

std::string Names(const std::vector<ScanKind>& kinds) {
  std::string names;
  for (const ScanKind kind : kinds) names += (names.empty() ? "" : ", ") + std::string(swp::DisplayName(kind));
  return names;
}

double Threshold(ScanKind kind, const GuardDutySettings& settings) {
  switch (kind) {
    case ScanKind::kRecommendation:
      return settings.min_severity_recommendation;
    case ScanKind::kIntegrity:
      return settings.min_severity_integrity;
    case ScanKind::kMalware:
      break;
  }
  return settings.min_severity_malware;
}

std::optional<std::vector<swp::Tag>> TagsOf(const AffectedHost& affected, const Protection& protection) {
  // SWP's copy of the tags is newer than the finding's snapshot; the finding's is better than nothing. Where SWP's
  // cannot be read they may hold an exclusion that the snapshot does not.
  if (protection.computer && protection.computer->tags) return protection.computer->tags;
  if (protection.computer && protection.computer->tags_unreadable) return std::nullopt;
  if (!affected.tags) return std::nullopt;
  std::vector<swp::Tag> tags;
  for (const auto& tag : *affected.tags) tags.push_back({tag.key, tag.value});
  return tags;
}

Host HostOfFinding(const AffectedHost& affected, const Protection& protection) {
  Host host{affected.account, affected.region, affected.instance, affected.name, TagsOf(affected, protection)};
  if (host.name.empty() && protection.computer) host.name = protection.computer->display_name;
  return host;
}

// One finding, one host: what is planned for it.
class GuardDutyHostPlanner {
 public:
  GuardDutyHostPlanner(const GuardDutyFinding& finding, const AffectedHost& affected, const HostFacts& facts,
                       const WorkflowSettings& settings, TimePoint now)
      : finding_(finding),
        affected_(affected),
        facts_(facts),
        settings_(settings),
        now_(now),
        family_(FamilyOf(finding.type)) {
    decision_.host = HostOfFinding(affected, facts.protection);
    decision_.found_in = affected.found_in;
    decision_.protection = facts.protection;
  }

  void Decide(Plan& plan) {
    if (IsGone()) {
      decision_.summary = "the instance was " + affected_.state + " when the finding was made: nothing is left to scan";
    } else if (facts_.protection.CanScan()) {
      PlanScans(plan);
    } else if (facts_.protection.state == ProtectionState::kUndetermined) {
      decision_.summary = UndeterminedSummary();
    } else if (IsStopped()) {
      decision_.summary = "the instance was " + affected_.state + ": a scan has to wait until it runs again";
      AskWhetherItIsBack(plan, false);
    } else {
      PlanMessage(plan);
    }
    plan.hosts.push_back(std::move(decision_));
  }

 private:
  bool IsGone() const { return affected_.state == "terminated" || affected_.state == "shutting-down"; }
  bool IsStopped() const { return affected_.state == "stopped" || affected_.state == "stopping"; }

  void PlanScans(Plan& plan) {
    if (!KnowsRunningScans(facts_, decision_)) return;
    for (const ScanKind kind : WantedScans(finding_, family_)) decision_.scans.push_back(Considered(kind, plan));
    decision_.summary = SummaryOfScans(decision_.scans);
  }

  WantedScan Wanted(ScanKind kind) const {
    const bool apply = kind == ScanKind::kRecommendation && !IsCompromised(finding_, family_);
    return {kind, apply, "family " + std::string(family_.name) + ": " + std::string(family_.why)};
  }

  bool IsBelowThreshold(ScanKind kind) const { return finding_.severity < Threshold(kind, settings_.guardduty); }

  ScanDecision Considered(ScanKind kind, Plan& plan) const {
    if (IsBelowThreshold(kind)) {
      return {kind, ScanVerdict::kBelowThreshold,
              "severity " + SeverityText(finding_.severity) + " is below the setting for this scan"};
    }
    const auto key = [this](std::string_view scan) { return KeyFor(RequestScan::kKind, scan, UpdateOfFinding()); };
    return PlanScan(Wanted(kind),
                    {decision_.host, *facts_.protection.computer, **facts_.our_tasks, now_, settings_.cool_down, key},
                    plan.actions);
  }

  // A host that cannot be scanned now is looked at again: when it is back, the scans are asked for (edge case G13).
  void AskWhetherItIsBack(Plan& plan, bool owner_was_told) const {
    if (finding_.sample) return;
    HostBack back{decision_.host, {}, owner_was_told};
    for (const ScanKind kind : WantedScans(finding_, family_)) {
      if (!IsBelowThreshold(kind)) back.scans.push_back(Wanted(kind));
    }
    plan.follow_ups.push_back({Question{std::move(back), MatterOf(plan)}});
  }

  void PlanMessage(Plan& plan) {
    NotifyOwner message = OwnerMessage(finding_, decision_, settings_.owner);
    decision_.summary = "not protected: its owner is told";
    // One message for one reason of one finding; a rise into a higher band is told again.
    std::string key = KeyFor(NotifyOwner::kKind, message.reason, finding_.id + "/" + SeverityText(finding_.severity));
    plan.actions.push_back(TellOwner(std::move(message), std::move(key)));
    AskWhetherItIsBack(plan, true);
  }

  // An update of the finding may be scanned again once the cool-down is over; the same delivery never.
  std::string UpdateOfFinding() const {
    return finding_.id + "/" + (finding_.updated_at ? FormatTime(*finding_.updated_at) : "") + "/" +
           SeverityText(finding_.severity);
  }

  std::string KeyFor(std::string_view kind, std::string_view what, const std::string& content) const {
    return IdempotencyKey({std::string(kGuardDutyName), decision_.host.account, decision_.host.region,
                           decision_.host.instance.value, std::string(kind), std::string(what), content});
  }

  const GuardDutyFinding& finding_;
  const AffectedHost& affected_;
  const HostFacts& facts_;
  const WorkflowSettings& settings_;
  TimePoint now_;
  const Family& family_;
  HostDecision decision_;
};

Plan PlanFor(const GuardDutyFinding& finding) {
  Plan plan;
  plan.workflow = kGuardDutyName;
  plan.subject = finding.id;
  plan.title = finding.type;
  plan.account = finding.account;
  plan.region = finding.region;
  plan.severity = finding.severity;
  plan.sample = finding.sample;
  plan.event_time = finding.updated_at ? finding.updated_at : finding.last_seen;
  AddLink(plan.links, FindingLink(finding));
  return plan;
}

void AddReasons(const GuardDutyFinding& finding, Plan& plan) {
  const Family& family = FamilyOf(finding.type);
  plan.reasons.push_back("family " + std::string(family.name) + ": " + std::string(family.why));
  plan.reasons.push_back("severity " + SeverityText(finding.severity));
  if (finding.role == ResourceRole::kActor && family.posture != Posture::kCompromised) {
    plan.reasons.emplace_back("the host is the actor of the finding, so it is treated as probably compromised");
  }
  if (finding.count > 1) plan.reasons.push_back("seen " + std::to_string(finding.count) + " times");
  if (finding.sample) {
    plan.reasons.push_back(
        "a sample finding: planned in full, nothing is ever called for it; for a protected host it asks "
        "for " +
        Names(WantedScans(finding, family)));
  }
  for (const std::string& note : finding.notes) plan.reasons.push_back(note);
  for (const std::string& other : finding.beyond_hosts) plan.reasons.push_back("also concerned: " + other);
}

// A finding that ends before any host is looked at. Gather and plan must agree on it, so both ask here.
std::optional<Plan> WithoutHosts(const GuardDutyFinding& finding) {
  Plan plan = PlanFor(finding);
  if (finding.archived) {
    plan.decision = Decision::kNothing;
    plan.reasons.emplace_back("the finding is archived in GuardDuty: recorded, no action");
    return plan;
  }
  if (finding.hosts.empty()) {
    plan.decision = Decision::kOutOfScope;
    plan.reasons.push_back(finding.no_host_reason);
    for (const std::string& other : finding.beyond_hosts) plan.reasons.push_back("concerned: " + other);
    return plan;
  }
  return std::nullopt;
}

}  // namespace

GuardDutyFacts GatherGuardDuty(const GuardDutyFinding& finding, Sources& sources, const WorkflowSettings& settings) {
  GuardDutyFacts facts;
  facts.read_at = sources.now;
  if (WithoutHosts(finding)) return facts;
  for (const AffectedHost& affected : finding.hosts) {
    facts.hosts.push_back(GatherHost(affected.instance, affected.account, sources, settings));
  }
  return facts;
}

Plan PlanGuardDuty(const GuardDutyFinding& finding, const GuardDutyFacts& facts, const WorkflowSettings& settings) {
  if (auto plan = WithoutHosts(finding)) return *std::move(plan);
  Check(facts.hosts.size() == finding.hosts.size(), "facts for every host of the finding");
  Plan plan = PlanFor(finding);
  AddReasons(finding, plan);
  for (std::size_t i = 0; i < finding.hosts.size(); ++i) {
    GuardDutyHostPlanner(finding, finding.hosts[i], facts.hosts[i], settings, facts.read_at).Decide(plan);
  }
  plan.decision = DecisionOf(plan);
  return plan;
}

Result<Plan> MakeGuardDutyPlan(const Event& event, Sources& sources, const WorkflowSettings& settings) {
  if (event.detail_type != kGuardDutyFindingType) return NotAFinding(event, kGuardDutyName, kGuardDuty);
  const auto finding = ReadGuardDutyFinding(event);
  if (!finding.ok()) return finding.error();
  return PlanGuardDuty(*finding, GatherGuardDuty(*finding, sources, settings), settings);
}

}  // namespace sallyport
