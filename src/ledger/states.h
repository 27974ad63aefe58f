// SPDX-License-Identifier: Apache-2.0
//
// The states of what the ledger holds, their words, and the moves between them. Pure. The words appear in lists, in
// JSON, in messages and in the database; each means only what it says ("verified means read back").
#pragma once

#include <optional>
#include <string_view>

namespace sallyport {

// How far the handling of an event has come.
enum class EventState {
  kReceived,      // "received": recorded, nothing decided yet
  kPlanned,       // "planned": the plan is recorded, its actions are being carried out
  kWaiting,       // "waiting": at least one action is held, or its end is awaited by a follow-up
  kDone,          // "closed": every action of the plan has its outcome
  kJoined,        // "joined": it became a member of a question that collects, and is answered with the others
  kOutOfScope,    // "out-of-scope": read and understood; not about a host, or no workflow wants it
  kUndetermined,  // "undetermined": something could not be read or interpreted; what could be decided was
  kUnreadable,    // "unreadable": not an event, or a malformed one
  kDuplicate,     // "duplicate": the same was delivered and handled before
  kFailed,        // "failed": an action failed, or we did
};
std::string_view ToString(EventState state);
std::optional<EventState> EventStateFromString(std::string_view text);
// A state in which nothing more is done about the event by itself: all but kReceived, kPlanned and kWaiting.
bool HasEnded(EventState state);
// received -> any; planned -> any but received; waiting -> waiting, closed, failed, undetermined. An ended event stays.
bool MayMove(EventState from, EventState to);

enum class ActionState {
  kPlanned,        // decided, not yet tried
  kHeld,           // not begun: it waits for an approval, a maintenance window or its wave; the record says for which
  kIntended,       // about to be carried out: the outcome is unknown if this is the last line of the history
  kRequested,      // SWP accepted the request
  kWaiting,        // its end is awaited
  kApplied,        // the change was written
  kVerified,       // seen to have ended well, or to be in effect
  kNotVerifiable,  // "not-verifiable": done as far as could be, and the proof could not be had; the reason says why
  kSent,           // a message was handed to its channel
  kRefused,        // a gate or a person said no, for good
  kSkipped,        // not repeated: the same exists already (gates once and cool-down)
  kWould,          // "would": observe mode, a dry run or a sample finding kept it from happening
  kFailed,
};
std::string_view ToString(ActionState state);
std::optional<ActionState> ActionStateFromString(std::string_view text);
// It was done, or nobody can say that it was not: kIntended, kRequested, kWaiting, kApplied, kVerified, kNotVerifiable,
// kSent.
bool MayHaveHappened(ActionState state);
// Whether an action in that state stands for its key: the same must not be begun again. It may have happened, or it is
// kHeld and will go on. (One that is held has done nothing to its subject: it is no reason for a cool-down.)
bool OccupiesItsKey(ActionState state);
// kVerified, kNotVerifiable, kRefused, kSkipped, kWould, kSent and kFailed.
bool HasEnded(ActionState state);
//   planned   -> held, intended, waiting (it joined what another one began), refused, skipped, would, failed
//   held      -> held, intended, waiting, refused, skipped, would, failed
//   intended  -> intended, requested, waiting, applied, verified (an act whose answer is its proof), sent, failed; and,
//                when it never arrived and meets the gates again: held, refused, skipped, would
//   requested -> waiting, verified, not-verifiable, failed
//   applied   -> waiting, verified, not-verifiable, failed
//   waiting   -> waiting, verified, not-verifiable, failed
//   sent      -> sent (an update of the same message)
//   failed    -> intended (tried again)
// verified, not-verifiable, refused, skipped and would stay.
bool MayMove(ActionState from, ActionState to);

enum class PlanState {
  kPlanned,           // "planned"
  kAwaitingApproval,  // "awaiting-approval": at least one action needs an approval
  kApproved,          // "approved": somebody said yes; its actions are being carried out
  kExecuted,          // "closed": no action of it is held; some or all may have been refused
  kRejected,          // "rejected": somebody said no
  kExpired,           // "expired": nobody said anything in time
  kOutdated,          // "outdated": at approval the world had moved, so that the same plan would not be made again
};
std::string_view ToString(PlanState state);
std::optional<PlanState> PlanStateFromString(std::string_view text);
//   planned           -> awaiting-approval, closed
//   awaiting-approval -> approved, rejected, expired, outdated
//   approved          -> closed
bool MayMove(PlanState from, PlanState to);

// The word that rows from ledgers of version 2 have for the same state: "done" and "executed" are "closed" today.
std::string_view EarlierWord(EventState state);
std::string_view EarlierWord(PlanState state);

enum class FollowUpState {
  kOpen,     // "open": due some time
  kDone,     // "answered": its question was answered
  kGivenUp,  // "given-up": it was not answered in time
};
std::string_view ToString(FollowUpState state);
std::optional<FollowUpState> FollowUpStateFromString(std::string_view text);

enum class DeliveryState {
  kPending,    // "pending": to be tried (again)
  kUnknown,    // "outcome-unknown": to be tried again; the channel may have it already
  kDelivered,  // "delivered": the channel took it
  kFailed,     // "failed": given up; the reason says why
};
std::string_view ToString(DeliveryState state);
std::optional<DeliveryState> DeliveryStateFromString(std::string_view text);

}  // namespace sallyport
