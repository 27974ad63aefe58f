// SPDX-License-Identifier: Apache-2.0
#include "ledger/states.h"

#include <array>

namespace sallyport {
namespace {

// In the order of the enums.
constexpr std::array<std::string_view, 10> kEventWords = {"received",  "planned",      "waiting",      "closed",
                                                          "joined",    "out-of-scope", "undetermined", "unreadable",
                                                          "duplicate", "failed"};
constexpr std::array<std::string_view, 13> kActionWords = {
    "planned",        "held", "intended", "requested", "waiting", "applied", "verified",
    "not-verifiable", "sent", "refused",  "skipped",   "would",   "failed"};
constexpr std::array<std::string_view, 7> kPlanWords = {"planned",  "awaiting-approval", "approved", "closed",
                                                        "rejected", "expired",           "outdated"};
constexpr std::array<std::string_view, 3> kFollowUpWords = {"open", "answered", "given-up"};
constexpr std::array<std::string_view, 4> kDeliveryWords = {"pending", "outcome-unknown", "delivered", "failed"};

static_assert(kEventWords.size() == static_cast<std::size_t>(EventState::kFailed) + 1);
static_assert(kActionWords.size() == static_cast<std::size_t>(ActionState::kFailed) + 1);
static_assert(kPlanWords.size() == static_cast<std::size_t>(PlanState::kOutdated) + 1);
static_assert(kFollowUpWords.size() == static_cast<std::size_t>(FollowUpState::kGivenUp) + 1);
static_assert(kDeliveryWords.size() == static_cast<std::size_t>(DeliveryState::kFailed) + 1);

// What ledgers of version 2 say for "closed" and "answered". Their history is hashed with it, so it stays there.
constexpr std::string_view kEarlierDone = "done";
constexpr std::string_view kEarlierExecuted = "executed";

template <class State, std::size_t kCount>
std::optional<State> FromWord(const std::array<std::string_view, kCount>& words, std::string_view text) {
  for (std::size_t i = 0; i < kCount; ++i) {
    if (words[i] == text) return static_cast<State>(i);
  }
  return std::nullopt;
}

template <class State, class... States>
bool IsOneOf(State state, States... states) {
  return ((state == states) || ...);
}

}  // namespace

std::string_view ToString(EventState state) {
  return kEventWords.at(static_cast<std::size_t>(state));
}
std::optional<EventState> EventStateFromString(std::string_view text) {
  if (text == kEarlierDone) return EventState::kDone;
  return FromWord<EventState>(kEventWords, text);
}

std::string_view ToString(ActionState state) {
  return kActionWords.at(static_cast<std::size_t>(state));
}
std::optional<ActionState> ActionStateFromString(std::string_view text) {
  return FromWord<ActionState>(kActionWords, text);
}

std::string_view ToString(PlanState state) {
  return kPlanWords.at(static_cast<std::size_t>(state));
}
std::optional<PlanState> PlanStateFromString(std::string_view text) {
  if (text == kEarlierExecuted) return PlanState::kExecuted;
  return FromWord<PlanState>(kPlanWords, text);
}

std::string_view ToString(FollowUpState state) {
  return kFollowUpWords.at(static_cast<std::size_t>(state));
}
std::optional<FollowUpState> FollowUpStateFromString(std::string_view text) {
  if (text == kEarlierDone) return FollowUpState::kDone;
  return FromWord<FollowUpState>(kFollowUpWords, text);
}

std::string_view EarlierWord(EventState state) {
  return state == EventState::kDone ? kEarlierDone : ToString(state);
}
std::string_view EarlierWord(PlanState state) {
  return state == PlanState::kExecuted ? kEarlierExecuted : ToString(state);
}

std::string_view ToString(DeliveryState state) {
  return kDeliveryWords.at(static_cast<std::size_t>(state));
}
std::optional<DeliveryState> DeliveryStateFromString(std::string_view text) {
  return FromWord<DeliveryState>(kDeliveryWords, text);
}

bool HasEnded(EventState state) {
  return !IsOneOf(state, EventState::kReceived, EventState::kPlanned, EventState::kWaiting);
}

bool MayMove(EventState from, EventState to) {
  using enum EventState;
  if (from == kReceived) return true;
  if (from == kPlanned) return to != kReceived;
  if (from == kWaiting) return IsOneOf(to, kWaiting, kDone, kFailed, kUndetermined);
  return false;
}

bool MayHaveHappened(ActionState state) {
  using enum ActionState;
  return IsOneOf(state, kIntended, kRequested, kWaiting, kApplied, kVerified, kNotVerifiable, kSent);
}

bool OccupiesItsKey(ActionState state) {
  return state == ActionState::kHeld || MayHaveHappened(state);
}

bool HasEnded(ActionState state) {
  using enum ActionState;
  return IsOneOf(state, kVerified, kNotVerifiable, kRefused, kSkipped, kWould, kSent, kFailed);
}

bool MayMove(ActionState from, ActionState to) {
  using enum ActionState;
  switch (from) {
    case kPlanned:
    case kHeld:
      return IsOneOf(to, kHeld, kIntended, kWaiting, kRefused, kSkipped, kWould, kFailed);
    case kIntended:
      return IsOneOf(to, kIntended, kHeld, kRequested, kWaiting, kApplied, kVerified, kSent, kRefused, kSkipped, kWould,
                     kFailed);
    case kRequested:
    case kApplied:
    case kWaiting:
      return IsOneOf(to, kWaiting, kVerified, kNotVerifiable, kFailed);
    case kSent:
      return to == kSent;
    case kFailed:
      return to == kIntended;
    case kVerified:
    case kNotVerifiable:
    case kRefused:
    case kSkipped:
    case kWould:
      break;
  }
  return false;
}

bool MayMove(PlanState from, PlanState to) {
  using enum PlanState;
  if (from == kPlanned) return IsOneOf(to, kAwaitingApproval, kExecuted);
  if (from == kAwaitingApproval) return IsOneOf(to, kApproved, kRejected, kExpired, kOutdated);
  return from == kApproved && to == kExecuted;
}

}  // namespace sallyport
