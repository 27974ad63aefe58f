// SPDX-License-Identifier: Apache-2.0
#include "workflow/guardduty.h"

#include <algorithm>

#include "action/request_scan.h"
#include "base/check.h"
#include "base/severity.h"
#include "base/text.h"
#include "workflow/console_links.h"
#include "workflow/guardduty_archive.h"
#include "workflow/guardduty_families.h"
#include "workflow/guardduty_message.h"
#include "workflow/guardduty_remotes.h"
#include "workflow/guardduty_settings.h"

namespace sallyport {
namespace {

using swp::ScanKind;

constexpr std::string_view kGuardDutyName = "guardduty";
constexpr std::string_view kGuardDutyService = "GuardDuty";

// A part of keys, whose texts never change: "8.5 High".
std::string SeverityOfKey(double severity) {
  std::string number = std::to_string(severity);
  number.erase(number.find_last_not_of('0') + 1);
  if (number.back() == '.') number.pop_back();
  return number + " " + std::string(DisplayName(BandOf(severity)));
}

std::string FamilyText(const Family& family) {
  return std::string(family.why) + " (family: " + std::string(family.name) + ")";
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

void AddTagsOf(const AffectedHost& affected, const Protection& protection, Host& host) {
  // SWP's copy of the tags is newer than the finding's snapshot, and an exclusion in either of them counts. Where one
  // of them cannot be read it may hold an exclusion that the other does not.
  host.tags_unreadable = affected.tags_unreadable;
  if (affected.tags) host.tags.emplace();
  for (const auto& tag : affected.tags.value_or(std::vector<Tag>())) host.tags->push_back({tag.key, tag.value});
  if (host.tags_unreadable) host.tags = std::nullopt;
  if (protection.computer) host.tags = TagsNow(host, *protection.computer);
}

Host HostOfFinding(const AffectedHost& affected, const Protection& protection) {
  Host host{affected.account, affected.region, affected.instance, affected.name, std::nullopt};
  AddTagsOf(affected, protection, host);
  if (host.name.empty() && protection.computer) host.name = protection.computer->display_name;
  return host;
}

// One finding, one host.
class GuardDutyHost {
 public:
  GuardDutyHost(const GuardDutyFinding& finding, const AffectedHost& affected, const WorkflowSettings& settings)
      : finding_(finding), affected_(affected), settings_(settings), family_(FamilyOf(finding.type)) {}

  HostInQuestion Question(const Protection& protection) const {
    HostInQuestion question;
    question.host = HostOfFinding(affected_, protection);
    question.found_in = affected_.found_in;
    question.state = affected_.state;
    question.state_was = true;
    for (const ScanKind kind : WantedScans(finding_, family_)) question.scans.push_back({Wanted(kind), WhyNot(kind)});
    question.message = [this](const HostDecision& decision) {
      return OwnerMessage(finding_, decision, settings_.owner);
    };
    // An update of the finding may be scanned again once the cool-down is over; the same delivery never.
    question.same_scan = {finding_.id, finding_.updated_at ? FormatTime(*finding_.updated_at) : "",
                          SeverityOfKey(finding_.severity)};
    question.message_key = [this, host = question.host](const std::string& reason) {
      // One message for one reason of one finding; a rise into a higher band is told again.
      return IdempotencyKey({std::string(kGuardDutyName), host.account, host.region, host.instance.value,
                             std::string(NotifyOwner::kKind), reason,
                             finding_.id + "/" + SeverityOfKey(finding_.severity)});
    };
    return question;
  }

 private:
  WantedScan Wanted(ScanKind kind) const {
    const bool apply = kind == ScanKind::kRecommendation && !IsCompromised(finding_, family_);
    return {kind, apply, FamilyText(family_)};
  }

  std::string WhyNot(ScanKind kind) const {
    if (finding_.severity >= Threshold(kind, settings_.rows.Get<GuardDutySettings>())) return "";
    return "severity " + SeverityText(finding_.severity) + " is below guardduty.min_severity for this scan";
  }

  const GuardDutyFinding& finding_;
  const AffectedHost& affected_;
  const WorkflowSettings& settings_;
  const Family& family_;
};

void AddReasons(const GuardDutyFinding& finding, Plan& plan) {
  const Family& family = FamilyOf(finding.type);
  plan.reasons.push_back(FamilyText(family));
  plan.reasons.push_back("severity " + SeverityText(finding.severity));
  if (finding.role == ResourceRole::kActor && family.posture != Posture::kCompromised) {
    plan.reasons.emplace_back("the host is the actor of the finding, so it is probably compromised");
  }
  if (finding.count > 1) plan.reasons.push_back("seen " + CountText(static_cast<std::uint64_t>(finding.count), "time"));
  if (finding.sample) {
    plan.reasons.push_back(
        "sample finding: SWP is read but never changed, and messages are marked [SAMPLE]; a protected host would "
        "get: " +
        Names(WantedScans(finding, family)));
  }
  for (const std::string& note : finding.notes) plan.reasons.push_back(note);
  for (const std::string& other : finding.beyond_hosts) plan.reasons.push_back("also concerned: " + other);
}

// What GuardDuty tells besides its findings. A scan of an object of S3 names a bucket and no host.
std::string GuardDutyNotice(const Event& event) {
  const Json object = event.detail["s3ObjectDetails"];
  const std::string bucket = object["bucketName"].StringOr("");
  if (bucket.empty()) return "";
  const std::string result = event.detail["scanResultDetails"]["scanResultStatus"].StringOr("");
  return "GuardDuty scanned an object of bucket `" + Printable(bucket, 100) +
         "` for malware: " + (result.empty() ? "no result is named" : Printable(result, 60)) +
         "; it is about a bucket and not about a host";
}

std::vector<Matter> AboutGuardDuty(const GuardDutyFinding& finding, const WorkflowSettings&) {
  return {MatterOf(finding)};
}

// A finding that ends before any host is looked at.
std::optional<Declined> DeclineGuardDuty(const GuardDutyFinding& finding, const Matter&, const WorkflowSettings&) {
  if (finding.archived) {
    return Declined{Decision::kNothing, {"the finding is archived in GuardDuty: recorded, no action"}, true};
  }
  if (!finding.hosts.empty()) return std::nullopt;
  Declined declined{Decision::kOutOfScope, {finding.no_host_reason}};
  for (const std::string& other : finding.beyond_hosts) declined.reasons.push_back("concerned: " + other);
  declined.reasons.insert(declined.reasons.end(), finding.notes.begin(), finding.notes.end());
  return declined;
}

// A finding speaks of the hosts of its own account, and of others only where its account is ours. The ARN of a host
// says whose it is as well, and that of the finding whose detector speaks.
std::optional<std::string> DoubtAbout(const GuardDutyFinding& finding, const AffectedHost& affected,
                                      const GateSettings& gates) {
  if (auto doubt = AccountDoubt(finding.account, affected.account, "the finding", gates)) return doubt;
  if (auto doubt = FindingArnDoubt(finding.arn, finding.account, gates)) return doubt;
  if (auto doubt = HostArnDoubt(affected.arn, affected.account)) return doubt;
  // An instance has one owner: a finding that names two contradicts itself.
  const auto other = std::find_if(finding.hosts.begin(), finding.hosts.end(), [&](const AffectedHost& host) {
    return host.instance == affected.instance && host.account != affected.account;
  });
  if (other == finding.hosts.end()) return std::nullopt;
  return "the finding names the instance in AWS accounts `" + Printable(affected.account, 40) + "` and `" +
         Printable(other->account, 40) + "`, so the account of the host is undetermined";
}

GuardDutyFacts GatherGuardDuty(const GuardDutyFinding& finding, const Matter&, Sources& sources,
                               const WorkflowSettings& settings) {
  GuardDutyFacts facts;
  facts.read_at = sources.now;
  for (const AffectedHost& affected : finding.hosts) {
    const auto doubt = DoubtAbout(finding, affected, settings.gates);
    facts.hosts.push_back(doubt ? WhoseHost(*doubt)
                                : GatherHost(affected.instance, affected.account, sources, settings, affected.region));
  }
  return facts;
}

void DecideGuardDuty(const GuardDutyFinding& finding, const GuardDutyFacts& facts, const WorkflowSettings& settings,
                     Plan& plan) {
  Check(facts.hosts.size() == finding.hosts.size(), "facts for every host of the finding");
  AddReasons(finding, plan);
  const bool compromised = IsCompromised(finding, FamilyOf(finding.type)) && !finding.sample;
  plan.says = compromised ? Plan::Says::kCompromised : Plan::Says::kActive;
  for (std::size_t i = 0; i < finding.hosts.size(); ++i) {
    const GuardDutyHost host(finding, finding.hosts[i], settings);
    PlanHost(host.Question(facts.hosts[i].protection), facts.hosts[i], settings, facts.read_at, plan);
  }
  plan.decision = DecisionOf(plan);
}

}  // namespace

Matter MatterOf(const GuardDutyFinding& finding) {
  Matter matter;
  matter.service = kGuardDutyService;
  matter.subject = finding.id;
  matter.title = finding.type;
  matter.account = finding.account;
  matter.region = finding.region;
  matter.severity = finding.severity;
  matter.sample = finding.sample;
  matter.time = finding.updated_at ? finding.updated_at : finding.last_seen;
  matter.newer_wins = finding.updated_at.has_value();
  AddLink(matter.links, FindingLink(finding));
  return matter;
}

WorkflowOf<GuardDutyFinding, GuardDutyFacts> GuardDutyWorkflow() {
  return {.name = kGuardDutyName,
          .service = kGuardDutyService,
          .source = kGuardDutySource,
          .detail_types = {kGuardDutyDetailType},
          .read = ReadGuardDutyFinding,
          .about = AboutGuardDuty,
          .decline = DeclineGuardDuty,
          .gather = GatherGuardDuty,
          .plan = DecideGuardDuty,
          .bare_form = GuardDutyBareForm(),
          .keys = GuardDutyKeys(),
          .takes = [](const Event& event) { return !IsArchiveRecord(event); },
          .notice = GuardDutyNotice,
          .remotes = GuardDutyRemotes};
}

}  // namespace sallyport
