// SPDX-License-Identifier: Apache-2.0
//
// Plan: what was read, what was decided and why, and the actions in order. Data: it can be printed, compared, stored,
// approved and carried out later. Making one changes nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "protection/protection.h"
#include "swp/scheduled_task.h"
#include "workflow/action.h"

namespace sallyport {

enum class Decision {
  kAct,           // "act": at least one scan
  kNotify,        // "notify": only messages
  kNothing,       // "nothing": understood, in scope, and nothing is to be done
  kOutOfScope,    // "out-of-scope": not about a host that SWP can protect
  kUndetermined,  // "undetermined": a read failed for every host; nothing was decided
};
std::string_view ToString(Decision decision);

struct PlannedAction {
  Action action;
  std::string key;  // idempotency key, 64 hexadecimal digits
  std::vector<std::string> why;
  int hosts = 1;     // how many hosts it touches
  std::string undo;  // what would undo it
  bool operator==(const PlannedAction&) const = default;
};

// Every scan that was considered has a verdict, so that a reader sees what was not done as well.
enum class ScanVerdict { kPlanned, kAlreadyRequested, kNotApplicable, kBelowThreshold, kNotPossible };
std::string_view ToString(ScanVerdict verdict);

struct ScanDecision {
  swp::ScanKind kind = swp::ScanKind::kRecommendation;
  ScanVerdict verdict = ScanVerdict::kPlanned;
  std::string why;
  bool operator==(const ScanDecision&) const = default;
};

struct HostDecision {
  Host host;
  std::string found_in;  // where the event names it
  std::string summary;   // one line: what is done about this host
  Protection protection;
  std::vector<ScanDecision> scans;
  bool operator==(const HostDecision&) const = default;
};

struct Plan {
  std::string workflow;
  Decision decision = Decision::kNothing;
  std::string subject;  // the finding's id
  std::string title;    // the finding's type
  std::string account;  // of the finding
  std::string region;
  double severity = 0;
  bool sample = false;                  // planned in full, never acted on
  std::optional<TimePoint> event_time;  // when the finding was last updated; nothing: not known
  std::vector<std::string> reasons;
  std::vector<HostDecision> hosts;
  std::vector<PlannedAction> actions;
  bool operator==(const Plan&) const = default;

  bool HasUndeterminedHost() const;
};

// SHA-256 of the parts that make a decision the same decision (design, rule 5). Parts are kept apart by their lengths.
std::string IdempotencyKey(const std::vector<std::string>& parts);

// The first 16 digits of a key: the token in a task's name.
std::string TokenOf(std::string_view key);

// One compact JSON object, and its SHA-256.
std::string PlanToJson(const Plan& plan);
std::string PlanDigest(const Plan& plan);

}  // namespace sallyport
