// SPDX-License-Identifier: Apache-2.0
#include "workflow/patch_cases.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

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

struct Word {
  Says says;
  std::string_view word;  // in the patch ledger
};

// By Standing.
constexpr std::array<Word, 4> kWords = {{
    {Says::kSettled, "settled"},
    {Says::kCovered, "covered"},
    {Says::kActive, "active"},
    {Says::kNotBlocked, "not-blocked"},
}};
static_assert(kWords.size() == static_cast<std::size_t>(Standing::kLeft) + 1);

const Word& WordOf(Standing standing) {
  return kWords.at(static_cast<std::size_t>(standing));
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
    said.emplace_back(number, WordOf(standing).says);
    ledger.said[number] = WordOf(standing).word;
  };
  for (const std::int64_t number : of_members) {
    const auto known = all.find(number);
    if (known != all.end()) say(number, known->second);
  }
  for (const auto& [number, standing] : all) {
    if (of_members.contains(number)) continue;
    const auto before = ledger.said.find(number);
    if (before == ledger.said.end() || before->second != WordOf(standing).word) say(number, standing);
  }
  return said;
}

}  // namespace sallyport
