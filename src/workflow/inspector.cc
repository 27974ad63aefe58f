// SPDX-License-Identifier: Apache-2.0
#include "workflow/inspector.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/bounds.h"
#include "base/check.h"
#include "base/text.h"
#include "workflow/inspector_hub.h"
#include "workflow/instance_subject.h"
#include "workflow/patch_finding.h"
#include "workflow/patch_question.h"

namespace sallyport {
namespace {

// Cases of one event; the ledger takes bounds::kMattersPerEvent.
constexpr std::size_t kMostTopics = 80;

Matter MatterAbout(const InspectorFinding& finding, std::string subject, std::string title,
                   const InspectorSettings& settings) {
  Matter matter;
  matter.service = kInspectorService;
  matter.subject = std::move(subject);
  matter.title = std::move(title);
  matter.account = finding.account;
  matter.region = finding.region;
  matter.severity = LiftedSeverity(finding, settings);
  matter.time = finding.updated_at;
  return matter;
}

// A case has the severity and the time of the worst and the latest of its findings.
void Widen(const InspectorFinding& finding, const InspectorSettings& settings, Matter& matter) {
  matter.severity = std::max(matter.severity, LiftedSeverity(finding, settings));
  if (finding.updated_at && (!matter.time || *finding.updated_at > *matter.time)) matter.time = finding.updated_at;
}

const InspectorTopic& TopicOf(const std::vector<InspectorTopic>& topics, const Matter& matter) {
  const auto found = std::find_if(topics.begin(), topics.end(), [&](const InspectorTopic& topic) {
    return topic.matter.subject == matter.subject && topic.matter.account == matter.account;
  });
  Check(found != topics.end(), "a topic of this event");
  return *found;
}

Result<InspectorReport> ReadReport(const Event& event) {
  auto findings = ReadInspectorFindings(event);
  if (!findings.ok()) return findings.error();
  return InspectorReport{*std::move(findings), event.time};
}

std::vector<Matter> AboutInspector(const InspectorReport& report, const WorkflowSettings& settings) {
  std::vector<Matter> matters;
  for (InspectorTopic& topic : TopicsOf(report, settings.rows.Get<InspectorSettings>())) {
    matters.push_back(std::move(topic.matter));
  }
  return matters;
}

// Why a finding is not decided about; empty: it joins.
std::string WhyNotJoined(const InspectorFinding& finding, const InspectorSettings& settings) {
  if (finding.hosts.empty()) return finding.no_host_reason;
  // Closing and suppressing are taken in whatever the thresholds say.
  if (finding.status != FindingStatus::kActive) return "";
  return BelowThreshold(finding.severity, finding.exploit_available, finding.epss, settings);
}

std::vector<std::string> ReasonsWithoutCve(const InspectorFinding& finding) {
  std::vector<std::string> reasons;
  if (!finding.no_host_reason.empty()) reasons.push_back(finding.no_host_reason);
  if (!finding.exposure.empty()) reasons.push_back(finding.exposure + ": recorded; no rule is assigned for that");
  if (finding.type == "CODE_VULNERABILITY") reasons.emplace_back("a weakness in code has no CVE: no rule is for it");
  std::string advisories;
  for (const std::string& id : finding.advisories) advisories += (advisories.empty() ? "" : ", ") + id;
  if (!advisories.empty()) reasons.push_back("it names " + advisories + " and no CVE: rules are found by CVE alone");
  if (reasons.empty()) reasons.emplace_back("it names no CVE: rules are found by CVE alone");
  reasons.insert(reasons.end(), finding.notes.begin(), finding.notes.end());
  return reasons;
}

std::optional<Declined> DeclineInspector(const InspectorReport& report, const Matter& matter,
                                         const WorkflowSettings& settings) {
  const auto& own = settings.rows.Get<InspectorSettings>();
  const auto topics = TopicsOf(report, own);
  const InspectorTopic& topic = TopicOf(topics, matter);
  if (topic.findings.empty()) return Declined{Decision::kOutOfScope, {"the list holds no finding"}};
  const InspectorFinding& first = report.findings[topic.findings.front()];
  if (topic.cves.empty()) return Declined{Decision::kOutOfScope, ReasonsWithoutCve(first)};
  std::string why;
  for (const std::size_t at : topic.findings) {
    why = WhyNotJoined(report.findings[at], own);
    if (why.empty()) return std::nullopt;
  }
  const bool below = !first.hosts.empty();
  return Declined{below ? Decision::kNothing : Decision::kOutOfScope, {below ? why + ": recorded, no action" : why}};
}

InspectorFacts GatherNoInspector(const InspectorReport&, const Matter&, Sources&, const WorkflowSettings&) {
  return {};
}

void AddInspectorReasons(const InspectorFinding& finding, const InspectorSettings& settings, Plan& plan) {
  std::string what =
      std::string(ToString(finding.status)) + ": " + (finding.title.empty() ? finding.arn : finding.title);
  if (!finding.through.empty()) what += ", through " + finding.through;
  plan.reasons.push_back(what);
  std::string lifted;
  (void)BelowThreshold(finding.severity, finding.exploit_available, finding.epss, settings, &lifted);
  if (!lifted.empty()) plan.reasons.push_back(lifted);
  if (!finding.fixed_in.empty()) plan.reasons.push_back("fixed in " + finding.fixed_in);
  plan.reasons.insert(plan.reasons.end(), finding.notes.begin(), finding.notes.end());
}

// Whose host it is about is in doubt, so nothing is decided about it; empty: there is none.
std::string DoubtAboutFinding(const InspectorFinding& finding, const GateSettings& gates) {
  if (!finding.doubt.empty()) return finding.doubt;
  return FindingArnDoubt(finding.arn, finding.account, gates).value_or("");
}

void JoinInspector(const InspectorReport& report, const InspectorFacts&, const WorkflowSettings& settings, Plan& plan) {
  const auto& own = settings.rows.Get<InspectorSettings>();
  const auto topics = TopicsOf(report, own);
  const InspectorTopic& topic = TopicOf(topics, plan.matter);
  std::vector<PatchFinding> members;
  for (const std::size_t at : topic.findings) {
    const InspectorFinding& finding = report.findings[at];
    AddInspectorReasons(finding, own, plan);
    if (const std::string why = WhyNotJoined(finding, own); !why.empty()) {
      plan.reasons.push_back(why);
      continue;
    }
    if (const std::string doubt = DoubtAboutFinding(finding, settings.gates); !doubt.empty()) {
      for (const Host& host : finding.hosts) {
        plan.others.push_back(InstanceSubject(host, "detail.resources"));
        plan.others.back().undetermined_why = doubt;
      }
      continue;
    }
    for (const Host& host : finding.hosts) {
      std::vector<std::string> cves = topic.cves;
      members.push_back(PatchFindingOf(finding, host, std::move(cves), settings.owner, settings.gates.exclusion_tag));
      OtherSubject about = InstanceSubject(host, "detail.resources");
      about.summary = finding.status == FindingStatus::kActive
                          ? "decided about together with the other findings of the window"
                          : "its status goes into the patch ledger";
      plan.others.push_back(std::move(about));
    }
  }
  if (members.empty() && plan.HasUndetermined()) {
    plan.decision = Decision::kUndetermined;
    plan.reasons.insert(plan.reasons.begin(), plan.FirstUndetermined());
    return;
  }
  plan.collect =
      Collect{{PatchFindings{std::string(kTenant)}, MatterOfPatches(kTenant)},
              PatchMember(topic.matter.subject, members, settings.gates.exclusion_tag),
              {own.window, std::max(own.window, own.window_at_most), static_cast<std::size_t>(own.window_members)}};
}

bool TakesHub(const Event& event) {
  return CarriesInspector(event);
}

}  // namespace

std::vector<InspectorTopic> TopicsOf(const InspectorReport& report, const InspectorSettings& settings) {
  std::vector<InspectorTopic> topics;
  std::map<std::pair<std::string, std::string>, std::size_t> known;  // account, subject
  const auto add = [&](std::size_t at, const std::string& subject, const std::string& title,
                       std::vector<std::string> cves) {
    const InspectorFinding& finding = report.findings[at];
    const auto [place, is_new] = known.try_emplace({finding.account, subject}, topics.size());
    if (is_new) topics.push_back({MatterAbout(finding, subject, title, settings), std::move(cves), {}});
    InspectorTopic& topic = topics[place->second];
    Widen(finding, settings, topic.matter);
    if (report.time) topic.matter.time = report.time;
    if (std::find(topic.findings.begin(), topic.findings.end(), at) == topic.findings.end())
      topic.findings.push_back(at);
  };
  for (std::size_t at = 0; at < report.findings.size(); ++at) {
    const InspectorFinding& finding = report.findings[at];
    if (finding.cves.empty()) {
      add(at, finding.arn, finding.title.empty() ? finding.type : finding.title, {});
      continue;
    }
    std::vector<std::string> rest;
    for (const std::string& cve : finding.cves) {
      const bool is_known = known.contains({finding.account, cve});
      // A place is kept for the rest of each finding that is still to come.
      const std::size_t to_come = report.findings.size() - at;
      if (!is_known && topics.size() + to_come >= kMostTopics) {
        rest.push_back(cve);
      } else {
        add(at, cve, cve, {cve});
      }
    }
    if (rest.empty()) continue;
    const std::string title = std::to_string(rest.size()) + " further CVEs of one finding, from " + rest.front();
    add(at, finding.arn + " further CVEs", title, std::move(rest));
  }
  if (topics.empty()) {
    InspectorTopic none;
    none.matter.service = kInspectorService;
    none.matter.subject = "no finding";
    none.matter.title = "a list without findings";
    topics.push_back(std::move(none));
  }
  return topics;
}

Matter MatterOfPatches(std::string_view tenant) {
  Matter matter;
  matter.service = kInspectorService;
  matter.subject = "virtual patches of SWP tenant " + std::string(tenant);
  matter.title = "virtual patches";
  matter.severity = 7;  // of the case that all of them share; each CVE's own case has its own
  return matter;
}

WorkflowOf<InspectorReport, InspectorFacts> InspectorWorkflow() {
  return {.name = kInspectorName,
          .service = kInspectorService,
          .source = kInspectorSource,
          .detail_types = {kInspectorDetailType, kInspectorListDetailType},
          .read = ReadReport,
          .about = AboutInspector,
          .decline = DeclineInspector,
          .gather = GatherNoInspector,
          .plan = JoinInspector,
          .bare_form = InspectorBareForm(),
          .keys = InspectorKeys()};
}

WorkflowOf<InspectorReport, InspectorFacts> InspectorHubWorkflow() {
  return {.name = "inspector-hub",
          .service = kInspectorService,
          .source = kSecurityHubSource,
          .detail_types = {},
          .read = ReadReport,
          .about = AboutInspector,
          .decline = DeclineInspector,
          .gather = GatherNoInspector,
          .plan = JoinInspector,
          .bare_form = InspectorHubForm(),
          .keys = {},
          .takes = TakesHub};
}

}  // namespace sallyport
