// SPDX-License-Identifier: Apache-2.0
//
// Questions that collect: instead of deciding by itself, the plan of an event can say that the event joins one. Its
// members are rows of the ledger; when it is due, its answer is one plan about all of them. That is how 1,000 findings
// become one write for each policy, and no member is lost: each joins in the commit that ends its event as joined, and
// one that came after the last member that an answer named belongs to the successor of the question. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "workflow/question.h"

namespace sallyport {

class QuestionKinds;

// What a member brings along.
struct MemberContent {
  std::string subject;  // what it is about: a host, a finding; for people and lists
  // One JSON object: what the answer's plan needs of it. Not the whole event. The kind of question reads it, also one
  // that an older release wrote: what it cannot read it says (OtherSubject::undetermined_why).
  std::string json;
  bool operator==(const MemberContent&) const = default;
};

// No event waits longer for others.
inline constexpr Duration kLongestCollecting = std::chrono::minutes(10);

// When a question that collects is asked.
struct CollectTimes {
  // When no further member has come for so long, and so long after the first member at the latest.
  Duration window{0};
  Duration at_most{0};  // from `window` to kLongestCollecting
  // With so many members it is asked at once. One answer is about no more of them; the next opens a successor.
  std::size_t most_members = 0;  // from 1 to bounds::kQuestionMembers
  bool operator==(const CollectTimes&) const = default;
};

// This event joins that question.
struct Collect {
  // What is asked, and what the plan about all members is about. Its key says which events are collected together:
  // those of one SWP tenant, for instance. Its Matter is the case of the answer: one with the same subject each time is
  // one case.
  Question question;
  MemberContent member;
  CollectTimes times;
  bool operator==(const Collect&) const = default;
};

// A member as the ledger has it.
struct Member {
  int number = 0;  // of its question: later ones are greater
  std::int64_t event = 0;
  std::int64_t case_number = 0;
  MemberContent content;
  bool operator==(const Member&) const = default;
};

// When a question is due that has `members` members, the first of which came at `first` and the last at `now`.
TimePoint CollectedUntil(const CollectTimes& times, std::size_t members, TimePoint first, TimePoint now);

// The question as the ledger keeps it: that of QuestionToJson, with its times.
std::string CollectedToJson(const Question& question, const CollectTimes& times);
// Of such a question. kInvalidInput: it says none that could be.
Result<CollectTimes> CollectTimesFromJson(const Json& question);

// The format of a member's JSON, as kPlanFormat is of a plan's; 1 is not written down.
inline constexpr std::int64_t kMemberFormat = 1;
// A member as the ledger keeps it, and back. kInvalidInput, with the path or the format, for anything else.
std::string MemberToJson(const MemberContent& content);
Result<MemberContent> MemberFromJson(const Json& json);
// kInvalidInput (a bug of the workflow) when the member's content is no JSON object; kTooLarge when it is over
// bounds::kMemberBytes as the ledger keeps it.
Status CheckMember(const MemberContent& content);
// The same of the whole, and of its times.
Status CheckCollect(const Collect& collect);

void WriteCollect(JsonWriter& out, const Collect& collect);
Result<Collect> CollectFromJson(const Json& json, const QuestionKinds& questions);
void WriteMembers(JsonWriter& out, const std::vector<Member>& members);
Result<std::vector<Member>> MembersFromJson(const Json& json);

// "2 of the 40 events that were collected are not decided about: ..."; empty when nothing was trimmed.
std::string TrimmedText(std::size_t trimmed, std::size_t members);

}  // namespace sallyport
