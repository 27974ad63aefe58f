// SPDX-License-Identifier: Apache-2.0
#include "workflow/inspector_settings.h"

namespace sallyport {

std::vector<OwnKey> InspectorKeys() {
  using std::chrono::hours;
  using std::chrono::milliseconds;
  using std::chrono::minutes;
  using std::chrono::seconds;
  using S = InspectorSettings;
  return OwnKeys<S>("inspector")
      .Number("min_severity", &S::min_severity, 0, 10,
              "from which severity ACTIVE findings are acted on: low 2, medium 5, high 8, critical 9.5")
      .Flag("exploit_lifts", &S::exploit_lifts, "whether a finding with a known exploit counts as high")
      .Number("min_epss", &S::min_epss, 0, 1, "from which EPSS score a finding counts as medium")
      .Time("window", &S::window, milliseconds(100), minutes(10),
            "findings that come so close together are answered together: one change for each SWP policy")
      .Time("window_at_most", &S::window_at_most, seconds(1), minutes(10), "so long after the first at the latest")
      .Whole("window_members", &S::window_members, 1, 10'000, "with so many findings they are answered at once")
      .Choice("placement", &S::placement, {"policy", "child-policy", "computer", "report"},
              std::vector{PatchPlacement::kPolicy, PatchPlacement::kChildPolicy, PatchPlacement::kComputer,
                          PatchPlacement::kReport},
              "where rules are assigned: at the SWP policy (with guards); the same, and where that may not be changed "
              "in a policy below it into which the computers are moved; at the computer; or nowhere")
      .Whole("max_computers", &S::max_computers, 0, 100,
             "where the SWP policy may not be changed: at the computers of up to so many hosts, else held for approval")
      .Time("catalog_age", &S::catalog_age, minutes(1), hours(24 * 30),
            "how old the rule catalog may be before it is refreshed")
      .Time("catalog_whole", &S::catalog_whole, hours(1), hours(24 * 365),
            "how old it may be before all rules are read again: only that shows rules that are gone")
      .Whole("max_rules_per_host", &S::max_rules_per_host, 1, 100'000,
             "more intrusion prevention rules on a host than this are pointed out")
      .Time("detect_first", &S::detect_first, hours(0), hours(24 * 90),
            "new rules only detect for so long, then it is proposed that they prevent; 0: they prevent at once")
      .Time("grace", &S::grace, hours(0), hours(24 * 365),
            "so long after all of its findings are closed the removal of a virtual patch is proposed")
      .Whole("recommendation_scans", &S::recommendation_scans, 0, 100,
             "for so many hosts of one answer the last recommendation scan is read, and asked for where it is older "
             "than the finding")
      .Take();
}

}  // namespace sallyport
