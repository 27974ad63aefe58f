// SPDX-License-Identifier: Apache-2.0
#include "tests/example/example_workflow.h"

#include <algorithm>
#include <sstream>

#include "base/bounds.h"
#include "base/json_fields.h"
#include "base/text.h"
#include "tests/example/example_action.h"

namespace sallyport {
namespace {

constexpr double kSeverity = 8;  // AWS Health gives none; whoever is reported for abuse is probably compromised

// "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0"; nothing for anything else.
std::optional<Host> HostOfArn(const std::string& arn) {
  std::vector<std::string> parts;
  std::istringstream text(arn);
  for (std::string part; std::getline(text, part, ':');) parts.push_back(part);
  if (parts.size() != 6 || parts[2] != "ec2" || !parts[5].starts_with("instance/")) return std::nullopt;
  const auto instance = ParseInstanceId(parts[5].substr(9));
  if (!instance.ok()) return std::nullopt;
  return Host{parts[4], parts[3], *instance, "", std::nullopt};
}

Result<AbuseReport> ReadReport(const Event& event) {
  JsonFields fields;
  AbuseReport report;
  report.id = fields.RequiredText(event.detail["eventArn"]);
  report.type = fields.RequiredText(event.detail["eventTypeCode"]);
  report.account = event.account;
  report.time = event.time;
  for (const Json& entity : fields.Array(event.detail["affectedEntities"]).Elements()) {
    if (report.hosts.size() >= bounds::kPlansPerEvent) break;
    if (auto host = HostOfArn(fields.Text(entity["entityValue"]))) report.hosts.push_back(*std::move(host));
  }
  if (!fields.status().ok()) return fields.status().error();
  return report;
}

Matter MatterFor(const AbuseReport& report, const Host* host) {
  Matter matter;
  matter.service = "AWS Health";
  matter.subject = report.id + (host == nullptr ? "" : " " + host->instance.value);
  matter.title = Printable(report.type, 100);
  matter.account = host == nullptr ? report.account : host->account;
  matter.region = host == nullptr ? "" : host->region;
  matter.severity = kSeverity;
  matter.time = report.time;
  return matter;
}

// Each host is a case of its own.
std::vector<Matter> AboutReport(const AbuseReport& report, const WorkflowSettings&) {
  std::vector<Matter> matters;
  for (const Host& host : report.hosts) matters.push_back(MatterFor(report, &host));
  if (matters.empty()) matters.push_back(MatterFor(report, nullptr));
  return matters;
}

std::optional<Declined> DeclineReport(const AbuseReport& report, const Matter&, const WorkflowSettings&) {
  if (!report.hosts.empty()) return std::nullopt;
  return Declined{Decision::kOutOfScope, {"the report names no EC2 instance"}};
}

const Host& HostOfMatter(const AbuseReport& report, const Matter& matter) {
  return *std::find_if(report.hosts.begin(), report.hosts.end(),
                       [&](const Host& host) { return MatterFor(report, &host).subject == matter.subject; });
}

AbuseFacts GatherReport(const AbuseReport& report, const Matter& matter, Sources& sources,
                        const WorkflowSettings& settings) {
  const Host& host = HostOfMatter(report, matter);
  return {sources.now, GatherHost(host.instance, host.account, sources, settings)};
}

void AddWatch(const Host& host, const AbuseReport& report, const AbuseFacts& facts, Plan& plan) {
  PlannedAction planned;
  const auto& computer = facts.host.protection.computer;
  planned.action = WatchHost{computer ? computer->id : ComputerId{}, host, "reported: " + report.type};
  planned.key = IdempotencyKey({std::string(WatchHost::kKind), host.Subject(), report.id});
  planned.why = {"abuse.watch is set"};
  plan.actions.push_back(std::move(planned));
}

void DecideReport(const AbuseReport& report, const AbuseFacts& facts, const WorkflowSettings& settings, Plan& plan) {
  const std::string why = "others reported that the host attacks them (" + plan.matter.title + ")";
  plan.reasons.push_back(why);
  HostInQuestion question;
  question.host = HostOfMatter(report, plan.matter);
  question.found_in = "detail.affectedEntities";
  if (facts.host.protection.computer) {
    question.host.name = facts.host.protection.computer->display_name;
    question.host.tags = facts.host.protection.computer->tags;
  }
  // Evidence first: what a recommendation scan recommends would not be applied, so none is asked for.
  question.scans = {{{swp::ScanKind::kMalware, false, why}}, {{swp::ScanKind::kIntegrity, false, why}}};
  question.same_scan = {report.id};
  question.message = [&](const HostDecision& decision) {
    NotifyOwner message = MessageAbout(decision, settings.owner);
    message.headline = decision.host.instance.value + " is reported for abuse, and SWP does not protect it";
    message.why_now = {why};
    return message;
  };
  question.message_key = [&](const std::string& reason) {
    return IdempotencyKey({std::string(NotifyOwner::kKind), question.host.Subject(), reason, report.id});
  };
  PlanHost(question, facts.host, settings, facts.read_at, plan);
  if (settings.rows.Get<AbuseSettings>().watch) AddWatch(plan.hosts.front().host, report, facts, plan);
  plan.decision = DecisionOf(plan);
}

}  // namespace

WorkflowOf<AbuseReport, AbuseFacts> AbuseWorkflow() {
  return {.name = "abuse",
          .service = "AWS Health",
          .source = "aws.health",
          .detail_types = {"AWS Health Abuse Event"},
          .read = ReadReport,
          .about = AboutReport,
          .decline = DeclineReport,
          .gather = GatherReport,
          .plan = DecideReport,
          .keys = OwnKeys<AbuseSettings>("abuse")
                      .Flag("watch", &AbuseSettings::watch, "whether a reported host is put on the watch list")
                      .Take()};
}

}  // namespace sallyport
