// SPDX-License-Identifier: Apache-2.0
//
// What SWP reported about the hosts of a case: events that it forwards, as data that can be added up, and the words
// that come of it. Pure. Adding is a union of sets: the same event twice, or in another order, makes no difference.
//
// Source of kinds and fields: SWP's "Events in JSON format" (contract 9.4).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "swp/scheduled_task.h"

namespace sallyport {

enum class SwpEventKind {
  kMalware,             // AntiMalwareEvent
  kIntegrity,           // IntegrityEvent
  kIntrusion,           // PayloadLog
  kFirewall,            // PacketLog
  kWebReputation,       // WebReputationEvent
  kLogInspection,       // LogInspectionEvent
  kApplicationControl,  // AppControlEvent
  kSystem,              // SystemEvent
  kUnknown,             // another EventType
};
inline constexpr std::size_t kSwpEventKinds = static_cast<std::size_t>(SwpEventKind::kUnknown) + 1;
// The word in JSON: "malware", "intrusion", ...
std::string_view ToString(SwpEventKind kind);
std::optional<SwpEventKind> SwpEventKindFromString(std::string_view word);

// What became of it, in one word; of kinds that have no such thing: kReported.
enum class SwpOutcome {
  kReported,
  kQuarantined,
  kCleaned,
  kDeleted,
  kDenied,  // access to the file was denied; the file is still there
  kPassed,  // SWP did nothing about it
  kFailed,  // SWP could not do what it was to do
  kBlocked,
  kChanged,   // what passed was changed on its way
  kDetected,  // and let through
  kAllowed,
  kScanCompleted,
  kUnknown,  // SWP says none, or one that is not known here
};
std::string_view ToString(SwpOutcome outcome);
std::optional<SwpOutcome> SwpOutcomeFromString(std::string_view word);
// Malware that SWP reports as gone from where it was.
bool IsHandled(SwpOutcome outcome);

// How many ids of one group are kept when a case's evidence is written as a whole; what is behind it is counted alone.
inline constexpr std::size_t kEvidenceIds = 5'000;
// Lines and addresses that are kept for people.
inline constexpr std::size_t kEvidenceLines = 20;

struct SwpEvidence {
  using Group = std::pair<SwpEventKind, SwpOutcome>;
  // Events by kind and outcome: their ids (SwpEvent::id). And of a whole, how many more there were.
  std::map<Group, std::set<std::string>> ids;
  std::map<Group, std::int64_t> more;
  std::set<std::string> lines;    // one line each: what was found where; the first kEvidenceLines
  std::set<std::string> blocked;  // addresses that the finding names, which intrusion prevention blocked
  std::map<std::string, std::int32_t> computers;  // instance id -> computer whose record in SWP names that instance
  std::set<std::string> hosts;                    // account/region/instance
  std::optional<TimePoint> newest;                // of the newest event, by SWP's clock
  bool whole = false;                             // it holds what was known of the case before as well
  bool operator==(const SwpEvidence&) const = default;

  bool Has(const std::string& id) const;
  std::int64_t Count(SwpEventKind kind) const;
  std::int64_t Count(SwpEventKind kind, SwpOutcome outcome) const;
  std::int64_t CountAll() const;
  // Detections of malware that SWP does not report as handled.
  std::int64_t MalwareLeft() const;
};

void Merge(const SwpEvidence& other, SwpEvidence& into);
// The same with at most kEvidenceIds ids in a group.
SwpEvidence Whole(SwpEvidence evidence);

void WriteEvidence(JsonWriter& out, const SwpEvidence& evidence);
// kInvalidInput, with the path, for anything that WriteEvidence does not write.
Result<SwpEvidence> EvidenceFromJson(const Json& json);

// One scan of a host of the case, as far as the ledger knows.
struct ScanSeen {
  swp::ScanKind kind = swp::ScanKind::kMalware;
  std::optional<TimePoint> finished_at;  // when its end was seen; nothing: it is on its way
  bool operator==(const ScanSeen&) const = default;
};
// The scan that an action of the ledger asked for: `kind`, `what` and `state` in its words. Nothing: it is no malware
// or integrity scan, it was never begun, or how it ended is not known.
std::optional<ScanSeen> ScanSeenOf(std::string_view kind, std::string_view what, std::string_view state,
                                   std::optional<TimePoint> changed_at);

struct ResultFacts {
  bool forwarded = false;          // SWP's events are taken: swp_events.topics is set
  std::optional<TimePoint> heard;  // when SWP's newest message was taken, of whichever host
  std::string unread;              // why `heard` or `evidence` is not known; empty: they are
  std::vector<ScanSeen> scans;
  SwpEvidence evidence;
  TimePoint until;  // when this is said, or when the case was closed
};

// What people are told of it, a sentence in each: what scans found first. Empty: no scan, and no event.
//   "malware scan finished: 2 detections, 1 quarantined"
//   "malware scan finished: no detections were reported until 00:51:00 UTC on 2026-11-28"
//   "malware scan finished: results are not forwarded to Sallyport: see SWP"
std::vector<std::string> WordsOf(const ResultFacts& facts);

// "2 detections, 1 quarantined; intrusion prevention: 4 blocked": the counts alone. Empty: no event.
std::string CountsOf(const SwpEvidence& evidence);

}  // namespace sallyport
