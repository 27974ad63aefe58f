// SPDX-License-Identifier: Apache-2.0
#include "workflow/collect.h"

#include <algorithm>

#include "base/bounds.h"
#include "base/text.h"
#include "workflow/question_kind.h"

namespace sallyport {

namespace {

Status CheckTimes(const CollectTimes& times) {
  const bool holds = times.window > Duration{0} && times.window <= times.at_most &&
                     times.at_most <= kLongestCollecting && times.most_members >= 1 &&
                     times.most_members <= bounds::kQuestionMembers;
  if (holds) return Ok();
  return Error{ErrorCode::kInvalidInput,
               "a question that collects for " + FormatDuration(times.window) + ", at most " +
                   FormatDuration(times.at_most) + " and " + std::to_string(times.most_members) +
                   " members, is over the bounds of " + FormatDuration(kLongestCollecting) + " and " +
                   std::to_string(bounds::kQuestionMembers),
               ""};
}

void WriteTimes(JsonWriter& out, const CollectTimes& times) {
  out.Member("window_ms", std::int64_t{times.window.count()});
  out.Member("at_most_ms", std::int64_t{times.at_most.count()});
  out.Member("most_members", static_cast<std::int64_t>(times.most_members));
}

CollectTimes ReadTimes(const Json& json) {
  return {Duration{json["window_ms"].Int64Or(0)}, Duration{json["at_most_ms"].Int64Or(0)},
          static_cast<std::size_t>(std::max<std::int64_t>(json["most_members"].Int64Or(0), 0))};
}

}  // namespace

TimePoint CollectedUntil(const CollectTimes& times, std::size_t members, TimePoint first, TimePoint now) {
  if (members >= times.most_members) return now;
  return std::min(now + times.window, first + times.at_most);
}

std::string CollectedToJson(const Question& question, const CollectTimes& times) {
  JsonWriter out;
  out.BeginObject();
  WriteQuestion(out, question);
  out.Key("collects").BeginObject();
  WriteTimes(out, times);
  return out.EndObject().EndObject().Take();
}

Result<CollectTimes> CollectTimesFromJson(const Json& question) {
  const auto named = InTodaysNames(question, kQuestionFormat, kQuestionFormat, "a question");
  if (!named.ok()) return named.error();
  const CollectTimes times = ReadTimes((*named)["collects"]);
  if (Status good = CheckTimes(times); !good.ok()) return good.error().In(question["collects"].Path());
  return times;
}

std::string MemberToJson(const MemberContent& content) {
  JsonWriter out;
  out.BeginObject().Member("subject", content.subject).Key("content").Raw(content.json);
  return out.EndObject().Take();
}

Result<MemberContent> MemberFromJson(const Json& json) {
  if (Status known = CheckFormat(json["format"], kMemberFormat, "a member of a question"); !known.ok()) {
    return known.error();
  }
  if (!json["content"].IsObject()) {
    return Error{ErrorCode::kInvalidInput,
                 json["content"].Path() + ": expected an object, found " + std::string(json["content"].TypeName()), ""};
  }
  return MemberContent{json["subject"].StringOr(""), json["content"].ToText()};
}

Status CheckMember(const MemberContent& content) {
  const std::size_t bytes = MemberToJson(content).size();
  if (bytes > bounds::kMemberBytes) {
    return Error{ErrorCode::kTooLarge,
                 "a member of a question has " + std::to_string(bytes) + " bytes, over the bound of " +
                     std::to_string(bounds::kMemberBytes),
                 ""};
  }
  const auto json = Json::Parse(content.json);
  if (!json.ok()) return json.error().In("a member of a question");
  if (json->IsObject()) return Ok();
  return Error{ErrorCode::kInvalidInput, "a member of a question is not a JSON object", ""};
}

Status CheckCollect(const Collect& collect) {
  if (Status good = CheckTimes(collect.times); !good.ok()) return good;
  return CheckMember(collect.member);
}

void WriteCollect(JsonWriter& out, const Collect& collect) {
  out.BeginObject().Key("question").Raw(QuestionToJson(collect.question));
  out.Key("member").Raw(MemberToJson(collect.member));
  WriteTimes(out, collect.times);
  out.EndObject();
}

Result<Collect> CollectFromJson(const Json& json, const QuestionKinds& questions) {
  auto question = questions.Read(json["question"]);
  if (!question.ok()) return question.error();
  Collect collect;
  collect.question = *std::move(question);
  auto member = MemberFromJson(json["member"]);
  if (!member.ok()) return member.error();
  collect.member = *std::move(member);
  collect.times = ReadTimes(json);
  return collect;
}

void WriteMembers(JsonWriter& out, const std::vector<Member>& members) {
  out.BeginArray();
  for (const Member& member : members) {
    out.BeginObject().Member("number", member.number).Member("event", member.event).Member("case", member.case_number);
    out.Key("member").Raw(MemberToJson(member.content)).EndObject();
  }
  out.EndArray();
}

Result<std::vector<Member>> MembersFromJson(const Json& json) {
  std::vector<Member> members;
  for (const Json& element : json.Elements()) {
    const auto number = element["number"].AsInt64();
    if (!number.ok()) return number.error();
    auto content = MemberFromJson(element["member"]);
    if (!content.ok()) return content.error();
    members.push_back(
        {static_cast<int>(*number), element["event"].Int64Or(0), element["case"].Int64Or(0), *std::move(content)});
  }
  return members;
}

std::string TrimmedText(std::size_t trimmed, std::size_t members) {
  if (trimmed == 0) return "";
  return std::to_string(trimmed) + " of the " + CountText(members, "event") +
         " that were collected are not decided about: no more than " + std::to_string(bounds::kQuestionMembers) +
         " of one question are kept";
}

}  // namespace sallyport
