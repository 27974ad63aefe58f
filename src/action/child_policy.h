// SPDX-License-Identifier: Apache-2.0
//
// Virtual patches in a policy of their own (setting `inspector.placement: child-policy`): a policy directly below that
// of the hosts, which inherits everything from it, gets the rules, and the computers that need them are moved into it.
// No other host of the policy is touched.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "action/assign_rules.h"

namespace sallyport {

// Policies of ours are known by their names: "Sallyport virtual patches of policy 12, Linux".
std::string ChildPolicyName(PolicyId parent, std::string_view system);
bool IsChildPolicyName(std::string_view name);

struct PatchInChildPolicy {
  static constexpr std::string_view kKind = "patch-in-child-policy";
  PolicyId parent;
  std::string child;                // its name; it is created where there is none of it directly below `parent`
  std::vector<RuleToAssign> rules;  // of intrusion prevention
  std::vector<std::string> cves;    // that they are for
  std::vector<Target> moved;        // the computers that are moved into it; the end is checked on each
  // The computers that are in it already: the rules reach them too. Read anew before anything is done.
  Targets members = {};
  // As AssignPatches has them.
  std::vector<ComputerId> own_engine{};
  std::vector<RuleId> detect_first{};
  bool operator==(const PatchInChildPolicy&) const = default;

  std::string What() const { return "virtual-patch"; }
  std::string Subject() const;
  std::string Describe() const;
  WritesTo Writes() const { return WritesTo::Swp(); }
  std::string Undo() const;
  const Host* About() const { return moved.empty() ? nullptr : &moved.front().host; }
  bool OwnerHears() const { return false; }
  Targets Touches() const;
  bool IsExclusive() const { return false; }
  std::vector<Effect> Effects() const;
  bool SameDecision(const PatchInChildPolicy& now) const;
  void DescribeJson(Members& json);
};

}  // namespace sallyport
