// SPDX-License-Identifier: Apache-2.0
#include "executor/actions/patch_rules.h"

#include "workflow/patch_estate.h"

namespace sallyport {

std::string TakeOutWhatIsGone(swp::Reads& reads, std::vector<RuleToAssign>& rules) {
  std::string gone;
  std::erase_if(rules, [&](const RuleToAssign& rule) {
    const auto read = reads.GetRule(swp::RuleModule::kIntrusionPrevention, rule.id);
    const bool is_gone = !read.ok() && read.error().code == ErrorCode::kNotFound;
    if (is_gone) gone += (gone.empty() ? "rule " : ", ") + std::to_string(rule.id.value);
    return is_gone;
  });
  return gone;
}

Result<std::vector<Target>> ReadTargetsInPages(swp::Reads& reads, PolicyId policy, std::size_t most) {
  PatchEstate estate;
  return estate.ReadTargets(reads, policy, most);
}

}  // namespace sallyport
