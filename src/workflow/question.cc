// SPDX-License-Identifier: Apache-2.0
#include "workflow/question.h"

#include "base/check.h"

namespace sallyport {

const Ask::Content& Ask::content() const {
  Check(held_ != nullptr, "a question that holds one");
  return *held_;
}

bool Ask::operator==(const Ask& other) const {
  if (held_ == nullptr || other.held_ == nullptr) return held_ == other.held_;
  return held_->Equals(*other.held_);
}

std::string_view NameOf(const Question& question) {
  return question.ask.content().Name();
}

std::string SubjectOf(const Question& question) {
  return question.ask.content().Subject(question.matter);
}

std::string KeyOf(const Question& question, std::int64_t case_number) {
  return std::string(NameOf(question)) + "/" + question.ask.content().Key(question.matter, case_number);
}

const Schedule& ScheduleOf(const Question& question, const FollowUpSettings& settings) {
  return question.ask.content().ScheduleIn(settings);
}

std::string QuestionToJson(const Question& question) {
  JsonWriter out;
  out.BeginObject();
  WriteQuestion(out, question);
  return out.EndObject().Take();
}

void WriteQuestion(JsonWriter& out, const Question& question) {
  out.Member("question", NameOf(question)).Member("format", kQuestionFormat);
  question.ask.content().Write(out);
  out.Key("matter");
  WriteMatter(out, question.matter);
}

}  // namespace sallyport
