// SPDX-License-Identifier: Apache-2.0
#include "app/patches_verified.h"

#include <algorithm>
#include <map>

#include "action/assign_patches.h"
#include "action/child_policy.h"
#include "action/prevent_patches.h"
#include "base/bounds.h"
#include "base/json.h"

namespace sallyport {
namespace {

// Rules that a follow-up found preventing on one host, since then at the latest.
struct VerifiedRule {
  TimePoint at;
  CoverageState state;
  std::string where;
};
using VerifiedRules = std::map<std::int32_t, VerifiedRule>;
// Rules whose change was begun on one host and is not verified: when, and what the ledger says of it.
struct BegunRule {
  TimePoint at;
  std::string what;
};
using BegunRules = std::map<std::int32_t, BegunRule>;

class Verifications {
 public:
  Verifications(Ledger& ledger, const ActionKinds& kinds) : ledger_(ledger), kinds_(kinds) {}

  Status Read(const PatchPlaced& placed) {
    if (Status read = Read(placed.key); !read.ok()) return read;
    return placed.detecting && !placed.detecting->key.empty() ? Read(placed.detecting->key) : Ok();
  }

  const VerifiedRules& On(const std::string& instance) const { return At(by_instance_, instance); }
  const BegunRules& BegunOn(const std::string& instance) const { return At(begun_, instance); }

 private:
  Status Read(const std::string& key) {
    const auto record = ledger_.FindCarriedOut(key, ActionNumber{0});
    if (!record.ok()) return record.error();
    if (!record->has_value() || !MayHaveHappened((**record).state)) return Ok();
    const auto json = Json::Parse((**record).action.json, bounds::kAnswerBytes);
    if (!json.ok()) return json.error();
    const auto action = kinds_.Read(*json);
    if (!action.ok()) return action.error();
    const TimePoint at = (**record).changed_at;
    if ((**record).state != ActionState::kVerified) {
      AddBegun(*action, {at, std::string(ToString((**record).state)) + ": " + (**record).reason});
      return Ok();
    }
    if (const auto* patches = action->As<AssignPatches>()) {
      Add(patches->patched, patches->assign.rules, VerifiedAt(patches->assign.scope, at));
    }
    if (const auto* prevent = action->As<PreventPatches>())
      Add(prevent->patched, prevent->assigned.rules, VerifiedAt(prevent->assigned.scope, at));
    if (const auto* child = action->As<PatchInChildPolicy>()) {
      Add(child->moved, child->rules, {at, CoverageState::kByPolicy, "by policy `" + child->child + "`"});
    }
    return Ok();
  }

  template <class Rules>
  static const Rules& At(const std::map<std::string, Rules>& by_instance, const std::string& instance) {
    static const Rules none;
    const auto found = by_instance.find(instance);
    return found == by_instance.end() ? none : found->second;
  }

  void AddBegun(const Action& action, const BegunRule& begun) {
    const auto add = [&](const std::vector<Target>& hosts, const std::vector<RuleToAssign>& rules) {
      for (const Target& host : hosts) {
        for (const RuleToAssign& rule : rules) begun_[host.host.instance.value][rule.id.value] = begun;
      }
    };
    if (const auto* patches = action.As<AssignPatches>()) add(patches->patched, patches->assign.rules);
    if (const auto* prevent = action.As<PreventPatches>()) add(prevent->patched, prevent->assigned.rules);
    if (const auto* child = action.As<PatchInChildPolicy>()) add(child->moved, child->rules);
  }

  static VerifiedRule VerifiedAt(swp::Scope scope, TimePoint at) {
    const bool at_policy = scope.kind == swp::Scope::Kind::kPolicy;
    return {at, at_policy ? CoverageState::kByPolicy : CoverageState::kAtComputer,
            at_policy ? "by " + swp::ToString(scope) : "at the computer"};
  }

  void Add(const std::vector<Target>& hosts, const std::vector<RuleToAssign>& rules, const VerifiedRule& verified) {
    for (const Target& host : hosts) {
      for (const RuleToAssign& rule : rules) by_instance_[host.host.instance.value][rule.id.value] = verified;
    }
  }

  Ledger& ledger_;
  const ActionKinds& kinds_;
  std::map<std::string, VerifiedRules> by_instance_;
  std::map<std::string, BegunRules> begun_;
};

// Whether a rule would have been wanted on a host of that system (patch_coverage.cc sorts them out alike).
bool IsWanted(const PatchRule& rule, HostSystem system) {
  const bool fits =
      rule.system == HostSystem::kUndetermined || system == HostSystem::kUndetermined || rule.system == system;
  return fits && !rule.obsolete && !rule.detect_only && rule.configuration == NeedsConfiguration::kNo;
}

void ShowCover(const std::vector<const PatchRule*>& rules, HostSystem system, const VerifiedRules& verified,
               CveCover& cover) {
  const VerifiedRule* last = nullptr;
  std::vector<RuleId> added;
  std::string names;
  for (const PatchRule* rule : rules) {
    if (!IsWanted(*rule, system)) continue;
    const bool was_there = std::find(cover.rules.begin(), cover.rules.end(), rule->id) != cover.rules.end();
    // One that was there and did not block has to be seen to block.
    if (was_there && cover.state == CoverageState::kNotCovered) continue;
    const auto found = verified.find(rule->id.value);
    // All of them have to be there, and what was looked at later counts.
    if (found == verified.end() || found->second.at < cover.looked_at.value_or(TimePoint{})) return;
    if (last == nullptr || found->second.at > last->at) last = &found->second;
    if (!was_there) added.push_back(rule->id);
    names += (names.empty() ? "" : ", ") + NameOfRule(*rule);
  }
  if (last == nullptr) return;
  cover.state = last->state;
  cover.why = names + " " + last->where + ", verified at " + FormatTime(last->at);
  cover.rules.insert(cover.rules.end(), added.begin(), added.end());
  cover.since = last->at;
  cover.looked_at = last->at;
}

// What was begun since the last look and is not verified decides nothing about the cover, and its reader wants to know.
void ShowBegun(const std::vector<const PatchRule*>& rules, const BegunRules& begun, CveCover& cover) {
  const BegunRule* last = nullptr;
  std::string names;
  for (const PatchRule* rule : rules) {
    const auto found = begun.find(rule->id.value);
    if (found == begun.end() || found->second.at < cover.looked_at.value_or(TimePoint{})) continue;
    if (last == nullptr || found->second.at > last->at) last = &found->second;
    names += (names.empty() ? "" : ", ") + NameOfRule(*rule);
  }
  if (last == nullptr) return;
  cover.why += "; since then " + names + " (" + FormatTime(last->at) + "), not verified: " + last->what;
}

}  // namespace

Status ShowVerified(Ledger& ledger, const ActionKinds& kinds, PatchLedger& patches) {
  Status status = Ok();
  Verifications verifications(ledger, kinds);
  for (const PatchPlaced& placed : patches.placed) {
    if (const Status read = verifications.Read(placed); !read.ok() && status.ok()) status = read;
  }
  for (auto& [key, entry] : patches.entries) {
    if (entry.closed_at) continue;
    const std::string& instance = entry.finding.host.instance.value;
    for (auto& [cve, cover] : entry.covers) {
      if (cover.state != CoverageState::kNotCovered && cover.state != CoverageState::kNotPreventing) continue;
      const auto rules = patches.catalog.RulesFor(cve);
      ShowCover(rules, SystemOfPlatform(entry.finding.platform), verifications.On(instance), cover);
      if (!Prevents(cover.state)) ShowBegun(rules, verifications.BegunOn(instance), cover);
    }
  }
  return status;
}

}  // namespace sallyport
