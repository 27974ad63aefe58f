// SPDX-License-Identifier: Apache-2.0
//
// Views: what lists and reports read. No call of it changes anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ledger/audit.h"
#include "ledger/case_state.h"
#include "ledger/journal.h"

namespace sallyport {

// A case as a thing of its own: what it is about, how it stands, how old it is.
struct CaseRecord {
  CaseNumber number;
  EventNumber event;    // that opened it
  std::string service;  // "aws.guardduty"
  std::string account;
  std::string region;
  std::string subject;
  std::string title;
  double severity = 0;  // the greatest that was seen; 0: none is known
  CaseState state = CaseState::kOpen;
  std::string outcome;  // of a closed one: "verified", "refused", ... (case_state.h)
  TimePoint opened_at;
  TimePoint changed_at;  // of its newest change of state, severity, hosts or owners
  std::optional<TimePoint> closed_at{};
  std::vector<std::string> hosts{};   // account/region/instance; in lists at most kHostsInLists of them
  std::vector<std::string> owners{};  // the same
  std::size_t all_hosts = 0;
  std::size_t all_owners = 0;
  std::string reason{};                // of its newest event that was handled: how that ended
  CaseSays says = CaseSays::kNothing;  // what the newest plan that says something says of it
  std::string acknowledged{};  // by whom and until when, when that is the last that an operator decided; else empty
};
inline constexpr std::size_t kHostsInLists = 20;

struct CaseFilter {
  std::size_t limit = 50;  // newest first; at most bounds::kListedEvents
  std::optional<CaseState> state{};
  std::string account{};             // exactly
  std::string host{};                // account/region/instance, or the instance alone
  std::string owner{};               // exactly
  double severity = 0;               // at least
  std::optional<TimePoint> since{};  // changed then or later
  // Only cases of which this gate stopped an action (not one that is held), since `since` where that is given.
  std::string stopped_by{};
  bool samples = false;  // sample findings too: they are no cases
  // Only cases whose subject, title, account, host, owner, an action's subject, plan or event contains it: an instance
  // by its id, name or address, a finding by its id. Upper and lower case of ASCII letters are the same, and no
  // character is special. At most bounds::kFilterTextBytes.
  std::string text{};
};

// A case with all that followed from it, also in the case of a question that its events joined; of each part at most
// bounds::kListedEvents.
struct Case {
  CaseRecord record{};
  EventRecord event{};                 // that opened it
  std::vector<EventRecord> updates{};  // the later ones, oldest first: updates, duplicates, follow-ups
  std::vector<PlanRecord> plans{};     // oldest first
  std::vector<ActionRecord> actions{};
  std::vector<FollowUpRecord> follow_ups{};
  // Of questions that collect: what the case's events joined as, and what its plans answer.
  std::vector<MemberRecord> members{};
  std::vector<DeliveryRecord> deliveries{};
  std::vector<HistoryLine> history{};  // oldest first
};

struct ListFilter {
  std::size_t limit = 50;           // newest first; at most bounds::kListedEvents
  std::optional<EventState> state;  // only events in that state
  // Only events whose subject, title, account or an action's subject contains it; as in CaseFilter.
  std::string text;
  bool cases_only = true;  // only the first event of each case
};

// All calls may fail with kStorage, those that take a number with kNotFound, and lists with kTooLarge when the filter
// or the limit is over its bounds. Thread-safe.
class Views {
 public:
  virtual ~Views() = default;

  virtual Result<std::vector<CaseRecord>> ListCases(const CaseFilter& filter) = 0;
  // Newest first, samples left out: the numbers of what ListCases lists with `since` alone.
  virtual Result<std::vector<CaseNumber>> CasesChangedSince(TimePoint since, std::size_t limit) = 0;
  virtual Result<CaseRecord> GetCase(CaseNumber number) = 0;
  // The case of that number, or that this event belongs to first.
  virtual Result<Case> Show(EventNumber number) = 0;
  // The same without its history, of which there may be much: for what follows from how the case stands.
  virtual Result<Case> ShowWithoutHistory(EventNumber number) = 0;
  virtual Result<std::vector<EventRecord>> List(const ListFilter& filter) = 0;
  // Newest first; nothing: of every state.
  virtual Result<std::vector<PlanRecord>> ListPlans(std::optional<PlanState> state, std::size_t limit) = 0;
  // Soonest due first; nothing: of every state.
  virtual Result<std::vector<FollowUpRecord>> ListFollowUps(std::optional<FollowUpState> state, std::size_t limit) = 0;
};

}  // namespace sallyport
