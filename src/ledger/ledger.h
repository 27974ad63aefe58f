// SPDX-License-Identifier: Apache-2.0
//
// The Ledger seam: every event, plan, action and outcome, durable before the act it describes. When a call returns ok,
// the record survives a crash of the process and of the machine.
//
// An event has at most one plan; a plan has actions in order; an action has a state and the history of its states.
// Nothing is ever deleted or rewritten: a change of state is a new line of history.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace sallyport {

struct EventNumber {
  std::int64_t value = 0;
  auto operator<=>(const EventNumber&) const = default;
};
struct ActionNumber {
  std::int64_t value = 0;
  auto operator<=>(const ActionNumber&) const = default;
};

// How far the handling of an event has come. The words appear in `ledger list` and in JSON.
enum class EventState {
  kReceived,      // "received": recorded, nothing decided yet
  kPlanned,       // "planned": the plan is recorded
  kDone,          // "done": every action of the plan has its outcome
  kOutOfScope,    // "out-of-scope": read and understood; not about a host, or no workflow wants it
  kUndetermined,  // "undetermined": a read failed, so nothing was decided
  kUnreadable,    // "unreadable": not an event, or a malformed one
  kFailed,        // "failed": an action failed, or we did
};
std::string_view ToString(EventState state);
std::optional<EventState> EventStateFromString(std::string_view text);

// "Done means verified": each word means only what it says.
enum class ActionState {
  kPlanned,    // decided, not yet tried
  kIntended,   // about to be carried out: the outcome is unknown if this is the last line of the history
  kRequested,  // SWP accepted the request
  kWaiting,    // requested earlier or by somebody else; its end is awaited
  kApplied,    // the change was written
  kVerified,   // and seen to be in effect
  kSent,       // a message was handed to its channel
  kRefused,    // a gate said no
  kDryRun,     // a dry run, or a sample finding: every gate was asked, nothing was called
  kFailed,
};
std::string_view ToString(ActionState state);  // "planned", "intended", ..., "dry-run", "failed"
std::optional<ActionState> ActionStateFromString(std::string_view text);
// kIntended, kRequested, kWaiting, kApplied, kVerified, kSent: done, or nobody can say that it was not.
bool MayHaveBeenCarriedOut(ActionState state);

struct NewEvent {
  std::string source;  // "aws.guardduty"; empty when unreadable
  std::string detail_type;
  std::string account;
  std::string region;
  std::string subject;  // the finding's id; empty when unknown
  std::string title;    // one line for people, e.g. the finding's type
  std::string origin;   // where it came from
  std::string sha256;   // of the event's text, or of the unreadable bytes
};

struct NewAction {
  std::string key;      // idempotency key: SHA-256, 64 hexadecimal digits
  std::string kind;     // "request-scan", "notify-owner"
  std::string what;     // the sort within the kind: "scan-for-recommendations"; may be empty
  std::string subject;  // what it acts on: "computer 34", "111122223333/us-east-1/i-0123456789abcdef0"
  double severity = 0;  // of the finding behind it
  std::string json;     // the action as planned
};

struct NewPlan {
  std::string workflow;
  std::string digest;  // SHA-256 of json
  std::string json;
  std::vector<NewAction> actions;
};

struct ActionRecord {
  ActionNumber number;
  EventNumber event;
  NewAction action;
  ActionState state = ActionState::kPlanned;
  std::string reason;  // of the newest state
  TimePoint changed_at;
};

struct HistoryLine {
  TimePoint at;
  std::optional<ActionNumber> action;  // nothing: about the event itself
  std::string state;                   // an EventState or ActionState word
  std::string reason;
};

struct EventRecord {
  EventNumber number;
  TimePoint received_at;
  NewEvent event;
  EventState state = EventState::kReceived;
  std::string reason;
};

// One event with all that followed from it: a case.
struct Case {
  EventRecord event;
  std::string workflow;     // empty: no plan
  std::string plan_digest;  // empty: no plan
  std::string plan_json;    // empty: no plan
  std::vector<ActionRecord> actions;
  std::vector<HistoryLine> history;  // oldest first
};

struct ListFilter {
  std::size_t limit = 50;           // newest first; at most bounds::kListedEvents
  std::optional<EventState> state;  // only events in that state
  // Only events whose subject, title, account or an action's subject contains it; upper and lower case of ASCII letters
  // are the same, and no character is special. At most bounds::kFilterTextBytes.
  std::string text;
};

// All calls may fail with kStorage (disk full, read-only, corrupt, locked by another process for too long): the caller
// must then not act. Calls that take a number fail with kNotFound when nothing has that number. A call that fails has
// recorded nothing; only when the disk fails in the middle of a commit may the record turn up later. Texts may be any
// bytes. Thread-safe.
class Ledger {
 public:
  virtual ~Ledger() = default;

  virtual Result<EventNumber> AddEvent(const NewEvent& event) = 0;
  virtual Status SetEventState(EventNumber event, EventState state, std::string_view reason) = 0;

  // The plan and all its actions (state kPlanned), in one transaction; the event moves to kPlanned. Numbers are in the
  // order of the plan's actions. kInvalidInput when the event has a plan already.
  virtual Result<std::vector<ActionNumber>> AddPlan(EventNumber event, const NewPlan& plan) = 0;
  virtual Status SetActionState(ActionNumber action, ActionState state, std::string_view reason) = 0;

  // The newest (highest number) action with that key for whose state MayHaveBeenCarriedOut is true, other than
  // `except`.
  virtual Result<std::optional<ActionRecord>> FindCarriedOut(std::string_view key, ActionNumber except) = 0;
  // The same by what it does: the newest of that kind and sort on that subject whose newest state is from `since` or
  // later.
  virtual Result<std::optional<ActionRecord>> FindRecent(std::string_view kind, std::string_view what,
                                                         std::string_view subject, TimePoint since,
                                                         ActionNumber except) = 0;

  // kTooLarge when the filter is over its bounds.
  virtual Result<std::vector<EventRecord>> List(const ListFilter& filter) = 0;
  virtual Result<Case> Show(EventNumber event) = 0;
};

}  // namespace sallyport
