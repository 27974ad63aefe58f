// SPDX-License-Identifier: Apache-2.0
#include "workflow/macie.h"

#include <algorithm>
#include <map>

#include "action/request_scan.h"
#include "base/check.h"
#include "base/severity.h"
#include "base/text.h"
#include "workflow/console_links.h"
#include "workflow/macie_message.h"

namespace sallyport {
namespace {

using swp::ScanKind;

constexpr std::string_view kMacieName = "macie";
constexpr std::string_view kMacieService = "Macie";
constexpr std::string_view kFindingDetailType = "Macie Finding";
constexpr std::string_view kAlertDetailType = "Macie Alert";

// What runs on a host that others may have gotten data from: which holes it has, and whether files were changed.
constexpr std::array kScans = {ScanKind::kRecommendation, ScanKind::kIntegrity};

std::optional<TimePoint> TimeOf(const MacieFinding& finding) {
  return finding.updated_at ? finding.updated_at : finding.created_at;
}

// Which window a moment is in: they are counted from 1970.
std::string WindowOf(std::optional<TimePoint> time, Duration window) {
  if (!time) return "?";
  return std::to_string(ToEpochMilliseconds(*time) / std::max<std::int64_t>(window.count(), 1));
}

std::size_t LookedAt(const Exposure& exposure, const WorkflowSettings& settings) {
  return std::min(exposure.hosts.size(), static_cast<std::size_t>(settings.rows.Get<MacieSettings>().max_hosts));
}

// One finding, one host.
class MacieHost {
 public:
  MacieHost(const MacieFinding& finding, const ExposedHost& exposed, const WorkflowSettings& settings)
      : finding_(finding), exposed_(exposed), settings_(settings) {}

  HostInQuestion Question(const Protection& protection) const {
    HostInQuestion question;
    question.host = HostWith(protection);
    question.found_in = exposed_.found_in;
    question.state = exposed_.state;
    for (const ScanKind kind : kScans) {
      question.scans.push_back({{kind, kind == ScanKind::kRecommendation, Why()}});
    }
    question.message = [this](const HostDecision& decision) {
      return MacieOwnerMessage(finding_, exposed_, decision, settings_.owner);
    };
    question.why_told = {Why()};
    question.same_scan = SameDecision();
    question.message_key = [this, host = question.host](const std::string& reason) {
      std::vector<std::string> parts = {std::string(kMacieName), host.Subject(), std::string(NotifyOwner::kKind),
                                        reason};
      for (std::string& part : SameDecision()) parts.push_back(std::move(part));
      return IdempotencyKey(parts);
    };
    return question;
  }

 private:
  Host HostWith(const Protection& protection) const {
    Host host = exposed_.host;
    if (!protection.computer) return host;
    if (host.name.empty()) host.name = protection.computer->display_name;
    // EC2's own tags are the newest; an exclusion that only SWP's copy has counts too.
    host.tags = TagsOfBoth(host.tags, protection.computer->tags);
    if (protection.computer->tags_unreadable) host.tags = std::nullopt;
    return host;
  }

  std::string Why() const { return std::string(MacieFamilyOf(finding_.type).why) + "; " + exposed_.ways.front(); }

  // The same matter within the window is acted on once, and again when it rises into a higher band (edge case M1).
  std::vector<std::string> SameDecision() const {
    std::string buckets;
    for (const std::string& bucket : finding_.buckets) buckets += bucket + "/";
    return {buckets, finding_.type, WindowOf(TimeOf(finding_), settings_.rows.Get<MacieSettings>().window),
            std::to_string(static_cast<int>(MacieBand(finding_.severity)))};
  }

  const MacieFinding& finding_;
  const ExposedHost& exposed_;
  const WorkflowSettings& settings_;
};

void AddReasons(const MacieFinding& finding, Plan& plan) {
  const MacieFamily& family = MacieFamilyOf(finding.type);
  plan.reasons.push_back(std::string(family.why) + " (family: " + std::string(family.name) + ")");
  for (const std::string& what : finding.what) plan.reasons.push_back("Macie found: " + what);
  if (!finding.exposure.empty()) plan.reasons.push_back("bucket access (Macie): " + Printable(finding.exposure, 60));
  if (!finding.actor.empty()) plan.reasons.push_back("actor: " + finding.actor);
  if (finding.count > 1) plan.reasons.push_back("seen " + CountText(static_cast<std::uint64_t>(finding.count), "time"));
  if (finding.sample)
    plan.reasons.emplace_back("sample finding: SWP is read but never changed, and messages are marked [SAMPLE]");
  for (const std::string& note : finding.notes) plan.reasons.push_back(note);
}

// "2 EC2 hosts can reach the bucket, 1 more under conditions".
std::string ReachText(const Exposure& exposure) {
  const auto certain = static_cast<std::size_t>(std::count_if(exposure.hosts.begin(), exposure.hosts.end(),
                                                              [](const ExposedHost& host) { return host.certain; }));
  const std::size_t rest = exposure.hosts.size() - certain;
  if (certain == 0 && rest > 0) return CountText(rest, "EC2 host") + " can reach the bucket under conditions";
  const std::string text = CountText(certain, "EC2 host") + " can reach the bucket";
  return rest == 0 ? text : text + ", " + std::to_string(rest) + " more under conditions";
}

void AddExposure(const Exposure& exposure, std::size_t looked_at, Plan& plan) {
  if (!exposure.gaps.empty() && !exposure.nothing_known) {
    plan.reasons.push_back("incomplete: " + CountText(exposure.gaps.size(), "item") + " could not be read or decided");
  }
  for (const std::string& gap : exposure.gaps) plan.reasons.push_back(gap);
  // Where nothing could be read there is no number: not even zero.
  if (!exposure.nothing_known) plan.reasons.push_back(ReachText(exposure));
  if (looked_at < exposure.hosts.size()) {
    std::string beyond;
    for (std::size_t i = looked_at; i < exposure.hosts.size() && i < looked_at + 100; ++i) {
      beyond += (beyond.empty() ? "" : ", ") + exposure.hosts[i].host.instance.value;
    }
    plan.reasons.push_back(CountText(exposure.hosts.size() - looked_at, "host") +
                           " beyond macie.max_hosts not checked: " + beyond);
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

Decision DecisionWith(const Exposure& exposure, const Plan& plan) {
  const Decision by_actions = DecisionOf(plan);
  if (by_actions != Decision::kNothing) return by_actions;
  if (exposure.nothing_known) return Decision::kUndetermined;
  // Nobody was found, and not everybody could be looked for.
  return exposure.hosts.empty() && !exposure.gaps.empty() ? Decision::kUndetermined : Decision::kNothing;
}

Result<reach::Answer> AskWho(const MacieFinding& finding, const std::string& bucket, Sources& sources) {
  if (sources.reach == nullptr) {
    return Error{ErrorCode::kUnavailable, "no access to AWS is set up", ""};
  }
  reach::Ask ask;
  ask.bucket = bucket;
  ask.account = ParseAccountId(finding.account).ok() ? finding.account : "";
  ask.region = finding.region;
  return sources.reach->WhoCan(ask);
}

std::vector<Matter> AboutMacie(const MacieFinding& finding, const WorkflowSettings& settings) {
  return {MatterOf(finding, settings.rows.Get<MacieSettings>())};
}

// A finding that ends before anything is read.
std::optional<Declined> DeclineMacie(const MacieFinding& finding, const Matter&, const WorkflowSettings& settings) {
  if (finding.archived) {
    return Declined{Decision::kNothing, {"the finding is archived in Macie: recorded, no action"}, true};
  }
  if (finding.buckets.empty()) {
    Declined declined{Decision::kOutOfScope, {finding.no_bucket_reason}};
    if (!finding.actor.empty()) declined.reasons.push_back("actor: " + finding.actor);
    declined.reasons.insert(declined.reasons.end(), finding.notes.begin(), finding.notes.end());
    return declined;
  }
  if (finding.severity < settings.rows.Get<MacieSettings>().min_severity) {
    return Declined{Decision::kNothing, {"severity below macie.min_severity: recorded, no action"}};
  }
  if (finding.account.empty()) {
    return Declined{Decision::kUndetermined, {"no AWS account is named, so whose bucket it is is undetermined"}};
  }
  return std::nullopt;
}

MacieFacts GatherMacie(const MacieFinding& finding, const Matter&, Sources& sources, const WorkflowSettings& settings) {
  MacieFacts facts;
  facts.read_at = sources.now;
  for (const std::string& bucket : finding.buckets) facts.answers.push_back(AskWho(finding, bucket, sources));
  const Exposure exposure = ExposureOf(finding, facts.answers);
  for (std::size_t i = 0; i < LookedAt(exposure, settings); ++i) {
    const Host& host = exposure.hosts[i].host;
    facts.hosts.push_back(GatherHost(host.instance, host.account, sources, settings));
  }
  return facts;
}

void DecideMacie(const MacieFinding& finding, const MacieFacts& facts, const WorkflowSettings& settings, Plan& plan) {
  Check(facts.answers.size() == finding.buckets.size(), "an answer for every bucket of the finding");
  const Exposure exposure = ExposureOf(finding, facts.answers);
  Check(facts.hosts.size() == LookedAt(exposure, settings), "facts for every host that is looked at");
  plan.says = Plan::Says::kActive;
  AddReasons(finding, plan);
  AddExposure(exposure, facts.hosts.size(), plan);
  std::size_t scanned = 0;
  for (const std::size_t i : OrderByPolicy(facts.hosts)) {
    const std::size_t before = plan.actions.size();
    const MacieHost host(finding, exposure.hosts[i], settings);
    PlanHost(host.Question(facts.hosts[i].protection), facts.hosts[i], settings, facts.read_at, plan);
    if (!HasNewScan(plan.actions, before)) continue;
    const auto wave = static_cast<std::int64_t>(scanned++) / settings.rows.Get<MacieSettings>().wave;
    for (std::size_t at = before; at < plan.actions.size(); ++at)
      plan.actions[at].after = settings.rows.Get<MacieSettings>().stagger * wave;
  }
  // All of them are one decision: more than gates.approval.above_hosts need an approval.
  for (PlannedAction& planned : plan.actions) {
    if (Writes(planned.action)) planned.together = static_cast<int>(scanned);
  }
  plan.decision = DecisionWith(exposure, plan);
  if (plan.decision == Decision::kUndetermined && !exposure.gaps.empty()) {
    const std::string first = exposure.gaps.front();
    std::erase(plan.reasons, first);
    plan.reasons.insert(plan.reasons.begin(), first + (plan.hosts.empty() ? "; no scan requested" : ""));
  }
}

}  // namespace

Matter MatterOf(const MacieFinding& finding, const MacieSettings& settings) {
  Matter matter;
  matter.service = kMacieService;
  matter.subject = finding.id;
  const bool about_data = finding.type.starts_with("SensitiveData:") && !finding.buckets.empty();
  if (about_data) {
    matter.subject = finding.buckets.front() + " " + finding.type + " " + WindowOf(TimeOf(finding), settings.window);
  }
  matter.title = MacieTitle(finding);
  matter.account = finding.account;
  matter.region = finding.region;
  matter.severity = finding.severity;
  matter.sample = finding.sample;
  matter.time = TimeOf(finding);
  matter.newer_wins = finding.updated_at && !about_data;
  AddLink(matter.links, MacieLink(finding));
  return matter;
}

WorkflowOf<MacieFinding, MacieFacts> MacieWorkflow() {
  return {.name = kMacieName,
          .service = kMacieService,
          .source = "aws.macie",
          .detail_types = {kFindingDetailType, kAlertDetailType},
          .read = ReadMacieFinding,
          .about = AboutMacie,
          .decline = DeclineMacie,
          .gather = GatherMacie,
          .plan = DecideMacie,
          .keys = MacieKeys()};
}

}  // namespace sallyport
