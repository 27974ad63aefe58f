// SPDX-License-Identifier: Apache-2.0
#include "workflow/recommendations.h"

#include <algorithm>

#include "base/text.h"

namespace sallyport {
namespace {

using swp::RuleModule;

constexpr std::size_t kRulesListed = 5;
constexpr std::size_t kShownRuleName = 80;

std::string Count(std::size_t number, std::string_view module) {
  return std::to_string(number) + " " + std::string(module) + (number == 1 ? " rule" : " rules");
}

std::string RuleText(const swp::Rule& rule) {
  const std::string id =
      rule.identifier.empty() ? std::to_string(rule.id.value) : Printable(rule.identifier, kShownRuleName);
  return rule.name.empty() ? id : id + " " + Printable(rule.name, kShownRuleName);
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
      Say("the scan also recommends to remove " + std::to_string(count) + " " + name_ +
          (count == 1 ? " rule" : " rules") + ": reported only");
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
    Say(Count(count, name_) + (count == 1 ? " is" : " are") + " left to a person: " + why);
  }

  // Why none of the module's recommendations is applied; empty: they may be.
  std::string WhyNot(std::size_t count) const {
    if (!context_.apply) return "the host is probably compromised, its rules stay as evidence";
    if (context_.settings.placement == Placement::kReport) return "the setting apply.placement is `report`";
    const auto& modules = context_.settings.modules;
    if (std::find(modules.begin(), modules.end(), module_) == modules.end()) {
      return "apply.modules does not name this module";
    }
    if (!facts_.computer.ok()) return "the computer could not be read: " + facts_.computer.error().message;
    const swp::ModuleState* state = facts_.computer->Find(swp::ModuleOf(module_));
    if (state == nullptr) return "SWP's answer holds no state of the module";
    if (state->state == "off") return "the module is off, so rules would do nothing";
    if (facts_.policy && !facts_.policy->ok()) {
      return "the policy could not be read, so whether it applies recommendations itself is not known: " +
             facts_.policy->error().message;
    }
    if (facts_.policy && (**facts_.policy).AppliesRecommendationsItself(module_)) {
      return "the policy applies recommendations itself; these are left over because they need configuration";
    }
    if (count > context_.settings.max_rules) {
      return "more than apply.max_rules (" + std::to_string(context_.settings.max_rules) + ") at once";
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
    if (unread > 0) Leave(unread, "what they are could not be read");
    if (!manual.empty()) Leave(manual.size(), "they need a decision or configuration: " + Listed(manual));
  }

  static std::string Listed(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < kRulesListed; ++i) text += (i == 0 ? "" : "; ") + names[i];
    if (names.size() > kRulesListed) text += "; and " + std::to_string(names.size() - kRulesListed) + " more";
    return text;
  }

  // Where, how many hosts that touches, and why there.
  void Place(AssignRules& assign, PlannedAction& planned) const {
    assign.scope = swp::Scope::Of(context_.computer);
    planned.hosts = 1;
    if (context_.settings.placement != Placement::kPolicy) return;
    if (!facts_.policy) return planned.why.emplace_back("at computer level: the computer has no policy"), void();
    const swp::Policy& policy = **facts_.policy;
    if (!policy.parent) {
      return planned.why.emplace_back("at computer level: its policy is at the root of the tree"), void();
    }
    const bool counted = facts_.computers_of_policy && facts_.computers_of_policy->ok();
    if (!counted || **facts_.computers_of_policy > context_.max_hosts) {
      planned.why.push_back(counted ? "at computer level: " + std::to_string(**facts_.computers_of_policy) +
                                          " computers share the policy, more than gates.max_hosts"
                                    : "at computer level: how many computers share the policy is not known");
      return;
    }
    assign.scope = swp::Scope::Of(policy.id);
    planned.hosts = **facts_.computers_of_policy;
    planned.why.push_back("at policy level: " + std::to_string(*planned.hosts) + " computers share policy `" +
                          Printable(policy.name, kShownRuleName) + "`");
  }

  void Assign() {
    PlannedAction planned;
    AssignRules assign{module_, {}, context_.computer, context_.host, rules_};
    planned.why = {"the recommendation scan of " + FormatTime(context_.scan_ended) + " recommends " +
                   Count(rules_.size(), name_)};
    Place(assign, planned);
    std::vector<std::string> parts = {std::string(AssignRules::kKind), swp::ToString(assign.scope),
                                      std::string(swp::PathName(module_)), FormatTime(context_.scan_ended)};
    for (const RuleToAssign& rule : rules_) parts.push_back(std::to_string(rule.id.value));
    planned.key = IdempotencyKey(parts);
    planned.undo = "remove each of these rules from " + swp::ToString(assign.scope) + " again";
    Say(Count(rules_.size(), name_) + " to assign to " + swp::ToString(assign.scope));
    planned.action = std::move(assign);
    decision_.actions.push_back(std::move(planned));
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
    decision.lines.emplace_back("it recommends no further rule");
  }
  return decision;
}

}  // namespace sallyport
