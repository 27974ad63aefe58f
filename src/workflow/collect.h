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
  // One JSON object: what the answer's plan needs of it. Not the whole event.
  std::string json;
  bool operator==(const MemberContent&) const = default;
};

// This event joins that question.
struct Collect {
  // What is asked, and what the plan about all members is about. Its key says which events are collected together:
  // those of one SWP tenant, for instance.
  Question question;
  MemberContent member;
  // It is asked when no further member has come for so long, and so long after the first member at the latest.
  Duration window{0};
  Duration at_most{0};
  // With so many members it is asked at once, and the next opens a successor.
  std::size_t most_members = 0;
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
TimePoint CollectedUntil(const Collect& collect, std::size_t members, TimePoint first, TimePoint now);

// A member as the ledger keeps it, and back.
std::string MemberToJson(const MemberContent& content);
Result<MemberContent> MemberFromJson(const Json& json);
// kInvalidInput (a bug of the workflow) when the member's content is no JSON object; kTooLarge when it is over
// bounds::kMemberBytes as the ledger keeps it.
Status CheckMember(const MemberContent& content);

void WriteCollect(JsonWriter& out, const Collect& collect);
Result<Collect> CollectFromJson(const Json& json, const QuestionKinds& questions);
void WriteMembers(JsonWriter& out, const std::vector<Member>& members);
Result<std::vector<Member>> MembersFromJson(const Json& json);

// "2 of the 40 events that were collected are not decided about: ..."; empty when nothing was trimmed.
std::string TrimmedText(std::size_t trimmed, std::size_t members);

}  // namespace sallyport
