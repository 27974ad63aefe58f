// SPDX-License-Identifier: Apache-2.0
//
// Plan: what was read, what was decided and why, and the actions in order. Data: it can be printed, compared, stored,
// approved and carried out later. Making one changes nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "action/action.h"
#include "base/ids.h"
#include "base/time.h"
#include "protection/protection.h"
#include "swp/scheduled_task.h"
#include "workflow/collect.h"
#include "workflow/question.h"
#include "workflow/swp_evidence.h"

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
  // Why a person has to decide about it whatever the settings say: two workflows want opposite things. Empty: none has.
  std::string needs_person;
  // It waits so long after every other gate has passed it, so that many like it do not begin at once.
  Duration after{0};
  // Of an answer to a question that collects: the cases of the members that it is for (Member::case_number). What comes
  // of it is their outcome too.
  std::vector<std::int64_t> cases{};
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
  std::string owner{};  // Owner::name of FindOwner; empty: nobody is named
  // What else about the host could not be found out than its protection; empty: nothing.
  std::string undetermined_why{};
  bool operator==(const HostDecision&) const = default;
};

// What a plan decided about that is no host: an SWP policy, a bucket, a web ACL, a distribution, a rule of AWS Config.
struct OtherSubject {
  std::string kind;  // for people: "bucket", "SWP policy", "web ACL"
  std::string id;    // its ARN, number or name: one of its kind has it
  std::string name;  // for people; may be empty
  std::string account;
  std::string region;
  std::string found_in;          // where the event names it
  std::string summary;           // one line: what is done about it
  std::string undetermined_why;  // something about it could not be found out; empty: nothing
  bool operator==(const OtherSubject&) const = default;
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
  std::string reason{};
  bool gave_up = false;  // the time to find out is over
  // Of a question that collects: the number of the last member that is answered. Later ones open its successor.
  std::optional<int> last_member = std::nullopt;
  bool operator==(const Answer&) const = default;
};
std::string_view ToString(Answer::Kind kind);  // "not-yet", "verified", "not-verifiable", "failed"

// What is as large as the estate (the hosts of every web ACL) is not in the plan: a State document that the plan names.
struct RunName {
  std::string document;
  std::int64_t version = 0;
  bool operator==(const RunName&) const = default;
};
// The same before it is stored. Each piece is read by itself: one host, one page of a list. The name begins with that
// of the row: "waf/map/111122223333"; a run with the same name replaces it as a whole. Bounds: bounds::kDocument...
struct NewRun {
  std::string document;
  std::vector<std::string> pieces;
  bool operator==(const NewRun&) const = default;
};

// What was decided, and what it was decided about: hosts and others are its subjects.
struct Plan {
  std::string workflow;  // its row
  Decision decision = Decision::kNothing;
  Matter matter;
  std::vector<std::string> reasons;
  std::vector<HostDecision> hosts;
  std::vector<OtherSubject> others;
  std::optional<RunName> run;
  // What is to be stored before the plan is recorded, which then names it as `run`. No part of the plan's JSON.
  std::optional<NewRun> new_run;
  std::vector<PlannedAction> actions;
  std::vector<WantedFollowUp> follow_ups;  // questions to ask whatever the gates say; those of actions come with them
  std::optional<Answer> answer;            // of a follow-up's plan
  // The event joins a question that collects, and its answer decides. Then there are no actions.
  std::optional<Collect> collect;
  // What SWP reported about hosts of the case.
  std::optional<SwpEvidence> evidence;
  // What the case is told beside the actions: see the ledger's CaseSays. No part of the plan's JSON.
  enum class Says {
    kNothing,
    kActive,
    kCompromised,
    kSettled,
    kMalware,
    kMalwareHandled,
    kNotProtected,
    kProtectedNow,
    kManualRules,
    kNotBlocked,
    kCovered,
  };
  Says says = Says::kNothing;
  // The same of other cases, by their numbers: an answer is about those of its members. Each once.
  std::vector<std::pair<std::int64_t, Says>> of_cases;
  bool operator==(const Plan&) const = default;

  // Whether something about a host or another subject could not be found out; and what, as "i-0123456789abcdef0: why".
  bool HasUndetermined() const { return !FirstUndetermined().empty(); }
  std::string FirstUndetermined() const;
};

// The format of a plan's JSON, which a plan in the ledger may have from an older or a newer release; 1 is not written
// down. From 2 on: other subjects, runs, joined questions, opposite actions. From 3 on: all names in snake_case, links
// with what they lead to, owners of hosts.
inline constexpr std::int64_t kPlanFormat = 3;
inline constexpr std::int64_t kNamedPlanFormat = 3;

// SHA-256 of the parts that make a decision the same decision (design, rule 5). Parts are kept apart by their lengths.
std::string IdempotencyKey(const std::vector<std::string>& parts);

// The first 16 digits of a key: the token in a task's name.
std::string TokenOf(std::string_view key);

// One compact JSON object, and its SHA-256.
std::string PlanToJson(const Plan& plan);
std::string PlanDigest(const Plan& plan);
std::string PlanDigest(std::string_view json);  // of what PlanToJson gave
// A plan that the ledger kept, in this or an older format. What a plan does not keep (tags of its hosts, what SWP says
// of their computers beyond the number) is not known. kInvalidInput, with the path, when it is not such a plan; or one
// of a newer release, in a format that is not known.
Result<Plan> PlanFromJson(const Json& stored, const ActionKinds& actions, const QuestionKinds& questions);

}  // namespace sallyport
