// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "ledger/ledger.h"

namespace sallyport {
namespace {

TEST(LedgerWords, EachEventStateHasItsWordAndIsReadBackFromIt) {
  const std::pair<EventState, std::string_view> cases[] = {{EventState::kReceived, "received"},
                                                           {EventState::kPlanned, "planned"},
                                                           {EventState::kDone, "done"},
                                                           {EventState::kOutOfScope, "out-of-scope"},
                                                           {EventState::kUndetermined, "undetermined"},
                                                           {EventState::kUnreadable, "unreadable"},
                                                           {EventState::kFailed, "failed"}};
  for (const auto& [state, word] : cases) {
    EXPECT_EQ(ToString(state), word);
    EXPECT_EQ(EventStateFromString(word), state);
  }
}

TEST(LedgerWords, EachActionStateHasItsWordAndIsReadBackFromIt) {
  const std::pair<ActionState, std::string_view> cases[] = {
      {ActionState::kPlanned, "planned"}, {ActionState::kIntended, "intended"}, {ActionState::kRequested, "requested"},
      {ActionState::kWaiting, "waiting"}, {ActionState::kApplied, "applied"},   {ActionState::kVerified, "verified"},
      {ActionState::kSent, "sent"},       {ActionState::kRefused, "refused"},   {ActionState::kDryRun, "dry-run"},
      {ActionState::kFailed, "failed"}};
  for (const auto& [state, word] : cases) {
    EXPECT_EQ(ToString(state), word);
    EXPECT_EQ(ActionStateFromString(word), state);
  }
}

TEST(LedgerWords, OtherTextIsNoState) {
  for (const std::string_view text : {"", "Done", "done ", "don", "verified"}) {
    EXPECT_EQ(EventStateFromString(text), std::nullopt) << text;
  }
  for (const std::string_view text : {"", "Sent", "sent\n", "received"}) {
    EXPECT_EQ(ActionStateFromString(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace sallyport
