// SPDX-License-Identifier: Apache-2.0
//
// `sallyport coverage` after gathering: 50,000 findings x 12,000 rules x 3,000 hosts, from what the calls gave to the
// text that is printed. CPU seconds and the peak of memory, everything that was gathered included. Exit code 1: a bound
// is missed.
#include <sys/resource.h>

#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "workflow/fake_estate.h"
#include "workflow/patch_report.h"

namespace sallyport {
namespace {

constexpr int kFindings = 50'000;
constexpr int kRules = 12'000;
constexpr int kHosts = 3'000;
constexpr int kPolicies = 60;
constexpr double kMostSeconds = 2;
constexpr long kMostMib = 200;

const TimePoint kNow = FromEpochMilliseconds(1'764'000'000'000);

std::string InstanceOf(int number) {
  char text[32];
  std::snprintf(text, sizeof text, "i-%017x", static_cast<unsigned>(number));
  return text;
}

std::string CveOf(int number) {
  return "CVE-2024-" + std::to_string(10'000 + number);
}

void FillTenant(ListedTenant& tenant) {
  FakeEstate& lists = tenant.lists;
  for (int i = 1; i <= kRules; ++i) {
    swp::CatalogRule rule;
    rule.rule.id = RuleId{i};
    rule.rule.identifier = std::to_string(1'000'000 + i);
    rule.rule.name =
        "Example Product Remote Code Execution Vulnerability (" + CveOf(i % 9'000) + ") - " + std::to_string(i);
    rule.rule.cves = {CveOf(i % 9'000), CveOf((i * 7) % 9'000)};
    rule.rule.application_type = 1 + i % 400;
    rule.rule.recommendations_mode = i % 9 == 0 ? "unknown" : "enabled";
    rule.rule.detect_only = i % 11 == 0;
    rule.last_updated = kNow;
    lists.rules.push_back(std::move(rule));
  }
  for (int i = 1; i <= 400; ++i) {
    lists.types.push_back(
        {i, i % 3 == 0 ? "Windows Services " + std::to_string(i) : "Web " + std::to_string(i), "", ""});
  }
  for (int i = 1; i <= kPolicies; ++i) {
    swp::Policy policy;
    policy.id = PolicyId{i};
    policy.name = "Policy " + std::to_string(i);
    if (i > 1) policy.parent = PolicyId{1};
    for (int rule = i; rule < kRules; rule += kPolicies) {
      policy.rules[swp::Module::kIntrusionPrevention].push_back(RuleId{rule});
    }
    lists.policies.push_back(std::move(policy));
  }
  for (int i = 0; i < kHosts; ++i) {
    swp::EstateComputer one;
    one.computer = ProtectedComputer(InstanceOf(i), 1'000 + i);
    one.computer.platform = i % 4 == 0 ? "Microsoft Windows Server 2019" : "Ubuntu Linux 22";
    one.computer.policy = PolicyId{2 + i % (kPolicies - 1)};
    one.computer.last_send_policy_success = kNow;
    std::erase_if(one.computer.modules,
                  [](const swp::ModuleState& module) { return module.module != swp::Module::kIntrusionPrevention; });
    one.computer.modules.front().rules =
        lists.policies[static_cast<std::size_t>(1 + i % (kPolicies - 1))].rules[swp::Module::kIntrusionPrevention];
    lists.computers.push_back(std::move(one));
  }
}

std::vector<PatchFinding> Findings() {
  std::vector<PatchFinding> findings;
  for (int i = 0; i < kFindings; ++i) {
    PatchFinding finding;
    finding.arn = "arn:aws:inspector2:us-east-1:111122223333:finding/" + std::to_string(10'000'000 + i);
    finding.cves = {CveOf((i * 13 + i / kHosts * 101) % 12'000)};
    if (i % 5 == 0) finding.cves.push_back(CveOf((i * 17 + i / kHosts * 211) % 12'000));
    finding.host = Host{"111122223333", "us-east-1", {InstanceOf(i % kHosts)}, "", std::nullopt};
    finding.updated = kNow;
    finding.severity = 4 + i % 6;
    findings.push_back(std::move(finding));
  }
  return findings;
}

double CpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

int RunPatchBench() {
  RuleCatalog catalog;
  PatchEstate estate;
  {
    ListedTenant tenant;
    FillTenant(tenant);
    catalog.Replace(tenant.lists.rules, tenant.lists.types, kNow);
    estate = PatchEstate::Read(tenant, {}, true);
  }
  const auto findings = Findings();
  const double before = CpuSeconds();
  const PatchReport report = ReportOf(findings, catalog, estate, kNow);
  std::size_t bytes = 0;
  for (const ReportForm form : {ReportForm::kTable, ReportForm::kJson, ReportForm::kCsv}) {
    bytes += RenderReport(report, form).size();
  }
  const double seconds = CpuSeconds() - before;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const long mib = usage.ru_maxrss / 1024;
  std::printf(
      "%zu findings, %zu CVEs, %zu hosts, %zu rules: %.2f s CPU, peak %ld MiB; %zu pairs, %zu blocked, %zu bytes\n",
      report.findings, report.cves.size(), report.hosts.size(), report.rules, seconds, mib, report.all.All(),
      report.all.blocked, bytes);
  return report.findings == kFindings && seconds < kMostSeconds && mib < kMostMib ? 0 : 1;
}

}  // namespace
}  // namespace sallyport

int main() {
  return sallyport::RunPatchBench();
}
