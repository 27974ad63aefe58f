// SPDX-License-Identifier: Apache-2.0
#include "executor/ledger_history.h"

#include "action/request_scan.h"
#include "base/bounds.h"
#include "base/json.h"
#include "workflow/swp_events_workflow.h"

namespace sallyport {
namespace {

// Of one host within some days; whoever has more is not read to the end, and is left alone.
constexpr std::size_t kMostScansRead = 200;

// Whether a recommendation scan was wanted of which nothing may be applied: the finding behind it calls the host
// probably compromised.
Result<bool> KeepsEvidence(const ActionRecord& record) {
  const auto json = Json::Parse(record.action.json, bounds::kAnswerBytes);
  if (!json.ok()) return json.error();
  return !(*json)["apply_results"].BoolOr(false);
}

// Those that other processes recorded while a whole was made.
constexpr std::size_t kReadBehindWhole = 50;
constexpr std::size_t kMostPlansRead = 4 * LedgerHistory::kPlansBetweenWholes;

void LeaveOutCounted(const SwpEvidence& known, SwpEvidence& older) {
  for (const auto& [group, more] : known.more) {
    if (more == 0) continue;
    older.ids.erase(group);
    older.more.erase(group);
  }
}

}  // namespace

Result<SwpEvidence> LedgerHistory::EvidenceOf(std::int64_t case_number) {
  const auto plans = journal_.NewestPlans(CaseNumber{case_number}, kSwpEventsName, kMostPlansRead);
  if (!plans.ok()) return plans.error();
  SwpEvidence evidence;
  since_whole_ = 0;
  std::optional<std::size_t> whole;
  for (std::size_t i = 0; i < plans->size(); ++i) {
    if (whole && i > *whole + kReadBehindWhole) break;
    const auto json = Json::Parse((*plans)[i].json, bounds::kAnswerBytes);
    // Retention removed it.
    if ((*plans)[i].json.empty()) continue;
    if (!json.ok()) return json.error().In("what SWP reported, plan " + std::to_string((*plans)[i].number.value));
    if (!(*json)["evidence"].HasValue()) continue;
    auto one = EvidenceFromJson((*json)["evidence"]);
    if (!one.ok()) return one.error().In("what SWP reported, plan " + std::to_string((*plans)[i].number.value));
    // What a whole counts without its ids would be counted twice.
    if (whole) LeaveOutCounted(evidence, *one);
    if (one->whole && !whole) whole = i;
    if (!whole) ++since_whole_;
    Merge(*one, evidence);
  }
  return evidence;
}

Result<std::string> LedgerHistory::WhyEvidence(const InstanceId& instance, TimePoint since) {
  const auto scans = journal_.ActionsAbout(instance.value, RequestScan::kKind,
                                           swp::ApiName(swp::ScanKind::kRecommendation), since, kMostScansRead);
  if (!scans.ok()) return scans.error().In("whether a finding calls it compromised could not be read");
  for (const ActionRecord& scan : *scans) {
    const auto keeps = KeepsEvidence(scan);
    if (!keeps.ok())
      return std::string("what action ") + std::to_string(scan.number.value) + " says about it cannot be read";
    if (*keeps) {
      return "probably compromised by a finding of case " + std::to_string(scan.case_number.value) +
             ", its rules stay as evidence";
    }
  }
  if (scans->size() < kMostScansRead) return std::string();
  return std::string("too many findings about it to be read: whether one calls it compromised is not known");
}

}  // namespace sallyport
