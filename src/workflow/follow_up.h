// SPDX-License-Identifier: Apache-2.0
//
// A question that is due (question.h) as an event of our own making, and the plan that answers it. Such events never
// come from outside: intake refuses them.
#pragma once

#include <string>

#include "workflow/question_kind.h"

namespace sallyport {

// The context as the detail of an event, and back.
std::string FollowUpDetail(const FollowUpContext& context);
Result<FollowUpContext> ReadFollowUpDetail(const Json& json, const ActionKinds& actions,
                                           const QuestionKinds& questions);

// Asks, with the same sources as a workflow, and decides. `answer` of the plan is always set. An Error: the event is of
// a release that knows other questions or actions.
Result<Plan> MakeFollowUpPlan(const Event& event, const ActionKinds& actions, const QuestionKinds& questions,
                              Sources& sources, const WorkflowSettings& settings);

}  // namespace sallyport
