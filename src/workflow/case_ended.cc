// SPDX-License-Identifier: Apache-2.0
#include "workflow/case_ended.h"

#include <algorithm>
#include <map>

#include "action/notify_owner.h"
#include "base/text.h"
#include "workflow/answers.h"
#include "workflow/owner.h"

namespace sallyport {
namespace {

using Kind = Answer::Kind;

struct CaseCount {
  int verified = 0;
  int not_verifiable = 0;
  int failed = 0;
};

CaseCount Count(const std::vector<const FollowUpContext::CaseAction*>& actions) {
  CaseCount count;
  for (const auto* action : actions) {
    if (action->state == "verified") ++count.verified;
    if (action->state == "not-verifiable") ++count.not_verifiable;
    // An outcome that was never found out is none that anybody may rely on.
    if (action->state == "failed" || action->state == "intended") ++count.failed;
  }
  return count;
}

// What failed and was tried again later: only the last try counts.
bool WasTriedAgain(const FollowUpContext::CaseAction& action, const std::vector<FollowUpContext::CaseAction>& all) {
  if (action.state != "failed") return false;
  return std::any_of(all.begin(), all.end(), [&](const FollowUpContext::CaseAction& later) {
    return &later > &action && later.state != "refused" && later.state != "skipped" &&
           KindOf(later.action) == KindOf(action.action) && WhatOf(later.action) == WhatOf(action.action) &&
           SubjectOf(later.action) == SubjectOf(action.action);
  });
}

std::string OutcomeHeadline(const Host& host, const CaseCount& count) {
  const bool named = !host.name.empty() && !host.instance.value.empty();
  const std::string name = named ? host.name + " (" + host.instance.value + ")" : host.name + host.instance.value;
  if (count.failed > 0) return name + ": not everything worked";
  if (count.not_verifiable > 0) return name + ": done, but not all of it could be verified";
  return count.verified > 0 ? name + ": scanned and verified" : name + ": nothing was done";
}

NotifyOwner OutcomeMessage(const FollowUpContext& context, const Host& host,
                           const std::vector<const FollowUpContext::CaseAction*>& actions,
                           const OwnerSettings& owners) {
  const Matter& matter = context.question.matter;
  const CaseCount count = Count(actions);
  NotifyOwner message;
  message.host = host;
  const Owner owner = FindOwner(host.tags, host.account, owners);
  message.owner = owner.name;
  message.owner_source = owner.source;
  message.reason = "outcome";
  message.headline = OutcomeHeadline(host, count);
  message.status = count.failed > 0 || count.not_verifiable > 0 ? MatterStatus::kFailed : MatterStatus::kResolved;
  message.why_now = {Printable(matter.service, 40) + " finding " + Printable(matter.title, 200)};
  for (const auto* action : actions) {
    message.done.push_back({action->state, Describe(action->action), action->reason});
  }
  if (message.status == MatterStatus::kFailed) {
    message.to_do.push_back("look at what is not verified: sallyport ledger show " +
                            std::to_string(context.case_number));
  }
  message.to_do.push_back("investigate the finding itself; archive it in " + Printable(matter.service, 40) +
                          " when it is settled");
  message.links = matter.links;
  return message;
}

CaseEndedFacts GatherCaseEnded(const FollowUpContext&, const CaseEnded&, Sources&, const WorkflowSettings&) {
  return {};
}

void DecideCaseEnded(const FollowUpContext& context, const CaseEnded&, const CaseEndedFacts&,
                     const WorkflowSettings& settings, TimePoint now, Plan& plan) {
  std::map<std::string, std::vector<const FollowUpContext::CaseAction*>> by_host;
  for (const auto& action : context.case_actions) {
    if (!action.ended) return NotYet(context, now, "not ended yet: " + Describe(action.action), plan);
  }
  for (const auto& action : context.case_actions) {
    if (action.state == "skipped" || !OwnerHears(action.action) || WasTriedAgain(action, context.case_actions))
      continue;
    if (const Host* host = HostOf(action.action)) by_host[host->Subject()].push_back(&action);
  }
  for (const auto& [subject, actions] : by_host) {
    std::string content;
    for (const auto* action : actions) content += action->state + ";" + WhatOf(action->action) + ";";
    AddMessage(OutcomeMessage(context, *HostOf(actions.back()->action), actions, settings.owner), content, plan);
  }
  Answered(Kind::kVerified, "everything that was begun has ended", plan);
  if (!plan.actions.empty()) plan.decision = Decision::kNotify;
}

}  // namespace

QuestionOf<CaseEnded, CaseEndedFacts> CaseEndedQuestion() {
  return {GatherCaseEnded, DecideCaseEnded, true};
}

}  // namespace sallyport
