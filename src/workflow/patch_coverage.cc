// SPDX-License-Identifier: Apache-2.0
#include "workflow/patch_coverage.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "workflow/answers.h"

namespace sallyport {
namespace {

struct StateWord {
  CoverageState state;
  std::string_view word;
};
constexpr std::array<StateWord, 10> kStateWords = {{{CoverageState::kNoRule, "no-rule"},
                                                    {CoverageState::kNotCovered, "not-covered"},
                                                    {CoverageState::kAtComputer, "at-computer"},
                                                    {CoverageState::kByPolicy, "by-policy"},
                                                    {CoverageState::kByParent, "by-parent-policy"},
                                                    {CoverageState::kNotPreventing, "not-preventing"},
                                                    {CoverageState::kAtLastContact, "at-last-contact"},
                                                    {CoverageState::kNeedsConfiguration, "needs-configuration"},
                                                    {CoverageState::kNotProtected, "not-protected"},
                                                    {CoverageState::kUndetermined, "undetermined"}}};

bool Holds(const std::vector<RuleId>& rules, RuleId rule) {
  return std::find(rules.begin(), rules.end(), rule) != rules.end();
}

std::string NamesOf(const std::vector<const PatchRule*>& rules) {
  constexpr std::size_t kMostNamed = 3;
  std::vector<std::string> names;
  names.reserve(rules.size());
  for (const PatchRule* rule : rules) names.push_back(NameOfRule(*rule));
  return Listed(names, kMostNamed);
}

std::string PolicyName(const PolicyView& view) {
  return "policy `" + Printable(view.policy.name, 60) + "` (" + std::to_string(view.policy.id.value) + ")";
}

// Why something that is assigned does not block, or that it cannot be told; both empty: it blocks.
struct Obstacle {
  std::string blocks_not;
  std::string unknown;
  bool awaited = false;  // it goes away by itself: the agent is about to receive its policy
  bool Stands() const { return !blocks_not.empty() || !unknown.empty(); }
};

class CoverageJudge {
 public:
  CoverageJudge(const std::vector<const PatchRule*>& rules, const HostView& host, const swp::EstateComputer& computer)
      : rules_(rules), host_(host), computer_(computer.computer), estate_(computer) {
    module_ = computer_.Find(swp::Module::kIntrusionPrevention);
  }

  Coverage Decide() {
    Coverage coverage;
    if (computer_.agent_fingerprint.empty() && computer_.appliance_fingerprint.empty()) {
      return With(coverage, CoverageState::kNotProtected, "no agent is activated there");
    }
    SortRules(coverage);
    if (rules_.empty()) return With(coverage, CoverageState::kNoRule, "no rule lists it: only the patch helps");
    if (module_ == nullptr) {
      return With(coverage, CoverageState::kUndetermined, "SWP's answer holds no Intrusion Prevention module");
    }
    if (const std::string damage = module_->DamageOfState(); !damage.empty()) {
      return With(coverage, CoverageState::kUndetermined,
                  "what SWP says about Intrusion Prevention cannot be read: " + damage);
    }
    NoteAssigned(coverage);
    return coverage.assigned.empty() ? WithoutAny(coverage) : WithSome(coverage);
  }

 private:
  static Coverage With(Coverage& coverage, CoverageState state, std::string why) {
    coverage.state = state;
    coverage.why = std::move(why);
    return coverage;
  }

  bool Fits(const PatchRule& rule) const {
    const HostSystem system = SystemOfHost(host_);
    return rule.system == HostSystem::kUndetermined || system == HostSystem::kUndetermined || rule.system == system;
  }

  void SortRules(Coverage& coverage) {
    for (const PatchRule* rule : rules_) {
      if (rule->obsolete) {
        ++obsolete_;
      } else if (!Fits(*rule)) {
        other_system_ = rule;
      } else if (rule->configuration != NeedsConfiguration::kNo) {
        to_configure_.push_back(rule);
      } else if (rule->detect_only) {
        detect_only_.push_back(rule);
      } else {
        coverage.wanted.push_back(rule);
      }
    }
  }

  void NoteAssigned(Coverage& coverage) const {
    for (const PatchRule* rule : rules_) {
      if (Holds(module_->rules, rule->id)) coverage.assigned.push_back(rule->id);
    }
    for (const PatchRule* rule : coverage.wanted) {
      if (!Holds(module_->rules, rule->id)) coverage.missing.push_back(rule);
    }
  }

  Coverage WithoutAny(Coverage& coverage) const {
    if (!coverage.wanted.empty()) {
      return With(coverage, CoverageState::kNotCovered,
                  std::to_string(coverage.wanted.size()) + (coverage.wanted.size() == 1 ? " rule" : " rules") +
                      " for it, none assigned: " + NamesOf(coverage.wanted));
    }
    if (!to_configure_.empty()) {
      const PatchRule& rule = *to_configure_.front();
      const bool surely = rule.configuration == NeedsConfiguration::kYes;
      return With(coverage, CoverageState::kNeedsConfiguration,
                  NameOfRule(rule) + (surely ? " needs configuration (" : " may need configuration (") +
                      rule.configuration_from + ")");
    }
    if (!detect_only_.empty()) {
      return With(coverage, CoverageState::kNotPreventing,
                  NameOfRule(*detect_only_.front()) + " is detect-only: it would log and not block");
    }
    if (other_system_ != nullptr) {
      return With(coverage, CoverageState::kNoRule,
                  "its rules are for " + std::string(ToString(other_system_->system)) + " (" +
                      other_system_->system_from + "), and the host is not");
    }
    return With(coverage, CoverageState::kNoRule, obsolete_ > 0 ? "its rules are obsolete" : "no rule lists it");
  }

  Coverage WithSome(Coverage& coverage) const {
    std::string unknown;
    std::string blocks_not;
    bool awaits = false;
    std::optional<CoverageState> where;
    std::vector<std::string> good;
    for (const RuleId id : coverage.assigned) {
      const PatchRule& rule = *Find(id);
      const Obstacle obstacle = ObstacleFor(rule);
      if (obstacle.Stands()) {
        if (unknown.empty()) unknown = obstacle.unknown;
        if (blocks_not.empty()) awaits = obstacle.awaited;
        if (blocks_not.empty()) blocks_not = obstacle.blocks_not;
        continue;
      }
      const auto [state, text] = WhereIs(id);
      if (!where) where = state;
      good.push_back(NameOfRule(rule) + " " + text);
    }
    // All that are wanted have to be there, and block.
    if (!coverage.missing.empty()) {
      return With(coverage, CoverageState::kNotCovered,
                  std::to_string(coverage.missing.size()) + " of " + CountText(coverage.wanted.size(), "rule") +
                      " for it are not assigned: " + NamesOf(coverage.missing));
    }
    if (!blocks_not.empty() && (good.empty() || WantedStandsStill(coverage))) {
      if (awaits && IsInTouch()) coverage.awaited_since = estate_.last_send_policy_request;
      return With(coverage, CoverageState::kNotPreventing, "assigned, not preventing: " + blocks_not);
    }
    if (!unknown.empty() && (good.empty() || WantedStandsStill(coverage)))
      return With(coverage, CoverageState::kUndetermined, "assigned; " + unknown);
    std::string text = Listed(good, 3);
    if (!host_.detect_only) text += " (whether the computer overrides single rules was not read)";
    coverage.received = computer_.last_send_policy_success;
    if (!IsInTouch()) {
      return With(coverage, CoverageState::kAtLastContact,
                  text + "; " + InTouch(computer_) + ", and it goes on with " + "what it has");
    }
    return With(coverage, *where, text);
  }

  // Whether a rule that is wanted does not surely block.
  bool WantedStandsStill(const Coverage& coverage) const {
    return std::any_of(coverage.wanted.begin(), coverage.wanted.end(),
                       [&](const PatchRule* rule) { return ObstacleFor(*rule).Stands(); });
  }

  const PatchRule* Find(RuleId id) const {
    return *std::find_if(rules_.begin(), rules_.end(), [&](const PatchRule* rule) { return rule->id == id; });
  }

  bool IsInTouch() const { return computer_.agent_status.status == swp::AgentStatus::kActive; }

  Obstacle ObstacleFor(const PatchRule& rule) const {
    if (module_->state == "off") return {"Intrusion Prevention is off" + OwnState(), ""};
    if (module_->state == "detect") return {"Intrusion Prevention is in detect mode" + OwnState(), ""};
    if (module_->state != "prevent")
      return {"",
              "this version does not know the state `" + Printable(module_->state, 20) + "` of Intrusion Prevention"};
    if (Obstacle engine = EngineObstacle(); engine.Stands()) return engine;
    if (Obstacle detect = DetectObstacle(rule); detect.Stands()) return detect;
    if (Obstacle policy = PolicyObstacle(); policy.Stands()) return policy;
    // Of an agent that is not in touch the state is that of its last contact.
    if (IsInTouch() && module_->status.status != swp::AgentStatus::kActive) {
      return {"Intrusion Prevention is not active on the agent (" + Printable(module_->status.text, 40) + ")", ""};
    }
    return {};
  }

  std::string OwnState() const {
    return host_.own.ok() && !host_.own->state.empty() ? ", set at the computer: a policy change does not reach it"
                                                       : "";
  }

  // The setting of the nearest place counts: the computer's own, else that of its policy, which holds what it inherits.
  Obstacle EngineObstacle() const {
    if (!host_.own.ok()) return {"", "what is set at the computer could not be read: " + host_.own.error().message};
    if (!host_.policies.ok()) return {"", "its policy could not be read: " + host_.policies.error().message};
    std::string mode;
    std::string where = "the computer";
    const std::string name(swp::kEngineModeSetting);
    if (host_.own->settings.contains(name)) {
      mode = host_.own->settings.at(name);
    } else if (!host_.policies->empty()) {
      const auto& settings = host_.policies->front()->policy.settings;
      if (const auto found = settings.find(name); found != settings.end()) mode = found->second;
      where = PolicyName(*host_.policies->front());
    }
    if (IsTapMode(mode)) {
      return {"the network engine is in tap mode (" + where + "): it sees packets and blocks none", ""};
    }
    return {};
  }

  Obstacle DetectObstacle(const PatchRule& rule) const {
    if (!host_.rules_unread.empty())
      return {"", "whether the computer overrides single rules could not be read: " + host_.rules_unread};
    if (host_.detect_only) {
      const auto at_computer = host_.detect_only->find(rule.id.value);
      if (at_computer != host_.detect_only->end()) {
        if (!at_computer->second) return {};
        return {NameOfRule(rule) + (rule.detect_only ? " is detect-only" : " is overridden to detect-only there"), ""};
      }
    }
    if (host_.policies.ok() && !host_.policies->empty() && !host_.policies->front()->rules_unread.empty()) {
      return {"", "whether " + PolicyName(*host_.policies->front()) +
                      " overrides single rules could not be read: " + host_.policies->front()->rules_unread};
    }
    if (host_.policies.ok() && !host_.policies->empty() && host_.policies->front()->detect_only) {
      const auto& there = *host_.policies->front()->detect_only;
      const auto at_policy = there.find(rule.id.value);
      if (at_policy != there.end() && at_policy->second) {
        return {NameOfRule(rule) + (rule.detect_only
                                        ? " is detect-only"
                                        : " is overridden to detect-only at " + PolicyName(*host_.policies->front())),
                ""};
      }
      if (at_policy != there.end()) return {};
    }
    if (rule.detect_only) return {NameOfRule(rule) + " is detect-only: it logs and does not block", ""};
    return {};
  }

  // Requested later than it arrived: what the agent has is older than what is assigned.
  Obstacle PolicyObstacle() const {
    for (const char* member : {"lastSendPolicySuccess", "lastSendPolicyRequest"}) {
      if (const std::string* damage = computer_.Damage(member)) {
        return {"", "when the agent received its policy cannot be read: " + *damage};
      }
    }
    if (!computer_.last_send_policy_success) return {"the agent never received its policy", ""};
    if (estate_.last_send_policy_request && *estate_.last_send_policy_request > *computer_.last_send_policy_success) {
      return {"the agent has received no policy update since " + TimeText(*estate_.last_send_policy_request), "", true};
    }
    return {};
  }

  std::pair<CoverageState, std::string> WhereIs(RuleId rule) const {
    if (host_.own.ok() && Holds(host_.own->rules, rule)) return {CoverageState::kAtComputer, "at the computer"};
    const PolicyView* highest = nullptr;
    bool is_nearest = true;
    if (host_.policies.ok()) {
      const auto& chain = *host_.policies;
      for (std::size_t i = 0; i < chain.size(); ++i) {
        const auto rules = chain[i]->policy.rules.find(swp::Module::kIntrusionPrevention);
        if (rules == chain[i]->policy.rules.end() || !Holds(rules->second, rule)) break;
        highest = chain[i];
        is_nearest = i == 0;
      }
    }
    if (highest == nullptr) return {CoverageState::kAtComputer, "at the computer"};
    return {is_nearest ? CoverageState::kByPolicy : CoverageState::kByParent, "by " + PolicyName(*highest)};
  }

  const std::vector<const PatchRule*>& rules_;
  const HostView& host_;
  const swp::Computer& computer_;
  const swp::EstateComputer& estate_;
  const swp::ModuleState* module_ = nullptr;
  std::vector<const PatchRule*> to_configure_;
  std::vector<const PatchRule*> detect_only_;
  const PatchRule* other_system_ = nullptr;
  int obsolete_ = 0;
};

}  // namespace

std::string_view ToString(CoverageState state) {
  for (const StateWord& known : kStateWords) {
    if (known.state == state) return known.word;
  }
  return "undetermined";
}

std::optional<CoverageState> CoverageStateFromWord(std::string_view word) {
  for (const StateWord& known : kStateWords) {
    if (known.word == word) return known.state;
  }
  return std::nullopt;
}

std::string UnreadOf(const HostView& host) {
  if (!host.computer) return "";
  if (!host.computer->ok()) return host.is_ambiguous ? "" : host.computer->error().message;
  if (!host.own.ok()) return host.own.error().message;
  if (!host.policies.ok()) return host.policies.error().message;
  if (!host.rules_unread.empty()) return host.rules_unread;
  return host.policies->empty() ? "" : host.policies->front()->rules_unread;
}

bool IsTapMode(std::string_view mode) {
  return ToLowerAscii(mode).find("tap") != std::string::npos;
}

HostSystem SystemOfHost(const HostView& host) {
  if (host.computer && host.computer->ok()) {
    const HostSystem system = SystemOfPlatform((**host.computer).computer.platform);
    if (system != HostSystem::kUndetermined) return system;
  }
  return SystemOfPlatform(host.platform);
}

Coverage EffectiveCoverage(const std::vector<const PatchRule*>& rules, const HostView& host) {
  Coverage coverage;
  if (!host.computer) {
    coverage.state = CoverageState::kNotProtected;
    coverage.why = "SWP has no record of the host";
    return coverage;
  }
  if (!host.computer->ok()) {
    coverage.why = host.computer->error().message;
    return coverage;
  }
  return CoverageJudge(rules, host, **host.computer).Decide();
}

}  // namespace sallyport
