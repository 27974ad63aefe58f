// SPDX-License-Identifier: Apache-2.0
//
// What the SQLite ledger reads. Functions that read more than once need an open transaction to see one state of things.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ledger/ledger.h"
#include "ledger/sqlite.h"

namespace sallyport {

// No claim of a follow-up lasts longer. One that seems to was made by a clock that has been set back since.
inline constexpr Duration kLongestLease = std::chrono::hours(1);

// The look-ups that every event needs. Here so that a test can ask for their query plans.
//
// The case about a service, account and subject.
inline constexpr std::string_view kSelectCaseAbout =
    "SELECT number FROM cases WHERE service = ? AND account = ? AND subject = ? AND subject <> ''"
    " ORDER BY number LIMIT 1";
// The newest event with a sha256, source and account that needs no second handling.
inline constexpr std::string_view kSelectSame =
    "SELECT number FROM event WHERE sha256 = ? AND source = ? AND account = ?"
    " AND (state = 'closed' OR state = 'done' OR state = 'waiting' OR state = 'joined' OR state = 'out-of-scope'"
    " OR state = 'planned')"
    " ORDER BY number DESC LIMIT 1";
inline constexpr std::string_view kSelectUnfinished =
    "SELECT number, owner, owner_since FROM event WHERE (state = 'received' OR state = 'planned')"
    " ORDER BY number";
// Due at ?1 and not claimed; ?2: how many.
inline constexpr std::string_view kSelectDue =
    "SELECT number FROM follow_up WHERE state = 'open' AND rings_at <= ?1 ORDER BY rings_at, number LIMIT ?2";
inline constexpr std::string_view kSelectClaimed =
    "SELECT number, claimed_by, changed_at FROM follow_up WHERE state = 'open' AND claimed_until IS NOT NULL"
    " ORDER BY claimed_until LIMIT ?";
// Due at ?1 and claimed until later than ?2, by a clock that has been set back since; ?3: how many.
inline constexpr std::string_view kSelectDueInSpite =
    "SELECT number FROM follow_up WHERE state = 'open' AND claimed_until > ?2 AND due <= ?1 AND rings_at > ?1"
    " ORDER BY due, number LIMIT ?3";
inline constexpr std::string_view kSelectNextRing =
    "SELECT rings_at FROM follow_up WHERE state = 'open' ORDER BY rings_at LIMIT 1";
// ?1: as ?2 above.
inline constexpr std::string_view kSelectNextRingInSpite =
    "SELECT min(due) FROM follow_up WHERE state = 'open' AND claimed_until > ?1";
const std::string& CarriedOutSql();
const std::string& RecentSql();
std::string CompromisedSql();

// query_event.cc
Result<EventRecord> SelectEvent(const sqlite::Database& database, EventNumber event);
Result<std::optional<EventRecord>> SelectNewestDecided(const sqlite::Database& database, CaseNumber case_number,
                                                       std::string_view source, EventNumber before);
Result<std::optional<EventNumber>> SelectNewestNumber(const sqlite::Database& database, CaseNumber case_number,
                                                      std::string_view source, EventNumber before);
Result<EventRecord> SelectEventWithBody(const sqlite::Database& database, EventNumber event);
// The cases of an event in their order; none: there is no such event.
Result<std::vector<CaseNumber>> SelectCasesOf(const sqlite::Database& database, EventNumber event);
Result<std::vector<EventRecord>> SelectEvents(const sqlite::Database& database, const ListFilter& filter);
// The newest bounds::kListedEvents of a case, oldest first.
Result<std::vector<EventRecord>> SelectEventsOfCase(const sqlite::Database& database, CaseNumber whole);

// query_case.cc
//
// The case of that number, or the first one of that event.
Result<CaseNumber> SelectCaseOf(const sqlite::Database& database, EventNumber number);
Result<CaseRecord> SelectCaseRecord(const sqlite::Database& database, CaseNumber number);
// What a host is also found by: the last part of account/region/instance.
std::string_view InstanceOf(std::string_view host);
Result<std::optional<CaseNumber>> SelectCompromised(const sqlite::Database& database, std::string_view instance);
std::string CasesSql(const CaseFilter& filter);
Result<std::vector<CaseRecord>> SelectCases(const sqlite::Database& database, const CaseFilter& filter);
Result<std::vector<CaseNumber>> SelectChangedSince(const sqlite::Database& database, TimePoint since,
                                                   std::size_t limit);

// query_plan.cc
Result<std::vector<PlanRecord>> SelectPlansOf(const sqlite::Database& database, EventNumber event);
Result<std::vector<PlanRecord>> SelectNewestPlans(const sqlite::Database& database, CaseNumber case_number,
                                                  std::string_view workflow, std::size_t limit);
Result<PlanRecord> SelectPlan(const sqlite::Database& database, PlanNumber plan);
Result<PlanRecord> SelectPlanByDigest(const sqlite::Database& database, std::string_view digest_prefix);
Result<std::vector<PlanRecord>> SelectPlans(const sqlite::Database& database, std::optional<PlanState> state,
                                            std::size_t limit);
// Also those that answer a question which an event of the case joined.
Result<std::vector<PlanRecord>> SelectPlansOfCase(const sqlite::Database& database, CaseNumber whole);

// query_action.cc
Result<ActionRecord> SelectAction(const sqlite::Database& database, ActionNumber action);
Result<std::vector<ActionRecord>> SelectActionsOf(const sqlite::Database& database, PlanNumber plan);
Result<std::vector<ActionRecord>> SelectActionsOf(const sqlite::Database& database, EventNumber event);
Result<std::vector<ActionRecord>> SelectActionsOfCase(const sqlite::Database& database, CaseNumber whole);
// Also those of other cases that concern it.
Result<std::vector<ActionRecord>> SelectActionsConcerning(const sqlite::Database& database, CaseNumber whole);
Result<std::optional<ActionRecord>> SelectCarriedOut(const sqlite::Database& database, std::string_view key,
                                                     ActionNumber except);
Result<std::optional<ActionRecord>> SelectRecent(const sqlite::Database& database, std::string_view kind,
                                                 std::string_view what, std::string_view subject, TimePoint since,
                                                 ActionNumber except);

// query_follow_up.cc
Result<FollowUpRecord> SelectFollowUp(const sqlite::Database& database, FollowUpNumber follow_up);
Result<std::optional<FollowUpRecord>> SelectOpenFollowUp(const sqlite::Database& database, std::string_view key);
Result<std::vector<FollowUpNumber>> SelectDue(const sqlite::Database& database, TimePoint now, std::size_t limit);
Result<std::optional<TimePoint>> SelectNextDue(const sqlite::Database& database, TimePoint now);
Result<std::vector<FollowUpRecord>> SelectFollowUps(const sqlite::Database& database,
                                                    std::optional<FollowUpState> state, std::size_t limit);
// Also questions that its events joined, and those that its plans answer.
Result<std::vector<FollowUpRecord>> SelectFollowUpsOfCase(const sqlite::Database& database, CaseNumber whole);
Result<std::optional<DeliveryRecord>> SelectDelivery(const sqlite::Database& database, CaseNumber whole,
                                                     std::string_view message, std::string_view channel);
Result<std::vector<DeliveryRecord>> SelectPending(const sqlite::Database& database, std::size_t limit);
Result<std::vector<DeliveryRecord>> SelectDeliveriesOfCase(const sqlite::Database& database, CaseNumber whole);

// query_member.cc
Result<std::vector<MemberRecord>> SelectMembers(const sqlite::Database& database, FollowUpNumber question, int after,
                                                std::size_t limit);
// Those of the case's events, and those that its plans answer.
Result<std::vector<MemberRecord>> SelectMembersOfCase(const sqlite::Database& database, CaseNumber whole);
// What the members' chain covers of one.
std::string ContentOfMember(EventNumber event, CaseNumber case_number, std::string_view sha256, std::int64_t joined_at);

// query_document.cc
struct StoredDocument {
  std::int64_t number = 0;
  bool dropped = false;
  DocumentInfo info;
};
Result<std::optional<StoredDocument>> SelectStoredDocument(const sqlite::Database& database, std::string_view name);
Result<std::vector<DocumentInfo>> SelectDocuments(const sqlite::Database& database, std::string_view prefix,
                                                  std::size_t limit);
Result<std::vector<std::string>> SelectPieces(const sqlite::Database& database, std::string_view name,
                                              std::int64_t version, std::size_t first, std::size_t count);
std::string DigestOfPieces(const std::vector<std::string>& pieces);

// query_history.cc
Result<std::optional<ChainHead>> SelectNewestHead(const sqlite::Database& database);
Result<std::vector<HistoryLine>> SelectHistory(const sqlite::Database& database, std::int64_t after, std::size_t limit);
Result<Case> SelectCase(const sqlite::Database& database, EventNumber number);  // its history is left empty
Result<Case> SelectCaseWithHistory(const sqlite::Database& database, EventNumber number);

}  // namespace sallyport
