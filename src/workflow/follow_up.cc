// SPDX-License-Identifier: Apache-2.0
//
// The event of a follow-up, and what is read to answer it. What the answers mean is in follow_up_plans.cc.
#include "workflow/follow_up.h"

#include "action/policy_targets.h"
#include "base/check.h"

namespace sallyport {
namespace {

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
  if (!any || !facts.computer.ok() || !facts.computer->policy) return facts;
  facts.policy = sources.swp.GetPolicy(*facts.computer->policy);
  if (settings.placement == Placement::kPolicy) {
    facts.targets_of_policy =
        ReadPolicyTargets(sources.swp, *facts.computer->policy, static_cast<std::size_t>(all.gates.max_hosts));
  }
  return facts;
}

ScanFinishedFacts Gather(const ScanFinished& ask, Sources& sources, const WorkflowSettings& settings) {
  ScanFinishedFacts facts;
  facts.progress = sources.swp.CheckScan(ask.kind, ask.computer, ask.since);
  const bool recommends = ask.kind == swp::ScanKind::kRecommendation && facts.progress.ok() &&
                          facts.progress->finished && facts.progress->assignments;
  if (recommends) {
    facts.recommendations = GatherRecommendations(ask.computer, *facts.progress->assignments, sources, settings);
  }
  return facts;
}

RulesEffectiveFacts Gather(const RulesEffective& ask, Sources& sources) {
  RulesEffectiveFacts facts;
  facts.computer = sources.swp.GetComputer(ask.computer);
  if (facts.computer.ok()) {
    facts.assignments = sources.swp.GetAssignments(swp::Scope::Of(ask.computer), ask.module);
  }
  return facts;
}

HostBackFacts Gather(const HostBack& ask, Sources& sources, const WorkflowSettings& settings) {
  HostBackFacts facts;
  facts.protection = JudgeProtection({ask.host.instance, ask.host.account},
                                     sources.swp.FindComputers(ask.host.instance), settings.protection, sources.now);
  if (facts.protection.CanScan()) facts.our_tasks = sources.swp.FindOurTasks(facts.protection.computer->id);
  return facts;
}

Result<std::vector<Action>> ReadActions(const Json& json, const ActionKinds& kinds) {
  std::vector<Action> actions;
  for (const Json& element : json.Elements()) {
    auto action = kinds.Read(element);
    if (!action.ok()) return action.error();
    actions.push_back(*std::move(action));
  }
  return actions;
}

}  // namespace

std::string FollowUpDetail(const FollowUpContext& context) {
  JsonWriter out;
  out.BeginObject().Key("asked").Raw(QuestionToJson(context.question)).Member("attempts", context.attempts);
  out.Member("giveUpAt", ToEpochMilliseconds(context.give_up_at)).Member("case", context.case_number);
  out.Key("waiting").BeginArray();
  for (const Action& action : context.waiting) out.Raw(ActionToJson(action));
  out.EndArray().Key("caseActions").BeginArray();
  for (const auto& action : context.case_actions) {
    out.BeginObject().Key("action").Raw(ActionToJson(action.action)).Member("state", action.state);
    out.Member("reason", action.reason).Member("ended", action.ended).EndObject();
  }
  return out.EndArray().EndObject().Take();
}

Result<FollowUpContext> ReadFollowUpDetail(const Json& detail, const ActionKinds& kinds) {
  FollowUpContext context;
  auto question = QuestionFromJson(detail["asked"]);
  if (!question.ok()) return question.error();
  context.question = *std::move(question);
  context.attempts = static_cast<int>(detail["attempts"].Int64Or(0));
  const auto give_up_at = detail["giveUpAt"].AsInt64();
  if (!give_up_at.ok()) return give_up_at.error();
  context.give_up_at = FromEpochMilliseconds(*give_up_at);
  context.case_number = detail["case"].Int64Or(0);
  auto waiting = ReadActions(detail["waiting"], kinds);
  if (!waiting.ok()) return waiting.error();
  context.waiting = *std::move(waiting);
  for (const Json& element : detail["caseActions"].Elements()) {
    auto action = kinds.Read(element["action"]);
    if (!action.ok()) return action.error();
    context.case_actions.push_back({*std::move(action), element["state"].StringOr(""), element["reason"].StringOr(""),
                                    element["ended"].BoolOr(false)});
  }
  return context;
}

Result<Plan> MakeFollowUpPlan(const Event& event, Sources& sources, const WorkflowSettings& settings) {
  Check(sources.actions != nullptr, "the kinds of actions for a follow-up");
  const auto context = ReadFollowUpDetail(event.detail, *sources.actions);
  if (!context.ok()) return context.error().In("a follow-up that this version cannot read");
  const auto& ask = context->question.ask;
  if (const auto* scan = std::get_if<ScanFinished>(&ask)) {
    return PlanScanFinished(*context, *scan, Gather(*scan, sources, settings), settings, sources.now);
  }
  if (const auto* rules = std::get_if<RulesEffective>(&ask)) {
    return PlanRulesEffective(*context, *rules, Gather(*rules, sources), settings, sources.now);
  }
  if (const auto* host = std::get_if<HostBack>(&ask)) {
    return PlanHostBack(*context, *host, Gather(*host, sources, settings), settings, sources.now);
  }
  return PlanCaseEnded(*context, settings, sources.now);
}

}  // namespace sallyport
