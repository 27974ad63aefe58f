// SPDX-License-Identifier: Apache-2.0
#include "action/prevent_patches.h"

#include "action/assign_patches.h"
#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kNamedToPrevent = 3;

}  // namespace

std::string PreventPatches::Describe() const {
  return "from detect to prevent: " + CountText(assigned.rules.size(), "intrusion prevention rule") + " (" +
         ListedRules(assigned) + ") of SWP " + swp::ToString(assigned.scope) + " against " +
         Listed(cves, kNamedToPrevent) + " on " + CountText(patched.size(), "host");
}

std::string PreventPatches::Undo() const {
  return "set each of these rules to detect-only at " + swp::ToString(assigned.scope);
}

std::vector<Effect> PreventPatches::Effects() const {
  std::vector<Effect> effects;
  for (const RuleToAssign& rule : assigned.rules) {
    effects.push_back(
        {"mode of intrusion prevention rule " + std::to_string(rule.id.value) + " at " + swp::ToString(assigned.scope),
         "prevent"});
  }
  return effects;
}

void PreventPatches::DescribeJson(Members& json) {
  assigned.DescribeJson(json);
  json("cves", cves)("own_engine", own_engine).List("patched", patched, DescribePatched);
}

}  // namespace sallyport
