// SPDX-License-Identifier: Apache-2.0
#include "workflow/question_kind.h"

#include <algorithm>
#include <utility>

namespace sallyport {

QuestionKinds::QuestionKinds(std::vector<QuestionKind> kinds) {
  for (QuestionKind& kind : kinds) Add(std::move(kind));
}

void QuestionKinds::Add(QuestionKind kind) {
  Check(Find(kind.name) == nullptr, "one kind of question for each name");
  kinds_.push_back(std::move(kind));
}

const QuestionKind* QuestionKinds::Find(std::string_view name) const {
  const auto found =
      std::find_if(kinds_.begin(), kinds_.end(), [name](const QuestionKind& kind) { return kind.name == name; });
  return found == kinds_.end() ? nullptr : &*found;
}

std::vector<std::string> QuestionKinds::Names() const {
  std::vector<std::string> names;
  for (const QuestionKind& kind : kinds_) names.emplace_back(kind.name);
  return names;
}

Result<Question> QuestionKinds::Read(const Json& json) const {
  const auto named = InTodaysNames(json, kQuestionFormat, kQuestionFormat, "a question");
  if (!named.ok()) return named.error();
  const QuestionKind* kind = Find(json["question"].StringOr(""));
  if (kind == nullptr) {
    return Error{ErrorCode::kInvalidInput, json["question"].Path() + ": not a question that this version knows", ""};
  }
  auto ask = kind->read(*named);
  if (!ask.ok()) return ask.error();
  auto matter = MatterFromJson((*named)["matter"], json["format"].Int64Or(1));
  if (!matter.ok()) return matter.error();
  return Question{*std::move(ask), *std::move(matter)};
}

Plan PlanToAnswer(const FollowUpContext& context, TimePoint now) {
  Plan plan;
  plan.workflow = kFollowUpWorkflow;
  plan.matter = context.question.matter;
  plan.matter.time = now;
  return plan;
}

void FinishAnswer(const FollowUpContext& context, Plan& plan) {
  Check(plan.answer.has_value(), "an answer");
  if (plan.answer->kind == Answer::Kind::kNotYet) return;
  if (!context.members.empty()) plan.answer->last_member = context.members.back().number;
  if (std::string text = TrimmedText(context.trimmed, context.trimmed + context.members.size() + context.later);
      !text.empty()) {
    plan.reasons.push_back(std::move(text));
  }
}

}  // namespace sallyport
