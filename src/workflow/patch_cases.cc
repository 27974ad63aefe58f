// SPDX-License-Identifier: Apache-2.0
#include "workflow/patch_cases.h"

#include <algorithm>
#include <map>

#include "base/bounds.h"
#include "workflow/patch_gather.h"

namespace sallyport {
namespace {

using Says = Plan::Says;

// The worse one stands further down.
enum class Standing { kEnded, kBlocked, kUnderWay, kLeft };

Standing StandingOfCve(const PatchEntry& entry, const std::string& cve) {
  if (!IsOpenFinding(entry)) return Standing::kEnded;
  const auto cover = entry.covers.find(cve);
  if (cover != entry.covers.end() && Prevents(cover->second.state)) return Standing::kBlocked;
  if (entry.excluded) return Standing::kUnderWay;
  return cover != entry.covers.end() && cover->second.planned ? Standing::kUnderWay : Standing::kLeft;
}

Says SaysOf(Standing standing) {
  switch (standing) {
    case Standing::kEnded:
      return Says::kSettled;
    case Standing::kBlocked:
      return Says::kCovered;
    case Standing::kUnderWay:
      return Says::kActive;
    case Standing::kLeft:
      break;
  }
  return Says::kNotBlocked;
}

std::string WordFor(Standing standing) {
  switch (standing) {
    case Standing::kEnded:
      return "settled";
    case Standing::kBlocked:
      return "covered";
    case Standing::kUnderWay:
      return "active";
    case Standing::kLeft:
      break;
  }
  return "not-blocked";
}

std::map<std::int64_t, Standing> StandingOfCases(const PatchLedger& ledger) {
  std::map<std::int64_t, Standing> all;
  for (const auto& [key, entry] : ledger.entries) {
    for (const auto& [cve, number] : entry.cases) {
      const Standing standing = StandingOfCve(entry, cve);
      const auto [known, is_new] = all.try_emplace(number, standing);
      if (!is_new) known->second = std::max(known->second, standing);
    }
  }
  return all;
}

}  // namespace

std::vector<std::pair<std::int64_t, Says>> SayOfPatchCases(const std::set<std::int64_t>& of_members,
                                                           PatchLedger& ledger) {
  const std::map<std::int64_t, Standing> all = StandingOfCases(ledger);
  std::erase_if(ledger.said, [&](const auto& one) { return !all.contains(one.first); });
  std::vector<std::pair<std::int64_t, Says>> said;
  const auto say = [&](std::int64_t number, Standing standing) {
    if (said.size() == bounds::kQuestionMembers) return;
    said.emplace_back(number, SaysOf(standing));
    ledger.said[number] = WordFor(standing);
  };
  for (const std::int64_t number : of_members) {
    const auto known = all.find(number);
    if (known != all.end()) say(number, known->second);
  }
  for (const auto& [number, standing] : all) {
    if (of_members.contains(number)) continue;
    const auto before = ledger.said.find(number);
    if (before == ledger.said.end() || before->second != WordFor(standing)) say(number, standing);
  }
  return said;
}

}  // namespace sallyport
