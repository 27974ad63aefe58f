// SPDX-License-Identifier: Apache-2.0
#include "workflow/patch_placement.h"

#include <algorithm>
#include <set>

#include "action/child_policy.h"
#include "base/text.h"
#include "gates/targets.h"

namespace sallyport {
namespace {

constexpr std::size_t kShownPolicy = 80;
constexpr std::size_t kCvesOfAction = 200;
constexpr std::size_t kNamed = 5;
constexpr std::size_t kLeastNamed = 3;
constexpr std::size_t kShownSeverity = 20;
constexpr std::size_t kShownState = 20;
// More computers are never written to one by one for one policy.
constexpr std::size_t kMostSingleWrites = 100;

template <class T>
void AddNew(const std::vector<T>& from, std::vector<T>& to) {
  for (const T& item : from) {
    if (std::find(to.begin(), to.end(), item) == to.end()) to.push_back(item);
  }
}

std::string HostCount(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " host" : " hosts");
}

// Rules with all that they depend on, in the order of their ids.
std::vector<RuleToAssign> WithDependencies(const std::vector<const PatchRule*>& rules, const RuleCatalog& catalog) {
  std::map<std::int32_t, RuleToAssign> all;
  std::vector<RuleId> to_add;
  to_add.reserve(rules.size());
  for (const PatchRule* rule : rules) to_add.push_back(rule->id);
  for (std::size_t i = 0; i < to_add.size() && i < kMostCatalogRules; ++i) {
    if (all.contains(to_add[i].value)) continue;
    const PatchRule* rule = catalog.Find(to_add[i]);
    all[to_add[i].value] =
        rule == nullptr ? RuleToAssign{to_add[i], "", ""} : RuleToAssign{rule->id, rule->identifier, rule->name};
    if (rule != nullptr) to_add.insert(to_add.end(), rule->depends_on.begin(), rule->depends_on.end());
  }
  std::vector<RuleToAssign> listed;
  listed.reserve(all.size());
  for (auto& [id, rule] : all) listed.push_back(std::move(rule));
  return listed;
}

// The hosts of one policy that lack rules, or one host without a policy.
class PlacementGroup {
 public:
  PlacementGroup(std::optional<PolicyId> policy, std::vector<PatchNeed> needs, const PlacementFacts& facts,
                 const InspectorSettings& settings, const GateSettings& gates, TimePoint now, Placements& into)
      : policy_(policy),
        needs_(std::move(needs)),
        facts_(facts),
        settings_(settings),
        gates_(gates),
        now_(now),
        into_(into) {
    // Whether these hosts may be changed at all is the gates' to say; here it is about their neighbors.
    if (!needs_.empty() && ModeFor(gates_, needs_.front().target.host) == Mode::kObserve) {
      gates_.mode = Mode::kEnforce;
      gates_.account_modes.clear();
    }
    std::stable_sort(needs_.begin(), needs_.end(),
                     [](const PatchNeed& one, const PatchNeed& other) { return one.severity > other.severity; });
  }

  void Place() {
    if (settings_.placement == PatchPlacement::kReport) {
      return Point("inspector.placement is `report`: rules for " + HostCount(needs_.size()) + " are listed only");
    }
    PointOutRuleCounts();
    PointOutOwnStates();
    std::string why_not = WhyNeverAtPolicy();
    if (!why_not.empty()) return Elsewhere(Free(needs_), why_not);
    const std::vector<Target>& targets = *facts_.targets.at(policy_->value);
    const SortedTargets sorted = SortTargets(gates_, targets);
    if (!sorted.AllFree()) {
      auto free = Free(needs_);
      const bool few = free.size() <= static_cast<std::size_t>(settings_.max_computers);
      if (few || IsExcludedByFinding(sorted) || settings_.placement == PatchPlacement::kChildPolicy)
        return Elsewhere(std::move(free), PolicyName() + ": " + LeftAloneText(sorted));
    }
    SplitBySystem(targets, sorted);
  }

 private:
  bool IsExcludedByFinding(const SortedTargets& sorted) const {
    return facts_.may_be_excluded != nullptr &&
           std::any_of(sorted.excluded.begin(), sorted.excluded.end(), [&](const auto& excluded) {
             return facts_.may_be_excluded->contains(excluded.target.host.instance.value);
           });
  }

  void Point(std::string line) { into_.lines.push_back(std::move(line)); }

  std::string PolicyName() const {
    const PolicyView* view = facts_.estate.FindPolicy(*policy_);
    return "policy `" + (view == nullptr ? "" : Printable(view->policy.name, kShownPolicy)) + "` (" +
           std::to_string(policy_->value) + ")";
  }

  // Why the policy is not the place for any rule, whatever its other hosts are; empty: it may be.
  std::string WhyNeverAtPolicy() const {
    if (settings_.placement == PatchPlacement::kComputer) return "inspector.placement is `computer`";
    if (!policy_) return "the computer has no policy";
    const PolicyView* view = facts_.estate.FindPolicy(*policy_);
    if (view == nullptr) return "its policy could not be read";
    if (!view->policy.parent) {
      const auto children = facts_.has_children.find(policy_->value);
      if (children == facts_.has_children.end())
        return "undetermined whether other SWP policies are below " + PolicyName();
      if (children->second) return PolicyName() + " is at the top of the tree and has others below it";
    }
    const auto targets = facts_.targets.find(policy_->value);
    if (targets == facts_.targets.end()) return "which computers share " + PolicyName() + " was not read";
    if (!targets->second.ok()) return targets->second.error().message;
    if (targets->second->size() > static_cast<std::size_t>(gates_.max_hosts)) {
      return HostCount(targets->second->size()) + " share " + PolicyName() + ", more than gates.max_hosts";
    }
    for (const PatchNeed& need : needs_) {
      const bool listed = std::any_of(targets->second->begin(), targets->second->end(),
                                      [&](const Target& target) { return target.computer == need.target.computer; });
      if (!listed) return "SWP does not list " + NameOf(need.target) + " among the computers of " + PolicyName();
    }
    return "";
  }

  // A rule for one system goes to a policy only where no host is of the other one, and one whose system is not known
  // only where all hosts are of one system. Else it is assigned at the computers that need it.
  void SplitBySystem(const std::vector<Target>& targets, const SortedTargets& sorted) {
    std::set<HostSystem> systems;
    for (const Target& target : targets) {
      systems.insert(SystemOfPlatform(facts_.estate.PlatformOf(target.computer)));
    }
    std::vector<PatchNeed> at_policy;
    std::vector<PatchNeed> at_computer;
    for (const PatchNeed& need : needs_) {
      PatchNeed fits = need;
      PatchNeed others = need;
      fits.rules.clear();
      others.rules.clear();
      for (const PatchRule* rule : need.rules) (FitsAll(*rule, systems) ? fits : others).rules.push_back(rule);
      if (!fits.rules.empty()) at_policy.push_back(std::move(fits));
      if (!others.rules.empty()) at_computer.push_back(std::move(others));
    }
    if (!at_policy.empty()) AtPolicy(at_policy, targets, sorted, systems);
    if (!at_computer.empty())
      Elsewhere(Free(at_computer), PolicyName() + " has hosts of other systems: " + Mix(systems));
  }

  static bool FitsAll(const PatchRule& rule, const std::set<HostSystem>& systems) {
    const auto is_other = [&](HostSystem system) {
      return system != HostSystem::kUndetermined && rule.system != HostSystem::kUndetermined && system != rule.system;
    };
    if (std::any_of(systems.begin(), systems.end(), is_other)) return false;
    return rule.system != HostSystem::kUndetermined || systems.size() == 1;
  }

  // "in account 111122223333": whom a change of the policy touches beside the hosts that need it.
  static std::string Accounts(const std::vector<Target>& targets) {
    std::set<std::string> accounts;
    for (const Target& target : targets) {
      accounts.insert(target.host.account.empty() ? "none or unknown" : target.host.account);
    }
    return (accounts.size() == 1 ? "in account " : "in accounts ") + Listed({accounts.begin(), accounts.end()}, kNamed);
  }

  static std::string Mix(const std::set<HostSystem>& systems) {
    std::string text;
    for (const HostSystem system : systems) text += (text.empty() ? "" : ", ") + std::string(ToString(system));
    return text;
  }

  // Not at the policy itself: in one of ours below it where that is wanted and possible, else at the computers.
  void Elsewhere(std::vector<PatchNeed> needs, const std::string& why) {
    if (settings_.placement != PatchPlacement::kChildPolicy) return AtComputers(std::move(needs), why);
    std::string why_not = WhyNoChildPolicy();
    if (!why_not.empty()) return AtComputers(std::move(needs), why + "; no child policy: " + why_not);
    std::map<HostSystem, std::vector<PatchNeed>> by_system;
    for (PatchNeed& need : needs) by_system[need.system].push_back(std::move(need));
    for (auto& [system, of_system] : by_system) InChildPolicy(system, std::move(of_system), why);
  }

  std::string WhyNoChildPolicy() const {
    if (!policy_) return "there is no policy to be below";
    const PolicyView* view = facts_.estate.FindPolicy(*policy_);
    if (view == nullptr) return "its policy could not be read";
    if (IsChildPolicyName(view->policy.name)) return "the SWP policy is one of Sallyport";
    // Without the list it is not known whether one of ours is there already.
    if (!facts_.estate.HasChildren(*policy_)) return "the policies of SWP were not listed";
    return "";
  }

  // The hosts that are in a policy of ours already, which its rules reach too; an Error: not known.
  Result<std::vector<Target>> MembersOf(const std::string& child) const {
    const auto scope = facts_.estate.ScopeOf(swp::Scope::Of(*policy_), child);
    if (!scope) return std::vector<Target>();
    const auto targets = facts_.targets.find(scope->id);
    if (targets == facts_.targets.end()) return Error{ErrorCode::kInternal, "which computers have it was not read", ""};
    return targets->second;
  }

  void InChildPolicy(HostSystem system, std::vector<PatchNeed> needs, const std::string& why) {
    const std::string child = ChildPolicyName(*policy_, ToString(system));
    const auto members = MembersOf(child);
    if (!members.ok())
      return AtComputers(std::move(needs), why + "; not in `" + child + "`: " + members.error().message);
    if (const SortedTargets sorted = SortTargets(gates_, *members); !sorted.AllFree())
      return AtComputers(std::move(needs), why + "; not in `" + child + "`: " + LeftAloneText(sorted));
    for (const Target& member : *members) {
      if (SystemOfPlatform(facts_.estate.PlatformOf(member.computer)) != system)
        return AtComputers(std::move(needs), std::string(why)
                                                 .append("; not in `")
                                                 .append(child)
                                                 .append("`: ")
                                                 .append(NameOf(member))
                                                 .append(" is no such host"));
    }
    const AssignPatches all = PatchesFor(needs);
    PatchInChildPolicy patches;
    patches.parent = *policy_;
    patches.child = child;
    patches.rules = all.assign.rules;
    patches.cves = all.cves;
    patches.own_engine = all.own_engine;
    for (const PatchNeed& need : needs) patches.moved.push_back(need.target);
    patches.members.hosts = *members;
    const std::string text = "in policy `" + child + "`, because " + why + ": " + HostCount(needs.size()) + " moved, " +
                             std::to_string(members->size()) + " there already";
    PlannedAction planned;
    planned.key = KeyOf(PatchInChildPolicy::kKind, child, patches.rules, needs);
    planned.action = patches;
    PatchPlaced placed{swp::Scope::Of(*policy_), child, all.assign.computer, all.assign.host, {}, all.cves, now_, ""};
    Add(std::move(planned), needs, text, std::move(placed), patches.rules);
    AddSubject("SWP policy", std::to_string(policy_->value), text);
  }

  // Those that may be changed by themselves.
  std::vector<PatchNeed> Free(const std::vector<PatchNeed>& needs) {
    std::vector<PatchNeed> free;
    for (const PatchNeed& need : needs) {
      const SortedTargets sorted = SortTargets(gates_, {need.target});
      // What only observes is planned and not done: the gate says so.
      if (sorted.excluded.empty() && sorted.evidence.empty()) {
        free.push_back(need);
      } else {
        Point(LeftAloneText(sorted));
      }
    }
    return free;
  }

  void AtPolicy(const std::vector<PatchNeed>& needs, const std::vector<Target>& targets, const SortedTargets& sorted,
                const std::set<HostSystem>& systems) {
    std::string why = "at policy level: " + HostCount(targets.size()) + " share " + PolicyName() + " (" + Mix(systems) +
                      "), " + std::to_string(needs.size()) + " of them have one of the CVEs; " + Accounts(targets);
    if (!sorted.AllFree()) why += "; " + LeftAloneText(sorted);
    AssignPatches patches = PatchesFor(needs);
    patches.assign.scope = swp::Scope::Of(*policy_);
    patches.assign.policy_targets = {targets, ""};
    AddAssignment(std::move(patches), needs, why, 0, "");
    AddSubject("SWP policy", std::to_string(policy_->value), why);
  }

  void AtComputers(std::vector<PatchNeed> needs, const std::string& why) {
    if (needs.empty()) return;
    const bool many = needs.size() > static_cast<std::size_t>(settings_.max_computers);
    const std::size_t count = needs.size();
    if (needs.size() > kMostSingleWrites) {
      Point(HostCount(needs.size() - kMostSingleWrites) + " more are not written to one by one: " + why);
      needs.resize(kMostSingleWrites);
    }
    for (const PatchNeed& need : needs) {
      AssignPatches patches = PatchesFor({need});
      patches.assign.scope = swp::Scope::Of(need.target.computer);
      const std::string held =
          many ? "at computer level on " + HostCount(count) + ", more than inspector.max_computers, because " + why
               : "";
      AddAssignment(std::move(patches), {need}, "at computer level: " + why, static_cast<int>(needs.size()), held);
    }
    AddSubject(policy_ ? "SWP policy" : "computer",
               std::to_string(policy_ ? policy_->value : needs.front().target.computer.value),
               "rules at " + std::to_string(needs.size()) + (needs.size() == 1 ? " computer: " : " computers: ") + why);
  }

  AssignPatches PatchesFor(const std::vector<PatchNeed>& needs) const {
    AssignPatches patches;
    std::vector<const PatchRule*> rules;
    for (const PatchNeed& need : needs) {
      AddNew(need.rules, rules);
      AddNew(need.cves, patches.cves);
      patches.patched.push_back(need.target);
      // Their tags are read anew before anything is done, and are not needed to check the end.
      patches.patched.back().host.tags = std::nullopt;
      if (need.own_engine) patches.own_engine.push_back(need.target.computer);
    }
    if (patches.cves.size() > kCvesOfAction) patches.cves.resize(kCvesOfAction);
    patches.assign.module = swp::RuleModule::kIntrusionPrevention;
    patches.assign.computer = needs.front().target.computer;
    patches.assign.host = needs.front().target.host;
    patches.assign.rules = WithDependencies(rules, facts_.catalog);
    return patches;
  }

  // What is done to what, because of which updates of which findings.
  static std::string KeyOf(std::string_view kind, const std::string& where, const std::vector<RuleToAssign>& rules,
                           const std::vector<PatchNeed>& needs) {
    std::vector<std::string> parts = {std::string(kind), where};
    for (const RuleToAssign& rule : rules) parts.push_back(std::to_string(rule.id.value));
    std::set<std::string> because;
    for (const PatchNeed& need : needs) because.insert(need.because_of.begin(), need.because_of.end());
    parts.insert(parts.end(), because.begin(), because.end());
    return IdempotencyKey(parts);
  }

  void AddAssignment(AssignPatches patches, const std::vector<PatchNeed>& needs, const std::string& why, int together,
                     const std::string& needs_person) {
    PlannedAction planned;
    planned.key = KeyOf(AssignPatches::kKind, swp::ToString(patches.assign.scope), patches.assign.rules, needs);
    planned.together = together > 1 ? together : 0;
    planned.needs_person = needs_person;
    const std::vector<RuleToAssign> rules = patches.assign.rules;
    PatchPlaced placed{
        patches.assign.scope, "", patches.assign.computer, patches.assign.host, {}, patches.cves, now_, ""};
    planned.action = std::move(patches);
    Add(std::move(planned), needs, why, std::move(placed), rules);
  }

  void Add(PlannedAction planned, const std::vector<PatchNeed>& needs, const std::string& why, PatchPlaced placed,
           const std::vector<RuleToAssign>& rules) {
    planned.why = {why};
    for (const PatchNeed& need : needs) AddNew(need.cases, planned.cases);
    // What is there on one of the hosts already is not ours to take away again.
    for (const RuleToAssign& rule : rules) {
      const bool is_there = std::any_of(needs.begin(), needs.end(), [&](const PatchNeed& need) {
        return std::find(need.rules_there.begin(), need.rules_there.end(), rule.id) != need.rules_there.end();
      });
      if (!is_there) placed.rules.push_back(rule.id);
    }
    placed.key = planned.key;
    if (settings_.detect_first > Duration{0} && !placed.rules.empty()) DetectFirst(needs, planned, placed);
    into_.placed.push_back(std::move(placed));
    PointOutTypes(needs, planned);
    into_.actions.push_back(std::move(planned));
  }

  // Only what is new there is set to detect: what blocks already goes on.
  void DetectFirst(const std::vector<PatchNeed>& needs, PlannedAction& planned, PatchPlaced& placed) const {
    PatchPlaced::Detecting detecting;
    detecting.until = now_ + settings_.detect_first;
    detecting.rules = placed.rules;
    detecting.cases = planned.cases;
    for (const PatchNeed& need : needs) {
      detecting.patched.push_back(need.target);
      detecting.patched.back().host.tags = std::nullopt;
    }
    if (const auto* patches = planned.action.As<AssignPatches>()) {
      AssignPatches staged = *patches;
      staged.detect_first = placed.rules;
      planned.action = std::move(staged);
    } else if (const auto* child = planned.action.As<PatchInChildPolicy>()) {
      PatchInChildPolicy staged = *child;
      staged.detect_first = placed.rules;
      planned.action = std::move(staged);
    }
    planned.why.push_back("in detect mode for inspector.detect_first " + FormatDuration(settings_.detect_first));
    placed.detecting = std::move(detecting);
  }

  void AddSubject(std::string kind, std::string id, std::string summary) {
    OtherSubject subject;
    subject.kind = std::move(kind);
    subject.id = std::move(id);
    subject.name = policy_ && facts_.estate.FindPolicy(*policy_) != nullptr
                       ? Printable(facts_.estate.FindPolicy(*policy_)->policy.name, kShownPolicy)
                       : "";
    subject.found_in = "the findings of this window";
    subject.summary = std::move(summary);
    into_.subjects.push_back(std::move(subject));
  }

  // An application type that has no rule on a host yet: its ports are looked at for the first time.
  void PointOutTypes(const std::vector<PatchNeed>& needs, PlannedAction& planned) const {
    std::set<std::string> names;
    for (const PatchNeed& need : needs) {
      for (const PatchRule* rule : need.rules) {
        const auto& there = need.types_there;
        if (!rule->application_type) continue;
        if (std::find(there.begin(), there.end(), *rule->application_type) != there.end()) continue;
        const std::string name = facts_.catalog.TypeName(rule->application_type);
        names.insert(name.empty() ? std::to_string(*rule->application_type) : name);
      }
    }
    if (names.empty()) return;
    planned.why.push_back("application types without a rule on some of these hosts so far: " +
                          Listed({names.begin(), names.end()}, kNamed));
  }

  // Edge case I17: said, with what could go; whether it goes people decide.
  void PointOutRuleCounts() {
    std::vector<std::string> many;
    for (const PatchNeed& need : needs_) {
      if (!IsOverFull(need, settings_)) continue;
      std::string text = NameOf(need.target) + " (" + std::to_string(need.rules_there.size());
      const auto least = LeastNeeded(need.rules_there, facts_.rule_needs, facts_.catalog, kLeastNamed);
      for (std::size_t i = 0; i < least.size(); ++i) {
        text += (i == 0 ? "; of the lowest value, needed by no finding: " : ", ") + NameOfRule(*least[i]) + " (" +
                Printable(least[i]->severity, kShownSeverity) + ")";
      }
      many.push_back(text + ")");
    }
    if (many.empty()) return;
    Point("more than inspector.max_rules_per_host (" + std::to_string(settings_.max_rules_per_host) +
          ") intrusion prevention rules on " + Listed(many, kNamed));
  }

  // Edge case I19: rules arrive there and do nothing, whatever the policy says of the module.
  void PointOutOwnStates() {
    std::vector<std::string> names;
    for (const PatchNeed& need : needs_) {
      if (need.own_state.empty() || need.own_state == "prevent") continue;
      names.push_back(NameOf(need.target) + " (" + Printable(need.own_state, kShownState) + ")");
    }
    if (names.empty()) return;
    Point(
        "Intrusion Prevention does not prevent, set at the computer itself, so that a policy change does not reach "
        "it: " +
        Listed(names, kNamed));
  }

  std::optional<PolicyId> policy_;
  std::vector<PatchNeed> needs_;
  const PlacementFacts& facts_;
  const InspectorSettings& settings_;
  GateSettings gates_;
  TimePoint now_;
  Placements& into_;
};

}  // namespace

bool IsOverFull(const PatchNeed& need, const InspectorSettings& settings) {
  return need.rules_there.size() + need.rules.size() > static_cast<std::size_t>(settings.max_rules_per_host);
}

Placements PlacePatches(std::vector<PatchNeed> needs, const PlacementFacts& facts, const InspectorSettings& settings,
                        const GateSettings& gates, TimePoint now) {
  Placements placements;
  // By policy, in the order of their ids; those without a policy one by one.
  std::map<std::int32_t, std::vector<PatchNeed>> by_policy;
  std::vector<PatchNeed> alone;
  for (PatchNeed& need : needs) {
    if (need.policy) {
      by_policy[need.policy->value].push_back(std::move(need));
    } else {
      alone.push_back(std::move(need));
    }
  }
  for (auto& [policy, of_policy] : by_policy) {
    PlacementGroup(PolicyId{policy}, std::move(of_policy), facts, settings, gates, now, placements).Place();
  }
  if (!alone.empty()) PlacementGroup(std::nullopt, std::move(alone), facts, settings, gates, now, placements).Place();
  return placements;
}

}  // namespace sallyport
