// SPDX-License-Identifier: Apache-2.0
#include "workflow/rules_effective.h"

#include <algorithm>

#include "base/text.h"
#include "workflow/answers.h"

namespace sallyport {
namespace {

using Kind = Answer::Kind;

// Why rules that are assigned do not protect; empty: they do.
struct RuleEffect {
  bool waiting = false;  // it may still come
  std::string why_not;
};

RuleEffect EffectOf(const RulesEffective& ask, const swp::Computer& computer, const swp::Assignments& assignments,
                    TimePoint now) {
  for (const RuleId rule : ask.rules) {
    if (std::find(assignments.assigned.begin(), assignments.assigned.end(), rule) == assignments.assigned.end()) {
      return {false,
              "rule " + std::to_string(rule.value) + " is no longer assigned: an operator or a SWP policy removed it"};
    }
  }
  const std::string name(swp::DisplayName(swp::ModuleOf(ask.module)));
  const swp::ModuleState* module = computer.Find(swp::ModuleOf(ask.module));
  if (module == nullptr) return {true, "SWP's answer holds no " + name + " module"};
  if (const std::string damage = module->DamageOfState(); !damage.empty()) {
    return {true, "assigned; what SWP's answer says about " + name + " cannot be read: " + damage};
  }
  if (const std::string* damage = computer.Damage("lastSendPolicySuccess")) {
    return {true, "assigned; when the agent received its policy cannot be read: " + *damage};
  }
  if (module->state == "off") return {false, "assigned, but " + name + " is off: nothing is enforced"};
  if (module->state == "detect") return {false, "assigned, not preventing: " + name + " is in detect mode"};
  if (computer.agent_status.status != swp::AgentStatus::kActive) {
    return {true, "assigned; agent not active (" + Printable(computer.agent_status.text, 40) + "), " +
                      InTouch(computer, now)};
  }
  if (module->status.status != swp::AgentStatus::kActive) {
    return {true, "assigned; " + name + " is not active on the agent (" + Printable(module->status.text, 40) + ")"};
  }
  if (!computer.last_send_policy_success || *computer.last_send_policy_success <= ask.since) {
    return {true, "rules assigned at " + TimeText(ask.since) + "; the agent has received no policy update since then"};
  }
  return {};
}

// "rule 1099006", "rules 1099006, 1099007 and 3 more"
std::string AskedRulesText(const RulesEffective& ask) {
  constexpr std::size_t kRulesNamedInEffect = 3;
  std::vector<std::string> ids;
  ids.reserve(ask.rules.size());
  for (const RuleId rule : ask.rules) ids.push_back(std::to_string(rule.value));
  return (ids.size() == 1 ? "rule " : "rules ") + Listed(ids, kRulesNamedInEffect);
}

RulesEffectiveFacts GatherRulesEffective(const FollowUpContext&, const RulesEffective& ask, Sources& sources,
                                         const WorkflowSettings&) {
  RulesEffectiveFacts facts;
  facts.computer = sources.swp.GetComputer(ask.computer);
  if (!facts.computer.ok()) {
    facts.gone = WhatBecameOf(facts.computer.error(), ask.computer, ask.host, sources.swp);
  } else {
    facts.assignments = sources.swp.GetAssignments(swp::Scope::Of(ask.computer), ask.module);
  }
  return facts;
}

void DecideRulesEffective(const FollowUpContext& context, const RulesEffective& ask, const RulesEffectiveFacts& facts,
                          const WorkflowSettings&, TimePoint now, Plan& plan) {
  if (facts.gone) return Answered(Kind::kNotVerifiable, "undetermined: " + *facts.gone, plan);
  if (!facts.computer.ok()) {
    return NotYet(context, now, "SWP could not be read: " + facts.computer.error().message, plan);
  }
  if (!facts.assignments.ok()) {
    return NotYet(context, now, "SWP could not be read: " + facts.assignments.error().message, plan);
  }
  if (const std::string change = ChangeOf(ask.host, *facts.computer); !change.empty()) {
    return Answered(Kind::kNotVerifiable, "undetermined: " + change, plan);
  }
  const RuleEffect effect = EffectOf(ask, *facts.computer, *facts.assignments, now);
  if (effect.waiting) return NotYet(context, now, effect.why_not, plan);
  if (!effect.why_not.empty()) return Answered(Kind::kNotVerifiable, effect.why_not, plan);
  return Answered(Kind::kVerified,
                  "in effect on " + NameOf(ask.host) + ": " + AskedRulesText(ask) +
                      " assigned, module active, policy received by the agent at " +
                      TimeText(*facts.computer->last_send_policy_success),
                  plan);
}

}  // namespace

std::string RulesEffective::Key(const Matter& matter, std::int64_t) const {
  std::string key = std::string(swp::PathName(module)) + "/" + Subject(matter);
  for (const RuleId rule : rules) key += "," + std::to_string(rule.value);
  return key;
}

void RulesEffective::DescribeJson(Members& json) {
  json.Word("module", module, swp::PathName, swp::RuleModuleFromPathName, "module with rules")("computer", computer);
  json(scope)("since", since)("rules", rules)("host", host);
}

QuestionOf<RulesEffective, RulesEffectiveFacts> RulesEffectiveQuestion() {
  return {GatherRulesEffective, DecideRulesEffective};
}

}  // namespace sallyport
