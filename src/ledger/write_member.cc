// SPDX-License-Identifier: Apache-2.0
//
// Questions that collect. A member is a row; the question's own row has the number of members and the last link of
// their chain, so that one line of history about the question proves all of them.
#include <algorithm>

#include "base/bounds.h"
#include "base/digest.h"
#include "ledger/move.h"
#include "ledger/query.h"
#include "ledger/records.h"
#include "ledger/rows.h"
#include "ledger/write.h"

namespace sallyport {
namespace {

using sqlite::Database;

struct MemberList {
  std::int64_t count = 0;
  std::string link{kNoLink};
};

Result<MemberList> ReadMemberList(const Database& database, FollowUpNumber question) {
  auto statement = database.Prepare("SELECT members, members_sha256 FROM follow_up WHERE number = ?");
  if (!statement) return statement.error();
  statement->Bind(question.value);
  const Result<bool> found = statement->Step();
  if (!found) return found.error();
  if (!*found) return NoSuch(database, "follow-up", question.value);
  return MemberList{statement->Int(0), statement->Text(1)};
}

Status AppendMember(Database& database, FollowUpNumber question, MemberList& list, const MemberRecord& member) {
  const std::string sha256 = Sha256Hex(member.json);
  {
    auto statement = database.Prepare(
        "INSERT INTO member (follow_up, number, event, case_number, json, sha256, joined_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)");
    if (!statement) return statement.error();
    statement->Bind(question.value)
        .Bind(++list.count)
        .Bind(member.event.value)
        .Bind(member.case_number.value)
        .Bind(member.json)
        .Bind(sha256)
        .Bind(ToEpochMilliseconds(member.joined_at));
    if (Status inserted = statement->Run(); !inserted) return inserted;
  }
  list.link =
      NextLink(list.link, list.count,
               ContentOfMember(member.event, member.case_number, sha256, ToEpochMilliseconds(member.joined_at)));
  return Ok();
}

Status WriteMemberList(Writing& writing, FollowUpNumber question, const MemberList& list, bool trimmed) {
  auto statement = writing.database.Prepare(
      "UPDATE follow_up SET members = ?, members_sha256 = ?, trimmed = trimmed + ?, changed_at = ? WHERE number = ?");
  if (!statement) return statement.error();
  statement->Bind(list.count).Bind(list.link).Bind(std::int64_t{trimmed ? 1 : 0});
  statement->Bind(ToEpochMilliseconds(writing.now)).Bind(question.value);
  return statement->Run();
}

Status CheckMember(const Database& database, const NewMember& member) {
  if (member.json.size() > bounds::kMemberBytes) {
    return Error{ErrorCode::kTooLarge,
                 "a member of a question with " + std::to_string(member.json.size()) + " bytes is over the bound of " +
                     std::to_string(bounds::kMemberBytes),
                 ""};
  }
  const auto cases = SelectCasesOf(database, member.event);
  if (!cases) return cases.error();
  if (cases->empty()) return NoSuch(database, "event", member.event.value);
  if (std::find(cases->begin(), cases->end(), member.case_number) != cases->end()) return Ok();
  return Error{ErrorCode::kInvalidInput,
               "event " + std::to_string(member.event.value) + " does not belong to case " +
                   std::to_string(member.case_number.value),
               ""};
}

// Members behind number `last`.
Result<std::vector<MemberRecord>> MembersBehind(const Database& database, FollowUpNumber question, int last) {
  return SelectMembers(database, question, last, bounds::kQuestionMembers);
}

Result<std::optional<FollowUpNumber>> OpenSuccessor(Writing& writing, const FollowUpRecord& question,
                                                    const EndMembers& end, const std::vector<MemberRecord>& later) {
  if (later.empty()) return std::optional<FollowUpNumber>();
  NewFollowUp follow_up = question.follow_up;
  follow_up.waiting.clear();
  follow_up.due = end.successor_due;
  follow_up.give_up_at = end.successor_gives_up_at;
  const Result<FollowUpNumber> successor = InsertFollowUp(writing, follow_up);
  if (!successor) return successor.error();
  MemberList list;
  for (const MemberRecord& member : later) {
    Status moved = AppendMember(writing.database, *successor, list, member);
    if (!moved) return moved.error();
  }
  if (Status written = WriteMemberList(writing, *successor, list, false); !written) return written.error();
  const std::string reason = "members " + std::to_string(end.last + 1) + " to " + std::to_string(question.members) +
                             " of follow-up " + std::to_string(question.number.value) + " came after its answer";
  Status told = Tell(writing, RecordKind::kFollowUp, successor->value, reason);
  if (!told) return told.error();
  return std::optional<FollowUpNumber>(*successor);
}

Status EndRow(Writing& writing, const EndMembers& end, std::optional<std::int64_t> successor) {
  auto statement = writing.database.Prepare(
      "UPDATE follow_up SET state = ?, claimed_until = NULL, claimed_by = NULL, answered = ?, successor = ?, reason = "
      "?, changed_at = ?"
      " WHERE number = ?");
  if (!statement) return statement.error();
  statement->Bind(ToString(end.state)).Bind(std::int64_t{end.last}).BindOrNull(successor).Bind(end.reason);
  statement->Bind(ToEpochMilliseconds(writing.now)).Bind(end.follow_up.value);
  return statement->Run();
}

Status CheckEnd(const FollowUpRecord& question, const EndMembers& end) {
  if (question.state != FollowUpState::kOpen || end.state == FollowUpState::kOpen) {
    return CannotMove("follow-up", question.number.value, ToString(question.state), ToString(end.state));
  }
  if (end.last >= 0 && end.last <= question.members) return Ok();
  return Error{ErrorCode::kInvalidInput,
               "follow-up " + std::to_string(question.number.value) + " has " + std::to_string(question.members) +
                   " members, so that number " + std::to_string(end.last) + " cannot have been answered",
               ""};
}

Status TouchMembersOf(Writing& writing, FollowUpNumber question) {
  auto statement = writing.database.Prepare("SELECT DISTINCT case_number FROM member WHERE follow_up = ?");
  if (!statement) return statement.error();
  statement->Bind(question.value);
  const auto cases = ReadRows<std::int64_t>(*statement, FirstColumn);
  if (!cases) return cases.error();
  for (const std::int64_t number : *cases) writing.Touch(CaseNumber{number});
  return Ok();
}

// The open question with that key, which is due when its newest member says as long as nobody has asked it; or a new
// one.
Result<FollowUpNumber> QuestionToJoin(Writing& writing, const NewFollowUp& question) {
  const auto open = SelectOpenFollowUp(writing.database, question.key);
  if (!open) return open.error();
  if (!*open) return InsertFollowUp(writing, question);
  if ((*open)->attempts > 0 || (*open)->follow_up.due == question.due) return (*open)->number;
  auto statement = writing.database.Prepare("UPDATE follow_up SET due = ? WHERE number = ?");
  if (!statement) return statement.error();
  statement->Bind(ToEpochMilliseconds(question.due)).Bind((*open)->number.value);
  // The line about its new member is also about that.
  if (Status updated = statement->Run(); !updated) return updated.error();
  return (*open)->number;
}

}  // namespace

Status InsertMember(Writing& writing, const NewMember& member, Committed& committed) {
  if (Status good = CheckMember(writing.database, member); !good) return good;
  const Result<FollowUpNumber> question = QuestionToJoin(writing, member.question);
  if (!question) return question.error();
  Result<MemberList> list = ReadMemberList(writing.database, *question);
  if (!list) return list.error();
  const bool trimmed = list->count >= static_cast<std::int64_t>(bounds::kQuestionMembers);
  if (!trimmed) {
    Status added = AppendMember(writing.database, *question, *list,
                                {0, member.event, member.case_number, member.json, writing.now});
    if (!added) return added;
  }
  if (Status written = WriteMemberList(writing, *question, *list, trimmed); !written) return written;
  committed.follow_ups.push_back(*question);
  committed.questions.push_back(*question);
  committed.members.push_back(trimmed ? 0 : static_cast<int>(list->count));
  writing.Touch(member.case_number);
  const std::string event = "event " + std::to_string(member.event.value);
  const std::string reason = trimmed
                                 ? event + " joined behind the bound of " + std::to_string(bounds::kQuestionMembers) +
                                       " members: its content is not kept"
                                 : event + " joined as member " + std::to_string(list->count);
  return Tell(writing, RecordKind::kFollowUp, question->value, reason);
}

Status EndQuestion(Writing& writing, const EndMembers& end, Committed& committed) {
  const Result<FollowUpRecord> question = SelectFollowUp(writing.database, end.follow_up);
  if (!question) return question.error();
  if (Status may = CheckEnd(*question, end); !may) return may;
  const auto later = MembersBehind(writing.database, end.follow_up, end.last);
  if (!later) return later.error();
  // The number is known before the row is there: one open follow-up has the key, so this one ends first.
  std::optional<std::int64_t> successor;
  if (!later->empty()) {
    const Result<std::int64_t> next = NextNumber(writing.database, TableOf(RecordKind::kFollowUp));
    if (!next) return next.error();
    successor = *next;
  }
  if (Status ended = EndRow(writing, end, successor); !ended) return ended;
  const Result<std::optional<FollowUpNumber>> opened = OpenSuccessor(writing, *question, end, *later);
  if (!opened) return opened.error();
  committed.successors.push_back(*opened);
  if (Status touched = TouchMembersOf(writing, end.follow_up); !touched) return touched;
  writing.Touch(question->follow_up.case_number);
  return Tell(writing, RecordKind::kFollowUp, end.follow_up.value, end.reason);
}

}  // namespace sallyport
