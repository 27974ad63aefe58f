// SPDX-License-Identifier: Apache-2.0
#include "workflow/patch_report.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <unordered_set>

#include "base/csv.h"
#include "base/json.h"
#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kRulesNamed = 3;
constexpr std::size_t kTableLines = 50;
constexpr std::size_t kNotScannedShown = 20;

struct CountColumn {
  std::string_view name;   // in JSON and CSV
  std::string_view title;  // in the table
  std::size_t PatchCounts::*count;
};
constexpr std::array<CountColumn, 7> kColumns = {{{"blocked", "BLOCKED", &PatchCounts::blocked},
                                                  {"could_block", "COULD BLOCK", &PatchCounts::could},
                                                  {"only_detected", "ONLY DETECTED", &PatchCounts::detected},
                                                  {"needs_configuration", "CONFIGURE", &PatchCounts::configure},
                                                  {"no_rule", "NO RULE", &PatchCounts::no_rule},
                                                  {"not_protected", "NOT PROTECTED", &PatchCounts::unprotected},
                                                  {"undetermined", "UNDETERMINED", &PatchCounts::undetermined}}};

std::string Percent(std::size_t part, std::size_t all) {
  if (all == 0) return "";
  std::array<char, 32> text{};
  const int length = std::snprintf(text.data(), text.size(), " (%.1f %%)",
                                   100.0 * static_cast<double>(part) / static_cast<double>(all));
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string RulesText(const std::vector<const PatchRule*>& rules) {
  std::vector<std::string> names;
  names.reserve(rules.size());
  for (const PatchRule* rule : rules) {
    names.push_back(rule->identifier.empty() ? std::to_string(rule->id.value) : Printable(rule->identifier, 20));
  }
  return names.empty() ? "" : Listed(names, kRulesNamed);
}

std::string PolicyLabel(const HostView& view) {
  if (!view.policies.ok()) return "policy undetermined";
  if (view.policies->empty()) return "no policy";
  const swp::Policy& policy = view.policies->front()->policy;
  return Printable(policy.name, 60) + " (" + std::to_string(policy.id.value) + ")";
}

// The worst first: an exploit, then EPSS, then severity.
std::vector<std::pair<std::string, const CveLine*>> ByUrgency(const PatchReport& report) {
  std::vector<std::pair<std::string, const CveLine*>> lines;
  for (const auto& [cve, line] : report.cves) lines.emplace_back(cve, &line);
  std::stable_sort(lines.begin(), lines.end(), [](const auto& one, const auto& other) {
    if (one.second->exploit != other.second->exploit) return one.second->exploit;
    if (one.second->severity != other.second->severity) return one.second->severity > other.second->severity;
    return one.second->epss > other.second->epss;
  });
  return lines;
}

std::string Padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text + "  ";
}

void AddCountCells(const PatchCounts& counts, std::string& line) {
  for (const CountColumn& column : kColumns) {
    line += Padded(std::to_string(counts.*column.count), column.title.size());
  }
}

std::string TableOf(std::string_view heading, const std::map<std::string, PatchCounts>& rows) {
  std::size_t width = heading.size();
  for (const auto& [name, counts] : rows) width = std::max(width, name.size());
  std::string text = Padded(std::string(heading), width);
  for (const CountColumn& column : kColumns) text += Padded(std::string(column.title), column.title.size());
  text += "\n";
  for (const auto& [name, counts] : rows) {
    std::string line = Padded(name, width);
    AddCountCells(counts, line);
    text += line + "\n";
  }
  return text + "\n";
}

std::string Head(const PatchReport& report) {
  std::string text = CountText(report.findings, "open finding") + " of Inspector about " +
                     std::to_string(report.cves.size()) + " CVEs on " + CountText(report.hosts.size(), "host") + "; " +
                     std::to_string(report.rules) + " intrusion prevention rules" +
                     (report.catalog_at ? " as of " + FormatTime(*report.catalog_at) : "") + "\n";
  const auto line = [&](std::string_view what, std::size_t count) {
    text += "  " + Padded(std::string(what), 34) + std::to_string(count) + Percent(count, report.all.All()) + "\n";
  };
  line("host and CVE pairs", report.all.All());
  line("blocked by a rule", report.all.blocked);
  line("could be blocked, not assigned", report.all.could);
  line("assigned, only detected", report.all.detected);
  line("rule needs configuration", report.all.configure);
  line("no rule, only the patch helps", report.all.no_rule);
  line("host not protected by SWP", report.all.unprotected);
  line("undetermined", report.all.undetermined);
  if (!report.first_undetermined.empty()) text += "    first: " + report.first_undetermined + "\n";
  return text + "\n";
}

std::string Gaps(const PatchReport& report) {
  std::string text;
  for (const std::string& place : report.not_asked) text += "not asked: " + place + "\n";
  if (report.not_scanned.empty()) return text;
  text +=
      CountText(report.not_scanned.size(), "host") + " are not scanned by Inspector; that is not \"no findings\":\n";
  std::size_t shown = 0;
  for (const auto& [host, why] : report.not_scanned) {
    if (++shown > kNotScannedShown) break;
    text.append("  ").append(host).append(": ").append(why).append("\n");
  }
  if (report.not_scanned.size() > kNotScannedShown) {
    text += "  and " + std::to_string(report.not_scanned.size() - kNotScannedShown) + " more\n";
  }
  return text;
}

std::string AsTable(const PatchReport& report) {
  std::string text = Head(report);
  const auto lines = ByUrgency(report);
  text += Padded("CVE", 20) + Padded("SEVERITY", 8) + Padded("EXPLOIT", 7);
  for (const CountColumn& column : kColumns) text += Padded(std::string(column.title), column.title.size());
  text += "RULES\n";
  for (std::size_t i = 0; i < lines.size() && i < kTableLines; ++i) {
    const auto& [cve, line] = lines[i];
    std::array<char, 16> severity{};
    std::snprintf(severity.data(), severity.size(), "%.1f", line->severity);
    std::string row = Padded(cve, 20) + Padded(severity.data(), 8) + Padded(line->exploit ? "yes" : "-", 7);
    AddCountCells(line->counts, row);
    text += row + (line->rules.empty() ? "-" : line->rules) + "\n";
  }
  if (lines.size() > kTableLines) {
    text += "and " + std::to_string(lines.size() - kTableLines) + " more CVEs (--json, --csv and --cves have all)\n";
  }
  text += "\n" + TableOf("SWP POLICY", report.policies) + TableOf("ACCOUNT", report.accounts) + Gaps(report);
  return text;
}

void WriteCounts(JsonWriter& out, const PatchCounts& counts) {
  for (const CountColumn& column : kColumns) out.Member(column.name, static_cast<std::int64_t>(counts.*column.count));
}

std::string AsJson(const PatchReport& report) {
  JsonWriter out;
  out.BeginObject().Member("at", FormatTime(report.at)).Member("findings", static_cast<std::int64_t>(report.findings));
  if (report.catalog_at) out.Member("catalog_at", FormatTime(*report.catalog_at));
  out.Member("rules", static_cast<std::int64_t>(report.rules));
  out.Member("hosts", static_cast<std::int64_t>(report.hosts.size())).Key("totals").BeginObject();
  WriteCounts(out, report.all);
  out.EndObject().Key("cves").BeginArray();
  for (const auto& [cve, line] : ByUrgency(report)) {
    out.BeginObject().Member("cve", cve).Key("severity").Double(line->severity);
    out.Key("epss").Double(line->epss).Member("exploit", line->exploit).Member("rules", line->rules);
    WriteCounts(out, line->counts);
    out.EndObject();
  }
  out.EndArray();
  for (const auto& [name, rows] : {std::pair{"policies", &report.policies}, std::pair{"accounts", &report.accounts}}) {
    out.Key(name).BeginArray();
    for (const auto& [row, counts] : *rows) {
      out.BeginObject().Member("name", row);
      WriteCounts(out, counts);
      out.EndObject();
    }
    out.EndArray();
  }
  out.Key("not_scanned").BeginArray();
  for (const auto& [host, why] : report.not_scanned)
    out.BeginObject().Member("host", host).Member("why", why).EndObject();
  out.EndArray().Member("not_asked", report.not_asked);
  return out.EndObject().Take() + "\n";
}

std::string AsCsv(const PatchReport& report) {
  std::string text = "cve,severity,epss,exploit,rules";
  for (const CountColumn& column : kColumns) text += "," + std::string(column.name);
  text += "\n";
  for (const auto& [cve, line] : ByUrgency(report)) {
    std::array<char, 64> numbers{};
    std::snprintf(numbers.data(), numbers.size(), "%.1f,%.5f", line->severity, line->epss);
    text += cve + "," + numbers.data() + (line->exploit ? ",yes," : ",no,") + CsvCell(line->rules);
    for (const CountColumn& column : kColumns) text += "," + std::to_string(line->counts.*column.count);
    text += "\n";
  }
  return text;
}

std::string AsCves(const PatchReport& report) {
  std::string text;
  for (const auto& [cve, line] : report.cves) text += cve + "\n";
  return text;
}

}  // namespace

void PatchCounts::Add(CoverageState state) {
  switch (state) {
    case CoverageState::kAtComputer:
    case CoverageState::kByPolicy:
    case CoverageState::kByParent:
    case CoverageState::kAtLastContact:
      ++blocked;
      return;
    case CoverageState::kNotPreventing:
      ++detected;
      return;
    case CoverageState::kNotCovered:
      ++could;
      return;
    case CoverageState::kNeedsConfiguration:
      ++configure;
      return;
    case CoverageState::kNoRule:
      ++no_rule;
      return;
    case CoverageState::kNotProtected:
      ++unprotected;
      return;
    case CoverageState::kUndetermined:
      break;
  }
  ++undetermined;
}

PatchReport ReportOf(const std::vector<PatchFinding>& findings, const RuleCatalog& catalog, const PatchEstate& estate,
                     TimePoint now) {
  struct Known {
    HostView view;
    std::string policy;
    std::unordered_set<std::string> cves;  // each is counted once, whatever number of packages has it
  };
  struct CveRules {
    std::vector<const PatchRule*> rules;
    CveLine* line;
  };
  PatchReport report;
  report.at = now;
  report.catalog_at = catalog.read_at;
  report.rules = catalog.size();
  std::unordered_map<std::string, Known> hosts;
  std::unordered_map<std::string, CveRules> rules_for;
  for (const PatchFinding& finding : findings) {
    if (finding.status != FindingStatus::kActive || finding.vanished) continue;
    ++report.findings;
    const std::string host = finding.host.Subject();
    auto known = hosts.find(host);
    if (known == hosts.end()) {
      HostView view = estate.HostFor(finding);
      std::string policy = view.computer && view.computer->ok() ? PolicyLabel(view) : "not in SWP";
      known = hosts.emplace(host, Known{std::move(view), std::move(policy), {}}).first;
      report.hosts.insert(host);
    }
    for (const std::string& cve : finding.cves) {
      auto rules = rules_for.find(cve);
      if (rules == rules_for.end()) {
        CveLine& line = report.cves[cve];
        auto found = catalog.RulesFor(cve);
        line.rules = RulesText(found);
        rules = rules_for.emplace(cve, CveRules{std::move(found), &line}).first;
      }
      CveLine& line = *rules->second.line;
      line.severity = std::max(line.severity, finding.severity);
      line.epss = std::max(line.epss, finding.epss.value_or(0));
      line.exploit = line.exploit || finding.exploit_available;
      if (!known->second.cves.insert(cve).second) continue;
      const Coverage coverage = EffectiveCoverage(rules->second.rules, known->second.view);
      if (coverage.state == CoverageState::kUndetermined && report.first_undetermined.empty()) {
        report.first_undetermined = host + ": " + coverage.why;
      }
      for (PatchCounts* counts : {&report.all, &line.counts, &report.policies[known->second.policy],
                                  &report.accounts[finding.host.account]}) {
        counts->Add(coverage.state);
      }
    }
  }
  return report;
}

std::string RenderReport(const PatchReport& report, ReportForm form) {
  switch (form) {
    case ReportForm::kTable:
      return AsTable(report);
    case ReportForm::kJson:
      return AsJson(report);
    case ReportForm::kCsv:
      return AsCsv(report);
    case ReportForm::kCves:
      break;
  }
  return AsCves(report);
}

}  // namespace sallyport
