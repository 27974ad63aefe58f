// SPDX-License-Identifier: Apache-2.0
//
// sallyport coverage
#include <algorithm>
#include <set>

#include "app/console.h"
#include "app/inspector_commands.h"
#include "app/inspector_lists.h"
#include "app/wire.h"
#include "config/load.h"
#include "ledger/sqlite_ledger.h"
#include "workflow/inspector_settings.h"

namespace sallyport {
namespace {

// Of so many policies it is read which single rules they override.
constexpr std::size_t kMostPoliciesRead = 500;

// What the ledger knows already; a command that looks makes no ledger, and needs none.
Result<PatchLedger> KnownLedger(const Settings& settings, const ProgramOptions& seams) {
  auto opened = SqliteLedger::OpenToLook(LedgerPath(settings.ledger), ClockOf(seams));
  if (!opened.ok()) return opened.error();
  const auto ledger = Wrapped(*std::move(opened), seams);
  return ReadPatchLedger(ledger.get());
}

PatchFinding Slim(const InspectorFinding& finding, const Host& host) {
  PatchFinding made = PatchFindingOf(finding, host, finding.cves, {}, "");
  made.host.tags = std::nullopt;
  return made;
}

struct Gathered {
  std::vector<PatchFinding> findings;
  std::map<std::string, std::string> not_scanned;
  std::vector<std::string> unread;
};

Result<Gathered> AskInspector(const Settings& settings, const ProgramOptions& seams, Random& random, Logger& log) {
  Clock& clock = ClockOf(seams);
  LazyAws aws(settings.aws, {seams.aws_environment, seams.wrap_aws}, clock, random, log);
  InspectorLists lists(aws, settings.aws, log);
  if (const Status begun = lists.Begin(); !begun.ok()) return begun.error();
  Gathered gathered;
  InspectorListing listing;
  std::set<std::string> seen;
  lists.Findings(
      std::nullopt, clock.Now(), true,
      [&](const InspectorFinding& finding, const Json&) {
        for (const Host& host : finding.hosts) {
          if (finding.cves.empty() || !seen.insert(finding.arn + " " + host.instance.value).second) continue;
          gathered.findings.push_back(Slim(finding, host));
        }
      },
      listing);
  gathered.not_scanned = lists.NotScanned(listing);
  gathered.unread = std::move(listing.unread);
  return gathered;
}

void ReadOverrides(swp::Client& client, const std::vector<PatchFinding>& findings, PatchEstate& estate) {
  std::set<std::int32_t> policies;
  for (const PatchFinding& finding : findings) {
    const HostView view = estate.HostFor(finding);
    if (view.policies.ok() && !view.policies->empty()) policies.insert(view.policies->front()->policy.id.value);
  }
  std::size_t read = 0;
  for (const std::int32_t policy : policies) {
    if (++read <= kMostPoliciesRead) estate.ReadRulesOfPolicy(client, PolicyId{policy});
  }
}

}  // namespace

ExitCode CoverageCommand(const CommonArguments& common, const CoverageArguments& arguments) {
  const auto settings = SettingsFor(common);
  if (!settings) return ExitCode::kUsage;
  if (const Status can_ask = CheckCanAskSwp(settings->swp); !can_ask.ok()) {
    Complain(can_ask.error());
    return ExitCode::kUsage;
  }
  const ProgramOptions seams = SeamsOf(common);
  Clock& clock = ClockOf(seams);
  SystemRandom random;
  Logger log(clock, settings->log.level, WriteToStandardError);
  const auto known = KnownLedger(*settings, seams);
  if (!known.ok() && arguments.known) {
    Complain(known.error());
    return ExitCode::kStorage;
  }
  // Inspector and SWP say everything else; of the ledger it is the catalog alone, which can be read anew.
  if (!known.ok() && known.error().code != ErrorCode::kNotFound) Complain(known.error());
  PatchLedger ledger = known.ok() ? *known : PatchLedger();
  Gathered gathered;
  if (arguments.known) {
    for (const auto& [key, entry] : ledger.entries) {
      if (!entry.closed_at) gathered.findings.push_back(entry.finding);
    }
  } else {
    auto asked = AskInspector(*settings, seams, random, log);
    if (!asked.ok()) {
      Complain(asked.error().In("Inspector could not be asked (--known: of the patch ledger's findings)"));
      return ExitCode::kUndetermined;
    }
    gathered = *std::move(asked);
  }
  SwpConnection connection(settings->swp, clock, random, MayWrite{}, seams.wrap_http);
  SwpLine line(connection, log, std::nullopt);
  const auto& own = settings->rows.Get<InspectorSettings>();
  bool changed = false;
  const Status refreshed =
      RefreshCatalog(line.client(), clock.Now(), own.catalog_age, own.catalog_whole, ledger.catalog, changed);
  if (!refreshed.ok() && !ledger.catalog.read_at) {
    Complain(refreshed.error());
    return ExitCode::kUndetermined;
  }
  if (!refreshed.ok())
    gathered.unread.push_back("the rules of SWP, so the catalog is old: " + refreshed.error().ToText());
  PatchEstate estate = PatchEstate::Read(line.client(), {}, true);
  ReadOverrides(line.client(), gathered.findings, estate);
  PatchReport report = ReportOf(gathered.findings, ledger.catalog, estate, clock.Now());
  report.not_scanned = std::move(gathered.not_scanned);
  report.not_asked = std::move(gathered.unread);
  Print(RenderReport(report, arguments.form));
  if (arguments.form == ReportForm::kCves || arguments.form == ReportForm::kCsv) {
    for (const std::string& place : report.not_asked) Complain("not asked: " + place);
  }
  return report.not_asked.empty() && report.all.undetermined == 0 ? ExitCode::kOk : ExitCode::kUndetermined;
}

}  // namespace sallyport
