// SPDX-License-Identifier: Apache-2.0
//
// What is kept of a finding about one host: as a member of the question that collects, and in the patch ledger. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "action/host.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "workflow/inspector_finding.h"
#include "workflow/inspector_settings.h"
#include "workflow/owner.h"

namespace sallyport {

struct PatchFinding {
  std::string arn;
  std::vector<std::string> cves;  // upper case
  Host host;                      // tags: those alone that decide something (RelevantTags)
  FindingStatus status = FindingStatus::kActive;
  TimePoint updated;
  std::optional<TimePoint> first_observed;
  double severity = 0;
  std::optional<double> epss;
  bool exploit_available = false;
  std::string fix_available;
  std::string fixed_in;
  std::string platform;
  // A sweep did not find it any more where it read everything: it is gone (a terminated instance, after 3 days).
  bool vanished = false;
  bool operator==(const PatchFinding&) const = default;

  // The finding and the host: one finding has one host.
  std::string Key() const { return arn + " " + host.instance.value; }
};

void WritePatchFinding(JsonWriter& out, const PatchFinding& finding);
// kInvalidInput, with the path.
Result<PatchFinding> PatchFindingFromJson(const Json& json);

// Of the finding about one of its hosts, with the CVEs of one case. `now`: of a finding that says no time.
PatchFinding PatchFindingOf(const InspectorFinding& finding, const Host& host, std::vector<std::string> cves,
                            const OwnerSettings& owners, const std::string& exclusion_tag);

// Why an ACTIVE finding is not acted on: below the thresholds; empty: it is. What lifts it is in `lifted`.
std::string BelowThreshold(double severity, bool exploit_available, std::optional<double> epss,
                           const InspectorSettings& settings, std::string* lifted = nullptr);
// Severity as the settings lift it: what cases and gates see.
double LiftedSeverity(const InspectorFinding& finding, const InspectorSettings& settings);

// Which of two states of one finding holds: the later update; of two at one moment CLOSED, then SUPPRESSED.
bool IsNewer(const PatchFinding& one, const PatchFinding& than);

}  // namespace sallyport
