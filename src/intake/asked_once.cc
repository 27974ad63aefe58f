// SPDX-License-Identifier: Apache-2.0
//
// What an operator asks for by a command: it takes the way of a question that is due, without one that waits in the
// ledger. What is decided about is an event of our own in a case of its own.
#include "intake/handle.h"
#include "intake/own_event.h"

namespace sallyport {

EventReport Handler::AskOnce(const Question& question) const {
  return Report(std::string(NameOf(question)), std::nullopt, [&](Job& job) {
    FollowUpContext context;
    context.question = question;
    context.attempts = 1;
    context.give_up_at = parts_.clock.Now();
    auto plan = PlanToAnswerNow(context, job);
    if (!plan.ok()) {
      job.report.reason = plan.error().ToText();
      return;
    }
    const bool was_read = plan->decision != Decision::kUndetermined;
    job.report.state = was_read ? EventState::kDone : EventState::kUndetermined;
    job.report.reason = plan->answer->reason;
    if (plan->actions.empty() && plan->others.empty()) {
      job.report.plans.push_back({*std::move(plan), CaseNumber{}, {}});
      return;
    }
    NewEvent own = OwnEvent(*job.report.event, plan->matter, parts_.owner);
    own.subject = plan->matter.subject;
    own.title = plan->matter.title;
    CarryOutOwn(own, *std::move(plan), job);
  });
}

}  // namespace sallyport
