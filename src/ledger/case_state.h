// SPDX-License-Identifier: Apache-2.0
//
// How a case stands. Pure: a function of what the ledger holds about it, computed anew in each commit that touches the
// case.
#pragma once

#include <optional>
#include <string_view>

#include "ledger/states.h"

namespace sallyport {

enum class CaseState {
  kOpen,         // "open": nothing is on its way; a follow-up still watches (the return of a host, ...)
  kInProgress,   // "in-progress": something is on its way by itself, or will begin by itself
  kNeedsPerson,  // "needs-person": nothing more happens, or not all, until a person does something
  kClosed,       // "closed": nothing is on its way and nothing is awaited
};
std::string_view ToString(CaseState state);
std::optional<CaseState> CaseStateFromString(std::string_view text);

// What a plan says of its case beside its actions. The newest that says something counts; what is said of malware,
// of hosts that are back and of rules for people stands beside that.
enum class CaseSays {
  kNothing,      // ""
  kActive,       // "active": its finding is not at its end; a case that was settled is open again
  kCompromised,  // "compromised": a host is probably compromised; ended scans do not close the case
  kSettled,      // "settled": the finding is archived, or an operator closed the case
  // "malware": SWP reported malware on a host of the case, and not that it is gone; ended scans do not close the case
  kMalware,
  kMalwareHandled,  // "malware-handled": SWP reported malware there, and that it was cleaned, deleted or quarantined
  kSample,          // "sample": its finding is a sample. A case is one when every plan of it says so
  // "not-protected": SWP does not protect a host of the case; ended scans do not close the case
  kNotProtected,
  kProtectedNow,  // "protected-now": beside it; a host that "not-protected" was about, the one of its message, is by
                  // now
  kManualRules,   // "manual-rules": SWP recommends rules for a host that only a person can assign
  // What an answer about many cases says of one of them (NewPlan::of_cases); "active" and "settled" it can say, too.
  kNotBlocked,  // "not-blocked": on a host of the case SWP is not known to block its CVE, and no rule for it is planned
  kCovered,     // "covered": SWP blocks its CVE on every host of the case
};
std::string_view ToString(CaseSays says);
std::optional<CaseSays> CaseSaysFromString(std::string_view text);

// Whether the case has something like that.
struct CaseFacts {
  // Of the newest event that was handled, duplicates apart; kReceived: none was yet.
  EventState latest = EventState::kReceived;
  // Its progress.
  bool handled_now = false;        // an event that was received or planned and not brought to its end
  bool held_for_approval = false;  // an action that a person has to allow
  bool held = false;               // an action held by another gate: it goes on by itself
  bool in_flight = false;          // an action that was asked for or applied and whose end is awaited
  bool joined = false;             // an event that is a member of a question that is open
  // Its outcomes.
  //
  // Its newest event joined a question, and no answer is about it: the question was given up, the event was not kept as
  // a member, or the answer failed or could not be decided and did nothing for this case.
  bool unanswered = false;
  bool outcome_unknown = false;  // an action that was about to be carried out, of an event that has ended
  bool failed = false;           // an action that failed, and none with its key stands for it since
  bool not_verifiable = false;
  bool verified = false;
  bool sent = false;
  bool refused = false;
  bool skipped = false;
  bool would = false;
  bool open_follow_up = false;
  CaseSays says = CaseSays::kNothing;
  // Said since it was settled last, if it ever was.
  bool malware = false;
  bool malware_handled = false;
  bool protected_now = false;  // said since "not-protected", of each host that somebody was told of then
  bool manual_rules = false;   // said since its finding was decided about last
};

struct CaseStanding {
  CaseState state = CaseState::kOpen;
  std::string_view outcome;  // of kClosed; else empty
  bool operator==(const CaseStanding&) const = default;
};

// Outcome words of a closed case, the first that fits:
//   "sample"           a sample finding: no case at all, and not in lists of them unless asked for
//   "settled"          the finding was archived (of Inspector: closed, suppressed or gone), or an operator closed it
//   "malware-handled"  SWP reported malware on its hosts, all of it cleaned, deleted or quarantined
//   "verified"         at least one action was seen to have ended well, and none was refused
//   "partly-verified"  the same, and some were refused
//   "covered"          SWP blocks the CVE on every host of the case, and nothing had to be done for that
//   "refused"          a gate or a person said no for good
//   "would"            observe mode, a dry run or a sample finding kept it from happening
//   "sent"             messages only
//   "skipped"          the same existed already
//   "unreadable", "out-of-scope"  its newest event was that
//   "joined"           its newest event was answered with others, in the case of the question
//   "nothing-to-do"    there was nothing to act on
CaseStanding StandingOf(const CaseFacts& facts);
// Whether its progress alone says how it stands, whatever its outcomes are.
bool StandsByProgress(const CaseFacts& facts);
inline constexpr std::string_view kSampleOutcome = "sample";

}  // namespace sallyport
