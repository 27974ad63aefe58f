// SPDX-License-Identifier: Apache-2.0
#include "ledger/states.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace sallyport {
namespace {

// Written out here on purpose: the header's comments are the specification.
const std::vector<std::string> kEvents = {"received",     "planned",      "waiting",    "closed",    "joined",
                                          "out-of-scope", "undetermined", "unreadable", "duplicate", "failed"};
const std::vector<std::string> kActions = {"planned", "held",     "intended",       "requested", "waiting",
                                           "applied", "verified", "not-verifiable", "sent",      "refused",
                                           "skipped", "would",    "failed"};
const std::vector<std::string> kPlans = {"planned",  "awaiting-approval", "approved", "closed",
                                         "rejected", "expired",           "outdated"};

using Moves = std::map<std::string, std::set<std::string>>;

// The words of an enum are exactly `words`, in its order, and each is read back.
template <class State, class FromString>
void ExpectWords(const std::vector<std::string>& words, FromString from_string) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto state = static_cast<State>(i);
    EXPECT_EQ(ToString(state), words[i]);
    EXPECT_EQ(from_string(words[i]), state);
  }
  for (const char* other : {"", "Closed", "closed ", "close", "sent\n", "OPEN", "planned\x1b"}) {
    EXPECT_EQ(from_string(other), std::nullopt) << other;
  }
}

template <class State>
void ExpectMoves(const std::vector<std::string>& words, const Moves& moves) {
  for (std::size_t from = 0; from < words.size(); ++from) {
    const auto row = moves.find(words[from]);
    for (std::size_t to = 0; to < words.size(); ++to) {
      const bool want = row != moves.end() && row->second.count(words[to]) == 1;
      EXPECT_EQ(MayMove(static_cast<State>(from), static_cast<State>(to)), want) << words[from] << " to " << words[to];
    }
  }
}

template <class State, class Predicate>
std::set<std::string> Those(const std::vector<std::string>& words, Predicate predicate) {
  std::set<std::string> found;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (predicate(static_cast<State>(i))) found.insert(words[i]);
  }
  return found;
}

TEST(LedgerStates, EachStateHasItsWordAndIsReadBackFromIt) {
  ExpectWords<EventState>(kEvents, EventStateFromString);
  ExpectWords<ActionState>(kActions, ActionStateFromString);
  ExpectWords<PlanState>(kPlans, PlanStateFromString);
  ExpectWords<FollowUpState>({"open", "answered", "given-up"}, FollowUpStateFromString);
  ExpectWords<DeliveryState>({"pending", "outcome-unknown", "delivered", "failed"}, DeliveryStateFromString);
}

TEST(LedgerStates, AnEventMovesForwardAndAnEndedOneStays) {
  const std::set<std::string> all(kEvents.begin(), kEvents.end());
  std::set<std::string> after_planned = all;
  after_planned.erase("received");
  ExpectMoves<EventState>(
      kEvents,
      {{"received", all}, {"planned", after_planned}, {"waiting", {"waiting", "closed", "failed", "undetermined"}}});
}

TEST(LedgerStates, AnActionMovesForward) {
  const std::set<std::string> from_done = {"waiting", "verified", "not-verifiable", "failed"};
  const std::set<std::string> from_held = {"held", "intended", "waiting", "refused", "skipped", "would", "failed"};
  ExpectMoves<ActionState>(kActions, {{"planned", from_held},
                                      {"held", from_held},
                                      {"waiting", from_done},
                                      {"intended",
                                       {"intended", "held", "requested", "waiting", "applied", "verified", "sent",
                                        "refused", "skipped", "would", "failed"}},
                                      {"requested", from_done},
                                      {"applied", from_done},
                                      {"sent", {"sent"}},
                                      {"failed", {"intended"}}});
}

TEST(LedgerStates, APlanMovesForward) {
  ExpectMoves<PlanState>(kPlans, {{"planned", {"awaiting-approval", "closed"}},
                                  {"awaiting-approval", {"approved", "rejected", "expired", "outdated"}},
                                  {"approved", {"closed"}}});
}

TEST(LedgerStates, WhatHasEnded) {
  EXPECT_EQ(
      Those<EventState>(kEvents, [](EventState state) { return HasEnded(state); }),
      (std::set<std::string>{"closed", "joined", "out-of-scope", "undetermined", "unreadable", "duplicate", "failed"}));
  EXPECT_EQ(Those<ActionState>(kActions, [](ActionState state) { return HasEnded(state); }),
            (std::set<std::string>{"verified", "not-verifiable", "refused", "skipped", "would", "sent", "failed"}));
}

TEST(LedgerStates, WhatOccupiesItsKey) {
  EXPECT_EQ(Those<ActionState>(kActions, OccupiesItsKey),
            (std::set<std::string>{"held", "intended", "requested", "waiting", "applied", "verified", "not-verifiable",
                                   "sent"}));
  EXPECT_EQ(
      Those<ActionState>(kActions, MayHaveHappened),
      (std::set<std::string>{"intended", "requested", "waiting", "applied", "verified", "not-verifiable", "sent"}));
}

}  // namespace
}  // namespace sallyport
