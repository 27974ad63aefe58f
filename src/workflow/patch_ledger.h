// SPDX-License-Identifier: Apache-2.0
//
// The patch ledger: every finding with its status, what covered it when it was looked at last, and what was assigned
// for it; and the rule catalog beside it. One document of the ledger's State, which each answer to the question about
// findings replaces (patch_question.h). Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/documents.h"
#include "base/result.h"
#include "base/time.h"
#include "workflow/patch_coverage.h"
#include "workflow/patch_finding.h"
#include "workflow/rule_catalog.h"

namespace sallyport {

// What covered one CVE on one host.
struct CveCover {
  CoverageState state = CoverageState::kUndetermined;
  std::string why;
  std::vector<RuleId> rules;  // for the CVE that are assigned, whatever they do
  std::optional<TimePoint> looked_at;
  std::optional<TimePoint> since;  // prevents since then, as far as was seen
  double days_before = 0;          // covered before `since`, with interruptions
  // The last look found that rules lack, and planned to assign them, or that they are on their way to the agent: what
  // comes of that is in the case's actions.
  bool planned = false;
  bool operator==(const CveCover&) const = default;
};

struct PatchEntry {
  PatchFinding finding;
  std::map<std::string, CveCover> covers;     // by CVE
  std::map<std::string, std::int64_t> cases;  // by CVE: its case
  std::optional<TimePoint> closed_at;         // when it was closed, or vanished; nothing: it is open
  // The first event of the window in which its owner was told that no rule helps; 0: was not.
  std::int64_t told_in = 0;
  std::int64_t told_unknown_in = 0;  // the same of that it could not be determined
  // Something about it could not be read when it was looked at last, or was on its way: the next answer looks again.
  bool unread = false;
  // When it was looked at last, its host had the tag with which its owner wants it left alone.
  bool excluded = false;
  bool operator==(const PatchEntry&) const = default;
};

// A change that was planned: rules at one place.
struct PatchPlaced {
  swp::Scope scope;
  std::string child;    // a policy of this name below it is the place (child_policy.h); empty: `scope` is
  ComputerId computer;  // the first of its hosts
  Host host;
  std::vector<RuleId> rules;
  std::vector<std::string> cves;
  TimePoint planned_at;
  std::string key;  // of its action
  // By rule: the window in which its removal was proposed.
  std::map<std::int32_t, std::int64_t> proposed{};
  // Where its rules only detect at first: until when, those that do, the hosts that need them and their cases.
  struct Detecting {
    TimePoint until;
    std::vector<RuleId> rules;
    std::vector<Target> patched;
    std::vector<std::int64_t> cases;
    std::int64_t proposed_in = 0;  // the window in which it was proposed that they prevent; 0: was not
    std::string key;               // of the action that was proposed
    bool operator==(const Detecting&) const = default;
  };
  std::optional<Detecting> detecting{};
  bool operator==(const PatchPlaced&) const = default;
};

// Whether its rules have only detected for long enough, so that it may be proposed in this window that they prevent.
bool IsPromotionDue(const PatchPlaced& placed, std::int64_t window, TimePoint now);

struct PatchLedger {
  RuleCatalog catalog;
  std::map<std::string, PatchEntry> entries;  // by PatchFinding::Key
  std::vector<PatchPlaced> placed;
  // What the last answer that spoke of a case said of it: NewPlan::of_cases, as a word.
  std::map<std::int64_t, std::string> said;
  bool operator==(const PatchLedger&) const = default;

  // Takes in what is newer than what is known; whether it was.
  bool Take(const PatchFinding& finding, TimePoint now);
  // Of one that a sweep did not find any more.
  void Vanish(const std::string& key, TimePoint now);
  // Notes what covers a CVE on a host.
  void Note(PatchEntry& entry, const std::string& cve, const Coverage& coverage, TimePoint now);
  // Drops what has been closed for longer than that.
  void Trim(TimePoint now, Duration keep);

  std::vector<std::string> Pieces() const;
};

inline constexpr std::string_view kPatchDocument = "inspector/patches";
// Nothing is there yet: an empty one. kStorage, kInvalidInput: it cannot be read.
Result<PatchLedger> ReadPatchLedger(DocumentReads* documents);

// For how many days this CVE was kept from this host while it was open, up to `now`.
double DaysCovered(const CveCover& cover, const PatchEntry& entry, TimePoint now);
// For how many it was open.
double DaysOpen(const PatchEntry& entry, TimePoint now);

// Findings that the document has room for (bounds::kDocumentBytes).
inline constexpr std::size_t kMostPatchEntries = 80'000;

}  // namespace sallyport
