// SPDX-License-Identifier: Apache-2.0
//
// `sallyport coverage`: what Inspector reports, and what of it SWP blocks, could block, only detects, or cannot. Pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/time.h"
#include "workflow/patch_estate.h"
#include "workflow/patch_finding.h"
#include "workflow/patch_ledger.h"

namespace sallyport {

// Pairs of a host and a CVE, each counted once.
struct PatchCounts {
  std::size_t blocked = 0;      // a rule prevents there
  std::size_t detected = 0;     // assigned, and does not block
  std::size_t could = 0;        // there are rules, not assigned
  std::size_t configure = 0;    // its rules need configuration
  std::size_t no_rule = 0;      // only the patch helps
  std::size_t unprotected = 0;  // SWP does not protect the host
  std::size_t undetermined = 0;
  std::size_t All() const { return blocked + detected + could + configure + no_rule + unprotected + undetermined; }
  void Add(CoverageState state);
  bool operator==(const PatchCounts&) const = default;
};

struct CveLine {
  PatchCounts counts;
  double severity = 0;
  double epss = 0;
  bool exploit = false;
  std::string rules;  // the identifiers of its rules; empty: there is none
};

struct PatchReport {
  TimePoint at;
  std::optional<TimePoint> catalog_at;
  std::size_t rules = 0;
  std::size_t findings = 0;  // that are open
  PatchCounts all;
  std::map<std::string, CveLine> cves;
  std::map<std::string, PatchCounts> policies;  // by name and id; of hosts without one "no policy"
  std::map<std::string, PatchCounts> accounts;
  std::set<std::string> hosts;  // instances that have a finding
  // Instances of accounts that were asked that Inspector does not scan, and why. Answers of their own: a host that is
  // not scanned is not one without findings.
  std::map<std::string, std::string> not_scanned;
  std::vector<std::string> not_asked;  // "account 444455556666, eu-west-1: ..."
  std::string first_undetermined;
};

PatchReport ReportOf(const std::vector<PatchFinding>& findings, const RuleCatalog& catalog, const PatchEstate& estate,
                     TimePoint now);

enum class ReportForm { kTable, kJson, kCsv, kCves };
// kCves: bare ids, each on a line, for pipes.
std::string RenderReport(const PatchReport& report, ReportForm form);

}  // namespace sallyport
