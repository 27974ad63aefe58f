// SPDX-License-Identifier: Apache-2.0
//
// Journal: what handling writes, and the reads that it needs. Every event, plan, action, outcome, timer and delivery is
// durable before the act that it describes: when a call returns ok, the record survives a crash of the process and of
// the machine (AddEvent: of the process). The seam has no file in it, so that a store that several machines share can
// stand behind it too.
//
// An event has any number of plans; a plan belongs to one case and has actions in order; an action has a state. Events
// about the same matter form a case: a finding, its updates, and the follow-ups that came of it. Every change is a line
// of history, and each line carries the hash of the one before (docs/ledger-format.md).
//
// The one primitive is Commit: all records of a batch or none, if what the batch claims about the ledger still holds.
// A finding takes three commits: AddEvent; the plan, with each action in the state in which it goes on; what
// came of the actions, with the questions that will tell how they end, and the end of the event.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ledger/case_state.h"
#include "ledger/numbers.h"
#include "ledger/states.h"

namespace sallyport {

// ------------------------------------------------------------------------------------------------ what is written

// Sources of events that say nothing about how the matter of their case stands: what an operator decided about a case,
// and the messages about it. No workflow takes them, so nobody can send one.
inline constexpr std::string_view kOperatorSource = "sallyport.operator";
inline constexpr std::string_view kMessagesSource = "sallyport.messages";
// The question of a follow-up that is no reason for its case to stay open.
inline constexpr std::string_view kCaseReminder = "case-reminder";

// One thing that an event is about. Matters with the same service, account and subject are one case.
struct CaseMatter {
  std::string service;  // whose finding it is, as the event's source names it: "aws.guardduty"
  std::string account;
  std::string region;
  std::string subject;  // the finding's id, the bucket and type, the CVE; empty: a case of its own
  std::string title;    // one line for people
  double severity = 0;  // 0 to 10; a case has the greatest that was seen. 0: none is known
};

// Events of this source are evidence in cases of others: how far they are handled, and how that ended, says nothing of
// how the case stands. What their plans say of it does (CaseSays).
inline constexpr std::string_view kEvidenceSource = "trendmicro.swp";

// No text here or below may be a secret: there is no way from a `Secret` (base/secret.h) to a std::string but by name.
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
  // The case that this event continues (a follow-up, a replay). Nothing: found or opened by its matters.
  std::optional<CaseNumber> case_number{};
  // Who handles it: see ClaimUnfinished. Empty: nobody in particular.
  std::string owner{};
  // What it is about, at most bounds::kMattersPerEvent. Empty: one thing, of the event's own source, account, region,
  // subject and title. Not looked at when there is a case_number.
  std::vector<CaseMatter> matters{};
};

// What AddEvent says about the event it recorded.
struct AddedEvent {
  EventNumber number;
  CaseNumber case_number;  // of the first matter; the event's own number when it opened that case
  // The newest earlier event with the same source, account and sha256 that kDone, kWaiting, kJoined, kOutOfScope or
  // kPlanned stands at: this delivery tells nothing new. (kUndetermined, kFailed and kReceived are to be tried again.)
  // Never for an event that was given a case_number.
  std::optional<EventNumber> same_as{};
  std::vector<CaseNumber> cases{};  // one for each matter, in their order; the same number twice when two are one
};

// A timer with a question. When due, it re-enters as an event of its case.
struct NewFollowUp {
  CaseNumber case_number;
  // At most one open follow-up has it; another one with the same key joins it. Behind bounds::kActionsThatWait actions
  // that wait for it another one is made, whose key has "/more-2" at its end, and so on.
  std::string key;
  std::string question;  // "scan-finished", "rules-effective", ...
  std::string subject;   // "computer 34"
  std::string json;      // what the question needs: an object
  TimePoint due;
  TimePoint give_up_at;
  std::vector<ActionNumber> waiting;  // the actions whose end it will tell
  int format = 1;                     // of the JSON: see CheckFormat
};

struct NewAction {
  std::string key;      // idempotency key: SHA-256, 64 hexadecimal digits
  std::string kind;     // "request-scan", "notify-owner"
  std::string what;     // the sort within the kind: "scan-for-recommendations"; may be empty
  std::string subject;  // what it acts on: "computer 34", "111122223333/us-east-1/i-0123456789abcdef0"
  double severity = 0;  // of the finding behind it
  std::string json;     // the action as planned
  std::string host{};   // account/region/instance of the host that it concerns; empty: none
  // How it begins. Any state that may follow kPlanned is allowed (states.h).
  ActionState state = ActionState::kPlanned;
  std::string reason{};
  // The gate that stands in its way: of kHeld always ("approval", "maintenance-window", "stagger", ...); of kRefused,
  // kSkipped and kWould when it was a gate ("kill-switch", "mode", "once", ...); else empty.
  std::string held_by{};
  // What will tell how it ends; `waiting` may be left empty: this action is added.
  std::vector<NewFollowUp> follow_ups{};
  // Cases that it concerns beside that of its plan: of members of the question that the plan answers. What comes of it
  // counts for them too. Each once; at most bounds::kQuestionMembers.
  std::vector<CaseNumber> cases{};
};

// A plan whose actions do not fit into one batch is recorded in several: the first has the plan with `all_actions` and
// the actions that fit, the further ones have MoreActions, in order. Whoever finds the plan with fewer actions than
// `all_actions` (ActionsOf) knows from the plan's JSON which are missing and records those before anything is done.
// A plan without all its actions cannot become kExecuted.
struct NewPlan {
  std::string workflow;
  std::string digest;  // SHA-256 of json
  std::string json;
  std::vector<NewAction> actions;
  EventNumber event{};       // its trigger
  CaseNumber case_number{};  // one of the event's; 0: the first
  int format = 1;            // of the JSON: see CheckFormat
  // How many actions it has in all; 0: those that are here.
  std::size_t all_actions = 0;
  // Hosts that the case concerns beside those of the actions (account/region/instance), and owners: recorded for the
  // case, each once. At most bounds::kCommitNames of each.
  std::vector<std::string> hosts{};
  std::vector<std::string> owners{};
  // How it begins: kPlanned, or whatever may follow it.
  PlanState state = PlanState::kPlanned;
  std::string reason{};
  std::optional<TimePoint> expires_at{};
  // It is the answer to a question that collects, which is open: about its members up to that number.
  std::optional<FollowUpNumber> question{};
  int last_member = 0;
  // What it says of the case for good, whatever becomes of its actions.
  CaseSays says = CaseSays::kNothing;
  // The same of other cases: an answer is about those of its members. Each once, at most bounds::kQuestionMembers.
  std::vector<std::pair<CaseNumber, CaseSays>> of_cases{};
};

// The next actions of a plan that was recorded with fewer than all.
struct MoreActions {
  PlanNumber plan;
  std::vector<NewAction> actions;
};

struct PlanChange {
  PlanNumber plan;
  PlanState state = PlanState::kExecuted;
  std::string reason{};
  std::optional<TimePoint> expires_at{};
};

struct ActionChange {
  ActionNumber action;
  ActionState state = ActionState::kFailed;
  std::string reason{};
  std::string held_by{};                  // as of NewAction
  std::vector<NewFollowUp> follow_ups{};  // as of NewAction
};

struct EventChange {
  EventNumber event;
  EventState state = EventState::kDone;
  std::string reason{};
};

// kOpen: not answered yet, asked again at `due`. kDone, kGivenUp: its end; the end of one that has ended is refused.
// All three end the claim.
struct FollowUpChange {
  FollowUpNumber follow_up;
  FollowUpState state = FollowUpState::kDone;
  std::string reason{};
  TimePoint due{};  // of kOpen
};

// An event becomes a member of a question that collects: of the open one with the question's key, or of a new one. The
// event's own end (EventChange to kJoined) belongs into the same batch. Of one question bounds::kQuestionMembers are
// kept; of one behind that only the number is counted (FollowUpRecord::trimmed), and the question's record says so.
// As long as nobody has asked an open question, it is due when its newest member says; then when the asker says.
// kTooLarge when `json` is longer than bounds::kMemberBytes.
struct NewMember {
  NewFollowUp question;
  EventNumber event;
  CaseNumber case_number;
  std::string json;  // what the answer needs of it; not whole bodies
};

// The end of a question that collects. Members behind `last` open its successor, in the same commit: a question with
// the same key, subject and JSON, with these times.
struct EndMembers {
  FollowUpNumber follow_up;
  FollowUpState state = FollowUpState::kDone;
  std::string reason{};
  int last = 0;  // the number of the last member that was answered
  TimePoint successor_due{};
  TimePoint successor_gives_up_at{};
};

// One message of a case on one channel: what was sent, and how to find it again for an update. As an item it makes or
// replaces the record of that case, message and channel.
struct DeliveryRecord {
  CaseNumber case_number;
  std::string message;  // which message of the case: "owner/i-0123456789abcdef0"
  std::string channel;  // "slack:security"
  DeliveryState state = DeliveryState::kPending;
  std::string sha256;  // of the content that was delivered last
  std::string handle;  // what the channel calls it (a message's timestamp, ...); may be empty
  int attempts = 0;
  std::string reason;
  TimePoint changed_at{};   // the ledger's to say
  std::int64_t number = 0;  // the same
};

using Item = std::variant<NewPlan, MoreActions, PlanChange, ActionChange, EventChange, NewFollowUp, FollowUpChange,
                          NewMember, EndMembers, DeliveryRecord>;

// ------------------------------------------------------------------------------------------------ what is claimed

struct ActionRecord;

// An action as it was when it was read.
struct SeenAction {
  ActionNumber number;
  ActionState state = ActionState::kPlanned;
  TimePoint changed_at;
  bool operator==(const SeenAction&) const = default;
};
std::optional<SeenAction> SeenOf(const std::optional<ActionRecord>& record);

// FindCarriedOut with this key still finds what was seen; nothing was seen: the key is free.
struct KeyIsFree {
  std::string key;
  ActionNumber except{};
  std::optional<SeenAction> seen{};
};
// FindRecent still finds what was seen: nobody else began the same in between.
struct DeedIs {
  std::string kind;
  std::string what;
  std::string subject;
  TimePoint since;
  std::optional<SeenAction> seen{};
  ActionNumber except{};
};
struct EventIs {
  EventNumber event;
  EventState state = EventState::kReceived;
};
struct PlanIs {
  PlanNumber plan;
  PlanState state = PlanState::kPlanned;
};
struct ActionIs {
  ActionNumber action;
  ActionState state = ActionState::kPlanned;
};
// It is open, and nobody claimed it since it was claimed for the `attempts`th time.
struct FollowUpIs {
  FollowUpNumber follow_up;
  int attempts = 0;
  // How many actions wait for it; nothing: however many.
  std::optional<std::size_t> waiting{};
};
// A delivery as it was when it was read.
struct SeenDelivery {
  DeliveryState state = DeliveryState::kPending;
  int attempts = 0;
  TimePoint changed_at;
  bool operator==(const SeenDelivery&) const = default;
};
std::optional<SeenDelivery> SeenOf(const std::optional<DeliveryRecord>& record);

// The record of that message on that channel is still what was seen; nothing was seen: there is none.
struct DeliveryIs {
  CaseNumber case_number;
  std::string message;
  std::string channel;
  std::optional<SeenDelivery> seen{};
};
// The question of that key has no more members than these; 0: or it is not open.
struct MembersAre {
  std::string key;
  int members = 0;
};

// The newest event of the case from that source that was decided about (Journal::NewestDecided) is still this one; 0:
// there is none.
struct NewestIs {
  CaseNumber case_number;
  std::string source;
  EventNumber event{};
};

using Claim = std::variant<KeyIsFree, DeedIs, EventIs, PlanIs, ActionIs, FollowUpIs, DeliveryIs, MembersAre, NewestIs>;

// Records and claims of one step of one case. Claims are looked at first, then the items are recorded in their order.
struct Batch {
  std::vector<Claim> claims;
  std::vector<Item> items;
  // A loss of power may take it with it until MakeDurable or the next batch without this returns. Only for what can be
  // found out again: the act stands in the ledger as intended, so that whoever finds it asks the other side.
  bool may_be_lost = false;
};
// What counts for bounds::kCommitItems: each item, and each action and follow-up in one.
std::size_t CountItems(const Batch& batch);

struct Committed {
  // The claim that does not hold any more, by its place in the batch: then nothing was recorded.
  std::optional<std::size_t> overtaken{};
  // The numbers of what is new, in the order of the items, and within one in the order of its actions and follow-ups.
  std::vector<PlanNumber> plans{};
  std::vector<ActionNumber> actions{};
  std::vector<FollowUpNumber> follow_ups{};  // also those that were joined; of NewMember its question
  std::vector<int> members{};                // of NewMember: its number in the question; 0: trimmed
  std::vector<FollowUpNumber> questions{};   // of NewMember: its question
  // Of each EndMembers: the question that its later members opened.
  std::vector<std::optional<FollowUpNumber>> successors{};

  bool recorded() const { return !overtaken.has_value(); }
};

// ------------------------------------------------------------------------------------------------ what is read

struct EventRecord {
  EventNumber number;
  CaseNumber case_number;  // of its first matter
  TimePoint received_at;
  NewEvent event;  // `body` and `owner` are left empty in lists; `matters` always
  EventState state = EventState::kReceived;
  std::string reason;
  std::vector<CaseNumber> cases{};  // all of them, in the order of its matters; left empty in lists
};

struct ActionRecord {
  ActionNumber number;
  EventNumber event;
  NewAction action;  // `state`, `reason`, `held_by` and `follow_ups` of how it began are left empty
  ActionState state = ActionState::kPlanned;
  std::string reason;  // of the newest state
  TimePoint changed_at;
  std::string held_by{};  // the gate, as of NewAction
  PlanNumber plan{};
  CaseNumber case_number{};
};

struct PlanRecord {
  EventNumber event;
  CaseNumber case_number;
  std::string workflow;
  std::string digest;
  std::string json;
  PlanState state = PlanState::kPlanned;
  std::string reason;  // of the newest state; says who approved or rejected
  TimePoint changed_at;
  std::optional<TimePoint> expires_at{};  // of the approval that is awaited
  PlanNumber number{};
  int format = 1;
  int all_actions = 0;                       // how many it has when all of them are recorded
  std::optional<FollowUpNumber> question{};  // of NewPlan
  int last_member = 0;                       // of NewPlan
  CaseSays says = CaseSays::kNothing;        // of NewPlan
};

struct FollowUpRecord {
  FollowUpNumber number;
  NewFollowUp follow_up;
  FollowUpState state = FollowUpState::kOpen;
  int attempts = 0;    // how often it was claimed
  std::string reason;  // the newest answer
  TimePoint asked_at;  // when it was made
  TimePoint changed_at;
  int waits = 0;                              // how many actions wait for it
  int members = 0;                            // of a question that collects: how many joined and are kept
  int trimmed = 0;                            // how many joined behind the bound and are not kept
  int answered = 0;                           // the number of the last member that was answered
  std::optional<FollowUpNumber> successor{};  // which the members behind that opened
  std::optional<PlanNumber> plan{};           // the newest that answers it
};

struct MemberRecord {
  int number = 0;  // from 1, within its question
  EventNumber event;
  CaseNumber case_number;
  std::string json;
  TimePoint joined_at;
  FollowUpNumber follow_up{};  // its question
};

// A reader that does not know a format must refuse it: "plan 7 has format 3, and this program reads formats up to 2".
Status CheckFormat(std::string_view what, std::int64_t number, int format, int newest);

// Whether `owner`, who took an event at `since`, may still be at work on it. See MayStillRun in base/process.h: an
// owner about whom nothing can be known counts as running until a lease has passed since then.
using StillRuns = std::function<bool(std::string_view owner, TimePoint since)>;

// A claim of a follow-up: it ends when it is answered or put off, when `lasts` (at most an hour) is over, or when its
// owner is gone, whatever comes first.
struct Lease {
  // A claim of nobody in particular.
  Lease(Duration claim_lasts) : lasts(claim_lasts) {}  // NOLINT(google-explicit-constructor): most have no owner
  Lease(Duration claim_lasts, std::string claimed_by, StillRuns is_there)
      : lasts(claim_lasts), owner(std::move(claimed_by)), still_runs(std::move(is_there)) {}

  Duration lasts;
  std::string owner;
  StillRuns still_runs;  // judges the owners of other claims; empty: nobody does
};

// ------------------------------------------------------------------------------------------------ the seam

// All calls may fail with kStorage (disk full, read-only, corrupt, locked by another process for too long): the caller
// must then not act. Calls that take a number fail with kNotFound when nothing has that number, and with kInvalidInput
// when the state may not move that way (states.h). A call that fails has recorded nothing; only when the disk fails in
// the middle of a commit may the record turn up later. Texts may be any bytes. Thread-safe; calls of several threads
// share one durable commit, and each has its own result.
class Journal {
 public:
  virtual ~Journal() = default;

  // Finds out whether it is a repetition, and finds or opens the case of each of its matters. The event is kReceived.
  // A loss of power may take the record with it until its plan or its end is recorded (without Batch::may_be_lost).
  // Nothing may be done outside and nothing be answered about the event before that; then nothing was lost but what its
  // sender delivers again.
  virtual Result<AddedEvent> AddEvent(const NewEvent& event) = 0;

  // kTooLarge when the batch has more than bounds::kCommitItems, or something in it is over its bound.
  //
  // A new plan moves its event from kReceived to kPlanned. The states of all cases that the batch is about follow in
  // the same commit (case_state.h).
  virtual Result<Committed> Commit(const Batch& batch) = 0;
  // Returns when everything that was recorded is durable. At once if it is.
  virtual Status MakeDurable() = 0;

  // Events in kReceived or kPlanned that are left behind: without an owner, or whose owner `still_runs` denies. They
  // are claimed for `owner` in the same transaction. Oldest first, with their bodies; at most `limit`.
  virtual Result<std::vector<EventRecord>> ClaimUnfinished(const std::string& owner, const StillRuns& still_runs,
                                                           std::size_t limit) = 0;
  // Open follow-ups that are due at `now`, oldest first, at most `limit`; none that another claim holds. A process that
  // died in between loses nothing: the timer rings again.
  virtual Result<std::vector<FollowUpRecord>> ClaimDue(TimePoint now, const Lease& lease, std::size_t limit) = 0;

  // One event with its body.
  virtual Result<EventRecord> GetEvent(EventNumber event) = 0;
  // The newest event of the case from that source, before `before`, that was decided about; nothing: there is none.
  virtual Result<std::optional<EventRecord>> NewestDecided(CaseNumber case_number, std::string_view source,
                                                           EventNumber before) = 0;
  // Its plans, oldest first.
  virtual Result<std::vector<PlanRecord>> PlansOf(EventNumber event) = 0;
  // Those of a case that a workflow made, the newest first, at most `limit`.
  virtual Result<std::vector<PlanRecord>> NewestPlans(CaseNumber case_number, std::string_view workflow,
                                                      std::size_t limit) = 0;
  virtual Result<PlanRecord> GetPlan(PlanNumber plan) = 0;
  // By the first digits of its digest, at least 8. kNotFound; kInvalidInput when several digests begin so. Of several
  // plans with that digest: the newest one that awaits an approval, else the newest.
  virtual Result<PlanRecord> FindPlan(std::string_view digest_prefix) = 0;
  // The actions of a plan, in order; of an event: those of all its plans.
  virtual Result<std::vector<ActionRecord>> ActionsOf(PlanNumber plan) = 0;
  virtual Result<std::vector<ActionRecord>> ActionsOf(EventNumber event) = 0;
  virtual Result<ActionRecord> GetAction(ActionNumber action) = 0;
  // The actions of a case, oldest first, at most bounds::kListedEvents.
  virtual Result<std::vector<ActionRecord>> ActionsOfCase(CaseNumber case_number) = 0;
  // The newest (highest number) action with that key whose state OccupiesItsKey, other than `except`.
  virtual Result<std::optional<ActionRecord>> FindCarriedOut(std::string_view key, ActionNumber except) = 0;
  // By what it does: the newest of that kind and sort on that subject whose state MayHaveHappened and is from `since`
  // or later.
  virtual Result<std::optional<ActionRecord>> FindRecent(std::string_view kind, std::string_view what,
                                                         std::string_view subject, TimePoint since,
                                                         ActionNumber except) = 0;
  // The newest case that concerns an EC2 instance and calls it probably compromised (CaseSays::kCompromised), as long
  // as that case is not settled. Nothing: none does.
  virtual Result<std::optional<CaseNumber>> FindCompromised(std::string_view instance) = 0;
  // When the next open one is due, or its claim ends; nothing: none is open.
  virtual Result<std::optional<TimePoint>> NextDue() = 0;
  virtual Result<FollowUpRecord> GetFollowUp(FollowUpNumber follow_up) = 0;
  // Without the actions that wait for it, of which there may be many: `waits` says how many.
  virtual Result<std::optional<FollowUpRecord>> FindOpenFollowUp(std::string_view key) = 0;
  // Its members with a number over `after`, in order, at most `limit`.
  virtual Result<std::vector<MemberRecord>> MembersOf(FollowUpNumber follow_up, int after, std::size_t limit) = 0;
  virtual Result<std::optional<DeliveryRecord>> FindDelivery(CaseNumber case_number, std::string_view message,
                                                             std::string_view channel) = 0;
  // Those in kPending or kUnknown, oldest first.
  virtual Result<std::vector<DeliveryRecord>> PendingDeliveries(std::size_t limit) = 0;

  // One item each: conveniences over Commit, for as long as callers use them.
  //
  // In as many commits as it needs; `event` counts, not the plan's.
  Result<std::vector<ActionNumber>> AddPlan(EventNumber event, const NewPlan& plan);
  // Records those of `all` that are not `recorded` yet, the first of them; the numbers of all.
  Result<std::vector<ActionNumber>> AddMissingActions(PlanNumber plan, std::vector<ActionNumber> recorded,
                                                      const std::vector<NewAction>& all);
  Result<std::optional<PlanRecord>> FindPlanOf(EventNumber event);  // its newest plan
  // Of the event's newest plan.
  Status SetPlanState(EventNumber event, PlanState state, std::string_view reason, std::optional<TimePoint> expires_at);
  Status SetPlanState(PlanNumber plan, PlanState state, std::string_view reason, std::optional<TimePoint> expires_at);
  Status SetEventState(EventNumber event, EventState state, std::string_view reason);
  // The new state, and the follow-ups that await what comes of it.
  Status SetActionState(ActionNumber action, ActionState state, std::string_view reason,
                        const std::vector<NewFollowUp>& follow_ups = {});
  Status HoldAction(ActionNumber action, std::string_view held_by, std::string_view reason,
                    const std::vector<NewFollowUp>& follow_ups = {});
  // Moves the action to kIntended if FindRecent with its kind, sort and subject still finds `seen`. False: it finds
  // something else by now, and nothing is recorded.
  Result<bool> IntendUnlessOvertaken(ActionNumber action, std::string_view reason, TimePoint since,
                                     const std::optional<ActionRecord>& seen);
  Result<FollowUpNumber> AddFollowUp(const NewFollowUp& follow_up);
  // `changes` that do not fit into one commit with the follow-up are recorded before it.
  Status SnoozeFollowUp(FollowUpNumber follow_up, TimePoint due, std::string_view reason,
                        const std::vector<ActionChange>& changes);
  Status EndFollowUp(FollowUpNumber follow_up, FollowUpState state, std::string_view reason,
                     const std::vector<ActionChange>& changes);
  Status RecordDelivery(const DeliveryRecord& delivery);
  // The same if its record is still what was seen. False: somebody else has changed it, and nothing is recorded.
  Result<bool> RecordDeliveryUnlessOvertaken(const DeliveryRecord& delivery, const std::optional<SeenDelivery>& seen);

 private:
  Status ChangeFollowUp(FollowUpChange change, const std::vector<ActionChange>& changes);
};

}  // namespace sallyport
