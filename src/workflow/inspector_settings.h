// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <vector>

#include "base/time.h"
#include "workflow/own_key.h"

namespace sallyport {

// Where virtual patches (intrusion prevention rules for a CVE) are assigned.
enum class PatchPlacement {
  kPolicy,       // at the policy of the host, where its guards let it; else at the computer, or held for approval
  kChildPolicy,  // the same, but where the policy itself may not be changed: in a policy below it, made for that
  kComputer,     // at the computer alone
  kReport,       // nowhere: they are listed
};

struct InspectorSettings {
  // ACTIVE findings below this are recorded and not acted on: low 2, medium 5, high 8, critical 9.5.
  double min_severity = 4;
  // One with a known exploit counts as high, and one whose EPSS score is at least this as medium.
  bool exploit_lifts = true;
  double min_epss = 0.1;
  // Findings that come so close together are answered together, so long after the first at the latest.
  Duration window = std::chrono::seconds(90);
  Duration window_at_most = std::chrono::minutes(10);
  int window_members = 5'000;
  PatchPlacement placement = PatchPlacement::kPolicy;
  // Where the policy may not be changed: at the computers of up to so many hosts, else an operator has to approve.
  int max_computers = 10;
  // How old the rule catalog may be before it is refreshed, and before it is read anew as a whole.
  Duration catalog_age = std::chrono::hours(6);
  Duration catalog_whole = std::chrono::hours(7 * 24);
  // More intrusion prevention rules on a host than this slow it down: said.
  int max_rules_per_host = 350;
  // New rules only detect for so long, and then it is proposed that they prevent; 0: they prevent at once.
  Duration detect_first{0};
  // A virtual patch whose findings are all closed is proposed for removal after this.
  Duration grace = std::chrono::hours(7 * 24);
  // For so many hosts of one answer the last recommendation scan is read, and asked for where it is older.
  int recommendation_scans = 5;
  bool operator==(const InspectorSettings&) const = default;
};

// Of section `inspector`.
std::vector<OwnKey> InspectorKeys();

}  // namespace sallyport
