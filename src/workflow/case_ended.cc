// SPDX-License-Identifier: Apache-2.0
#include "workflow/case_ended.h"

#include <algorithm>
#include <map>

#include "action/assign_rules.h"
#include "action/notify_owner.h"
#include "base/text.h"
#include "workflow/answers.h"
#include "workflow/owner.h"
#include "workflow/recommendations.h"

namespace sallyport {
namespace {

using Kind = Answer::Kind;

struct CaseCount {
  int verified = 0;
  int not_verifiable = 0;
  int failed = 0;
  int unknown = 0;  // an outcome that was never found out is none that anybody may rely on
  bool rules_in_effect = false;
};

CaseCount Count(const std::vector<const FollowUpContext::CaseAction*>& actions) {
  CaseCount count;
  for (const auto* action : actions) {
    if (action->state == "verified") ++count.verified;
    if (action->state == "verified" && action->action.Is<AssignRules>()) count.rules_in_effect = true;
    if (action->state == "not-verifiable") ++count.not_verifiable;
    if (action->state == "failed") ++count.failed;
    if (action->state == "intended") ++count.unknown;
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

std::string Steps(int some, std::size_t all) {
  return std::to_string(some) + " of " + CountText(all, "step");
}

MatterStatus StatusOf(const CaseCount& count) {
  if (count.failed > 0) return MatterStatus::kFailed;
  if (count.unknown > 0) return MatterStatus::kUnknown;
  if (count.not_verifiable > 0) return MatterStatus::kNotVerified;
  return count.verified > 0 ? MatterStatus::kFinished : MatterStatus::kUpdated;
}

// Says what was seen: that scans have ended, and not what they found.
std::string OutcomeHeadline(const Host& host, const CaseCount& count, std::size_t all, const std::string& why) {
  const std::string name = TitleOf(host);
  switch (StatusOf(count)) {
    case MatterStatus::kFailed:
      return "Failed: " + name + ": " + Steps(count.failed, all) + " failed";
    case MatterStatus::kUnknown:
      return "Outcome unknown: " + name + ": " + Steps(count.unknown, all) + " may have been carried out";
    case MatterStatus::kNotVerified:
      return "Not verified: " + name + ": " + Steps(count.not_verifiable, all) + " could not be confirmed";
    case MatterStatus::kFinished:
      return "Scans finished: " + name + (count.rules_in_effect ? ", rules in effect" : "");
    case MatterStatus::kUpdated:
    case MatterStatus::kOpen:
      break;
  }
  return "No action taken: " + name + (why.empty() ? "" : ": " + Printable(why, 200));
}

std::vector<std::string> ToDo(const FollowUpContext& context, MatterStatus status) {
  const std::string service = Printable(context.question.matter.service, 40);
  const std::string show = " (operators: sallyport cases show " + std::to_string(context.case_number) + ")";
  std::vector<std::string> to_do;
  if (status == MatterStatus::kFinished) {
    to_do.emplace_back("Review the malware and integrity events of this host in Server & Workload Protection");
  } else if (status != MatterStatus::kUpdated) {
    to_do.push_back("Check in Server & Workload Protection what is listed above as not verified" + show);
  }
  to_do.push_back("Investigate the finding, and archive it in " + service + " when you are done");
  return to_do;
}

// "case 4 finished: 3 actions verified, 0 not verifiable, 0 failed".
std::string EndOfCase(const FollowUpContext& context) {
  std::vector<const FollowUpContext::CaseAction*> all;
  for (const auto& action : context.case_actions) all.push_back(&action);
  const CaseCount count = Count(all);
  std::string text = "case " + std::to_string(context.case_number) +
                     " finished: " + CountText(static_cast<std::uint64_t>(count.verified), "action") + " verified, " +
                     std::to_string(count.not_verifiable) + " not verifiable, " + std::to_string(count.failed) +
                     " failed";
  if (count.unknown > 0) text += ", " + std::to_string(count.unknown) + " with an unknown outcome";
  return text;
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
  message.status = StatusOf(count);
  message.headline = OutcomeHeadline(host, count, actions.size(), actions.back()->reason);
  message.why_now = {Printable(matter.service, 40) + " finding " + Printable(matter.title, 200)};
  for (const auto* action : actions) {
    message.done.push_back({action->state, Describe(action->action), action->reason});
  }
  message.to_do = ToDo(context, message.status);
  const bool any_manual = std::any_of(actions.begin(), actions.end(), [](const auto* action) {
    return action->reason.find(kNeedsDecisionInSwp) != std::string::npos;
  });
  if (any_manual) {
    message.to_do.insert(message.to_do.end() - 1,
                         "Decide about the rules in SWP that need a decision or configuration");
  }
  message.links = matter.links;
  return message;
}

CaseEndedFacts GatherCaseEnded(const FollowUpContext& context, const CaseEnded&, Sources& sources,
                               const WorkflowSettings& settings) {
  return {GatherResults(context, sources, settings)};
}

// What SWP reported of the hosts of the case is told with what was done.
void AddResults(const ResultFacts& results, NotifyOwner& message) {
  const std::vector<std::string> words = WordsOf(results);
  message.why_now.insert(message.why_now.end(), words.begin(), words.end());
  if (std::string headline = MalwareHeadline(message.host, results); !headline.empty()) {
    message.headline = std::move(headline);
  }
}

void DecideCaseEnded(const FollowUpContext& context, const CaseEnded&, const CaseEndedFacts& facts,
                     const WorkflowSettings& settings, TimePoint now, Plan& plan) {
  std::map<std::string, std::vector<const FollowUpContext::CaseAction*>> by_host;
  for (const auto& action : context.case_actions) {
    if (action.ended) continue;
    const std::string_view how = action.state == "held" ? "still open, not begun: " : "still open, not confirmed yet: ";
    return NotYet(context, now, std::string(how) + Describe(action.action), plan);
  }
  if (const auto until = ResultsAwaitedUntil(facts.results, settings); until && now < *until) {
    return NotYet(context, now, "what the scans found is awaited from SWP until " + FormatTime(*until), plan);
  }
  for (const auto& action : context.case_actions) {
    if (action.state == "skipped" || !OwnerHears(action.action) || WasTriedAgain(action, context.case_actions))
      continue;
    if (const Host* host = HostOf(action.action)) by_host[host->Subject()].push_back(&action);
  }
  for (const auto& [subject, actions] : by_host) {
    std::string content;
    for (const auto* action : actions) content += action->state + ";" + WhatOf(action->action) + ";";
    NotifyOwner message = OutcomeMessage(context, *HostOf(actions.back()->action), actions, settings.owner);
    AddResults(facts.results, message);
    content += CountsOf(facts.results.evidence);
    AddMessage(std::move(message), content, plan);
  }
  Answered(Kind::kVerified, EndOfCase(context), plan);
  if (!plan.actions.empty()) plan.decision = Decision::kNotify;
}

}  // namespace

QuestionOf<CaseEnded, CaseEndedFacts> CaseEndedQuestion() {
  return {GatherCaseEnded, DecideCaseEnded, true};
}

}  // namespace sallyport
