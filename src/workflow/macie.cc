// SPDX-License-Identifier: Apache-2.0
#include "workflow/macie.h"

#include <algorithm>
#include <map>

#include "base/check.h"
#include "base/text.h"
#include "workflow/console_links.h"
#include "workflow/macie_message.h"
#include "workflow/scans.h"

namespace sallyport {
namespace {

using swp::ScanKind;

constexpr std::string_view kMacieName = "macie";
constexpr std::string_view kService = "Macie";
constexpr std::string_view kMacieFindingType = "Macie Finding";
constexpr std::string_view kAlertDetailType = "Macie Alert";

// What runs on a host that others may have gotten data from: which holes it has, and whether files were changed.
constexpr std::array kScans = {ScanKind::kRecommendation, ScanKind::kIntegrity};

Plan PlanFor(const MacieFinding& finding) {
  Plan plan;
  plan.workflow = kMacieName;
  plan.subject = finding.id;
  plan.title = MacieTitle(finding);
  plan.found_by = kService;
  plan.account = finding.account;
  plan.region = finding.region;
  plan.severity = finding.severity;
  plan.sample = finding.sample;
  plan.event_time = finding.updated_at ? finding.updated_at : finding.created_at;
  AddLink(plan.links, MacieLink(finding));
  return plan;
}

// A finding that ends before anything is read. Gather and plan must agree on it, so both ask here.
std::optional<Plan> WithoutReading(const MacieFinding& finding, const WorkflowSettings& settings) {
  Plan plan = PlanFor(finding);
  if (finding.archived) {
    plan.decision = Decision::kNothing;
    plan.reasons.emplace_back("the finding is archived in Macie: recorded, no action");
    return plan;
  }
  if (finding.buckets.empty()) {
    plan.decision = Decision::kOutOfScope;
    plan.reasons.push_back(finding.no_bucket_reason);
    if (!finding.actor.empty()) plan.reasons.push_back("the actor was " + finding.actor);
    for (const std::string& note : finding.notes) plan.reasons.push_back(note);
    return plan;
  }
  if (finding.severity < settings.macie.min_severity) {
    plan.decision = Decision::kNothing;
    plan.reasons.emplace_back("its severity is below macie.min_severity: recorded, no action");
    return plan;
  }
  return std::nullopt;
}

// Which window a moment is in: they are counted from 1970.
std::string WindowOf(std::optional<TimePoint> time, Duration window) {
  if (!time) return "?";
  return std::to_string(ToEpochMilliseconds(*time) / std::max<std::int64_t>(window.count(), 1));
}

std::size_t LookedAt(const Exposure& exposure, const WorkflowSettings& settings) {
  return std::min(exposure.hosts.size(), static_cast<std::size_t>(settings.macie.max_hosts));
}

int Band(double severity) {
  return severity >= 7 ? 2 : severity >= 4 ? 1 : 0;
}

// One finding, one host: what is planned for it.
class MacieHostPlanner {
 public:
  MacieHostPlanner(const MacieFinding& finding, const ExposedHost& exposed, const HostFacts& facts,
                   const WorkflowSettings& settings, TimePoint now)
      : finding_(finding), exposed_(exposed), facts_(facts), settings_(settings), now_(now) {
    decision_.host = exposed.host;
    decision_.found_in = exposed.found_in;
    decision_.protection = facts.protection;
    TakeFromSwp();
  }

  void Decide(Plan& plan) {
    if (facts_.protection.CanScan()) {
      PlanScans(plan);
    } else if (facts_.protection.state == ProtectionState::kUndetermined) {
      decision_.summary = UndeterminedSummary();
    } else if (exposed_.state == "stopped" || exposed_.state == "stopping") {
      decision_.summary = "the instance is " + exposed_.state + ": a scan has to wait until it runs again";
      AskWhetherItIsBack(plan, false);
    } else {
      PlanMessage(plan);
    }
    plan.hosts.push_back(std::move(decision_));
  }

 private:
  void TakeFromSwp() {
    if (!facts_.protection.computer) return;
    const swp::Computer& computer = *facts_.protection.computer;
    if (decision_.host.name.empty()) decision_.host.name = computer.display_name;
    // EC2's own tags are the newest; SWP's copy is better than none.
    if (!decision_.host.tags && computer.tags) decision_.host.tags = computer.tags;
  }

  std::string Why() const {
    const MacieFamily& family = MacieFamilyOf(finding_.type);
    return std::string(family.why) + "; " + exposed_.ways.front();
  }

  WantedScan Wanted(ScanKind kind) const { return {kind, kind == ScanKind::kRecommendation, Why()}; }

  void PlanScans(Plan& plan) {
    if (!KnowsRunningScans(facts_, decision_)) return;
    const auto key = [this](std::string_view scan) { return KeyFor(RequestScan::kKind, scan); };
    for (const ScanKind kind : kScans) {
      decision_.scans.push_back(
          PlanScan(Wanted(kind),
                   {decision_.host, *facts_.protection.computer, **facts_.our_tasks, now_, settings_.cool_down, key},
                   plan.actions));
    }
    decision_.summary = SummaryOfScans(decision_.scans);
  }

  void AskWhetherItIsBack(Plan& plan, bool owner_was_told) const {
    if (finding_.sample) return;
    HostBack back{decision_.host, {}, owner_was_told};
    for (const ScanKind kind : kScans) back.scans.push_back(Wanted(kind));
    plan.follow_ups.push_back({Question{std::move(back), MatterOf(plan)}});
  }

  void PlanMessage(Plan& plan) {
    NotifyOwner message = MacieOwnerMessage(finding_, exposed_, decision_, settings_.owner);
    decision_.summary = "not protected: its owner is told";
    std::string key = KeyFor(NotifyOwner::kKind, message.reason);
    PlannedAction planned = TellOwner(std::move(message), std::move(key));
    planned.why.push_back(Why());
    plan.actions.push_back(std::move(planned));
    AskWhetherItIsBack(plan, true);
  }

  // The same matter within the window is acted on once, and again when it rises into a higher band (edge case M1).
  std::string KeyFor(std::string_view kind, std::string_view what) const {
    const auto time = finding_.updated_at ? finding_.updated_at : finding_.created_at;
    std::string buckets;
    for (const std::string& bucket : finding_.buckets) buckets += bucket + "/";
    return IdempotencyKey({std::string(kMacieName), decision_.host.Subject(), std::string(kind), std::string(what),
                           buckets, finding_.type, WindowOf(time, settings_.macie.window),
                           std::to_string(Band(finding_.severity))});
  }

  const MacieFinding& finding_;
  const ExposedHost& exposed_;
  const HostFacts& facts_;
  const WorkflowSettings& settings_;
  TimePoint now_;
  HostDecision decision_;
};

void AddReasons(const MacieFinding& finding, Plan& plan) {
  const MacieFamily& family = MacieFamilyOf(finding.type);
  plan.reasons.push_back("family " + std::string(family.name) + ": " + std::string(family.why));
  for (const std::string& what : finding.what) plan.reasons.push_back("found in the bucket: " + what);
  if (!finding.exposure.empty()) plan.reasons.push_back("access as Macie sees it: " + Printable(finding.exposure, 60));
  if (!finding.actor.empty()) plan.reasons.push_back("the actor was " + finding.actor);
  if (finding.count > 1) plan.reasons.push_back("seen " + std::to_string(finding.count) + " times");
  if (finding.sample) plan.reasons.emplace_back("a sample finding: planned in full, nothing is ever called for it");
  for (const std::string& note : finding.notes) plan.reasons.push_back(note);
}

void AddExposure(const Exposure& exposure, std::size_t looked_at, Plan& plan) {
  if (!exposure.gaps.empty()) {
    plan.reasons.push_back("a partial answer: " + std::to_string(exposure.gaps.size()) +
                           " things could not be read or decided");
  }
  for (const std::string& gap : exposure.gaps) plan.reasons.push_back(gap);
  plan.reasons.push_back(std::to_string(exposure.hosts.size()) + " EC2 hosts can or may reach it");
  if (looked_at < exposure.hosts.size()) {
    std::string beyond;
    for (std::size_t i = looked_at; i < exposure.hosts.size() && i < looked_at + 100; ++i) {
      beyond += (beyond.empty() ? "" : ", ") + exposure.hosts[i].host.instance.value;
    }
    plan.reasons.push_back(std::to_string(exposure.hosts.size() - looked_at) +
                           " more than macie.max_hosts, not looked at: " + beyond);
  }
  for (const std::string& line : exposure.listed) plan.reasons.push_back(line);
}

std::int32_t PolicyOf(const HostFacts& facts) {
  return facts.protection.computer && facts.protection.computer->policy ? facts.protection.computer->policy->value : 0;
}

// Waves: the first host of each policy, then the second of each, ... so that what one scan finds for a policy is known
// before its other hosts are scanned (edge case M16). The place of each host in that order.
std::vector<std::size_t> OrderByPolicy(const std::vector<HostFacts>& hosts) {
  std::map<std::int32_t, std::size_t> seen;
  std::vector<std::pair<std::size_t, std::size_t>> ranked;  // rank within its policy, host
  for (std::size_t i = 0; i < hosts.size(); ++i) ranked.emplace_back(seen[PolicyOf(hosts[i])]++, i);
  std::stable_sort(ranked.begin(), ranked.end());
  std::vector<std::size_t> order;
  order.reserve(ranked.size());
  for (const auto& [rank, host] : ranked) order.push_back(host);
  return order;
}

bool HasNewScan(const std::vector<PlannedAction>& actions, std::size_t from) {
  return std::any_of(actions.begin() + static_cast<std::ptrdiff_t>(from), actions.end(),
                     [](const PlannedAction& planned) { return Writes(planned.action); });
}

Decision Decide(const Plan& plan, const Exposure& exposure) {
  const Decision by_actions = DecisionOf(plan);
  if (by_actions != Decision::kNothing) return by_actions;
  if (exposure.nothing_known) return Decision::kUndetermined;
  // Nobody was found, and not everybody could be looked for.
  return exposure.hosts.empty() && !exposure.gaps.empty() ? Decision::kUndetermined : Decision::kNothing;
}

Result<reach::Answer> AskWho(const MacieFinding& finding, const std::string& bucket, Sources& sources) {
  if (sources.reach == nullptr) {
    return Error{ErrorCode::kUnavailable, "AWS cannot be asked here", ""};
  }
  reach::Ask ask;
  ask.bucket = bucket;
  ask.account = ParseAccountId(finding.account).ok() ? finding.account : "";
  ask.region = finding.region;
  return sources.reach->WhoCan(ask);
}

}  // namespace

MacieFacts GatherMacie(const MacieFinding& finding, Sources& sources, const WorkflowSettings& settings) {
  MacieFacts facts;
  facts.read_at = sources.now;
  if (WithoutReading(finding, settings)) return facts;
  for (const std::string& bucket : finding.buckets) facts.answers.push_back(AskWho(finding, bucket, sources));
  const Exposure exposure = ExposureOf(finding, facts.answers);
  for (std::size_t i = 0; i < LookedAt(exposure, settings); ++i) {
    const Host& host = exposure.hosts[i].host;
    facts.hosts.push_back(GatherHost(host.instance, host.account, sources, settings));
  }
  return facts;
}

Plan PlanMacie(const MacieFinding& finding, const MacieFacts& facts, const WorkflowSettings& settings) {
  if (auto plan = WithoutReading(finding, settings)) return *std::move(plan);
  Check(facts.answers.size() == finding.buckets.size(), "an answer for every bucket of the finding");
  const Exposure exposure = ExposureOf(finding, facts.answers);
  Check(facts.hosts.size() == LookedAt(exposure, settings), "facts for every host that is looked at");
  Plan plan = PlanFor(finding);
  AddReasons(finding, plan);
  AddExposure(exposure, facts.hosts.size(), plan);
  std::size_t scanned = 0;
  for (const std::size_t i : OrderByPolicy(facts.hosts)) {
    const std::size_t before = plan.actions.size();
    MacieHostPlanner(finding, exposure.hosts[i], facts.hosts[i], settings, facts.read_at).Decide(plan);
    if (!HasNewScan(plan.actions, before)) continue;
    const auto wave = static_cast<std::int64_t>(scanned++) / settings.macie.wave;
    for (std::size_t at = before; at < plan.actions.size(); ++at)
      plan.actions[at].after = settings.macie.stagger * wave;
  }
  // All of them are one decision: more than gates.approval.above_hosts need a person's yes.
  for (PlannedAction& planned : plan.actions) {
    if (Writes(planned.action)) planned.hosts = static_cast<int>(scanned);
  }
  plan.decision = Decide(plan, exposure);
  if (plan.decision == Decision::kUndetermined && !exposure.gaps.empty()) {
    plan.reasons.insert(plan.reasons.begin(), exposure.gaps.front());
  }
  return plan;
}

Result<Plan> MakeMaciePlan(const Event& event, Sources& sources, const WorkflowSettings& settings) {
  if (event.detail_type != kMacieFindingType && event.detail_type != kAlertDetailType)
    return NotAFinding(event, kMacieName, kService);
  const auto finding = ReadMacieFinding(event);
  if (!finding.ok()) return finding.error();
  return PlanMacie(*finding, GatherMacie(*finding, sources, settings), settings);
}

std::string MacieSubject(const Event& event, const WorkflowSettings& settings) {
  const Json& detail = event.detail;
  const std::string type = detail["type"].StringOr("");
  std::string id = detail["id"].StringOr(detail["alert-arn"].StringOr(event.id));
  const std::string bucket = detail["resourcesAffected"]["s3Bucket"]["name"].StringOr("");
  if (!type.starts_with("SensitiveData:") || bucket.empty()) return id;
  auto time = ParseTime(detail["updatedAt"].StringOr(""));
  if (!time) time = event.time;
  return bucket + " " + type + " " + WindowOf(time, settings.macie.window);
}

}  // namespace sallyport
