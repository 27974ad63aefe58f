// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "ledger/ledger.h"

namespace sallyport {
namespace {

// In the order of the enums.
constexpr std::array<std::string_view, 7> kEventWords = {"received",     "planned",    "done",  "out-of-scope",
                                                         "undetermined", "unreadable", "failed"};
constexpr std::array<std::string_view, 10> kActionWords = {"planned",  "intended", "requested", "waiting", "applied",
                                                           "verified", "sent",     "refused",   "dry-run", "failed"};

static_assert(kEventWords.size() == static_cast<std::size_t>(EventState::kFailed) + 1);
static_assert(kActionWords.size() == static_cast<std::size_t>(ActionState::kFailed) + 1);

template <class State, std::size_t kCount>
std::optional<State> FromWord(const std::array<std::string_view, kCount>& words, std::string_view text) {
  for (std::size_t i = 0; i < kCount; ++i) {
    if (words[i] == text) return static_cast<State>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view ToString(EventState state) {
  return kEventWords.at(static_cast<std::size_t>(state));
}

std::optional<EventState> EventStateFromString(std::string_view text) {
  return FromWord<EventState>(kEventWords, text);
}

std::string_view ToString(ActionState state) {
  return kActionWords.at(static_cast<std::size_t>(state));
}

std::optional<ActionState> ActionStateFromString(std::string_view text) {
  return FromWord<ActionState>(kActionWords, text);
}

bool MayHaveBeenCarriedOut(ActionState state) {
  switch (state) {
    case ActionState::kIntended:
    case ActionState::kRequested:
    case ActionState::kWaiting:
    case ActionState::kApplied:
    case ActionState::kVerified:
    case ActionState::kSent:
      return true;
    case ActionState::kPlanned:
    case ActionState::kRefused:
    case ActionState::kDryRun:
    case ActionState::kFailed:
      break;
  }
  return false;
}

}  // namespace sallyport
