// SPDX-License-Identifier: Apache-2.0
//
// The kinds of questions that a program knows, as rows of a table that is made once and handed down: how each is read
// from the ledger, and how it is answered (gather and plan, as a workflow's row does). The asker's side is in
// follow_up.h.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "action/action.h"
#include "base/check.h"
#include "base/json.h"
#include "base/result.h"
#include "workflow/collect.h"
#include "workflow/question.h"
#include "workflow/workflow.h"

namespace sallyport {

// The workflow of the plans that answer questions. It is no row of the table of workflows: no event from outside
// reaches it.
inline constexpr std::string_view kFollowUpWorkflow = "follow-up";

// What the asker knows about the question, beside the question itself.
struct FollowUpContext {
  Question question;
  int attempts = 0;  // how often it was asked, this time included
  TimePoint give_up_at;
  // The actions that wait for the answer, as planned.
  std::vector<Action> waiting;
  // Of a kind that is about a whole case: every action of the case.
  struct CaseAction {
    Action action;
    std::string state;  // the ledger's word
    std::string reason;
    bool ended = false;
    std::optional<TimePoint> changed_at{};  // since when it is in that state
  };
  std::vector<CaseAction> case_actions;
  std::int64_t case_number = 0;
  // Of a question that collects: its members in the order in which they joined, and how many more there were whose
  // content the ledger no longer has.
  std::vector<Member> members;
  std::size_t trimmed = 0;
  // How many came behind them, whom the next answer is about: one answer is about a bounded number.
  std::size_t later = 0;
};

struct QuestionKind {
  std::string_view name;
  // Of the context, `case_actions` are filled in for kinds that say so.
  bool is_about_case = false;
  std::function<Result<Ask>(const Json& json)> read;
  // Reads, and decides. `answer` of the plan is always set.
  std::function<Plan(const FollowUpContext& context, Sources& sources, const WorkflowSettings& settings)> answer;
  std::function<const Schedule&(const FollowUpSettings& settings)> schedule;
};

// The functions of a kind over its own types. Workflow, Matter (of the time when it is asked) and, for a question that
// collects, what is said of trimmed members and the last member that was answered are put into the plan for it.
template <QuestionContent T, class Facts>
struct QuestionOf {
  // A read that failed arrives in the facts as the error, never as an empty answer.
  Facts (*gather)(const FollowUpContext& context, const T& ask, Sources& sources, const WorkflowSettings& settings);
  // Sets `plan.answer`, with NotYet or Answered (answers.h), and adds what follows from it. Pure.
  void (*plan)(const FollowUpContext& context, const T& ask, const Facts& facts, const WorkflowSettings& settings,
               TimePoint now, Plan& plan);
  bool is_about_case = false;

  QuestionKind Row() const;
};

// Parts of QuestionOf that do not depend on its types.
Plan PlanToAnswer(const FollowUpContext& context, TimePoint now);
void FinishAnswer(const FollowUpContext& context, Plan& plan);

template <QuestionContent T, class Facts>
QuestionKind QuestionOf<T, Facts>::Row() const {
  QuestionKind kind;
  kind.name = T::kName;
  kind.is_about_case = is_about_case;
  kind.read = [](const Json& json) -> Result<Ask> {
    T made;
    Members members(json);
    made.DescribeJson(members);
    if (!members.status().ok()) return members.status().error();
    return Ask(std::move(made));
  };
  kind.answer = [row = *this](const FollowUpContext& context, Sources& sources, const WorkflowSettings& settings) {
    const T* ask = context.question.ask.template As<T>();
    Check(ask != nullptr, "a question of the row's kind");
    Plan made = PlanToAnswer(context, sources.now);
    row.plan(context, *ask, row.gather(context, *ask, sources, settings), settings, sources.now, made);
    FinishAnswer(context, made);
    return made;
  };
  kind.schedule = [](const FollowUpSettings& settings) -> const Schedule& { return T::ScheduleIn(settings); };
  return kind;
}

// Every kind of question that a program knows. Nothing is registered: who makes the program hands them over.
class QuestionKinds {
 public:
  QuestionKinds() = default;
  // Two kinds of one name are a bug.
  explicit QuestionKinds(std::vector<QuestionKind> kinds);
  void Add(QuestionKind kind);

  // nullptr: none of that name.
  const QuestionKind* Find(std::string_view name) const;
  std::vector<std::string> Names() const;
  // The question that such a JSON text stands for: one of the ledger is asked later, or by another process.
  // kInvalidInput, with the path or the format, for anything else.
  Result<Question> Read(const Json& json) const;

 private:
  std::vector<QuestionKind> kinds_;
};

}  // namespace sallyport
