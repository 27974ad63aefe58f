// SPDX-License-Identifier: Apache-2.0
//
// The Ledger seam: every event, plan, action, outcome, timer and delivery, durable before the act it describes. When a
// call returns ok, the record survives a crash of the process and of the machine.
//
// An event has at most one plan; a plan has actions in order; an action has a state. Events about the same thing form a
// case: a finding, its updates, and the follow-ups that came of it. A case has the number of its first event. Every
// change is a line of history, and each line carries the hash of the one before (docs/ledger-format.md). The seam has
// no file in it, so that a store that several machines share can stand behind it too.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ledger/states.h"

namespace sallyport {

struct EventNumber {
  std::int64_t value = 0;
  auto operator<=>(const EventNumber&) const = default;
};
struct ActionNumber {
  std::int64_t value = 0;
  auto operator<=>(const ActionNumber&) const = default;
};
struct FollowUpNumber {
  std::int64_t value = 0;
  auto operator<=>(const FollowUpNumber&) const = default;
};

struct NewEvent {
  std::string source;  // "aws.guardduty"; empty when unreadable
  std::string detail_type;
  std::string account;
  std::string region;
  std::string subject;  // the finding's id; empty when unknown
  std::string title;    // one line for people, e.g. the finding's type
  std::string origin;   // where it came from
  std::string sha256;   // of what decisions depend on: the same for each delivery of the same update
  std::string body;  // the event's own JSON text, for replay; empty when unreadable or over bounds::kLedgerEventBytes
  // The case that this event continues (a follow-up, a replay). Nothing: found by source, account and subject; an event
  // without a subject begins a case of its own.
  std::optional<EventNumber> case_number;
  // Who handles it: see Unfinished. Empty: nobody in particular.
  std::string owner;
};

// What AddEvent says about the event it recorded.
struct AddedEvent {
  EventNumber number;
  EventNumber case_number;  // its own number when it began the case
  // The newest earlier event with the same source, account and sha256 that kDone, kWaiting, kOutOfScope or kPlanned
  // stands at: this delivery tells nothing new. (kUndetermined, kFailed and kReceived are to be tried again.) Never for
  // an event that was given a case_number.
  std::optional<EventNumber> same_as;
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

struct PlanRecord {
  EventNumber event;
  EventNumber case_number;
  std::string workflow;
  std::string digest;
  std::string json;
  PlanState state = PlanState::kPlanned;
  std::string reason;  // of the newest state; says who approved or rejected
  TimePoint changed_at;
  std::optional<TimePoint> expires_at;  // of the approval that is awaited
};

// A timer with a question. When due, it re-enters as an event of its case.
struct NewFollowUp {
  EventNumber case_number;
  std::string key;       // at most one open follow-up has it; another one with the same key joins it
  std::string question;  // "scan-finished", "rules-effective", ...
  std::string subject;   // "computer 34"
  std::string json;      // what the question needs: an object
  TimePoint due;
  TimePoint give_up_at;
  std::vector<ActionNumber> waiting;  // the actions whose end it will tell
};

struct FollowUpRecord {
  FollowUpNumber number;
  NewFollowUp follow_up;
  FollowUpState state = FollowUpState::kOpen;
  int attempts = 0;    // how often it was claimed
  std::string reason;  // the newest answer
  TimePoint asked_at;  // when it was made
  TimePoint changed_at;
};

// One message of a case on one channel: what was sent, and how to find it again for an update.
struct DeliveryRecord {
  EventNumber case_number;
  std::string message;  // which message of the case: "owner/i-0123456789abcdef0"
  std::string channel;  // "slack:security"
  DeliveryState state = DeliveryState::kPending;
  std::string sha256;  // of the content that was delivered last
  std::string handle;  // what the channel calls it (a message's timestamp, ...); may be empty
  int attempts = 0;
  std::string reason;
  TimePoint changed_at;     // the ledger's to say
  std::int64_t number = 0;  // the same
};

struct HistoryLine {
  std::int64_t number = 0;
  TimePoint at;
  EventNumber event;
  std::optional<ActionNumber> action;       // nothing: not about one action
  std::optional<FollowUpNumber> follow_up;  // nothing: not about a follow-up
  std::string kind;                         // "event", "plan", "action", "follow-up", "delivery", "retention"
  std::string state;                        // a word of the kind's states; "removed" for "retention"
  std::string reason;
  std::optional<std::int64_t> delivery;  // DeliveryRecord::number; nothing: not about a delivery
  std::string hash;                      // of this line and, through it, of every line before
};

struct EventRecord {
  EventNumber number;
  EventNumber case_number;
  TimePoint received_at;
  NewEvent event;  // `body` and `owner` are left empty in lists
  EventState state = EventState::kReceived;
  std::string reason;
};

// A case: its first event with all that followed from it.
struct Case {
  EventRecord event;                 // the first
  std::vector<EventRecord> updates;  // the later ones of the case, oldest first: updates, duplicates, follow-ups
  std::vector<PlanRecord> plans;     // oldest first
  std::vector<ActionRecord> actions;
  std::vector<FollowUpRecord> follow_ups;
  std::vector<DeliveryRecord> deliveries;
  std::vector<HistoryLine> history;  // oldest first
};

struct ListFilter {
  std::size_t limit = 50;           // newest first; at most bounds::kListedEvents
  std::optional<EventState> state;  // only events in that state
  // Only events whose subject, title, account or an action's subject contains it; upper and lower case of ASCII letters
  // are the same, and no character is special. At most bounds::kFilterTextBytes.
  std::string text;
  bool cases_only = true;  // only the first event of each case
};

struct ActionChange {
  ActionNumber action;
  ActionState state = ActionState::kFailed;
  std::string reason;
};

// What `ledger verify` found out.
struct Verification {
  std::int64_t lines = 0;           // history lines whose hash was computed again
  std::int64_t removed = 0;         // of these, lines whose reason retention has removed: all but that text is proved
  std::string last_hash;            // of the newest line: keep it elsewhere, and a cut-off end shows as well
  std::vector<std::string> broken;  // what does not hold, in words; empty: the chain is whole
};

// Whether `owner`, who took an event at `since`, may still be at work on it. See MayStillRun in base/process.h: an
// owner about whom nothing can be known counts as running until a lease has passed since then.
using StillRuns = std::function<bool(std::string_view owner, TimePoint since)>;

// All calls may fail with kStorage (disk full, read-only, corrupt, locked by another process for too long): the caller
// must then not act. Calls that take a number fail with kNotFound when nothing has that number, and with kInvalidInput
// when the state may not move that way (states.h). A call that fails has recorded nothing; only when the disk fails in
// the middle of a commit may the record turn up later. Texts may be any bytes. Thread-safe.
class Ledger {
 public:
  virtual ~Ledger() = default;

  virtual Result<AddedEvent> AddEvent(const NewEvent& event) = 0;
  virtual Status SetEventState(EventNumber event, EventState state, std::string_view reason) = 0;
  // Events in kReceived or kPlanned that are left behind: without an owner, or whose owner `still_runs` denies. They
  // are claimed for `owner` in the same transaction. Oldest first, with their bodies; at most `limit`.
  virtual Result<std::vector<EventRecord>> ClaimUnfinished(const std::string& owner, const StillRuns& still_runs,
                                                           std::size_t limit) = 0;
  // One event with its body.
  virtual Result<EventRecord> GetEvent(EventNumber event) = 0;

  // The plan and all its actions (state kPlanned), in one transaction; the event moves to kPlanned. Numbers are in the
  // order of the plan's actions. kInvalidInput when the event has a plan already.
  virtual Result<std::vector<ActionNumber>> AddPlan(EventNumber event, const NewPlan& plan) = 0;
  virtual Status SetPlanState(EventNumber event, PlanState state, std::string_view reason,
                              std::optional<TimePoint> expires_at) = 0;
  virtual Result<std::optional<PlanRecord>> FindPlanOf(EventNumber event) = 0;
  // By the first digits of its digest, at least 8. kNotFound; kInvalidInput when several digests begin so. Of several
  // plans with that digest: the newest one that awaits an approval, else the newest.
  virtual Result<PlanRecord> FindPlan(std::string_view digest_prefix) = 0;
  // Newest first; nothing: of every state.
  virtual Result<std::vector<PlanRecord>> ListPlans(std::optional<PlanState> state, std::size_t limit) = 0;

  // The new state, and the follow-ups that await what comes of it, in one transaction: no crash between the two can
  // lose a timer. (`waiting` of the follow-ups may be empty: this action is added.)
  virtual Status SetActionState(ActionNumber action, ActionState state, std::string_view reason,
                                const std::vector<NewFollowUp>& follow_ups) = 0;
  Status SetActionState(ActionNumber action, ActionState state, std::string_view reason) {
    return SetActionState(action, state, reason, {});
  }
  // For what two processes must not begin at once: moves the action to kIntended, in the transaction in which
  // FindRecent with its kind, sort and subject still finds `seen`. False: it finds something else by now, and nothing
  // is recorded.
  virtual Result<bool> IntendUnlessOvertaken(ActionNumber action, std::string_view reason, TimePoint since,
                                             const std::optional<ActionRecord>& seen) = 0;
  // The actions of an event's plan, in order.
  virtual Result<std::vector<ActionRecord>> ActionsOf(EventNumber event) = 0;
  virtual Result<ActionRecord> GetAction(ActionNumber action) = 0;

  // The newest (highest number) action with that key for whose state MayHaveBeenCarriedOut is true, other than
  // `except`.
  virtual Result<std::optional<ActionRecord>> FindCarriedOut(std::string_view key, ActionNumber except) = 0;
  // The same by what it does: the newest of that kind and sort on that subject whose newest state is from `since` or
  // later.
  virtual Result<std::optional<ActionRecord>> FindRecent(std::string_view kind, std::string_view what,
                                                         std::string_view subject, TimePoint since,
                                                         ActionNumber except) = 0;

  // Joins an open follow-up with the same key (its `waiting` grows, its due time becomes the earlier of the two), or
  // makes one. `case_number` may be any event of the case, here and in deliveries.
  virtual Result<FollowUpNumber> AddFollowUp(const NewFollowUp& follow_up) = 0;
  // Open follow-ups that are due at `now`, oldest first, at most `limit`; none that another claim holds. A claim lasts
  // until `now + lease` (at most an hour): a process that died in between loses nothing, the timer rings again.
  virtual Result<std::vector<FollowUpRecord>> ClaimDue(TimePoint now, Duration lease, std::size_t limit) = 0;
  // Not answered yet: ask again at `due`. Ends the claim. The changes happen in the same transaction.
  virtual Status SnoozeFollowUp(FollowUpNumber follow_up, TimePoint due, std::string_view reason,
                                const std::vector<ActionChange>& changes) = 0;
  // Answered, or given up (kDone, kGivenUp), with what it means for the actions, in one transaction. Ending one that
  // has ended is kInvalidInput and changes nothing.
  virtual Status EndFollowUp(FollowUpNumber follow_up, FollowUpState state, std::string_view reason,
                             const std::vector<ActionChange>& changes) = 0;
  // When the next open one is due, or its claim ends; nothing: none is open.
  virtual Result<std::optional<TimePoint>> NextDue() = 0;
  virtual Result<std::optional<FollowUpRecord>> FindOpenFollowUp(std::string_view key) = 0;
  // Soonest due first; nothing: of every state.
  virtual Result<std::vector<FollowUpRecord>> ListFollowUps(std::optional<FollowUpState> state, std::size_t limit) = 0;

  // Makes or replaces the record of that case, message and channel.
  virtual Status RecordDelivery(const DeliveryRecord& delivery) = 0;
  virtual Result<std::optional<DeliveryRecord>> FindDelivery(EventNumber case_number, std::string_view message,
                                                             std::string_view channel) = 0;
  // Those in kPending, oldest first.
  virtual Result<std::vector<DeliveryRecord>> PendingDeliveries(std::size_t limit) = 0;

  // kTooLarge when the filter, or the limit of any list here, is over its bounds.
  virtual Result<std::vector<EventRecord>> List(const ListFilter& filter) = 0;
  // The case that this event belongs to.
  virtual Result<Case> Show(EventNumber event) = 0;
  // The history lines with a number over `after`, oldest first, at most `limit`: for an export page by page.
  virtual Result<std::vector<HistoryLine>> History(std::int64_t after, std::size_t limit) = 0;
  // Computes every hash again, and compares each record with the newest line about it.
  virtual Result<Verification> Verify() = 0;
  // Removes bodies, plans' and actions' and follow-ups' JSON and all reasons of cases whose newest line is older than
  // `before` and in which nothing is open. The history lines stay with their hashes. How many cases. Not one
  // transaction but one for each hundred cases.
  virtual Result<int> RemoveContent(TimePoint before) = 0;
};

}  // namespace sallyport
