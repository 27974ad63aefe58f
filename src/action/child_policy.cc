// SPDX-License-Identifier: Apache-2.0
#include "action/child_policy.h"

#include <algorithm>
#include <set>

#include "action/assign_patches.h"
#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::string_view kNameOfChildren = "Sallyport virtual patches of policy ";
constexpr std::size_t kNamedInChild = 3;
constexpr std::size_t kShownChildRule = 60;

void DescribeChildRule(Members& json, RuleToAssign& rule) {
  json("id", rule.id)("identifier", rule.identifier)("name", rule.name);
}

std::set<std::int32_t> IdsInChild(const PatchInChildPolicy& patches) {
  std::set<std::int32_t> ids;
  for (const RuleToAssign& rule : patches.rules) ids.insert(rule.id.value);
  return ids;
}

}  // namespace

std::string ChildPolicyName(PolicyId parent, std::string_view system) {
  return std::string(kNameOfChildren) + std::to_string(parent.value) + ", " + std::string(system);
}

bool IsChildPolicyName(std::string_view name) {
  return name.starts_with(kNameOfChildren);
}

std::string PatchInChildPolicy::Subject() const {
  return "a policy below policy " + std::to_string(parent.value);
}

std::string PatchInChildPolicy::Describe() const {
  std::vector<std::string> names;
  names.reserve(rules.size());
  for (const RuleToAssign& rule : rules) {
    names.push_back(rule.identifier.empty() ? std::to_string(rule.id.value)
                                            : Printable(rule.identifier, kShownChildRule));
  }
  return std::to_string(rules.size()) + (rules.size() == 1 ? " rule (" : " rules (") + Listed(names, kNamedInChild) +
         ") to policy `" + child + "` below policy " + std::to_string(parent.value) + " for " +
         Listed(cves, kNamedInChild) + ", and " + std::to_string(moved.size()) +
         (moved.size() == 1 ? " computer moved into it" : " computers moved into it") +
         (detect_first.empty() ? "" : "; in detect mode at first");
}

std::string PatchInChildPolicy::Undo() const {
  return "give these computers policy " + std::to_string(parent.value) + " again, and delete policy `" + child + "`";
}

Targets PatchInChildPolicy::Touches() const {
  if (!members.Known()) return members;
  Targets all = members;
  for (const Target& target : moved) {
    const bool known = std::any_of(all.hosts.begin(), all.hosts.end(),
                                   [&](const Target& one) { return one.computer == target.computer; });
    if (!known) all.hosts.push_back(target);
  }
  return all;
}

std::vector<Effect> PatchInChildPolicy::Effects() const {
  std::vector<Effect> effects;
  for (const RuleToAssign& rule : rules) {
    effects.push_back(
        {"intrusion prevention rule " + std::to_string(rule.id.value) + " at policy `" + child + "`", "assigned"});
  }
  for (const Target& target : moved) {
    effects.push_back({"policy of " + NameOf(target.computer), "`" + child + "`"});
  }
  return effects;
}

bool PatchInChildPolicy::SameDecision(const PatchInChildPolicy& now) const {
  return parent == now.parent && child == now.child && IdsInChild(*this) == IdsInChild(now);
}

void PatchInChildPolicy::DescribeJson(Members& json) {
  json("parent", parent)("child", child)("cves", cves)("own_engine", own_engine)("detect_first", detect_first)
      .List("rules", rules, DescribeChildRule);
  json.List("moved", moved, DescribePatched);
  if (json.Has("members_unknown", !members.Known())) {
    json("members_unknown", members.unknown);
  } else {
    json.List("members", members.hosts, DescribePatched);
  }
}

}  // namespace sallyport
