// SPDX-License-Identifier: Apache-2.0
#include "workflow/patches_in_effect.h"

#include <algorithm>

#include "action/assign_patches.h"
#include "base/text.h"
#include "workflow/answers.h"

namespace sallyport {
namespace {

using Kind = Answer::Kind;

// As many computers of a policy as an action may touch; the others are asked one by one.
constexpr std::size_t kMostOfPolicy = 2'000;
constexpr std::size_t kMostSingly = 50;
constexpr std::size_t kMostHostsTold = 5;

// Whether it is in effect on one host; if not, why, and whether it may still come.
struct HostEffect {
  bool in_effect = false;
  bool waiting = false;
  std::string why{};
};

HostEffect EffectOn(const PatchesInEffect& ask, const PatchesInEffectFacts& facts, const Target& host) {
  const auto found = facts.computers.find(host.computer.value);
  if (found == facts.computers.end()) {
    const auto why = facts.missing.find(host.computer.value);
    return {false, why == facts.missing.end(), why == facts.missing.end() ? "could not be read" : why->second};
  }
  const swp::Computer& computer = found->second.computer;
  if (const std::string change = ChangeOf(host.host, computer); !change.empty()) return {false, false, change};
  const swp::ModuleState* module = computer.Find(swp::Module::kIntrusionPrevention);
  if (module == nullptr) return {false, true, "SWP's answer holds no Intrusion Prevention module"};
  if (const std::string damage = module->DamageOfState(); !damage.empty()) {
    return {false, true, "what SWP says about Intrusion Prevention cannot be read: " + damage};
  }
  for (const RuleId rule : ask.rules) {
    if (std::find(module->rules.begin(), module->rules.end(), rule) == module->rules.end()) {
      return {false, false,
              "rule " + std::to_string(rule.value) +
                  " is not assigned: it was removed, or the computer has another SWP policy"};
    }
    if (!facts.detect_only) continue;
    const auto detect = facts.detect_only->find(rule.value);
    if (detect != facts.detect_only->end() && detect->second) {
      return {false, false, "rule " + std::to_string(rule.value) + " is detect-only: it logs and does not block"};
    }
  }
  if (module->state == "off") return {false, false, "Intrusion Prevention is off"};
  if (module->state == "detect") return {false, false, "Intrusion Prevention is in detect mode"};
  if (!facts.engine_tap.empty()) return {false, false, facts.engine_tap};
  if (const std::string* damage = computer.Damage("lastSendPolicySuccess")) {
    return {false, true, "when the agent received its policy cannot be read: " + *damage};
  }
  if (!computer.last_send_policy_success || *computer.last_send_policy_success <= ask.since) {
    return {false, true, "the agent has not received its policy since (" + InTouch(computer) + ")"};
  }
  const auto& requested = found->second.last_send_policy_request;
  if (requested && *requested > *computer.last_send_policy_success) {
    return {false, true, "the agent has not received its policy since " + FormatTime(*requested)};
  }
  if (computer.agent_status.status != swp::AgentStatus::kActive) {
    return {false, true, "the agent is not active, " + InTouch(computer)};
  }
  if (module->status.status != swp::AgentStatus::kActive) {
    return {false, true, "Intrusion Prevention is not active on the agent"};
  }
  return {true, false, ""};
}

// Those of the policy in one list; whoever else is asked about (of a policy below it, moved meanwhile) singly.
void ReadHosts(const PatchesInEffect& ask, swp::EstateReads& estate, Sources& sources, PatchesInEffectFacts& facts) {
  if (ask.scope.kind == swp::Scope::Kind::kPolicy) {
    const auto listed = estate.AllComputers(PolicyId{ask.scope.id}, kMostOfPolicy);
    if (!listed.ok()) {
      facts.unread = listed.error().message;
      return;
    }
    for (const swp::EstateComputer& computer : *listed) facts.computers[computer.computer.id.value] = computer;
  }
  std::size_t singly = 0;
  for (const Target& host : ask.hosts) {
    if (facts.computers.contains(host.computer.value) || ++singly > kMostSingly) continue;
    auto read = sources.swp.GetComputer(host.computer);
    if (read.ok()) {
      facts.computers[host.computer.value].computer = *std::move(read);
    } else if (read.error().code == ErrorCode::kNotFound) {
      facts.missing[host.computer.value] = "SWP no longer has this computer";
    }
  }
}

PatchesInEffectFacts GatherPatchesInEffect(const FollowUpContext&, const PatchesInEffect& ask, Sources& sources,
                                           const WorkflowSettings&) {
  PatchesInEffectFacts facts;
  swp::EstateReads* estate = sources.swp.estate();
  if (estate == nullptr) {
    facts.unread = "SWP cannot be listed here";
    return facts;
  }
  ReadHosts(ask, *estate, sources, facts);
  if (!facts.unread.empty()) return facts;
  const auto rules = estate->RulesAt(ask.scope);
  if (!rules.ok() && rules.error().code != ErrorCode::kNotFound) {
    facts.unread = rules.error().message;
    return facts;
  }
  if (rules.ok()) {
    facts.detect_only.emplace();
    for (const swp::Rule& rule : *rules) (*facts.detect_only)[rule.id.value] = rule.detect_only;
  }
  return facts;
}

void DecidePatchesInEffect(const FollowUpContext& context, const PatchesInEffect& ask,
                           const PatchesInEffectFacts& facts, const WorkflowSettings&, TimePoint now, Plan& plan) {
  if (!facts.unread.empty()) return NotYet(context, now, "SWP could not be asked: " + facts.unread, plan);
  std::size_t in_effect = 0;
  std::vector<std::string> waiting;
  std::vector<std::string> not_so;
  for (const Target& host : ask.hosts) {
    const HostEffect effect = EffectOn(ask, facts, host);
    if (effect.in_effect) {
      ++in_effect;
    } else {
      (effect.waiting ? waiting : not_so).push_back(NameOf(host) + " (" + effect.why + ")");
    }
  }
  const std::string so_far = "in effect on " + std::to_string(in_effect) + " of " + std::to_string(ask.hosts.size()) +
                             (ask.hosts.size() == 1 ? " host" : " hosts");
  const std::string others = not_so.empty() ? "" : "; not on " + Listed(not_so, kMostHostsTold);
  if (!waiting.empty()) {
    return NotYet(context, now, so_far + others + "; awaited on " + Listed(waiting, kMostHostsTold), plan);
  }
  if (!not_so.empty()) return Answered(Kind::kNotVerifiable, so_far + others, plan);
  Answered(Kind::kVerified, so_far + ": assigned, the module prevents, and the agent received its policy", plan);
}

}  // namespace

std::string PatchesInEffect::Key(const Matter&, std::int64_t) const {
  std::string key = swp::ToString(scope);
  for (const RuleId rule : rules) key += "," + std::to_string(rule.value);
  return key;
}

void PatchesInEffect::DescribeJson(Members& json) {
  json(scope)("since", since)("rules", rules).List("hosts", hosts, DescribePatched);
}

QuestionOf<PatchesInEffect, PatchesInEffectFacts> PatchesInEffectQuestion() {
  return {GatherPatchesInEffect, DecidePatchesInEffect};
}

}  // namespace sallyport
