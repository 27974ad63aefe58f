// SPDX-License-Identifier: Apache-2.0
#include "workflow/patch_proposals.h"

#include <algorithm>
#include <utility>

#include "action/assign_patches.h"
#include "action/prevent_patches.h"
#include "base/text.h"
#include "workflow/patch_gather.h"
#include "workflow/rule_needs.h"

namespace sallyport {
namespace {

class PatchProposals {
 public:
  PatchProposals(const ProposalContext& context, const std::vector<PatchNeed>& needs, PatchLedger& ledger)
      : context_(context), needs_(needs), ledger_(ledger) {}

  // Rules that we assigned and that no open finding needs, after the grace period: proposed, never done by itself.
  // Where a host has too many rules the grace period is not waited for.
  void ProposeRemovals() {
    const RuleNeeds with_grace(ledger_, context_.now, context_.settings.grace);
    const RuleNeeds of_now(ledger_, context_.now, Duration{0});
    // Two changes may have brought the same rule to one place.
    std::set<std::pair<std::string, std::int32_t>> proposed;
    for (PatchPlaced& placed : ledger_.placed) {
      if (!context_.facts.carried_out.contains(placed.key)) continue;
      // A policy of ours that somebody deleted has nothing to take away.
      const auto scope = context_.facts.estate.ScopeOf(placed.scope, placed.child);
      if (!scope) continue;
      const auto instances = InstancesAt(placed, context_.facts);
      const bool is_crowded = IsCrowded(*scope);
      auto rules = (is_crowded ? of_now : with_grace).NeedlessOf(placed, context_.window, instances);
      for (const RuleId rule : rules) placed.proposed[rule.value] = context_.window;
      std::erase_if(rules, [&](RuleId rule) { return !proposed.emplace(swp::ToString(*scope), rule.value).second; });
      if (!rules.empty()) Propose(*scope, rules, is_crowded, placed);
    }
  }

  // Rules that have only detected for inspector.detect_first and are still needed.
  void ProposePromotions() {
    const RuleNeeds needs(ledger_, context_.now, context_.settings.grace);
    for (PatchPlaced& placed : ledger_.placed) {
      if (!context_.facts.carried_out.contains(placed.key) || !IsPromotionDue(placed, context_.window, context_.now))
        continue;
      const auto scope = context_.facts.estate.ScopeOf(placed.scope, placed.child);
      if (!scope) continue;
      std::vector<RuleId> rules;
      for (const RuleId rule : placed.detecting->rules) {
        if (ledger_.catalog.Find(rule) != nullptr && needs.IsNeeded(rule, InstancesAt(placed, context_.facts)))
          rules.push_back(rule);
      }
      if (!rules.empty()) ProposePromotion(*scope, rules, placed);
    }
  }

  std::vector<PlannedAction> Take() { return std::move(actions_); }

 private:
  // Whether a host of that place has more rules than inspector.max_rules_per_host.
  bool IsCrowded(swp::Scope scope) const {
    return std::any_of(needs_.begin(), needs_.end(), [&](const PatchNeed& need) {
      if (!IsOverFull(need, context_.settings)) return false;
      return scope == swp::Scope::Of(need.target.computer) || (need.policy && scope == swp::Scope::Of(*need.policy));
    });
  }

  void Propose(swp::Scope scope, const std::vector<RuleId>& rules, bool is_crowded, const PatchPlaced& placed) {
    UnassignPatches remove;
    remove.cves = CvesOf(rules, placed);
    remove.assigned = RulesAtPlace(scope, rules, placed);
    PlannedAction planned;
    planned.key = KeyOfChange(UnassignPatches::kKind, scope, rules, placed);
    planned.why = {
        "no open finding of a host there needs " + std::string(rules.size() == 1 ? "the rule" : "these rules") +
        (is_crowded
             ? ", and a host there has more rules than inspector.max_rules_per_host"
             : "; those that did have been closed for inspector.grace " + FormatDuration(context_.settings.grace))};
    planned.needs_person = "a virtual patch is removed by a decision of an operator alone";
    planned.action = std::move(remove);
    actions_.push_back(std::move(planned));
  }

  void ProposePromotion(swp::Scope scope, const std::vector<RuleId>& rules, PatchPlaced& placed) {
    PreventPatches prevent;
    prevent.cves = CvesOf(rules, placed);
    prevent.patched = placed.detecting->patched;
    prevent.assigned = RulesAtPlace(scope, rules, placed);
    PlannedAction planned;
    planned.key = KeyOfChange(PreventPatches::kKind, scope, rules, placed);
    planned.why = {"they have only detected since " + FormatTime(placed.planned_at) +
                   ": look in SWP at their intrusion prevention events since then before this is approved"};
    planned.needs_person = "from detecting to blocking: what is no attack and looks like one is blocked then";
    planned.cases = placed.detecting->cases;
    planned.action = std::move(prevent);
    placed.detecting->proposed_in = context_.window;
    placed.detecting->key = planned.key;
    actions_.push_back(std::move(planned));
  }

  static std::string KeyOfChange(std::string_view kind, swp::Scope scope, const std::vector<RuleId>& rules,
                                 const PatchPlaced& placed) {
    std::vector<std::string> parts = {std::string(kind), swp::ToString(scope), placed.key};
    for (const RuleId rule : rules) parts.push_back(std::to_string(rule.value));
    return IdempotencyKey(parts);
  }

  AssignRules RulesAtPlace(swp::Scope scope, const std::vector<RuleId>& rules, const PatchPlaced& placed) const {
    AssignRules there;
    there.scope = scope;
    there.computer = placed.computer;
    there.host = placed.host;
    for (const RuleId rule : rules) {
      const PatchRule* known = ledger_.catalog.Find(rule);
      there.rules.push_back({rule, known->identifier, known->name});
    }
    if (scope.kind != swp::Scope::Kind::kPolicy) return there;
    const auto targets = context_.facts.targets.find(scope.id);
    if (targets != context_.facts.targets.end() && targets->second.ok()) there.policy_targets = {*targets->second, ""};
    return there;
  }

  // Those of the change that one of these rules is for; of rules that others depended on: all of them.
  std::vector<std::string> CvesOf(const std::vector<RuleId>& rules, const PatchPlaced& placed) const {
    std::vector<std::string> cves;
    for (const std::string& cve : placed.cves) {
      const auto for_cve = ledger_.catalog.RulesFor(cve);
      const bool is_for = std::any_of(for_cve.begin(), for_cve.end(), [&](const PatchRule* rule) {
        return std::find(rules.begin(), rules.end(), rule->id) != rules.end();
      });
      if (is_for) cves.push_back(cve);
    }
    return cves.empty() ? placed.cves : cves;
  }

  const ProposalContext& context_;
  const std::vector<PatchNeed>& needs_;
  PatchLedger& ledger_;
  std::vector<PlannedAction> actions_;
};

}  // namespace

std::vector<PlannedAction> ProposePatchChanges(const ProposalContext& context, const std::vector<PatchNeed>& needs,
                                               PatchLedger& ledger) {
  PatchProposals proposals(context, needs, ledger);
  proposals.ProposeRemovals();
  proposals.ProposePromotions();
  return proposals.Take();
}

}  // namespace sallyport
