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
// Of up to so many hosts each is asked what it overrides; more are asked about their policies alone.
constexpr std::size_t kFewOwn = 20;
constexpr std::size_t kMostPoliciesRead = 10;
constexpr std::size_t kMostHostsTold = 5;

// Whether it is in effect on one host; if not, why, and whether it may still come.
struct HostEffect {
  bool in_effect = false;
  bool waiting = false;
  std::string why{};
};

bool OnlyDetects(const PatchesInEffect& ask, RuleId rule) {
  return std::find(ask.detect_first.begin(), ask.detect_first.end(), rule) != ask.detect_first.end();
}

// What keeps a rule that has arrived from blocking: the engine in tap mode, or the rule overridden at the computer.
// Whatever was not read is not looked at.
HostEffect StandStillOn(const PatchesInEffect& ask, const PatchesInEffectFacts& facts, const swp::Computer& computer) {
  const auto own = facts.own.find(computer.id.value);
  if (own != facts.own.end() && !own->second.ok()) {
    return {false, true, "what is set at the computer could not be read: " + own->second.error().message};
  }
  const std::string name(swp::kEngineModeSetting);
  const bool is_own = own != facts.own.end() && own->second->settings.contains(name);
  if (is_own && IsTapMode(own->second->settings.at(name))) {
    return {false, false, "the network engine is in tap mode, set at the computer: it blocks nothing"};
  }
  const auto of_policy = facts.engine_of_policy.find(computer.policy ? computer.policy->value : 0);
  if (!is_own && of_policy != facts.engine_of_policy.end()) {
    if (!of_policy->second.ok()) {
      return {false, true, "its SWP policy could not be read: " + of_policy->second.error().message};
    }
    if (IsTapMode(*of_policy->second))
      return {false, false, "the network engine is in tap mode at its SWP policy: it blocks nothing"};
  }
  const auto there = facts.detect_only_there.find(computer.id.value);
  if (there == facts.detect_only_there.end()) return {true, false, ""};
  if (!there->second.ok()) {
    return {false, true,
            "whether the computer overrides single rules could not be read: " + there->second.error().message};
  }
  for (const RuleId rule : ask.rules) {
    const auto detect = there->second->find(rule.value);
    if (detect == there->second->end() || !detect->second || OnlyDetects(ask, rule)) continue;
    return {false, false, "rule " + std::to_string(rule.value) + " is overridden to detect-only at the computer"};
  }
  return {true, false, ""};
}

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
    if (!facts.detect_only || OnlyDetects(ask, rule)) continue;
    const auto detect = facts.detect_only->find(rule.value);
    if (detect != facts.detect_only->end() && detect->second) {
      return {false, false, "rule " + std::to_string(rule.value) + " is detect-only: it logs and does not block"};
    }
  }
  if (module->state == "off") return {false, false, "Intrusion Prevention is off"};
  if (module->state == "detect") return {false, false, "Intrusion Prevention is in detect mode"};
  if (const std::string* damage = computer.Damage("lastSendPolicySuccess")) {
    return {false, true, "when the agent received its policy cannot be read: " + *damage};
  }
  if (!computer.last_send_policy_success || *computer.last_send_policy_success <= ask.since) {
    return {false, true, "the agent has received no policy update since then (" + InTouch(computer) + ")"};
  }
  const auto& requested = found->second.last_send_policy_request;
  if (requested && *requested > *computer.last_send_policy_success) {
    return {false, true, "the agent has received no policy update since " + TimeText(*requested)};
  }
  if (computer.agent_status.status != swp::AgentStatus::kActive) {
    return {false, true, "the agent is not active, " + InTouch(computer)};
  }
  if (module->status.status != swp::AgentStatus::kActive) {
    return {false, true, "Intrusion Prevention is not active on the agent"};
  }
  return StandStillOn(ask, facts, computer);
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

std::map<std::int32_t, bool> DetectOnlyOf(const std::vector<swp::Rule>& rules) {
  std::map<std::int32_t, bool> detect;
  for (const swp::Rule& rule : rules) detect[rule.id.value] = rule.detect_only;
  return detect;
}

void ReadOwnOf(const PatchesInEffect& ask, ComputerId computer, bool few, swp::EstateReads& estate,
               PatchesInEffectFacts& facts) {
  const bool is_listed = std::find(ask.own_engine.begin(), ask.own_engine.end(), computer) != ask.own_engine.end();
  if ((!few && !is_listed) || facts.own.size() >= kMostSingly) return;
  facts.own.emplace(computer.value, estate.GetOwnValues(computer));
  // Rules of the scope itself are known.
  if (!few || ask.scope == swp::Scope::Of(computer)) return;
  const auto rules = estate.RulesAt(swp::Scope::Of(computer));
  facts.detect_only_there.emplace(computer.value, rules.ok()
                                                      ? Result<std::map<std::int32_t, bool>>(DetectOnlyOf(*rules))
                                                      : Result<std::map<std::int32_t, bool>>(rules.error()));
}

// When nothing is awaited any more: what may keep those that have arrived from blocking.
void ReadWhatStandsStill(const PatchesInEffect& ask, swp::EstateReads& estate, Sources& sources,
                         PatchesInEffectFacts& facts) {
  std::vector<const swp::Computer*> arrived;
  for (const Target& host : ask.hosts) {
    const HostEffect effect = EffectOn(ask, facts, host);
    if (effect.waiting) return;
    if (effect.in_effect) arrived.push_back(&facts.computers.at(host.computer.value).computer);
  }
  const bool few = arrived.size() <= kFewOwn;
  for (const swp::Computer* computer : arrived) {
    ReadOwnOf(ask, computer->id, few, estate, facts);
    if (!computer->policy || facts.engine_of_policy.contains(computer->policy->value)) continue;
    if (facts.engine_of_policy.size() >= kMostPoliciesRead) continue;
    const auto policy = sources.swp.GetPolicy(*computer->policy);
    if (!policy.ok()) {
      facts.engine_of_policy.emplace(computer->policy->value, policy.error());
      continue;
    }
    const auto mode = policy->settings.find(std::string(swp::kEngineModeSetting));
    facts.engine_of_policy.emplace(computer->policy->value, mode == policy->settings.end() ? "" : mode->second);
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
  if (rules.ok()) facts.detect_only = DetectOnlyOf(*rules);
  ReadWhatStandsStill(ask, *estate, sources, facts);
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
  if (!ask.detect_first.empty()) {
    return Answered(Kind::kNotVerifiable,
                    "arrived on " + std::to_string(in_effect) + " of " + CountText(ask.hosts.size(), "host") +
                        " in detect mode (inspector.detect_first): the rules log, and block nothing before an operator "
                        "approves that they do",
                    plan);
  }
  Answered(Kind::kVerified,
           so_far + ": assigned, the module prevents, and the agent received its policy" +
               (ask.hosts.size() > kFewOwn ? " (whether computers override single rules was not read)" : ""),
           plan);
}

}  // namespace

std::string PatchesInEffect::Key(const Matter&, std::int64_t) const {
  std::string key = swp::ToString(scope);
  for (const RuleId rule : rules) key += "," + std::to_string(rule.value);
  return key;
}

void PatchesInEffect::DescribeJson(Members& json) {
  json(scope)("since", since)("rules", rules)("own_engine", own_engine)("detect_first", detect_first)
      .List("hosts", hosts, DescribePatched);
}

QuestionOf<PatchesInEffect, PatchesInEffectFacts> PatchesInEffectQuestion() {
  return {GatherPatchesInEffect, DecidePatchesInEffect};
}

}  // namespace sallyport
