// SPDX-License-Identifier: Apache-2.0
//
// What the SQLite ledger writes. Each function needs an open write transaction, and writes the new state both into the
// row and as a line of history. Journal's comments say what each does.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ledger/chain.h"
#include "ledger/ledger.h"
#include "ledger/sqlite.h"
#include "ledger/text_filter.h"

namespace sallyport {

// The newest line of history: the number and hash that the next one follows.
struct LastLine {
  std::int64_t number = 0;
  std::string hash{kNoLineBefore};
};

// One call of the ledger on its way into the file, inside one transaction.
struct Writing {
  sqlite::Database& database;
  TimePoint now;
  // The cases that it is about; true: something in the case's row has changed and has no line yet.
  std::map<std::int64_t, bool> cases{};
  // Known once a line was appended: nobody else appends in this transaction.
  std::optional<LastLine> last_line{};

  // Those that it opened, and nothing more.
  std::set<std::int64_t> opened{};
  // Actions that it made or changed: they exist.
  std::set<std::int64_t> actions{};
  // New texts of cases, for those who search.
  std::map<std::int64_t, TextFilter> texts{};

  void Touch(CaseNumber number) { cases.emplace(number.value, false); }
  void Change(CaseNumber number) { cases[number.value] = true; }
  void AddText(CaseNumber number, std::string_view text) { texts[number.value].Add(text); }
};

// write_batch.cc
Result<Committed> WriteBatch(Writing& writing, const Batch& batch);
// write_claim.cc
Result<bool> Holds(const sqlite::Database& database, const Claim& claim);

// write_case.cc
//
// The case of each matter: found, or opened by `event`. For FindCases `number` is the number that the event will have;
// those that are not there yet have numbers from it on.
struct CaseOfMatter {
  CaseNumber number;
  bool is_new = false;
};
Result<std::vector<CaseOfMatter>> FindCases(const sqlite::Database& database, EventNumber number,
                                            const std::vector<CaseMatter>& matters);
Status OpenCase(Writing& writing, CaseNumber number, EventNumber event, const CaseMatter& matter);
Status RaiseSeverity(Writing& writing, CaseNumber number, double severity);
// Remembers that the event, which belongs to these cases, was handled as far as that.
Status NoteLatest(Writing& writing, EventNumber event, const std::vector<CaseNumber>& cases);
// Does nothing with an empty name or one that it has. True: it is new.
Result<bool> AddHost(sqlite::Database& database, CaseNumber number, std::string_view host);
Result<bool> AddOwner(sqlite::Database& database, CaseNumber number, std::string_view owner);
// How the case stands now, by all that the ledger holds of it.
Result<CaseStanding> ReadStanding(const sqlite::Database& database, CaseNumber number);
// Brings the row of each touched case to how it stands, and tells those that changed; brings in their new texts, for
// those who search. The last thing of each call.
Status SettleCases(Writing& writing);

// write_text.cc
//
// What a search for a text looks through, of each case: its row's subject, title and account, its hosts and owners, the
// subjects of its actions, the JSON of its plans and events.
Status AddTexts(Writing& writing);
// Of all texts that the case has now.
Result<TextFilter> FilterOf(const sqlite::Database& database, CaseNumber number);
Status MakeFilterAnew(sqlite::Database& database, CaseNumber number);

// write_event.cc
Result<AddedEvent> InsertEvent(Writing& writing, const NewEvent& event);
Status ChangeEvent(Writing& writing, const EventChange& change);
Result<std::vector<EventRecord>> ClaimEvents(Writing& writing, const std::string& owner, const StillRuns& still_runs,
                                             std::size_t limit);

// write_plan.cc
Status InsertPlan(Writing& writing, const NewPlan& plan, Committed& committed);
Status InsertMoreActions(Writing& writing, const MoreActions& more, Committed& committed);
Status ChangePlan(Writing& writing, const PlanChange& change);
Status ChangeAction(Writing& writing, const ActionChange& change, Committed& committed);

// write_follow_up.cc
Result<FollowUpNumber> InsertFollowUp(Writing& writing, const NewFollowUp& follow_up);
Status ChangeFollowUp(Writing& writing, const FollowUpChange& change);
Result<std::vector<FollowUpRecord>> ClaimFollowUps(Writing& writing, TimePoint due_at, const Lease& lease,
                                                   std::size_t limit);
// write_member.cc
Status InsertMember(Writing& writing, const NewMember& member, Committed& committed);
Status EndQuestion(Writing& writing, const EndMembers& end, Committed& committed);

// write_delivery.cc
Status UpsertDelivery(Writing& writing, const DeliveryRecord& delivery);

// write_document.cc
Result<std::optional<DocumentInfo>> StoreDocument(Writing& writing, std::string_view name,
                                                  const std::vector<std::string>& pieces,
                                                  std::optional<std::int64_t> replaces);
Status DropDocument(Writing& writing, std::string_view name);

// retention.cc
struct RemovedCases {
  int count = 0;
  CaseNumber last;
};
// At most `limit` cases, of those with a number over `after`.
Result<RemovedCases> RemoveSomeContent(Writing& writing, TimePoint before, CaseNumber after, int limit);

}  // namespace sallyport
