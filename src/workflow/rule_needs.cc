// SPDX-License-Identifier: Apache-2.0
#include "workflow/rule_needs.h"

#include <algorithm>
#include <array>

namespace sallyport {
namespace {

// With all that it depends on, each once.
std::set<std::int32_t> WithAllBelow(const PatchRule& rule, const RuleCatalog& catalog) {
  std::set<std::int32_t> all = {rule.id.value};
  std::vector<const PatchRule*> to_look = {&rule};
  for (std::size_t i = 0; i < to_look.size(); ++i) {
    for (const RuleId below : to_look[i]->depends_on) {
      if (!all.insert(below.value).second) continue;
      if (const PatchRule* known = catalog.Find(below)) to_look.push_back(known);
    }
  }
  return all;
}

int RankOfSeverity(const std::string& severity) {
  constexpr std::array<std::string_view, 4> kWords = {"low", "medium", "high", "critical"};
  const auto* const found = std::find(kWords.begin(), kWords.end(), severity);
  // One that this version does not know counts as the highest.
  return static_cast<int>(found - kWords.begin());
}

}  // namespace

RuleNeeds::RuleNeeds(const PatchLedger& ledger, TimePoint now, Duration grace) : catalog_(ledger.catalog) {
  std::map<std::string, std::set<std::int32_t>> by_cve;
  for (const auto& [key, entry] : ledger.entries) {
    if (entry.closed_at && now - *entry.closed_at >= grace) continue;
    for (const std::string& cve : entry.finding.cves) {
      const auto [rules, is_new] = by_cve.try_emplace(cve);
      if (is_new) {
        for (const PatchRule* rule : catalog_.RulesFor(cve)) rules->second.merge(WithAllBelow(*rule, catalog_));
      }
      for (const std::int32_t rule : rules->second) instances_[rule].insert(entry.finding.host.instance.value);
    }
  }
}

bool RuleNeeds::IsNeeded(RuleId rule, const std::optional<std::set<std::string>>& instances) const {
  if (catalog_.Find(rule) == nullptr) return true;
  const auto needing = instances_.find(rule.value);
  if (needing == instances_.end()) return false;
  if (!instances) return true;
  return std::any_of(needing->second.begin(), needing->second.end(),
                     [&](const std::string& instance) { return instances->contains(instance); });
}

std::vector<RuleId> RuleNeeds::NeedlessOf(const PatchPlaced& change, std::int64_t window,
                                          const std::optional<std::set<std::string>>& instances) const {
  std::vector<std::pair<std::size_t, RuleId>> needless;
  for (const RuleId rule : change.rules) {
    const auto proposed = change.proposed.find(rule.value);
    if (proposed != change.proposed.end() && proposed->second != window) continue;
    if (IsNeeded(rule, instances)) continue;
    needless.emplace_back(WithAllBelow(*catalog_.Find(rule), catalog_).size(), rule);
  }
  // What depends on a rule has more below it than that rule has.
  std::stable_sort(needless.begin(), needless.end(),
                   [](const auto& one, const auto& other) { return one.first > other.first; });
  std::vector<RuleId> rules;
  rules.reserve(needless.size());
  for (const auto& [below, rule] : needless) rules.push_back(rule);
  return rules;
}

std::vector<const PatchRule*> LeastNeeded(const std::vector<RuleId>& there, const RuleNeeds& needs,
                                          const RuleCatalog& catalog, std::size_t most) {
  std::vector<const PatchRule*> least;
  for (const RuleId id : there) {
    if (!needs.IsNeeded(id, std::nullopt)) least.push_back(catalog.Find(id));
  }
  std::stable_sort(least.begin(), least.end(), [](const PatchRule* one, const PatchRule* other) {
    return RankOfSeverity(one->severity) < RankOfSeverity(other->severity);
  });
  if (least.size() > most) least.resize(most);
  return least;
}

}  // namespace sallyport
