// SPDX-License-Identifier: Apache-2.0
#include "workflow/recommendations.h"

#include <algorithm>

#include "action/assign_rules.h"
#include "base/text.h"
#include "gates/targets.h"

namespace sallyport {
namespace {

using swp::RuleModule;

constexpr std::size_t kRulesListed = 5;
constexpr std::size_t kShownRuleName = 80;

std::string Count(std::size_t number, std::string_view module) {
  return CountText(number, std::string(module) + " rule");
}

std::string RuleText(const swp::Rule& rule) {
  const std::string id =
      rule.identifier.empty() ? std::to_string(rule.id.value) : Printable(rule.identifier, kShownRuleName);
  return rule.name.empty() ? id : id + " \"" + Printable(rule.name, kShownRuleName) + "\"";
}

// SWP's word for rules that its scans must not assign by themselves (contract 7.1). A word that is new counts as that:
// a rule that is listed harms nobody.
bool MayBeAssignedUnattended(const swp::Rule& rule) {
  return rule.recommendations_mode == "enabled" || rule.recommendations_mode.empty();
}

// Decides about the recommendations of one module.
class ModuleDecision {
 public:
  ModuleDecision(RuleModule module, const RecommendationFacts& facts, const RecommendationContext& context,
                 RecommendationDecision& decision)
      : module_(module), facts_(facts), context_(context), decision_(decision), name_(swp::DisplayName(module)) {}

  void Decide() {
    const auto read = facts_.assignments.find(module_);
    if (read == facts_.assignments.end()) return;
    if (!read->second.ok()) {
      return Say("what is recommended for " + name_ + " could not be read: " + read->second.error().message);
    }
    const swp::Assignments& assignments = *read->second;
    // Reported only: taking a rule away is a person's decision (edge case G19).
    if (const std::size_t count = assignments.recommended_to_unassign.size(); count > 0) {
      Say("SWP also recommends removing " + Count(count, name_) + "; Sallyport reports this and never removes rules");
    }
    const auto& recommended = assignments.recommended_to_assign;
    if (recommended.empty()) return;
    decision_.recommended += static_cast<int>(recommended.size());
    if (const std::string why = WhyNot(recommended.size()); !why.empty()) return Leave(recommended.size(), why);
    Sort(recommended);
    if (!rules_.empty()) Assign();
  }

 private:
  void Say(std::string line) { decision_.lines.push_back(std::move(line)); }

  void Leave(std::size_t count, const std::string& why) {
    decision_.left_to_people += static_cast<int>(count);
    Say(Count(count, name_) + " not assigned: " + why);
  }

  // Why none of the module's recommendations is applied; empty: they may be.
  std::string WhyNot(std::size_t count) const {
    if (!context_.apply) return "the host is probably compromised, and its rules are kept as evidence";
    if (!facts_.evidence.ok()) return facts_.evidence.error().message;
    if (!facts_.evidence->empty()) return *facts_.evidence;
    if (context_.settings.placement == Placement::kReport) return "apply.placement is `report`";
    const auto& modules = context_.settings.modules;
    if (std::find(modules.begin(), modules.end(), module_) == modules.end()) {
      return "apply.modules does not name this module";
    }
    if (!facts_.computer.ok()) return "the computer could not be read: " + facts_.computer.error().message;
    const swp::ModuleState* state = facts_.computer->Find(swp::ModuleOf(module_));
    if (state == nullptr) return "SWP's answer holds no state of the module";
    if (const std::string damage = state->DamageOfState(); !damage.empty()) {
      return "what SWP says about the module cannot be read: " + damage;
    }
    if (state->state == "off") return "the module is off, so rules would do nothing";
    if (facts_.policy && !facts_.policy->ok()) {
      return "undetermined whether the SWP policy applies recommendations itself: it could not be read: " +
             facts_.policy->error().message;
    }
    if (facts_.policy && (**facts_.policy).AppliesRecommendationsItself(module_)) {
      return "the SWP policy applies recommendations itself; these are left because they need configuration";
    }
    if (count > context_.settings.max_rules) {
      return "more than " + std::to_string(context_.settings.max_rules) + " at once (apply.max_rules)";
    }
    return "";
  }

  void Sort(const std::vector<RuleId>& recommended) {
    std::vector<std::string> manual;
    std::size_t unread = 0;
    for (const RuleId id : recommended) {
      const auto read = facts_.rules.find({module_, id.value});
      if (read == facts_.rules.end() || !read->second.ok()) {
        ++unread;
      } else if (MayBeAssignedUnattended(*read->second)) {
        rules_.push_back({id, read->second->identifier, read->second->name});
      } else {
        manual.push_back(RuleText(*read->second));
      }
    }
    if (unread > 0) Leave(unread, "their details could not be read");
    decision_.manual += static_cast<int>(manual.size());
    if (!manual.empty()) Leave(manual.size(), std::string(kNeedsDecisionInSwp) + ": " + Listed(manual));
  }

  static std::string Listed(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < kRulesListed; ++i) text += (i == 0 ? "" : "; ") + names[i];
    if (names.size() > kRulesListed) text += "; and " + std::to_string(names.size() - kRulesListed) + " more";
    return text;
  }

  // Where rules are assigned, and why there.
  struct Places {
    std::vector<AssignRules> assignments;
    std::string why;
    std::vector<std::string>
        left_alone{};  // every host of the policy that has to be left alone, where `why` does not name all
  };

  AssignRules At(const Target& target) const {
    return {module_, swp::Scope::Of(target.computer), target.computer, target.host, rules_};
  }

  Places AtComputer(const std::string& why) const {
    return {{At({context_.computer, context_.host})}, why.empty() ? "" : "at computer level: " + why};
  }

  Places AtPolicy(const swp::Policy& policy, const std::vector<Target>& targets) const {
    AssignRules assign{module_, swp::Scope::Of(policy.id), context_.computer, context_.host, rules_};
    assign.policy_targets = {targets, ""};
    return {{std::move(assign)},
            "at policy level: " + CountText(targets.size(), "computer") + (targets.size() == 1 ? " has" : " share") +
                " SWP policy `" + Printable(policy.name, kShownRuleName) + "`"};
  }

  // Some hosts of the policy must be left alone: the others get the rules at their computers, when they are few. Else a
  // person has to move them apart, and the action is held until then.
  Places AroundOthers(const swp::Policy& policy, const std::vector<Target>& targets,
                      const SortedTargets& sorted) const {
    if (sorted.free.size() > kMostComputersInstead) {
      Places places = AtPolicy(policy, targets);
      places.why += "; " + LeftAloneText(sorted);
      places.left_alone = AllLeftAlone(sorted);
      return places;
    }
    Places places{{},
                  "at computer level, because of SWP policy `" + Printable(policy.name, kShownRuleName) + "` " +
                      LeftAloneText(sorted),
                  AllLeftAlone(sorted)};
    for (const Target& target : sorted.free) places.assignments.push_back(At(target));
    return places;
  }

  Places Place() const {
    if (context_.settings.placement != Placement::kPolicy) return AtComputer("");
    if (!facts_.policy) return AtComputer("the computer has no SWP policy");
    const swp::Policy& policy = **facts_.policy;
    if (!policy.parent) return AtComputer("its SWP policy is at the root of the tree");
    if (!facts_.targets_of_policy) return AtComputer("undetermined which computers share its SWP policy");
    const auto& targets = *facts_.targets_of_policy;
    if (!targets.ok()) return AtComputer(targets.error().message);
    if (targets->size() > static_cast<std::size_t>(context_.gates.max_hosts)) {
      return AtComputer(CountText(targets->size(), "computer") + " share its SWP policy, more than gates.max_hosts");
    }
    const auto is_scanned = [&](const Target& target) { return target.computer == context_.computer; };
    if (std::none_of(targets->begin(), targets->end(), is_scanned)) {
      return AtComputer("SWP does not list the computer among those of its SWP policy");
    }
    // Whether this host may be changed at all is the gates' to say; the others are changed only where they all may.
    GateSettings gates = context_.gates;
    if (ModeFor(gates, context_.host) == Mode::kObserve) {
      gates.mode = Mode::kEnforce;
      gates.account_modes.clear();
    }
    const SortedTargets sorted = SortTargets(gates, *targets);
    if (sorted.AllFree()) return AtPolicy(policy, *targets);
    if (std::none_of(sorted.free.begin(), sorted.free.end(), is_scanned)) {
      Places places = AtComputer(LeftAloneText(sorted));
      places.left_alone = AllLeftAlone(sorted);
      return places;
    }
    return AroundOthers(policy, *targets, sorted);
  }

  void Assign() {
    Places places = Place();
    for (AssignRules& assign : places.assignments) {
      PlannedAction planned;
      planned.why = {"recommended by the scan that finished at " + TimeText(context_.scan_ended)};
      if (assign.computer != context_.computer) {
        planned.why.push_back("the scan was of " + NameOf(context_.computer) + ", which has the same SWP policy");
      }
      if (!places.why.empty()) planned.why.push_back(places.why);
      planned.why.insert(planned.why.end(), places.left_alone.begin(), places.left_alone.end());
      // One decision, however many places it takes: gates count its hosts together.
      if (places.assignments.size() > 1) planned.together = static_cast<int>(places.assignments.size());
      std::vector<std::string> parts = {std::string(AssignRules::kKind), swp::ToString(assign.scope),
                                        std::string(swp::PathName(module_)), FormatTime(context_.scan_ended)};
      for (const RuleToAssign& rule : rules_) parts.push_back(std::to_string(rule.id.value));
      planned.key = IdempotencyKey(parts);
      planned.action = std::move(assign);
      decision_.actions.push_back(std::move(planned));
    }
  }

  RuleModule module_;
  const RecommendationFacts& facts_;
  const RecommendationContext& context_;
  RecommendationDecision& decision_;
  std::string name_;
  std::vector<RuleToAssign> rules_;
};

}  // namespace

std::string_view ToString(Placement placement) {
  switch (placement) {
    case Placement::kComputer:
      return "computer";
    case Placement::kPolicy:
      return "policy";
    case Placement::kReport:
      break;
  }
  return "report";
}

RecommendationDecision DecideRecommendations(const RecommendationFacts& facts, const RecommendationContext& context) {
  RecommendationDecision decision;
  for (const RuleModule module : swp::kRuleModules) ModuleDecision(module, facts, context, decision).Decide();
  if (decision.recommended == 0 && decision.lines.empty()) {
    decision.lines.emplace_back("no further rules recommended");
  }
  return decision;
}

}  // namespace sallyport
