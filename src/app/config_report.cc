// SPDX-License-Identifier: Apache-2.0
#include "app/config_report.h"

#include <algorithm>
#include <array>

#include "base/csv.h"
#include "base/json.h"
#include "base/text.h"

namespace sallyport {
namespace {

using compliance::Compliance;

constexpr std::size_t kShownFact = 160;
constexpr std::array kAllVerdicts = {Compliance::kCompliant, Compliance::kNonCompliant, Compliance::kNotApplicable,
                                     Compliance::kUndetermined};

std::size_t VerdictCount(const EvaluateReport& report, Compliance wanted) {
  std::size_t count = 0;
  for (const EvaluatedHost& host : report.hosts) count += host.judged.verdict.compliance == wanted ? 1 : 0;
  return count;
}

std::string PaddedCell(std::string_view text, std::size_t width) {
  std::string made(text);
  made.resize(std::max(width, made.size()), ' ');
  return made + "  ";
}

std::string Was(const EvaluateChange& change) {
  return change.was ? std::string(compliance::ToString(*change.was)) : "no verdict";
}

// A fact on a line of its own.
void FactLine(std::string& text, std::string_view name, std::string_view value) {
  text += "  " + PaddedCell(name, 16) + Printable(value, kShownFact) + "\n";
}

std::string TimeOr(std::optional<TimePoint> time, std::string_view otherwise) {
  return time ? FormatTime(*time) : std::string(otherwise);
}

std::string CountedRules(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " rule" : " rules");
}

void ExplainComputer(const swp::FleetComputer& fleet, std::string& text) {
  const swp::Computer& computer = fleet.computer;
  FactLine(text, "SWP record", "computer " + std::to_string(computer.id.value) + " (" + computer.display_name + ")");
  FactLine(text, "agent",
           (computer.agent_fingerprint.empty() ? "none" : computer.agent_status.text) + ", last in touch " +
               TimeOr(computer.last_agent_communication, "undetermined"));
  for (const std::string& message : computer.status_messages) FactLine(text, "SWP says", message);
  for (const std::string& task : computer.agent_tasks) FactLine(text, "work pending", task);
  FactLine(text, "SWP policy", computer.policy ? std::to_string(computer.policy->value) : "none");
  FactLine(
      text, "policy sent",
      TimeOr(fleet.policy_requested, "never") + ", received " + TimeOr(computer.last_send_policy_success, "never"));
  for (const swp::ModuleState& module : computer.modules) {
    FactLine(text, swp::DisplayName(module.module),
             module.state + ", " + module.status.text + ", " + CountedRules(module.rules.size()) +
                 (module.message.empty() ? "" : " (" + module.message + ")"));
  }
  for (const std::string& damage : computer.damaged) FactLine(text, "cannot be read", damage);
}

}  // namespace

std::string Explained(const compliance::RuleParameters& rule, const compliance::JudgedHost& host,
                      const compliance::HostFacts& facts, const compliance::Place& place,
                      const compliance::Context& context) {
  std::string text = host.resource.instance.value + " in account " + place.account + ", " + place.region + "\n";
  FactLine(text, "rule",
           std::string(compliance::NameOf(rule.kind)) + ": " + std::string(compliance::MeaningOf(rule.kind)));
  FactLine(text, "verdict", compliance::ToString(host.verdict.compliance));
  text += "  " + PaddedCell("annotation", 16) + host.verdict.annotation + "\n";
  FactLine(text, "state", host.resource.state.empty() ? "undetermined" : host.resource.state);
  FactLine(text, "launched", TimeOr(host.resource.launched, "undetermined"));
  if (!host.resource.cluster.empty()) FactLine(text, "ECS cluster", host.resource.cluster);
  for (const swp::Tag& tag : host.resource.tags.value_or(std::vector<swp::Tag>())) {
    FactLine(text, "tag", tag.name + "=" + tag.value);
  }
  if (compliance::NeedsOf(rule, context.exclusion).computers) {
    if (facts.computers.ok() && facts.computers->empty()) FactLine(text, "SWP record", "none");
    const swp::FleetComputer* chosen = compliance::ChosenRecord(host.resource, facts, context);
    if (chosen != nullptr) ExplainComputer(*chosen, text);
    if (facts.computers.ok() && facts.computers->size() > 1) {
      FactLine(text, "other records", std::to_string(facts.computers->size() - 1));
    }
  }
  for (const auto& [id, policy] : facts.policies) {
    FactLine(text, "policy " + std::to_string(id.value), policy.ok() ? policy->name : policy.error().message);
  }
  for (const auto& [module, assignments] : facts.assignments) {
    FactLine(text, swp::DisplayName(module),
             assignments.ok()
                 ? "recommendation scan " + assignments->scan_status + ", " + TimeOr(assignments->last_scan, "never") +
                       ", " + CountedRules(assignments->recommended_to_assign.size()) + " to assign"
                 : assignments.error().message);
  }
  if (facts.run) FactLine(text, "run", facts.run->why + ", " + TimeOr(facts.run->at, "no run"));
  return text;
}

std::string EvaluateTable(const EvaluateReport& report) {
  std::string text;
  for (const EvaluatedHost& host : report.hosts) {
    text += PaddedCell(host.judged.resource.instance.value, 19) + PaddedCell(host.place.account, 12) +
            PaddedCell(host.place.region, 14) + PaddedCell(compliance::ToString(host.judged.verdict.compliance), 14) +
            host.judged.verdict.annotation + "\n";
  }
  if (!report.hosts.empty()) text += "\n";
  for (const std::string& explanation : report.explanations) text += explanation + "\n";
  for (const EvaluateChange& change : report.changes) {
    text += "changed: " + change.instance + " (" + change.place.account + ", " + change.place.region + ") " +
            Was(change) + " -> " + std::string(compliance::ToString(change.is)) + "\n";
  }
  for (const std::string& gap : report.gaps) text += "undetermined: " + Printable(gap, 1'000) + "\n";
  return text + SummaryLine(report);
}

std::string SummaryLine(const EvaluateReport& report) {
  std::string text = "rule " + std::string(compliance::NameOf(report.rule.kind)) + ", " +
                     std::to_string(report.hosts.size()) + (report.hosts.size() == 1 ? " instance:" : " instances:");
  for (const Compliance verdict : kAllVerdicts) {
    text += (verdict == kAllVerdicts.front() ? " " : ", ") + std::to_string(VerdictCount(report, verdict)) + " " +
            std::string(compliance::ToString(verdict));
  }
  return text + "; " + std::to_string(report.swp_calls) + " SWP calls, " + std::to_string(report.aws_calls) +
         " AWS calls\n";
}

std::string EvaluateJson(const EvaluateReport& report) {
  JsonWriter out;
  out.BeginObject().Member("rule", compliance::NameOf(report.rule.kind)).Key("counts").BeginObject();
  for (const Compliance verdict : kAllVerdicts) {
    out.Member(ToLowerAscii(compliance::ToString(verdict)), static_cast<std::int64_t>(VerdictCount(report, verdict)));
  }
  out.EndObject().Key("hosts").BeginArray();
  for (const EvaluatedHost& host : report.hosts) {
    out.BeginObject().Member("instance", host.judged.resource.instance.value).Member("account", host.place.account);
    out.Member("region", host.place.region).Member("state", host.judged.resource.state);
    out.Member("compliance", compliance::ToString(host.judged.verdict.compliance));
    out.Member("annotation", host.judged.verdict.annotation).EndObject();
  }
  out.EndArray().Key("changes").BeginArray();
  for (const EvaluateChange& change : report.changes) {
    out.BeginObject().Member("instance", change.instance).Member("account", change.place.account);
    out.Member("region", change.place.region).Key("was");
    change.was ? out.String(compliance::ToString(*change.was)) : out.Null();
    out.Member("is", compliance::ToString(change.is)).EndObject();
  }
  out.EndArray().Member("explanations", report.explanations).Member("could_not_be_read", report.gaps);
  out.Member("swp_calls", report.swp_calls).Member("aws_calls", report.aws_calls);
  return out.EndObject().Take() + "\n";
}

std::string EvaluateCsv(const EvaluateReport& report) {
  std::string text = "instance,account,region,state,compliance,annotation\r\n";
  for (const EvaluatedHost& host : report.hosts) {
    text += CsvCell(host.judged.resource.instance.value) + "," + CsvCell(host.place.account) + "," +
            CsvCell(host.place.region) + "," + CsvCell(host.judged.resource.state) + "," +
            CsvCell(compliance::ToString(host.judged.verdict.compliance)) + "," +
            CsvCell(host.judged.verdict.annotation) + "\r\n";
  }
  return text;
}

}  // namespace sallyport
