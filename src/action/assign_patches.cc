// SPDX-License-Identifier: Apache-2.0
#include "action/assign_patches.h"

#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kCvesNamed = 3;

std::string RuleCount(const AssignRules& assign) {
  return CountText(assign.rules.size(), std::string(swp::DisplayName(assign.module)) + " rule") + " (" +
         ListedRules(assign) + ")";
}

}  // namespace

std::string ListedRules(const AssignRules& assign) {
  constexpr std::size_t kNamed = 3;
  std::vector<std::string> names;
  names.reserve(assign.rules.size());
  for (const RuleToAssign& rule : assign.rules) {
    names.push_back(rule.identifier.empty() ? std::to_string(rule.id.value) : Printable(rule.identifier, 60));
  }
  return Listed(names, kNamed);
}

std::string AssignPatches::Describe() const {
  return RuleCount(assign) + " for SWP " + swp::ToString(assign.scope) + " against " + Listed(cves, kCvesNamed) +
         " on " + CountText(patched.size(), "host") + (detect_first.empty() ? "" : ", in detect mode at first");
}

void AssignPatches::DescribeJson(Members& json) {
  assign.DescribeJson(json);
  json("cves", cves)("own_engine", own_engine)("detect_first", detect_first).List("patched", patched, DescribePatched);
}

std::string UnassignPatches::Describe() const {
  return "removal of " + RuleCount(assigned) + " from SWP " + swp::ToString(assigned.scope) + ": " +
         Listed(cves, kCvesNamed) + (cves.size() == 1 ? " is" : " are") + " patched";
}

std::string UnassignPatches::Undo() const {
  return "assign these rules to " + swp::ToString(assigned.scope) + " again";
}

std::vector<Effect> UnassignPatches::Effects() const {
  std::vector<Effect> effects = assigned.Effects();
  for (Effect& effect : effects) effect.state = "not assigned";
  return effects;
}

void UnassignPatches::DescribeJson(Members& json) {
  assigned.DescribeJson(json);
  json("cves", cves);
}

void DescribePatched(Members& json, Target& target) {
  json("computer", target.computer)("account", target.host.account)("region", target.host.region);
  json("instance", target.host.instance.value)("name", target.host.name);
}

}  // namespace sallyport
