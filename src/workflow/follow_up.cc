// SPDX-License-Identifier: Apache-2.0
#include "workflow/follow_up.h"

#include <algorithm>

namespace sallyport {
namespace {

// Of the event's detail; 1, with other names, is not written down.
constexpr std::int64_t kFollowUpDetailFormat = 2;

Result<std::vector<Action>> ReadActions(const Json& json, const ActionKinds& kinds) {
  std::vector<Action> actions;
  for (const Json& element : json.Elements()) {
    auto action = kinds.Read(element);
    if (!action.ok()) return action.error();
    actions.push_back(*std::move(action));
  }
  return actions;
}

Result<std::vector<FollowUpContext::CaseAction>> ReadCaseActions(const Json& json, const ActionKinds& kinds) {
  std::vector<FollowUpContext::CaseAction> actions;
  for (const Json& element : json.Elements()) {
    auto action = kinds.Read(element["action"]);
    if (!action.ok()) return action.error();
    actions.push_back({*std::move(action), element["state"].StringOr(""), element["reason"].StringOr(""),
                       element["ended"].BoolOr(false), ParseTime(element["changed_at"].StringOr(""))});
  }
  return actions;
}

}  // namespace

std::string FollowUpDetail(const FollowUpContext& context) {
  JsonWriter out;
  out.BeginObject()
      .Member("format", kFollowUpDetailFormat)
      .Key("asked")
      .Raw(QuestionToJson(context.question))
      .Member("attempts", context.attempts);
  out.Member("give_up_at", ToEpochMilliseconds(context.give_up_at)).Member("case", context.case_number);
  out.Key("waiting").BeginArray();
  for (const Action& action : context.waiting) out.Raw(ActionToJson(action));
  out.EndArray().Key("case_actions").BeginArray();
  for (const auto& action : context.case_actions) {
    out.BeginObject().Key("action").Raw(ActionToJson(action.action)).Member("state", action.state);
    out.Member("reason", action.reason).Member("ended", action.ended);
    if (action.changed_at) out.Member("changed_at", FormatTime(*action.changed_at));
    out.EndObject();
  }
  out.EndArray();
  if (!context.members.empty() || context.trimmed > 0) {
    out.Key("members");
    WriteMembers(out, context.members);
    out.Member("trimmed", static_cast<std::int64_t>(context.trimmed));
    out.Member("later", static_cast<std::int64_t>(context.later));
  }
  return out.EndObject().Take();
}

Result<FollowUpContext> ReadFollowUpDetail(const Json& json, const ActionKinds& actions,
                                           const QuestionKinds& questions) {
  const auto named = InTodaysNames(json, kFollowUpDetailFormat, kFollowUpDetailFormat, "a follow-up");
  if (!named.ok()) return named.error();
  const Json& detail = *named;
  FollowUpContext context;
  auto question = questions.Read(detail["asked"]);
  if (!question.ok()) return question.error();
  context.question = *std::move(question);
  context.attempts = static_cast<int>(detail["attempts"].Int64Or(0));
  const auto give_up_at = detail["give_up_at"].AsInt64();
  if (!give_up_at.ok()) return give_up_at.error();
  context.give_up_at = FromEpochMilliseconds(*give_up_at);
  context.case_number = detail["case"].Int64Or(0);
  auto waiting = ReadActions(detail["waiting"], actions);
  if (!waiting.ok()) return waiting.error();
  context.waiting = *std::move(waiting);
  auto case_actions = ReadCaseActions(detail["case_actions"], actions);
  if (!case_actions.ok()) return case_actions.error();
  context.case_actions = *std::move(case_actions);
  auto members = MembersFromJson(detail["members"]);
  if (!members.ok()) return members.error();
  context.members = *std::move(members);
  context.trimmed = static_cast<std::size_t>(std::max<std::int64_t>(detail["trimmed"].Int64Or(0), 0));
  context.later = static_cast<std::size_t>(std::max<std::int64_t>(detail["later"].Int64Or(0), 0));
  return context;
}

Result<Plan> MakeFollowUpPlan(const Event& event, const ActionKinds& actions, const QuestionKinds& questions,
                              Sources& sources, const WorkflowSettings& settings) {
  const auto context = ReadFollowUpDetail(event.detail, actions, questions);
  if (!context.ok()) return context.error().In("a follow-up that this version cannot read");
  return questions.Find(NameOf(context->question))->answer(*context, sources, settings);
}

}  // namespace sallyport
