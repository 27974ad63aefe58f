// SPDX-License-Identifier: Apache-2.0
#include "ledger/case_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace sallyport {

void PrintTo(const CaseStanding& standing, std::ostream* out) {
  *out << ToString(standing.state) << " " << standing.outcome;
}

namespace {

struct CaseStateRow {
  std::string_view name;
  CaseFacts facts;
  CaseStanding want;
};

CaseFacts With(std::initializer_list<bool CaseFacts::*> facts, EventState latest = EventState::kDone) {
  CaseFacts made;
  made.latest = latest;
  for (bool CaseFacts::*fact : facts) made.*fact = true;
  return made;
}

TEST(StandingOf, FollowsFromTheFacts) {
  using F = CaseFacts;
  constexpr auto kPerson = CaseState::kNeedsPerson;
  constexpr auto kGoesOn = CaseState::kInProgress;
  constexpr auto kClosed = CaseState::kClosed;
  const CaseStateRow rows[] = {
      {"just received", With({&F::handled_now}, EventState::kReceived), {kGoesOn, ""}},
      {"a scan runs", With({&F::in_flight}, EventState::kWaiting), {kGoesOn, ""}},
      {"a wave waits", With({&F::held, &F::open_follow_up}, EventState::kWaiting), {kGoesOn, ""}},
      {"a member of an open question", With({&F::joined}, EventState::kJoined), {kGoesOn, ""}},
      {"a member that no answer is about", With({&F::unanswered}, EventState::kJoined), {kPerson, ""}},
      {"an approval is awaited", With({&F::held_for_approval}, EventState::kWaiting), {kPerson, ""}},
      {"an approval is awaited while others run",
       With({&F::held_for_approval, &F::in_flight, &F::handled_now}),
       {kPerson, ""}},
      {"something failed", With({&F::failed, &F::verified}), {kPerson, ""}},
      {"something failed and something runs", With({&F::failed, &F::in_flight}), {kGoesOn, ""}},
      {"nobody knows whether it was done", With({&F::outcome_unknown}), {kPerson, ""}},
      {"the proof could not be had", With({&F::not_verifiable, &F::open_follow_up}), {kPerson, ""}},
      {"could not be decided", With({}, EventState::kUndetermined), {kPerson, ""}},
      {"failed as a whole", With({&F::sent}, EventState::kFailed), {kPerson, ""}},
      {"the host's return is awaited", With({&F::sent, &F::open_follow_up}), {CaseState::kOpen, ""}},
      {"all verified", With({&F::verified, &F::sent}), {kClosed, "verified"}},
      {"verified, the rest existed", With({&F::verified, &F::skipped}), {kClosed, "verified"}},
      {"verified, the rest refused", With({&F::verified, &F::refused}), {kClosed, "partly-verified"}},
      {"malware that SWP handled", With({&F::verified, &F::malware_handled}), {kClosed, "malware-handled"}},
      {"malware that is left", With({&F::verified, &F::malware, &F::malware_handled}), {kPerson, ""}},
      {"malware that is left while a scan runs", With({&F::malware, &F::in_flight}), {kGoesOn, ""}},
      {"rules that only people can assign", With({&F::manual_rules, &F::verified}), {kPerson, ""}},
      {"such rules while something runs", With({&F::manual_rules, &F::in_flight}), {kGoesOn, ""}},
      {"refused", With({&F::refused, &F::sent, &F::would}), {kClosed, "refused"}},
      {"observe mode", With({&F::would, &F::sent}), {kClosed, "would"}},
      {"messages only", With({&F::sent}), {kClosed, "sent"}},
      {"the same existed", With({&F::skipped}), {kClosed, "skipped"}},
      {"unreadable", With({}, EventState::kUnreadable), {kClosed, "unreadable"}},
      {"out of scope", With({}, EventState::kOutOfScope), {kClosed, "out-of-scope"}},
      {"answered with others", With({}, EventState::kJoined), {kClosed, "joined"}},
      {"an update that is out of scope does not hide what was done",
       With({&F::verified}, EventState::kOutOfScope),
       {kClosed, "verified"}},
      {"nothing to do", With({}), {kClosed, "nothing-to-do"}},
      {"only a duplicate of another case's event", With({}, EventState::kReceived), {kClosed, "nothing-to-do"}},
  };
  for (const CaseStateRow& row : rows) EXPECT_EQ(StandingOf(row.facts), row.want) << row.name;
}

TEST(StandingOf, AHostThatIsNotProtectedNeedsAPersonUntilItIsOrTheCaseIsSettled) {
  CaseFacts facts = With({&CaseFacts::sent, &CaseFacts::verified, &CaseFacts::open_follow_up});
  facts.says = CaseSays::kNotProtected;
  EXPECT_EQ(StandingOf(facts).state, CaseState::kNeedsPerson);
  facts.in_flight = true;
  EXPECT_EQ(StandingOf(facts).state, CaseState::kInProgress);
  facts.in_flight = false;
  facts.protected_now = true;
  EXPECT_EQ(StandingOf(facts).state, CaseState::kOpen);
  facts.open_follow_up = false;
  EXPECT_EQ(StandingOf(facts), (CaseStanding{CaseState::kClosed, "verified"}));
  facts.says = CaseSays::kSettled;
  facts.protected_now = false;
  facts.manual_rules = true;
  EXPECT_EQ(StandingOf(facts), (CaseStanding{CaseState::kClosed, "settled"}));
}

// A case of a CVE is what the newest answer about it says.
TEST(StandingOf, ACveThatNothingBlocksNeedsAPersonWhateverElseWasDone) {
  CaseFacts facts = With({&CaseFacts::verified, &CaseFacts::sent});
  facts.says = CaseSays::kNotBlocked;
  EXPECT_EQ(StandingOf(facts).state, CaseState::kNeedsPerson);
  facts.says = CaseSays::kActive;
  EXPECT_EQ(StandingOf(facts), (CaseStanding{CaseState::kClosed, "verified"}));
  // What was seen to block it since stands for a step that failed; what nobody knows the outcome of does not end by it.
  facts = With({&CaseFacts::failed, &CaseFacts::not_verifiable, &CaseFacts::sent, &CaseFacts::refused});
  EXPECT_EQ(StandingOf(facts).state, CaseState::kNeedsPerson);
  facts.says = CaseSays::kCovered;
  EXPECT_EQ(StandingOf(facts), (CaseStanding{CaseState::kClosed, "covered"}));
  facts.verified = true;
  EXPECT_EQ(StandingOf(facts), (CaseStanding{CaseState::kClosed, "verified"}));
  facts.unanswered = true;
  EXPECT_EQ(StandingOf(facts).state, CaseState::kNeedsPerson);
}

// Whatever else is known: closed is never said while something goes on or is awaited.
TEST(StandingOf, NothingIsClosedThatIsNot) {
  using F = CaseFacts;
  bool CaseFacts::*const all[] = {&F::handled_now,    &F::held_for_approval,
                                  &F::held,           &F::in_flight,
                                  &F::joined,         &F::outcome_unknown,
                                  &F::unanswered,     &F::failed,
                                  &F::not_verifiable, &F::verified,
                                  &F::sent,           &F::refused,
                                  &F::skipped,        &F::would,
                                  &F::manual_rules,   &F::open_follow_up};
  constexpr std::size_t kFacts = std::size(all);
  for (unsigned bits = 0; bits < (1U << kFacts); ++bits) {
    CaseFacts facts;
    facts.latest = EventState::kDone;
    for (std::size_t i = 0; i < kFacts; ++i) facts.*all[i] = ((bits >> i) & 1U) == 1U;
    const CaseStanding standing = StandingOf(facts);
    const bool open = facts.handled_now || facts.held_for_approval || facts.held || facts.in_flight || facts.joined ||
                      facts.unanswered || facts.outcome_unknown || facts.failed || facts.not_verifiable ||
                      facts.manual_rules || facts.open_follow_up;
    ASSERT_EQ(standing.state == CaseState::kClosed, !open) << bits;
    ASSERT_EQ(standing.outcome.empty(), open) << bits;
    if (facts.held_for_approval) {
      ASSERT_EQ(standing.state, CaseState::kNeedsPerson);
    }
    if (StandsByProgress(facts)) {
      CaseFacts progress;
      for (const auto fact : {&F::handled_now, &F::held_for_approval, &F::held, &F::in_flight, &F::joined}) {
        progress.*fact = facts.*fact;
      }
      ASSERT_EQ(standing, StandingOf(progress)) << bits;
    }
  }
}

TEST(CaseState, HasItsWordAndIsReadBackFromIt) {
  const std::vector<std::string> words = {"open", "in-progress", "needs-person", "closed"};
  for (std::size_t i = 0; i < words.size(); ++i) {
    EXPECT_EQ(ToString(static_cast<CaseState>(i)), words[i]);
    EXPECT_EQ(CaseStateFromString(words[i]), static_cast<CaseState>(i));
  }
  for (const char* other : {"", "Open", "closed ", "done"}) EXPECT_EQ(CaseStateFromString(other), std::nullopt);
}

}  // namespace
}  // namespace sallyport
