// SPDX-License-Identifier: Apache-2.0
#include "workflow/scan_finished.h"

#include <algorithm>

#include "action/delete_task.h"
#include "action/policy_targets.h"
#include "action/request_scan.h"
#include "base/text.h"
#include "workflow/answers.h"

namespace sallyport {
namespace {

using Kind = Answer::Kind;

std::string JoinedLines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "; ") + line;
  return text;
}

std::string ScanNotFinished(const ScanFinished& ask, const swp::ScanProgress& progress, TimePoint now) {
  std::string text = std::string(swp::DisplayName(ask.kind)) + " on " + NameOf(ask.host) + " not finished";
  const bool ended_badly = ask.kind == swp::ScanKind::kRecommendation && progress.finished_at &&
                           *progress.finished_at > ask.since && progress.scan_status != "valid";
  if (ended_badly)
    text =
        "scan on " + NameOf(ask.host) + " finished; SWP calls its result `" + Printable(progress.scan_status, 40) + "`";
  if (!progress.computer) return text;
  const bool active = progress.computer->agent_status.status == swp::AgentStatus::kActive;
  if (!active)
    return text + "; agent not active (" + Printable(progress.computer->agent_status.text, 40) + "), " +
           InTouch(*progress.computer, now);
  return text +
         (progress.computer->agent_tasks.empty() ? "; SWP lists no pending work for the agent, " : "; agent busy, ") +
         InTouch(*progress.computer, now);
}

// Everybody who waits for a recommendation scan must want its results applied: where one finding calls the host
// compromised, evidence comes first.
bool AllWantResultsApplied(const std::vector<Action>& waiting) {
  return !waiting.empty() && std::all_of(waiting.begin(), waiting.end(), [](const Action& action) {
    const auto* scan = action.As<RequestScan>();
    return scan != nullptr && scan->apply_results;
  });
}

// The first of the reads that failed, one that may succeed later before one that SWP answered with "there is none".
const Error* UnreadOf(const RecommendationFacts& facts) {
  std::vector<const Error*> failed;
  const auto look = [&](const auto& read) {
    if (!read.ok()) failed.push_back(&read.error());
  };
  look(facts.computer);
  look(facts.evidence);
  for (const auto& [module, read] : facts.assignments) look(read);
  for (const auto& [rule, read] : facts.rules) look(read);
  if (facts.policy) look(*facts.policy);
  // That they are too many is an answer.
  const bool too_many = facts.targets_of_policy && !facts.targets_of_policy->ok() &&
                        facts.targets_of_policy->error().code == ErrorCode::kTooLarge;
  if (facts.targets_of_policy && !too_many) look(*facts.targets_of_policy);
  const auto later = std::find_if(failed.begin(), failed.end(),
                                  [](const Error* error) { return error->code != ErrorCode::kNotFound; });
  if (later != failed.end()) return *later;
  return failed.empty() ? nullptr : failed.front();
}

constexpr std::string_view kFinished = "scan finished; Sallyport deletes its SWP task because SWP may keep it";
constexpr std::string_view kNotFollowed = "the scan can no longer be followed; Sallyport deletes its SWP task";

void AddDeleteTask(const ScanFinished& ask, const Host& host, std::string_view why, Plan& plan) {
  if (!ask.task) return;
  PlannedAction planned;
  planned.action = DeleteTask{*ask.task, ask.computer, host};
  planned.key = IdempotencyKey({std::string(DeleteTask::kKind), std::to_string(ask.task->value)});
  planned.why = {std::string(why)};
  plan.actions.push_back(std::move(planned));
}

RecommendationFacts GatherRecommendations(ComputerId computer, const swp::Assignments& intrusion_prevention,
                                          Sources& sources, const WorkflowSettings& all) {
  const ApplySettings& settings = all.apply;
  RecommendationFacts facts;
  facts.computer = sources.swp.GetComputer(computer);
  for (const swp::RuleModule module : swp::kRuleModules) {
    // The question whether the scan ended has read these already.
    const bool known = module == swp::RuleModule::kIntrusionPrevention;
    facts.assignments.emplace(module, known ? Result<swp::Assignments>(intrusion_prevention)
                                            : sources.swp.GetAssignments(swp::Scope::Of(computer), module));
  }
  bool any = false;
  for (const auto& [module, read] : facts.assignments) {
    if (!read.ok()) continue;
    for (std::size_t i = 0; i < read->recommended_to_assign.size() && i < settings.max_rules; ++i) {
      const RuleId rule = read->recommended_to_assign[i];
      facts.rules.emplace(std::make_pair(module, rule.value), sources.swp.GetRule(module, rule));
      any = true;
    }
  }
  if (!any || !facts.computer.ok()) return facts;
  if (const std::string* damage = facts.computer->Damage("policyID")) {
    facts.policy = Error{ErrorCode::kBadAnswer, "the SWP policy of the computer cannot be read: " + *damage, ""};
  }
  if (!facts.computer->policy) return facts;
  facts.policy = sources.swp.GetPolicy(*facts.computer->policy);
  if (settings.placement == Placement::kPolicy) {
    facts.targets_of_policy =
        ReadPolicyTargets(sources.swp, *facts.computer->policy, static_cast<std::size_t>(all.gates.max_hosts));
    if (facts.targets_of_policy->ok()) {
      const Status marked = MarkEvidence(**facts.targets_of_policy, sources.history);
      if (!marked.ok()) facts.targets_of_policy = marked.error();
    }
  }
  return facts;
}

ScanFinishedFacts GatherScanFinished(const FollowUpContext&, const ScanFinished& ask, Sources& sources,
                                     const WorkflowSettings& settings) {
  ScanFinishedFacts facts;
  facts.progress = sources.swp.CheckScan(ask.kind, ask.computer, ask.since);
  if (!facts.progress.ok()) facts.gone = WhatBecameOf(facts.progress.error(), ask.computer, ask.host, sources.swp);
  const bool recommends = ask.kind == swp::ScanKind::kRecommendation && facts.progress.ok() &&
                          facts.progress->finished && facts.progress->assignments;
  if (recommends) {
    facts.recommendations = GatherRecommendations(ask.computer, *facts.progress->assignments, sources, settings);
    if (sources.history != nullptr) {
      facts.recommendations->evidence = sources.history->WhyEvidence(ask.host.instance);
    }
  }
  return facts;
}

// What makes the scanned computer another host than the one that was to be scanned; empty: nothing.
std::string ChangeSince(const ScanFinished& ask, const ScanFinishedFacts& facts) {
  if (facts.progress->computer) return ChangeOf(ask.host, *facts.progress->computer);
  const bool read = facts.recommendations && facts.recommendations->computer.ok();
  return read ? ChangeOf(ask.host, *facts.recommendations->computer) : "";
}

void DecideScanFinished(const FollowUpContext& context, const ScanFinished& ask, const ScanFinishedFacts& facts,
                        const WorkflowSettings& settings, TimePoint now, Plan& plan) {
  if (facts.gone) {
    AddDeleteTask(ask, ask.host, kNotFollowed, plan);
    return Answered(Kind::kNotVerifiable, "end of the scan undetermined: " + *facts.gone, plan);
  }
  if (!facts.progress.ok()) {
    return NotYet(context, now, "SWP could not be read: " + facts.progress.error().message, plan);
  }
  if (!facts.progress->finished) return NotYet(context, now, ScanNotFinished(ask, *facts.progress, now), plan);
  const TimePoint ended = *facts.progress->finished_at;
  const std::string end = std::string(swp::DisplayName(ask.kind)) + " on " + NameOf(ask.host) + " finished at " +
                          TimeText(ended) + " (SWP time)";
  if (const std::string change = ChangeSince(ask, facts); !change.empty()) {
    // Of another host it proves nothing, and is not to be acted on.
    AddDeleteTask(ask, ask.host, kFinished, plan);
    return Answered(Kind::kNotVerifiable, end + ", but " + change, plan);
  }
  Host host = ask.host;
  std::string outcome;
  Kind kind = Kind::kVerified;
  if (facts.recommendations) {
    if (const Error* unread = UnreadOf(*facts.recommendations)) {
      outcome = "; not all recommendations could be read: " + unread->message;
      const bool later = unread->code != ErrorCode::kNotFound && now < context.give_up_at;
      if (later) return NotYet(context, now, end + outcome, plan);
      kind = Kind::kNotVerifiable;
    }
    host = Refreshed(std::move(host), facts.recommendations->computer);
    auto decided = DecideRecommendations(
        *facts.recommendations,
        {host, ask.computer, AllWantResultsApplied(context.waiting), ended, settings.apply, settings.gates});
    if (!decided.lines.empty()) outcome += "; " + JoinedLines(decided.lines);
    plan.actions = std::move(decided.actions);
    if (decided.manual > 0) plan.says = Plan::Says::kManualRules;
  }
  AddDeleteTask(ask, host, kFinished, plan);
  return Answered(kind, end + outcome, plan);
}

}  // namespace

std::string ScanFinished::Key(const Matter& matter, std::int64_t) const {
  return std::string(swp::ApiName(kind)) + "/" + Subject(matter);
}

void ScanFinished::DescribeJson(Members& json) {
  json.Word("scan", kind, swp::ApiName, swp::ScanKindFromApiName, "scan")("computer", computer);
  if (json.Has("task", task.has_value())) json("task", task ? *task : task.emplace());
  json("since", since)("host", host);
}

QuestionOf<ScanFinished, ScanFinishedFacts> ScanFinishedQuestion() {
  return {GatherScanFinished, DecideScanFinished};
}

}  // namespace sallyport
