// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "ledger/move.h"
#include "ledger/query.h"
#include "ledger/records.h"
#include "ledger/rows.h"
#include "ledger/write.h"

namespace sallyport {
namespace {

using sqlite::Database;
using sqlite::Statement;

bool SameThing(const CaseMatter& a, const CaseMatter& b) {
  return !a.subject.empty() && a.service == b.service && a.account == b.account && a.subject == b.subject;
}

Result<std::optional<CaseNumber>> FindCaseAbout(const Database& database, const CaseMatter& matter) {
  if (matter.subject.empty()) return std::optional<CaseNumber>();
  auto statement = database.Prepare(kSelectCaseAbout);
  if (!statement) return statement.error();
  statement->Bind(matter.service).Bind(matter.account).Bind(matter.subject);
  return ReadRow<CaseNumber>(*statement, [](const Statement& row) { return Result(CaseNumber{row.Int(0)}); });
}

// A list of names that belongs to a case.
struct NameList {
  std::string_view find;
  std::string_view insert;  // ?1: case, ?2: position, ?3: name, and for a host ?4: its instance
  std::string_view last;    // how many there are, and their last link
  std::string_view update;
  bool has_instance = false;
};
constexpr NameList kHosts = {"SELECT 1 FROM case_host WHERE case_number = ? AND host = ?",
                             "INSERT INTO case_host (case_number, position, host, instance) VALUES (?, ?, ?, ?)",
                             "SELECT hosts, hosts_sha256 FROM cases WHERE number = ?",
                             "UPDATE cases SET hosts = ?, hosts_sha256 = ? WHERE number = ?", true};
constexpr NameList kOwners = {"SELECT 1 FROM case_owner WHERE case_number = ? AND owner = ?",
                              "INSERT INTO case_owner (case_number, position, owner) VALUES (?, ?, ?)",
                              "SELECT owners, owners_sha256 FROM cases WHERE number = ?",
                              "UPDATE cases SET owners = ?, owners_sha256 = ? WHERE number = ?", false};

Result<bool> HasName(const Database& database, const NameList& list, CaseNumber number, std::string_view name) {
  auto statement = database.Prepare(list.find);
  if (!statement) return statement.error();
  statement->Bind(number.value).Bind(name);
  return statement->Step();
}

struct LastName {
  std::int64_t position = 0;
  std::string link;
};

Result<LastName> ReadLastName(const Database& database, const NameList& list, CaseNumber number) {
  auto statement = database.Prepare(list.last);
  if (!statement) return statement.error();
  statement->Bind(number.value);
  const Result<bool> found = statement->Step();
  if (!found) return found.error();
  if (!*found) return NoSuch(database, "case", number.value);
  return LastName{statement->Int(0), statement->Text(1)};
}

Result<bool> AddName(Database& database, const NameList& list, CaseNumber number, std::string_view name) {
  if (name.empty()) return false;
  const Result<bool> has = HasName(database, list, number, name);
  if (!has) return has.error();
  if (*has) return false;
  const Result<LastName> last = ReadLastName(database, list, number);
  if (!last) return last.error();
  const std::int64_t position = last->position + 1;
  {
    auto insert = database.Prepare(list.insert);
    if (!insert) return insert.error();
    insert->Bind(number.value).Bind(position).Bind(name);
    if (list.has_instance) insert->Bind(InstanceOf(name));
    if (Status inserted = insert->Run(); !inserted) return inserted.error();
  }
  const std::string link = NextLink(last->link, position, name);
  auto update = database.Prepare(list.update);
  if (!update) return update.error();
  update->Bind(position).Bind(link).Bind(number.value);
  if (Status updated = update->Run(); !updated) return updated.error();
  return true;
}

// In the order of CaseFacts, from its first to joined, and whether actions of other cases concern this one. ?1: the
// case, ?2: kEvidenceSource. Here and below each part is a look into an index; states are named one by one, since
// SQLite fills a table for every list of three or more.
constexpr std::string_view kSelectProgress =
    "SELECT coalesce((SELECT state FROM event WHERE event.number = cases.latest), 'received'),"
    " EXISTS (SELECT 1 FROM event INDEXED BY event_unfinished CROSS JOIN event_case"
    "  ON event_case.event = event.number AND event_case.case_number = ?1"
    "  WHERE (event.state = 'received' OR event.state = 'planned') AND +event.source <> ?2),"
    " EXISTS (SELECT 1 FROM action WHERE case_number = ?1 AND state = 'held' AND held_by = 'approval'),"
    " EXISTS (SELECT 1 FROM action WHERE case_number = ?1 AND state = 'held' AND held_by <> 'approval'),"
    " EXISTS (SELECT 1 FROM action WHERE case_number = ?1 AND state = 'requested')"
    "  OR EXISTS (SELECT 1 FROM action WHERE case_number = ?1 AND state = 'waiting')"
    "  OR EXISTS (SELECT 1 FROM action WHERE case_number = ?1 AND state = 'applied')"
    "  OR EXISTS (SELECT 1 FROM action CROSS JOIN event ON event.number = action.event WHERE action.case_number = ?1"
    "   AND action.state = 'intended'"
    "   AND (+event.state = 'received' OR +event.state = 'planned' OR +event.state = 'waiting')),"
    " EXISTS (SELECT 1 FROM member CROSS JOIN follow_up ON follow_up.number = member.follow_up"
    "  WHERE member.case_number = ?1 AND +follow_up.state = 'open'),"
    " EXISTS (SELECT 1 FROM action_case WHERE action_case.case_number = ?1)"
    " FROM cases WHERE number = ?1";

// The rest, from outcome_unknown on, and whether its newest event is a member. ?1: the case. What became of a message
// about the case itself ("case-opened") is no outcome of the case.
constexpr std::string_view kSelectOutcomes =
    "SELECT EXISTS (SELECT 1 FROM action CROSS JOIN event ON event.number = action.event WHERE action.case_number = ?1"
    "  AND action.state = 'intended'"
    "  AND NOT (+event.state = 'received' OR +event.state = 'planned' OR +event.state = 'waiting')),"
    // One that failed and was not carried out later, in one walk over the case's actions.
    " CASE WHEN EXISTS (SELECT 1 FROM action WHERE case_number = ?1 AND state = 'failed') THEN"
    "  EXISTS (SELECT 1 FROM action WHERE case_number = ?1 AND state NOT IN ('refused', 'skipped', 'would') GROUP BY "
    "key"
    "   HAVING max(iif(state = 'failed', number, 0)) > max(iif(state = 'failed', 0, number))) ELSE 0 END,"
    " EXISTS (SELECT 1 FROM action WHERE case_number = ?1 AND state = 'not-verifiable'),"
    " EXISTS (SELECT 1 FROM action WHERE case_number = ?1 AND state = 'verified'),"
    " EXISTS (SELECT 1 FROM action WHERE case_number = ?1 AND state = 'sent' AND what NOT GLOB 'case-*'),"
    " EXISTS (SELECT 1 FROM action WHERE case_number = ?1 AND state = 'refused' AND what NOT GLOB 'case-*'),"
    " EXISTS (SELECT 1 FROM action WHERE case_number = ?1 AND state = 'skipped' AND what NOT GLOB 'case-*'),"
    " EXISTS (SELECT 1 FROM action WHERE case_number = ?1 AND state = 'would' AND what NOT GLOB 'case-*'),"
    // A reminder watches over people, not over the matter.
    " EXISTS (SELECT 1 FROM follow_up WHERE case_number = ?1 AND state = 'open' AND question <> 'case-reminder'),"
    " coalesce((SELECT says FROM (SELECT number, says FROM plan WHERE case_number = ?1 AND says NOT IN ('', 'sample',"
    "  'malware', 'malware-handled', 'protected-now', 'manual-rules') UNION ALL SELECT plan, says FROM plan_says"
    "  WHERE case_number = ?1) ORDER BY number DESC LIMIT 1), iif(EXISTS (SELECT 1 FROM "
    "plan WHERE case_number = ?1)"
    "  AND NOT EXISTS (SELECT 1 FROM plan WHERE case_number = ?1 AND says <> 'sample'), 'sample', '')),"
    " EXISTS (SELECT 1 FROM plan WHERE case_number = ?1 AND says = 'malware' AND number >"
    "  coalesce((SELECT max(number) FROM plan WHERE case_number = ?1 AND says = 'settled'), 0)),"
    " EXISTS (SELECT 1 FROM plan WHERE case_number = ?1 AND says = 'malware-handled' AND number >"
    "  coalesce((SELECT max(number) FROM plan WHERE case_number = ?1 AND says = 'settled'), 0)),"
    // Every host that the newest plan that says "not-protected" told somebody of has a message of its return since.
    " EXISTS (SELECT 1 FROM plan WHERE case_number = ?1 AND says = 'protected-now' AND number >"
    "  coalesce((SELECT max(number) FROM plan WHERE case_number = ?1 AND says = 'not-protected'), 0))"
    " AND NOT EXISTS (SELECT 1 FROM action AS told WHERE told.kind = 'notify-owner' AND told.plan ="
    "   (SELECT max(number) FROM plan WHERE case_number = ?1 AND says = 'not-protected')"
    "  AND NOT EXISTS (SELECT 1 FROM action AS back CROSS JOIN plan ON plan.number = back.plan"
    "   WHERE back.case_number = ?1 AND back.kind = 'notify-owner' AND back.subject = told.subject"
    "   AND back.plan > told.plan AND plan.says = 'protected-now')),"
    " EXISTS (SELECT 1 FROM plan WHERE case_number = ?1 AND says = 'manual-rules' AND number >"
    "  coalesce((SELECT max(number) FROM plan WHERE case_number = ?1 AND (says = 'active' OR says = 'compromised'"
    "   OR says = 'not-protected' OR says = 'settled')), 0)),"
    " EXISTS (SELECT 1 FROM member WHERE member.case_number = ?1 AND member.event = cases.latest)"
    " FROM cases WHERE number = ?1";

// The same of actions of other cases that concern this one: from held_for_approval on, without joined and what stands
// in follow-ups. ?1: the case.
constexpr std::string_view kSelectFactsElsewhere =
    "SELECT max(done.state = 'held' AND held_by = 'approval'), max(done.state = 'held' AND held_by <> 'approval'),"
    " max(done.state IN ('requested', 'waiting', 'applied')"
    "  OR (done.state = 'intended' AND event.state IN ('received', 'planned', 'waiting'))),"
    " max(done.state = 'intended' AND event.state NOT IN ('received', 'planned', 'waiting')),"
    " max(done.state = 'failed' AND NOT EXISTS (SELECT 1 FROM action AS later JOIN action_case AS theirs"
    "  ON theirs.case_number = ?1 AND theirs.action = later.number WHERE later.key = done.key"
    "  AND later.number > done.number AND later.state NOT IN ('failed', 'refused', 'skipped', 'would'))),"
    " max(done.state = 'not-verifiable'), max(done.state = 'verified'), max(done.state = 'sent'),"
    " max(done.state = 'refused'), max(done.state = 'skipped'), max(done.state = 'would')"
    " FROM action_case CROSS JOIN action AS done ON done.number = action_case.action"
    " CROSS JOIN event ON event.number = done.event WHERE action_case.case_number = ?1";

// Whether the newest event of the case is a member that was answered: by a plan about it that came to its end, or that
// did something for the case. ?1: the case.
constexpr std::string_view kSelectIsAnswered =
    "SELECT EXISTS (SELECT 1 FROM cases JOIN member ON member.case_number = ?1 AND member.event = cases.latest"
    " JOIN follow_up ON follow_up.number = member.follow_up AND (follow_up.state = 'answered' OR follow_up.state = "
    "'done')"
    " JOIN plan ON plan.question = member.follow_up AND plan.last_member >= member.number"
    " JOIN event ON event.number = plan.event"
    " WHERE cases.number = ?1 AND (event.state NOT IN ('undetermined', 'failed') OR EXISTS (SELECT 1 FROM action"
    "  JOIN action_case ON action_case.case_number = ?1 AND action_case.action = action.number"
    "  WHERE action.plan = plan.number)))";

Status AddFactsElsewhere(const Database& database, CaseNumber number, CaseFacts& facts) {
  auto statement = database.Prepare(kSelectFactsElsewhere);
  if (!statement) return statement.error();
  statement->Bind(number.value);
  const Result<bool> found = statement->Step();
  if (!found) return found.error();
  bool* const places[] = {&facts.held_for_approval, &facts.held,   &facts.in_flight,
                          &facts.outcome_unknown,   &facts.failed, &facts.not_verifiable,
                          &facts.verified,          &facts.sent,   &facts.refused,
                          &facts.skipped,           &facts.would};
  int column = 0;
  // Without any such action there are no values.
  for (bool* place : places) *place = *place || statement->IntOrNull(column++).value_or(0) == 1;
  return Ok();
}

Result<bool> IsAnswered(const Database& database, CaseNumber number) {
  auto statement = database.Prepare(kSelectIsAnswered);
  if (!statement) return statement.error();
  statement->Bind(number.value);
  const Result<bool> found = statement->Step();
  if (!found) return found.error();
  return statement->Int(0) == 1;
}

struct Progress {
  CaseFacts facts;
  bool is_elsewhere = false;  // actions of other cases concern this one
};

Result<Progress> ReadProgress(const Database& database, CaseNumber number) {
  auto statement = database.Prepare(kSelectProgress);
  if (!statement) return statement.error();
  statement->Bind(number.value).Bind(kEvidenceSource);
  const Result<bool> found = statement->Step();
  if (!found) return found.error();
  if (!*found) return NoSuch(database, "case", number.value);
  Progress progress;
  CaseFacts& facts = progress.facts;
  const std::string latest = statement->Text(0);
  const auto state = EventStateFromString(latest);
  if (!state) return UnknownState(database, "the newest event of case", number.value, latest);
  facts.latest = *state;
  bool* const places[] = {&facts.handled_now, &facts.held_for_approval, &facts.held, &facts.in_flight,
                          &facts.joined,      &progress.is_elsewhere};
  int column = 0;
  for (bool* place : places) *place = statement->Int(++column) == 1;
  return progress;
}

Status AddOutcomes(const Database& database, CaseNumber number, CaseFacts& facts) {
  auto statement = database.Prepare(kSelectOutcomes);
  if (!statement) return statement.error();
  statement->Bind(number.value);
  const Result<bool> found = statement->Step();
  if (!found) return found.error();
  if (!*found) return NoSuch(database, "case", number.value);
  int column = 0;
  const auto read_to = [&](std::initializer_list<bool*> places) {
    for (bool* place : places) *place = statement->Int(column++) == 1;
  };
  read_to({&facts.outcome_unknown, &facts.failed, &facts.not_verifiable, &facts.verified, &facts.sent, &facts.refused,
           &facts.skipped, &facts.would, &facts.open_follow_up});
  const std::string says = statement->Text(column++);
  const auto known = CaseSaysFromString(says);
  if (!known) return UnknownState(database, "what a plan says of case", number.value, says);
  facts.says = *known;
  bool is_member = false;
  read_to({&facts.malware, &facts.malware_handled, &facts.protected_now, &facts.manual_rules, &is_member});
  // An event that joined and did something else too may have another state.
  const bool has_joined = facts.latest == EventState::kJoined || is_member;
  if (!has_joined || facts.joined) return Ok();
  const Result<bool> answered = IsAnswered(database, number);
  if (!answered) return answered.error();
  facts.unanswered = !*answered;
  return Ok();
}

// Most commits are of work that goes on: then how it ended is not asked.
Result<CaseFacts> ReadFacts(const Database& database, CaseNumber number) {
  Result<Progress> progress = ReadProgress(database, number);
  if (!progress) return progress.error();
  CaseFacts& facts = progress->facts;
  if (StandsByProgress(facts) && !progress->is_elsewhere) return facts;
  if (Status added = AddOutcomes(database, number, facts); !added) return added.error();
  if (progress->is_elsewhere) {
    if (Status added = AddFactsElsewhere(database, number, facts); !added) return added.error();
  }
  return facts;
}

struct CaseBefore {
  std::string state;
  std::string outcome;
};

Result<CaseBefore> ReadCaseBefore(const Database& database, CaseNumber number) {
  auto statement = database.Prepare("SELECT state, outcome FROM cases WHERE number = ?");
  if (!statement) return statement.error();
  statement->Bind(number.value);
  const Result<bool> found = statement->Step();
  if (!found) return found.error();
  if (!*found) return NoSuch(database, "case", number.value);
  return CaseBefore{statement->Text(0), statement->Text(1)};
}

Status SettleOne(Writing& writing, CaseNumber number, bool changed) {
  const Result<CaseStanding> standing = ReadStanding(writing.database, number);
  if (!standing) return standing.error();
  const Result<CaseBefore> before = ReadCaseBefore(writing.database, number);
  if (!before) return before.error();
  const std::string_view state = ToString(standing->state);
  if (!changed && before->state == state && before->outcome == standing->outcome) return Ok();
  {
    auto update = writing.database.Prepare(
        "UPDATE cases SET state = ?1, outcome = ?2, changed_at = ?3,"
        " closed_at = iif(?1 = 'closed', coalesce(closed_at, ?3), NULL) WHERE number = ?4");
    if (!update) return update.error();
    update->Bind(state).Bind(standing->outcome).Bind(ToEpochMilliseconds(writing.now)).Bind(number.value);
    if (Status updated = update->Run(); !updated) return updated;
  }
  return Tell(writing, RecordKind::kCase, number.value, standing->outcome);
}

}  // namespace

Result<std::vector<CaseOfMatter>> FindCases(const Database& database, EventNumber number,
                                            const std::vector<CaseMatter>& matters) {
  std::vector<CaseOfMatter> cases;
  std::int64_t next = number.value;
  for (std::size_t i = 0; i < matters.size(); ++i) {
    const auto same = std::find_if(matters.begin(), matters.begin() + static_cast<std::ptrdiff_t>(i),
                                   [&](const CaseMatter& earlier) { return SameThing(earlier, matters[i]); });
    if (const auto at = static_cast<std::size_t>(same - matters.begin()); at < i) {
      cases.push_back({cases[at].number, false});
      continue;
    }
    const auto found = FindCaseAbout(database, matters[i]);
    if (!found) return found.error();
    cases.push_back(*found ? CaseOfMatter{**found, false} : CaseOfMatter{CaseNumber{next++}, true});
  }
  return cases;
}

Status OpenCase(Writing& writing, CaseNumber number, EventNumber event, const CaseMatter& matter) {
  CaseFacts facts;
  facts.handled_now = true;  // the event is kReceived
  const CaseStanding standing = StandingOf(facts);
  auto statement = writing.database.Prepare(
      "INSERT INTO cases (number, event, service, account, region, subject, title, severity, state, outcome, opened_at,"
      " changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!statement) return statement.error();
  statement->Bind(number.value)
      .Bind(event.value)
      .Bind(matter.service)
      .Bind(matter.account)
      .Bind(matter.region)
      .Bind(matter.subject)
      .Bind(matter.title)
      .Bind(matter.severity)
      .Bind(ToString(standing.state))
      .Bind(standing.outcome)
      .Bind(ToEpochMilliseconds(writing.now))
      .Bind(ToEpochMilliseconds(writing.now));
  writing.Change(number);
  writing.opened.insert(number.value);
  for (const std::string_view text : {matter.subject, matter.title, matter.account}) writing.AddText(number, text);
  return statement->Run();
}

Status RaiseSeverity(Writing& writing, CaseNumber number, double severity) {
  auto statement = writing.database.Prepare("UPDATE cases SET severity = ?1 WHERE number = ?2 AND severity < ?1");
  if (!statement) return statement.error();
  statement->Bind(severity).Bind(number.value);
  if (Status updated = statement->Run(); !updated) return updated;
  if (writing.database.Changes() > 0) writing.Change(number);
  return Ok();
}

Status NoteLatest(Writing& writing, EventNumber event, const std::vector<CaseNumber>& cases) {
  for (const CaseNumber number : cases) {
    auto statement =
        writing.database.Prepare("UPDATE cases SET latest = ?1 WHERE number = ?2 AND coalesce(latest, 0) < ?1");
    if (!statement) return statement.error();
    statement->Bind(event.value).Bind(number.value);
    if (Status updated = statement->Run(); !updated) return updated;
    if (writing.database.Changes() > 0) writing.Change(number);
  }
  return Ok();
}

Result<bool> AddHost(Database& database, CaseNumber number, std::string_view host) {
  return AddName(database, kHosts, number, host);
}

Result<bool> AddOwner(Database& database, CaseNumber number, std::string_view owner) {
  return AddName(database, kOwners, number, owner);
}

Result<CaseStanding> ReadStanding(const Database& database, CaseNumber number) {
  const Result<CaseFacts> facts = ReadFacts(database, number);
  if (!facts) return facts.error();
  return StandingOf(*facts);
}

Status SettleCases(Writing& writing) {
  for (const auto& [number, changed] : writing.cases) {
    // As it stands by its first event, so it was written (OpenCase).
    const bool is_new = writing.opened.contains(number);
    if (Status settled =
            is_new ? Tell(writing, RecordKind::kCase, number, "") : SettleOne(writing, CaseNumber{number}, changed);
        !settled)
      return settled;
  }
  return AddTexts(writing);
}

}  // namespace sallyport
