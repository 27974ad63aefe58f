// SPDX-License-Identifier: Apache-2.0
//
// The follow-up workflow: a question that is due (question.h) is asked of SWP, and the answer becomes a plan. It takes
// events of our own making, which never come from outside: intake refuses them.
#pragma once

#include <string>
#include <vector>

#include "workflow/question.h"
#include "workflow/recommendations.h"
#include "workflow/workflow.h"

namespace sallyport {

// What the asker knows about the question, beside the question itself.
struct FollowUpContext {
  Question question;
  int attempts = 0;  // how often it was asked, this time included
  TimePoint give_up_at;
  // The actions that wait for the answer, as planned.
  std::vector<Action> waiting;
  // For CaseEnded: every action of the case.
  struct CaseAction {
    Action action;
    std::string state;  // the ledger's word
    std::string reason;
    bool ended = false;
  };
  std::vector<CaseAction> case_actions;
  std::int64_t case_number = 0;
};

// The context as the detail of an event, and back.
std::string FollowUpDetail(const FollowUpContext& context);
Result<FollowUpContext> ReadFollowUpDetail(const Json& detail, const ActionKinds& kinds);

// The workflow of the plans that answer questions. It is no row of the table: no event from outside reaches it.
inline constexpr std::string_view kFollowUpWorkflow = "follow-up";

// Asks, and decides. `answer` of the plan is always set.
Result<Plan> MakeFollowUpPlan(const Event& event, Sources& sources, const WorkflowSettings& settings);

// One function for each question; pure.
struct ScanFinishedFacts {
  Result<swp::ScanProgress> progress = Error{};
  std::optional<RecommendationFacts> recommendations;  // of a recommendation scan that ended
};
Plan PlanScanFinished(const FollowUpContext& context, const ScanFinished& ask, const ScanFinishedFacts& facts,
                      const WorkflowSettings& settings, TimePoint now);

struct RulesEffectiveFacts {
  Result<swp::Computer> computer = Error{};
  Result<swp::Assignments> assignments = Error{};  // of the computer: what is in force there
};
Plan PlanRulesEffective(const FollowUpContext& context, const RulesEffective& ask, const RulesEffectiveFacts& facts,
                        const WorkflowSettings& settings, TimePoint now);

struct HostBackFacts {
  Protection protection;
  std::optional<Result<std::vector<swp::ScheduledTask>>> our_tasks;
};
Plan PlanHostBack(const FollowUpContext& context, const HostBack& ask, const HostBackFacts& facts,
                  const WorkflowSettings& settings, TimePoint now);

Plan PlanCaseEnded(const FollowUpContext& context, const WorkflowSettings& settings, TimePoint now);

}  // namespace sallyport
