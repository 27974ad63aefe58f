// SPDX-License-Identifier: Apache-2.0
//
// What the answer to a question means: pure functions from facts to a plan.
#include <algorithm>

#include "base/text.h"
#include "workflow/follow_up.h"
#include "workflow/owner.h"
#include "workflow/scans.h"

namespace sallyport {
namespace {

using Kind = Answer::Kind;

Plan PlanOf(const FollowUpContext& context, TimePoint now) {
  const Matter& matter = context.question.matter;
  Plan plan;
  plan.workflow = "follow-up";
  plan.decision = Decision::kNothing;
  plan.subject = matter.subject;
  plan.title = matter.title;
  plan.found_by = matter.found_by;
  plan.account = matter.account;
  plan.region = matter.region;
  plan.severity = matter.severity;
  plan.sample = matter.sample;
  plan.links = matter.links;
  plan.event_time = now;
  return plan;
}

// Not answered: ask again, or give up when its time is over.
Plan NotYet(Plan plan, const FollowUpContext& context, TimePoint now, const std::string& why) {
  if (now < context.give_up_at) {
    plan.answer = Answer{Kind::kNotYet, why, false};
  } else {
    plan.answer = Answer{
        Kind::kNotVerifiable,
        "given up after " + std::to_string(context.attempts) + (context.attempts == 1 ? " look: " : " looks: ") + why,
        true};
  }
  plan.reasons.push_back(plan.answer->reason);
  return plan;
}

Plan Answered(Plan plan, Kind kind, std::string reason) {
  plan.reasons.push_back(reason);
  plan.answer = Answer{kind, std::move(reason), false};
  if (!plan.actions.empty()) plan.decision = Decision::kAct;
  return plan;
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "; ") + line;
  return text;
}

std::string InTouch(const swp::Computer& computer) {
  if (!computer.last_agent_communication) return "the agent was never in touch";
  return "the agent was in touch last at " + FormatTime(*computer.last_agent_communication);
}

std::string ScanNotFinished(const ScanFinished& ask, const swp::ScanProgress& progress) {
  std::string text = "the " + std::string(swp::DisplayName(ask.kind)) + " has not ended";
  const bool ended_badly = ask.kind == swp::ScanKind::kRecommendation && progress.finished_at &&
                           *progress.finished_at > ask.since && progress.scan_status != "valid";
  if (ended_badly) text = "the scan ended and SWP calls its result `" + Printable(progress.scan_status, 40) + "`";
  if (!progress.computer) return text;
  const bool active = progress.computer->agent_status.status == swp::AgentStatus::kActive;
  if (!active)
    return text + ": the agent is not active (" + Printable(progress.computer->agent_status.text, 40) + "); " +
           InTouch(*progress.computer);
  return text +
         (progress.computer->agent_tasks.empty() ? ": the agent has nothing to do at the moment, "
                                                 : ": the agent works, ") +
         InTouch(*progress.computer);
}

// Everybody who waits for a recommendation scan must want its results applied: where one finding calls the host
// compromised, evidence comes first.
bool AllWantResultsApplied(const std::vector<Action>& waiting) {
  return !waiting.empty() && std::all_of(waiting.begin(), waiting.end(), [](const Action& action) {
    const auto* scan = std::get_if<RequestScan>(&action);
    return scan != nullptr && scan->apply_results;
  });
}

// The tags that SWP knows now; those of the question are as old as the finding.
Host Refreshed(Host host, const Result<swp::Computer>& computer) {
  if (!computer.ok()) return host;
  if (computer->tags) host.tags = computer->tags;
  if (computer->tags_unreadable) host.tags = std::nullopt;
  return host;
}

// The first of the reads that failed, one that may succeed later before one that SWP answered with "there is none".
const Error* UnreadOf(const RecommendationFacts& facts) {
  std::vector<const Error*> failed;
  const auto look = [&](const auto& read) {
    if (!read.ok()) failed.push_back(&read.error());
  };
  look(facts.computer);
  for (const auto& [module, read] : facts.assignments) look(read);
  for (const auto& [rule, read] : facts.rules) look(read);
  if (facts.policy) look(*facts.policy);
  if (facts.computers_of_policy) look(*facts.computers_of_policy);
  const auto later = std::find_if(failed.begin(), failed.end(),
                                  [](const Error* error) { return error->code != ErrorCode::kNotFound; });
  if (later != failed.end()) return *later;
  return failed.empty() ? nullptr : failed.front();
}

void AddDeleteTask(const ScanFinished& ask, const Host& host, Plan& plan) {
  if (!ask.task) return;
  PlannedAction planned;
  planned.action = DeleteTask{*ask.task, ask.computer, host};
  planned.key = IdempotencyKey({std::string(DeleteTask::kKind), std::to_string(ask.task->value)});
  planned.why = {"its scan has ended, and SWP does not promise to remove it"};
  planned.undo = "nothing to undo: a task that ran";
  plan.actions.push_back(std::move(planned));
}

// Why rules that are assigned do not protect; empty: they do.
struct Effect {
  bool waiting = false;  // it may still come
  std::string why_not;
};

Effect EffectOf(const RulesEffective& ask, const swp::Computer& computer, const swp::Assignments& assignments) {
  for (const RuleId rule : ask.rules) {
    if (std::find(assignments.assigned.begin(), assignments.assigned.end(), rule) == assignments.assigned.end()) {
      return {false, "rule " + std::to_string(rule.value) + " is not assigned any more: somebody removed it"};
    }
  }
  const std::string name(swp::DisplayName(swp::ModuleOf(ask.module)));
  const swp::ModuleState* module = computer.Find(swp::ModuleOf(ask.module));
  if (module == nullptr) return {true, "SWP's answer holds no " + name + " module"};
  if (module->state == "off") return {false, "assigned, but " + name + " is off: nothing is enforced"};
  if (module->state == "detect") return {false, "assigned, not preventing: " + name + " is in detect mode"};
  if (computer.agent_status.status != swp::AgentStatus::kActive) {
    return {true, "assigned; the agent is not active (" + Printable(computer.agent_status.text, 40) + "), " +
                      InTouch(computer)};
  }
  if (module->status.status != swp::AgentStatus::kActive) {
    return {true, "assigned; " + name + " is not active on the agent (" + Printable(module->status.text, 40) + ")"};
  }
  if (!computer.last_send_policy_success || *computer.last_send_policy_success <= ask.since) {
    return {true, "assigned; the agent has not received its policy since"};
  }
  return {};
}

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

// A message, and the removal of our own tasks, are nothing that an owner has to hear the end of.
bool IsForOwners(const Action& action) {
  return std::holds_alternative<RequestScan>(action) || std::holds_alternative<AssignRules>(action);
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
  const std::string name = host.name.empty() ? host.instance.value : host.name + " (" + host.instance.value + ")";
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
  message.why_now = {Printable(matter.found_by, 40) + " finding " + Printable(matter.title, 200)};
  for (const auto* action : actions) {
    message.done.push_back({action->state, Describe(action->action), action->reason});
  }
  if (message.status == MatterStatus::kFailed) {
    message.to_do.push_back("look at what is not verified: sallyport ledger show " +
                            std::to_string(context.case_number));
  }
  message.to_do.push_back("investigate the finding itself; archive it in " + Printable(matter.found_by, 40) +
                          " when it is settled");
  message.links = matter.links;
  return message;
}

void AddMessage(NotifyOwner message, const std::string& content, Plan& plan) {
  PlannedAction planned;
  planned.key = IdempotencyKey({std::string(NotifyOwner::kKind), plan.subject, message.host.Subject(), message.reason,
                                std::string(ToString(message.status)), content});
  planned.why = {message.headline};
  planned.undo = "nothing to undo: a message";
  planned.action = std::move(message);
  plan.actions.push_back(std::move(planned));
}

NotifyOwner BackMessage(const HostBack& ask, const Host& host, const Matter& matter, const OwnerSettings& owners) {
  NotifyOwner message;
  message.host = host;
  const Owner owner = FindOwner(host.tags, host.account, owners);
  message.owner = owner.name;
  message.owner_source = owner.source;
  message.reason = "protected-now";
  message.status = MatterStatus::kResolved;
  message.protection_state = ToString(ProtectionState::kProtected);
  message.headline = "Server & Workload Protection reaches " + ask.host.instance.value + " now";
  message.why_now = {Printable(matter.found_by, 40) + " finding " + Printable(matter.title, 200)};
  message.done = {{"planned", "the scans that had to wait", "they are asked for now"}};
  message.links = matter.links;
  return message;
}

}  // namespace

Plan PlanScanFinished(const FollowUpContext& context, const ScanFinished& ask, const ScanFinishedFacts& facts,
                      const WorkflowSettings& settings, TimePoint now) {
  Plan plan = PlanOf(context, now);
  if (!facts.progress.ok()) {
    return NotYet(std::move(plan), context, now, "SWP could not be asked: " + facts.progress.error().message);
  }
  if (!facts.progress->finished) return NotYet(std::move(plan), context, now, ScanNotFinished(ask, *facts.progress));
  const TimePoint ended = *facts.progress->finished_at;
  const std::string end = "the " + std::string(swp::DisplayName(ask.kind)) + " ended at " + FormatTime(ended);
  Host host = ask.host;
  std::string outcome;
  Kind kind = Kind::kVerified;
  if (facts.recommendations) {
    if (const Error* unread = UnreadOf(*facts.recommendations)) {
      outcome = "; what it recommends could not all be read: " + unread->message;
      const bool later = unread->code != ErrorCode::kNotFound && now < context.give_up_at;
      if (later) return NotYet(std::move(plan), context, now, end + outcome);
      kind = Kind::kNotVerifiable;
    }
    host = Refreshed(std::move(host), facts.recommendations->computer);
    auto decided = DecideRecommendations(
        *facts.recommendations,
        {host, ask.computer, AllWantResultsApplied(context.waiting), ended, settings.apply, settings.max_hosts});
    if (!decided.lines.empty()) outcome += "; " + Joined(decided.lines);
    plan.actions = std::move(decided.actions);
  }
  AddDeleteTask(ask, host, plan);
  return Answered(std::move(plan), kind, end + outcome);
}

Plan PlanRulesEffective(const FollowUpContext& context, const RulesEffective& ask, const RulesEffectiveFacts& facts,
                        const WorkflowSettings&, TimePoint now) {
  Plan plan = PlanOf(context, now);
  if (!facts.computer.ok()) {
    return NotYet(std::move(plan), context, now, "SWP could not be asked: " + facts.computer.error().message);
  }
  if (!facts.assignments.ok()) {
    return NotYet(std::move(plan), context, now, "SWP could not be asked: " + facts.assignments.error().message);
  }
  const Effect effect = EffectOf(ask, *facts.computer, *facts.assignments);
  if (effect.waiting) return NotYet(std::move(plan), context, now, effect.why_not);
  if (!effect.why_not.empty()) return Answered(std::move(plan), Kind::kNotVerifiable, effect.why_not);
  return Answered(std::move(plan), Kind::kVerified,
                  "in effect on the host: assigned, the module is active, and the agent received its policy at " +
                      FormatTime(*facts.computer->last_send_policy_success));
}

Plan PlanHostBack(const FollowUpContext& context, const HostBack& ask, const HostBackFacts& facts,
                  const WorkflowSettings& settings, TimePoint now) {
  Plan plan = PlanOf(context, now);
  if (!facts.protection.CanScan()) {
    const auto& decisive = facts.protection.decisive;
    return NotYet(std::move(plan), context, now,
                  decisive.empty() ? "the host cannot be scanned yet" : decisive.back().text);
  }
  if (!facts.our_tasks || !facts.our_tasks->ok()) {
    return NotYet(std::move(plan), context, now, "could not find out whether scans are running");
  }
  const swp::Computer& computer = *facts.protection.computer;
  HostDecision decision;
  decision.host = Refreshed(ask.host, computer);
  decision.found_in = "an earlier finding";
  decision.protection = facts.protection;
  const auto key = [&](std::string_view scan) {
    return IdempotencyKey({"host-back", decision.host.Subject(), context.question.matter.subject, std::string(scan)});
  };
  for (const WantedScan& wanted : ask.scans) {
    decision.scans.push_back(
        PlanScan(wanted, {decision.host, computer, **facts.our_tasks, now, settings.cool_down, key}, plan.actions));
  }
  decision.summary = "reachable now: the scans that had to wait are requested";
  if (ask.owner_was_told) {
    AddMessage(BackMessage(ask, decision.host, context.question.matter, settings.owner), "", plan);
  }
  plan.hosts.push_back(std::move(decision));
  return Answered(std::move(plan), Kind::kVerified, "SWP reaches the host now");
}

Plan PlanCaseEnded(const FollowUpContext& context, const WorkflowSettings& settings, TimePoint now) {
  Plan plan = PlanOf(context, now);
  std::map<std::string, std::vector<const FollowUpContext::CaseAction*>> by_host;
  for (const auto& action : context.case_actions) {
    if (!action.ended) return NotYet(std::move(plan), context, now, "not ended yet: " + Describe(action.action));
  }
  for (const auto& action : context.case_actions) {
    if (!IsForOwners(action.action) || WasTriedAgain(action, context.case_actions)) continue;
    by_host[HostOf(action.action).Subject()].push_back(&action);
  }
  for (const auto& [subject, actions] : by_host) {
    std::string content;
    for (const auto* action : actions) content += action->state + ";" + WhatOf(action->action) + ";";
    AddMessage(OutcomeMessage(context, HostOf(actions.back()->action), actions, settings.owner), content, plan);
  }
  plan = Answered(std::move(plan), Kind::kVerified, "everything that was begun has ended");
  if (!plan.actions.empty()) plan.decision = Decision::kNotify;
  return plan;
}

}  // namespace sallyport
