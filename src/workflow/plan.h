// SPDX-License-Identifier: Apache-2.0
//
// Plan: what was read, what was decided and why, and the actions in order. Data: it can be printed, compared, stored,
// approved and carried out later. Making one changes nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "action/action.h"
#include "base/ids.h"
#include "base/time.h"
#include "protection/protection.h"
#include "swp/scheduled_task.h"
#include "workflow/question.h"

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
  // How many hosts it touches together with actions of its plan that are one decision with it; 0: it counts alone.
  int together = 0;
  // It waits so long after every other gate has passed it, so that many like it do not begin at once.
  Duration after{0};
  bool operator==(const PlannedAction&) const = default;
};

// How many hosts an action touches, those that it is one decision with included; nothing: could not be found out, so
// the blast-radius gate refuses.
std::optional<int> HostsTouched(const PlannedAction& planned);
// Whether a person who approved the one approved the other too: it decides the same, for hosts that are no more than a
// tenth more.
bool IsStillApproved(const PlannedAction& approved, const PlannedAction& now);

// Every scan that was considered has a verdict, so that a reader sees what was not done as well.
enum class ScanVerdict { kPlanned, kJoined, kNotApplicable, kBelowThreshold, kNotPossible };
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

// What a question of ours (question.h) was answered with: it decides about the actions that wait for it.
struct Answer {
  enum class Kind {
    kNotYet,         // ask again later
    kVerified,       // it ended well, or it is in effect
    kNotVerifiable,  // the proof cannot be had
    kFailed,         // it did not work
  };
  Kind kind = Kind::kNotYet;
  std::string reason;
  bool gave_up = false;  // the time to find out is over
  bool operator==(const Answer&) const = default;
};
std::string_view ToString(Answer::Kind kind);  // "not-yet", "verified", "not-verifiable", "failed"

struct Plan {
  std::string workflow;
  Decision decision = Decision::kNothing;
  std::string subject;               // the finding's id
  std::string title;                 // the finding's type
  std::string found_by{kGuardDuty};  // the service whose finding it is, for people
  std::string account;               // of the finding
  std::string region;
  double severity = 0;
  bool sample = false;                  // planned in full, never acted on
  std::optional<TimePoint> event_time;  // when the finding was last updated; nothing: not known
  std::vector<std::string> reasons;
  std::vector<std::string> links;  // to the finding, for people
  std::vector<HostDecision> hosts;
  std::vector<PlannedAction> actions;
  std::vector<WantedFollowUp> follow_ups;  // questions to ask whatever the gates say; those of actions come with them
  std::optional<Answer> answer;            // of a follow-up's plan
  bool operator==(const Plan&) const = default;

  bool HasUndeterminedHost() const;
};

// What the plan is about, for questions that are asked later.
Matter MatterOf(const Plan& plan);

// SHA-256 of the parts that make a decision the same decision (design, rule 5). Parts are kept apart by their lengths.
std::string IdempotencyKey(const std::vector<std::string>& parts);

// The first 16 digits of a key: the token in a task's name.
std::string TokenOf(std::string_view key);

// One compact JSON object, and its SHA-256.
std::string PlanToJson(const Plan& plan);
std::string PlanDigest(const Plan& plan);
// What the executor needs of a plan that the ledger kept: everything but what was found out about each host.
// kInvalidInput, with the path, when it is not such a plan.
Result<Plan> PlanFromJson(const Json& json, const ActionKinds& kinds);

}  // namespace sallyport
