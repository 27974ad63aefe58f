// SPDX-License-Identifier: Apache-2.0
#include "app/inspector_sweeper.h"

#include <algorithm>

#include "workflow/inspector_sweep.h"

namespace sallyport {
namespace {

constexpr Duration kAheadOfUs = std::chrono::hours(24);
constexpr std::string_view kWanted = "Sallyport Inspector Sweep Wanted";

// It is known as it is: the same state at the same time.
bool IsKnown(const PatchLedger& ledger, const InspectorFinding& finding) {
  return std::all_of(finding.hosts.begin(), finding.hosts.end(), [&](const Host& host) {
    const auto entry = ledger.entries.find(finding.arn + " " + host.instance.value);
    return entry != ledger.entries.end() && entry->second.finding.status == finding.status && finding.updated_at &&
           entry->second.finding.updated == *finding.updated_at && !entry->second.finding.vanished;
  });
}

// Places of the first list that the second one could not read are not whole.
void KeepWhole(const InspectorListing& second, InspectorListing& first) {
  const std::size_t before = first.whole.size();
  std::erase_if(first.whole, [&](const std::string& place) { return !second.whole.contains(place); });
  if (first.whole.size() == before) return;
  for (const std::string& unread : second.unread) {
    if (std::find(first.unread.begin(), first.unread.end(), unread) == first.unread.end())
      first.unread.push_back(unread);
  }
}

Arrival SweepArrival(const SweepReport& report) {
  Event event;
  event.version = "0";
  event.source = kSweepSource;
  event.detail_type = kSweepDetailType;
  event.time = report.at;
  event.origin = "sweep";
  event.detail = *Json::Parse(SweepDetail(report));
  return {event.origin, "", event};
}

}  // namespace

Arrival ArrivalOf(const Json& finding, const std::string& account, const std::string& region, const std::string& origin,
                  TimePoint at) {
  Event event;
  event.version = "0";
  event.source = kInspectorSource;
  event.detail_type = kInspectorDetailType;
  event.detail = finding;
  event.account = finding["awsAccountId"].StringOr(account);
  event.region = region;
  event.time = at;
  event.origin = origin;
  if (!finding.IsObject()) {
    return {origin, "", Error{ErrorCode::kInvalidInput, origin + ": expected a finding", ""}};
  }
  return {origin, "", event};
}

Result<SweepOutcome> SweepInspector(Program& program, const Settings& settings, const SweepOptions& options,
                                    const std::function<void(const Arrival& arrival)>& take) {
  const auto ledger = ReadPatchLedger(&program.ledger());
  if (!ledger.ok()) return ledger.error();
  static SystemRandom random;
  Logger log(program.clock(), settings.log.level, WriteToStandardError);
  LazyAws aws(settings.aws, options.aws, program.clock(), random, log);
  InspectorLists lists(aws, settings.aws, log);
  if (const Status begun = lists.Begin(); !begun.ok()) return begun.error().In("Inspector could not be asked");
  SweepOutcome outcome;
  SweepReport report;
  report.at = program.clock().Now();
  std::set<std::string> met;
  const bool everything = options.since <= Duration{0};
  const auto since = everything ? std::nullopt : std::optional(report.at - options.since);
  const auto visit = [&](const InspectorFinding& finding, const Json& raw) {
    for (const Host& host : finding.hosts) met.insert(finding.arn + " " + host.instance.value);
    if (finding.cves.empty() || IsKnown(*ledger, finding)) {
      ++outcome.known;
      return;
    }
    ++outcome.handed_in;
    if (!options.dry_run)
      take(ArrivalOf(raw.AsDocument(), finding.account, finding.region, "sweep, " + finding.arn, report.at));
  };
  lists.Findings(since, report.at, false, visit, outcome.listing);
  // Only where everything was asked for can something be missing.
  std::vector<std::string> gone =
      everything ? Vanished(*ledger, outcome.listing.whole, met) : std::vector<std::string>();
  // What was updated while it was listed, or by a clock that is ahead of ours, stands behind the end of the list: it is
  // not gone.
  if (!gone.empty()) {
    InspectorListing behind;
    lists.Findings(report.at, report.at + kAheadOfUs, false, visit, behind);
    KeepWhole(behind, outcome.listing);
    gone = Vanished(*ledger, outcome.listing.whole, met);
  }
  outcome.vanished = gone.size();
  if (options.dry_run) return outcome;
  report.findings = outcome.listing.met;
  report.unread = outcome.listing.unread;
  // One event at least: its answer looks at all that is open.
  std::size_t at = 0;
  do {
    const std::size_t end = std::min(at + kMostVanished, gone.size());
    report.vanished.assign(gone.begin() + static_cast<std::ptrdiff_t>(at),
                           gone.begin() + static_cast<std::ptrdiff_t>(end));
    take(SweepArrival(report));
    at = end;
  } while (at < gone.size());
  return outcome;
}

bool WantsSweep(const Arrival& arrival) {
  return arrival.event.ok() && arrival.event->source == kSweepSource && arrival.event->detail_type == kWanted;
}

}  // namespace sallyport
