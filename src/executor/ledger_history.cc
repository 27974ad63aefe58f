// SPDX-License-Identifier: Apache-2.0
#include "executor/ledger_history.h"

#include "action/request_scan.h"
#include "base/bounds.h"
#include "base/json.h"

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

}  // namespace

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
  return std::string("too many findings about it to be read: so whether one calls it compromised is undetermined");
}

}  // namespace sallyport
